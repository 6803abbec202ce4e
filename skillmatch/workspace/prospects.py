"""Everybody's prospects at a call whose cause is uncertain: arrays in, plain records out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from skillmatch.causes import WENT_WITH
from skillmatch.explanation import Explanation
from skillmatch.matching.arrays import Flags
from skillmatch.matching.diagnosis.eligibility import lacking, may_go, may_not_do
from skillmatch.matching.diagnosis.estimate import Diagnosis, Likely
from skillmatch.matching.diagnosis.found import type_for
from skillmatch.matching.diagnosis.marginal import Marginal, Prices, marginalise
from skillmatch.matching.diagnosis.nouns import OTHER
from skillmatch.matching.diagnosis.worth import Worth
from skillmatch.matching.policy import Policy
from skillmatch.matching.ranking import worker_at
from skillmatch.matching.view import View
from skillmatch.model import Job, PlainNeed, Question, Requirement, Worker

LEAST_WEIGHT = 0.01


@dataclass(frozen=True, slots=True)
class Prospect:
    """What is to be expected of one worker at a call, over all that may be behind it.

    `success` is her expected chance at the first visit and `cost` her expected cost in the money of an hour's pay; the
    explanations sum to them, to the bit. `coverage` is how likely the cause is one for which she has every level.
    `lacks` has by cause why she may not do what it needs, for causes under which she may not.
    """

    worker: Worker
    success: float
    cost: float
    coverage: float
    explain_success: Explanation
    explain_cost: Explanation
    lacks: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class DiagnosisAnswer:
    """What may be behind a call, whom to send while that is uncertain, and what to ask.

    `known` says that the company lists causes of the job type, or has finished jobs of it that tell. `went_with` is the
    cause that somebody decided on, whose needs the job has now. `answered` are the questions that the customer has
    answered. `prospects` come by expected cost; `by_type` is whom the fixed requirements of the job type would send by
    the same prices, `by_ranking` who is first under the policy, both as to be expected under the diagnosis. `questions`
    are worth asking, the best first, and name workers by their ids, which `workers` has. `version` is that of the
    weights of signs, 0 as shipped. `hidden` workers of other teams were not asked about.
    """

    job: Job
    diagnosis: Diagnosis
    known: bool
    went_with: str | None
    answered: tuple[tuple[Question, bool], ...]
    prospects: tuple[Prospect, ...]
    by_type: Prospect | None
    by_ranking: Prospect | None
    questions: tuple[Worth, ...]
    workers: Mapping[str, Worker]
    prices: Prices
    policy: str
    eligible: int
    total_workers: int
    version: int
    revision: int
    notes: tuple[str, ...]
    hidden: int = 0

    def dearer(self, other: Prospect) -> Explanation:
        """Return by how much sending somebody costs more than the first, term by term."""
        return other.explain_cost - self.prospects[0].explain_cost


def went_with(job: Job) -> str | None:
    """Return the cause that somebody decided on, None when nobody did."""
    found = (id.removeprefix(WENT_WITH) for id, yes in job.answers if yes and id.startswith(WENT_WITH))
    return next(found, None)


def marginal_of(diagnosis: Diagnosis, view: View, policy: Policy, prices: Prices) -> Marginal:
    """Return everybody's prospects under a diagnosis, the job being that of `view`.

    Rules that do not depend on the cause hold throughout; what a cause needs stops people under that cause only, and
    whoever is stopped under every one may not go at all, nor who is not asked about.
    """
    by_work: dict[tuple[tuple[PlainNeed, ...], str | None], tuple[View, Flags]] = {}
    seen_as = []
    for one in diagnosis.likely:
        work = one.needs, type_for(view.params, view.job_type, one.cause)
        if work not in by_work:
            seen = replace(view, needs=one.needs, job_type=work[1])
            by_work[work] = seen, may_not_do(seen, policy)
        seen_as.append(by_work[work])
    blocked = [flags for _view, flags in seen_as]
    eligible = may_go(view, policy) & ~np.logical_and.reduce(blocked)
    if view.asked is not None:
        eligible &= view.asked
    return marginalise(diagnosis, [seen for seen, _flags in seen_as], prices, eligible=eligible, blocked=blocked)


def fixed(diagnosis: Diagnosis, needs: tuple[PlainNeed, ...], minutes: float | None) -> Diagnosis:
    """Return a diagnosis that knows nothing: the job needs what its type asks for."""
    whole = Likely(OTHER, 1.0, needs, minutes, 0, Explanation.of((), unit="log-probability"))
    return Diagnosis(diagnosis.call, (whole,), 0)


def least_cost(marginal: Marginal) -> float:
    """Return the least expected cost among those who may go, infinite when nobody may."""
    best = marginal.best(1)
    return float(marginal.cost[best[0]]) if len(best) else np.inf


def prospect(marginal: Marginal, place: int, policy: Policy) -> Prospect:
    """Return what is to be expected of the worker at a place."""
    lacks = {
        one.cause: reasons
        for one, view in zip(marginal.diagnosis.likely, marginal.views, strict=True)
        if (reasons := lacking(view, policy, place))
    }
    return Prospect(
        worker_at(marginal.views[0], place),
        float(marginal.success[place]),
        float(marginal.cost[place]),
        float(marginal.coverage[place]),
        marginal.explain_success(place),
        marginal.explain_cost(place),
        lacks,
    )


def named_in(worths: Sequence[Worth], view: View) -> dict[str, Worker]:
    """Return the workers whom questions name, by id."""
    ids = {id for worth in worths for id in (worth.now, worth.if_yes, worth.if_no)}
    places = ((id, view.table.place(id)) for id in sorted(ids))
    return {id: worker_at(view, place) for id, place in places if place is not None}


def tidy(needs: Sequence[PlainNeed]) -> tuple[PlainNeed, ...]:
    """Return needs as people write them: levels to a tenth, weights to a hundredth.

    >>> tidy([Requirement("cooling", 2.7364, 0.333)])[0].level
    2.7
    """
    return tuple(_tidied(need) if isinstance(need, Requirement) else need for need in needs)


def _tidied(need: Requirement) -> Requirement:
    level = None if need.level is None else round(need.level, 1)
    preferred = need.preferred_level
    if preferred is not None and level is not None:
        preferred = max(round(preferred, 1), level)
    return replace(need, level=level, weight=max(round(need.weight, 2), LEAST_WEIGHT), preferred_level=preferred)
