"""Learning how strongly each kind of sign counts, from the finished jobs themselves, each left out in turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from operator import itemgetter

import numpy as np

from skillmatch.beliefs.table import Floats, Indices
from skillmatch.matching.diagnosis.counts import Counts
from skillmatch.matching.diagnosis.nouns import Call, Cause, Finding
from skillmatch.matching.diagnosis.signs import Basis, signs_of
from skillmatch.matching.diagnosis.weights import BLOCKS, DEFAULTS, Weights

MOST_FITTED = 1_000
"""Finished jobs that a fit looks at, evenly spread over those given."""
FEWEST_FITTED = 50
DISCOUNTS = (0.5, 1.0, 2.0)
SIGNS = (2.0, 6.0, 20.0)
"""What is tried for the discount of words and for the smoothing of signs."""
PULL = 10.0
"""How many findings' worth of doubt draws each weight toward its default (ridge on the weights)."""
STEPS = 20

Lister = Callable[[Call], Sequence[Cause]]


def fit(counts: Counts, findings: Sequence[Finding], *, stated: Lister | None = None) -> Weights:
    """Return the weights under which the causes of finished jobs were likeliest, each job left out of the counts.

    A conditional logit over the blocks of signs (D. McFadden, Conditional logit analysis of qualitative choice
    behavior, 1974) with a ridge toward the defaults, by Newton's method; the discount of words by trying a few. With
    fewer than `FEWEST_FITTED` findings the defaults stand.

    Parameters
    ----------
    findings
        All in `counts`, in any fixed order; `MOST_FITTED` of them are used.
    """
    if len(findings) < FEWEST_FITTED:
        return DEFAULTS
    chosen = [findings[i] for i in np.unique(np.linspace(0, len(findings) - 1, MOST_FITTED).astype(int))]
    lister = stated or (lambda _call: ())
    best = min((_fitted(counts, chosen, lister, replace(DEFAULTS, signs=signs)) for signs in SIGNS), key=itemgetter(0))
    others = [discount for discount in DISCOUNTS if discount != best[1].discount]
    tried = [_fitted(counts, chosen, lister, replace(DEFAULTS, signs=best[1].signs, discount=each)) for each in others]
    return min((best, *tried), key=itemgetter(0))[1]


def _fitted(counts: Counts, findings: Sequence[Finding], stated: Lister, start: Weights) -> tuple[float, Weights]:
    """Return the loss and the weights of the blocks, with the smoothing of `start`."""
    points, label = _left_out(counts, findings, stated, start)
    if not len(label):
        return 0.0, start
    loss, found = _newton(points, label)
    frequency, said, unsaid, circumstances = (round(float(weight), 6) for weight in found)
    return loss, replace(
        start, frequency=frequency, said=said, unsaid=unsaid, circumstances=circumstances, fitted_on=len(label)
    )


def _left_out(counts: Counts, findings: Sequence[Finding], stated: Lister, weights: Weights) -> tuple[Floats, Indices]:
    """Return sums of signs by block (findings, causes, blocks), NaN beyond a finding's causes, and its cause's place.

    Counts are changed and changed back, which leaves them exactly as they were.
    """
    rows, labels = [], []
    for finding in findings:
        counts.remove(finding)
        listed = stated(finding.call)
        basis = Basis.of(counts, finding.call, listed)
        if finding.cause in basis.causes and len(basis.causes) > 1:
            sums = np.zeros((len(basis.causes), len(BLOCKS)))
            for sign in signs_of(counts, finding.call, basis, stated=listed, weights=weights, questions={}):
                sums[:, sign.block] += sign.points
            rows.append(sums)
            labels.append(basis.causes.index(finding.cause))
        counts.add(finding)
    most = max((len(row) for row in rows), default=1)
    points = np.full((len(rows), most, len(BLOCKS)), np.nan)
    for number, row in enumerate(rows):
        points[number, : len(row)] = row
    return points, np.array(labels, dtype=np.intp)


def _newton(points: Floats, label: Indices) -> tuple[float, Floats]:
    """Return the least penalised log-loss and the weights of all blocks but the last, which counts 1; none below 0."""
    there = ~np.isnan(points[:, :, 0])
    signs = np.where(there[:, :, None], points[:, :, :-1], 0.0)
    start = np.array(DEFAULTS.blocks[:-1])
    weights = start.copy()
    rows = np.arange(len(label))
    loss, best = np.inf, weights
    for _ in range(STEPS):
        logits = np.where(there, signs @ weights + points[:, :, -1], -np.inf)
        logits -= logits.max(axis=1, keepdims=True)
        chance = np.exp(logits)
        chance /= chance.sum(axis=1, keepdims=True)
        now = -float(np.log(chance[rows, label]).sum()) + 0.5 * PULL * float(((weights - start) ** 2).sum())
        if now < loss:
            gained, loss, best = loss - now, now, weights
            if gained < 1e-6 * max(loss, 1.0):
                break
        mean = np.einsum("nk,nkb->nb", chance, signs)
        slope = (mean - signs[rows, label]).sum(axis=0) + PULL * (weights - start)
        bend = np.einsum("nk,nka,nkb->ab", chance, signs, signs) - mean.T @ mean + PULL * np.eye(len(start))
        weights = np.maximum(weights - np.linalg.solve(bend, slope), 0.0)
    return loss, best
