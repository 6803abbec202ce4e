"""The filter learns what it should, forgets what it should, and gives the same bits whichever way it is run."""

import math
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmatch.beliefs.evidence import CertificationGranted, Evidence, TrainingCompleted, day_number
from skillmatch.beliefs.filter import (
    PRACTICE_OF_LEVEL,
    SkillState,
    WorkerState,
    fold,
    forget,
    learn,
    practice_terms,
    standing,
)
from skillmatch.beliefs.kernel import relative_exposure
from skillmatch.beliefs.observation import Demand, Rater, Result
from skillmatch.beliefs.params import (
    FEATURES,
    HALO_PART,
    OF_LEVEL,
    SELF_PART,
    BeliefParams,
    Difficulty,
    Loading,
    SkillEffect,
)
from tests.beliefs import strategies
from tests.kit.build import RICH, assessment, at, exam, outcome, rating, self_report

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


def copied(state: WorkerState) -> WorkerState:
    """Return a copy made of the numbers that are stored."""
    copy = WorkerState(state.worker, dict(state.parts), state.form)
    copy.skills = {skill: SkillState(*row.values()) for skill, row in state.skills.items()}
    copy.uses, copy.last, copy.occasion, copy.worked = state.uses, state.last, state.occasion, state.worked
    return copy


@pytest.mark.parametrize("params", [PARAMS, RICH], ids=["default", "rich"])
@given(evidence=strategies.evidence(most=25), pause=st.integers(0, 25))
def test_learning_fact_by_fact_equals_a_rebuild_to_the_bit(params: BeliefParams, evidence: list[Evidence], pause: int):
    copy = copied(fold("anna", evidence[:pause], params))
    for fact in evidence[pause:]:
        learn(copy, fact, params)
    whole = fold("anna", evidence, params)
    assert copy.values() == whole.values()
    assert copy.last == whole.last


@given(strategies.evidence())
def test_variances_stay_positive_and_never_pass_the_prior(evidence: list[Evidence]):
    state = fold("anna", evidence, RICH)
    for part, (_mean, var, _jobs) in state.parts.items():
        prior = {"general": RICH.general_var, SELF_PART: RICH.self_bias_var, HALO_PART: math.inf}
        assert 0.0 < var <= prior.get(part, RICH.part_var(part))
    assert all(0.0 < row.var <= RICH.skill_var for row in state.skills.values())


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


def posterior(parts: list[tuple[float, float]], *, read: float, noise: float) -> tuple[list[float], list[float]]:
    """Return means and variances of independent parts of (load, prior variance) after their sum was read with noise."""
    loads = np.array([load for load, _var in parts])
    prior = np.diag([var for _load, var in parts])
    gain = prior @ loads / (loads @ prior @ loads + noise)
    return list(gain * read), list(np.diag(prior - np.outer(gain, loads) @ prior))


def test_a_first_reading_moves_all_parts_as_the_exact_gaussian_posterior():
    """stated = bias + slope (start + ability + her own bias + halo + noise); level 4 is stated of refrigeration."""
    stated, noise = RICH.logit_of_level(4.0), RICH.rater_noise[Rater.SELF]
    # A newcomer is taken to be sent to the family and to the skill as often as others.
    start = RICH.base - RICH.reference
    read = (stated - RICH.rater_bias[Rater.SELF]) / RICH.rater_slope[Rater.SELF] - start
    parts = [
        (1.0, RICH.general_var),
        (0.9, RICH.family_var),
        (0.5, RICH.learned_var),
        (1.0, RICH.skill_var),
        (1.0, RICH.self_habit * noise),
        (1.0, RICH.halo * noise),
    ]
    means, variances = posterior(parts, read=read, noise=(1.0 - RICH.halo) * noise)
    state = fold("anna", [self_report(level=4.0)], RICH)
    row = state.skills["refrigeration"]
    found = [state.parts[part] for part in ("general", "family:cooling", "circle:controls", SELF_PART, HALO_PART)]
    assert [mean for mean, _var, _jobs in found] == pytest.approx([*means[:3], *means[4:]], rel=1e-12)
    drifts = [RICH.general_drift] * 3 + [0.0, 0.0]
    expected = [var + drift for var, drift in zip([*variances[:3], *variances[4:]], drifts, strict=True)]
    assert [var for _mean, var, _jobs in found] == pytest.approx(expected, rel=1e-12)
    assert (row.mean, row.var) == pytest.approx((means[3], variances[3] + RICH.skill_drift), rel=1e-12)


