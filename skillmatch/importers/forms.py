"""The forms a value may have in a cell: how each is read, written and described."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from enum import StrEnum
from math import inf, isfinite
from typing import Any

from skillmatch.errors import Invalid
from skillmatch.importers import lists, needs, weekly
from skillmatch.importers.draft import Unfit, shown
from skillmatch.model import ID_LENGTH, check_id, clock

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?")
_NOISE = re.compile(r"[\s_-]+")
_FLAGS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Form:
    """A form of value. `expected` describes it in messages; `guarded`: free text, which a spreadsheet must not run."""

    expected: str
    parse: Callable[[str], Any]
    write: Callable[[Any], str] = str
    guarded: bool = False
    numeric: bool = False


def plain(name: str) -> str:
    """Return a name as it is compared: without case, blanks, underscores and hyphens.

    >>> plain("Job-Type ID")
    'jobtypeid'
    """
    return _NOISE.sub("", name).casefold()


def _id(cell: str) -> str:
    try:
        check_id(cell, "")
    except Invalid:
        raise Unfit(shown(cell), ID.expected) from None
    return cell


def _number(low: float, high: float, expected: str, *, above: bool = False) -> Form:
    def parse(cell: str) -> float:
        value = float(cell.replace(",", ".")) if _NUMBER.fullmatch(cell) else inf
        if not isfinite(value) or not low <= value <= high or (above and value == low):
            raise Unfit(shown(cell), expected)
        return value

    return Form(expected, parse, write_number, numeric=True)


def write_number(value: float) -> str:
    """Return a number so that it is read back to the bit, whole ones without a decimal point."""
    return repr(float(value)).removesuffix(".0")


def _whole(low: int, high: int, expected: str) -> Form:
    def parse(cell: str) -> int:
        value = float(cell.replace(",", ".")) if _NUMBER.fullmatch(cell) else inf
        if not low <= value <= high or value != int(value):
            raise Unfit(shown(cell), expected)
        return int(value)

    return Form(expected, parse, numeric=True)


def _time(cell: str) -> datetime:
    try:
        value = datetime.fromisoformat(cell)
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unfit(shown(cell), TIME.expected) from None


def _date(cell: str) -> date:
    try:
        value = datetime.fromisoformat(cell)
    except ValueError:
        raise Unfit(shown(cell), DATE.expected) from None
    # Spreadsheets and databases add a midnight to days; any other hour would be lost without a word.
    if value.timetz() != time():
        raise Unfit(shown(cell), DATE.expected)
    return value.date()


def _write_time(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")


def _flag(cell: str) -> bool:
    value = _FLAGS.get(plain(cell))
    if value is None:
        raise Unfit(shown(cell), FLAG.expected)
    return value


def choice(names: type[StrEnum]) -> Form:
    """Return the form of a value out of a list; case, blanks and hyphens do not matter."""
    by_name = {plain(name): name for name in names}
    expected = "one of " + ", ".join(names)

    def parse(cell: str) -> StrEnum:
        value = by_name.get(plain(cell))
        if value is None:
            near = get_close_matches(plain(cell), by_name, n=1, cutoff=0.6)
            raise Unfit(shown(cell), expected + (f"; did you mean {by_name[near[0]]!s}?" if near else ""))
        return value

    return Form(expected, parse)


ID = Form(f"an id of 1 to {ID_LENGTH} printable characters", _id, guarded=True)
TEXT = Form("text", str, guarded=True)
LEVEL = _number(0, 5, "a level from 0 to 5")
SHARE = _number(0, 1, "a number above 0, up to 1, or 0 for a link that was removed")
CAPACITY = _number(0, 168, "hours a week from 0 to 168")
COST = _number(0, 999_999, "a cost per hour from 0 to 999999")
MINUTES = _number(0, 100_000, "minutes from 0 to 100000")
ESTIMATE = _number(0, 100_000, "minutes above 0, up to 100000", above=True)
CHANCE = _number(0, 1, "a chance between 0 and 1, such as 0.3", above=True)
STARS = _number(1, 5, "a number of stars from 1 to 5")
HALF_LIFE = _number(1, 36_500, "days from 1 to 36500")
NUMBER = _number(-inf, inf, "a number")
LATITUDE = _number(-90, 90, "degrees from -90 to 90")
LONGITUDE = _number(-180, 180, "degrees from -180 to 180")
PRIORITY = _whole(1, 5, "a whole number from 1 (emergency) to 5 (whenever)")
CREW = _whole(1, 50, "a whole number of people from 1 to 50")
TRAVEL = _number(0, 1_440, "minutes above 0, up to 1440", above=True)
FLAG = Form("yes or no", _flag, lambda value: "yes" if value else "no")
DAYS = Form(weekly.EXPECTED_DAYS, weekly.parse_days, weekly.write_days)
START = Form(weekly.EXPECTED_TIME, weekly.parse_time, clock)
END = Form(weekly.EXPECTED_END, weekly.parse_end, clock)
TIME = Form("a time such as 2026-03-01, 2026-03-01T08:30 or 2026-03-01T08:30+01:00", _time, _write_time)
DATE = Form("a date such as 2026-03-01", _date, date.isoformat)
LIST = Form("a list such as 'one; two'", lists.parse_list, lists.write_list, guarded=True)
DATED_LIST = Form(lists.DATED, lists.parse_dated, lists.write_dated, guarded=True)
ANSWERS = Form(lists.ANSWERS, lists.valued(_flag, lists.ANSWERS), lists.write_valued(FLAG.write), guarded=True)
CHANCES = Form(lists.CHANCES, lists.valued(CHANCE.parse, lists.CHANCES), lists.write_valued(write_number), guarded=True)
PLAIN_NEEDS = Form(needs.EXPECTED_PLAIN, needs.parse_plain_needs, needs.write_needs, guarded=True)
USED = Form(needs.EXPECTED_USED, needs.parse_used, needs.write_used, guarded=True)
NEEDS = Form(needs.EXPECTED, needs.parse_needs, needs.write_needs, guarded=True)
