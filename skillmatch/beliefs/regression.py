"""The effects that all workers share, fitted to what the filter expected: a ridge logistic regression by blocks.

success ~ logistic(shrink (ability - levels + base - difficulties + practice)). The worker's own ability enters as an
offset, so that a type of job that only experts are sent to is not taken for an easy one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from skillmatch.beliefs.columns import FEATURES as FEATURE_COUNT
from skillmatch.beliefs.columns import WORK, Found
from skillmatch.beliefs.histories import Encoded
from skillmatch.beliefs.kernel import PI_8
from skillmatch.beliefs.params import FEATURES, BeliefParams, Difficulty, SkillEffect

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

WEIGHT_VAR, SLOPE_VAR = 0.25, 0.05
"""Prior variances of the weights of practice, and of a skill's own slopes around them."""
OWN_SLOPES = "own slopes"
"""What the slopes of single skills are called where a fit leaves them out, beside FEATURES."""
STEPS = 15
SIGNS: Mapping[str, float] = {"recent": 1.0, "lasting": 1.0, "pause": -1.0}
"""Weights of what changes in disuse may have one sign only, so that no shown level ever rises by waiting."""
VAR_RANGES = {"type": (0.02, 1.5), "customer": (0.001, 0.5), "site": (0.001, 0.5)}
"""In which the prior variance of each kind of difficulty is estimated."""


@dataclass(frozen=True, slots=True)
class Trials:
    """What the filter believed before each finished job, arrays (n,) unless said.

    `ability` is what her parts and skills give, `offset` the same less the demanded levels, `shrink` the factor of its
    uncertainty, `mean` and `var` the whole expectation; `success` 0 or 1; `grade` the lower cutpoint of the result;
    `places` by kind of difficulty the place of the trial's name in the encoder; `features` (n, features). The demands
    of all trials stand one after the other, (m,): `row` the trial, `skill` its place, `part` the share, `won` and
    `lost` the log counts times the share. `event` is the place among all events.
    """

    event: Indices
    ability: Floats
    offset: Floats
    mean: Floats
    var: Floats
    shrink: Floats
    success: Floats
    grade: Indices
    places: Mapping[str, Indices]
    features: Floats
    row: Indices
    skill: Indices
    part: Floats
    won: Floats
    lost: Floats

    def __len__(self) -> int:
        return len(self.event)


def trials_of(encoded: Encoded, found: Found, params: BeliefParams) -> Trials:
    """Return the finished jobs among the events, with what was expected of each under `params`.

    What is not to be learned is nothing in every trial, so that its weight stays nothing.
    """
    events: dict[str, Any] = {name: np.asarray(column) for name, column in encoded.events._asdict().items()}
    work = np.flatnonzero(events["kind"] == WORK)
    first = events["first_demand"]
    counts = np.diff(first)
    owner = np.repeat(np.arange(len(encoded)), counts)
    kept = events["kind"][owner] == WORK
    number = np.cumsum(events["kind"] == WORK) - 1
    row = number[owner[kept]].astype(np.intp)
    part, level = events["share"][kept], events["level"][kept]
    above = np.where(level >= 0.0, (level - params.average_level) * params.logit_per_level, 0.0)
    levels = np.bincount(row, part * above, len(work))
    var = np.asarray(found.var)[work]
    features = np.asarray(found.features).reshape(-1, FEATURE_COUNT)[work]
    features[:, [name in encoded.unlearned for name in FEATURES]] = 0.0
    slopes = 0.0 if OWN_SLOPES in encoded.unlearned else 1.0
    return Trials(
        work,
        np.asarray(found.ability)[work],
        np.asarray(found.ability)[work] - levels,
        np.asarray(found.mean)[work],
        var,
        1.0 / np.sqrt(1.0 + PI_8 * var),
        (events["success"][work] >= 0.5).astype(np.float64),
        events["low"][work].astype(np.intp),
        {kind: events[kind][work].astype(np.intp) for kind in VAR_RANGES},
        features,
        row,
        events["skill"][kept].astype(np.intp),
        part,
        slopes * np.asarray(found.won)[kept],
        slopes * np.asarray(found.lost)[kept],
    )


