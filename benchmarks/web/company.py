"""A company of 10,000 workers for the pages: the sample company, as many branches beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from skillmatch.beliefs.evidence import Evidence
from skillmatch.demo.company import Company, generate
from skillmatch.importers.columns import NOUN_KINDS
from skillmatch.importers.export import write_tables
from skillmatch.model import Asset, Booking, Customer, Job, Leave, Noun, Shift, Site, Worker
from skillmatch.workspace import Workspace

BRANCHES, WORKERS, JOBS, DAYS = 25, 400, 800, 365
"""Branches, and the workers, finished jobs and days of history of each."""
OWN = (Worker, Customer, Site, Asset, Job, Shift, Leave, Booking)
"""What each branch has of its own; skills, their links, kinds of jobs and causes are those of the company."""


def build(folder: Path, *, branches: int = BRANCHES, workers: int = WORKERS, jobs: int = JOBS) -> Path:
    """Write the database of the company into a folder by an import; return the file."""
    company = generate(workers=workers, jobs=jobs, days=DAYS, today=date.today())
    nouns = [noun for kind in NOUN_KINDS for noun in getattr(company, kind.name, ())]
    known = _ids(company)
    shared: list[Noun] = [noun for noun in nouns if not isinstance(noun, OWN)]
    own = [noun for noun in nouns if isinstance(noun, OWN)]
    copies = [(f"{number:02}-", known) for number in range(1, branches + 1)]
    evidence = [_moved(fact, *copy) for copy in copies for fact in company.evidence]
    write_tables(
        folder / "tables",
        [*shared, *(_moved(noun, *copy) for copy in copies for noun in own)],
        sorted(evidence, key=lambda fact: (fact.time, fact.id)),
    )
    file = folder / "company.db"
    with Workspace.open(f"sqlite:///{file}") as workspace:
        workspace.import_path(folder / "tables")
    return file


def _ids(company: Company) -> frozenset[str]:
    """Return all that is called something else in each branch: ids, and the names of teams."""
    places = (*company.customers, *company.sites, *company.assets)
    named: tuple[Any, ...] = (*company.workers, *places, *company.jobs, *company.evidence)
    return frozenset((*(one.id for one in named), *(worker.team for worker in company.workers if worker.team)))


def _moved(one: Any, prefix: str, known: frozenset[str]) -> Any:
    """Return a noun or a fact as that of a branch."""
    return replace(one, **dict(_changes(one, prefix, known)))


def _changes(one: Noun | Evidence, prefix: str, known: frozenset[str]) -> Iterator[tuple[str, Any]]:
    for field in fields(one):
        before = getattr(one, field.name)
        after = _renamed(before, prefix, known) if field.init else before
        if after != before:
            yield field.name, after


def _renamed(value: Any, prefix: str, known: frozenset[str]) -> Any:
    if isinstance(value, str):
        return prefix + value if value in known and type(value) is str else value
    if isinstance(value, tuple):
        return tuple(_renamed(part, prefix, known) for part in value)
    return value
