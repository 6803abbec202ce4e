"""Putting interventions where they cost least; compiled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from benchmarks.roadef.compiled import compiled
from benchmarks.roadef.crews import join, recruit, sum_free, within
from benchmarks.roadef.places import price_of_place, settle
from benchmarks.roadef.plan import (
    DAY,
    IMPOSSIBLE,
    NEVER,
    NOWHERE,
    Desk,
    Floats,
    Plan,
    World,
    ends,
    overwrite,
    ready_at,
    wanted_at,
)


class Manner(NamedTuple):
    """How interventions are put back: drawn anew for each attempt.

    Parameters
    ----------
    urgency
        Interventions with the highest are put first. Shape (interventions,).
    blink
        Chance, 0 to 1, not to look at a place: a way out of always doing the same.
    hiring
        Price of a technician's day that a new or larger team takes, in units of cost times the technician's worth.
    noise
        How much chance has a part in whom a team takes, 0 for none.
    """

    urgency: Floats
    blink: float
    hiring: float
    noise: float


@compiled
def put_all(world: World, plan: Plan, manner: Manner, desk: Desk, rng: np.random.Generator) -> bool:
    """Put everything that is not planned, most urgent first; return whether a place was found for all of it."""
    ends(world, plan, desk.found)
    while True:
        chosen, left = -1, False
        for i in range(plan.day.size):
            if plan.day[i] == NOWHERE:
                left = True
                more = chosen < 0 or manner.urgency[i] > manner.urgency[chosen]
                if more and ready_at(world, plan, i) < NEVER:
                    chosen = i
        if not left:
            return True
        if not put_best(world, plan, chosen, manner, desk, rng):
            return False


@compiled
def put_best(world: World, plan: Plan, i: int, manner: Manner, desk: Desk, rng: np.random.Generator) -> bool:
    """Put an intervention where it costs least; return whether there is such a place."""
    ready = ready_at(world, plan, i)
    wanted = wanted_at(world, plan, i)
    best, best_day, best_team, best_place, best_count = IMPOSSIBLE, -1, -1, -1, 0
    days, teams = plan.length.shape
    for k in range(ready // DAY, days):
        soonest = max(ready, k * DAY) + world.duration[i]
        if soonest > wanted or world.drift[i] * soonest >= best:
            break
        sum_free(world, plan, k, desk.supply)
        empty_seen = False
        for g in range(teams):
            length = plan.length[k, g]
            if length == 0:
                if empty_seen:
                    continue
                empty_seen = True
            count = -2
            for place in range(length, -1, -1):
                price = price_of_place(world, plan, desk.found, i, k, g, place, ready)
                if price >= best or rng.random() < manner.blink:
                    continue
                if count == -2:
                    if not within(world.requirement[i], plan.offer[k, g], desk.supply):
                        break
                    count = recruit(
                        world, world.requirement[i], plan.offer[k, g], plan.member[k], desk.chosen, desk.missing,
                        manner.noise, rng,
                    )  # fmt: skip
                if count < 0:
                    break
                for c in range(count):
                    price += manner.hiring * world.worth[desk.chosen[c]]
                if price < best:
                    best, best_day, best_team, best_place, best_count = price, k, g, place, count
                    overwrite(desk.best, desk.chosen)
    if best_day < 0:
        return False
    for c in range(best_count):
        join(world, plan, best_day, best_team, desk.best[c])
    settle(world, plan, i, best_day, best_team, best_place, ready, desk)
    return True
