"""Ranking: scores are sums of their terms to the bit, order is stable, reasons are given."""

from dataclasses import replace
from datetime import date
from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmatch.beliefs.arithmetic import logistic
from skillmatch.beliefs.filter import fold, forget, practice_terms, standing
from skillmatch.beliefs.observation import Result
from skillmatch.errors import NotFound
from skillmatch.explanation import add_in_order
from skillmatch.matching.objectives import OBJECTIVES
from skillmatch.matching.policy import POLICIES
from skillmatch.matching.ranking import Scoring, explain, rank
from skillmatch.model import AnyOf, CertificationRequirement, Customer, Job, Requirement, Worker
from tests.beliefs import strategies
from tests.kit.build import RICH, outcome, self_report, view, views
from tests.matching.companies import SEARCH, Company, companies

POLICY = POLICIES["balanced"]
LIMITS = POLICY.limits
JOB = Job("j1", "Cold room warm")
NEEDS = (Requirement("refrigeration", 3.0, 2.0), Requirement("controls"))

histories = st.lists(
    st.tuples(st.integers(0, 8), st.sampled_from(["refrigeration", "controls", "lifts"]), st.floats(0, 99)),
    max_size=30,
)


def company(jobs, **more):
    return view([outcome(f"w{w}", skill, days=days) for w, skill, days in jobs], needs=NEEDS, **more)


@given(histories, st.sampled_from(sorted(POLICIES)))
def test_terms_sum_to_the_score_to_the_bit(jobs, policy: str):
    seen = company(jobs)
    scoring = Scoring(seen, POLICIES[policy])
    for place in range(len(seen.table)):
        explanation = scoring.explanation(place)
        total = 0.0
        for term in explanation.terms:
            total += term.points
        assert total == explanation.total == float(scoring.score[place])


@pytest.mark.parametrize("params", [None, RICH, replace(RICH, fitted_on=0, weights=(0.0,) * 10, skills={})])
@settings(max_examples=40)
@given(company=strategies.companies(), job_type=st.sampled_from([None, "hard"]))
def test_the_chance_terms_sum_to_its_log_odds(params, company, job_type):
    if params is not None and not params.fitted_on:
        params = replace(params, slope=1.0, shift=0.0, exposures={})
    facts = [fact for own in company.values() for fact in own]
    customer = Customer("bakery", "Bakery")
    seen = view(
        facts,
        workers=[Worker("new", "New")],
        needs=(*NEEDS, Requirement("lifts", 1.0)),
        params=params,
        days=700.0,
        job_type=job_type,
        customer=customer,
        site="roof",
    )
    for candidate in rank(seen, POLICY, job=JOB, revision=1, limit=99).candidates:
        told = candidate.chance_explanation
        assert told.total == add_in_order(term.points for term in told.terms)
        assert logistic(told.total) == pytest.approx(candidate.chance, rel=1e-12)
        assert len({term.key for term in told.terms}) == len(told.terms)


def test_the_terms_of_a_chance_are_the_terms_of_the_filter():
    """What is known of general ability, families, skills and practice is told with the numbers of the state."""
    facts = [outcome("anna", "refrigeration", days=n) for n in range(9)]
    seen = view(facts, needs=(Requirement("refrigeration"),), params=RICH, days=30.0)
    state = fold("anna", facts, RICH)
    terms = {term.key: term.points for term in explain(seen, POLICY, "anna").chance_explanation.terms}
    shown = standing(state, "refrigeration", seen.moment, RICH)
    assert terms["base"] == RICH.base
    assert terms["general"] == state.general_mean
    for part, points in shown.shared:
        assert terms[part] == pytest.approx(points, rel=1e-12)
    assert terms["skill:0"] == pytest.approx(shown.own, rel=1e-12)
    for name, points in practice_terms(state, "refrigeration", seen.moment, RICH):
        assert terms[f"{name}:0"] == pytest.approx(points, rel=1e-12)
    assert terms["form"] == pytest.approx(RICH.weights[-1] * state.form, rel=1e-12)
    assert terms["difficulty:0"] == -RICH.skills["refrigeration"].difficulty


@given(histories, st.integers(1, 12))
def test_a_short_list_is_the_top_of_the_long_one(jobs, limit: int):
    seen = company(jobs)
    whole = rank(seen, POLICY, job=JOB, revision=1, limit=1000).candidates
    short = rank(seen, POLICY, job=JOB, revision=1, limit=limit).candidates
    assert short == whole[:limit]
    assert [c.rank for c in whole] == list(range(1, len(whole) + 1))
    expected = sorted(whole, key=lambda c: (-c.score, c.worker.id))
    assert list(whole) == expected


