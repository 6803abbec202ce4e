"""Routes: when visits happen, what an insertion brings, and putting jobs in and taking them out.

Plain functions over arrays; `compiled` makes machine code of them, and `greedy` runs them as they are.
Inserting into a route costs a look at its neighbours only: each visit has an earliest start (what is before it allows)
and a latest one (what is after it allows), as in M. Savelsbergh, The vehicle routing problem with time windows:
minimizing route duration, ORSA Journal on Computing 4(2), 1992. A crew begins together, so its start is pinned while it
stays in the plan, and its routes do not depend on each other.
"""

from __future__ import annotations

import numpy as np

from skillmatch.matching.planning.arrays import (
    AT,
    BEGINS,
    BRINGS,
    BROKEN,
    CLOSES,
    CREW,
    CREW_KEEPS,
    CREW_SEEN,
    ENDS,
    FIXED,
    FROM,
    GAIN,
    HIGH,
    HOME,
    KEEPS,
    KEPT,
    LEADS,
    LOW,
    MINUTES,
    NEAR,
    NEXT,
    OPENS,
    PLACE,
    PLACED,
    POINTS,
    PROMISE,
    PROMISED_TO,
    ROUTE,
    SEEN,
    SIZE,
    SPOT,
    STAMP,
    START,
    UNTIL,
    VALUE,
    WAY,
    WORKER,
    Memory,
    State,
    World,
)
from skillmatch.matching.planning.model import EXACT, SAME_TIME

WORST = -1e18


def schedule(world: World, state: State, route: int) -> None:
    """Calculate the earliest and latest starts of `route`, and whether they fit."""
    size, home = state.route[SIZE, route], world.shift[HOME, route]
    time, place, fits = world.span[BEGINS, route], home, True
    for i in range(size):
        job = state.visits[route, i]
        start = max(time + world.road[WAY, place, world.task[PLACE, job]], state.limits[LOW, job])
        state.early[route, i] = start
        fits = fits and start <= state.limits[HIGH, job] + EXACT
        time, place = start + world.job[MINUTES, job], world.task[PLACE, job]
    limit = world.span[ENDS, route]
    if world.return_home:
        limit -= world.road[WAY, place, home]
    for k in range(size):
        i = size - 1 - k
        job = state.visits[route, i]
        state.late[route, i] = min(state.limits[HIGH, job], limit - world.job[MINUTES, job])
        fits = fits and state.early[route, i] <= state.late[route, i] + EXACT
        if i > 0:
            limit = (
                state.late[route, i]
                - world.road[WAY, world.task[PLACE, state.visits[route, i - 1]], world.task[PLACE, job]]
            )
    if state.route[BROKEN, route] == fits:
        state.clock[1] += -1 if fits else 1
        state.route[BROKEN, route] = not fits
    state.clock[0] += 1
    state.route[STAMP, route] = state.clock[0]


def opening(world: World, state: State, job: int, route: int, spot: int, high: float) -> tuple[float, float, float]:
    """Return the first and last start that `job` can have at `spot` of `route`, and the points the way there brings.

    The points are those of the travel terms of this and the next visit; the last start is below the first where the job
    does not fit. `high` is the last start that is of interest.
    """
    place, size = world.task[PLACE, job], state.route[SIZE, route]
    if spot == 0:
        time, before = world.span[BEGINS, route], world.shift[HOME, route]
    else:
        last = state.visits[route, spot - 1]
        time, before = state.early[route, spot - 1] + world.job[MINUTES, last], world.task[PLACE, last]
    first = time + world.road[WAY, before, place]
    if first > high + EXACT:
        return first, WORST, 0.0
    brings = world.road[NEAR, before, place] / world.task[CREW, job]
    if spot < size:
        following = state.visits[route, spot]
        after = world.task[PLACE, following]
        until = state.late[route, spot] - world.road[WAY, place, after] - world.job[MINUTES, job]
        brings += (world.road[NEAR, place, after] - world.road[NEAR, before, after]) / world.task[CREW, following]
    else:
        until = world.span[ENDS, route] - world.job[MINUTES, job]
        if world.return_home:
            until -= world.road[WAY, place, world.shift[HOME, route]]
    return first, min(until, high), brings


def best_spot(world: World, state: State, job: int, route: int, low: float, high: float) -> tuple[float, int]:
    """Return what the best insertion of `job` into `route` with a start in `low` to `high` brings, and where."""
    best, spot = WORST, -1
    for i in range(state.route[SIZE, route] + 1):
        if i > 0 and state.early[route, i - 1] > high + EXACT:
            break
        if i < state.route[SIZE, route] and state.late[route, i] < low - EXACT:
            continue
        first, until, brings = opening(world, state, job, route, i, high)
        if max(first, low) <= until + EXACT and brings > best:
            best, spot = brings, i
    if spot < 0:
        return WORST, -1
    return best + world.job[VALUE, job] + world.pair[POINTS, job, world.shift[WORKER, route]] / world.task[
        CREW, job
    ], spot


