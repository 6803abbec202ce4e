"""Nouns and evidence written as tables that the import reads back: a folder of CSV files or one Excel workbook.

Not everything fits into a table: what a job outcome's job demanded at the time stands only in JSON lines.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from skillmatch.beliefs.evidence import Evidence
from skillmatch.errors import Invalid
from skillmatch.importers.columns import Column, Kind
from skillmatch.importers.kinds import KIND_OF_CLASS
from skillmatch.importers.tables import guarded
from skillmatch.model import Noun

Put = Callable[[Kind, Any], None]


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
            cells = [(column, column.cell(thing)) for column in kind.columns]
            writers[kind.name].writerow([guarded(cell) if column.form.guarded else cell for column, cell in cells])

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
                    sheet = book.add_worksheet(kind.name)
                    sheet.freeze_panes(1, 0)
                    sheet.write_row(0, 0, [column.name for column in kind.columns], bold)
                    sheets[kind.name] = (sheet, [0])
                sheet, used = sheets[kind.name]
                used[0] += 1
                for index, column in enumerate(kind.columns):
                    _write_cell(sheet, used[0], index, column, column.cell(thing))

            yield put
        new.replace(path)


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
