"""Where those with evidence stand in one skill after another: the numbers of `View`, without those of everybody else.

Of ten thousand workers a thousand have evidence in a usual skill, so that looking at many skills takes a tenth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from skillmatch.beliefs.params import GENERAL_PART, BeliefParams
from skillmatch.beliefs.table import BeliefTable, Floats, Indices
from skillmatch.matching.arrays import Flags
from skillmatch.matching.skill_columns import exposes, exposure_of, gained_by_use
from skillmatch.matching.view import NORMAL_SLOPE, logistic


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """The workers at `places` of the table, in order, have evidence in a skill; `mean` and `var` of their whole ability
    in it, each (n,), are those of `View.proficiency`.
    """

    places: Indices
    mean: Floats
    var: Floats


class Standings:
    """The standings in any skill at one `moment`, in days since 1970, of those who are `counted`, (workers,)."""

    def __init__(self, table: BeliefTable, counted: Flags, moment: float) -> None:
        self._table, self._counted, self._moment = table, counted, moment
        self._places = np.arange(len(table))
        self._writes = table.writes
        self._parts: dict[str, Floats] = {}
        self._found: dict[str, Standing] = {}

    def counts(self, table: BeliefTable, counted: Flags) -> bool:
        """Return whether these are of a table and of just those workers."""
        return table is self._table and np.array_equal(counted, self._counted)

    def forget(self) -> list[str]:
        """Forget the skills in which anybody has, or had, evidence of whom something was put since, and return them.

        What stands is what it would be if it were looked up anew at the same moment.
        """
        flags = np.zeros(len(self._table), dtype=np.bool_)
        flags[self._table.written_since(self._writes)] = True
        self._writes = self._table.writes
        self._parts.clear()
        rows = self._table.rows
        moved = [
            skill for skill, known in self._found.items() if flags[known.places].any() or flags[rows(skill).index].any()
        ]
        for skill in moved:
            del self._found[skill]
        return moved

    def of(self, skill: str) -> Standing:
        """Return who has evidence in a skill and where they stand."""
        found = self._found.get(skill)
        if found is None:
            found = self._found[skill] = self._stand(skill)
        return found

    def _stand(self, skill: str) -> Standing:
        # Sums run in the order of `View.proficiency`, so that they are the same to the bit.
        table, params = self._table, self._table.params
        touched = table.rows(skill)
        places, order = self._in_order(touched.index)
        rows = touched.at(self._moment, params, order)
        mean, var = table.general_mean.take(places), table.general_var.take(places)
        for one in params.shared(skill):
            part = self._part(one.part)
            var += (one.load * one.load) * params.part_var(one.part)
            mean += one.load * part[0].take(places)
            var += (one.load * one.load) * part[1].take(places)
        mean += params.base - params.reference
        use, pause = gained_by_use(params, rows)
        mean += rows.mean + (use + pause)
        if exposes(params, skill):
            home, jobs = params.home(skill), table.jobs.take(places)
            here = jobs if home == GENERAL_PART else self._part(home)[2].take(places)
            mean += exposure_of(params, skill, jobs=jobs, here=here, main=rows.main)
        var += params.skill_var
        var += rows.var - params.skill_var
        return Standing(places, mean, var)

    def _in_order(self, index: Indices) -> tuple[Indices, Indices]:
        """Return the places of those who count among `index`, in order, and where each of them stands in it."""
        flags, row_of = np.zeros(len(self._counted), dtype=np.bool_), np.empty(len(self._counted), dtype=np.intp)
        flags[index] = True
        row_of[index] = self._places[: len(index)]
        places = np.flatnonzero(flags & self._counted)
        return places, row_of[places]

    def _part(self, part: str) -> Floats:
        """Return mean, variance against the prior, and jobs in a shared part, (3, workers); 0 for those without."""
        found = self._parts.get(part)
        if found is None:
            rows = self._table.part(part)
            mean, var, jobs = rows.values
            found = self._parts[part] = np.zeros((3, len(self._table)))
            found[:, rows.index] = mean, var - self._table.params.part_var(part), jobs
        return found


def certainty_of(standing: Standing, level: float, params: BeliefParams) -> Floats:
    """Return how likely each stands at or above a level, (n,): the numbers of `View.certainty`."""
    needed = params.logit_of_level(level)
    return logistic(NORMAL_SLOPE * ((standing.mean - needed) / np.sqrt(params.spread * standing.var)))
