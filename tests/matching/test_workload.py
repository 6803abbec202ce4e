"""Load in the weeks to come: the numbers of ranking, leave, and days without a free one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.matching.workload import longest_run, outside, workload
from skillmatch.model import Leave, Shift, Worker
from tests.kit.build import booking, view, week

MONDAY = date(2026, 6, 1)


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def test_load_and_full_load_are_those_that_ranking_weighs():
    seen = view(
        workers=[Worker("anna", "Anna", capacity=30.0), Worker("ben", "Ben", capacity=0.0)],
        needs=(),
        day=MONDAY,
        work=[("anna", MONDAY - timedelta(days=3), 95.0), ("anna", MONDAY - timedelta(days=40), 500.0)],
        bookings=[booking(start=at(MONDAY, 9), minutes=75.5), booking(job="k", start=at(MONDAY, 8), minutes=1.0)],
    )
    found = workload(seen.roster, MONDAY)
    assert found.load.tolist() == seen.load.tolist() == [171.5, 0.0]
    assert found.full.tolist() == seen.full_load.tolist()


def test_what_is_booked_counts_in_the_week_in_which_it_begins():
    starts = [MONDAY, MONDAY + timedelta(days=6), MONDAY + timedelta(days=7), MONDAY + timedelta(days=30)]
    bookings = [booking(job=str(n), start=at(day, 9), minutes=60.0 * 2**n) for n, day in enumerate(starts)]
    seen = view(workers=[Worker("anna", "Anna")], needs=(), bookings=bookings)
    assert workload(seen.roster, MONDAY + timedelta(days=2)).booked.tolist() == [[180.0, 240.0, 0.0, 0.0]]


@pytest.mark.parametrize(
    ("shifts", "leave", "hours"),
    [
        ([], [], 40.0),
        ([], [(0, 0)], 32.0),
        ([], [(5, 6)], 40.0),
        ([], [(0, 6)], 0.0),
        (week(days=[0, 1]), [(1, 1)], 20.0),
        ([Shift("anna", 0, 480, 720), Shift("anna", 1, 480, 1200)], [(0, 0)], 30.0),
        (week(days=[5]), [], 40.0),
    ],
)
def test_leave_takes_its_share_of_the_weeks_shifts(shifts: list[Shift], leave: list[tuple[int, int]], hours: float):
    away = [Leave("anna", MONDAY + timedelta(days=first), MONDAY + timedelta(days=last)) for first, last in leave]
    seen = view(workers=[Worker("anna", "Anna", capacity=40.0)], needs=(), shifts=shifts, leave=away)
    assert workload(seen.roster, MONDAY).there[0, 0] == pytest.approx(hours * 60)


def test_who_leaves_on_a_wednesday_is_there_until_then():
    worker = Worker("anna", "Anna", active_to=MONDAY + timedelta(days=2))
    found = workload(view(workers=[worker], needs=()).roster, MONDAY)
    assert found.there[0].tolist() == pytest.approx([24 * 60.0, 0.0, 0.0, 0.0])


def run_by_hand(days: set[int]) -> int:
    """Return the longest run of consecutive days that reaches yesterday (-1) or later."""
    best = 0
    for last in days:
        first = last
        while first - 1 in days:
            first -= 1
        if last >= -1:
            best = max(best, last - first + 1)
    return best


@given(st.sets(st.integers(-10, 9)))
def test_the_longest_run_is_that_counted_by_hand(days: set[int]):
    work = np.array([[day in days for day in range(-10, 10)]])
    assert longest_run(work, 10)[0] == run_by_hand(days)


def test_work_done_and_booked_without_a_free_day_is_one_run():
    done = [("anna", MONDAY - timedelta(days=back), 60.0) for back in range(1, 13)]
    bookings = [booking(job=str(n), start=at(MONDAY + timedelta(days=n), 9)) for n in range(4)]
    seen = view(workers=[Worker("anna", "Anna")], needs=(), work=done, bookings=bookings, day=MONDAY)
    assert workload(seen.roster, MONDAY).run.tolist() == [16]


@pytest.mark.parametrize(
    ("day", "start", "end", "out"),
    [(0, 480, 1020, False), (0, 470, 500, True), (0, 1000, 1030, True), (5, 600, 660, True)],
)
def test_work_outside_of_the_usual_day_is_out_of_hours(day: int, start: int, end: int, out: bool):
    calendar = view(workers=[Worker("anna", "Anna")], needs=()).roster.calendar
    assert outside(calendar, "anna", MONDAY + timedelta(days=day), start, end) is out


def test_a_shift_on_saturday_makes_saturday_ordinary():
    calendar = view(workers=[Worker("anna", "Anna")], needs=(), shifts=week(days=[5])).roster.calendar
    saturday = MONDAY + timedelta(days=5)
    assert not outside(calendar, "anna", saturday, 600, 660)
    assert outside(calendar, "anna", MONDAY, 600, 660)
