"""Who is able and what is hard are told apart although experts are sent to the hard jobs."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from math import exp, sqrt

import numpy as np
import pytest
from scipy.optimize import minimize

from skillmatch.beliefs import joint
from skillmatch.beliefs.evidence import Evidence
from skillmatch.beliefs.histories import encode, replay
from skillmatch.beliefs.joint import Block, Model, _product, _solve, fit_jointly
from skillmatch.beliefs.observation import Demand, Result
from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.refit import _shared
from skillmatch.beliefs.regression import WEIGHT_VAR, trials_of
from tests.kit.build import RICH, outcome

PARAMS = BeliefParams()


def logistic(x: float) -> float:
    return 1.0 / (1.0 + exp(-x))


def company(
    trials: int = 4000, workers: int = 60, types: int = 24, seed: int = 3
) -> tuple[dict[str, list[Evidence]], dict[str, float]]:
    """Return a history in which the abler a worker, the harder nearly all of her jobs, and the true difficulties."""
    rng = np.random.default_rng(seed)
    ability = np.sort(rng.normal(0, 0.9, workers))
    hard = np.sort(rng.normal(0, 0.8, types))
    found: dict[str, list[Evidence]] = {}
    for n in range(trials):
        who = int(rng.integers(workers))
        near = who / workers * types + rng.normal(0, 4.5)
        kind = int(np.clip(near, 0, types - 1))
        done = rng.random() < logistic(0.8 + ability[who] - hard[kind])
        fact = outcome(
            f"w{who:02}",
            [Demand("work")],
            days=n / 20,
            result=Result.FIRST_TIME_FIX if done else Result.FAILED,
            job_type=f"t{kind:02}",
            customer=f"c{n % 3}",
        )
        found.setdefault(fact.worker, []).append(fact)
    return found, {f"t{kind:02}": float(value) for kind, value in enumerate(hard)}


def jointly(histories: dict[str, list[Evidence]], params: BeliefParams = PARAMS, rounds: int = 2) -> BeliefParams:
    for _round in range(rounds):
        encoded = encode(histories, params)
        params = fit_jointly(encoded, replay(encoded, params, times=99)[1], params)
    return params


def test_difficulties_are_found_although_experts_are_sent_to_the_hard_jobs():
    histories, truth = company()
    fitted = jointly(histories)
    seen = [kind for kind in truth if kind in fitted.difficulties]
    failures = {kind: [] for kind in seen}
    for facts in histories.values():
        for fact in facts:
            failures[fact.job_type].append(fact.result is Result.FAILED)
    rates = np.array([(1 + sum(failures[kind])) / (2 + len(failures[kind])) for kind in seen])
    true = np.array([truth[kind] for kind in seen])
    learned = np.array([fitted.difficulties[kind].mean for kind in seen])
    by_rate = np.corrcoef(np.log(rates / (1 - rates)), true)[0, 1]
    by_model = np.corrcoef(learned, true)[0, 1]
    assert by_model > 0.85
    assert by_model > by_rate + 0.15
    # In turns with the filter, as often, the difficulties come out smaller: the experts' ability hides them.
    encoded = encode(histories, PARAMS)
    turned = PARAMS
    for _round in range(2):
        turned = _shared(encoded, replay(encoded, turned, times=99)[1], turned)
    in_turns = np.array([turned.difficulties[kind].mean for kind in seen])
    assert np.polyfit(true, learned, 1)[0] > np.polyfit(true, in_turns, 1)[0]


def random_model(seed: int, rows: int = 60) -> tuple[Model, np.ndarray]:
    """Return a model with three kinds of unknowns, and its design matrix written out."""
    rng = np.random.default_rng(seed)
    model = Model(rows, rng.normal(size=(rows, 3)))
    design = [model.dense]
    for name, size, entries, variance in (("type", 7, rows, 0.4), ("own", 15, 2 * rows, 0.6), ("idle", 4, 0, 0.1)):
        row, place = rng.integers(0, rows, entries), rng.integers(0, size, entries)
        value = rng.normal(size=entries)
        model.add(name, Block(size, row, place, value, variance))
        dense = np.zeros((rows, size))
        np.add.at(dense, (row, place), value)
        design.append(dense)
    return model, np.hstack(design)


@pytest.mark.parametrize("seed", range(5))
def test_products_and_solutions_are_those_of_the_matrix_written_out(monkeypatch: pytest.MonkeyPatch, seed: int):
    model, design = random_model(seed)
    rng = np.random.default_rng(100 + seed)
    weights, x, goal = rng.uniform(0.01, 0.25, model.rows), rng.normal(size=model.size), rng.normal(size=model.size)
    ridge = np.concatenate(
        [[1e-6], np.full(2, 1 / WEIGHT_VAR), *(np.full(n, 1 / v) for n, v in ((7, 0.4), (15, 0.6), (4, 0.1)))]
    )
    assert model.ridge() == pytest.approx(ridge, rel=1e-12)
    hessian = design.T @ (weights[:, None] * design) + np.diag(ridge)
    assert model.apply(x) == pytest.approx(design @ x, rel=1e-10, abs=1e-12)
    assert model.back(model.apply(x)) == pytest.approx(design.T @ (design @ x), rel=1e-10, abs=1e-10)
    assert _product(model, weights, ridge, x) == pytest.approx(hessian @ x, rel=1e-10, abs=1e-10)
    product, exact = partial(_product, model, weights, ridge), np.linalg.solve(hessian, goal)
    found = _solve(product, goal, np.diag(hessian))
    assert np.linalg.norm(found - exact) < 0.02 * np.linalg.norm(exact)
    # As exact as one asks: a Newton step needs no more than the first.
    monkeypatch.setattr(joint, "EXACT_ENOUGH", 1e-12)
    monkeypatch.setattr(joint, "SOLVER_STEPS", 300)
    found = _solve(product, goal, np.diag(hessian))
    assert np.linalg.norm(found - exact) < 1e-7 * np.linalg.norm(exact)


def test_the_preconditioner_is_the_diagonal_where_no_entry_comes_twice():
    rng = np.random.default_rng(2)
    model = Model(20, rng.normal(size=(20, 2)))
    model.add("type", Block(5, np.arange(20), rng.integers(0, 5, 20), -np.ones(20), 0.3))
    design = np.hstack([model.dense, np.zeros((20, 5))])
    design[np.arange(20), 2 + model.blocks["type"].place] = -1.0
    weights = rng.uniform(size=20)
    assert model.curve(weights) == pytest.approx(np.einsum("ri,r,ri->i", design, weights, design), rel=1e-12)


def test_the_fit_is_the_maximum_of_the_penalised_likelihood():
    """A small history against a general optimiser: four types, so that their variance stays as given."""
    histories, _truth = company(trials=300, workers=12, types=4)
    params = replace(PARAMS, exposures={})
    encoded = encode(histories, params)
    _state, found = replay(encoded, params)
    fitted = fit_jointly(encoded, found, params)
    trials = trials_of(encoded, found, params)
    facts = [fact for own in histories.values() for fact in own]
    kinds, customers, workers = ([getattr(f, name) for f in facts] for name in ("job_type", "customer", "worker"))
    columns = [np.ones(len(facts)), *(trials.features[:, place] for place in (3, 7, 8))]
    ridge = [1e-6] + [1 / WEIGHT_VAR] * 3
    order: list[str] = []
    for values, sign, variance in ((kinds, -1.0, params.type_var), (customers, -1.0, params.customer_var)):
        for name in dict.fromkeys(values):
            columns.append(sign * np.array([value == name for value in values], dtype=float))
            ridge.append(1 / variance)
            order.append(name)
    columns.append(-np.ones(len(facts)))  # the one skill's own difficulty
    ridge.append(1 / params.effect_var)
    for variance in (params.general_var, params.skill_var):
        for name in dict.fromkeys(workers):
            columns.append(np.array([value == name for value in workers], dtype=float))
            ridge.append(1 / variance)
    design, penalty = np.column_stack(columns), np.array(ridge)
    success = np.array([fact.result is Result.FIRST_TIME_FIX for fact in facts], dtype=float)

    def minus(x: np.ndarray) -> tuple[float, np.ndarray]:
        predictor = design @ x
        chance = 1 / (1 + np.exp(-predictor))
        value = np.sum(np.log1p(np.exp(predictor)) - success * predictor) + 0.5 * np.sum(penalty * x * x)
        return float(value), design.T @ (chance - success) + penalty * x

    exact = minimize(minus, np.zeros(design.shape[1]), jac=True, method="BFGS", options={"gtol": 1e-6}).x
    assert fitted.base == pytest.approx(exact[0], abs=0.01)
    learned = [{**fitted.difficulties, **fitted.customers}[name].mean for name in order]
    assert learned == pytest.approx(list(exact[4 : 4 + len(order)]), abs=0.01)
    assert fitted.skills["work"].difficulty == pytest.approx(exact[4 + len(order)], abs=0.01)


def test_durations_help_to_find_what_is_able_and_what_is_hard():
    """With one result of each kind only durations tell the able: they have to come out abler, and hard jobs harder."""
    rng = np.random.default_rng(9)
    found: dict[str, list[Evidence]] = {}
    ability = rng.normal(0, 1.0, 40)
    for n in range(1200):
        who, kind = int(rng.integers(40)), n % 6
        minutes = 60.0 * exp(-0.4 * ability[who] + rng.normal(0, 0.3))
        done = rng.random() < logistic(0.8 + ability[who] - 0.3 * kind)
        fact = outcome(
            f"w{who:02}", days=n / 9, job_type=f"t{kind}", minutes=minutes, estimate=60.0,
            result=Result.FIRST_TIME_FIX if done else Result.FAILED,
        )  # fmt: skip
        found.setdefault(fact.worker, []).append(fact)
    learned = jointly(found, replace(PARAMS, grip=0.4))
    means = [learned.difficulties[f"t{kind}"].mean for kind in range(6)]
    assert np.corrcoef(means, range(6))[0, 1] > 0.9
    assert means[5] - means[0] == pytest.approx(1.5, abs=0.5)


def test_all_kinds_of_parts_and_names_have_their_block():
    histories, _truth = company(trials=400)
    skills = ("refrigeration", "controls", "hydraulics", "welding")
    varied = {
        worker: [
            replace(fact, demands=(Demand(skills[n % 4]), Demand("lifts", 3.0, 0.5)), site="roof")
            for n, fact in enumerate(facts)
        ]
        for worker, facts in histories.items()
    }
    learned = jointly(varied, RICH, 1)
    assert learned.skills.keys() == {*skills, "lifts"}
    assert set(learned.customers) == {"c0", "c1", "c2"}
    assert set(learned.sites) == {"roof"}
    assert learned.version == RICH.version
    assert learned.weights[3] >= 0.0
    assert sqrt(learned.type_var) > 0.0


def test_a_duration_meets_the_ability_of_its_trial_times_the_grip():
    """Whatever workers and skills are, each duration's row has `grip` times what they give its trial, and its pace."""
    facts = [outcome(days=n, job_type="fix", minutes=40.0 + n, estimate=60.0) for n in range(5)]
    params = replace(PARAMS, grip=0.37)
    encoded = encode({"anna": [*facts, outcome(days=9, job_type="fix")]}, params)
    trials = trials_of(encoded, replay(encoded, params)[1], params)
    model, _fixed, value, timed = joint._model(encoded, trials, params)
    unknowns = np.random.default_rng(1).normal(size=model.size)
    for name in ("type", "customer", "site", "pace"):
        block = model.blocks[name]
        unknowns[block.start : block.start + block.size] = 0.0
    unknowns[0] = 0.0
    found = model.apply(unknowns)
    assert timed.tolist() == [0, 1, 2, 3, 4]
    assert value == pytest.approx([np.log(60.0 / (40.0 + n)) for n in range(5)])
    assert found[6:] == pytest.approx(0.37 * found[:5], rel=1e-12)
    block = model.blocks["pace"]
    unknowns[block.start] = 0.5
    assert model.apply(unknowns)[6:] - found[6:] == pytest.approx([0.5] * 5)
