"""The columns of a matrix: which hold marks and on which scale, and which say something else about people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from skillmatch.importers.draft import Unfit, shown
from skillmatch.importers.excel import BadCell
from skillmatch.importers.matrix.choices import Choices
from skillmatch.importers.matrix.detection import Detected, detect
from skillmatch.importers.matrix.grid import Cells, Grid
from skillmatch.importers.matrix.layout import ABOUT, TOTALS, Layout, looks_like_mark
from skillmatch.importers.matrix.marks import CHOICES, HELD, Scale

READABLE = 0.5
"""A column of which a smaller share can be read as marks holds something else, unless it is called like a skill."""
_REPEATED = frozenset(("numbers", "percent"))


@dataclass(frozen=True, slots=True)
class Marks:
    """What marks say: by choice, else by a scale."""

    scale: Scale
    chosen: Mapping[str, float | None] = field(default_factory=dict)

    def silent(self, mark: str) -> bool:
        """Return whether a mark was chosen to say nothing."""
        return mark in self.chosen and self.chosen[mark] is None

    def level(self, mark: str) -> float | None:
        """Return the level that a mark says, or None when it says nothing or cannot be read."""
        if mark in self.chosen:
            return self.chosen[mark]
        return None if isinstance(mark, BadCell) else self.scale.level(mark)

    def reads(self, mark: str) -> bool:
        """Return whether something, or on purpose nothing, is said by a mark."""
        return mark in self.chosen or self.level(mark) is not None


@dataclass(slots=True)
class Column:
    """A column that may be a skill: `text` is how it is chosen, `heading` what stands above it."""

    number: int
    heading_row: int
    heading: str
    cells: Cells
    counts: Counter[str]
    text: str = ""
    marks: Marks = field(default_factory=lambda: Marks(Scale("crosses")))


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of skills, the scale of most of them, what else there is, and marks without a heading."""

    skills: tuple[Column, ...]
    marks: Marks
    doubt: str
    beside: tuple[tuple[int, str], ...]
    nameless: tuple[tuple[int, int, Unfit], ...]
    """Row, column, and what is wrong there."""


def find_columns(layout: Layout, choices: Choices, is_skill: Callable[[str, str], bool]) -> Columns:
    """Return what the columns of a matrix hold.

    Parameters
    ----------
    is_skill
        Tells of the text by which a column is chosen, and of its heading, that it is a skill whatever its cells look
        like.

    Raises
    ------
    Unfit
        When no column holds marks that can be read.
    """
    candidates, nameless = _candidates(layout)
    beside = [(one.number, _about(one, layout.grid)) for one in candidates if _is_about(one, is_skill)]
    left = {number for number, _why in beside}
    kept = [one for one in candidates if one.number not in left]
    chosen, total = choices.marks, Counter[str]()
    for one in kept:
        total.update({mark: count for mark, count in one.counts.items() if mark not in chosen})
    found = _scale(total, layout, choices)
    skills = []
    for one in kept:
        own = _own_marks(one, Marks(found.scale, chosen), choices)
        one.marks = own or Marks(found.scale, chosen)
        if own is None and not is_skill(one.text, one.heading):
            beside.append((one.number, _not_marks(one, layout.grid)))
        else:
            skills.append(one)
    if not skills:
        raise Unfit(*_nothing(total))
    doubt = found.doubt if choices.scale is None else ""
    return Columns(tuple(skills), Marks(found.scale, chosen), doubt, tuple(sorted(beside)), tuple(nameless))


def _candidates(layout: Layout) -> tuple[list[Column], list[tuple[int, int, Unfit]]]:
    """Return the columns with a heading and something below it, and what is wrong with others that hold marks."""
    grid, found, nameless = layout.grid, [], []
    bodies = zip(*(grid.rows[row] for row, _name in layout.people), strict=True)
    for number, cells in enumerate(bodies):
        counts = Counter(cells)
        counts.pop("", None)
        row, heading = layout.heading(number)
        if number in layout.lanes or not (counts or heading):
            continue
        if isinstance(heading, BadCell):
            nameless.append((row, number, Unfit(heading, BadCell.expected)))
        elif heading:
            found.append(Column(number, row, heading, cells, counts))
        elif any(looks_like_mark(mark) for mark in counts):
            above = "beside" if grid.turned else "above"
            wrong = Unfit(f"{counts.total():,} marks and no name of a skill {above} them", "the name of a skill")
            nameless.append((row, number, wrong))
    twice = Counter(one.heading for one in found)
    for one in found:
        alone = twice[one.heading] == 1
        one.text = one.heading if alone else f"{one.heading} [{grid.place(one.heading_row, one.number)}]"
    return found, nameless


def _is_about(column: Column, is_skill: Callable[[str, str], bool]) -> bool:
    if not column.counts:
        return True
    if is_skill(column.text, column.heading):
        return False
    return bool(TOTALS.fullmatch(column.heading) or ABOUT.fullmatch(column.heading))


def _about(column: Column, grid: Grid) -> str:
    what = "nothing in it" if not column.counts else "about the person, no skill"
    return f"{_called(column, grid)}: {what}"


def _not_marks(column: Column, grid: Grid) -> str:
    return f"{_called(column, grid)}: no marks, such as {shown(next(iter(column.counts)))}"


def _called(column: Column, grid: Grid) -> str:
    return f"{shown(column.text)} ({grid.place(column.heading_row, column.number)})"


def _scale(total: Mapping[str, int], layout: Layout, choices: Choices) -> Detected:
    held = HELD if choices.held is None else choices.held
    given = choices.given_scale()
    if given is not None:
        return Detected(given, 0)
    clean = {mark: count for mark, count in total.items() if not isinstance(mark, BadCell)}
    found = detect(clean, _legend(layout), held=held)
    if found is None and not choices.marks:
        raise Unfit(*_nothing(total))
    return found or Detected(Scale("crosses", held=held), 0)


def _legend(layout: Layout) -> Iterable[str]:
    rows: Sequence[Cells] = (*layout.grid.rows[: layout.head], *layout.grid.rows[layout.below : layout.below + 100])
    return (cell for row in rows for cell in row if cell and not isinstance(cell, BadCell))


def _own_marks(column: Column, marks: Marks, choices: Choices) -> Marks | None:
    """Return what the marks of a column say: as in the sheet, or on a scale of its own; None when they are no marks."""
    size = column.counts.total()
    if sum(count for mark, count in column.counts.items() if marks.reads(mark)) >= READABLE * size:
        return marks
    if choices.scale is None:
        clean = {mark: count for mark, count in column.counts.items() if not isinstance(mark, BadCell)}
        own = detect(clean, held=HELD if choices.held is None else choices.held)
        both_numbers = own is not None and {own.scale.kind, marks.scale.kind} <= _REPEATED
        if own is not None and own.read == size and not both_numbers:
            return Marks(own.scale, marks.chosen)
    formulas = sum(count for mark, count in column.counts.items() if isinstance(mark, BadCell))
    return marks if formulas > READABLE * size else None


def _nothing(total: Mapping[str, int]) -> tuple[str, str]:
    examples = ", ".join(shown(mark) for mark in list(total)[:3])
    found = f"no marks that can be read{f': {examples}' if examples else ''}"
    return found, f"marks on a scale ({CHOICES}); name it with --scale, or say what single ones mean with --mark"
