"""The kinds of evidence: facts about one worker, kept in an append-only log and never changed.

Each kind says what it means to the filter in `observe`: a `Trial` (work was tried: did it succeed?) or a `Reading`
(somebody states a level). The filter knows these two and nothing of kinds, so a new kind is one class here, listed in
`KINDS`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple

from skillmatch.errors import Invalid
from skillmatch.model import Certification, check_id, check_level, check_time

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def day_number(time: datetime) -> float:
    """Return a time as days since 1970-01-01T00:00Z, exact to the microsecond.

    >>> day_number(datetime(1970, 1, 2, 12, tzinfo=UTC))
    1.5
    """
    return ((time - EPOCH) // timedelta(microseconds=1)) / 86_400e6


class Demand(NamedTuple):
    """A skill that work drew on: at which level (None: no particular one), and its relative share of the work."""

    skill: str
    level: float | None = None
    weight: float = 1.0


class Result(StrEnum):
    """How a job ended for the worker who was sent."""

    FIRST_TIME_FIX = "first-time fix"
    WITH_HELP = "done with help"
    REWORK = "rework"
    HANDED_ON = "handed on"
    FAILED = "failed"


SUCCESS = {
    Result.FIRST_TIME_FIX: 1.0,
    Result.WITH_HELP: 0.7,
    Result.REWORK: 0.3,
    Result.HANDED_ON: 0.0,
    Result.FAILED: 0.0,
}
"""How far each result counts as a success, 0 to 1."""


class Rater(StrEnum):
    """Who states a level; the parameters say how noisy and how lenient each is."""

    SELF = "self"
    MANAGER = "manager"
    PEER = "peer"


@dataclass(frozen=True, slots=True)
class Trial:
    """Work was tried. `success` from 0 to 1.

    `slope` is how sharply the attempt tells ability apart (1 for a job), `noise` a variance in squared logits for what
    it leaves open; `practice` says whether it counts as doing the work.
    """

    demands: tuple[Demand, ...]
    success: float
    job_type: str | None = None
    slope: float = 1.0
    noise: float = 0.0
    practice: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """Somebody states a worker's level in a skill."""

    skill: str
    level: float
    rater: Rater


Observation = Trial | Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What all evidence has: a natural key (`source`, `id`), the worker it is about, and when it happened (UTC)."""

    KIND: ClassVar[str] = ""

    id: str
    worker: str
    time: datetime
    source: str = "typed in"

    def __post_init__(self) -> None:
        check_id(self.id, "evidence")
        check_id(self.worker, "worker")
        check_id(self.source, "source")
        check_time(self.time, f"time of evidence {self.id!r}")

    @property
    def key(self) -> tuple[str, str]:
        """The natural key: one source gives each of its facts one id."""
        return (self.source, self.id)

    @property
    def order(self) -> tuple[datetime, str, str]:
        """The canonical order in which a worker's evidence is folded."""
        return (self.time, self.source, self.id)

    def observe(self) -> tuple[Observation, ...]:
        """Return what this fact says to the filter."""
        return ()

    def skills(self) -> tuple[str, ...]:
        """Return the ids of the skills it names."""
        return ()

    def describe(self) -> str:
        """Return one line for people."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOutcome(Evidence):
    """A job ended. `demands` are the job's skill requirements as they stood then, so that replay never changes."""

    KIND: ClassVar[str] = "job_outcome"

    job: str
    result: Result
    demands: tuple[Demand, ...] = ()
    job_type: str | None = None
    minutes: float | None = None
    note: str = ""

    def __post_init__(self) -> None:
        Evidence.__post_init__(self)
        check_id(self.job, "job")
        if self.minutes is not None and not 0.0 <= self.minutes <= 100_000.0:
            raise Invalid(f"outcome {self.id!r} took {self.minutes:g} minutes: expected 0 to 100000")

    def observe(self) -> tuple[Observation, ...]:
        return (Trial(self.demands, SUCCESS[self.result], self.job_type),)

    def skills(self) -> tuple[str, ...]:
        return tuple(demand.skill for demand in self.demands)

    def describe(self) -> str:
        return f"job {self.job}: {self.result}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelStatement(Evidence):
    """Somebody states a level; the base of self-report, assessment and endorsement."""

    RATER: ClassVar[Rater]

    skill: str
    level: float
    note: str = ""

    def __post_init__(self) -> None:
        Evidence.__post_init__(self)
        check_id(self.skill, "skill")
        check_level(self.level, f"level of evidence {self.id!r}")

    def observe(self) -> tuple[Observation, ...]:
        return (Reading(self.skill, self.level, self.RATER),)

    def skills(self) -> tuple[str, ...]:
        return (self.skill,)


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfReport(LevelStatement):
    """A worker states her own level."""

    KIND: ClassVar[str] = "self_report"
    RATER: ClassVar[Rater] = Rater.SELF

    def describe(self) -> str:
        return f"says of herself: level {self.level:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment(LevelStatement):
    """A manager states a worker's level."""

    KIND: ClassVar[str] = "assessment"
    RATER: ClassVar[Rater] = Rater.MANAGER

    rater: str

    def describe(self) -> str:
        return f"assessed by {self.rater}: level {self.level:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endorsement(LevelStatement):
    """A peer states a worker's level."""

    KIND: ClassVar[str] = "endorsement"
    RATER: ClassVar[Rater] = Rater.PEER

    rater: str

    def describe(self) -> str:
        return f"endorsed by {self.rater}: level {self.level:g}"


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
            raise Invalid(f"certification {self.id!r} expires on {self.expires}, before it was issued on {self.issued}")
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
        return f"certified {self.type}" + (f" until {self.expires}" if self.expires else "")


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
        return f"finished training {self.course or self.id} for level {self.level:g}"


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
        return f"retracts {self.retracts_id}" + (f": {self.reason}" if self.reason else "")


KINDS: dict[str, type[Evidence]] = {
    kind.KIND: kind
    for kind in (
        JobOutcome,
        SelfReport,
        Assessment,
        Endorsement,
        CertificationGranted,
        TrainingCompleted,
        Retraction,
    )
}
"""Every kind of evidence, by the name it has in the log, in files and on the command line."""

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
        if "demands" in values:
            values["demands"] = tuple(Demand(*demand) for demand in values["demands"])
        if "result" in values:
            values["result"] = Result(values["result"])
        for name in ("issued", "expires"):
            if values.get(name) is not None:
                values[name] = date.fromisoformat(values[name])
        return KINDS[kind](id=id, worker=worker, time=time, source=source, **values)
    except Invalid:
        raise
    except (TypeError, ValueError) as error:
        raise Invalid(f"evidence {id!r} of kind {kind!r} cannot be read: {error}") from error
