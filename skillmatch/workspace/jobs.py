"""The use-cases of jobs that come from other programs: to create, change and cancel them, and to call workers off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from skillmatch.accounts import Account
from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.model import (
    Asset,
    Booking,
    Customer,
    Job,
    JobStatus,
    JobType,
    Noun,
    Requirement,
    Site,
    Skill,
    Worker,
    plain_needs,
)
from skillmatch.store.store import Store, Transaction
from skillmatch.wording import said
from skillmatch.workspace.answers import JobView
from skillmatch.workspace.base import job_view

NAMES: dict[str, tuple[type[Noun], str]] = {
    "type": (JobType, "job type"),
    "customer": (Customer, "customer"),
    "site": (Site, "site"),
    "asset": (Asset, "asset"),
}
WORKERS = ("preferred", "required", "excluded")


class JobBook:
    """What happens to a job before anybody goes. `by` is who does it, and stays on record."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def create(self, job: Job, *, by: Account | None = None) -> JobView:
        """Add an open job; raise Conflict when its id is taken, NotFound when it names what is not there."""
        with self._store.write() as transaction:
            revision = transaction.next_revision()
            if transaction.noun(Job, job.id) is not None:
                raise Conflict(
                    said("there is a job {id!r} already: change that one, or give this one another id", id=job.id)
                )
            _check_names(transaction, job, tuple(NAMES), WORKERS)
            transaction.save_nouns(Job, [job], revision=revision)
            transaction.note("job added", job.id, by=by, time=self._clock())
            return job_view(transaction, job.id)

    def change(self, id: str, changes: Mapping[str, Any], *, by: Account | None = None) -> JobView:
        """Change what is given of an open job.

        Raises
        ------
        NotFound
            When there is no such job, or it names what is not there.
        Conflict
            When it is not open any more.
        Invalid
            For values that cannot be.
        """
        with self._store.write() as transaction:
            transaction.wait_in_line()
            _open(transaction, id, "changed")
            (recorded,) = transaction.recorded(Job, [id])
            after = replace(recorded, **changes)
            _check_names(transaction, after, changes.keys() & NAMES.keys(), changes.keys() & set(WORKERS), changes)
            if after != recorded:
                transaction.save_nouns(Job, [after], revision=transaction.next_revision())
                transaction.note("job changed", id, by=by, time=self._clock())
            return job_view(transaction, id)

    def cancel(self, id: str, *, by: Account | None = None) -> tuple[JobView, tuple[Booking, ...]]:
        """Cancel a job and call off whoever is promised to it; again changes nothing; raise Conflict when it is done.

        Returns
        -------
        tuple
            The job, and the bookings that were called off.
        """
        with self._store.write() as transaction:
            transaction.wait_in_line()
            job = job_view(transaction, id).job
            if job.status is JobStatus.CANCELLED:
                return job_view(transaction, id), ()
            _open(transaction, id, "cancelled")
            (recorded,) = transaction.recorded(Job, [id])
            revision = transaction.next_revision()
            transaction.save_nouns(Job, [replace(recorded, status=JobStatus.CANCELLED)], revision=revision)
            called_off = _call_off(transaction, id, None, revision)
            transaction.note("job cancelled", id, by=by, time=self._clock())
            return job_view(transaction, id), called_off

    def call_off(
        self, id: str, workers: Sequence[str] | None = None, *, by: Account | None = None
    ) -> tuple[Booking, ...]:
        """Call off some workers who are promised to an open job, or all; return their bookings, () when there are none.

        Raises
        ------
        NotFound
            When there is no such job.
        Conflict
            When it is not open any more.
        """
        with self._store.write() as transaction:
            transaction.wait_in_line()
            _open(transaction, id, "changed")
            called_off = _call_off(transaction, id, workers, None)
            for one in called_off:
                transaction.note("called off", f"{id}: {one.worker}"[:500], by=by, time=self._clock())
            return called_off


def _open(transaction: Transaction, id: str, what: str) -> Job:
    job = job_view(transaction, id).job
    if job.status is not JobStatus.OPEN:
        raise Conflict(
            said("job {id!r} is {status}: it can be {what} only while it is open", id=id, status=job.status, what=what)
        )
    return job


def _call_off(
    transaction: Transaction, job: str, workers: Sequence[str] | None, revision: int | None
) -> tuple[Booking, ...]:
    held = [one for one in transaction.nouns(Booking) if one.job == job and not one.cancelled]
    gone = tuple(one for one in held if workers is None or one.worker in workers)
    rest = [one for one in held if one not in gone]
    if not gone:
        return ()
    changed = [replace(one, cancelled=True) for one in gone]
    if rest and not any(one.lead for one in rest):
        changed.append(replace(min(rest, key=lambda one: (one.start, one.worker)), lead=True))
    transaction.save_nouns(Booking, changed, revision=revision or transaction.next_revision())
    return tuple(replace(one, cancelled=True) for one in gone)


def _check_names(
    transaction: Transaction,
    job: Job,
    fields: Iterable[str],
    lists: Iterable[str],
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Raise NotFound for what a job names that is not there, and Invalid for a site or asset of somebody else."""
    for name in sorted(fields):
        id = getattr(job, name)
        kind, word = NAMES[name]
        if id is not None and transaction.noun(kind, id) is None:
            raise NotFound.named(word, id, transaction.ids(kind))
    for name in sorted(lists):
        for worker in getattr(job, name):
            if transaction.noun(Worker, worker) is None:
                raise NotFound.named("worker", worker, transaction.ids(Worker))
    if changes is None or "requirements" in changes:
        skills = sorted({need.skill for need in plain_needs(job.requirements) if isinstance(need, Requirement)})
        known = {skill for skill in skills if transaction.noun(Skill, skill) is not None}
        for skill in skills:
            if skill not in known:
                raise NotFound.named("skill", skill, transaction.ids(Skill))
    _check_place(transaction, job)


def _check_place(transaction: Transaction, job: Job) -> None:
    site = transaction.noun(Site, job.site) if job.site else None
    asset = transaction.noun(Asset, job.asset) if job.asset else None
    if site is not None and job.customer is not None and site.customer != job.customer:
        raise Invalid(
            said(
                "site {id!r} is of customer {customer!r}: expected one of {job_customer!r}",
                id=site.id,
                customer=site.customer,
                job_customer=job.customer,
            )
        )
    if asset is not None and job.site is not None and asset.site != job.site:
        raise Invalid(
            said(
                "asset {id!r} is at site {site!r}: expected one at {job_site!r}",
                id=asset.id,
                site=asset.site,
                job_site=job.site,
            )
        )
