"""Intervals that are right hold in 80 % of cases; too narrow, too wide and misplaced ones are told apart from them."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.gaps.intervals import WINDOW, Coverage, coverage, inside, success_counts, windows

CASES = 20_000


def simulate(*, sd: float, told: float, shift: float = 0.0, seed: int = 1) -> Coverage:
    """Return the coverage for workers who spread by `sd` around what is believed, when `told` is the stated sd."""
    rng = np.random.default_rng(seed)
    mean = rng.normal(1.0, 0.5, CASES)
    chance = 1.0 / (1.0 + np.exp(-(mean + shift + rng.normal(0.0, sd, CASES))))
    hit = rng.random((CASES, WINDOW)) < chance[:, None]
    found = windows(np.repeat(np.arange(CASES), WINDOW), hit.ravel())
    first = found.of(np.arange(CASES * WINDOW) % WINDOW == 0)
    assert len(first) == CASES
    return coverage(first, mean, np.full(CASES, told))


def test_right_intervals_hold_in_four_of_five_cases():
    # Four standard errors of a share of 20,000.
    assert simulate(sd=1.0, told=1.0).share == pytest.approx(0.8, abs=0.012)
    assert simulate(sd=0.3, told=0.3).share == pytest.approx(0.8, abs=0.012)


def test_wrong_intervals_are_told_apart():
    assert simulate(sd=1.0, told=0.3).share < 0.72
    assert simulate(sd=0.3, told=1.5).share > 0.85
    assert simulate(sd=0.5, told=0.5, shift=-1.5).share < 0.6


def test_what_is_left_without_any_width_shows_how_much_the_interval_does():
    found = simulate(sd=1.0, told=1.0)
    assert found.without < found.share - 0.1
    assert found.count == CASES
    assert 0.2 < found.width < 0.5
    assert simulate(sd=0.0, told=0.0).without == simulate(sd=0.0, told=0.0).share


def test_without_uncertainty_the_number_of_successes_is_binomial():
    found = success_counts(np.array([0.0, 1.0]), np.zeros(2), 3)
    p = 1 / (1 + np.exp(-1.0))
    assert found[0] == pytest.approx([1 / 8, 3 / 8, 3 / 8, 1 / 8])
    assert found[1] == pytest.approx([comb(3, k) * p**k * (1 - p) ** (3 - k) for k in range(4)])


def test_the_number_of_successes_agrees_with_drawing_it():
    rng = np.random.default_rng(2)
    drawn = rng.binomial(5, 1 / (1 + np.exp(-(0.5 + 1.2 * rng.normal(size=400_000)))))
    # Four standard errors of a share of 400,000.
    assert success_counts(np.array([0.5]), np.array([1.2]), 5)[0] == pytest.approx(
        np.bincount(drawn, minlength=6) / 400_000, abs=0.0032
    )


def test_on_average_over_its_own_distribution_exactly_four_fifths_lie_inside():
    probability = success_counts(np.full(6, 1.3), np.full(6, 0.7), 5)
    assert inside(np.arange(6), probability) @ probability[0] == pytest.approx(0.8, abs=1e-12)


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=40))
def test_windows_are_a_row_and_the_next_of_the_same_work(rows):
    work = np.array([w for w, _ in rows], dtype=np.intp)
    hit = np.array([h for _, h in rows], dtype=np.bool_)
    found = windows(work, hit)
    slow = {}
    for start, (own, _) in enumerate(rows):
        following = [h for w, h in rows[start:] if w == own][:WINDOW]
        if len(following) > 1:
            slow[start] = (len(following), sum(following))
    assert {int(s): (int(n), int(h)) for s, n, h in zip(found.start, found.size, found.hits, strict=True)} == slow
