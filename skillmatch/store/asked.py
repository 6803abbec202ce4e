"""What jobs ask for: the open ones, those of a past period counted by what they need, and those that workers did."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import NamedTuple

from sqlalchemy import and_, func, or_, select

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.model import Job, JobStatus, Need, Risk
from skillmatch.needs import with_skills
from skillmatch.store import schema
from skillmatch.store.forms import KINDS
from skillmatch.store.log import TABLE
from skillmatch.store.need_forms import needs_from_json
from skillmatch.store.rows import chunks, micros, moment
from skillmatch.store.work import Work

JOB = schema.job.c


class Asked(NamedTuple):
    """So many jobs of one type, risk and list of needs of their own; without these, those of the type count."""

    type: str | None
    needs: tuple[Need, ...]
    risk: Risk | None
    jobs: int


class DoneJob(NamedTuple):
    """A worker did a job at a time, for so many minutes, if that is known; with what the job was."""

    worker: str
    time: datetime
    minutes: float | None
    priority: int
    type: str | None
    needs: tuple[Need, ...]
    risk: Risk | None


class AskedFor(Work):
    """The part of a transaction that tells what jobs ask for."""

    def jobs_open(self) -> list[Job]:
        """Return the open jobs, by id."""
        self._check_newest("which jobs are open")
        kind = KINDS[Job]
        rows = self._execute(select(*kind.columns).where(JOB.status == str(JobStatus.OPEN)).order_by(JOB.id))
        return [self.meanings.noun(kind.decode(row)) for row in rows]

    def asked_of_done(self, *, since: date) -> list[Asked]:
        """Return what finished jobs asked for that came in, or were promised, since a day."""
        self._check_newest("what jobs asked for")
        start = micros(_begin(since))
        lately = or_(JOB.created >= start, and_(JOB.created.is_(None), JOB.due >= since))
        columns = (JOB.type, JOB.requirements, JOB.risk)
        wanted = and_(JOB.status == str(JobStatus.DONE), lately)
        statement = select(*columns, func.count()).where(wanted).group_by(*columns).order_by(*columns)
        rows = map(tuple, self._execute(statement))
        return [
            Asked(type, self._meant(needs), Risk(risk) if risk else None, count) for type, needs, risk, count in rows
        ]

    def done_by(self, workers: Iterable[str], *, after: datetime) -> list[DoneJob]:
        """Return what some workers have done from a time on, by worker and time; only of jobs that are on record."""
        columns = (TABLE.c.worker, TABLE.c.time, TABLE.c.payload, JOB.priority, JOB.type, JOB.requirements, JOB.risk)
        found = []
        for part in chunks(sorted(workers)):
            lately = and_(self._among(TABLE.c.worker, part), TABLE.c.time >= micros(after))
            wanted = and_(lately, self._effective, TABLE.c.kind == JobOutcome.KIND)
            statement = select(*columns).join(schema.job, TABLE.c.job == JOB.id).where(wanted)
            for worker, time, payload, priority, type, needs, risk in map(tuple, self._execute(statement)):
                told = json.loads(payload)
                minutes = told.get("minutes") if told.get("minutes") is not None else told.get("estimate")
                own = self._meant(needs)
                found.append(DoneJob(worker, moment(time), minutes, priority, type, own, Risk(risk) if risk else None))
        return sorted(found, key=lambda one: (one.worker, one.time))

    def _meant(self, text: str) -> tuple[Need, ...]:
        needs = needs_from_json(text)
        return with_skills(needs, self.meanings.into) if self.meanings else needs


def came_since(job: Job, day: date) -> bool:
    """Return whether a job came in, or was promised, since a day: as `asked_of_done` takes it."""
    if job.created is not None:
        return job.created >= _begin(day)
    return job.due is not None and job.due >= day


def _begin(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
