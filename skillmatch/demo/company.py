"""The whole sample company: generated, seeded, with the truth beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from skillmatch.beliefs.evidence import CertificationGranted, Evidence, JobOutcome
from skillmatch.demo import people, ratings, statements
from skillmatch.demo.appointments import job_type
from skillmatch.demo.calls import Switchboard, type_difficulties
from skillmatch.demo.catalogue import Catalogue, read_catalogue
from skillmatch.demo.certificates import certify
from skillmatch.demo.customers import WORKERS, Region, found_region
from skillmatch.demo.diagnosing import listed_causes, listed_questions, noted_cause
from skillmatch.demo.dispatch import Dispatcher
from skillmatch.demo.history import Course, Firm
from skillmatch.demo.morning import Morning
from skillmatch.demo.outlook import look_ahead
from skillmatch.demo.people import Staff
from skillmatch.demo.truth import Truth, outcome_id, truth_of
from skillmatch.demo.visits import Case
from skillmatch.model import (
    Asset,
    Booking,
    Cause,
    Customer,
    Job,
    JobStatus,
    JobType,
    Leave,
    Link,
    Question,
    Shift,
    Site,
    Skill,
    Worker,
)

JOBS, OPEN_JOBS, DAYS = 28_000, 52, 730
"""Finished jobs in two years and open ones today of a firm of 300 people; a smaller firm has fewer of both."""
FEWEST_WORKERS, FEWEST_OPEN = 12, 12


@dataclass(frozen=True, slots=True)
class Company:
    """All that the firm has in its books on the morning of `today`, and the truth."""

    today: date
    skills: tuple[Skill, ...]
    links: tuple[Link, ...]
    workers: tuple[Worker, ...]
    customers: tuple[Customer, ...]
    sites: tuple[Site, ...]
    assets: tuple[Asset, ...]
    job_types: tuple[JobType, ...]
    jobs: tuple[Job, ...]
    evidence: tuple[Evidence, ...]
    truth: Truth
    shifts: tuple[Shift, ...] = ()
    leave: tuple[Leave, ...] = ()
    bookings: tuple[Booking, ...] = ()
    causes: tuple[Cause, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class World:
    """The firm after its history, before its books are written: what every number of `Company` comes from.

    `numbered` has the id of each job and its case, open ones included.
    """

    seed: int
    today: date
    workers: int
    start: date
    days: int
    firm: Firm
    customers: tuple[Customer, ...]
    exams: list[CertificationGranted]
    courses: list[Course]
    numbered: list[tuple[str, Case]]


def generate(
    *, seed: int = 1, workers: int = WORKERS, jobs: int | None = None, days: int = DAYS, today: date | None = None
) -> Company:
    """Return the sample company as it stands on the morning of `today`, the same for the same arguments.

    Parameters
    ----------
    workers
        People over the whole history, those who came or left meanwhile included; at least 12. Customers are in
        proportion.
    jobs
        About how many finished jobs; in proportion to workers and days unless said.
    days
        Length of the history, at least 180.
    """
    return books(live(seed=seed, workers=workers, jobs=jobs, days=days, today=today))


def live(
    *, seed: int = 1, workers: int = WORKERS, jobs: int | None = None, days: int = DAYS, today: date | None = None
) -> World:
    """Return the world in which the history has happened; parameters as those of `generate`."""
    today, workers, days = today or date.today(), max(workers, FEWEST_WORKERS), max(days, 180)
    scale = workers / WORKERS
    jobs = round(JOBS * scale * days / DAYS) if jobs is None else jobs
    rng, start = np.random.default_rng(seed), today - timedelta(days=days)
    firm, customers, exams = _found(rng, workers=workers, start=start, days=days, today=today)
    courses = statements.courses(firm.catalogue, rng, firm.staff, days=days)
    cases = firm.work(jobs=jobs, courses=courses)
    cases += firm.open_cases(jobs=max(FEWEST_OPEN, round(OPEN_JOBS * scale)))
    cases.sort(key=lambda case: (case.created, case.call.asset, case.call.nature))
    numbered = [(f"J{number:05}", case) for number, case in enumerate(cases, start=10_001)]
    return World(seed, today, workers, start, days, firm, customers, exams, courses, numbered)


def books(world: World) -> Company:
    """Return what a firm has in its books, and the truth; once for a world, whose dice it goes on to throw."""
    firm, numbered, today = world.firm, world.numbered, world.today
    catalogue, staff, region = firm.catalogue, firm.staff, firm.switchboard.region
    rng, start, days = firm.rng, world.start, world.days
    of_ratings, of_overrides, of_outlook = _streams(world.seed, 3)
    jobs_now = [_job(catalogue, region, id, case) for id, case in numbered]
    cases = [case for _id, case in numbered]
    outlook = look_ahead(Morning(firm, cases, today, of_outlook), jobs_now, world.customers)
    habit = ratings.habits(of_ratings, len(world.customers))
    return Company(
        today=today,
        skills=catalogue.skills,
        links=catalogue.links,
        workers=outlook.workers,
        customers=outlook.customers,
        sites=tuple(region.sites),
        assets=tuple(region.assets),
        job_types=tuple(job_type(nature) for nature in catalogue.natures),
        jobs=outlook.jobs,
        evidence=(
            *world.exams,
            *statements.state_levels(catalogue, rng, staff, firm.snapshots, start=start, days=days),
            *statements.trainings(catalogue, staff, world.courses, start=start),
            *_outcomes(numbered, staff),
            *ratings.rate(of_ratings, firm, numbered, habit),
            *statements.overrides(
                catalogue,
                of_overrides,
                staff,
                count=max(1, round(statements.OVERRIDES * world.workers / WORKERS)),
                start=start,
                days=days,
            ),
            *outlook.evidence,
        ),
        truth=truth_of(firm, numbered, ratings.parameters(region, habit)),
        shifts=outlook.shifts,
        leave=outlook.leave,
        bookings=outlook.bookings,
        causes=listed_causes(catalogue),
        questions=listed_questions(),
    )


def _streams(seed: int, count: int) -> list[np.random.Generator]:
    """Return streams of chance of their own: what they are used for changes nothing of what `seed` itself draws."""
    return [np.random.default_rng(one) for one in np.random.SeedSequence(seed).spawn(count)]


def _found(
    rng: np.random.Generator, *, workers: int, start: date, days: int, today: date
) -> tuple[Firm, tuple[Customer, ...], list[CertificationGranted]]:
    """Return the firm on its first day, its customers with their wishes, and the exams of its people."""
    catalogue = read_catalogue()
    region = found_region(catalogue, rng, workers=workers, today=today)
    staff = people.hire(catalogue, rng, workers=workers, start=start, days=days)
    held, exams = certify(catalogue, rng, staff, start=start, days=days)
    customers, preferred, excluded = _wishes(region, staff, rng, days)
    firm = Firm(
        catalogue=catalogue,
        staff=staff,
        switchboard=Switchboard.connect(catalogue, region, rng, start=start, days=days),
        dispatcher=Dispatcher.seat(staff, held, region.places(), rng),
        type_difficulty=type_difficulties(catalogue, rng),
        rng=rng,
        start=start,
        days=days,
        preferred=preferred,
        excluded=excluded,
    )
    return firm, customers, exams


def _wishes(
    region: Region, staff: Staff, rng: np.random.Generator, days: int
) -> tuple[tuple[Customer, ...], dict[str, list[int]], dict[str, list[int]]]:
    """Return the customers with whom they asked for and do not want, and both by customer as places of workers."""
    present = np.flatnonzero((staff.first < days - 200) & (staff.last > days))
    preferred: dict[str, list[int]] = {}
    excluded: dict[str, list[int]] = {}
    customers = []
    for customer in region.customers:
        one, two, not_her = (int(place) for place in rng.choice(present, 3, replace=False))
        if rng.random() < 0.14:
            preferred[customer.id] = [one, two] if rng.random() < 0.3 else [one]
        if rng.random() < 0.05:
            excluded[customer.id] = [not_her]
        customers.append(
            replace(
                customer,
                preferred=tuple(staff.workers[p].id for p in preferred.get(customer.id, [])),
                excluded=tuple(staff.workers[p].id for p in excluded.get(customer.id, [])),
            )
        )
    return tuple(customers), preferred, excluded


def _job(catalogue: Catalogue, region: Region, id: str, case: Case) -> Job:
    """Return a job; where the dispatcher added a requirement, it states all of them itself."""
    nature, site = catalogue.natures[case.call.nature], region.sites[region.site_of[case.call.asset]]
    return Job(
        id,
        f"{nature.name}, {site.name}",
        case.call.text,
        type=nature.id,
        customer=site.customer,
        site=site.id,
        asset=region.assets[case.call.asset].id,
        requirements=(*nature.needs, *case.call.extra) if case.call.extra else (),
        created=case.created,
        due=case.due,
        priority=case.call.priority,
        status=JobStatus.CANCELLED if case.cancelled else JobStatus.DONE if case.visits else JobStatus.OPEN,
    )


def _outcomes(numbered: Iterable[tuple[str, Case]], staff: Staff) -> Iterable[JobOutcome]:
    for job, case in numbered:
        for number, visit in enumerate(case.visits, start=1):
            yield JobOutcome(
                id=outcome_id(job, number),
                worker=staff.workers[visit.worker].id,
                time=visit.end,
                source="service reports",
                job=job,
                result=visit.result,
                minutes=visit.minutes,
                note=visit.note,
                cause=noted_cause(visit.note),
            )
