"""Whom to send while the cause is uncertain: every worker under every cause, weighed by how likely it is.

All arrays have shape (causes, workers) or (workers,), in the order of the diagnosis and of the belief table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from skillmatch.beliefs.table import Floats, Indices
from skillmatch.errors import Invalid
from skillmatch.explanation import Explanation, Term
from skillmatch.matching.arrays import Flags
from skillmatch.matching.diagnosis.estimate import Diagnosis, Likely
from skillmatch.matching.diagnosis.nouns import OTHER
from skillmatch.matching.diagnosis.prospects import TRUST, Trust, prospects
from skillmatch.matching.view import View
from skillmatch.wording import said

COVERED = 0.5
"""Probability of having the level from which on a skill is taken to be covered."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What visits cost, in the money of `cost_per_hour`.

    `visit` is what each costs besides the worker's time: the van, the customer's patience; `again` is what it costs on
    top that a job takes a second one. `rate` stands for an hourly rate that is unknown, `way` for an unknown way in
    minutes. `minutes` is the length of a job of which nothing is known.
    """

    visit: float = 40.0
    again: float = 0.0
    rate: float = 50.0
    way: float = 30.0
    minutes: float = 60.0

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            if not 0.0 <= getattr(self, name) < float("inf"):
                raise Invalid(f"price {name!r} is {getattr(self, name):g}: expected a finite number, 0 or above")


@dataclass(frozen=True)
class Marginal:
    """Everybody's prospects under a diagnosis.

    `chance` of success at the first visit as `prospects` has it, `work` what her time costs at her pace with the way
    there and back, `covered` whether she is likely to have every level needed: (causes, workers). `second` (causes,)
    is what a second visit costs, by somebody ordinary among those who may be sent. `eligible` (workers,) may be sent
    whatever the cause.
    """

    diagnosis: Diagnosis
    views: tuple[View, ...]
    prices: Prices
    probability: Floats
    chance: Floats
    work: Floats
    covered: Flags
    second: Floats
    eligible: Flags

    @cached_property
    def success(self) -> Floats:
        """Expected chance of success at the first visit, sum of P(cause) x chance, added in the order of the causes."""
        return _mixed(self.probability, self.chance)

    @cached_property
    def coverage(self) -> Floats:
        """Probability that the cause is one for which she is likely to have every level needed."""
        return _mixed(self.probability, self.covered.astype(np.float64))

    @cached_property
    def costs(self) -> Floats:
        """Expected cost under each cause: the visit, her time, and the chance that somebody has to come again."""
        return (self.prices.visit + self.work) + (1.0 - self.chance) * self.second[:, None]

    @cached_property
    def cost(self) -> Floats:
        """Expected cost: the visit, then her time and then a second visit, each cause by cause."""
        total = np.full(self.work.shape[1], self.prices.visit)
        for p, work in zip(self.probability, self.work, strict=True):
            total = total + p * work
        for p, chance, second in zip(self.probability, self.chance, self.second, strict=True):
            total = total + p * ((1.0 - chance) * second)
        return total

    def best(self, limit: int) -> Indices:
        """Return the places of those with the least expected cost among the eligible, ties by id."""
        pool = np.flatnonzero(self.eligible)
        order = np.lexsort((self.views[0].table.id_order[pool], self.cost[pool]))
        return np.asarray(pool[order][:limit])

    def explain_success(self, place: int) -> Explanation:
        """Return what each cause contributes to a worker's expected success; sums to it, to the bit."""
        return Explanation.of(
            (
                Term(f"cause:{one.cause}", float(p * self.chance[n, place]), one.name, self._detail(n, one, place))
                for n, (p, one) in enumerate(zip(self.probability, self.diagnosis.likely, strict=True))
            ),
            unit="chance",
        )

    def explain_cost(self, place: int) -> Explanation:
        """Return what each cause contributes to a worker's expected cost; sums to it, to the bit."""
        likely = self.diagnosis.likely
        terms = [Term("visit", self.prices.visit, said("a visit"))]
        for n, (p, one) in enumerate(zip(self.probability, likely, strict=True)):
            terms.append(
                Term(f"work:{one.cause}", float(p * self.work[n, place]), said("time and way, {cause}", cause=one.name))
            )
        for n, (p, one) in enumerate(zip(self.probability, likely, strict=True)):
            again = p * ((1.0 - self.chance[n, place]) * self.second[n])
            terms.append(Term(f"second:{one.cause}", float(again), said("a second visit, {cause}", cause=one.name)))
        return Explanation.of(terms, unit="cost")

    def _detail(self, number: int, one: Likely, place: int) -> str:
        return said(
            "{likely:.0f} % likely; chance {chance:.0f} %; {fit}",
            likely=one.probability * 100,
            chance=float(self.chance[number, place]) * 100,
            fit=said("has the levels") if self.covered[number, place] else said("may lack a level"),
        )


