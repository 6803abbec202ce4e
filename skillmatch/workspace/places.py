"""The use-cases of sites and customers: what is there, what is open, who was there before and how it went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.observation import Result
from skillmatch.errors import NotFound
from skillmatch.model import Asset, Booking, Customer, Job, JobStatus, Site, SiteNote
from skillmatch.store.store import Store, Transaction
from skillmatch.workspace.answers import JobView
from skillmatch.workspace.base import job_view

EARLY = timedelta(hours=12)
"""So long before its begin a job may have ended and still be the one that was booked."""
LAST_SHOWN = 3
MOST_OPEN = 100
"""Open jobs of one place that are listed."""


@dataclass(frozen=True, slots=True)
class Past:
    """A job that ended, with what is on record of it; `asset` is what was worked on."""

    job: Job
    outcome: JobOutcome
    asset: Asset | None


@dataclass(frozen=True, slots=True)
class History:
    """Some of the `total` jobs that ended at a place, the newest first."""

    rows: tuple[Past, ...]
    total: int


@dataclass(frozen=True, slots=True)
class SiteView:
    """A site with whose it is, what stands there, what people left there, and its open jobs."""

    site: Site
    customer: Customer | None
    assets: tuple[Asset, ...]
    notes: tuple[SiteNote, ...]
    open_jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class Regular:
    """A worker who was at a customer: how often, when last, and how often with which result."""

    worker: str
    visits: int
    last: datetime
    results: tuple[tuple[Result, int], ...]


@dataclass(frozen=True, slots=True)
class CustomerView:
    """A customer with her sites, open jobs, and who was there before, the most frequent first."""

    customer: Customer
    sites: tuple[Site, ...]
    open_jobs: tuple[Job, ...]
    regulars: tuple[Regular, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """A job on a worker's way: her booking, the job, who else is promised, what was left at the site, who was there."""

    booking: Booking
    view: JobView
    others: tuple[Booking, ...]
    notes: tuple[SiteNote, ...]
    before: tuple[Past, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """What a worker has before her, in order of begin, and the jobs of today that she has behind her."""

    stops: tuple[Stop, ...]
    ended: tuple[Job, ...]


class Places:
    """What there is at sites and customers, read in one transaction each."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def site(self, id: str) -> SiteView:
        """Return a site with what is there, or raise NotFound."""
        with self._store.read() as transaction:
            site = transaction.noun(Site, id)
            if site is None:
                raise NotFound.named("site", id, transaction.ids(Site))
            return SiteView(
                site,
                transaction.noun(Customer, site.customer),
                tuple(transaction.assets_at(id)),
                tuple(transaction.notes_at(id)),
                tuple(transaction.open_jobs_at(site=id)[:MOST_OPEN]),
            )

    def customer(self, id: str) -> CustomerView:
        """Return a customer with what is known of her, or raise NotFound."""
        with self._store.read() as transaction:
            customer = transaction.noun(Customer, id)
            if customer is None:
                raise NotFound.named("customer", id, transaction.ids(Customer))
            return CustomerView(
                customer,
                tuple(transaction.sites_of(id)),
                tuple(transaction.open_jobs_at(customer=id)[:MOST_OPEN]),
                _regulars(transaction, id),
            )

    def customers(
        self, search: str = "", *, limit: int, offset: int = 0, among: Collection[str] | None = None
    ) -> tuple[tuple[Customer, ...], int]:
        """Return a page of customers by name, and how many there are; `among` leaves out all but these."""
        with self._store.read() as transaction:
            found, total = transaction.find_customers(search, limit=limit, offset=offset, among=among)
        return tuple(found), total

    def history(self, *, customer: str | None = None, site: str | None = None, limit: int, offset: int = 0) -> History:
        """Return a page of what ended at a customer or a site, the newest first."""
        with self._store.read() as transaction:
            found, total = transaction.outcomes_at(customer=customer, site=site, limit=limit, offset=offset)
            return History(_past(transaction, found), total)

    def at(self, jobs: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
        """Return the sites and the customers of some jobs."""
        with self._store.read() as transaction:
            found = transaction.nouns(Job, jobs)
        sites = frozenset(job.site for job in found if job.site)
        return sites, frozenset(job.customer for job in found if job.customer)

    def around(self, view: JobView) -> tuple[tuple[SiteNote, ...], tuple[Past, ...]]:
        """Return the notes of a job's site, and who was there last on another job."""
        with self._store.read() as transaction:
            return _around(transaction, view)

    def way(self, bookings: Iterable[Booking], *, today: datetime, until: datetime) -> Way:
        """Return what is before somebody with these bookings, those that begin before `until`; `today` began then.

        A job is behind her when it is not open any more, or when she has said how it ended for her.
        """
        mine = sorted((one for one in bookings if one.start < until), key=lambda one: (one.start, one.job))
        stops, ended = [], []
        with self._store.read() as transaction:
            jobs = {job.id: job for job in transaction.nouns(Job, {one.job for one in mine})}
            for one in mine:
                job = jobs[one.job]
                recent = one.start >= today
                if job.status is not JobStatus.OPEN:
                    ended.extend([job] if recent else [])
                    continue
                stop = _stop(transaction, one)
                if _has_ended(stop):
                    ended.extend([job] if recent else [])
                else:
                    stops.append(stop)
        return Way(tuple(stops), tuple(ended))


def _stop(transaction: Transaction, booking: Booking) -> Stop:
    view = job_view(transaction, booking.job)
    others = tuple(one for one in transaction.bookings_for(booking.job) if one.worker != booking.worker)
    return Stop(booking, view, others, *_around(transaction, view))


def _has_ended(stop: Stop) -> bool:
    own = [one for one in stop.view.outcomes if one.worker == stop.booking.worker]
    return any(one.time >= stop.booking.start - EARLY for one in own)


def _around(transaction: Transaction, view: JobView) -> tuple[tuple[SiteNote, ...], tuple[Past, ...]]:
    site = view.job.site
    if site is None:
        return (), ()
    own = len(view.outcomes)
    last, _total = transaction.outcomes_at(site=site, limit=LAST_SHOWN + own)
    others = [fact for fact in last if fact.job != view.job.id][:LAST_SHOWN]
    return tuple(transaction.notes_at(site)), _past(transaction, others)


def _past(transaction: Transaction, outcomes: list[JobOutcome]) -> tuple[Past, ...]:
    jobs = {job.id: job for job in transaction.nouns(Job, {fact.job for fact in outcomes})}
    assets = {one.id: one for one in transaction.nouns(Asset, {job.asset for job in jobs.values() if job.asset})}
    return tuple(Past(jobs[fact.job], fact, assets.get(jobs[fact.job].asset or "")) for fact in outcomes)


def _regulars(transaction: Transaction, customer: str) -> tuple[Regular, ...]:
    last: dict[str, datetime] = {}
    results: dict[str, Counter[Result]] = {}
    for visit in transaction.visits(customer=customer):  # the newest first
        last.setdefault(visit.worker, visit.time)
        results.setdefault(visit.worker, Counter())[Result(visit.result)] += 1
    found = [
        Regular(worker, counts.total(), last[worker], tuple((one, counts[one]) for one in Result if counts[one]))
        for worker, counts in results.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.visits, one.worker)))
