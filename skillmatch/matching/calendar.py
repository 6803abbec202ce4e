"""When workers are free: shifts, leave and bookings of a day as arrays, and the first time at which a job fits.

Times within a day are minutes after midnight on the company's clock. Arrays have shape (workers,) in the order of the
belief table unless said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from math import ceil
from typing import NamedTuple

import numpy as np

from skillmatch.beliefs.table import Floats, Indices
from skillmatch.matching.arrays import Flags
from skillmatch.model import Booking, Leave, Shift

DAY = 1440
STEP = 5.0
"""Ways are rounded up to so many minutes where times are made of them: nobody promises 8:07."""
USUAL_DAY = (8 * 60, 17 * 60)
"""When somebody works of whom no shift is on record: unknown is not the same as never."""
_CACHED_DAYS = 64
BLOCK = 1 << 15
"""Rows that are calculated at once: what is needed for them on the way stays in the processor's cache."""


class Span(NamedTuple):
    """From one minute of a day to another."""

    start: float
    end: float


class AtWork(NamedTuple):
    """Shifts and leave of a day: see `DayPlan`."""

    shifts: tuple[tuple[Floats, Floats], ...]
    recorded: Flags
    away: Flags


@dataclass(frozen=True, slots=True, eq=False)
class DayPlan:
    """What a day looks like before a job is placed in it.

    `shifts` are (first, second, ... shift of the day) starts and ends, NaN where there is none; `recorded` who has
    shifts on record at all; `away` who is on leave. `gaps` (place, from, to) are the times between the bookings of
    those who have any, (n,); `booked` the minutes booked on the day, `week` in its week. `after` and `before` are the
    end of the last booking before the day and the start of the first one after it.
    """

    shifts: tuple[tuple[Floats, Floats], ...]
    recorded: Flags
    away: Flags
    gaps: tuple[Indices, Floats, Floats]
    booked: Floats
    week: Floats
    after: Floats
    before: Floats


