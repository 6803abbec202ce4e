"""Who is promised to a job, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from skillmatch.model import Worker
from skillmatch_web.addresses import workspace


@dataclass(frozen=True, slots=True)
class Promise:
    """A worker promised to a job from `start` to `end`; a `locked` one is not moved by any plan."""

    worker: Worker
    start: datetime
    end: datetime
    lead: bool
    locked: bool


def promises(job: str, people: Mapping[str, Worker]) -> tuple[Promise, ...]:
    """Return who is promised to a job, the lead first; `people` has all workers, by id."""
    return tuple(
        Promise(
            people.get(one.worker) or Worker(one.worker, one.worker),
            one.start,
            one.start + timedelta(minutes=one.minutes),
            one.lead,
            one.locked,
        )
        for one in workspace().bookings(job)
    )
