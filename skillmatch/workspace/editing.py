"""The use-cases of changing a job: on top of what was seen, told from what others did meanwhile, and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from skillmatch.accounts import Account
from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.model import (
    Booking,
    Customer,
    Job,
    JobStatus,
    JobType,
    Need,
    Requirement,
    Site,
    Skill,
    plain_needs,
)
from skillmatch.store.edits import edit_subject
from skillmatch.store.store import Transaction
from skillmatch.wording import said
from skillmatch.workspace.answers import JobView
from skillmatch.workspace.base import job_view
from skillmatch.workspace.boards import Boards

LONGEST_TITLE, LONGEST_TEXT = 300, 10_000
NAMES = (("type", JobType, "job type"), ("customer", Customer, "customer"), ("site", Site, "site"))


@dataclass(frozen=True, slots=True)
class JobVersion:
    """A job as one write left it: `revision` is the number of that write, `by` who made it, "" when nobody said."""

    view: JobView
    revision: int
    by: str = ""


class Editing(Boards):
    """The part of the workspace that changes jobs."""

    def job_version(self, job: str, *, seen: int | None = None) -> JobVersion:
        """Return a job with the number of the write that left it so; with `seen`, as it was right after that write.

        Raises
        ------
        NotFound
            When there is or was no such job, or the history of the database begins later.
        Invalid
            When there was no such write yet.
        """
        with self._store.read(as_of=seen) as transaction:
            found = job_view(transaction, job) if seen is None else _past_view(transaction, job)
            revision = transaction.revision_of(Job, job) if seen is None else seen
            return JobVersion(found, revision, transaction.changed_by(job, revision))

    def new_job(self, job: Job, *, by: Account | None = None) -> bool:
        """Keep a new job; return False, and change nothing, when the very same is there already.

        Raises
        ------
        Conflict
            When there is another job with this id.
        NotFound
            When it names a skill, type, customer or site that is not there.
        Invalid
            When it says nothing, or the site belongs to another customer.
        """
        with self._store.write() as transaction:
            transaction.lock_workers(())  # from here on nobody else writes
            before = transaction.noun(Job, job.id)
            if before is not None:
                if replace(before, created=None) == replace(job, created=None):
                    return False
                raise Conflict(
                    said("there is a job {id!r} already, and it is another one: choose another id", id=job.id)
                )
            _check(transaction, job, None)
            revision = transaction.next_revision()
            transaction.save_nouns(Job, [job], revision=revision)
            _note(transaction, "created", job.id, revision, by, self)
            return True

    def edit_job(self, job: Job, *, seen: int, by: Account | None = None) -> int:
        """Put a job in place of what it was after the write `seen`; return the number of this write, 0 for no change.

        Parameters
        ----------
        job
            All of it. Without requirements it inherits those of its type.
        seen
            The `revision` of the `JobVersion` that was changed.

        Raises
        ------
        Conflict
            When somebody else has changed it since, or it is not open any more; nothing is changed then.
        NotFound
            When there is no such job, or it names what is not there.
        Invalid
            When it cannot be such.
        """
        with self._lock, self._store.write() as transaction:
            transaction.lock_workers(())
            before = job_view(transaction, job.id).job
            _check_open(before)
            if transaction.revision_of(Job, job.id) != seen:
                raise Conflict(
                    said(
                        "job {id!r} was changed by somebody else since you opened it: nothing was changed now; "
                        "look at what is different, and save again",
                        id=job.id,
                    )
                )
            _check(transaction, job, before)
            return self._save(transaction, before, job, "edited", by)

    def cancel_job(self, job: str, *, by: Account | None = None) -> int:
        """Cancel an open job and call off whoever is promised; return the number of the write.

        Raises
        ------
        NotFound
            When there is no such job.
        Conflict
            When it is not open.
        """
        with self._lock, self._store.write() as transaction:
            transaction.lock_workers(())
            before = job_view(transaction, job).job
            _check_open(before)
            revision = self._save(transaction, before, replace(before, status=JobStatus.CANCELLED), "cancelled", by)
            gone = [replace(one, cancelled=True) for one in transaction.bookings_of(job) if not one.cancelled]
            transaction.save_nouns(Booking, gone, revision=revision)
            return revision

    def take_back(self, job: str, revision: int, *, by: Account | None = None) -> int:
        """Make a job, and who is promised to it, again what they were before the write `revision`; return this write.

        Raises
        ------
        Conflict
            When that was taken back already, or somebody has changed it since; nothing is changed then.
        NotFound
            When there is no such job.
        """
        with self._lock, self._store.write() as transaction:
            transaction.lock_workers(())
            current = job_view(transaction, job).job
            jobs = [was for _now, was in transaction.written_in(Job, revision, where=("id", job)) if was is not None]
            pairs = transaction.written_in(Booking, revision, where=("job", job))
            moved = pairs and transaction.newest_of(Booking, "job", job) != revision
            if moved or not (jobs or pairs):
                raise Conflict(
                    said(
                        "this cannot be taken back any more: job {job!r} was changed again since; look at it as "
                        "it is now",
                        job=job,
                    )
                )
            if not jobs and current.status is not JobStatus.OPEN:
                raise Conflict(
                    said(
                        "job {job!r} is {status}: who was promised to it is not changed any more",
                        job=job,
                        status=current.status,
                    )
                )
            number = transaction.next_revision()
            transaction.save_nouns(Job, jobs, revision=number)
            bookings = [replace(now, cancelled=True) if was is None else was for now, was in pairs]
            transaction.save_nouns(Booking, bookings, revision=number)
            _note(transaction, "took back", job, number, by, self)
            return number

    def _save(self, transaction: Transaction, before: Job, after: Job, what: str, by: Account | None) -> int:
        if after == before:
            return 0
        (recorded,) = transaction.recorded(Job, [after.id])
        # What merges of skills make of the needs is never written.
        kept = recorded.requirements if after.requirements == before.requirements else after.requirements
        revision = transaction.next_revision()
        transaction.save_nouns(Job, [replace(after, requirements=kept)], revision=revision)
        _note(transaction, what, after.id, revision, by, self)
        return revision


def differing(one: Job, other: Job) -> tuple[str, ...]:
    """Return the names of the fields in which two versions of a job differ."""
    return tuple(field.name for field in fields(Job) if getattr(one, field.name) != getattr(other, field.name))


def _note(transaction: Transaction, what: str, job: str, revision: int, by: Account | None, workspace: Boards) -> None:
    transaction.note(what, edit_subject(job, revision), by=by, time=workspace.now())


def _past_view(transaction: Transaction, id: str) -> JobView:
    job = transaction.noun(Job, id)
    if job is None:
        raise NotFound(said("there was no job {id!r} then: open it as it is now", id=id))
    type = transaction.noun(JobType, job.type) if job.type else None
    needs = job.requirements or (type.requirements if type else ())
    return JobView(job, type, None, None, None, needs, not job.requirements and bool(needs), ())


def _check_open(job: Job) -> None:
    if job.status is not JobStatus.OPEN:
        raise Conflict(said("job {id!r} is {status}: only open jobs are changed", id=job.id, status=job.status))


def _check(transaction: Transaction, job: Job, before: Job | None) -> None:
    """Raise Invalid or NotFound for a job that cannot be such; what it named before may stay."""
    if not job.title.strip():
        raise Invalid(said("the job has no title: say in a few words what it is about"))
    for what, text, most in (("title", job.title, LONGEST_TITLE), ("text", job.text, LONGEST_TEXT)):
        if len(text) > most and (before is None or text != getattr(before, what)):
            raise Invalid(
                said(
                    "the {what} has {length} characters: expected up to {most}", what=what, length=len(text), most=most
                )
            )
    for field, cls, what in NAMES:
        named = getattr(job, field)
        if named and (before is None or named != getattr(before, field)) and transaction.noun(cls, named) is None:
            raise NotFound.named(what, named, transaction.ids(cls))
    site = transaction.noun(Site, job.site) if job.site else None
    moved = before is None or (job.customer, job.site) != (before.customer, before.site)
    if moved and site is not None and site.customer != job.customer:
        raise Invalid(
            said(
                "site {id!r} belongs to customer {customer!r}: choose a site of the job's customer",
                id=site.id,
                customer=site.customer,
            )
        )
    check_skills(transaction, job.requirements, before.requirements if before else ())


def check_skills(transaction: Transaction, needs: Sequence[Need], before: Sequence[Need]) -> None:
    """Raise NotFound for a skill that is asked for now and is not there; what was asked for before may stay."""
    asked, had = (
        {need.skill for need in plain_needs(some) if isinstance(need, Requirement)} for some in (needs, before)
    )
    known = {skill.id for skill in transaction.nouns(Skill, asked - had)}
    for skill in sorted(asked - had - known):
        raise NotFound.named("skill", skill, transaction.ids(Skill))
