"""Who is able and what is hard, found together: a mixed model of a whole history.

Fitting in turns (what was believed of workers, then what is hard) takes long to tell an expert who is sent to all the
hard jobs from a beginner who is sent to easy ones. Here both are unknowns of one penalised likelihood, of results and
of durations, which is maximised by Newton steps, each solved by conjugate gradients. Only what all workers share is
kept; the filter learns the workers again from their evidence. Breslow and Clayton, Approximate inference in generalized
linear mixed models, 1993.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from skillmatch.beliefs.columns import OPEN, Found
from skillmatch.beliefs.histories import Encoded
from skillmatch.beliefs.params import FEATURES, GENERAL_PART, WITHOUT_PACE, BeliefParams, Difficulty, SkillEffect
from skillmatch.beliefs.raters import PACE_VAR
from skillmatch.beliefs.regression import VAR_RANGES, WEIGHT_VAR, Trials, clipped_signs, trials_of

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

STRUCTURAL = [FEATURES.index(name) for name in ("lasting", "relative", "home")]
NEWTON_STEPS, SOLVER_STEPS, EXACT_ENOUGH = 6, 20, 1e-2


@dataclass(slots=True)
class Block:
    """Unknowns of one kind: each entry adds `value` times unknown `place` to the linear predictor of `row`."""

    size: int
    row: Indices
    place: Indices
    value: Floats
    variance: float
    start: int = 0

    def apply(self, unknowns: Floats, rows: int) -> Floats:
        """Return what the unknowns give each row."""
        own = unknowns[self.start : self.start + self.size]
        return np.bincount(self.row, self.value * own[self.place], rows).astype(np.float64)

    def back(self, pulls: Floats) -> Floats:
        """Return the sum of the rows' pulls on each unknown."""
        return np.bincount(self.place, self.value * pulls[self.row], self.size).astype(np.float64)

    def curve(self, weights: Floats) -> Floats:
        """Return the diagonal of the block's Hessian."""
        return np.bincount(self.place, self.value**2 * weights[self.row], self.size).astype(np.float64)


@dataclass(slots=True)
class Model:
    """The rows are first the trials, then the durations of those that have one; `dense` (rows, features)."""

    rows: int
    dense: Floats
    blocks: dict[str, Block] = field(default_factory=dict)

    def add(self, name: str, block: Block) -> None:
        """Add a kind of unknowns after those there are."""
        block.start = self.dense.shape[1] + sum(each.size for each in self.blocks.values())
        self.blocks[name] = block

    @property
    def size(self) -> int:
        """How many unknowns there are."""
        return int(self.dense.shape[1]) + sum(each.size for each in self.blocks.values())

    def apply(self, unknowns: Floats) -> Floats:
        """Return the linear predictor of each row."""
        total = self.dense @ unknowns[: self.dense.shape[1]]
        for block in self.blocks.values():
            total = total + block.apply(unknowns, self.rows)
        return np.asarray(total)

    def back(self, pulls: Floats) -> Floats:
        """Return the pull on each unknown."""
        return np.concatenate([self.dense.T @ pulls, *(block.back(pulls) for block in self.blocks.values())])

    def curve(self, weights: Floats) -> Floats:
        """Return the diagonal of the Hessian, without the ridge."""
        return np.concatenate([(self.dense**2).T @ weights, *(b.curve(weights) for b in self.blocks.values())])

    def ridge(self) -> Floats:
        """Return one over the prior variance of each unknown."""
        dense = np.full(self.dense.shape[1], 1.0 / WEIGHT_VAR)
        dense[0] = 1e-6
        return np.concatenate([dense, *(np.full(b.size, 1.0 / b.variance) for b in self.blocks.values())])

    def part(self, name: str, unknowns: Floats) -> Floats:
        """Return the unknowns of one kind."""
        block = self.blocks[name]
        return unknowns[block.start : block.start + block.size]


