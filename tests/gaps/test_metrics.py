"""The metrics agree with their definitions, computed the slow way."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.gaps.metrics import auc, calibration_error, score_outcomes, score_ranks

pairs = st.lists(st.tuples(st.booleans(), st.integers(0, 20).map(lambda n: n / 20)), min_size=1, max_size=60)


@given(pairs)
def test_auc_counts_pairs_in_the_right_order(rows):
    hit = np.array([h for h, _ in rows])
    score = np.array([s for _, s in rows])
    good, bad = score[hit], score[~hit]
    if not len(good) or not len(bad):
        assert math.isnan(auc(hit, score))
        return
    slow = sum(1.0 if g > b else 0.5 if g == b else 0.0 for g, b in product(good, bad)) / (len(good) * len(bad))
    assert auc(hit, score) == pytest.approx(slow, abs=1e-12)


@given(pairs)
def test_log_loss_and_brier_follow_their_definitions(rows):
    success = np.array([1.0 if h else 0.0 for h, _ in rows])
    chance = np.array([s for _, s in rows])
    found = score_outcomes(success, chance)
    clipped = [min(max(c, 1e-6), 1 - 1e-6) for c in chance]
    slow = -sum(math.log(c if s else 1 - c) for s, c in zip(success, clipped, strict=True)) / len(rows)
    assert found.log_loss == pytest.approx(slow, rel=1e-9)
    assert found.brier == pytest.approx(sum((c - s) ** 2 for s, c in zip(success, clipped, strict=True)) / len(rows))


def test_calibration_error_is_zero_when_chances_come_true_and_large_when_not():
    chance = np.repeat([0.2, 0.8], 50)
    hit = np.array(([True] * 10 + [False] * 40) + ([True] * 40 + [False] * 10))
    assert calibration_error(hit, chance, bins=2) == pytest.approx(0.0, abs=1e-12)
    assert calibration_error(~hit, chance, bins=2) == pytest.approx(0.6, abs=1e-12)


def test_ranks_are_scored_with_unknown_ones_as_misses():
    found = score_ranks([1, 2, None, 11])
    assert (found.top1, found.top3, found.top10) == (0.25, 0.5, 0.5)
    assert found.mrr == pytest.approx((1 + 1 / 2 + 1 / 11) / 4)
    assert found.count == 4


def test_nothing_to_score_is_not_a_number():
    assert math.isnan(score_ranks([]).mrr)
