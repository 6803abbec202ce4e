"""CSV files as rows of text with their line numbers."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from skillmatch.importers.draft import Draft, Unfit
from skillmatch.importers.lines import LONGEST_LINE, Lines

Row = tuple[int, list[str]]
"""A line number, counted from 1, and the cells that stand there."""

_RISKY = re.compile(r"'*[=+\-@\t\r]")
DELIMITERS = ",;\t"
_BROKEN = {
    "unexpected end of data": ("a quotation mark that is never closed", 'a closing "'),
    "field larger than": ("a quotation mark that is not closed for 16 MB", 'a closing "'),
    "expected after": (
        "text after a closing quotation mark",
        'the end of the cell (a quotation mark inside is "")',
    ),
    "new-line character": ("a line ended by a carriage return alone", "lines that end with a line feed"),
}


def read_csv(path: Path, file: str, draft: Draft, *, delimiter: str | None = None) -> Iterator[Row]:
    """Yield the rows of a CSV file, its header first, blank ones left out.

    Cells are separated by commas, semicolons or tabs, whichever the first line has most of, or by `delimiter`. Rows
    that cannot be read become problems of `draft` under the name `file`.

    Raises
    ------
    Unfit
        When the file is empty or cannot be read any further.
    """
    # A limit of the process, raised once and never lowered: the lines themselves are kept short by `Lines`.
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_LINE + 1))
    lines = Lines(path)
    text = iter(lines)
    first = next((line for line in text if line.strip()), None)
    if first is None:
        raise Unfit("an empty file", "a line with the names of the columns")
    start = lines.number
    delimiter = delimiter or max(DELIMITERS, key=first.count)
    reader = csv.reader(chain([first], text), delimiter=delimiter, strict=True)
    header_read = False
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cells = []
            lines.flaws.append(_broken(str(error), start))
        if lines.flaws and not header_read:
            raise lines.flaws[0]
        if any(cells) and not lines.flaws:
            yield start, [unguarded(cell) if cell[:1] == "'" else cell for cell in cells]
            header_read = True
        for flaw in lines.flaws:
            draft.refuse(file, flaw)
        lines.flaws.clear()
        start = lines.number + 1


def _broken(message: str, line: int) -> Unfit:
    for part, (found, expected) in _BROKEN.items():
        if part in message:
            return Unfit(found, expected, line=line)
    return Unfit(f"a row that is no CSV ({message})", "cells separated by commas", line=line)


def guarded(text: str) -> str:
    """Return a text with an apostrophe before it where a spreadsheet would take it for a formula.

    >>> guarded("=1+1"), unguarded("'=1+1"), guarded("it's")
    ("'=1+1", '=1+1', "it's")
    """
    return "'" + text if _RISKY.match(text) else text


def unguarded(cell: str) -> str:
    """Return what `guarded` was given."""
    return cell[1:] if cell[:1] == "'" and _RISKY.match(cell) else cell
