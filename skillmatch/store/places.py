"""What there is at sites and customers: equipment, notes, open jobs, and what happened there, newest first."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, and_, func, select, true

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.meaning import with_skills
from skillmatch.model import Asset, Booking, Customer, Job, JobStatus, Leave, NoteKind, NoteStatus, Site, SiteNote
from skillmatch.store import schema
from skillmatch.store.forms import KINDS, folded
from skillmatch.store.history import TABLE as HISTORY
from skillmatch.store.log import TABLE
from skillmatch.store.nouns import check_page
from skillmatch.store.rows import micros, printable
from skillmatch.store.versions import fact_of
from skillmatch.store.work import Work

T = TypeVar("T", Asset, Booking, Customer, Job, Site, SiteNote)
JOB, NOTE, CUSTOMER = schema.job.c, schema.site_note.c, schema.customer.c
_FACT = (TABLE.c.kind, TABLE.c.payload, TABLE.c.id, TABLE.c.worker, TABLE.c.time, TABLE.c.source)
_SHOWN = NOTE.status != str(NoteStatus.WITHDRAWN)


class Places(Work):
    """The part of a transaction that tells what there is at a site or a customer."""

    def sites_of(self, customer: str) -> list[Site]:
        """Return the sites of a customer, by id."""
        return self._where(Site, schema.site.c.customer == customer) if printable(customer) else []

    def assets_at(self, site: str) -> list[Asset]:
        """Return the equipment of a site, by id."""
        return self._where(Asset, schema.asset.c.site == site) if printable(site) else []

    def jobs_done_by(self, worker: str) -> set[str]:
        """Return the jobs that a worker has an outcome of that counts."""
        if not printable(worker):
            return set()
        own = and_(self._effective, TABLE.c.worker == worker, TABLE.c.job.is_not(None))
        return set(self._execute(select(TABLE.c.job).where(own).distinct()).scalars())

    def bookings_for(self, job: str) -> list[Booking]:
        """Return who is promised to a job, the lead first."""
        if not printable(job):
            return []
        found = self._where(Booking, and_(schema.booking.c.job == job, ~schema.booking.c.cancelled))
        return sorted(found, key=lambda one: (not one.lead, one.start, one.worker))

    def booked(self, worker: str, *, since: datetime) -> list[tuple[Booking, int]]:
        """Return the bookings of a worker that begin after a moment, called off ones too, each with the revision of
        the write that changed it last; in order of begin.
        """
        if not printable(worker):
            return []
        kind, columns = KINDS[Booking], schema.booking.c
        wanted = and_(columns.worker == worker, columns.start >= micros(since))
        rows = self._execute(select(*kind.columns, columns.revision.label("written")).where(wanted))
        found = [(kind.decode(row[:-1]), int(row.written)) for row in rows]
        return sorted(found, key=lambda one: (one[0].start, one[0].job))

    def leave_of(self, worker: str) -> list[Leave]:
        """Return the leave of a worker, called off or not, by first day."""
        if not printable(worker):
            return []
        kind = KINDS[Leave]
        rows = self._execute(select(*kind.columns).where(schema.leave.c.worker == worker))
        return sorted((kind.decode(row) for row in rows), key=lambda one: one.first)

    def notes_at(self, site: str) -> list[SiteNote]:
        """Return the notes of a site that were not taken back: open ones first, then the newest first."""
        return self._notes(NOTE.site == site) if printable(site) else []

    def suggestions(self, status: NoteStatus | None = None, *, worker: str | None = None) -> list[SiteNote]:
        """Return suggestions that were not taken back: open ones first, then the newest first; or those of one."""
        wanted = NOTE.kind == str(NoteKind.SUGGESTION)
        if status is not None:
            wanted = and_(wanted, NOTE.status == str(status))
        return self._notes(wanted if worker is None else and_(wanted, NOTE.worker == worker))

    def _notes(self, wanted: ColumnElement[bool]) -> list[SiteNote]:
        found = self._where(SiteNote, and_(wanted, _SHOWN))
        found.sort(key=lambda note: note.time, reverse=True)
        return sorted(found, key=lambda note: note.status is not NoteStatus.OPEN)

    def open_jobs_at(self, *, customer: str | None = None, site: str | None = None) -> list[Job]:
        """Return the open jobs at a customer or a site, the most urgent first."""
        if not printable(customer or "", site or ""):
            return []
        found = self._where(Job, and_(_at(customer, site), JOB.status == str(JobStatus.OPEN)))
        return sorted(found, key=lambda job: (job.priority, job.due is None, job.due or 0, job.id))

    def outcomes_at(
        self, *, customer: str | None = None, site: str | None = None, limit: int, offset: int = 0
    ) -> tuple[list[JobOutcome], int]:
        """Return a page of the outcomes of jobs at a customer or a site, newest first, and how many there are."""
        self._check_newest("pages of outcomes")
        if not printable(customer or "", site or ""):
            return [], 0
        # Only outcomes name a job. Asked for their kind, SQLite might walk through all of them.
        here = and_(self._effective, _at(customer, site))
        joined = TABLE.join(schema.job, TABLE.c.job == JOB.id)
        order = (TABLE.c.time.desc(), TABLE.c.source.desc(), TABLE.c.id.desc())
        page = select(*_FACT).select_from(joined).where(here).order_by(*order).limit(limit).offset(offset)
        total = self._execute(select(func.count()).select_from(joined).where(here)).scalar_one()
        return [self._outcome(row) for row in self._execute(page)], int(total)

    def _outcome(self, row: Row[Any]) -> JobOutcome:
        fact = with_skills(fact_of(row), self.meanings.into) if self.meanings else fact_of(row)
        assert isinstance(fact, JobOutcome)
        return fact

    def find_customers(
        self, search: str = "", *, limit: int, offset: int = 0, among: Collection[str] | None = None
    ) -> tuple[list[Customer], int]:
        """Return a page of customers by name, and how many there are; each word is part of an id or a name."""
        self._check_newest("pages of customers")
        check_page(search, limit, offset)
        wanted = and_(true(), *(CUSTOMER.search.contains(word, autoescape=True) for word in folded(search).split()))
        if among is not None:
            wanted = and_(wanted, self._among(CUSTOMER.id, sorted(among)))
        kind = KINDS[Customer]
        page = select(*kind.columns).where(wanted).order_by(func.lower(CUSTOMER.name), CUSTOMER.id)
        total = self._execute(select(func.count()).select_from(schema.customer).where(wanted)).scalar_one()
        return [kind.decode(row) for row in self._execute(page.limit(limit).offset(offset))], int(total)

    def closed_by(self, outcome: JobOutcome) -> bool:
        """Return whether the write that recorded an outcome is the one that closed its job."""
        written = select(func.max(TABLE.c.added)).where(TABLE.c.source == outcome.source, TABLE.c.id == outcome.id)
        was = select(HISTORY.c.was).where(
            HISTORY.c.kind == schema.job.name,
            HISTORY.c.key == json.dumps([outcome.job], ensure_ascii=False),
            HISTORY.c.until == written.scalar_subquery(),
        )
        return any(json.loads(row).get("status") == str(JobStatus.OPEN) for row in self._execute(was).scalars())

    def _where(self, cls: type[T], wanted: ColumnElement[bool]) -> list[T]:
        kind = KINDS[cls]
        found = [kind.decode(row) for row in self._execute(select(*kind.columns).where(wanted))]
        return sorted(found, key=kind.key_of_noun)


def _at(customer: str | None, site: str | None) -> ColumnElement[bool]:
    return and_(*(column == id for column, id in ((JOB.customer, customer), (JOB.site, site)) if id is not None))
