"""The skills that a customer's words name: making them needs of the job, or saying that they are not meant."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.model import RUNGS, Requirement, skill_needs
from skillmatch.workspace import JobView
from skillmatch_web.addresses import workspace
from skillmatch_web.named import Named
from skillmatch_web.pages.job import render_job
from skillmatch_web.sight import sight

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
            raise Invalid(f"“{self.level[:20]}” is no level: choose one of the list")
        return Requirement(self.skill, None if self.level == ANY_LEVEL else float(self.level))


@blueprint.get("/jobs/<id:job>/needs")
def show(job: str) -> str:
    """Show the job, whose page has the form."""
    return render_job(job)


@blueprint.post("/jobs/<id:job>/needs")
def send(job: str) -> tuple[str, int] | Response:
    """Make a skill a need of the job, or keep that its words do not name it, as the button says."""
    view = workspace().job(job)
    wish = Wish(*(request.form.get(name, "") for name in ("skill", "level", "seen")))
    try:
        said = _reject(view, wish) if request.form.get("do") == "not" else _need(view, wish)
    except (Conflict, Invalid, NotFound) as error:
        named = replace(Named.of_job(workspace().job(job)), problem=str(error), of=wish.skill, level=wish.level)
        return render_job(job, named=named), 409 if isinstance(error, Conflict) else 400
    flash(said)
    return redirect(url_for("job.show", job=job), 303)


def _reject(view: JobView, wish: Wish) -> str:
    workspace().judge_link(view.job.text, wish.skill, accepted=False, by=sight().account.signature)
    return f"{_name(wish.skill)} is not suggested for these words any more."


def _need(view: JobView, wish: Wish) -> str:
    asked = wish.requirement
    already = next((need for need in skill_needs(view.needs) if need.skill == wish.skill), None)
    if already is not None:
        return f"{_name(wish.skill)} is needed already: nothing was changed."
    workspace().set_requirements(view.job.id, (*view.needs, asked), seen=wish.seen)
    level = "" if asked.level is None else f" at level {asked.level:g}, {RUNGS[int(asked.level)]}"
    copied = ""
    if view.inherited and view.type is not None:
        count = f"{len(view.needs)} need{'' if len(view.needs) == 1 else 's'}"
        copied = (
            f" The {count} of its type {view.type.name} stay, as the job's own from now on: what is later changed in "
            "the type does not reach this job."
        )
    return f"This job needs {_name(wish.skill)} now{level}.{copied}"


def _name(skill: str) -> str:
    return workspace().names().get(skill, skill)
