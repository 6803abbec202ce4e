"""Whom to believe, and how fast work goes, is learned from what was expected at the time."""

from __future__ import annotations

from dataclasses import replace
from math import exp, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmatch.beliefs.evidence import Evidence, day_number
from skillmatch.beliefs.filter import fold, learn, standing
from skillmatch.beliefs.histories import Histories, encode, replay
from skillmatch.beliefs.observation import Rater, Result
from skillmatch.beliefs.params import HALO_PART, SELF_PART, BeliefParams, Difficulty
from skillmatch.beliefs.raters import ENOUGH, ENOUGH_DURATIONS, fit_cuts, fit_pace, fit_raters
from tests.kit.build import assessment, at, endorsement, outcome, rating, self_report

PARAMS = BeliefParams()
SKILLS = tuple(f"s{n}" for n in range(6))


def logistic(x: float) -> float:
    return 1.0 / (1.0 + exp(-x))


def works(rng: np.random.Generator, worker: str, ability: dict[str, float], jobs: int, first: float) -> list[Evidence]:
    """Return finished jobs, one each day; a latent quality between the default cutpoints makes the result."""
    found: list[Evidence] = []
    for n in range(jobs):
        skill = SKILLS[int(rng.integers(len(SKILLS)))]
        u = rng.random()
        noise = np.log(u / (1 - u)) + rng.normal(0, sqrt(PARAMS.instance_var))
        quality = PARAMS.base + ability[skill] + noise
        result = Result.FIRST_TIME_FIX
        for cut, worse in ((PARAMS.cuts[1], Result.WITH_HELP), (0.0, Result.REWORK), (PARAMS.cuts[0], Result.FAILED)):
            result = worse if quality < cut else result
        found.append(outcome(worker, skill, days=first + n, result=result))
    return found


def stated(rng: np.random.Generator, theta: float, slope: float, bias: float, noise: float) -> float:
    """Return a level on the scale: bias + slope (ability + noise), in logits."""
    logit = bias + slope * (theta + rng.normal(0, sqrt(noise)))
    return float(np.clip(PARAMS.level_of_logit(logit), 0.0, 5.0))


TRUTH = {Rater.MANAGER: (0.55, 0.1, 1.5), Rater.PEER: (0.25, 0.3, 6.0), Rater.CUSTOMER: (0.4, 0.6, 4.0)}
"""Slope, bias and noise of the sorts of raters in the simulated company."""
LENIENT = 0.5


def rated_company(workers: int = 60, seed: int = 4) -> dict[str, list[Evidence]]:
    rng = np.random.default_rng(seed)
    found: dict[str, list[Evidence]] = {}
    for number in range(workers):
        worker = f"w{number:02}"
        general = rng.normal(0, sqrt(PARAMS.general_var))
        ability = {skill: general + rng.normal(0, sqrt(PARAMS.skill_var)) for skill in SKILLS}
        facts = works(rng, worker, ability, 90, 0.0)
        for n in range(12):
            skill = SKILLS[n % len(SKILLS)]
            one = {sort: stated(rng, ability[skill], *TRUTH[sort]) for sort in TRUTH}
            day, boss = 100.0 + n, ("kind", "mona", "olaf")[int(rng.integers(3))]
            slope, bias, noise = TRUTH[Rater.MANAGER]
            kind = bias + (LENIENT if boss == "kind" else 0.0)
            facts.append(
                assessment(worker, skill, level=stated(rng, ability[skill], slope, kind, noise), days=day, rater=boss)
            )
            facts.append(endorsement(worker, skill, level=one[Rater.PEER], days=day, rater=f"w{rng.integers(60):02}"))
            stars = 1.0 + 0.8 * one[Rater.CUSTOMER]
            facts.append(rating(worker, skill, stars=stars, days=day, customer=f"c{rng.integers(40)}"))
        found[worker] = sorted(facts, key=lambda fact: fact.order)
    return found


def fitted(histories: Histories, rounds: int = 3, params: BeliefParams = PARAMS) -> BeliefParams:
    for _round in range(rounds):
        encoded = encode(histories, params)
        params = fit_raters(encoded, params)
    return params


@pytest.fixture(scope="module")
def learned() -> BeliefParams:
    return fitted(rated_company())


