"""The board of jobs: one page of them with whom and what they name, and how many there are, each by one question."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, Row, Text, and_, case, cast, exists, func, literal, not_, or_, select, true

from skillmatch.errors import Invalid
from skillmatch.model import Booking, Customer, Job, JobStatus, Site
from skillmatch.store import schema
from skillmatch.store.forms import KINDS, folded
from skillmatch.store.nouns import SEARCH_LENGTH, Nouns, check_page, mentions
from skillmatch.store.rows import micros, moment

JOB, BOOKING, CUSTOMER, SITE, WORKER = schema.job, schema.booking, schema.customer, schema.site, schema.worker
MOST_PRIORITIES = 5


class PromisedFor(StrEnum):
    """For when a job is promised, seen from today; `week` are today and the six days after it."""

    LATE = "late"
    TODAY = "today"
    TOMORROW = "tomorrow"
    WEEK = "week"
    NONE = "none"


class BoardOrder(StrEnum):
    """In which order a board stands."""

    URGENCY = "urgency"
    PROMISED = "promised"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """Which jobs a board shows; what is empty or None leaves all of them.

    Every word of `search` is part of the job's id, title or text, or of its customer's id or name. `customer` is an id
    or words of a name, and so is `site`. `team` is that of somebody who is promised to the job; `unassigned` asks for
    jobs that nobody is promised to.
    """

    status: JobStatus | None = JobStatus.OPEN
    search: str = ""
    priorities: tuple[int, ...] = ()
    promised: PromisedFor | None = None
    type: str = ""
    customer: str = ""
    site: str = ""
    team: str = ""
    unassigned: bool = False
    order: BoardOrder = BoardOrder.URGENCY


@dataclass(frozen=True, slots=True)
class BoardDay:
    """What is today on the company's clock: `now`, the days from `today` on and when each of them begins."""

    now: datetime
    today: date
    days: tuple[date, ...]
    starts: tuple[datetime, ...]


class BoardPromise(NamedTuple):
    """A worker promised to a job: who she is, of which team, and from when on for how many minutes."""

    job: str
    worker: str
    name: str
    team: str
    phone: str
    start: datetime
    minutes: float
    lead: bool


class BoardLine(NamedTuple):
    """A job on the board with the names of what it refers to; "" where that is not on record."""

    job: Job
    customer: str
    phone: str
    site: str
    type: str


class BoardCounts(NamedTuple):
    """How many open jobs there are, how many of them are late, due today, and without anybody promised."""

    open: int
    late: int
    today: int
    unassigned: int


