"""The use-cases of looking at a kept plan: each worker's day with all that is in it, what differs, what has changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from skillmatch.errors import NotFound
from skillmatch.matching.calendar import Calendar, Span
from skillmatch.model import Booking, Job, Leave, Worker
from skillmatch.store.store import PlanRow, Transaction
from skillmatch.wording import said
from skillmatch.workspace.kept_plans import KeptPlan, KeptPlans
from skillmatch.workspace.plan_figures import Figures, Legs
from skillmatch.workspace.planning import PlannedVisit
from skillmatch.workspace.resident import Resident

OTHER = "other"
"""The change of what is booked besides the plan: it is not touched."""


@dataclass(frozen=True, slots=True)
class PlanStop:
    """A worker at a job. `start` and `end` are minutes after midnight of the day of her line.

    `change` is that of its visit, or `OTHER`. `promised` says that she is promised to the job now, `locked` that no
    plan moves that. `travel` is None where no way was planned; `crew` are the others who go.
    """

    job: str
    title: str
    start: float
    end: float
    travel: float | None
    change: str
    locked: bool
    promised: bool
    crew: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A worker's day: when she works, her leave, and her stops by time."""

    worker: Worker
    day: date
    shifts: tuple[Span, ...]
    leave: Leave | None
    stops: tuple[PlanStop, ...]


@dataclass(frozen=True, slots=True)
class PlanDifference:
    """How a plan changes a job: `before` are its former bookings, `visit` is None where it is dropped."""

    job: str
    title: str
    change: str
    before: tuple[Booking, ...]
    visit: PlannedVisit | None


@dataclass(frozen=True, slots=True)
class Changed:
    """A job of a plan that no longer fits, why, and who changed it, "" when that is not known."""

    job: str
    title: str
    reason: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class ShownPlan:
    """A kept plan with all that a page shows of it; `was` and `will` are figures before and after."""

    kept: KeptPlan
    lines: tuple[Line, ...]
    idle: int
    differences: tuple[PlanDifference, ...]
    was: Figures
    will: Figures
    changed: tuple[Changed, ...]


class ShownPlans(KeptPlans):
    """The part of the workspace that shows kept plans."""

    def latest_plans(self, limit: int = 20) -> tuple[KeptPlan, ...]:
        """Return the plans that were made last, the newest first."""
        with self._store.read() as transaction:
            return tuple(KeptPlan.of_row(row) for row in transaction.latest_plans(limit))

    def shown_plan(self, id: str) -> ShownPlan:
        """Return a kept plan beside the calendar and the bookings as they are now, or raise NotFound."""
        with self._lock, self._store.read() as transaction:
            row = transaction.plan_row(id)
            if row is None:
                raise NotFound(said("there is no such plan any more: make a new one"))
            kept, resident = KeptPlan.of_row(row), self._fresh(transaction)
            preview = kept.preview
            titles = _titles(transaction, kept, resident.roster.calendar)
            days = tuple(preview.first + timedelta(days=number) for number in range(preview.days))
            lines = _lines(kept, resident, days, titles)
            legs = Legs(transaction, resident, kept)
            return ShownPlan(
                kept,
                tuple(line for line in lines if line.stops or line.leave),
                sum(1 for line in lines if not line.stops and not line.leave),
                _differences(kept, titles),
                legs.figures(preview.before, preview.was),
                legs.figures(legs.bookings_of(preview.visits), preview.total),
                () if kept.holds else self._changed(transaction, kept, resident, titles),
            )

    def _changed(
        self, transaction: Transaction, kept: KeptPlan, resident: Resident, titles: dict[str, str]
    ) -> tuple[Changed, ...]:
        preview = kept.preview
        if resident.revision == preview.revision and all(
            visit.start + timedelta(minutes=visit.minutes) > self.now() for visit in preview.visits
        ):
            return ()
        now = {
            (one.job, worker): one for worker, own in resident.roster.calendar.bookings.items() for one in own.values()
        }
        applied = transaction.plans_applied(since=preview.made)
        return tuple(
            Changed(job, titles.get(job, job), reason, _who_changed(transaction, job, preview.made, applied))
            for job, reason in self._no_longer_fits(transaction, preview, now).items()
        )


