"""Parameters learned from a company's own history: base rate, difficulty of job types and skills, weights of practice.

Everything is corrected for who was sent: each trial enters with what the filter believed of the worker before it saw
the outcome, so a type that only experts are sent to is not taken for an easy one. Workers held out of the fit choose
how strongly job types are shrunk, and calibrate the chances.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import pi
from zlib import crc32

import numpy as np

from skillmatch.beliefs.evidence import Evidence, JobOutcome, Trial
from skillmatch.beliefs.filter import WorkerState, learn, level_offset, shares
from skillmatch.beliefs.params import FEATURES, BeliefParams, Difficulty, SkillEffect
from skillmatch.beliefs.table import Floats, Indices

MIN_TRIALS = 200
"""With fewer finished jobs the defaults are better than anything learned."""
MIN_HELD_OUT = 100
TYPE_VARS = (0.3, 1.0)
"""Prior variances of a job type's difficulty to choose from."""
WEIGHT_VAR, SKILL_VAR, SLOPE_VAR = 0.25, 1.0, 0.05
"""Prior variances of the weights of practice, of a skill's difficulty, and of its own slopes around the shared ones."""
STEPS = 15

Histories = Mapping[str, Sequence[Evidence]]
"""Each worker's evidence in canonical order."""


def count_trials(histories: Histories) -> int:
    """Return how many job outcomes there are to learn from."""
    return sum(isinstance(fact, JobOutcome) for facts in histories.values() for fact in facts)


def fit_difficulties(histories: Histories, params: BeliefParams) -> BeliefParams:
    """Return the next version of `params`, with everything that can be learned from `histories`.

    Alternates between running the filter (which gives what was believed of each worker) and a ridge logistic
    regression of the outcomes with these beliefs as offsets: docs/model.md, section 2.

    Returns
    -------
    BeliefParams
        The same parameters under the same version when there are fewer than `MIN_TRIALS` outcomes.
    """
    trials = count_trials(histories)
    if trials < MIN_TRIALS:
        return params
    held_out = {worker: facts for worker, facts in histories.items() if crc32(worker.encode()) % 4 == 0}
    rest = {worker: facts for worker, facts in histories.items() if worker not in held_out}
    plain = replace(params, weights=BeliefParams().weights, skills={}, difficulties={}, slope=1.0, shift=0.0)
    chosen = plain
    if count_trials(held_out) >= MIN_HELD_OUT and count_trials(rest) >= MIN_HELD_OUT:
        chosen = _choose(rest, held_out, plain)
    else:
        chosen = _regress(observe(histories, plain), plain)
    fitted = _regress(observe(histories, chosen), chosen)
    return replace(fitted, version=params.version + 1, fitted_on=trials)


def _choose(rest: Histories, held_out: Histories, plain: BeliefParams) -> BeliefParams:
    """Return the parameters, fitted on `rest` and calibrated on `held_out`, that predict the latter best."""
    first = observe(rest, plain)
    found: list[tuple[float, BeliefParams]] = []
    for type_var in TYPE_VARS:
        fitted = _regress(first, replace(plain, type_var=type_var))
        unseen = observe(held_out, fitted)
        loss, slope, shift = _calibrate(unseen.shrink * unseen.mean, unseen.success)
        found.append((loss, replace(fitted, slope=slope, shift=shift)))
    return min(found, key=lambda pair: pair[0])[1]


@dataclass(frozen=True, slots=True)
class Trials:
    """What the filter believed before each trial, arrays (n,) unless said.

    `place` is the index of its job type in `types`; `offset` the ability less the demanded levels, `mean` the whole
    expectation in logits, `shrink` the factor of its uncertainty; `features` (n, features). The demands of all trials
    stand one after the other, (m,): `row` the trial, `skill` the index in `skills`, `part` the share, `won` and `lost`
    the log counts times the share.
    """

    types: list[str]
    skills: list[str]
    place: Indices
    offset: Floats
    mean: Floats
    shrink: Floats
    success: Floats
    features: Floats
    row: Indices
    skill: Indices
    part: Floats
    won: Floats
    lost: Floats


def observe(histories: Histories, params: BeliefParams) -> Trials:
    """Run the filter over `histories` and return what it believed before each job outcome."""
    types: dict[str, int] = {}
    skills: dict[str, int] = {}
    rows: list[tuple[float, ...]] = []
    features: list[tuple[float, ...]] = []
    demanded: list[tuple[float, ...]] = []
    for worker, facts in histories.items():
        state = WorkerState.fresh(worker, params)
        for fact in facts:
            expected = learn(state, fact, params)
            if expected is None or not isinstance(fact, JobOutcome):
                continue
            (trial,) = fact.observe()
            assert isinstance(trial, Trial)
            parts = shares(fact.demands)
            offset = expected.ability - level_offset(fact.demands, parts, params)
            place = types.setdefault(fact.job_type or "", len(types))
            for demand, part, (won, lost) in zip(fact.demands, parts, expected.counts, strict=True):
                demanded.append((len(rows), skills.setdefault(demand.skill, len(skills)), part, won, lost))
            rows.append((place, offset, expected.mean, expected.var, trial.success))
            features.append(expected.features)
    values = np.array(rows).reshape(-1, 5)
    needs = np.array(demanded).reshape(-1, 5)
    return Trials(
        list(types),
        list(skills),
        values[:, 0].astype(np.intp),
        values[:, 1],
        values[:, 2],
        1.0 / np.sqrt(1.0 + (pi / 8.0) * values[:, 3]),
        values[:, 4],
        np.array(features).reshape(-1, len(FEATURES)),
        needs[:, 0].astype(np.intp),
        needs[:, 1].astype(np.intp),
        needs[:, 2],
        needs[:, 3],
        needs[:, 4],
    )


