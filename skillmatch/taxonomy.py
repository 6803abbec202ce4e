"""What people decided about the skills graph: words that mean a skill or do not, and skills that are one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from skillmatch.errors import Invalid
from skillmatch.scale import check_id, check_time

LONGEST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Correction:
    """Somebody accepted or rejected a skill for some words; what she said last about both counts. `by` is who."""

    text: str
    skill: str
    accepted: bool
    by: str = ""

    def __post_init__(self) -> None:
        check_id(self.skill, "skill")
        if not 1 <= len(self.text) <= LONGEST_WORDS or self.text != self.text.strip():
            raise Invalid(
                f"words of {len(self.text):,} characters for skill {self.skill!r}: expected 1 to {LONGEST_WORDS}, "
                "without blanks around them"
            )


@dataclass(frozen=True, slots=True)
class Merge:
    """Two skills were found to be one: from then on everything that names `skill` means `into`.

    What was recorded stays as it was recorded, so a merge that is `undone` leaves no trace in beliefs.
    """

    skill: str
    into: str
    time: datetime
    by: str = ""
    reason: str = ""
    undone: bool = False

    def __post_init__(self) -> None:
        check_id(self.skill, "skill")
        check_id(self.into, "skill")
        check_time(self.time, f"merge of skill {self.skill!r}")
        if self.skill == self.into:
            raise Invalid(f"skill {self.skill!r} is merged into itself: expected two different skills")
