"""Who of the sample firm is promised to which open job of the coming days, within her hours and one at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import numpy as np

from skillmatch.demo.appointments import Open
from skillmatch.demo.morning import Morning
from skillmatch.demo.visits import Case
from skillmatch.model import Booking, Job, LanguageRequirement, Leave, Shift, Worker

BOOKED = 0.65
"""Share of the jobs with an appointment to which somebody is promised already."""
LOCKED, CALLED_OFF = 0.3, 0.08
"""Shares of the promises that must not be moved, and of those that were called off."""
PREFERRED = 1.0
"""How much more gladly, in logits, somebody is sent whom the caller asked for."""
CHANCE = 0.3
"""Scale of what nobody can explain in who is sent."""
WAY = 30
"""Minutes that are kept between two jobs."""
STEP = 15
"""Visits begin at minutes that are a multiple of it."""


@dataclass(slots=True)
class Diary:
    """Hours and promises of everybody, by worker. `busy` are spans of minutes of a day."""

    shifts: dict[str, list[Shift]]
    leave: dict[str, list[Leave]]
    busy: dict[tuple[str, date], list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, shifts: Iterable[Shift], leave: Iterable[Leave]) -> Diary:
        """Return the diary of a firm in which nobody is promised to anything."""
        diary = cls(defaultdict(list), defaultdict(list))
        for shift in shifts:
            diary.shifts[shift.worker].append(shift)
        for one in leave:
            if not one.cancelled:
                diary.leave[one.worker].append(one)
        return diary

    def begin(self, worker: str, job: Job, minutes: float) -> datetime | None:
        """Return when a worker can begin a job within its appointment, None when she cannot."""
        if job.earliest is None or job.latest is None:
            return None
        day = job.earliest.date()
        if any(one.first <= day <= one.last for one in self.leave[worker]):
            return None
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        opens, closes = ((time - midnight).total_seconds() / 60.0 for time in (job.earliest, job.latest))
        for start, end in self._hours(worker, day):
            for minute in np.arange(max(opens, start), min(closes, end - minutes) + 1.0, STEP):
                if all(minute + minutes + WAY <= a or b + WAY <= minute for a, b in self.busy[worker, day]):
                    return midnight + timedelta(minutes=float(minute))
        return None

    def promise(self, worker: str, begin: datetime, minutes: float) -> None:
        """Note that a worker is busy."""
        minute = begin.hour * 60.0 + begin.minute
        self.busy[worker, begin.date()].append((minute, minute + minutes))

    def _hours(self, worker: str, day: date) -> Iterator[tuple[int, int]]:
        for shift in self.shifts[worker]:
            later, earlier = shift.first is None or shift.first <= day, shift.last is None or day <= shift.last
            if shift.weekday == day.weekday() and later and earlier:
                yield shift.start, shift.end


def book(morning: Morning, open_jobs: Open, workers: Sequence[Worker], diary: Diary) -> tuple[Booking, ...]:
    """Return the promises for the appointments of the coming days, most of them kept in `diary`."""
    rng, found = morning.rng, []
    dated = [(job, case) for job, case in open_jobs if job.earliest is not None]
    for job, case in sorted(dated, key=lambda pair: (pair[0].earliest, pair[0].id)):
        minutes, size = morning.nature(case).minutes, job.crew or morning.nature(case).crew
        if rng.random() > BOOKED:
            continue
        those = list(_crew(morning, job, case, workers, diary))[:size]
        if len(those) < size:
            continue
        begin = max(time for _, time in those)
        locked, cancelled = bool(rng.random() < LOCKED), bool(rng.random() < CALLED_OFF)
        for number, (worker, _) in enumerate(those):
            lead = size > 1 and number == 0
            found.append(Booking(job.id, worker, begin, minutes, locked=locked, lead=lead, cancelled=cancelled))
            if not cancelled:
                diary.promise(worker, begin, minutes)
    return tuple(found)


def _crew(
    morning: Morning, job: Job, case: Case, workers: Sequence[Worker], diary: Diary
) -> Iterator[tuple[str, datetime]]:
    """Yield who could go and when she could begin, the one most gladly sent first; a crew begins together."""
    day, minutes = job.due or morning.today, morning.nature(case).minutes
    able, way = morning.able(case, day), morning.minutes_away(case)
    liking = morning.liking(case) + CHANCE * morning.rng.gumbel(0.0, 1.0, len(able))
    liking += np.array([PREFERRED * (worker.id in job.preferred) for worker in workers])
    together: datetime | None = None
    for place in np.argsort(-liking):
        worker = workers[place]
        near = worker.max_travel is None or way[place] <= worker.max_travel
        if not able[place] or not near or worker.id in job.excluded or not _speaks(worker, job):
            continue
        begin = diary.begin(worker.id, job, minutes)
        if begin is not None and together in (None, begin):
            together = begin
            yield worker.id, begin


def _speaks(worker: Worker, job: Job) -> bool:
    needed = [need.language for need in job.requirements if isinstance(need, LanguageRequirement)]
    return all(language in worker.languages for language in needed)
