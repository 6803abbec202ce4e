"""Who has how much to do: hours booked in the weeks to come against those she is there, and days without a break."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from skillmatch.beliefs.table import Floats, Indices
from skillmatch.matching.arrays import Flags
from skillmatch.matching.calendar import Calendar
from skillmatch.matching.roster import WINDOW, Roster

LONGEST_RUN = 14
"""More days in a row than that with work, without a free one, are pointed out."""
USUAL_WEEKDAYS = 5
"""Who has no shift on record is taken to work from Monday to Friday."""


@dataclass(frozen=True, slots=True, eq=False)
class Workload:
    """What everybody has to do. Arrays are (workers,) in the table's order, or (workers, weeks).

    `mondays` begin the weeks; `booked` are the minutes promised to jobs, `there` those of her capacity that leave does
    not take. `load` are the minutes of the last four weeks with those booked in this one and `full` her capacity
    of four weeks: the numbers that ranking weighs as load. `run` is how many days in a row, up to today or later, have
    work and no free day between them.
    """

    mondays: tuple[date, ...]
    booked: Floats
    there: Floats
    load: Floats
    full: Floats
    run: Indices


def workload(roster: Roster, today: date, *, weeks: int = 4) -> Workload:
    """Return what everybody has to do in this week and the next ones, as of `today`."""
    first = today - timedelta(days=today.weekday())
    mondays = tuple(first + timedelta(weeks=number) for number in range(weeks))
    booked = np.stack([roster.calendar.day(monday).week for monday in mondays], axis=1)
    there = np.stack([_there(roster, monday) for monday in mondays], axis=1)
    load = roster.load(today) + roster.calendar.day(today).week
    full = np.maximum(roster.capacity * (60.0 * WINDOW / 7), 60.0)
    return Workload(mondays, booked, there, load, full, longest_run(_days_with_work(roster, today, weeks * 7), WINDOW))


def _there(roster: Roster, monday: date) -> Floats:
    """Return the minutes of her capacity in a week for which each worker is there: without leave, and while employed.

    Leave takes the share of the week's shifts that fall on its days.
    """
    hours, there = np.zeros(len(roster.table)), np.zeros(len(roster.table))
    for number in range(7):
        day = monday + timedelta(days=number)
        plan = roster.calendar.day(day)
        own = np.zeros(len(roster.table))
        for start, end in plan.shifts:
            own += np.nan_to_num(end - start)
        if number >= USUAL_WEEKDAYS:
            own[~plan.recorded] = 0.0
        hours += own
        there += np.where(plan.away | ~roster.active_on(day), 0.0, own)
    # Who has no shift in this week is not there, whatever her capacity.
    share = np.divide(there, hours, out=np.zeros_like(there), where=hours > 0.0)
    return np.asarray(roster.capacity * 60.0 * share)


def _days_with_work(roster: Roster, today: date, ahead: int) -> Flags:
    """Return on which days everybody worked or is booked, (workers, days), from `WINDOW` days before today on."""
    first = today.toordinal() - WINDOW
    flags = np.zeros((len(roster.table), WINDOW + ahead), dtype=np.bool_)
    for worker, ordinal, _minutes in roster.done():
        place = roster.table.place(worker)
        if place is not None and first <= ordinal <= today.toordinal():
            flags[place, ordinal - first] = True
    last = today + timedelta(days=ahead - 1)
    calendar = roster.calendar
    for booking in calendar.booked_between(today - timedelta(days=WINDOW), last):
        place = roster.table.place(booking.worker)
        if place is not None:
            flags[place, calendar.local(booking.start).date().toordinal() - first] = True
    return flags


def longest_run(work: Flags, today: int) -> Indices:
    """Return for each row of `work` (workers, days) the longest run of days with work that ends on `today` or later.

    `today` is the number of a column. While today may still bring work, a run up to yesterday counts.
    """
    run, longest = np.zeros(len(work), dtype=np.intp), np.zeros(len(work), dtype=np.intp)
    for number in range(work.shape[1]):
        run = np.where(work[:, number], run + 1, 0)
        if number >= today - 1:
            longest = np.maximum(longest, run)
    return longest


def outside(calendar: Calendar, worker: str, day: date, start: float, end: float) -> bool:
    """Return whether work from one minute of a day to another lies, in part, outside of the shifts of a worker."""
    spans = calendar.shifts_on(worker, day)
    usual = calendar.has_shifts(worker) or day.weekday() < USUAL_WEEKDAYS
    return not usual or not any(span.start <= start and end <= span.end for span in spans)
