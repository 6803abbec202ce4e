"""How good predicted chances and rankings are, as numbers everybody in the field knows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from skillmatch.beliefs.table import Floats

Bools = npt.NDArray[np.bool_]

CLIP = 1e-6


@dataclass(frozen=True, slots=True)
class OutcomeScore:
    """Quality of predicted chances: discrimination (`auc`), `log_loss`, `brier`, and calibration error (`ece`)."""

    auc: float
    log_loss: float
    brier: float
    ece: float
    count: int


@dataclass(frozen=True, slots=True)
class RankingScore:
    """Share of jobs whose right worker was in the top k, and the mean reciprocal rank."""

    top1: float
    top3: float
    top5: float
    top10: float
    mrr: float
    count: int


def score_outcomes(success: Floats, chance: Floats) -> OutcomeScore:
    """Return the quality of predicted chances, both arrays (n,); `success` from 0 to 1, above half counts as one."""
    hit = success >= 0.5
    p = np.clip(chance, CLIP, 1.0 - CLIP)
    return OutcomeScore(
        auc(hit, p),
        float(-np.mean(np.where(hit, np.log(p), np.log1p(-p)))),
        float(np.mean((p - hit) ** 2)),
        calibration_error(hit, p),
        len(p),
    )


def auc(hit: Bools, score: Floats) -> float:
    """Return the probability that a success scores above a failure, ties counting half (Mann-Whitney).

    >>> auc(np.array([True, False, True]), np.array([0.9, 0.5, 0.5]))
    0.75
    """
    positive = int(np.count_nonzero(hit))
    negative = len(hit) - positive
    if not positive or not negative:
        return float("nan")
    _values, where, counts = np.unique(score, return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts - 1) / 2.0
    return float((ranks[where][hit].sum() - positive * (positive + 1) / 2.0) / (positive * negative))


def calibration_error(hit: Bools, chance: Floats, bins: int = 15) -> float:
    """Return the mean gap between predicted and actual share of successes over `bins` bins of equal size."""
    order = np.argsort(chance, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    gaps = [abs(float(chance[part].mean()) - float(hit[part].mean())) * len(part) for part in parts]
    return sum(gaps) / len(chance) if len(chance) else float("nan")


def score_ranks(ranks: list[int | None]) -> RankingScore:
    """Return the quality of rankings from the right worker's rank in each, None where she was not to be found."""
    found = np.array([rank if rank is not None else 0 for rank in ranks], dtype=np.float64)
    hit = found > 0
    count = len(found)
    if not count:
        nothing = float("nan")
        return RankingScore(nothing, nothing, nothing, nothing, nothing, 0)
    tops = [float(np.count_nonzero(hit & (found <= k)) / count) for k in (1, 3, 5, 10)]
    mrr = float((1.0 / found[hit]).sum() / count)
    return RankingScore(tops[0], tops[1], tops[2], tops[3], mrr, count)
