"""The filter's arithmetic: one update for every kind of evidence, from what was expected to what is believed now.

This file is Python that runs in two ways: as it is, on lists, for one fact at a time; and compiled by numba, on arrays,
for whole histories (`compiled.py`). Both give the same bits, so nothing here may call a library, sum over an array in
an order of its own, or use what numba does not know: classes, dicts, strings. See docs/model.md, section 1.
"""

from __future__ import annotations

from math import pi, sqrt

from skillmatch.beliefs.arithmetic import exp, log, log1p, logistic
from skillmatch.beliefs.columns import (
    DAY,
    FAILURES,
    FEATURES,
    HALO,
    JOBS,
    LASTING,
    MAIN,
    MEAN,
    OPEN,
    PART_WIDTH,
    RECENT,
    SKILL_FEATURES,
    SKILL_WIDTH,
    STATEMENT,
    SUCCESSES,
    SURPRISE,
    USES,
    VAR,
    WON,
    WORK,
    Events,
    Found,
    Memory,
    Numbers,
    State,
    World,
)

PI_8 = pi / 8.0
LN2 = 0.6931471805599453
HOURS = 24.0
SKILL_MEMORY, FORM_MEMORY = 0.25, 0.3
"""Weight of the newest result in the running means of surprise."""
PRIOR_JOBS = 2.0
"""Jobs by the company's share that everybody is taken to have had beyond her own, so that few jobs say little."""
SURPRISED = 2.5
"""Standard deviations beyond which a duration counts as no stranger than that."""
GAP, TINY = 1e-6, 1e-12
"""Cutpoints nearer than this are one; no probability is taken for smaller."""


def forget(rows: Numbers, at: int, elapsed: float, half_life: float, skill_var: float, memory: Memory) -> None:
    """Carry the skill row that starts at `at` forward by `elapsed` days, in one step.

    Certainty fades, practice halves, a good mean sinks to the prior; a mean below the prior stays: not having done the
    work never makes anybody better at it.
    """
    keep = exp(-(LN2 * (elapsed / half_life)))
    keep2 = keep * keep
    if rows[at + MEAN] > 0.0:
        rows[at + MEAN] = keep * rows[at + MEAN]
    rows[at + VAR] = keep2 * rows[at + VAR] + (1.0 - keep2) * skill_var
    if rows[at + RECENT] > 0.0:
        rows[at + RECENT] = rows[at + RECENT] * exp(-(LN2 * (elapsed / memory.recent_days)))
    if rows[at + LASTING] > 0.0:
        rows[at + LASTING] = rows[at + LASTING] * exp(-(LN2 * (elapsed / memory.lasting_days)))
    rows[at + DAY] = rows[at + DAY] + elapsed


def relative_exposure(sent: float, jobs: float, share: float) -> float:
    """Return how much more than others a worker is sent to some work, in logarithms.

    `sent` of her `jobs` were of that kind, of the company's it is a share of `share`; below 0 where there are hardly
    any, which says nothing of anybody.
    """
    if share < 0.0:
        return 0.0
    return log((sent + PRIOR_JOBS) / (jobs * share + PRIOR_JOBS))


def surprise_of(low: float, high: float, shrink: float, mean: float) -> tuple[float, float]:
    """Return (gain, loss): how far a result between two cutpoints moves the mean, and how much it tells.

    With G(c) = logistic(shrink (c - mean)) and g its slope: gain = -(g(high) - g(low)) / Z, loss = gain^2 -
    (g'(high) - g'(low)) / Z, where Z = G(high) - G(low). Infinite cutpoints are given as +-`OPEN`; when only one is
    finite this is shrink (y - p) and shrink^2 p (1 - p).
    """
    if high >= OPEN:
        chance = logistic(shrink * (mean - low))
        return shrink * (1.0 - chance), shrink * shrink * (chance * (1.0 - chance))
    above = logistic(shrink * (high - mean))
    if low <= -OPEN:
        return -(shrink * (1.0 - above)), shrink * shrink * (above * (1.0 - above))
    below = logistic(shrink * (low - mean))
    slope_high, slope_low = shrink * (above * (1.0 - above)), shrink * (below * (1.0 - below))
    width = max(above - below, TINY)
    gain = (slope_low - slope_high) / width
    bend = shrink * (slope_high * (1.0 - 2.0 * above) - slope_low * (1.0 - 2.0 * below))
    return gain, max(gain * gain - bend / width, 0.0)


