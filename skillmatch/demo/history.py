"""Two years of work, day by day: calls come in, somebody is sent, the job goes well or not, and everybody learns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import log1p

import numpy as np
from numpy.typing import NDArray

from skillmatch.demo.calls import UNKNOWN, Call, Switchboard, demands, working_days
from skillmatch.demo.catalogue import Catalogue, Nature
from skillmatch.demo.dispatch import Dispatcher
from skillmatch.demo.people import GROWTH, PRACTICE_HALF_LIFE, SCALE, Staff
from skillmatch.demo.visits import (
    NOT_DONE,
    Case,
    Visit,
    difficulty,
    level_offset,
    minutes_of,
    mix,
    note_of,
    result_of,
)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOST_VISITS = 3
CANCELLED = 0.012
PRACTICE_OF_FAILURE = 0.3
NARROWED_DOWN = 0.5
"""By how much each earlier visit makes the next one easier, in logits."""
SNAPSHOT_DAYS = 30
DAYS_TO_DUE = {1: 0, 2: 1, 3: 3, 4: 10, 5: 21}
"""Days from the call to the day that is promised, by priority."""
DAYS_AHEAD = {1: (0, 0), 2: (0, 1), 3: (0, 3), 4: (1, 8), 5: (3, 14)}
"""Fewest and most days from the call to the visit, by priority."""
DAYS_PLANNED = (7, 28)


@dataclass(frozen=True, slots=True)
class Course:
    """A training that somebody goes to on a day: afterwards she can do part of what was missing to `level`."""

    day: int
    worker: int
    skill: int
    level: float
    name: str
    gain: float = 0.4


@dataclass(slots=True)
class Firm:
    """The firm at work over `days` days from `start`. `type_difficulty` (natures,) in logits.

    `preferred` and `excluded` are by customer the places of the workers she asked for or does not want; `snapshots`
    are the true abilities every `SNAPSHOT_DAYS` days, each (workers, skills) in logits.
    """

    catalogue: Catalogue
    staff: Staff
    switchboard: Switchboard
    dispatcher: Dispatcher
    type_difficulty: Floats
    rng: np.random.Generator
    start: date
    days: int
    preferred: Mapping[str, list[int]]
    excluded: Mapping[str, list[int]]
    snapshots: list[Floats] = field(default_factory=list)
    _hardness: Floats = field(init=False)
    _seen: Floats = field(init=False)
    _jobs_today: Floats = field(init=False)
    _knows: Flags = field(init=False)

    def __post_init__(self) -> None:
        hard = np.array([self.stated_difficulty(number) for number in range(len(self.catalogue.natures))])
        self._hardness = 1.0 / (1.0 + np.exp(-1.7 * (hard - hard.mean()) / hard.std()))
        self._knows = np.zeros((len(self.switchboard.region.sites), len(self.staff.workers)), dtype=bool)
        self._seen = self.dispatcher.mistaken
        self._jobs_today = np.zeros(len(self.staff.workers))

    def stated_difficulty(self, number: int) -> float:
        """Return how hard a nature of call is, its levels included, in logits."""
        return float(self.type_difficulty[number]) + level_offset(demands(self.catalogue.natures[number], UNKNOWN, ()))

    def work(self, *, jobs: int, courses: Sequence[Course]) -> list[Case]:
        """Return the cases of the whole history, about `jobs`; practice and training change the staff."""
        counts = self._counts(jobs)
        keep = 0.5 ** (1.0 / PRACTICE_HALF_LIFE)
        cases: list[Case] = []
        for day in range(self.days):
            if day % SNAPSHOT_DAYS == 0:
                self.snapshots.append(self.staff.ability())
            self._teach([course for course in courses if course.day == day])
            self._jobs_today[:] = 0.0
            ability, free = self.staff.ability(), self.dispatcher.free(day)
            self._seen = ability + self.dispatcher.mistaken
            numbers = self.rng.permutation(np.repeat(np.arange(counts.shape[1]), counts[day]))
            handled = (self._handle(self.switchboard.call(day, int(n)), ability, free) for n in numbers)
            cases += [case for case in handled if case is not None]
            self.staff.practice *= keep
        return cases

    def open_cases(self, *, jobs: int) -> list[Case]:
        """Return calls of today and the last days to which nobody has been sent."""
        rates = self._rates()[self.days]
        cases = []
        for number in self.rng.choice(len(rates), jobs, p=rates / rates.sum()):
            nature = self.catalogue.natures[number]
            call = self.switchboard.call(self.days, int(number))
            most = 14 if nature.planned else DAYS_AHEAD[call.priority][1]
            ago = int(self.rng.integers(0, most + 1))
            created = self._moment(self.days - ago, 6.0 + 0.15 * call.hours if ago == 0 else call.hours)
            cases.append(Case(call, created, self._due(call, created)))
        return cases

    def _rates(self) -> Floats:
        """Return how often each nature is called in, shape (days + 1, natures): 0 where nobody ever could do it."""
        staffed = [
            any(self._may(nature, day).any() for day in range(0, self.days, SNAPSHOT_DAYS))
            for nature in self.catalogue.natures
        ]
        return self.switchboard.rates(allowed=np.array(staffed))

    def _may(self, nature: Nature, day: int) -> Flags:
        """Return who is there on a day and holds what a nature of call asks for, shape (workers,)."""
        return self.dispatcher.certified(nature.certifications, day) & self.dispatcher.employed(day)

    def _counts(self, jobs: int) -> NDArray[np.int64]:
        """Return how many calls of each nature come on each day, shape (days, natures)."""
        priority = np.array([nature.priority for nature in self.catalogue.natures])
        rates = self._rates()[: self.days] * working_days(self.start, self.days)[:, priority - 1]
        counts: NDArray[np.int64] = self.rng.poisson(rates * jobs / rates.sum())
        return counts

    def _teach(self, courses: Sequence[Course]) -> None:
        for course in courses:
            place = (course.worker, course.skill)
            now = self.staff.stable[place] + GROWTH * log1p(self.staff.practice[place])
            self.staff.stable[place] += course.gain * max(SCALE.logit_of_level(course.level) - now, 0.0)

    def _handle(self, call: Call, ability: Floats, free: Flags) -> Case | None:
        """Return the case with its visits; None when nobody may do it and the call goes to another firm."""
        created, begin = self._times(call)
        due = self._due(call, created)
        if self.rng.random() < CANCELLED:
            return Case(call, created, due, cancelled=True)
        visits: list[Visit] = []
        for visit in self._visits(call, ability, free, begin):
            visits.append(visit)
            if visit.result not in NOT_DONE or len(visits) == MOST_VISITS:
                break
        return Case(call, created, due, tuple(visits)) if visits else None

    def _visits(self, call: Call, ability: Floats, free: Flags, begin: datetime) -> Iterator[Visit]:
        """Yield visits while anybody is left who seems better at it than the one before."""
        nature = self.catalogue.natures[call.nature]
        site = self.switchboard.region.site_of[call.asset]
        customer = self.switchboard.region.sites[site].customer
        fit = mix(self.catalogue, self._seen, call.stated)
        main = self.catalogue.place[max(call.stated, key=lambda skill: call.stated[skill][1])]
        allowed = self._may(nature, call.day)
        allowed[self.excluded.get(customer, [])] = False
        hardness, ease = float(self._hardness[call.nature]), 0.0
        while allowed.any():
            worker = self.dispatcher.choose(
                allowed & free if (allowed & free).any() else allowed,
                fit=fit,
                hardness=hardness,
                site=site,
                jobs_today=self._jobs_today,
                preferred=self.preferred.get(customer, []),
                learned=self.staff.learned[:, main],
                knows_site=self._knows[site],
            )
            self._jobs_today[worker] += 1.0
            self._knows[site, worker] = True
            yield self._visit(call, worker, ability, begin, ease)
            allowed &= fit > fit[worker]
            hardness, ease, begin = 1.0, ease + NARROWED_DOWN, self._later(begin)

    def _visit(self, call: Call, worker: int, ability: Floats, begin: datetime, ease: float) -> Visit:
        nature = self.catalogue.natures[call.nature]
        able = float(mix(self.catalogue, ability[worker], call.needed))
        hard = difficulty(call, float(self.type_difficulty[call.nature]), ease=ease)
        result = result_of(able - hard, self.rng)
        practice = PRACTICE_OF_FAILURE if result in NOT_DONE else 1.0
        for skill, (_, share) in call.needed.items():
            self.staff.practice[worker, self.catalogue.place[skill]] += practice * min(1.0, 2.0 * share)
        minutes = minutes_of(nature, call, result, able, self.rng)
        end = min(begin + timedelta(minutes=minutes), self._moment(self.days, 0.0) - timedelta(minutes=1))
        note = note_of(nature, call, result, self.staff, worker, self.rng)
        return Visit(worker, end, result, minutes, note, able, hard)

    def _times(self, call: Call) -> tuple[datetime, datetime]:
        """Return when the customer called, and when somebody arrives, which is on the call's `day`."""
        nature = self.catalogue.natures[call.nature]
        fewest, most = DAYS_PLANNED if nature.planned else DAYS_AHEAD[call.priority]
        ago = int(self.rng.integers(fewest, most + 1))
        while call.priority > 2 and ago and (self.start + timedelta(days=call.day - ago)).weekday() > 4:
            ago += 1
        wait = float(self.rng.uniform(0.5, 2.5))
        arrival = min(call.hours + wait, 23.0) if ago == 0 else float(self.rng.uniform(7.5, 15.5))
        return self._moment(call.day - ago, call.hours), self._moment(call.day, arrival)

    def _due(self, call: Call, created: datetime) -> date:
        planned = self.catalogue.natures[call.nature].planned
        ahead = DAYS_PLANNED[1] if planned else DAYS_TO_DUE[call.priority]
        return created.date() + timedelta(days=ahead)

    def _later(self, begin: datetime) -> datetime:
        """Return when the next one comes: a few days later on a working day, yet before today."""
        later = begin + timedelta(days=int(self.rng.integers(1, 4)))
        while later.weekday() > 4:
            later += timedelta(days=1)
        last = self._moment(self.days, 0.0) - timedelta(hours=4)
        return later if later < last else max(begin + timedelta(hours=1), last)

    def _moment(self, day: int, hours: float) -> datetime:
        midnight = datetime(self.start.year, self.start.month, self.start.day, tzinfo=UTC)
        return midnight + timedelta(days=day, minutes=round(hours * 60.0))
