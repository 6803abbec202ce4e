"""What stands before planning begins: locks, and promises that can be kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from skillmatch.errors import Invalid
from skillmatch.matching.planning.arrays import (
    BEGINS,
    CLOSES,
    CREW,
    ENDS,
    FIXED,
    LEADS,
    LOW,
    MINUTES,
    OPENS,
    PLACED,
    PROMISE,
    PROMISED_TO,
    WORKER,
    State,
    World,
    empty_state,
    route_jobs,
)
from skillmatch.matching.planning.model import EXACT, SAME_TIME, Problem, Visit
from skillmatch.matching.planning.routes import enter, opening, put, worth


def settled(problem: Problem, world: World, *, keep_promised: bool) -> State:
    """Return the plan that holds the locks, and the promises that can be kept beside them; both are fixed.

    Promises that exclude each other are kept in the order of value, then of job.

    Raises
    ------
    Invalid
        When a lock lies outside the shifts of its workers or cannot be reached after another one.
    """
    state = empty_state(world)
    for visit in sorted(problem.locked, key=lambda each: (each.start, each.job)):
        job = problem.jobs.index(visit.job)
        routes = _routes(problem, world, visit)
        spots = [_spot(world, state, job, route, visit.start) for route in routes]
        for route, spot, worker in zip(routes, spots, visit.workers, strict=True):
            if spot is None:
                raise Invalid(_why(problem, world, state, visit, worker, route))
        _fix(problem, world, state, visit, routes, [spot or 0 for spot in spots])
    if keep_promised:
        rank = {id: (-problem.value[row], id) for row, id in enumerate(problem.jobs)}
        for visit in sorted(problem.promised, key=lambda each: rank[each.job]):
            _keep(problem, world, state, visit)
    return state


def _keep(problem: Problem, world: World, state: State, visit: Visit) -> None:
    """Fix a promised visit if it still breaks no rule and fits beside what is fixed."""
    job = problem.jobs.index(visit.job)
    workers = [problem.workers.index(id) for id in visit.workers if id in problem.workers]
    if state.marks[PLACED, job] or np.isnan(world.job[PROMISE, job]) or not problem.allowed[job, workers].all():
        return
    if world.task[CREW, job] > 1 and not world.pair[LEADS, job, workers].any():
        return
    if not world.job[OPENS, job] <= visit.start <= world.job[CLOSES, job]:
        return
    routes = _routes(problem, world, visit)
    spots = [_spot(world, state, job, route, visit.start) for route in routes]
    if None not in spots:
        _fix(problem, world, state, visit, routes, [spot or 0 for spot in spots])


def _fix(
    problem: Problem, world: World, state: State, visit: Visit, routes: Sequence[int], spots: Sequence[int]
) -> None:
    job = problem.jobs.index(visit.job)
    workers = [problem.workers.index(id) for id in visit.workers]
    as_promised = bool(
        world.pair[PROMISED_TO, job, workers].all() and abs(world.job[PROMISE, job] - visit.start) <= SAME_TIME
    )
    enter(world, state, job, 0.0, as_promised, visit.start)
    for seat, (route, spot) in enumerate(zip(routes, spots, strict=True)):
        put(world, state, job, seat, route, spot)
    state.total[0] += worth(world, state, job)
    world.task[FIXED, job] = True


def _routes(problem: Problem, world: World, visit: Visit) -> list[int]:
    """Return the route of each worker whose shift holds the visit, -1 where there is none."""
    minutes = world.job[MINUTES, problem.jobs.index(visit.job)]
    holds = (world.span[BEGINS] <= visit.start + EXACT) & (visit.start + minutes <= world.span[ENDS] + EXACT)
    found = (np.flatnonzero(holds & (world.shift[WORKER] == problem.workers.index(id))) for id in visit.workers)
    return [int(routes[0]) if routes.size else -1 for routes in found]


def _spot(world: World, state: State, job: int, route: int, start: float) -> int | None:
    """Return where in `route` a visit at `start` fits; None when it does not."""
    if route < 0:
        return None
    spot = int(np.searchsorted(state.limits[LOW, route_jobs(state, route)], start, side="right"))
    first, until, _brings = opening(world, state, job, route, spot, start)
    return spot if first <= start + EXACT and start <= until + EXACT else None


def _why(problem: Problem, world: World, state: State, visit: Visit, worker: str, route: int) -> str:
    begin = f"the lock on job {visit.job!r} with worker {worker!r} at minute {visit.start:g}"
    if route < 0:
        return f"{begin} lies outside her shifts: expected one that holds the whole job; move the lock or the shift"
    others = [problem.jobs[job] for job in route_jobs(state, route)]
    if not others:
        return f"{begin} leaves too little time for the way between home and the job; move the lock or the shift"
    return (
        f"{begin} overlaps with the lock on job {', '.join(map(repr, others))}, or leaves no time for the way:"
        " expected enough time in between; move one of the locks or give it to somebody else"
    )
