"""Facts that hard rules read: certifications granted, revoked and excused, jobs declined; and wishes to learn.

But for a certification that names a skill they say nothing about ability, so the filter passes them over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from skillmatch.beliefs.fact import Evidence
from skillmatch.beliefs.observation import Demand, Observation, Trial
from skillmatch.errors import Invalid
from skillmatch.model import Certification
from skillmatch.scale import check_id, check_level
from skillmatch.wording import said


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificationGranted(Evidence):
    """An exam was passed. With `skill` and `level` it also tells of proficiency; expiry is a matter of rules."""

    KIND: ClassVar[str] = "certification"

    type: str
    issued: date
    expires: date | None = None
    issuer: str = ""
    skill: str | None = None
    level: float | None = None

    def __post_init__(self) -> None:
        Evidence.__post_init__(self)
        check_id(self.type, "certification type")
        if self.expires is not None and self.expires < self.issued:
            raise Invalid(
                said(
                    "certification {id!r} expires on {expires}, before it was issued on {issued}",
                    id=self.id,
                    expires=self.expires,
                    issued=self.issued,
                )
            )
        if (self.skill is None) != (self.level is None):
            raise Invalid(f"certification {self.id!r} needs both a skill and a level, or neither")
        if self.level is not None:
            check_level(self.level, f"level of certification {self.id!r}")

    def certification(self) -> Certification:
        """Return the proof itself, for the rules."""
        return Certification(self.worker, self.type, self.issued, self.expires, self.issuer)

    def observe(self) -> tuple[Observation, ...]:
        if self.skill is None:
            return ()
        return (Trial((Demand(self.skill, self.level),), 1.0, slope=1.5, practice=False),)

    def skills(self) -> tuple[str, ...]:
        return () if self.skill is None else (self.skill,)

    def describe(self) -> str:
        if self.expires:
            return said("certified {type} until {day}", type=self.type, day=self.expires)
        return said("certified {type}", type=self.type)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificationRevoked(Evidence):
    """From `time` on certifications of `type` no longer count, until the day `until` or for good; one that is issued
    later counts again.
    """

    KIND: ClassVar[str] = "revocation"

    type: str
    until: date | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        Evidence.__post_init__(self)
        check_id(self.type, "certification type")
        _check_until(self.until, self, said("revocation"))

    def holds_on(self, day: date) -> bool:
        """Return whether it is in force on `day`."""
        return self.time.date() <= day and (self.until is None or day <= self.until)

    def describe(self) -> str:
        if self.until:
            return said("certification {type} revoked until {day}", type=self.type, day=self.until)
        return said("certification {type} revoked", type=self.type)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionGranted(Evidence):
    """Somebody answers for letting this worker work without a certification of `type`, until a day."""

    KIND: ClassVar[str] = "exemption"

    type: str
    until: date
    granted_by: str
    reason: str = ""

    def __post_init__(self) -> None:
        Evidence.__post_init__(self)
        check_id(self.type, "certification type")
        check_id(self.granted_by, "who grants an exemption")
        _check_until(self.until, self, said("exemption"))

    def holds_on(self, day: date) -> bool:
        """Return whether it is in force on `day`."""
        return self.time.date() <= day <= self.until

    def describe(self) -> str:
        return said(
            "may work without {type} until {day}, says {name}", type=self.type, day=self.until, name=self.granted_by
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDeclined(Evidence):
    """A worker refused a job: it is not offered to her again for a while. It says nothing of her ability."""

    KIND: ClassVar[str] = "declined"

    job: str
    reason: str = ""

    def __post_init__(self) -> None:
        Evidence.__post_init__(self)
        check_id(self.job, "job")

    def describe(self) -> str:
        if self.reason:
            return said("declined job {job}: {reason}", job=self.job, reason=self.reason)
        return said("declined job {job}", job=self.job)


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningWish(Evidence):
    """A worker wishes to learn a skill; `active` False takes the wish back."""

    KIND: ClassVar[str] = "learning_wish"

    skill: str
    active: bool = True
    note: str = ""

    def __post_init__(self) -> None:
        Evidence.__post_init__(self)
        check_id(self.skill, "skill")

    def describe(self) -> str:
        if self.active:
            return said("wishes to learn {skill}", skill=self.skill)
        return said("no longer wishes to learn {skill}", skill=self.skill)


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillDeclined(Evidence):
    """A worker says that a skill that was inferred is none of hers: it is not proposed to her again. It says nothing of
    her ability.
    """

    KIND: ClassVar[str] = "skill_declined"

    skill: str
    note: str = ""

    def __post_init__(self) -> None:
        Evidence.__post_init__(self)
        check_id(self.skill, "skill")

    def describe(self) -> str:
        if self.note:
            return said("does not claim {skill}: {note}", skill=self.skill, note=self.note)
        return said("does not claim {skill}", skill=self.skill)


def _check_until(until: date | None, fact: Evidence, what: str) -> None:
    if until is not None and until < fact.time.date():
        raise Invalid(
            said(
                "{what} {id!r} ends on {until}, before it begins on {begin}",
                what=what,
                id=fact.id,
                until=until,
                begin=fact.time.date(),
            )
        )
