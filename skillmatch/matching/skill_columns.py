"""What is known of one demanded skill at the moment of ranking, as columns over the workers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from skillmatch.beliefs.filter import PRACTICE
from skillmatch.beliefs.kernel import PRIOR_JOBS
from skillmatch.beliefs.observation import Demand
from skillmatch.beliefs.params import GENERAL_PART, BeliefParams
from skillmatch.beliefs.table import BeliefTable, Floats, Indices, Moment, SkillRows


@dataclass(frozen=True, slots=True)
class SkillColumns:
    """What is known of one demanded skill at the moment of ranking.

    `touched` are the workers with evidence in it, `rows` their values beside it, (n,). `untouched` is what practice
    gives somebody who never did the work; `gained` (groups of `PRACTICE` but the last, n) what it gives the others and
    `practice` (n,) their sum; `exposure` (workers,) is what being sent to such work or not says: together what
    `filter.practice_terms` gives, in logits and not yet scaled by `part`, the share of the work. `difficulty` is the
    skill's own.
    """

    skill: str
    part: float
    touched: SkillRows
    rows: Moment
    untouched: float
    gained: tuple[Floats, ...]
    practice: Floats
    exposure: Floats
    difficulty: float

    @property
    def index(self) -> Indices:
        """Positions of the workers with evidence in it, (n,)."""
        return self.touched.index

    @classmethod
    def of(cls, demand: Demand, part: float, table: BeliefTable, moment: float) -> SkillColumns:
        """Return the columns of a demanded skill with its share of the work."""
        params, touched = table.params, table.rows(demand.skill)
        rows, effect = touched.at(moment, params), params.skill(demand.skill)
        won, lost, _recent, _lasting, _pause, new, surprise, _relative, _home, _form = params.weights
        exposure = exposure_in(demand.skill, touched.index, rows, table)
        if not any(params.weights) and not params.skills:
            nothing = np.zeros(len(touched))
            gained: tuple[Floats, ...] = (nothing,) * (len(PRACTICE) - 1)
            return cls(demand.skill, part, touched, rows, 0.0, gained, nothing, exposure, effect.difficulty)
        gained = (
            (won + effect.success) * np.log1p(rows.successes)
            + (lost + effect.failure) * np.log1p(rows.failures)
            + np.where(rows.successes + rows.failures == 0.0, new, 0.0),
            *gained_by_use(params, rows),
            surprise * rows.surprise,
        )
        practice = ((gained[0] + gained[1]) + gained[2]) + gained[3]
        return cls(demand.skill, part, touched, rows, new, gained, practice, exposure, effect.difficulty)


def gained_by_use(params: BeliefParams, rows: Moment) -> tuple[Floats, Floats]:
    """Return what using a skill, and pausing since, gives those with evidence in it, each (n,), in logits."""
    _won, _lost, recent, lasting, pause, *_others = params.weights
    return recent * np.log1p(rows.recent) + lasting * np.log1p(rows.lasting), pause * rows.pause


def exposure_in(skill: str, index: Indices, rows: Moment, table: BeliefTable) -> Floats:
    """Return what being sent to work with a skill or not says of each worker's ability in it, (workers,), in logits."""
    params = table.params
    place = params.home(skill)
    if not exposes(params, skill):
        return np.zeros(len(table))
    if place == GENERAL_PART:
        here = table.jobs
    else:
        part, here = table.part(place), np.zeros(len(table))
        here[part.index] = part.values[2]
    main = np.zeros(len(table))
    main[index] = rows.main
    return exposure_of(params, skill, jobs=table.jobs, here=here, main=main)


def exposes(params: BeliefParams, skill: str) -> bool:
    """Return whether being sent to work with a skill or not says anything."""
    relative, home, _form = params.weights[-3:]
    return params.exposure(skill).home >= 0.0 and bool(relative or home)


def exposure_of(params: BeliefParams, skill: str, *, jobs: Floats, here: Floats, main: Floats) -> Floats:
    """Return what it says, in logits, that workers did so many jobs, of them some at `home` of a skill and some mainly
    with it, each (n,). Only where it says anything: see `exposes`.
    """
    relative, home, _form = params.weights[-3:]
    known = params.exposure(skill)
    sent = home * np.log((here + PRIOR_JOBS) / (jobs * known.home + PRIOR_JOBS))
    if known.share >= 0.0:
        sent += relative * np.log((main + PRIOR_JOBS) / (here * known.share + PRIOR_JOBS))
    return np.asarray(sent)
