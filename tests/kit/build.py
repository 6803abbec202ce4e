"""Builders of facts and small companies: every argument has a default, a test names only what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count

from skillmatch.beliefs.evidence import Demand, Evidence, JobOutcome, Result, SelfReport, day_number
from skillmatch.beliefs.filter import fold
from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.table import BeliefTable
from skillmatch.matching.view import Roster, View
from skillmatch.model import Certification, Customer, Need, Requirement, Worker

START = datetime(2026, 1, 1, 8, tzinfo=UTC)
_numbers = count()


def at(days: float) -> datetime:
    """Return the time so many days after the start of 2026."""
    return START + timedelta(days=days)


def outcome(
    worker: str = "anna",
    skill: str | Sequence[Demand] = "refrigeration",
    *,
    days: float = 0.0,
    result: Result = Result.FIRST_TIME_FIX,
    level: float | None = None,
    job: str = "j1",
    job_type: str | None = None,
    id: str | None = None,
) -> JobOutcome:
    """Return the outcome of a job that drew on one skill, or on the demands given."""
    demands = (Demand(skill, level),) if isinstance(skill, str) else tuple(skill)
    return JobOutcome(
        id=id or f"o{next(_numbers):06}",
        worker=worker,
        time=at(days),
        source="test",
        job=job,
        result=result,
        demands=demands,
        job_type=job_type,
    )


def self_report(
    worker: str = "anna",
    skill: str = "refrigeration",
    *,
    level: float = 3.0,
    days: float = 0.0,
    id: str | None = None,
) -> SelfReport:
    """Return a worker's own statement of a level."""
    return SelfReport(
        id=id or f"s{next(_numbers):06}", worker=worker, time=at(days), source="test", skill=skill, level=level
    )


def view(
    facts: Sequence[Evidence] = (),
    *,
    workers: Sequence[Worker] = (),
    certifications: Mapping[str, list[Certification]] | None = None,
    needs: Sequence[Need] = (Requirement("refrigeration"),),
    day: date | None = None,
    days: float = 100.0,
    job_type: str | None = None,
    customer: Customer | None = None,
    params: BeliefParams | None = None,
) -> View:
    """Return a job seen over workers whose beliefs come from `facts`."""
    table = BeliefTable(params or BeliefParams())
    roster = Roster(table)
    roster.put_workers(list(workers))
    for worker in sorted({fact.worker for fact in facts}):
        own = sorted((fact for fact in facts if fact.worker == worker), key=lambda fact: fact.order)
        table.put_state(fold(worker, own, table.params))
    roster.put_workers([Worker(id, id.title()) for id in table.workers if id not in roster.workers])
    for worker, held in (certifications or {}).items():
        roster.put_certifications(worker, held)
    moment = at(days)
    return View(table, roster, tuple(needs), day or moment.date(), day_number(moment), job_type, customer)
