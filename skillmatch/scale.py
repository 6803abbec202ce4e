"""The level scale, and checks that every record shares: ids, levels, times."""

from __future__ import annotations

from datetime import UTC, datetime
from math import isfinite

from skillmatch.errors import Invalid
from skillmatch.wording import said

ID_LENGTH = 200
LEVEL_MIN, LEVEL_MAX = 0.0, 5.0
RUNGS: tuple[str, ...] = (
    said("none"),
    said("has seen it"),
    said("with help"),
    said("alone"),
    said("experienced"),
    said("expert"),
)
"""The named rungs of the level scale, one for each whole level from 0 to 5."""


def rung(level: float) -> str:
    """Return the name of the rung nearest to a level.

    >>> rung(3.4)
    'alone'
    """
    return RUNGS[min(max(round(level), 0), len(RUNGS) - 1)]


def check_id(value: str, what: str) -> None:
    """Raise Invalid unless `value` can serve as an id: 1 to 200 printable characters, no blanks around it."""
    if not value or len(value) > ID_LENGTH or value != value.strip() or not value.isprintable():
        found = repr(value if len(value) <= 60 else value[:60] + "…")
        raise Invalid(
            said(
                "{what} {found} is no id: expected 1 to {most} printable characters without blanks around",
                what=what,
                found=found,
                most=ID_LENGTH,
            )
        )


def check_level(value: float, what: str) -> None:
    """Raise Invalid unless `value` lies on the level scale."""
    if not isfinite(value) or not LEVEL_MIN <= value <= LEVEL_MAX:
        raise Invalid(
            said(
                "{what} is {level:g}: expected a level from {low:g} to {high:g}",
                what=what,
                level=value,
                low=LEVEL_MIN,
                high=LEVEL_MAX,
            )
        )


def check_time(value: datetime, what: str) -> None:
    """Raise Invalid unless `value` is an aware datetime in UTC."""
    if value.tzinfo is None or value.utcoffset() != UTC.utcoffset(None):
        raise Invalid(f"{what} is {value.isoformat()}: expected a time in UTC, such as 2026-03-01T08:00:00+00:00")
