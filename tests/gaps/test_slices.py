"""A slice holds the rows its name says, judged by what was known before the job."""

from __future__ import annotations

from datetime import timedelta

import pytest

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.observation import Demand
from skillmatch.gaps.slices import SLICES, Standing, Standings
from tests.kit.build import at, outcome

NEW, FIRST, DISUSED = list(SLICES)[1:]


def slices_of(*facts: JobOutcome, began: dict | None = None) -> list[str]:
    """Return the slices of the last fact, `all` left out."""
    standings = Standings(began)
    for fact in facts[:-1]:
        standings.learn(fact)
    standing = standings.before(facts[-1])
    return [name for name, belongs in SLICES.items() if name != "all" and belongs(standing)]


def test_the_first_job_of_all_is_a_first_use_by_somebody_new():
    assert slices_of(outcome()) == [NEW, FIRST]


@pytest.mark.parametrize(("days", "expected"), [(0.5, [NEW]), (60.0, [NEW]), (60.1, []), (90.0, []), (90.1, [DISUSED])])
def test_days_are_counted_from_the_first_job_and_from_the_last_use(days: float, expected: list[str]):
    assert slices_of(outcome(days=0), outcome(days=days)) == expected


def test_one_new_skill_among_known_ones_is_a_first_use():
    facts = outcome(skill="cold"), outcome(skill=(Demand("cold"), Demand("heat")), days=70)
    assert slices_of(*facts) == [FIRST]


def test_disuse_is_that_of_the_skill_with_the_largest_share():
    both = (Demand("cold", None, 1.0), Demand("heat", None, 2.0))
    early = outcome(skill=both, days=0)
    assert slices_of(early, outcome(skill="cold", days=95), outcome(skill=both, days=100)) == [DISUSED]
    assert slices_of(early, outcome(skill="heat", days=95), outcome(skill=both, days=100)) == []


def test_another_workers_use_is_not_her_own():
    assert slices_of(outcome("ben"), outcome("anna", days=1)) == [NEW, FIRST]


def test_the_first_day_of_employment_counts_where_it_is_known():
    hired = at(0).date() - timedelta(days=300)
    assert slices_of(outcome(), began={"anna": hired}) == [FIRST]
    assert slices_of(outcome(), began={"ben": hired}) == [NEW, FIRST]


def test_a_job_before_the_stated_first_day_counts_for_more_than_the_statement():
    later = at(200).date()
    assert slices_of(outcome(days=0), outcome(days=70), began={"anna": later}) == []


def test_work_without_skills_is_neither_first_use_nor_disuse():
    assert slices_of(outcome(days=0, skill=()), outcome(days=200, skill=())) == []


def test_every_row_is_in_the_slice_of_all():
    assert SLICES["all"](Standing(1000.0, False, None))
