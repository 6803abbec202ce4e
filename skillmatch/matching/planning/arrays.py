"""A planning problem as arrays: what never changes, a plan in the making, and what is remembered about insertions.

A *route* is one shift of one worker with its visits in order. Routes are sorted by worker and time, and jobs and
workers by id, so that whoever comes first also wins a tie. What is *fixed* (locked, or promised and kept) never leaves
its route.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from skillmatch.matching.planning.model import Flags, Floats, Indices, Problem

NOBODY = -1
VALUE, MINUTES, OPENS, CLOSES, PROMISE = range(5)
PLACE, CREW, FIXED = range(3)
WORKER, HOME = range(2)
BEGINS, ENDS = range(2)
POINTS, LEADS, PROMISED_TO = range(3)
WAY, NEAR = range(2)
SIZE, STAMP, BROKEN = range(3)
PLACED, KEPT = range(2)
LOW, HIGH = range(2)
SPOT, KEEPS, SEEN = range(3)
GAIN, NEXT, START = range(3)
CREW_KEEPS, CREW_SEEN = range(2)
ROUTE, AT = range(2)
FROM, UNTIL, BRINGS = range(3)
"""Rows of the arrays below. They are few because each one more makes compiling longer, and every call slower."""


class World(NamedTuple):
    """What never changes.

    By job: `job` (`VALUE`, `MINUTES`, `OPENS`, `CLOSES`, and `PROMISE`, the start promised, NaN for none), `task`
    (`PLACE`, `CREW`, `FIXED`), and `first` (jobs + 1): where its options begin in `option`, the routes that could hold
    it alone. By route: `shift` (`WORKER`, `HOME`, a place) and `span` (`BEGINS`, `ENDS`). By job and worker: `pair`
    (`POINTS`; `LEADS` and `PROMISED_TO`, 1 for yes). From place to place: `road` (`WAY` in minutes, `NEAR` in points).
    `change` is lost with a promise; `longest` is the room a route needs, one more than it can hold.
    """

    job: Floats
    task: Indices
    first: Indices
    option: Indices
    shift: Indices
    span: Floats
    pair: Floats
    road: Floats
    change: float
    return_home: bool
    longest: int


class State(NamedTuple):
    """A plan in the making.

    By route: `visits` (routes, longest), its jobs in order, `early` and `late`, the earliest and latest start of each,
    and `route` (`SIZE`; `STAMP`, another number for every other content; `BROKEN`, 1 when its times do not fit).
    By job: `seats` (jobs, largest crew), its routes; `marks` (`PLACED`; `KEPT`, 1 when its promise counts as kept);
    `limits` (`LOW`, `HIGH`: its start lies between as long as it stays).
    `total`: points, a promise kept counted as gain. `clock`: the last stamp, and how many routes are broken.
    """

    visits: Indices
    early: Floats
    late: Floats
    route: Indices
    seats: Indices
    marks: Indices
    limits: Floats
    total: Floats
    clock: Indices


class Memory(NamedTuple):
    """What insertions were found to be worth, valid as long as the stamps of their routes last.

    By option: `gain` and `found` (`SPOT` in the route, `KEEPS` the promise, `SEEN`: stamp). By job with a crew: `crew`
    (`GAIN`, `NEXT` best, `START`), `crew_found` (`CREW_KEEPS`, `CREW_SEEN`: clock), `crew_seats` (`ROUTE`, `AT` which
    place; jobs, largest crew). The rest is room to calculate in: intervals of starts (`starts`: `FROM`, `UNTIL`, points
    it `BRINGS`; `owners`: `ROUTE`, `AT`), the best of them (`top`), and a number for each job (`keys`).
    """

    gain: Floats
    found: Indices
    crew: Floats
    crew_found: Indices
    crew_seats: Indices
    starts: Floats
    owners: Indices
    top: Indices
    keys: Floats


def in_order(problem: Problem) -> Problem:
    """Return `problem` with jobs and workers sorted by id."""
    jobs = np.argsort(np.array(problem.jobs, dtype=object), kind="stable").astype(np.int64)
    workers = np.argsort(np.array(problem.workers, dtype=object), kind="stable").astype(np.int64)
    both = np.ix_(jobs, workers)
    return replace(
        problem,
        jobs=tuple(problem.jobs[j] for j in jobs),
        workers=tuple(problem.workers[w] for w in workers),
        points=np.where(problem.allowed, problem.points, 0.0)[both],
        allowed=problem.allowed[both],
        leads=None if problem.leads is None else problem.leads[both],
        shifts=tuple(problem.shifts[w] for w in workers),
        home=problem.home[workers],
        **{name: getattr(problem, name)[jobs] for name in ("value", "minutes", "opens", "closes", "crew", "place")},
    )


def encode(problem: Problem) -> World:
    """Return the arrays of a valid problem that is in order; nothing is fixed yet."""
    job_row = {id: row for row, id in enumerate(problem.jobs)}
    worker_row = {id: row for row, id in enumerate(problem.workers)}
    jobs, workers = len(job_row), len(worker_row)
    promise, promised_to = np.full(jobs, np.nan), np.zeros((jobs, workers), dtype=np.bool_)
    for visit in problem.promised:
        row = job_row[visit.job]
        if len(set(visit.workers)) == problem.crew[row] and set(visit.workers) <= set(problem.workers):
            promise[row] = visit.start
            promised_to[row, [worker_row[id] for id in visit.workers]] = True
    spans = [(w, start, end) for w, shifts in enumerate(problem.shifts) for start, end in shifts]
    worker = np.array([span[0] for span in spans], dtype=np.int64)
    leads = np.ones_like(promised_to) if problem.leads is None else problem.leads
    near = problem.travel_weight * (1.0 - np.minimum(problem.travel / problem.travel_scale, 1.0))
    world = World(
        job=_rows(np.float64, problem.value, problem.minutes, problem.opens, problem.closes, promise),
        task=_rows(np.int64, problem.place, problem.crew, np.zeros(jobs)),
        first=np.zeros(jobs + 1, dtype=np.int64),
        option=np.zeros(0, dtype=np.int64),
        shift=_rows(np.int64, worker, problem.home.astype(np.int64)[worker]),
        span=_rows(np.float64, [span[1] for span in spans], [span[2] for span in spans]),
        pair=_rows(np.float64, problem.points, leads, promised_to),
        road=_rows(np.float64, problem.travel, near),
        change=float(problem.change_cost),
        return_home=bool(problem.return_home),
        longest=_longest(problem),
    )
    return _with_options(world, problem.allowed)


def _rows(kind: type, *rows: object) -> npt.NDArray[Any]:
    return np.ascontiguousarray(np.stack([np.asarray(row, dtype=kind) for row in rows]))


def earliest_alone(world: World, job: int) -> Floats:
    """Return the earliest start of `job` on each route without other visits, NaN where it does not fit: (routes,)."""
    place, homes = world.task[PLACE, job], world.shift[HOME]
    start = np.maximum(world.span[BEGINS] + world.road[WAY][homes, place], world.job[OPENS, job])
    back = world.road[WAY][place, homes] if world.return_home else 0.0
    fits = (start <= world.job[CLOSES, job]) & (start + world.job[MINUTES, job] + back <= world.span[ENDS])
    return np.where(fits, start, np.nan)


def options(world: World, job: int) -> Indices:
    """Return the routes that could hold `job` if they held nothing else."""
    return world.option[world.first[job] : world.first[job + 1]]


def crew_routes(world: World, state: State, job: int) -> list[int]:
    """Return the routes that `job` is on, one for each of its crew."""
    return [int(route) for route in state.seats[job, : world.task[CREW, job]]]


def route_jobs(state: State, route: int) -> list[int]:
    """Return the jobs of `route` in order."""
    return [int(job) for job in state.visits[route, : state.route[SIZE, route]]]


def _with_options(world: World, allowed: Flags) -> World:
    found = [
        np.flatnonzero(allowed[job, world.shift[WORKER]] & np.isfinite(earliest_alone(world, job)))
        for job in range(len(allowed))
    ]
    first = np.cumsum([0, *(len(routes) for routes in found)])
    option = np.concatenate([np.zeros(0, dtype=np.int64), *found])
    return world._replace(first=first.astype(np.int64), option=option.astype(np.int64))


def _longest(problem: Problem) -> int:
    """Return how many visits a route can hold at most, its shortest jobs one after the other, plus one to shift."""
    most = 0
    for worker, shifts in enumerate(problem.shifts):
        minutes = np.cumsum(np.sort(problem.minutes[problem.allowed[:, worker]]))
        for begins, ends in shifts:
            most = max(most, int(np.searchsorted(minutes, (ends - begins) * (1.0 + 1e-9) + 1e-3, side="right")))
    return most + 1


def empty_state(world: World) -> State:
    """Return the plan in which nobody does anything."""
    jobs, routes, longest = world.job.shape[1], world.shift.shape[1], world.longest
    return State(
        visits=np.full((routes, longest), NOBODY, dtype=np.int64),
        early=np.zeros((routes, longest)),
        late=np.zeros((routes, longest)),
        route=np.zeros((3, routes), dtype=np.int64),
        seats=np.full((jobs, int(world.task[CREW].max(initial=1))), NOBODY, dtype=np.int64),
        marks=np.zeros((2, jobs), dtype=np.int64),
        limits=np.zeros((2, jobs)),
        total=np.zeros(1),
        clock=np.zeros(2, dtype=np.int64),
    )


def empty_memory(world: World, state: State) -> Memory:
    """Return a memory of nothing."""
    jobs, crew = state.seats.shape
    count = len(world.option)
    room = int(np.diff(world.first).max(initial=0)) * (world.longest + 1) + 1
    return Memory(
        gain=np.zeros(count),
        found=np.full((3, count), -1, dtype=np.int64),
        crew=np.zeros((3, jobs)),
        crew_found=np.full((2, jobs), -1, dtype=np.int64),
        crew_seats=np.zeros((2, jobs, crew), dtype=np.int64),
        starts=np.zeros((3, room)),
        owners=np.zeros((2, room), dtype=np.int64),
        top=np.zeros(crew, dtype=np.int64),
        keys=np.zeros(jobs),
    )
