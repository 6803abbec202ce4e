"""The columns ranking reads agree with the scalar filter, worker by worker."""

import math
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.beliefs.evidence import Demand
from skillmatch.beliefs.filter import WorkerState, fold, learn
from skillmatch.beliefs.params import BeliefParams, Difficulty, SkillEffect
from skillmatch.model import Requirement
from tests.kit.build import at, outcome, self_report, view

PARAMS = BeliefParams(
    difficulties={"hard": Difficulty(0.7, 0.05)},
    weights=(0.6, -0.3, 0.2, -0.4, -0.05, -0.3, 1.2, 0.8),
    skills={"refrigeration": SkillEffect(0.4, 0.1, -0.2)},
    slope=1.1,
    shift=-0.05,
)
NEEDS = (Requirement("refrigeration", 3.0), Requirement("controls", None, 0.5))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["anna", "ben", "chen"]),
            st.sampled_from(["refrigeration", "controls", "lifts"]),
            st.floats(0, 99),
        ),
        max_size=20,
    ),
    st.sampled_from([None, "hard"]),
)
def test_the_chance_is_what_the_filter_would_predict(jobs: list[tuple[str, str, float]], job_type: str | None):
    facts = [outcome(worker, skill, days=days) for worker, skill, days in jobs]
    seen = view(facts, needs=NEEDS, params=PARAMS, days=100.0, job_type=job_type)
    for worker in {fact.worker for fact in facts}:
        own = sorted((fact for fact in facts if fact.worker == worker), key=lambda fact: fact.order)
        state = fold(worker, own, PARAMS)
        demands = [Demand("refrigeration", 3.0), Demand("controls", None, 0.5)]
        expected = learn(state, outcome(worker, demands, days=100.0, job_type=job_type), PARAMS)
        assert expected is not None
        assert float(seen.chance[seen.table.place(worker)]) == pytest.approx(expected.chance, rel=1e-10)


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
    seen = view([outcome("anna"), outcome("ben", result=outcome().result.FAILED)], needs=())
    assert seen.chance[seen.table.place("anna")] > seen.chance[seen.table.place("ben")]


def test_higher_levels_and_harder_types_lower_the_chance():
    facts = [outcome()]
    usual = view(facts, needs=(Requirement("refrigeration", 2.0),))
    high = view(facts, needs=(Requirement("refrigeration", 4.0),))
    hard = view(facts, needs=(Requirement("refrigeration", 2.0),), params=PARAMS, job_type="hard")
    assert np.all(high.chance < usual.chance)
    assert np.all(hard.chance < usual.chance)


def test_waiting_makes_the_chance_less_certain():
    facts = [replace(outcome(), time=at(0) + timedelta(days=n)) for n in range(20)]
    near, far = view(facts, days=21), view(facts, days=1000)
    assert float(far.var[0]) > float(near.var[0])
    assert float(far.chance[0]) < float(near.chance[0])
