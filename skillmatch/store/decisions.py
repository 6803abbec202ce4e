"""Decisions: what was shown for a job and what became of it, word by word and to the bit."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import astuple
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from skillmatch.decision import Decision, Shown
from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.scale import check_id, check_time
from skillmatch.store import schema
from skillmatch.store.rows import Rows, check_text, micros, moment, printable, to_json

TABLE = schema.decision


class Decisions(Rows):
    """The part of a transaction that keeps decisions. They take no revision and are the same as of any."""

    def save_decision(self, decision: Decision) -> int:
        """Keep a decision, and return the number it is given.

        Raises
        ------
        Invalid
            When it has a number already, or a text holds what a database cannot keep.
        """
        if decision.number:
            raise Invalid(
                f"decision {decision.number} has been saved already: expected one without a number; record what was"
                " chosen with `choose`"
            )
        row = _to_row(decision)
        for name in ("job", "policy", "reason", "decided_by"):
            check_text(row[name], f"{name} of the decision on job {decision.job!r}")
        return int(self._execute(insert(TABLE).values(**row).returning(TABLE.c.number)).scalar_one())

    def decision(self, number: int) -> Decision:
        """Return the decision with this number.

        Raises
        ------
        NotFound
            When there is none.
        """
        row = self._execute(select(TABLE).where(TABLE.c.number == number)).first() if _countable(number) else None
        if row is None:
            raise NotFound(f"there is no decision {number}{self._near(number)}")
        return _from_row(row)

    def _near(self, number: int) -> str:
        """Return the numbers on either side of a missing one, as advice."""
        if not _countable(number):
            return ""
        below = select(func.max(TABLE.c.number)).where(TABLE.c.number < number)
        above = select(func.min(TABLE.c.number)).where(TABLE.c.number > number)
        near = [str(found) for found in (self._execute(one).scalar() for one in (below, above)) if found is not None]
        return f"; the nearest numbers are {' and '.join(near)}" if near else "; none was saved yet"

    def decisions(
        self,
        *,
        job: str | None = None,
        since: datetime | None = None,
        policy: str | None = None,
        limit: int | None = None,
    ) -> list[Decision]:
        """Return decisions, newest question first: on a job, asked at or after `since`, made with a policy; so many.

        Raises
        ------
        Invalid
            When `since` is not in UTC or `limit` is negative.
        """
        if not printable(*(name for name in (job, policy) if name is not None)):
            return []
        statement = select(TABLE).order_by(TABLE.c.asked.desc(), TABLE.c.number.desc())
        if job is not None:
            statement = statement.where(TABLE.c.job == job)
        if policy is not None:
            statement = statement.where(TABLE.c.policy == policy)
        if since is not None:
            check_time(since, "start of the decisions")
            statement = statement.where(TABLE.c.asked >= micros(since))
        if limit is not None:
            if not 0 <= limit < 2**31:
                raise Invalid(f"{limit} decisions were asked for: expected 0 to {2**31 - 1}")
            statement = statement.limit(limit)
        return [_from_row(row) for row in self._execute(statement)]

    def decisions_before(self, number: int | None, *, job: str | None = None, limit: int = 50) -> list[Decision]:
        """Return decisions with a number below this one, or the last ones, the highest number first."""
        if not printable(job or ""):
            return []
        statement = select(TABLE).order_by(TABLE.c.number.desc()).limit(limit)
        if job is not None:
            statement = statement.where(TABLE.c.job == job)
        if number is not None:
            statement = statement.where(TABLE.c.number < min(number, 2**63 - 1))
        return [_from_row(row) for row in self._execute(statement)]

    def count_decisions(self, *, job: str | None = None) -> int:
        """Return how many decisions there are, on a job or on all."""
        if not printable(job or ""):
            return 0
        wanted = select(func.count()).select_from(TABLE)
        return int(self._execute(wanted if job is None else wanted.where(TABLE.c.job == job)).scalar_one())

    def choose(self, number: int, workers: Iterable[str], *, reason: str, by: str, time: datetime) -> Decision:
        """Record who was chosen, why and by whom, and return the decision; the same again changes nothing.

        Raises
        ------
        NotFound
            When there is no decision with this number.
        Conflict
            When it was decided before, with other workers, for another reason or by somebody else.
        Invalid
            When nobody is chosen, somebody twice, or `time` is not in UTC.
        """
        self._wait_in_line()
        before = self.decision(number)
        chosen = _checked(number, tuple(workers))
        check_time(time, f"time of decision {number}")
        if before.chosen:
            if (before.chosen, before.reason, before.by) != (chosen, reason, by):
                raise Conflict(
                    f"decision {number} was made on {before.decided:%Y-%m-%d %H:%M} by {before.by or 'somebody'}:"
                    f" {', '.join(before.chosen)}{f' ({before.reason})' if before.reason else ''}; it cannot be made"
                    " again otherwise: rank the job anew and decide on that"
                )
            return before
        values = {"chosen": to_json(chosen), "reason": reason, "decided": micros(time), "decided_by": by}
        for name in ("reason", "decided_by"):
            check_text(values[name], f"{name} of decision {number}")
        self._execute(update(TABLE).where(TABLE.c.number == number).values(**values))
        return self.decision(number)


def _checked(number: int, workers: tuple[str, ...]) -> tuple[str, ...]:
    for worker in workers:
        check_id(worker, f"worker chosen in decision {number}")
    if not workers or len(set(workers)) < len(workers):
        raise Invalid(f"decision {number} chooses {list(workers)}: expected at least one worker, and each once")
    return workers


def _countable(number: int) -> bool:
    # What is larger than any column can hold cannot even be asked for.
    return 0 < number < 2**63


def _to_row(decision: Decision) -> dict[str, Any]:
    return {
        "job": decision.job,
        "policy": decision.policy,
        "policy_version": decision.policy_version,
        "params_version": decision.params_version,
        "revision": decision.revision,
        "day": decision.day,
        "asked": micros(decision.moment),
        "most": decision.limit,
        "shown": to_json([astuple(shown) for shown in decision.shown]),
        "chosen": to_json(decision.chosen),
        "reason": decision.reason,
        "decided": None if decision.decided is None else micros(decision.decided),
        "decided_by": decision.by,
        "teams": to_json(decision.teams),
    }


def _from_row(row: Row[Any]) -> Decision:
    return Decision(
        job=row.job,
        policy=row.policy,
        policy_version=row.policy_version,
        params_version=row.params_version,
        revision=row.revision,
        day=row.day,
        moment=moment(row.asked),
        limit=row.most,
        shown=tuple(Shown(*shown) for shown in json.loads(row.shown)),
        number=row.number,
        chosen=tuple(json.loads(row.chosen)),
        reason=row.reason,
        decided=None if row.decided is None else moment(row.decided),
        by=row.decided_by,
        teams=tuple(json.loads(row.teams)),
    )
