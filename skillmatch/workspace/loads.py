"""Who is overloaded: what everybody has to do, and of what sort it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from skillmatch.beliefs.table import Floats
from skillmatch.errors import Invalid
from skillmatch.matching.circumstances import USUAL_MINUTES
from skillmatch.matching.roster import WINDOW
from skillmatch.matching.workload import LONGEST_RUN, Workload, outside, workload
from skillmatch.model import Booking, Job, JobType, Need, Requirement, Risk, Worker, plain_needs
from skillmatch.store.store import Transaction
from skillmatch.workspace.resident import Resident
from skillmatch.workspace.skills_matrix import people

ORDERS = ("load", "week", "next", "run", "name")
URGENT = 2
"""Jobs of this priority or a more pressing one are urgent."""
HARD = 4.0
"""Jobs that ask for this level of a skill or more are hard, as are those of high risk."""


@dataclass(frozen=True, slots=True)
class Mix:
    """Of what sort work is: shares of its minutes, None where there is none.

    `urgent` and `hard` are of what was done in the last four weeks and is booked from now on, `outside` of what was or
    is booked in these weeks and lies outside of her shifts.
    """

    minutes: float
    urgent: float | None
    hard: float | None
    outside: float | None


@dataclass(frozen=True, slots=True)
class WorkerLoad:
    """What one worker has to do: see `workload.Workload`; times in minutes."""

    worker: Worker
    booked: tuple[float, ...]
    there: tuple[float, ...]
    load: float
    full: float
    run: int
    mix: Mix | None = None

    @property
    def filled(self) -> float:
        """The load as a share of the full one."""
        return self.load / self.full

    @property
    def too_long(self) -> bool:
        """Whether she works more than two weeks without a free day."""
        return self.run > LONGEST_RUN

    @property
    def overloaded(self) -> bool:
        """Whether she has more to do than she is there for, or no free day for too long."""
        weeks = zip(self.booked, self.there, strict=True)
        return self.filled > 1.0 or self.too_long or any(booked > there for booked, there in weeks)

    def week(self, number: int) -> float:
        """Return what is booked in a week as a share of what she is there for, infinite where she is not there."""
        booked, there = self.booked[number], self.there[number]
        return booked / there if there else (float("inf") if booked else 0.0)


@dataclass(frozen=True, slots=True)
class Loads:
    """The loads of some of `total` workers, of whom so many are `overloaded`; `mondays` begin the weeks."""

    rows: tuple[WorkerLoad, ...]
    total: int
    overloaded: int
    mondays: tuple[date, ...]


def loads_of(
    resident: Resident,
    *,
    today: date,
    teams: tuple[str, ...],
    team: str,
    search: str,
    order: str,
    weeks: int,
    page: slice,
    only_overloaded: bool,
) -> Loads:
    """Return a page of loads in order, without of what sort the work is."""
    if order not in ORDERS:
        raise Invalid(f"loads ordered by {order!r}: expected one of {', '.join(ORDERS)}")
    whole = workload(resident.roster, today, weeks=weeks)
    workers = people(resident, today, teams=teams, team=team, search=search)
    places = np.array([resident.table.place(worker.id) for worker in workers], dtype=np.intp)
    heavy = (whole.load > whole.full) | (whole.run > LONGEST_RUN) | (whole.booked > whole.there).any(axis=1)
    # Equal ones stay in the order of their names.
    listed = np.argsort(-_weight(whole, order)[places], kind="stable")
    kept = listed[heavy[places][listed]] if only_overloaded else listed
    rows = tuple(_row(workers[number], whole, int(places[number])) for number in kept[page])
    return Loads(rows, len(kept), int(np.count_nonzero(heavy[places])), whole.mondays)


def _row(worker: Worker, whole: Workload, place: int) -> WorkerLoad:
    booked, there = (tuple(values[place].tolist()) for values in (whole.booked, whole.there))
    return WorkerLoad(worker, booked, there, float(whole.load[place]), float(whole.full[place]), int(whole.run[place]))


def _weight(whole: Workload, order: str) -> Floats:
    """Return by what loads are ordered, (workers,)."""
    if order == "name":
        return np.zeros(len(whole.load))
    if order == "run":
        return whole.run.astype(np.float64)
    if order == "load":
        return whole.load / whole.full
    week = 1 if order == "next" and len(whole.mondays) > 1 else 0
    booked, there = whole.booked[:, week], whole.there[:, week]
    nowhere = np.where(booked > 0.0, np.inf, 0.0)
    return np.divide(booked, there, out=nowhere, where=there > 0.0)


def mixes(
    transaction: Transaction,
    resident: Resident,
    workers: Iterable[str],
    types: Mapping[str, JobType],
    *,
    now: datetime,
    today: date,
    weeks: int,
) -> dict[str, Mix]:
    """Return of what sort the work of some workers is, by worker."""
    wanted = sorted(workers)
    calendar = resident.roster.calendar
    first = today - timedelta(days=WINDOW)
    end = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)
    booked: dict[str, list[Booking]] = {worker: [] for worker in wanted}
    for booking in calendar.booked_between(first, end - timedelta(days=1)):
        if booking.worker in booked:
            booked[booking.worker].append(booking)
    ahead = {one.job for own in booked.values() for one in own if one.start >= now}
    jobs = {job.id: job for job in transaction.nouns(Job, ahead)}
    work: dict[str, list[tuple[float, bool, bool]]] = {worker: [] for worker in wanted}
    for done in transaction.done_by(wanted, after=now - timedelta(days=WINDOW)):
        hard = _hard(done.needs, done.risk, types, done.type)
        work[done.worker].append((done.minutes or USUAL_MINUTES, done.priority <= URGENT, hard))
    for worker, own in booked.items():
        for one in own:
            job = jobs.get(one.job) if one.start >= now else None
            if job is not None:
                hard = _hard(job.requirements, job.risk, types, job.type)
                work[worker].append((one.minutes, job.priority <= URGENT, hard))
    return {worker: _mix(resident, worker, work[worker], booked[worker]) for worker in wanted}


def _mix(resident: Resident, worker: str, work: list[tuple[float, bool, bool]], booked: list[Booking]) -> Mix:
    total = sum(minutes for minutes, _urgent, _hard in work)
    urgent = sum(minutes for minutes, is_urgent, _hard in work if is_urgent)
    hard = sum(minutes for minutes, _urgent, is_hard in work if is_hard)
    promised = sum(one.minutes for one in booked)
    out = sum(one.minutes for one in booked if _is_outside(resident, worker, one))
    return Mix(total, _share(urgent, total), _share(hard, total), _share(out, promised))


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _is_outside(resident: Resident, worker: str, one: Booking) -> bool:
    calendar = resident.roster.calendar
    day = calendar.local(one.start).date()
    start = calendar.minute(one.start, day)
    return outside(calendar, worker, day, start, start + one.minutes)


def _hard(own: tuple[Need, ...], risk: Risk | None, types: Mapping[str, JobType], type: str | None) -> bool:
    known = types.get(type or "")
    needs = own or (known.requirements if known else ())
    high = (risk or (known.risk if known else Risk.NORMAL)) is Risk.HIGH
    return high or any(isinstance(need, Requirement) and (need.level or 0.0) >= HARD for need in plain_needs(needs))
