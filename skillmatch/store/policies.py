"""Policies under their names and versions: what a version said is never changed, so that a decision can be replayed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select

from skillmatch.scale import check_id
from skillmatch.store import schema
from skillmatch.store.rows import Rows, check_text, micros, moment, printable, to_json

TABLE = schema.policy


class PolicyRow(NamedTuple):
    """One version of a policy; `note` says why it was made, for people."""

    name: str
    version: int
    record: dict[str, Any]
    note: str
    created: datetime


class Policies(Rows):
    """The part of a transaction that keeps policies. They take no revision and are the same as of any."""

    def save_policy(self, name: str, record: Mapping[str, Any], *, note: str) -> int:
        """Keep plain JSON values as the next version of a policy, and return its number; the first is 1.

        Raises
        ------
        Invalid
            When the name cannot be an id, or the note holds what a database cannot keep.
        """
        check_id(name, "policy")
        check_text(note, f"the note on policy {name!r}")
        self._wait_in_line()
        newest = select(func.max(TABLE.c.version)).where(TABLE.c.name == name)
        version = int(self._execute(newest).scalar() or 0) + 1
        row = {"name": name, "version": version, "record": to_json(record), "note": note}
        self._execute(insert(TABLE).values(**row, created=micros(datetime.now(UTC))))
        return version

    def policy_record(self, name: str, version: int | None = None) -> tuple[int, dict[str, Any]] | None:
        """Return the number and the values of a version, the newest unless told; None where it was never saved."""
        # A number that no column can hold cannot even be asked for.
        if not printable(name) or (version is not None and not 0 < version < 2**31):
            return None
        wanted = select(TABLE.c.version, TABLE.c.record).where(TABLE.c.name == name)
        if version is not None:
            wanted = wanted.where(TABLE.c.version == version)
        row = self._execute(wanted.order_by(TABLE.c.version.desc()).limit(1)).first()
        return None if row is None else (row.version, json.loads(row.record))

    def count_policy_versions(self) -> int:
        """Return how many versions of policies were kept; none ever goes."""
        return int(self._execute(select(func.count()).select_from(TABLE)).scalar_one())

    def policy_versions(self, name: str | None = None) -> list[PolicyRow]:
        """Return every version of a policy, or of all, by name and version."""
        if name is not None and not printable(name):
            return []
        statement = select(*(TABLE.c[field] for field in PolicyRow._fields)).order_by(TABLE.c.name, TABLE.c.version)
        if name is not None:
            statement = statement.where(TABLE.c.name == name)
        return [
            PolicyRow(row.name, row.version, json.loads(row.record), row.note, moment(row.created))
            for row in self._execute(statement)
        ]
