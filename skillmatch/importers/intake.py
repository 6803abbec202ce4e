"""One table on its way in: its columns are found, its rows become nouns or evidence of a draft."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from skillmatch.beliefs.evidence import Evidence
from skillmatch.errors import Invalid
from skillmatch.importers.columns import Column, Kind
from skillmatch.importers.draft import Draft, Source, Unfit, shown
from skillmatch.importers.evidence_columns import DEFAULT_SOURCE
from skillmatch.importers.excel import BadCell
from skillmatch.importers.forms import plain
from skillmatch.importers.kinds import nearest

LONGEST_CELL = 1_000_000
_MEMO = 50_000

Produce = Callable[[Sequence[str]], Any]
"""Makes the value of a target column out of the cells of a row; None for a cell that is empty."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How the rows of one table are read: what makes each column, and which rows are left out on purpose."""

    kind: Kind
    columns: tuple[tuple[Column, Produce], ...]
    skip: Callable[[Sequence[str]], bool] | None = None
    distinct: bool = False
    source: str = DEFAULT_SOURCE


def parsed(column: Column, text: Callable[[Sequence[str]], str], *, repeats: bool | None = None) -> Produce:
    """Return what reads the values of a column out of the text that `text` takes from a row."""
    parse, memo = column.form.parse, {"": None}
    repeats = column.repeats if repeats is None else repeats

    def produce(cells: Sequence[str]) -> Any:
        cell = text(cells)
        if cell.__class__ is BadCell:
            raise Unfit(cell, BadCell.expected)
        cell = cell.strip()
        if cell in memo:
            return memo[cell]
        value = parse(cell)
        if repeats and len(memo) < _MEMO:
            memo[cell] = value
        return value

    return produce


def cell_at(index: int) -> Callable[[Sequence[str]], str]:
    """Return what takes the cell at `index` out of a row, which may be shorter than its header."""
    return lambda cells: cells[index] if index < len(cells) else ""


class Header:
    """The names of a table's columns as they stand in its first row.

    Raises
    ------
    Unfit
        When one name stands there twice.
    """

    def __init__(self, line: int, cells: Sequence[str]) -> None:
        self.line = line
        self.names = [cell.strip() for cell in cells]
        while self.names and not self.names[-1]:
            self.names.pop()
        self._index: dict[str, int] = {}
        for index, name in enumerate(self.names):
            if name and plain(name) in self._index:
                raise Unfit("this column twice", "each column once", column=name, line=line)
            self._index[plain(name)] = index
        self._index.pop("", None)

    def find(self, name: str) -> int | None:
        """Return the index of a column, however it is spelt, or None."""
        return self._index.get(plain(name))

    def listed(self) -> str:
        """Return the names for a message."""
        return shown(", ".join(self.names)) if self.names else "no names"


def plan_by_header(kind: Kind, header: Header, file: str, draft: Draft) -> Plan | None:
    """Return how to read a table whose columns have the names of its kind; None when a required one is missing.

    Columns of other names are left out with a note.
    """
    strange = [name for name in header.names if not kind.column(name)]
    for name in strange:
        near = nearest(name, (column.name for column in kind.columns if header.find(column.name) is None))
        advice = f"; did you mean {near!r}?" if near else ""
        called = shown(name) if name else "without a name"
        draft.notes.append(f"{file}: a column {called} is none of the columns of {kind.name}, left out{advice}")
    missing = [column.name for column in kind.columns if column.required and header.find(column.name) is None]
    for name in missing:
        near = nearest(name, strange)
        advice = f"; is it {near!r}?" if near else ""
        expected = f"a column {name!r} in a table of {kind.name}{advice}"
        draft.refuse(file, Unfit(f"columns {header.listed()}", expected, column=name, line=header.line))
    if missing:
        return None
    pairs = [(column, header.find(column.name)) for column in kind.columns]
    return Plan(kind, tuple((column, parsed(column, cell_at(i))) for column, i in pairs if i is not None))


class Intake:
    """Takes the rows of one table into a draft, by a plan."""

    def __init__(self, plan: Plan, header: Header, file: str, draft: Draft) -> None:
        self.plan = plan
        self.rows = self.skipped = 0
        self._draft = draft
        self._width = len(header.names)
        self._names = header.names
        self._source = draft.open(Source(file, distinct=plan.distinct))
        self._is_evidence = issubclass(plan.kind.cls, Evidence)
        self._seen: set[tuple[Any, ...]] = set()

    def take(self, line: int, cells: Sequence[str]) -> None:
        """Take one row; what is wrong with it becomes a problem of the draft for each column."""
        self.rows += 1
        try:
            if self.plan.skip is not None and self.plan.skip(cells):
                self.skipped += 1
                return
            self._check_shape(cells)
        except Unfit as error:
            self._refuse(line, error)
            return
        values = self._values(line, cells)
        if values is None:
            return
        if self.plan.distinct:
            key = tuple(values.items())
            if key in self._seen:
                return
            self._seen.add(key)
        if self._is_evidence:
            values.setdefault("source", self.plan.source)
        try:
            things = self.plan.kind.build(values)
        except Unfit as error:
            self._refuse(line, error, values.get("id"))
        except Invalid as error:
            self._refuse(line, Unfit.from_invalid(error), values.get("id"))
        else:
            for thing in things:
                self._draft.add(thing, self._source, line)

    def _values(self, line: int, cells: Sequence[str]) -> dict[str, Any] | None:
        """Return the values of the filled cells by column, or None when one of them cannot be taken."""
        values, errors = {}, []
        for column, produce in self.plan.columns:
            try:
                value = produce(cells)
                if value is not None:
                    values[column.name] = value
                elif column.required:
                    raise Unfit("an empty cell", f"{column.form.expected}, as all {self.plan.kind.name} need")
            except Unfit as error:
                error.column = column.name
                errors.append(error)
        for each in errors:
            self._refuse(line, each, values.get("id"))
        return None if errors else values

    def _check_shape(self, cells: Sequence[str]) -> None:
        if len(cells) > self._width and any(cells[self._width :]):
            last = max(i for i, cell in enumerate(cells, 1) if cell)
            raise Unfit(f"{last} cells", f"at most {self._width}, one for each column")
        for index, cell in enumerate(cells):
            if len(cell) > LONGEST_CELL:
                found = f"a cell of {len(cell):,} characters"
                raise Unfit(
                    found, f"at most {LONGEST_CELL:,}; is a quotation mark not closed?", column=self._names[index]
                )

    def _refuse(self, line: int, error: Unfit, id: str | None = None) -> None:
        self._draft.refuse(self._draft.sources[self._source].file, error, line=line)
        if id is not None:
            self._draft.spoil(self.plan.kind.cls, id, self._draft.place(self._source, line))
