"""Skills that may be one under two names: proposals, merging, taking apart, and saying that they are two."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch_web import saying
from skillmatch_web.addresses import workspace
from skillmatch_web.errors import sentence
from skillmatch_web.languages import gettext as _
from skillmatch_web.languages import ngettext
from skillmatch_web.paging import Paging, page_asked_for
from skillmatch_web.sight import sight

blueprint = Blueprint("duplicates", __name__)

PAGE_SIZE, EXAMPLES = 10, 3
LONGEST_REASON = 300


@blueprint.get("/skills/duplicates")
def show() -> str | Response:
    """Show the surest proposals, and what was decided before."""
    everything = workspace().duplicates(limit=1000)
    paging = Paging(page_asked_for(), PAGE_SIZE, len(everything))
    if paging.page > paging.pages:
        return redirect(url_for("duplicates.show", page=paging.pages))
    found = everything[paging.first - 1 : paging.last]
    decided = workspace().merges()
    return render_template(
        "duplicates.html",
        proposals=[(one, _side(one.skill.id), _side(one.into.id)) for one in found],
        paging=paging,
        holding=[one for one in decided if not one.merge.undone],
        apart=[one for one in decided if one.merge.undone][:50],
    )


def _side(skill: str) -> dict[str, Any]:
    """Return what is on record of one of two skills: people with evidence, some of them, and open jobs."""
    book, sees = workspace().skillbook, sight().sees
    people = book.practising(skill, sees=sees)
    asked = book.demand(skill, sees=sees).open
    return {"people": people, "jobs": asked, "examples": people[:EXAMPLES], "some": asked[:EXAMPLES]}


def _sent() -> tuple[str, str, dict[str, Any]]:
    by = sight().account
    reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
    return (
        request.form.get("skill", ""),
        request.form.get("into", ""),
        {"by": by.signature, "reason": reason, "account": by},
    )


def _back() -> Response:
    return redirect(url_for("duplicates.show"), 303)


@blueprint.post("/skills/duplicates/merge")
def merge() -> Response:
    """Make two skills one; `into` stays."""
    skill, into, more = _sent()
    if request.form.get("keep") == skill:
        skill, into = into, skill
    try:
        effect = workspace().merge_skills(skill, into, **more)
    except (Conflict, Invalid, NotFound) as error:
        saying.done(sentence(error))
        return _back()
    moved = ngettext("%(num)s fact moved with it", "%(num)s facts moved with it", effect.facts)
    text = _(
        "%(skill)s is %(into)s from now on; %(moved)s.", skill=effect.skill.name, into=effect.into.name, moved=moved
    )
    saying.done(text, undo=url_for("duplicates.unmerge"), fields={"skill": skill})
    return _back()


@blueprint.post("/skills/duplicates/unmerge")
def unmerge() -> Response:
    """Take a merged skill out again."""
    skill, _into, more = _sent()
    try:
        effect = workspace().unmerge(skill, **more)
    except (Conflict, Invalid, NotFound) as error:
        saying.done(sentence(error))
    else:
        saying.done(_("%(skill)s and %(into)s are two again.", skill=effect.skill.name, into=effect.into.name))
    return _back()


@blueprint.post("/skills/duplicates/apart")
def apart() -> Response:
    """Keep that two skills are two."""
    skill, into, more = _sent()
    try:
        workspace().distinct(skill, into, **more)
    except (Conflict, Invalid, NotFound) as error:
        saying.done(sentence(error))
        return _back()
    names = workspace().names()
    text = _("%(one)s and %(other)s are two, and not proposed again.", one=names[skill], other=names[into])
    saying.done(text, undo=url_for("duplicates.again"), fields={"skill": skill, "into": into})
    return _back()


@blueprint.post("/skills/duplicates/again")
def again() -> Response:
    """Take back that two skills are two."""
    skill, into, more = _sent()
    try:
        workspace().propose_again(skill, into, account=more["account"])
    except NotFound as error:
        saying.done(sentence(error))
    else:
        saying.done(_("Taken back: the two may be proposed again."))
    return _back()