def update(
    state: State,
    events: Events,
    event: int,
    gain: float,
    loss: float,
    world: World,
) -> None:
    """Move everything an observation draws on: docs/model.md, section 1.3.

    `gain` (alpha) moves means, `loss` (beta) shrinks variances; afterwards a little drift is added, never past the
    prior, so that disuse can only widen what is left.
    """
    slope = events.slope[event]
    for j in range(events.first_part[event], events.first_part[event + 1]):
        at = PART_WIDTH * events.part_row[j]
        kind = events.part_kind[j]
        pull = events.part_load[j] * state.parts[at + VAR]
        state.parts[at + MEAN] = state.parts[at + MEAN] + gain * pull
        left = (state.parts[at + VAR] - loss * (pull * pull)) + world.part_drift[kind]
        state.parts[at + VAR] = min(left, world.part_var[kind])
    for j in range(events.first_demand[event], events.first_demand[event + 1]):
        at = SKILL_WIDTH * events.row[j]
        pull = (slope * events.share[j]) * state.skills[at + VAR]
        state.skills[at + MEAN] = state.skills[at + MEAN] + gain * pull
        left = (state.skills[at + VAR] - loss * (pull * pull)) + world.skill_drift
        state.skills[at + VAR] = min(left, world.skill_var)


def ability(state: State, events: Events, event: int) -> tuple[float, float]:
    """Return mean and variance of what the worker's parts and skills add to the log-odds of an observation."""
    slope = events.slope[event]
    mean = var = 0.0
    for j in range(events.first_part[event], events.first_part[event + 1]):
        at, load = PART_WIDTH * events.part_row[j], events.part_load[j]
        mean = mean + load * state.parts[at + MEAN]
        var = var + load * load * state.parts[at + VAR]
    for j in range(events.first_demand[event], events.first_demand[event + 1]):
        at, load = SKILL_WIDTH * events.row[j], slope * events.share[j]
        mean = mean + load * state.skills[at + MEAN]
        var = var + load * load * state.skills[at + VAR]
    return mean, var


def run(events: Events, state: State, world: World, found: Found, start: int, stop: int) -> None:
    """Fold the events from `start` up to `stop` into `state`, in their order, and note what was expected of each."""
    for event in range(start, stop):
        first, last = events.first_demand[event], events.first_demand[event + 1]
        day = events.day[event]
        skills = state.skills
        known = counted = hard = 0.0
        for feature in range(SKILL_FEATURES):
            found.features[FEATURES * event + feature] = 0.0
        for j in range(first, last):
            at, skill, share = SKILL_WIDTH * events.row[j], events.skill[j], events.share[j]
            pause = 0.0
            if skills[at + USES] == 0.0:
                skills[at + DAY] = day
            elif day > skills[at + DAY]:
                elapsed = day - skills[at + DAY]
                pause = log1p(HOURS * elapsed)
                forget(skills, at, elapsed, world.half_life[skill], world.skill_var, world.memory)
                skills[at + DAY] = day
            won, lost = log1p(skills[at + SUCCESSES]), log1p(skills[at + FAILURES])
            found.won[j], found.lost[j] = share * won, share * lost
            base = FEATURES * event
            features = found.features
            features[base] = features[base] + share * won
            features[base + 1] = features[base + 1] + share * lost
            features[base + 2] = features[base + 2] + share * log1p(skills[at + RECENT])
            features[base + 3] = features[base + 3] + share * log1p(skills[at + LASTING])
            features[base + 4] = features[base + 4] + share * pause
            if skills[at + SUCCESSES] + skills[at + FAILURES] == 0.0:
                features[base + 5] = features[base + 5] + share
            features[base + 6] = features[base + 6] + share * skills[at + SURPRISE]
            home = state.parts[PART_WIDTH * events.home[j] + JOBS]
            jobs = state.parts[PART_WIDTH * events.part_row[events.first_part[event]] + JOBS]
            relative = relative_exposure(skills[at + MAIN], home, world.skill_share[skill])
            features[base + 7] = features[base + 7] + share * relative
            features[base + 8] = features[base + 8] + share * relative_exposure(home, jobs, world.home_share[skill])
            counted = counted + found.won[j] * world.success[skill]
            counted = counted + found.lost[j] * world.failure[skill]
            hard = hard + share * world.difficulty[skill]
        for feature in range(SKILL_FEATURES):
            known = known + world.level_weights[feature] * found.features[FEATURES * event + feature]
            counted = counted + world.weights[feature] * found.features[FEATURES * event + feature]
        worker = events.worker[event]
        found.features[FEATURES * event + SKILL_FEATURES] = state.form[worker]
        if events.fresh[event]:
            _enter_occasion(state, events, event, world)
        mean, var = ability(state, events, event)
        found.ability[event], found.known[event] = mean, known
        if events.kind[event] == STATEMENT:
            rater = events.rater[event]
            mean = mean + (known + (world.base - world.reference))
            var = var + world.noise[rater]
            found.mean[event], found.var[event] = mean, var
            read = (events.value[event] - world.bias[rater]) / world.rater_slope[rater]
            update(state, events, event, (read - mean) / var, 1.0 / var, world)
        else:
            _learn_trial(events, event, state, world, found, mean, var, counted - hard)
        for j in range(first, last):
            at = SKILL_WIDTH * events.row[j] + USES
            skills[at] = skills[at] + 1.0


