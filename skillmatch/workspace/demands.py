"""What jobs cannot do without, in memory: brought up to the database's revision job by job."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from skillmatch.model import (
    AllOf,
    AnyOf,
    Job,
    JobStatus,
    JobType,
    LanguageRequirement,
    Need,
    PlainNeed,
    Requirement,
    Risk,
    ways,
)
from skillmatch.skills.merging import Meanings
from skillmatch.store.asked import came_since
from skillmatch.store.store import Transaction

LOOKED_BACK = 365
"""Days over which finished jobs say what is asked for."""
SKILL, CERTIFICATION = "skill", "certification"
_RISKS = (Risk.LOW, Risk.NORMAL, Risk.HIGH)
Key = tuple[str, str, float]


@dataclass(slots=True)
class Demanded:
    """By how many finished jobs something was asked for, by which open ones, and how risky all of them are."""

    done: int = 0
    open: dict[str, Job] = field(default_factory=dict)
    risks: Counter[Risk] = field(default_factory=Counter)
    _jobs: tuple[Job, ...] | None = None

    @property
    def risk(self) -> Risk:
        """The highest risk of any job that asks for it."""
        return max((risk for risk, count in self.risks.items() if count), key=_RISKS.index, default=Risk.LOW)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The open jobs that ask for it, the most urgent first."""
        if self._jobs is None:
            self._jobs = tuple(sorted(self.open.values(), key=lambda job: (job.priority, job.due or date.max, job.id)))
        return self._jobs

    def put(self, job: Job, risk: Risk) -> None:
        """Count an open job."""
        self.open[job.id], self._jobs = job, None
        self.risks[risk] += 1

    def take(self, job: Job, risk: Risk) -> None:
        """Count an open job no more."""
        del self.open[job.id]
        self._jobs = None
        self.risks[risk] -= 1

    def add_done(self, jobs: int, risk: Risk) -> None:
        """Count finished jobs, or no more where `jobs` is negative."""
        self.done += jobs
        self.risks[risk] += jobs


class Demands:
    """What open jobs and those of the last year cannot do without, as of one revision and day.

    After any writes these equal those of a process that has read all anew: they are whole numbers and sets.
    """

    def __init__(self) -> None:
        self._of: tuple[int, date] | None = None
        self._meanings = Meanings()
        self._types: Mapping[str, JobType] = {}
        self._found: dict[Key, Demanded] = {}
        self._keys: dict[tuple[Need, ...], tuple[Key, ...]] = {}

    def refresh(self, transaction: Transaction, today: date) -> Mapping[Key, Demanded]:
        """Take in what was written since, and return what is asked for: by (kind, id, level).

        Whatever fails on the way makes the next one read all anew.
        """
        known, now = self._of, (transaction.revision(), today)
        if known == now:
            return self._found
        self._of = None
        if known is None or not self._follow(transaction, known, now):
            self._read(transaction, today)
        self._of = now
        return self._found

    def _follow(self, transaction: Transaction, known: tuple[int, date], now: tuple[int, date]) -> bool:
        """Take in the jobs that were written since; return whether nothing else bears on it."""
        since, day = known
        same = now[0] > since and now[1] == day and transaction.meanings == self._meanings
        if not same or transaction.nouns(JobType, since=since):
            return False
        for job, before in transaction.changed_since(Job, since):
            if before is not None:
                self._count(self._meanings.noun(before), day, -1)
            self._count(self._meanings.noun(job), day, 1)
        self._found = {key: one for key, one in self._found.items() if one.done or one.open}
        return True

    def _read(self, transaction: Transaction, today: date) -> None:
        self._meanings = transaction.meanings
        self._types = {type.id: type for type in transaction.nouns(JobType)}
        self._found, self._keys = {}, {}
        for job in transaction.jobs_open():
            self._count(job, today, 1)
        for row in transaction.asked_of_done(since=today - timedelta(days=LOOKED_BACK)):
            for one, risk in self._asked(row.needs, row.type, row.risk):
                one.add_done(row.jobs, risk)

    def _count(self, job: Job, today: date, times: int) -> None:
        """Count a job once, or once less where `times` is -1."""
        done = job.status is JobStatus.DONE and came_since(job, today - timedelta(days=LOOKED_BACK))
        if done or job.status is JobStatus.OPEN:
            for one, risk in self._asked(job.requirements, job.type, job.risk):
                if done:
                    one.add_done(times, risk)
                elif times > 0:
                    one.put(job, risk)
                else:
                    one.take(job, risk)

    def _asked(self, own: tuple[Need, ...], type: str | None, risk: Risk | None) -> Iterator[tuple[Demanded, Risk]]:
        """Yield all that a job asks for, with its risk; without needs or a risk of its own, those of its type count."""
        known = self._types.get(type or "")
        risk = risk or (known.risk if known else Risk.NORMAL)
        for key in self._keys_of(own or (known.requirements if known else ())):
            yield self._found.setdefault(key, Demanded()), risk

    def _keys_of(self, needs: tuple[Need, ...]) -> tuple[Key, ...]:
        found = self._keys.get(needs)
        if found is None:
            keys = {key for need in always(needs) if (key := _key(need)) is not None}
            found = self._keys[needs] = tuple(sorted(keys))
        return found


def always(needs: tuple[Need, ...]) -> list[PlainNeed]:
    """Return what is needed whatever is chosen among `needs`: of a choice, only what each way asks for."""
    if not any(isinstance(need, AnyOf | AllOf) for need in needs):
        return list(ways(needs)[0])
    first, *others = ({_named(need): need for need in way} for way in ways(needs))
    found: list[PlainNeed] = []
    for name, need in first.items():
        if all(name in way for way in others):
            found.append(min((need, *(way[name] for way in others)), key=_level))
    return found


def _named(need: PlainNeed) -> tuple[str, str]:
    if isinstance(need, LanguageRequirement):
        return "language", need.language
    return (SKILL, need.skill) if isinstance(need, Requirement) else (CERTIFICATION, need.type)


def _level(need: PlainNeed) -> float:
    return (need.level or 0.0) if isinstance(need, Requirement) else 0.0


def _key(need: PlainNeed) -> Key | None:
    return None if isinstance(need, LanguageRequirement) else (*_named(need), _level(need))
