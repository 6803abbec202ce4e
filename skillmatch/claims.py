"""What workers say of themselves that counts only once somebody has approved it, and the files they show for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from skillmatch.errors import Invalid
from skillmatch.scale import check_id, check_level, check_time

LONGEST_NOTE = 2000
LONGEST_ISSUER = 200
LONGEST_FILE_NAME = 200
MOST_FILE_BYTES = 10 * 1000 * 1000
"""Of a file as it is handed in; what is kept of a photo is far smaller."""


class ClaimStatus(StrEnum):
    """What became of a claim."""

    OPEN = "open"
    APPROVED = "approved"
    DECLINED = "declined"
    REPLACED = "replaced"
    """The worker has handed in a newer one for the same certificate or skill before anybody decided."""
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class CertificateClaim:
    """A certificate that a worker says she holds, valid from `issued` to `expires`, both included."""

    type: str
    issued: date
    expires: date | None = None
    issuer: str = ""

    def __post_init__(self) -> None:
        check_id(self.type, "certification type")
        if self.expires is not None and self.expires < self.issued:
            raise Invalid(
                f"the certificate ends on {self.expires}, before it was issued on {self.issued}: check both days"
            )
        if len(self.issuer) > LONGEST_ISSUER or not self.issuer.isprintable():
            raise Invalid(f"the issuer cannot be kept: expected at most {LONGEST_ISSUER} printable characters")

    @property
    def about(self) -> tuple[str, str]:
        """What it is about: of two open claims about the same, the newer takes the other's place."""
        return ("certificate", self.type)


@dataclass(frozen=True, slots=True)
class LevelClaim:
    """A level in a skill that a worker wants somebody to confirm."""

    skill: str
    level: float

    def __post_init__(self) -> None:
        check_id(self.skill, "skill")
        check_level(self.level, f"the level claimed in {self.skill!r}")

    @property
    def about(self) -> tuple[str, str]:
        """What it is about: of two open claims about the same, the newer takes the other's place."""
        return ("level", self.skill)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a worker hands in to be decided; `by` is who was signed in when it was, and `attachment` a file's id."""

    id: str
    worker: str
    what: CertificateClaim | LevelClaim
    time: datetime
    by: str
    note: str = ""
    attachment: str | None = None
    status: ClaimStatus = ClaimStatus.OPEN
    decided: datetime | None = None
    decided_by: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        check_id(self.worker, "worker")
        check_time(self.time, f"time of claim {self.id!r}")
        if len(self.note) > LONGEST_NOTE:
            raise Invalid(f"the note has {len(self.note):,} characters: expected at most {LONGEST_NOTE:,}")

    @property
    def same(self) -> tuple[object, ...]:
        """What makes two the same claim sent twice."""
        return (self.worker, self.what, self.note, self.attachment)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as it is kept and shown; `media` is its media type, `worker` whose paper it is."""

    id: str
    name: str
    media: str
    content: bytes
    worker: str
    by: str
    time: datetime

    @property
    def is_photo(self) -> bool:
        """Whether it can be shown on a page."""
        return self.media.startswith("image/")