@given(histories)
def test_explaining_one_worker_gives_the_numbers_of_the_ranking(jobs):
    seen = company(jobs)
    for candidate in rank(seen, POLICY, job=JOB, revision=1, limit=99).candidates:
        assert explain(seen, POLICY, candidate.worker.id) == candidate


def test_blocked_workers_are_never_candidates_and_say_why():
    gone = Worker("gone", "Gone", active_to=date(2026, 1, 1))
    seen = view(
        [outcome("gone", days=n) for n in range(30)], workers=[gone, Worker("new", "New")], day=date(2026, 6, 1)
    )
    found = rank(seen, POLICY, job=JOB, revision=1)
    assert [c.worker.id for c in found.candidates] == ["new"]
    assert [(c.worker.id, c.rank, bool(c.blocked)) for c in found.blocked] == [("gone", None, True)]
    assert (found.eligible, found.total_workers) == (1, 2)


def test_the_blocked_who_lack_least_come_first():
    facts = [outcome("able", days=n) for n in range(30)] + [outcome("rusty", days=n) for n in range(12)]
    gone = Worker("able", "Able", active_to=date(2026, 1, 1))
    needs = (Requirement("refrigeration"), CertificationRequirement("F-GAS"))
    seen = view(facts, workers=[gone, Worker("rusty", "Rusty")], needs=needs, day=date(2026, 6, 1))
    found = rank(seen, POLICY, job=JOB, revision=1)
    assert [(c.worker.id, len(c.blocked)) for c in found.blocked] == [("rusty", 1), ("able", 2)]


def test_recent_practice_and_a_customers_wish_lift_a_worker():
    facts = [outcome("idle", days=n / 100) for n in range(10)] + [outcome("busy", days=90 + n / 100) for n in range(10)]
    seen = view(facts)
    assert [c.worker.id for c in rank(seen, POLICY, job=JOB, revision=1).candidates] == ["busy", "idle"]
    wished = view(facts, customer=Customer("c", "Care Home", preferred=("idle",)))
    assert [c.worker.id for c in rank(wished, POLICY, job=JOB, revision=1).candidates] == ["idle", "busy"]


FAMILIAR = OBJECTIVES[1]


def test_familiarity_is_a_sum_over_skills_and_being_at_work():
    """Written out from the state by hand, with weights that a company might have learned."""
    params = replace(RICH, habits=(0.7, 0.2, -0.3, -0.15, -0.1))
    facts = [outcome("anna", "refrigeration", days=n) for n in range(5)]
    facts += [outcome("anna", "controls", days=6, result=Result.FAILED), self_report("anna", "lifts", days=8)]
    seen = view(facts, needs=NEEDS, params=params, days=20.0)
    oldest, none, full = log(1 + 100 * 3650), log(0.02), log(100.02)
    most = 0.9 * (full - none) + 0.55 * oldest
    expected = []
    for skill, share, won, used in (("refrigeration", 2 / 3, 16.0, 16.0), ("controls", 1 / 3, 9e9, 14.0)):
        row = fold("anna", facts, params).skills[skill]
        forget(row, seen.moment, params, skill)
        won, used = (log(1 + 100 * min(days, 3650.0)) for days in (won, used))
        utility = 0.7 * (log(0.02 + row.recent) - none) + 0.2 * (log(0.02 + row.lasting) - none)
        expected.append(share * (utility + 0.3 * (oldest - won) + 0.15 * (oldest - used)) / most)
    expected.append(0.1 * (oldest - log(1 + 100 * 14.0)) / most)
    columns = FAMILIAR.columns(seen, LIMITS)
    assert [column.key for column in columns] == ["familiarity:0", "familiarity:1", "familiarity:active"]
    assert [float(column.values[0]) for column in columns] == pytest.approx(expected, rel=1e-9)
    assert FAMILIAR.detail(seen, LIMITS, columns[1], 0).endswith("no success on record")
    assert FAMILIAR.detail(seen, LIMITS, columns[2], 0) == "last job 14 days ago"


def test_more_and_newer_practice_is_never_less_familiar():
    runs = ([90], [80, 90], [80, 90, 99], [])
    facts = [outcome(f"w{n}", days=days) for n, run in enumerate(runs) for days in run]
    seen = view(facts, workers=[Worker("w3", "W3")])
    total = sum(column.values for column in FAMILIAR.columns(seen, LIMITS))
    found = [float(total[seen.table.place(f"w{n}")]) for n in (3, 0, 1, 2)]
    assert found[0] == 0.0
    assert found == sorted(found)
    assert len(set(found)) == 4


