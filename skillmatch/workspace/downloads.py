"""The use-case of downloads: tables of the company as files, in the columns that the import reads back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import IO, Any, cast
from zipfile import ZIP_DEFLATED, ZipFile

from skillmatch.beliefs.evidence import ABOUT_FACTS, Evidence
from skillmatch.errors import NotFound
from skillmatch.importers.columns import Kind
from skillmatch.importers.export import Table, write_book, write_csv
from skillmatch.importers.kinds import KINDS
from skillmatch.model import Worker
from skillmatch.store.store import Store, Transaction
from skillmatch.workspace.portion import OF_WORKERS, Portion

XLSX = "xlsx"
"""The form of a workbook; else a table is "csv", and several are a "zip" of CSV files."""
OF_FACTS = tuple(kind.name for kind in KINDS.values() if kind.cls in ABOUT_FACTS)
"""What was said of facts. It is in no file of several tables: those leave out the facts that do not count for it."""


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows a file has, and the number of the last write before it was read."""

    rows: int
    revision: int


class Downloads:
    """The tables of the company as files. Long ones are written as they are read, and held nowhere as a whole."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def names(self) -> tuple[str, ...]:
        """What the tables are called, what is referred to before what refers to it."""
        return tuple(KINDS)

    def columns(self, name: str) -> tuple[str, ...]:
        """Return what the columns of a table are called, or raise NotFound."""
        return tuple(column.name for column in _kind(name).columns)

    def write(
        self, name: str, target: IO[bytes], form: str, *, portion: Portion | None = None, marked: bool = False
    ) -> Written:
        """Write one table, an empty one with its header, into a file that is thrown away when this raises.

        Parameters
        ----------
        name
            Of `names`.
        form
            "csv" or "xlsx".
        portion
            What goes into it; all when not given.
        marked
            Whether CSV begins with a mark by which spreadsheets take it for UTF-8.

        Raises
        ------
        NotFound
            When there is no such table.
        Invalid
            When it is longer than Excel can keep.
        """
        kind = _kind(name)
        with self._store.read() as transaction:
            table = Table.of(kind, rows_of(transaction, kind, portion or Portion(private=True)))
            book = form == XLSX
            rows = write_book(target, [table], empty=True) if book else write_csv(target, table, marked=marked)
            return Written(rows, transaction.revision())

    def write_all(
        self, target: IO[bytes], form: str, *, names: Iterable[str] | None = None, portion: Portion | None = None
    ) -> Written:
        """Write several tables of one moment, those that have rows, as a workbook ("xlsx") or an archive ("zip").

        Parameters
        ----------
        names
            Those that are wanted; all when not given. What was said of facts is left out: see `OF_FACTS`.
        """
        kinds = [_kind(name) for name in (self.names if names is None else names) if name not in OF_FACTS]
        with self._store.read() as transaction:
            cut = portion or Portion(private=True)
            tables = (Table.of(kind, rows_of(transaction, kind, cut)) for kind in kinds)
            if form == XLSX:
                return Written(write_book(target, tables), transaction.revision())
            with ZipFile(target, "w", ZIP_DEFLATED) as archive:
                return Written(sum(put_file(archive, table) for table in tables), transaction.revision())


def rows_of(transaction: Transaction, kind: Kind, portion: Portion) -> Iterator[Any]:
    """Return the things of a table that somebody takes away, one after the other."""
    if issubclass(kind.cls, Evidence):
        return portion.cut(transaction.facts_of(kind.cls, portion.workers))
    cls = cast(type[Worker], kind.cls)
    return portion.cut(transaction.each(cls, portion.workers if kind.cls in OF_WORKERS else None))


def put_file(archive: ZipFile, table: Table) -> int:
    """Write a table as a file of an archive, unless it has no rows."""
    things = iter(table.things)
    first = next(things, None)
    if first is None:
        return 0
    with archive.open(f"{table.name}.csv", "w", force_zip64=True) as target:
        return write_csv(target, Table(table.name, table.columns, chain([first], things)), marked=True)


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise NotFound.named("table", name, KINDS)
    return KINDS[name]
