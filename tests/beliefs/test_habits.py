"""Who is sent is learned from a company's own choices."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from scipy.optimize import minimize

from skillmatch.beliefs import habits
from skillmatch.beliefs.evidence import Evidence, day_number
from skillmatch.beliefs.habits import FEWEST_CHOICES, fit_habits
from skillmatch.beliefs.observation import Demand, Result
from skillmatch.beliefs.params import BeliefParams
from tests.kit.build import at, outcome, self_report

PARAMS = BeliefParams()


def company(how: str, jobs: int = 900, workers: int = 12, seed: int = 2) -> dict[str, list[Evidence]]:
    """Return a history in which the "last", the "first" of those who did the work, or "anybody" is sent most often."""
    rng = np.random.default_rng(seed)
    found: dict[str, list[Evidence]] = {f"w{n:02}": [] for n in range(workers)}
    last: dict[str, dict[int, float]] = {}
    for n in range(jobs):
        skill = ("cold", "heat", "lift")[int(rng.integers(3))]
        known = last.setdefault(skill, {})
        who = int(rng.integers(workers))
        if how != "anybody" and known and rng.random() < 0.8:
            # One who did it within the last ten days, or the one who has waited longest.
            order = sorted(known, key=lambda worker: known[worker])
            who = order[0] if how == "first" else order[-int(rng.integers(1, 1 + min(3, len(order))))]
        known[who] = n / 3
        done = rng.random() < 0.9
        found[f"w{who:02}"].append(
            outcome(f"w{who:02}", skill, days=n / 3, result=Result.FIRST_TIME_FIX if done else Result.FAILED)
        )
    return found


def worth_of_a_day_ago(params: BeliefParams) -> float:
    """Return by how much utility is higher for one success a day ago than for one two months ago."""
    utility = []
    for days in (1.0, 60.0):
        practice = [log(habits.LITTLE + 0.5 ** (days / half)) for half in (params.recent_days, params.lasting_days)]
        age = log(1 + habits.AGE_STEPS * days)
        utility.append(sum(w * x for w, x in zip(params.habits, (*practice, age, age, age), strict=True)))
    return utility[0] - utility[1]


def test_whoever_did_it_lately_is_weighed_up_where_she_is_sent_again():
    worth = {how: worth_of_a_day_ago(fit_habits(company(how), PARAMS)) for how in ("last", "anybody", "first")}
    assert worth["last"] > worth_of_a_day_ago(PARAMS)
    assert worth["last"] > worth["anybody"] + 0.5
    assert worth["anybody"] > worth["first"] - 0.05
    assert worth["anybody"] < 0.5 * worth["last"]


@pytest.mark.parametrize("how", ["last", "anybody", "first"])
def test_weights_keep_their_signs_whatever_the_company_does(how: str):
    recent, lasting, won, used, active = fit_habits(company(how), PARAMS).habits
    assert min(recent, lasting) >= 0.0
    assert max(won, used, active) <= 0.0


def test_the_weights_are_the_maximum_of_the_penalised_likelihood():
    """Against a general optimiser, with the ridge written out."""
    history = company("last", jobs=750)
    chosen = habits._choices(history, PARAMS)
    prior = np.array(PARAMS.habits)
    ridge = habits.STRENGTH * (np.std(np.vstack([f for f, _place in chosen]), axis=0) + 1e-6) ** 2

    def minus(weights: np.ndarray) -> float:
        total = 0.5 * np.sum(ridge * (weights - prior) ** 2)
        for features, place in chosen:
            utility = features @ weights
            top = utility.max()
            total -= utility[place] - top - np.log(np.exp(utility - top).sum())
        return float(total)

    exact = np.clip(minimize(minus, prior, method="BFGS").x, *habits.HABIT_LIMITS)
    assert fit_habits(history, PARAMS).habits == pytest.approx(list(exact), abs=2e-3)


def test_too_few_choices_teach_nothing():
    history = company("last", jobs=FEWEST_CHOICES)
    assert fit_habits(history, PARAMS) is PARAMS
    assert fit_habits({"anna": [self_report()]}, PARAMS) is PARAMS
    assert fit_habits({}, PARAMS) is PARAMS


def test_the_candidates_are_all_who_had_done_some_of_the_work_as_of_that_moment():
    """Features by hand: Anna did cold twice (once right), Ben lifts; Chen comes to cold only afterwards."""
    facts = {
        "anna": [outcome("anna", "cold", days=0), outcome("anna", "cold", days=20, result=Result.FAILED)],
        "ben": [outcome("ben", "lift", days=10), outcome("ben", "cold", days=30)],
        "chen": [outcome("chen", "cold", days=31)],
    }
    every = sorted((fact for own in facts.values() for fact in own), key=lambda fact: fact.order)
    uses, activity = habits._index(every, {"anna": 0, "ben": 1, "chen": 2})
    demands = (Demand("cold", None, 3.0), Demand("lift"))
    features, candidates = habits._features(demands, day_number(at(30)), uses, activity, PARAMS, 3)
    assert candidates.tolist() == [0, 1]

    def practice(half_life: float, days: float | None) -> float:
        return log(0.02 + (0.0 if days is None else 0.5 ** (days / half_life)))

    def age(days: float) -> float:
        return log(1 + 100 * min(days, 3650.0))

    never = 9e9
    anna = [0.75 * practice(half, 30.0) + 0.25 * practice(half, None) for half in (30.0, 280.0)]
    anna += [0.75 * age(30.0) + 0.25 * age(never), 0.75 * age(10.0) + 0.25 * age(never), age(10.0)]
    ben = [0.75 * practice(half, None) + 0.25 * practice(half, 20.0) for half in (30.0, 280.0)]
    ben += [0.75 * age(never) + 0.25 * age(20.0)] * 2 + [age(20.0)]
    assert features == pytest.approx(np.array([anna, ben]), rel=1e-9)