def test_a_first_rating_of_a_mix_moves_each_skill_by_its_share():
    demands = (Demand("hydraulics", 4.0, 3.0), Demand("welding", None, 1.0))
    state = fold("anna", [rating(skill=demands, stars=5.0, customer=None)], RICH)
    noise = RICH.rater_noise[Rater.CUSTOMER]
    start = RICH.base - RICH.reference
    read = (RICH.logit_of_level(5.0) - RICH.rater_bias[Rater.CUSTOMER]) / RICH.rater_slope[Rater.CUSTOMER] - start
    parts = [
        (1.0, RICH.general_var),
        (0.75 * 0.3, RICH.learned_var),
        (0.75, RICH.skill_var),
        (0.25, RICH.skill_var),
        (1.0, RICH.halo * noise),
    ]
    means, variances = posterior(parts, read=read, noise=(1.0 - RICH.halo) * noise)
    own = [state.skills[skill] for skill in ("hydraulics", "welding")]
    found = [state.general_mean, state.parts["circle:controls"][0], *(row.mean for row in own)]
    assert found == pytest.approx(means[:4], rel=1e-12)
    assert [row.var for row in own] == pytest.approx([var + RICH.skill_drift for var in variances[2:4]], rel=1e-12)
    assert SELF_PART not in state.parts


def exact_moments(total_var: float, noise: float, base: float, low: float, high: float) -> tuple[float, float]:
    """Return mean and variance of ability after a result between two cutpoints, by brute force over a grid."""
    theta = np.linspace(-8, 8, 4001)
    error = np.linspace(-6, 6, 1201) * math.sqrt(noise)
    weight = np.exp(-0.5 * error**2 / noise)
    at_least = [
        (weight / (1 + np.exp(-np.clip(base + theta[:, None] + error - cut, -700, 700)))).sum(1) / weight.sum()
        for cut in (low, high)
    ]
    density = np.exp(-0.5 * theta**2 / total_var) * (at_least[0] - at_least[1])
    density /= density.sum()
    mean = float((theta * density).sum())
    return mean, float((theta**2 * density).sum()) - mean**2


@pytest.mark.parametrize(
    ("result", "low", "high"),
    [
        (Result.FIRST_TIME_FIX, PARAMS.cuts[1], math.inf),
        (Result.WITH_HELP, 0.0, PARAMS.cuts[1]),
        (Result.REWORK, PARAMS.cuts[0], 0.0),
        (Result.FAILED, -math.inf, PARAMS.cuts[0]),
        (Result.HANDED_ON, -math.inf, PARAMS.cuts[0]),
    ],
)
def test_a_first_outcome_agrees_with_numerical_integration(result: Result, low: float, high: float):
    """Posterior moments of a result between two cutpoints; docs/model.md gives .12 as the closed form's worst error."""
    state = fold("anna", [outcome(result=result)], PARAMS)
    noise = PARAMS.type_var + PARAMS.instance_var
    mean, var = exact_moments(PARAMS.general_var + PARAMS.skill_var, noise, PARAMS.base, low, high)
    row = state.skills["refrigeration"]
    assert state.general_mean + row.mean == pytest.approx(mean, abs=0.05)
    # Parts that were independent hang together afterwards, which the filter leaves out; each one's variance is right.
    total = PARAMS.general_var + PARAMS.skill_var
    for prior, found in ((PARAMS.general_var, state.general_var), (PARAMS.skill_var, row.var)):
        exact = prior - (prior / total) ** 2 * (total - var)
        assert found == pytest.approx(exact, abs=0.02)


