"""What a planning problem must fulfil; every message names the job or worker, what was expected and what to do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from skillmatch.errors import Invalid
from skillmatch.matching.planning.model import EXACT, Problem, Visit


def validate(problem: Problem) -> None:
    """Raise Invalid when something in `problem` cannot be planned with."""
    _check_ids("job", problem.jobs)
    _check_ids("worker", problem.workers)
    _check_shapes(problem)
    _check_numbers(problem)
    for number, shifts in enumerate(problem.shifts):
        _check_shifts(problem.workers[number], shifts)
    _check_visits(problem)


def _check_ids(what: str, ids: Sequence[str]) -> None:
    if len(set(ids)) < len(ids):
        twice = min(id for id in ids if ids.count(id) > 1)
        raise Invalid(f"{what} {twice!r} is listed more than once: expected each id once; leave out the copies")


def _check_shapes(problem: Problem) -> None:
    jobs, workers, places = len(problem.jobs), len(problem.workers), len(problem.travel)
    expected: dict[str, tuple[int, ...]] = {
        "points": (jobs, workers),
        "allowed": (jobs, workers),
        **dict.fromkeys(("value", "minutes", "opens", "closes", "crew", "place"), (jobs,)),
        "home": (workers,),
        "travel": (places, places),
    }
    if problem.leads is not None:
        expected["leads"] = (jobs, workers)
    for name, shape in expected.items():
        found = np.shape(getattr(problem, name))
        if found != shape:
            raise Invalid(f"{name} has the shape {found}: expected {shape}, for {jobs} jobs and {workers} workers")
    if len(problem.shifts) != workers:
        raise Invalid(f"shifts has {len(problem.shifts)} entries: expected {workers}, one for each worker")


def _check_numbers(problem: Problem) -> None:
    jobs = problem.jobs
    _refuse(jobs, ~np.isfinite(problem.value), problem.value, "value", "a finite number of points")
    _refuse(jobs, ~(problem.minutes >= 0) | np.isinf(problem.minutes), problem.minutes, "duration", "0 minutes or more")
    _refuse(jobs, ~np.isfinite(problem.opens), problem.opens, "opening time", "finite minutes")
    _refuse(jobs, ~np.isfinite(problem.closes), problem.closes, "closing time", "finite minutes")
    early = problem.closes < problem.opens
    _refuse(jobs, early, problem.closes, "closing time", "one that is not before its opening time; swap them")
    _refuse(jobs, problem.crew < 1, problem.crew, "crew size", "1 worker or more")
    for what, ids, rows in (("job", jobs, problem.place), ("worker", problem.workers, problem.home)):
        unknown = np.flatnonzero((rows < 0) | (rows >= len(problem.travel)))
        if unknown.size:
            row, places = int(rows[unknown[0]]), len(problem.travel)
            found = f"{what} {ids[unknown[0]]!r} is at place {row}"
            raise Invalid(f"{found}: expected 0 to {places - 1}, a row of travel; add the place or correct the index")
    bad = np.argwhere(problem.allowed & ~np.isfinite(problem.points))
    if bad.size:
        job, worker = bad[0]
        raise Invalid(
            f"points of job {jobs[job]!r} and worker {problem.workers[worker]!r} are {problem.points[job, worker]}:"
            " expected a finite number wherever allowed; give one, or set allowed to False"
        )
    wrong = np.argwhere(~(problem.travel >= 0) | np.isinf(problem.travel))
    if wrong.size:
        start, end = wrong[0]
        raise Invalid(
            f"travel from place {start} to place {end} is {problem.travel[start, end]}: expected 0 minutes or more;"
            " price unknown ways before planning"
        )
    for name in ("travel_weight", "change_cost"):
        if not 0.0 <= getattr(problem, name) < np.inf:
            raise Invalid(f"{name} is {getattr(problem, name)}: expected a finite number of 0 or more")
    if not 0.0 < problem.travel_scale < np.inf:
        raise Invalid(f"travel_scale is {problem.travel_scale}: expected a finite number of minutes above 0")


def _refuse(
    jobs: Sequence[str], wrong: npt.NDArray[np.bool_], values: npt.NDArray[np.generic], what: str, expected: str
) -> None:
    places = np.flatnonzero(wrong)
    if places.size:
        raise Invalid(f"{what} of job {jobs[places[0]]!r} is {values[places[0]]}: expected {expected}")


def _check_shifts(worker: str, shifts: tuple[tuple[float, float], ...]) -> None:
    before = -np.inf
    for start, end in shifts:
        if not (np.isfinite(start) and np.isfinite(end) and start <= end):
            raise Invalid(
                f"a shift of worker {worker!r} goes from {start} to {end}: expected an end after its start; correct it"
            )
        if start < before:
            raise Invalid(
                f"shifts of worker {worker!r} overlap or are not sorted at {start}: expected each to begin after the"
                f" one before has ended, at {before}; sort and join them"
            )
        before = end


def _check_visits(problem: Problem) -> None:
    jobs, workers = set(problem.jobs), set(problem.workers)
    for what, visits in (("promised", problem.promised), ("locked", problem.locked)):
        seen: set[str] = set()
        for visit in visits:
            if visit.job not in jobs:
                raise Invalid(f"the {what} job {visit.job!r} is not among the jobs: add it, or leave out its visit")
            if visit.job in seen:
                raise Invalid(f"job {visit.job!r} is {what} twice: expected one visit; leave out the other")
            if not np.isfinite(visit.start):
                raise Invalid(f"the start of the {what} job {visit.job!r} is {visit.start}: expected finite minutes")
            seen.add(visit.job)
    for visit in problem.locked:
        _check_lock(problem, visit, workers)


def _check_lock(problem: Problem, visit: Visit, workers: set[str]) -> None:
    """Refuse a lock that breaks a rule by itself; whether it can be reached is found out when locks are placed."""
    job, who = problem.jobs.index(visit.job), ", ".join(visit.workers)
    start = f"the lock on job {visit.job!r} with {who or 'nobody'}"
    for worker in visit.workers:
        if worker not in workers:
            raise Invalid(f"{start}: there is no worker {worker!r}; remove the lock or add the worker")
        if not problem.allowed[job, problem.workers.index(worker)]:
            raise Invalid(f"{start}: worker {worker!r} may not do it; remove the lock, or override the rule for her")
    if len(set(visit.workers)) != len(visit.workers) or len(visit.workers) != problem.crew[job]:
        raise Invalid(f"{start}: expected {problem.crew[job]} different workers; lock a whole crew or none of it")
    if problem.crew[job] > 1 and problem.leads is not None:
        rows = [problem.workers.index(worker) for worker in visit.workers]
        if not problem.leads[job, rows].any():
            raise Invalid(f"{start}: none of them may lead the crew; add somebody who may, or remove the lock")
    if not problem.opens[job] - EXACT <= visit.start <= problem.closes[job] + EXACT:
        raise Invalid(
            f"{start} begins at minute {visit.start:g}: expected {problem.opens[job]:g} to {problem.closes[job]:g}, the"
            " job's window; move the lock or widen the window"
        )
