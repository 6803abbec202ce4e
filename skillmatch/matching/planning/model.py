"""The nouns of planning many jobs over a horizon: the problem, visits, what stays undone, and the plan.

All times and durations are minutes; points are those of the match score.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

SAME_TIME = 5.0
"""Minutes by which a promised start may move and still counts as kept."""
EXACT = 1e-6
"""Minutes within which two times are the same: sums of floats in another order differ by less."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A job with who does it and when: all `workers` begin together, `start` minutes after the horizon's start."""

    job: str
    workers: tuple[str, ...]
    start: float


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Jobs to be given to workers over a horizon.

    The plan's total is, summed over the visits, `value` of the job plus the mean over its crew of `points` and of the
    travel term `travel_weight * (1 - min(minutes travelled to it / travel_scale, 1))`, less `change_cost` for each
    promised job that is not kept.

    Parameters
    ----------
    jobs, workers
        Ids, each once. Ties are broken by them.
    points
        Match score of a pair with the travel term left out, shape (jobs, workers); finite where `allowed`.
    allowed
        Who passes every hard rule of single-job ranking, shape (jobs, workers).
    value
        Points gained by doing the job at all, shape (jobs,).
    minutes
        Duration, shape (jobs,).
    opens, closes
        Work must start in between, ends included, shape (jobs,).
    crew
        How many workers begin together, shape (jobs,).
    place, home
        Where a job is done and where a worker's shifts begin: rows of `travel`, shapes (jobs,) and (workers,).
    travel
        Minutes from place to place, unknown ways already priced in, shape (places, places); it need not be symmetric.
    travel_weight, travel_scale
        Points of a visit without any travel; minutes from which on they are all lost.
    shifts
        For each worker her (start, end), sorted and disjoint. The work and the way to it from the job before lie within
        one shift. The first way of a shift begins at home, when the shift begins at the earliest.
    leads
        Who may lead a crew, shape (jobs, workers); a crew of two or more needs at least one. None: everybody.
    promised
        What was promised before; kept where that is possible unless `solve` is told otherwise.
    locked
        What may not be changed at all.
    change_cost
        Points lost for each promised job that goes to other workers, moves by more than `SAME_TIME`, or is dropped.
    return_home
        Whether the way home after the last job of a shift must lie within the shift too. It never costs points.
    """

    jobs: tuple[str, ...]
    workers: tuple[str, ...]
    points: Floats
    allowed: Flags
    value: Floats
    minutes: Floats
    opens: Floats
    closes: Floats
    crew: Indices
    place: Indices
    home: Indices
    travel: Floats
    travel_weight: float
    travel_scale: float
    shifts: tuple[tuple[tuple[float, float], ...], ...]
    leads: Flags | None = None
    promised: tuple[Visit, ...] = ()
    locked: tuple[Visit, ...] = ()
    change_cost: float = 0.0
    return_home: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What one visit brings, in points, and `ways`: the minutes each of its workers travels to it."""

    value: float
    score: float
    travel: float
    change: float
    ways: tuple[float, ...]

    @property
    def total(self) -> float:
        """Sum of the points."""
        return self.value + self.score + self.travel + self.change


@dataclass(frozen=True, slots=True)
class Unassigned:
    """A job that nobody does, with the reason for people, its stable `key`, and points lost by breaking a promise.

    Keys: `nobody_allowed`, `crew_too_small`, `no_time` (not even on a day without other jobs), `better_used` (`others`
    names jobs that keep those busy who could do it), `no_gain` (doing it would lose points).
    """

    job: str
    reason: str
    key: str
    others: tuple[str, ...] = ()
    change: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Who does what and when. `visits` are sorted by start and job, `terms` has an entry for each of them.

    `total` is the sum of all terms and changes in points; `bound` is above the total of every plan, None when it was
    not calculated; `seconds` and `rounds` say how much was searched.
    """

    visits: tuple[Visit, ...]
    terms: tuple[Terms, ...]
    unassigned: tuple[Unassigned, ...]
    total: float
    bound: float | None = None
    seconds: float = 0.0
    rounds: int = 0
    kept: tuple[str, ...] = field(default=())
    """Promised jobs that were kept."""
