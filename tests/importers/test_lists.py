"""Lists in a cell, and lists with days."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.importers.draft import Unfit
from skillmatch.importers.lists import parse_dated, parse_list, write_dated, write_list
from tests.importers.strategies import days, ids, some, texts


@given(some(texts))
def test_a_list_comes_back_as_it_was(items: tuple[str, ...]) -> None:
    assert parse_list(write_list(items)) == items


def test_an_item_needs_no_quotes_for_what_only_requirements_know() -> None:
    assert write_list(["Python (programming)", "C++", "a | b"]) == "Python (programming); C++; a | b"


@given(st.lists(st.tuples(ids, days), max_size=4, unique_by=lambda pair: pair[0]).map(tuple))
def test_a_list_with_days_comes_back_as_it_was(items: tuple[tuple[str, date], ...]) -> None:
    assert parse_dated(write_dated(items)) == items


def test_the_day_stands_after_the_last_colon() -> None:
    assert parse_dated('team:ana : 2026-12-31; "b;c":2027-01-31;') == (
        ("team:ana", date(2026, 12, 31)),
        ("b;c", date(2027, 1, 31)),
    )


@pytest.mark.parametrize("cell", ["ana", "ana:", ": 2026-12-31", "ana: 2026-02-30", "ana: soon", '"ana: 2026-12-31'])
def test_what_is_no_list_with_days_is_refused(cell: str) -> None:
    with pytest.raises(Unfit):
        parse_dated(cell)


def test_one_item_has_one_day() -> None:
    with pytest.raises(Unfit, match="'ana' twice"):
        parse_dated("ana: 2026-12-31; ana: 2027-12-31")
