"""The belief filter: forget, learn, fold. A worker's state is a pure fold of her evidence in canonical order.

The model is Gaussian on the logit scale: ability in skill k = general part + own part of k, independent a priori.
One kernel (`_update`) serves every observation; see docs/model.md, section 1. Arithmetic follows the exactness rules of
section 1.6: only + - * / and sqrt in a fixed order and the exponential of `arithmetic`, decay applied in one step from
the stored day and only when evidence touches the row, so that learning one fact at a time and rebuilding from
scratch agree to the bit.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from math import pi, sqrt
from typing import NamedTuple

from skillmatch.beliefs.arithmetic import exp, log1p, logistic
from skillmatch.beliefs.evidence import Demand, Evidence, Reading, Trial, day_number
from skillmatch.beliefs.params import FEATURES, BeliefParams

PI_8 = pi / 8.0
LN2 = 0.6931471805599453


class SkillState:
    """A worker's own part in one skill: mean and variance in logits, the day they hold for, practice, and uses.

    `recent` and `lasting` are counts of practice that halve every `recent_days` and `lasting_days`; `uses` counts the
    pieces of evidence that touched the skill; `successes` and `failures` add up to the jobs done with it; `surprise` is
    a running mean of how far results were above expectation. All as of `day` (days since 1970); reads carry them
    forward, writes store them.
    """

    __slots__ = ("day", "failures", "lasting", "mean", "recent", "successes", "surprise", "uses", "var")

    def __init__(
        self,
        mean: float,
        var: float,
        day: float,
        recent: float = 0.0,
        lasting: float = 0.0,
        uses: int = 0,
        successes: float = 0.0,
        failures: float = 0.0,
        surprise: float = 0.0,
    ) -> None:
        self.mean, self.var, self.day = mean, var, day
        self.recent, self.lasting, self.uses = recent, lasting, uses
        self.successes, self.failures, self.surprise = successes, failures, surprise

    def values(self) -> tuple[float, float, float, float, float, int, float, float, float]:
        """Return (mean, var, day, recent, lasting, uses, successes, failures, surprise)."""
        return (
            self.mean,
            self.var,
            self.day,
            self.recent,
            self.lasting,
            self.uses,
            self.successes,
            self.failures,
            self.surprise,
        )


class WorkerState:
    """Everything believed of one worker: the general part, each touched skill, and the last fact folded in.

    `form` is a running mean of how far the worker's results were above expectation.
    """

    __slots__ = ("form", "general_mean", "general_var", "last", "skills", "uses", "worker")

    def __init__(self, worker: str, general_mean: float, general_var: float, form: float = 0.0) -> None:
        self.worker = worker
        self.general_mean, self.general_var, self.form = general_mean, general_var, form
        self.skills: dict[str, SkillState] = {}
        self.uses = 0
        self.last: tuple[datetime, str, str] | None = None

    @classmethod
    def fresh(cls, worker: str, params: BeliefParams) -> WorkerState:
        """Return the state before any evidence."""
        return cls(worker, 0.0, params.general_var)

    def values(self) -> tuple[float, float, float, int, dict[str, tuple[float, ...]]]:
        """Return all numbers, for comparing two states to the bit."""
        return (
            self.general_mean,
            self.general_var,
            self.form,
            self.uses,
            {skill: state.values() for skill, state in self.skills.items()},
        )


class Prediction(NamedTuple):
    """What was expected before the outcome was seen: chance of success, mean and variance in logits.

    `ability` is the part of the mean that comes from the worker's beliefs alone; `features` are those of
    `params.FEATURES`; `counts` are ln(1 + successes) and ln(1 + failures) of each demanded skill, times its share.
    """

    chance: float
    mean: float
    var: float
    ability: float
    features: tuple[float, ...]
    counts: tuple[tuple[float, float], ...]


def forget(state: SkillState, day: float, params: BeliefParams) -> None:
    """Carry a skill's state forward to `day`: certainty fades, practice halves, a good mean sinks to the prior.

    A mean below the prior stays: not having done the work never makes anybody better at it. A day before the state's
    own leaves it unchanged.
    """
    elapsed = day - state.day
    if elapsed <= 0.0:
        return
    keep = exp(-(elapsed / params.forgetting_days))
    keep2 = keep * keep
    if state.mean > 0.0:
        state.mean = keep * state.mean
    state.var = keep2 * state.var + (1.0 - keep2) * params.skill_var
    if state.recent > 0.0:
        state.recent = state.recent * exp(-(LN2 * (elapsed / params.recent_days)))
    if state.lasting > 0.0:
        state.lasting = state.lasting * exp(-(LN2 * (elapsed / params.lasting_days)))
    state.day = day


def shares(demands: Iterable[Demand]) -> list[float]:
    """Return the demands' weights scaled to sum to one, in their order."""
    weights = [demand.weight for demand in demands]
    total = 0.0
    for weight in weights:
        total = total + weight
    return [weight / total for weight in weights]


