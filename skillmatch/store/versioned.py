"""Rows of the log as they count: which were known, which are superseded, and the latest of each key."""

from __future__ import annotations

from collections.abc import Collection
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, and_, case, not_, select, true

from skillmatch.beliefs.evidence import ABOUT_FACTS
from skillmatch.store import schema
from skillmatch.store.recorded import Recorded
from skillmatch.store.rows import chunks
from skillmatch.store.versions import Key, Version

TABLE = schema.evidence
_FACT = TABLE.c.kind.not_in(sorted(kind.KIND for kind in ABOUT_FACTS))


class Versioned(Recorded):
    """The part of a transaction that tells which rows of the log count."""

    @property
    def _known(self) -> ColumnElement[bool]:
        """Whether a row was in the log."""
        return true() if self.as_of is None else TABLE.c.added <= self.as_of

    @property
    def _superseded(self) -> ColumnElement[bool]:
        """Whether a row that was in the log no longer counted."""
        newest = TABLE.c.superseded
        return newest if self.as_of is None else and_(newest, TABLE.c.revision <= self.as_of)

    @property
    def _effective(self) -> ColumnElement[bool]:
        return and_(self._known, not_(self._superseded), _FACT)

    def _changed(self, since: int) -> ColumnElement[bool]:
        """Whether a row was added or superseded after revision `since`."""
        if since < 0:
            return self._known
        if self.as_of is None:
            return TABLE.c.revision > since
        return and_(self._known, case((self._superseded, TABLE.c.revision), else_=TABLE.c.added) > since)

    def _latest(self, keys: Collection[Key]) -> dict[Key, Version]:
        """Return the latest version of each key that the log has."""
        ids: dict[str, list[str]] = {}
        for source, id in keys:
            ids.setdefault(source, []).append(id)
        found: dict[Key, Version] = {}
        # By source, since SQLite reads the whole log for a list of pairs; it would also do so if asked to sort.
        for source in ids:
            for part in chunks(ids[source]):
                wanted = and_(TABLE.c.source == source, self._among(TABLE.c.id, part))
                found.update((version.key, version) for version in self._versions(wanted))
        return found

    def _versions(self, wanted: ColumnElement[bool]) -> list[Version]:
        """Return the rows that were in the log, in the order in which they were added."""
        columns: list[ColumnElement[Any]] = [TABLE.c[name] for name in Version.__slots__ if name != "superseded"]
        columns.append(self._superseded.label("superseded"))
        statement = select(*columns).where(self._known, wanted)
        return sorted((Version(**row._mapping) for row in self._execute(statement)), key=attrgetter("seq"))
