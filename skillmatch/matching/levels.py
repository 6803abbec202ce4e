"""Levels of everybody in some skills at once, from the same columns that ranking reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from skillmatch.beliefs.table import Floats, Indices
from skillmatch.matching.arrays import Flags
from skillmatch.matching.roster import Roster
from skillmatch.matching.view import Z_80, View
from skillmatch.model import LEVEL_MAX, LEVEL_MIN, Requirement


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """What is believed of workers in skills, each (workers, skills) in the order that was asked for.

    `level` with `low` and `high`, between which the true one lies in 80 % of cases; `known` where she has evidence in
    the very skill: elsewhere the level is inferred.
    """

    level: Floats
    low: Floats
    high: Floats
    known: Flags


def one_skill(roster: Roster, skill: str, level: float | None, *, day: date, moment: float) -> View:
    """Return a job that asks for one skill and nothing else, seen over everybody.

    `moment` is in days since 1970.
    """
    return View(roster.table, roster, (Requirement(skill, level),), day, moment)


def levels_of(roster: Roster, skills: Sequence[str], places: Indices, *, day: date, moment: float) -> Levels:
    """Return the levels of the workers at `places` of the table, (n,), in some skills, as of a moment."""
    shape = (len(places), len(skills))
    found = Levels(np.empty(shape), np.empty(shape), np.empty(shape), np.zeros(shape, dtype=np.bool_))
    params = roster.table.params
    for number, skill in enumerate(skills):
        view = one_skill(roster, skill, None, day=day, moment=moment)
        mean, var = view.proficiency(0)
        middle, spread = mean[places], Z_80 * np.sqrt(params.spread * var[places])
        for column, logit in ((found.level, middle), (found.low, middle - spread), (found.high, middle + spread)):
            level = params.average_level + logit / params.logit_per_level
            column[:, number] = np.clip(level, LEVEL_MIN, LEVEL_MAX)
        found.known[:, number] = view.touched(0)[places]
    return found
