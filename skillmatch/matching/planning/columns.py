"""Routes met on the way, to choose the best combination of them: a plan may hold good routes beside bad ones.

A *column* is one route as it was in some plan. What is chosen has at most one column for each route, each job once, and
for a crew as many columns as it needs workers, all with the same start: a *meeting*.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from skillmatch.matching.planning.arrays import (
    CREW,
    FIXED,
    HIGH,
    HOME,
    KEPT,
    LEADS,
    LOW,
    NEAR,
    PLACE,
    PLACED,
    POINTS,
    SIZE,
    VALUE,
    WORKER,
    State,
    World,
    empty_state,
)
from skillmatch.matching.planning.model import Flags
from skillmatch.matching.planning.program import Program, Rows
from skillmatch.matching.planning.routes import put

Meeting = tuple[int, float, bool]
"""A job with a crew, its start, and whether that keeps its promise."""
Key = tuple[int, tuple[tuple[int, float, float, bool], ...]]
"""The route, and its visits in order: job, first and last start, and whether its promise is kept."""


@dataclass(frozen=True, slots=True)
class Column:
    """One route: what it brings beside the value of crews, jobs it does alone, and crews it is part of."""

    key: Key
    gain: float
    alone: tuple[int, ...]
    meetings: tuple[Meeting, ...]
    chosen: bool


class Pool:
    """The columns met, the newest last."""

    def __init__(self, world: World, most: int) -> None:
        self.world, self.most = world, most
        self.found: dict[Key, float] = {}

    def add(self, state: State) -> None:
        """Note all routes of `state`."""
        for key in keys_of(state):
            known = self.found.pop(key, None)
            self.found[key] = self._gain(key) if known is None else known
        for key in list(self.found)[: max(0, len(self.found) - self.most)]:
            del self.found[key]

    def columns(self, best: State) -> list[Column]:
        """Return all columns, with those of `best` among them and marked."""
        self.add(best)
        chosen = set(keys_of(best))
        crew = self.world.task[CREW]
        return [
            Column(
                key,
                gain,
                tuple(job for job, *_ in key[1] if crew[job] == 1),
                tuple((job, low, kept) for job, low, _high, kept in key[1] if crew[job] > 1),
                key in chosen,
            )
            for key, gain in self.found.items()
        ]

    def _gain(self, key: Key) -> float:
        world, (route, visits) = self.world, key
        place, gain = world.shift[HOME, route], 0.0
        for job, _low, _high, kept in visits:
            crew = world.task[CREW, job]
            points = (
                world.pair[POINTS, job, world.shift[WORKER, route]] + world.road[NEAR, place, world.task[PLACE, job]]
            )
            gain += points / crew + (meeting_gain(world, job, kept) if crew == 1 else 0.0)
            place = world.task[PLACE, job]
        return float(gain)


def meeting_gain(world: World, job: int, kept: bool) -> float:
    """Return what doing `job` brings whoever does it."""
    return float(world.job[VALUE, job]) + (world.change if kept else 0.0)


def leads(world: World, job: int, column: Column) -> bool:
    """Return whether the worker of `column` may lead the crew of `job`."""
    return bool(world.pair[LEADS, job, world.shift[WORKER, column.key[0]]] > 0.0)


def program_of(world: World, columns: Sequence[Column]) -> Program:
    """Return the choice among `columns` as a program of zeros and ones; the meetings come after them."""
    by_route: dict[int, list[tuple[int, float]]] = defaultdict(list)
    by_job: dict[int, list[tuple[int, float]]] = defaultdict(list)
    met: dict[Meeting, list[int]] = defaultdict(list)
    stays: set[int] = set()
    for number, column in enumerate(columns):
        by_route[column.key[0]].append((number, 1.0))
        for job in column.alone:
            by_job[job].append((number, 1.0))
        for meeting in column.meetings:
            met[meeting].append(number)
        if any(world.task[FIXED, visit[0]] for visit in column.key[1]):
            stays.add(column.key[0])
    rows, gain = Rows(), [column.gain for column in columns]
    for meeting, numbers in met.items():
        job, whole = meeting[0], len(gain)
        by_job[job].append((whole, 1.0))
        gain.append(meeting_gain(world, job, meeting[2]))
        rows.add([*((number, 1.0) for number in numbers), (whole, -float(world.task[CREW, job]))], 0.0, 0.0)
        led = [(number, 1.0) for number in numbers if leads(world, job, columns[number])]
        rows.add([*led, (whole, -1.0)], 0.0, np.inf)
    for route, entries in by_route.items():
        rows.add(entries, 1.0 if route in stays else 0.0, 1.0)
    for entries in by_job.values():
        rows.add(entries, 0.0, 1.0)
    return rows.program(gain)


def hint_of(world: World, columns: Sequence[Column]) -> Flags:
    """Return the variables of `program_of` for the plan whose columns are marked."""
    taken = {meeting for column in columns if column.chosen for meeting in column.meetings}
    met = dict.fromkeys(meeting for column in columns for meeting in column.meetings)
    return np.array([*(column.chosen for column in columns), *(meeting in taken for meeting in met)], dtype=np.bool_)


def keys_of(state: State) -> list[Key]:
    """Return what identifies the routes of `state` that hold anything."""
    low, high, kept = state.limits[LOW].tolist(), state.limits[HIGH].tolist(), state.marks[KEPT].tolist()
    rows, sizes = state.visits.tolist(), state.route[SIZE].tolist()
    return [
        (route, tuple((job, low[job], high[job], bool(kept[job])) for job in rows[route][:size]))
        for route, size in enumerate(sizes)
        if size
    ]


def state_of(world: World, columns: Sequence[Column]) -> State:
    """Return the plan made of `columns`."""
    state = empty_state(world)
    seats = np.zeros(world.job.shape[1], dtype=np.int64)
    for column in columns:
        route, visits = column.key
        for spot, (job, low, high, kept) in enumerate(visits):
            state.limits[LOW, job], state.limits[HIGH, job] = low, high
            state.marks[KEPT, job] = kept
            if not state.marks[PLACED, job]:
                state.marks[PLACED, job] = 1
                state.total[0] += meeting_gain(world, job, kept) if world.task[CREW, job] > 1 else 0.0
            put(world, state, job, int(seats[job]), route, spot)
            seats[job] += 1
        state.total[0] += column.gain
    return state
