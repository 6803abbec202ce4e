"""What pages show of disputes: forms that were not taken, pieces of evidence with their jobs, who may do what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request

from skillmatch.errors import Conflict, Invalid, NotAllowed, NotFound
from skillmatch.model import Job
from skillmatch.workspace import Evidence
from skillmatch_web.addresses import workspace
from skillmatch_web.sight import sight

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Refused:
    """A form about the fact or dispute with this key that was not taken: what was typed, and why.

    `problem` belongs beside the reason, `trouble` to the whole.
    """

    key: Key = ("", "")
    typed: str = ""
    problem: str = ""
    trouble: str = ""

    def placed(self, keys: Iterable[Key]) -> Refused:
        """Return it with what is wrong said of the whole where the page has no field of these `keys` to say it at."""
        if not self.problem or self.key in keys:
            return self
        return Refused(trouble=self.problem)


NOTHING = Refused()


def key_sent() -> Key:
    """Return the key of a fact or dispute that a form names."""
    return request.form.get("source", ""), request.form.get("id", "")


def refused(error: Exception) -> Refused:
    """Return what to say of a form that was not taken because of an error.

    Raises
    ------
    NotFound
        When it names what is not there.
    """
    if isinstance(error, NotFound):
        raise error
    key, typed = key_sent(), request.form.get("reason", "")
    text = f"{str(error)[:1].upper()}{str(error)[1:]}."
    return Refused(key, typed, problem=text) if isinstance(error, Invalid) else Refused(key, typed, trouble=text)


REFUSALS = (NotFound, Invalid, Conflict, NotAllowed)


def jobs_of(facts: Iterable[Evidence]) -> dict[str, Job]:
    """Return the jobs that facts are about and that whoever is signed in sees, by id."""
    wanted = {str(job) for fact in facts if (job := getattr(fact, "job", None))}
    seen = sight().jobs()
    wanted = wanted if seen is None else wanted & seen
    if not wanted:
        return {}
    return {job.id: job for job in workspace().open_jobs(status=None, among=wanted, limit=len(wanted)).jobs}
