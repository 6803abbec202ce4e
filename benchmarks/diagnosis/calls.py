"""The calls of a generated company as the engine sees them, and what finished jobs say of their cause."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.demo.company import Company
from skillmatch.matching.diagnosis.nouns import Call, Finding
from skillmatch.model import Asset, Job

NOTED = re.compile(r"cause: ([^;]+)")
"""How the sample firm's people write the cause into the note of an outcome."""
BUILT = re.compile(r"\((\d{4})\)$")
"""How the year in which a machine was built stands in its model."""


@dataclass(frozen=True, slots=True)
class Event:
    """A call comes in, or, with a `finding`, a job is finished."""

    time: datetime
    job: Job
    call: Call
    finding: Finding | None = None

    @property
    def order(self) -> tuple[datetime, bool, str]:
        """What is known at a time: jobs that are finished then come after the calls of then."""
        return (self.time, self.finding is not None, self.job.id)


def events_of(company: Company, *, vague: frozenset[str]) -> list[Event]:
    """Return the calls of these job types and what became of them, in time order; calls without a visit are left out.

    A job has one finding: the cause that the last of its notes names, when it ended. Where no note does, the firm
    learns nothing.
    """
    assets = {asset.id: asset for asset in company.assets}
    visits: defaultdict[str, list[JobOutcome]] = defaultdict(list)
    for fact in company.evidence:
        if isinstance(fact, JobOutcome):
            visits[fact.job].append(fact)
    found = []
    for job in company.jobs:
        if job.type in vague and job.id in visits and job.created is not None:
            call = call_of(job, assets.get(job.asset or ""))
            found.append(Event(job.created, job, call))
            ended = sorted(visits[job.id], key=lambda fact: fact.order)
            if cause := noted_cause(fact.note for fact in ended):
                found.append(Event(ended[-1].time, job, call, Finding(call, cause, ended[-1].minutes)))
    return sorted(found, key=lambda event: event.order)


def call_of(job: Job, asset: Asset | None) -> Call:
    """Return what is known when the call of a job comes in."""
    month = job.created.month if job.created else None
    built = BUILT.search(asset.model) if asset else None
    age = float(max(job.created.year - int(built[1]), 0)) if built and job.created else None
    return Call(job.text, job.type, asset.type if asset else None, age, None, month)


def noted_cause(notes: Iterable[str]) -> str | None:
    """Return the cause that the last of some notes names; None when none does.

    >>> noted_cause(["cause not found", "cause: blown capacitor; with help from Ada"])
    'blown capacitor'
    """
    found = [named[1].strip() for note in notes if (named := NOTED.match(note))]
    return found[-1] if found else None