def _titles(transaction: Transaction, kept: KeptPlan, calendar: Calendar) -> dict[str, str]:
    """Return the titles of the jobs that are planned or booked on the days of a plan, by id."""
    preview = kept.preview
    found = {one.job: one.title for one in preview.visits} | {one.job: one.title for one in preview.left_out}
    booked = calendar.booked_between(preview.first, preview.last)
    others = {one.job for one in (*preview.before, *booked)} - found.keys()
    found |= {job.id: job.title for job in transaction.nouns(Job, others)}
    return found


def _who_changed(transaction: Transaction, job: str, since: datetime, applied: Sequence[PlanRow]) -> str:
    """Return who last locked or assigned a job, or applied a plan that changed it, at a moment or after it."""
    found = [(note.time, note.by) for note in transaction.notes(subject=job, limit=1)]
    found += [(one.decided, one.by) for one in transaction.decisions(job=job, limit=5) if one.decided]
    found += [(row.applied, row.applied_by) for row in applied if row.applied and job in _jobs_of(row)]
    return max((one for one in found if one[0] >= since), default=(since, ""))[1]


def _jobs_of(row: PlanRow) -> set[str]:
    return {after.job for _before, after in row.changed}


def _lines(kept: KeptPlan, resident: Resident, days: Sequence[date], titles: dict[str, str]) -> list[Line]:
    """Return the days of the workers who are planned, by day and name."""
    calendar, found = resident.roster.calendar, []
    by_day: dict[tuple[str, date], list[PlannedVisit]] = {}
    for visit in kept.preview.visits:
        for worker in visit.workers:
            by_day.setdefault((worker, calendar.local(visit.start).date()), []).append(visit)
    away = {one.job for one in kept.preview.before} | {visit.job for visit in kept.preview.visits}
    people = [one for one in resident.roster.workers.values() if not kept.teams or one.team in kept.teams]
    for day in days:
        for person in sorted(people, key=lambda one: (one.name, one.id)):
            stops = [_planned(calendar, visit, person.id, day) for visit in by_day.get((person.id, day), [])]
            others = [one for one in calendar.bookings_on(person.id, day) if one.job not in away]
            stops += [_booked(calendar, one, day, titles) for one in others]
            if not person.active_on(day) and not stops:
                continue
            shifts = () if not person.active_on(day) else tuple(calendar.shifts_on(person.id, day))
            stops.sort(key=lambda one: (one.start, one.job))
            found.append(Line(person, day, shifts, calendar.away_on(person.id, day), tuple(stops)))
    return found


def _planned(calendar: Calendar, visit: PlannedVisit, worker: str, day: date) -> PlanStop:
    start, place = calendar.minute(visit.start, day), visit.workers.index(worker)
    own = calendar.bookings.get(worker, {}).get(visit.job)
    return PlanStop(
        visit.job,
        visit.title,
        start,
        start + visit.minutes,
        visit.travel[place] if place < len(visit.travel) else None,
        visit.change,
        own is not None and own.locked,
        own is not None,
        tuple(one for one in visit.workers if one != worker),
    )


def _booked(calendar: Calendar, one: Booking, day: date, titles: dict[str, str]) -> PlanStop:
    start = calendar.minute(one.start, day)
    return PlanStop(one.job, titles.get(one.job, one.job), start, start + one.minutes, None, OTHER, one.locked, True)


def _differences(kept: KeptPlan, titles: dict[str, str]) -> tuple[PlanDifference, ...]:
    """Return what a plan changes: what is broken first, then what is moved, then what is new, then what stays."""
    preview = kept.preview
    visits = {visit.job: visit for visit in preview.visits}
    found = [
        PlanDifference(job, titles.get(job, job), change, _of_job(preview.before, job), visits.get(job))
        for job, change in (
            *((job, "dropped") for job in preview.dropped),
            *((visit.job, visit.change) for visit in preview.visits),
        )
    ]
    order = ("dropped", "handed over", "moved", "new", "kept")
    return tuple(sorted(found, key=lambda one: order.index(one.change)))


def _of_job(bookings: Collection[Booking], job: str) -> tuple[Booking, ...]:
    return tuple(one for one in bookings if one.job == job)
