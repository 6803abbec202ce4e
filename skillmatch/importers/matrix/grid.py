"""A sheet as a rectangle of cells that know where they stand, out of Excel or CSV, to be looked at either way round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from skillmatch.importers.draft import Draft, Unfit
from skillmatch.importers.excel import BadCell, Workbook
from skillmatch.importers.files import CSV_ENDINGS, EXCEL_ENDINGS
from skillmatch.importers.lines import Lines
from skillmatch.importers.tables import DELIMITERS, read_csv
from skillmatch.model import Problem

MOST_CELLS = 5_000_000
MOST_ROWS = 1_048_576
"""As many as a sheet of Excel has."""
LONGEST_CELL = 1_000
SNIFFED_LINES = 50

Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A rectangle of stripped cells, `top` and `left` counted from 0; `turned`: rows are the columns of the sheet."""

    file: str
    sheet: str
    rows: tuple[Cells, ...]
    top: int = 0
    left: int = 0
    turned: bool = False

    @property
    def width(self) -> int:
        """The number of cells in each row."""
        return len(self.rows[0]) if self.rows else 0

    def over(self) -> Grid:
        """Return the same sheet with rows for columns."""
        return replace(self, rows=tuple(zip(*self.rows, strict=True)), turned=not self.turned)

    def line(self, row: int, column: int) -> int:
        """Return the line of the sheet in which a cell stands, counted from 1."""
        return self.top + (column if self.turned else row) + 1

    def letters(self, row: int, column: int) -> str:
        """Return the letters of the column of the sheet in which a cell stands."""
        return letters_of(self.left + (row if self.turned else column))

    def place(self, row: int, column: int) -> str:
        """Return the name that a spreadsheet gives a cell, such as 'C7'."""
        return f"{self.letters(row, column)}{self.line(row, column)}"

    def where(self, row: int) -> str:
        """Return how people call a row of the grid: 'row 7', or 'column C' of a sheet that is turned."""
        return f"column {self.letters(row, 0)}" if self.turned else f"row {self.line(row, 0)}"


def letters_of(number: int) -> str:
    """Return the letters of a column counted from 0.

    >>> letters_of(0), letters_of(27)
    ('A', 'AB')
    """
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def tidy(cell: str) -> str:
    """Return a cell as it is compared and shown: one line, no blanks around, nothing that cannot be printed.

    >>> tidy("  Cold\\n rooms ")
    'Cold rooms'
    """
    text = " ".join(cell.split())
    return text if text.isprintable() else "".join(letter for letter in text if letter.isprintable()).strip()


def read_grids(path: Path, sheet: str | None = None) -> tuple[list[Grid], list[Problem]]:
    """Return the sheets of a workbook (or only one of them), or a CSV file as one, and rows that could not be read.

    Raises
    ------
    Unfit
        When the file is none that can be read, or has no such sheet.
    """
    draft = Draft()
    name = path.name.lower()
    if name.endswith(EXCEL_ENDINGS):
        grids = list(_sheets(path, sheet))
    elif name.endswith(CSV_ENDINGS):
        grids = [_grid(path.name, "", _csv_rows(path, draft))]
    else:
        raise Unfit(f"a file of the kind {path.suffix or 'none'!r}", "a sheet saved as .xlsx or .csv")
    found = [grid for grid in grids if grid.rows]
    if not found:
        raise Unfit("no cells", "a sheet with people, skills and marks")
    return found, draft.problems


def _sheets(path: Path, only: str | None) -> Iterator[Grid]:
    book = Workbook(path)
    try:
        names = book.sheets()
        if only is not None and only not in names:
            raise Unfit(f"no sheet {only!r}", f"one of the sheets with cells: {', '.join(names) or 'there is none'}")
        for name in names if only is None else [only]:
            yield _grid(f"{path.name}[{name}]", name, book.placed_rows(name))
    finally:
        book.close()


def _csv_rows(path: Path, draft: Draft) -> Iterator[tuple[int, int, list[str]]]:
    """Yield rows numbered as a spreadsheet that opens the file numbers them: a cell may have several lines."""
    number, expected = 0, 1
    for line, cells in read_csv(path, path.name, draft, delimiter=_delimiter(path)):
        number += 1 + max(line - expected, 0)
        yield number, 0, cells
        expected = line + 1 + sum(cell.count("\n") for cell in cells)


def _delimiter(path: Path) -> str:
    """Return the delimiter of which the first lines have most: a title in the first one need not have any."""
    counts: Counter[str] = Counter()
    for line in islice(Lines(path), SNIFFED_LINES):
        counts.update({sign: line.count(sign) for sign in DELIMITERS})
    return max(DELIMITERS, key=lambda sign: counts[sign])


def _grid(file: str, sheet: str, rows: Iterable[tuple[int, int, list[str]]]) -> Grid:
    """Return the rectangle around the cells, blank rows between them filled in."""
    kept: list[tuple[int, list[str]]] = []
    width = left = 0
    memo: dict[str, str] = {}
    for line, first, cells in rows:
        left, own = first, [_cell(cell, memo) for cell in cells]
        while own and not own[-1]:
            own.pop()
        width = max(width, len(own))
        _check_size(line, len(kept) + 1, width)
        if own:
            kept.append((line, own))
    kept.sort(key=lambda one: one[0])
    top = kept[0][0] if kept else 1
    blank = ("",) * width
    filled: list[Cells] = []
    for line, own in kept:
        filled += [blank] * (line - top - len(filled))
        filled.append((*own, *blank[len(own) :]))
    return Grid(file, sheet, tuple(filled), top - 1, left)


def _cell(cell: str, memo: dict[str, str]) -> str:
    if isinstance(cell, BadCell):
        return cell
    found = memo.get(cell)
    if found is None:
        # Most cells of a matrix are one of a few marks: each is kept once.
        found = memo[cell] = tidy(cell[:LONGEST_CELL])
    return found


def _check_size(line: int, rows: int, width: int) -> None:
    if line > MOST_ROWS:
        raise Unfit(f"a cell in row {line:,}", f"at most {MOST_ROWS:,} rows: delete what stands far out")
    if rows * width > MOST_CELLS:
        raise Unfit(
            f"a sheet of more than {MOST_CELLS:,} cells ({width:,} columns)", "a smaller one: divide it by teams"
        )
