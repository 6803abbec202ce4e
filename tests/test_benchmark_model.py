"""The benchmark of the model's parts measures the estimator that ships, and leaves out what it says and no more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks.beliefs.predictor import Skillmatch
from benchmarks.histories import by_worker
from benchmarks.model import variants
from benchmarks.model.bench import describe_doubt, markdown, measure
from benchmarks.model.measuring import History, Measured, first_uses, in_time, predict
from benchmarks.model.variants import FULL, OF_COMPANIES, VARIANTS, Variant
from skillmatch.beliefs.evidence import Evidence, JobOutcome
from skillmatch.beliefs.histories import Histories
from skillmatch.beliefs.observation import Demand, Result
from skillmatch.beliefs.params import BeliefParams, Loading
from skillmatch.beliefs.refit import Fit
from tests.kit.build import exam, outcome, self_report

START = BeliefParams(loadings={skill: (Loading("family:trade", 1.0),) for skill in ("a", "b", "c")})
EVERY = {variant.name: variant for variant in (*VARIANTS, *OF_COMPANIES)}


def company(trials: int = 600, seed: int = 4) -> dict[str, list[Evidence]]:
    """Return a history with three skills of one family, two types of jobs, durations and self-reports."""
    rng = np.random.default_rng(seed)
    ability = rng.normal(0, 1, 24)
    found: dict[str, list[Evidence]] = {f"w{who:02}": [self_report(f"w{who:02}", "a")] for who in range(24)}
    for n in range(trials):
        who, kind, skill = int(rng.integers(24)), n % 2, "abc"[int(rng.integers(3))]
        chance = 1 / (1 + np.exp(-(1.0 + ability[who] - kind)))
        result = Result.FIRST_TIME_FIX if rng.random() < chance else Result.FAILED
        minutes = float(60 * np.exp(rng.normal(-0.2 * ability[who], 0.3)))
        worker, job_type = f"w{who:02}", f"type {kind}"
        times = {"minutes": minutes, "estimate": 60.0}
        found[worker].append(outcome(worker, skill, days=1 + n / 10, result=result, job_type=job_type, **times))
    return found


@pytest.fixture(scope="module")
def history() -> History:
    return in_time(company(), START)


def test_what_is_scored_comes_after_what_is_learned_from(history: History) -> None:
    learned = [fact for facts in history.train.values() for fact in facts]
    scored = [fact for facts in history.stream.values() for fact in facts if fact.key in history.scored]
    assert len(scored) == len(history.scored) == 120
    assert max(fact.time for fact in learned) <= min(fact.time for fact in scored)
    assert history.scored.keys().isdisjoint(fact.key for fact in learned)


def test_a_first_use_is_one_of_any_skill_of_the_job() -> None:
    facts = [outcome("anna", "a", days=1), outcome("anna", "a", days=2), outcome("bert", "a", days=3)]
    facts += [outcome("anna", [Demand("a"), Demand("b")], days=4), outcome("anna", "b", days=5)]
    assert list(first_uses([self_report("anna", "a"), *facts]).values()) == [True, False, True, True, False]


def test_the_chances_are_those_of_the_estimator_that_ships() -> None:
    """The same as fitting and then predicting and learning outcome after outcome, as `bench beliefs` does it."""
    facts = {worker: [fact for fact in own if isinstance(fact, JobOutcome)] for worker, own in company().items()}
    outcomes = sorted((fact for own in facts.values() for fact in own), key=lambda fact: fact.order)
    ours = in_time(by_worker(outcomes), BeliefParams())
    shipped = Skillmatch()
    shipped.fit(outcomes[:480], returning=True)
    expected = dict(zip([fact.key for fact in outcomes[480:]], shipped.predict_then_learn(outcomes[480:]), strict=True))
    found = predict(ours, FULL.learn(ours.train, ours.start), FULL)
    keys = [fact.key for own in ours.stream.values() for fact in own if fact.key in expected]
    assert found.chance == pytest.approx([expected[key] for key in keys], rel=1e-12)


@pytest.mark.parametrize("name", EVERY)
def test_each_variant_is_fitted_without_what_it_names_and_scored_on_the_same_outcomes(
    name: str, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def fit(told: Histories, start: BeliefParams, **kept: Any) -> Fit:
        asked.append((told, start, kept))
        return Fit(replace(start, base=2.0), None)

    monkeypatch.setattr(variants, "fit", fit)
    variant = EVERY[name]
    params = variant.learn(history.train, history.start)
    told = variant.told(history.train)
    expected = [(told, START, {"given": variant.given, "ignored": variant.ignored})] if variant.fitted else []
    assert asked == expected
    assert params.base == (2.0 if variant.fitted else START.base)
    found = predict(history, params, variant)
    assert found.success.tolist() == predict(history, START, FULL).success.tolist()


def test_no_two_variants_leave_out_the_same() -> None:
    assert len({repr(replace(variant, name="")) for variant in EVERY.values()}) == len(EVERY) == 16


def test_a_part_without_variance_stays_where_it_is() -> None:
    """With general ability alone, who fails in one skill has the same chance in it and in another."""
    fails = {who: [outcome(who, "a", days=day, result=Result.FAILED) for day in range(30)] for who in ("anna", "bert")}
    asked = [outcome("anna", "a", days=30), outcome("bert", "b", days=30)]
    stream = {fact.worker: [*fails[fact.worker], fact] for fact in asked}
    history = History(START, {}, stream, {fact.key: False for fact in asked})

    def apart(variant: Variant) -> float:
        first, second = predict(history, replace(START, **dict(variant.given)), variant).chance
        return float(second - first)

    assert apart(EVERY["general ability alone"]) == pytest.approx(0.0, abs=1e-4)
    assert apart(EVERY["a skill's own part alone"]) > apart(FULL) > 0.05


def test_what_is_not_told_is_gone_and_nothing_else() -> None:
    job = outcome("anna", "a", job_type="repair", minutes=30.0)
    facts = [self_report("anna", "a"), exam("anna", "a"), job]

    def told(name: str) -> list[Evidence]:
        return EVERY[name].told({"anna": facts})["anna"]

    assert told("everything") == facts
    assert told("without statements") == facts[1:]
    assert told("without durations") == [*facts[:2], replace(job, minutes=None)]
    assert told("without job types") == [*facts[:2], replace(job, job_type=None)]


def test_without_calibration_nothing_is_fitted_anew(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    fits: list[str] = []
    params = BeliefParams(slope=0.7, shift=0.1)
    monkeypatch.setattr(Variant, "learn", lambda self, _train, _start: fits.append(self.name) or params)
    found = measure("company", history, (FULL, EVERY["without calibration"]))
    assert fits == ["everything"]
    log_odds = {name: np.log(one.chance / (1 - one.chance)) for name, one in found.items()}
    assert log_odds["everything"] == pytest.approx(0.7 * log_odds["without calibration"] + 0.1, rel=1e-9)


def measured(chances: list[float], workers: list[int]) -> Measured:
    success = np.array([1.0, 0.0, 1.0, 1.0])
    return Measured(success, np.array(chances), np.array(workers), np.array([True, True, True, False]))


def test_the_doubt_about_a_difference_counts_workers_not_outcomes() -> None:
    full, less = ([0.9, 0.1, 0.5, 0.5], [0.8, 0.1, 0.6, 0.4])
    losses = [-np.log(0.8 / 0.9), 0.0, -np.log(0.6 / 0.5), -np.log(0.4 / 0.5)]
    rest = np.array(losses) - np.mean(losses)
    alone = measured(less, [0, 1, 2, 3]).doubt(measured(full, [0, 1, 2, 3]))
    assert alone == pytest.approx(np.sqrt(np.sum(rest**2)) / 4)
    pairs = measured(less, [0, 1, 1, 0]).doubt(measured(full, [0, 1, 1, 0]))
    assert pairs == pytest.approx(np.sqrt((rest[0] + rest[3]) ** 2 + (rest[1] + rest[2]) ** 2) / 4)


def test_the_table_has_a_row_for_each_variant_and_blanks_where_it_was_not_measured() -> None:
    one, other = measured([0.9, 0.1, 0.8, 0.8], [0, 1, 2, 3]), measured([0.5] * 4, [0, 1, 2, 3])
    table = {"eclipse": {"everything": one}, "company": {"everything": one, "without durations": other}}
    assert markdown(table).splitlines() == [
        "| | Eclipse | | | | sample company | | |",
        "|---|---|---|---|---|---|---|---|",
        "| | AUC | log-loss | ECE | first use | AUC | log-loss | ECE |",
        "| everything | 1.0000 | .1643 | .1500 | 1.0000 | 1.0000 | .1643 | .1500 |",
        "| without durations | - | - | - | - | .5000 | .6931 | .5000 |",
    ]
    assert describe_doubt(table["company"]).startswith("log-loss worse by thousandths")
    assert "without durations +528.9" in describe_doubt(table["company"])
