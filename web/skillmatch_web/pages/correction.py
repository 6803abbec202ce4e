"""Putting right what was recorded of how a job ended: a correction under the same key, or taking it back."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.workspace import JobOutcome
from skillmatch_web import saying
from skillmatch_web.addresses import workspace
from skillmatch_web.causes import skills_offered
from skillmatch_web.languages import _
from skillmatch_web.outcome_form import OutcomeForm
from skillmatch_web.pages.outcome import chosen_worker
from skillmatch_web.sight import outcome_of, sight
from skillmatch_web.words import RESULTS

blueprint = Blueprint("correction", __name__)

KEY = "/jobs/<id:job>/outcomes/<id:source>/<id:id>"


@blueprint.get(f"{KEY}/correct")
def show(job: str, source: str, id: str) -> str:
    """Show an outcome as a form."""
    outcome = _outcome(job, source, id)
    return render(outcome, form_of(outcome))


@blueprint.post(f"{KEY}/correct")
def send(job: str, source: str, id: str) -> str | tuple[str, int] | Response:
    """Record what was typed in place of what was recorded before."""
    form, outcome = OutcomeForm(), _outcome(job, source, id)
    worker = chosen_worker(form) if form.validate() else None
    if worker is None:
        return render(outcome, form), 400
    fact = replace(
        outcome,
        worker=worker,
        result=form.chosen_result(),
        minutes=form.chosen_minutes(),
        note=(form.note.data or "").strip(),
        cause=form.chosen_cause(),
        used=outcome.used if _same_skills(form, outcome) else form.chosen_skills(),
    )
    if fact == outcome:
        saying.done(_("It says so already: nothing was changed."))
        return _to(outcome)
    if request.form.get("seen") != digest(outcome):
        return render(outcome, form, moved=True), 409
    try:
        workspace().correct_outcome(fact, seen=outcome, by=sight().account)
    except Conflict:
        now = outcome_of(job, outcome.key)
        return render(now or outcome, form, moved=True), 409
    except (Invalid, NotFound) as error:
        form.worker.errors = [str(error)]
        return render(outcome, form), 400
    back = url_for("correction.undo", job=job, source=source, id=id)
    saying.done(_("Corrected."), undo=back, fields={"seen": digest(fact)})
    return _to(fact)


@blueprint.post(f"{KEY}/undo")
def undo(job: str, source: str, id: str) -> Response:
    """Record again what stood before the last correction."""
    outcome = _outcome(job, source, id)
    former = workspace().former_outcome(outcome)
    if former is None:
        flash(_("This was never corrected: there is nothing to take back."))
        return _to(outcome)
    if not _says(outcome, request.form.get("seen", "")) or not sight().sees(workspace().worker(former.worker)):
        flash(_("This was changed again since, and not by you: look at what is recorded now."))
        return _to(outcome)
    try:
        workspace().correct_outcome(former, seen=outcome, by=sight().account)
    except (Conflict, Invalid, NotFound) as error:
        flash(str(error))
        return _to(outcome)
    saying.done(_("The correction is taken back."))
    return _to(former)


@blueprint.post(f"{KEY}/take-back")
def take_back(job: str, source: str, id: str) -> Response:
    """Let an outcome no longer count."""
    outcome = _outcome(job, source, id)
    try:
        workspace().take_back_outcome(outcome, by=sight().account)
    except Conflict:  # somebody else was faster
        return redirect(url_for("job.show", job=job), 303)
    said = _("Taken back: “%(result)s” does not count any more.", result=_(RESULTS[outcome.result]))
    saying.done(said, undo=url_for("correction.put_back", job=job), fields={"source": source, "id": id})
    return redirect(url_for("job.show", job=job), 303)


@blueprint.post("/jobs/<id:job>/put-back")
def put_back(job: str) -> Response:
    """Let an outcome count again that was taken back."""
    source, id = request.form.get("source", ""), request.form.get("id", "")
    former = workspace().taken_back(job, (source, id))
    if former is None or not sight().sees(workspace().worker(former.worker)):
        flash(_("There is no such outcome to put back: look at what is recorded of the job."))
        return redirect(url_for("job.show", job=job), 303)
    again = workspace().put_back_outcome(job, (source, id), by=sight().account)
    saying.done(_("It counts again."))
    return _to(again)


def _outcome(job: str, source: str, id: str) -> JobOutcome:
    outcome = outcome_of(job, (source, id))
    assert outcome is not None, "checked on admission"
    return outcome


def _to(outcome: JobOutcome) -> Response:
    return redirect(url_for("outcome.show", job=outcome.job, source=outcome.source, id=outcome.id), 303)


def digest(outcome: JobOutcome) -> str:
    """Return a short text that is another one as soon as an outcome says something else."""
    skills = tuple(demand.skill for demand in outcome.used)
    said = (outcome.worker, outcome.result.value, outcome.minutes, outcome.note, outcome.cause, skills)
    return sha256(repr(said).encode()).hexdigest()[:32]


def _says(outcome: JobOutcome, seen: str) -> bool:
    return digest(outcome) == seen


def _same_skills(form: OutcomeForm, outcome: JobOutcome) -> bool:
    """Return whether the skills are those that were noted, whose levels are then kept."""
    return list(dict.fromkeys(form.used.data or ())) == [demand.skill for demand in outcome.used]


def form_of(outcome: JobOutcome) -> OutcomeForm:
    """Return the form with what was recorded."""
    form = OutcomeForm.fresh(outcome.worker)
    form.result.data = outcome.result
    form.minutes.data = "" if outcome.minutes is None else f"{outcome.minutes:g}"
    form.note.data = outcome.note
    form.used.data = [demand.skill for demand in outcome.used]
    listed = workspace().causes_of(workspace().job(outcome.job).job.type)
    (form.cause if outcome.cause in listed else form.other_cause).data = outcome.cause or ""
    return form


def render(outcome: JobOutcome, form: OutcomeForm, *, moved: bool = False) -> str:
    """Return the page with the form of an outcome; with `moved`, told that somebody else has changed it."""
    view, names = workspace().job(outcome.job), workspace().names()
    people = {worker.id: worker for worker in sight().workers()[0]}
    chosen = [outcome.worker, str(form.worker.data or "")]
    offered = [(id, people[id].name) for id in dict.fromkeys(chosen) if id in people]
    used = [demand.skill for demand in outcome.used]
    return render_template(
        "correct.html",
        view=view,
        outcome=outcome,
        form=form,
        seen=digest(outcome),
        moved=moved,
        recorded_by=workspace().recorded_by(outcome) if moved else "",
        offered=offered,
        results=RESULTS,
        listed=workspace().causes_of(view.job.type),
        offered_skills=list(dict.fromkeys((*used, *skills_offered(view, None)))),
        names=names,
        worker=people.get(outcome.worker),
    )
