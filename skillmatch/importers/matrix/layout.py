"""Where the matrix is on a sheet: people down or across, the names of skills, and which lines are neither.

What is sure is who works for the company, so the column or row in which most of its people stand is looked for first;
everything else follows from there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from skillmatch.importers.draft import Unfit
from skillmatch.importers.excel import BadCell
from skillmatch.importers.matrix.grid import Grid
from skillmatch.importers.matrix.marks import (
    BALLS,
    HALF,
    NO,
    NONE_SIGNS,
    WORDS,
    YES,
    number_of,
    stars_of,
)
from skillmatch.importers.matrix.people import SURE, People

LANES, LOOKED_AT = 30, 4_000
"""So many columns (and rows) are looked at for people, and so many cells of each."""
PLAIN, SLOWLY, NUMBERED = "plain", "slowly", "numbered"
"""Ways to look for people: names and ids; initials, surnames and misspellings as well; ids that look like marks."""
MOST_SLOWLY = 200
DISTINCT = 0.8
"""Names and ids hardly ever come twice: this share of the cells at least are different ones."""
FULL = 0.6
"""The row with the names of the skills is filled at least so much as the fullest row above the people."""

TOTALS = re.compile(
    r"(grand |sub)?-?(number|total|sum|summe|gesamt|average|avg|mean|median|count|anzahl|durchschnitt|"
    r"mittelwert|schnitt|ø|∑|Σ|score|points|punkte|coverage|abdeckung|min|max|target|soll|required|"
    r"bedarf|ist|actual|gap|delta)s?[ :.]*"
    r"(scores?|points?|levels?|skills?|people|staff|punkte|stufe|werte?|anzahl|ist|soll|%|per .*|pro .*)?",
    re.IGNORECASE,
)
LEVEL = re.compile(r"level|stufe|rating|bewertung|score|wert|note|ist|actual|current|aktuell", re.IGNORECASE)
"""What may stand between the name of a skill and its marks."""
ABOUT = re.compile(
    r"((staff|employee|worker|personnel|personal|pers\.?|mitarbeiter|ma)?[ ._-]?(id|no|nr|number|nummer|code|kürzel|"
    r"initials)\.?|#|name|names|surname|last name|first name|nachname|vorname|full name|employee|worker|mitarbeiter|"
    r"person|team|group|gruppe|crew|department|dept\.?|abteilung|abt\.?|division|unit|area|region|standort|site|location|"
    r"city|ort|e-?mail.*|mail|phone.*|telefon.*|tel\.?|mobile|handy|role|rolle|position|job title|title|titel|function|"
    r"funktion|manager|supervisor|team ?lead(er)?|vorgesetzter?|date.*|datum.*|since|seit|joined|eintritt.*|start.*|"
    r"birth.*|geburt.*|age|alter|years.*|jahre.*|hours|stunden|comments?|remarks?|notes?|bemerkung(en)?|kommentare?|"
    r"notiz(en)?|anmerkung(en)?|cost.*|kosten.*|status|grade|level|shift|schicht)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things are in a grid with people down.

    Parameters
    ----------
    grid
        The sheet, turned where people stand across.
    lanes
        The columns with the names of people: one, or first and last name.
    head
        The row with the names of skills.
    people
        The rows of people with what stands there as their name.
    known
        How many different workers were seen plainly.
    headings
        Rows between them that say nothing of anybody, such as the name of a team.
    below
        The first row below the people; `len(grid.rows)` when there is none.
    totals
        Rows of totals among or below the people.
    """

    grid: Grid
    lanes: tuple[int, ...]
    head: int
    people: tuple[tuple[int, str], ...]
    known: int
    headings: tuple[int, ...]
    below: int
    totals: tuple[int, ...]

    def heading(self, column: int) -> tuple[int, str]:
        """Return row and text of what stands above a column: merged cells keep it in an upper row."""
        found = self.head, ""
        for row in range(self.head, max(self.head - 3, -1), -1):
            if text := self.grid.rows[row][column]:
                found = found if found[1] else (row, text)
                if not LEVEL.fullmatch(text):
                    return (row, text) if LEVEL.fullmatch(found[1]) else found
        return found


