"""Technicians and interventions: how near to the best known plans for the ROADEF 2007 challenge come."""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from benchmarks.report import Report, Row
from benchmarks.roadef import instance as instances
from benchmarks.roadef.checker import Verdict, check
from benchmarks.roadef.instance import read_instance
from benchmarks.roadef.solution import Solution, write_solution
from benchmarks.roadef.solve import solve, solve_simply, warm_up

FOLDER = Path("roadef2007/A")
BEST_KNOWN = {
    "data1": 2340, "data2": 4755, "data3": 11880, "data4": 13452, "data5": 28845,
    "data6": 18795, "data7": 30540, "data8": 16920, "data9": 27348, "data10": 38296,
}  # fmt: skip
"""The lowest costs that are published for set A."""
FILES = tuple(str(FOLDER / name / file) for name in BEST_KNOWN for file in instances.FILES)
SECONDS = 60.0
NOT_ALLOWED = 3.0
"""The cost, relative to the best known, that stands for a solution which is not allowed."""


@dataclass(frozen=True, slots=True)
class Result:
    """What the checker says of an instance's solution and of the simple one, and how long the former took."""

    name: str
    verdict: Verdict
    simple: Verdict
    seconds: float


def run(data: Path, out: Path | None = None, *, seconds: float = SECONDS) -> Report:
    """Return the figures; the data folder holds `roadef2007/`.

    Parameters
    ----------
    out
        Where to write the solutions, a folder for each instance; nowhere when None.
    seconds
        How long to search for each instance's solution.
    """
    warm_up(read_instance(data / FOLDER / "data1"))
    with tempfile.TemporaryDirectory() as scratch:
        results = [measure(data / FOLDER / name, out or Path(scratch), Path(scratch) / "simple", seconds)
                   for name in BEST_KNOWN]  # fmt: skip
    gaps = [gap(result.name, result.verdict) for result in results]
    simple_gaps = [gap(result.name, result.simple) for result in results]
    feasible = sum(result.verdict.cost is not None for result in results)
    rows = (
        Row("feasible", "instances whose solution the checker accepts", feasible, "of 10", f">= {len(results)}"),
        Row("mean_gap", "cost over the best known, minus 1, mean", fmean(gaps), "", "<= .08",
            {"by priority, first fit": fmean(simple_gaps)}),
        Row("worst_gap", "the same, worst instance", max(gaps), "", "<= .20",
            {"by priority, first fit": max(simple_gaps)}),
        Row("seconds", "longest time for one instance", max(result.seconds for result in results), "s"),
        *(cost_row(result) for result in results),
    )  # fmt: skip
    notes = (
        f"{seconds:g} s for each instance on one core, machine code made before",
        "a solution that is not allowed counts as three times the best known cost",
        *(f"{result.name}: {each.rule}: {each.text}" for result in results for each in result.verdict.violations),
    )
    return Report("roadef", rows, notes)


def measure(folder: Path, out: Path, scratch: Path, seconds: float) -> Result:
    """Return what the checker says of the solution files for an instance, which are written below `out`."""
    found = read_instance(folder)
    begun = time.perf_counter()
    solution = solve(found, seconds=seconds)
    taken = time.perf_counter() - begun
    verdict = written_and_checked(solution, folder, out)
    print(f"{folder.name}: {verdict.cost}, best known {BEST_KNOWN[folder.name]}", file=sys.stderr, flush=True)
    return Result(folder.name, verdict, written_and_checked(solve_simply(found), folder, scratch), taken)


def written_and_checked(solution: Solution, folder: Path, out: Path) -> Verdict:
    write_solution(solution, out / folder.name)
    return check(folder, out / folder.name)


def gap(name: str, verdict: Verdict) -> float:
    if verdict.cost is None:
        return NOT_ALLOWED - 1.0
    return verdict.cost / BEST_KNOWN[name] - 1.0


def cost_row(result: Result) -> Row:
    """Return the cost for an instance beside the best known and that of the simple way."""
    known = BEST_KNOWN[result.name]
    costs = {
        name: float(NOT_ALLOWED * known if verdict.cost is None else verdict.cost)
        for name, verdict in (("own", result.verdict), ("simple", result.simple))
    }
    baselines = {"best known": float(known), "by priority, first fit": costs["simple"]}
    return Row(f"cost_{result.name}", f"cost of {result.name}", costs["own"], "", "", baselines)
