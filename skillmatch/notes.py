"""What somebody who was at a site leaves there: a note for whoever comes next, or a suggestion to improve something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from skillmatch.errors import Invalid
from skillmatch.scale import check_id, check_time

LONGEST_NOTE = 2000
"""Characters of a note, and of its answer."""


class NoteKind(StrEnum):
    """Whom a note is for: the next worker, or those who talk with the customer."""

    NOTE = "note"
    SUGGESTION = "suggestion"


class NoteStatus(StrEnum):
    """What became of a note. What its writer took back is `withdrawn`, and shown to nobody."""

    OPEN = "open"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class SiteNote:
    """A note about a site, or about one `asset` there, by whom it was written; `worker` where that is one of ours.

    `answer` is what was said of it by `answered_by`, who closed it.
    """

    id: str
    site: str
    kind: NoteKind
    text: str
    time: datetime
    by: str = ""
    worker: str | None = None
    asset: str | None = None
    status: NoteStatus = NoteStatus.OPEN
    answer: str = ""
    answered_by: str = ""

    def __post_init__(self) -> None:
        what = f"site note {self.id!r}"
        check_id(self.id, "site note")
        check_id(self.site, "site")
        check_time(self.time, f"time of {what}")
        for id, name in ((self.worker, "worker"), (self.asset, "asset")):
            if id is not None:
                check_id(id, name)
        if not 1 <= len(self.text) <= LONGEST_NOTE or self.text != self.text.strip():
            raise Invalid(
                f"the text of {what} has {len(self.text):,} characters: expected 1 to {LONGEST_NOTE:,}, without blanks"
                " around them"
            )
        if len(self.answer) > LONGEST_NOTE:
            raise Invalid(f"the answer to {what} has {len(self.answer):,} characters: expected up to {LONGEST_NOTE:,}")
