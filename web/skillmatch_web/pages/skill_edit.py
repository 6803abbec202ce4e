"""Changing a skill and its links, for administrators: on top of what was seen, and with a way back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.model import Skill
from skillmatch.workspace import ChangedMeanwhile, Edited, Relation
from skillmatch_web import saying
from skillmatch_web.addresses import workspace
from skillmatch_web.errors import sentence
from skillmatch_web.languages import gettext as _
from skillmatch_web.named_skill import skill_named
from skillmatch_web.sight import sight
from skillmatch_web.skill_form import SkillForm
from skillmatch_web.skill_words import FIELDS, HEADINGS, KINDS, TO_CHOOSE, strength

blueprint = Blueprint("skill_edit", __name__)

NO_LINK = {"other": "", "relation": "", "weight": "1"}
LARGEST_REVISION = 10**15


@blueprint.get("/skills/<skill:skill>/edit")
def show(skill: str) -> str | Response:
    """Show the forms."""
    found = workspace().skill_editing.look(skill)
    if found.skill.id != skill:
        return redirect(url_for("skill_edit.show", skill=found.skill.id))
    return _page(found.skill, SkillForm.of(found.skill), found.revision)


def _page(
    skill: Skill,
    form: SkillForm,
    revision: int,
    *,
    changes: Sequence[Any] = (),
    link: dict[str, str] | None = None,
    problems: dict[str, str] | None = None,
    other_places: Sequence[Skill] = (),
) -> str:
    around = workspace().skillbook.around(skill.id)
    shown = workspace().skillbook.skill(skill.id)
    return render_template(
        "skill_edit.html",
        skill=skill,
        form=form,
        revision=revision,
        changes=changes,
        fields=FIELDS,
        kinds=KINDS,
        stated={relation: around[relation] for relation in TO_CHOOSE if around[relation]},
        headings=HEADINGS,
        to_choose=TO_CHOOSE,
        strength=strength,
        link={**NO_LINK, **(link or {})},
        problems=problems or {},
        candidates=other_places,
        by_merges=[name for name in shown.alt_names if name not in skill.alt_names],
    )


def _seen() -> int:
    """Return the revision that a form was made at, or raise Invalid."""
    text = request.form.get("seen", "")
    if not (text.isascii() and text.isdecimal()) or int(text) > LARGEST_REVISION:
        raise Invalid(_("this form was damaged on its way: open the page again"))
    return int(text)


@blueprint.post("/skills/<skill:skill>/edit")
def save(skill: str) -> Response | tuple[str, int]:
    """Change the skill itself."""
    editing, form = workspace().skill_editing, SkillForm.sent(request.form)
    now = editing.look(skill)
    if form.problems:
        return _page(now.skill, form, _seen()), 400
    try:
        done = editing.save(form.skill(now.skill), seen=_seen(), by=sight().account)
    except ChangedMeanwhile as error:
        return _page(error.now, form, editing.look(skill).revision, changes=error.changes), 409
    except Invalid as error:
        return _page(now.skill, form.wrong("name", sentence(error)), _seen()), 400
    if done.skill == now.skill:
        saying.done(_("Nothing was changed: it is as it was."))
    else:
        _say(_("%(name)s is changed.", name=done.skill.name), done)
    return redirect(url_for("graph.show", skill=done.skill.id), 303)


def _say(text: str, done: Edited) -> None:
    """Say what was done, and what it did to what is believed, with a way back."""
    more = _("Skills share otherwise now: everybody's levels were calculated anew.") if done.everybody else ""
    undo = url_for("skill_edit.undo", skill=done.skill.id)
    saying.done(f"{text} {more}".strip(), undo=undo, fields={"revision": str(done.revision)})


@blueprint.get("/skills/<skill:skill>/links")
def back(skill: str) -> Response:
    """Lead back to the forms whoever reloads the answer to one."""
    return redirect(url_for("skill_edit.show", skill=skill))


@blueprint.post("/skills/<skill:skill>/links")
def link(skill: str) -> Response | tuple[str, int]:
    """Add a link, change how strong it is, or remove it."""
    typed = {name: request.form.get(name, "").strip() for name in NO_LINK}
    problems: dict[str, str] = {}
    weight = _weight(typed["weight"], removing="remove" in request.form)
    if typed["relation"] not in TO_CHOOSE:
        problems["relation"] = _("Choose how the other skill stands to this one.")
    if weight is None:
        problems["weight"] = _("A number above 0, up to 1: 1 is as good as the same, 0.2 a little.")
    other, candidates = skill_named(typed["other"])
    if other is None:
        problems["other"] = _one_of(candidates) if candidates else _not_there(typed["other"])
    found = workspace().skill_editing.look(skill)
    if problems or other is None or weight is None:
        return _wrong(found.skill, found.revision, typed, problems, candidates)
    try:
        done = workspace().skill_editing.link(
            skill, Relation(typed["relation"]), other.id, weight=weight, seen=_seen(), by=sight().account
        )
    except (Invalid, Conflict) as error:
        return _wrong(found.skill, found.revision, typed, {"other": sentence(error)}, ())
    words = {"name": done.skill.name, "other": other.name}
    if weight:
        _say(_("%(name)s and %(other)s are linked.", **words), done)
    else:
        _say(_("%(name)s and %(other)s are no longer linked.", **words), done)
    return redirect(url_for("skill_edit.show", skill=done.skill.id), 303)


def _wrong(
    skill: Skill, revision: int, typed: dict[str, str], problems: dict[str, str], candidates: Sequence[Skill]
) -> tuple[str, int]:
    form = SkillForm.of(skill)
    return _page(skill, form, revision, link=typed, problems=problems, other_places=candidates), 400


def _weight(text: str, *, removing: bool) -> float | None:
    if removing:
        return 0.0
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        return None
    return found if 0.0 < found <= 1.0 else None


def _not_there(text: str) -> str:
    if not text:
        return _("Type the name of the other skill, or a part of it.")
    return _("There is no skill “%(text)s”: type a part of its name, or add it as a new skill first.", text=text)


def _one_of(candidates: Sequence[Skill]) -> str:
    return _("Several skills may be meant. Choose one of them, or type more of its name.")


@blueprint.post("/skills/<skill:skill>/undo")
def undo(skill: str) -> Response:
    """Take back what one write changed."""
    text = request.form.get("revision", "")
    where = url_for("graph.show", skill=skill)
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text) <= LARGEST_REVISION:
        saying.done(_("This button was damaged on its way: nothing was taken back."))
        return redirect(where, 303)
    try:
        done = workspace().skill_editing.undo(skill, int(text), by=sight().account)
    except (Invalid, Conflict, NotFound) as error:
        saying.done(sentence(error))
    else:
        saying.done(_("Taken back: %(name)s is as it was before.", name=done.skill.name))
    return redirect(where, 303)
