"""The skills that a customer's words name: making them needs of the job, or saying that they are not meant."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.model import RUNGS, JobType, Requirement, skill_needs
from skillmatch.wording import said
from skillmatch.workspace import JobView
from skillmatch_web.addresses import workspace
from skillmatch_web.languages import _, ngettext
from skillmatch_web.named import Named
from skillmatch_web.pages.job import render_job
from skillmatch_web.sight import sight
from skillmatch_web.words import at_level

blueprint = Blueprint("named", __name__)

ANY_LEVEL = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """A skill that a job is to need, the level as chosen, and the digest of the needs that were seen."""

    skill: str
    level: str
    seen: str

    @property
    def requirement(self) -> Requirement:
        """What is asked for; raises Invalid for what is no level."""
        if self.level != ANY_LEVEL and self.level not in map(str, range(1, len(RUNGS))):
            raise Invalid(said("“{level}” is no level: choose one of the list", level=self.level[:20]))
        return Requirement(self.skill, None if self.level == ANY_LEVEL else float(self.level))


@blueprint.get("/jobs/<id:job>/named")
def show(job: str) -> str:
    """Show the job, whose page has the form."""
    return render_job(job)


@blueprint.post("/jobs/<id:job>/named")
def send(job: str) -> tuple[str, int] | Response:
    """Make a skill a need of the job, or keep that its words do not name it, as the button says."""
    view = workspace().job(job)
    wish = Wish(*(request.form.get(name, "") for name in ("skill", "level", "seen")))
    try:
        told = _reject(view, wish) if request.form.get("do") == "not" else _need(view, wish)
    except (Conflict, Invalid, NotFound) as error:
        named = replace(Named.of_job(workspace().job(job)), problem=str(error), of=wish.skill, level=wish.level)
        return render_job(job, named=named), 409 if isinstance(error, Conflict) else 400
    flash(told)
    return redirect(url_for("job.show", job=job), 303)


def _reject(view: JobView, wish: Wish) -> str:
    workspace().judge_link(view.job.text, wish.skill, accepted=False, by=sight().account.signature)
    return _("%(skill)s is not suggested for these words any more.", skill=_name(wish.skill))


def _need(view: JobView, wish: Wish) -> str:
    asked = wish.requirement
    already = next((need for need in skill_needs(view.needs) if need.skill == wish.skill), None)
    if already is not None:
        return _("%(skill)s is needed already: nothing was changed.", skill=_name(wish.skill))
    workspace().set_requirements(view.job.id, (*view.needs, asked), seen=wish.seen)
    if asked.level is None:
        told = _("This job needs %(skill)s now.", skill=_name(wish.skill))
    else:
        told = _("This job needs %(skill)s now at %(level)s.", skill=_name(wish.skill), level=at_level(asked.level))
    return f"{told} {_copied(view, view.type)}" if view.inherited and view.type is not None else told


def _copied(view: JobView, type: JobType) -> str:
    return ngettext(
        "The %(num)s need of its type %(type)s stays, as the job's own from now on: what is later changed in the type "
        "does not reach this job.",
        "The %(num)s needs of its type %(type)s stay, as the job's own from now on: what is later changed in the type "
        "does not reach this job.",
        len(view.needs),
        type=type.name,
    )


def _name(skill: str) -> str:
    return workspace().names().get(skill, skill)
