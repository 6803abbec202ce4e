"""What an import did, and what it could not take."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that cannot be taken: where it stands, what was found there, what was expected.

    `line` counts from 1 as a text editor or a spreadsheet does; None where the whole file is meant.
    """

    file: str
    line: int | None
    column: str | None
    found: str
    expected: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        column = f", column {self.column!r}" if self.column else ""
        return f"{where}{column}: found {self.found}; expected {self.expected}"


@dataclass(slots=True)
class Report:
    """What an import did: rows added, changed and unchanged by kind, what could not be taken, and notes for people."""

    added: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def count(self, kind: str, *, added: int = 0, changed: int = 0, unchanged: int = 0) -> None:
        """Add to the counts of one kind of row."""
        for counts, number in ((self.added, added), (self.changed, changed), (self.unchanged, unchanged)):
            if number:
                counts[kind] = counts.get(kind, 0) + number
