"""What tells a row from others of its class, how it is called in messages, and what it refers to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from skillmatch.beliefs.evidence import CustomerRating, Evidence, JobDeclined, JobOutcome, LearningWish, SkillDeclined
from skillmatch.importers.draft import shown
from skillmatch.importers.weekly import DAYS
from skillmatch.model import (
    Asset,
    Booking,
    Cause,
    Correction,
    Customer,
    Job,
    JobType,
    Leave,
    Link,
    Merge,
    Need,
    Question,
    Requirement,
    Shift,
    Site,
    SiteNote,
    Skill,
    Worker,
    clock,
    plain_needs,
)

FIELDS: dict[type, str] = {
    Skill: "skills",
    Link: "links",
    Worker: "workers",
    Customer: "customers",
    Site: "sites",
    Asset: "assets",
    JobType: "job_types",
    Job: "jobs",
    Shift: "shifts",
    Leave: "leave",
    Booking: "bookings",
    Cause: "causes",
    Question: "questions",
    Correction: "corrections",
    Merge: "merges",
    SiteNote: "site_notes",
    Evidence: "evidence",
}
"""Where a batch keeps each class, what is referred to before what refers to it."""

WORDS = {cls: field.rstrip("s").replace("_", " ") for cls, field in FIELDS.items()}

WITH_ID = frozenset({Skill, Worker, Customer, Site, Asset, JobType, Job})
"""The classes of nouns that other rows may refer to."""

Reference = tuple[str, type, str]
"""The column in which a row refers to something, the class of that thing, and its id."""


def key_of(thing: Any) -> Any:
    """Return what no other row of its class may have; the database tells nouns apart by the same."""
    match thing:
        case Evidence():
            return thing.key
        case Link():
            return (thing.source, thing.target, thing.kind)
        case Shift():
            return (thing.worker, thing.weekday, thing.start)
        case Leave():
            return (thing.worker, thing.first)
        case Booking():
            return (thing.job, thing.worker)
        case Cause():
            return (thing.job_type, thing.id)
        case Correction():
            return (thing.text, thing.skill)
        case Merge():
            return (thing.skill, thing.into)
        case _:
            return thing.id


def called(thing: Any) -> str:
    """Return what a thing is called in a message."""
    match thing:
        case Link():
            return f"{shown(thing.source)} -> {shown(thing.target)} ({thing.kind})"
        case Shift():
            return f"shift of worker {shown(thing.worker)} on {DAYS[thing.weekday]} from {clock(thing.start)}"
        case Leave():
            return f"leave of worker {shown(thing.worker)} from {thing.first}"
        case Booking():
            return f"booking of worker {shown(thing.worker)} for job {shown(thing.job)}"
        case Cause():
            return f"cause {shown(thing.id)} of job type {shown(thing.job_type)}"
        case Correction():
            return f"correction of {shown(thing.text)} for skill {shown(thing.skill)}"
        case Merge():
            return f"merge of skill {shown(thing.skill)} into {shown(thing.into)}"
        case Evidence():
            return f"{thing.KIND.replace('_', ' ')} {shown(thing.id)}"
        case _:
            return f"{WORDS[type(thing)]} {shown(thing.id)}"


def references(thing: Any) -> list[Reference]:
    """Return what a thing refers to."""
    match thing:
        case Evidence():
            return _of_evidence(thing)
        case Link():
            return [("source", Skill, thing.source), ("target", Skill, thing.target)]
        case Customer():
            return _wishes(thing)
        case Site():
            return [("customer", Customer, thing.customer)]
        case Asset():
            return [("site", Site, thing.site)]
        case JobType():
            return _skills(thing.requirements)
        case Job():
            pairs = (("type", JobType), ("customer", Customer), ("site", Site), ("asset", Asset))
            named = [(column, cls, getattr(thing, column)) for column, cls in pairs if getattr(thing, column)]
            return [*named, *_skills(thing.requirements), *_wishes(thing)]
        case Shift() | Leave():
            return [("worker", Worker, thing.worker)]
        case Booking():
            return [("job", Job, thing.job), ("worker", Worker, thing.worker)]
        case Cause():
            return [("job_type", JobType, thing.job_type), *_skills(thing.needs, "needs")]
        case Question():
            return [("job_type", JobType, thing.job_type)] if thing.job_type is not None else []
        case Correction():
            return [("skill", Skill, thing.skill)]
        case Merge():
            return [("skill", Skill, thing.skill), ("into", Skill, thing.into)]
        case SiteNote():
            found = (("site", Site, thing.site), ("asset", Asset, thing.asset), ("worker", Worker, thing.worker))
            return [(column, cls, id) for column, cls, id in found if id is not None]
        case _:
            return []


def _of_evidence(fact: Evidence) -> list[Reference]:
    skills = (fact.skill,) if isinstance(fact, LearningWish | SkillDeclined) else fact.skills()
    found: list[Reference] = [("worker", Worker, fact.worker), *(("skill", Skill, skill) for skill in skills)]
    if isinstance(fact, JobOutcome | CustomerRating | JobDeclined):
        found.append(("job", Job, fact.job))
    if isinstance(fact, CustomerRating) and fact.customer is not None:
        found.append(("customer", Customer, fact.customer))
    return found


def _wishes(thing: Customer | Job) -> list[Reference]:
    columns = ("preferred", "required", "excluded")
    return [(column, Worker, worker) for column in columns for worker in getattr(thing, column)]


def _skills(needs: Iterable[Need], column: str = "requirements") -> list[Reference]:
    named = (need.skill for need in plain_needs(needs) if isinstance(need, Requirement))
    return [(column, Skill, skill) for skill in dict.fromkeys(named)]
