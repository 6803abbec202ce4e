"""Nouns and evidence written as tables that the import reads back: a folder of CSV files or one Excel workbook.

Not everything fits into a table: what a job outcome's job demanded at the time stands only in JSON lines.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from skillmatch.beliefs.evidence import Evidence
from skillmatch.errors import Invalid
from skillmatch.importers.columns import Column, Kind
from skillmatch.importers.kinds import KIND_OF_CLASS
from skillmatch.importers.tables import guarded
from skillmatch.model import Noun

Put = Callable[[Kind, Any], None]
MARK = "\ufeff"
"""Spreadsheets take a CSV file for UTF-8 by this at its beginning; the import passes it over."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table to be written: what it is called, its columns, and the things whose rows it has, read as they come."""

    name: str
    columns: tuple[Column, ...]
    things: Iterable[Any]

    @classmethod
    def of(cls, kind: Kind, things: Iterable[Any]) -> Table:
        """Return the table of a kind."""
        return cls(kind.name, kind.columns, things)

    @property
    def header(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self.columns]


def write_csv(target: IO[bytes], table: Table, *, marked: bool = False) -> int:
    """Write a table as CSV, an empty one with its header, and return how many rows it has.

    Parameters
    ----------
    marked
        Whether it begins with `MARK`, for people; programs rather go without.
    """
    text = TextIOWrapper(target, encoding="utf-8", newline="")
    text.write(MARK if marked else "")
    writer, count = csv.writer(text), 0
    writer.writerow(table.header)
    for thing in table.things:
        writer.writerow(_cells(table.columns, thing))
        count += 1
    text.detach()
    return count


def write_book(target: IO[bytes], tables: Iterable[Table], *, empty: bool = False) -> int:
    """Write tables as the sheets of a workbook, those without rows only if `empty`; return how many rows they have.

    Raises
    ------
    Invalid
        When a text or table is longer than Excel can keep.
    """
    count = 0
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        bold = book.add_format({"bold": True})
        for table in tables:
            sheet = _sheet(book, table.name, table.header, bold) if empty else None
            for row, thing in enumerate(table.things, 1):
                sheet = sheet or _sheet(book, table.name, table.header, bold)
                _write_row(sheet, row, table.columns, thing)
                count += 1
    return count


def write_tables(path: Path, nouns: Iterable[Noun], evidence: Iterable[Evidence]) -> int:
    """Write a table for each kind of thing, whole or not at all, and return how many rows they have.

    Parameters
    ----------
    path
        Ends in .xlsx for a workbook, which is replaced; otherwise a folder, new or empty.
    evidence
        One version of each fact, as a table has no place for more.

    Raises
    ------
    Invalid
        When the folder holds something, or a text or table is longer than Excel can keep.
    """
    opened = _workbook if path.suffix.lower() == ".xlsx" else _folder
    with opened(path) as put:
        count = 0
        for thing in chain[Noun | Evidence](nouns, evidence):
            put(KIND_OF_CLASS[type(thing)], thing)
            count += 1
    return count


@contextmanager
def _folder(path: Path) -> Iterator[Put]:
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise Invalid(f"{str(path)!r} is there and not empty: expected a new or an empty folder to export into")
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".export-", dir=path.parent) as work, ExitStack() as files:
        new = Path(work) / "new"
        new.mkdir()
        writers: dict[str, Any] = {}

        def put(kind: Kind, thing: Any) -> None:
            if kind.name not in writers:
                stream = files.enter_context((new / f"{kind.name}.csv").open("w", encoding="utf-8", newline=""))
                writers[kind.name] = csv.writer(stream)
                writers[kind.name].writerow([column.name for column in kind.columns])
            writers[kind.name].writerow(_cells(kind.columns, thing))

        yield put
        files.close()
        if path.exists():
            path.rmdir()
        new.replace(path)


@contextmanager
def _workbook(path: Path) -> Iterator[Put]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".export-", dir=path.parent) as work:
        new = Path(work) / "new.xlsx"
        with xlsxwriter.Workbook(str(new), {"constant_memory": True, "tmpdir": work}) as book:
            bold = book.add_format({"bold": True})
            sheets: dict[str, tuple[Worksheet, list[int]]] = {}

            def put(kind: Kind, thing: Any) -> None:
                if kind.name not in sheets:
                    header = [column.name for column in kind.columns]
                    sheets[kind.name] = (_sheet(book, kind.name, header, bold), [0])
                sheet, used = sheets[kind.name]
                used[0] += 1
                _write_row(sheet, used[0], kind.columns, thing)

            yield put
        new.replace(path)


def _cells(columns: Iterable[Column], thing: Any) -> list[str]:
    """Return the cells of a row of CSV; what a spreadsheet would take for a formula stays text."""
    cells = ((column, column.cell(thing)) for column in columns)
    return [guarded(cell) if column.form.guarded else cell for column, cell in cells]


def _sheet(book: xlsxwriter.Workbook, name: str, header: Sequence[str], bold: Any) -> Worksheet:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, header, bold)
    return sheet


def _write_row(sheet: Worksheet, row: int, columns: Iterable[Column], thing: Any) -> None:
    for index, column in enumerate(columns):
        _write_cell(sheet, row, index, column, column.cell(thing))


def _write_cell(sheet: Worksheet, row: int, index: int, column: Column, cell: str) -> None:
    """Write a number as a number unless the sixteen digits that a workbook keeps would change it; all else as text."""
    if not cell:
        return
    if column.form.numeric and float(f"{float(cell):.16G}") == float(cell):
        failed = sheet.write_number(row, index, float(cell))
    else:
        failed = sheet.write_string(row, index, cell)
    if failed:
        what = f"{len(cell):,} characters in column {column.name!r}" if failed == -2 else f"{row:,} rows"
        raise Invalid(f"{what} of the sheet {sheet.name!r} are more than Excel keeps: export to a folder or to .jsonl")
