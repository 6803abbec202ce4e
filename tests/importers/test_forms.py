"""Values as they stand in cells."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.beliefs.observation import Result
from skillmatch.importers import forms
from skillmatch.importers.draft import Unfit


@pytest.mark.parametrize(
    ("cell", "level"),
    [("3", 3.0), ("3.5", 3.5), ("3,5", 3.5), ("+3", 3.0), (".5", 0.5), ("0", 0.0), ("5.", 5.0), ("5e-1", 0.5)],
)
def test_a_level_may_have_a_point_or_a_comma(cell: str, level: float) -> None:
    assert forms.LEVEL.parse(cell) == level


@pytest.mark.parametrize(
    "cell", ["nan", "inf", "-0.1", "5.01", "1_0", "0x3", "3;5", "1.000,5", "٣", "1e999", "three", ""]
)
def test_what_is_no_level_is_refused(cell: str) -> None:
    with pytest.raises(Unfit) as error:
        forms.LEVEL.parse(cell)
    assert error.value.expected == "a level from 0 to 5"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_comes_back_to_the_bit(number: float) -> None:
    assert repr(forms.NUMBER.parse(forms.write_number(number))) == repr(number)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T08:30", datetime(2026, 3, 1, 8, 30, tzinfo=UTC)),
        ("2026-03-01 08:30:15", datetime(2026, 3, 1, 8, 30, 15, tzinfo=UTC)),
        ("2026-03-01T08:30Z", datetime(2026, 3, 1, 8, 30, tzinfo=UTC)),
        ("2026-03-01T08:30:00.250+01:00", datetime(2026, 3, 1, 7, 30, 0, 250_000, tzinfo=UTC)),
    ],
)
def test_a_time_without_a_zone_is_in_utc(cell: str, expected: datetime) -> None:
    found = forms.TIME.parse(cell)
    assert found == expected
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "cell", ["01.03.2026", "3/1/2026", "2026-02-30", "yesterday", "0001-01-01T00:00+14:00", "45000.5"]
)
def test_what_is_no_time_is_refused(cell: str) -> None:
    with pytest.raises(Unfit, match="a time such as"):
        forms.TIME.parse(cell)


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_comes_back_to_the_microsecond(time: datetime) -> None:
    assert forms.TIME.parse(forms.TIME.write(time)) == time


def test_a_midnight_is_a_date_and_another_hour_is_not() -> None:
    assert forms.DATE.parse("2026-03-01 00:00:00") == date(2026, 3, 1)
    with pytest.raises(Unfit):
        forms.DATE.parse("2026-03-01 00:00:01")


@pytest.mark.parametrize("cell", ["first-time fix", "First Time Fix", "FIRST_TIME_FIX", "firsttimefix"])
def test_a_choice_may_be_spelt_in_many_ways(cell: str) -> None:
    assert forms.choice(Result).parse(cell) is Result.FIRST_TIME_FIX


@pytest.mark.parametrize("cell", ["", "a\tb", "x" * 201])
def test_what_is_no_id_is_refused(cell: str) -> None:
    with pytest.raises(Unfit):
        forms.ID.parse(cell)
