"""Finishing a job on the phone: how it ended, what was used, a note for the site; and taking that back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch.errors import Conflict, Invalid, NotAllowed, NotFound
from skillmatch.model import Booking, Worker
from skillmatch.workspace import JobOutcome, JobView, Standing
from skillmatch_web import places, saying
from skillmatch_web.addresses import workspace
from skillmatch_web.candidates import asked_policy
from skillmatch_web.causes import diagnosis_of, skills_offered
from skillmatch_web.errors import sentence
from skillmatch_web.finish_form import STEP, FinishForm, usual
from skillmatch_web.languages import _
from skillmatch_web.pages.outcome import Before
from skillmatch_web.sight import sight
from skillmatch_web.words import RESULTS

blueprint = Blueprint("finish", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.get("/jobs/<id:job>/finish")
def show(job: str) -> Answer:
    """Show the form to whoever is promised to the job, and to those who send people."""
    view = workspace().job(job)
    sent = _sent(job)
    if not sent:
        flash(_not_promised())
        return redirect(url_for("job.show", job=job), 303)
    asked = request.args.get("worker", "")
    chosen = asked if asked in sent else next(iter(sent))
    form = FinishForm.opened(view, worker=chosen, minutes=sent[chosen].minutes)
    return _page(view, form, sent)


@blueprint.post("/jobs/<id:job>/finish")
def record(job: str) -> Answer:
    """Record what the form says, once, however often it is sent."""
    view, sent, form = workspace().job(job), _sent(job), FinishForm()
    form.other.data = ""  # it is a field of another form
    if "step" in request.form:
        form.step(request.form["step"])
        return _page(view, form, sent)
    _check(form, sent)
    if not form.validate() or form.errors:
        return _page(view, form, sent), 400
    return _finish(view, form, sent)


def _sent(job: str) -> dict[str, Booking]:
    """Return who is promised to a job and may be recorded, by id: to a worker, herself alone."""
    promised = {one.worker: one for one in workspace().bookings(job)}
    return {id: one for id, one in promised.items() if sight().sees(workspace().worker(id))}


def _not_promised() -> str:
    if sight().dispatches:
        return _("Nobody whom you see is assigned to this job. Record below how it ended, for anybody.")
    return _("This job is not assigned to you now. Call the office if you worked on it.")


def _check(form: FinishForm, sent: dict[str, Booking]) -> None:
    """Forget a choice of somebody who cannot be meant, so that it is asked for again."""
    own = None if sight().dispatches else sight().account.worker
    # Her own form may come again after she was called off: whether it counts is told by its key.
    if form.worker.data not in {*sent, own}:
        form.worker.data = ""


def _finish(view: JobView, form: FinishForm, sent: dict[str, Booking]) -> Answer:
    fact = JobOutcome(
        id=str(form.token.data),
        worker=str(form.worker.data),
        time=workspace().now(),
        job=view.job.id,
        result=form.chosen_result(),
        minutes=form.chosen_minutes(),
        note=(form.note.data or "").strip(),
        cause=form.chosen_cause(),
        used=form.used_in(view),
    )
    try:
        before = Before.of(fact, asked_policy().name)
        done = workspace().finishing.finish(
            fact, form.left_note(view.job.site, view.job.asset), seen=str(form.seen.data), by=sight().account
        )
    except (NotFound, Invalid, NotAllowed) as error:
        form.token.errors = [sentence(error)]
        return _page(view, form, sent), 400
    except Conflict as error:
        view = workspace().job(view.job.id)
        form.see(view)
        advice = _("Look at what is on record above. If yours happened as well, send it again.")
        form.token.errors = [sentence(error), advice]
        return _page(view, form, sent), 409
    if done.standing is Standing.USED:
        form.renew()
        form.see(workspace().job(view.job.id))
        form.token.errors = [_("This form was used already. If what you see here happened as well, send it again.")]
        return _page(view, form, sent), 400
    if done.standing is Standing.KNOWN:
        flash(_("This was recorded already. It counts once: sending it again changed nothing."))
    else:
        before.remember()
        saying.done(_said(form, view), undo=_address("finish.undo", fact))
    return redirect(_address("outcome.show", fact), 303)


def _address(endpoint: str, fact: JobOutcome) -> str:
    return url_for(endpoint, job=fact.job, source=fact.source, id=fact.id)


def _said(form: FinishForm, view: JobView) -> str:
    text = _("Recorded: %(result)s.", result=_(RESULTS[form.chosen_result()]))
    if form.left_note(view.job.site, view.job.asset) is not None:
        text = _("%(text)s Your note for the site is kept.", text=text)
    return text


@blueprint.post("/jobs/<id:job>/finish/<id:source>/<id:id>/undo")
def undo(job: str, source: str, id: str) -> Response:
    """Take an outcome back that one has just recorded."""
    try:
        changed = workspace().finishing.take_back(job, source, id, by=sight().account)
    except NotAllowed as error:
        flash(sentence(error))
        return redirect(url_for("outcome.show", job=job, source=source, id=id), 303)
    if changed:
        flash(_("Taken back. Nothing is recorded, and the job is as it was before."))
    else:
        flash(_("This was taken back already."))
    if _sent(job):
        return redirect(url_for("finish.show", job=job), 303)
    return redirect(url_for("job.show", job=job) if sight().dispatches else url_for("today.show"), 303)


def _page(view: JobView, form: FinishForm, sent: dict[str, Booking]) -> str:
    people = places.everybody()
    found = diagnosis_of(view, asked_policy().name) if sight().dispatches else None
    ticked = tuple(form.used.data or ())
    offered = tuple(dict.fromkeys((*usual(view), *skills_offered(view, found), *ticked)))
    return render_template(
        "finish.html",
        view=view,
        form=form,
        sent=[people.get(id) or Worker(id, id) for id in sent],
        listed=workspace().causes_of(view.job.type),
        offered_skills=offered,
        outcomes=[(one, sight().called(people[one.worker])) for one in view.outcomes if one.worker in people],
        names=workspace().names(),
        results=RESULTS,
        step=STEP,
        tells=sight().dispatches,
        kinds=places.KINDS,
    )
