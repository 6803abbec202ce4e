"""Linear programs as plain arrays: the combination of routes, and a bound above every plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from skillmatch.matching.planning.arrays import (
    BEGINS,
    CREW,
    ENDS,
    HOME,
    MINUTES,
    PLACE,
    PLACED,
    POINTS,
    VALUE,
    WAY,
    WORKER,
    State,
    World,
    crew_routes,
    options,
)
from skillmatch.matching.planning.model import Floats, Indices, Problem


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """Maximise `gain` times x with `low <= A x <= high`, x from 0 to 1; A is given by `rows`, `columns`, `values`."""

    gain: Floats
    rows: Indices
    columns: Indices
    values: Floats
    low: Floats
    high: Floats


class Rows:
    """The rows of a program, one after the other."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.columns: list[int] = []
        self.values: list[float] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def add(self, entries: list[tuple[int, float]], low: float, high: float) -> None:
        """Add a row with the (column, value) `entries`."""
        for column, value in entries:
            self.rows.append(len(self.low))
            self.columns.append(column)
            self.values.append(value)
        self.low.append(low)
        self.high.append(high)

    def program(self, gain: list[float]) -> Program:
        """Return the program that maximises `gain`."""
        return Program(
            np.array(gain, dtype=np.float64),
            np.array(self.rows, dtype=np.int64),
            np.array(self.columns, dtype=np.int64),
            np.array(self.values, dtype=np.float64),
            np.array(self.low, dtype=np.float64),
            np.array(self.high, dtype=np.float64),
        )


def bounding(problem: Problem, world: World, fixed: State) -> Program:
    """Return a program whose optimum is above the total of every plan.

    Of each shift only its length counts: the work in it, each time with the shortest way to it from anywhere that the
    worker can come from, is no longer than the shift. Jobs may be divided, windows and broken promises are forgotten.
    """
    # A lock may stand where its job alone could not be reached in time, after another one.
    routes = [sorted({*options(world, job).tolist(), *seats}) for job, seats in enumerate(_seats(world, fixed))]
    rows, gain = Rows(), list[float]()
    work: list[list[tuple[int, float]]] = [[] for _ in range(world.shift.shape[1])]
    shortest = _shortest_ways(world, routes)
    for job in range(world.job.shape[1]):
        crew, mine = int(world.task[CREW, job]), []
        for route in routes[job]:
            way = shortest[int(world.shift[WORKER, route])][job]
            near = problem.travel_weight * (1.0 - min(way / problem.travel_scale, 1.0))
            points = world.job[VALUE, job] + world.pair[POINTS, job, world.shift[WORKER, route]] + near
            mine.append((len(gain), 1.0))
            work[route].append((len(gain), float(world.job[MINUTES, job] + way)))
            gain.append(float(points) / crew)
        if mine:
            rows.add(mine, -np.inf, float(crew))
    for route, entries in enumerate(work):
        if entries:
            rows.add(entries, -np.inf, float(world.span[ENDS, route] - world.span[BEGINS, route]))
    return rows.program(gain)


def _seats(world: World, fixed: State) -> list[list[int]]:
    """Return the routes of each job that is fixed, none for the others."""
    placed = fixed.marks[PLACED]
    return [crew_routes(world, fixed, job) if placed[job] else [] for job in range(len(placed))]


def _shortest_ways(world: World, routes: list[list[int]]) -> list[Floats]:
    """Return for each worker the shortest way to each place of a job, from home or another job of hers: (jobs,)."""
    able: dict[int, set[int]] = {int(worker): set() for worker in world.shift[WORKER]}
    for job in range(world.job.shape[1]):
        for route in routes[job]:
            able[int(world.shift[WORKER, route])].add(job)
    found: list[Floats] = []
    homes = dict(zip(world.shift[WORKER].tolist(), world.shift[HOME].tolist(), strict=True))
    for worker in range(world.pair.shape[2]):
        jobs = sorted(able.get(worker, ()))
        ways = np.full(world.job.shape[1], 0.0)
        if jobs:
            places = world.task[PLACE, jobs]
            between = world.road[WAY][np.ix_(places, places)].copy()
            np.fill_diagonal(between, np.inf)
            ways[jobs] = np.minimum(between.min(axis=0), world.road[WAY][homes[worker], places])
        found.append(ways)
    return found
