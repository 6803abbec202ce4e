"""Beliefs of all workers as resident arrays, refreshed by revision: what ranking reads.

A skill's rows hold only the workers who have evidence in it; everybody else stands at the prior, which needs no
storage. Three thousand workers times nine hundred skills is 2.7 million pairs, but a few ten thousand of them are
touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from skillmatch.beliefs.filter import SkillState, WorkerState
from skillmatch.beliefs.kernel import HOURS, LN2
from skillmatch.beliefs.params import FAMILY_PART, GENERAL_PART, LEARNED_PART, BeliefParams

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

SkillRow = tuple[str, str, float, float, float, float, float, int, float, float, float, float, float, bool]
"""(worker, skill, mean, var, day, recent, lasting, uses, successes, failures, surprise, won, main, gone): one pair as
the store hands it over; `gone` when its last evidence was retracted."""

PartRow = tuple[str, str, float, float, float, bool]
"""(worker, part, mean, var, jobs, gone)."""

_FIELDS = 10


class Moment(NamedTuple):
    """The touched rows of a skill carried forward to a moment, each (n,): see `filter.SkillState`.

    `pause` is ln(1 + hours since the skill was touched), 0 for a moment before that; `won` and
    `idle` the days since the last success and since the last touch.
    """

    mean: Floats
    var: Floats
    recent: Floats
    lasting: Floats
    successes: Floats
    failures: Floats
    surprise: Floats
    won: Floats
    main: Floats
    idle: Floats
    pause: Floats


class TouchedRows:
    """The workers who have something of their own: `index` (n,) into the table's workers, `values` (fields, n)."""

    __slots__ = ("_index", "_places", "_size", "_values")

    def __init__(self, fields: int) -> None:
        self._size = 0
        self._index = np.empty(4, dtype=np.intp)
        self._values = np.empty((fields, 4))
        self._places: dict[int, int] = {}

    def __len__(self) -> int:
        return self._size

    @property
    def index(self) -> Indices:
        """Positions of the touched workers in the table, shape (n,)."""
        return self._index[: self._size]

    @property
    def values(self) -> Floats:
        """The numbers as stored, shape (fields, n)."""
        return self._values[:, : self._size]

    def put(self, worker: int, values: tuple[float, ...]) -> None:
        """Set one worker's numbers; she may be new to it."""
        place = self._places.get(worker)
        if place is None:
            place = self._places[worker] = self._size
            if place == len(self._index):
                self._grow()
            self._index[place] = worker
            self._size += 1
        self._values[:, place] = values

    def remove(self, worker: int) -> None:
        """Forget a worker who has no evidence left; the last row moves into her place."""
        place = self._places.pop(worker, None)
        if place is None:
            return
        self._size -= 1
        if place != self._size:
            mover = int(self._index[self._size])
            self._index[place] = mover
            self._values[:, place] = self._values[:, self._size]
            self._places[mover] = place

    def place(self, worker: int) -> int | None:
        """Return where in the rows a worker stands, or None when she is untouched."""
        return self._places.get(worker)

    def _grow(self) -> None:
        room = 2 * len(self._index)
        self._index = np.resize(self._index, room)
        values = np.empty((len(self._values), room))
        values[:, : self._size] = self._values[:, : self._size]
        self._values = values


class SkillRows(TouchedRows):
    """The touched workers of one skill: mean, var, day, recent, lasting, successes, failures, surprise, won and main
    as stored."""

    __slots__ = ("skill",)

    def __init__(self, skill: str = "") -> None:
        super().__init__(_FIELDS)
        self.skill = skill

    def at(self, moment: float, params: BeliefParams, among: Indices | None = None) -> Moment:
        """Return the rows, or those of some places `among` them, carried forward to `moment` (days since 1970)."""
        values = self.values if among is None else self.values.take(among, axis=1)
        mean, var, day, recent, lasting, successes, failures, surprise, won, main = values
        elapsed = np.maximum(moment - day, 0.0)
        keep = np.exp(elapsed * (-LN2 / params.half_life(self.skill)))
        keep2 = keep * keep
        return Moment(
            np.where(mean > 0.0, keep * mean, mean),
            keep2 * var + (1.0 - keep2) * params.skill_var,
            recent * np.exp(elapsed * (-LN2 / params.recent_days)),
            lasting * np.exp(elapsed * (-LN2 / params.lasting_days)),
            successes,
            failures,
            surprise,
            np.maximum(moment - won, 0.0),
            main,
            elapsed,
            np.log1p(HOURS * elapsed),
        )


_NOBODY, _NOT_SHARED = SkillRows(), TouchedRows(3)


