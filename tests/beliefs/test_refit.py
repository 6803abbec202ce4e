"""Difficulties are learned from history, corrected for who was sent."""

import numpy as np
import pytest

from skillmatch.beliefs.evidence import Demand, Evidence, Result
from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.refit import MIN_TRIALS, count_trials, fit_difficulties, observe
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
    assert fitted.difficulties["often"].var < 0.1 * fitted.difficulties["once"].var
    assert fitted.difficulties["once"].var < fitted.type_var


def test_only_outcomes_count_as_trials():
    assert count_trials({"anna": [outcome(), self_report()]}) == 1


def test_weights_of_practice_are_learned_and_chances_come_true_on_others():
    """A world in which practice makes perfect: the fit must see it, and be calibrated on workers it has not seen."""
    rng = np.random.default_rng(5)

    def world(names: range) -> dict[str, list[Evidence]]:
        found: dict[str, list[Evidence]] = {}
        for who in names:
            ability = rng.normal(0, 0.5)
            for n in range(40):
                chance = 1 / (1 + np.exp(-(-1.0 + ability + 0.8 * np.log1p(n))))
                result = Result.FIRST_TIME_FIX if rng.random() < chance else Result.FAILED
                fact = outcome(f"w{who:03}", [Demand("work")], days=n, result=result, job_type="fix")
                found.setdefault(fact.worker, []).append(fact)
        return found

    fitted = fit_difficulties(world(range(120)), PARAMS)
    seen = observe(world(range(500, 700)), fitted)
    chance = 1 / (1 + np.exp(-(fitted.slope * seen.shrink * seen.mean + fitted.shift)))
    assert sum(fitted.weights[:4]) > 0.3
    for part in np.array_split(np.argsort(chance), 8):
        # 1,000 outcomes a bin: three standard errors of a share are below .05.
        assert abs(chance[part].mean() - seen.success[part].mean()) < 0.05


def test_fitting_twice_gives_the_same_parameters():
    facts = history(1500, hardness={"easy": -0.5, "hard": 0.5}, selective=True)
    assert fit_difficulties(facts, PARAMS) == fit_difficulties(facts, PARAMS)


def test_a_skill_that_is_hard_in_every_job_is_known_as_such():
    rng = np.random.default_rng(2)
    facts: dict[str, list[Evidence]] = {}
    for n in range(4000):
        skill, who = ("easy", "hard")[n % 2], f"w{rng.integers(60):02}"
        chance = 0.85 if skill == "easy" else 0.45
        result = Result.FIRST_TIME_FIX if rng.random() < chance else Result.FAILED
        facts.setdefault(who, []).append(outcome(who, [Demand(skill)], days=n / 50, result=result))
    fitted = fit_difficulties(facts, PARAMS)
    assert fitted.skills["hard"].difficulty - fitted.skills["easy"].difficulty > 0.8
