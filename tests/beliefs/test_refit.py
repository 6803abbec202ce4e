"""Parameters are learned from history, corrected for who was sent, and judged on workers held out."""

from dataclasses import replace
from typing import Any
from zlib import crc32

import numpy as np
import pytest
from scipy.optimize import minimize

from skillmatch.beliefs import refit
from skillmatch.beliefs.evidence import Evidence, day_number
from skillmatch.beliefs.filter import WorkerState, fold, learn, standing
from skillmatch.beliefs.histories import Histories, encode, replay
from skillmatch.beliefs.observation import Demand, Result
from skillmatch.beliefs.params import FEATURES, BeliefParams
from skillmatch.beliefs.refit import CHOSEN, IN_TURNS, JOINTLY, MIN_TRIALS, _calibrated, count_trials, fit
from skillmatch.beliefs.regression import OWN_SLOPES, calibrate, trials_of
from tests.kit.build import at, outcome, self_report

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


def learned(histories: Histories, params: BeliefParams = PARAMS) -> BeliefParams:
    found = fit(histories, params)
    assert found is not None
    return found.params


def test_a_small_company_keeps_the_defaults():
    facts = history(MIN_TRIALS - 1, hardness={"a": 0.0}, selective=False)
    assert fit(facts, PARAMS) is None
    assert fit({}, PARAMS) is None


def test_with_few_outcomes_nobody_is_held_out():
    found = fit(history(MIN_TRIALS, hardness={"a": 0.0}, selective=False), PARAMS)
    assert found is not None
    assert found.held_out is None
    assert (found.params.slope, found.params.shift, found.params.spread) == (1.0, 0.0, 1.0)


def test_difficulties_come_back_in_order_and_near_the_truth():
    truth = {"easy": -0.8, "usual": 0.0, "hard": 0.8}
    facts = history(4000, hardness=truth, selective=False)
    fitted = learned(facts)
    means = {kind: fitted.difficulties[kind].mean for kind in truth}
    assert means["hard"] - means["usual"] == pytest.approx(0.8, abs=0.25)
    assert means["easy"] - means["usual"] == pytest.approx(-0.8, abs=0.25)
    assert fitted.version == 1
    assert fitted.fitted_on == 4000


def test_sending_the_best_to_the_hardest_does_not_hide_how_hard_it_is():
    """Raw failure rates shrink the gap between the two types; the correction must win most of it back."""
    truth = {"easy": -0.8, "hard": 0.8}
    facts = history(5000, hardness=truth, selective=True)
    rates = {}
    for kind in truth:
        success = [f.result is Result.FIRST_TIME_FIX for own in facts.values() for f in own if f.job_type == kind]
        rates[kind] = np.log(np.mean(success) / (1 - np.mean(success)))
    raw_gap = rates["easy"] - rates["hard"]
    fitted = learned(facts)
    gap = fitted.difficulties["hard"].mean - fitted.difficulties["easy"].mean
    assert raw_gap < 0.6
    assert gap > 2 * raw_gap
    assert gap > 0.8


def test_a_type_seen_often_is_known_more_surely():
    facts = history(1000, hardness={"often": 0.0}, selective=False)
    facts["w00"].append(outcome("w00", [Demand("work")], days=999, job_type="once"))
    fitted = learned(facts)
    assert fitted.difficulties["often"].var < 0.1 * fitted.difficulties["once"].var
    assert fitted.difficulties["once"].var < fitted.type_var


def test_only_outcomes_count_as_trials():
    assert count_trials({"anna": [outcome(), self_report()]}) == 1


def practice_makes_perfect(names: range, seed: int = 5) -> dict[str, list[Evidence]]:
    rng = np.random.default_rng(seed)
    found: dict[str, list[Evidence]] = {}
    for who in names:
        ability = rng.normal(0, 0.5)
        for n in range(40):
            chance = 1 / (1 + np.exp(-(-1.0 + ability + 0.8 * np.log1p(n))))
            result = Result.FIRST_TIME_FIX if rng.random() < chance else Result.FAILED
            fact = outcome(f"w{who:03}", [Demand("work")], days=n, result=result, job_type="fix")
            found.setdefault(fact.worker, []).append(fact)
    return found


def test_practice_is_learned_and_chances_come_true_on_others():
    """A world in which practice makes perfect: the fit must see it, and be calibrated on workers it has not seen."""
    fitted = learned(practice_makes_perfect(range(120)))
    others = practice_makes_perfect(range(500, 700), seed=6)
    encoded = encode(others, fitted)
    trials = trials_of(encoded, replay(encoded, fitted)[1], fitted)
    chance = 1 / (1 + np.exp(-(fitted.slope * trials.shrink * trials.mean + fitted.shift)))
    assert sum(fitted.weights[:4]) > 0.3
    for part in np.array_split(np.argsort(chance), 8):
        # 1,000 outcomes a bin: three standard errors of a share are below .05.
        assert abs(chance[part].mean() - trials.success[part].mean()) < 0.05


