"""What a dispatcher does who gives out one job after the other: the baseline, and the first plan of every search."""

from __future__ import annotations

import numpy as np

from skillmatch.matching.planning.arrays import (
    AT,
    CLOSES,
    CREW,
    FROM,
    HOME,
    LEADS,
    NEAR,
    OPENS,
    PLACE,
    PLACED,
    POINTS,
    ROUTE,
    SIZE,
    UNTIL,
    VALUE,
    WORKER,
    Memory,
    State,
    World,
    options,
)
from skillmatch.matching.planning.model import EXACT, Floats
from skillmatch.matching.planning.routes import enter, gather, opening, put, worth


def fill_greedily(world: World, state: State, memory: Memory) -> None:
    """Give each job that is left to its best-ranked candidate who still has time, at the earliest.

    Jobs come in the order of value, then of id; candidates in the order of points with the way from home.
    """
    for job in np.lexsort((np.arange(len(world.job[VALUE])), -world.job[VALUE])):
        if state.marks[PLACED, job] or world.first[job] == world.first[job + 1]:
            continue
        workers = np.unique(world.shift[WORKER, options(world, job)])
        rank = _rank(world, int(job), workers)
        if world.task[CREW, job] == 1:
            _give(world, state, int(job), workers[np.argsort(-rank, kind="stable")])
        else:
            _give_to_crew(world, state, memory, int(job), dict(zip(workers.tolist(), rank.tolist(), strict=True)))


def _rank(world: World, job: int, workers: np.ndarray) -> Floats:
    homes = np.zeros(len(workers), dtype=np.int64)
    for i, worker in enumerate(workers):
        homes[i] = world.shift[HOME, np.searchsorted(world.shift[WORKER], worker)]
    return np.asarray(world.pair[POINTS, job, workers] + world.road[NEAR, homes, world.task[PLACE, job]])


def _give(world: World, state: State, job: int, workers: np.ndarray) -> None:
    found = options(world, job)
    for worker in workers:
        best = (np.inf, -1, -1)
        for route in found[world.shift[WORKER, found] == worker]:
            for spot in range(state.route[SIZE, route] + 1):
                first, until, _brings = opening(world, state, job, route, spot, world.job[CLOSES, job])
                start = max(first, world.job[OPENS, job])
                if start <= until + EXACT:
                    best = min(best, (float(start), int(route), spot))
        if best[1] >= 0:
            _enter(world, state, job, [best[1:]], np.nan)
            return


def _give_to_crew(world: World, state: State, memory: Memory, job: int, rank: dict[int, float]) -> None:
    """Send the best-ranked candidate who has time together with enough others, and the best-ranked of these."""
    count = gather(world, state, memory, job)
    routes, spots = memory.owners[ROUTE, :count].tolist(), memory.owners[AT, :count].tolist()
    workers = world.shift[WORKER, memory.owners[ROUTE, :count]].tolist()
    firsts, lasts = memory.starts[FROM, :count].tolist(), memory.starts[UNTIL, :count].tolist()
    spans = list(zip(workers, firsts, lasts, zip(routes, spots, strict=True), strict=True))
    starts = sorted({span[1] for span in spans})
    for anchor in sorted(rank, key=lambda worker: (-rank[worker], worker)):
        for start in starts:
            free = {worker: seat for worker, first, until, seat in spans if first <= start + EXACT and start <= until}
            crew = _crew(world, job, anchor, sorted(free, key=lambda worker: (-rank[worker], worker)))
            if crew:
                _enter(world, state, job, [free[worker] for worker in crew], start)
                return


def _crew(world: World, job: int, anchor: int, free: list[int]) -> list[int]:
    size = int(world.task[CREW, job])
    if anchor not in free or len(free) < size:
        return []
    crew = [anchor, *(worker for worker in free if worker != anchor)][:size]
    if not world.pair[LEADS, job, crew].any():
        leaders = [worker for worker in free if world.pair[LEADS, job, worker]]
        crew = [*crew[:-1], leaders[0]] if leaders else []
    return crew


def _enter(world: World, state: State, job: int, seats: list[tuple[int, int]], start: float) -> None:
    enter(world, state, job, 0.0, False, start)
    for seat, (route, spot) in enumerate(seats):
        put(world, state, job, seat, route, spot)
    state.total[0] += worth(world, state, job)
