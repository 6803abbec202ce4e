"""One slot for each worker: what an optimal assignment loses when a worker is taken away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from skillmatch.matching.planning.model import Flags, Floats, Indices


@dataclass(frozen=True, slots=True, eq=False)
class Slots:
    """An optimal assignment: the `worker` of each job, shape (jobs,), -1 for nobody, and the `total` in points.

    `job_price` (jobs,) and `worker_price` (workers,) are a solution of the dual program: they are 0 or above, the two
    of a pair together are no less than what it brings, and all together are the total. Worker prices are the highest
    there are, which makes each the loss without her (G. Demange, D. Gale, The strategy structure of two-sided matching
    markets, Econometrica 53(4), 1985).
    """

    worker: Indices
    total: float
    job_price: Floats
    worker_price: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Scarcity:
    """How scarce each worker is, shapes (workers,).

    `price` is what the open jobs lose without her, in points; `job` the one she would do, `unfilled` the one that would
    then be left to nobody, both -1 when there is none; `only` whether nobody else may do her `job`.
    """

    price: Floats
    job: Indices
    unfilled: Indices
    only: Flags


def marginal_losses(gain: Floats, worker: Indices) -> tuple[Floats, Indices]:
    """Return what the optimum loses without each worker, and the job then left to nobody (-1: none), both (workers,).

    Without her, her job takes somebody else, whose job takes somebody else again, until somebody free is found or a job
    is left over: the shortest such chain, found by relaxing all of its steps at once (R. Bellman, On a routing problem,
    Quarterly of Applied Mathematics 16(1), 1958). No chain gains anything, because the assignment is optimal.

    Parameters
    ----------
    gain
        What each pair brings, 0 or above, shape (jobs, workers).
    worker
        An optimal assignment: the worker of each job, -1 for nobody, shape (jobs,).
    """
    rows = np.flatnonzero(worker >= 0)
    own = worker[rows]
    loss, unfilled = np.zeros(gain.shape[1]), np.full(gain.shape[1], -1, dtype=np.int64)
    if not rows.size:
        return loss, unfilled
    step = gain[rows, own][:, None] - gain[rows]
    loss[own], unfilled[own] = gain[rows, own], rows
    step[np.arange(len(rows)), own] = np.inf
    for _round in range(len(rows) + 1):
        through = step + loss
        nearest = through.argmin(axis=1)
        shorter = through[np.arange(len(rows)), nearest] < loss[own] - 1e-12
        if not shorter.any():
            break
        who = own[shorter]
        loss[who] = through[shorter, nearest[shorter]]
        unfilled[who] = unfilled[nearest[shorter]]
    return np.maximum(loss, 0.0), unfilled
