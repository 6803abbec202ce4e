"""Builders of facts and small companies: every argument has a default, a test names only what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import count

from skillmatch.beliefs.evidence import (
    Assessment,
    CertificationGranted,
    CertificationRevoked,
    CustomerRating,
    Endorsement,
    Evidence,
    ExemptionGranted,
    JobDeclined,
    JobOutcome,
    LearningWish,
    SelfReport,
    TrainingCompleted,
    day_number,
)
from skillmatch.beliefs.filter import fold
from skillmatch.beliefs.observation import Demand, Result
from skillmatch.beliefs.params import BeliefParams, Difficulty, Exposure, Loading, SkillEffect
from skillmatch.beliefs.table import BeliefTable
from skillmatch.matching.circumstances import Circumstances
from skillmatch.matching.roster import Roster
from skillmatch.matching.view import View
from skillmatch.model import Booking, Certification, Customer, Leave, Need, Requirement, Shift, Worker, ways

START = datetime(2026, 1, 1, 8, tzinfo=UTC)
_numbers = count()

RICH = BeliefParams(
    version=7,
    general_var=0.28,
    family_var=0.22,
    learned_var=0.17,
    skill_var=0.41,
    half_life_days=700.0,
    half_lives={"controls": 90.0},
    loadings={
        "refrigeration": (Loading("family:cooling", 0.9), Loading("circle:controls", 0.5)),
        "controls": (Loading("family:cooling", 0.6), Loading("family:power", 0.8), Loading("circle:controls", 0.9)),
        "hydraulics": (Loading("circle:controls", 0.3),),
        "lifts": (Loading("family:power", 1.0),),
    },
    exposures={
        "refrigeration": Exposure(0.55, 0.6),
        "controls": Exposure(0.2, 0.3),
        "hydraulics": Exposure(-1.0, 0.1),
        "welding": Exposure(0.1, 1.0),
    },
    recent_days=25.0,
    lasting_days=200.0,
    practice_of_failure=0.2,
    base=0.8,
    reference=1.3,
    logit_per_level=0.7,
    average_level=2.2,
    cuts=(-0.5, 0.9),
    instance_var=0.2,
    grip=0.35,
    pace_noise=0.15,
    paces={"hard": Difficulty(-0.2, 0.02), "no estimate: hard": Difficulty(-4.2, 0.03)},
    leniencies={"manager:mona": 0.4},
    weights=(0.6, -0.3, 0.2, 0.15, -0.05, -0.3, 1.2, 0.25, 0.4, 0.8),
    skills={"refrigeration": SkillEffect(0.4, 0.1, -0.2), "lifts": SkillEffect(-0.2, 0.05, 0.1)},
    slope=1.1,
    shift=-0.05,
    spread=1.6,
    difficulties={"hard": Difficulty(0.7, 0.05), "easy": Difficulty(-0.6, 0.02)},
    customers={"bakery": Difficulty(0.3, 0.02)},
    sites={"roof": Difficulty(0.2, 0.01)},
    fitted_on=999,
)
"""Parameters of which none that matters stands at its default: "welding" shares nothing, "hydraulics" only a circle."""


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
    customer: str | None = None,
    site: str | None = None,
    minutes: float | None = None,
    estimate: float | None = None,
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
        customer=customer,
        site=site,
        minutes=minutes,
        estimate=estimate,
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


def assessment(
    worker: str = "anna",
    skill: str = "refrigeration",
    *,
    level: float = 3.0,
    days: float = 0.0,
    rater: str = "mona",
    id: str | None = None,
) -> Assessment:
    """Return what a manager states of a worker's level."""
    id = id or f"a{next(_numbers):06}"
    return Assessment(id=id, worker=worker, time=at(days), source="test", skill=skill, level=level, rater=rater)


def endorsement(
    worker: str = "anna",
    skill: str = "refrigeration",
    *,
    level: float = 3.0,
    days: float = 0.0,
    rater: str = "ben",
    id: str | None = None,
) -> Endorsement:
    """Return what a peer states of a worker's level."""
    id = id or f"p{next(_numbers):06}"
    return Endorsement(id=id, worker=worker, time=at(days), source="test", skill=skill, level=level, rater=rater)


def rating(
    worker: str = "anna",
    skill: str | Sequence[Demand] = "refrigeration",
    *,
    stars: float = 4.0,
    days: float = 0.0,
    customer: str | None = "bakery",
    id: str | None = None,
) -> CustomerRating:
    """Return how many stars a customer gave for a job that drew on one skill, or on the demands given."""
    demands = (Demand(skill),) if isinstance(skill, str) else tuple(skill)
    return CustomerRating(
        id=id or f"r{next(_numbers):06}",
        worker=worker,
        time=at(days),
        source="test",
        job="j1",
        stars=stars,
        customer=customer,
        demands=demands,
    )


