"""Do the intervals of predicted chances hold? Each is tested against what the worker did next at the same work.

An outcome is yes or no, so whether an interval of its chance was right cannot be seen. What can be seen is how many of
the next outcomes of the same worker at the same work (job type and demands) succeeded: this one and up to
`WINDOW` - 1 more. The belief held before the first of them gives that number a distribution: the chance is uncertain,
which is what the interval says, and given the chance the number is binomial. If chance and interval are right, the
number falls into the middle 80 % of this distribution in 80 % of the cases; intervals that are too narrow show as
less, too wide ones as more. Because a whole number cannot meet 80 % exactly, a value at the edge counts with the part
of its probability that lies inside (non-randomised probability integral transform: Czado, Gneiting and Held,
Biometrics 65, 2009, section 2).

Limits. The binomial part is always there, so this tells narrow intervals from right ones only where the belief is
uncertain; `without` says what the coverage would be were every interval of no width. The worker learns and forgets
inside a window. Whether she is sent again may hang on how it went. Windows overlap, so the figure is less sure than the
number of windows suggests. Work done only once in the scored part is not tested. And a chance that is wrong in the mean
lowers the coverage as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np

from skillmatch.beliefs.table import Floats, Indices
from skillmatch.gaps.metrics import Bools
from skillmatch.matching.view import Z_80

LEVEL = 0.8
WINDOW = 5
NODES = 21
"""Points of the Gauss-Hermite rule over the uncertain log-odds; more change nothing in the sixth digit."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Share of tested predictions whose interval held; 0.8 is right.

    `without` is the same share with intervals of no width, `width` the mean width of the interval of the chance.
    """

    share: float
    without: float
    width: float
    count: int


@dataclass(frozen=True, slots=True)
class Windows:
    """Rows with what followed: `start` (m,), `size` (m,) from 2 to `WINDOW`, and `hits` (m,) successes among these."""

    start: Indices
    size: Indices
    hits: Indices

    def __len__(self) -> int:
        return len(self.start)

    def of(self, rows: Bools) -> Windows:
        """Return only those that start at one of `rows`, (n,)."""
        chosen = rows[self.start]
        return Windows(self.start[chosen], self.size[chosen], self.hits[chosen])


def windows(work: Indices, hit: Bools) -> Windows:
    """Return every row with the next rows of the same work; a row that nothing follows is left out.

    `work` (n,) numbers the work of each row, rows in time order; `hit` (n,) is whether each succeeded.
    """
    order = np.argsort(work, kind="stable")
    grouped = work[order]
    total = np.concatenate(([0], np.cumsum(hit[order])))
    place = np.arange(len(order))
    end = np.minimum(np.searchsorted(grouped, grouped, side="right"), place + WINDOW)
    followed = end - place >= 2
    place, end = place[followed], end[followed]
    return Windows(order[place], end - place, total[end] - total[place])


def coverage(tested: Windows, mean: Floats, sd: Floats) -> Coverage:
    """Return how often intervals hold.

    Parameters
    ----------
    tested
        What came after m predictions, m at least one.
    mean, sd
        Log-odds of the chance before each of these and how uncertain they were, (m,) each: what the interval is made
        of, without the uncertainty of the single job, which is fresh for each job of a window.
    """
    low, high = (_logistic(mean + side * Z_80 * sd) for side in (-1.0, 1.0))
    return Coverage(
        share=_share(tested, mean, sd),
        without=_share(tested, mean, 0.0 * sd),
        width=float((high - low).mean()),
        count=len(tested),
    )


def _share(tested: Windows, mean: Floats, sd: Floats) -> float:
    total = 0.0
    for size in np.unique(tested.size):
        rows = tested.size == size
        total += float(inside(tested.hits[rows], success_counts(mean[rows], sd[rows], int(size))).sum())
    return total / len(tested)


def success_counts(mean: Floats, sd: Floats, size: int) -> Floats:
    """Return the probability of 0 to `size` successes, (m, size + 1), when the log-odds are N(mean, sd^2)."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    chance = _logistic(mean[:, None] + sd[:, None] * nodes)
    columns = [comb(size, k) * chance**k * (1.0 - chance) ** (size - k) for k in range(size + 1)]
    return np.stack([column @ (weights / weights.sum()) for column in columns], axis=1)


def inside(hits: Indices, probability: Floats) -> Floats:
    """Return which part of each observed number's probability lies in the middle 80 %, (m,).

    `probability` (m, k + 1) is that of 0 to k successes.

    >>> inside(np.array([0, 1]), np.array([[0.2, 0.8], [0.05, 0.95]])).round(3)
    array([0.5  , 0.842])
    """
    edge = (1.0 - LEVEL) / 2.0
    row = np.arange(len(hits))
    above, own = np.cumsum(probability, axis=1)[row, hits], probability[row, hits]
    within = np.minimum(above, 1.0 - edge) - np.maximum(above - own, edge)
    # A number that was all but impossible lies in a tail, whatever rounding makes of its probability.
    return np.asarray(np.clip(within / np.maximum(own, 1e-300), 0.0, 1.0))


def _logistic(log_odds: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))
