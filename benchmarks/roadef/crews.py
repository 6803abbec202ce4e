"""Who is in which team; compiled."""

from __future__ import annotations

import numpy as np

from benchmarks.roadef.compiled import compiled
from benchmarks.roadef.plan import FREE, IMPOSSIBLE, Desk, Ints, Plan, World, overwrite


@compiled
def recruit(
    world: World, required: Ints, offered: Ints, member: Ints, chosen: Ints, missing: Ints, noise: float,
    rng: np.random.Generator,
) -> int:  # fmt: skip
    """Find free technicians without whom a team that offers so much does not reach what is required.

    Writes them into `chosen`, of shape (technicians,), and returns how many; -1 when the free ones are not enough.
    `missing`, of shape (domains × levels,), is overwritten.
    """
    short = 0
    for s in range(missing.size):
        missing[s] = max(0, required[s] - offered[s])
        short += missing[s]
    count = 0
    while short > 0:
        best, best_score, best_gain = -1, 0.0, 0
        for t in range(world.worth.size):
            if member[t] != FREE:
                continue
            taken = False
            for c in range(count):
                taken = taken or chosen[c] == t
            if taken:
                continue
            gain = 0
            for s in range(missing.size):
                if missing[s] > 0:
                    gain += world.holds[t, s]
            if gain == 0:
                continue
            score = gain / world.worth[t] * (1.0 + noise * rng.random())
            if score > best_score:
                best, best_score, best_gain = t, score, gain
        if best < 0:
            return -1
        chosen[count] = best
        count += 1
        short -= best_gain
        for s in range(missing.size):
            if missing[s] > 0:
                missing[s] -= world.holds[best, s]
    return thin_out(world, required, offered, chosen, count)


@compiled
def thin_out(world: World, required: Ints, offered: Ints, chosen: Ints, count: int) -> int:
    """Drop those among the `count` chosen technicians whom the others make superfluous; return how many stay."""
    c = 0
    while c < count:
        needed = False
        for s in range(world.holds.shape[1]):
            there = offered[s]
            for d in range(count):
                if d != c:
                    there += world.holds[chosen[d], s]
            if there < required[s]:
                needed = True
                break
        if needed:
            c += 1
        else:
            count -= 1
            for d in range(c, count):
                chosen[d] = chosen[d + 1]
    return count


@compiled
def join(world: World, plan: Plan, k: int, g: int, t: int) -> None:
    plan.member[k, t] = g
    for s in range(world.holds.shape[1]):
        plan.offer[k, g, s] += world.holds[t, s]


@compiled
def leave(world: World, plan: Plan, k: int, g: int, t: int) -> None:
    plan.member[k, t] = FREE
    for s in range(world.holds.shape[1]):
        plan.offer[k, g, s] -= world.holds[t, s]


@compiled
def let_go(world: World, plan: Plan, k: int, rng: np.random.Generator) -> None:
    """Let go whom no team of a day needs any more."""
    technicians = world.worth.size
    first = int(rng.random() * technicians)
    for step in range(technicians):
        t = (first + step) % technicians
        g = plan.member[k, t]
        if g < 0:
            continue
        superfluous = True
        for s in range(plan.need.shape[2]):
            if plan.offer[k, g, s] - world.holds[t, s] < plan.need[k, g, s]:
                superfluous = False
                break
        if superfluous:
            leave(world, plan, k, g, t)


@compiled
def sum_free(world: World, plan: Plan, k: int, supply: Ints) -> None:
    """Write into `supply` how many technicians of each level are free on a day."""
    supply[:] = 0
    for t in range(world.worth.size):
        if plan.member[k, t] == FREE:
            for s in range(supply.size):
                supply[s] += world.holds[t, s]


@compiled
def within(required: Ints, offered: Ints, supply: Ints) -> bool:
    """Return whether what is required is there when all that are free help a team."""
    short = 0
    for s in range(required.size):
        short += max(0, required[s] - offered[s] - supply[s])
    return short == 0


@compiled
def form_teams(world: World, plan: Plan, k: int, desk: Desk, noise: float, rng: np.random.Generator) -> float:
    """Choose all teams of a day anew for what they need; return what they are worth, IMPOSSIBLE if it did not work."""
    teams = plan.length.shape[1]
    for t in range(world.worth.size):
        if plan.member[k, t] >= 0:
            plan.member[k, t] = FREE
    plan.offer[k] = 0
    urgency = np.zeros(teams)
    for g in range(teams):
        if plan.need[k, g].max() > 0:
            urgency[g] = plan.need[k, g].sum() * (0.5 + rng.random())
    worth = 0.0
    for g in np.argsort(-urgency):
        if urgency[g] == 0.0:
            break
        count = recruit(world, plan.need[k, g], plan.offer[k, g], plan.member[k], desk.chosen, desk.missing, noise, rng)
        if count < 0:
            return IMPOSSIBLE
        for c in range(count):
            join(world, plan, k, g, desk.chosen[c])
            worth += world.worth[desk.chosen[c]]
    return worth


@compiled
def regroup(world: World, plan: Plan, spare: Plan, k: int, desk: Desk, noise: float, rng: np.random.Generator) -> None:
    """Choose all teams of a day anew unless that ties up dearer technicians."""
    before = 0.0
    for t in range(world.worth.size):
        if plan.member[k, t] >= 0:
            before += world.worth[t]
    overwrite(spare.member[k], plan.member[k])
    overwrite(spare.offer[k], plan.offer[k])
    if form_teams(world, plan, k, desk, noise, rng) > before:
        overwrite(plan.member[k], spare.member[k])
        overwrite(plan.offer[k], spare.offer[k])
