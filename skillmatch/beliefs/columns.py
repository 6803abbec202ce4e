"""The columns that the kernel reads and writes: events, state, parameters and what was expected, as lists or arrays."""

from __future__ import annotations

from typing import NamedTuple, Protocol

SKILL_WIDTH = 11
MEAN, VAR, DAY, RECENT, LASTING, SUCCESSES, FAILURES, SURPRISE, WON, MAIN, USES = range(SKILL_WIDTH)
"""Where the numbers of a skill row stand."""
PART_WIDTH = 3
JOBS = 2
"""A part of a worker (general ability, a family, a bias) has a mean, a variance, and a count of jobs."""
GENERAL, FAMILY, LEARNED, SELF, HALO = range(5)
"""Kinds of parts: general ability; a family of the skills graph; one learned from who does what; a worker's own bias
about herself; what one occasion of rating adds to all of its ratings."""
WORK, EXAM, STATEMENT = range(3)
"""Kinds of events: work was done; something was passed without practising; somebody stated a level."""
SKILL_FEATURES, FEATURES = 9, 10
OPEN = 1e6
"""A cutpoint or a variance that stands for infinity."""


class Numbers(Protocol):
    """A list or array of floats."""

    def __getitem__(self, place: int, /) -> float: ...
    def __setitem__(self, place: int, value: float, /) -> None: ...


class Places(Protocol):
    """A list or array of whole numbers."""

    def __getitem__(self, place: int, /) -> int: ...


class Events(NamedTuple):
    """What was observed, one column for each property; docs/model.md, section 1.

    By event: `kind`; `day`; `worker`; `success` from 0 to 1; `low` and `high`, places of the result in `World.cuts`;
    `value`, a stated level in logits, or ln(estimate / minutes) where `paced`; `slope`; `noise`; `type`, `customer`,
    `site`, `rater`, `pace`: places in the arrays of `World`; `fresh`, whether a new occasion of rating begins.
    `first_demand` and `first_part` (events + 1) say where its demands and parts stand.

    By demand: `row` of the state, `skill` (place in `World`), `share` of the work, `level` (below 0: none), `main`,
    whether the job is mainly about it, and `home`, the row of the part whose jobs the skill's are compared to.
    By part: `part_row` of the state, `part_kind`, `part_load`.
    """

    kind: Places
    day: Numbers
    worker: Places
    success: Numbers
    low: Places
    high: Places
    value: Numbers
    paced: Places
    slope: Numbers
    noise: Numbers
    type: Places
    customer: Places
    site: Places
    rater: Places
    pace: Places
    fresh: Places
    first_demand: Places
    first_part: Places
    row: Places
    skill: Places
    share: Numbers
    level: Numbers
    main: Places
    home: Places
    part_row: Places
    part_kind: Places
    part_load: Numbers


class State(NamedTuple):
    """All that is believed: rows of `SKILL_WIDTH` and `PART_WIDTH` numbers one after the other, and form by worker."""

    skills: Numbers
    parts: Numbers
    form: Numbers


class Memory(NamedTuple):
    """Half-lives of the counts of practice, in days."""

    recent_days: float
    lasting_days: float


class World(NamedTuple):
    """The parameters, as `BeliefParams` names them, with an array for each name that occurs in the events."""

    base: float
    reference: float
    average_level: float
    logit_per_level: float
    instance_var: float
    skill_var: float
    skill_drift: float
    practice_of_failure: float
    grip: float
    pace_noise: float
    memory: Memory
    weights: Numbers
    level_weights: Numbers
    cuts: Numbers
    part_var: Numbers
    part_drift: Numbers
    half_life: Numbers
    skill_share: Numbers
    home_share: Numbers
    difficulty: Numbers
    success: Numbers
    failure: Numbers
    type_mean: Numbers
    type_var: Numbers
    customer_mean: Numbers
    customer_var: Numbers
    site_mean: Numbers
    site_var: Numbers
    pace_mean: Numbers
    pace_var: Numbers
    bias: Numbers
    rater_slope: Numbers
    noise: Numbers
    halo: Numbers


class Found(NamedTuple):
    """What was expected of each event before learning from it, in logits.

    By event: `mean` and `var` of the log-odds; `ability`, what the parts and skills give; `known`, what practice
    gives to the level; `features` (FEATURES each).
    By demand: `won` and `lost`, ln(1 + successes) and ln(1 + failures) times the share.
    """

    mean: Numbers
    var: Numbers
    ability: Numbers
    known: Numbers
    features: Numbers
    won: Numbers
    lost: Numbers
