"""Why not her: the difference sums up, and every change that is offered does what it promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from skillmatch.beliefs.observation import Result
from skillmatch.errors import NotFound
from skillmatch.explanation import add_in_order
from skillmatch.matching.changes import Certify, Change, Nearer, Relieve, Succeed, smallest
from skillmatch.matching.circumstances import Circumstances
from skillmatch.matching.policy import POLICIES
from skillmatch.matching.ranking import Candidate, Ranking, Scoring, rank
from skillmatch.matching.whynot import Question, why_not
from skillmatch.model import (
    AnyOf,
    Certification,
    CertificationRequirement,
    Customer,
    Job,
    Requirement,
    Worker,
)
from tests.kit.build import at, outcome, refusal, view, views, week
from tests.matching.companies import SEARCH, SITE, Company, changed, companies

POLICY = POLICIES["balanced"]
JOB = Job("j1", "Cold room warm")
FAILURES = [outcome(days=n / 3, result=Result.FAILED) for n in range(270)]
"""So many that even 64 jobs done right make nobody sure of the highest level."""


def ranked(company: Company) -> Ranking:
    return rank(company.seen(), company.policy, job=JOB, revision=1, limit=99, near=99, blocked=99)


def found(company: Company, worker: str) -> Candidate:
    answer = ranked(company)
    everybody = (*answer.candidates, *answer.near, *answer.blocked)
    return next(one for one in everybody if one.worker.id == worker)


def truly(company: Company, worker: str, changes: tuple[Change, ...]) -> list[Candidate]:
    """Return her after the changes have come about, for each way in which the jobs of an advice may have been done."""
    answers = []
    for seen in company.seen():
        after = company
        for change in changes:
            after = changed(after, worker, change, seen.demands)
        answers.append(found(after, worker))
    return answers


@SEARCH
@given(companies())
def test_the_terms_of_a_difference_sum_to_it_for_everybody(company: Company):
    answer = ranked(company)
    for one in (*answer.candidates, *answer.near, *answer.blocked):
        told = why_not(company.seen(), company.policy, one.worker.id)
        assert told.candidate == one
        if told.first is None or told.difference is None:
            assert not answer.candidates or answer.candidates[0] == one
            continue
        assert told.first == answer.candidates[0]
        assert told.difference.total == add_in_order(term.points for term in told.difference.terms)
        assert told.difference.total == pytest.approx(told.first.score - one.score, abs=1e-9)
        assert len({term.key for term in told.difference.terms}) == len(told.difference.terms)


@SEARCH
@given(companies())
def test_an_advice_that_comes_true_brings_what_it_promised(company: Company):
    for worker in [one.id for one in company.workers]:
        told = why_not(company.seen(), company.policy, worker)
        for advice in told.advice:
            event(" and ".join(type(change).__name__ for change in advice.changes))
            after = truly(company, worker, advice.changes)
            assert all(one.rank is not None for one in after[:1])
            if len(after) == 1:
                assert after[0].score == pytest.approx(advice.score, abs=1e-9)
                assert after[0].rank == advice.rank
            else:  # the jobs were done in one of the ways, which may serve the others too
                assert max(one.score for one in after if one.rank) >= advice.score - 1e-9
                assert min(one.rank for one in after if one.rank) <= advice.rank
            if told.goal is not None:
                assert advice.rank <= told.goal < told.candidate.rank


@SEARCH
@given(companies())
def test_one_less_of_what_is_counted_is_not_enough(company: Company):
    for worker in [one.id for one in company.workers]:
        told = why_not(company.seen(), company.policy, worker)
        for advice in told.advice:
            for number, change in enumerate(advice.changes):
                fewer = _fewer(change)
                if fewer is None:
                    continue
                rest = [*advice.changes[:number], *fewer, *advice.changes[number + 1 :]]
                after = Question(Scoring(company.seen(), company.policy), worker).after(rest)
                assert after is None or (told.goal is not None and after.rank > told.goal)


def _fewer(change: Change) -> list[Change] | None:
    if isinstance(change, Succeed):
        return [replace(change, count=change.count - 1)] if change.count > 1 else []
    if isinstance(change, Nearer):
        return [Nearer(change.minutes - 1.0)]
    if isinstance(change, Relieve):
        return [Relieve(change.minutes - 60.0)]
    return None


def test_who_is_blocked_by_several_rules_is_told_of_all_that_it_takes():
    gone = Worker("anna", "Anna", active_to=at(90).date())
    needs = (Requirement("refrigeration", 2.0, must=True), CertificationRequirement("F-GAS"))
    seen = view([outcome("ben", days=n) for n in range(9)], workers=[gone], needs=needs, papers=[refusal(days=95)])
    told = why_not(seen, POLICY, "anna")
    assert {block.rule for block in told.candidate.blocks} == {"employed", "must_skill", "certification", "declined"}
    assert told.smallest is not None
    assert {type(change).__name__ for change in told.smallest.changes} == {"Employ", "Succeed", "Certify", "AskAgain"}
    assert str(told.smallest).count(" and ") == 3
    assert told.smallest.effort == sum(change.effort for change in told.smallest.changes)


def test_a_level_that_no_small_number_of_jobs_reaches_has_no_advice():
    seen = view(FAILURES, needs=(Requirement("refrigeration", 5.0, must=True),))
    told = why_not(seen, replace(POLICY, limits=replace(POLICY.limits, certainty_normal=0.99)), "anna")
    assert told.candidate.blocks
    assert told.smallest is None


def test_the_other_way_to_meet_the_needs_is_advised_where_the_best_has_none():
    hard = Requirement("refrigeration", 5.0, must=True)
    needs = (AnyOf((hard, CertificationRequirement("F-GAS"))),)
    seen = views(FAILURES, needs=needs)
    told = why_not(seen, replace(POLICY, limits=replace(POLICY.limits, certainty_normal=0.99)), "anna")
    assert told.smallest is not None
    assert [type(change) for change in told.smallest.changes] == [Certify]


def test_who_is_first_is_behind_nobody_and_needs_no_advice():
    told = why_not(view([outcome(days=n) for n in range(9)], workers=[Worker("ben", "Ben")]), POLICY, "anna")
    assert (told.first, told.difference, told.advice, told.goal) == (None, None, (), None)


def test_the_advice_that_takes_least_comes_first():
    seen = view(
        [outcome("anna", days=n) for n in range(9)] + [outcome("ben", days=n) for n in range(7)],
        customer=Customer("bakery", "Bakery"),
    )
    told = why_not(seen, POLICY, "ben")
    assert len(told.advice) > 1
    assert [one.effort for one in told.advice] == sorted(one.effort for one in told.advice)
    assert told.smallest == told.advice[0]


def test_a_worker_without_load_in_a_busy_company_keeps_the_points_for_it():
    """Her score alone is her score among the others, although nobody in a list of one has any load."""
    facts = [outcome("anna", days=n) for n in range(9)] + [outcome("ben", days=n) for n in range(8)]
    work = [("anna", at(95).date(), 600.0)]
    seen = view(facts, work=work, workers=[Worker("anna", "Anna", cost_per_hour=10.0)])
    told = Question(Scoring(seen, POLICY), "ben").after([])
    assert told is not None
    assert told.score == pytest.approx(float(Scoring(seen, POLICY).score[1]), abs=1e-12)


def test_a_certification_is_advised_for_the_day_on_which_it_lacks():
    held = {"anna": [Certification("anna", "F-GAS", date(2020, 1, 1), date(2026, 4, 1))]}
    seen = view(workers=[Worker("anna", "Anna")], needs=(CertificationRequirement("F-GAS"),), certifications=held)
    told = why_not(seen, POLICY, "anna")
    assert told.smallest is not None
    assert told.smallest.changes == (Certify("F-GAS", at(100).date(), again=True),)
    assert str(told.smallest) == "renew the certification F-GAS by 2026-04-11"


def test_another_day_and_a_certification_are_advised_together():
    """The certification has to be there on the day to which the job is moved too."""
    saturday = Circumstances("j1", dated=True, place=SITE)
    seen = view(
        workers=[Worker("anna", "Anna", home=SITE)],
        needs=(CertificationRequirement("F-GAS"),),
        circumstances=saturday,
        shifts=week("anna"),
    )
    told = why_not(seen, POLICY, "anna")
    assert told.smallest is not None
    assert str(told.smallest) == "pass the certification F-GAS by 2026-04-11 and begin on Mon 2026-04-13 at 08:05"


def test_an_unknown_worker_is_not_found():
    with pytest.raises(NotFound, match="did you mean 'anna'"):
        why_not(view([outcome("anna")]), POLICY, "ana")


@given(st.integers(1, 200), st.integers(1, 200))
def test_the_smallest_number_that_is_enough_is_found(first: int, most: int):
    tried: list[int] = []

    def enough(number: int) -> bool:
        tried.append(number)
        return number >= first

    assert smallest(enough, most) == (first if first <= most else None)
    assert len(tried) <= 18
