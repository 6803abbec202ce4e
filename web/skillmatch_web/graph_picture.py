"""A skill and its neighbours as a picture: the same skill gives the same picture, to the bit.

Broader skills stand above, narrower ones below, what it needs to the left, what needs it to the right, and those that
resemble it between; what the same people practise stands in the corners. Units are those of the drawing, 1100 wide.
"""

from __future__ import annotations

from dataclasses import dataclass

from skillmatch.model import Skill
from skillmatch.workspace import Neighbour, Relation

WIDTH = 1100
COLUMNS = (110, 330, 550, 770, 990)
MIDDLE = 2
PITCH, MARGIN = 96, 46
BOX, CENTRE = (196, 64), (230, 76)
"""Width and height of a neighbour and of the skill itself."""
LETTERS, CENTRE_LETTERS, LINES = 22, 21, 2
"""So many letters fit into a line of a box, and so many lines."""
MOST = {
    Relation.BROADER: 4,
    Relation.RELATED: 4,
    Relation.LEARNED: 3,
    Relation.NEEDS: 4,
    Relation.NEEDED_BY: 4,
    Relation.NARROWER: 5,
}
"""So many neighbours of each relation are drawn: 24."""
SPREAD = {1: (2,), 2: (1, 3), 3: (1, 2, 3), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}
"""The columns of a row, by how many stand in it."""
TO_THE_NEIGHBOUR = frozenset({Relation.BROADER, Relation.NEEDS})
FROM_THE_NEIGHBOUR = frozenset({Relation.NARROWER, Relation.NEEDED_BY})

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A skill in the picture, by its middle; `lines` of its name; `neighbour` None for the skill itself."""

    skill: Skill
    x: int
    y: int
    width: int
    height: int
    lines: tuple[str, ...]
    neighbour: Neighbour | None = None

    @property
    def left(self) -> float:
        """Its left edge."""
        return self.x - self.width / 2

    @property
    def top(self) -> float:
        """Its upper edge."""
        return self.y - self.height / 2


@dataclass(frozen=True, slots=True)
class Line:
    """A link in the picture: from border to border, `width` by its weight; `arrow` the corners of its head, if any."""

    relation: Relation
    start: Point
    end: Point
    width: float
    arrow: str


@dataclass(frozen=True, slots=True)
class More:
    """How many neighbours of a relation are not drawn, and where that is said."""

    relation: Relation
    count: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn, and how large it is."""

    width: int
    height: int
    centre: Box
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    more: tuple[More, ...]


def picture(skill: Skill, around: dict[Relation, tuple[Neighbour, ...]]) -> Picture:
    """Return the picture of a skill with the first neighbours of each relation."""
    shown = {relation: around.get(relation, ())[:most] for relation, most in MOST.items()}
    related, learned = shown[Relation.RELATED], shown[Relation.LEARNED]
    upper, lower = bool(related or learned[1:]), bool(related[2:] or learned)
    first = int(bool(shown[Relation.BROADER])) + int(upper)
    middle = max(len(shown[Relation.NEEDS]), len(shown[Relation.NEEDED_BY]), 1)
    last = first + middle + int(lower)
    rows = last + int(bool(shown[Relation.NARROWER]))
    places: list[tuple[Neighbour, int, float]] = [
        *_across(shown[Relation.BROADER], 0),
        *_across(shown[Relation.NARROWER], last),
        *_down(shown[Relation.NEEDS], 0, first, middle),
        *_down(shown[Relation.NEEDED_BY], 4, first, middle),
    ]
    corners = ((1, first - 1), (3, first - 1), (1, first + middle), (3, first + middle))
    places += [(one, *corner) for one, corner in zip(related, corners, strict=False)]
    outer = ((0, first + middle), (4, first - 1), (4, first + middle))
    places += [(one, *corner) for one, corner in zip(learned, outer, strict=False)]
    centre = Box(skill, COLUMNS[MIDDLE], _y(first + (middle - 1) / 2), *CENTRE, broken(skill.name, CENTRE_LETTERS))
    boxes = tuple(
        Box(one.skill, COLUMNS[column], _y(row), *BOX, broken(one.skill.name), one) for one, column, row in places
    )
    more = tuple(_more(around, shown, boxes))
    lines = tuple(_line(centre, box, box.neighbour) for box in boxes if box.neighbour is not None)
    below = max([box.y for box in more], default=0) + 8
    return Picture(WIDTH, max(_y(rows - 1) + MARGIN, below), centre, boxes, lines, more)


def _y(row: float) -> int:
    return round(MARGIN + row * PITCH)


def _across(found: tuple[Neighbour, ...], row: int) -> list[tuple[Neighbour, int, float]]:
    return [(one, column, row) for one, column in zip(found, SPREAD.get(len(found), ()), strict=True)]


def _down(found: tuple[Neighbour, ...], column: int, first: int, rows: int) -> list[tuple[Neighbour, int, float]]:
    begin = first + (rows - len(found)) / 2
    return [(one, column, begin + number) for number, one in enumerate(found)]


def _more(
    around: dict[Relation, tuple[Neighbour, ...]], shown: dict[Relation, tuple[Neighbour, ...]], boxes: tuple[Box, ...]
) -> list[More]:
    found = []
    for relation, some in shown.items():
        count = len(around.get(relation, ())) - len(some)
        if count > 0:
            last = [box for box in boxes if box.neighbour is not None and box.neighbour.relation is relation][-1]
            found.append(More(relation, count, last.x, round(last.y + last.height / 2 + 18)))
    return found


def _line(centre: Box, box: Box, neighbour: Neighbour) -> Line:
    start, end = _border(centre, box), _border(box, centre)
    arrow = ""
    if neighbour.relation in TO_THE_NEIGHBOUR:
        arrow = _head(start, end)
    elif neighbour.relation in FROM_THE_NEIGHBOUR:
        arrow = _head(end, start)
    return Line(neighbour.relation, start, end, round(1.5 + 4.5 * neighbour.weight, 1), arrow)


def _border(box: Box, other: Box) -> Point:
    """Return where the straight line between the middles of two boxes leaves the first one."""
    dx, dy = other.x - box.x, other.y - box.y
    across = abs(dx) / (box.width / 2)
    along = abs(dy) / (box.height / 2)
    share = 1.0 / max(across, along, 1e-9)
    return round(box.x + dx * share, 1), round(box.y + dy * share, 1)


def _head(start: Point, end: Point, length: float = 15.0, half: float = 7.0) -> str:
    dx, dy = end[0] - start[0], end[1] - start[1]
    size = max((dx * dx + dy * dy) ** 0.5, 1e-9)
    ux, uy = dx / size, dy / size
    bx, by = end[0] - length * ux, end[1] - length * uy
    corners = (end, (bx - half * uy, by + half * ux), (bx + half * uy, by - half * ux))
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)


def broken(name: str, letters: int = LETTERS, lines: int = LINES) -> tuple[str, ...]:
    """Return a name in lines of so many letters, the last with dots where not all of it fits.

    >>> broken("assemble refrigerated display cases and their controls in shops")
    ('assemble refrigerated', 'display cases and the…')
    """
    words, found, rest = name.split(), [], ""
    for word in words:
        joined = f"{rest} {word}".strip()
        if len(joined) <= letters or not rest:
            rest = joined
        else:
            found.append(rest)
            rest = word
    found.append(rest)
    if len(found) > lines:
        found = [*found[: lines - 1], " ".join(found[lines - 1 :])]
    return tuple(line if len(line) <= letters else f"{line[: letters - 1].rstrip()}…" for line in found)