class _Regression:
    """Ridge logistic regression by blocks: success ~ logistic(shrink (offset + effects)), each block by Newton steps.

    Job types and skills are blocks whose Hessian is taken as diagonal: tens of thousands of them cost no more than the
    trials they occur in.
    """

    def __init__(self, trials: Trials, params: BeliefParams) -> None:
        self.trials, self.type_var = trials, params.type_var
        size = len(trials.skills)
        self.base = params.base
        self.weights = np.array(params.weights)
        self.types = np.array([params.difficulty(type).mean for type in trials.types])
        effects = [params.skill(skill) for skill in trials.skills]
        self.effects = np.array(effects).reshape(size, 3)
        self.precision = np.full(len(trials.types), 1.0 / params.type_var)
        self.design = np.column_stack([np.ones(len(trials.place)), trials.features])
        # How a skill's effects enter a trial: its difficulty against success, its slopes with the log counts.
        self.columns = (-trials.part, trials.won, trials.lost)
        self.total = [np.bincount(trials.row, np.abs(c), len(trials.place))[trials.row] for c in self.columns]

    def step(self) -> None:
        """Move every block once toward the most likely values."""
        trials = self.trials
        slope, pull = self._state()
        design = self.design
        ridge = np.diag([1e-6] + [1.0 / WEIGHT_VAR] * len(self.weights))
        gradient = design.T @ pull - ridge @ np.concatenate([[0.0], self.weights])
        move = np.linalg.solve((design * slope[:, None]).T @ design + ridge, gradient)
        self.base += float(move[0])
        self.weights = self.weights + move[1:]
        slope, pull = self._state()
        count = len(self.types)
        self.precision = np.bincount(trials.place, slope, count) + 1.0 / self.type_var
        self.types = self.types - (np.bincount(trials.place, pull, count) + self.types / self.type_var) / self.precision
        for number, variance in enumerate((SKILL_VAR, SLOPE_VAR, SLOPE_VAR)):
            self._step_skills(number, variance)

    def _step_skills(self, number: int, variance: float) -> None:
        trials, column = self.trials, self.columns[number]
        slope, pull = self._state()
        size, effect = len(trials.skills), self.effects[:, number]
        gradient = np.bincount(trials.skill, column * pull[trials.row], size) - effect / variance
        # Skills of one trial move together: bounding by the row's total keeps the joint step from overshooting.
        curve = np.bincount(trials.skill, np.abs(column) * self.total[number] * slope[trials.row], size)
        self.effects[:, number] = effect + gradient / (curve + 1.0 / variance)

    def _state(self) -> tuple[Floats, Floats]:
        """Return each trial's curvature and residual at the present values."""
        trials = self.trials
        own = sum(column * self.effects[trials.skill, number] for number, column in enumerate(self.columns))
        log_odds = trials.offset + self.base - self.types[trials.place] + trials.features @ self.weights
        log_odds = log_odds + np.bincount(trials.row, own, len(log_odds))
        chance = 1.0 / (1.0 + np.exp(-(trials.shrink * log_odds)))
        return trials.shrink**2 * chance * (1.0 - chance), trials.shrink * (trials.success - chance)


def _regress(trials: Trials, params: BeliefParams) -> BeliefParams:
    regression = _Regression(trials, params)
    for _step in range(STEPS):
        regression.step()
    learned = zip(trials.types, regression.types, regression.precision, strict=True)
    return replace(
        params,
        base=regression.base,
        weights=tuple(map(float, regression.weights)),
        skills={
            skill: SkillEffect(*map(float, row)) for skill, row in zip(trials.skills, regression.effects, strict=True)
        },
        difficulties={type: Difficulty(float(mean), float(1.0 / sure)) for type, mean, sure in learned if type},
    )


def _calibrate(log_odds: Floats, success: Floats) -> tuple[float, float, float]:
    """Return log-loss after calibration, slope and shift of success ~ logistic(slope log_odds + shift) (Platt 1999)."""
    design = np.column_stack([log_odds, np.ones(len(log_odds))])
    values = np.array([1.0, 0.0])
    for _step in range(STEPS):
        chance = 1.0 / (1.0 + np.exp(-(design @ values)))
        curve = (design * (chance * (1.0 - chance))[:, None]).T @ design + np.diag([1.0, 1.0])
        values = values + np.linalg.solve(curve, design.T @ (success - chance) - (values - np.array([1.0, 0.0])))
    chance = np.clip(1.0 / (1.0 + np.exp(-(design @ values))), 1e-9, 1.0 - 1e-9)
    loss = -np.mean(success * np.log(chance) + (1.0 - success) * np.log1p(-chance))
    return float(loss), float(values[0]), float(values[1])
