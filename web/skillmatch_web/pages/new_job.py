"""A new job, for somebody on the telephone."""

from __future__ import annotations

import re
from dataclasses import replace
from secrets import choice

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.model import Job
from skillmatch_web import saying
from skillmatch_web.addresses import today, workspace
from skillmatch_web.job_draft import OWN, Draft, Read, read
from skillmatch_web.job_form import render_job_form
from skillmatch_web.languages import _
from skillmatch_web.need_rows import rows_of
from skillmatch_web.sight import sight

blueprint = Blueprint("new_job", __name__)

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Signs that nobody takes for another when a number is read out on the telephone."""


@blueprint.get("/jobs/new")
def show() -> str:
    """Show the empty form."""
    return render_job_form(Draft(), fresh=fresh_id())


@blueprint.post("/jobs/new")
def send() -> str | tuple[str, int] | Response:
    """Keep a new job once, however often its form is sent."""
    draft, id = Draft.of_form(request.form), request.form.get("id", "")
    if not re.fullmatch(rf"\d{{6}}-[{SIGNS}]{{5}}", id, re.ASCII):
        id = fresh_id()
    do = request.form.get("do", "save")
    if do != "save":
        return render_job_form(
            _other_form(draft, do), fresh=id, found=_looked(draft, do), blank=3 if do == "row" else 1
        )
    found = read(draft, blank_job(id), (), asked_site="site" in request.form)
    if found.job is None:
        return render_job_form(draft, fresh=id, found=found), 400
    try:
        made = workspace().new_job(found.job, by=sight().account)
    except (Conflict, Invalid, NotFound) as error:
        again = fresh_id() if isinstance(error, Conflict) else id
        return render_job_form(draft, fresh=again, found=Read(None, {"": str(error)})), 400
    if made:
        saying.done(_("The job is written down as %(id)s.", id=id), undo=url_for("edit.cancel", job=id))
    else:
        saying.done(_("This job was written down already. It counts once."))
    return redirect(url_for("job.show", job=id), 303)


def _other_form(draft: Draft, do: str) -> Draft:
    types = {type.id: type for type in workspace().job_types()}
    if do == "own":
        needs = types[draft.type].requirements if draft.type in types else ()
        return replace(draft, needs=OWN, rows=rows_of(needs, workspace().names()))
    return replace(draft, needs="type", rows=()) if do == "type" else draft


def _looked(draft: Draft, do: str) -> Read | None:
    """Return whom and what the customer's name means, where the button asks for it, without other complaints."""
    if do != "look":
        return None
    found = read(draft, blank_job("looked"), (), asked_site="site" in request.form)
    errors = {name: text for name, text in found.errors.items() if name in ("customer", "site")}
    return replace(found, job=None, errors=errors)


def blank_job(id: str) -> Job:
    """Return a job of which nothing is known yet."""
    return Job(id, "", created=workspace().now())


def fresh_id() -> str:
    """Return an id that is easy to read out: the day and five signs drawn at random."""
    return f"{today():%y%m%d}-{''.join(choice(SIGNS) for _number in range(5))}"
