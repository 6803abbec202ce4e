"""What a crew is chosen from and by which rules, checked; and what a chosen crew is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from skillmatch.beliefs.table import Floats
from skillmatch.errors import Invalid
from skillmatch.explanation import Explanation

Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CrewWeights:
    """How many points of the score each term is worth, at most; `cost` is taken off, and more than it where a crew
    costs more than the scale. The other four add up to the best possible score, 90 as shipped.
    """

    coverage: float = 60.0
    points: float = 15.0
    pairs: float = 10.0
    cost: float = 10.0
    training: float = 5.0

    def __post_init__(self) -> None:
        for each in fields(self):
            weight = getattr(self, each.name)
            if not 0.0 <= weight <= 1000.0:
                raise Invalid(f"weight of {each.name} in a crew is {weight:g}: expected 0 to 1000")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CrewProblem:
    """A job with several slots, and who could fill them.

    Parameters
    ----------
    workers
        Ids of those who may be sent at all, in any order.
    needs
        What the job needs, in words for people.
    holds
        Probability that each worker holds the needed level of each need, 0 or 1 for certifications; (workers, needs).
    weights
        Share of the work each need is, (needs,); only their proportions count.
    counts
        Head count of each need, 1 or more, (needs,): so many members must each hold it with at least `sure`. One
        member may count for several needs.
    hard
        Whether a crew that misses the head count is impossible or only scores less, bool (needs,).
    lead
        Chance of success of each worker as the lead, (workers,).
    points
        Match score of each worker alone, 0 to 100, (workers,).
    together
        How often each pair did well together, 0 to 1 and symmetric, (workers, workers); the diagonal is not read.
    cost
        What each worker would cost, in the unit of money of `cost_scale`, (workers,).
    trainee
        Who wishes to learn which need, bool (workers, needs). It counts where her own probability is below `expert`
        and another member's is not.
    least, most
        How many members a crew may have.
    cost_scale
        Money that counts as full cost.
    sure, expert
        Probability from which on a worker counts as a holder of a need, and as one to learn it from.
    lead_floor
        Chance of success that at least one member must have as the lead; None where no lead is needed.
    terms
        What each term of the score is worth.

    Raises
    ------
    Invalid
        When the parts do not fit together or a number is outside its range. Rules that nobody can meet are no mistake:
        `crews.why_impossible` says which.
    """

    workers: tuple[str, ...]
    needs: tuple[str, ...]
    holds: Floats
    weights: Floats
    counts: Counts
    hard: Flags
    lead: Floats
    points: Floats
    together: Floats
    cost: Floats
    trainee: Flags
    least: int
    most: int
    cost_scale: float
    sure: float = 0.7
    expert: float = 0.85
    lead_floor: float | None = 0.8
    terms: CrewWeights = field(default_factory=CrewWeights)

    def __post_init__(self) -> None:
        size, needs = len(self.workers), len(self.needs)
        if twice := [worker for worker, times in Counter(self.workers).items() if times > 1]:
            raise Invalid(f"worker {twice[0]!r} is in the crew problem more than once: name each candidate once")
        for name, kind, shape, high in (
            ("holds", np.float64, (size, needs), 1.0),
            ("weights", np.float64, (needs,), np.inf),
            ("counts", np.int64, (needs,), np.inf),
            ("hard", np.bool_, (needs,), 1.0),
            ("lead", np.float64, (size,), 1.0),
            ("points", np.float64, (size,), 100.0),
            ("together", np.float64, (size, size), 1.0),
            ("cost", np.float64, (size,), np.inf),
            ("trainee", np.bool_, (size, needs), 1.0),
        ):
            object.__setattr__(self, name, _checked(name, getattr(self, name), kind, shape, high))
        self._check_pairs()
        self._check_rules()

    def _check_pairs(self) -> None:
        apart = self.together != self.together.T
        if apart.any():
            one, other = (int(place) for place in np.argwhere(apart)[0])
            raise Invalid(
                f"together says {self.together[one, other]:g} for {self.workers[one]} with {self.workers[other]} and"
                f" {self.together[other, one]:g} the other way round: give a pair the same number both ways"
            )

    def _check_rules(self) -> None:
        if self.needs and not self.weights.sum() > 0.0:
            raise Invalid("the weights of the needs are all 0: give at least one need a share of the work")
        if self.needs and self.counts.min() < 1:
            place = int(self.counts.argmin())
            raise Invalid(f"head count of {self.needs[place]} is {self.counts[place]}: expected 1 or more")
        if not 1 <= self.least <= self.most:
            raise Invalid(f"a crew of {self.least} to {self.most} members: expected 1 or more, and the least no larger")
        for name, low, value in (
            ("sure", 0.0, self.sure),
            ("expert", 0.0, self.expert),
            ("lead_floor", -1.0, self.lead_floor),
        ):
            if value is not None and not low < value <= 1.0:
                raise Invalid(f"{name} is {value:g}: expected a probability above 0 and at most 1")
        if not 0.0 < self.cost_scale < np.inf:
            raise Invalid(f"cost scale is {self.cost_scale:g}: expected the sum of money, above 0, that is full cost")


def _checked(
    name: str, given: npt.ArrayLike, kind: type[np.generic], shape: tuple[int, ...], high: float
) -> npt.NDArray[Any]:
    """Return `given` as an array of this kind and shape with values from 0 to `high`, or raise Invalid."""
    found = np.asarray(given)
    if found.shape != shape:
        raise Invalid(f"{name} has the shape {found.shape}: expected {shape}, from the workers and needs")
    if found.size and not np.can_cast(found.dtype, kind, "same_kind"):
        raise Invalid(f"{name} holds {found.dtype}: expected {kind.__name__}")
    # Written so that what is not a number fails as well.
    wrong = ~((found >= 0) & (found <= high) & (found < np.inf))
    if wrong.any():
        place = tuple(int(at) for at in np.argwhere(wrong)[0])
        limit = "or more, and finite" if high == np.inf else f"to {high:g}"
        raise Invalid(f"{name}{list(place)} is {found[place]:g}: expected 0 {limit}")
    return found.astype(kind, copy=False)


@dataclass(frozen=True, slots=True)
class Crew:
    """Workers who would do a job together.

    Parameters
    ----------
    members
        Ids, the lead first, then by id.
    lead
        The member with the best chance of success as a lead, if she reaches the floor; else None.
    explanation
        Sums to the score, in points.
    covered_by
        For each need the members who hold it surely enough, in the order of `members`.
    excess
        Members without any one of whom all head counts that are met, the lead and the least size would still hold.
    optimal
        Whether every possible crew was looked at.
    gap_bound
        How many points a better crew could have at the very most, from a bound; None when `optimal`.
    """

    members: tuple[str, ...]
    lead: str | None
    explanation: Explanation
    covered_by: tuple[tuple[str, ...], ...]
    excess: tuple[str, ...]
    optimal: bool = False
    gap_bound: float | None = None

    @property
    def score(self) -> float:
        """Points in all."""
        return self.explanation.total
