"""Adding a skill, for administrators."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch.errors import Conflict, Invalid
from skillmatch.model import Skill, SkillKind
from skillmatch.workspace import id_for
from skillmatch_web import saying
from skillmatch_web.addresses import workspace
from skillmatch_web.errors import sentence
from skillmatch_web.languages import gettext as _
from skillmatch_web.sight import sight
from skillmatch_web.skill_form import SkillForm
from skillmatch_web.skill_words import KINDS

blueprint = Blueprint("new_skill", __name__)

NOTHING = {"name": "", "kind": str(SkillKind.TECHNICAL), "description": "", "half_life": "", "alt_names": ""}


@blueprint.get("/skills/new")
def show() -> str:
    """Show the form; a name that was searched for in vain stands in it already."""
    name = request.args.get("name", "").strip()[:200]
    return _page(SkillForm({**NOTHING, "name": name}))


def _page(form: SkillForm, same: Skill | None = None) -> str:
    return render_template("new_skill.html", form=form, kinds=KINDS, same=same)


@blueprint.post("/skills/new")
def add() -> Response | tuple[str, int]:
    """Add a skill, once however often the form is sent."""
    form = SkillForm.sent(request.form)
    if form.problems:
        return _page(form), 400
    known = workspace().names()
    skill = form.skill(Skill(id_for(form.typed["name"], set(known)), form.typed["name"]))
    try:
        done = workspace().skill_editing.add(skill, by=sight().account)
    except Conflict as error:
        same = next((id for id, name in known.items() if name.casefold() == skill.name.casefold()), None)
        there = workspace().skillbook.skill(same) if same else None
        if there is not None and SkillForm.of(there).typed == form.typed:
            saying.done(_("%(name)s was added already: once is enough.", name=there.name))
            return redirect(url_for("graph.show", skill=there.id), 303)
        return _page(form.wrong("name", sentence(error)), there), 409
    except Invalid as error:
        return _page(form.wrong("name", sentence(error))), 400
    saying.done(
        _(
            "%(name)s is added. Link it to other skills, so that what people can do there counts here.",
            name=done.skill.name,
        )
    )
    return redirect(url_for("skill_edit.show", skill=done.skill.id) + "#links", 303)
