"""What nouns were before: written when a row is overwritten by a different one, read when looking back.

Only what was different is kept: most jobs change once, from open to done, and their texts need not be kept twice. So a
row of the past is the newest row with every change since put back, the latest first.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Date, and_, select

from skillmatch.store import schema
from skillmatch.store.forms import Kind, Row
from skillmatch.store.rows import Rows, chunks

TABLE = schema.noun_history

_encode = json.JSONEncoder(separators=(",", ":"), default=date.isoformat).encode
# Shorter than with escapes: databases limit the length of keys.
encode_key = json.JSONEncoder(separators=(",", ":"), default=date.isoformat, ensure_ascii=False).encode


class History(Rows):
    """The part of a transaction that keeps what nouns were before."""

    def _keep(self, kind: Kind, overwritten: Iterable[tuple[Row, Row]], *, until: int) -> None:
        """Keep how rows differ from those that the write `until` puts in their place.

        Parameters
        ----------
        overwritten
            The values of the columns before, with the revision they were written in as last one; and those after.
        """
        changes: list[dict[str, Any]] = []
        again: dict[str, dict[str, Any]] = {}
        for before, after in overwritten:
            was = {name: old for name, old, new in zip(kind.names, before[:-1], after, strict=True) if old != new}
            key, revision = encode_key(kind.key_of(before)), before[-1]
            if revision < until:
                changes.append(_change(kind, key, revision, until, was))
            else:
                again[key] = was
        self._write(TABLE, changes)
        if again:
            self._keep_again(kind, again, until)

    def _keep_again(self, kind: Kind, again: dict[str, dict[str, Any]], until: int) -> None:
        """Add to what is kept how rows differ that one write overwrites twice: what it made first was never seen."""
        here = and_(TABLE.c.kind == kind.table.name, TABLE.c.until == until, self._among(TABLE.c.key, list(again)))
        changes = [
            _change(kind, row.key, row.revision, until, {**again[row.key], **json.loads(row.was)})
            for row in self._execute(select(TABLE).where(here))
        ]
        self._write(TABLE, changes, overwrite=True)

    def _has_past(self, kind: Kind, row: Row) -> bool:
        """Return whether a row was ever another than it is now."""
        key = encode_key(kind.key_of(row))
        here = select(TABLE.c.key).where(TABLE.c.kind == kind.table.name, TABLE.c.key == key)
        return self._execute(here.limit(1)).first() is not None

    def _past_rows(self, kind: Kind, *, ids: Collection[str] | None = None, since: int = -1) -> Iterator[Row]:
        """Yield the rows that held at `as_of` and were overwritten later, of all or of `ids`, newer than `since`."""
        if self.as_of is None:
            return
        changes = self._changes(kind, ids)
        newest = select(*kind.columns).where(kind.table.c.revision > self.as_of)
        if ids is None:
            rows = self._stream(newest)
        else:
            rows = (row for part in chunks(ids) for row in self._execute(newest.where(self._among(kind.id, part))))
        for row in rows:
            change = changes.get(encode_key(kind.key_of(row)))
            if change is not None and change[0] > since:
                yield put_back(kind, row, change[1])

    def _changes(self, kind: Kind, ids: Collection[str] | None = None) -> dict[str, tuple[int, list[str]]]:
        """Return, by key, the revision of the row that held at `as_of`, and what was changed since, latest first."""
        assert self.as_of is not None
        statement = select(TABLE.c.key, TABLE.c.revision, TABLE.c.until, TABLE.c.was)
        statement = statement.where(TABLE.c.kind == kind.table.name, TABLE.c.until > self.as_of)
        if ids is None:
            found = list(self._execute(statement))
        else:
            parts = chunks(sorted(encode_key([id]) for id in ids))
            found = [row for part in parts for row in self._execute(statement.where(self._among(TABLE.c.key, part)))]
        changes: dict[str, tuple[int, list[str]]] = {}
        for row in sorted(found, key=lambda row: -row.until):
            changes[row.key] = (row.revision, [*changes.get(row.key, (0, ()))[1], row.was])
        return {key: change for key, change in changes.items() if change[0] <= self.as_of}

    def _past_keys(self, kind: Kind) -> Iterator[list[Any]]:
        """Yield the keys of the rows that held at `as_of` and were overwritten later."""
        if self.as_of is not None:
            yield from map(json.loads, self._changes(kind))

    def _moved(self, kind: Kind, columns: Iterable[str]) -> set[str]:
        """Return the ids of rows of which one of the columns has been changed after `as_of`."""
        found: set[str] = set()
        for name in columns if self.as_of is not None else ():
            changed = and_(TABLE.c.kind == kind.table.name, TABLE.c.until > self.as_of)
            keys = select(TABLE.c.key).where(changed, TABLE.c.was.contains(f'"{name}":', autoescape=True))
            found.update(json.loads(key)[0] for key in self._execute(keys).scalars())
        return found


def _change(kind: Kind, key: str, revision: int, until: int, was: dict[str, Any]) -> dict[str, Any]:
    return {"kind": kind.table.name, "key": key, "revision": revision, "until": until, "was": _encode(was)}


def put_back(kind: Kind, row: Iterable[Any], changed: Iterable[str]) -> Row:
    """Return a row with what was changed, the latest first, as it was before."""
    values = dict(zip(kind.names, row, strict=True))
    for was in changed:
        for name, value in json.loads(was).items():
            dated = value is not None and isinstance(kind.table.c[name].type, Date)
            values[name] = date.fromisoformat(value) if dated else value
    return tuple(values.values())
