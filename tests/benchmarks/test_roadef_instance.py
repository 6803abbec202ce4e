"""Instances of the ROADEF 2007 challenge are read as they stand, and malformed files are refused with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.roadef.instance import MalformedInstance, read_instance
from tests.benchmarks.roadef_small import case, job, person, write_instance

SMALL = case(
    [job(1, 15, priority=3, cost=250), job(2, 120, after=[1], needs=(2, 1))],
    [person(1, 2, away=[1, 3]), person(2, 1)],
    budget=300,
)


def test_an_instance_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert read_instance(write_instance(SMALL, tmp_path)) == SMALL


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("instance", "small 1 2 2 2 300", "small 1 2 2", "expected a name and the numbers"),
        ("instance", "small 1 2 2 2 300", "small 1 2 2 two 300", "expected whole numbers"),
        ("instance", "small 1 2 2 2 300", "small 1 0 2 2 300", "expected at least one domain, level"),
        ("instance", "small 1 2 2 2 300", "small 1 2 2 5 300", "found 2 interventions, but .* announces 5"),
        ("interv_list", "1 15 [ ]", "1 15", "expected one list in brackets"),
        ("interv_list", "1 15 [ ]", "7 15 [ ]", "expected the number 1 first"),
        ("interv_list", "1 15 [ ]", "1 121 [ ]", "expected a duration from 1 to 120; found 121"),
        ("interv_list", "1 15 [ ] 3", "1 15 [ ] 5", "expected a priority from 1 to 4; found 5"),
        ("interv_list", "250 1 0", "250 1", "2 requirements; found 2 numbers before the brackets and 3 behind"),
        ("interv_list", "250 1 0", "250 1 -1", "negative"),
        ("interv_list", "[ 1 ]", "[ 3 ]", "intervention 2: there is no intervention 3"),
        ("interv_list", "1 15 [ ]", "1 15 [ 2 ]", r"the interventions \[1, 2\] wait for each other"),
        ("tech_list", "2 1 [ ]", "2 3 [ ]", r"expected levels from 0 to 2; found \[3\]"),
        ("tech_list", "2 1 [ ]", "2 1 1 [ ]", "expected number, 1 levels"),
        ("tech_list", "[ 1 3 ]", "[ 0 3 ]", "days count from 1; found 0"),
    ],
)
def test_a_malformed_file_is_refused_with_a_reason(tmp_path: Path, file, old, new, reason) -> None:
    write_instance(SMALL, tmp_path)
    text = (tmp_path / file).read_text()
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new))
    with pytest.raises(MalformedInstance, match=reason):
        read_instance(tmp_path)
