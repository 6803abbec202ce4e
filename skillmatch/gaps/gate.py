"""May new parameters replace those in force? Decided on workers from whom nothing was learned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import pi, sqrt

import numpy as np

from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.refit import HeldOut
from skillmatch.gaps.intervals import coverage, windows
from skillmatch.gaps.metrics import score_outcomes

MAY_WORSEN = 0.002
"""By how much log-loss may rise: less than that is chance."""
MOST_ERROR = 0.02
COVERAGE = (0.75, 0.85)
MOST_GAP = 0.03
"""Between predicted and observed, in any team."""
FEWEST = 100
"""Outcomes of a team, or windows, below which a figure would say nothing."""
BINS = 15


@dataclass(frozen=True, slots=True)
class Check:
    """One condition: what it is called for people, its value, between which limits it must lie, and whether it does."""

    name: str
    value: float
    low: float
    high: float

    @property
    def passed(self) -> bool:
        """Whether the value lies within the limits."""
        return self.low <= self.value <= self.high

    def describe(self) -> str:
        """Return one line: what was found and what was expected."""
        low, high = self.low > -1.0, self.high < 10.0
        limits = f"{self.low:.3f} to {self.high:.3f}" if low and high else f"at most {self.high:.3f}"
        return f"{self.name}: {self.value:.4f}, expected {limits}"


def judge(held_out: HeldOut, params: BeliefParams, teams: Mapping[str, str] | None = None) -> tuple[Check, ...]:
    """Return every check of new `params`; limits leave room for chance where few outcomes were held out.

    Parameters
    ----------
    teams
        The team of each worker, where there are teams.
    """
    before = score_outcomes(held_out.success, held_out.before)
    after = score_outcomes(held_out.success, held_out.after)
    spread = float(np.mean(held_out.after * (1.0 - held_out.after)))
    # What a perfectly calibrated forecast shows by chance: the mean of |N(0, p (1 - p) / n)| over the bins.
    by_chance = sqrt(2.0 / pi) * sqrt(spread * BINS / len(held_out.success))
    checks = [
        Check("log-loss on workers held out", after.log_loss, -10.0, before.log_loss + MAY_WORSEN),
        Check("calibration error on workers held out", after.ece, -10.0, MOST_ERROR + by_chance),
    ]
    checks += _coverage(held_out, params)
    checks += _teams(held_out, teams or {})
    return tuple(checks)


def scores(held_out: HeldOut) -> dict[str, float]:
    """Return how well the new parameters did, and those in force beside them."""
    found = {}
    for name, chances in (("", held_out.after), ("before_", held_out.before)):
        score = score_outcomes(held_out.success, chances)
        found.update({f"{name}auc": score.auc, f"{name}log_loss": score.log_loss, f"{name}ece": score.ece})
    return {**found, "held_out": float(len(held_out.success))}


def _coverage(held_out: HeldOut, params: BeliefParams) -> list[Check]:
    tested = windows(held_out.work, held_out.success > 0.5)
    if len(tested) < FEWEST:
        return []
    scale = params.slope / sqrt(1.0 + pi / 8.0 * params.instance_var)
    sd = np.sqrt(params.spread * np.maximum(held_out.var[tested.start] - params.instance_var, 0.0))
    found = coverage(tested, scale * held_out.mean[tested.start] + params.shift, scale * sd)
    room = 2.0 * sqrt(0.16 / (len(tested) / 5.0))  # windows of one worker's work overlap
    return [Check("coverage of the 80 % interval", found.share, COVERAGE[0] - room, COVERAGE[1] + room)]


def _teams(held_out: HeldOut, teams: Mapping[str, str]) -> list[Check]:
    names = np.array([teams.get(worker, "") for worker in held_out.workers])[held_out.worker]
    checks = []
    for team in sorted(set(names[names != ""].tolist())):
        mine = names == team
        count = int(np.count_nonzero(mine))
        if count < FEWEST:
            continue
        gap = abs(float(np.mean(held_out.after[mine]) - np.mean(held_out.success[mine])))
        # Outcomes of one worker go together, so a team of few is less sure than its outcomes suggest.
        people = len(np.unique(held_out.worker[mine]))
        by_chance = 2.0 * sqrt(0.16 / count) + 2.0 * 0.08 / sqrt(people)
        checks.append(Check(f"predicted against observed in team {team}", gap, -10.0, MOST_GAP + by_chance))
    return checks
