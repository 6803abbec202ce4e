"""What a finished job with a noted cause tells of the worker: that she tried what the cause needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.observation import Demand, work_key
from skillmatch.beliefs.params import BeliefParams
from skillmatch.model import skill_needs
from skillmatch.needs import PlainNeed


def as_found(outcome: JobOutcome, cause: str, needs: Sequence[PlainNeed]) -> JobOutcome:
    """Return an outcome with what its job turned out to be: `needs` are those of `use.needs_of` for the cause.

    What somebody noted as used counts before it.
    """
    listed = tuple(Demand(need.skill, need.level, need.weight) for need in skill_needs(tuple(needs)))
    return replace(outcome, cause=cause, listed=listed)


def type_for(params: BeliefParams, job_type: str | None, cause: str) -> str | None:
    """Return the name under which a view finds the difficulty of work: that of the cause, else that of the type."""
    key = work_key(job_type, cause)
    return key if key in params.difficulties else job_type
