"""How many can do what jobs ask for: the number who surely can, and what to expect of those of whom it is not sure.

Whether one worker is able is taken to say nothing of whether another is: beliefs are kept worker by worker.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from skillmatch.beliefs.table import Floats, Indices

SURE = 1.0 - 1e-12
"""A chance is taken for no more than this, so that its odds are finite."""
FEW = 2
"""As many as that are able at most where the firm is called thin; so many of those who are able are named."""
CLOSE = 3
"""So many of those who come closest are named."""


@dataclass(frozen=True, slots=True, eq=False)
class Able:
    """Who can do something: `count` workers. `able` are the places of the surest `FEW` of them, `close` of those who
    come closest; `expected` how many can on average, `none` and `at_most_one` how likely it is that nobody can, or no
    more than one.
    """

    count: int
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
    able = (chance >= floor) & (chance > 0.0)
    none, one = _none_and_one(chance)
    return Able(
        int(np.count_nonzero(able)),
        _surest(np.where(able, chance, 0.0), FEW),
        _surest(np.where(able, 0.0, chance), CLOSE),
        float(chance.sum()),
        none,
        min(none + one, 1.0),
    )


def _surest(chance: Floats, most: int) -> Indices:
    """Return the places of the highest chances that are none of 0, the highest first; changes `chance`."""
    found: list[int] = []
    # Of a few among thousands, looking for each is several times faster than sorting all.
    for _each in range(min(most, len(chance))):
        place = int(np.argmax(chance))
        if chance[place] <= 0.0:
            break
        found.append(place)
        chance[place] = 0.0
    return np.array(found, dtype=np.intp)


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
