"""Nouns as they were recorded, and which skills are one by the merges among them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

from sqlalchemy import ColumnElement, not_, select, true

from skillmatch.model import Merge, Noun
from skillmatch.skills.merging import Meanings
from skillmatch.store import schema
from skillmatch.store.forms import KINDS, Kind
from skillmatch.store.history import History
from skillmatch.store.rows import chunks, printable

T = TypeVar("T", bound=Noun)


class Recorded(History):
    """The part of a transaction that reads what was recorded, and knows what skills mean now."""

    _meanings: Meanings | None = None

    @property
    def meanings(self) -> Meanings:
        """What merged skills mean by the merges that hold; looking back, that held then."""
        if self._meanings is None:
            self._meanings = self._find_meanings()
        return self._meanings

    def _find_meanings(self) -> Meanings:
        return Meanings.of(self._holding())

    def _holding(self) -> list[Merge]:
        if self.as_of is not None:
            return self.recorded(Merge)
        kind = KINDS[Merge]
        rows = self._execute(select(*kind.columns).where(not_(schema.merge.c.undone)))
        return [kind.decode(row) for row in rows]

    def _forget_meanings(self) -> None:
        """Read the merges again when they are next needed: another writer, or this one, may have changed them."""
        self._meanings = None

    def _wait_in_line(self) -> None:
        super()._wait_in_line()
        self._forget_meanings()

    def recorded(self, cls: type[T], ids: Iterable[str] | None = None, *, since: int = -1) -> list[T]:
        """Return nouns by natural key as they were recorded: all, or those of `ids`; only those newer than `since`.

        A use-case that changes a noun and saves it again starts from this, so that what merges make of it is never
        written.
        """
        kind = KINDS[cls]
        statement = select(*kind.columns).where(self._written(kind))
        if since >= 0:
            statement = statement.where(kind.table.c.revision > since)
        if ids is None:
            found = [kind.decode(row) for row in self._stream(statement)]
        else:
            ids = sorted(filter(printable, set(ids)))
            found = [
                kind.decode(row)
                for part in chunks(ids)
                for row in self._execute(statement.where(self._among(kind.id, part)))
            ]
        found.extend(map(kind.decode, self._past_rows(kind, ids=ids, since=since)))
        # Sorted here: asked to sort, SQLite walks along the key through all rows and not along the revision.
        return sorted(found, key=kind.key_of_noun)

    def each(self, cls: type[T], workers: Collection[str] | None = None) -> Iterator[T]:
        """Yield the newest nouns of a class by natural key, as they were recorded, without holding all of them.

        With `workers` those that are about one of them, for a class whose nouns have a `worker`.
        """
        self._check_newest("nouns one by one")
        kind = KINDS[cls]
        statement = select(*kind.columns).order_by(*kind.keys)
        if workers is None:
            yield from map(kind.decode, self._stream(statement))
            return
        for part in chunks(sorted(filter(printable, workers))):
            among = statement.where(self._among(kind.table.c.worker, part))
            yield from map(kind.decode, self._stream(among))

    def _written(self, kind: Kind) -> ColumnElement[bool]:
        return true() if self.as_of is None else kind.table.c.revision <= self.as_of
