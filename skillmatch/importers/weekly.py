"""Weekdays and times of day as they stand in one cell: `mon-fri`, `sat; sun`, `07:30`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from skillmatch.importers.draft import Unfit, shown
from skillmatch.importers.lists import split

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WHOLE = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EXPECTED_DAYS = "days such as 'mon-fri' or 'mon; wed; fri'"
EXPECTED_TIME = "a time of day such as 07:30"
EXPECTED_END = "a time such as 15:30; over midnight hours above 24, such as 30:00 for six in the morning, up to 48:00"

_CLOCK = re.compile(r"([0-9]{1,2}):([0-5][0-9])(?::00(?:[.]0+)?)?")
_NUMBERS = {name: number for names in (DAYS, _WHOLE) for number, name in enumerate(names)}


def parse_days(cell: str) -> tuple[int, ...]:
    """Return the weekdays of a cell, 0 (Monday) to 6, in the order of the week; `fri-mon` goes over Sunday.

    >>> parse_days("Mon-Wed; sat")
    (0, 1, 2, 5)

    Raises
    ------
    Unfit
        When a part of it is no day, or it names none.
    """
    found: set[int] = set()
    for part in split(cell):
        ends = [_NUMBERS.get(end.strip().casefold()) for end in part.split("-")]
        first, last = ends[0], ends[-1]
        if first is None or last is None or len(ends) > 2:
            raise Unfit(shown(part), EXPECTED_DAYS)
        found.update((first + step) % 7 for step in range((last - first) % 7 + 1))
    if not found:
        raise Unfit(shown(cell), EXPECTED_DAYS)
    return tuple(sorted(found))


def write_days(days: Iterable[int]) -> str:
    """Return the cell that `parse_days` reads as `days`."""
    return "; ".join(DAYS[day] for day in days)


def parse_time(cell: str) -> int:
    """Return minutes after midnight, 0 to 1439, of a time such as `07:30`; Excel adds seconds of 0."""
    return _minutes(cell, 1439, EXPECTED_TIME)


def parse_end(cell: str) -> int:
    """Return minutes after the midnight before the shift, up to 2880, of a time such as `15:30` or `30:00`."""
    return _minutes(cell, 2880, EXPECTED_END)


def _minutes(cell: str, most: int, expected: str) -> int:
    match = _CLOCK.fullmatch(cell)
    minutes = int(match[1]) * 60 + int(match[2]) if match else most + 1
    if minutes > most:
        raise Unfit(shown(cell), expected)
    return minutes