class Board(Nouns):
    """The part of a transaction that reads boards."""

    def board(
        self,
        wanted: BoardFilter,
        day: BoardDay,
        *,
        limit: int,
        offset: int = 0,
        among: Collection[str] | None = None,
    ) -> tuple[list[BoardLine], int]:
        """Return one page of a board, and how many jobs are on all of its pages; with `among`, of these jobs only.

        Raises
        ------
        Invalid
            For texts of more than 500 characters, or a page that lies outside any list.
        """
        self._check_newest("boards of jobs")
        check_page(wanted.search, limit, offset)
        for field in fields(wanted):
            value = getattr(wanted, field.name)
            if isinstance(value, str) and len(value) > SEARCH_LENGTH:
                raise Invalid(f"{field.name} has {len(value)} characters: expected up to {SEARCH_LENGTH}")
        condition = self._condition(wanted, day)
        if among is not None:
            condition = and_(condition, self._among(JOB.c.id, sorted(among)))
        total = int(self._execute(select(func.count()).select_from(JOB).where(condition)).scalar_one())
        if not total or offset >= total:
            return [], total
        kind = KINDS[Job]
        # The page is found first, so that only its rows are joined.
        order = _order(wanted, day, on_postgresql=self._on_postgresql)
        page = select(JOB.c.id).where(condition).order_by(*order).limit(limit).offset(offset)
        ids = list(self._execute(page).scalars())
        lines = (
            select(*kind.columns, CUSTOMER.c.name, CUSTOMER.c.phone, SITE.c.name, SITE.c.id, schema.job_type.c.name)
            .select_from(JOB)
            .outerjoin(CUSTOMER, JOB.c.customer == CUSTOMER.c.id)
            .outerjoin(SITE, JOB.c.site == SITE.c.id)
            .outerjoin(schema.job_type, JOB.c.type == schema.job_type.c.id)
            .where(self._among(JOB.c.id, ids))
        )
        found = {row[0]: _line(row, len(kind.columns)) for row in self._execute(lines)}
        return [found[id] for id in ids], total

    def board_promises(self, jobs: Collection[str]) -> list[BoardPromise]:
        """Return who is promised to some jobs, the lead of each first."""
        columns = (BOOKING.c.job, BOOKING.c.worker, WORKER.c.name, WORKER.c.team, WORKER.c.phone)
        times = (BOOKING.c.start, BOOKING.c.minutes, BOOKING.c.lead)
        joined = select(*columns, *times).join(WORKER, BOOKING.c.worker == WORKER.c.id)
        rows = self._execute(joined.where(self._among(BOOKING.c.job, sorted(jobs)), not_(BOOKING.c.cancelled)))
        return sorted((_promise(row) for row in rows), key=lambda one: (not one.lead, one.start, one.worker))

    def board_counts(self, day: BoardDay, *, among: Collection[str] | None = None) -> BoardCounts:
        """Return how many open jobs stand how; with `among`, of these jobs only."""
        condition = JOB.c.status == str(JobStatus.OPEN)
        if among is not None:
            condition = and_(condition, self._among(JOB.c.id, sorted(among)))
        late, today = (_promised(one, day) for one in (PromisedFor.LATE, PromisedFor.TODAY))
        sums = (func.coalesce(func.sum(case((one, 1), else_=0)), 0) for one in (late, today, not_(_anybody())))
        row = self._execute(select(func.count(), *sums).select_from(JOB).where(condition)).one()
        return BoardCounts(*map(int, row))

    def customers_called(self, text: str, *, limit: int) -> list[Customer]:
        """Return the customer with this id, else those whose id or name holds every word of a text, by name."""
        check_page(text, limit, 0)
        kind, table = KINDS[Customer], CUSTOMER.c
        own = self.noun(Customer, text)
        if own is not None:
            return [own]
        words = [table.search.contains(word, autoescape=True) for word in folded(text).split()]
        if not words:
            return []
        rows = self._execute(select(*kind.columns).where(*words).order_by(table.name, table.id).limit(limit))
        return [kind.decode(row) for row in rows]

    def sites_of(self, customer: str) -> list[Site]:
        """Return the sites of a customer, by name."""
        kind = KINDS[Site]
        rows = self._execute(select(*kind.columns).where(SITE.c.customer == customer).order_by(SITE.c.name, SITE.c.id))
        return [kind.decode(row) for row in rows]

    def bookings_of(self, job: str) -> list[Booking]:
        """Return the bookings of a job, also those that were called off."""
        kind = KINDS[Booking]
        return [kind.decode(row) for row in self._execute(select(*kind.columns).where(BOOKING.c.job == job))]

    def _condition(self, wanted: BoardFilter, day: BoardDay) -> ColumnElement[bool]:
        asked: list[ColumnElement[bool]] = [mentions(word) for word in folded(wanted.search).split()]
        if wanted.status is not None:
            asked.append(JOB.c.status == str(wanted.status))
        if wanted.priorities:
            asked.append(JOB.c.priority.in_(sorted(set(wanted.priorities))[:MOST_PRIORITIES]))
        if wanted.promised is not None:
            asked.append(_promised(wanted.promised, day))
        if wanted.type:
            asked.append(JOB.c.type == wanted.type)
        if wanted.customer:
            asked.append(self._of_customer(wanted.customer))
        if wanted.site:
            asked.append(self._at_site(wanted.site))
        if wanted.team:
            asked.append(_anybody(wanted.team))
        if wanted.unassigned:
            asked.append(not_(_anybody()))
        return and_(true(), *asked)

    def _of_customer(self, text: str) -> ColumnElement[bool]:
        if self.noun(Customer, text) is not None:
            return JOB.c.customer == text
        words = (CUSTOMER.c.search.contains(word, autoescape=True) for word in folded(text).split())
        return JOB.c.customer.in_(select(CUSTOMER.c.id).where(and_(true(), *words)))

    def _at_site(self, text: str) -> ColumnElement[bool]:
        if self._execute(select(SITE.c.id).where(SITE.c.id == text)).first() is not None:
            return JOB.c.site == text
        words = (
            or_(SITE.c.name.icontains(word, autoescape=True), SITE.c.id.icontains(word, autoescape=True))
            for word in text.split()
        )
        return JOB.c.site.in_(select(SITE.c.id).where(and_(true(), *words)))


