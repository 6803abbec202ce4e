"""What a job needs as it stands in one cell.

    needs   = choice { ";" choice }
    choice  = all { "|" all }
    all     = one { " + " one }
    one     = "(" choice ")" | item
    item    = skill [":" [level ["-" preferred level]] [":" weight]] ["*" count] ["!"]
            | "cert:" type ["*" count]
            | "lang:" language

An id in double quotes is taken as it stands, so it may contain anything: `"a; b:3":2!`. Without them a sign counts
only where it can mean nothing else, so that cells written before the sign had a meaning are read as they were: `+`
with blanks around it, `(` before an item, `*` before a number at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from skillmatch.beliefs.observation import Demand
from skillmatch.errors import Invalid
from skillmatch.importers.draft import Unfit, shown
from skillmatch.importers.lists import OPEN_QUOTE, QUOTED, in_quotes, unquoted
from skillmatch.model import AllOf, AnyOf, CertificationRequirement, LanguageRequirement, Need, PlainNeed, Requirement
from skillmatch.needs import MOST_WAYS, count_ways

EXPECTED = "requirements such as 'cooling:3!; controls:2:0.5; cert:F-GAS; lang:german; pumps:2 | (valves:2 + pipes)'"
EXPECTED_PLAIN = "requirements without a choice, such as 'leak-finding:3; cert:F-GAS'"
EXPECTED_USED = "skills that were used, such as 'cooling:3; controls:2:0.5; pumps'"

_NUMBER = r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?"
_COUNT = rf"(?:\*\s*(?P<count>{_NUMBER})\s*)?"
# The skill is the shortest text after which only numbers follow, so it may contain colons itself.
_REQUIREMENT = re.compile(
    rf"(?P<skill>{QUOTED}|[^\"].*?)\s*"
    rf"(?::\s*(?:(?P<level>{_NUMBER})\s*(?:-\s*(?P<preferred>{_NUMBER})\s*)?)?(?::\s*(?P<weight>{_NUMBER})\s*)?)?"
    rf"{_COUNT}(?P<must>!)?",
    re.ASCII | re.DOTALL,
)
_CERTIFICATION = re.compile(rf"cert:\s*(?P<type>{QUOTED}|[^\"].*?)\s*{_COUNT}!?", re.DOTALL)
_LANGUAGE = re.compile(rf"lang:\s*(?P<language>{QUOTED}|[^\"].*?)\s*!?", re.DOTALL)
_QUOTED_START = re.compile(rf"(?:(?:cert|lang):\s*+)?{QUOTED}")
_STOP = re.compile(r"[;|()]|(?<=\s)\+(?=[\s(])")
_BETWEEN = re.compile(r"[\s;]*+")
_BLANKS = re.compile(r"\s*+")
_PLAIN = re.compile(r'[^";:!|()*+]+')
_LONGEST_ITEM = 1_000
_MOST_ITEMS = 10_000
_DEEPEST = 20


def parse_needs(cell: str) -> tuple[Need, ...]:
    """Return the requirements a cell states, in its order.

    >>> [need.level for need in parse_needs("cooling:3!; iso:a:2")]
    [3.0, 2.0]
    >>> parse_needs("cert:F-GAS | (cooling:4 + lang:german)")[0].needs[0]
    CertificationRequirement(type='F-GAS', count=1)

    Raises
    ------
    Unfit
        When a part cannot be read or breaks a rule of the domain.
    """
    found = tuple(_Cell(cell).needs())
    named: set[tuple[type, str]] = set()
    for need in found:
        if not isinstance(need, AnyOf | AllOf):
            key = (type(need), _name(need))
            if key in named:
                raise Unfit(f"{shown(key[1])} twice", "each requirement once")
            named.add(key)
    if len(named) < len(found) and count_ways(found) > MOST_WAYS:
        raise Unfit(f"{shown(cell)}, which can be met in more than {MOST_WAYS} ways", "fewer choices")
    return found


def _name(need: PlainNeed) -> str:
    """Return what tells a plain need apart, as a cell says it."""
    if isinstance(need, Requirement):
        return need.skill
    return f"cert:{need.type}" if isinstance(need, CertificationRequirement) else f"lang:{need.language}"


class _Cell:
    """Reads a cell from its beginning to its end."""

    def __init__(self, cell: str) -> None:
        self._cell = cell
        self._position = self._depth = self._items = 0

    def needs(self) -> Iterator[Need]:
        """Yield what stands between semicolons."""
        while self._next(_BETWEEN):
            yield _joined(self._choices())
            after = self._next(_BLANKS)
            if after not in ("", ";"):
                raise self._wrong(
                    "an opening parenthesis for each that closes"
                    if after == ")"
                    else "; or | or + after a parenthesis; an id that begins with one stands in quotation marks"
                )

    def _choices(self) -> list[list[Need]]:
        """Return the choices between `|`, each the needs between `+`."""
        choices = [[self._one()]]
        while (sign := self._next(_BLANKS)) and sign in "|+":
            self._position += 1
            if sign == "|":
                choices.append([])
            choices[-1].append(self._one())
        return choices

    def _one(self) -> Need:
        if self._next(_BLANKS) != "(":
            return _need(self._item())
        if self._depth == _DEEPEST:
            raise self._wrong(f"parentheses in each other up to {_DEEPEST} deep")
        self._position, self._depth = self._position + 1, self._depth + 1
        choices = self._choices()
        if self._next(_BLANKS) != ")":
            raise self._wrong("a closing parenthesis for each that opens")
        self._position, self._depth = self._position + 1, self._depth - 1
        # Parentheses around one thing are an `AllOf` of one: so every tree of needs can be written.
        return AllOf((choices[0][0],)) if len(choices) == len(choices[0]) == 1 else _joined(choices)

    def _item(self) -> str:
        """Return the text of a plain need; parentheses in the midst of it are part of it."""
        start = self._position
        quoted = _QUOTED_START.match(self._cell, start)
        if quoted is None and self._cell[start : start + 1] == '"':
            raise self._wrong(OPEN_QUOTE)
        self._position, inside = len(self._cell), 0
        for stop in _STOP.finditer(self._cell, quoted.end() if quoted else start):
            sign = stop[0]
            if sign == "(" or (sign == ")" and (inside or not self._depth)):
                inside = inside + 1 if sign == "(" else max(inside - 1, 0)
                continue
            if inside and sign in "|+":
                raise self._wrong("| or + before a parenthesis, or quotation marks around an id that contains one")
            self._position = stop.start()
            break
        item = self._cell[start : self._position].strip()
        if not item:
            raise self._wrong("a requirement on each side of | and +, and in parentheses")
        self._items += 1
        if self._items > _MOST_ITEMS:
            raise self._wrong(f"at most {_MOST_ITEMS:,} requirements")
        return item

    def _next(self, before: re.Pattern[str]) -> str:
        """Return the next sign after what is to be passed over; '' at the end."""
        match = before.match(self._cell, self._position)
        self._position = match.end() if match else self._position
        return self._cell[self._position : self._position + 1]

    def _wrong(self, expected: str) -> Unfit:
        return Unfit(shown(self._cell), expected)


def _joined(choices: list[list[Need]]) -> Need:
    parts = tuple(each[0] if len(each) == 1 else AllOf(tuple(each)) for each in choices)
    return parts[0] if len(parts) == 1 else AnyOf(parts)


def _need(item: str) -> PlainNeed:
    if len(item) > _LONGEST_ITEM:
        raise Unfit(shown(item), EXPECTED)
    try:
        if match := _CERTIFICATION.fullmatch(item):
            return CertificationRequirement(unquoted(match["type"]), _count(match["count"], item))
        if match := _LANGUAGE.fullmatch(item):
            return LanguageRequirement(unquoted(match["language"]))
        match = _REQUIREMENT.fullmatch(item)
        if match is None:
            raise Unfit(shown(item), EXPECTED)
        return _requirement(match, item)
    except Invalid as error:
        raise Unfit.from_invalid(error) from error


def _requirement(match: re.Match[str], item: str) -> Requirement:
    level = _number(match["level"]) if match["level"] else None
    if match["must"] and level is None:
        raise Unfit(f"{shown(item)}, a must without a level", f"the level, as in {match['skill'] + ':3!'!r}")
    return Requirement(
        unquoted(match["skill"]),
        level,
        _number(match["weight"]) if match["weight"] else 1.0,
        bool(match["must"]),
        _number(match["preferred"]) if match["preferred"] else None,
        _count(match["count"], item),
    )


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _count(text: str | None, item: str) -> int:
    number = _number(text or "1")
    if not number.is_integer():
        raise Unfit(shown(item), "a whole number of people after *")
    return int(number)


def quoted(id: str) -> str:
    """Return an id so that it is read back as it is in a cell of requirements.

    >>> quoted("C++"), quoted("F-GAS")
    ('"C++"', 'F-GAS')
    """
    return id if _PLAIN.fullmatch(id) else in_quotes(id)


def parse_plain_needs(cell: str) -> tuple[PlainNeed, ...]:
    """Return the requirements a cell states, all of which have to be met.

    Raises
    ------
    Unfit
        As `parse_needs`, and when the cell leaves a choice.
    """
    found = []
    for need in parse_needs(cell):
        if isinstance(need, AnyOf | AllOf):
            raise Unfit(shown(cell), EXPECTED_PLAIN)
        found.append(need)
    return tuple(found)


def parse_used(cell: str) -> tuple[Demand, ...]:
    """Return the skills a cell names, each with its level and its share of the work where they are known.

    >>> parse_used("cooling:3:0.5; pumps")
    (Demand(skill='cooling', level=3.0, weight=0.5), Demand(skill='pumps', level=None, weight=1.0))

    Raises
    ------
    Unfit
        When a part is more than a skill, a level and a weight.
    """
    found = []
    for need in parse_plain_needs(cell):
        if not isinstance(need, Requirement) or need != Requirement(need.skill, need.level, need.weight):
            raise Unfit(shown(cell), EXPECTED_USED)
        found.append(Demand(need.skill, need.level, need.weight))
    return tuple(found)


def write_used(used: Iterable[Demand]) -> str:
    """Return the cell that `parse_used` reads as `used`."""
    return write_needs(Requirement(*demand) for demand in used)


def write_needs(needs: Iterable[Need]) -> str:
    """Return the cell that `parse_needs` reads as `needs`."""
    return "; ".join(map(_cell, needs))


def _cell(need: Need) -> str:
    if isinstance(need, AnyOf):
        return " | ".join(map(_inner, need.needs))
    if isinstance(need, AllOf):
        return _inner(need) if len(need.needs) == 1 else " + ".join(map(_inner, need.needs))
    if isinstance(need, LanguageRequirement):
        return f"lang:{quoted(need.language)}"
    count = "" if need.count == 1 else f"*{need.count}"
    if isinstance(need, CertificationRequirement):
        return f"cert:{quoted(need.type)}{count}"
    level = "" if need.level is None else f":{need.level!r}"
    preferred = "" if need.preferred_level is None else f"-{need.preferred_level!r}"
    weight = "" if need.weight == 1.0 else f"{'' if level else ':'}:{need.weight!r}"
    return quoted(need.skill) + level + preferred + weight + count + ("!" if need.must else "")


def _inner(need: Need) -> str:
    """Return the cell of a need among others, in parentheses where they hold it together."""
    if isinstance(need, AllOf) and len(need.needs) == 1:
        return f"({_inner(need.needs[0])})"
    return f"({_cell(need)})" if isinstance(need, AnyOf | AllOf) else _cell(need)