def fit_jointly(encoded: Encoded, found: Found, params: BeliefParams) -> BeliefParams:
    """Return the parameters with base, difficulties, weights and variances from the joint model."""
    trials = trials_of(encoded, found, params)
    model, fixed, value, timed = _model(encoded, trials, params)
    unknowns = np.zeros(model.size)
    unknowns[0] = params.base
    count = len(trials)
    curve = np.ones(model.size)
    for step in range(NEWTON_STEPS):
        predictor = fixed + model.apply(unknowns)
        chance = 1.0 / (1.0 + np.exp(-predictor[:count]))
        weights = np.concatenate([chance * (1.0 - chance), np.full(len(timed), 1.0 / params.pace_noise)])
        pulls = np.concatenate([trials.success - chance, (value - predictor[count:]) / params.pace_noise])
        ridge = model.ridge()
        gradient = model.back(pulls) - ridge * unknowns
        curve = model.curve(weights) + ridge
        move = _solve(partial(_product, model, weights, ridge), gradient, curve)
        unknowns = unknowns + move
        _adapt(model, unknowns, curve, first=step < 2)
    return _learned(encoded, model, unknowns, curve, params)


def _model(encoded: Encoded, trials: Trials, params: BeliefParams) -> tuple[Model, Floats, Floats, Indices]:
    """Return the model, what is fixed of each row's predictor, the durations, and the trials these belong to."""
    events: Any = encoded.events
    encoder, count = encoded.encoder, len(trials)
    key = np.asarray(events.pace)[trials.event]
    timed = np.flatnonzero(np.asarray(events.paced)[trials.event] == 1)
    value = np.asarray(events.value)[trials.event[timed]]
    rows = count + len(timed)
    grip = params.grip
    after = np.full(count, -1)
    after[timed] = count + np.arange(len(timed))

    def both(row: Indices, place: Indices, amount: Floats) -> tuple[Indices, Indices, Floats]:
        """Return entries for trials, and for their durations scaled by how much ability speeds up the work."""
        also = after[row] >= 0
        return (
            np.concatenate([row, after[row[also]]]),
            np.concatenate([place, place[also]]),
            np.concatenate([amount, grip * amount[also]]),
        )

    # What corrects a chance by how it went lately would be explained twice beside workers who are unknowns themselves.
    dense = np.column_stack([np.ones(count), trials.features[:, STRUCTURAL]])
    slow = grip * dense[timed]
    slow[:, 0] = 0.0
    model = Model(rows, np.vstack([dense, slow]))
    alone = np.arange(count)
    sizes = {"type": len(encoder.types), "customer": len(encoder.customers), "site": len(encoder.sites)}
    variances = {"type": params.type_var, "customer": params.customer_var, "site": params.site_var}
    for kind, size in sizes.items():
        names = list(getattr(encoder, {"type": "types", "customer": "customers", "site": "sites"}[kind]))
        named = np.array([name is not None for name in names], dtype=np.float64)
        places = trials.places[kind]
        model.add(kind, Block(size, alone, places, -named[places], variances[kind]))
    model.add("skill", Block(len(encoder.skills), *both(trials.row, trials.skill, -trials.part), params.effect_var))
    pace_var = np.array([OPEN if one.startswith(WITHOUT_PACE) else PACE_VAR for one in encoder.paces])
    pace = Block(len(pace_var), after[timed], key[timed], np.ones(len(timed)), PACE_VAR)
    # Without estimates the usual pace is anything at all: a wide prior by way of a large entry.
    if len(timed):
        pace.value = np.sqrt(pace_var / PACE_VAR)[key[timed]]
    model.add("pace", pace)
    _add_workers(model, encoded, trials, params, both)
    levels = trials.offset - trials.ability
    return model, np.concatenate([levels, np.zeros(len(timed))]), value, timed


