"""Whole histories give the same bits as one fact after the other, in plain Python and compiled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from skillmatch.beliefs import histories
from skillmatch.beliefs.compiled import ARITHMETIC, KERNEL, compiled_run
from skillmatch.beliefs.evidence import Evidence
from skillmatch.beliefs.filter import WorkerState, learn
from skillmatch.beliefs.histories import encode, fold_histories, replay
from skillmatch.beliefs.observation import Result, Trial
from skillmatch.beliefs.params import BeliefParams, Difficulty
from tests.beliefs import strategies
from tests.kit.build import RICH, exam, outcome, rating, self_report

PLAIN, COMPILED = 10**9, 0
ways = pytest.mark.parametrize("compiled_from", [PLAIN, COMPILED], ids=["plain", "compiled"])
worlds = pytest.mark.parametrize("params", [BeliefParams(), RICH], ids=["default", "rich"])


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch):
    """Return a function that sets from how many facts on machine code is used."""
    return lambda number: monkeypatch.setattr(histories, "COMPILED_FROM", number)


def one_by_one(company: dict[str, list[Evidence]], params: BeliefParams) -> list[tuple[WorkerState, list]]:
    found = []
    for worker, facts in company.items():
        state = WorkerState.fresh(worker, params)
        found.append((state, [learn(state, fact, params) for fact in facts]))
    return found


def check(company: dict[str, list[Evidence]], params: BeliefParams) -> None:
    """Compare states and predictions to the bit."""
    expected = one_by_one(company, params)
    for state, (alone, _predictions) in zip(fold_histories(company, params), expected, strict=True):
        assert state.values() == alone.values()
        assert (state.worker, state.last) == (alone.worker, alone.last)
    encoded = encode(company, params)
    _state, found = replay(encoded, params)
    first = {number: event for event, number in reversed(list(enumerate(encoded.fact.tolist())))}
    predictions = [one for _state, own in expected for one in own]
    facts = [fact for own in company.values() for fact in own]
    assert encoded.facts == len(facts)
    for number, (fact, prediction) in enumerate(zip(facts, predictions, strict=True)):
        if any(isinstance(said, Trial) for said in fact.observe()):
            event = first[number]
            features = np.asarray(found.features).reshape(-1, 10)[event]
            assert (prediction.mean, prediction.var, prediction.ability) == (
                found.mean[event],
                found.var[event],
                found.ability[event],
            )
            assert prediction.features == tuple(features.tolist())
        else:
            assert prediction is None


@ways
@worlds
@settings(max_examples=40)
@given(company=strategies.companies())
def test_a_company_is_folded_as_its_workers_are_to_the_bit(
    compiled_from: int, params: BeliefParams, company: dict[str, list[Evidence]]
):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(histories, "COMPILED_FROM", compiled_from)
        check(company, params)


def long_history(facts: int = 3000) -> dict[str, list[Evidence]]:
    rng = np.random.default_rng(8)
    found: dict[str, list[Evidence]] = {}
    for n in range(facts):
        worker, skill = f"w{rng.integers(9)}", str(rng.choice(strategies.SKILLS))
        if n % 7 == 0:
            fact: Evidence = self_report(worker, skill, level=float(rng.uniform(0, 5)), days=n / 3)
        elif n % 11 == 0:
            fact = rating(worker, skill, stars=float(rng.integers(1, 6)), days=n / 3)
        elif n % 13 == 0:
            fact = exam(worker, skill, level=float(rng.uniform(0, 5)), days=n / 3)
        else:
            fact = outcome(
                worker,
                skill,
                days=n / 3,
                result=list(Result)[int(rng.integers(len(Result)))],
                minutes=float(rng.uniform(10, 300)),
                estimate=60.0,
                job_type=str(rng.choice(["easy", "hard"])),
            )
        found.setdefault(worker, []).append(fact)
    return found


@ways
@worlds
def test_three_thousand_facts_give_the_same_bits(use, compiled_from: int, params: BeliefParams):
    use(compiled_from)
    check(long_history(), params)


def test_machine_code_is_used_when_it_is_worth_its_while(monkeypatch: pytest.MonkeyPatch):
    company = long_history(300)
    asked = []
    monkeypatch.setattr(histories, "compiled_run", lambda: asked.append(1) or compiled_run())
    encoded = encode(company, RICH)
    replay(encoded, RICH)
    assert not asked
    replay(encoded, RICH, times=histories.COMPILED_FROM)
    assert asked


def test_all_that_the_kernel_calls_is_compiled():
    """A function that was left out would run as Python inside compiled code, or not at all."""
    run = compiled_run()
    space = run.py_func.__globals__
    assert all(hasattr(space[name], "py_func") for name in KERNEL)
    assert all(hasattr(space[name], "py_func") for name in ARITHMETIC)


def test_the_same_columns_serve_other_numbers(use):
    """Columns are made once and replayed under many parameters that load skills on the same parts."""
    use(PLAIN)
    company = long_history(600)
    encoded = encode(company, RICH)
    other = replace(RICH, general_var=0.5, base=0.1, difficulties={"hard": Difficulty(1.5, 0.1)}, cuts=(-0.2, 0.3))
    state, _found = replay(encoded, other)
    for found, alone in zip(histories.states_of(encoded, state), fold_histories(company, other), strict=True):
        assert found.values() == alone.values()


def test_a_worker_without_facts_stands_at_the_prior():
    states = fold_histories({"anna": [], "ben": [outcome("ben")]}, RICH)
    assert states[0].values() == WorkerState.fresh("anna", RICH).values()
    assert fold_histories({}, RICH) == []
