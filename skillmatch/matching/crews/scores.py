"""Scores of many crews at once. A row of an array of crews holds the places of its members, ascending.

Places count in the order of the ids, so the order in which candidates were given changes no bit of any score, and
crews compare by their ids as their rows compare.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from skillmatch.beliefs.table import Floats
from skillmatch.errors import Invalid, NotFound
from skillmatch.matching.crews.problem import Counts, CrewProblem, Flags

Rows = npt.NDArray[np.int64]
DIGITS = 9
"""Crews compare by their scores rounded to so many digits: twins must tie although their sums are rounded apart."""


Key = tuple[int, float, tuple[int, ...]]
"""What crews are ordered by, the best first: heads missing, minus the rounded score, places."""


@dataclass(frozen=True, slots=True)
class Scored:
    """Crews of one size: `rows` (crews, size), exact `score` (crews,), and how many heads are `missing` (crews,)."""

    rows: Rows
    score: Floats
    missing: Counts

    def best(self, limit: int) -> list[Key]:
        """Return the keys of the `limit` best crews among those that lack the fewest heads; none of no crews."""
        if not len(self.rows):
            return []
        fewest = int(self.missing.min())
        kept = np.flatnonzero(self.missing == fewest)
        loss = -np.round(self.score[kept], DIGITS)
        if limit < len(kept):
            near = loss <= np.partition(loss, limit - 1)[limit - 1]
            kept, loss = kept[near], loss[near]
        order = np.lexsort((*self.rows[kept].T[::-1], loss))[:limit]
        return [(fewest, float(loss[at]), tuple(self.rows[kept[at]].tolist())) for at in order]


class Scorer:
    """A problem with its workers in the order of their ids."""

    def __init__(self, problem: CrewProblem) -> None:
        self.problem = problem
        self.order = np.array(sorted(range(len(problem.workers)), key=problem.workers.__getitem__), dtype=np.int64)
        self.ids = tuple(problem.workers[place] for place in self.order)
        self.holds: Floats = problem.holds[self.order]
        self.surely: Flags = self.holds >= problem.sure
        self.teaches: Flags = self.holds >= problem.expert
        self.learns: Flags = problem.trainee[self.order] & ~self.teaches
        self.lead: Floats = problem.lead[self.order]
        self.points: Floats = problem.points[self.order]
        self.cost: Floats = problem.cost[self.order]
        self.can_lead: Flags = self.lead >= (problem.lead_floor if problem.lead_floor is not None else 0.0)
        total = problem.weights.sum()
        self.share: Floats = problem.weights / total if len(problem.weights) else problem.weights

    def __len__(self) -> int:
        return len(self.ids)

    def row(self, members: Iterable[str]) -> Rows:
        """Return the places of `members` as one crew, (1, members); NotFound or Invalid when they are none."""
        known = {id: place for place, id in enumerate(self.ids)}
        given = list(members)
        if unknown := [id for id in given if id not in known]:
            raise NotFound.named("candidate for the crew", unknown[0], known)
        if not given or len(set(given)) < len(given):
            raise Invalid(f"crew of {', '.join(given) or 'nobody'}: expected at least one member, each named once")
        return np.array([sorted(known[id] for id in given)], dtype=np.int64)

    @cached_property
    def alone(self) -> Floats:
        """Score of each worker as a crew of one, whatever the rules, (workers,)."""
        return self.scored(np.arange(len(self), dtype=np.int64)[:, None]).score

    def scored(self, rows: Rows) -> Scored:
        """Return scores and heads missing of crews of one size, (crews, size)."""
        score = np.zeros(len(rows))
        for column in self.columns(rows):
            score += column
        return Scored(rows, score, self.missing(rows))

    def columns(self, rows: Rows) -> tuple[Floats, ...]:
        """Return the terms of the score in the order in which they are added, (crews,) each.

        Coverage of each need, points, pairs, cost, training.
        """
        terms, size = self.problem.terms, rows.shape[1]
        coverage = self.coverage(rows) * (terms.coverage * self.share)
        points, cost = np.zeros(len(rows)), np.zeros(len(rows))
        for places in rows.T:
            points += self.points[places]
            cost += self.cost[places]
        points *= terms.points / (100.0 * size)
        cost *= -terms.cost / self.problem.cost_scale
        return (*coverage.T, points, self.pairs(rows) * terms.pairs, cost, self.training(rows) * terms.training)

    def coverage(self, rows: Rows) -> Floats:
        """Return the expected share of each need's head count that is filled, 0 to 1, (crews, needs).

        E[min(X, n)] / n with X the number of members who truly hold the need, taken as independent: 1 - prod(1 - p)
        for a head count of one. Monotone and submodular, being a mean of capped counts.
        """
        # Members cannot fill more places than they are, so the chance of more need not be followed.
        followed = min(int(self.problem.counts.max(initial=1)), rows.shape[1] + 1)
        chances = np.zeros((followed, len(rows), len(self.share)))
        chances[0] = 1.0
        for places in rows.T:
            held = self.holds[places]
            kept = chances * (1.0 - held)
            kept[1:] += chances[:-1] * held
            chances = kept
        filled = np.ones((len(rows), len(self.share)))
        for number, chance in enumerate(chances):
            filled -= chance * (np.maximum(self.problem.counts - number, 0) / self.problem.counts)
        return np.maximum(filled, 0.0)

    def pairs(self, rows: Rows) -> Floats:
        """Return the mean over the pairs of each crew of how often they did well together; 0 for one member."""
        size, total = rows.shape[1], np.zeros(len(rows))
        original = self.order[rows]
        for one in range(size):
            for other in range(one + 1, size):
                total += self.problem.together[original[:, one], original[:, other]]
        return np.asarray(total / max(size * (size - 1) // 2, 1))

    def training(self, rows: Rows) -> Floats:
        """Return 1 where somebody learns a need beside an expert in it, else 0; a second trainee adds nothing."""
        learns = np.zeros((len(rows), len(self.share)), dtype=np.bool_)
        teaches = learns.copy()
        for places in rows.T:
            learns |= self.learns[places]
            teaches |= self.teaches[places]
        return np.asarray((learns & teaches).any(axis=1), dtype=np.float64)

    def missing(self, rows: Rows) -> Counts:
        """Return how many heads each crew lacks: for the hard head counts, and one where nobody can lead, (crews,)."""
        hard = self.problem.hard
        found = np.zeros((len(rows), int(hard.sum())), dtype=np.int64)
        leads = np.full(len(rows), self.problem.lead_floor is None)
        for places in rows.T:
            found += self.surely[places][:, hard]
            leads |= self.can_lead[places]
        short = np.maximum(self.problem.counts[hard] - found, 0).sum(axis=1)
        return np.asarray(short + ~leads, dtype=np.int64)
