"""One decision: what was shown, who was chosen, whether it comes out again, and choosing somebody."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch.workspace import Replay
from skillmatch_web import saying
from skillmatch_web.addresses import workspace
from skillmatch_web.assigning import AssignForm, Attempt, assign_once
from skillmatch_web.languages import N_, _
from skillmatch_web.pages.job import render_job
from skillmatch_web.sight import sight

blueprint = Blueprint("decision", __name__)

FIGURES = {
    "rank": N_("rank"),
    "score": N_("score"),
    "chance": N_("chance"),
    "low": N_("lowest chance"),
    "high": N_("highest chance"),
}


@dataclass(frozen=True, slots=True)
class Changed:
    """A number of one worker's row that comes out otherwise: as it was shown and as it is now, to the last bit."""

    worker: str
    what: str
    then: str
    now: str


@blueprint.get("/decisions/<int:number>")
def show(number: int) -> str:
    """Show what was kept of a decision; with `replay`, also whether it comes out again."""
    replay = workspace().replay(number) if "replay" in request.args else None
    decision, everybody = workspace().decision(number), workspace().workers()
    seen = {worker.id for worker in everybody if sight().sees(worker)}
    policies = workspace().policies()
    return render_template(
        "decision.html",
        decision=decision,
        view=workspace().job(decision.job),
        replay=replay,
        changed=[one for one in differences(replay) if one.worker in seen] if replay else (),
        policy_label=policies[decision.policy].label if decision.policy in policies else decision.policy,
        people=sight().names(everybody),
    )


@blueprint.get("/decisions/<int:number>/assign")
def back(number: int) -> Response:
    """Lead back to the job, whose page has the form."""
    return redirect(url_for("job.show", job=workspace().decision(number).job))


@blueprint.post("/decisions/<int:number>/assign")
def assign(number: int) -> tuple[str, int] | Response:
    """Promise a worker to the job of a decision, however often the form is sent, or say why not."""
    form, decision = AssignForm(), workspace().decision(number)
    found = assign_once(number, form)
    if isinstance(found, Attempt):
        return render_job(decision.job, attempt=found), 400 if found.problem else 409
    name = next(worker.name for worker in workspace().workers() if worker.id == form.worker.data)
    if found:
        undo = url_for("edit.take_back", job=decision.job)
        saying.done(_("%(name)s is assigned.", name=name), undo=undo, fields={"revision": str(found)})
    else:
        saying.done(_("%(name)s is assigned already. Sending the form again changed nothing.", name=name))
    return redirect(url_for("job.show", job=decision.job, policy=decision.policy), 303)


def differences(replay: Replay) -> tuple[Changed, ...]:
    """Return each number of a replayed decision that differs from what was shown."""
    now = {one.worker.id: one for one in (*replay.ranking.candidates, *replay.ranking.near)}
    then = {one.worker: one for one in replay.decision.shown}
    found = []
    for worker in dict.fromkeys((*then, *now)):
        for what, words in FIGURES.items():
            was, is_now = (_figure(rows.get(worker), what) for rows in (then, now))
            if was != is_now:
                found.append(Changed(worker, words, was, is_now))
    return tuple(found)


def _figure(row: object, what: str) -> str:
    """Return a number to the last bit."""
    if row is None:
        return _("not shown")
    value = getattr(row, what)
    return _("near match") if value is None else repr(value)