def test_an_empty_company_has_no_candidates():
    found = rank(view(), POLICY, job=JOB, revision=0)
    assert (found.candidates, found.blocked, found.total_workers) == ((), (), 0)


def test_an_unknown_worker_is_not_found():
    with pytest.raises(NotFound, match="did you mean 'anna'"):
        explain(view([outcome("anna")]), POLICY, "ana")


# Several ways to meet what a job needs.

EITHER = (AnyOf((Requirement("refrigeration", 2.0, must=True), Requirement("controls", 2.0, must=True))),)


@SEARCH
@given(companies())
def test_each_worker_stands_with_the_way_that_suits_her_best(company: Company):
    together = Scoring(company.seen(), company.policy)
    ways = [Scoring(one, company.policy) for one in company.seen()]
    for place in range(len(together.score)):
        stopped = [0 if way.barriers is None else int(way.barriers[place]) for way in ways]
        scores = [float(way.score[place]) for way, here in zip(ways, stopped, strict=True) if here == min(stopped)]
        assert float(together.score[place]) == max(scores)
        assert (0 if together.barriers is None else int(together.barriers[place])) == min(stopped)


@SEARCH
@given(companies())
def test_every_row_of_a_ranking_of_a_whole_company_adds_up(company: Company):
    found = rank(company.seen(), company.policy, job=JOB, revision=1, limit=99, near=99, blocked=99)
    assert [one.rank for one in found.candidates] == list(range(1, found.eligible + 1))
    assert list(found.candidates) == sorted(found.candidates, key=lambda one: (-one.score, one.worker.id))
    rest = (*found.near, *found.blocked)
    assert sorted(one.worker.id for one in (*found.candidates, *rest)) == sorted(one.id for one in company.workers)
    for one in (*found.candidates, *rest):
        assert one.explanation.total == one.score == add_in_order(term.points for term in one.explanation.terms)
        assert bool(one.blocks) == (one.rank is None)
        assert one.low <= one.chance <= one.high
        assert 0.0 <= one.score <= company.policy.full_score + 1e-9
        assert explain(company.seen(), company.policy, one.worker.id) == one


def test_whoever_has_either_skill_is_ranked_by_hers():
    facts = [outcome("anna", "refrigeration", days=n) for n in range(20)]
    facts += [outcome("ben", "controls", days=n) for n in range(20)]
    facts += [outcome("chen", "lifts", days=n) for n in range(20)]
    seen = views(facts, needs=EITHER)
    found = rank(seen, POLICY, job=JOB, revision=1, needs=EITHER)
    assert {one.worker.id for one in found.candidates} == {"anna", "ben"}
    assert {one.worker.id: one.way[0].skill for one in found.candidates} == {"anna": "refrigeration", "ben": "controls"}
    assert [one.worker.id for one in (*found.near, *found.blocked)] == ["chen"]
    assert found.needs == EITHER


def test_a_must_is_never_met_by_the_skill_next_door():
    """Refrigeration and controls share a family in these parameters; mastery of one is no evidence of the other."""
    facts = [outcome("anna", "controls", days=n) for n in range(200)]
    seen = view(facts, needs=(Requirement("refrigeration", 0.5, must=True),), params=RICH, days=201.0)
    assert float(seen.certainty(0)[0]) > 0.5  # would be sure enough at a job of normal risk
    assert rank(seen, POLICY, job=JOB, revision=1).candidates == ()


@pytest.mark.parametrize("limit", [0, 1])
def test_a_list_may_be_as_short_as_nothing(limit: int):
    gone = [Worker(one, one, active_to=date(2026, 1, 1)) for one in ("old", "older")]
    seen = view([outcome("anna"), outcome("ben")], workers=gone)
    found = rank(seen, POLICY, job=JOB, revision=1, limit=limit, near=limit, blocked=limit)
    assert (len(found.candidates), len(found.near), len(found.blocked)) == (limit, 0, limit)
    assert found.eligible == 2


def test_the_rank_of_another_score_counts_those_ahead_and_ties_by_id():
    seen = view([outcome(one, days=n) for one, times in (("anna", 9), ("ben", 6), ("chen", 3)) for n in range(times)])
    scoring = Scoring(seen, POLICY)
    ben = seen.table.place("ben")
    assert [scoring.rank(place) for place in range(3)] == [1, 2, 3]
    assert scoring.rank(ben, 1000.0) == 1
    assert scoring.rank(ben, float(scoring.score[0])) == 2, "of equals the first by id is ahead"
    assert scoring.rank(ben, float(scoring.score[2])) == 2
    assert scoring.rank(ben, 0.0) == 3
