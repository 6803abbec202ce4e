"""Values survive the way into a row and back."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.errors import Invalid
from skillmatch.store.rows import check_text, chunks, micros, moment, printable, to_json


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_comes_back_to_the_microsecond(time: datetime):
    assert moment(micros(time)) == time


@given(st.recursive(st.floats(allow_nan=False) | st.text(), st.lists))
def test_json_is_plain_ascii_and_comes_back_as_it_was(value: object):
    assert to_json(value).isascii()
    assert json.loads(to_json(value)) == value


def test_chunks_hold_everything_in_order():
    assert list(chunks(range(7), 3)) == [[0, 1, 2], [3, 4, 5], [6]]
    assert list(chunks([], 3)) == []


@pytest.mark.parametrize("text", ["plain", "Zoë\n", "🔧", None, 7])
def test_ordinary_values_are_accepted(text: object):
    check_text(text, "the name")


@pytest.mark.parametrize(("text", "found"), [("a\0b", "NUL"), ("a\ud800", "half a character")])
def test_a_text_no_database_can_keep_is_refused(text: str, found: str):
    with pytest.raises(Invalid, match=f"the name contains .*{found}"):
        check_text(text, "the name")


def test_only_printable_texts_can_be_ids():
    assert printable("anna", "Zoë 7")
    assert not printable("anna", "a\0")