def marginalise(
    diagnosis: Diagnosis,
    views: Sequence[View],
    prices: Prices,
    *,
    eligible: Flags | None = None,
    blocked: Sequence[Flags | None] = (),
    trust: Trust = TRUST,
) -> Marginal:
    """Return everybody's prospects, given a view of the job for the needs of each likely cause, in their order.

    Parameters
    ----------
    eligible
        Who passes the hard rules of the job whatever the cause, (workers,); None means everybody.
    blocked
        For each cause who may not do what it needs, (workers,), None for nobody: sent there all the same, she succeeds
        with chance 0.
    trust
        How far beliefs are followed; the view of the cause `OTHER` is taken for that of the job type's own needs.

    Raises
    ------
    Invalid
        When there are not as many views, or arrays of who is blocked, as causes.
    """
    causes = len(diagnosis.likely)
    if len(views) != causes or len(blocked) not in (0, causes):
        raise Invalid(f"{len(views)} views and {len(blocked)} blocked for {causes} causes: expected one for each")
    allowed = np.ones(len(views[0].table), dtype=np.bool_) if eligible is None else eligible
    places = [place for place, one in enumerate(diagnosis.likely) if one.cause == OTHER]
    chance, pace = prospects(views, places[0] if places else None, trust)
    covered = np.stack([_covered(view) for view in views])
    for number, flags in enumerate(blocked):
        if flags is not None:
            chance[number, flags], covered[number, flags] = 0.0, False
    lengths = [_length(view, one, prices) for view, one in zip(views, diagnosis.likely, strict=True)]
    work = np.stack([time_cost(v, length * p, prices) for v, length, p in zip(views, lengths, pace, strict=True)])
    ordinary = work[:, allowed].mean(axis=1) if allowed.any() else np.zeros(causes)
    return Marginal(
        diagnosis,
        tuple(views),
        prices,
        np.array([one.probability for one in diagnosis.likely]),
        chance,
        work,
        covered,
        (prices.visit + prices.again) + ordinary,
        allowed,
    )


def _mixed(probability: Floats, values: Floats) -> Floats:
    total = np.zeros(values.shape[1])
    for p, row in zip(probability, values, strict=True):
        total = total + p * row
    return total


def time_cost(view: View, minutes: Floats | float, prices: Prices) -> Floats:
    """Return what everybody's time costs for a job of so many minutes with the way there and back, (workers,)."""
    rate = np.where(np.isnan(view.roster.rate), prices.rate, view.roster.rate)
    way = np.full(len(view.table), prices.way)
    if view.travel is not None:
        way = np.where(np.isnan(view.travel), prices.way, view.travel)
    return np.asarray(rate * ((minutes + 2.0 * way) / 60.0))


def _length(view: View, one: Likely, prices: Prices) -> float:
    return one.minutes if one.minutes is not None else view.circumstances.minutes or prices.minutes


def _covered(view: View) -> Flags:
    covered = np.ones(len(view.table), dtype=np.bool_)
    for number, demand in enumerate(view.demands):
        if demand.level is not None:
            covered &= view.certainty(number) >= COVERED
    return covered
