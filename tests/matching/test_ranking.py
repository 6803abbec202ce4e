"""Ranking: scores are sums of their terms to the bit, order is stable, reasons are given."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.beliefs.arithmetic import logistic
from skillmatch.beliefs.params import BeliefParams
from skillmatch.errors import Invalid, NotFound
from skillmatch.matching.objectives import OBJECTIVES
from skillmatch.matching.policy import POLICIES, Policy, policy_named
from skillmatch.matching.ranking import Scoring, explain, rank
from skillmatch.model import CertificationRequirement, Customer, Job, Requirement, Worker
from tests.kit.build import outcome, view

POLICY = POLICIES["balanced"]
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


FITTED = BeliefParams(weights=(0.6, -0.3, 0.2, -0.4, -0.05, -0.3, 1.2, 0.8), slope=1.1, shift=-0.05, fitted_on=999)


@given(histories, st.sampled_from([None, FITTED]))
def test_the_chance_terms_sum_to_its_log_odds(jobs, params):
    seen = company(jobs, params=params)
    for candidate in rank(seen, POLICY, job=JOB, revision=1, limit=99).candidates:
        assert logistic(candidate.chance_explanation.total) == pytest.approx(candidate.chance, rel=1e-12)


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


@pytest.mark.parametrize("objective", OBJECTIVES, ids=lambda objective: objective.key)
@given(jobs=histories)
def test_an_objective_stays_on_its_scale_whoever_else_is_listed(objective, jobs):
    customer = Customer("c", "Care Home", preferred=("w1", "ghost"))
    seen = company(jobs, customer=customer)
    columns = objective.columns(seen)
    total = sum((column.values for column in columns), np.zeros(len(seen.table)))
    assert np.all((total >= 0.0) & (total <= 1.0 + 1e-12))
    alone = company([job for job in jobs if job[0] == 1], customer=customer)
    if "w1" in alone.table.workers:
        mine = [float(column.values[seen.table.place("w1")]) for column in columns]
        again = [float(column.values[0]) for column in objective.columns(alone)]
        assert mine == pytest.approx(again, rel=1e-12)
    for column in columns:
        for place in range(len(seen.table)):
            assert objective.detail(seen, column, place)


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


def test_an_empty_company_has_no_candidates():
    found = rank(view(), POLICY, job=JOB, revision=0)
    assert (found.candidates, found.blocked, found.total_workers) == ((), (), 0)


def test_an_unknown_worker_or_policy_is_not_found():
    with pytest.raises(NotFound, match="did you mean 'anna'"):
        explain(view([outcome("anna")]), POLICY, "ana")
    with pytest.raises(NotFound, match="did you mean 'balanced'"):
        policy_named("balance")


def test_a_policy_off_its_scale_is_refused():
    with pytest.raises(Invalid, match="expected 0 to 1000"):
        Policy("p", "P", {"success": -1.0})
    with pytest.raises(Invalid, match="between 0 and 1"):
        Policy("p", "P", {"success": 1.0}, certainty=1.0)