def test_fitting_twice_gives_the_same_parameters():
    facts = history(1500, hardness={"easy": -0.5, "hard": 0.5}, selective=True)
    assert learned(facts) == learned(facts)


def test_nothing_but_structure_is_taken_over_from_what_was_learned_before():
    """Otherwise errors would be handed down from version to version."""
    facts = history(800, hardness={"easy": -0.5, "hard": 0.5}, selective=True)
    odd = replace(PARAMS, version=6, base=-3.0, weights=(0.5,) * 10, slope=4.0, rater_slope={**PARAMS.rater_slope})
    assert replace(learned(facts, odd), version=1) == learned(facts)
    assert learned(facts, odd).version == 7


def test_a_skill_that_is_hard_in_every_job_is_known_as_such():
    rng = np.random.default_rng(2)
    facts: dict[str, list[Evidence]] = {}
    for n in range(3000):
        skill, who = ("easy", "hard")[n % 2], f"w{rng.integers(60):02}"
        chance = 0.85 if skill == "easy" else 0.45
        result = Result.FIRST_TIME_FIX if rng.random() < chance else Result.FAILED
        facts.setdefault(who, []).append(outcome(who, [Demand(skill)], days=n / 50, result=result))
    fitted = learned(facts)
    assert fitted.skills["hard"].difficulty - fitted.skills["easy"].difficulty > 0.8


@pytest.mark.parametrize("seed", range(4))
def test_weights_of_what_changes_in_disuse_keep_their_signs(seed: int):
    """Worlds in which the idle do better than the busy: no shown level may rise by waiting all the same."""
    rng = np.random.default_rng(seed)
    facts: dict[str, list[Evidence]] = {}
    for who in range(30):
        day, waited = 0.0, 0.0
        for _job in range(20):
            chance = 1 / (1 + np.exp(-(-1.0 + 0.6 * np.log1p(waited))))
            result = Result.FIRST_TIME_FIX if rng.random() < chance else Result.FAILED
            facts.setdefault(f"w{who}", []).append(outcome(f"w{who}", days=day, result=result))
            waited = float(rng.choice([0.5, 5.0, 60.0]))
            day += waited
    weight = dict(zip(FEATURES, learned(facts).weights, strict=True))
    assert weight["recent"] >= 0.0
    assert weight["lasting"] >= 0.0
    assert weight["pause"] <= 0.0


def test_workers_held_out_judge_the_new_parameters():
    facts = history(3000, hardness={"easy": -0.8, "hard": 0.8}, selective=False)
    found = fit(facts, PARAMS)
    assert found is not None
    held = found.held_out
    assert held is not None
    assert set(held.workers) == {worker for worker in facts if crc32(worker.encode()) % 4 == 0}
    assert len(held.success) == sum(len(facts[worker]) for worker in held.workers)
    for worker, name in enumerate(held.workers):
        hits = [float(fact.result is Result.FIRST_TIME_FIX) for fact in facts[name]]
        assert held.success[held.worker == worker].tolist() == hits

    def loss(chance: np.ndarray) -> float:
        return float(-np.mean(held.success * np.log(chance) + (1 - held.success) * np.log(1 - chance)))

    assert loss(held.after) < loss(held.before)
    # What is said of the parameters in force is what the filter says under them.
    state, expected = WorkerState.fresh(held.workers[0], PARAMS), []
    for fact in facts[held.workers[0]]:
        expected.append(learn(state, fact, PARAMS).chance)
    assert held.before[held.worker == 0] == pytest.approx(expected, rel=1e-12)


def test_no_outcome_calibrates_the_chances_of_its_own_worker():
    """Chances of the first worker held out stay when her own last outcome is another."""
    facts = history(1500, hardness={"easy": -0.8, "hard": 0.8}, selective=False)
    encoded = encode(facts, PARAMS)
    trials = trials_of(encoded, replay(encoded, PARAMS)[1], PARAMS)
    _params, one = _calibrated(encoded, trials, PARAMS)
    other = trials.success.copy()
    first = np.asarray(encoded.events.worker)[trials.event] == 0
    other[first] = 1.0 - other[first]
    _params, two = _calibrated(encoded, replace(trials, success=other), PARAMS)
    assert one[first].tolist() == two[first].tolist()
    assert one.tolist() != two.tolist()


