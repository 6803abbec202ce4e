"""Keeping nouns: one table for each class, found again by natural key, as they are or as they were."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true

from skillmatch.errors import Invalid
from skillmatch.model import Job, JobStatus, Noun
from skillmatch.store import schema
from skillmatch.store.forms import KINDS, Kind, Row, folded
from skillmatch.store.history import History
from skillmatch.store.rows import check_text, chunks, printable

T = TypeVar("T", bound=Noun)

SEARCH_LENGTH = 500
"""The longest text to search for; databases limit the size of a question."""


class Nouns(History):
    """The part of a transaction that keeps nouns."""

    def noun(self, cls: type[T], id: str) -> T | None:
        """Return the noun with this id, None where there is none."""
        return next(iter(self.nouns(cls, [id])), None)

    def nouns(self, cls: type[T], ids: Iterable[str] | None = None, *, since: int = -1) -> list[T]:
        """Return nouns by natural key: all, or those of `ids` that exist; only rows changed after revision `since`."""
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

    def ids(self, cls: type[Noun]) -> set[str]:
        """Return the ids of all nouns of a class that has ids."""
        kind = KINDS[cls]
        newest = self._execute(select(kind.id).where(self._written(kind))).scalars()
        return {*newest, *(key[0] for key in self._past_keys(kind))}

    def _written(self, kind: Kind) -> ColumnElement[bool]:
        return true() if self.as_of is None else kind.table.c.revision <= self.as_of

    def save_nouns(self, cls: type[T], nouns: Sequence[T], *, revision: int) -> tuple[int, int, int]:
        """Insert nouns, or overwrite those with the same natural key; the last one counts where a key comes twice.

        What is overwritten is kept for those who look back.

        Returns
        -------
        tuple
            How many were added, changed, unchanged.

        Raises
        ------
        NotFound
            When a link, shift, leave or booking names a skill, worker or job that is not in the database.
        """
        kind = KINDS[cls]
        added = changed = 0
        for part in chunks(nouns):
            rows = [kind.encode(noun) for noun in part]
            stored = self._stored(kind, [kind.key_of(row) for row in rows])
            dirty: dict[Row, Row] = {}
            for row in rows:
                key = kind.key_of(row)
                before = dirty.get(key) or stored.get(key)
                if before is None or before[: len(row)] != row:
                    added += before is None
                    changed += before is not None
                    dirty[key] = row
            self._write(kind.table, [kind.row(row, revision) for row in dirty.values()], overwrite=True)
            self._keep(kind, [(stored[key], row) for key, row in dirty.items() if key in stored], until=revision)
        return added, changed, len(nouns) - added - changed

    def _stored(self, kind: Kind, keys: list[Row]) -> dict[Row, Row]:
        """Return the rows with these keys, and perhaps some more, each with its revision after its last column."""
        # Of a composite key the first column is enough to narrow it down; SQLite finds no index for more.
        narrow = self._among(kind.keys[0], {key[0] for key in keys})
        wanted = select(*kind.columns, kind.table.c.revision).where(narrow)
        return {kind.key_of(row): row for row in map(tuple, self._execute(wanted))}

    def find_jobs(
        self, *, status: JobStatus | None = None, search: str = "", limit: int = 50, offset: int = 0
    ) -> tuple[list[Job], int]:
        """Return one page of jobs, and how many there are on all pages.

        Every word of `search` must be part of the job's id, title or text, or of its customer's id or name, in any
        case. Open jobs come by priority, due day (none: last), creation and id; the others after them, newest first.

        Raises
        ------
        Invalid
            For a search text of more than 500 characters, or a page that lies outside any list.
        """
        self._check_newest("pages of jobs")
        _check_page(search, limit, offset)
        job, kind = schema.job.c, KINDS[Job]
        wanted = and_(true(), *(_mentions(word) for word in folded(search).split()))
        if status is not None:
            wanted = and_(wanted, job.status == str(status))
        is_open = job.status == str(JobStatus.OPEN)
        order = (
            case((is_open, 0), else_=1),
            case((is_open, job.priority)),
            case((is_open, job.due)).nulls_last(),
            case((is_open, job.created), else_=-job.created).nulls_last(),
            job.id,
        )
        page = select(*kind.columns).where(wanted).order_by(*order).limit(limit).offset(offset)
        total = self._execute(select(func.count()).select_from(schema.job).where(wanted)).scalar_one()
        return [kind.decode(row) for row in self._execute(page)], total


def _check_page(search: str, limit: int, offset: int) -> None:
    if len(search) > SEARCH_LENGTH:
        raise Invalid(f"the search text has {len(search)} characters: expected up to {SEARCH_LENGTH}")
    check_text(search, "the search text")
    if not (0 <= limit < 2**31 and 0 <= offset < 2**31):
        raise Invalid(f"limit {limit} and offset {offset}: expected 0 to {2**31 - 1}")


def _mentions(word: str) -> ColumnElement[bool]:
    customers = select(schema.customer.c.id).where(schema.customer.c.search.contains(word, autoescape=True))
    return or_(schema.job.c.search.contains(word, autoescape=True), schema.job.c.customer.in_(customers))
