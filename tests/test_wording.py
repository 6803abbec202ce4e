"""Texts that remember what they were made of stay plain English text wherever nobody asks for more."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from skillmatch.errors import Invalid, NotFound
from skillmatch.wording import Said, joined, said, said_list, said_many


@given(st.text(), st.floats(allow_nan=False, allow_infinity=False))
def test_a_text_is_what_str_format_makes_of_its_message(skill: str, level: float):
    message = "needs {skill} at {level:g}"
    assert said(message, skill=skill, level=level) == message.format(skill=skill, level=level)


@given(st.text())
def test_braces_in_a_value_are_no_places_for_values(skill: str):
    assert said("with {skill}", skill=f"{{{skill}}}") == f"with {{{skill}}}"


@given(st.text(), st.integers())
def test_it_comes_back_whole_from_a_pickle_and_a_copy(word: str, count: int):
    text = said("{inner}: {count}", inner=said("“{word}” is said", word=word), count=count)
    for again in (pickle.loads(pickle.dumps(text)), copy.deepcopy(text), copy.copy(text)):
        assert isinstance(again, Said)
        assert (again, again.message, dict(again.values)) == (text, text.message, dict(text.values))  # type: ignore[attr-defined]


def test_it_is_text_to_json_and_equal_to_the_same_text():
    text = said("left on {day}", day=date(2026, 11, 23))
    assert text == "left on 2026-11-23"
    assert hash(text) == hash("left on 2026-11-23")
    assert json.dumps({"reason": text}) == '{"reason": "left on 2026-11-23"}'


def test_one_and_many_are_told_apart():
    assert [said_many("{num:,} day ago", "{num:,} days ago", days) for days in (0, 1, 2, 1200)] == [
        "0 days ago", "1 day ago", "2 days ago", "1,200 days ago",
    ]  # fmt: skip


@given(st.lists(st.text(), min_size=1), st.sampled_from([", ", "; "]))
def test_a_list_reads_as_its_parts_joined(parts: list[str], separator: str):
    assert said_list(parts, separator) == separator.join(parts)
    assert joined(parts, "{first} and {second}") == " and ".join(parts)


def test_an_error_does_not_lose_what_its_text_was_made_of():
    error = Invalid(said("“{level}” is no level: choose one of the list", level="x"))
    assert isinstance(str(error), Said)
    assert isinstance(str(NotFound.named("worker", "ana", ["anna"])), Said)
    assert str(error) == f"{error}" == "“x” is no level: choose one of the list"
