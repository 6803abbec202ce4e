"""How far what people say, and how long work takes, can be trusted: learned from what was expected at the time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from skillmatch.beliefs.columns import OPEN, STATEMENT, WORK, Found
from skillmatch.beliefs.histories import Encoded, replay, workings
from skillmatch.beliefs.observation import Rater
from skillmatch.beliefs.params import WITHOUT_PACE, BeliefParams, Difficulty

Floats = npt.NDArray[np.float64]

ENOUGH, FEW = 50, 5
"""Statements of a sort of rater, and of one rater, from which on anything is learned about them."""
LENIENCY_VAR = 0.15
"""Prior variance of how much further above the truth one rater states levels than others of her sort."""
DEAF, PASSES, MOST_STATEMENTS = 1e9, 80, 20_000
"""Noise under which a statement says nothing; see `refit.PASSES`; statements looked at, at most."""
NOISE_RANGE, SLOPE_RANGE = (0.25, 4.0), (0.08, 1.2)
"""How far a learned noise may leave its published value, as factors; and limits of a learned slope."""
ENOUGH_DURATIONS = 100
GRIP_RANGE, PACE_VAR = (0.01, 1.5), 0.25
GRADES_COUNT = 10.0
"""Weight of the default cutpoints against counted results."""


def fit_raters(encoded: Encoded, params: BeliefParams) -> BeliefParams:
    """Return the parameters with slope, bias and noise of each sort of rater, and the leniency of single ones.

    stated = bias + slope * ability + noise, each sort by itself, against what the whole history says of the ability
    when nobody's statements are listened to: what is believed before a statement is often nothing yet.
    """
    events: Any = encoded.events
    said = np.flatnonzero(np.asarray(events.kind) == STATEMENT)
    if len(said) < ENOUGH:
        return params
    said = said[:: max(len(said) // MOST_STATEMENTS, 1)]
    believed, var = _in_hindsight(encoded, said, params)
    who, stated = np.asarray(events.rater)[said], np.asarray(events.value)[said]
    slopes, noise, bias = dict(params.rater_slope), dict(params.rater_noise), dict(params.rater_bias)
    leniencies: dict[str, float] = {}
    raters, published = list(encoded.encoder.raters), BeliefParams()
    sorts = np.array([list(Rater).index(raters[one][0]) for one in who])
    for number, sort in enumerate(Rater):
        mine = np.flatnonzero(sorts == number)
        if len(mine) < ENOUGH:
            continue
        x, y = believed[mine], stated[mine]
        prior, spread = published.rater_slope[sort], float(np.var(x))
        slope = (float(np.cov(x, y, bias=True)[0, 1]) * len(mine) + ENOUGH * prior * spread) / (
            (len(mine) + ENOUGH) * max(spread, 1e-3)
        )
        slope = float(np.clip(slope, *SLOPE_RANGE))
        off = float(np.mean(y) - slope * np.mean(x))
        rest = y - off - slope * x
        # What is left of the squares when the uncertainty about the worker is taken away is the rater's noise.
        left = max(float(np.mean(rest**2)) - slope**2 * float(np.mean(var[mine])), 0.0) / slope**2
        expected = published.rater_noise[sort]
        shrunk = (len(mine) * left + ENOUGH * expected) / (len(mine) + ENOUGH)
        slopes[sort], bias[sort] = slope, off
        noise[sort] = float(np.clip(shrunk, NOISE_RANGE[0] * expected, NOISE_RANGE[1] * expected))
        if sort is Rater.SELF:
            continue  # a worker's own bias is a belief about her, learned by the filter
        for one in np.unique(who[mine]):
            own = who[mine] == one
            count = int(np.count_nonzero(own))
            if count >= FEW:
                weight = count / float(np.mean(rest**2))
                leniencies[f"{sort}:{raters[one][1]}"] = float(
                    np.sum(rest[own]) / count * weight / (weight + 1.0 / LENIENCY_VAR)
                )
    return replace(params, rater_slope=slopes, rater_noise=noise, rater_bias=bias, leniencies=leniencies)


def _in_hindsight(encoded: Encoded, said: npt.NDArray[np.intp], params: BeliefParams) -> tuple[Floats, Floats]:
    """Return mean and variance of the levels that the history without statements gives at its end, for `said`."""
    deaf = replace(params, halo=0.0, self_habit=0.0, rater_noise=dict.fromkeys(params.rater_noise, DEAF))
    state, _found = replay(encoded, deaf, times=PASSES)
    events: Any = encoded.events
    late = events._replace(day=np.full(len(encoded), float(np.max(events.day))))
    found, run = workings(encoded, deaf, times=PASSES)
    for event in said.tolist():
        run(late, state, event)
    return np.asarray(found.mean)[said], np.maximum(np.asarray(found.var)[said] - DEAF, 0.0)


def fit_pace(encoded: Encoded, found: Found, params: BeliefParams) -> BeliefParams:
    """Return the parameters with how much faster ability makes the work, and each job type's usual pace.

    ln(estimate / minutes) = pace[type] + grip * ability + noise. What is believed of the ability is the mean of what it
    may be, so the slope against it is not diluted by its uncertainty (Berkson 1950).
    """
    events = encoded.events
    done = np.flatnonzero((np.asarray(events.kind) == WORK) & (np.asarray(events.paced) == 1))
    if len(done) < ENOUGH_DURATIONS:
        return params
    keys = list(encoded.encoder.paces)
    place = np.asarray(events.pace)[done]
    value = np.asarray(events.value)[done]
    able = np.asarray(found.ability)[done] + np.asarray(found.known)[done]
    count = np.bincount(place, minlength=len(keys))
    often = count[place] >= 2
    mean_value = np.bincount(place, value, len(keys)) / np.maximum(count, 1)
    mean_able = np.bincount(place, able, len(keys)) / np.maximum(count, 1)
    x, y = (able - mean_able[place])[often], (value - mean_value[place])[often]
    grip = float(np.clip(np.sum(x * y) / (np.sum(x * x) + 1.0), *GRIP_RANGE))
    rest = y - grip * x
    free = max(int(np.count_nonzero(often)) - int(np.count_nonzero(count >= 2)) - 1, 1)
    uncertainty = np.maximum(np.asarray(found.var)[done][often] - params.instance_var, 0.0)
    noise = max(float(np.sum(rest**2)) / free - grip**2 * float(np.mean(uncertainty)), 0.01)
    paces = {}
    for number, key in enumerate(keys):
        if count[number] == 0:
            continue
        prior = OPEN if key.startswith(WITHOUT_PACE) else PACE_VAR
        weight = count[number] / noise
        mean = weight * (mean_value[number] - grip * mean_able[number]) / (weight + 1.0 / prior)
        paces[key] = Difficulty(float(mean), float(1.0 / (weight + 1.0 / prior)))
    return replace(params, grip=grip, pace_noise=noise, paces=paces)


def fit_cuts(log_odds: Floats, shrink: Floats, grade: npt.NDArray[np.intp], params: BeliefParams) -> BeliefParams:
    """Return the parameters with the cutpoints between results; where a result never occurs, its cutpoint is that of
    the next.

    Parameters
    ----------
    log_odds, shrink
        What was expected of each trial, (n,).
    grade
        The lower cutpoint of each result, as in `observation.Cut`, (n,).
    """
    defaults = BeliefParams().cuts
    found = []
    for number, (middle, reached) in enumerate(((1, grade >= 1), (2, grade >= 3))):
        if not np.any(grade == middle):
            found.append(0.0)
            continue
        cut = defaults[number]
        for _step in range(20):
            chance = 1.0 / (1.0 + np.exp(-(shrink * (log_odds - cut))))
            slope = np.sum(shrink**2 * chance * (1.0 - chance)) + GRADES_COUNT
            pull = np.sum(shrink * (reached - chance)) + GRADES_COUNT * (cut - defaults[number])
            cut -= float(pull / slope)
        found.append(cut)
    return replace(params, cuts=(min(found[0], 0.0), max(found[1], 0.0)))