class Calendar:
    """Shifts, leave and bookings of all workers.

    Parameters
    ----------
    place
        Gives the position of a worker in the arrays, None for one who has none.
    size
        Gives how many workers there are.
    zone
        The company's clock.
    """

    def __init__(self, place: Callable[[str], int | None], size: Callable[[], int], *, zone: tzinfo = UTC) -> None:
        self._place, self._size, self.zone = place, size, zone
        self.shifts: dict[str, dict[tuple[int, int], Shift]] = {}
        self.leave: dict[str, dict[date, Leave]] = {}
        self.bookings: dict[str, dict[str, Booking]] = {}
        self._by_day: dict[int, set[tuple[str, str]]] = {}
        self._longest = 1
        self._of_job: dict[str, int] = {}
        self._days: dict[tuple[int, str], DayPlan] = {}
        self._at_work: dict[int, AtWork] = {}

    def put_shifts(self, shifts: Iterable[Shift]) -> None:
        """Add or replace shifts."""
        for shift in shifts:
            self.shifts.setdefault(shift.worker, {})[shift.weekday, shift.start] = shift
            self._at_work.clear()
            self._days.clear()

    def put_leave(self, leave: Iterable[Leave]) -> None:
        """Add or replace leave; leave that was cancelled no longer counts."""
        for one in leave:
            own = self.leave.setdefault(one.worker, {})
            own.pop(one.first, None)
            if not one.cancelled:
                own[one.first] = one
            self._at_work.clear()
            self._days.clear()

    def put_bookings(self, bookings: Iterable[Booking]) -> None:
        """Add or replace bookings; one that was cancelled no longer counts."""
        for booking in bookings:
            own = self.bookings.setdefault(booking.worker, {})
            key = (booking.worker, booking.job)
            before = own.pop(booking.job, None)
            if before is not None:
                self._of_job[booking.job] -= 1
                self._by_day.get(self._day_of(before), set()).discard(key)
            if not booking.cancelled:
                own[booking.job] = booking
                self._longest = max(self._longest, ceil(booking.minutes / DAY))
                self._of_job[booking.job] = self._of_job.get(booking.job, 0) + 1
                self._by_day.setdefault(self._day_of(booking), set()).add(key)
            self._days.clear()

    def local(self, time: datetime) -> datetime:
        """Return a time on the company's clock."""
        return time.astimezone(self.zone)

    def minute(self, time: datetime, day: date) -> float:
        """Return a time as minutes after the midnight that begins `day`, negative before it."""
        local = self.local(time)
        return (local.date() - day).days * DAY + local.hour * 60 + local.minute + local.second / 60

    def time(self, day: date, minute: float) -> datetime:
        """Return the time, in UTC, at so many minutes after the midnight that begins `day`."""
        local = datetime(day.year, day.month, day.day, tzinfo=self.zone) + timedelta(minutes=minute)
        return local.astimezone(UTC)

    def has_shifts(self, worker: str) -> bool:
        """Return whether any shift of a worker is on record."""
        return bool(self.shifts.get(worker))

    def shifts_on(self, worker: str, day: date) -> list[Span]:
        """Return when a worker works on a day; the usual day where nothing is on record."""
        own = self.shifts.get(worker)
        if not own:
            return [Span(*USUAL_DAY)]
        return sorted(Span(one.start, one.end) for one in own.values() if _holds(one, day))

    def away_on(self, worker: str, day: date) -> Leave | None:
        """Return the leave a worker is on, None when she is not."""
        own = self.leave.get(worker, {}).values()
        return next((one for one in own if one.first <= day <= one.last), None)

    def bookings_on(self, worker: str, day: date, *, besides: str = "") -> list[Booking]:
        """Return what a worker is booked for on a day, by time, but for one job."""
        keys = self._by_day.get(day.toordinal(), set())
        own = [self.bookings[w][job] for w, job in keys if w == worker and job != besides]
        return sorted(own, key=lambda one: (one.start, one.job))

    def booked_between(self, first: date, last: date, *, besides: str = "") -> list[Booking]:
        """Return everybody's bookings that begin on these days, but for one job."""
        days = range(first.toordinal(), last.toordinal() + 1)
        return [self.bookings[w][job] for day in days for w, job in self._by_day.get(day, ()) if job != besides]

    def day(self, day: date, *, besides: str = "") -> DayPlan:
        """Return the day of all workers, without what they are booked for in one job."""
        key = (day.toordinal(), besides if self._of_job.get(besides) else "")
        plan = self._days.get(key)
        if plan is None or len(plan.booked) != self._size():
            if len(self._days) >= _CACHED_DAYS:
                self._days.clear()
            plan = self._days[key] = self._plan(day, key[1])
        return plan

    def _day_of(self, booking: Booking) -> int:
        return self.local(booking.start).date().toordinal()

    def _plan(self, day: date, besides: str) -> DayPlan:
        size, ordinal = self._size(), day.toordinal()
        at_work = self._at_work.get(ordinal)
        if at_work is None or len(at_work.away) != size:
            if len(self._at_work) >= _CACHED_DAYS:
                self._at_work.clear()
            at_work = self._at_work[ordinal] = self._shifts(day, size)
        gaps, booked, week, after, before = self._bookings(day, besides, size)
        return DayPlan(at_work.shifts, at_work.recorded, at_work.away, gaps, booked, week, after, before)

    def _shifts(self, day: date, size: int) -> AtWork:
        recorded, away = np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.bool_)
        rows: list[list[tuple[int, Span]]] = [[]]
        for worker, own in self.shifts.items():
            place = self._place(worker)
            if place is None or not own:
                continue
            recorded[place] = True
            for number, span in enumerate(self.shifts_on(worker, day)):
                if number == len(rows):
                    rows.append([])
                rows[number].append((place, span))
        shifts = []
        for number, mine in enumerate(rows):
            start, end = np.full(size, np.nan), np.full(size, np.nan)
            if number == 0:
                start[~recorded], end[~recorded] = USUAL_DAY
            if mine:
                index = np.array([place for place, _span in mine], dtype=np.intp)
                start[index] = [span.start for _place, span in mine]
                end[index] = [span.end for _place, span in mine]
            shifts.append((start, end))
        for worker in self.leave:
            place = self._place(worker)
            if place is not None and self.away_on(worker, day) is not None:
                away[place] = True
        return AtWork(tuple(shifts), recorded, away)

    def _bookings(
        self, day: date, besides: str, size: int
    ) -> tuple[tuple[Indices, Floats, Floats], Floats, Floats, Floats, Floats]:
        monday = day - timedelta(days=day.weekday())
        booked, week = np.zeros(size), np.zeros(size)
        after, before = np.full(size, -np.inf), np.full(size, np.inf)
        spans: dict[int, list[Span]] = {}
        reach = timedelta(days=self._longest + 1)  # what began then may last until now
        first, last = min(monday, day - reach), max(monday + timedelta(days=6), day + timedelta(days=2))
        for booking in self.booked_between(first, last, besides=besides):
            place = self._place(booking.worker)
            if place is None:
                continue
            start = self.minute(booking.start, day)
            end, on = start + booking.minutes, self.local(booking.start).date()
            if monday <= on <= monday + timedelta(days=6):
                week[place] += whole(booking.minutes)
            if on == day:
                booked[place] += whole(booking.minutes)
            elif on < day:
                after[place] = max(after[place], end)
            else:
                before[place] = min(before[place], start)
            if end > 0 and start < 2 * DAY:
                spans.setdefault(place, []).append(Span(start, end))
        return _gaps(spans), booked, week, after, before