@dataclass(frozen=True, slots=True)
class _Lane:
    """Columns or rows in which people stand: how many different workers, in how many cells with something in them."""

    columns: tuple[int, ...]
    workers: int
    filled: int
    distinct: bool
    by_name: bool
    turned: bool

    @property
    def rank(self) -> tuple[int, bool, bool, int, int]:
        return (self.workers, self.by_name, not self.turned, -len(self.columns), -self.columns[0])


def looks_like_mark(cell: str) -> bool:
    """Return whether a cell may be a mark on some scale rather than a name."""
    plain = cell.casefold()
    if not cell:
        return False
    if plain in WORDS or plain in YES or plain in NO or plain in HALF or cell in NONE_SIGNS or cell in BALLS:
        return True
    if number_of(cell.rstrip("% ")) is not None or stars_of(cell) is not None or set(cell) <= {"+", " "}:
        return True
    return len(cell) == 1 and plain in "abcdef"


def lay_out(grid: Grid, people: People) -> Layout | None:
    """Return where the matrix is on a sheet, or None when nobody of the company stands there.

    Raises
    ------
    Unfit
        When people stand there, and no names of skills above them.
    """
    lane = _where_people_are(grid, people)
    if lane is None:
        return None
    grid = grid.over() if lane.turned else grid
    names = [_name(row, lane.columns) for row in grid.rows]
    known = [place for place, name in enumerate(names) if name and _known(people, name)]
    known = [place for place in known if _has_more(grid.rows[place], lane.columns)] or known
    if not known:
        return None
    head = _head(grid, lane.columns, known[0])
    if head is None:
        beside = "beside" if grid.turned else "above"
        raise Unfit(
            f"people and nothing {beside} them", f"a sheet in which the names of skills stand {beside} the marks"
        )
    return _below(grid, lane, names, known, head)


def _where_people_are(grid: Grid, people: People) -> _Lane | None:
    """Return the lane of the people: by names and ids; else by initials and the like; else by ids such as 7."""
    plain = list(_lanes(grid, people, PLAIN))
    best = _best(plain)
    if best is None or 2 * best.workers < best.filled:
        # One name may be that of whoever made the sheet.
        best = _best([*plain, *_lanes(grid, people, SLOWLY)])
    return best or _best(list(_lanes(grid, people, NUMBERED)))


def _best(lanes: Sequence[_Lane]) -> _Lane | None:
    """Return where most people stand; by names rather than by ids, which are then looked at beside the names."""
    best = max(lanes, key=lambda one: one.rank, default=None)
    if best is None or best.by_name:
        return best
    named = [one for one in lanes if one.by_name and one.distinct and one.turned == best.turned]
    named = [one for one in named if one.filled >= DISTINCT * best.filled]
    return max(named, key=lambda one: one.rank, default=best)


def _lanes(grid: Grid, people: People, way: str) -> Iterable[_Lane]:
    for turned in (False, True):
        lines = _first_lines(grid, turned=turned)
        singles = [_lane((n,), cells, people, way, turned=turned) for n, cells in enumerate(lines)]
        yield from (lane for lane in singles if lane)
        if way != PLAIN or any(lane.filled <= 2 * lane.workers for lane in singles if lane):
            continue  # names in two columns are looked for only where no column holds whole ones
        for number, (one, other) in enumerate(pairwise(lines)):
            both = [f"{a} {b}" if a and b else "" for a, b in zip(one, other, strict=True)]
            if lane := _lane((number, number + 1), both, people, way, turned=turned):
                yield lane


