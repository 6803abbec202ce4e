"""A named company of three workers, put into a database through the store, for tests of the use-cases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from skillmatch.model import (
    Asset,
    CertificationRequirement,
    Customer,
    Job,
    JobStatus,
    JobType,
    Link,
    LinkKind,
    Noun,
    Requirement,
    Site,
    Skill,
    Worker,
)
from skillmatch.store.store import Store
from skillmatch.workspace import Workspace

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
"""The moment at which these tests happen."""

TOMORROW = date(2026, 6, 2)
TOO_WARM = (Requirement("refrigeration", 3.0), Requirement("controls"))

NOUNS: tuple[tuple[type[Noun], tuple[Noun, ...]], ...] = (
    (
        Skill,
        (
            Skill("cooling", "Cooling"),
            Skill("refrigeration", "Refrigeration"),
            Skill("controls", "Controls"),
        ),
    ),
    (Link, (Link("refrigeration", "cooling", LinkKind.BROADER),)),
    (Customer, (Customer("bakery", "Corner Bakery", "+44 1632 960001", preferred=("ben",)),)),
    (
        Worker,
        (
            Worker("anna", "Anna Frost", "North", "+44 1632 960101"),
            Worker("ben", "Ben Okafor", "North"),
            Worker("chen", "Chen Li", "South", active_from=date(2026, 5, 1)),
        ),
    ),
    (Site, (Site("bakery-1", "bakery", "Market Square"),)),
    (Asset, (Asset("case-7", "bakery-1", "display case"),)),
    (
        JobType,
        (JobType("too warm", "Case too warm", (Requirement("refrigeration", 3.0), Requirement("controls")), 90.0),),
    ),
    (
        Job,
        (
            Job(
                "j1",
                "Case at 9 degrees",
                "it's too warm",
                "too warm",
                "bakery",
                "bakery-1",
                "case-7",
                due=date(2026, 6, 2),
            ),
            Job("j2", "Case at 7 degrees", type="too warm", customer="bakery", created=NOW - timedelta(days=30)),
            Job("j3", "Charge system", requirements=(CertificationRequirement("F-GAS"),), priority=1),
            Job("j4", "Old case", type="too warm", status=JobStatus.DONE, created=NOW - timedelta(days=90)),
        ),
    ),
)


def fill(store: Store) -> None:
    """Save the company's nouns."""
    with store.write() as transaction:
        revision = transaction.next_revision()
        for kind, nouns in NOUNS:
            transaction.save_nouns(kind, nouns, revision=revision)


def company(url: str) -> Workspace:
    """Return a workspace on a fresh database that holds the company, at the moment NOW."""
    store = Store.open(url)
    fill(store)
    return Workspace(store, clock=lambda: NOW)
