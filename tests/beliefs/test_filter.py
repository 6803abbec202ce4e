"""The filter learns what it should, forgets what it should, and gives the same bits whichever way it is run."""

import math
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmatch.beliefs.evidence import (
    Assessment,
    CertificationGranted,
    Demand,
    Evidence,
    Rater,
    Result,
    TrainingCompleted,
    day_number,
)
from skillmatch.beliefs.filter import SkillState, WorkerState, fold, forget, learn
from skillmatch.beliefs.params import BeliefParams, Difficulty
from tests.kit.build import at, outcome, self_report

PARAMS = BeliefParams()
SKILLS = ("refrigeration", "controls", "hydraulics")


def facts() -> st.SearchStrategy[list[Evidence]]:
    jobs = st.builds(
        lambda days, skills, result, level, kind: outcome(
            days=days,
            skill=[Demand(skill, level, 1.0 + n) for n, skill in enumerate(skills)],
            result=result,
            job_type=kind,
        ),
        st.floats(0.0, 2000.0).map(lambda x: round(x, 3)),
        st.lists(st.sampled_from(SKILLS), min_size=0, max_size=3, unique=True),
        st.sampled_from(Result),
        st.none() | st.floats(0.0, 5.0),
        st.sampled_from([None, "easy", "hard"]),
    )
    reports = st.builds(
        lambda days, skill, level: self_report(days=days, skill=skill, level=level),
        st.floats(0.0, 2000.0).map(lambda x: round(x, 3)),
        st.sampled_from(SKILLS),
        st.floats(0.0, 5.0),
    )
    return st.lists(jobs | reports, max_size=25)


def in_order(evidence: list[Evidence]) -> list[Evidence]:
    return sorted(evidence, key=lambda fact: fact.order)


@given(facts(), st.integers(0, 25))
def test_learning_fact_by_fact_equals_a_rebuild_to_the_bit(evidence: list[Evidence], pause: int):
    ordered = in_order(evidence)
    state = fold("anna", ordered[:pause], PARAMS)
    copy = WorkerState("anna", state.general_mean, state.general_var, state.form)
    copy.skills = {skill: SkillState(*row.values()) for skill, row in state.skills.items()}
    copy.uses = state.uses
    for fact in ordered[pause:]:
        learn(copy, fact, PARAMS)
    assert copy.values() == fold("anna", ordered, PARAMS).values()


@given(facts())
def test_variances_stay_positive_and_never_pass_the_prior(evidence: list[Evidence]):
    state = fold("anna", in_order(evidence), PARAMS)
    assert 0.0 < state.general_var <= PARAMS.general_var
    assert all(0.0 < row.var <= PARAMS.skill_var for row in state.skills.values())


@given(facts(), st.floats(0.0, 4000.0), st.floats(0.0, 4000.0))
def test_disuse_widens_uncertainty_and_never_raises_the_mean(evidence: list[Evidence], one: float, more: float):
    state = fold("anna", in_order(evidence), PARAMS)
    for row in state.skills.values():
        sooner, later = SkillState(*row.values()), SkillState(*row.values())
        forget(sooner, row.day + one, PARAMS)
        forget(later, row.day + one + more, PARAMS)
        assert row.var <= sooner.var * (1 + 1e-12)
        assert sooner.var <= later.var * (1 + 1e-12)
        assert later.mean <= sooner.mean + 1e-12
        assert later.recent <= sooner.recent + 1e-12


def test_a_first_reading_moves_both_parts_as_the_exact_gaussian_posterior():
    state = fold("anna", [self_report(level=4.0)], PARAMS)
    prior = np.diag([PARAMS.general_var, PARAMS.skill_var])
    loading = np.ones(2)
    noise = PARAMS.rater_noise[Rater.SELF]
    stated = (4.0 - PARAMS.average_level) * PARAMS.logit_per_level - PARAMS.rater_bias[Rater.SELF]
    gain = prior @ loading / (loading @ prior @ loading + noise)
    exact_var = prior - np.outer(gain, loading) @ prior
    row = state.skills["refrigeration"]
    assert [state.general_mean, row.mean] == pytest.approx(gain * stated, rel=1e-12)
    assert state.general_var == pytest.approx(exact_var[0, 0] + PARAMS.general_drift, rel=1e-12)
    assert row.var == pytest.approx(exact_var[1, 1] + PARAMS.skill_drift, rel=1e-12)


@pytest.mark.parametrize("result", [Result.FIRST_TIME_FIX, Result.FAILED])
def test_a_first_outcome_agrees_with_numerical_integration(result: Result):
    """Posterior mean by brute force over a grid; docs/model.md gives .12 as the closed form's worst error here."""
    state = fold("anna", [outcome(result=result)], PARAMS)
    total_var = PARAMS.general_var + PARAMS.skill_var
    noise = PARAMS.type_var + PARAMS.instance_var
    theta = np.linspace(-8, 8, 4001)
    error = np.linspace(-6, 6, 1201) * math.sqrt(noise)
    weight = np.exp(-0.5 * error**2 / noise)
    chance = (weight / (1 + np.exp(-(PARAMS.base + theta[:, None] + error)))).sum(1) / weight.sum()
    likelihood = chance if result is Result.FIRST_TIME_FIX else 1 - chance
    posterior = np.exp(-0.5 * theta**2 / total_var) * likelihood
    exact = (theta * posterior).sum() / posterior.sum()
    learned = state.general_mean + state.skills["refrigeration"].mean
    assert learned == pytest.approx(exact, abs=0.05)


