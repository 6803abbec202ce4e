"""Weekdays and times of day in a cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.importers.draft import Unfit
from skillmatch.importers.weekly import parse_days, parse_end, parse_time, write_days
from skillmatch.model import clock


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("mon", (0,)),
        ("Mon-Fri", (0, 1, 2, 3, 4)),
        ("mon; wed; fri", (0, 2, 4)),
        ("FRI; Monday - tue", (0, 1, 4)),
        ("fri-mon", (0, 4, 5, 6)),
        ("mon-sun", (0, 1, 2, 3, 4, 5, 6)),
        ("mon; mon-tue;", (0, 1)),
    ],
)
def test_days_are_named_one_by_one_or_from_one_to_another(cell: str, days: tuple[int, ...]) -> None:
    assert parse_days(cell) == days


@given(st.sets(st.integers(0, 6), min_size=1))
def test_days_come_back_as_they_were(days: set[int]) -> None:
    assert parse_days(write_days(sorted(days))) == tuple(sorted(days))


@pytest.mark.parametrize("cell", ["", ";", "1", "mo", "mon,tue", "mon-", "-", "mon-wed-fri", "montag"])
def test_what_is_no_day_is_refused(cell: str) -> None:
    with pytest.raises(Unfit, match="days such as"):
        parse_days(cell)


@given(st.integers(0, 1439))
def test_a_time_of_day_comes_back_as_it_was(minutes: int) -> None:
    assert parse_time(clock(minutes)) == parse_end(clock(minutes)) == minutes


@pytest.mark.parametrize(("cell", "minutes"), [("7:30", 450), ("07:30:00", 450), ("00:00", 0)])
def test_a_time_may_lack_a_nought_or_have_seconds(cell: str, minutes: int) -> None:
    assert parse_time(cell) == minutes


@pytest.mark.parametrize(("cell", "minutes"), [("24:00", 1440), ("30:00", 1800), ("48:00", 2880)])
def test_an_end_over_midnight_has_hours_above_24(cell: str, minutes: int) -> None:
    assert parse_end(cell) == minutes
    with pytest.raises(Unfit, match="a time of day such as"):
        parse_time(cell)


@pytest.mark.parametrize("cell", ["7.30", "730", "07:60", "48:01", "-1:00", "07:30:15", "half past", "٠٧:٣٠"])
def test_what_is_no_time_of_day_is_refused(cell: str) -> None:
    with pytest.raises(Unfit):
        parse_end(cell)