def level_offset(demands: Iterable[Demand], parts: Iterable[float], params: BeliefParams) -> float:
    """Return by how many logits the demanded levels make work harder than at the average level."""
    offset = 0.0
    for demand, part in zip(demands, parts, strict=True):
        if demand.level is not None:
            offset = offset + part * params.logit_of_level(demand.level)
    return offset


def learn(state: WorkerState, evidence: Evidence, params: BeliefParams) -> Prediction | None:
    """Fold one fact into a worker's state, in place; the fact must come after `state.last` in canonical order.

    Returns
    -------
    Prediction or None
        What was expected of the fact's first trial before learning from it; None for facts without a trial.
    """
    day = day_number(evidence.time)
    prediction = None
    for observation in evidence.observe():
        if isinstance(observation, Trial):
            expected = _learn_trial(state, observation, day, params)
            prediction = prediction or expected
        else:
            _learn_reading(state, observation, day, params)
    state.uses += 1
    state.last = evidence.order
    return prediction


def fold(worker: str, evidence: Iterable[Evidence], params: BeliefParams) -> WorkerState:
    """Return the state of `worker` after all of her `evidence`, which must be in canonical order."""
    state = WorkerState.fresh(worker, params)
    for fact in evidence:
        learn(state, fact, params)
    return state


def _touch(state: WorkerState, skill: str, day: float, params: BeliefParams) -> SkillState:
    touched = state.skills.get(skill)
    if touched is None:
        touched = state.skills[skill] = SkillState(0.0, params.skill_var, day)
    else:
        forget(touched, day, params)
    return touched


def _learn_trial(state: WorkerState, trial: Trial, day: float, params: BeliefParams) -> Prediction:
    parts = shares(trial.demands)
    pauses = [_pause(state, demand.skill, day) for demand in trial.demands]
    touched = [_touch(state, demand.skill, day, params) for demand in trial.demands]
    difficulty = params.difficulty(trial.job_type)
    offset = (params.base - difficulty.mean) - level_offset(trial.demands, parts, params)
    features = NOTHING
    counts: tuple[tuple[float, float], ...] = ()
    if trial.practice:
        features, counts = practice(state, touched, parts, pauses)
        offset = offset + practice_offset(trial.demands, parts, features, counts, params)
    noise = difficulty.var + params.instance_var + trial.noise
    slope = trial.slope
    ability = slope * state.general_mean
    var = slope * slope * state.general_var
    for part, skill in zip(parts, touched, strict=True):
        loading = slope * part
        ability = ability + loading * skill.mean
        var = var + loading * loading * skill.var
    mean = ability + offset
    var = var + noise
    shrink = 1.0 / sqrt(1.0 + PI_8 * var)
    expected = shrink * mean
    chance = logistic(expected)
    gain = shrink * (trial.success - chance)
    loss = shrink * shrink * (chance * (1.0 - chance))
    _update(state, touched, parts, slope, gain, loss, params)
    for skill in touched:
        skill.uses += 1
    if trial.practice:
        _practise(state, touched, trial.success, trial.success - chance, params)
    shown = logistic(params.slope * expected + params.shift)
    return Prediction(shown, mean, var, ability, features, counts)


