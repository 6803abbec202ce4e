"""Parameters learned from a company's own history: what is hard, what practice is worth, whom to believe.

Everything is corrected for who was sent: each trial enters with what the filter believed of the worker before it saw
the outcome. Workers who are held out choose how much workers and skills differ, calibrate the chances, and tell whether
the new parameters are better than those in force. See docs/model.md, section 2.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from math import log
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from skillmatch.beliefs.columns import WORK, Found
from skillmatch.beliefs.evidence import JobOutcome, day_number
from skillmatch.beliefs.habits import fit_habits
from skillmatch.beliefs.histories import Encoded, Histories, encode, replay
from skillmatch.beliefs.joint import fit_jointly
from skillmatch.beliefs.params import FAMILY_PART, FEATURES, LEARNED_PART, BeliefParams
from skillmatch.beliefs.raters import fit_cuts, fit_pace, fit_raters
from skillmatch.beliefs.regression import OWN_SLOPES, Regression, Trials, calibrate, trials_of
from skillmatch.beliefs.structure import from_practice, with_exposures, with_types

Floats = npt.NDArray[np.float64]
Progress = Callable[[str, int, int | None], None]

MIN_TRIALS = 200
"""With fewer finished jobs the defaults are better than anything learned."""
AT_LEVEL = 1.3
"""Log-odds with which somebody at the level that a job demands gets it done: in 79 of 100 cases."""
MIN_HELD_OUT = 100
PASSES = 80
"""About how often a fit runs the filter."""
JOINT_ROUNDS, ROUNDS = 2, 3
"""Times that all is fitted jointly, and that it is then fitted in turns with the filter at most."""
JOINTLY, IN_TURNS = "jointly", "in turns"
"""What these two steps are called where a fit leaves one out."""
TURN_GAIN = 1e-5
CLEAR_GAIN = 5e-4
EFFECT_VARS = (0.03, 0.5)
"""Prior variances of a skill's own difficulty to choose from; the larger only where that is clearly better."""
VARIANCES = ("general_var", "family_var", "learned_var", "skill_var")
DRIFTS = ("skill_drift", "general_drift")
CHOSEN = (*VARIANCES, *DRIFTS, "effect_var")
"""What is chosen on workers held out, unless it is given."""
IGNORABLE = (*FEATURES, OWN_SLOPES, JOINTLY, IN_TURNS)
MOVES: tuple[tuple[tuple[str, ...], float], ...] = (
    *((VARIANCES, factor) for factor in (0.6, 1.5)),
    *(((name,), factor) for name in VARIANCES for factor in (0.5, 2.0)),
    *(((name,), factor) for name in DRIFTS for factor in (0.25, 4.0)),
)
"""How the search for variances goes on from where it is: all of a kind, or one, times a factor."""
RANGES = {**dict.fromkeys(VARIANCES, (0.02, 1.2)), **dict.fromkeys(DRIFTS, (1e-6, 0.02))}
SPREAD_RANGE, SPREAD_WEIGHT = (1.0, 4.0), 500.0
"""Limits of the factor on believed variances, and pairs of jobs that its default of 1 counts as."""
STRANGENESS_SD = 0.35
"""How far, in logarithms, the variances of companies are taken to differ."""
LEAST_GAIN, MOST_MOVES = 2e-5, 12
"""In log-loss, for a move to be made; and moves at most."""
FIRST_LEARNED_VAR = 0.1
MOST_VAR = 1.6
"""The variances of the parts of a skill add up to at most this, up to where the update is accurate."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Outcomes of workers from whom nothing was learned: arrays (n,), each worker's in their order.

    `success` 0 or 1; `before` and `after` the chances under the parameters in force and the new ones; `mean` and `var`
    the log-odds of the latter, before calibration; `worker` the place of the worker in `workers`; `work` a number for
    each worker at one kind of job.
    """

    workers: tuple[str, ...]
    worker: npt.NDArray[np.intp]
    success: Floats
    before: Floats
    after: Floats
    mean: Floats
    var: Floats
    work: npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Fit:
    """New parameters under the next version, and how they did on workers held out; None with too few of these."""

    params: BeliefParams
    held_out: HeldOut | None


def count_trials(histories: Histories) -> int:
    """Return how many job outcomes there are to learn from."""
    return sum(isinstance(fact, JobOutcome) for facts in histories.values() for fact in facts)


