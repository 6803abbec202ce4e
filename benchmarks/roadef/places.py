"""How an intervention enters the queue of a team and leaves it; compiled."""

from __future__ import annotations

import numpy as np

from benchmarks.roadef.compiled import compiled
from benchmarks.roadef.crews import let_go
from benchmarks.roadef.plan import DAY, IMPOSSIBLE, NOWHERE, Desk, Ints, Plan, World, ready_at, wanted_at


@compiled
def price_of_place(world: World, plan: Plan, found: Ints, i: int, k: int, g: int, place: int, ready: int) -> float:
    """Return what the cost and its smooth part rise by when `i` becomes number `place` of a team's queue.

    Later interventions of the queue give way as far as they must; IMPOSSIBLE when one of them cannot.
    """
    begin = k * DAY
    time = max(begin, ready)
    if place > 0:
        j = plan.queue[k, g, place - 1]
        time = max(time, begin + plan.start[j] + world.duration[j])
    time += world.duration[i]
    if time > begin + DAY or time > wanted_at(world, plan, i):
        return IMPOSSIBLE
    last = max(found[3], time)
    price = world.drift[i] * time
    first, second, third = found[0], found[1], found[2]
    for at in range(place, plan.length[k, g] + 1):
        if at > place:
            j = plan.queue[k, g, at - 1]
            if begin + plan.start[j] >= time:
                break
            end = time + world.duration[j]
            if end > begin + DAY or end > wanted_at(world, plan, j):
                return IMPOSSIBLE
            price += world.drift[j] * (time - begin - plan.start[j])
            time = end
        else:
            j = i
        if world.priority[j] == 0:
            first = max(first, time)
        elif world.priority[j] == 1:
            second = max(second, time)
        elif world.priority[j] == 2:
            third = max(third, time)
        last = max(last, time)
    price += world.weights[0] * (first - found[0]) + world.weights[1] * (second - found[1])
    price += world.weights[2] * (third - found[2]) + world.weights[3] * (last - found[3])
    return float(price)


@compiled
def put(world: World, plan: Plan, i: int, k: int, g: int, place: int, ready: int) -> None:
    """Make `i` number `place` of a team's queue and let later interventions give way."""
    queue = plan.queue[k, g]
    for at in range(plan.length[k, g], place, -1):
        queue[at] = queue[at - 1]
    queue[place] = i
    plan.length[k, g] += 1
    time = max(0, ready - k * DAY)
    if place > 0:
        time = max(time, plan.start[queue[place - 1]] + world.duration[queue[place - 1]])
    plan.day[i], plan.team[i], plan.start[i] = k, g, time
    for at in range(place, plan.length[k, g]):
        j = queue[at]
        plan.start[j] = max(plan.start[j], time)
        time = plan.start[j] + world.duration[j]
    for s in range(plan.need.shape[2]):
        plan.need[k, g, s] = max(plan.need[k, g, s], world.requirement[i, s])


@compiled
def settle(world: World, plan: Plan, i: int, k: int, g: int, place: int, ready: int, desk: Desk) -> None:
    """Put an intervention into a queue and note when its priority and those of the later ones end."""
    put(world, plan, i, k, g, place, ready)
    for at in range(place, plan.length[k, g]):
        j = plan.queue[k, g, at]
        end = k * DAY + plan.start[j] + world.duration[j]
        desk.found[world.priority[j]] = max(desk.found[world.priority[j]], end)
        desk.found[3] = max(desk.found[3], end)


@compiled
def take_out(plan: Plan, i: int) -> None:
    """Remove an intervention from its queue; what its team needs and when it works is put right by `tidy`."""
    k, g = plan.day[i], plan.team[i]
    queue = plan.queue[k, g]
    at = 0
    while queue[at] != i:
        at += 1
    for later in range(at, plan.length[k, g] - 1):
        queue[later] = queue[later + 1]
    plan.length[k, g] -= 1
    plan.day[i] = NOWHERE
    plan.team[i] = NOWHERE


@compiled
def tidy(world: World, plan: Plan, k: int, rng: np.random.Generator) -> None:
    """Let go whom no team of a day needs any more, and start everything on it as early as can be."""
    for g in range(plan.length.shape[1]):
        plan.need[k, g] = 0
        for at in range(plan.length[k, g]):
            j = plan.queue[k, g, at]
            for s in range(plan.need.shape[2]):
                plan.need[k, g, s] = max(plan.need[k, g, s], world.requirement[j, s])
    let_go(world, plan, k, rng)
    hasten(world, plan, k)


@compiled
def hasten(world: World, plan: Plan, k: int) -> None:
    """Start all interventions of a day as early as their queues and predecessors allow."""
    moved = True
    while moved:
        moved = False
        for g in range(plan.length.shape[1]):
            time = 0
            for at in range(plan.length[k, g]):
                j = plan.queue[k, g, at]
                time = max(time, ready_at(world, plan, j) - k * DAY)
                if time < plan.start[j]:
                    plan.start[j] = time
                    moved = True
                time = plan.start[j] + world.duration[j]
