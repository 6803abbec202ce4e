"""What the sample firm's books say of now and of the coming weeks: hours, promises, limits, papers.

All of it is drawn from a stream of its own after the history is finished, so it changes nothing of the history.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from skillmatch.beliefs.evidence import Evidence
from skillmatch.demo import bookings, papers, week
from skillmatch.demo.appointments import agree
from skillmatch.demo.dice import pick
from skillmatch.demo.morning import Morning
from skillmatch.demo.requests import ask_for
from skillmatch.demo.visits import Case
from skillmatch.model import Booking, Customer, Job, JobStatus, Leave, Shift, Worker

TRAVEL = (30.0, 45.0, 45.0, 60.0)
"""Minutes beyond which those who say so take no job."""
LIMITED, NO_RATE, NO_HOME = 0.15, 0.06, 0.04
"""Shares of the workers who limit their way, whose cost the office does not know, and whose home it does not know."""
ENDING, ENDED = 0.3, 0.1
"""Shares of the customers' wishes that end on a day ahead, and of those that ended lately."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is there besides the history, and workers, customers and jobs as they stand now."""

    workers: tuple[Worker, ...]
    customers: tuple[Customer, ...]
    jobs: tuple[Job, ...]
    shifts: tuple[Shift, ...]
    leave: tuple[Leave, ...]
    bookings: tuple[Booking, ...]
    evidence: tuple[Evidence, ...]


def look_ahead(morning: Morning, jobs: Sequence[Job], customers: Sequence[Customer]) -> Outlook:
    """Return the outlook of a firm; `jobs` stand in the order of the cases of `morning`."""
    rng, today, staff = morning.rng, morning.today, morning.staff
    workers = _limited(rng, staff.workers)
    here = [place for place, worker in enumerate(workers) if worker.active_to is None or worker.active_to >= today]
    present = [workers[place] for place in here]
    shifts = week.shifts(rng, present, [int(staff.trade[place]) for place in here], today)
    leave = week.leave(rng, present, today)
    open_jobs = _open(jobs, morning.cases)
    agreed = ask_for(morning, agree(morning, open_jobs))
    booked = bookings.book(morning, agreed, workers, bookings.Diary.of(shifts, leave))
    busy = {booking.worker for booking in booked}
    now = {job.id: job for job, _ in agreed}
    return Outlook(
        workers=workers,
        customers=tuple(_until(rng, customer, today) for customer in customers),
        jobs=tuple(now.get(job.id, job) for job in jobs),
        shifts=shifts,
        leave=leave,
        bookings=booked,
        evidence=(
            *papers.revocations(morning, agreed, busy),
            *papers.exemptions(morning, agreed),
            *papers.refusals(morning, agreed, busy),
            *papers.wishes(morning),
        ),
    )


def _open(jobs: Sequence[Job], cases: Sequence[Case]) -> list[tuple[Job, Case]]:
    return [(job, case) for job, case in zip(jobs, cases, strict=True) if job.status is JobStatus.OPEN]


def _limited(rng: np.random.Generator, workers: Sequence[Worker]) -> tuple[Worker, ...]:
    """Return the workers with the longest way that some take, and without what the office does not know of some."""
    found = list(workers)
    for place in _some(rng, workers, LIMITED):
        found[place] = replace(found[place], max_travel=pick(rng, TRAVEL))
    for place in _some(rng, workers, NO_RATE):
        found[place] = replace(found[place], cost_per_hour=None)
    for place in _some(rng, workers, NO_HOME):
        found[place] = replace(found[place], home=None)
    return tuple(found)


def _some(rng: np.random.Generator, workers: Sequence[Worker], share: float) -> list[int]:
    """Return the places of a share of the workers, at least of one."""
    return [int(place) for place in rng.permutation(len(workers))[: max(1, round(share * len(workers)))]]


def _until(rng: np.random.Generator, customer: Customer, today: date) -> Customer:
    """Return a customer with the last day of some of her wishes."""
    until = []
    for worker in (*customer.preferred, *customer.excluded):
        dice, ahead, ago = rng.random(), int(rng.integers(5, 200)), int(rng.integers(3, 60))
        if dice < ENDING + ENDED:
            until.append((worker, today + timedelta(days=ahead if dice < ENDING else -ago)))
    return replace(customer, until=tuple(until))
