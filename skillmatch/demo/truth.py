"""What no firm knows of itself: true levels, true causes, true chances. Kept aside, so that estimates can be scored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from skillmatch.demo import people, visits
from skillmatch.demo.calls import CAUSE_SHARE, INSTANCE_SD
from skillmatch.demo.catalogue import Catalogue
from skillmatch.demo.history import Firm
from skillmatch.demo.people import SCALE, Staff
from skillmatch.demo.visits import Case


class TrueLevel(NamedTuple):
    """What a worker can truly do today: a level on the scale and the ability behind it in logits."""

    worker: str
    skill: str
    level: float
    logit: float


class TrueJob(NamedTuple):
    """What was truly behind a job, and the ability, in logits, at which it has even odds of a first-time fix."""

    job: str
    cause: str
    difficulty: float


class TrueOutcome(NamedTuple):
    """What a first-time fix at this visit truly depended on: chance = logistic(ability - difficulty)."""

    outcome: str
    ability: float
    difficulty: float
    chance: float


class TrueCause(NamedTuple):
    """How often a cause is behind a job type all told, before the machine's age and the season."""

    job_type: str
    cause: str
    probability: float


class Parameter(NamedTuple):
    """A number the world was made with."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Truth:
    """Everything that is true of one company, table by table."""

    levels: tuple[TrueLevel, ...]
    jobs: tuple[TrueJob, ...]
    outcomes: tuple[TrueOutcome, ...]
    causes: tuple[TrueCause, ...]
    parameters: tuple[Parameter, ...]


def truth_of(firm: Firm, numbered: Sequence[tuple[str, Case]], more: Iterable[Parameter] = ()) -> Truth:
    """Return the truth about a firm as it stands today and about its cases, each with the id of its job.

    `more` are parameters that this module does not know of.
    """
    return Truth(
        tuple(_levels(firm.catalogue, firm.staff)),
        tuple(_job(firm, job, case) for job, case in numbered),
        tuple(
            TrueOutcome(outcome_id(job, number), visit.ability, visit.difficulty, visit.chance)
            for job, case in numbered
            for number, visit in enumerate(case.visits, start=1)
        ),
        tuple(_causes(firm.catalogue)),
        (*_parameters(firm), *more),
    )


def outcome_id(job: str, number: int) -> str:
    """Return the id of the outcome of a job's first, second ... visit."""
    return f"{job}-{number}"


def _levels(catalogue: Catalogue, staff: Staff) -> Iterable[TrueLevel]:
    ability = staff.ability()
    for place, worker in enumerate(staff.workers):
        for column, skill in enumerate(catalogue.skills):
            logit = float(ability[place, column])
            yield TrueLevel(worker.id, skill.id, SCALE.level_of_logit(logit), logit)


def _job(firm: Firm, id: str, case: Case) -> TrueJob:
    number = case.call.nature
    hard = visits.difficulty(case.call, float(firm.type_difficulty[number]))
    return TrueJob(id, case.call.cause.name, hard)


def _causes(catalogue: Catalogue) -> Iterable[TrueCause]:
    for nature in catalogue.natures:
        total = sum(cause.share for cause in nature.causes)
        for cause in nature.causes:
            yield TrueCause(nature.id, cause.name, cause.share / total)


def _parameters(firm: Firm) -> Iterable[Parameter]:
    yield Parameter("base", visits.BASE)
    yield Parameter("share of the cause", CAUSE_SHARE)
    yield Parameter("spread between jobs of a type", INSTANCE_SD)
    yield Parameter("growth by practice", people.GROWTH)
    yield Parameter("half-life of practice in days", people.PRACTICE_HALF_LIFE)
    for nature, hard in zip(firm.catalogue.natures, firm.type_difficulty, strict=True):
        yield Parameter(f"difficulty of {nature.id}", float(hard))
