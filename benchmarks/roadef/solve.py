"""Solve an instance within a given time.

Whether it pays to finish the first, the second or the third priority before the others differs from instance to
instance, and a search does not get from one such regime to another. So each order of the priorities gets a plan and a
share of the time; the best go on.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import permutations

import numpy as np

from benchmarks.roadef.instance import Instance
from benchmarks.roadef.outsourcing import candidates, unavoidable
from benchmarks.roadef.plan import Floats, Plan, World, cost, empty_plan, ends, new_desk
from benchmarks.roadef.repair import Manner, put_all
from benchmarks.roadef.search import Trail, explore
from benchmarks.roadef.solution import Solution
from benchmarks.roadef.translate import as_solution, build_world, planned

PHASES = ((6, 0.3), (3, 0.3), (1, 0.4))
"""How many of the best plans go on in each phase, and their share of the time."""
HOT, COLD = 0.005, 0.0002
"""Temperature at the beginning and at the end of a phase, relative to the cost."""
PACE = 0.05
"""Seconds of searching between two looks at the clock."""
SPARE_DAYS = 2
"""Days that a search may use beyond those of the first plans."""
HIRED_SETS = 40
"""Sets to hire out that are tried when there is a budget."""
URGENT = 1e6
"""Lifts the rank of an intervention above any amount of work."""


@dataclass(frozen=True, slots=True)
class Run:
    """A search: what it hires out, its arrays, its order of priorities as ranks, its plans and its best cost."""

    hired: frozenset[int]
    world: World
    rank: Floats
    trail: Trail
    cost: float


@dataclass(frozen=True, slots=True)
class Allowance:
    """How long a search may go on: `rounds`, or where that is None `seconds`."""

    seconds: float
    rounds: int | None

    def part(self, share: float) -> Allowance:
        return Allowance(self.seconds * share, None if self.rounds is None else max(1, int(self.rounds * share)))


def solve(instance: Instance, *, seconds: float = 60.0, seed: int = 0, rounds: int | None = None) -> Solution:
    """Return the best solution found.

    Parameters
    ----------
    seconds
        How long to search, above 0; the first plans, some hundredths of a second, come on top. So does the compiler,
        half a minute in the first process that ever solves something here: `warm_up` gets that out of the way.
    seed
        The same seed and `rounds` give the same solution.
    rounds
        Changes to try, instead of `seconds`.

    Raises
    ------
    Unsolvable
        When interventions that nobody can do cost more than the budget for hiring out.
    """
    if not planned(instance, unavoidable(instance)):
        return Solution((), ())
    rng = np.random.default_rng(seed)
    runs = list(first_runs(instance, rng))
    allowance = Allowance(seconds, rounds)
    for count, share in PHASES:
        runs = sorted(runs, key=lambda run: run.cost)[:count]
        runs = [anneal(run, allowance.part(share / len(runs)), rng) for run in runs]
    best = min(runs, key=lambda run: run.cost)
    return as_solution(instance, best.hired, best.trail.best)


def solve_simply(instance: Instance) -> Solution:
    """Return a plan made in one go: by priority, each intervention as early as possible, hired out only what must be.

    It is what `solve` is compared with.

    Raises
    ------
    Unsolvable
        As `solve`.
    """
    hired = unavoidable(instance)
    if not planned(instance, hired):
        return Solution((), ())
    world = build_world(instance, hired)
    plan, _ = construct(world, ranks(world, (0, 1, 2)), np.random.default_rng(0))
    return as_solution(instance, hired, plan)


def warm_up(instance: Instance) -> None:
    """Have everything compiled."""
    solve(instance, rounds=1)
    solve_simply(instance)


def first_runs(instance: Instance, rng: np.random.Generator) -> Iterator[Run]:
    """Yield a run for each order of the priorities, with the set to hire out that suits it best."""
    worlds = [(hired, build_world(instance, hired)) for hired in candidates(instance, HIRED_SETS, rng)]
    for order in permutations(range(3)):
        found: list[tuple[float, int, frozenset[int], World, Floats, Plan]] = []
        for hired, world in worlds:
            rank = ranks(world, order)
            plan, price = construct(world, rank, rng)
            found.append((price, len(found), hired, world, rank, plan))
        price, _, hired, world, rank, plan = min(found)
        days = int(plan.day.max()) + 1 + SPARE_DAYS
        world, plan = world._replace(away=world.away[:days]), first_days(plan, days)
        yield Run(hired, world, rank, Trail(*(first_days(plan, days) for _ in Trail._fields)), price)


def ranks(world: World, order: tuple[int, ...]) -> Floats:
    """Return the rank of each intervention, higher is earlier, when priorities are served in `order`.

    Who is waited for has at least the rank of who waits.
    """
    standing = {priority: len(order) - at for at, priority in enumerate(order)}
    rank = np.array([standing.get(int(priority), 0) for priority in world.priority], dtype=np.float64)
    while True:
        before = rank.copy()
        for i in range(rank.size):
            later = world.after[world.after_at[i] : world.after_at[i + 1]]
            rank[i] = max(rank[i], rank[later].max(initial=0))
        if np.array_equal(rank, before):
            return rank


def construct(world: World, rank: Floats, rng: np.random.Generator) -> tuple[Plan, float]:
    """Return a plan made in one go by rank and work, and its cost."""
    plan, desk = empty_plan(world), new_desk(world)
    put_all(world, plan, Manner(rank * URGENT + world.work, 0.0, 0.0, 0.0), desk, rng)
    ends(world, plan, desk.found)
    return plan, float(cost(world, desk.found))


def first_days(plan: Plan, days: int) -> Plan:
    """Return a copy of a plan that has only so many days."""
    by_intervention = ("day", "team", "start")
    return Plan(
        *(array.copy() if name in by_intervention else array[:days].copy() for name, array in plan._asdict().items())
    )


def anneal(run: Run, allowance: Allowance, rng: np.random.Generator) -> Run:
    """Return a run after a search from where it stood, from hot to cold."""
    desk = new_desk(run.world)
    best, done, chunk, begun = run.cost, 0, 1, time.perf_counter()
    while (progress := share_done(allowance, done, begun)) < 1.0:
        if allowance.rounds is not None:
            chunk = max(1, allowance.rounds // 100)
        temperature = max(best, 1.0) * HOT * (COLD / HOT) ** progress
        looked = time.perf_counter()
        best = float(explore(run.world, run.trail, desk, run.rank, chunk, temperature, rng))
        done += chunk
        chunk = 2 * chunk if time.perf_counter() - looked < PACE / 2 else chunk
    return replace(run, cost=best)


def share_done(allowance: Allowance, done: int, begun: float) -> float:
    if allowance.rounds is not None:
        return done / allowance.rounds
    return (time.perf_counter() - begun) / allowance.seconds
