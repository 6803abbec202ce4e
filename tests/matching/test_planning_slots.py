"""One slot for each worker: the optimum, its dual prices, and what a worker taken away costs the others."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.errors import Invalid
from skillmatch.matching.planning import assign_slots, prices


@st.composite
def tables(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = (int(rng.integers(0, 5)), int(rng.integers(0, 6)))
    points = rng.integers(-3, 10, shape).astype(float)
    return points, rng.random(shape) < 0.6, rng.integers(-2, 10, shape[0]).astype(float)


def optimum(points: np.ndarray, allowed: np.ndarray, value: np.ndarray) -> float:
    """Return the best total by trying every way to give jobs to workers."""
    jobs, workers = points.shape
    best = 0.0
    for choice in itertools.product(range(-1, workers), repeat=jobs):
        used = [worker for worker in choice if worker >= 0]
        if len(set(used)) < len(used) or not all(allowed[j, w] for j, w in enumerate(choice) if w >= 0):
            continue
        best = max(best, sum(value[j] + points[j, w] for j, w in enumerate(choice) if w >= 0))
    return best


@given(tables())
def test_the_assignment_is_the_best_of_all(table) -> None:
    points, allowed, value = table
    slots = assign_slots(points, allowed, value)
    assert slots.total == pytest.approx(optimum(*table))
    done = np.flatnonzero(slots.worker >= 0)
    assert len(set(slots.worker[done])) == len(done)
    assert allowed[done, slots.worker[done]].all()
    assert sum(value[done] + points[done, slots.worker[done]]) == pytest.approx(slots.total)


@given(tables())
def test_the_dual_prices_prove_that_it_is(table) -> None:
    points, allowed, value = table
    slots = assign_slots(points, allowed, value)
    assert (slots.job_price >= -1e-9).all()
    assert (slots.worker_price >= 0.0).all()
    gain = np.where(allowed, points + value[:, None], 0.0)
    assert (slots.job_price[:, None] + slots.worker_price >= gain - 1e-9).all()
    assert slots.job_price.sum() + slots.worker_price.sum() == pytest.approx(slots.total)


@given(tables())
def test_a_price_is_what_the_jobs_lose_without_her(table) -> None:
    points, allowed, value = table
    found = prices(points, allowed, value)
    whole = optimum(*table)
    for worker in range(points.shape[1]):
        without = optimum(np.delete(points, worker, axis=1), np.delete(allowed, worker, axis=1), value)
        assert found.price[worker] == pytest.approx(whole - without)
        assert (found.job[worker] >= 0) == (whole - without > 1e-9)


def test_who_is_the_only_one_for_a_job_is_named_with_it() -> None:
    points = np.array([[80.0, 70.0, 60.0], [0.0, 0.0, 50.0]])
    allowed = np.array([[True, True, True], [False, False, True]])
    found = prices(points, allowed, np.array([10.0, 30.0]))
    # Without the first worker her job goes to the second for 10 points less; without the third a job is lost.
    assert found.price.tolist() == [10.0, 0.0, 80.0]
    assert found.job.tolist() == [0, -1, 1]
    assert found.unfilled.tolist() == [-1, -1, 1]
    assert found.only.tolist() == [False, False, True]


def test_a_chain_of_replacements_ends_at_the_job_that_is_lost() -> None:
    # Taking the first away moves the second to job 0, and the cheaper job 1 is left to nobody.
    points = np.array([[50.0, 50.0], [0.0, 50.0]])
    allowed = np.array([[True, True], [False, True]])
    found = prices(points, allowed, np.array([40.0, 5.0]))
    assert found.price.tolist() == [55.0, 55.0]
    assert found.job.tolist() == [0, 1]
    assert found.unfilled.tolist() == [1, 1]


def test_numbers_and_shapes_that_cannot_be_are_refused() -> None:
    with pytest.raises(Invalid, match="row 0 and column 0"):
        assign_slots(np.array([[np.nan]]), np.array([[True]]), np.array([1.0]))
    with pytest.raises(Invalid, match="shapes"):
        assign_slots(np.zeros((2, 3)), np.ones((3, 2), bool), np.zeros(2))
    assert assign_slots(np.array([[np.nan]]), np.array([[False]]), np.array([1.0])).total == 0.0
