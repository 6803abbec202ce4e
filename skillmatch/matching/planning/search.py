"""Improving a plan: take a part of it out, put it back in another way, keep what is better and sometimes what is not.

Adaptive large neighbourhood search (S. Ropke, D. Pisinger, An adaptive large neighborhood search heuristic for the
pickup and delivery problem with time windows, Transportation Science 40(4), 2006) with the removal of strings of visits
and the blinking insertion of J. Christiaens and G. Vanden Berghe, Slack induction by string removals for vehicle
routing problems, Transportation Science 54(2), 2020. `compiled` makes machine code of these functions.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from skillmatch.matching.planning.arrays import (
    CLOSES,
    CREW,
    CREW_SEEN,
    FIXED,
    GAIN,
    MINUTES,
    NEXT,
    OPENS,
    PLACE,
    PLACED,
    SEEN,
    SIZE,
    STAMP,
    WAY,
    Memory,
    State,
    World,
)
from skillmatch.matching.planning.model import Floats, Indices
from skillmatch.matching.planning.routes import WORST, insert, look, look_for_crew, remove, worth

DESTROYERS, REPAIRERS = 5, 6
RANDOM, NEARBY, WORTHLESS, ROUTES, STRINGS = range(DESTROYERS)
"""What is taken out: anything; what lies near a job in place and time; what brings least a minute; whole routes; a run
of visits of each route that passes near a job."""
BY_CHANCE, BY_RATE, BY_GAIN, BY_CHOICE, BY_REGRET, BY_RATE_ANEW = range(REPAIRERS)
"""Who comes first when putting in: in any order; who brings most a minute, or at all; who has the fewest routes to
choose from; who loses most without his best place; who brings most a minute, looked at again after each step."""
BLINK = 0.02
"""How often a good place is overlooked, so that the same jobs do not always find the same way back."""
LARGEST_SHARE = 0.5
"""At most this share of the visits is taken out at once."""


def copy(source: State, target: State) -> None:
    """Make `target` the same as `source`."""
    # Loops: slices of arrays with two axes would take ten seconds to compile, most of it for texts of errors.
    for i in range(source.visits.shape[0]):
        for k in range(source.route[SIZE, i]):
            target.visits[i, k] = source.visits[i, k]
            target.early[i, k] = source.early[i, k]
            target.late[i, k] = source.late[i, k]
        target.route[SIZE, i], target.route[STAMP, i] = source.route[SIZE, i], source.route[STAMP, i]
    for i in range(source.seats.shape[0]):
        for k in range(source.seats.shape[1]):
            target.seats[i, k] = source.seats[i, k]
        for k in range(2):
            target.marks[k, i], target.limits[k, i] = source.marks[k, i], source.limits[k, i]
    target.total[0] = source.total[0]


def best_option(
    world: World, state: State, memory: Memory, job: int, rng: np.random.Generator, blink: float
) -> tuple[float, float, int]:
    """Return what the best and the second best way to do `job` bring, and the option of the best."""
    if world.task[CREW, job] > 1:
        look_for_crew(world, state, memory, job)
        return memory.crew[GAIN, job], memory.crew[NEXT, job], -1
    best, second, chosen = WORST, WORST, -1
    for option in range(world.first[job], world.first[job + 1]):
        gain = memory.gain[option]
        if memory.found[SEEN, option] != state.route[STAMP, world.option[option]]:
            gain = look(world, state, memory, option, job)
        if gain <= second or (blink > 0.0 and rng.random() < blink):
            continue
        if gain > best:
            best, second, chosen = gain, best, option
        else:
            second = gain
    return best, second, chosen


def fill(world: World, state: State, memory: Memory, rng: np.random.Generator, kind: int, noise: float) -> None:
    """Put all jobs into the plan that still fit and bring anything, in the order that `kind` says."""
    bank = np.flatnonzero(state.marks[PLACED] == 0)
    if kind >= BY_REGRET:
        fill_by_looking(world, state, memory, rng, bank, kind, noise)
        return
    keys = np.zeros(len(bank))
    for i in range(len(bank)):
        job = bank[i]
        if kind == BY_CHANCE:
            keys[i] = rng.random()
        elif kind == BY_CHOICE:
            keys[i] = (world.first[job + 1] - world.first[job]) * (1.0 + noise * (rng.random() - 0.5))
        else:
            gain, _second, _option = best_option(world, state, memory, job, rng, 0.0)
            rate = gain / (world.task[CREW, job] * (world.job[MINUTES, job] + 15.0)) if kind == BY_RATE else gain
            keys[i] = -rate * (1.0 + noise * (rng.random() - 0.5))
    for _step in range(len(bank)):
        i = int(np.argmin(keys))
        keys[i] = np.inf
        gain, _second, option = best_option(world, state, memory, bank[i], rng, BLINK)
        if gain > 0.0:
            insert(world, state, memory, bank[i], option)


def fill_by_looking(
    world: World, state: State, memory: Memory, rng: np.random.Generator, bank: Indices, kind: int, noise: float
) -> None:
    """Put jobs in one by one, looking at all that are left before each step."""
    left = len(bank)
    while left > 0:
        best, best_i, best_way = WORST, -1, -1
        i = 0
        while i < left:
            job = bank[i]
            gain, second, option = best_option(world, state, memory, job, rng, 0.0)
            if gain <= 0.0:  # it fits nowhere, and a step never makes room
                left -= 1
                bank[i] = bank[left]
                continue
            key = gain - max(second, 0.0) + 0.01 * gain
            if kind == BY_RATE_ANEW:
                key = gain / (world.task[CREW, job] * (world.job[MINUTES, job] + 15.0))
            key *= 1.0 + noise * (rng.random() - 0.5)
            if key > best:
                best, best_i, best_way = key, i, option
            i += 1
        if best_i < 0:
            return
        insert(world, state, memory, bank[best_i], best_way)
        left -= 1
        bank[best_i] = bank[left]


def clear(world: World, state: State, memory: Memory, rng: np.random.Generator, kind: int, count: int) -> None:
    """Take about `count` jobs out of the plan, chosen as `kind` says; what is fixed stays."""
    seed = int(rng.random() * world.job.shape[1])
    if kind in (NEARBY, STRINGS):
        for _attempt in range(5):  # who is left out has the most to gain from room near him
            if not state.marks[PLACED, seed]:
                break
            seed = int(rng.random() * world.job.shape[1])
    give_keys(world, state, memory, rng, kind, seed)
    removed = 0
    longest = 1 + int(rng.random() * 5.0)
    while removed < count:
        first = -1
        for job in range(world.job.shape[1]):
            if (
                state.marks[PLACED, job]
                and not world.task[FIXED, job]
                and (first < 0 or memory.keys[job] < memory.keys[first])
            ):
                first = job
        if first < 0:
            return
        if kind == STRINGS:
            removed += clear_string(world, state, memory, rng, first, longest)
        else:
            remove(world, state, first)
            removed += 1


def give_keys(world: World, state: State, memory: Memory, rng: np.random.Generator, kind: int, seed: int) -> None:
    """Give each job in the plan a key: the lowest are taken out first."""
    by_route: Any = rng.random(world.shift.shape[1])
    time = world.job[OPENS, seed] + rng.random() * (world.job[CLOSES, seed] - world.job[OPENS, seed])
    if state.marks[PLACED, seed]:
        time = start_of(world, state, seed)
    for job in range(world.job.shape[1]):
        if not state.marks[PLACED, job] or world.task[FIXED, job]:
            continue
        key = rng.random()
        if kind in (NEARBY, STRINGS):
            distance = world.road[WAY, world.task[PLACE, seed], world.task[PLACE, job]]
            distance += 0.25 * abs(start_of(world, state, job) - time)
            if not serves(world, seed, state.seats[job, 0]):
                distance += 30.0
            key = distance * (0.6 + 0.8 * key)
        elif kind == WORTHLESS:
            rate = worth(world, state, job) / (world.task[CREW, job] * (world.job[MINUTES, job] + 15.0))
            key = rate * (0.5 + key)
        elif kind == ROUTES:
            key = float(by_route[state.seats[job, 0]])
        memory.keys[job] = key


def start_of(world: World, state: State, job: int) -> float:
    """Return the earliest start of a job in the plan."""
    route = state.seats[job, 0]
    for i in range(state.route[SIZE, route]):
        if state.visits[route, i] == job:
            return float(state.early[route, i])
    return float(world.job[OPENS, job])


def serves(world: World, job: int, route: int) -> bool:
    """Return whether `route` is one of the options of `job`."""
    found = False
    for option in range(world.first[job], world.first[job + 1]):
        found = found or world.option[option] == route
    return found


def clear_string(world: World, state: State, memory: Memory, rng: np.random.Generator, job: int, longest: int) -> int:
    """Take out a run of visits around `job` on one of its routes, and spare the rest of the route; return how many."""
    route = state.seats[job, int(rng.random() * world.task[CREW, job])]
    spot = 0
    while state.visits[route, spot] != job:
        spot += 1
    first = max(0, spot - int(rng.random() * longest))
    run = state.visits[route, first : min(state.route[SIZE, route], first + longest)].copy()
    for i in range(state.route[SIZE, route]):
        memory.keys[state.visits[route, i]] += 1e6
    removed = 0
    for each in run:
        if state.marks[PLACED, each] and not world.task[FIXED, each]:
            remove(world, state, each)
            removed += 1
    return removed


def draw(weights: Floats, rng: np.random.Generator) -> int:
    """Return a place of `weights` with a chance proportional to it."""
    left = rng.random() * weights.sum()
    for i in range(len(weights)):
        left -= weights[i]
        if left <= 0.0:
            return i
    return len(weights) - 1


def search(
    world: World,
    state: State,
    best: State,
    spare: State,
    memory: Memory,
    rng: np.random.Generator,
    rounds: int,
    heat: float,
    largest: int,
    luck: Floats,
) -> None:
    """Go `rounds` steps from `state`; `best` becomes the best plan met.

    `heat` is the loss in points that is accepted with a chance of 1/e. `luck` (2, ways) holds how well each way to take
    out and to put in has done, and is brought up to date.
    """
    for _round in range(rounds):
        copy(state, spare)
        began = state.clock[0]
        placed = int(np.sum(state.marks[PLACED]))
        most = max(1, min(largest, int(LARGEST_SHARE * placed)))
        count = 1 + int(rng.random() * rng.random() * most)
        destroyer = draw(luck[0, :DESTROYERS], rng)
        repairer = draw(luck[1, :REPAIRERS], rng)
        clear(world, state, memory, rng, destroyer, count)
        fill(world, state, memory, rng, repairer, 0.6 * rng.random())
        gain, reward = state.total[0] - spare.total[0], 0.0
        if gain >= 0.0 or rng.random() < np.exp(gain / heat):
            reward = 3.0 if gain > 1e-9 else 1.0 if gain < -1e-9 else 0.0
            if state.total[0] > best.total[0] + 1e-9:
                copy(state, best)
                reward = 10.0
        else:
            copy(spare, state)
            for job in range(world.job.shape[1]):
                if memory.crew_found[CREW_SEEN, job] > began:
                    memory.crew_found[CREW_SEEN, job] = -1
        luck[0, destroyer] = 0.998 * luck[0, destroyer] + 0.002 * (0.1 + reward)
        luck[1, repairer] = 0.998 * luck[1, repairer] + 0.002 * (0.1 + reward)