def look(world: World, state: State, memory: Memory, option: int, job: int) -> float:
    """Return what doing `job` alone on the route of `option` brings; it is remembered until the route changes."""
    route = world.option[option]
    if memory.found[SEEN, option] == state.route[STAMP, route]:
        return float(memory.gain[option])
    low, high = world.job[OPENS, job], world.job[CLOSES, job]
    gain, spot = best_spot(world, state, job, route, low, high)
    keeps = False
    if spot >= 0 and world.pair[PROMISED_TO, job, world.shift[WORKER, route]] > 0.0:
        low, high = max(low, world.job[PROMISE, job] - SAME_TIME), min(high, world.job[PROMISE, job] + SAME_TIME)
        kept_gain, kept_spot = best_spot(world, state, job, route, low, high)
        if kept_gain + world.change >= gain:
            gain, spot, keeps = kept_gain + world.change, kept_spot, True
    memory.gain[option], memory.found[SPOT, option], memory.found[KEEPS, option] = gain, spot, keeps
    memory.found[SEEN, option] = state.route[STAMP, route]
    return gain


def look_for_crew(world: World, state: State, memory: Memory, job: int) -> None:
    """Find the start and the workers that bring most for a job with a crew; remembered until a route changes.

    For a given start every worker brings something of her own, so the best crew are those who bring most, with the best
    leader in the place of the last if none of them leads. The best start is one at which somebody becomes free: until
    the next of these everybody can only be lost.
    """
    newest = 0
    for option in range(world.first[job], world.first[job + 1]):
        newest = max(newest, state.route[STAMP, world.option[option]])
    if memory.crew_found[CREW_SEEN, job] >= newest:
        return
    memory.crew_found[CREW_SEEN, job] = state.clock[0]
    memory.crew[GAIN, job] = memory.crew[NEXT, job] = WORST
    count = gather(world, state, memory, job)
    promise, promise_known = world.job[PROMISE, job], not np.isnan(world.job[PROMISE, job])
    for candidate in range(count + (1 if promise_known else 0)):
        start = memory.starts[FROM, candidate] if candidate < count else promise
        if world.job[OPENS, job] <= start <= world.job[CLOSES, job]:
            for keeps in range(2 if promise_known and abs(start - promise) <= SAME_TIME else 1):
                gain = choose(world, memory, job, start, count, keeps)
                remember(world, memory, job, start, gain + keeps * world.change, keeps)


def gather(world: World, state: State, memory: Memory, job: int) -> int:
    """Write down all intervals of starts that the routes leave for `job`; return their number."""
    count = 0
    for option in range(world.first[job], world.first[job + 1]):
        route = world.option[option]
        for spot in range(state.route[SIZE, route] + 1):
            first, until, brings = opening(world, state, job, route, spot, world.job[CLOSES, job])
            first = max(first, world.job[OPENS, job])
            if first <= until + EXACT:
                memory.starts[FROM, count], memory.starts[UNTIL, count], memory.owners[ROUTE, count] = (
                    first,
                    until,
                    route,
                )
                memory.owners[AT, count] = spot
                memory.starts[BRINGS, count] = (
                    brings + world.pair[POINTS, job, world.shift[WORKER, route]] / world.task[CREW, job]
                )
                count += 1
    return count


def choose(world: World, memory: Memory, job: int, start: float, count: int, as_promised: int) -> float:
    """Fill `memory.top` with the intervals of the best crew at `start`; return what it brings, or `WORST`."""
    top, crew, chosen, leader = memory.top, world.task[CREW, job], 0, -1
    i = 0
    while i < count:
        worker, best = world.shift[WORKER, memory.owners[ROUTE, i]], -1
        while i < count and world.shift[WORKER, memory.owners[ROUTE, i]] == worker:
            open_then = memory.starts[FROM, i] <= start + EXACT and start <= memory.starts[UNTIL, i] + EXACT
            if open_then and (best < 0 or memory.starts[BRINGS, i] > memory.starts[BRINGS, best]):
                best = i
            i += 1
        if best < 0 or (as_promised == 1 and world.pair[PROMISED_TO, job, worker] == 0.0):
            continue
        if world.pair[LEADS, job, worker] > 0.0 and (
            leader < 0 or memory.starts[BRINGS, best] > memory.starts[BRINGS, leader]
        ):
            leader = best
        if chosen < crew:
            chosen += 1
        elif memory.starts[BRINGS, best] <= memory.starts[BRINGS, top[crew - 1]]:
            continue
        k = chosen - 1
        while k > 0 and memory.starts[BRINGS, top[k - 1]] < memory.starts[BRINGS, best]:
            top[k] = top[k - 1]
            k -= 1
        top[k] = best
    if chosen < crew or leader < 0:
        return WORST
    gain, led = world.job[VALUE, job], False
    for k in range(crew):
        led = led or world.pair[LEADS, job, world.shift[WORKER, memory.owners[ROUTE, top[k]]]] > 0.0
    if not led:
        top[crew - 1] = leader
    for k in range(crew):
        gain += memory.starts[BRINGS, top[k]]
    return float(gain)