@pytest.mark.parametrize("sort", TRUTH)
def test_slope_bias_and_noise_of_a_sort_of_rater_are_found(learned: BeliefParams, sort: Rater):
    slope, bias, noise = TRUTH[sort]
    if sort is Rater.MANAGER:
        bias += LENIENT / 3  # one of the three is lenient, which is part of the sort's mean
    assert learned.rater_slope[sort] == pytest.approx(slope, abs=0.12)
    # Where levels lie is learned with it: compare what is stated of an average worker.
    average = learned.rater_bias[sort] + learned.rater_slope[sort] * (learned.base - learned.reference)
    assert average == pytest.approx(bias, abs=0.15)
    assert 0.5 * noise < learned.rater_noise[sort] < 1.8 * noise


def test_the_lenient_supervisor_is_found_out(learned: BeliefParams):
    leniency = {name: learned.leniencies[f"manager:{name}"] for name in ("kind", "mona", "olaf")}
    assert leniency["kind"] - leniency["mona"] == pytest.approx(LENIENT, abs=0.15)
    assert abs(leniency["mona"] - leniency["olaf"]) < 0.15
    kind, strict = (fold("anna", [assessment(level=4.0, rater=who)], learned) for who in ("kind", "mona"))
    assert strict.general_mean > kind.general_mean


def test_a_workers_own_word_has_no_leniency_but_a_belief():
    facts = {f"w{n}": [self_report(f"w{n}", level=4.0, days=d) for d in range(10)] for n in range(10)}
    assert fitted(facts, 1).leniencies == {}


def test_a_few_statements_teach_nothing():
    facts = {"anna": [assessment(level=5.0, days=n) for n in range(ENOUGH - 1)]}
    assert fitted(facts, 1) is PARAMS


def test_what_is_learned_about_raters_predicts_other_statements_better(learned: BeliefParams):
    """Mean squared error of managers' levels before they were stated, in a company from which nothing was learned."""
    histories, errors = rated_company(seed=5), []
    for params in (PARAMS, learned):
        encoded = encode(histories, params)
        _state, found = replay(encoded, params, times=99)
        events = encoded.events
        rater = list(encoded.encoder.raters)
        rows = [n for n in range(len(encoded)) if events.kind[n] == 2 and rater[events.rater[n]][0] is Rater.MANAGER]
        error = []
        for n in rows:
            sort, by = rater[events.rater[n]]
            expected = params.leniency(sort, by) + params.rater_slope[sort] * found.mean[n]
            error.append(events.value[n] - expected)
        errors.append(np.mean(np.square(error)))
    assert errors[1] < 0.93 * errors[0]


def moved(facts: list[Evidence], skill: str = "refrigeration", params: BeliefParams = PARAMS) -> float:
    """Return by how much facts raise the believed ability, forgetting left out."""
    state = fold("anna", facts, params)
    return state.general_mean + sum(state.skills[one].mean for one in state.skills if one == skill)


ETERNAL = replace(PARAMS, half_life_days=1e9, general_drift=0.0, skill_drift=0.0)


@pytest.mark.parametrize("state", [assessment, endorsement, self_report, rating])
def test_levels_stated_on_one_occasion_move_less_than_on_different_days(state):
    more = {"stars": 5.0} if state is rating else {"level": 5.0}
    once = [state(days=n / 100, **more) for n in range(4)]
    apart = [state(days=n, **more) for n in range(4)]
    assert moved(apart, params=ETERNAL) > 1.02 * moved(once, params=ETERNAL) > 0.0
    assert moved(once, params=ETERNAL) > moved(once[:1], params=ETERNAL)


def test_what_another_person_says_on_that_day_is_another_occasion():
    one = [assessment(level=5.0, days=0.01 * n, rater="mona") for n in range(2)]
    two = [assessment(level=5.0, days=0.01 * n, rater=who) for n, who in enumerate(("mona", "olaf"))]
    assert moved(two, params=ETERNAL) > moved(one, params=ETERNAL)


def test_the_halo_is_the_exact_gaussian_posterior_of_two_ratings():
    """Two managers' levels of two skills on one occasion, against a Gaussian of four parts solved at once."""
    facts = [
        assessment(skill=skill, level=level, days=0.01 * n) for n, (skill, level) in enumerate((("a", 5.0), ("b", 3.0)))
    ]
    state = fold("anna", facts, ETERNAL)
    noise, share = ETERNAL.rater_noise[Rater.MANAGER], ETERNAL.halo
    prior = np.diag([ETERNAL.general_var, ETERNAL.skill_var, ETERNAL.skill_var, share * noise])
    design = np.array([[1.0, 1.0, 0.0, 1.0], [1.0, 0.0, 1.0, 1.0]])
    read = np.array([ETERNAL.logit_of_level(level) / ETERNAL.rater_slope[Rater.MANAGER] for level in (5.0, 3.0)])
    # One at a time, each time leaving out how the parts hang together, is what the filter does (its stated accuracy).
    exact = prior @ design.T @ np.linalg.solve(design @ prior @ design.T + (1 - share) * noise * np.eye(2), read)
    found = [state.general_mean, state.skills["a"].mean, state.skills["b"].mean, state.parts[HALO_PART][0]]
    assert found == pytest.approx(list(exact), abs=0.12)
    assert np.all(np.sign(found[:2]) == np.sign(exact[:2]))


