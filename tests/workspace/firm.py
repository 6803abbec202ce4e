"""A small firm in a database of its own, with a clock that a test can put forward."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.observation import Result
from skillmatch.model import (
    Booking,
    Customer,
    Job,
    JobType,
    Leave,
    Noun,
    Place,
    Requirement,
    Risk,
    Shift,
    Site,
    Skill,
    Worker,
)
from skillmatch.store.store import Store
from skillmatch.workspace import Workspace
from tests.kit.databases import new_file

NOW = datetime(2026, 6, 1, 7, tzinfo=UTC)
"""A Monday at seven: the usual day begins in an hour."""
TODAY = NOW.date()
_numbers = count()

ANNA = Worker("anna", "Anna", home=Place(52.50, 13.40), cost_per_hour=40.0)
BEN = Worker("ben", "Ben", home=Place(52.52, 13.45))
CHEN = Worker("chen", "Chen", home=Place(52.60, 13.30))
NEEDS = (Requirement("refrigeration", 2.0),)
NOUNS: tuple[Noun, ...] = (
    Skill("refrigeration", "Refrigeration"),
    Skill("controls", "Controls"),
    Customer("bakery", "Corner Bakery"),
    Site("market", "bakery", place=Place(52.51, 13.41)),
    JobType("too warm", "ClaimCase too warm", NEEDS, 60.0),
    ANNA,
    BEN,
    CHEN,
)


class Firm(Workspace):
    """A workspace whose time stands still until a test moves it."""

    time: datetime

    def save(self, *nouns: Noun) -> None:
        """Save nouns as one write."""
        by_kind: dict[type[Noun], list[Noun]] = defaultdict(list)
        for noun in nouns:
            by_kind[type(noun)].append(noun)
        with self._store.write() as transaction:
            revision = transaction.next_revision()
            for kind, own in by_kind.items():
                transaction.save_nouns(kind, own, revision=revision)

    def bookings(self) -> dict[str, tuple[str, ...]]:
        """Return who is promised to which job, by job, the lead first."""
        with self._store.read() as transaction:
            own = [one for one in transaction.nouns(Booking) if not one.cancelled]
        found: dict[str, tuple[str, ...]] = {}
        for one in sorted(own, key=lambda one: (one.job, not one.lead, one.worker)):
            found[one.job] = (*found.get(one.job, ()), one.worker)
        return found

    def booked(self, job: str) -> list[Booking]:
        """Return the bookings of a job."""
        with self._store.read() as transaction:
            return [one for one in transaction.nouns(Booking) if one.job == job and not one.cancelled]

    def did(self, worker: str, *, times: int = 1, result: Result = Result.FIRST_TIME_FIX, days: float = 30.0) -> None:
        """Record that a worker did such work, so many days ago, so many times."""
        for number in range(times):
            time = NOW - timedelta(days=days) + timedelta(minutes=number)
            id = f"o{next(_numbers):06}"
            self.record(JobOutcome(id=id, worker=worker, time=time, job="old", result=result))

    def forward(self, **length: float) -> None:
        """Put the clock forward."""
        self.time += timedelta(**length)


def firm(folder: Path, nouns: Iterable[Noun] = (), *, time: datetime = NOW) -> Firm:
    """Return a firm of three workers, of whom Anna has done most, with some more nouns."""
    store = Store.open(new_file(folder / f"firm{next(_numbers)}.db"))
    found = Firm(store, clock=lambda: found.time)
    found.time = time
    found.save(*NOUNS, job("old", created=NOW - timedelta(days=90), due=None))
    for worker, times in (("anna", 6), ("ben", 3), ("chen", 1)):
        found.did(worker, times=times)
    found.save(*nouns)
    return found


def job(id: str = "j1", **more: object) -> Job:
    """Return an open job of an hour at the bakery, due today."""
    usual = {"type": "too warm", "customer": "bakery", "site": "market", "due": TODAY}
    return Job(id, f"ClaimCase of {id}", **{**usual, **more})  # type: ignore[arg-type]


__all__ = [
    "ANNA",
    "BEN",
    "CHEN",
    "NEEDS",
    "NOUNS",
    "NOW",
    "TODAY",
    "Booking",
    "Firm",
    "Leave",
    "Risk",
    "Shift",
    "date",
    "firm",
    "job",
    "replace",
]
