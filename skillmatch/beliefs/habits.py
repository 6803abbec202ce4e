"""Who is sent: how a company's past choices weigh practice, so that familiarity means what it means there.

A conditional logit (McFadden, Conditional logit analysis of qualitative choice behavior, 1974): of all who had ever
done work with one of the job's skills, the one who did it had the utility

    sum over the demanded skills by share: a ln(.02 + recent) + b ln(.02 + lasting)
                                           - c age(last success) - d age(last use)
    - e age(last job of any kind)          age(days) = ln(1 + 100 days), of at most ten years
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from skillmatch.beliefs.encoding import shares
from skillmatch.beliefs.evidence import JobOutcome, day_number
from skillmatch.beliefs.histories import Histories
from skillmatch.beliefs.observation import DONE, SUCCESS, Demand
from skillmatch.beliefs.params import BeliefParams

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

LITTLE, LONG_AGO, AGE_STEPS = 0.02, 3650.0, 100.0
"""What stands for no practice at all; the days that stand for never; and steps of age in a day."""
MOST_CHOICES, FEWEST_CHOICES = 1000, 300
NEWEST_SHARE = 0.5
"""Only choices of the newer half of a history are learned from: by then there is practice to choose by."""
STRENGTH = 20.0
"""How many choices the default weights count as."""
STEPS = 12


def remembered(count: Floats) -> Floats:
    """Return what a count of practice is worth, in logarithms."""
    return np.asarray(np.log(LITTLE + count))


def age(days: Floats) -> Floats:
    """Return how long ago something was, in logarithms; ten years stand for anything longer."""
    return np.asarray(np.log1p(AGE_STEPS * np.clip(days, 0.0, LONG_AGO)))


@dataclass(frozen=True, slots=True)
class _Uses:
    """What happened in one skill, in time order: day, worker, whether it was a success; arrays (n,)."""

    day: Floats
    worker: Indices
    won: Floats


def fit_habits(histories: Histories, params: BeliefParams) -> BeliefParams:
    """Return the parameters with weights learned from who did the jobs of the newer half of the history."""
    chosen = _choices(histories, params)
    if len(chosen) < FEWEST_CHOICES:
        return params
    prior = np.array(BeliefParams().habits)
    scale = np.std(np.vstack([features for features, _place in chosen]), axis=0) + 1e-6
    ridge = STRENGTH * scale**2
    weights = prior.copy()
    for _step in range(STEPS):
        gradient, curve = -ridge * (weights - prior), np.diag(ridge)
        for features, place in chosen:
            utility = features @ weights
            chance = np.exp(utility - utility.max())
            chance /= chance.sum()
            mean = chance @ features
            gradient = gradient + features[place] - mean
            curve = curve + (features * chance[:, None]).T @ features - np.outer(mean, mean)
        weights = weights + np.linalg.solve(curve, gradient)
    # Practice never counts against anybody, nor having done it lately.
    return replace(params, habits=tuple(map(float, np.clip(weights, *HABIT_LIMITS))))


HABIT_LIMITS = (np.array([0.0, 0.0, -10.0, -10.0, -10.0]), np.array([10.0, 10.0, 0.0, 0.0, 0.0]))


def _choices(histories: Histories, params: BeliefParams) -> list[tuple[Floats, int]]:
    """Return for each choice the features of the candidates, (candidates, habits), and the place of who was sent."""
    outcomes = sorted(
        (fact for facts in histories.values() for fact in facts if isinstance(fact, JobOutcome) and fact.demands),
        key=lambda fact: fact.order,
    )
    places = {worker: place for place, worker in enumerate(histories)}
    uses, activity = _index(outcomes, places)
    done = [fact for fact in outcomes[int(NEWEST_SHARE * len(outcomes)) :] if SUCCESS[fact.result] >= DONE]
    step = max(len(done) // MOST_CHOICES, 1)
    found = []
    for fact in done[::step]:
        now, me = day_number(fact.time), places[fact.worker]
        features, candidates = _features(fact.demands, now, uses, activity, params, len(places))
        here = np.flatnonzero(candidates == me)
        if len(here) and len(candidates) > 1:
            found.append((features, int(here[0])))
    return found


def _index(outcomes: list[JobOutcome], places: dict[str, int]) -> tuple[dict[str, _Uses], list[Floats]]:
    rows: dict[str, list[tuple[float, int, float]]] = {}
    days: list[list[float]] = [[] for _ in places]
    for fact in outcomes:
        day, worker, won = day_number(fact.time), places[fact.worker], SUCCESS[fact.result]
        days[worker].append(day)
        for demand in fact.demands:
            rows.setdefault(demand.skill, []).append((day, worker, won))
    uses = {}
    for skill, own in rows.items():
        table = np.array(own)
        uses[skill] = _Uses(table[:, 0], table[:, 1].astype(np.intp), table[:, 2])
    return uses, [np.array(own) for own in days]


def _features(
    demands: tuple[Demand, ...],
    now: float,
    uses: dict[str, _Uses],
    activity: list[Floats],
    params: BeliefParams,
    workers: int,
) -> tuple[Floats, Indices]:
    total = np.zeros((workers, 5))
    touched = np.zeros(workers, dtype=np.bool_)
    for demand, share in zip(demands, shares(demands), strict=True):
        own = uses[demand.skill]
        size = int(np.searchsorted(own.day, now))
        day, worker, won = own.day[:size], own.worker[:size], own.won[:size]
        touched[worker] = True
        recent = np.bincount(worker, won * 0.5 ** ((now - day) / params.recent_days), workers).astype(np.float64)
        lasting = np.bincount(worker, won * 0.5 ** ((now - day) / params.lasting_days), workers).astype(np.float64)
        last, last_won = np.full(workers, -np.inf), np.full(workers, -np.inf)
        last[worker] = day  # the last of equal places counts: days ascend
        last_won[worker[won >= DONE]] = day[won >= DONE]
        columns = (remembered(recent), remembered(lasting), age(now - last_won), age(now - last))
        total[:, :4] += share * np.column_stack(columns)
    candidates = np.flatnonzero(touched)
    for place in candidates:
        before = int(np.searchsorted(activity[place], now))
        total[place, 4] = age(now - activity[place][before - 1]) if before else age(np.array(np.inf))
    return total[candidates], candidates
