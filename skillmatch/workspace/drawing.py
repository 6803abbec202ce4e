"""The company drawn as a planning problem: open jobs, who may do them, when people are free, ways between places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from math import ceil

import numpy as np

from skillmatch.beliefs.table import Floats, Indices
from skillmatch.errors import Conflict, Invalid
from skillmatch.matching.arrays import Flags
from skillmatch.matching.calendar import STEP
from skillmatch.matching.objectives import FAR
from skillmatch.matching.planning import Problem, Visit
from skillmatch.matching.policy import Policy
from skillmatch.matching.ranking import Scoring
from skillmatch.matching.roster import travel_minutes
from skillmatch.matching.teams import LEAD, pool
from skillmatch.model import Booking, Job, JobStatus, Place
from skillmatch.store.store import Transaction
from skillmatch.wording import said
from skillmatch.workspace.base import seen
from skillmatch.workspace.resident import Resident

MOST_JOBS, MOST_DAYS = 1000, 14
LOCKED = said("{job}: locked for {workers} although a hard rule stands against it; left as it is")
TIGHT = said("{worker} on {day}: {jobs} look too tight by the estimated ways; left as promised")
NOTES = (LOCKED, TIGHT)
"""What a plan notes of promises; it is kept as plain text."""
VALUE = {1: 400.0, 2: 250.0, 3: 160.0, 4: 110.0, 5: 80.0}
"""Points for doing a job at all, by priority: an emergency is worth more than two ordinary jobs done by the best."""
CHANGE_COST = 25.0
"""Points that a change of what was promised must bring before it is made, where changes are allowed."""
DAY = 1440.0


class Drawing:
    """The company drawn as a planning problem; times are minutes after the midnight that begins the first day."""

    def __init__(
        self,
        transaction: Transaction,
        resident: Resident,
        now: datetime,
        policy: Policy,
        *,
        first: date | None,
        days: int,
        teams: Collection[str] = (),
    ) -> None:
        self.transaction, self.policy, self.days = transaction, policy, days
        self.teams = frozenset(teams)
        self.resident, self.now = resident, now
        self.calendar = self.resident.roster.calendar
        today = self.calendar.local(self.now).date()
        self.first = first or today
        if self.first < today:
            raise Invalid(
                said(
                    "a plan from {first} on was asked for, which has passed: expected {today} or later",
                    first=self.first,
                    today=today,
                )
            )
        if not 1 <= days <= MOST_DAYS:
            raise Invalid(said("a plan for {days} days was asked for: expected 1 to {most}", days=days, most=MOST_DAYS))
        self.last = self.first + timedelta(days=days - 1)
        self.before: list[Booking] = []
        self.minutes: dict[str, float] = {}
        self.tight: dict[str, Visit] = {}
        self.notes: list[str] = []

    def jobs(self, wanted: Sequence[str] | None) -> list[Job]:
        """Return the jobs to be planned."""
        found, total = self.transaction.find_jobs(status=JobStatus.OPEN, search="", limit=20_000)
        if wanted is not None:
            open_jobs = {job.id: job for job in found}
            for id in wanted:
                if id not in open_jobs:
                    raise Conflict(
                        said(
                            "job {id!r} is not among the open jobs: name open ones, or none for all that are due", id=id
                        )
                    )
            return [open_jobs[id] for id in dict.fromkeys(wanted)]
        away = {
            job
            for own in self.calendar.bookings.values()
            for job, one in own.items()
            if self._under_way(one) or self.calendar.local(one.start).date() > self.last
        }
        away |= self._of_others()
        chosen = [job for job in found if self._due(job) <= self.last and job.id not in away]
        if len(chosen) > MOST_JOBS:
            raise Invalid(
                said(
                    "{count} of {total} open jobs are due by {last}: expected up to {most}; plan fewer days, or name "
                    "the jobs",
                    count=len(chosen),
                    total=total,
                    last=self.last,
                    most=MOST_JOBS,
                )
            )
        return chosen

    def _plans(self, worker: str) -> bool:
        """Return whether a worker is among those who are planned."""
        person = self.resident.roster.workers.get(worker)
        return not self.teams or (person is not None and person.team in self.teams)

    def _of_others(self) -> set[str]:
        """Return the jobs that are promised to somebody who is not planned."""
        return {job for worker, own in self.calendar.bookings.items() if not self._plans(worker) for job in own}

    def _under_way(self, booking: Booking) -> bool:
        return booking.start <= self.now < booking.start + timedelta(minutes=booking.minutes)

    def _due(self, job: Job) -> date:
        if job.earliest or job.latest:
            time = max(job.earliest or job.latest or self.now, self.now)
            return self.calendar.local(time).date()
        return job.due or self.first

    def problem(self, jobs: Sequence[Job], *, keep: bool = True) -> Problem:
        """Return the problem; with `keep`, promises that only look too tight are left out of it and stay as they are.

        Ways are estimates: a promise that somebody made is not broken for ten minutes of an estimate.
        """
        table, roster = self.resident.table, self.resident.roster
        size, limits = len(table), self.policy.limits
        without = replace(
            self.policy,
            weights={key: weight for key, weight in self.policy.weights.items() if key != "travel"},
            without=tuple(dict.fromkeys((*self.policy.without, "available"))),
        )
        points, allowed = np.zeros((len(jobs), size)), np.zeros((len(jobs), size), dtype=np.bool_)
        leads = np.ones((len(jobs), size), dtype=np.bool_)
        opens, closes, minutes = np.zeros(len(jobs)), np.zeros(len(jobs)), np.zeros(len(jobs))
        crew = np.ones(len(jobs), dtype=np.int64)
        places: list[Place | None] = []
        spots: dict[Place | None, int] = {}

        def spot(place: Place | None) -> int:
            if place not in spots:
                spots[place] = len(places)
                places.append(place)
            return spots[place]

        among = np.array([self._plans(worker) for worker in table.workers], dtype=np.bool_)
        place = np.zeros(len(jobs), dtype=np.int64)
        for row, job in enumerate(jobs):
            day = min(max(self._due(job), self.first), self.last)
            views, _found = seen(self.transaction, self.resident, job.id, moment=self.now, day=day)
            known = views[0].circumstances
            scoring = Scoring(views, without)
            points[row] = scoring.score
            crew[row], minutes[row] = known.crew, known.length
            self.minutes[job.id] = known.length
            if known.crew > 1:
                allowed[row] = pool(scoring.ways[0])
                leads[row] = views[0].chance >= LEAD[known.risk]
                if scoring.eligible is not None:
                    leads[row] &= scoring.eligible
            else:
                allowed[row] = True if scoring.eligible is None else scoring.eligible
            allowed[row] &= among
            opens[row], closes[row] = self._window(job)
            place[row] = spot(known.place)
        home = np.array(
            [spot(roster.workers[id].home if id in roster.workers else None) for id in table.workers], dtype=np.int64
        )
        travel = _ways(places, limits.unknown_travel)
        self._before(jobs)
        spot_of = {job.id: int(place[row]) for row, job in enumerate(jobs)}
        able = {job.id: allowed[row] for row, job in enumerate(jobs)}
        self.tight = self._too_tight(spot_of, able, home, travel) if keep else {}
        rows = np.array([job.id not in self.tight for job in jobs], dtype=np.bool_)
        planned = [job for job, stays in zip(jobs, rows, strict=True) if stays]
        promised, locked = self._promises(planned)
        return Problem(
            jobs=tuple(job.id for job in planned),
            workers=tuple(table.workers),
            points=points[rows],
            allowed=allowed[rows],
            value=np.array([VALUE[job.priority] for job in planned]),
            minutes=minutes[rows],
            opens=opens[rows],
            closes=closes[rows],
            crew=crew[rows],
            place=place[rows],
            home=home,
            travel=travel,
            travel_weight=self.policy.weight("travel"),
            travel_scale=FAR,
            shifts=tuple(self._free(id, {job.id for job in planned}) for id in table.workers),
            leads=leads[rows],
            promised=promised,
            locked=locked,
            change_cost=CHANGE_COST,
        )

    def _too_tight(
        self, spot_of: Mapping[str, int], able: Mapping[str, Flags], home: Indices, travel: Floats
    ) -> dict[str, Visit]:
        """Return the promises of days on which somebody who may do the job seems to come too late for one of them."""
        promised, locked = self._promises_of(spot_of)
        visits = {visit.job: visit for visit in (*promised, *locked)}
        table = self.resident.table
        tight = {visit.job for visit in locked if not self._may_all(visit, able[visit.job])}
        self.notes += [said(LOCKED, job=job, workers=", ".join(visits[job].workers)) for job in sorted(tight)]
        by_day: dict[tuple[str, int], list[Visit]] = defaultdict(list)
        for visit in visits.values():
            for worker in visit.workers:
                by_day[worker, int(visit.start // DAY)].append(visit)
        for (worker, number), own in by_day.items():
            here, day = table.place(worker), self.first + timedelta(days=number)
            own.sort(key=lambda visit: visit.start)
            if here is None or self.calendar.away_on(worker, day) is not None:
                continue
            if not all(able[visit.job][here] for visit in own):
                continue
            shifts = [(number * DAY + start, number * DAY + end) for start, end in self.calendar.shifts_on(worker, day)]
            if not _in_time(own, shifts, self.minutes, spot_of, int(home[here]), travel):
                late = {visit.job for visit in own} - tight
                tight |= late
                if late:
                    self.notes.append(said(TIGHT, worker=worker, day=day.isoformat(), jobs=", ".join(sorted(late))))
        return {job: visit for job, visit in visits.items() if job in tight}

    def _may_all(self, visit: Visit, able: Flags) -> bool:
        places = [self.resident.table.place(worker) for worker in visit.workers]
        return all(place is not None and bool(able[place]) for place in places)

    def _window(self, job: Job) -> tuple[float, float]:
        soonest = ceil(max(self.calendar.minute(self.now, self.first), 0.0) / STEP) * STEP
        end = self.days * DAY
        if job.earliest or job.latest:
            opens = self.calendar.minute(job.earliest, self.first) if job.earliest else 0.0
            closes = self.calendar.minute(job.latest, self.first) if job.latest else end
            if closes < soonest:  # the promise is broken already: as soon as may be
                closes = end
            return max(opens, soonest), min(max(closes, max(opens, soonest)), end)
        due = job.due or self.last
        closes = ((due - self.first).days + 1) * DAY if due >= self.first else end
        return min(soonest, closes), min(closes, end)

    def _before(self, jobs: Sequence[Job]) -> None:
        planned = {job.id for job in jobs}
        self.before = sorted(
            (one for own in self.calendar.bookings.values() for one in own.values() if one.job in planned),
            key=lambda one: (one.job, not one.lead, one.worker),
        )

    def _promises(self, jobs: Sequence[Job]) -> tuple[tuple[Visit, ...], tuple[Visit, ...]]:
        return self._promises_of([job.id for job in jobs])

    def _promises_of(self, jobs: Iterable[str]) -> tuple[tuple[Visit, ...], tuple[Visit, ...]]:
        """Return the visits that were promised, and those that are locked."""
        promised, locked = [], []
        for job in jobs:
            own = [one for one in self.before if one.job == job]
            if not own:
                continue
            start = self.calendar.minute(own[0].start, self.first)
            visit = Visit(job, tuple(one.worker for one in own), start)
            if any(one.locked for one in own):
                locked.append(visit)
            elif start >= 0.0:
                promised.append(visit)
        return tuple(promised), tuple(locked)

    def _free(self, worker: str, planned: set[str]) -> tuple[tuple[float, float], ...]:
        """Return when a worker is at work and not booked for anything but the jobs that are planned."""
        found: list[tuple[float, float]] = []
        person = self.resident.roster.workers.get(worker)
        busy = [
            (self.calendar.minute(one.start, self.first), self.calendar.minute(one.start, self.first) + one.minutes)
            for one in self.calendar.bookings.get(worker, {}).values()
            if one.job not in planned
        ]
        for number in range(self.days):
            day = self.first + timedelta(days=number)
            with_firm = person is None or person.active_on(day)
            if not with_firm or self.calendar.away_on(worker, day) is not None:
                continue
            offset = number * DAY
            for start, end in self.calendar.shifts_on(worker, day):
                found += less((offset + start, offset + end), busy)
        return tuple(sorted(found))


def _ways(places: Sequence[Place | None], unknown: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return the minutes between places, (places, places); 0 within one place, `unknown` where one is not known."""
    found = np.full((len(places), len(places)), unknown)
    for row, one in enumerate(places):
        for column, other in enumerate(places):
            if one is not None and other is not None:
                found[row, column] = 0.0 if one == other else travel_minutes(one, other)
    return np.ceil(found / STEP) * STEP


def _in_time(
    visits: Sequence[Visit],
    shifts: Sequence[tuple[float, float]],
    minutes: Mapping[str, float],
    spot_of: Mapping[str, int],
    home: int,
    travel: Floats,
) -> bool:
    """Return whether one worker comes in time to all visits of a day, by the estimated ways."""
    free, at, shift = -np.inf, home, None
    for visit in visits:
        end = visit.start + minutes[visit.job]
        around = next((one for one in shifts if one[0] <= visit.start and end <= one[1]), None)
        if around is None:
            return False
        if around != shift:
            free, at, shift = around[0], home, around
        if visit.start < free + travel[at, spot_of[visit.job]]:
            return False
        free, at = end, spot_of[visit.job]
    return True


def less(span: tuple[float, float], busy: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return what is left of a span of time without the busy ones."""
    free, (start, end) = [], span
    for begin, until in sorted(busy):
        if begin > start:
            free.append((start, min(begin, end)))
        start = max(start, until)
    return [*free, (start, end)] if start < end else [one for one in free if one[0] < one[1]]
