"""A plan that was made: what it changes, who does what when, applying it, taking it back, locking what must stay."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch.errors import Conflict
from skillmatch.wording import said_again
from skillmatch.workspace import PLAN_NOTES
from skillmatch_web import saying
from skillmatch_web.addresses import workspace
from skillmatch_web.languages import N_, _, ngettext
from skillmatch_web.paging import Paging, page_asked_for
from skillmatch_web.plan_drawing import Scale, clock, drawn
from skillmatch_web.plan_form import MODES, PlanForm
from skillmatch_web.sight import ANOTHER_TEAM, sight
from skillmatch_web.words import sentence

blueprint = Blueprint("planned", __name__)

PAGE_SIZE, MOST_CHANGES, MOST_LEFT, MOST_NOTES = 25, 40, 40, 20
CHANGES = {
    "dropped": N_("called off"),
    "handed over": N_("other worker"),
    "moved": N_("other time"),
    "new": N_("new"),
    "kept": N_("stays"),
    "other": N_("not part of this plan"),
}
LEFT_OUT = {
    "nobody_allowed": N_("A hard rule stops everybody."),
    "crew_too_small": N_("There are not enough people for the crew."),
    "no_time": N_("Nobody who may do it has time, even without other jobs."),
    "better_used": N_("Whoever may do it is worth more on other jobs."),
    "no_gain": N_("Doing it would cost more than it brings."),
}
PLAN = re.compile("[0-9a-f]{16}")


@blueprint.get("/plan/<plan>")
def show(plan: str) -> str | Response:
    """Show a plan beside the day as it is."""
    return _page(plan)


@blueprint.post("/plan/<plan>/apply")
def apply(plan: str) -> Response | tuple[str | Response, int]:
    """Promise what the plan says, all of it or nothing."""
    try:
        done = workspace().apply_kept_plan(plan, by=sight().account)
    except Conflict as error:
        kept = workspace().kept_plan(plan)
        if kept.holds and kept.applied_by == sight().account.signature:  # the button was pressed twice
            return _back(plan)
        return _page(plan, trouble=sentence(error)), 409
    text = ngettext(
        "The plan is applied: %(num)s visit changed.", "The plan is applied: %(num)s visits changed.", done.booked
    )
    saying.done(text, undo=url_for("planned.undo", plan=plan, **_asked()))
    return _back(plan)


@blueprint.post("/plan/<plan>/undo")
def undo(plan: str) -> Response | tuple[str | Response, int]:
    """Make every booking again what it was before the plan was applied."""
    try:
        count = workspace().undo_plan(plan, by=sight().account)
    except Conflict as error:
        if workspace().kept_plan(plan).undone is not None:  # the button was pressed twice
            return _back(plan)
        return _page(plan, trouble=sentence(error)), 409
    text = ngettext(
        "The plan is taken back: %(num)s booking is as it was.",
        "The plan is taken back: %(num)s bookings are as they were.",
        count,
    )
    saying.done(text)
    return _back(plan)


@blueprint.get("/plan/<plan>/apply")
@blueprint.get("/plan/<plan>/undo")
def back(plan: str) -> Response:
    """Lead back to the page that has the forms."""
    return _back(plan)


@blueprint.post("/jobs/<id:job>/lock")
def lock(job: str) -> Response:
    """Let no plan move what is promised for a job, or let plans move it again."""
    locked, plan = request.form.get("locked") != "0", request.form.get("plan", "")
    workspace().job(job)  # one that is not there is no page
    people = {worker.id: worker for worker in workspace().workers()}
    own = workspace().bookings(job)
    try:
        if not all(sight().sees(people.get(one.worker)) for one in own):
            raise Conflict(_("it is promised to %(who)s", who=_(ANOTHER_TEAM)))
        workspace().lock_job(job, locked=locked, by=sight().account)
    except Conflict as error:
        flash(_("Nothing was changed: %(why)s.", why=error.args[0]))
    else:
        text = _("%(job)s is locked: no plan moves it.", job=job)
        if not locked:
            text = _("%(job)s is no longer locked: plans may move it.", job=job)
        fields = {"locked": "0" if locked else "1", "plan": plan}
        saying.done(text, undo=url_for("planned.lock", job=job, **_asked()), fields=fields)
    return _back(plan) if PLAN.fullmatch(plan) else redirect(url_for("job.show", job=job), 303)


def _asked() -> dict[str, Any]:
    """Return what the address of a plan says besides the plan."""
    return {name: request.args[name][:20] for name in ("mode", "seconds", "page") if name in request.args}


def _back(plan: str) -> Response:
    return redirect(url_for("planned.show", plan=plan, **_asked()), 303)


def _page(plan: str, *, trouble: str = "") -> str | Response:
    found = workspace().shown_plan(plan)
    paging = Paging(page_asked_for(), PAGE_SIZE, len(found.lines))
    if paging.page > paging.pages:
        return redirect(url_for("planned.show", plan=plan, **{**_asked(), "page": paging.pages}))
    scale = Scale.of(found.lines)
    people = workspace().workers()
    changes = [one for one in found.differences if one.change != "kept"]
    form = PlanForm.of_plan(found.kept, request.args)
    return render_template(
        "planned.html",
        found=found,
        kept=found.kept,
        preview=found.kept.preview,
        notes=[said_again(note, PLAN_NOTES) for note in found.kept.preview.notes[:MOST_NOTES]],
        trouble=trouble,
        lines=[drawn(line, scale) for line in found.lines[paging.first - 1 : paging.last]],
        hours=scale.hours(),
        paging=paging,
        asked=form.kept,
        form=form,
        modes=MODES,
        changes=changes[:MOST_CHANGES],
        more_changes=len(changes) - MOST_CHANGES,
        left=found.kept.preview.left_out[:MOST_LEFT],
        more_left=len(found.kept.preview.left_out) - MOST_LEFT,
        all_changes=len(changes),
        stays=len(found.differences) - len(changes),
        said=CHANGES,
        reasons=LEFT_OUT,
        policies=workspace().policies(),
        names=sight().names(people),
        seen={worker.id for worker in people if sight().sees(worker)},
        locked={stop.job for line in found.lines for stop in line.stops if stop.locked},
        time=clock,
        clock=workspace().zone,
    )
