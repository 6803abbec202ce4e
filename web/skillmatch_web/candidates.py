"""Candidates as the pages draw them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from skillmatch.explanation import Explanation
from skillmatch.workspace import POLICIES, Candidate
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


def most_points(policy: str) -> float:
    """Return the score of somebody who is perfect in everything that a policy weighs."""
    return float(sum(POLICIES[policy].weights.values()))


def asked_policy() -> str:
    """Return the policy that the address names, or the default one."""
    return request.args.get("policy") or DEFAULT_POLICY
