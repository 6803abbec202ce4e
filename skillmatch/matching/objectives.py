"""Objectives: how good it would be to send each worker, each on a fixed scale from 0 to 1.

A fixed scale means that nobody's points depend on who else is in the list. An objective may give several columns (one
for each demanded skill, say); together they stay within 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import Protocol

import numpy as np

from skillmatch.beliefs.habits import AGE_STEPS, LITTLE, LONG_AGO, age, remembered
from skillmatch.beliefs.table import Floats
from skillmatch.matching.view import View

NONE, FULL = log(LITTLE), log(LITTLE + 100.0)
"""No practice, and a hundred successes still remembered, which count as complete familiarity."""
OLDEST = log(1.0 + AGE_STEPS * LONG_AGO)


@dataclass(frozen=True, slots=True)
class Column:
    """One objective's value for every worker, (workers,), under a key and label that become a Term."""

    key: str
    label: str
    values: Floats


class Objective(Protocol):
    """Something worth having in the worker who is sent."""

    key: str
    label: str

    def columns(self, view: View) -> tuple[Column, ...]:
        """Return one or more columns that add up to 0 to 1 for each worker."""

    def detail(self, view: View, column: Column, place: int) -> str:
        """Return the facts behind one worker's value, for people."""


class Success:
    """The expected chance that the job is done right."""

    key = "success"
    label = "chance of success"

    def columns(self, view: View) -> tuple[Column, ...]:
        return (Column(self.key, self.label, view.chance),)

    def detail(self, view: View, column: Column, place: int) -> str:
        low, high = view.interval(place)
        return f"{view.chance[place] * 100:.0f} %, likely between {low * 100:.0f} and {high * 100:.0f} %"


class Familiarity:
    """Whether she is the one who does this work now, as the company's own past choices weigh it: practice in each
    demanded skill that is still remembered, how long ago she last did it, and whether she has been at work lately.
    """

    key = "familiarity"
    label = "familiar with"

    def columns(self, view: View) -> tuple[Column, ...]:
        recent, lasting, won, used, active = view.params.habits
        # The most that anybody could have, which puts every term on a fixed scale.
        most = max((recent + lasting) * (FULL - NONE) - (won + used + active) * OLDEST, 1e-9)
        found = []
        for number, column in enumerate(view.columns):
            rows = column.rows
            utility = recent * (np.minimum(remembered(rows.recent), FULL) - NONE)
            utility += lasting * (np.minimum(remembered(rows.lasting), FULL) - NONE)
            utility += won * (age(rows.won) - OLDEST) + used * (age(rows.idle) - OLDEST)
            values = np.zeros(len(view.table))
            values[column.index] = (column.part / most) * utility
            found.append(Column(f"{self.key}:{number}", f"{self.label} {view.name(column.skill)}", values))
        idle = age(np.maximum(view.moment - view.table.worked, 0.0))
        found.append(Column(f"{self.key}:active", "at work lately", (active / most) * (idle - OLDEST)))
        return tuple(found)

    def detail(self, view: View, column: Column, place: int) -> str:
        if column.key == f"{self.key}:active":
            worked = float(view.table.worked[place])
            return f"last job {_ago(view.moment - worked)}" if worked else "no job on record"
        skill = view.columns[int(column.key.rpartition(":")[2])]
        here = skill.touched.place(place)
        if here is None:
            return "no practice on record"
        recent, lasting = skill.rows.recent[here], skill.rows.lasting[here]
        won = float(skill.rows.won[here])
        done = f"last success {_ago(won)}" if won < LONG_AGO else "no success on record"
        return f"successes worth {recent:.1f} lately, {lasting:.1f} over the year; {done}"


def _ago(days: float) -> str:
    whole = int(days)
    return "today" if whole <= 0 else f"{whole:,} day{'' if whole == 1 else 's'} ago"


class Preferred:
    """The customer asked for her."""

    key = "preferred"
    label = "preferred by the customer"

    def columns(self, view: View) -> tuple[Column, ...]:
        values = np.zeros(len(view.table))
        for worker in view.customer.preferred if view.customer else ():
            place = view.table.place(worker)
            if place is not None:
                values[place] = 1.0
        return (Column(self.key, self.label, values),)

    def detail(self, view: View, column: Column, place: int) -> str:
        if view.customer is None or not view.customer.preferred:
            return "no wish on record"
        return f"{view.customer.name} asked for this worker" if column.values[place] else "somebody else was asked for"


OBJECTIVES: tuple[Objective, ...] = (Success(), Familiarity(), Preferred())
"""Every objective, in the order in which its terms are added."""
