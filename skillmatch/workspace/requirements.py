"""The use-case of changing what one job needs, on top of what somebody has seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from skillmatch.errors import Conflict
from skillmatch.model import Job, JobStatus, Need
from skillmatch.store.need_forms import needs_to_json
from skillmatch.wording import said
from skillmatch.workspace.answers import JobView
from skillmatch.workspace.base import job_view
from skillmatch.workspace.correcting import Correcting
from skillmatch.workspace.editing import check_skills


class Requirements(Correcting):
    """The part of the workspace that changes what jobs need."""

    def set_requirements(self, job: str, needs: Sequence[Need], *, seen: str) -> JobView:
        """Give an open job requirements of its own in place of those it has or inherits; return it as it is then.

        Parameters
        ----------
        needs
            All it needs; none of its own makes it inherit those of its type again.
        seen
            `needs_digest` of the job as it was seen by whoever changes it.

        Raises
        ------
        NotFound
            When there is no such job, or no such skill.
        Conflict
            When its needs were changed meanwhile, or the job is not open any more; nothing is changed then.
        Invalid
            For needs that cannot stand together.
        """
        with self._store.write() as transaction:
            revision = transaction.next_revision()  # from here on nobody else writes
            found = job_view(transaction, job)
            _check_seen(found, seen)
            check_skills(transaction, needs, found.needs)
            changed = replace(found.job, requirements=tuple(needs))
            transaction.save_nouns(Job, [changed], revision=revision)
            return job_view(transaction, job)


def needs_digest(view: JobView) -> str:
    """Return a short text that is another one as soon as a job needs something else, or inherits what was its own."""
    own = "inherited" if view.inherited else "own"
    return sha256(f"{own} {needs_to_json(view.needs)}".encode()).hexdigest()[:32]


def _check_seen(found: JobView, seen: str) -> None:
    id = found.job.id
    if found.job.status is not JobStatus.OPEN:
        raise Conflict(
            said(
                "job {id!r} is {status}: what it needs is changed only while it is open",
                id=id,
                status=said(str(found.job.status)),
            )
        )
    if needs_digest(found) != seen:
        raise Conflict(
            said(
                "what job {id!r} needs was changed by somebody else meanwhile: nothing was changed now; look at what "
                "it needs, and say again what is to be changed",
                id=id,
            )
        )
