"""Large neighbourhood search, compiled: take interventions out, put them back, keep the plan if it is good enough.

After P. Shaw, Using constraint programming and local search methods to solve vehicle routing problems, CP 1998, with
the acceptance of simulated annealing; blinking is from J. Christiaens, G. Vanden Berghe, Slack induction by string
removals for vehicle routing problems, Transportation Science 54(2), 2020.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from benchmarks.roadef.compiled import compiled
from benchmarks.roadef.crews import regroup
from benchmarks.roadef.places import take_out, tidy
from benchmarks.roadef.plan import DAY, NOWHERE, Desk, Flags, Floats, Plan, World, copy_plan, cost, drifted, ends
from benchmarks.roadef.repair import Manner, put_all

LARGEST_SHARE = 0.35
"""Of the interventions taken out at most at once."""
FEWEST = 4
REGROUPED = 0.5
"""Chance that the teams of the days that were disturbed are formed anew."""
BLINKS = 0.02
HIRING = 20.0
NOISE = 0.5


class Trail(NamedTuple):
    """The plans of a search: the one it stands on, the one it tries, the best so far, and room for one more."""

    current: Plan
    trial: Plan
    best: Plan
    spare: Plan


@compiled
def explore(
    world: World, trail: Trail, desk: Desk, rank: Floats, rounds: int, temperature: float, rng: np.random.Generator
) -> float:
    """Try `rounds` changes and return the cost of the best plan.

    Parameters
    ----------
    rank
        Which interventions matter first, higher is earlier, for the orders that heed priorities. Shape
        (interventions,).
    temperature
        How much worse, in units of cost, a plan may be that is still kept with a chance of 1/e.
    """
    now = value(world, trail.current, desk)
    ends(world, trail.best, desk.found)
    lowest = cost(world, desk.found)
    best = value(world, trail.best, desk)
    disturbed = np.zeros(world.away.shape[0], dtype=np.bool_)
    for _ in range(rounds):
        trial = trail.trial
        copy_plan(trail.current, trial)
        disturbed[:] = False
        disturb(world, trial, desk, disturbed, rng)
        again = rng.random() < REGROUPED
        for k in range(disturbed.size):
            if disturbed[k]:
                tidy(world, trial, k, rng)
                if again:
                    regroup(world, trial, trail.spare, k, desk, NOISE, rng)
        urgency = draw_urgency(world, rank, rng)
        manner = Manner(urgency, BLINKS, HIRING * rng.random(), NOISE * rng.random())
        if not put_all(world, trial, manner, desk, rng):
            continue
        reached = value(world, trial, desk)
        if reached < now or rng.random() < np.exp((now - reached) / temperature):
            copy_plan(trial, trail.current)
            now = reached
            ends(world, trial, desk.found)
            raw = cost(world, desk.found)
            if raw < lowest or (raw == lowest and reached < best):
                lowest, best = raw, reached
                copy_plan(trial, trail.best)
    return lowest


@compiled
def value(world: World, plan: Plan, desk: Desk) -> float:
    """Return the cost of a plan and its smooth part."""
    ends(world, plan, desk.found)
    return cost(world, desk.found) + drifted(world, plan)


@compiled
def draw_urgency(world: World, rank: Floats, rng: np.random.Generator) -> Floats:
    """Return an order in which to put interventions back."""
    kind = int(rng.random() * 4)
    urgency = np.empty(rank.size)
    for i in range(rank.size):
        chance = 0.6 + 0.8 * rng.random()
        if kind == 0:
            urgency[i] = chance
        elif kind == 1:
            urgency[i] = world.work[i] * chance
        elif kind == 2:
            urgency[i] = world.duration[i] * chance
        else:
            urgency[i] = rank[i] * 1e6 + world.work[i] * chance
    return urgency


@compiled
def disturb(world: World, plan: Plan, desk: Desk, disturbed: Flags, rng: np.random.Generator) -> None:
    """Take some interventions out and mark the days they were on."""
    count = plan.day.size
    largest = max(min(FEWEST, count), int(LARGEST_SHARE * count))
    wanted = 1 + int(rng.random() * largest)
    seed = draw_seed(world, plan, desk, rng)
    kind = int(rng.random() * 4)
    if kind == 0:
        take(plan, seed, disturbed)
        for _ in range(wanted - 1):
            take(plan, int(rng.random() * count), disturbed)
    elif kind == 1:
        take_related(world, plan, seed, wanted, disturbed, rng)
    else:
        take_teams(plan, seed, wanted, kind == 2, disturbed, rng)


@compiled
def draw_seed(world: World, plan: Plan, desk: Desk, rng: np.random.Generator) -> int:
    """Return an intervention: any, or as often one that is the last of its priority."""
    count = plan.day.size
    seed = int(rng.random() * count)
    if rng.random() < 0.5:
        return seed
    ends(world, plan, desk.found)
    for step in range(count):
        i = (seed + step) % count
        if plan.day[i] * DAY + plan.start[i] + world.duration[i] == desk.found[world.priority[i]]:
            return i
    return seed


@compiled
def take(plan: Plan, i: int, disturbed: Flags) -> int:
    """Take an intervention out unless it is out already; return how many this makes."""
    if plan.day[i] == NOWHERE:
        return 0
    disturbed[plan.day[i]] = True
    take_out(plan, i)
    return 1


@compiled
def take_related(world: World, plan: Plan, seed: int, wanted: int, disturbed: Flags, rng: np.random.Generator) -> None:
    """Take out interventions that need what `seed` needs, last as long, and are near in time."""
    count = plan.day.size
    apart = np.empty(count)
    for i in range(count):
        differing = 0
        for s in range(world.requirement.shape[1]):
            differing += abs(world.requirement[i, s] - world.requirement[seed, s])
        days = abs(plan.day[i] - plan.day[seed])
        length = abs(world.duration[i] - world.duration[seed]) / DAY
        apart[i] = (differing / 5.0 + 2.0 * days + 2.0 * length) * (0.2 + rng.random())
    apart[seed] = -1.0
    for i in np.argsort(apart)[:wanted]:
        take(plan, i, disturbed)


@compiled
def take_teams(plan: Plan, seed: int, wanted: int, one_day: bool, disturbed: Flags, rng: np.random.Generator) -> None:
    """Take out the team of `seed` with all it does, then others of that day or of days near by."""
    days, teams = plan.length.shape
    middle, team = plan.day[seed], plan.team[seed]
    taken = 0
    k, g = middle, team
    for _ in range(3 * teams):
        while plan.length[k, g] > 0:
            taken += take(plan, plan.queue[k, g, plan.length[k, g] - 1], disturbed)
        if taken >= wanted:
            break
        k = middle if one_day else max(0, min(days - 1, middle - 2 + int(rng.random() * 4)))
        g = int(rng.random() * teams)
