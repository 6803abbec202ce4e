"""A matrix of workers by skills written out: an Excel workbook of sheets, or the lines of one long table."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from tempfile import TemporaryDirectory
from typing import IO, Any

import numpy as np
import numpy.typing as npt
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from skillmatch.errors import Invalid
from skillmatch.importers.tables import guarded

MOST_CELLS = 150_000
"""Cells of a sheet: a workbook of so many takes seconds; Excel itself is slow with more."""
MOST_LINES = 1_000_000
MOST_COLUMNS = 16_000
"""Excel has 16,384 columns."""
LEVEL, CERTAINTY, LEGEND = "Level", "Certainty", "Legend"
PEOPLE = ("worker", "name", "team")
HEADINGS = (*PEOPLE, "skill", "skill name", "level", "low", "high", "evidence")
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """What is written: `workers` as (id, name, team), `skills` as (id, name), arrays (workers, skills), `foot` with
    what all workers are in each skill, and `legend`, what the numbers mean and were made from, as (what, text).
    """

    workers: Sequence[tuple[str, str, str]]
    skills: Sequence[tuple[str, str]]
    level: Numbers
    low: Numbers
    high: Numbers
    known: npt.NDArray[np.bool_]
    foot: Sequence[tuple[str, Sequence[float | str]]]
    legend: Sequence[tuple[str, str]]


def check_size(workers: int, skills: int, *, workbook: bool) -> None:
    """Raise Invalid when a matrix is larger than what can be written at once."""
    most = MOST_CELLS if workbook else MOST_LINES
    if workers * skills > most or (workbook and skills > MOST_COLUMNS):
        other = "take CSV, or choose" if workbook and workers * skills <= MOST_LINES else "choose"
        size = f"{workers:,} workers by {skills:,} skills are {workers * skills:,} cells"
        raise Invalid(
            f"{size}: expected at most {most:,} at once; {other} a team, a family or a kind of skills, or leave out"
            " what is only inferred"
        )


def write_workbook(target: IO[bytes], matrix: Written, *, all_cells: bool = True) -> None:
    """Write a workbook with a sheet of levels, one of certainties, and a legend.

    Parameters
    ----------
    target
        What can be written to.
    all_cells
        Whether cells that are only inferred have numbers, too.
    """
    check_size(len(matrix.workers), len(matrix.skills), workbook=True)
    half = (matrix.high - matrix.low) / 2.0
    with TemporaryDirectory(prefix="matrix-") as work:
        options = {"constant_memory": True, "tmpdir": work, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(target, options) as book:
            _sheet(book, LEVEL, matrix, matrix.level, all_cells, matrix.foot)
            _sheet(book, CERTAINTY, matrix, half, all_cells, ())
            _legend(book, matrix.legend)


def _sheet(
    book: Any,
    name: str,
    matrix: Written,
    values: Numbers,
    all_cells: bool,
    foot: Sequence[tuple[str, Sequence[float | str]]],
) -> None:
    bold = book.add_format({"bold": True})
    number, inferred = (
        book.add_format({"num_format": "0.0"}),
        book.add_format({"num_format": "0.0", "italic": True, "font_color": "#6b7280"}),
    )
    tilted = book.add_format({"bold": True, "rotation": 60, "valign": "bottom"})
    sheet: Worksheet = book.add_worksheet(name)
    sheet.freeze_panes(2, len(PEOPLE))
    sheet.set_column(1, 2, 24)
    sheet.set_column(len(PEOPLE), len(PEOPLE) + len(matrix.skills), 6)
    for column, text in enumerate(PEOPLE):
        sheet.write_string(0, column, text, bold)
    for column, (_id, skill) in enumerate(matrix.skills, len(PEOPLE)):
        sheet.write_string(0, column, skill, tilted)
    for column, (id, _skill) in enumerate(matrix.skills, len(PEOPLE)):
        sheet.write_string(1, column, id)
    for row, worker in enumerate(matrix.workers):
        for column, text in enumerate(worker):
            sheet.write_string(row + 2, column, text)
        known = matrix.known[row].tolist()
        for column, value in enumerate(values[row].round(2).tolist()):
            if known[column] or all_cells:
                sheet.write_number(row + 2, column + len(PEOPLE), value, number if known[column] else inferred)
    for row, (text, cells) in enumerate(foot, len(matrix.workers) + 3):
        sheet.write_string(row, 1, text, bold)
        for column, cell in enumerate(cells, len(PEOPLE)):
            if isinstance(cell, str):
                sheet.write_string(row, column, cell, bold)
            else:
                sheet.write_number(row, column, cell, bold)


def _legend(book: Any, legend: Sequence[tuple[str, str]]) -> None:
    bold = book.add_format({"bold": True})
    sheet: Worksheet = book.add_worksheet(LEGEND)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 100)
    for row, (what, text) in enumerate(legend):
        sheet.write_string(row, 0, what, bold)
        sheet.write_string(row, 1, text)


def lines(matrix: Written, *, all_cells: bool = True) -> Iterator[str]:
    """Yield the lines of a long table, one for each worker and skill; texts that a sheet would take for formulas are
    guarded.
    """
    check_size(len(matrix.workers), len(matrix.skills), workbook=False)
    yield csv_line(HEADINGS)
    skills = [(guarded(id), guarded(name)) for id, name in matrix.skills]
    for row, worker in enumerate(matrix.workers):
        people = tuple(map(guarded, worker))
        columns = (values[row].round(2).tolist() for values in (matrix.level, matrix.low, matrix.high))
        cells = zip(skills, *columns, matrix.known[row].tolist(), strict=True)
        own = [
            csv_line((*people, *skill, f"{level:.2f}", f"{low:.2f}", f"{high:.2f}", "yes" if known else "no"))
            for skill, level, low, high, known in cells
            if known or all_cells
        ]
        yield "".join(own)


def csv_line(cells: Sequence[str]) -> str:
    """Return one line of a CSV."""
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