def remember(world: World, memory: Memory, job: int, start: float, gain: float, keeps: int) -> None:
    """Keep the crew in `memory.top` when it is the best so far."""
    if gain <= memory.crew[GAIN, job]:
        memory.crew[NEXT, job] = max(memory.crew[NEXT, job], gain)
        return
    memory.crew[NEXT, job], memory.crew[GAIN, job] = memory.crew[GAIN, job], gain
    memory.crew[START, job], memory.crew_found[CREW_KEEPS, job] = start, keeps
    for k in range(world.task[CREW, job]):
        memory.crew_seats[ROUTE, job, k] = memory.owners[ROUTE, memory.top[k]]
        memory.crew_seats[AT, job, k] = memory.owners[AT, memory.top[k]]


def put(world: World, state: State, job: int, seat: int, route: int, spot: int) -> None:
    """Put `job` into `route` at `spot`, as the worker number `seat` of its crew."""
    for k in range(state.route[SIZE, route] - spot):
        i = state.route[SIZE, route] - k
        state.visits[route, i] = state.visits[route, i - 1]
    state.visits[route, spot] = job
    state.route[SIZE, route] += 1
    state.seats[job, seat] = route
    schedule(world, state, route)


def enter(world: World, state: State, job: int, gain: float, keeps: bool, start: float) -> None:
    """Note that `job` is in the plan; `start` pins it, NaN leaves it free within its window."""
    state.marks[PLACED, job], state.marks[KEPT, job] = True, keeps
    state.total[0] += gain
    state.limits[LOW, job], state.limits[HIGH, job] = world.job[OPENS, job], world.job[CLOSES, job]
    if not np.isnan(start):
        state.limits[LOW, job] = state.limits[HIGH, job] = start
    elif keeps:
        state.limits[LOW, job] = max(world.job[OPENS, job], world.job[PROMISE, job] - SAME_TIME)
        state.limits[HIGH, job] = min(world.job[CLOSES, job], world.job[PROMISE, job] + SAME_TIME)


def insert(world: World, state: State, memory: Memory, job: int, option: int) -> None:
    """Do `job` as it was looked up: on the route of `option`, or with its remembered crew."""
    if world.task[CREW, job] == 1:
        enter(world, state, job, memory.gain[option], memory.found[KEEPS, option], np.nan)
        put(world, state, job, 0, world.option[option], memory.found[SPOT, option])
        return
    enter(world, state, job, memory.crew[GAIN, job], memory.crew_found[CREW_KEEPS, job], memory.crew[START, job])
    for seat in range(world.task[CREW, job]):
        put(world, state, job, seat, memory.crew_seats[ROUTE, job, seat], memory.crew_seats[AT, job, seat])


def worth(world: World, state: State, job: int) -> float:
    """Return what the plan would lose without `job`, as the sum over its routes."""
    gain = world.job[VALUE, job] + world.change * state.marks[KEPT, job]
    place = world.task[PLACE, job]
    for seat in range(world.task[CREW, job]):
        route = state.seats[job, seat]
        spot = 0
        while state.visits[route, spot] != job:
            spot += 1
        before = world.shift[HOME, route] if spot == 0 else world.task[PLACE, state.visits[route, spot - 1]]
        gain += (world.pair[POINTS, job, world.shift[WORKER, route]] + world.road[NEAR, before, place]) / world.task[
            CREW, job
        ]
        if spot + 1 < state.route[SIZE, route]:
            following = state.visits[route, spot + 1]
            after = world.task[PLACE, following]
            gain += (world.road[NEAR, place, after] - world.road[NEAR, before, after]) / world.task[CREW, following]
    return float(gain)


def take_out(world: World, state: State, job: int) -> None:
    """Take `job` out of all its routes."""
    state.total[0] -= worth(world, state, job)
    state.marks[PLACED, job] = state.marks[KEPT, job] = False
    for seat in range(world.task[CREW, job]):
        route = state.seats[job, seat]
        state.seats[job, seat] = -1
        found = False
        for i in range(state.route[SIZE, route]):
            found = found or state.visits[route, i] == job
            if found and i + 1 < state.route[SIZE, route]:
                state.visits[route, i] = state.visits[route, i + 1]
        state.route[SIZE, route] -= 1
        schedule(world, state, route)


def remove(world: World, state: State, job: int) -> None:
    """Take `job` out, and what can no longer be reached without it: a detour may be shorter than the direct way."""
    take_out(world, state, job)
    while state.clock[1] > 0:
        for route in range(state.route.shape[1]):
            if state.route[BROKEN, route]:
                take_out(world, state, unreachable(world, state, route))


def unreachable(world: World, state: State, route: int) -> int:
    """Return a job of a broken route that may go: the first that is late, or else the nearest before or after it."""
    late = 0
    while late + 1 < state.route[SIZE, route] and state.early[route, late] <= state.late[route, late] + EXACT:
        late += 1
    for i in range(late + 1):
        if not world.task[FIXED, state.visits[route, late - i]]:
            return int(state.visits[route, late - i])
    for i in range(late, state.route[SIZE, route]):
        if not world.task[FIXED, state.visits[route, i]]:
            return int(state.visits[route, i])
    raise ValueError("a route with nothing but fixed visits is broken")