def whole(minutes: float) -> float:
    """Return minutes as a multiple of 1/1024: sums of such are exact, whatever the order they are added in."""
    return round(minutes * 1024.0) / 1024.0


def _gaps(spans: dict[int, list[Span]]) -> tuple[Indices, Floats, Floats]:
    """Return (place, from, to) of the times between bookings, before the first and after the last."""
    places, starts, ends = [], [], []
    for place, own in spans.items():
        free = -np.inf
        for start, end in sorted(own):
            if start > free:
                places.append(place)
                starts.append(free)
                ends.append(start)
            free = max(free, end)
        places.append(place)
        starts.append(free)
        ends.append(np.inf)
    order = np.argsort(np.array(places, dtype=np.intp), kind="stable")
    columns = (np.array(places, dtype=np.intp), np.array(starts, dtype=float), np.array(ends, dtype=float))
    return columns[0][order], columns[1][order], columns[2][order]


def _holds(shift: Shift, day: date) -> bool:
    within = (shift.first is None or shift.first <= day) and (shift.last is None or day <= shift.last)
    return within and shift.weekday == day.weekday()


def first_fit(
    plan: DayPlan, minutes: float, *, opens: float, closes: float, rest: float, way: Floats | float = 0.0
) -> Floats:
    """Return the first minute at which each worker can begin, infinite where there is none, (workers,).

    Parameters
    ----------
    plan
        The day.
    minutes
        How long the job takes; one that is longer than a shift takes the whole of it.
    opens, closes
        The first and the last minute at which it may begin.
    rest
        Minutes of rest between work on different days.
    way
        Minutes from home, (workers,): the first way of a shift begins with the shift.
    """
    found = np.full(len(plan.booked), np.inf)
    way = np.broadcast_to(np.asarray(way), found.shape)
    place = plan.gaps[0]
    busy = np.zeros(len(found), dtype=np.bool_)
    busy[place] = True
    for first in range(0, len(found), BLOCK):
        rows = slice(first, first + BLOCK)
        low, high = np.maximum(opens, plan.after[rows] + rest), plan.before[rows] - rest
        for start, end in plan.shifts:
            begin = _fits(start[rows], end[rows], way[rows], minutes, low, high, closes)
            begin[busy[rows]] = np.inf
            np.minimum(found[rows], begin, out=found[rows])
    for first in range(0, len(place), BLOCK):
        rows = slice(first, first + BLOCK)
        here, gap_start, gap_end = place[rows], plan.gaps[1][rows], plan.gaps[2][rows]
        low = np.maximum(np.maximum(opens, plan.after[here] + rest), gap_start)
        high = np.minimum(plan.before[here] - rest, gap_end)
        for start, end in plan.shifts:
            begin = _fits(start[here], end[here], way[here], minutes, low, high, closes)
            np.minimum.at(found, here, begin)
    found[plan.away] = np.inf
    return found


def _fits(start: Floats, end: Floats, way: Floats, minutes: float, low: Floats, high: Floats, closes: float) -> Floats:
    """Return the first minute from `low` on at which the work fits into a shift and ends by `high`, else infinite."""
    ready = start + np.ceil(way / STEP) * STEP
    need = np.minimum(minutes, np.maximum(end - ready, 0.0))
    begin = np.maximum(ready, low)
    fits = (begin + need <= np.minimum(end, high)) & (begin <= closes) & (need > 0.0)
    return np.where(fits, begin, np.inf)