def _first_lines(grid: Grid, *, turned: bool) -> list[Sequence[str]]:
    if turned:
        return [row[:LOOKED_AT] for row in grid.rows[:LANES]]
    return list(zip(*(row[:LANES] for row in grid.rows[:LOOKED_AT]), strict=True))


def _lane(columns: tuple[int, ...], cells: Sequence[str], people: People, way: str, *, turned: bool) -> _Lane | None:
    named: set[str] = set()
    by_id: set[str] = set()
    filled = [cell for cell in cells if cell and not isinstance(cell, BadCell)]
    for cell in filled[:MOST_SLOWLY] if way == SLOWLY else dict.fromkeys(filled):
        # Marks such as 3 may happen to be ids as well.
        if way != NUMBERED and looks_like_mark(cell):
            continue
        found = _known(people, cell) if way == SLOWLY else people.plainly(cell)
        if found:
            (named if found[1] else by_id).add(found[0])
    distinct = len(set(filled)) >= DISTINCT * len(filled)
    if len(by_id) > len(named) and distinct:
        return _Lane(columns, len(by_id | named), len(filled), True, False, turned)
    return _Lane(columns, len(named), len(filled), distinct, True, turned) if named else None


def _known(people: People, name: str) -> tuple[str, bool] | None:
    """Return the worker who is called so, and whether it is by name; None when nobody is likely enough to be."""
    plain = people.plainly(name)
    if plain is None and (found := people.find(name)) and found[0].confidence >= SURE:
        return found[0].worker, found[0].how != "id"
    return plain


def _name(row: Sequence[str], lanes: Sequence[int]) -> str:
    cells = [row[column] for column in lanes if row[column]]
    return cells[0] if len(cells) == 1 else " ".join(cells)


def _has_more(row: Sequence[str], lanes: Sequence[int]) -> bool:
    return any(cell and column not in lanes for column, cell in enumerate(row))


def _head(grid: Grid, lanes: Sequence[int], first: int) -> int | None:
    """Return the row with the names of the skills: the nearest above the people that is about as full as any."""
    for wanted in (_is_text, bool):
        sizes = [
            sum(1 for column, cell in enumerate(row) if column not in lanes and wanted(cell))
            for row in grid.rows[:first]
        ]
        most = max(sizes, default=0)
        if most:
            return max(place for place, size in enumerate(sizes) if size >= FULL * most)
    return None


def _is_text(cell: str) -> bool:
    return bool(cell) and not looks_like_mark(cell)


def _below(grid: Grid, lane: _Lane, names: Sequence[str], known: Sequence[int], head: int) -> Layout:
    """Return the layout with what each row below the names of the skills is."""
    people: list[tuple[int, str]] = []
    headings: list[int] = []
    totals: list[int] = []
    last, sure = max(known[-1], head), set(known)
    place = head + 1
    while place < len(grid.rows):
        name, row = names[place], grid.rows[place]
        if place > last and (not any(row) or _explains(name, row, lane.columns)) and not _is_total(row):
            break
        if place not in sure and _is_total(row):
            totals.append(place)
        elif _has_more(row, lane.columns) or place in sure:
            people.append((place, name))
        elif name:
            headings.append(place)
        place += 1
    return Layout(grid, lane.columns, head, tuple(people), lane.workers, tuple(headings), place, tuple(totals))


def _is_total(row: Sequence[str]) -> bool:
    filled = [cell for cell in row if cell]
    first = next((cell for cell in filled if not isinstance(cell, BadCell)), "")
    return bool(TOTALS.fullmatch(first)) or (bool(filled) and not first)


def _explains(name: str, row: Sequence[str], lanes: Sequence[int]) -> bool:
    """Return whether a row below the people is one of a legend: a mark and what it means, or words alone."""
    others = [cell for column, cell in enumerate(row) if cell and column not in lanes]
    return looks_like_mark(name) or not any(looks_like_mark(cell) or isinstance(cell, BadCell) for cell in others)
