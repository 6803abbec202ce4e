"""Lists as they stand in one cell, separated by semicolons.

An item in double quotes is taken as it stands, so it may contain anything: `"a; b"; c`. An item may have a day:
`ana: 2026-12-31`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from skillmatch.importers.draft import Unfit, shown

V = TypeVar("V")
QUOTED = r'"(?:[^"]|"")*+"'
OPEN_QUOTE = 'a closing quotation mark for each that opens, "" for one inside'
_PART = re.compile(rf'\s*+({QUOTED}[^;"]*|[^;"][^;]*|)(;|$)')
_PLAIN = re.compile(r'[^";:!]+')
_VALUED = re.compile(rf"(?P<item>{QUOTED}|[^\"].*?)\s*:\s*(?P<value>[^:]+)", re.DOTALL)
DATED = "ids with the last day of each, such as 'ana: 2026-12-31; ben: 2027-01-31'"
ANSWERS = "questions with what was said, such as 'air-moving: no; ice: yes'"
CHANCES = "causes with the chance of a yes, such as 'leak: 0.8; blocked filter: 0.1'"


def split(cell: str) -> tuple[str, ...]:
    """Return the parts of a cell between semicolons, empty ones left out; quotation marks stay where they are.

    >>> split('a; "b; c":3;')
    ('a', '"b; c":3')

    Raises
    ------
    Unfit
        When a part begins with a quotation mark and does not close it.
    """
    if '"' not in cell:
        return tuple(part for part in map(str.strip, cell.split(";")) if part)
    parts, position = [], 0
    while position < len(cell):
        match = _PART.match(cell, position)
        if match is None:
            raise Unfit(shown(cell), OPEN_QUOTE)
        parts.append(match[1].strip())
        position = match.end()
    return tuple(part for part in parts if part)


def in_quotes(text: str) -> str:
    """Return a text in quotation marks, those inside it doubled."""
    return '"' + text.replace('"', '""') + '"'


def quoted(text: str) -> str:
    """Return a list item so that it is read back as it is: in quotation marks where it needs them.

    >>> quoted("a; b"), quoted("a b")
    ('"a; b"', 'a b')
    """
    return text if _PLAIN.fullmatch(text) and text == text.strip() else in_quotes(text)


def unquoted(text: str) -> str:
    """Return what `quoted` was given."""
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return text[1:-1].replace('""', '"')
    return text


def parse_list(cell: str) -> tuple[str, ...]:
    """Return the items of a cell such as `german; french`."""
    return tuple(unquoted(part) for part in split(cell))


def write_list(items: Iterable[str]) -> str:
    """Return the cell that `parse_list` reads as `items`."""
    return "; ".join(map(quoted, items))


def parse_dated(cell: str) -> tuple[tuple[str, date], ...]:
    """Return the items of a cell, each with its day.

    >>> parse_dated("ana: 2026-12-31")
    (('ana', datetime.date(2026, 12, 31)),)

    Raises
    ------
    Unfit
        When an item has no day, or stands there twice.
    """
    return _parse_dated(cell)


def valued(parse: Callable[[str], V], expected: str) -> Callable[[str], tuple[tuple[str, V], ...]]:
    """Return what reads the items of a cell, each with a value after its last colon.

    >>> valued(float, "numbers")('leak: 0.5; "a: b": 1')
    (('leak', 0.5), ('a: b', 1.0))
    """

    def item(part: str) -> tuple[str, V]:
        match = _VALUED.fullmatch(part)
        try:
            return unquoted(match["item"] if match else ""), parse(match["value"].strip() if match else "")
        except (ValueError, Unfit):
            raise Unfit(shown(part), expected) from None

    def read(cell: str) -> tuple[tuple[str, V], ...]:
        found = tuple(map(item, split(cell)))
        names = [name for name, _ in found]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise Unfit(f"{shown(twice[0])} twice", "each only once")
        return found

    return read


_parse_dated = valued(date.fromisoformat, DATED)


def write_valued(write: Callable[[V], str]) -> Callable[[Iterable[tuple[str, V]]], str]:
    """Return what writes the cell that `valued` reads."""
    return lambda items: "; ".join(f"{quoted(item)}: {write(value)}" for item, value in items)


write_dated = write_valued(date.isoformat)
