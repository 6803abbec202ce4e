"""The kinds of evidence: facts about one worker, kept in an append-only log and never changed.

Each kind says what it means to the filter in `observe`: a `Trial` (work was tried: did it succeed?) or a `Reading`
(somebody states a level). The filter knows these two and nothing of kinds, so a new kind is one class here, listed in
`KINDS`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from math import isfinite
from typing import Any, ClassVar

from skillmatch.beliefs.disputes import Dispute, DisputeDecided, DisputeEffect, Verdict
from skillmatch.beliefs.fact import EPOCH, Evidence, day_number
from skillmatch.beliefs.observation import (
    GRADES,
    STARS,
    SUCCESS,
    Demand,
    Observation,
    Rater,
    Reading,
    Result,
    Trial,
    main_demand,
    work_key,
)
from skillmatch.beliefs.papers import (
    CertificationGranted,
    CertificationRevoked,
    ExemptionGranted,
    JobDeclined,
    LearningWish,
    SkillDeclined,
)
from skillmatch.errors import Invalid
from skillmatch.scale import LEVEL_MAX, LEVEL_MIN, check_id, check_level
from skillmatch.wording import said

__all__ = [
    "ABOUT_FACTS",
    "EPOCH",
    "KINDS",
    "Assessment",
    "CertificationGranted",
    "CertificationRevoked",
    "CustomerRating",
    "Dispute",
    "DisputeDecided",
    "DisputeEffect",
    "Endorsement",
    "Evidence",
    "ExemptionGranted",
    "JobDeclined",
    "JobOutcome",
    "LearningWish",
    "LevelStatement",
    "Override",
    "Retraction",
    "SelfReport",
    "SkillDeclined",
    "TrainingCompleted",
    "Verdict",
    "day_number",
    "from_payload",
    "to_payload",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOutcome(Evidence):
    """A job ended. `demands`, `job_type`, `customer`, `site` and `estimate` (minutes) are those of the job as it stood
    then, so that replay never changes.

    `cause` is what was behind the call, `used` the skills that the work drew on, where somebody noted them, and
    `listed` what the company listed for the cause then, with the demands: these were tried, the noted ones before the
    listed ones. What she was sent for is told by `demands` all the same.
    """

    KIND: ClassVar[str] = "job_outcome"

    job: str
    result: Result
    demands: tuple[Demand, ...] = ()
    job_type: str | None = None
    minutes: float | None = None
    note: str = ""
    customer: str | None = None
    site: str | None = None
    estimate: float | None = None
    cause: str | None = None
    used: tuple[Demand, ...] = ()
    listed: tuple[Demand, ...] = ()

    def __post_init__(self) -> None:
        Evidence.__post_init__(self)
        check_id(self.job, "job")
        if self.minutes is not None and not 0.0 <= self.minutes <= 100_000.0:
            raise Invalid(
                said("outcome {id!r} took {minutes:g} minutes: expected 0 to 100000", id=self.id, minutes=self.minutes)
            )
        if self.cause is not None:
            check_id(self.cause, "cause")

    def observe(self) -> tuple[Observation, ...]:
        success = SUCCESS[self.result]
        tried = self.used or self.listed
        main = self.demands[main_demand(self.demands)].skill if tried and self.demands else None
        return (
            Trial(
                tried or self.demands,
                success,
                GRADES[self.result],
                work_key(self.job_type, self.cause),
                self.customer,
                self.site,
                minutes=self.minutes or None,
                estimate=self.estimate,
                main=main,
            ),
        )

    def skills(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(demand.skill for demand in (*self.demands, *self.used, *self.listed)))

    def describe(self) -> str:
        if self.cause:
            return said("job {job}: {result}, {cause}", job=self.job, result=said(str(self.result)), cause=self.cause)
        return said("job {job}: {result}", job=self.job, result=said(str(self.result)))


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRating(Evidence):
    """A customer said, in stars from 1 to 5, how well a worker did a job; `demands` are the job's as it stood then."""

    KIND: ClassVar[str] = "customer_rating"

    job: str
    stars: float
    customer: str | None = None
    demands: tuple[Demand, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        Evidence.__post_init__(self)
        check_id(self.job, "job")
        if not isfinite(self.stars) or not STARS[0] <= self.stars <= STARS[1]:
            raise Invalid(f"rating {self.id!r} is {self.stars:g}: expected {STARS[0]:g} to {STARS[1]:g} stars")

    def observe(self) -> tuple[Observation, ...]:
        low, high = STARS
        level = LEVEL_MIN + (LEVEL_MAX - LEVEL_MIN) * ((self.stars - low) / (high - low))
        return (Reading(self.demands, level, Rater.CUSTOMER, self.customer or ""),) if self.demands else ()

    def skills(self) -> tuple[str, ...]:
        return tuple(demand.skill for demand in self.demands)

    def describe(self) -> str:
        return said("job {job}: {stars:g} of 5 stars from the customer", job=self.job, stars=self.stars)


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelStatement(Evidence):
    """Somebody states a level; the base of self-report, assessment and endorsement."""

    RATER: ClassVar[Rater]

    skill: str
    level: float
    note: str = ""

    @property
    def by(self) -> str:
        """Who states it."""
        return self.worker

    def __post_init__(self) -> None:
        Evidence.__post_init__(self)
        check_id(self.skill, "skill")
        check_level(self.level, f"level of evidence {self.id!r}")

    def observe(self) -> tuple[Observation, ...]:
        return (Reading((Demand(self.skill),), self.level, self.RATER, self.by),)

    def skills(self) -> tuple[str, ...]:
        return (self.skill,)


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfReport(LevelStatement):
    """A worker states her own level."""

    KIND: ClassVar[str] = "self_report"
    RATER: ClassVar[Rater] = Rater.SELF

    def describe(self) -> str:
        return said("says of herself: level {level:g}", level=self.level)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment(LevelStatement):
    """A manager states a worker's level."""

    KIND: ClassVar[str] = "assessment"
    RATER: ClassVar[Rater] = Rater.MANAGER

    rater: str

    @property
    def by(self) -> str:
        return self.rater

    def describe(self) -> str:
        return said("assessed by {rater}: level {level:g}", rater=self.rater, level=self.level)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endorsement(LevelStatement):
    """A peer states a worker's level."""

    KIND: ClassVar[str] = "endorsement"
    RATER: ClassVar[Rater] = Rater.PEER

    rater: str

    @property
    def by(self) -> str:
        return self.rater

    def describe(self) -> str:
        return said("endorsed by {rater}: level {level:g}", rater=self.rater, level=self.level)


@dataclass(frozen=True, slots=True, kw_only=True)
class Override(LevelStatement):
    """A manager sets a level. It is shown beside what is believed and never changes it: it is a decision, not a fact
    about ability. A later one for the same skill takes its place; a retraction takes it back.
    """

    KIND: ClassVar[str] = "override"
    RATER: ClassVar[Rater] = Rater.MANAGER

    rater: str

    @property
    def by(self) -> str:
        return self.rater

    def observe(self) -> tuple[Observation, ...]:
        return ()

    def describe(self) -> str:
        if self.note:
            return said("set by {rater} to level {level:g}: {note}", rater=self.rater, level=self.level, note=self.note)
        return said("set by {rater} to level {level:g}", rater=self.rater, level=self.level)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingCompleted(Evidence):
    """A course was finished: weak proof that work of its `level` can now be done, none at all against an expert."""

    KIND: ClassVar[str] = "training"

    skill: str
    level: float
    course: str = ""

    def __post_init__(self) -> None:
        Evidence.__post_init__(self)
        check_id(self.skill, "skill")
        check_level(self.level, f"level of training {self.id!r}")

    def observe(self) -> tuple[Observation, ...]:
        return (Trial((Demand(self.skill, self.level),), 1.0, noise=4.0, practice=False),)

    def skills(self) -> tuple[str, ...]:
        return (self.skill,)

    def describe(self) -> str:
        return said("finished training {course} for level {level:g}", course=self.course or self.id, level=self.level)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retraction(Evidence):
    """An earlier fact of the same worker, named by its key, was wrong and no longer counts."""

    KIND: ClassVar[str] = "retraction"

    retracts_source: str
    retracts_id: str
    reason: str = ""

    def __post_init__(self) -> None:
        Evidence.__post_init__(self)
        check_id(self.retracts_source, "source")
        check_id(self.retracts_id, "evidence")

    @property
    def target(self) -> tuple[str, str]:
        """The key of the fact that no longer counts."""
        return (self.retracts_source, self.retracts_id)

    def describe(self) -> str:
        if self.reason:
            return said("retracts {fact}: {reason}", fact=self.retracts_id, reason=self.reason)
        return said("retracts {fact}", fact=self.retracts_id)


KINDS: dict[str, type[Evidence]] = {
    kind.KIND: kind
    for kind in (
        JobOutcome,
        CustomerRating,
        SelfReport,
        Assessment,
        Endorsement,
        Override,
        CertificationGranted,
        TrainingCompleted,
        CertificationRevoked,
        ExemptionGranted,
        JobDeclined,
        LearningWish,
        SkillDeclined,
        Retraction,
        Dispute,
        DisputeDecided,
    )
}
"""Every kind of evidence, by the name it has in the log, in files and on the command line."""

ABOUT_FACTS = (Retraction, Dispute, DisputeDecided)
"""The kinds that say of other facts whether they count, each by its `target`. They are never folded themselves."""

_COMMON = frozenset(f.name for f in fields(Evidence))


def to_payload(evidence: Evidence) -> dict[str, Any]:
    """Return what is particular to the fact as plain JSON values; `from_payload` is its inverse."""
    payload: dict[str, Any] = {}
    for f in fields(evidence):
        value = getattr(evidence, f.name)
        if f.name in _COMMON or value == f.default:
            continue
        if isinstance(value, date):
            value = value.isoformat()
        elif isinstance(value, tuple):
            value = [list(demand) for demand in value]
        payload[f.name] = value
    return payload


def from_payload(kind: str, payload: dict[str, Any], *, id: str, worker: str, time: datetime, source: str) -> Evidence:
    """Return the evidence a log row or JSON body describes.

    Raises
    ------
    Invalid
        For an unknown kind, a missing or unknown field, or a value that the kind refuses.
    """
    if kind not in KINDS:
        raise Invalid(f"unknown kind of evidence {kind!r}: expected one of {', '.join(KINDS)}")
    values = dict(payload)
    try:
        for name in ("demands", "used", "listed"):
            if name in values:
                values[name] = tuple(Demand(*demand) for demand in values[name])
        for name, choices in (("result", Result), ("effect", DisputeEffect), ("verdict", Verdict)):
            if name in values:
                values[name] = choices(values[name])
        for name in ("issued", "expires", "until"):
            if values.get(name) is not None:
                values[name] = date.fromisoformat(values[name])
        return KINDS[kind](id=id, worker=worker, time=time, source=source, **values)
    except Invalid:
        raise
    except (TypeError, ValueError) as error:
        raise Invalid(f"evidence {id!r} of kind {kind!r} cannot be read: {error}") from error
