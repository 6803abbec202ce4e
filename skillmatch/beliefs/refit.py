"""Parameters learned from a company's own history: the base rate and how difficult each job type is.

Difficulty is corrected for who was sent: each trial enters with what the filter expected of the worker before it saw
the outcome, so a type that only experts are sent to is not taken for an easy one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import pi

import numpy as np

from skillmatch.beliefs.evidence import Evidence, JobOutcome, Trial
from skillmatch.beliefs.filter import WorkerState, learn
from skillmatch.beliefs.params import BeliefParams, Difficulty
from skillmatch.beliefs.table import Floats, Indices

MIN_TRIALS = 200
"""With fewer finished jobs the defaults are better than anything learned."""

Histories = Mapping[str, Sequence[Evidence]]
"""Each worker's evidence in canonical order."""


def count_trials(histories: Histories) -> int:
    """Return how many job outcomes there are to learn from."""
    return sum(isinstance(fact, JobOutcome) for facts in histories.values() for fact in facts)


def fit_difficulties(histories: Histories, params: BeliefParams, *, rounds: int = 2) -> BeliefParams:
    """Return the next version of `params`, with base rate and job type difficulties learned from `histories`.

    Alternates between running the filter (which gives what was expected of each worker) and a ridge logistic
    regression of the outcomes on job types with these expectations as offsets: docs/model.md, section 2, steps 1-2.

    Returns
    -------
    BeliefParams
        The same parameters under the same version when there are fewer than `MIN_TRIALS` outcomes.
    """
    trials = count_trials(histories)
    if trials < MIN_TRIALS:
        return params
    fitted = params
    for _round in range(rounds):
        fitted = _regress(_expectations(histories, fitted), fitted)
    return replace(fitted, version=params.version + 1, fitted_on=trials)


_Expected = tuple[list[str], Indices, Floats, Floats, Floats]
"""Job types, and per trial (n,): index of its type, ability offset in logits, shrink factor, success."""


def _expectations(histories: Histories, params: BeliefParams) -> _Expected:
    types: dict[str, int] = {}
    rows: list[tuple[int, float, float, float]] = []
    for worker, facts in histories.items():
        state = WorkerState.fresh(worker, params)
        for fact in facts:
            expected = learn(state, fact, params)
            if expected is None or not isinstance(fact, JobOutcome):
                continue
            trial = fact.observe()[0]
            assert isinstance(trial, Trial)
            offset = expected.mean - (params.base - params.difficulty(fact.job_type).mean)
            place = types.setdefault(fact.job_type or "", len(types))
            rows.append((place, offset, expected.var, trial.success))
    values = np.array(rows)
    shrink = 1.0 / np.sqrt(1.0 + (pi / 8.0) * values[:, 2])
    return list(types), values[:, 0].astype(np.intp), values[:, 1], shrink, values[:, 3]


def _regress(expected: _Expected, params: BeliefParams, steps: int = 12) -> BeliefParams:
    """Fit success ~ logistic(shrink (offset + base - difficulty[type])), difficulty ~ N(0, type_var), by Newton."""
    types, place, offset, shrink, success = expected
    base, hardness = params.base, np.zeros(len(types))
    precision = np.full(len(types), 1.0 / params.type_var)
    for _step in range(steps):
        chance = _chance(shrink * (offset + base - hardness[place]))
        slope = shrink * shrink * chance * (1.0 - chance)
        base += float((shrink * (success - chance)).sum() / slope.sum())
        chance = _chance(shrink * (offset + base - hardness[place]))
        slope = shrink * shrink * chance * (1.0 - chance)
        pull = np.bincount(place, shrink * (chance - success), len(types)) - hardness / params.type_var
        precision = np.bincount(place, slope, len(types)) + 1.0 / params.type_var
        hardness = hardness + pull / precision
    learned = {type: Difficulty(float(hardness[n]), float(1.0 / precision[n])) for n, type in enumerate(types) if type}
    return replace(params, base=base, difficulties=learned)


def _chance(log_odds: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))
