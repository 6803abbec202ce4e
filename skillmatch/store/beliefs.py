"""Beliefs as rows: one for each worker and one for each skill she has shown; numbers come back to the bit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from math import isfinite
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, not_, select, true

from skillmatch.beliefs.filter import SkillState, WorkerState
from skillmatch.errors import Invalid
from skillmatch.store import schema
from skillmatch.store.rows import Rows, chunks, micros, moment, printable

WORKER, PART, BELIEF = schema.worker_belief, schema.worker_part, schema.belief

STATES_AT_ONCE = 500
"""Workers looked up and written at once, each with some dozens of skills."""

_GENERAL = (WORKER.c.worker, WORKER.c.form, WORKER.c.uses, WORKER.c.worked)
_WORKER = (
    WORKER.c.worker,
    WORKER.c.form,
    WORKER.c.uses,
    WORKER.c.worked,
    WORKER.c.occasion,
    WORKER.c.last_time,
    WORKER.c.last_source,
    WORKER.c.last_id,
)
_PART = (PART.c.worker, PART.c.part, PART.c.mean, PART.c.var, PART.c.jobs, PART.c.gone)
_SKILL = (
    *(BELIEF.c.mean, BELIEF.c.var, BELIEF.c.day, BELIEF.c.recent, BELIEF.c.lasting, BELIEF.c.uses),
    *(BELIEF.c.successes, BELIEF.c.failures, BELIEF.c.surprise, BELIEF.c.won, BELIEF.c.main),
)
_BELIEF = (BELIEF.c.worker, BELIEF.c.skill, *_SKILL, BELIEF.c.gone)
_WORKER_NAMES = [column.name for column in _WORKER]
_BELIEF_NAMES = [column.name for column in _BELIEF]
_PART_NAMES = [column.name for column in _PART]
_NO_PART = (0.0, 0.0, 0.0, True)
_NOTHING = (0.0, 0.0, 0.0, 0.0, 0.0, 0, 0.0, 0.0, 0.0, 0.0, 0.0, True)

Values = tuple[Any, ...]


class Beliefs(Rows):
    """The part of a transaction that keeps beliefs."""

    def lock_workers(self, ids: Iterable[str]) -> None:
        """Keep other writers from these workers until the transaction ends; unknown ids are passed over."""
        self._wait_in_line()
        if not self._on_postgresql:
            return
        worker = schema.worker.c.id
        for part in chunks(sorted(filter(printable, set(ids)))):
            self._execute(
                select(worker).where(self._among(worker, part)).order_by(worker).with_for_update(key_share=True)
            )

    def state(self, worker: str) -> WorkerState | None:
        """Return what is believed of a worker, None where nothing was ever saved."""
        self._check_newest("beliefs")
        if not printable(worker):
            return None
        return next(self._states(WORKER.c.worker == worker, PART.c.worker == worker, at_once=True), None)

    def states_of(self, workers: Iterable[str]) -> dict[str, WorkerState]:
        """Return what is believed of those of some workers of whom anything was ever saved, by id."""
        self._check_newest("beliefs")
        parts = chunks(sorted(filter(printable, set(workers))), STATES_AT_ONCE)
        own = ((self._among(WORKER.c.worker, part), self._among(PART.c.worker, part)) for part in parts)
        return {state.worker: state for both in own for state in self._states(*both, at_once=True)}

    def states(self, *, since: int = -1) -> Iterator[WorkerState]:
        """Yield the whole state of each worker whose beliefs changed after revision `since`, by worker id."""
        self._check_newest("beliefs")
        if since < 0:
            return self._states(true(), true())
        newer = sorted(self._execute(select(WORKER.c.worker).where(WORKER.c.revision > since)).scalars())
        return (
            state
            for part in chunks(newer, STATES_AT_ONCE)
            for state in self._states(
                self._among(WORKER.c.worker, part), self._among(PART.c.worker, part), at_once=True
            )
        )

    def _states(
        self, workers: ColumnElement[bool], parts: ColumnElement[bool], *, at_once: bool = False
    ) -> Iterator[WorkerState]:
        """Yield the states of some workers, by id; the two conditions select the same ones in either table."""
        whole = select(*_PART).where(parts, not_(PART.c.gone)).order_by(PART.c.worker, PART.c.part)
        owned = {
            worker: {row.part: (row.mean, row.var, row.jobs) for row in rows}
            for worker, rows in groupby(self._execute(whole), key=lambda row: str(row.worker))
        }
        rows = self._execute(_whole_states(workers)) if at_once else self._stream(_whole_states(workers))
        for worker, own in groupby(rows, key=lambda row: str(row[0])):
            yield _state(list(own), owned.get(worker, {}))

    def save_states(
        self,
        states: Iterable[WorkerState],
        *,
        revision: int,
        replace: bool = False,
        only: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        """Write the rows of states that differ from what is stored.

        Parameters
        ----------
        states
            At most one of each worker.
        replace
            The states are complete: skills that are stored but not in the state are marked as gone.
        only
            By worker, the ids of the skills that were touched: just these are written, nothing is looked up. Workers
            that are not named are looked up as without it.

        Raises
        ------
        Invalid
            When a number is not finite.
        NotFound
            When a worker or skill is not in the database.
        """
        only = only or {}
        for some in chunks(states, STATES_AT_ONCE):
            unknown = [state.worker for state in some if state.worker not in only]
            stored_workers = self._stored_workers(unknown)
            stored_skills = self._stored_skills(unknown)
            stored_parts = self._stored_parts(unknown)
            worker_rows, part_rows, skill_rows = [], [], []
            for state in some:
                touched = only.get(state.worker)
                rows = _skill_rows(state, state.skills if touched is None else touched)
                if touched is None:
                    rows = _differing(rows, stored_skills.get(state.worker, {}), _NOTHING, replace=replace)
                parts = {part: (*_numbers(state.worker, *values), False) for part, values in state.parts.items()}
                if touched is None:
                    parts = _differing(parts, stored_parts.get(state.worker, {}), _NO_PART, replace=replace)
                worker_row = _worker_row(state)
                if rows or parts or stored_workers.get(state.worker) != worker_row:
                    worker_rows.append({**dict(zip(_WORKER_NAMES, worker_row, strict=True)), "revision": revision})
                for part, values in parts.items():
                    row = dict(zip(_PART_NAMES, (state.worker, part, *values), strict=True))
                    part_rows.append({**row, "revision": revision})
                for skill, values in rows.items():
                    row = dict(zip(_BELIEF_NAMES, (state.worker, skill, *values), strict=True))
                    skill_rows.append({**row, "revision": revision})
            self._write(WORKER, worker_rows, overwrite=True)
            self._write(PART, part_rows, overwrite=True)
            self._write(BELIEF, skill_rows, overwrite=True)

    def _stored_workers(self, workers: list[str]) -> dict[str, Values]:
        rows = self._execute(select(*_WORKER).where(self._among(WORKER.c.worker, workers))) if workers else ()
        return {row.worker: tuple(row) for row in rows}

    def _stored_skills(self, workers: list[str]) -> dict[str, dict[str, Values]]:
        stored: dict[str, dict[str, Values]] = {}
        rows = self._execute(select(*_BELIEF).where(self._among(BELIEF.c.worker, workers))) if workers else ()
        for row in rows:
            stored.setdefault(row.worker, {})[row.skill] = tuple(row)[2:]
        return stored

    def _stored_parts(self, workers: list[str]) -> dict[str, dict[str, Values]]:
        stored: dict[str, dict[str, Values]] = {}
        rows = self._execute(select(*_PART).where(self._among(PART.c.worker, workers))) if workers else ()
        for row in rows:
            stored.setdefault(row.worker, {})[row.part] = tuple(row)[2:]
        return stored

    def unfolded(self) -> bool:
        """Return whether there is evidence but nobody has beliefs, as after a migration that dropped them."""
        self._check_newest("beliefs")
        evidence = self._execute(select(schema.evidence.c.seq).limit(1)).first()
        return evidence is not None and self._execute(select(WORKER.c.worker).limit(1)).first() is None

    def worker_rows(self, since: int = -1) -> list[Values]:
        """Return (worker, form, uses, day of the last job) of the workers changed after revision `since`, by id."""
        return self._tuples(select(*_GENERAL), WORKER.c.revision, since)

    def part_rows(self, since: int = -1) -> list[Values]:
        """Return (worker, part, mean, var, jobs, gone) of the parts changed after `since`, by worker and part."""
        return self._tuples(select(*_PART), PART.c.revision, since)

    def belief_rows(self, since: int = -1) -> list[Values]:
        """Return the beliefs changed after revision `since`, by worker and skill, for arrays.

        Returns
        -------
        list of tuple
            (worker, skill, mean, var, day, recent, lasting, uses, successes, failures, surprise, won, main, gone). A
            row that is gone stands for the prior: its numbers mean nothing. `gone` is True or False, or 1 or 0.
        """
        return self._tuples(select(*_BELIEF), BELIEF.c.revision, since)

    def _tuples(self, statement: Select[Any], revision: ColumnElement[int], since: int) -> list[Values]:
        self._check_newest("beliefs")
        result = self._execute(statement if since < 0 else statement.where(revision > since))
        # As the driver gives them, for speed; sorted here, since SQLite would walk along the key through all rows.
        return sorted(map(tuple, result.cursor.fetchall()))


def _whole_states(wanted: ColumnElement[bool]) -> Select[Any]:
    skills = and_(BELIEF.c.worker == WORKER.c.worker, not_(BELIEF.c.gone))
    columns = select(*_WORKER, BELIEF.c.skill, *_SKILL).select_from(WORKER.outerjoin(BELIEF, skills))
    return columns.where(wanted).order_by(WORKER.c.worker, BELIEF.c.skill)


def _state(rows: list[Row[Any]], parts: dict[str, tuple[float, float, float]]) -> WorkerState:
    worker, form, uses, worked, occasion, time, source, id = rows[0][: len(_WORKER)]
    state = WorkerState(worker, parts, form)
    state.uses, state.worked, state.occasion = uses, worked, occasion
    state.last = None if time is None else (moment(time), source, id)
    state.skills = {row.skill: SkillState(*row[len(_WORKER) + 1 :]) for row in rows if row.skill is not None}
    return state


def _worker_row(state: WorkerState) -> Values:
    time, source, id = state.last or (None, None, None)
    form, worked = _numbers(state.worker, state.form, state.worked)
    return (state.worker, form, state.uses, worked, state.occasion, None if time is None else micros(time), source, id)


def _skill_rows(state: WorkerState, skills: Iterable[str]) -> dict[str, Values]:
    rows = {}
    for skill in skills:
        values = state.skills[skill].values()
        rows[skill] = (*_numbers(state.worker, *values[:5]), values[5], *_numbers(state.worker, *values[6:]), False)
    return rows


def _differing(
    rows: dict[str, Values], stored: dict[str, Values], nothing: Values, *, replace: bool
) -> dict[str, Values]:
    differing = {skill: values for skill, values in rows.items() if stored.get(skill) != values}
    if replace:
        vanished = (skill for skill in stored if skill not in rows and stored[skill] != nothing)
        differing.update(dict.fromkeys(vanished, nothing))
    return differing


def _numbers(worker: str, *numbers: float) -> tuple[float, ...]:
    if not all(map(isfinite, numbers)):
        raise Invalid(f"the state of worker {worker!r} holds {numbers}: expected finite numbers only")
    # SQLite keeps no sign of zero; so neither database does.
    return tuple(number + 0.0 for number in numbers)
