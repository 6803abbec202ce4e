"""Lists and job requirements as they stand in one cell.

A list is separated by semicolons. A requirement is `skill`, `skill:level` or `skill:level:weight`, with `!` at the end
for a must; `cert:TYPE` asks for a certification. An item in double quotes is taken as it stands, so ids may contain
anything: `"a; b:3":2!`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from skillmatch.errors import Invalid
from skillmatch.importers.draft import Unfit, shown
from skillmatch.model import CertificationRequirement, Need, Requirement

EXPECTED = "requirements such as 'cooling:3!; controls:2:0.5; hydraulics; cert:F-GAS'"

_NUMBER = r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?"
_QUOTED = r'"(?:[^"]|"")*"'
# The skill is the shortest text after which only numbers follow, so it may contain colons itself.
_REQUIREMENT = re.compile(
    rf"(?P<skill>{_QUOTED}|[^\"].*?)\s*(?::\s*(?P<level>(?:{_NUMBER})?)\s*(?::\s*(?P<weight>{_NUMBER})\s*)?)?(?P<must>!)?",
    re.ASCII | re.DOTALL,
)
_CERTIFICATION = re.compile(rf"cert:\s*(?P<type>{_QUOTED}|[^\"].*?)\s*!?", re.DOTALL)
_PART = re.compile(rf'\s*+((?:cert:\s*)?{_QUOTED}[^;"]*|[^;"][^;]*|)(;|$)')
_PLAIN = re.compile(r'[^";:!]+')
_LONGEST_PART = 1_000


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
            raise Unfit(shown(cell), 'a closing quotation mark for each that opens, "" for one inside')
        parts.append(match[1].strip())
        position = match.end()
    return tuple(part for part in parts if part)


def quoted(text: str) -> str:
    """Return a list item or id so that it is read back as it is: in quotation marks where it needs them.

    >>> quoted("a; b"), quoted("a b")
    ('"a; b"', 'a b')
    """
    return text if _PLAIN.fullmatch(text) and text == text.strip() else '"' + text.replace('"', '""') + '"'


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


def parse_needs(cell: str) -> tuple[Need, ...]:
    """Return the requirements a cell states, in its order.

    >>> parse_needs("cooling:3!; iso:a:2; cert:F-GAS")[1]
    Requirement(skill='iso:a', level=2.0, weight=1.0, must=False)

    Raises
    ------
    Unfit
        When a part cannot be read or breaks a rule of the domain.
    """
    found = tuple(map(_need, split(cell)))
    names = [need.skill if isinstance(need, Requirement) else f"cert:{need.type}" for need in found]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise Unfit(f"{shown(twice)} twice", "each requirement once")
    return found


def _need(part: str) -> Need:
    if len(part) > _LONGEST_PART:
        raise Unfit(shown(part), EXPECTED)
    try:
        if match := _CERTIFICATION.fullmatch(part):
            return CertificationRequirement(unquoted(match["type"]))
        match = _REQUIREMENT.fullmatch(part)
        if match is None:
            raise Unfit(shown(part), EXPECTED)
        level = _number(match["level"]) if match["level"] else None
        weight = _number(match["weight"]) if match["weight"] else 1.0
        if match["must"] and level is None:
            raise Unfit(f"{shown(part)}, a must without a level", f"the level, as in {match['skill'] + ':3!'!r}")
        return Requirement(unquoted(match["skill"]), level, weight, bool(match["must"]))
    except Invalid as error:
        raise Unfit.from_invalid(error) from error


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def write_needs(needs: Iterable[Need]) -> str:
    """Return the cell that `parse_needs` reads as `needs`."""
    return "; ".join(map(_cell, needs))


def _cell(need: Need) -> str:
    if isinstance(need, CertificationRequirement):
        return f"cert:{quoted(need.type)}"
    level = "" if need.level is None else f":{need.level!r}"
    weight = "" if need.weight == 1.0 else f"{'' if level else ':'}:{need.weight!r}"
    return quoted(need.skill) + level + weight + ("!" if need.must else "")