class BeliefTable:
    """General ability of every worker, shape (workers,), and the touched rows of every skill."""

    def __init__(self, params: BeliefParams) -> None:
        self.params = params
        self.revision = -1
        self.workers: list[str] = []
        self._places: dict[str, int] = {}
        self._general = np.empty((5, 64))
        self._skills: dict[str, SkillRows] = {}
        self._parts: dict[str, TouchedRows] = {}
        self._id_order: Indices | None = None
        self.writes = 0
        self._written: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self.workers)

    @property
    def general_mean(self) -> Floats:
        """Mean of the general part in logits, shape (workers,)."""
        return self._general[0, : len(self.workers)]

    @property
    def general_var(self) -> Floats:
        """Variance of the general part in squared logits, shape (workers,)."""
        return self._general[1, : len(self.workers)]

    @property
    def form(self) -> Floats:
        """How far the worker's last results were above expectation, shape (workers,)."""
        return self._general[2, : len(self.workers)]

    @property
    def worked(self) -> Floats:
        """Day of the worker's last job, 0 where there is none, shape (workers,)."""
        return self._general[3, : len(self.workers)]

    @property
    def jobs(self) -> Floats:
        """How many jobs the worker has done, shape (workers,)."""
        return self._general[4, : len(self.workers)]

    @property
    def id_order(self) -> Indices:
        """Rank of each worker by id, shape (workers,): ties in a score are broken by it."""
        if self._id_order is None or len(self._id_order) != len(self.workers):
            order = sorted(range(len(self.workers)), key=self.workers.__getitem__)
            self._id_order = np.empty(len(order), dtype=np.intp)
            self._id_order[order] = np.arange(len(order))
        return self._id_order

    def place(self, worker: str) -> int | None:
        """Return a worker's position in the arrays, or None."""
        return self._places.get(worker)

    def add_workers(self, workers: Iterable[str]) -> None:
        """Give each worker not yet here a place, believing nothing but the prior."""
        for worker in workers:
            if worker in self._places:
                continue
            place = len(self.workers)
            if place == self._general.shape[1]:
                self._general = np.concatenate([self._general, np.empty_like(self._general)], axis=1)
            self._places[worker] = place
            self.workers.append(worker)
            self._general[:, place] = 0.0, self.params.general_var, 0.0, 0.0, 0.0

    def written_since(self, writes: int) -> Indices:
        """Return the places of the workers of whom anything was put since there were so many `writes`."""
        found: list[int] = []
        for place in reversed(self._written):
            if self._written[place] <= writes:
                break
            found.append(place)
        return np.array(found, dtype=np.intp)

    def _write(self, worker: str) -> int:
        """Note that something of a worker is put, and return her place; she may be new."""
        self.add_workers((worker,))
        place = self._places[worker]
        self.writes += 1
        # Taken out first, so that the latest stand last.
        self._written.pop(place, None)
        self._written[place] = self.writes
        return place

    def rows(self, skill: str) -> SkillRows:
        """Return the touched rows of a skill; no rows when nobody touched it."""
        return self._skills.get(skill, _NOBODY)

    def skills_of(self, worker: str) -> list[str]:
        """Return the skills in which a worker has evidence, by id."""
        place = self._places.get(worker)
        if place is None:
            return []
        return sorted(skill for skill, rows in self._skills.items() if rows.place(place) is not None)

    def state(self, worker: str) -> WorkerState:
        """Return what is believed of a worker as the filter knows it, as far as it is kept here.

        Her biases, the occasion of her last rating and the last fact are not; an outcome is learned alike without.
        """
        state, place = WorkerState.fresh(worker, self.params), self._places.get(worker)
        if place is None:
            return state
        mean, var, state.form, state.worked, jobs = self._general[:, place].tolist()
        state.parts[GENERAL_PART] = (mean, var, jobs)
        for part, shared in self._parts.items():
            here = shared.place(place)
            if here is not None:
                own_mean, own_var, own_jobs = shared.values[:, here].tolist()
                state.parts[part] = (own_mean, own_var, own_jobs)
        for skill, rows in self._skills.items():
            here = rows.place(place)
            if here is not None:
                values = rows.values[:, here].tolist()
                # What was touched has been used, also by facts that are no job; the filter asks no more of the count.
                state.skills[skill] = SkillState.of_row([*values, max(values[5] + values[6], 1.0)])
        return state

    def part(self, part: str) -> TouchedRows:
        """Return mean, variance and jobs in a shared part, of those who have worked in it."""
        return self._parts.get(part, _NOT_SHARED)

    def put_form(self, worker: str, form: float, worked: float) -> None:
        """Set a worker's form and the day of her last job."""
        self._general[2:4, self._write(worker)] = form, worked

    def put_parts(self, rows: Iterable[PartRow]) -> None:
        """Set what workers have of general ability, families and circles; other parts are passed over."""
        for worker, part, mean, var, jobs, gone in rows:
            place = self._write(worker)
            if part == GENERAL_PART:
                values = (0.0, self.params.general_var, 0.0) if gone else (mean, var, jobs)
                self._general[[0, 1, 4], place] = values
            elif gone:
                self.part(part).remove(place)
            elif part.startswith((FAMILY_PART, LEARNED_PART)):
                self._parts.setdefault(part, TouchedRows(3)).put(place, (mean, var, jobs))

    def drop_parts(self, worker: str) -> None:
        """Forget the parts of a worker other than the general one, before they are put anew."""
        place = self._places.get(worker)
        if place is not None:
            for rows in self._parts.values():
                rows.remove(place)

    def put_rows(self, rows: Iterable[SkillRow]) -> None:
        """Set touched pairs, and remove those that are gone."""
        for (
            worker,
            skill,
            mean,
            var,
            day,
            recent,
            lasting,
            _uses,
            successes,
            failures,
            surprise,
            won,
            main,
            gone,
        ) in rows:
            place = self._write(worker)
            if gone:
                self._rows(skill).remove(place)
            else:
                values = (mean, var, day, recent, lasting, successes, failures, surprise, won, main)
                self._rows(skill).put(place, values)

    def put_state(self, state: WorkerState, skills: Sequence[str] | None = None) -> None:
        """Mirror a worker's state; with `skills`, only these of its rows."""
        self.put_form(state.worker, state.form, state.worked)
        if skills is None:
            self.drop_parts(state.worker)
        self.put_parts((state.worker, part, *values, False) for part, values in state.parts.items())
        place = self._places[state.worker]
        for skill in state.skills if skills is None else skills:
            values = state.skills[skill].values()
            self._rows(skill).put(place, (*values[:5], *values[6:]))

    def _rows(self, skill: str) -> SkillRows:
        rows = self._skills.get(skill)
        if rows is None:
            rows = self._skills[skill] = SkillRows(skill)
        return rows