def fit(
    histories: Histories,
    params: BeliefParams,
    *,
    given: Mapping[str, float] | None = None,
    ignored: Collection[str] = (),
    progress: Progress | None = None,
) -> Fit | None:
    """Return the next version of `params` with everything that can be learned from `histories`.

    Parameters
    ----------
    given
        Some of `CHOSEN` with values that they are to keep. With a variance of almost nothing (not 0: one is divided by
        it) a part is left out: `benchmarks/model` measures what each is worth.
    ignored
        Some of FEATURES and `OWN_SLOPES`, for which no weight is then learned; `JOINTLY` or `IN_TURNS`, a step that is
        then left out.

    Returns
    -------
    Fit or None
        None when there are fewer than `MIN_TRIALS` outcomes.

    Raises
    ------
    ValueError
        When `given` or `ignored` names something else.
    """
    unlearned = _unlearned(given or {}, ignored)
    outcomes = count_trials(histories)
    if outcomes < MIN_TRIALS:
        return None
    say = progress or (lambda _what, _done, _total: None)
    say("learning from the history: who does what", 0, 5)
    defaults = BeliefParams()
    plain = replace(
        defaults,
        loadings=params.loadings,
        half_lives=params.half_lives,
        learned_var=FIRST_LEARNED_VAR,
        reference=AT_LEVEL,
    )
    plain = replace(plain, **dict[str, Any](given or {}))
    held = {worker: facts for worker, facts in histories.items() if crc32(worker.encode()) % 4 == 0}
    rest = {worker: facts for worker, facts in histories.items() if worker not in held}
    enough = count_trials(held) >= MIN_HELD_OUT and count_trials(rest) >= MIN_HELD_OUT
    plain = from_practice(plain, rest if enough else histories)
    plain = with_exposures(plain, rest if enough else histories)
    chosen, held_out, turns = plain, None, 0
    if enough:
        chosen, held_out, turns = _chosen(rest, held, plain, params, unlearned, say)
    say("learning from the history: everybody", 3, 5)
    chosen = fit_habits(histories, chosen)
    chosen = with_exposures(chosen, histories)
    everything = encode(histories, chosen, unlearned=unlearned)
    final = with_types(_rounds(everything, _jointly(everything, chosen), turns), histories)
    return Fit(
        replace(final, version=params.version + 1, fitted_on=outcomes, fitted_until=_newest(histories)), held_out
    )


def _unlearned(given: Mapping[str, float], ignored: Collection[str]) -> frozenset[str]:
    """Return the names of all that is not to be learned."""
    for what, names, known in (("given", given, CHOSEN), ("ignored", ignored, IGNORABLE)):
        if strange := sorted(set(names).difference(known)):
            raise ValueError(f"{what} names {', '.join(strange)}: expected some of {', '.join(known)}")
    return frozenset((*given, *ignored))


def _chosen(
    rest: Histories,
    held: Histories,
    plain: BeliefParams,
    in_force: BeliefParams,
    unlearned: frozenset[str],
    say: Progress,
) -> tuple[BeliefParams, HeldOut, int]:
    """Return parameters learned from `rest` and chosen on `held`, what they said of these, and in how many turns."""
    say("learning from the history: three quarters of the workers", 1, 5)
    taught, unseen = encode(rest, plain, unlearned=unlearned), encode(held, plain, unlearned=unlearned)
    effect_vars = (plain.effect_var,) if "effect_var" in unlearned else EFFECT_VARS
    chosen = _best(unseen, [_jointly(taught, replace(plain, effect_var=var), 1) for var in effect_vars])
    say("learning from the history: how much workers differ", 2, 5)
    chosen = _jointly(taught, _search(unseen, chosen))
    chosen, turns = _in_turns(taught, unseen, chosen)
    del taught
    trials = _trials(unseen, chosen)
    chosen, after = _calibrated(unseen, trials, chosen)
    work = _work(unseen, trials)
    chosen = replace(chosen, spread=_spread(trials, work, chosen))
    return chosen, _held_out(unseen, trials, after, work, held, in_force), turns


def _rounds(encoded: Encoded, params: BeliefParams, rounds: int) -> BeliefParams:
    """Return the parameters after running the filter and fitting what all workers share, so many times."""
    for _round in range(rounds):
        _state, found = replay(encoded, params, times=PASSES)
        params = _shared(encoded, found, params)
    return params


