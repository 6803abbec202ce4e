"""The columns ranking reads agree with the scalar filter, worker by worker."""

import math
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmatch.beliefs.evidence import Evidence
from skillmatch.beliefs.filter import PRACTICE, WorkerState, fold, learn, practice_terms, standing
from skillmatch.beliefs.observation import Demand, Result
from skillmatch.beliefs.params import BeliefParams, Difficulty
from skillmatch.model import Customer, Requirement, Worker
from tests.beliefs import strategies
from tests.kit.build import RICH, at, outcome, self_report, view

PARAMS = BeliefParams()
NEEDS = (Requirement("refrigeration", 3.0), Requirement("controls", None, 0.5), Requirement("lifts", 1.0, 0.2))
LATER = 700.0
"""After all that the strategies make up."""


def together(company: dict[str, list[Evidence]]) -> list[Evidence]:
    return [fact for facts in company.values() for fact in facts]


@pytest.mark.parametrize("params", [PARAMS, RICH, replace(RICH, skills={}, weights=PARAMS.weights)])
@settings(max_examples=40)
@given(
    company=strategies.companies(),
    skills=st.lists(st.sampled_from(strategies.SKILLS), max_size=3, unique=True),
    job_type=st.sampled_from([None, "hard", "new"]),
    customer=st.sampled_from([None, "bakery", "school"]),
    site=st.sampled_from([None, "roof", "cellar"]),
    wait=st.floats(0.0, 900.0),
)
def test_the_chance_is_what_the_filter_would_predict(
    params: BeliefParams,
    company: dict[str, list[Evidence]],
    skills: list[str],
    job_type: str | None,
    customer: str | None,
    site: str | None,
    wait: float,
):
    needs = [Requirement(skill, (None, 3.0, 1.0)[n], 1.0 / (1 + n)) for n, skill in enumerate(skills)]
    seen = view(
        together(company),
        workers=[Worker("new", "New")],
        needs=needs,
        params=params,
        days=LATER + wait,
        job_type=job_type,
        customer=Customer(customer, customer) if customer else None,
        site=site,
    )
    demands = [Demand(need.skill, need.level, need.weight) for need in needs]
    for worker in ("new", *(worker for worker, facts in company.items() if facts)):
        state = fold(worker, company.get(worker, ()), params)
        job = outcome(worker, demands, days=LATER + wait, job_type=job_type, customer=customer, site=site)
        expected = learn(state, job, params)
        place = seen.table.place(worker)
        assert expected is not None
        assert place is not None
        assert float(seen.log_odds[place]) == pytest.approx(expected.mean, rel=1e-9, abs=1e-9)
        assert float(seen.var[place]) + params.instance_var == pytest.approx(expected.var, rel=1e-9)
        assert float(seen.chance[place]) == pytest.approx(expected.chance, rel=1e-9)


@pytest.mark.parametrize("params", [PARAMS, RICH])
@settings(max_examples=40)
@given(company=strategies.companies(), wait=st.floats(0.0, 900.0))
def test_proficiency_is_the_standing_of_the_filter(
    params: BeliefParams, company: dict[str, list[Evidence]], wait: float
):
    needs = [Requirement(skill) for skill in strategies.SKILLS]
    seen = view(together(company), workers=[Worker("new", "New")], needs=needs, params=params, days=LATER + wait)
    for number, skill in enumerate(strategies.SKILLS):
        mean, var = seen.proficiency(number)
        for worker in seen.table.workers:
            place = seen.table.place(worker)
            expected = standing(fold(worker, company.get(worker, ()), params), skill, seen.moment, params)
            assert (mean[place], var[place]) == pytest.approx((expected.mean, expected.var), rel=1e-9, abs=1e-9)


