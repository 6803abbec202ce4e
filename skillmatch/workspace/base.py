"""What all use-cases share: the store, the clock, the company in memory, and a job seen over it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from math import ceil
from threading import RLock

from skillmatch.beliefs.observation import DONE, SUCCESS, Result
from skillmatch.errors import NotFound
from skillmatch.matching.calendar import STEP
from skillmatch.matching.circumstances import Circumstances
from skillmatch.matching.diagnosis.marginal import Prices
from skillmatch.matching.view import View
from skillmatch.model import Asset, Booking, Customer, Job, JobType, Risk, Site, Worker
from skillmatch.store.store import Store, Transaction
from skillmatch.workspace.answers import JobView
from skillmatch.workspace.resident import Resident

DAY = 1440.0
EVENING = 17 * 60.0
"""From this minute on nothing more is begun on a usual day."""
USUAL_PRICES = Prices()


class Base:
    """A company's data and what is believed of its workers.

    Safe to share between threads: reads of the resident arrays are guarded by a lock, writes are transactions.
    """

    def __init__(
        self,
        store: Store,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        zone: tzinfo = UTC,
        prices: Prices = USUAL_PRICES,
    ) -> None:
        self._store = store
        self._clock = clock
        self._lock = RLock()
        self._resident: Resident | None = None
        self.zone = zone
        self.visit_prices = prices

    def now(self) -> datetime:
        """Return the time in UTC."""
        return self._clock()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let all questions of this thread within the block be answered from one state, which it looks up once.

        Nothing can be written within. Other threads wait: what is in memory must not run ahead of that state.
        """
        with self._lock, self._store.snapshot():
            yield

    def one_moment(self) -> AbstractContextManager[None]:
        """Look once whether anything was written, for all of this thread within the block that may then be remembered.

        Others may read and write meanwhile, and so may this thread.
        """
        return self._store.one_moment()

    def job(self, id: str) -> JobView:
        """Return a job with what it refers to, or raise NotFound."""
        with self._store.read() as transaction:
            return job_view(transaction, id)

    def bookings(self, job: str) -> tuple[Booking, ...]:
        """Return who is promised to a job and when, the lead first."""
        with self._lock:
            calendar = self._fresh().roster.calendar
            found = [own[job] for own in calendar.bookings.values() if job in own]
        return tuple(sorted(found, key=lambda one: (not one.lead, one.start, one.worker)))

    def bookings_of(self, worker: str) -> tuple[Booking, ...]:
        """Return what a worker is promised to, in order of begin."""
        with self._lock:
            own = self._fresh().roster.calendar.bookings.get(worker, {})
            return tuple(sorted(own.values(), key=lambda one: (one.start, one.job)))

    def views(self, job: str) -> tuple[View, ...]:
        """Return the arrays that ranking a job reads, as of now, once for each way to meet its needs."""
        with self._lock, self._store.read() as transaction:
            return self._views(transaction, job)[0]

    def _fresh(self, transaction: Transaction | None = None) -> Resident:
        """Return the resident arrays, brought up to the database's revision."""
        if transaction is None:
            with self._store.read() as opened:
                return self._fresh(opened)
        with self._lock:
            if self._resident is None:
                self._resident = Resident(transaction, moment=self.now(), zone=self.zone)
            else:
                self._resident.refresh(transaction, moment=self.now())
            return self._resident

    def _views(
        self, transaction: Transaction, job: str, *, day: date | None = None, teams: tuple[str, ...] = ()
    ) -> tuple[tuple[View, ...], JobView]:
        return seen(transaction, self._fresh(transaction), job, moment=self.now(), day=day, teams=teams)


def seen(
    transaction: Transaction,
    resident: Resident,
    job: str,
    *,
    moment: datetime,
    day: date | None = None,
    teams: tuple[str, ...] = (),
) -> tuple[tuple[View, ...], JobView]:
    """Return a job seen over the company in memory, or some `teams` of it, at a moment, on its day or another `day`."""
    found = job_view(transaction, job)
    circumstances, own_day = circumstances_of(found, resident, moment)
    if day is not None and day != own_day:
        circumstances = undated(circumstances)
    circumstances = replace(with_visits(transaction, resident, found, circumstances), teams=teams)
    return resident.views(found, circumstances, day=day or own_day, moment=moment), found