@settings(max_examples=25)
@given(st.lists(st.floats(0.0, 5.0), min_size=1, max_size=120))
def test_however_often_she_says_it_her_own_bias_is_left(levels: list[float]):
    """Ability and bias enter a self-report as a sum, so it can never tell more than the sum does: the variance of an
    exact posterior is at least prior * bias / (prior + bias)."""
    facts = [self_report(days=n, level=level) for n, level in enumerate(levels)]
    state = fold("anna", facts, ETERNAL)
    prior = ETERNAL.general_var + ETERNAL.skill_var
    bias = ETERNAL.self_bias_var
    floor = prior * bias / (prior + bias)
    shown = standing(state, "refrigeration", day_number(at(len(levels))), ETERNAL)
    assert shown.var >= 0.7 * floor
    assert state.parts[SELF_PART][1] <= bias


def test_her_own_bias_is_learned_against_what_her_work_shows():
    """Two do equally well; one has always called herself an expert. Her next word is believed less."""
    rng = np.random.default_rng(1)
    jobs = works(rng, "anna", dict.fromkeys(SKILLS, 0.0), 120, 0.0)
    boasts = [self_report(skill=skill, level=5.0, days=n * 15 + 0.5) for n, skill in enumerate(SKILLS)]
    modest = [self_report(skill=skill, level=2.0, days=n * 15 + 0.5) for n, skill in enumerate(SKILLS)]
    raised = []
    for said in (boasts, modest):
        facts = sorted([*jobs, *said], key=lambda fact: fact.order)
        state = fold("anna", facts, PARAMS)
        bias, before = state.parts[SELF_PART][0], state.general_mean
        learn(state, self_report(skill="new", level=5.0, days=200), PARAMS)
        raised.append((bias, state.general_mean - before))
    assert raised[0][0] > raised[1][0]
    assert raised[0][1] < raised[1][1]


PACE, GRIP, NOISE = {"fix": 0.3, "swap": -0.2}, 0.4, 0.08


def timed_company(
    workers: int = 100, jobs: int = 40, grip: float = GRIP, seed: int = 6
) -> tuple[Histories, list[float]]:
    """Return a history and each worker's general ability: ln(estimate / minutes) = pace + grip * ability + noise.

    Nobody ever estimates the type "odd".
    """
    rng = np.random.default_rng(seed)
    found: dict[str, list[Evidence]] = {}
    general = rng.normal(0, sqrt(PARAMS.general_var), workers)
    for number in range(workers):
        worker = f"w{number:02}"
        own = general[number] + rng.normal(0, sqrt(PARAMS.skill_var), len(SKILLS))
        for n in range(jobs):
            kind, skill = ("fix", "swap", "odd")[int(rng.integers(3))], int(rng.integers(len(SKILLS)))
            ability = own[skill]
            done = rng.random() < logistic(PARAMS.base + ability)
            faster = PACE.get(kind, -4.0) + grip * ability + rng.normal(0, sqrt(NOISE))
            estimate = None if kind == "odd" else 60.0
            fact = outcome(
                worker,
                SKILLS[skill],
                days=n,
                job_type=kind,
                result=Result.FIRST_TIME_FIX if done else Result.FAILED,
                minutes=(estimate or 1.0) * exp(-faster),
                estimate=estimate,
            )
            found.setdefault(worker, []).append(fact)
    return found, general.tolist()


TWO_RESULTS = replace(
    PARAMS,
    cuts=(0.0, 0.0),
    instance_var=0.0,
    difficulties={kind: Difficulty(0.0, 0.0) for kind in ("fix", "swap", "odd")},
)


def paced(histories: Histories, rounds: int = 4) -> BeliefParams:
    params = TWO_RESULTS
    for _round in range(rounds):
        encoded = encode(histories, params)
        params = fit_pace(encoded, replay(encoded, params, times=99)[1], params)
    return params


