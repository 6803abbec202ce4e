"""What one write did to nouns, for whoever changes on top of what she saw or takes a change back."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from sqlalchemy import Column, and_, select

from skillmatch.beliefs.evidence import Evidence
from skillmatch.model import Noun
from skillmatch.store import schema
from skillmatch.store.accounts import LONGEST_SUBJECT
from skillmatch.store.forms import KINDS, Kind, Row
from skillmatch.store.history import TABLE as HISTORY
from skillmatch.store.history import encode_key, put_back
from skillmatch.store.log import TABLE as LOG
from skillmatch.store.log import Log
from skillmatch.store.nouns import Nouns
from skillmatch.store.rows import chunks, printable
from skillmatch.store.versions import Version, fact_of

T = TypeVar("T", bound=Noun)
AUDIT = schema.audit


def edit_subject(job: str, revision: int) -> str:
    """Return by which words the record of who did what refers to a change of a job."""
    return f"job {json.dumps([revision, job])}"


class Edits(Nouns, Log):
    """The part of a transaction that tells what a write changed."""

    def revision_of(self, cls: type[Noun], id: str) -> int:
        """Return the number of the write that last changed a noun with an id; 0 where there is none."""
        if not printable(id):
            return 0
        kind = KINDS[cls]
        return int(self._execute(select(kind.table.c.revision).where(kind.id == id)).scalar() or 0)

    def changed_by(self, job: str, revision: int) -> str:
        """Return who changed a job in a write, "" when nobody is on record."""
        subject = edit_subject(job, revision)[:LONGEST_SUBJECT]
        return str(self._execute(select(AUDIT.c.by).where(AUDIT.c.subject == subject)).scalar() or "")

    def newest_of(self, cls: type[Noun], column: str, value: str) -> int:
        """Return the number of the write that last changed any noun that has a value in a column; 0 for none."""
        table = KINDS[cls].table
        wanted = select(table.c.revision).where(table.c[column] == value).order_by(table.c.revision.desc()).limit(1)
        return int(self._execute(wanted).scalar() or 0)

    def written_in(self, cls: type[T], revision: int, *, where: tuple[str, str]) -> list[tuple[T, T | None]]:
        """Return the nouns that a write changed and no later one did, each with what it was before, None if new.

        Parameters
        ----------
        where
            A column and the value that it has in these nouns.
        """
        kind = KINDS[cls]
        column: Column[str] = kind.table.c[where[0]]
        wanted = select(*kind.columns).where(kind.table.c.revision == revision, column == where[1])
        rows = {encode_key(kind.key_of(tuple(row))): tuple(row) for row in self._execute(wanted)}
        changes = select(HISTORY.c.key, HISTORY.c.was).where(
            HISTORY.c.kind == kind.table.name, self._among(HISTORY.c.key, sorted(rows)), HISTORY.c.until == revision
        )
        was = {row.key: row.was for row in self._execute(changes)}
        return [
            (kind.decode(row), kind.decode(put_back(kind, row, [was[key]])) if key in was else None)
            for key, row in rows.items()
        ]

    def changed_since(self, cls: type[T], since: int) -> list[tuple[T, T | None]]:
        """Return the nouns that were written after a revision, each with what it was then, None if it was not yet.

        Both are as recorded: merges are not looked at.
        """
        kind = KINDS[cls]
        wanted = select(*kind.columns).where(kind.table.c.revision > since)
        rows = {encode_key(kind.key_of(tuple(row))): tuple(row) for row in self._execute(wanted)}
        changes: dict[str, list[Row]] = {}
        for part in chunks(sorted(rows)):
            later = and_(HISTORY.c.kind == kind.table.name, self._among(HISTORY.c.key, part), HISTORY.c.until > since)
            found = select(HISTORY.c.key, HISTORY.c.revision, HISTORY.c.was).where(later)
            for row in self._execute(found.order_by(HISTORY.c.until.desc())):
                changes.setdefault(row.key, []).append((row.revision, row.was))
        return [(kind.decode(now), _as_of(kind, now, changes.get(key, []), since)) for key, now in rows.items()]

    def versions_of(self, source: str, id: str) -> list[Evidence]:
        """Return every version of a fact that was recorded, as recorded, the oldest first."""
        if not printable(source, id):
            return []
        columns = [LOG.c[name] for name in Version.__slots__]
        wanted = select(*columns).where(LOG.c.source == source, LOG.c.id == id).order_by(LOG.c.seq)
        return [fact_of(Version(**row._mapping)) for row in self._execute(wanted)]


def _as_of(kind: Kind, row: Row, changes: list[Row], since: int) -> Any:
    """Return the noun that a row was at a revision, by its changes since, the latest first; None before its first."""
    if not changes or changes[-1][0] > since:
        return None
    return kind.decode(put_back(kind, row, [was for _revision, was in changes]))
