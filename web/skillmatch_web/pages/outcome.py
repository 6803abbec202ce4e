"""Recording how a job ended, and what that changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from flask import Blueprint, flash, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.model import Worker
from skillmatch.workspace import Candidate, JobOutcome
from skillmatch_web import saying
from skillmatch_web.addresses import workspace
from skillmatch_web.candidates import asked_policy
from skillmatch_web.drawing import interval
from skillmatch_web.languages import _
from skillmatch_web.outcome_form import OutcomeForm
from skillmatch_web.pages.job import render_job
from skillmatch_web.people import find_workers, nobody
from skillmatch_web.sight import outcome_of, sight
from skillmatch_web.words import RESULTS

blueprint = Blueprint("outcome", __name__)

SHOWN = 3
BEFORE = "before"
SAID = ("worker", "result", "minutes", "note", "cause")
MOST_OF_A_NAME = 100
"""Browsers keep no more than 4 kB in a cookie."""

_one_at_a_time = Lock()
"""A double click sends two requests at once; the second must see what the first has recorded."""


@dataclass(frozen=True, slots=True)
class Before:
    """What was said of the worker just before the outcome with this key, and who was `first`; kept in the session."""

    key: tuple[str, str]
    chance: float
    low: float
    high: float
    rank: int | None
    first: str | None

    @classmethod
    def of(cls, fact: JobOutcome, policy: str) -> Before:
        """Return what is said now, before the fact is recorded."""
        candidate = explained(fact, policy)
        best = workspace().rank(fact.job, policy=policy, limit=1, teams=sight().teams).candidates
        first = best[0].worker.name[:MOST_OF_A_NAME] if best else None
        return cls(fact.key, candidate.chance, candidate.low, candidate.high, candidate.rank, first)

    def remember(self) -> None:
        """Keep it until the next outcome."""
        session[BEFORE] = [*self.key, self.chance, self.low, self.high, self.rank, self.first]

    @classmethod
    def recall(cls, key: tuple[str, str]) -> Before | None:
        """Return what is remembered of the outcome with this key."""
        kept = session.get(BEFORE)
        return cls(key, *kept[2:]) if kept and tuple(kept[:2]) == key else None


def explained(fact: JobOutcome, policy: str) -> Candidate:
    """Return who was sent as a candidate for the job, among the teams whose workers are seen where she is of one."""
    worker, teams = workspace().worker(fact.worker), sight().teams
    among = teams if worker is not None and worker.team in teams else ()
    return workspace().explain(fact.job, fact.worker, policy=policy, teams=among)


@blueprint.get("/jobs/<id:job>/outcome")
def back(job: str) -> Response:
    """Lead back to the form, which is part of the job's page."""
    return redirect(url_for("job.show", job=job))


@blueprint.post("/jobs/<id:job>/outcome")
def record(job: str) -> tuple[str, int] | Response:
    """Record an outcome once, however often its form is sent."""
    form = OutcomeForm()
    worker = chosen_worker(form) if form.validate() else None
    if worker is None:
        return render_job(job, form=form), 400
    fact = JobOutcome(
        id=str(form.token.data),
        worker=worker,
        time=workspace().now(),
        job=job,
        result=form.chosen_result(),
        minutes=form.chosen_minutes(),
        note=(form.note.data or "").strip(),
        cause=form.chosen_cause(),
        used=form.chosen_skills(),
    )
    with _one_at_a_time:
        accepted = _record_once(fact, form)
    if not accepted:
        return render_job(job, form=form), 400
    return redirect(url_for("outcome.show", job=job, source=fact.source, id=fact.id, policy=asked_policy().name), 303)


def chosen_worker(form: OutcomeForm) -> str | None:
    """Return the id of who was sent, or None after saying at the field why it is not clear."""
    seen, _others = sight().workers()
    if form.worker.data:
        return _seen(form, str(form.worker.data), seen)
    typed = str(form.other.data).strip()
    found = find_workers(seen, typed)
    if len(found) == 1:
        return found[0].id
    if found:
        several = ", ".join(f"{worker.name} ({worker.id})" for worker in found[:5])
        if len(found) > 5:
            several = _("%(names)s and %(count)s more", names=several, count=len(found) - 5)
        form.other.errors = [_("“%(name)s” may be %(several)s: type the id.", name=typed, several=several)]
    else:
        form.other.errors = [nobody(seen, typed)]
    return None


def _seen(form: OutcomeForm, id: str, seen: Sequence[Worker]) -> str | None:
    known = [worker.id for worker in seen]
    if id in known:
        return id
    form.worker.errors = [str(NotFound.named("worker", id, known))]
    return None


def _record_once(fact: JobOutcome, form: OutcomeForm) -> bool:
    """Record a fact unless its form was used; return whether it stands now, after saying in the form why not."""
    earlier = next((one for one in workspace().job(fact.job).outcomes if one.key == fact.key), None)
    if earlier is None:
        return _record(fact, form)
    if _says_the_same(earlier, fact):
        flash(_("This was recorded already. It counts once: sending it again changed nothing."))
        return True
    form.renew()
    form.token.errors = [
        _(
            "This form was used already: it recorded “%(result)s” for %(worker)s. "
            "Nothing more was recorded. If what you see here happened as well, send it again.",
            result=RESULTS[earlier.result],
            worker=earlier.worker,
        )
    ]
    return False


def _record(fact: JobOutcome, form: OutcomeForm) -> bool:
    try:
        before = Before.of(fact, asked_policy().name)
        workspace().record(fact, by=sight().account)
    except (NotFound, Invalid, Conflict) as error:
        form.worker.errors = [str(error)]
        return False
    before.remember()
    undo = url_for("correction.take_back", job=fact.job, source=fact.source, id=fact.id)
    saying.done(_("Recorded."), undo=undo)
    return True


def _says_the_same(earlier: JobOutcome, fact: JobOutcome) -> bool:
    skills = [[demand.skill for demand in one.used] for one in (earlier, fact)]  # levels are filled in when it is kept
    same = all(getattr(earlier, name) == getattr(fact, name) for name in SAID)
    return same and skills[0] == skills[1]


@blueprint.get("/jobs/<id:job>/outcomes/<id:source>/<id:id>")
def show(job: str, source: str, id: str) -> str:
    """Show an outcome and what it changed: the levels of the worker, her chance at this job, who is first now."""
    outcome = outcome_of(job, (source, id))
    assert outcome is not None, "checked on admission"
    dispatches, teams = sight().dispatches, sight().teams
    profile = workspace().profile(outcome.worker)
    policy = asked_policy()
    return render_template(
        "outcome.html",
        view=workspace().job(job),
        outcome=outcome,
        recorded_by=workspace().recorded_by(outcome),
        worker=profile.worker,
        result=RESULTS[outcome.result],
        effects=[effect for effect in profile.effects if effect.evidence.key == outcome.key],
        before=Before.recall(outcome.key),
        after=explained(outcome, policy.name),
        ranking=workspace().rank(job, policy=policy.name, limit=SHOWN, teams=teams) if dispatches else None,
        policy=policy,
        names=workspace().names(),
        interval=interval,
    )
