"""Candidates as the pages draw them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from skillmatch.explanation import Explanation
from skillmatch.workspace import Around, Candidate, Policy
from skillmatch_web.addresses import workspace
from skillmatch_web.drawing import Range, Waterfall, in_families, interval, rounded, waterfall
from skillmatch_web.falls import Fall, described, fall
from skillmatch_web.languages import _
from skillmatch_web.words import percent

DEFAULT_POLICY = "balanced"


@dataclass(frozen=True, slots=True)
class Shown:
    """A candidate with her drawings; `points` and `log_odds` are rounded so that they add up.

    `families` is the score with one piece for each objective; `score_fall` and `chance_fall` are both sums as
    waterfalls, `score_said` and `chance_said` what is largest in them; `around` is what the job would be for her.
    """

    candidate: Candidate
    points: Explanation
    families: Waterfall
    chance: Range
    log_odds: Explanation
    score_fall: Fall
    score_said: str
    chance_fall: Fall
    chance_said: str
    around: Around | None = None


def shown(candidate: Candidate, *, full: float, around: Around | None = None) -> Shown:
    """Return what the pages draw of a candidate; `full` is the most a policy gives."""
    points = rounded(candidate.explanation)
    log_odds = rounded(candidate.chance_explanation, 2)
    score_fall = fall(points, _("Score"))
    chance_fall = fall(log_odds, _("Chance %(chance)s", chance=percent(candidate.chance)), decimals=2, chances=True)
    return Shown(
        candidate,
        points,
        waterfall(in_families(points), full=full, coloured=True),
        interval(candidate.low, candidate.chance, candidate.high, full=1.0),
        log_odds,
        score_fall,
        described(score_fall),
        chance_fall,
        described(chance_fall),
        around,
    )


def asked_policy() -> Policy:
    """Return the policy that the address names, or the default one, as it is now."""
    return workspace().policy(request.args.get("policy") or DEFAULT_POLICY)
