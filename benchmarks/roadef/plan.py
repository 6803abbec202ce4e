"""What a plan is made of, and when it is whose turn; compiled.

Days, teams, technicians and interventions count from 0 here. A plan keeps, for each day and team, who is in it, the
interventions it does one after the other, what they need together (the maximum, as a team does one at a time) and what
its members offer.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.roadef.compiled import compiled

DAY = 120
FREE, AWAY = -1, -2
"""Instead of a team: at hand, and not to be planned on that day."""
NOWHERE = -1
NEVER = 1 << 30
IMPOSSIBLE = 1e30

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class World(NamedTuple):
    """What does not change while a plan is searched for.

    Parameters
    ----------
    duration, priority
        Of each intervention; priorities count from 0. Shape (interventions,).
    work
        Duration times the fewest technicians that could do it. Shape (interventions,).
    requirement
        Shape (interventions, domains × levels).
    holds
        1 where a technician has that level or a higher one. Shape (technicians, domains × levels).
    worth
        How dear a technician is: the levels held, each weighted by how scarce it is. Shape (technicians,).
    before, before_at
        Predecessors one after the other, and where those of each intervention begin. `after` likewise: successors.
    weights
        Of the ends of the four priorities. Shape (4,).
    drift
        Of the end of each intervention in the smooth part of the cost. Shape (interventions,).
    away
        Shape (days, technicians).
    """

    duration: Ints
    priority: Ints
    work: Floats
    requirement: Ints
    holds: Ints
    worth: Floats
    before: Ints
    before_at: Ints
    after: Ints
    after_at: Ints
    weights: Floats
    drift: Floats
    away: Flags


class Plan(NamedTuple):
    """Who does what and when.

    Parameters
    ----------
    day, team, start
        Of each intervention, start within its day; day is NOWHERE where it is not planned. Shape (interventions,).
    member
        Team of each technician, FREE or AWAY. Shape (days, technicians).
    offer, need
        Technicians at each level, there and needed. Shape (days, teams, domains × levels).
    queue, length
        Interventions of each team in their order, and how many. Shapes (days, teams, longest) and (days, teams).
    """

    day: Ints
    team: Ints
    start: Ints
    member: Ints
    offer: Ints
    need: Ints
    queue: Ints
    length: Ints


class Desk(NamedTuple):
    """Arrays to work on, so that the inner loops need not make any."""

    found: Ints
    chosen: Ints
    best: Ints
    missing: Ints
    supply: Ints


def empty_plan(world: World) -> Plan:
    """Return a plan without interventions."""
    days, technicians = world.away.shape
    interventions, width = world.requirement.shape
    longest = min(interventions, DAY // int(world.duration.min())) + 1

    def zeros(*shape: int) -> Ints:
        return np.zeros(shape, dtype=np.int32)

    return Plan(
        day=zeros(interventions) + np.int32(NOWHERE),
        team=zeros(interventions) + np.int32(NOWHERE),
        start=zeros(interventions),
        member=np.where(world.away, np.int32(AWAY), np.int32(FREE)),
        offer=zeros(days, technicians, width),
        need=zeros(days, technicians, width),
        queue=zeros(days, technicians, longest),
        length=zeros(days, technicians),
    )


def new_desk(world: World) -> Desk:
    technicians, width = world.holds.shape
    sizes = (4, technicians, technicians, width, width)
    return Desk(*(np.zeros(size, dtype=np.int32) for size in sizes))


@compiled
def overwrite(target: Ints, source: Ints) -> None:
    """Copy `source` into `target`: numba takes seconds to compile the same with slices, for all that can go wrong."""
    old, new = target.ravel(), source.ravel()
    for at in range(new.size):
        old[at] = new[at]


@compiled
def copy_plan(source: Plan, target: Plan) -> None:
    overwrite(target.day, source.day)
    overwrite(target.team, source.team)
    overwrite(target.start, source.start)
    overwrite(target.member, source.member)
    overwrite(target.offer, source.offer)
    overwrite(target.need, source.need)
    overwrite(target.queue, source.queue)
    overwrite(target.length, source.length)


@compiled
def ends(world: World, plan: Plan, found: Ints) -> None:
    """Write when each priority ends into `found`, of shape (4,); the last one is the end of everything."""
    found[:] = 0
    for i in range(plan.day.size):
        if plan.day[i] != NOWHERE:
            end = plan.day[i] * DAY + plan.start[i] + world.duration[i]
            found[world.priority[i]] = max(found[world.priority[i]], end)
            found[3] = max(found[3], end)


@compiled
def cost(world: World, found: Ints) -> float:
    """Return the cost of the challenge for these ends."""
    total = 0.0
    for p in range(4):
        total += float(world.weights[p] * found[p])
    return total


@compiled
def drifted(world: World, plan: Plan) -> float:
    """Return the smooth part of the cost: it tells plans apart whose priorities end at the same times."""
    total = 0.0
    for i in range(plan.day.size):
        total += world.drift[i] * (plan.day[i] * DAY + plan.start[i] + world.duration[i])
    return total


@compiled
def ready_at(world: World, plan: Plan, i: int) -> int:
    """Return when, from the beginning of the plan, all predecessors of an intervention have ended."""
    found = 0
    for at in range(world.before_at[i], world.before_at[i + 1]):
        j = world.before[at]
        if plan.day[j] == NOWHERE:
            return NEVER
        found = max(found, plan.day[j] * DAY + plan.start[j] + world.duration[j])
    return found


@compiled
def wanted_at(world: World, plan: Plan, i: int) -> int:
    """Return when, from the beginning of the plan, the first planned successor of an intervention starts."""
    found = NEVER
    for at in range(world.after_at[i], world.after_at[i + 1]):
        j = world.after[at]
        if plan.day[j] != NOWHERE:
            found = min(found, plan.day[j] * DAY + plan.start[j])
    return found