def _shared(encoded: Encoded, found: Found, params: BeliefParams) -> BeliefParams:
    trials = trials_of(encoded, found, params)
    regression = Regression(trials, encoded, params)
    fitted = regression.fit()
    fitted = fit_cuts(regression.log_odds(), trials.shrink, trials.grade, fitted)
    fitted = fit_pace(encoded, found, fitted)
    return fit_raters(encoded, fitted)


def _newest(histories: Histories) -> float:
    """Return the day of the newest job outcome."""
    days = (fact.time for facts in histories.values() for fact in facts if isinstance(fact, JobOutcome))
    return day_number(max(days))


def _jointly(encoded: Encoded, params: BeliefParams, rounds: int = JOINT_ROUNDS) -> BeliefParams:
    """Return the parameters after fitting who is able and what is hard together, and what hangs on it."""
    for _round in range(0 if JOINTLY in encoded.unlearned else rounds):
        _state, found = replay(encoded, params, times=PASSES)
        params = fit_jointly(encoded, found, params)
        _state, found = replay(encoded, params, times=PASSES)
        trials = trials_of(encoded, found, params)
        log_odds = trials.mean
        params = fit_cuts(log_odds, trials.shrink, trials.grade, params)
        params = fit_raters(encoded, fit_pace(encoded, found, params))
    return params


def _in_turns(taught: Encoded, unseen: Encoded, params: BeliefParams) -> tuple[BeliefParams, int]:
    """Return the parameters after fitting in turns what the filter expected, for as long as that is better on the
    workers held out, and how many turns that were.
    """
    if IN_TURNS in taught.unlearned:
        return params, 0
    best = _loss(unseen, params)
    for turn in range(ROUNDS):
        tried = _rounds(taught, params, 1)
        loss = _loss(unseen, tried)
        if loss > best - TURN_GAIN:
            return params, turn
        best, params = loss, tried
    return params, ROUNDS


def _best(unseen: Encoded, candidates: list[BeliefParams]) -> BeliefParams:
    """Return the parameters that predict the workers held out best; of those about as good, the first."""
    losses = [_loss(unseen, params) for params in candidates]
    return next(params for params, loss in zip(candidates, losses, strict=True) if loss <= min(losses) + CLEAR_GAIN)


def _search(unseen: Encoded, params: BeliefParams) -> BeliefParams:
    """Return the parameters with variances that predict the workers held out better: the best move, while one helps."""
    count = int(np.count_nonzero(np.asarray(unseen.events.kind) == WORK))
    best = _loss(unseen, params) + _strangeness(params) / count
    free = [name for name in (*VARIANCES, *DRIFTS) if _is_used(unseen, name) and name not in unseen.unlearned]
    for _move in range(MOST_MOVES):
        moves = _moved(params, free)
        tried = [(_loss(unseen, moved) + _strangeness(moved) / count, moved) for moved in moves]
        if not tried:
            break
        loss, moved = min(tried, key=lambda pair: pair[0])
        if loss > best - LEAST_GAIN:
            break
        best, params = loss, moved
    return params


def _strangeness(params: BeliefParams) -> float:
    """Return how far variances are from those of other companies, as minus a log-likelihood: few data move them little.

    Too little is seen of single workers for a small company to tell how much they differ.
    """
    defaults = BeliefParams()
    ratios = [log(getattr(params, name) / (getattr(defaults, name) or FIRST_LEARNED_VAR)) for name in VARIANCES]
    return sum(ratio * ratio for ratio in ratios) / (2.0 * STRANGENESS_SD**2)


def _moved(params: BeliefParams, free: list[str]) -> list[BeliefParams]:
    found = []
    for names, factor in MOVES:
        names = tuple(name for name in names if name in free)
        values: dict[str, Any] = {n: float(np.clip(getattr(params, n) * factor, *RANGES[n])) for n in names}
        moved = replace(params, **values)
        if names and moved != params and sum(getattr(moved, n) for n in VARIANCES if n in free) <= MOST_VAR:
            found.append(moved)
    return found


def _is_used(encoded: Encoded, name: str) -> bool:
    """Return whether there is anything that has this variance."""
    part = {"family_var": FAMILY_PART, "learned_var": LEARNED_PART}.get(name)
    return part is None or any(one.startswith(part) for rows in encoded.encoder.part_rows for one in rows)


