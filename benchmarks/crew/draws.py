"""Random crew problems of varied kinds, drawn from seeds."""

from __future__ import annotations

import numpy as np

from skillmatch.beliefs.table import Floats
from skillmatch.matching.crews import CrewProblem


def draw(seed: int, *, workers: int, needs: int, least: int, most: int) -> CrewProblem:
    """Return one problem; what varies from draw to draw, besides the numbers:

    how much skills go together in a worker, how rare each need is, head counts of 1 and 2, which of them are hard,
    whether a lead is needed and how many could be one, how many pairs know one another, how far costs differ and
    follow skill, who wishes to learn.
    """
    rng = np.random.default_rng(seed)
    holds, general = _holds(rng, workers, needs)
    points = np.clip(100.0 * holds.mean(axis=1) + rng.normal(0.0, 12.0, workers), 0.0, 100.0)
    lead = 1.0 / (1.0 + np.exp(-(general + rng.uniform(0.0, 2.0) + rng.normal(0.0, 0.5, workers))))
    spread = rng.uniform(0.05, 0.5)
    cost = 40.0 * np.exp(rng.normal(0.0, spread, workers) + rng.uniform(0.0, 0.3) * general)
    return CrewProblem(
        workers=tuple(f"w{place:05}" for place in range(workers)),
        needs=tuple(f"need {number}" for number in range(needs)),
        holds=holds,
        weights=rng.dirichlet(np.full(needs, rng.choice([1.0, 5.0]))),
        counts=rng.choice([1, 2], needs, p=[0.7, 0.3]),
        hard=rng.random(needs) < rng.uniform(0.0, 1.0),
        lead=lead,
        points=points,
        together=_together(rng, workers),
        cost=cost,
        trainee=rng.random((workers, needs)) < rng.uniform(0.0, 0.2),
        least=least,
        most=most,
        # Twice the price of an ordinary crew, so that scores stay above 0.
        cost_scale=2.0 * 40.0 * most,
        lead_floor=0.8 if rng.random() < 0.8 else None,
    )


def _holds(rng: np.random.Generator, workers: int, needs: int) -> tuple[Floats, Floats]:
    """Return who holds what, (workers, needs), and general ability in logits, (workers,)."""
    shared = rng.uniform(0.0, 0.9)
    general = rng.normal(0.0, 1.5, workers)
    logits = shared * general[:, None] + (1.0 - shared) * rng.normal(0.0, 2.5, (workers, needs))
    logits -= rng.uniform(-0.5, 2.0, needs)
    holds = 1.0 / (1.0 + np.exp(-logits))
    if rng.random() < 0.3:
        holds[:, 0] = holds[:, 0] > np.median(holds[:, 0])  # a certification: held or not
    return holds, general


def _together(rng: np.random.Generator, workers: int) -> Floats:
    """Return how often pairs did well together, (workers, workers); jobs are shared within groups above all."""
    group = rng.integers(0, max(workers // 6, 1), workers)
    often = np.where(group[:, None] == group, rng.uniform(0.5, 6.0), rng.uniform(0.0, 0.5))
    jobs = np.triu(rng.poisson(often), 1)
    return np.asarray(np.minimum(np.log1p(jobs + jobs.T) / np.log(11.0), 1.0))