def test_the_grip_of_ability_on_durations_is_found():
    found = paced(timed_company()[0])
    assert found.grip == pytest.approx(GRIP, abs=0.12)
    assert found.pace_noise == pytest.approx(NOISE, rel=0.4)
    assert found.paces["fix"].mean - found.paces["swap"].mean == pytest.approx(0.5, abs=0.05)
    assert found.paces["no estimate: odd"].mean == pytest.approx(-4.0, abs=0.25)
    assert all(one.var < 0.01 for one in found.paces.values())


def test_where_ability_has_no_grip_durations_say_little():
    assert paced(timed_company(grip=0.0)[0], 2).grip < 0.08


def test_a_few_durations_teach_nothing():
    facts = {"anna": [outcome(days=n, minutes=30.0, estimate=60.0) for n in range(ENOUGH_DURATIONS - 1)]}
    assert paced(facts, 1) is TWO_RESULTS


def test_durations_sharpen_the_belief():
    """Beliefs of workers nobody learned from are nearer to the truth with durations than without."""
    params = paced(timed_company()[0])
    histories, truth = timed_company(seed=7)
    errors: dict[bool, list[float]] = {True: [], False: []}
    for (worker, facts), ability in zip(histories.items(), truth, strict=True):
        for kept in (True, False):
            own = facts[:10] if kept else [replace(fact, minutes=None) for fact in facts[:10]]
            state = fold(worker, own, params)
            errors[kept].append(state.general_mean - ability)
    assert np.std(errors[True]) < 0.93 * np.std(errors[False])
    slow, fast = (
        fold("anna", [outcome(minutes=minutes, estimate=60.0, job_type="fix")], params) for minutes in (90.0, 30.0)
    )
    untimed = fold("anna", [outcome(job_type="fix")], params)
    assert slow.general_mean < untimed.general_mean < fast.general_mean
    assert fast.general_var < untimed.general_var


def test_a_duration_is_a_reading_of_ability_after_the_result():
    """Variances after a timed success: those after the success alone, conditioned once more exactly."""
    params = replace(ETERNAL, paces={"fix": Difficulty(0.1, 0.02)})
    plain = fold("anna", [outcome(job_type="fix")], params)
    timed = fold("anna", [outcome(job_type="fix", minutes=40.0, estimate=60.0)], params)
    means = np.array([plain.general_mean, plain.skills["refrigeration"].mean])
    variances = np.array([plain.general_var, plain.skills["refrigeration"].var])
    noise = (params.pace_noise + 0.02) / params.grip**2
    read = (np.log(60 / 40) - 0.1) / params.grip
    gain = variances / (variances.sum() + noise)
    row = timed.skills["refrigeration"]
    assert [timed.general_mean, row.mean] == pytest.approx(list(means + gain * (read - means.sum())), rel=1e-12)
    assert [timed.general_var, row.var] == pytest.approx(list(variances - gain * variances), rel=1e-12)


def test_nothing_is_read_from_a_duration_that_cannot_be_compared():
    """No estimate and no usual pace; or the work was not done."""
    for facts in (
        [outcome(minutes=40.0), outcome()],
        [outcome(minutes=40.0, estimate=60.0, result=Result.REWORK), outcome(result=Result.REWORK)],
    ):
        timed, plain = (fold("anna", [fact], PARAMS) for fact in facts)
        assert timed.values() == plain.values()


def test_cutpoints_between_results_are_found():
    rng = np.random.default_rng(3)
    log_odds = rng.normal(0.5, 1.0, 6000)
    latent = log_odds + rng.logistic(size=6000)
    grade = np.digitize(latent, (-0.9, 0.0, 1.3))
    found = fit_cuts(log_odds, np.ones(6000), grade.astype(np.intp), PARAMS)
    assert found.cuts == pytest.approx((-0.9, 1.3), abs=0.12)


@pytest.mark.parametrize(("grades", "cuts"), [((0, 3), (0.0, 0.0)), ((0, 1, 3), (None, 0.0)), ((0, 2, 3), (0.0, None))])
def test_a_result_that_never_occurs_has_the_cutpoint_of_the_next(grades: tuple[int, ...], cuts: tuple):
    grade = np.resize(np.array(grades, dtype=np.intp), 300)
    found = fit_cuts(np.zeros(300), np.ones(300), grade, PARAMS).cuts
    assert found[0] <= 0.0 <= found[1]
    for expected, cut in zip(cuts, found, strict=True):
        assert cut == 0.0 if expected == 0.0 else cut != 0.0
