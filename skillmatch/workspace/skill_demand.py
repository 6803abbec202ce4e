"""What work asks for a skill: the open jobs that need it, and how the jobs of the last year went."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.observation import DONE, SUCCESS
from skillmatch.model import Job, JobStatus, JobType, skill_needs
from skillmatch.skills.merging import Meanings
from skillmatch.store.store import Transaction
from skillmatch.workspace.reporting import Share

MONTHS = 12
ALL_OPEN = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Asked:
    """A skill as an open job asks for it; `level` None for no particular one, `must` when it is a hard rule."""

    job: Job
    level: float | None
    must: bool


@dataclass(frozen=True, slots=True)
class Month:
    """The jobs with the skill whose first visit was in the month that begins with `first`, and how many it solved."""

    first: date
    jobs: int
    done: int


@dataclass(frozen=True, slots=True)
class Demand:
    """What work asks for a skill: open jobs, the most urgent first; the last twelve months, the oldest first."""

    open: tuple[Asked, ...]
    months: tuple[Month, ...]

    @property
    def done(self) -> Share:
        """Jobs of these months that the first visit solved, of all."""
        return Share(sum(month.done for month in self.months), sum(month.jobs for month in self.months))


class OpenJobs:
    """The open jobs and the skills they need, kept up with the database by revision."""

    def __init__(self) -> None:
        self.revision = -1
        self._meanings: Meanings | None = None
        self._jobs: dict[str, Job] = {}
        self._types: dict[str, JobType] = {}
        self._needs: dict[str, dict[str, Asked]] = {}
        self._by_skill: dict[str, dict[str, Asked]] = {}

    def refresh(self, transaction: Transaction) -> None:
        """Take in what was written since it was last looked at."""
        revision = transaction.revision()
        if revision == self.revision:
            return
        if self.revision < 0 or transaction.meanings != self._meanings:
            self._load(transaction)
        else:
            types = transaction.nouns(JobType, since=self.revision)
            jobs = transaction.nouns(Job, since=self.revision)
            self._types |= {type.id: type for type in types}
            changed = {type.id for type in types}
            inherit = [job for job in self._jobs.values() if job.type in changed]
            self._put([*inherit, *jobs])
        self.revision = revision

    def _load(self, transaction: Transaction) -> None:
        self._jobs, self._needs, self._by_skill = {}, {}, {}
        self._meanings = transaction.meanings
        self._types = {type.id: type for type in transaction.nouns(JobType)}
        found, _total = transaction.find_jobs(status=JobStatus.OPEN, limit=ALL_OPEN)
        self._put(found)

    def _put(self, jobs: Iterable[Job]) -> None:
        for job in jobs:
            for skill in self._needs.pop(job.id, {}):
                self._by_skill[skill].pop(job.id)
            self._jobs.pop(job.id, None)
            if job.status is not JobStatus.OPEN:
                continue
            self._jobs[job.id], type = job, self._types.get(job.type or "")
            needs = skill_needs(job.requirements or (type.requirements if type else ()))
            asked = self._needs[job.id] = {need.skill: Asked(job, need.level, need.must) for need in needs}
            for skill, one in asked.items():
                self._by_skill.setdefault(skill, {})[job.id] = one

    def counts(self, among: Collection[str] | None = None) -> Mapping[str, int]:
        """Return how many open jobs need each skill, of `among` these jobs where that is given."""
        if among is None:
            return {skill: len(own) for skill, own in self._by_skill.items() if own}
        found: dict[str, int] = {}
        for job in among:
            for skill in self._needs.get(job, {}):
                found[skill] = found.get(skill, 0) + 1
        return found

    def asking(self, skill: str, among: Collection[str] | None = None) -> tuple[Asked, ...]:
        """Return the open jobs that need a skill, the most urgent first."""
        own = self._by_skill.get(skill, {}).values()
        kept = [one for one in own if among is None or one.job.id in among]
        return tuple(sorted(kept, key=lambda one: (one.job.priority, one.job.due or date.max, one.job.id)))


def first_month(now: datetime, zone: tzinfo) -> date:
    """Return the first day of the oldest of the last twelve months, this one among them.

    >>> from datetime import UTC
    >>> first_month(datetime(2026, 6, 30, 12, tzinfo=UTC), UTC)
    datetime.date(2025, 7, 1)
    """
    today = now.astimezone(zone).date()
    return _later(today.replace(day=1), 1 - MONTHS)


def months(
    outcomes: Iterable[JobOutcome], now: datetime, zone: tzinfo, *, counts: Callable[[str], bool]
) -> tuple[Month, ...]:
    """Return the last twelve months of jobs by their first outcome, of workers who count.

    Parameters
    ----------
    outcomes
        In canonical order, so that the first of a job comes first.
    """
    begin = first_month(now, zone)
    found = {_later(begin, number): [0, 0] for number in range(MONTHS)}
    seen: set[str] = set()
    for fact in outcomes:
        if fact.job in seen:
            continue
        seen.add(fact.job)
        if not counts(fact.worker):
            continue
        month = found.get(fact.time.astimezone(zone).date().replace(day=1))
        if month is not None:
            month[0] += 1
            month[1] += SUCCESS[fact.result] >= DONE
    return tuple(Month(first, jobs, done) for first, (jobs, done) in found.items())


def _later(first: date, number: int) -> date:
    place = first.year * 12 + first.month - 1 + number
    return date(place // 12, place % 12 + 1, 1)
