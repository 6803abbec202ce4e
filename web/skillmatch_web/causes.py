"""What may be behind a call, as the pages draw it."""

from __future__ import annotations

from dataclasses import dataclass

from skillmatch.explanation import Explanation, Term
from skillmatch.model import JobStatus, PlainNeed, skill_needs
from skillmatch.workspace import (
    OTHER,
    DiagnosisAnswer,
    JobView,
    Likely,
    Prospect,
    beside_the_usual,
    how_often,
    in_parts,
    speaks_against,
    speaks_for,
)
from skillmatch_web.addresses import workspace
from skillmatch_web.drawing import WIDTH, Waterfall, rounded, waterfall
from skillmatch_web.sight import sight

LEAST_SHOWN = 0.005
"""Causes less likely than that are only counted."""
MOST_OFFERED = 12
"""Skills to tick in the form of an outcome."""


@dataclass(frozen=True, slots=True)
class ShownCause:
    """A cause with its bar, in thousandths of the whole, and what there is to say of it."""

    likely: Likely
    width: float
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    how_often: str
    needs: tuple[PlainNeed, ...]

    @property
    def known(self) -> bool:
        """Whether it is one that has a name, so that one can go with it."""
        return self.likely.cause != OTHER


@dataclass(frozen=True, slots=True)
class ShownProspect:
    """A worker with her expected cost and success drawn; all printed terms add up."""

    prospect: Prospect
    parts: Waterfall
    cost: Explanation
    cost_steps: Waterfall
    success: Explanation
    success_steps: Waterfall
    lacks: tuple[tuple[str, tuple[str, ...]], ...]


def diagnosis_of(view: JobView, policy: str, limit: int = 3) -> DiagnosisAnswer | None:
    """Return what may be behind an open job; None where nothing is known of causes of its type."""
    if view.job.status is not JobStatus.OPEN or not workspace().causes_of(view.job.type):
        return None
    return workspace().diagnose(view.job.id, policy=policy, limit=limit, teams=sight().teams)


def shown_causes(found: DiagnosisAnswer) -> list[ShownCause]:
    """Return the causes that are likely enough to be shown, the likeliest first."""
    return [
        ShownCause(
            one,
            round(one.probability * WIDTH, 1),
            speaks_for(one),
            speaks_against(one),
            how_often(one, found.diagnosis.findings),
            beside_the_usual(one, found.diagnosis),
        )
        for one in found.diagnosis.likely
        if one.probability >= LEAST_SHOWN
    ]


def shown_prospects(found: DiagnosisAnswer) -> list[ShownProspect]:
    """Return the workers with their drawings, on one scale."""
    dearest = max((one.cost for one in found.prospects), default=0.0)
    return [_shown(one, found, dearest) for one in found.prospects]


def _shown(one: Prospect, found: DiagnosisAnswer, dearest: float) -> ShownProspect:
    cost, success = rounded(one.explain_cost), rounded(_in_percent(one.explain_success))
    likely = [cause for cause in found.diagnosis.likely if cause.probability >= LEAST_SHOWN]
    return ShownProspect(
        one,
        waterfall(rounded(in_parts(one.explain_cost)), full=dearest, coloured=True),
        cost,
        waterfall(cost, coloured=True),
        success,
        waterfall(success),
        tuple((cause.name, one.lacks[cause.cause]) for cause in likely if cause.cause in one.lacks),
    )


def _in_percent(explanation: Explanation) -> Explanation:
    terms = (Term(term.key, 100.0 * term.points, term.label, term.detail) for term in explanation.terms)
    return Explanation.of(terms, unit="percent")


def skills_offered(view: JobView, found: DiagnosisAnswer | None) -> tuple[str, ...]:
    """Return skills that the work may have drawn on: those the job needs, then those of its likely causes."""
    needs = [*view.needs, *(need for one in found.diagnosis.likely for need in one.needs)] if found else view.needs
    return tuple(dict.fromkeys(need.skill for need in skill_needs(needs)))[:MOST_OFFERED]
