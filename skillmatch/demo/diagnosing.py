"""What the sample firm knows of causes: which there are with what they need, what to ask, and what its people noted.

How likely a cause is the firm leaves to its finished jobs: that is the truth, which nobody there has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from skillmatch.demo.catalogue import Catalogue, read_table
from skillmatch.model import Cause, Question

NOTED = re.compile(r"cause: ([^;]+)")
"""How the people of the firm begin the note of a visit at which they found the cause, or thought so."""


def listed_causes(catalogue: Catalogue) -> tuple[Cause, ...]:
    """Return the causes of the natures of call that leave any open; planned work has none."""
    return tuple(
        Cause(cause.name, cause.needs, job_type=nature.id)
        for nature in catalogue.natures
        if not nature.planned
        for cause in nature.causes
    )


def listed_questions() -> tuple[Question, ...]:
    """Return what the dispatchers have learned to ask on the telephone."""
    rows: Iterable[dict[str, object]] = read_table("questions")["question"]
    return tuple(_question(**row) for row in rows)  # type: ignore[arg-type]


def _question(id: str, ask: str, of: str, yes: dict[str, float], otherwise: float) -> Question:
    return Question(id, ask, tuple(yes.items()), otherwise, of)


def noted_cause(note: str) -> str | None:
    """Return the cause that a note names; None when it names none.

    >>> noted_cause("cause: blown capacitor; with help from Ada"), noted_cause("cause not found")
    ('blown capacitor', None)
    """
    named = NOTED.match(note)
    return named[1].strip() if named else None
