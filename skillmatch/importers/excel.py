"""Sheets of an Excel workbook (.xlsx) as rows of text, after a look at what calamine does not tell.

calamine gives the last value of a formula, and nothing for an error such as #N/A; it takes memory for the whole area
that the cells span. So the XML of a sheet is looked through first, for formulas, errors and the size of that area.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from posixpath import normpath
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from skillmatch.importers.draft import Unfit
from skillmatch.importers.tables import Row

UNPACKED_LIMIT = 500_000_000
MOST_CELLS = 20_000_000
_OLE = b"\xd0\xcf\x11\xe0"
_CHUNK = 1 << 20
_LONGEST_FORMULA = 80
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_CELL = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
_RELATIONS = "xl/_rels/workbook.xml.rels"


class BadCell(str):
    """A cell whose content is no value; the text says what it is."""

    expected = "a value: paste values only"


class Workbook:
    """An opened .xlsx file.

    Raises
    ------
    Unfit
        When it is no such file, damaged, protected by a password, or of a size that no table has.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._zip = _checked_zip(path)
            self._parts = _sheet_parts(self._zip)
            self._book = CalamineWorkbook.from_path(path)
        except _DAMAGE as error:
            raise _damaged(error) from error

    def close(self) -> None:
        """Let go of the file."""
        self._book.close()
        self._zip.close()

    def sheets(self) -> list[str]:
        """Return the names of the sheets with cells, in the order of the workbook."""
        tables = [sheet.name for sheet in self._book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        return [name for name in tables if _has_cells(self._zip, self._parts.get(name, ""))]

    def rows(self, sheet: str) -> Iterator[Row]:
        """Yield the rows of a sheet with their numbers, blank ones left out."""
        return ((line, cells) for line, _left, cells in self.placed_rows(sheet))

    def placed_rows(self, sheet: str) -> Iterator[tuple[int, int, list[str]]]:
        """Yield the rows of a sheet, blank ones left out: number, column of the first cell counted from 0, cells."""
        try:
            scan = _Scan(self._zip, self._parts[sheet])
            table = self._book.get_sheet_by_name(sheet)
        except _DAMAGE as error:
            raise _damaged(error) from error
        left = table.start[1] if table.start else 0
        for line, values in enumerate(table.iter_rows(), 1):
            cells = [_text(value) for value in values]
            _put(scan.bad.pop(line, ()), cells, left)
            if any(cells):
                yield line, left, cells
        for line, bad in sorted(scan.bad.items()):  # rows in which calamine saw nothing
            cells = []
            _put(bad, cells, left)
            yield line, left, cells


def _put(bad: Iterable[tuple[int, BadCell]], cells: list[str], left: int) -> None:
    """Set the `bad` cells of a row into `cells`, the first of which stands in column `left`."""
    for column, cell in bad:
        cells += [""] * (column - left + 1 - len(cells))
        cells[max(column - left, 0)] = cell


def _text(value: Any) -> str:
    """Return a cell as text: whole numbers without decimals, days without an hour, as they look in the sheet."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):  # a time of 24:00 or later
        hours, seconds = divmod(round(value.total_seconds()), 3600)
        return f"{hours:02d}:{seconds // 60:02d}:{seconds % 60:02d}"
    return str(value)


_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    NotImplementedError,  # packed in a way that Python does not know
    RuntimeError,  # encrypted inside
    expat.ExpatError,
    CalamineError,
)


def _damaged(error: Exception) -> Unfit:
    return Unfit(f"a file that is no sound workbook ({error})", "an .xlsx file: open it and save it again")


def _checked_zip(path: Path) -> zipfile.ZipFile:
    with path.open("rb") as stream:
        if stream.read(4) == _OLE:
            raise Unfit("a workbook with a password, or in the old .xls form", "an .xlsx file without a password")
    book = zipfile.ZipFile(path)
    # The sizes that the archive claims hold: reading stops there, and the checksum tells when that is not the end.
    size = sum(part.file_size for part in book.infolist())
    if size > UNPACKED_LIMIT:
        raise Unfit(f"{size // 10**6:,} MB when unpacked", f"at most {UNPACKED_LIMIT // 10**6} MB: use CSV instead")
    broken = book.testzip()
    if broken is not None:
        raise Unfit(f"a damaged part {broken!r}", "an .xlsx file: open it and save it again")
    return book


def _sheet_parts(book: zipfile.ZipFile) -> dict[str, str]:
    """Return the file inside the workbook that holds each sheet, by the name of the sheet."""
    targets = {
        attributes["Id"]: attributes["Target"]
        for name, attributes in _elements(book, _RELATIONS)
        if name == "Relationship" and "Id" in attributes
    }
    parts = {}
    for name, attributes in _elements(book, "xl/workbook.xml"):
        if name == "sheet":
            relation = next((value for key, value in attributes.items() if key.split(":")[-1] == "id"), "")
            target = targets.get(relation, "")
            parts[attributes.get("name", "")] = normpath(f"xl/{target}") if target[:1] != "/" else target[1:]
    return parts


def _has_cells(book: zipfile.ZipFile, part: str) -> bool:
    if part not in book.NameToInfo:
        return True  # reading the sheet will tell what is wrong
    with book.open(part) as stream:
        end = b""
        while chunk := stream.read(_CHUNK):
            if _CELL.search(end + chunk):
                return True
            end = chunk[-100:]
    return False


def _elements(book: zipfile.ZipFile, part: str) -> list[tuple[str, dict[str, str]]]:
    """Return the elements of a part by their names without prefix, with their attributes."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = _parser()
    parser.StartElementHandler = lambda name, attributes: found.append((name.split(":")[-1], attributes))
    parser.Parse(book.read(part), True)
    return found


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise Unfit("a workbook with definitions of its own", "an .xlsx file as a spreadsheet program writes it")

    parser.EntityDeclHandler = refuse
    return parser


class _Scan:
    """What the XML of a sheet says beyond the values: `bad` cells by line, each with its column counted from 0."""

    def __init__(self, book: zipfile.ZipFile, part: str) -> None:
        self.bad: dict[int, list[tuple[int, BadCell]]] = {}
        self._row = self._column = self._widest = 0
        self._cell_type: str | None = None
        self._inside: str | None = None
        self._content = ""
        parser = _parser()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        with book.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk)
        parser.Parse(b"", True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self._cell_type = attributes.get("t", "n")
            self._place(attributes.get("r", ""))
        elif name == "row":
            number = attributes.get("r", "")
            self._row = int(number) if number.isdecimal() else self._row + 1
            self._column = -1
        elif self._cell_type and (name == "f" or (name == "v" and self._cell_type == "e")):
            self._inside, self._content = name, ""

    def _place(self, reference: str) -> None:
        match = _REFERENCE.fullmatch(reference)
        self._column = _number_of(match[1]) if match else self._column + 1
        self._row = int(match[2]) if match else self._row
        self._widest = max(self._widest, self._column + 1)
        if self._row * self._widest > MOST_CELLS:
            raise Unfit(
                f"a sheet of {self._row:,} rows and {self._widest:,} columns",
                f"at most {MOST_CELLS:,} cells: delete what stands far out, or use CSV",
            )

    def _characters(self, text: str) -> None:
        if self._inside and len(self._content) < _LONGEST_FORMULA:
            self._content += text

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self._cell_type = None
        if name != self._inside:
            return
        self._inside = None
        known = self.bad.setdefault(self._row, [])
        if not known or known[-1][0] != self._column:  # the value of a formula may be an error as well
            what = "the formula =" if name == "f" else "the error "
            known.append((self._column, BadCell((what + self._content)[:_LONGEST_FORMULA])))


def _number_of(letters: str) -> int:
    """Return the number of a column such as 'AB', counted from 0."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1
