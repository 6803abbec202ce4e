"""What is answered of workers and skills."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from skillmatch.model import LinkKind, SkillKind
from skillmatch_web.api.fields import Day, Out, Time
from skillmatch_web.api.schemas.common import ExplanationOut, PlaceOut, ProficiencyOut, SkillRef, WorkerRef


class WorkerOut(WorkerRef):
    """A worker; `home` null: unknown."""

    phone: str
    home: PlaceOut | None
    languages: list[str]
    capacity: float
    active_from: Day | None
    active_to: Day | None
    cost_per_hour: float | None
    max_travel: float | None


class SkillOut(SkillRef):
    """A skill."""

    kind: SkillKind
    description: str
    half_life_days: float | None
    alt_names: list[str]
    source_uri: str | None


class LinkOut(Out):
    """How one skill bears on another."""

    source: str
    target: str
    kind: LinkKind
    weight: float


class SkillWithLinks(SkillOut):
    """A skill with the links that begin or end at it."""

    links: list[LinkOut]


class CertificationOut(Out):
    """A formal proof; `expires` null: without end."""

    worker: str
    type: str
    issued: Day
    expires: Day | None
    issuer: str


class OverrideOut(Out):
    """A level that a manager has set."""

    level: float
    rater: str
    note: str
    time: Time


class SkillProfileOut(Out):
    """What is believed of a worker in one skill."""

    skill: SkillRef
    proficiency: ProficiencyOut
    uses: int
    recent: float
    lasting: float
    last_used: Time
    override: OverrideOut | None


class ProfileOut(Out):
    """What is believed of a worker."""

    worker: WorkerOut
    revision: int
    general: ProficiencyOut
    skills: list[SkillProfileOut]
    certifications: list[CertificationOut]
    pieces: Annotated[int, Field(description="How many facts it rests on")]


class PieceOut(Out):
    """What one fact is worth in a level today."""

    source: str
    id: str
    kind: str
    text: str
    time: Time
    own: float
    general: float
    shared: float
    points: float
    then: float
    direct: bool


class WhyOut(Out):
    """Why a level is believed: `explanation` sums to it."""

    worker: WorkerRef
    skill: SkillRef
    proficiency: ProficiencyOut
    inferred: bool
    related: list[str]
    explanation: ExplanationOut
    pieces: list[PieceOut]


class LinkedSkillOut(Out):
    """A skill that a text may mean, with how sure that is, from 0 to 1."""

    skill: str
    name: str
    confidence: float
    score: float
    words: list[str]
    via: str


class LinkedOut(Out):
    """The skills that a text may mean, and the chance that it means none."""

    links: list[LinkedSkillOut]
    none: float
    note: str


class CorrectionOut(Out):
    """What somebody said of a skill for some words."""

    text: str
    skill: str
    accepted: bool
    by: str
