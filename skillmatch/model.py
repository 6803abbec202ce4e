"""The nouns of the domain: plain frozen records, valid from the moment they exist.

Levels are floats on the level scale, 0 to 5. Times are aware datetimes in UTC. Ids are non-empty strings that the
company chooses; they are the natural keys by which a second import recognises what it has seen before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from skillmatch.availability import Booking, Leave, Shift, clock
from skillmatch.causes import Cause, Question
from skillmatch.errors import Invalid
from skillmatch.needs import (
    AllOf,
    AnyOf,
    CertificationRequirement,
    LanguageRequirement,
    Need,
    PlainNeed,
    Requirement,
    check_needs,
    plain_needs,
    skill_needs,
    ways,
)
from skillmatch.notes import NoteKind, NoteStatus, SiteNote
from skillmatch.report import Problem, Report
from skillmatch.scale import ID_LENGTH, LEVEL_MAX, LEVEL_MIN, RUNGS, check_id, check_level, check_time, rung
from skillmatch.taxonomy import Correction, Merge
from skillmatch.wording import said

__all__ = [
    "ID_LENGTH",
    "LEVEL_MAX",
    "LEVEL_MIN",
    "RUNGS",
    "AllOf",
    "AnyOf",
    "Asset",
    "Booking",
    "Cause",
    "Certification",
    "CertificationRequirement",
    "Correction",
    "Customer",
    "Job",
    "JobStatus",
    "JobType",
    "LanguageRequirement",
    "Leave",
    "Link",
    "LinkKind",
    "Merge",
    "Need",
    "NoteKind",
    "NoteStatus",
    "Noun",
    "Place",
    "PlainNeed",
    "Problem",
    "Question",
    "Report",
    "Requirement",
    "Risk",
    "Shift",
    "Site",
    "SiteNote",
    "Skill",
    "SkillKind",
    "Worker",
    "check_id",
    "check_level",
    "check_time",
    "clock",
    "plain_needs",
    "rung",
    "skill_needs",
    "ways",
]


class SkillKind(StrEnum):
    """What sort of ability a skill is."""

    TECHNICAL = "technical"
    EQUIPMENT = "equipment"
    SAFETY = "safety"
    CUSTOMER = "customer"
    KNOWLEDGE = "knowledge"


class LinkKind(StrEnum):
    """How one skill bears on another: source -> target."""

    BROADER = "broader"
    NEEDS = "needs"
    RELATED = "related"


class JobStatus(StrEnum):
    """Where a job stands."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class Risk(StrEnum):
    """What a job that goes wrong would do: how sure a must has to be, and whether somebody may try."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Skill:
    """An ability that work can demand. `half_life_days` is the time in which unused certainty halves, if known."""

    id: str
    name: str
    kind: SkillKind = SkillKind.TECHNICAL
    description: str = ""
    half_life_days: float | None = None
    alt_names: tuple[str, ...] = ()
    source_uri: str | None = None

    def __post_init__(self) -> None:
        check_id(self.id, "skill")
        if self.half_life_days is not None and not 1.0 <= self.half_life_days <= 36_500.0:
            raise Invalid(
                said(
                    "half-life of skill {id!r} is {days:g} days: expected 1 to 36500",
                    id=self.id,
                    days=self.half_life_days,
                )
            )


@dataclass(frozen=True, slots=True)
class Link:
    """An edge of the skills graph; `weight` from 0 (none any more: it was removed) to 1 (as good as the same)."""

    source: str
    target: str
    kind: LinkKind
    weight: float = 1.0

    def __post_init__(self) -> None:
        check_id(self.source, "skill")
        check_id(self.target, "skill")
        if self.source == self.target:
            raise Invalid(said("skill {id!r} is linked to itself: a link joins two different skills", id=self.source))
        if not 0.0 <= self.weight <= 1.0:
            raise Invalid(
                said(
                    "weight of link {source!r} -> {target!r} is {weight:g}: expected above 0, up to 1; or 0 for one "
                    "that was removed",
                    source=self.source,
                    target=self.target,
                    weight=self.weight,
                )
            )


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the earth in degrees."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not (-90.0 <= self.latitude <= 90.0 and -180.0 <= self.longitude <= 180.0):
            raise Invalid(
                f"place ({self.latitude:g}, {self.longitude:g}): expected latitude -90 to 90 and longitude -180 to 180"
            )


@dataclass(frozen=True, slots=True)
class Worker:
    """A person who does jobs. `capacity` in hours a week; no `home` means unknown, never zero distance.

    `max_travel` is the longest way to a job that she takes, in minutes one way.
    """

    id: str
    name: str
    team: str = ""
    phone: str = ""
    home: Place | None = None
    languages: tuple[str, ...] = ()
    capacity: float = 40.0
    active_from: date | None = None
    active_to: date | None = None
    cost_per_hour: float | None = None
    max_travel: float | None = None

    def __post_init__(self) -> None:
        check_id(self.id, "worker")
        if not 0.0 <= self.capacity <= 168.0:
            raise Invalid(f"capacity of worker {self.id!r} is {self.capacity:g}: expected 0 to 168 hours a week")
        if self.cost_per_hour is not None and not 0.0 <= self.cost_per_hour < 1e6:
            raise Invalid(f"cost of worker {self.id!r} is {self.cost_per_hour:g}: expected 0 or more per hour")
        if self.max_travel is not None and not 0.0 < self.max_travel <= 1440.0:
            raise Invalid(f"worker {self.id!r} travels {self.max_travel:g} minutes: expected above 0, up to 1440")
        if self.active_from and self.active_to and self.active_to < self.active_from:
            raise Invalid(f"worker {self.id!r} leaves on {self.active_to} before starting on {self.active_from}")

    def active_on(self, day: date) -> bool:
        """Return whether the worker is with the firm on `day`."""
        return (self.active_from is None or self.active_from <= day) and (
            self.active_to is None or day <= self.active_to
        )


@dataclass(frozen=True, slots=True)
class Certification:
    """A formal proof a worker holds, valid on every day from `issued` to `expires`, both included."""

    worker: str
    type: str
    issued: date
    expires: date | None = None
    issuer: str = ""

    def valid_on(self, day: date) -> bool:
        """Return whether the proof holds on `day`."""
        return self.issued <= day and (self.expires is None or day <= self.expires)


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody the firm works for, with the workers she asked for or does not want.

    `until` gives the last day on which a wish about a worker holds; without one it holds for good.
    """

    id: str
    name: str
    phone: str = ""
    preferred: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    until: tuple[tuple[str, date], ...] = ()

    def __post_init__(self) -> None:
        check_id(self.id, "customer")
        named = {*self.preferred, *self.required, *self.excluded}
        for worker, day in self.until:
            if worker not in named:
                raise Invalid(
                    f"customer {self.id!r} has a wish until {day} about {worker!r}, whom no wish names: expected one "
                    "who is preferred, required or excluded"
                )

    def wishes(self, workers: tuple[str, ...], day: date) -> tuple[str, ...]:
        """Return those of `workers` about whom the wish still holds on `day`."""
        ended = {worker for worker, last in self.until if last < day}
        return tuple(worker for worker in workers if worker not in ended)


