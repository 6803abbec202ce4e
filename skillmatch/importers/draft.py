"""What has been read but not yet compared: each row's content and its place, what could not be read, and notes."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from skillmatch.beliefs.evidence import Evidence
from skillmatch.model import Noun, Problem

Progress = Callable[[str, int, int | None], None]
"""Called with the name of a file, the rows read from it so far, and how many it has, if that is known."""

SHOWN = 80
PROGRESS_EVERY = 5_000
_LINE_BITS = 40


class Unfit(Exception):
    """A cell, row or file that cannot be taken: what was found and what was expected."""

    def __init__(self, found: str, expected: str, *, column: str | None = None, line: int | None = None) -> None:
        super().__init__(found, expected)
        self.found, self.expected, self.column, self.line = found, expected, column, line

    @classmethod
    def from_invalid(cls, error: ValueError) -> Unfit:
        """Return what an error of the domain, 'this is wrong: expected that', says as found and expected."""
        found, _, expected = str(error).partition(": expected ")
        if not expected:
            found, _, expected = str(error).partition(": ")
        return cls(found, expected or "values that agree with each other")


def shown(value: object) -> str:
    """Return a value in quotes for a message, cut after 80 characters.

    >>> shown("a" * 100) == "'" + "a" * 80 + "…'"
    True
    """
    text = str(value)
    return repr(text if len(text) <= SHOWN else text[:SHOWN] + "…")


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from, and how they are judged.

    `distinct`: rows that repeat an earlier one say nothing new; otherwise they are a mistake. `log`: evidence may come
    in several versions of one key. `published`: links that do not fit are the publisher's; they are left out with a
    note.
    """

    file: str
    distinct: bool = False
    log: bool = False
    published: bool = False


@dataclass(slots=True)
class Rows:
    """Things of one class in the order of reading, each with its place."""

    things: list[Any] = field(default_factory=list)
    places: array[int] = field(default_factory=lambda: array("Q"))


@dataclass(slots=True)
class Draft:
    """Everything read so far. A place is one number that stands for a source and a line."""

    progress: Progress | None = None
    sources: list[Source] = field(default_factory=list)
    rows: dict[type, Rows] = field(default_factory=dict)
    spoilt: dict[tuple[type, str], int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _left_out: dict[str, tuple[int, str]] = field(default_factory=dict)

    def open(self, source: Source) -> int:
        """Add a source and return its number."""
        self.sources.append(source)
        return len(self.sources) - 1

    def add(self, thing: Noun | Evidence, source: int, line: int) -> None:
        """Keep what one row says."""
        kind = Evidence if isinstance(thing, Evidence) else type(thing)
        rows = self.rows.get(kind)
        if rows is None:
            rows = self.rows[kind] = Rows()
        rows.things.append(thing)
        rows.places.append(source << _LINE_BITS | line)

    def spoil(self, kind: type, id: str, place: int) -> None:
        """Remember that the row of a thing cannot be taken, for the rows that refer to it."""
        self.spoilt.setdefault((kind, id), place)

    def place(self, source: int, line: int) -> int:
        """Return the number that stands for a line of a source."""
        return source << _LINE_BITS | line

    def source_of(self, place: int) -> Source:
        """Return the source a place lies in."""
        return self.sources[place >> _LINE_BITS]

    def line_of(self, place: int) -> int:
        """Return the line of a place."""
        return place & (1 << _LINE_BITS) - 1

    def refuse(self, file: str, error: Unfit, *, line: int | None = None) -> None:
        """Note down as a problem what `error` says."""
        where = error.line if error.line is not None else line
        self.problems.append(Problem(file, where, error.column, error.found, error.expected))

    def leave_out(self, what: str, example: str) -> None:
        """Count a published row that is left out; `left_out` tells how many of each sort there were."""
        number, first = self._left_out.get(what, (0, example))
        self._left_out[what] = (number + 1, first)

    def left_out(self) -> list[str]:
        """Return a note for each sort of published rows that were left out."""
        return [f"{number:,} {what} left out; the first: {first}" for what, (number, first) in self._left_out.items()]

    @contextmanager
    def reading(self, file: str) -> Iterator[None]:
        """Make what ends the reading of a file a problem; what was read before stays."""
        try:
            yield
        except Unfit as error:
            self.refuse(file, error)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self.refuse(file, Unfit(f"a file that cannot be read ({reason})", "a file that this program may read"))

    def refuse_at(self, place: int, error: Unfit) -> None:
        """Note down as a problem what `error` says of the row at a place."""
        self.refuse(self.source_of(place).file, error, line=self.line_of(place))

    def watch(self, label: str, rows: Iterator[Any], total: int | None = None) -> Iterator[Any]:
        """Yield `rows`, telling whoever watches the progress how far it is."""
        count = 0
        for count, row in enumerate(rows, 1):
            if self.progress is not None and count % PROGRESS_EVERY == 0:
                self.progress(label, count, total)
            yield row
        if self.progress is not None:
            self.progress(label, count, count if total is None else total)