class Regression:
    """Fits the blocks in turn by Newton steps.

    Types, customers, sites and skills are blocks whose Hessian is taken as diagonal: tens of thousands of them cost no
    more than the trials they occur in. Their prior variances are estimated on the way (empirical Bayes).
    """

    def __init__(self, trials: Trials, encoded: Encoded, params: BeliefParams) -> None:
        self.trials, self.params = trials, params
        encoder = encoded.encoder
        self.names = {"type": list(encoder.types), "customer": list(encoder.customers), "site": list(encoder.sites)}
        self.skills = list(encoder.skills)
        self.base = params.base
        self.weights = np.array(params.weights)
        known = {"type": params.difficulty, "customer": params.customer, "site": params.site}
        self.effects = {kind: np.array([known[kind](name).mean for name in self.names[kind]]) for kind in known}
        self.variances = {"type": params.type_var, "customer": params.customer_var, "site": params.site_var}
        self.precision = {kind: np.full(len(names), 1.0) for kind, names in self.names.items()}
        # Nobody's customer is no customer: what has no name has no effect.
        self.nameless = {kind: np.array([name is None for name in names]) for kind, names in self.names.items()}
        effects = [params.skill(skill) for skill in self.skills]
        self.own = np.array(effects).reshape(len(self.skills), 3)
        self.design = np.column_stack([np.ones(len(trials)), trials.features])
        # How a skill's effects enter a trial: its difficulty against success, its slopes with the log counts.
        self.columns = (-trials.part, trials.won, trials.lost)
        self.total = [np.bincount(trials.row, np.abs(c), len(trials))[trials.row] for c in self.columns]

    def fit(self, steps: int = STEPS) -> BeliefParams:
        """Return the parameters with everything fitted."""
        for step in range(steps):
            self._step_shared()
            for kind in self.names:
                if not self.nameless[kind].all():
                    self._step_difficulty(kind, adapt=step >= 3)
            for number, variance in enumerate((self.params.effect_var, SLOPE_VAR, SLOPE_VAR)):
                self._step_skills(number, variance)
        return self._params()

    def _step_shared(self) -> None:
        slope, pull = self._state()
        design = self.design
        ridge = np.diag([1e-6] + [1.0 / WEIGHT_VAR] * len(self.weights))
        gradient = design.T @ pull - ridge @ np.concatenate([[0.0], self.weights])
        curve = (design * slope[:, None]).T @ design + ridge
        free = np.ones(len(curve), dtype=np.bool_)
        now = np.concatenate([[self.base], self.weights])
        for _try in range(len(SIGNS) + 1):
            move = np.zeros(len(curve))
            move[free] = np.linalg.solve(curve[np.ix_(free, free)], gradient[free])
            then = now + move
            wrong = [
                place
                for place, name in enumerate(FEATURES, start=1)
                if free[place] and SIGNS.get(name, 0.0) * then[place] < 0.0
            ]
            if not wrong:
                break
            for place in wrong:  # held at nothing, and the others are moved again without it
                gradient = gradient + curve[:, place] * now[place]
                now[place], free[place] = 0.0, False
        self.base, self.weights = float(then[0]), then[1:]

    def _step_difficulty(self, kind: str, *, adapt: bool) -> None:
        places, effects, count = self.trials.places[kind], self.effects[kind], len(self.names[kind])
        slope, pull = self._state()
        variance = self.variances[kind]
        precision = np.bincount(places, slope, count) + 1.0 / variance
        effects = effects - (np.bincount(places, pull, count) + effects / variance) / precision
        effects[self.nameless[kind]] = 0.0
        self.effects[kind], self.precision[kind] = effects, precision
        seen = (np.bincount(places, minlength=count) > 0) & ~self.nameless[kind]
        if adapt and np.count_nonzero(seen) >= 5:
            low, high = VAR_RANGES[kind]
            self.variances[kind] = float(np.clip(np.mean(effects[seen] ** 2 + 1.0 / precision[seen]), low, high))

    def _step_skills(self, number: int, variance: float) -> None:
        trials, column = self.trials, self.columns[number]
        slope, pull = self._state()
        size, effect = len(self.skills), self.own[:, number]
        gradient = np.bincount(trials.skill, column * pull[trials.row], size) - effect / variance
        # Skills of one trial move together: bounding by the row's total keeps the joint step from overshooting.
        curve = np.bincount(trials.skill, np.abs(column) * self.total[number] * slope[trials.row], size)
        self.own[:, number] = effect + gradient / (curve + 1.0 / variance)

    def log_odds(self) -> Floats:
        """Return each trial's log-odds at the present values, before uncertainty is counted."""
        trials = self.trials
        own = sum(column * self.own[trials.skill, number] for number, column in enumerate(self.columns))
        found = trials.offset + self.base + trials.features @ self.weights + np.bincount(trials.row, own, len(trials))
        for kind, effects in self.effects.items():
            found = found - effects[trials.places[kind]]
        return np.asarray(found)

    def _state(self) -> tuple[Floats, Floats]:
        """Return each trial's curvature and residual at the present values."""
        shrink = self.trials.shrink
        chance = 1.0 / (1.0 + np.exp(-(shrink * self.log_odds())))
        return shrink**2 * chance * (1.0 - chance), shrink * (self.trials.success - chance)

    def _params(self) -> BeliefParams:
        learned = {
            kind: {
                name: Difficulty(float(mean), float(1.0 / sure))
                for name, mean, sure in zip(names, self.effects[kind], self.precision[kind], strict=True)
                if name is not None
            }
            for kind, names in self.names.items()
        }
        return replace(
            self.params,
            base=self.base,
            weights=tuple(map(float, self.weights)),
            skills={skill: SkillEffect(*map(float, row)) for skill, row in zip(self.skills, self.own, strict=True)},
            difficulties=learned["type"],
            customers=learned["customer"],
            sites=learned["site"],
            type_var=self.variances["type"],
            customer_var=self.variances["customer"],
            site_var=self.variances["site"],
        )


def clipped_signs(weights: tuple[float, ...]) -> tuple[float, ...]:
    """Return the weights with those of the wrong sign set to nothing: see `SIGNS`."""
    return tuple(
        0.0 if SIGNS.get(name, 0.0) * weight < 0.0 else weight for name, weight in zip(FEATURES, weights, strict=True)
    )


def calibrate(log_odds: Floats, success: Floats) -> tuple[float, float, float]:
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