def test_calibration_is_the_maximum_of_the_penalised_likelihood():
    rng = np.random.default_rng(4)
    log_odds = rng.normal(0.5, 1.5, 500)
    success = (rng.random(500) < 1 / (1 + np.exp(-(0.6 * log_odds - 0.4)))).astype(float)

    def minus(x: np.ndarray) -> float:
        predictor = x[0] * log_odds + x[1]
        return float(np.sum(np.log1p(np.exp(predictor)) - success * predictor) + 0.5 * ((x[0] - 1) ** 2 + x[1] ** 2))

    exact = minimize(minus, np.array([1.0, 0.0])).x
    loss, slope, shift = calibrate(log_odds, success)
    assert (slope, shift) == pytest.approx(tuple(exact), abs=1e-4)
    predictor = slope * log_odds + shift
    assert loss == pytest.approx(np.mean(np.log1p(np.exp(predictor)) - success * predictor), rel=1e-9)


def test_what_is_given_is_kept():
    facts = history(800, hardness={"easy": -0.5, "hard": 0.5}, selective=False)
    given = {"general_var": 0.011, "skill_var": 0.5, "skill_drift": 0.003, "effect_var": 0.2}
    found = fit(facts, PARAMS, given=given)
    assert found is not None
    assert {name: getattr(found.params, name) for name in given} == given
    chosen = {name: getattr(found.params, name) for name in CHOSEN}
    again = fit(facts, PARAMS, given=chosen)
    assert again is not None
    assert again.params == found.params


def test_no_weight_is_learned_for_what_is_ignored():
    facts = practice_makes_perfect(range(30))
    ignored = ("successes", "recent", "form", OWN_SLOPES)
    plain, found = fit(facts, PARAMS), fit(facts, PARAMS, ignored=ignored)
    assert plain is not None
    assert found is not None
    weight = dict(zip(FEATURES, found.params.weights, strict=True))
    assert {name for name in FEATURES if weight[name] == 0.0} >= {"successes", "recent", "form"}
    assert weight["failures"] != 0.0
    assert [effect[1:] for effect in found.params.skills.values()] == [(0.0, 0.0)]
    assert plain.params.weights[FEATURES.index("successes")] != 0.0
    assert [effect[1:] for effect in plain.params.skills.values()] != [(0.0, 0.0)]


def test_either_step_can_be_left_out(monkeypatch: pytest.MonkeyPatch):
    facts = practice_makes_perfect(range(30))
    in_turns, jointly = fit(facts, PARAMS, ignored=[JOINTLY]), fit(facts, PARAMS, ignored=[IN_TURNS])
    assert in_turns is not None
    assert jointly is not None
    # Counts of successes are for the turns alone: the joint model has the workers themselves as unknowns.
    assert in_turns.params.weights[FEATURES.index("successes")] != 0.0
    assert jointly.params.weights[FEATURES.index("successes")] == 0.0
    assert jointly.params.weights[FEATURES.index("lasting")] != 0.0
    monkeypatch.setattr(refit, "fit_jointly", lambda *_all: pytest.fail("it was to be left out"))
    assert fit(facts, PARAMS, ignored=[JOINTLY]) is not None


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"given": {"base": 1.0}}, "given names base: expected some of general_var"),
        ({"ignored": ("luck", "form")}, "ignored names luck: expected some of successes"),
    ],
)
def test_what_cannot_be_given_or_ignored_is_refused(wrong: dict[str, Any], message: str):
    with pytest.raises(ValueError, match=message):
        fit({}, PARAMS, **wrong)


def test_progress_is_told():
    told: list[tuple[str, int, int | None]] = []
    fit(history(900, hardness={"a": 0.0}, selective=False), PARAMS, progress=lambda *step: told.append(step))
    assert [done for _what, done, _total in told] == sorted(done for _what, done, _total in told)
    assert all(total == 5 for _what, _done, total in told)


def test_a_company_without_a_taxonomy_learns_its_circles():
    """Two trades, no graph: what the skills of a trade share is found, used and helps to judge a skill never seen."""
    rng = np.random.default_rng(7)
    facts: dict[str, list[Evidence]] = {}
    for who in range(50):
        trade, ability = ("cold", "lift")[who % 2], rng.normal(0, 1.0)
        for n in range(60):
            chance = 1 / (1 + np.exp(-(0.5 + ability)))
            result = Result.FIRST_TIME_FIX if rng.random() < chance else Result.FAILED
            skill = f"{trade}{int(rng.integers(8))}"
            facts.setdefault(f"w{who:02}", []).append(outcome(f"w{who:02}", skill, days=n + who / 99, result=result))
    fitted = learned(facts)
    assert all(one.part.startswith("circle:") for loads in fitted.loadings.values() for one in loads)
    assert set(fitted.loadings) == {f"{trade}{n}" for trade in ("cold", "lift") for n in range(8)}
    assert fitted.learned_var > 0.0
    state = fold("anna", [outcome(skill=f"cold{n % 7}", days=n) for n in range(40)], fitted)
    assert state.parts[fitted.home("cold7")][0] > 0.0
    inside, outside = (standing(state, skill, day_number(at(40)), fitted) for skill in ("cold7", "lift7"))
    assert sum(points for _part, points in inside.shared) > sum(points for _part, points in outside.shared)