def _loss(unseen: Encoded, params: BeliefParams) -> float:
    trials = _trials(unseen, params)
    return calibrate(trials.shrink * trials.mean, trials.success)[0]


def _trials(encoded: Encoded, params: BeliefParams) -> Trials:
    _state, found = replay(encoded, params, times=PASSES)
    return trials_of(encoded, found, params)


def _calibrated(unseen: Encoded, trials: Trials, params: BeliefParams) -> tuple[BeliefParams, Floats]:
    """Return the parameters calibrated on the workers held out, and the chances of each when calibrated on the others.

    The halves are workers with even and odd places, so that nobody's outcomes calibrate her own chances.
    """
    log_odds = trials.shrink * trials.mean
    odd = (np.asarray(unseen.events.worker)[trials.event] % 2).astype(np.bool_)
    chances = np.empty(len(trials))
    for half in (odd, ~odd):
        _loss, slope, shift = calibrate(log_odds[~half], trials.success[~half])
        chances[half] = 1.0 / (1.0 + np.exp(-(slope * log_odds[half] + shift)))
    _loss, slope, shift = calibrate(log_odds, trials.success)
    return replace(params, slope=slope, shift=shift), chances


def _work(unseen: Encoded, trials: Trials) -> npt.NDArray[np.intp]:
    """Return a number for each worker at one kind of job, (trials,)."""
    worker = np.asarray(unseen.events.worker)[trials.event].astype(np.intp)
    work: dict[tuple[int, ...], int] = {}
    first, skill = np.asarray(unseen.events.first_demand), np.asarray(unseen.events.skill)
    keys = zip(worker.tolist(), trials.places["type"].tolist(), trials.event.tolist(), strict=True)
    places = [work.setdefault((w, t, *skill[first[e] : first[e + 1]].tolist()), len(work)) for w, t, e in keys]
    return np.array(places, dtype=np.intp)


def _spread(trials: Trials, work: npt.NDArray[np.intp], params: BeliefParams) -> float:
    """Return by which factor beliefs are less sure than the filter thinks.

    A chance that is wrong is wrong for the next job of the same work as well: what two such results have in common
    beyond what was expected of both is the square of the error, which the variance should equal on average.
    """
    log_odds = params.slope * (trials.shrink * trials.mean) + params.shift
    chance = 1.0 / (1.0 + np.exp(-log_odds))
    order = np.argsort(work, kind="stable")
    this, following = order[:-1], order[1:]
    same = work[this] == work[following]
    this, following = this[same], following[same]
    if len(this) < MIN_HELD_OUT:
        return 1.0
    steep = chance * (1.0 - chance) * params.slope * trials.shrink
    believed = steep[this] ** 2 * np.maximum(trials.var[this] - params.instance_var, 0.0)
    both = (trials.success[this] - chance[this]) * (trials.success[following] - chance[this])
    found = (float(np.sum(both)) + SPREAD_WEIGHT * float(np.mean(believed))) / (
        float(np.sum(believed)) + SPREAD_WEIGHT * float(np.mean(believed))
    )
    return float(np.clip(found, *SPREAD_RANGE))


def _held_out(
    unseen: Encoded,
    trials: Trials,
    after: Floats,
    work: npt.NDArray[np.intp],
    held: Histories,
    in_force: BeliefParams,
) -> HeldOut:
    """Return the outcomes of the workers held out with what both parameters said of them.

    Parameters in force have learned from these workers as well, so only outcomes that are newer than what they learned
    from can tell which are better. Where there are too few of these, the new ones are compared to those as shipped.
    """
    day = np.asarray(unseen.events.day)[trials.event]
    newer = day > in_force.fitted_until
    if in_force.fitted_on and np.count_nonzero(newer) < MIN_HELD_OUT:
        in_force, newer = replace(BeliefParams(), loadings=in_force.loadings), np.ones_like(newer)
    old = _trials(encode(held, in_force), in_force)
    before = 1.0 / (1.0 + np.exp(-(in_force.slope * (old.shrink * old.mean) + in_force.shift)))
    worker = np.asarray(unseen.events.worker)[trials.event].astype(np.intp)
    return HeldOut(
        tuple(unseen.encoder.workers),
        worker[newer],
        trials.success[newer],
        before[newer],
        after[newer],
        trials.mean[newer],
        trials.var[newer],
        work[newer],
    )