@pytest.mark.parametrize("cuts", [(0.0, 0.0), (-0.6, 0.0), (0.0, 0.7)])
@pytest.mark.parametrize("result", Result)
def test_a_result_whose_cutpoints_are_one_is_that_of_its_side(cuts: tuple[float, float], result: Result):
    """Where a grade never occurred the next one's cutpoint stands for it: a success stays one, with finite numbers."""
    state = fold("anna", [outcome(result=result)], BeliefParams(cuts=cuts))
    done = result in (Result.FIRST_TIME_FIX, Result.WITH_HELP)
    if cuts[0] < 0.0 and result is Result.REWORK:
        assert -1.0 < state.general_mean < 0.0
    elif cuts[1] > 0.0 and result is Result.WITH_HELP:
        assert -1.0 < state.general_mean < 0.5
    else:
        assert 0.0 < (state.general_mean if done else -state.general_mean) < 1.0


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


def test_better_results_give_higher_beliefs():
    grades = (Result.FAILED, Result.REWORK, Result.WITH_HELP, Result.FIRST_TIME_FIX)
    for params in (PARAMS, RICH):
        means = [fold("anna", [outcome(result=result)], params).general_mean for result in grades]
        assert means == sorted(means)
        assert len(set(means)) == 4
        assert fold("anna", [outcome(result=Result.HANDED_ON)], params).general_mean == means[0]


def test_a_job_without_requirements_teaches_only_the_general_part():
    state = fold("anna", [outcome(skill=[])], PARAMS)
    assert state.general_mean > 0.0
    assert state.skills == {}


def test_a_managers_word_counts_more_than_her_own():
    own = fold("anna", [self_report(level=5.0)], PARAMS)
    manager = fold("anna", [assessment(level=5.0)], PARAMS)
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


def test_work_in_one_skill_of_a_family_tells_of_the_others():
    loads = {skill: (Loading("family:cooling", 1.0),) for skill in ("refrigeration", "controls")}
    params = BeliefParams(loadings=loads)
    state = fold("anna", [outcome(days=n) for n in range(10)], params)
    day = day_number(at(10))
    inside, outside = (standing(state, skill, day, params) for skill in ("controls", "welding"))
    assert inside.mean > outside.mean > 0.0
    assert inside.mean - outside.mean == pytest.approx(state.parts["family:cooling"][0], rel=1e-12)
    assert inside.shared == (("family:cooling", state.parts["family:cooling"][0]),)
    assert inside.var < standing(WorkerState.fresh("anna", params), "controls", 0.0, params).var


