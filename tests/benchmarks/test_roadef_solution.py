"""Solutions are written in the files of the challenge and read back."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.roadef.solution import MalformedSolution, Solution, Visit, read_solution, write_solution

SOLUTION = Solution(
    (Visit(1, 2, 0, 1), Visit(2, 1, 15, 2), Visit(4, 1, 0, 1)),
    (((3,), (1, 2), (4,)), ((), (1, 2, 3, 4))),
)


def test_a_solution_is_written_in_the_format_of_the_challenge(tmp_path: Path) -> None:
    write_solution(SOLUTION, tmp_path / "new")
    assert (tmp_path / "new/interv_dates").read_text() == "1 2 0 1\n2 1 15 2\n4 1 0 1\n"
    assert (tmp_path / "new/tech_teams").read_text() == "#1 [ 3 ] [ 1 2 ] [ 4 ]\n#2 [ ] [ 1 2 3 4 ]\n"


def test_a_solution_is_read_back_as_it_was(tmp_path: Path) -> None:
    write_solution(SOLUTION, tmp_path)
    assert read_solution(tmp_path) == SOLUTION


@pytest.mark.parametrize(
    ("file", "text", "reason"),
    [
        ("interv_dates", "1 2 0\n", "line 1: expected four whole numbers"),
        ("interv_dates", "1 2 0 1\n2 1 x 2\n", "line 2: expected four whole numbers"),
        ("tech_teams", "1 [ 3 ] [ 1 2 ]\n", "line 1: expected a line such as '#1"),
        ("tech_teams", "#1 [ 3 [ 1 2 ]\n", "line 1: expected a line such as '#1"),
        ("tech_teams", "#1 [ ] [ 1 ]\n#3 [ ] [ 1 ]\n", "line 2: expected day 2, found day 3"),
    ],
)
def test_a_malformed_solution_is_refused_with_a_reason(tmp_path: Path, file, text, reason) -> None:
    write_solution(SOLUTION, tmp_path)
    (tmp_path / file).write_text(text)
    with pytest.raises(MalformedSolution, match=reason):
        read_solution(tmp_path)
