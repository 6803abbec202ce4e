"""From arrays to a plan: starts, terms, and totals, calculated anew from the problem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from skillmatch.matching.planning.arrays import (
    BEGINS,
    HIGH,
    HOME,
    LOW,
    MINUTES,
    PLACE,
    PLACED,
    POINTS,
    PROMISE,
    PROMISED_TO,
    SIZE,
    VALUE,
    WAY,
    WORKER,
    State,
    World,
    crew_routes,
    route_jobs,
)
from skillmatch.matching.planning.model import SAME_TIME, Plan, Problem, Terms, Unassigned, Visit
from skillmatch.matching.planning.reasons import reasons


def finish(problem: Problem, world: World, state: State) -> Plan:
    """Return the plan that `state` holds; `problem` is the one in order that `world` was made of."""
    start = starts(world, state)
    rows = [int(job) for job in np.flatnonzero(state.marks[PLACED])]
    rows.sort(key=lambda job: (start[job], problem.jobs[job]))
    ways = _ways(world, state)
    promised = {visit.job: visit for visit in problem.promised}
    visits, terms = [], []
    for job in rows:
        routes = crew_routes(world, state, job)
        routes.sort(key=lambda route: problem.workers[world.shift[WORKER, route]])
        visit = Visit(problem.jobs[job], tuple(problem.workers[world.shift[WORKER, r]] for r in routes), start[job])
        visits.append(visit)
        change = change_of(promised.get(visit.job), visit, problem.change_cost)
        terms.append(_terms(problem, world, job, routes, ways, change))
    unassigned = tuple(
        Unassigned(id, text, key, others, change_of(promised.get(id), None, problem.change_cost))
        for id, key, text, others in reasons(problem, world, state, start)
    )
    total = sum(each.total for each in terms) + sum(each.change for each in unassigned)
    kept = tuple(sorted(v.job for v in visits if v.job in promised and is_kept(promised[v.job], v)))
    return Plan(tuple(visits), tuple(terms), unassigned, float(total), kept=kept)


def is_kept(promise: Visit, visit: Visit) -> bool:
    """Return whether `visit` is what was promised: the same workers, at the same time or nearly."""
    return set(promise.workers) == set(visit.workers) and abs(promise.start - visit.start) <= SAME_TIME + 1e-6


def change_of(promise: Visit | None, visit: Visit | None, cost: float) -> float:
    """Return the points that a broken promise costs, 0 or below."""
    return 0.0 if promise is None or (visit is not None and is_kept(promise, visit)) else -float(cost)


def starts(world: World, state: State) -> Mapping[int, float]:
    """Return when each visit begins: as early as possible, or as promised where that is later and fits."""
    found: dict[int, float] = {}
    for route in range(len(world.shift[WORKER])):
        time, place = world.span[BEGINS, route], world.shift[HOME, route]
        for i in range(state.route[SIZE, route]):
            job = int(state.visits[route, i])
            start = max(time + world.road[WAY, place, world.task[PLACE, job]], state.limits[LOW, job])
            if state.limits[LOW, job] == state.limits[HIGH, job]:
                start = state.limits[LOW, job]
            elif world.pair[PROMISED_TO, job, world.shift[WORKER, route]]:
                start = max(start, min(world.job[PROMISE, job], state.late[route, i]))
            found[job] = float(start)
            time, place = start + world.job[MINUTES, job], world.task[PLACE, job]
    return found


def _ways(world: World, state: State) -> Mapping[tuple[int, int], float]:
    """Return the minutes travelled to each (job, route)."""
    found: dict[tuple[int, int], float] = {}
    for route in range(len(world.shift[WORKER])):
        place = world.shift[HOME, route]
        for job in route_jobs(state, route):
            found[job, route] = float(world.road[WAY, place, world.task[PLACE, job]])
            place = world.task[PLACE, job]
    return found


def _terms(
    problem: Problem,
    world: World,
    job: int,
    routes: Sequence[int],
    ways: Mapping[tuple[int, int], float],
    change: float,
) -> Terms:
    minutes = tuple(ways[job, route] for route in routes)
    near = [problem.travel_weight * (1.0 - min(way / problem.travel_scale, 1.0)) for way in minutes]
    score = float(np.mean([world.pair[POINTS, job, world.shift[WORKER, route]] for route in routes]))
    return Terms(float(world.job[VALUE, job]), score, float(np.mean(near)), change, minutes)
