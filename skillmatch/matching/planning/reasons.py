"""Why nobody does a job, in the words of people and as a stable key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from skillmatch.matching.planning.arrays import (
    BEGINS,
    CLOSES,
    CREW,
    ENDS,
    GAIN,
    HOME,
    LEADS,
    MINUTES,
    OPENS,
    PLACE,
    PLACED,
    VALUE,
    WAY,
    WORKER,
    State,
    World,
    empty_memory,
    empty_state,
    options,
    route_jobs,
)
from skillmatch.matching.planning.model import Indices, Problem
from skillmatch.matching.planning.routes import WORST, look_for_crew

Reason = tuple[str, str, tuple[str, ...]]
"""Stable key, text for people, and the other jobs that are named."""
NAMED = 3
"""At most this many other jobs are named."""


def reasons(
    problem: Problem, world: World, state: State, start: Mapping[int, float]
) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """Yield id, key, text and the other jobs named, for each job that nobody does."""
    for job in np.flatnonzero(state.marks[PLACED] == 0):
        row = int(job)
        key, text, others = _before_all(problem, world, row) or _beside_others(problem, world, state, start, row)
        yield problem.jobs[row], key, text, others


def _before_all(problem: Problem, world: World, job: int) -> Reason | None:
    """Return why `job` cannot be done even if nothing else is, or None."""
    able, crew = np.flatnonzero(problem.allowed[job]), int(world.task[CREW, job])
    if not able.size:
        return "nobody_allowed", "no worker passes all hard rules", ()
    if len(able) < crew:
        return "crew_too_small", f"{crew} workers are needed at once, and only {_people(len(able))} may do it", ()
    if crew > 1 and not world.pair[LEADS, job, able].any():
        return "crew_too_small", f"a crew of {crew} needs a leader, and nobody who may do it may lead", ()
    found = options(world, job)
    if not found.size:
        return "no_time", _no_time(world, job, able), ()
    if crew == 1:
        return None
    at_work = len(np.unique(world.shift[WORKER, found]))
    if at_work < crew:
        return "no_time", f"{crew} workers are needed at once, and only {_people(at_work)} could then be there", ()
    return None if _meets(world, job) else ("no_time", f"{crew} workers who may do it are never at work at once", ())


def _people(count: int) -> str:
    return f"{count} {'worker' if count == 1 else 'workers'}"


def _no_time(world: World, job: int, able: Indices) -> str:
    """Return what stands in the way for those `able` on a day without other jobs."""
    routes = np.flatnonzero(np.isin(world.shift[WORKER], able))
    who = f"{_people(len(able))} who may do it"
    if not routes.size:
        return f"none of the {who} has a shift"
    opens, closes, minutes = world.job[OPENS, job], world.job[CLOSES, job], world.job[MINUTES, job]
    begins, ends = world.span[BEGINS, routes], world.span[ENDS, routes]
    at_work = (begins <= closes) & (ends >= opens)
    if not at_work.any():
        return f"none of the {who} is at work when it may start"
    arrival = begins + world.road[WAY, world.shift[HOME, routes], world.task[PLACE, job]]
    in_time = at_work & (arrival <= closes)
    if not in_time.any():
        return f"none of the {who} can be there before the latest start: the way from home is too long"
    if (ends - begins < minutes).all():
        return f"no shift of the {who} is as long as the job, {minutes:g} minutes"
    return f"every shift of the {who} ends before the job would, {minutes:g} minutes after the earliest start"


def _meets(world: World, job: int) -> bool:
    """Return whether a whole crew with a leader could begin at the same time if nothing else were done."""
    state = empty_state(world)
    memory = empty_memory(world, state)
    state.clock[0] = 1
    look_for_crew(world, state, memory, job)
    return bool(memory.crew[GAIN, job] > WORST / 2.0)


def _beside_others(problem: Problem, world: World, state: State, start: Mapping[int, float], job: int) -> Reason:
    """Return which jobs keep those busy who could do `job`, the ones worth most first."""
    found = options(world, job)
    until = world.job[CLOSES, job] + world.job[MINUTES, job]
    busy = {
        other
        for route in found
        for other in route_jobs(state, int(route))
        if start[other] < until and start[other] + world.job[MINUTES, other] > world.job[OPENS, job]
    }
    others = tuple(problem.jobs[row] for row in sorted(busy, key=lambda row: (-world.job[VALUE, row], row))[:NAMED])
    workers = len(np.unique(world.shift[WORKER, found]))
    if not others:
        return "no_gain", f"doing it would lose points with {_all_who_could(workers, 'each')}", ()
    more = f", and {len(busy) - NAMED} more" if len(busy) > NAMED else ""
    used = "is used" if workers == 1 else "are used"
    return "better_used", f"{_all_who_could(workers, 'all')} {used} for {', '.join(others)}{more}", others


def _all_who_could(workers: int, word: str) -> str:
    return "the only worker who could do it" if workers == 1 else f"{word} of the {workers} workers who could do it"
