"""Skills that a worker likely has though there is no evidence of them: worth asking her, and worth no more than that.

A proposal needs three things: the level that is inferred is clearly above what the others show, jobs draw on the skill,
and she works in skills that resemble it. Suggesting nothing is better than suggesting nonsense: `python3 dev.py bench
inferred` says how many are right on a company whose truth is known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from skillmatch.beliefs.filter import WorkerState, standing
from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.table import BeliefTable
from skillmatch.matching.roster import Roster
from skillmatch.matching.view import View
from skillmatch.model import Requirement
from skillmatch.skills.graph import SkillGraph

LEAST_LEVEL = 2.25
"""What is inferred to be lower is not worth asking: from "with help" on somebody can be sent along."""
LEAD = 0.5
"""So many levels above what is usual among those who are here."""
FEWEST_JOBS = 20.0
"""Of hers, in skills that resemble it."""
LEAST_DEMAND = 20.0
"""Finished jobs that drew on a skill, from which on it matters."""
MOST = 5
MOST_RELATIVES = 3


@dataclass(frozen=True, slots=True)
class Inferred:
    """A skill without evidence of her own in which a worker is likely good.

    `level` is the one inferred and `usual` the mean over everybody who is here; `jobs` counts the finished jobs that
    drew on it; `relatives` are the skills of hers that resemble it, those she has worked in most first.
    """

    skill: str
    level: float
    usual: float
    jobs: int
    relatives: tuple[str, ...]


def inferred_skills(
    table: BeliefTable,
    roster: Roster,
    graph: SkillGraph,
    worker: str,
    *,
    day: date,
    moment: float,
    leave_out: Collection[str] = (),
    most: int = MOST,
) -> tuple[Inferred, ...]:
    """Return what to ask a worker about, the likeliest first; `leave_out` are skills not to ask about."""
    if table.place(worker) is None:
        return ()
    state = table.state(worker)
    worked = {skill: own.successes + own.failures for skill, own in state.skills.items()}
    found = []
    for skill in sorted(graph.skills.keys() - worked.keys() - set(leave_out)):
        jobs = jobs_with(table, skill)
        if jobs < LEAST_DEMAND:
            continue
        level = table.params.level_of_logit(standing(state, skill, moment, table.params).mean)
        if level < LEAST_LEVEL:
            continue
        alike = relatives(skill, worked, table.params, graph)
        if sum(worked[one] for one in alike) < FEWEST_JOBS:
            continue
        usual = usual_level(table, roster, skill, day=day, moment=moment)
        if level >= usual + LEAD:
            found.append(Inferred(skill, level, usual, round(jobs), alike[:MOST_RELATIVES]))
    return tuple(sorted(found, key=lambda one: (-one.level, -one.jobs, one.skill))[:most])


def jobs_with(table: BeliefTable, skill: str) -> float:
    """Return how many finished jobs drew on a skill."""
    values = table.rows(skill).values
    return float(values[5].sum() + values[6].sum())


def usual_level(table: BeliefTable, roster: Roster, skill: str, *, day: date, moment: float) -> float:
    """Return the mean of the levels believed of everybody who is with the firm on a day."""
    levels = skill_view(table, roster, skill, day=day, moment=moment).levels(0)
    here = roster.active_on(day)
    return float(np.mean(levels[here])) if np.any(here) else 0.0


def skill_view(table: BeliefTable, roster: Roster, skill: str, *, day: date, moment: float) -> View:
    """Return one skill seen over all workers."""
    return View(table, roster, (Requirement(skill),), day, moment)


def relatives(skill: str, worked: Collection[str], params: BeliefParams, graph: SkillGraph) -> tuple[str, ...]:
    """Return those of the skills `worked` in that resemble a skill: by family, by circle, or by a link.

    `worked` may be a mapping from skills to jobs; then those with most jobs come first.
    """
    alike = set(_linked(skill, graph)) | set(_sharing(skill, worked, params))
    jobs = worked if isinstance(worked, dict) else dict.fromkeys(worked, 1.0)
    return tuple(sorted((one for one in alike if jobs.get(one)), key=lambda one: (-jobs[one], one)))


def _linked(skill: str, graph: SkillGraph) -> Iterable[str]:
    yield from graph.related(skill)
    yield from graph.needs(skill)


def _sharing(skill: str, worked: Iterable[str], params: BeliefParams) -> Iterable[str]:
    parts = {one.part for one in params.shared(skill)}
    return (one for one in worked if one != skill and any(load.part in parts for load in params.shared(one)))


def level_of(state: WorkerState, skill: str, moment: float, params: BeliefParams) -> float:
    """Return the level believed of one worker in a skill, with evidence of it or without."""
    return params.level_of_logit(standing(state, skill, moment, params).mean)