def training(
    worker: str = "anna",
    skill: str = "refrigeration",
    *,
    level: float = 2.0,
    days: float = 0.0,
    id: str | None = None,
) -> TrainingCompleted:
    """Return a course that was finished."""
    return TrainingCompleted(
        id=id or f"t{next(_numbers):06}", worker=worker, time=at(days), source="test", skill=skill, level=level
    )


def exam(
    worker: str = "anna",
    skill: str | None = "refrigeration",
    *,
    level: float = 3.0,
    days: float = 0.0,
    id: str | None = None,
) -> CertificationGranted:
    """Return an exam that was passed; without a skill it says nothing of ability."""
    return CertificationGranted(
        id=id or f"c{next(_numbers):06}",
        worker=worker,
        time=at(days),
        source="test",
        type="F-GAS",
        issued=at(days).date(),
        skill=skill,
        level=level if skill else None,
    )


def revocation(
    worker: str = "anna", type: str = "F-GAS", *, days: float = 0.0, until: date | None = None, id: str | None = None
) -> CertificationRevoked:
    """Return that a worker's certifications of a type no longer count."""
    id = id or f"k{next(_numbers):06}"
    return CertificationRevoked(id=id, worker=worker, time=at(days), source="test", type=type, until=until)


def exemption(
    worker: str = "anna", type: str = "F-GAS", *, days: float = 0.0, until: date = date(2027, 1, 1)
) -> ExemptionGranted:
    """Return that a worker may do without a certification of a type for a while."""
    id = f"x{next(_numbers):06}"
    return ExemptionGranted(
        id=id, worker=worker, time=at(days), source="test", type=type, until=until, granted_by="mona"
    )


def refusal(worker: str = "anna", job: str = "j1", *, days: float = 0.0) -> JobDeclined:
    """Return that a worker refused a job."""
    return JobDeclined(id=f"d{next(_numbers):06}", worker=worker, time=at(days), source="test", job=job)


def wish(worker: str = "anna", skill: str = "refrigeration", *, days: float = 0.0, active: bool = True) -> LearningWish:
    """Return that a worker wishes to learn a skill, or no longer does."""
    id = f"w{next(_numbers):06}"
    return LearningWish(id=id, worker=worker, time=at(days), source="test", skill=skill, active=active)


def booking(
    worker: str = "anna", job: str = "other", *, start: datetime = START, minutes: float = 60.0, **more: bool
) -> Booking:
    """Return that a worker is promised to a job."""
    return Booking(job, worker, start, minutes, **more)


def week(worker: str = "anna", start: int = 480, end: int = 1020, days: Iterable[int] = range(5)) -> list[Shift]:
    """Return the same shift, in minutes after midnight, on several weekdays."""
    return [Shift(worker, day, start, end) for day in days]


def views(facts: Sequence[Evidence] = (), *, needs: Sequence[Need], **more: object) -> list[View]:
    """Return a job seen over workers once for each way to meet its needs, over one company."""
    first, *rest = ways(needs)
    seen = view(facts, needs=first, **more)  # type: ignore[arg-type]
    return [seen, *(replace(seen, needs=way) for way in rest)]


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
    site: str | None = None,
    circumstances: Circumstances | None = None,
    papers: Sequence[Evidence] = (),
    shifts: Sequence[Shift] = (),
    leave: Sequence[Leave] = (),
    bookings: Sequence[Booking] = (),
    work: Sequence[tuple[str, date, float]] = (),
    zone: tzinfo = UTC,
) -> View:
    """Return a job seen over workers whose beliefs come from `facts`, in the one way to meet its `needs`.

    `papers` are what rules read of the log, `work` what was done: (worker, day, minutes).
    """
    table = BeliefTable(params or BeliefParams())
    roster = Roster(table, zone=zone)
    roster.put_workers(list(workers))
    for worker in sorted({fact.worker for fact in facts}):
        own = sorted((fact for fact in facts if fact.worker == worker), key=lambda fact: fact.order)
        table.put_state(fold(worker, own, table.params))
    roster.put_workers([Worker(id, id.title()) for id in table.workers if id not in roster.workers])
    for worker, held in (certifications or {}).items():
        roster.put_certifications(worker, held)
    for worker in sorted({paper.worker for paper in papers}):
        roster.put_papers(worker, [paper for paper in papers if paper.worker == worker])
    roster.calendar.put_shifts(shifts)
    roster.calendar.put_leave(leave)
    roster.calendar.put_bookings(bookings)
    roster.put_work((("test", f"work {n}"), *row, True) for n, row in enumerate(work))
    moment = at(days)
    (way,) = ways(needs)
    return View(
        table,
        roster,
        way,
        day or moment.date(),
        day_number(moment),
        job_type,
        customer,
        site=site,
        circumstances=circumstances or Circumstances("j1"),
    )
