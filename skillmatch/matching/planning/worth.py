"""What visits that somebody promised are worth, counted as a plan is, whether they fit or not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from skillmatch.matching.planning.model import Problem, Visit


def worth(problem: Problem, visits: Iterable[Visit]) -> float:
    """Return the points of some visits, without the cost of changes; visits need not keep to rules and shifts.

    Each worker travels from home to the first visit of each of her shifts, and from there on from visit to visit.
    """
    jobs = {job: row for row, job in enumerate(problem.jobs)}
    workers = {worker: row for row, worker in enumerate(problem.workers)}
    known = [visit for visit in visits if visit.job in jobs and all(worker in workers for worker in visit.workers)]
    near = _near(problem, known, jobs, workers)
    total = 0.0
    for visit in known:
        row = jobs[visit.job]
        score = np.mean([problem.points[row, workers[worker]] for worker in visit.workers])
        total += float(problem.value[row] + score + np.mean([near[visit.job, worker] for worker in visit.workers]))
    return total


def _near(
    problem: Problem, visits: Sequence[Visit], jobs: dict[str, int], workers: dict[str, int]
) -> dict[tuple[str, str], float]:
    """Return the points for the way of each worker to each visit."""
    found: dict[tuple[str, str], float] = {}
    at: dict[tuple[str, tuple[float, float] | None], int] = {}
    for visit in sorted(visits, key=lambda one: (one.start, one.job)):
        place = int(problem.place[jobs[visit.job]])
        for worker in visit.workers:
            row = workers[worker]
            shift = next((one for one in problem.shifts[row] if one[0] <= visit.start < one[1]), None)
            way = float(problem.travel[at.get((worker, shift), int(problem.home[row])), place])
            found[visit.job, worker] = problem.travel_weight * (1.0 - min(way / problem.travel_scale, 1.0))
            at[worker, shift] = place
    return found
