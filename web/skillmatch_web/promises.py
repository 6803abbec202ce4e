"""Who is promised to a job, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from skillmatch.model import Worker
from skillmatch_web.addresses import workspace
from skillmatch_web.sight import sight


@dataclass(frozen=True, slots=True)
class Promise:
    """A worker promised to a job from `start` to `end`; a `locked` one is not moved by any plan.

    Of somebody who is not `seen` there is the id, to compare with, and what she may be called.
    """

    worker: Worker
    start: datetime
    end: datetime
    lead: bool
    locked: bool
    seen: bool = True


def promises(job: str, people: Mapping[str, Worker]) -> tuple[Promise, ...]:
    """Return who is promised to a job, the lead first; `people` has all workers, by id."""
    found = []
    for one in workspace().bookings(job):
        worker = people.get(one.worker) or Worker(one.worker, one.worker)
        seen = sight().sees(worker)
        shown = worker if seen else Worker(worker.id, sight().called(worker))
        found.append(Promise(shown, one.start, one.start + timedelta(minutes=one.minutes), one.lead, one.locked, seen))
    return tuple(found)
