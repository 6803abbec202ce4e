"""JSON lines lose nothing, and are written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.beliefs.evidence import KINDS, Evidence, JobOutcome, SelfReport
from skillmatch.beliefs.observation import Result
from skillmatch.importers import jsonl
from skillmatch.importers.columns import NOUN_KINDS
from skillmatch.importers.draft import Draft, Unfit
from skillmatch.importers.records import TYPES, from_record, to_record
from skillmatch.model import (
    AllOf,
    AnyOf,
    CertificationRequirement,
    Job,
    JobType,
    LanguageRequirement,
    Noun,
    Requirement,
    Skill,
    Worker,
)
from tests.importers.sample import NOW, load, put, told
from tests.importers.strategies import EVIDENCE, facts, nouns


def bits(value: Any) -> str:
    """Return a value in words that differ when any bit of a number does; -0.0 and 0.0 are equal, but not the same."""
    return repr(value)


def read_back(path: Path) -> list[Noun | Evidence]:
    draft = Draft()
    jsonl.read(path, draft)
    assert draft.problems == []
    return [thing for rows in draft.rows.values() for thing in rows.things]


@given(st.one_of(nouns, facts))
def test_every_noun_and_fact_comes_back_to_the_bit(thing: Noun | Evidence) -> None:
    line = json.dumps(to_record(thing), ensure_ascii=False, allow_nan=False)
    back = from_record(json.loads(line))
    assert back == thing
    assert bits(back) == bits(thing)


def test_every_kind_of_evidence_is_among_the_made_up_ones() -> None:
    assert set(EVIDENCE) == set(KINDS.values())


@given(st.lists(facts, max_size=8))
def test_a_log_comes_back_in_its_order(tmp_path_factory: pytest.TempPathFactory, log: list[Evidence]) -> None:
    path = tmp_path_factory.mktemp("log") / "log.jsonl"
    assert jsonl.write(path, [], log) == len(log)
    assert (read_back(path) if log else []) == log


def test_versions_of_one_fact_stay_in_their_order(tmp_path: Path) -> None:
    first = SelfReport(id="1", worker="ana", time=NOW, source="hr", skill="cooling", level=3.0)
    log = [first, replace(first, level=4.0), first]
    jsonl.write(tmp_path / "log.jsonl", [], log)
    batch = load(tmp_path / "log.jsonl")
    assert batch.problems == []
    assert batch.evidence == log


def test_a_packed_file_is_read_like_any_other(tmp_path: Path) -> None:
    batch = load(put(tmp_path / "all.jsonl.gz", '{"type": "skill", "id": "welding", "name": "Welding"}\n\n'))
    assert batch.skills == [Skill("welding", "Welding")]


def test_a_job_keeps_its_type_beside_the_type_of_the_record() -> None:
    record = to_record(Job("j", "Repair", type="repair"))
    assert (record["type"], record["job_type"]) == ("job", "repair")


def test_every_type_of_record_has_a_table_and_a_class() -> None:
    assert set(TYPES.values()) == {kind.cls for kind in NOUN_KINDS} == set(get_args(Noun))


def test_choices_of_needs_say_whether_any_or_all_are_needed() -> None:
    needs = (AnyOf((Requirement("a"), AllOf((LanguageRequirement("de"), CertificationRequirement("b", 2))))),)
    record = to_record(JobType("t", "T", needs))
    assert record["requirements"] == [
        {"any": [{"skill": "a"}, {"all": [{"language": "de"}, {"type": "b", "count": 2}]}]}
    ]
    assert from_record(record) == JobType("t", "T", needs)


def test_needs_in_needs_without_end_are_refused(tmp_path: Path) -> None:
    deep = '{"all": [' * 400 + '{"skill": "a"}' + "]}" * 400
    text = f'{{"type": "job", "id": "x", "title": "X", "requirements": [{deep}]}}\n'
    (problem,) = load(put(tmp_path / "a.jsonl", text)).problems
    assert problem.found == "objects nested too deep, or a number too long"


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ('{"type": "worker", "id": "x", "name": 5}', "5", "text without NUL"),
        ('{"type": "worker", "id": "x", "name": "a\\u0000"}', "'a\\x00'", "text without NUL"),
        ('{"type": "worker", "id": "x", "name": "X", "capacity": true}', "true", "a number"),
        ('{"type": "worker", "id": "x", "name": "X", "capacity": 1e999}', "Infinity", "a number"),
        ('{"type": "worker", "id": "x", "name": "X", "capacity": 1' + "0" * 400 + "}", "1" + "0" * 79, "a number"),
        ('{"type": "worker", "id": "x", "name": "X", "home": [1, 2]}', "a list", "an object"),
        ('{"type": "worker", "id": "x", "name": "X", "home": {"latitude": 1}}', "nothing", "a value for 'longitude'"),
        ('{"type": "worker", "id": "x", "name": "X", "languages": "en"}', "'en'", "a list"),
        ('{"type": "worker", "id": "x", "name": "X", "active_from": "2026-02-30"}', "'2026-02-30'", "a date such as"),
        ('{"type": "job", "id": "x", "title": "X", "priority": 1.5}', "1.5", "a whole number"),
        ('{"type": "job", "id": "x", "title": "X", "status": "opne"}', "'opne'", "one of open, done, cancelled"),
        (
            '{"type": "job", "id": "x", "title": "X", "requirements": [{"skill": "a", "levle": 2}]}',
            "'levle'",
            "'level'",
        ),
        (
            '{"type": "job", "id": "x", "title": "X", "requirements": [{"any": [{"skill": "a"}]}]}',
            "1 req",
            "at least two",
        ),
        ('{"type": "job", "id": "x", "title": "X", "requirements": [{"any": {"skill": "a"}}]}', "an object", "a list"),
        ('{"type": "customer", "id": "x", "name": "X", "until": [["ana"]]}', "a list", "a list of two"),
        ('{"type": "customer", "id": "x", "name": "X", "until": [["ana", 3]]}', "3", "a date such as"),
        ('{"type": "shift", "worker": "ana", "weekday": 7, "start": 0, "end": 9}', "weekday 7", "0 (Monday) to 6"),
        ('{"type": "shift", "worker": "ana", "weekday": 1, "start": 90, "end": 9}', "01:30 to 00:09", "22:00 to 30:00"),
        (
            '{"type": "leave", "worker": "ana", "first": "2026-03-02", "last": "2026-03-01"}',
            "2026-03-02 to",
            "not before",
        ),
        ('{"type": "leave", "worker": "ana", "first": "2026-03-02"}', "nothing", "a value for 'last'"),
        (
            '{"type": "booking", "job": "j1", "worker": "ana", "start": "2026-03-01", "minutes": 9}',
            "01'",
            "with its zone",
        ),
        ('{"type": "evidence", "kind": "gossip"}', "'gossip'", "one of job_outcome"),
        ('{"type": "evidence", "kind": "self_report", "facts": 3}', "3", "an object"),
        ('{"type": "evidence", "kind": "self_report", "id": "1"}', "nothing", "the source of the fact"),
        ('{"type": 3}', "'3'", "one of skill, link"),
        ("[" * 100_000, "objects nested too deep", "one JSON object on a line"),
        ('{"type": "skill", "id": ' + "1" * 5000 + "}", "objects nested too deep, or a number too long", "one JSON"),
    ],
)
def test_a_value_of_the_wrong_form_is_told(tmp_path: Path, text: str, found: str, expected: str) -> None:
    (problem,) = load(put(tmp_path / "a.jsonl", text + "\n")).problems
    assert problem.line == 1
    assert found in problem.found
    assert expected in problem.expected


def test_demands_of_an_outcome_must_be_lists() -> None:
    record = to_record(JobOutcome(id="1", worker="a", time=NOW, job="j", result=Result.REWORK))
    record["facts"]["demands"] = [["cooling", 3, 1, 9]]
    with pytest.raises(Unfit) as error:
        from_record(record)
    assert error.value.expected == "a list of skill, level, weight"


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = put(tmp_path / "all.jsonl", "old")

    def broken() -> Iterator[Noun]:
        yield Worker("ana", "Ana")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        jsonl.write(path, broken(), [])
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_bad_line_does_not_keep_the_others_out(tmp_path: Path) -> None:
    text = '{"type": "skill", "id": "a", "name": "A"}\n{oops\n{"type": "skill", "id": "b", "name": "B"}\n'
    batch = load(put(tmp_path / "all.jsonl", text))
    assert [skill.id for skill in batch.skills] == ["a", "b"]
    assert told(batch) == [
        "all.jsonl:2: found '{oops' (Expecting property name enclosed in double quotes at character 2); "
        "expected one JSON object on a line"
    ]