def job_view(transaction: Transaction, id: str) -> JobView:
    """Return a job with what it refers to, or raise NotFound."""
    job = transaction.noun(Job, id)
    if job is None:
        jobs, _total = transaction.find_jobs(status=None, search="", limit=1000)
        raise NotFound.named("job", id, [known.id for known in jobs])
    type = transaction.noun(JobType, job.type) if job.type else None
    return JobView(
        job,
        type,
        transaction.noun(Customer, job.customer) if job.customer else None,
        transaction.noun(Site, job.site) if job.site else None,
        transaction.noun(Asset, job.asset) if job.asset else None,
        job.requirements or (type.requirements if type else ()),
        not job.requirements and type is not None and bool(type.requirements),
        tuple(transaction.job_outcomes(job.id)),
    )


def circumstances_of(found: JobView, resident: Resident, now: datetime) -> tuple[Circumstances, date]:
    """Return what a job is besides its needs, and the day on which it is to be done.

    That is the day that was promised, and today when it has passed or none was. In the evening it is the next day where
    the promise lasts until then or is broken already. What is to be done today begins from now on.
    """
    job, type, calendar = found.job, found.type, resident.roster.calendar
    today = calendar.local(now).date()
    evening = calendar.minute(now, today) >= EVENING
    if job.earliest or job.latest:
        late = job.latest is not None and job.latest < now
        begin = max(job.earliest or now, now)
        day = calendar.local(begin if job.earliest or late or job.latest is None else job.latest).date()
        lasts = late or job.latest is None or calendar.local(job.latest).date() > today
        closes = None if late or job.latest is None else job.latest
    else:
        late = job.due is not None and job.due < today
        begin, day, lasts, closes = now, max(job.due or today, today), late, None
    if day == today and evening and lasts and calendar.local(begin).date() == today:
        day = today + timedelta(days=1)
    timed = bool(job.due or job.earliest or job.latest)
    opens = ceil(max(calendar.minute(begin, day), 0.0) / STEP) * STEP if timed else 0.0
    return (
        Circumstances(
            job.id,
            job.risk or (type.risk if type else Risk.NORMAL),
            job.priority,
            job.minutes or (type.minutes if type else None),
            job.crew or (type.crew if type else 1),
            found.site.place if found.site else None,
            timed,
            opens,
            DAY if closes is None else calendar.minute(closes, day),
            late,
            job.preferred,
            job.required,
            job.excluded,
        ),
        day,
    )


def undated(known: Circumstances) -> Circumstances:
    """Return the circumstances of a job that may be done at any time of a day."""
    return replace(known, dated=True, opens=0.0, closes=DAY, late=False)


def with_visits(transaction: Transaction, resident: Resident, found: JobView, known: Circumstances) -> Circumstances:
    """Return the circumstances with how often each worker did well at the customer, the site and the asset."""
    job = found.job
    asked = {"customer": job.customer, "site": job.site, "asset": job.asset}
    places = {kind: id for kind, id in asked.items() if id is not None}
    if not places:
        return known
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in places}
    widest = next(iter(places))
    for visit in resident.visits(transaction, widest, places[widest]):
        if SUCCESS[Result(visit.result)] < DONE or visit.job == job.id:
            continue
        for kind, count in counts.items():
            if getattr(visit, kind) == places[kind]:
                count[visit.worker] += 1
    return replace(known, visits=counts)


def find_worker(transaction: Transaction, id: str) -> Worker:
    """Return a worker, or raise NotFound with the nearest id."""
    person = transaction.noun(Worker, id)
    if person is None:
        raise NotFound.named("worker", id, transaction.ids(Worker))
    return person
