"""How many can do what jobs ask for: the number who surely can, and what to expect of those of whom it is not sure.

Whether one worker is able is taken to say nothing of whether another is: beliefs are kept worker by worker.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from skillmatch.beliefs.table import Floats, Indices

SURE = 1.0 - 1e-12
"""A chance is taken for no more than this, so that its odds are finite."""
CLOSE = 3
"""So many of those who come closest are named."""


@dataclass(frozen=True, slots=True, eq=False)
class Able:
    """Who can do something. `able` and `close` are places of workers, the surest first; `expected` how many can on
    average, `none` and `at_most_one` how likely it is that nobody can, or no more than one.
    """

    able: Indices
    close: Indices
    expected: float
    none: float
    at_most_one: float


def count_able(chance: Floats, floor: float) -> Able:
    """Return who can do something with a chance of at least `floor`, and how many are to be expected.

    Parameters
    ----------
    chance
        How likely each worker is able, (workers,); 0 for those who do not count.
    floor
        The probability from which on a worker counts as able.
    """
    order = np.argsort(-chance, kind="stable")
    possible = order[chance[order] > 0.0]
    able = possible[chance[possible] >= floor]
    none, one = _none_and_one(chance)
    return Able(able, possible[len(able) : len(able) + CLOSE], float(chance.sum()), none, min(none + one, 1.0))


def _none_and_one(chance: Floats) -> tuple[float, float]:
    """Return the probabilities that nobody is able, and that exactly one is: the Poisson binomial at 0 and 1.

    P(0) = product of (1 - p), P(1) = P(0) times the sum of p / (1 - p): Wang, On the number of successes in independent
    trials, Statistica Sinica 3, 1993.

    >>> [round(value, 4) for value in _none_and_one(np.array([0.5, 0.5, 0.0]))]
    [0.25, 0.5]
    """
    p = np.minimum(chance[chance > 0.0], SURE)
    none = float(np.exp(np.log1p(-p).sum()))
    return none, none * float((p / (1.0 - p)).sum())