@given(strategies.evidence(), st.sampled_from([*strategies.SKILLS, "never seen"]), st.floats(0.0, 2000.0))
def test_a_standing_is_the_sum_of_its_parts(evidence: list[Evidence], skill: str, wait: float):
    """Written out from the numbers of the state, with the exponentials of the C library."""
    state, day = fold("anna", evidence, RICH), day_number(at(700 + wait))
    found = standing(state, skill, day, RICH)
    row = state.skills.get(skill) or SkillState(0.0, RICH.skill_var, day)
    keep = 0.5 ** ((day - row.day) / RICH.half_life(skill))
    own = row.mean * (keep if row.mean > 0 else 1.0)
    var = keep**2 * row.var + (1 - keep**2) * RICH.skill_var
    shared = 0.0
    for one in RICH.shared(skill):
        mean, part_var, _jobs = state.parts.get(one.part, (0.0, RICH.part_var(one.part), 0.0))
        shared += one.load * mean
        var += one.load**2 * part_var
    weight = dict(zip(FEATURES, RICH.weights, strict=True))
    elapsed = day - row.day
    practice = weight["recent"] * math.log1p(row.recent * 0.5 ** (elapsed / RICH.recent_days))
    practice += weight["lasting"] * math.log1p(row.lasting * 0.5 ** (elapsed / RICH.lasting_days))
    practice += weight["pause"] * math.log1p(24 * elapsed) if row.uses else 0.0
    jobs, here = state.parts["general"][2], state.parts.get(RICH.home(skill), (0.0, 0.0, 0.0))[2]
    share, home_share = RICH.exposure(skill)
    if share >= 0:
        practice += weight["relative"] * math.log((row.main + 2.0) / (here * share + 2.0))
    if home_share >= 0:
        practice += weight["home"] * math.log((here + 2.0) / (jobs * home_share + 2.0))
    assert found.practice == pytest.approx(practice, rel=1e-9, abs=1e-12)
    total = (RICH.base - RICH.reference) + state.general_mean + shared + own + practice
    assert found.mean == pytest.approx(total, rel=1e-9, abs=1e-12)
    assert found.var == pytest.approx(state.general_var + var, rel=1e-9)
    pieces = found.start + found.general + sum(points for _part, points in found.shared) + found.own + found.practice
    assert pieces == pytest.approx(found.mean, abs=1e-12)


def test_only_what_is_part_of_a_level_stays_when_the_other_weights_are_taken_away():
    state, day = fold("anna", [outcome(days=n) for n in range(5)], RICH), day_number(at(9))
    kept = tuple(w if name in OF_LEVEL else 0.0 for name, w in zip(FEATURES, RICH.weights, strict=True))
    bare = replace(RICH, weights=kept, skills={})
    assert standing(state, "refrigeration", day, bare) == standing(state, "refrigeration", day, RICH)
    for name, points in practice_terms(state, "refrigeration", day, bare):
        assert name in PRACTICE_OF_LEVEL or points == 0.0


@given(st.integers(0, 300), st.integers(0, 300), st.floats(0.02, 1.0))
def test_exposure_is_the_log_of_how_many_times_as_often_she_is_sent_as_others(sent: int, others: int, share: float):
    """Poisson counts about the rate that the company's share gives, times a factor of which two jobs are known before:
    Gamma(2, 2). Its posterior mean, by numerical integration.
    """
    jobs = sent + others
    factor = np.exp(np.linspace(-18.0, 7.0, 16001))
    logs = (2.0 + sent) * np.log(factor) - (2.0 + jobs * share) * factor  # one more power for the steps in logarithms
    weights = np.exp(logs - logs.max())
    mean = float(np.sum(weights * factor) / np.sum(weights))
    assert relative_exposure(float(sent), float(jobs), share) == pytest.approx(math.log(mean), abs=1e-6)
    assert relative_exposure(float(sent), float(jobs), -1.0) == 0.0


def test_jobs_are_counted_where_they_belong():
    """A job is mainly about its heaviest demand; that skill's family counts it, and so does general ability."""
    facts = [
        outcome(skill=[Demand("lifts", None, 3.0), Demand("refrigeration")], days=0),
        outcome(skill=[Demand("refrigeration"), Demand("welding")], days=1, result=Result.FAILED),
        outcome(skill=[], days=2),
        self_report(skill="welding", days=3),
    ]
    state = fold("anna", facts, RICH)
    assert {skill: row.main for skill, row in state.skills.items()} == {
        "lifts": 1.0, "refrigeration": 1.0, "welding": 0.0
    }  # fmt: skip
    assert {part: jobs for part, (_m, _v, jobs) in state.parts.items() if jobs} == {
        "general": 2.0, "family:power": 1.0, "family:cooling": 1.0
    }  # fmt: skip


def test_the_last_success_is_remembered():
    facts = [outcome(days=1), outcome(days=2, result=Result.WITH_HELP), outcome(days=3, result=Result.REWORK)]
    assert fold("anna", facts, PARAMS).skills["refrigeration"].won == day_number(at(2))
    assert fold("anna", facts[2:], PARAMS).skills["refrigeration"].won == 0.0


