"""The cells where people and skills meet: what each says, what cannot be read, and the preview of it all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from skillmatch.importers.draft import shown
from skillmatch.importers.excel import BadCell
from skillmatch.importers.matrix.columns import Column, Columns
from skillmatch.importers.matrix.grid import Grid
from skillmatch.importers.matrix.layout import Layout
from skillmatch.importers.matrix.preview import (
    LEFT_OUT,
    TAKEN,
    ColumnMatch,
    MarkMeaning,
    MatrixPreview,
    PersonMatch,
    Statement,
)
from skillmatch.model import Problem

MOST_PROBLEMS = 1_000
"""So many cells that cannot be read are listed one by one."""
MOST_MARKS = 60
MOST_LINES = 5


@dataclass(frozen=True, slots=True)
class Matrix:
    """What a sheet was taken for, and what it says of people who are known in skills that are known."""

    preview: MatrixPreview
    statements: tuple[Statement, ...]


class _Body:
    """A column on its way to statements: its skill (or nothing) and the levels of its marks, each found out once."""

    def __init__(self, column: Column, skill: str) -> None:
        self.column, self.skill = column, skill
        self._levels: dict[str, float | None] = {}

    def level(self, mark: str) -> float | None:
        """Return the level that a mark says, or None."""
        if mark not in self._levels:
            self._levels[mark] = self.column.marks.level(mark)
        return self._levels[mark]


class Cells:
    """Goes through the cells where people and skills meet; `matrix` may be asked for once."""

    def __init__(
        self,
        layout: Layout,
        columns: Columns,
        matches: Sequence[ColumnMatch],
        people: Sequence[PersonMatch],
        problems: Sequence[Problem],
        notes: Sequence[str],
    ) -> None:
        self._layout, self._grid, self._columns = layout, layout.grid, columns
        self._matches, self._people = list(matches), list(people)
        self._notes = list(notes)
        self._problems = list(problems)
        self._unreadable = 0
        self._counts: Counter[int] = Counter()

    def matrix(self) -> Matrix:
        """Return what the cells say, and the preview."""
        self._name_faults()
        statements = tuple(self._statements())
        if self._unreadable > MOST_PROBLEMS:
            more = f"{self._unreadable - MOST_PROBLEMS:,} more cells that cannot be read"
            self._problems.append(Problem(self._grid.file, None, None, more, "marks of one scale; see the first ones"))
        taken = [sum(1 for one in ones if one.status in TAKEN) for ones in (self._matches, self._people)]
        preview = MatrixPreview(
            self._grid.file,
            "people across" if self._grid.turned else "people down",
            self._columns.marks.scale.name,
            self._columns.doubt,
            self._meanings(),
            tuple(self._counted_columns()),
            tuple(replace(one, cells=self._counts[place]) for place, one in enumerate(self._people)),
            self._beside(),
            len(statements),
            taken[0] * taken[1] - len(statements),
            tuple(self._problems),
            tuple(self._notes),
        )
        return Matrix(preview, statements)

    def _name_faults(self) -> None:
        """Make problems of marks that are nobody's, of nothing known, or somebody's a second time."""
        for row, column, wrong in self._columns.nameless:
            self._refuse(row, column, wrong.found, wrong.expected)
        for (row, name), person in zip(self._layout.people, self._people, strict=True):
            lane = self._layout.lanes[0]
            if isinstance(name, BadCell):
                self._refuse(row, lane, str(name), BadCell.expected)
            elif not name:
                self._refuse(row, lane, "marks without the name of a person", "a name, or no marks")
            elif "already" in person.reason:
                self._refuse(row, lane, f"{shown(name)}: {person.reason}", "each person once: delete one of the two")

    def _statements(self) -> Iterator[Statement]:
        bodies = [
            _Body(column, match.best.skill if match.best and match.status in TAKEN else "")
            for column, match in zip(self._columns.skills, self._matches, strict=True)
            if match.status != LEFT_OUT
        ]
        for place, ((row, _name), person) in enumerate(zip(self._layout.people, self._people, strict=True)):
            if person.status != LEFT_OUT:
                worker = person.best.worker if person.best and person.status in TAKEN else ""
                yield from self._said_of(worker, place, row, bodies)

    def _said_of(self, worker: str, place: int, row: int, bodies: Sequence[_Body]) -> Iterator[Statement]:
        """Yield what a row says of a worker; of somebody unknown, only see which cells can be read."""
        for body in bodies:
            mark = body.column.cells[place]
            if not mark:
                continue
            level = body.level(mark)
            if level is not None:
                self._counts[place] += 1
                if worker and body.skill:
                    yield Statement(worker, body.skill, level)
            elif not body.column.marks.silent(mark):
                self._unread(row, body.column, mark)

    def _unread(self, row: int, column: Column, mark: str) -> None:
        self._unreadable += 1
        if self._unreadable > MOST_PROBLEMS:
            return
        if isinstance(mark, BadCell):
            self._refuse(row, column.number, str(mark), BadCell.expected)
            return
        expected = f'{column.marks.scale.expected}; or say what it means with --mark "{mark[:20]}=LEVEL"'
        self._refuse(row, column.number, f"{shown(mark)} for {shown(column.text)}", expected)

    def _refuse(self, row: int, column: int, found: str, expected: str) -> None:
        grid = self._grid
        where = f"cell {grid.place(row, column)}: {found}"
        self._problems.append(Problem(grid.file, grid.line(row, column), grid.letters(row, column), where, expected))

    def _counted_columns(self) -> Iterator[ColumnMatch]:
        usual = self._columns.marks.scale
        for column, match in zip(self._columns.skills, self._matches, strict=True):
            scale = "" if column.marks.scale == usual else column.marks.scale.name
            cells = sum(count for mark, count in column.counts.items() if column.marks.level(mark) is not None)
            yield replace(match, cells=cells, scale=scale)

    def _meanings(self) -> tuple[MarkMeaning, ...]:
        counts: Counter[tuple[str, float | None]] = Counter()
        for column, match in zip(self._columns.skills, self._matches, strict=True):
            if match.status != LEFT_OUT:
                for mark, count in column.counts.items():
                    counts[str(mark), column.marks.level(mark)] += count
        order = sorted(counts, key=lambda one: (-1.0 if one[1] is None else one[1], one[0]))
        return tuple(MarkMeaning(mark, level, counts[mark, level]) for mark, level in order[:MOST_MARKS])

    def _beside(self) -> tuple[str, ...]:
        layout, grid = self._layout, self._grid
        return (
            *(why for _number, why in self._columns.beside),
            *_lines(grid, layout.totals, "totals"),
            *_lines(grid, layout.headings, "a heading, nothing is said of it"),
            *_lines(grid, _filled(grid, layout.below), "below the people"),
        )


def _filled(grid: Grid, below: int) -> Iterable[int]:
    return (row for row in range(below, len(grid.rows)) if any(grid.rows[row]))


def _lines(grid: Grid, rows: Iterable[int], why: str) -> Iterator[str]:
    for number, row in enumerate(rows):
        if number == MOST_LINES:
            yield f"and more lines: {why}"
            return
        text = next(cell for cell in grid.rows[row] if cell)
        yield f"{grid.where(row)} {shown(text)}: {why}"
