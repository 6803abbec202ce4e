"""The skills that a customer's words may name, as the page of a job shows them."""

from __future__ import annotations

from dataclasses import dataclass

from skillmatch.model import skill_needs
from skillmatch.workspace import JobView, Linked, needs_digest
from skillmatch_web.addresses import workspace

SUGGESTED = 5
LEAST = 0.1
"""What is less likely only stands between a dispatcher and the candidates."""


@dataclass(frozen=True, slots=True)
class Named:
    """What the words of a job may name, which of it the job needs, and the digest of what it needs.

    `problem` is why a change was not made; `of` and `level` are the skill and the level that were chosen for it.
    """

    links: Linked
    needed: frozenset[str]
    digest: str
    problem: str = ""
    of: str = ""
    level: str = ""

    @classmethod
    def of_job(cls, view: JobView) -> Named:
        """Return what the words of a job name."""
        needed = frozenset(need.skill for need in skill_needs(view.needs))
        return cls(workspace().suggest(view.job.text, limit=SUGGESTED, least=LEAST), needed, needs_digest(view))
