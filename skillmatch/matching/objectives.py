"""Objectives: how good it would be to send each worker, each on a fixed scale from 0 to 1.

A fixed scale means that nobody's points depend on who else is in the list. An objective may give several columns (one
for each demanded skill, say); together they stay within 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import Protocol

import numpy as np

from skillmatch.beliefs.table import Floats
from skillmatch.matching.view import View

FULL_PRACTICE = log(1.0 + 100.0)
"""A hundred uses still remembered count as complete familiarity; ln(1 + n) because the tenth job teaches less."""


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
    """Whether she has been doing this work: practice in each demanded skill, the last weeks and the last year."""

    key = "familiarity"
    label = "familiar with"

    def columns(self, view: View) -> tuple[Column, ...]:
        found = []
        for number, column in enumerate(view.columns):
            values = np.zeros(len(view.table))
            practice = (0.5 / FULL_PRACTICE) * (np.log1p(column.rows.recent) + np.log1p(column.rows.lasting))
            values[column.index] = column.part * np.minimum(practice, 1.0)
            found.append(Column(f"{self.key}:{number}", f"{self.label} {view.name(column.skill)}", values))
        return tuple(found)

    def detail(self, view: View, column: Column, place: int) -> str:
        skill = view.columns[int(column.key.rpartition(":")[2])]
        rows = np.flatnonzero(skill.index == place)
        if not len(rows):
            return "no practice on record"
        recent, lasting = skill.rows.recent[rows[0]], skill.rows.lasting[rows[0]]
        return f"practice worth {recent:.1f} jobs lately, {lasting:.1f} over the year"


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
