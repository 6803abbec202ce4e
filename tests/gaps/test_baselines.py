"""Every baseline keeps the contract, and each computes what its name says."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from skillmatch.beliefs.observation import Demand
from skillmatch.gaps.baselines import (
    BASELINES,
    Attempt,
    Baseline,
    CountRegression,
    Elo,
    JobTypeRate,
    WorkerJobTypeRate,
    WorkerPlusJobType,
    WorkerRate,
    WorkerSkillRate,
)
from tests.kit.build import outcome

New = Callable[[], Baseline]
every = pytest.mark.parametrize("new", BASELINES)


def attempt(worker: str = "anna", job_type: str = "cooling", skill: str = "cold") -> Attempt:
    return Attempt(worker, job_type, ((skill, 1.0),))


def history(count: int = 400, seed: int = 5) -> list[tuple[Attempt, bool]]:
    """Anna masters everything, Ben little, and lifts are hard for both."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(count):
        worker, work = str(rng.choice(["anna", "ben"])), str(rng.choice(["cooling", "lift"]))
        skills = (("cold", 0.75), ("heat", 0.25)) if work == "cooling" else (("lift", 1.0),)
        chance = (0.9 if worker == "anna" else 0.4) - (0.3 if work == "lift" else 0.0)
        rows.append((Attempt(worker, work, skills), bool(rng.random() < chance)))
    return rows


def run(new: New, rows: list[tuple[Attempt, bool]], *, first: int) -> list[float]:
    baseline, guesses = new(), []
    for number, (row, success) in enumerate(rows):
        if number >= first:
            guesses.append(baseline.guess(row))
        baseline.learn(row, success)
    return guesses


def test_the_names_are_distinct():
    assert len({new().name for new in BASELINES}) == len(BASELINES)


@every
@pytest.mark.parametrize("success", [True, False])
def test_every_guess_is_a_chance_from_the_first_attempt_on(new: New, success: bool):
    for first in (0, 1, 300):
        guesses = run(new, [(attempt(), success)] * 500, first=first)
        assert all(0.0 < guess < 1.0 for guess in guesses)


@every
def test_every_guess_is_made_for_work_without_skills_and_for_strangers(new: New):
    baseline = new()
    for row, success in history():
        baseline.learn(row, success)
    for row in (Attempt("anna", "", ()), Attempt("nobody", "cooling", (("cold", 1.0),)), Attempt("x", "y", ())):
        assert 0.0 < baseline.guess(row) < 1.0
        baseline.learn(row, True)


@every
def test_the_same_history_gives_the_same_guesses(new: New):
    assert run(new, history(), first=300) == run(new, history(), first=300)


@every
def test_no_guess_knows_its_own_outcome_or_a_later_one(new: New):
    rows = history()
    flipped = [(row, success if n < 350 else not success) for n, (row, success) in enumerate(rows)]
    assert run(new, rows, first=300)[:51] == run(new, flipped, first=300)[:51]


@every
def test_asking_changes_nothing(new: New):
    rows = history()
    baseline = new()
    for number, (row, success) in enumerate(rows):
        if number >= 300:
            assert baseline.guess(row) == baseline.guess(row)
            baseline.guess(attempt("stranger", "strange", "odd"))
        baseline.learn(row, success)
    last = attempt("stranger", "strange", "odd")
    plain = new()
    for number, (row, success) in enumerate(rows):
        if number == 300:
            plain.guess(row)
        plain.learn(row, success)
    assert baseline.guess(last) == plain.guess(last)


@every
def test_what_it_counts_moves_it(new: New):
    baseline = new()
    for _ in range(50):
        baseline.learn(attempt("anna", "cooling", "cold"), True)
        baseline.learn(attempt("ben", "lift", "rope"), False)
    assert baseline.guess(attempt("anna", "cooling", "cold")) > 0.7
    assert baseline.guess(attempt("ben", "lift", "rope")) < 0.3


def test_an_attempt_has_the_skills_of_its_job_with_shares_that_sum_to_one():
    fact = outcome("anna", (Demand("cold", 3.0, 3.0), Demand("heat", None, 1.0)), job_type="cooling")
    assert Attempt.at(fact) == Attempt("anna", "cooling", (("cold", 0.75), ("heat", 0.25)))
    assert Attempt.at(outcome("anna", ())) == Attempt("anna", "", ())


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        # One success of four prior ones at one half: overall (1 + 2) / 5 = 0.6.
        (JobTypeRate, (1 + 4 * 0.6) / 5),
        (WorkerRate, (1 + 4 * 0.6) / 5),
        (WorkerJobTypeRate, (1 + 4 * (1 + 4 * 0.6) / 5) / 5),
        (WorkerSkillRate, (1 + 4 * (1 + 4 * 0.6) / 5) / 5),
        # Odds multiply: (.68 / .32)^2 / (.6 / .4).
        (WorkerPlusJobType, 1 / (1 + 1.5 / (0.68 / 0.32) ** 2)),
        # Three ratings, each half a logit up.
        (Elo, 1 / (1 + exp(-1.5))),
    ],
)
def test_after_one_success_the_chance_is_exactly(new: New, expected: float):
    baseline = new()
    baseline.learn(attempt(), True)
    assert baseline.guess(attempt()) == pytest.approx(expected, rel=1e-12)


def test_elo_moves_less_the_more_it_has_seen():
    """The second success moves each rating by U(1) = 1 / 1.05 times the surprise."""
    elo = Elo()
    elo.learn(attempt(), True)
    elo.learn(attempt(), True)
    surprise = 1 - 1 / (1 + exp(-1.5))
    assert elo.guess(attempt()) == pytest.approx(1 / (1 + exp(-(1.5 + 3 * surprise / 1.05))), rel=1e-12)


def test_the_regression_agrees_with_one_fitted_on_counts_made_the_slow_way():
    rows = history()
    guesses = run(CountRegression, rows, first=300)

    def logs(number: int, belongs: Callable[[Attempt], bool]) -> list[float]:
        results = [success for row, success in rows[:number] if belongs(row)]
        return [log(1 + sum(results)), log(1 + len(results) - sum(results))]

    def features(number: int) -> list[float]:
        now = rows[number][0]
        skills = np.zeros(2)
        for skill, part in now.skills:
            skills += part * np.array(
                logs(number, lambda r, s=skill: r.worker == now.worker and s in dict(r.skills))  # type: ignore[misc]
            )
        return [
            *logs(number, lambda r: r.worker == now.worker),
            *logs(number, lambda r: r.job_type == now.job_type),
            *skills,
        ]

    table = np.array([features(number) for number in range(len(rows))])
    results = np.array([success for _, success in rows])
    model = LogisticRegression(max_iter=1000).fit(table[:300], results[:300])
    # The solver stops at a gradient of 1e-4, so sums in another order may end a little elsewhere.
    assert guesses == pytest.approx(list(model.predict_proba(table[300:])[:, 1]), abs=1e-3)
