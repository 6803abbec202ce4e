"""The sample company as a folder of tables in the form of an import, and the truth in a folder beside them."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, get_type_hints

from skillmatch.beliefs.evidence import CertificationGranted, Evidence, JobOutcome
from skillmatch.beliefs.observation import Result
from skillmatch.demo.company import Company, generate
from skillmatch.demo.customers import WORKERS
from skillmatch.demo.truth import Parameter, TrueCause, TrueJob, TrueLevel, TrueOutcome, Truth
from skillmatch.importers.columns import NOUN_KINDS
from skillmatch.importers.export import write_tables
from skillmatch.importers.kinds import KIND_OF_CLASS
from skillmatch.model import JobStatus, Noun

TRUTH = "truth"
"""The folder inside the company's that an import does not look into."""
_TRUE_TABLES: dict[str, type[Any]] = {
    "levels": TrueLevel,
    "jobs": TrueJob,
    "outcomes": TrueOutcome,
    "causes": TrueCause,
    "parameters": Parameter,
}


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written: rows by table, and a few numbers a manager would ask for."""

    folder: Path
    today: date
    rows: Mapping[str, int]
    finished_jobs: int
    open_jobs: int
    first_time_fix: float
    expired: int
    expiring: int
    away: int = 0

    def __str__(self) -> str:
        rows = self.rows
        return "\n".join(
            (
                f"{rows['workers']:,} workers, {rows['skills']:,} skills, {rows['job_types']:,} job types,"
                f" {rows['customers']:,} customers, {rows['sites']:,} sites, {rows['assets']:,} machines",
                f"{self.finished_jobs:,} finished jobs with {rows['outcomes']:,} outcomes,"
                f" {self.first_time_fix:.0%} of the visits a first-time fix; {self.open_jobs:,} jobs are open",
                f"{rows['self_reports']:,} self-reports, {rows['customer_ratings']:,} customer ratings,"
                f" {rows['certifications']:,} certifications:"
                f" {self.expired:,} have expired, {self.expiring:,} expire within 30 days",
                f"{self.away:,} workers are away today, {rows['bookings']:,} bookings for the coming days,"
                f" {rows['learning_wishes']:,} wishes to learn",
            )
        )


def write_company(folder: Path, *, seed: int = 1, today: date | None = None, scale: float = 1.0) -> Summary:
    """Generate the sample company and write it to `folder`, one CSV file for each kind, ready to import.

    `scale` makes a smaller firm, at least 12 people: 0.05 takes a second. The truth goes to the sub-folder `truth`.

    Raises
    ------
    Invalid
        When the folder is there and not empty.
    """
    company = generate(seed=seed, workers=round(WORKERS * scale), today=today)
    nouns: list[Noun] = [thing for kind in NOUN_KINDS for thing in getattr(company, kind.name, ())]
    evidence = sorted(company.evidence, key=lambda fact: (fact.time, fact.id))
    write_tables(folder, nouns, evidence)
    write_truth(folder, company.truth)
    rows = Counter(KIND_OF_CLASS[type(thing)].name for thing in chain[Noun | Evidence](nouns, evidence))
    return summarise(company, folder, rows)


def write_truth(folder: Path, truth: Truth) -> None:
    """Write the truth to the sub-folder of `folder` that an import ignores."""
    (folder / TRUTH).mkdir()
    for name, record in _TRUE_TABLES.items():
        with (folder / TRUTH / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(record._fields)
            writer.writerows([_short(value) for value in row] for row in getattr(truth, name))


def read_truth(folder: Path) -> Truth:
    """Return the truth that `write_company` put beside a company, to four decimals."""
    return Truth(**{name: tuple(_read(folder / TRUTH / f"{name}.csv", row)) for name, row in _TRUE_TABLES.items()})


def summarise(company: Company, folder: Path, rows: Mapping[str, int]) -> Summary:
    """Return the numbers of a company that was written."""
    results = Counter(fact.result for fact in company.evidence if isinstance(fact, JobOutcome))
    latest: dict[tuple[str, str], date] = {}
    for fact in company.evidence:
        if isinstance(fact, CertificationGranted) and fact.expires:
            key = (fact.worker, fact.type)
            latest[key] = max(latest.get(key, fact.expires), fact.expires)
    left = [(expires - company.today).days for expires in latest.values()]
    return Summary(
        folder,
        company.today,
        rows,
        finished_jobs=sum(job.status is JobStatus.DONE for job in company.jobs),
        open_jobs=sum(job.status is JobStatus.OPEN for job in company.jobs),
        first_time_fix=results[Result.FIRST_TIME_FIX] / max(results.total(), 1),
        expired=sum(days < 0 for days in left),
        expiring=sum(0 <= days <= 30 for days in left),
        away=sum(one.first <= company.today <= one.last and not one.cancelled for one in company.leave),
    )


def _short(value: float | str) -> str:
    return f"{value:.4f}" if isinstance(value, float) else value


def _read(path: Path, record: type[Any]) -> Iterable[Any]:
    parse = [float if hint is float else str for hint in get_type_hints(record).values()]
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for row in rows:
            yield record(*(form(cell) for form, cell in zip(parse, row, strict=True)))
