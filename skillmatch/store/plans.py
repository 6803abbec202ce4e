"""Keeping plans that were shown, and what applying them changed."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, insert, select, update

from skillmatch.model import Booking
from skillmatch.store import schema
from skillmatch.store.rows import Rows, micros, moment, printable, to_json

PLAN = schema.kept_plan

Change = tuple[Booking | None, Booking]
"""A booking before, None where there was none, and after."""


class PlanRow(NamedTuple):
    """A plan that was shown; `content` is its text."""

    id: str
    content: str
    created: datetime
    by: str
    teams: tuple[str, ...] = ()
    applied: datetime | None = None
    applied_by: str = ""
    changed: tuple[Change, ...] = ()
    undone: datetime | None = None


class Plans(Rows):
    """The part of a transaction that keeps plans. It takes no revision."""

    def save_plan(self, row: PlanRow) -> None:
        """Keep a plan that is shown."""
        values = {"id": row.id, "content": row.content, "by": row.by, "teams": to_json(row.teams)}
        self._execute(insert(PLAN).values(created=micros(row.created), **values))

    def plan_row(self, id: str) -> PlanRow | None:
        """Return a plan that was kept, None when there is none."""
        if not printable(id):
            return None
        row = self._execute(select(PLAN).where(PLAN.c.id == id)).first()
        return None if row is None else _plan(row)

    def mark_applied(self, id: str, *, time: datetime, by: str, changed: tuple[Change, ...]) -> None:
        """Keep that a plan was applied, and what that changed."""
        text = to_json([[_plain(before), _plain(after)] for before, after in changed])
        values = {"applied": micros(time), "applied_by": by, "changed": text, "undone": None}
        self._execute(update(PLAN).where(PLAN.c.id == id).values(values))

    def mark_undone(self, id: str, *, time: datetime) -> None:
        """Keep that a plan was taken back."""
        self._execute(update(PLAN).where(PLAN.c.id == id).values(undone=micros(time)))

    def plans_applied(self, *, since: datetime) -> list[PlanRow]:
        """Return the plans that were applied at a moment or after it, the newest first."""
        statement = select(PLAN).where(PLAN.c.applied >= micros(since)).order_by(PLAN.c.applied.desc(), PLAN.c.id)
        return [_plan(row) for row in self._execute(statement)]

    def latest_plans(self, limit: int) -> list[PlanRow]:
        """Return the plans that were made last, the newest first."""
        statement = select(PLAN).order_by(PLAN.c.created.desc(), PLAN.c.id).limit(limit)
        return [_plan(row) for row in self._execute(statement)]

    def drop_plans(self, *, before: datetime) -> None:
        """Forget plans that were shown before a moment."""
        self._execute(PLAN.delete().where(PLAN.c.created < micros(before)))


def _plain(booking: Booking | None) -> dict[str, Any] | None:
    return None if booking is None else {**asdict(booking), "start": micros(booking.start)}


def _booking(kept: dict[str, Any] | None) -> Booking | None:
    return None if kept is None else Booking(**{**kept, "start": moment(kept["start"])})


def _plan(row: Row[Any]) -> PlanRow:
    changed = []
    for before, after in json.loads(row.changed):
        now = _booking(after)
        assert now is not None
        changed.append((_booking(before), now))
    return PlanRow(
        row.id,
        row.content,
        moment(row.created),
        row.by,
        tuple(json.loads(row.teams)),
        None if row.applied is None else moment(row.applied),
        row.applied_by,
        tuple(changed),
        None if row.undone is None else moment(row.undone),
    )
