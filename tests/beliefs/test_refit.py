"""Difficulties are learned from history, corrected for who was sent."""

import numpy as np
import pytest

from skillmatch.beliefs.evidence import Demand, Evidence, Result
from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.refit import MIN_TRIALS, count_trials, fit_difficulties
from tests.kit.build import outcome, self_report

PARAMS = BeliefParams()


def history(trials: int, *, hardness: dict[str, float], seed: int = 1, selective: bool) -> dict[str, list[Evidence]]:
    """Simulate workers of known ability; `selective` sends the better half to the harder jobs."""
    rng = np.random.default_rng(seed)
    ability = np.sort(rng.normal(0, 1, 40))
    kinds = sorted(hardness, key=lambda kind: hardness[kind])
    found: dict[str, list[Evidence]] = {}
    for n in range(trials):
        who = int(rng.integers(0, 40))
        kind = kinds[min(int(who / 40 * len(kinds)), len(kinds) - 1)] if selective else kinds[n % len(kinds)]
        if selective and rng.random() < 0.25:
            kind = kinds[int(rng.integers(0, len(kinds)))]
        chance = 1 / (1 + np.exp(-(0.8 + ability[who] - hardness[kind])))
        result = Result.FIRST_TIME_FIX if rng.random() < chance else Result.FAILED
        fact = outcome(f"w{who:02}", [Demand("work")], days=n / 100, result=result, job_type=kind)
        found.setdefault(fact.worker, []).append(fact)
    return found


def test_a_small_company_keeps_the_defaults():
    facts = history(MIN_TRIALS - 1, hardness={"a": 0.0}, selective=False)
    assert fit_difficulties(facts, PARAMS) is PARAMS


def test_difficulties_come_back_in_order_and_near_the_truth():
    truth = {"easy": -0.8, "usual": 0.0, "hard": 0.8}
    facts = history(6000, hardness=truth, selective=False)
    fitted = fit_difficulties(facts, PARAMS)
    learned = {kind: fitted.difficulties[kind].mean for kind in truth}
    centre = learned["usual"]
    assert learned["hard"] - centre == pytest.approx(0.8, abs=0.25)
    assert learned["easy"] - centre == pytest.approx(-0.8, abs=0.25)
    assert fitted.version == 1
    assert fitted.fitted_on == 6000


def test_sending_the_best_to_the_hardest_does_not_hide_how_hard_it_is():
    """Raw failure rates shrink the gap between the two types; the correction must win most of it back."""
    truth = {"easy": -0.8, "hard": 0.8}
    facts = history(8000, hardness=truth, selective=True)
    rates = {}
    for kind in truth:
        success = [f.result is Result.FIRST_TIME_FIX for own in facts.values() for f in own if f.job_type == kind]
        rates[kind] = np.log(np.mean(success) / (1 - np.mean(success)))
    raw_gap = rates["easy"] - rates["hard"]
    fitted = fit_difficulties(facts, PARAMS)
    gap = fitted.difficulties["hard"].mean - fitted.difficulties["easy"].mean
    assert raw_gap < 0.6
    assert gap > 2 * raw_gap
    assert gap > 0.8


def test_a_type_seen_often_is_known_more_surely():
    facts = history(1000, hardness={"often": 0.0}, selective=False)
    facts["w00"].append(outcome("w00", [Demand("work")], days=999, job_type="once"))
    fitted = fit_difficulties(facts, PARAMS)
    assert fitted.difficulties["often"].var < 0.02 < fitted.difficulties["once"].var < PARAMS.type_var


def test_only_outcomes_count_as_trials():
    assert count_trials({"anna": [outcome(), self_report()]}) == 1