def _add_workers(
    model: Model,
    encoded: Encoded,
    trials: Trials,
    params: BeliefParams,
    both: Callable[[Indices, Indices, Floats], tuple[Indices, Indices, Floats]],
) -> None:
    events: Any = encoded.events
    first = np.asarray(events.first_part)
    sizes = np.diff(first)[trials.event]
    row = np.repeat(np.arange(len(trials)), sizes)
    at = np.repeat(first[trials.event], sizes) + _within(sizes)
    part, load = np.asarray(events.part_row)[at], np.asarray(events.part_load)[at]
    kind = np.asarray(events.part_kind)[at]
    total = sum(map(len, encoded.encoder.part_rows))
    for name, number, variance in (
        (GENERAL_PART, 0, params.general_var),
        ("family", 1, params.family_var),
        ("circle", 2, max(params.learned_var, 1e-3)),
    ):
        mine = kind == number
        if np.any(mine):
            model.add(name, Block(total, *both(row[mine], part[mine], load[mine]), variance))
    demand = np.asarray(events.first_demand)
    sizes = np.diff(demand)[trials.event]
    own = np.asarray(events.row)[np.repeat(demand[trials.event], sizes) + _within(sizes)]
    count = sum(map(len, encoded.encoder.skill_rows))
    model.add("own", Block(count, *both(trials.row, own, trials.part), params.skill_var))


def _within(sizes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return 0, 1, 2 ... for each group of these sizes, one after the other."""
    ends = np.cumsum(sizes)
    return np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - sizes, sizes)


def _product(model: Model, weights: Floats, ridge: Floats, x: Floats) -> Floats:
    """Return the Hessian times x."""
    return np.asarray(model.back(weights * model.apply(x)) + ridge * x)


def _solve(matrix: Callable[[Floats], Floats], goal: Floats, diagonal: Floats) -> Floats:
    """Return x with matrix(x) = goal, by conjugate gradients with a diagonal preconditioner."""
    x = np.zeros(len(goal))
    rest = goal.copy()
    scaled = rest / diagonal
    direction = scaled.copy()
    power = float(rest @ scaled)
    enough = EXACT_ENOUGH**2 * power
    for _step in range(SOLVER_STEPS):
        if power <= enough:
            break
        image = matrix(direction)
        length = power / float(direction @ image)
        x += length * direction
        rest -= length * image
        scaled = rest / diagonal
        power, before = float(rest @ scaled), power
        direction = scaled + (power / before) * direction
    return x


def _adapt(model: Model, unknowns: Floats, curve: Floats, *, first: bool) -> None:
    """Estimate the variance of each kind of difficulty from its present values (empirical Bayes).

    Those of workers' parts are chosen on workers held out: modes of single workers say too little about them.
    """
    if first:
        return
    for name, block in model.blocks.items():
        if name not in VAR_RANGES:
            continue
        own = unknowns[block.start : block.start + block.size]
        seen = np.bincount(block.place, minlength=block.size) > 0
        if np.count_nonzero(seen) < 5:
            continue
        sure = curve[block.start : block.start + block.size][seen]
        low, high = VAR_RANGES[name]
        block.variance = float(np.clip(np.mean(own[seen] ** 2 + 1.0 / sure), low, high))


def _learned(encoded: Encoded, model: Model, unknowns: Floats, curve: Floats, params: BeliefParams) -> BeliefParams:
    encoder = encoded.encoder

    def difficulties(name: str, names: Any) -> dict[str, Difficulty]:
        block = model.blocks[name]
        sure = curve[block.start : block.start + block.size]
        means = model.part(name, unknowns)
        return {
            key: Difficulty(float(mean), float(1.0 / precise))
            for key, mean, precise in zip(names, means, sure, strict=True)
            if key is not None
        }

    weights = [0.0] * len(FEATURES)
    for place, weight in zip(STRUCTURAL, unknowns[1 : model.dense.shape[1]], strict=True):
        weights[place] = float(weight)
    variance = {name: block.variance for name, block in model.blocks.items()}
    skills = model.part("skill", unknowns)
    return replace(
        params,
        base=float(unknowns[0]),
        weights=clipped_signs(tuple(weights)),
        difficulties=difficulties("type", encoder.types),
        customers=difficulties("customer", encoder.customers),
        sites=difficulties("site", encoder.sites),
        skills={skill: SkillEffect(float(mean), 0.0, 0.0) for skill, mean in zip(encoder.skills, skills, strict=True)},
        type_var=variance["type"],
        customer_var=variance["customer"],
        site_var=variance["site"],
    )