NOTHING = (0.0,) * len(FEATURES)
HOURS = 24.0
SKILL_MEMORY, FORM_MEMORY = 0.25, 0.3
"""Weight of the newest result in the running means of surprise."""


def _pause(state: WorkerState, skill: str, day: float) -> float:
    """Return ln(1 + hours) since a skill was touched; 0 for one that never was."""
    row = state.skills.get(skill)
    return 0.0 if row is None or day <= row.day else log1p(HOURS * (day - row.day))


def practice(
    state: WorkerState, touched: list[SkillState], parts: list[float], pauses: list[float]
) -> tuple[tuple[float, ...], tuple[tuple[float, float], ...]]:
    """Return the values of `params.FEATURES`, and each skill's log counts times its share; rows stand at the moment."""
    successes = failures = recent = lasting = pause = new = surprise = 0.0
    counts = []
    for skill, part, waited in zip(touched, parts, pauses, strict=True):
        won, lost = part * log1p(skill.successes), part * log1p(skill.failures)
        counts.append((won, lost))
        successes = successes + won
        failures = failures + lost
        recent = recent + part * log1p(skill.recent)
        lasting = lasting + part * log1p(skill.lasting)
        pause = pause + part * waited
        if skill.successes + skill.failures == 0.0:
            new = new + part
        surprise = surprise + part * skill.surprise
    return (successes, failures, recent, lasting, pause, new, surprise, state.form), tuple(counts)


def practice_offset(
    demands: Iterable[Demand],
    parts: list[float],
    features: tuple[float, ...],
    counts: tuple[tuple[float, float], ...],
    params: BeliefParams,
) -> float:
    """Return what practice, form and the difficulty of the skills add to the log-odds: docs/model.md, section 1.6."""
    offset = 0.0
    for weight, feature in zip(params.weights, features, strict=True):
        offset = offset + weight * feature
    if params.skills:
        for demand, part, (won, lost) in zip(demands, parts, counts, strict=True):
            effect = params.skill(demand.skill)
            offset = offset - part * effect.difficulty
            offset = offset + effect.success * won
            offset = offset + effect.failure * lost
    return offset


def _practise(
    state: WorkerState, touched: list[SkillState], success: float, surprise: float, params: BeliefParams
) -> None:
    worth = params.practice_of_failure + (1.0 - params.practice_of_failure) * success
    for skill in touched:
        skill.recent = skill.recent + worth
        skill.lasting = skill.lasting + worth
        skill.successes = skill.successes + success
        skill.failures = skill.failures + (1.0 - success)
        skill.surprise = skill.surprise + SKILL_MEMORY * (surprise - skill.surprise)
    state.form = state.form + FORM_MEMORY * (surprise - state.form)


def _learn_reading(state: WorkerState, reading: Reading, day: float, params: BeliefParams) -> None:
    skill = _touch(state, reading.skill, day, params)
    stated = params.logit_of_level(reading.level) - params.rater_bias[reading.rater]
    mean = state.general_mean + skill.mean
    var = (state.general_var + skill.var) + params.rater_noise[reading.rater]
    _update(state, [skill], [1.0], 1.0, (stated - mean) / var, 1.0 / var, params)
    skill.uses += 1


def _update(
    state: WorkerState,
    touched: list[SkillState],
    parts: list[float],
    slope: float,
    gain: float,
    loss: float,
    params: BeliefParams,
) -> None:
    """Move the general part and each touched skill by one observation: docs/model.md, section 1.3.

    `gain` (alpha) moves means, `loss` (beta) shrinks variances; afterwards a little drift is added, never past the
    prior, so that disuse can only widen what is left.
    """
    pull = slope * state.general_var
    state.general_mean = state.general_mean + gain * pull
    state.general_var = min((state.general_var - loss * (pull * pull)) + params.general_drift, params.general_var)
    for part, skill in zip(parts, touched, strict=True):
        pull = (slope * part) * skill.var
        skill.mean = skill.mean + gain * pull
        skill.var = min((skill.var - loss * (pull * pull)) + params.skill_drift, params.skill_var)
