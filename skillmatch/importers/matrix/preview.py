"""What a sheet was taken for, before anything is written: every match with its confidence, and what has none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from skillmatch.importers.matrix.people import Found
from skillmatch.model import Problem
from skillmatch.skills.linking import LinkedSkill
from skillmatch.taxonomy import LONGEST_WORDS, Correction

MATCHED, CHOSEN, LEFT_OUT, UNMATCHED, CONFLICT = "matched", "chosen", "left out", "unmatched", "conflict"
TAKEN = frozenset((MATCHED, CHOSEN))
OPEN = frozenset((UNMATCHED, CONFLICT))
PROPOSED = 0.2
"""What is less likely than this is shown, but not proposed as the answer."""


class Statement(NamedTuple):
    """One cell: the level that it says a worker has in a skill."""

    worker: str
    skill: str
    level: float


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """A column of skills and what it was matched with.

    Parameters
    ----------
    text
        What stands above it; with its place where that comes twice. By this it is chosen.
    place
        The cell of the heading.
    status
        `matched` by itself, `chosen` by somebody, `left out` by somebody, `unmatched`, or in `conflict`: another column
        means the same skill.
    best
        The skill that is taken, or the likeliest one; None when nothing resembles it.
    others
        What else it may mean, the likeliest first.
    exact
        Whether it is the id or a name of the skill already.
    cells
        How many cells say something.
    scale
        The scale of its marks, where that is not the one of the sheet.
    reason
        Why it is not taken, for people.
    """

    text: str
    place: str
    status: str
    best: LinkedSkill | None
    others: tuple[LinkedSkill, ...] = ()
    exact: bool = False
    cells: int = 0
    scale: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PersonMatch:
    """A person of the sheet and the worker she was matched with; as in `ColumnMatch`."""

    text: str
    place: str
    status: str
    best: Found | None
    others: tuple[Found, ...] = ()
    cells: int = 0
    reason: str = ""


def skill_for(column: ColumnMatch) -> str:
    """Return the skill that is proposed for a column without a match; SKILL where none is likely enough to be."""
    likely = column.best is not None and column.status != CONFLICT and column.best.confidence >= PROPOSED
    return column.best.skill if column.best is not None and likely else "SKILL"


def worker_for(person: PersonMatch) -> str:
    """Return the worker who is proposed for a person without a match; WORKER where nobody is likely enough to be."""
    likely = person.best is not None and person.best.confidence >= PROPOSED
    return person.best.worker if person.best is not None and likely else "WORKER"


@dataclass(frozen=True, slots=True)
class MarkMeaning:
    """A mark of the sheet, the level that it says (None: nothing can be told from it), and how many cells have it."""

    mark: str
    level: float | None
    cells: int


@dataclass(frozen=True, slots=True)
class MatrixPreview:
    """Everything that a sheet was taken for.

    Parameters
    ----------
    file, orientation
        Where it stands; `people down` or `people across`.
    scale, doubt, marks
        The scale of the sheet, what is doubtful about it, and what each mark says.
    columns, people
        What stands beside the marks and its matches, as the sheet has them.
    beside
        Columns and rows that hold no marks or totals, and why.
    cells, blank
        How many cells say something that is taken, and how many say nothing.
    problems
        What cannot be read, by cell.
    """

    file: str
    orientation: str
    scale: str
    doubt: str
    marks: tuple[MarkMeaning, ...]
    columns: tuple[ColumnMatch, ...]
    people: tuple[PersonMatch, ...]
    beside: tuple[str, ...]
    cells: int
    blank: int
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()

    @property
    def open_columns(self) -> tuple[ColumnMatch, ...]:
        """Columns that need a choice."""
        return tuple(column for column in self.columns if column.status in OPEN)

    @property
    def open_people(self) -> tuple[PersonMatch, ...]:
        """People who need a choice."""
        return tuple(person for person in self.people if person.status in OPEN)

    @property
    def ready(self) -> bool:
        """Whether everything that the sheet says is understood."""
        return not (self.problems or self.open_columns or self.open_people)

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """What is learned when the sheet is taken in: words for which somebody chose a skill not called so yet."""
        return tuple(
            Correction(column.text, column.best.skill, accepted=True)
            for column in self.columns
            if column.status == CHOSEN
            and column.best is not None
            and not column.exact
            and len(column.text) <= LONGEST_WORDS
        )