def test_prediction_before_learning_is_the_chance_of_an_average_worker():
    state = WorkerState.fresh("anna", PARAMS)
    expected = learn(state, outcome(), PARAMS)
    assert expected is not None
    var = PARAMS.general_var + PARAMS.skill_var + PARAMS.type_var + PARAMS.instance_var
    shrunk = PARAMS.base / math.sqrt(1 + math.pi / 8 * var)
    assert expected.chance == pytest.approx(1 / (1 + math.exp(-shrunk)), rel=1e-12)


def test_success_at_hard_work_teaches_more_than_at_easy_work():
    params = BeliefParams(difficulties={"hard": Difficulty(1.0, 0.05), "easy": Difficulty(-1.0, 0.05)})
    hard = fold("anna", [outcome(job_type="hard")], params)
    easy = fold("anna", [outcome(job_type="easy")], params)
    assert hard.skills["refrigeration"].mean > easy.skills["refrigeration"].mean


def test_failure_at_a_high_level_costs_less_than_at_a_low_one():
    high = fold("anna", [outcome(level=5.0, result=Result.FAILED)], PARAMS)
    low = fold("anna", [outcome(level=1.0, result=Result.FAILED)], PARAMS)
    assert low.general_mean < high.general_mean < 0.0


@pytest.mark.parametrize(("worse", "better"), list(zip(list(Result)[1:3], list(Result)[:2], strict=True)))
def test_a_better_result_gives_a_higher_belief(worse: Result, better: Result):
    means = [fold("anna", [outcome(result=result)], PARAMS).general_mean for result in (worse, better)]
    assert means[0] < means[1]


def test_a_job_without_requirements_teaches_only_the_general_part():
    state = fold("anna", [outcome(skill=[])], PARAMS)
    assert state.general_mean > 0.0
    assert state.skills == {}


def test_a_managers_word_counts_more_than_her_own():
    own = fold("anna", [self_report(level=5.0)], PARAMS)
    common = {"id": "a", "worker": "anna", "time": at(0), "source": "test"}
    manager = fold("anna", [Assessment(**common, skill="refrigeration", level=5.0, rater="mona")], PARAMS)
    assert manager.skills["refrigeration"].mean > own.skills["refrigeration"].mean > 0.0


def test_a_basic_course_does_not_pull_an_expert_down():
    expert = [outcome(days=n, level=5.0) for n in range(20)]
    course = TrainingCompleted(
        id="t", worker="anna", time=at(30), source="test", skill="refrigeration", level=1.0, course="basics"
    )
    before, after = fold("anna", expert, PARAMS), fold("anna", [*expert, course], PARAMS)
    day = day_number(at(30))
    forget(before.skills["refrigeration"], day, PARAMS)
    assert after.skills["refrigeration"].mean >= before.skills["refrigeration"].mean


def test_an_exam_raises_the_belief_but_is_no_practice():
    exam = CertificationGranted(
        id="c", worker="anna", time=at(0), source="test", type="F-GAS", issued=at(0).date(),
        skill="refrigeration", level=4.0,
    )  # fmt: skip
    row = fold("anna", [exam], PARAMS).skills["refrigeration"]
    assert row.mean > 0.0
    assert (row.recent, row.lasting) == (0.0, 0.0)


def test_practice_halves_with_its_half_lives():
    row = fold("anna", [outcome(days=0)], PARAMS).skills["refrigeration"]
    forget(row, row.day + PARAMS.recent_days, PARAMS)
    assert row.recent == pytest.approx(0.5, rel=1e-12)
    assert row.lasting == pytest.approx(0.5 ** (PARAMS.recent_days / PARAMS.lasting_days), rel=1e-12)


def test_a_failure_counts_as_some_practice():
    row = fold("anna", [outcome(result=Result.FAILED)], PARAMS).skills["refrigeration"]
    assert row.recent == PARAMS.practice_of_failure


@settings(max_examples=20)
@given(st.integers(1, 30))
def test_the_filter_recovers_a_known_ability(seed: int):
    """With 300 trials of one skill the belief lies within four of its own standard deviations of the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(0, math.sqrt(PARAMS.general_var + PARAMS.skill_var))
    chance = 1 / (1 + math.exp(-(PARAMS.base + truth)))
    results = np.where(rng.random(300) < chance, Result.FIRST_TIME_FIX, Result.FAILED)
    params = BeliefParams(type_var=0.0, instance_var=0.0, general_drift=0.0, skill_drift=0.0)
    state = fold("anna", [outcome(days=n / 1e5, result=Result(r)) for n, r in enumerate(results)], params)
    row = state.skills["refrigeration"]
    assert abs(state.general_mean + row.mean - truth) < 4 * math.sqrt(state.general_var + row.var)


def test_evidence_at_one_instant_is_ordered_by_source_and_id():
    first, second = outcome(id="a"), outcome(id="b", result=Result.FAILED)
    assert first.order < second.order
    assert outcome(days=1).order > second.order
    assert (second.time - first.time) == timedelta(0)
