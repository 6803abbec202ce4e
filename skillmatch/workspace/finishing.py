"""The use-case of a worker who finishes a job: outcome and note in one transaction, counted once, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from skillmatch.accounts import Account, Role
from skillmatch.beliefs.evidence import JobOutcome, Retraction
from skillmatch.errors import Conflict, NotAllowed, NotFound
from skillmatch.model import Job, JobStatus, NoteStatus, SiteNote
from skillmatch.store.store import Store, Transaction
from skillmatch.wording import said
from skillmatch.workspace import notes, recording
from skillmatch.workspace.answers import Recorded
from skillmatch.workspace.findings import CLOSING
from skillmatch.workspace.notes import NewNote


class Standing(StrEnum):
    """What became of an outcome that was sent."""

    RECORDED = "recorded"
    KNOWN = "known"
    """The same was recorded before, and stands."""
    USED = "used"
    """Its key stands for something else, or was taken back."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What became of a finished job: `recorded` says what it changed, where it was recorded now."""

    standing: Standing
    recorded: Recorded | None = None
    earlier: JobOutcome | None = None


class Finishing:
    """Finishing jobs, and taking that back."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def finish(self, outcome: JobOutcome, note: NewNote | None = None, *, seen: str, by: Account) -> Finished:
        """Record how a job ended and leave a note, both or neither; sent again it counts once.

        Parameters
        ----------
        outcome
            By its key it is known again.
        note
            What is left at the site.
        seen
            `outcomes_digest` of the job as it was seen.
        by
            Who is signed in: a worker records only what she did herself on a job that is promised to her.

        Raises
        ------
        NotFound, Invalid, Conflict
            As `Workspace.record` and `Notes.write` do; nothing is kept then. Conflict also when another outcome of the
            job was recorded since it was seen.
        NotAllowed
            When a worker records for somebody else, or for a job that is not promised to her.
        """
        with self._store.write() as transaction:
            transaction.wait_in_line()
            _check_own(transaction, outcome, by)
            earlier = transaction.find_evidence(*outcome.key)
            if earlier is not None:
                return _known(transaction, earlier, outcome)
            known = transaction.job_outcomes(outcome.job)
            if outcomes_digest(known) != seen:
                raise Conflict(said("another outcome of this job was recorded since you opened this page"))
            done = recording.record_within(transaction, outcome, now=self._now(), by=by)
            if note is not None:
                notes.write_within(transaction, note, by=by, now=self._now())
            return Finished(Standing.RECORDED, done)

    def take_back(self, job: str, source: str, id: str, *, by: Account) -> bool:
        """Retract an outcome that one has recorded oneself, with the note that was left with it.

        The job is open again where this outcome had closed it. Return whether anything was changed: not when it was
        taken back before.

        Raises
        ------
        NotFound
            When the job has no such outcome.
        NotAllowed
            When somebody else has recorded it.
        """
        with self._store.write() as transaction:
            transaction.wait_in_line()
            fact = transaction.find_evidence(source, id)
            if not isinstance(fact, JobOutcome) or fact.job != job:
                raise NotFound(
                    said(
                        "job {job!r} has no outcome {id!r}: look at the job for what is recorded of it", job=job, id=id
                    )
                )
            entries = transaction.notes(subject=recording.audit_subject(fact), limit=1)
            if not entries or entries[0].by != by.signature:
                raise NotAllowed(
                    said("this outcome was recorded by somebody else: only who recorded it may take it back")
                )
            if transaction.is_retracted(source, id):
                return False
            closed = transaction.closed_by(fact)
            retraction = Retraction(
                id=f"undo-{id}"[:200],
                worker=fact.worker,
                time=self._now(),
                source=source,
                retracts_source=source,
                retracts_id=id,
                reason="taken back by who recorded it",
            )
            recording.record_within(transaction, retraction, now=self._now(), by=by)
            self._put_back(transaction, fact, closed=closed, by=by)
            return True

    def _put_back(self, transaction: Transaction, fact: JobOutcome, *, closed: bool, by: Account) -> None:
        job = next(iter(transaction.recorded(Job, [fact.job])), None)
        rest = [one for one in transaction.job_outcomes(fact.job) if one.result in CLOSING]
        if closed and not rest and job is not None and job.status is JobStatus.DONE:
            revision = transaction.next_revision()
            transaction.save_nouns(Job, [replace(job, status=JobStatus.OPEN)], revision=revision)
        left = next(iter(transaction.recorded(SiteNote, [fact.id])), None)
        if left is not None and left.status is NoteStatus.OPEN and notes.wrote(by, left):
            withdrawn = replace(left, status=NoteStatus.WITHDRAWN)
            notes.save(transaction, withdrawn, "took back", by=by, now=self._now())


def outcomes_digest(outcomes: Iterable[JobOutcome]) -> str:
    """Return a short text that is another one as soon as a job has other outcomes."""
    return sha256(repr(sorted(one.key for one in outcomes)).encode()).hexdigest()[:16]


def _check_own(transaction: Transaction, outcome: JobOutcome, by: Account) -> None:
    if by.role is not Role.WORKER:
        return
    if outcome.worker != by.worker:
        raise NotAllowed(said("you record what you did yourself: ask a scheduler to record it for somebody else"))
    known = transaction.find_evidence(*outcome.key) is not None  # sent again after the booking was called off
    if not known and by.worker not in {one.worker for one in transaction.bookings_for(outcome.job)}:
        raise NotAllowed(
            said("job {job!r} is not promised to you: ask a scheduler to assign it to you first", job=outcome.job)
        )


def _known(transaction: Transaction, earlier: object, outcome: JobOutcome) -> Finished:
    counts = not transaction.is_retracted(*outcome.key)
    if not isinstance(earlier, JobOutcome):
        raise Conflict(said("this form was used for something else already: open the job again"))
    if counts and _says(earlier) == _says(outcome):
        return Finished(Standing.KNOWN, earlier=earlier)
    return Finished(Standing.USED, earlier=earlier)


def _says(fact: JobOutcome) -> tuple[object, ...]:
    # Levels of the skills that were used are filled in when it is kept.
    skills = tuple(demand.skill for demand in fact.used)
    return (fact.job, fact.worker, fact.result, fact.minutes, fact.note, fact.cause, skills)
