"""Changing a job and what it needs, on top of what was seen; cancelling it; and taking back what was done to it."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch_web import saying
from skillmatch_web.addresses import workspace
from skillmatch_web.job_draft import OF_TYPE, OWN, Draft, Read, read
from skillmatch_web.job_form import Meanwhile, render_job_form
from skillmatch_web.languages import _
from skillmatch_web.need_rows import rows_of
from skillmatch_web.sight import sight

blueprint = Blueprint("edit", __name__)


@blueprint.get("/jobs/<id:job>/needs")
def show(job: str) -> str:
    """Show a job as a form."""
    version = workspace().job_version(job)
    return render_job_form(Draft.of(version.view), version=version)


@blueprint.post("/jobs/<id:job>/needs")
def send(job: str) -> str | tuple[str, int] | Response:
    """Save a job, or change only the form, as the button says."""
    version, draft = workspace().job_version(job), Draft.of_form(request.form)
    do, seen = request.form.get("do", "save"), _number(request.form.get("seen", ""))
    if do != "save":
        return render_job_form(_other_form(draft, do, job), version=version, seen=seen, blank=3 if do == "row" else 1)
    return _save(job, draft, seen)


def _other_form(draft: Draft, do: str, job: str) -> Draft:
    """Return what a button makes of the form without saving anything."""
    if do == "own":
        view = workspace().job_version(job).view
        types = {type.id: type for type in workspace().job_types()}
        needs = types[draft.type].requirements if draft.type in types else view.needs
        return replace(draft, needs=OWN, rows=rows_of(needs, workspace().names()))
    return replace(draft, needs=OF_TYPE, rows=()) if do == "type" else draft


def _save(job: str, draft: Draft, seen: int) -> str | tuple[str, int] | Response:
    version = workspace().job_version(job)
    if seen != version.revision:
        if not draft.differing(Draft.of(version.view)):
            saying.done(_("This was saved already. Sending it again changed nothing."))
            return redirect(url_for("job.show", job=job), 303)
        meanwhile = Meanwhile.of(job, draft, version, seen)
        return render_job_form(meanwhile.merged, version=version, meanwhile=meanwhile), 409
    before = version.view.type.requirements if version.view.type else ()
    found = read(draft, version.view.job, (*version.view.needs, *before), asked_site="site" in request.form)
    if found.job is None:
        return render_job_form(draft, version=version, found=found), 400
    try:
        revision = workspace().edit_job(found.job, seen=seen, by=sight().account)
    except Conflict as error:
        if workspace().job_version(job).revision != seen:
            return _save(job, draft, seen)
        return render_job_form(draft, version=version, found=Read(None, {"": str(error)})), 409
    except (Invalid, NotFound) as error:
        return render_job_form(draft, version=version, found=Read(None, {"": str(error)})), 400
    if revision:
        saying.done(_("Saved."), undo=url_for("edit.take_back", job=job), fields={"revision": str(revision)})
    else:
        saying.done(_("Nothing was different: nothing was changed."))
    return redirect(url_for("job.show", job=job), 303)


@blueprint.post("/jobs/<id:job>/cancel")
def cancel(job: str) -> Response:
    """Cancel a job and call off whoever is promised; sent again, it changes nothing."""
    try:
        revision = workspace().cancel_job(job, by=sight().account)
    except Conflict as error:
        flash(_sentence(error))
    else:
        said = _("The job is cancelled, and whoever was promised is called off.")
        saying.done(said, undo=url_for("edit.take_back", job=job), fields={"revision": str(revision)})
    return redirect(url_for("job.show", job=job), 303)


@blueprint.post("/jobs/<id:job>/take-back")
def take_back(job: str) -> Response:
    """Make a job, and who is promised to it, what they were before a write."""
    try:
        workspace().take_back(job, _number(request.form.get("revision", "")), by=sight().account)
    except Conflict as error:
        flash(_sentence(error))
    else:
        saying.done(_("Taken back: all is as it was before."))
    return redirect(url_for("job.show", job=job), 303)


def _sentence(error: Exception) -> str:
    text = str(error)
    return text[:1].upper() + text[1:] + "."


def _number(text: str) -> int:
    """Return the number of a write; 0, which never was one, for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
