"""Where a prediction is hardest: new workers, skills used for the first time, skills not used for long."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from skillmatch.beliefs.evidence import JobOutcome, day_number

NEW_DAYS = 60.0
DISUSE_DAYS = 90.0


class Standing(NamedTuple):
    """How a worker stood to a job just before she tried it.

    `days_in` is the time since she began; `first_use` says that a skill of the job was in none of her jobs before;
    `days_unused` is the time since the job's main skill, the one with the largest share, was in one of them, None if
    it never was. Statements, exams and courses are no use of a skill.
    """

    days_in: float
    first_use: bool
    days_unused: float | None


SLICES: Mapping[str, Callable[[Standing], bool]] = {
    "all": lambda standing: True,
    f"worker's first {NEW_DAYS:.0f} days": lambda standing: standing.days_in <= NEW_DAYS,
    "first use of a skill": lambda standing: standing.first_use,
    f"after {DISUSE_DAYS:.0f} days of disuse": lambda standing: (
        standing.days_unused is not None and standing.days_unused > DISUSE_DAYS
    ),
}
"""The parts of the scored history that are scored by themselves, by the name they are shown under."""


class Standings:
    """When each worker began and last used each skill, as the replay goes on.

    `began` gives the first day of employment where it is known. Otherwise, or when a job came earlier, a worker begins
    with her first job: an exam passed years before she was hired does not make her an old hand.
    """

    def __init__(self, began: Mapping[str, date] | None = None) -> None:
        self._began = {worker: day_number(datetime.combine(day, time(), UTC)) for worker, day in (began or {}).items()}
        self._used: dict[tuple[str, str], float] = {}

    def before(self, fact: JobOutcome) -> Standing:
        """Return how the worker stands to the job of `fact`, before it is learned."""
        day = day_number(fact.time)
        used = [self._used.get((fact.worker, demand.skill)) for demand in fact.demands]
        main = max(range(len(used)), key=lambda place: fact.demands[place].weight, default=None)
        last = used[main] if main is not None else None
        return Standing(
            days_in=day - min(self._began.get(fact.worker, day), day),
            first_use=None in used,
            days_unused=None if last is None else day - last,
        )

    def learn(self, fact: JobOutcome) -> None:
        """Take in that the job was tried."""
        day = day_number(fact.time)
        self._began[fact.worker] = min(self._began.get(fact.worker, day), day)
        for demand in fact.demands:
            self._used[fact.worker, demand.skill] = day
