"""Candidates as the pages draw them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from skillmatch.explanation import Explanation
from skillmatch.workspace import Candidate, Policy
from skillmatch_web.addresses import workspace
from skillmatch_web.drawing import Range, Waterfall, in_families, interval, rounded, waterfall

DEFAULT_POLICY = "balanced"


@dataclass(frozen=True, slots=True)
class Shown:
    """A candidate with her drawings; `points` and `log_odds` are rounded so that they add up.

    `families` is the score with one piece for each objective, `steps` with one for each term.
    """

    candidate: Candidate
    points: Explanation
    families: Waterfall
    steps: Waterfall
    chance: Range
    log_odds: Explanation
    log_odds_steps: Waterfall


def shown(candidate: Candidate, *, full: float) -> Shown:
    """Return what the pages draw of a candidate; `full` is the most a policy gives."""
    points = rounded(candidate.explanation)
    log_odds = rounded(candidate.chance_explanation, 2)
    return Shown(
        candidate,
        points,
        waterfall(in_families(points), full=full, coloured=True),
        waterfall(points, coloured=True),
        interval(candidate.low, candidate.chance, candidate.high, full=1.0),
        log_odds,
        waterfall(log_odds),
    )


def asked_policy() -> Policy:
    """Return the policy that the address names, or the default one, as it is now."""
    return workspace().policy(request.args.get("policy") or DEFAULT_POLICY)
