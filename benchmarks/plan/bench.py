"""Many jobs for many workers: one slot each against the optimum, and whole days against giving out job after job."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import fmean

import numpy as np

from benchmarks.plan.instances import Slots, day, slots
from benchmarks.report import Report, Row
from skillmatch.errors import SkillmatchError
from skillmatch.matching.planning import Plan, Problem, assign_slots, check, greedy, prices, solve

DAYS = (1, 2, 3)
"""Seeds of the days; the first one gives the figures with a target."""
SECONDS, SHORT = 60.0, 10.0
AT_ONCE = 0.001
"""Seconds to search that leave only time for the first plan."""


def run(data: Path) -> Report:
    """Return the figures; nothing is read from the data folder."""
    days = [day(seed) for seed in DAYS]
    begun = time.perf_counter()
    accepted(days[0], solve(days[0], seconds=AT_ONCE))
    first = time.perf_counter() - begun
    solve(days[0], rounds=1)  # compiles, the first time on a machine
    before = [accepted(each, greedy(each)) for each in days]
    short = accepted(days[0], solve(days[0], seconds=SHORT))
    plans = [accepted(each, solve(each, seconds=SECONDS)) for each in days]
    gains = [plan.total / old.total - 1.0 for plan, old in zip(plans, before, strict=True)]
    plan, old = plans[0], before[0]
    rows = (
        *slot_rows(slots(1)),
        Row("day_seconds_to_feasible", "300 jobs, 80 workers: seconds to a plan that is checked", first, "s", "<= 2"),
        Row("day_gain_over_greedy", "points of the plan after 60 s over those of giving out job after job, less 1",
            gains[0], "", ">= 0.10", {"after 10 s": short.total / old.total - 1.0}),
        Row("day_mean_gain", f"the same, mean over {len(DAYS)} days", fmean(gains), "", "",
            {f"day {seed}": gain for seed, gain in zip(DAYS, gains, strict=True)}),
        Row("day_unassigned", "jobs that nobody does", len(plan.unassigned), "jobs", "",
            {"greedy": len(old.unassigned)}),
        Row("day_travel", "minutes travelled for a visit, mean", travel(plan), "min", "", {"greedy": travel(old)}),
        Row("day_share_of_bound", "points over a bound that knows no windows", plan.total / (plan.bound or np.nan),
            "", "",
            {"greedy": old.total / (plan.bound or np.nan)}),
        Row("day_rounds", "rounds of the search in a second", plan.rounds / plan.seconds, "/s"),
    )  # fmt: skip
    return Report("plan", rows, notes(days[0]))


def notes(problem: Problem) -> tuple[str, ...]:
    able = problem.allowed.sum(axis=1)
    work = float((problem.minutes * problem.crew).sum())
    time_there = sum(end - start for shifts in problem.shifts for start, end in shifts)
    return (
        f"The first day: {len(problem.jobs)} jobs, {int((problem.crew > 1).sum())} for crews of two,"
        f" {np.median(able):.0f} workers ({able.min()} to {able.max()}) may do a job; {work / 60.0:.0f} hours of work"
        f" without travel in {time_there / 60.0:.0f} hours of shifts; {len(problem.promised)} visits are promised and"
        f" kept by both, {len(problem.locked)} locked.",
        "Greedy: jobs in the order of priority, each to the best-ranked candidate who has time, at the earliest.",
    )


def accepted(problem: Problem, plan: Plan) -> Plan:
    """Return `plan` if the checker accepts it."""
    if wrong := check(problem, plan):
        raise SkillmatchError(f"the plan breaks rules: {'; '.join(wrong[:3])}")
    return plan


def travel(plan: Plan) -> float:
    """Return the minutes travelled for a visit, mean over visits and crews."""
    return fmean(way for terms in plan.terms for way in terms.ways)


def slot_rows(table: Slots) -> tuple[Row, ...]:
    """Return the figures of one slot for each of many workers."""
    gain = np.where(table.allowed, table.points + table.value[:, None], 0.0)
    best = optimum(gain)
    begun = time.perf_counter()
    found = assign_slots(table.points, table.allowed, table.value)
    seconds = time.perf_counter() - begun
    rows = np.flatnonzero(found.worker >= 0)
    if len(set(found.worker[rows])) < len(rows) or not table.allowed[rows, found.worker[rows]].all():
        raise SkillmatchError("the assignment uses somebody twice, or for what she may not do")
    begun = time.perf_counter()
    scarce = prices(table.points, table.allowed, table.value)
    price_seconds = time.perf_counter() - begun
    total = float(gain[rows, found.worker[rows]].sum())
    simpler = {"job after job": one_by_one(gain) / best, "best pair first": best_pair_first(gain) / best}
    return (
        Row("slots_share_of_optimum", "1,000 jobs and workers, a slot each: share of the optimum that OR-Tools finds by"
            " minimum cost flow", total / best, "", ">= 0.999", simpler),
        Row("slots_seconds", "the same: time to assign them, with dual prices", seconds, "s", "<= 10"),
        Row("prices_seconds", "what each worker costs the others, exactly", price_seconds, "s"),
        Row("prices_scarce", "workers whom the open jobs would miss", int((scarce.price > 0.0).sum()), "workers"),
    )  # fmt: skip


def optimum(gain: np.ndarray) -> float:
    """Return the best total as a flow of least cost, in thousandths of points."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    jobs, workers = gain.shape
    flow, source, sink = SimpleMinCostFlow(), jobs + workers, jobs + workers + 1
    for job in range(jobs):
        flow.add_arc_with_capacity_and_unit_cost(source, job, 1, 0)
        flow.add_arc_with_capacity_and_unit_cost(job, sink, 1, 0)
    for worker in range(workers):
        flow.add_arc_with_capacity_and_unit_cost(jobs + worker, sink, 1, 0)
    for job, worker in np.argwhere(gain > 0.0).tolist():
        flow.add_arc_with_capacity_and_unit_cost(job, jobs + worker, 1, -round(gain[job, worker] * 1000.0))
    flow.set_node_supply(source, jobs)
    flow.set_node_supply(sink, -jobs)
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise SkillmatchError(f"OR-Tools ended with status {status}: expected an optimum")
    return float(-flow.optimal_cost() / 1000.0)


def one_by_one(gain: np.ndarray) -> float:
    """Return the total when each job in turn takes the best worker who is left."""
    left, total = gain.copy(), 0.0
    for job in range(len(gain)):
        worker = int(left[job].argmax())
        total += float(left[job, worker])
        if left[job, worker] > 0.0:
            left[:, worker] = 0.0
    return total


def best_pair_first(gain: np.ndarray) -> float:
    """Return the total when the best pair that is left is taken again and again."""
    jobs, workers, total = set[int](), set[int](), 0.0
    for pair in np.argsort(-gain, axis=None, kind="stable"):
        job, worker = divmod(int(pair), gain.shape[1])
        if job not in jobs and worker not in workers:
            jobs.add(job)
            workers.add(worker)
            total += float(gain[job, worker])
    return total
