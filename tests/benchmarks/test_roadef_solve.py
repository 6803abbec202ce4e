"""The solver finds what trying everything finds, and all it writes is allowed."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from benchmarks.__main__ import data_folder, main
from benchmarks.roadef import bench
from benchmarks.roadef.checker import Verdict, check
from benchmarks.roadef.instance import Instance, read_instance
from benchmarks.roadef.outsourcing import Unsolvable
from benchmarks.roadef.solution import Solution, read_solution, write_solution
from benchmarks.roadef.solve import solve, solve_simply
from tests.benchmarks.roadef_small import best_cost, case, draw_instance, job, person, write_instance


def verdict(folder: Path, instance: Instance, solution: Solution) -> Verdict:
    write_instance(instance, folder)
    write_solution(solution, folder)
    return check(folder, folder)


@pytest.mark.parametrize("seed", range(12))
def test_the_best_cost_of_a_small_instance_is_found(tmp_path: Path, seed: int) -> None:
    instance = draw_instance(seed)
    found = verdict(tmp_path, instance, solve(instance, rounds=1500))
    assert found == Verdict(best_cost(instance, days=4), ())


@pytest.mark.parametrize("seed", range(12))
def test_the_simple_plan_is_allowed(tmp_path: Path, seed: int) -> None:
    instance = draw_instance(seed)
    assert verdict(tmp_path, instance, solve_simply(instance)).violations == ()


def test_the_same_seed_and_rounds_give_the_same_solution() -> None:
    instance = draw_instance(3)
    assert solve(instance, rounds=200, seed=5) == solve(instance, rounds=200, seed=5)


def test_two_technicians_join_where_one_does_not_do(tmp_path: Path) -> None:
    instance = case([job(1, 30, needs=(2, 1))], [person(1, 1), person(2, 2), person(3, 1)])
    solution = solve(instance, rounds=50)
    assert len(solution.teams[0][1]) == 2
    assert verdict(tmp_path, instance, solution) == Verdict(29 * 30, ())


def test_nothing_is_planned_on_a_day_when_those_who_can_are_away(tmp_path: Path) -> None:
    instance = case([job(1, 30, needs=(1, 1))], [person(1, 1), person(2, 2, away=[1, 2])])
    assert verdict(tmp_path, instance, solve(instance, rounds=50)) == Verdict(29 * 270, ())


def test_the_budget_goes_where_it_saves_most(tmp_path: Path) -> None:
    jobs = [job(1, 120, priority=1), job(2, 120, priority=2, after=[1]), job(3, 120, priority=3)]
    instance = case(jobs, [person(1, 2)], budget=100)
    # 1 and 2 together are beyond the budget; without 2 there are two days of work left, and with 2 only three.
    found = verdict(tmp_path, instance, solve(instance, rounds=200))
    assert found == Verdict(28 * 120 + 4 * 240 + 240, ())


def test_what_nobody_can_do_is_hired_out_with_its_successors(tmp_path: Path) -> None:
    jobs = [job(1, needs=(2, 0)), job(2, after=[1]), job(3)]
    instance = case(jobs, [person(1, 2)], budget=200)
    solution = solve(instance, rounds=20)
    assert [visit.intervention for visit in solution.visits] == [3]
    assert verdict(tmp_path, instance, solution).violations == ()


def test_without_the_budget_for_what_nobody_can_do_there_is_no_solution() -> None:
    instance = case([job(1, needs=(2, 0))], [person(1, 2)], budget=99)
    with pytest.raises(Unsolvable, match=r"cannot do the interventions \[1\].*costs 100, the budget is 99"):
        solve(instance, rounds=20)


def test_everything_may_be_hired_out(tmp_path: Path) -> None:
    instance = case([job(1, needs=(2, 0))], [person(1, 2)], budget=100)
    assert verdict(tmp_path, instance, solve(instance, rounds=20)) == Verdict(0, ())


@pytest.fixture
def data() -> Path:
    folder = data_folder(None)
    if not all((folder / file).is_file() for file in bench.FILES):
        pytest.skip(f"no roadef2007 in the data folder {folder}: benchmarks/README.md says where to get it")
    return folder


def test_search_beats_the_simple_plan_on_a_published_instance(data: Path, tmp_path: Path) -> None:
    folder = data / bench.FOLDER / "data3"
    instance = read_instance(folder)
    costs = []
    for name, solution in (("own", solve(instance, rounds=1500)), ("simple", solve_simply(instance))):
        write_solution(solution, tmp_path / name)
        assert read_solution(tmp_path / name) == solution
        costs.append(check(folder, tmp_path / name).cost)
    assert None not in costs
    assert bench.BEST_KNOWN["data3"] <= costs[0] < costs[1]


def test_the_benchmark_writes_an_allowed_solution_for_each_instance(data, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(bench, "run", functools.partial(bench.run, seconds=0.05))
    assert main(["roadef", "--data", str(data), "--out", str(tmp_path)]) == 0
    assert "10 of 10" in capsys.readouterr().out
    for name in bench.BEST_KNOWN:
        assert check(data / bench.FOLDER / name, tmp_path / name).violations == ()