def _promise(row: Row[Any]) -> BoardPromise:
    who = (row.job, row.worker, row.name, row.team, row.phone)
    return BoardPromise(*who, moment(row.start), row.minutes, row.lead)


def _line(row: Row[Any], size: int) -> BoardLine:
    customer, phone, site, site_id, type = row[size:]
    return BoardLine(KINDS[Job].decode(row[:size]), customer or "", phone or "", site or site_id or "", type or "")


def _anybody(team: str = "") -> ColumnElement[bool]:
    """Whether anybody, or anybody of a team, is promised to the job."""
    here = and_(BOOKING.c.job == JOB.c.id, not_(BOOKING.c.cancelled))
    if not team:
        return exists().where(here)
    return exists().where(here, BOOKING.c.worker == WORKER.c.id, WORKER.c.team == team)


def _promised(wanted: PromisedFor, day: BoardDay) -> ColumnElement[bool]:
    """Whether a job is promised for a time: by its day, or where it has none by the end of its window."""
    job, now = JOB.c, micros(day.now)
    last_begin = func.coalesce(job.latest, job.earliest)
    if wanted is PromisedFor.NONE:
        return and_(job.due.is_(None), last_begin.is_(None))
    late = or_(
        func.coalesce(job.due < day.today, literal(False)),
        func.coalesce(job.latest < now, literal(False)),
        and_(job.due.is_(None), func.coalesce(last_begin < micros(day.starts[0]), literal(False))),
    )
    if wanted is PromisedFor.LATE:
        return late
    first, last = {PromisedFor.TODAY: (0, 1), PromisedFor.TOMORROW: (1, 2)}.get(wanted, (0, len(day.days) - 1))
    begin, end = micros(day.starts[first]), micros(day.starts[last])
    dated = and_(job.due >= day.days[first], job.due <= day.days[last - 1])
    timed = and_(job.due.is_(None), last_begin >= begin, last_begin < end)
    return and_(or_(dated, timed), not_(late))


def _order(wanted: BoardFilter, day: BoardDay, *, on_postgresql: bool) -> tuple[ColumnElement[Any], ...]:
    job = JOB.c
    if wanted.order is BoardOrder.NEWEST or wanted.status in (JobStatus.DONE, JobStatus.CANCELLED):
        return (job.created.desc().nulls_last(), job.id)
    is_open = job.status == str(JobStatus.OPEN)
    first = () if wanted.status is JobStatus.OPEN else (case((is_open, 0), else_=1),)
    if wanted.order is BoardOrder.PROMISED:
        promised = (_day(day, on_postgresql=on_postgresql).nulls_last(), job.latest.nulls_last())
        return (*first, *promised, job.priority, job.created.nulls_last(), job.id)
    return (*first, job.priority, job.due.nulls_last(), job.created.nulls_last(), job.id)


def _day(day: BoardDay, *, on_postgresql: bool) -> ColumnElement[Any]:
    """Return the day that a job is promised for: its own, or that of the end of its window."""
    midnight = datetime(day.today.year, day.today.month, day.today.day, tzinfo=UTC)
    shift = micros(midnight) - micros(day.starts[0])
    seconds = (func.coalesce(JOB.c.latest, JOB.c.earliest) + shift) / 1_000_000
    if on_postgresql:
        return func.coalesce(JOB.c.due, cast(func.timezone("UTC", func.to_timestamp(seconds)), Date()))
    return func.coalesce(cast(JOB.c.due, Text()), func.date(seconds, "unixepoch"))
