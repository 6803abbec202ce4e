"""One visit: how it ends, how long it takes, and what is noted afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from math import exp

import numpy as np
from numpy.typing import NDArray

from skillmatch.beliefs.observation import Result
from skillmatch.demo.calls import Call, Mix
from skillmatch.demo.catalogue import Catalogue, Nature
from skillmatch.demo.dice import pick
from skillmatch.demo.people import SCALE, Staff

Floats = NDArray[np.float64]

BASE = 0.55
"""Log-odds of a first-time fix for an average worker at a job of ordinary difficulty and average level."""
CUTS = ((Result.FIRST_TIME_FIX, 0.0), (Result.WITH_HELP, -0.75), (Result.REWORK, -1.4), (Result.HANDED_ON, -2.5))
"""How far below what was needed a result still lies, in logits; below all of them a job has failed."""
NOT_DONE = (Result.HANDED_ON, Result.FAILED)
LONGER = {Result.WITH_HELP: 1.25, Result.REWORK: 1.1, Result.FAILED: 0.8, Result.HANDED_ON: 0.7}
"""By what factor a result changes the minutes."""
FASTER, MINUTES_SD = 0.22, 0.3
"""By how much a logit of ability shortens a job, and the spread of what is left; in logarithms of minutes."""
MISJUDGED, CAUSE_FOUND = 0.5, 0.4
"""How often the noted cause is wrong when a job comes back, and right when it was not done."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What truly happened at one visit. `chance` of a first-time fix = logistic(ability - difficulty), in logits."""

    worker: int
    end: datetime
    result: Result
    minutes: float
    note: str
    ability: float
    difficulty: float

    @property
    def chance(self) -> float:
        """The probability with which this visit was to be a first-time fix."""
        return 1.0 / (1.0 + exp(self.difficulty - self.ability))


@dataclass(frozen=True, slots=True)
class Case:
    """A call and what became of it; no visits while the job is open, or when the customer cancelled it."""

    call: Call
    created: datetime
    due: date
    visits: tuple[Visit, ...] = ()
    cancelled: bool = False


def mix(catalogue: Catalogue, ability: Floats, needed: Mix) -> Floats:
    """Return the ability in a mix of skills: the last axis of `ability`, over skills, summed by share."""
    columns = [catalogue.place[skill] for skill in needed]
    mixed: Floats = ability[..., columns] @ np.array([share for _, share in needed.values()])
    return mixed


def level_offset(needed: Mix) -> float:
    """Return by how many logits the levels of a mix lie above the average level."""
    return sum(share * SCALE.logit_of_level(level) for level, share in needed.values())


def difficulty(call: Call, type_difficulty: float, *, ease: float = 0.0) -> float:
    """Return the ability at which a call has even odds of a first-time fix, in logits.

    `ease` is what earlier visits have already found out.
    """
    return type_difficulty + call.difficulty + level_offset(call.needed) - BASE - ease


def result_of(margin: float, rng: np.random.Generator) -> Result:
    """Return how a visit ends, given ability minus difficulty: an ordered logit with the cuts `CUTS`."""
    reached = margin + float(rng.logistic())
    return next((result for result, cut in CUTS if reached > cut), Result.FAILED)


def minutes_of(nature: Nature, call: Call, result: Result, able: float, rng: np.random.Generator) -> float:
    """Return how long a visit takes, in steps of five minutes, at most ten hours."""
    usual = max(nature.minutes + call.cause.minutes, 25.0) * LONGER.get(result, 1.0)
    minutes = usual * exp(float(rng.normal(0.0, MINUTES_SD)) - FASTER * able)
    return 5.0 * round(min(max(minutes, 15.0), 600.0) / 5.0)


def note_of(nature: Nature, call: Call, result: Result, staff: Staff, worker: int, rng: np.random.Generator) -> str:
    """Return what the worker writes down: the cause, or what she takes for it."""
    word = "found" if nature.planned else "cause"
    true = f"{word}: {call.cause.name}"
    if result is Result.FIRST_TIME_FIX:
        return true
    if result is Result.WITH_HELP:
        mates = staff.mates(worker)
        helper = staff.workers[pick(rng, mates)].name if mates else "the office by phone"
        return f"{true}; with help from {helper}"
    if result is Result.REWORK and nature.planned:
        return f"{true}; had to come back to finish"
    if result is Result.REWORK:
        others = [cause.name for cause in nature.causes if cause is not call.cause]
        wrong = bool(others) and rng.random() < MISJUDGED
        return f"{f'{word}: {pick(rng, others)}' if wrong else true}; had to come back"
    if nature.planned:
        return "not finished; needs somebody who knows this better"
    return f"{true}; needs somebody who knows this better" if rng.random() < CAUSE_FOUND else "cause not found"
