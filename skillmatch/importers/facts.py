"""What every single fact must keep to, recorded or imported: it has happened, she was there, its demands are sound."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from math import isfinite
from typing import NamedTuple

from skillmatch.beliefs.evidence import CertificationGranted, CustomerRating, Evidence, JobOutcome
from skillmatch.beliefs.observation import Demand
from skillmatch.importers.draft import Unfit, shown
from skillmatch.importers.forms import TIME
from skillmatch.model import LEVEL_MAX, LEVEL_MIN, Worker

MOST_WEIGHT = 1000.0
LATE_DAYS = 31
MOST_MINUTES = 100_000.0


class Employment(NamedTuple):
    """A worker's first and last day with the firm, each None where it is not known."""

    joined: date | None = None
    left: date | None = None

    @classmethod
    def of(cls, worker: Worker) -> Employment:
        """Return the days of a worker."""
        return cls(worker.active_from, worker.active_to)


def future(fact: Evidence, now: datetime) -> Unfit | None:
    """Return what is wrong with a fact that has not happened yet."""
    if isinstance(fact, CertificationGranted) and fact.issued > now.date():
        return Unfit(f"{fact.issued}, in the future", f"a day up to today, {now.date()}", column="issued")
    if fact.time > now:
        found = f"{TIME.write(fact.time)}, in the future"
        return Unfit(found, f"a time up to now, {TIME.write(now)}", column="time")
    return None


def not_employed(fact: Evidence, employment: Employment) -> Unfit | None:
    """Return what is wrong with work that was done before the worker joined or after she left.

    Only job outcomes and ratings of jobs are work; statements, certificates and trainings may be older or later. The
    last reports come in up to `LATE_DAYS` after somebody left, and customers' ratings later still.
    """
    if not isinstance(fact, JobOutcome | CustomerRating):
        return None
    day, (joined, left) = fact.time.date(), employment
    advice = "correct the time, or the {} of the worker"
    if joined is not None and day < joined:
        found = f"{day}, before worker {shown(fact.worker)} joined on {joined}"
        return Unfit(found, f"work from {joined} on: {advice.format('active_from')}", column="time")
    if left is not None and isinstance(fact, JobOutcome) and day > left + timedelta(days=LATE_DAYS):
        found = f"{day}, after worker {shown(fact.worker)} left on {left}"
        return Unfit(
            found,
            f"work up to {left}, reported at most {LATE_DAYS} days later: {advice.format('active_to')}",
            column="time",
        )
    return None


def unsound(fact: Evidence) -> Iterator[Unfit]:
    """Yield what is wrong with the demands and the estimate that a fact brings with it."""
    if not isinstance(fact, JobOutcome | CustomerRating):
        return
    yield from _unsound_demands(fact.demands, "demands")
    if isinstance(fact, JobOutcome):
        yield from _unsound_demands(fact.used, "used")
        yield from _unsound_demands(fact.listed, "listed")
    estimate = fact.estimate if isinstance(fact, JobOutcome) else None
    if estimate is not None and not 0.0 < estimate <= MOST_MINUTES:
        yield Unfit(f"{estimate:g}", f"minutes above 0, up to {MOST_MINUTES:.0f}", column="estimate")


def _unsound_demands(demands: tuple[Demand, ...], column: str) -> Iterator[Unfit]:
    for demand in demands:
        wrong = _unsound_demand(demand, column)
        if wrong is not None:
            yield wrong
    skills = [demand.skill for demand in demands]
    twice = sorted({skill for skill in skills if skills.count(skill) > 1})
    if twice:
        yield Unfit(f"skill {shown(twice[0])} twice", "each skill once", column=column)


def _unsound_demand(demand: Demand, column: str) -> Unfit | None:
    what = f"of the demand for {shown(demand.skill)}"
    if not 0.0 < demand.weight <= MOST_WEIGHT:
        expected = f"above 0, up to {MOST_WEIGHT:g}; leave out a skill that the work does not draw on"
        return Unfit(f"weight {demand.weight:g} {what}", expected, column=column)
    level = demand.level
    if level is not None and not (isfinite(level) and LEVEL_MIN <= level <= LEVEL_MAX):
        expected = f"a level from {LEVEL_MIN:g} to {LEVEL_MAX:g}, or none"
        return Unfit(f"level {level:g} {what}", expected, column=column)
    return None
