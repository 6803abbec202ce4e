"""Who has worked where and how much: outcomes of jobs, joined with their jobs or alone, read as plain rows."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, and_, select, true

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.model import Job
from skillmatch.store import schema
from skillmatch.store.forms import KINDS
from skillmatch.store.log import TABLE, Log
from skillmatch.store.nouns import Nouns
from skillmatch.store.rows import chunks, micros, moment, printable

JOB = schema.job
PLACES = ("customer", "site", "asset")

Places = tuple[str | None, str | None, str | None]


class Visit(NamedTuple):
    """A worker has done a job, with this result; where is told by the job as it stands, not as it stood then."""

    worker: str
    job: str
    customer: str | None
    site: str | None
    asset: str | None
    time: datetime
    result: str


class WorkRow(NamedTuple):
    """One version of a job outcome. `minutes` are those it took, or else the estimate; `counts` is False for one that
    was corrected or retracted.
    """

    source: str
    id: str
    worker: str
    time: datetime
    minutes: float | None
    job: str
    counts: bool


class Work(Nouns, Log):
    """The part of a transaction that tells who has worked where and how much."""

    def visits(self, *, customer: str | None = None, site: str | None = None, asset: str | None = None) -> list[Visit]:
        """Return the outcomes that count of the jobs with this customer, site and asset, newest first.

        What is not given is not asked for. Outcomes of jobs that are not in the database are left out.
        """
        asked = {name: id for name, id in zip(PLACES, (customer, site, asset), strict=True) if id is not None}
        if not printable(*asked.values()):
            return []
        here = and_(true(), *(JOB.c[name] == id for name, id in asked.items()))
        # Only outcomes name a job. Asked for their kind, SQLite might walk through all of them.
        joined = self._outcomes().add_columns(*(JOB.c[name] for name in PLACES)).join(JOB, TABLE.c.job == JOB.c.id)
        found = [(row, (row.customer, row.site, row.asset)) for row in self._execute(joined.where(here))]
        if self.as_of is not None:
            found = self._past_visits({row.job for row, _ in found}, asked)
        found.sort(key=lambda one: (one[0].time, one[0].source, one[0].id), reverse=True)
        return [
            Visit(row.worker, row.job, *places, moment(row.time), json.loads(row.payload)["result"])
            for row, places in found
        ]

    def _outcomes(self) -> Select[Any]:
        columns = (TABLE.c.worker, TABLE.c.job, TABLE.c.time, TABLE.c.payload, TABLE.c.source, TABLE.c.id)
        return select(*columns).where(self._effective)

    def _past_visits(self, jobs: set[str], asked: dict[str, str]) -> list[tuple[Row[Any], Places]]:
        """Return the outcomes of jobs that were here at `as_of`: among those that are here now and those that moved."""
        places: dict[str, Places] = {}
        for job in self.nouns(Job, jobs | self._moved(KINDS[Job], asked)):
            if all(getattr(job, name) == id for name, id in asked.items()):
                places[job.id] = (job.customer, job.site, job.asset)
        parts = chunks(sorted(places))
        rows = (row for part in parts for row in self._execute(self._outcomes().where(self._among(TABLE.c.job, part))))
        return [(row, places[row.job]) for row in rows]

    def work_rows(self, *, since: int = -1, after: datetime) -> list[WorkRow]:
        """Return the versions of job outcomes that were added or superseded after revision `since`, in that order.

        Only those of a `time` not before `after`. Of the versions of one key (source, id) the last one holds: keep a
        row where `counts`, drop what was kept under its key otherwise.
        """
        columns = (TABLE.c.source, TABLE.c.id, TABLE.c.worker, TABLE.c.time, TABLE.c.payload, TABLE.c.job)
        wanted = and_(self._known, TABLE.c.kind == JobOutcome.KIND)
        start = micros(after)
        # One of the two conditions only, so that there is no doubt which index to use.
        newer = TABLE.c.time >= start if since < 0 else self._changed(since)
        statement = select(*columns, self._superseded.label("gone")).where(wanted, newer).order_by(TABLE.c.seq)
        return [_work_row(row) for row in self._execute(statement) if row.time >= start]


def _work_row(row: Row[Any]) -> WorkRow:
    payload = json.loads(row.payload)
    minutes = payload.get("minutes")
    if minutes is None:
        minutes = payload.get("estimate")
    return WorkRow(row.source, row.id, row.worker, moment(row.time), minutes, row.job, not row.gone)
