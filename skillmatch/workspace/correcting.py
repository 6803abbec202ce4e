"""The use-cases of an outcome that was wrong: it is corrected or taken back, and its job is open or done with it."""

from __future__ import annotations

from dataclasses import replace

from skillmatch.accounts import Account
from skillmatch.beliefs.evidence import JobOutcome, Retraction
from skillmatch.errors import Conflict, NotFound
from skillmatch.model import Job, JobStatus
from skillmatch.store.store import Transaction
from skillmatch.wording import said
from skillmatch.workspace.answers import Recorded
from skillmatch.workspace.editing import Editing
from skillmatch.workspace.findings import CLOSING
from skillmatch.workspace.recording import record_within

Key = tuple[str, str]


class Correcting(Editing):
    """The part of the workspace that puts outcomes right."""

    def correct_outcome(self, fact: JobOutcome, *, seen: JobOutcome, by: Account | None = None) -> Recorded:
        """Record an outcome anew under its key, on top of what was `seen` of it; the job follows its result.

        A job that was done by it is open again when the result leaves it to others, and no other outcome closed it.

        Raises
        ------
        Conflict
            When the outcome was corrected or taken back by somebody else meanwhile; nothing is changed then.
        NotFound
            When it names a worker or skill that is not there.
        Invalid
            When it cannot be such.
        """
        with self._store.write() as transaction:
            transaction.lock_workers(())  # from here on nobody else writes
            if _counting(transaction, fact.job, fact.key) != seen:
                raise Conflict(
                    said(
                        "this outcome was changed by somebody else since you opened it: nothing was changed now; "
                        "look at what is recorded, and save again if that is wrong"
                    )
                )
            return self._recorded(transaction, fact, seen, by)

    def take_back_outcome(self, outcome: JobOutcome, *, by: Account | None = None) -> Recorded:
        """Let an outcome no longer count; its job is open again when no other outcome closed it.

        Raises
        ------
        Conflict
            When it does not count any more.
        """
        with self._store.write() as transaction:
            transaction.lock_workers(())
            if _counting(transaction, outcome.job, outcome.key) is None:
                raise Conflict(said("this outcome was taken back already: nothing was changed"))
            taken = Retraction(
                id=f"{outcome.id} taken back"[-200:],
                worker=outcome.worker,
                time=self.now(),
                source=outcome.source,
                retracts_source=outcome.source,
                retracts_id=outcome.id,
            )
            done = record_within(transaction, taken, now=self.now(), by=by)
            self._follow(transaction, outcome.job, outcome)
            return done

    def put_back_outcome(self, job: str, key: Key, *, by: Account | None = None) -> JobOutcome:
        """Record an outcome that was taken back once more, under a new id; return it as it counts now.

        Raises
        ------
        NotFound
            When the job has no such outcome.
        Conflict
            When it was not taken back.
        """
        with self._store.write() as transaction:
            transaction.lock_workers(())
            before = transaction.find_evidence(*key)
            if not isinstance(before, JobOutcome) or before.job != job:
                raise NotFound(
                    said(
                        "job {job!r} has no outcome {id!r}: look at the job for what is recorded of it",
                        job=job,
                        id=key[1],
                    )
                )
            if _counting(transaction, job, key) is not None:
                raise Conflict(said("this outcome counts: there is nothing to put back"))
            again = replace(before, id=f"{before.id} again"[-200:])
            record_within(transaction, again, now=self.now(), by=by)
            found = _counting(transaction, job, again.key)
            if found is None:
                raise Conflict(said("this outcome was put back and taken back again: record it anew"))
            return found

    def taken_back(self, job: str, key: Key) -> JobOutcome | None:
        """Return the outcome of a job with a key that does not count any more, None where there is none such."""
        with self._store.read() as transaction:
            found = transaction.find_evidence(*key)
            gone = transaction.is_retracted(*key)
        return found if gone and isinstance(found, JobOutcome) and found.job == job else None

    def former_outcome(self, outcome: JobOutcome) -> JobOutcome | None:
        """Return what was recorded under the key of an outcome before it was corrected, None when it never was."""
        with self._store.read() as transaction:
            versions = transaction.versions_of(*outcome.key)
        former = versions[-2] if len(versions) > 1 else None
        return former if isinstance(former, JobOutcome) else None

    def _recorded(self, transaction: Transaction, fact: JobOutcome, before: JobOutcome, by: Account | None) -> Recorded:
        done = record_within(transaction, fact, now=self.now(), by=by)
        self._follow(transaction, fact.job, before)
        return done

    def _follow(self, transaction: Transaction, job: str, before: JobOutcome) -> None:
        """Open a job again that only what an outcome said `before` had closed."""
        if before.result not in CLOSING:
            return
        closed = any(one.result in CLOSING for one in transaction.job_outcomes(job))
        found = next(iter(transaction.recorded(Job, [job])), None)
        if found is not None and found.status is JobStatus.DONE and not closed:
            reopened = replace(found, status=JobStatus.OPEN)
            transaction.save_nouns(Job, [reopened], revision=transaction.next_revision())


def _counting(transaction: Transaction, job: str, key: Key) -> JobOutcome | None:
    """Return the outcome with a key as it counts now, None when there is none that does."""
    return next((one for one in transaction.job_outcomes(job) if one.key == key), None)