@given(strategies.companies(), st.floats(0.0, 900.0))
def test_practice_comes_in_the_groups_that_the_filter_names(company: dict[str, list[Evidence]], wait: float):
    seen = view(together(company), needs=NEEDS, params=RICH, days=LATER + wait)
    for column in seen.columns:
        for row, place in enumerate(column.index.tolist()):
            worker = seen.table.workers[place]
            terms = dict(practice_terms(fold(worker, company[worker], RICH), column.skill, seen.moment, RICH))
            found = [float(group[row]) for group in column.gained] + [float(column.exposure[place])]
            assert found == pytest.approx([terms[name] for name in PRACTICE], rel=1e-9, abs=1e-9)


def test_the_interval_holds_the_chance_and_narrows_with_evidence():
    thin = view([outcome()])
    thick = view([outcome(days=n) for n in range(60)])
    widths = []
    for seen in (thin, thick):
        low, high = seen.interval(0)
        assert low <= float(seen.chance[0]) <= high
        widths.append(high - low)
    assert widths[1] < widths[0]


def test_certainty_of_a_level_agrees_with_the_normal_distribution():
    seen = view([outcome(days=n) for n in range(5)], needs=(Requirement("refrigeration", 3.0),))
    mean, var = (float(column[0]) for column in seen.proficiency(0))
    exact = 0.5 * (1 + math.erf((mean - PARAMS.logit_of_level(3.0)) / math.sqrt(2 * var)))
    assert float(seen.certainty(0)[0]) == pytest.approx(exact, abs=0.0096)


def test_somebody_without_evidence_stands_at_the_prior():
    seen = view([self_report("ben", "lifts")], needs=NEEDS)
    mean, var = seen.proficiency(0)
    state = WorkerState.fresh("ben", PARAMS)
    learn(state, self_report("ben", "lifts"), PARAMS)
    assert float(mean[0]) == pytest.approx(state.general_mean)
    assert float(var[0]) == pytest.approx(state.general_var + PARAMS.skill_var)


def test_a_job_without_requirements_ranks_by_general_ability():
    seen = view([outcome("anna"), outcome("ben", result=Result.FAILED)], needs=())
    assert seen.chance[seen.table.place("anna")] > seen.chance[seen.table.place("ben")]


def test_higher_levels_and_harder_types_lower_the_chance():
    facts = [outcome()]
    known = replace(PARAMS, difficulties={"hard": Difficulty(0.7, 0.05)})
    usual = view(facts, needs=(Requirement("refrigeration", 2.0),))
    high = view(facts, needs=(Requirement("refrigeration", 4.0),))
    hard = view(facts, needs=(Requirement("refrigeration", 2.0),), params=known, job_type="hard")
    assert np.all(high.chance < usual.chance)
    assert np.all(hard.chance < usual.chance)


def test_waiting_makes_the_chance_less_certain():
    facts = [replace(outcome(), time=at(0) + timedelta(days=n)) for n in range(20)]
    near, far = view(facts, days=21), view(facts, days=1000)
    assert float(far.var[0]) > float(near.var[0])
    assert float(far.chance[0]) < float(near.chance[0])


def test_the_interval_widens_with_the_spread_and_the_chance_stays():
    facts = [outcome(days=n) for n in range(6)]
    narrow, wide = (view(facts, params=replace(PARAMS, spread=spread)) for spread in (1.0, 2.5))
    assert float(narrow.chance[0]) == float(wide.chance[0])
    low, high = narrow.interval(0)
    assert wide.interval(0)[0] < low < high < wide.interval(0)[1]


def test_waiting_never_raises_the_level_that_is_shown():
    """Weights of what changes in disuse have one sign each; docs/model.md, section 1.6."""
    facts = [outcome(days=n) for n in range(20)] + [outcome("ben", days=n, result=Result.FAILED) for n in range(5)]
    shown = [view(facts, params=RICH, days=days).proficiency(0) for days in (20, 21, 40, 100, 400, 4000)]
    for (mean, var), (later, wider) in pairwise(shown):
        assert np.all(later <= mean + 1e-12)
        assert np.all(wider >= var)
