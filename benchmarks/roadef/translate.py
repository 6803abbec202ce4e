"""From an instance to the arrays of a search, and from its plan back to a solution."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from benchmarks.roadef.instance import PRIORITY_WEIGHTS, Instance, Intervention
from benchmarks.roadef.plan import FREE, NOWHERE, Flags, Floats, Ints, Plan, World
from benchmarks.roadef.solution import Solution, Visit

DRIFT = 0.2
"""How much a priority's mean end, by work, counts beside its last end. It leads over plateaus of the cost."""
LEAST_WORTH = 0.05
"""Of a technician without skills, where the average is 1."""


def planned(instance: Instance, hired: Collection[int]) -> tuple[Intervention, ...]:
    """Return the interventions that are not hired out."""
    return tuple(each for each in instance.interventions if each.number not in hired)


def build_world(instance: Instance, hired: Collection[int] = frozenset()) -> World:
    """Return the arrays for the interventions that are not hired out.

    There are as many days as a plan can need: all on which somebody is away, and one for each intervention.
    """
    jobs = planned(instance, hired)
    holds = held_levels(instance)
    requirement = np.array([job.requirement for job in jobs], dtype=np.int32).reshape(len(jobs), holds.shape[1])
    duration = np.array([job.duration for job in jobs], dtype=np.int32)
    priority = np.array([job.priority - 1 for job in jobs], dtype=np.int32)
    work = duration * np.maximum(requirement.max(axis=1, initial=0), 1).astype(np.float64)
    row = {job.number: i for i, job in enumerate(jobs)}
    before = [[row[number] for number in job.predecessors] for job in jobs]
    after = [[i for i, earlier in enumerate(before) if j in earlier] for j in range(len(jobs))]
    return World(
        duration,
        priority,
        work,
        requirement,
        holds,
        worth_of(holds, (requirement * duration[:, None]).sum(axis=0)),
        *chained(before),
        *chained(after),
        np.array(PRIORITY_WEIGHTS, dtype=np.float64),
        drift_of(priority, work),
        absences(instance, len(jobs)),
    )


def held_levels(instance: Instance) -> Ints:
    """Return 1 where a technician holds a level or a higher one; shape (technicians, domains × levels)."""
    levels = np.array([technician.levels for technician in instance.technicians])
    held = levels[:, :, None] >= np.arange(1, instance.levels + 1)
    return held.reshape(len(levels), -1).astype(np.int32)


def worth_of(holds: Ints, demand: Ints) -> Floats:
    """Return how dear each technician is, 1 on average: the scarcer a level, the more it weighs."""
    worth = holds @ ((demand + 1.0) / (holds.sum(axis=0) + 1.0))
    return np.asarray(worth / max(worth.mean(), 1e-9) + LEAST_WORTH, dtype=np.float64)


def chained(lists: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    """Return the lists one after the other, and where each begins (and the last ends)."""
    values = np.array([value for each in lists for value in each], dtype=np.int32)
    return values, np.cumsum([0, *map(len, lists)]).astype(np.int32)


def drift_of(priority: Ints, work: Floats) -> Floats:
    """Return by what the end of each intervention counts in the smooth part of the cost.

    Work-weighted, so that by Smith's rule no order of a team's queue is better than another: what counts is that much
    work is done early, and not that short interventions come before long ones.
    """
    drift = PRIORITY_WEIGHTS[3] * work / work.sum()
    for p in range(3):
        of = priority == p
        if of.any():
            drift[of] += PRIORITY_WEIGHTS[p] * work[of] / work[of].sum()
    return np.asarray(DRIFT * drift, dtype=np.float64)


def absences(instance: Instance, jobs: int) -> Flags:
    """Return who is away when; shape (days, technicians)."""
    last = max((day for technician in instance.technicians for day in technician.away), default=0)
    away = np.zeros((last + jobs, len(instance.technicians)), dtype=np.bool_)
    for t, technician in enumerate(instance.technicians):
        away[[day - 1 for day in technician.away], t] = True
    return away


def as_solution(instance: Instance, hired: Collection[int], plan: Plan) -> Solution:
    """Return a plan of the interventions that are not hired out in the numbers of the challenge."""
    days = int(plan.day.max(initial=NOWHERE)) + 1
    names: list[dict[int, int]] = []
    teams = []
    for k in range(days):
        busy = [g for g in range(plan.length.shape[1]) if plan.length[k, g] > 0]
        names.append({g: number for number, g in enumerate(busy, start=1)})
        crews = [tuple(int(t) + 1 for t in np.flatnonzero(plan.member[k] == g)) for g in busy]
        teams.append((tuple(int(t) + 1 for t in np.flatnonzero(plan.member[k] <= FREE)), *crews))
    visits = (
        Visit(job.number, int(plan.day[i]) + 1, int(plan.start[i]), names[plan.day[i]][int(plan.team[i])])
        for i, job in enumerate(planned(instance, hired))
    )
    return Solution(tuple(visits), tuple(teams))