@dataclass(frozen=True, slots=True)
class Site:
    """A place of a customer where work is done; `kind` says what it is, such as office or hospital."""

    id: str
    customer: str
    name: str = ""
    place: Place | None = None
    kind: str = ""

    def __post_init__(self) -> None:
        check_id(self.id, "site")


@dataclass(frozen=True, slots=True)
class Asset:
    """A piece of equipment at a site, there since the day `installed` where that is known."""

    id: str
    site: str
    type: str
    model: str = ""
    installed: date | None = None

    def __post_init__(self) -> None:
        check_id(self.id, "asset")


@dataclass(frozen=True, slots=True)
class JobType:
    """A kind of job: the requirements, minutes, risk and crew that its jobs inherit when they state none."""

    id: str
    name: str
    requirements: tuple[Need, ...] = ()
    minutes: float | None = None
    risk: Risk = Risk.NORMAL
    crew: int = 1

    def __post_init__(self) -> None:
        check_id(self.id, "job type")
        if self.minutes is not None and not 0.0 < self.minutes <= 100_000.0:
            raise Invalid(f"job type {self.id!r} takes {self.minutes:g} minutes: expected above 0, up to 100000")
        _check_crew(self.crew, f"job type {self.id!r}")
        check_needs(self.requirements, f"job type {self.id!r}")


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work for a customer. Without requirements of its own it inherits those of its type.

    `created` is when the firm learned of it, `due` the day it is promised for; work is promised to begin between
    `earliest` and `latest`; `minutes` the estimate; `priority` 1 (emergency) to 5 (whenever). `crew` is how many
    workers go; `preferred`, `required` and `excluded` are workers named for this job alone. `answers` are what the
    customer said to questions, by their id.
    """

    id: str
    title: str
    text: str = ""
    type: str | None = None
    customer: str | None = None
    site: str | None = None
    asset: str | None = None
    requirements: tuple[Need, ...] = ()
    created: datetime | None = None
    due: date | None = None
    minutes: float | None = None
    priority: int = 3
    status: JobStatus = JobStatus.OPEN
    earliest: datetime | None = None
    latest: datetime | None = None
    risk: Risk | None = None
    crew: int | None = None
    preferred: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    answers: tuple[tuple[str, bool], ...] = ()

    def __post_init__(self) -> None:
        check_id(self.id, "job")
        if self.created is not None:
            check_time(self.created, f"creation of job {self.id!r}")
        if not 1 <= self.priority <= 5:
            raise Invalid(f"priority of job {self.id!r} is {self.priority}: expected 1 (emergency) to 5 (whenever)")
        if self.minutes is not None and not 0.0 < self.minutes <= 100_000.0:
            raise Invalid(f"job {self.id!r} is estimated at {self.minutes:g} minutes: expected above 0, up to 100000")
        for name, time in (("earliest", self.earliest), ("latest", self.latest)):
            if time is not None:
                check_time(time, f"{name} begin of job {self.id!r}")
        for day in (self.due, self.earliest, self.latest):
            if day is not None and not 1970 <= day.year <= 2200:
                raise Invalid(f"job {self.id!r} is promised for {day.year}: expected a year from 1970 to 2200")
        if self.earliest and self.latest and self.latest < self.earliest:
            raise Invalid(
                f"job {self.id!r} is to begin by {self.latest:%Y-%m-%d %H:%M} and not before "
                f"{self.earliest:%Y-%m-%d %H:%M}: expected the latest begin after the earliest"
            )
        if self.crew is not None:
            _check_crew(self.crew, f"job {self.id!r}")
        check_needs(self.requirements, f"job {self.id!r}")
        if len(dict(self.answers)) < len(self.answers):
            raise Invalid(f"job {self.id!r} has two answers to one question: expected one for each")


def _check_crew(crew: int, what: str) -> None:
    if not 1 <= crew <= 50:
        raise Invalid(said("{what} asks for a crew of {crew}: expected 1 to 50", what=what, crew=crew))


Noun = (
    Skill
    | Link
    | Worker
    | Customer
    | Site
    | Asset
    | JobType
    | Job
    | Shift
    | Leave
    | Booking
    | Cause
    | Question
    | Correction
    | Merge
    | SiteNote
)