def test_the_last_job_is_remembered_and_what_is_no_work_is_none():
    facts = [outcome(days=3, result=Result.FAILED), self_report(days=5), assessment(days=6), exam(days=7)]
    assert fold("anna", facts, PARAMS).worked == day_number(at(3))
    assert fold("anna", facts[1:], PARAMS).worked == 0.0


def allowed() -> st.SearchStrategy[BeliefParams]:
    """Return strategies for parameters of which weights of what changes in disuse have the sign that fits give them."""
    weight = st.floats(-2.0, 2.0)
    signs = {"recent": st.floats(0.0, 2.0), "lasting": st.floats(0.0, 2.0), "pause": st.floats(-0.5, 0.0)}
    effect = st.floats(-0.5, 0.5)
    return st.builds(
        lambda weights, half_life, recent, lasting, effects, base: BeliefParams.from_record(
            {
                **RICH.to_record(),
                "weights": dict(zip(FEATURES, weights, strict=True)),
                "half_lives": {"refrigeration": half_life},
                "recent_days": recent,
                "lasting_days": lasting,
                "skills": {"refrigeration": list(effects)},
                "base": base,
            }
        ),
        st.tuples(*(signs.get(name, weight) for name in FEATURES)),
        st.floats(5.0, 5000.0),
        st.floats(1.0, 90.0),
        st.floats(30.0, 900.0),
        st.builds(SkillEffect, effect, effect, effect),
        st.floats(-1.0, 2.0),
    )


@given(
    strategies.evidence(),
    allowed(),
    st.sampled_from([*strategies.SKILLS, "never seen"]),
    st.lists(st.floats(0.0, 1500.0), min_size=2, max_size=5),
)
def test_waiting_never_raises_a_shown_level_nor_makes_it_surer(
    evidence: list[Evidence], params: BeliefParams, skill: str, waits: list[float]
):
    state = fold("anna", evidence, params)
    row = state.skills.get(skill)
    day = row.day if row else day_number(at(0))
    shown = standing(state, skill, day, params)
    for wait in waits:
        day += wait
        later = standing(state, skill, day, params)
        assert later.mean <= shown.mean + 1e-12
        assert later.var >= shown.var * (1 - 1e-12)
        shown = later


@given(strategies.evidence(), st.floats(0.0, 900.0), st.floats(0.0, 900.0))
def test_forgetting_in_two_steps_is_forgetting_in_one(evidence: list[Evidence], one: float, other: float):
    for skill, row in fold("anna", evidence, RICH).skills.items():
        at_once, by_steps = SkillState(*row.values()), SkillState(*row.values())
        forget(at_once, row.day + one + other, RICH, skill)
        forget(by_steps, row.day + one, RICH, skill)
        forget(by_steps, row.day + one + other, RICH, skill)
        assert by_steps.values() == pytest.approx(at_once.values(), rel=1e-9, abs=1e-12)


def test_half_of_what_is_known_is_lost_in_a_half_life():
    row = fold("anna", [outcome(skill="controls", days=n) for n in range(8)], RICH).skills["controls"]
    later = SkillState(*row.values())
    forget(later, row.day + RICH.half_lives["controls"], RICH, "controls")
    assert later.mean == pytest.approx(row.mean / 2, rel=1e-12)
    assert RICH.skill_var - later.var == pytest.approx((RICH.skill_var - row.var) / 4, rel=1e-12)


@pytest.mark.parametrize("minutes", [1e-313, 1e-3, 100_000.0])
def test_a_duration_out_of_all_proportion_leaves_finite_beliefs(minutes: float):
    state = fold("anna", [outcome(days=n, minutes=minutes, estimate=60.0) for n in range(3)], PARAMS)
    assert math.isfinite(state.general_mean)
    assert 0.0 < state.general_var < PARAMS.general_var