def _enter_occasion(state: State, events: Events, event: int, world: World) -> None:
    for j in range(events.first_part[event], events.first_part[event + 1]):
        if events.part_kind[j] == HALO:
            at = PART_WIDTH * events.part_row[j]
            state.parts[at + MEAN], state.parts[at + VAR] = 0.0, world.halo[events.rater[event]]


def _learn_trial(
    events: Events, event: int, state: State, world: World, found: Found, able: float, able_var: float, counted: float
) -> None:
    first, last = events.first_demand[event], events.first_demand[event + 1]
    offset = (counted if events.kind[event] == WORK else found.known[event]) + world.base
    for j in range(first, last):
        if events.level[j] >= 0.0:
            offset = offset - events.share[j] * ((events.level[j] - world.average_level) * world.logit_per_level)
    type, customer, site = events.type[event], events.customer[event], events.site[event]
    noise = (world.type_var[type] + world.customer_var[customer]) + world.site_var[site]
    offset = offset - ((world.type_mean[type] + world.customer_mean[customer]) + world.site_mean[site])
    practised = events.kind[event] == WORK
    worker = events.worker[event]
    if practised:
        offset = offset + world.weights[SKILL_FEATURES] * state.form[worker]
    mean = able + offset
    var = able_var + ((noise + world.instance_var) + events.noise[event])
    shrink = 1.0 / sqrt(1.0 + PI_8 * var)
    found.mean[event], found.var[event] = mean, var
    low, high = world.cuts[events.low[event]], world.cuts[events.high[event]]
    if high - low < GAP:
        low, high = (low, OPEN) if events.success[event] >= 0.5 else (-OPEN, high)
    gain, loss = surprise_of(low, high, shrink, mean)
    update(state, events, event, gain, loss, world)
    if not practised:
        return
    pace = events.pace[event]
    if events.paced[event] and world.pace_var[pace] < OPEN:
        # ln(estimate / minutes) = pace + grip * ability + noise, so ability = (it - pace) / grip.
        read = (events.value[event] - world.pace_mean[pace]) / world.grip
        able, able_var = ability(state, events, event)
        able = able + found.known[event]
        able_var = able_var + (world.pace_noise + world.pace_var[pace]) / (world.grip * world.grip)
        # One mistyped duration must not decide everything.
        most = SURPRISED * sqrt(able_var)
        update(state, events, event, min(max(read - able, -most), most) / able_var, 1.0 / able_var, world)
    success = events.success[event]
    surprise = success - logistic(shrink * mean)
    worth = world.practice_of_failure + (1.0 - world.practice_of_failure) * success
    for j in range(first, last):
        at = SKILL_WIDTH * events.row[j]
        skills = state.skills
        skills[at + RECENT] = skills[at + RECENT] + worth
        skills[at + LASTING] = skills[at + LASTING] + worth
        skills[at + SUCCESSES] = skills[at + SUCCESSES] + success
        skills[at + FAILURES] = skills[at + FAILURES] + (1.0 - success)
        if events.main[j]:
            skills[at + MAIN] = skills[at + MAIN] + 1.0
            general = PART_WIDTH * events.part_row[events.first_part[event]] + JOBS
            state.parts[general] = state.parts[general] + 1.0
            home = PART_WIDTH * events.home[j] + JOBS
            if home != general:
                state.parts[home] = state.parts[home] + 1.0
        if success >= 0.5:
            skills[at + WON] = events.day[event]
        skills[at + SURPRISE] = skills[at + SURPRISE] + SKILL_MEMORY * (surprise - skills[at + SURPRISE])
    state.form[worker] = state.form[worker] + FORM_MEMORY * (surprise - state.form[worker])
