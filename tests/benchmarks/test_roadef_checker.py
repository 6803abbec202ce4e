"""The checker knows the cost of a solution and finds each kind of violation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.roadef.checker import RULES, Verdict, check
from benchmarks.roadef.solution import Solution, Visit, write_solution
from tests.benchmarks.roadef_small import case, job, person, write_instance

INSTANCE = case(
    [
        job(1, 60, priority=1, needs=(2, 1)),
        job(2, 30, priority=2, after=[1]),
        job(3, 45, priority=3, needs=(1, 1)),
        job(4, 120, priority=4, after=[2]),
        job(5, 15, priority=1, cost=80),
        job(6, 15, priority=1, cost=80, after=[5]),
    ],
    [person(1, 2), person(2, 1), person(3, 2, away=[2])],
    budget=160,
)
VISITS = (Visit(1, 1, 0, 1), Visit(2, 1, 60, 1), Visit(3, 1, 0, 2), Visit(4, 2, 0, 1))
TEAMS = (((), (1, 2), (3,)), ((3, 2), (1,)))
ALLOWED = Solution(VISITS, TEAMS)


def verdict(folder: Path, solution: Solution) -> Verdict:
    write_instance(INSTANCE, folder / "instance")
    write_solution(solution, folder / "solution")
    return check(folder / "instance", folder / "solution")


def test_the_cost_weighs_the_end_of_each_priority_and_of_everything(tmp_path: Path) -> None:
    assert verdict(tmp_path, ALLOWED) == Verdict(28 * 60 + 14 * 90 + 4 * 45 + 240, ())


def test_a_priority_that_does_not_occur_costs_nothing(tmp_path: Path) -> None:
    write_instance(case([job(1, 60, priority=2)], [person(1, 1)]), tmp_path)
    write_solution(Solution((Visit(1, 1, 0, 1),), (((), (1,)),)), tmp_path)
    assert check(tmp_path, tmp_path) == Verdict(14 * 60 + 60, ())


def moved(number: int, **change: int) -> Solution:
    """Return the allowed solution with one visit changed."""
    return replace(ALLOWED, visits=tuple(replace(v, **change) if v.intervention == number else v for v in VISITS))


BROKEN = {
    "day": (moved(4, start=1), "intervention 4 is on day 2 from 1 to 121"),
    "overlap": (moved(2, start=59), "team 1 does interventions 1 and 2 at once on day 1"),
    "precedence": (moved(2, start=0, team=2), "intervention 2 starts before its predecessor 1 has ended"),
    "hired successor": (
        replace(ALLOWED, visits=(*VISITS, Visit(6, 2, 0, 1))),
        "intervention 6 is done although its predecessor 5 is hired out",
    ),
    "budget": (replace(ALLOWED, visits=VISITS[:-1]), "hiring out costs 260, the budget is 160"),
    "team": (moved(3, team=4), "intervention 3 is given to team 4 of day 1, which does not exist"),
    "skills": (
        replace(ALLOWED, teams=(((), (1, 3), (2,)), TEAMS[1])),
        "intervention 3: 0 instead of 1 of level 2 in domain 1",
    ),
    "two teams": (
        replace(ALLOWED, teams=(((), (1, 2), (3, 2)), TEAMS[1])),
        "technician 2 is in the teams 1 and 2 of day 1",
    ),
    "everybody": (replace(ALLOWED, teams=(TEAMS[0], ((3,), (1,)))), "technician 2 is in no team on day 2"),
    "away": (replace(ALLOWED, teams=(TEAMS[0], ((2,), (1, 3)))), "technician 3 is in team 1 of day 2, but away"),
}


def test_every_rule_is_broken_in_a_test() -> None:
    assert BROKEN.keys() == RULES.keys()


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_is_found(tmp_path: Path, rule: str) -> None:
    solution, text = BROKEN[rule]
    found = verdict(tmp_path, solution)
    assert found.cost is None
    assert (rule, text) in {(each.rule, each.text) for each in found.violations}


def test_who_is_listed_twice_in_a_team_counts_once(tmp_path: Path) -> None:
    found = verdict(tmp_path, replace(ALLOWED, teams=(((2,), (1, 1), (3,)), TEAMS[1])))
    assert "skills" in {each.rule for each in found.violations}


def test_team_zero_does_not_work(tmp_path: Path) -> None:
    found = verdict(tmp_path, replace(moved(3, team=0), teams=(((3,), (1, 2)), TEAMS[1])))
    assert [each.rule for each in found.violations] == ["team"]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("interv_dates", "1 1 0\n"),
        ("interv_dates", "1 1 0 1\n1 1 60 1\n"),
        ("interv_dates", "9 1 0 1\n"),
        ("tech_teams", "1 [ ] [ 1 2 3 ]\n"),
        ("tech_teams", "#1 [ ] [ 1 2 3\n"),
        ("tech_teams", "#1 [ ] [ 1 b 3 ]\n"),
        ("tech_teams", "#1 [ 1 2 3 ]\n#1 [ 1 2 3 ]\n"),
    ],
)
def test_files_that_cannot_be_understood_are_a_violation(tmp_path: Path, file: str, text: str) -> None:
    write_instance(INSTANCE, tmp_path)
    write_solution(ALLOWED, tmp_path)
    (tmp_path / file).write_text(text)
    found = check(tmp_path, tmp_path)
    assert found.cost is None
    assert [each.rule for each in found.violations] == ["format"]
    assert file in found.violations[0].text


def test_a_missing_file_is_a_violation(tmp_path: Path) -> None:
    found = check(write_instance(INSTANCE, tmp_path), tmp_path)
    assert [each.rule for each in found.violations] == ["format"]
