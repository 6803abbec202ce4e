"""Questions about one job: by its own day and circumstances, with the numbers that ranking has."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from skillmatch.beliefs.observation import Result
from skillmatch.errors import NotFound
from skillmatch.model import AnyOf, Customer, JobType, Leave, Requirement, Risk, Site, Worker
from tests.workspace.firm import NOW, TODAY, Firm, firm, job


@pytest.fixture
def office(tmp_path: Path) -> Firm:
    return firm(tmp_path, [job()])


def order(office: Firm, id: str = "j1", **asked: object) -> list[str]:
    return [one.worker.id for one in office.rank(id, **asked).candidates]


def test_all_three_questions_have_the_same_numbers(office: Firm):
    found = office.rank("j1")
    for one in found.candidates:
        assert office.explain("j1", one.worker.id) == one
        assert office.why_not("j1", one.worker.id).candidate == one
    assert (found.total_workers, found.eligible, found.day) == (3, 3, TODAY)


def test_another_day_may_be_asked_for(office: Firm):
    office.save(Leave("anna", TODAY, TODAY))
    assert order(office) == ["ben", "chen"]
    assert order(office, day=TODAY + timedelta(days=1))[0] == "anna"


def test_an_overdue_job_is_one_for_today(office: Firm):
    office.save(job("j1", due=TODAY - timedelta(days=5)))
    assert office.rank("j1").day == TODAY


def test_the_day_is_the_day_of_the_companys_clock(office: Firm):
    office.zone = ZoneInfo("Pacific/Auckland")
    office.time = NOW.replace(hour=13)
    office.save(job("j1", due=None))
    assert office.rank("j1").day == TODAY + timedelta(days=1)


def test_risk_and_length_are_those_of_the_type_unless_the_job_has_its_own(office: Firm):
    office.save(JobType("t", "T", (Requirement("refrigeration", 2.0),), 200.0, Risk.HIGH, 3), job("k1", type="t"))
    known = office.views("k1")[0].circumstances
    assert (known.risk, known.length, known.crew) == (Risk.HIGH, 200.0, 3)
    office.save(job("k1", type="t", risk=Risk.LOW, minutes=30.0, crew=1))
    known = office.views("k1")[0].circumstances
    assert (known.risk, known.length, known.crew) == (Risk.LOW, 30.0, 1)


def test_visits_that_went_well_count_and_others_do_not(office: Firm):
    office.did("chen", times=3)
    office.did("ben", times=2, result=Result.FAILED, days=20)
    assert office.views("j1")[0].circumstances.visits["customer"] == {"anna": 6, "ben": 3, "chen": 4}


def test_a_job_that_may_be_done_in_two_ways_is_seen_in_both(office: Firm):
    office.save(job("k1", requirements=(AnyOf((Requirement("refrigeration", 2.0), Requirement("controls", 2.0))),)))
    assert len(office.views("k1")) == 2
    assert office.rank("k1").candidates[0].way == (Requirement("refrigeration", 2.0),)
    assert office.why_not("k1", "chen").first.worker.id == "anna"


def test_a_job_without_requirements_ranks_by_the_rest(office: Firm):
    office.save(job("k1", type=None))
    found = office.rank("k1")
    assert found.needs == ()
    assert len(found.candidates) == 3


def test_a_skill_that_nobody_has_ranks_by_general_ability_and_blocks_nobody(office: Firm):
    office.save(job("k1", requirements=(Requirement("controls", 3.0),)))
    assert order(office, "k1")[0] == "anna"


def test_a_must_that_no_skill_stands_for_blocks_everybody_and_says_so(office: Firm):
    office.save(job("k1", requirements=(Requirement("telepathy", 3.0, must=True),)))
    found = office.rank("k1")
    assert (found.candidates, found.eligible) == ((), 0)
    (reason,) = office.explain("k1", "anna").blocked
    assert reason == "telepathy: needs level 3 (alone); nothing on record"


def test_a_worker_without_a_home_is_ranked_with_the_way_unknown(office: Firm):
    office.save(Worker("dora", "Dora"))
    terms = {term.key: term for term in office.explain("j1", "dora").explanation.terms}
    assert terms["travel"].detail == "way unknown, counted as 45 minutes"


def test_a_site_without_a_place_has_no_way(office: Firm):
    office.save(Site("cellar", "bakery"), job("k1", site="cellar"))
    assert "travel" not in {term.key for term in office.explain("k1", "anna").explanation.terms}


def test_a_promise_that_has_passed_is_late_today(office: Firm):
    office.save(job("k1", due=None, earliest=NOW - timedelta(hours=30), latest=NOW - timedelta(hours=26)))
    known = office.views("k1")[0].circumstances
    assert (known.late, office.rank("k1").day) == (True, TODAY)


def test_a_wish_of_the_customer_moves_who_is_asked_for_up(office: Firm):
    before = office.explain("j1", "ben").score
    office.save(Customer("bakery", "Corner Bakery", preferred=("ben",)))
    assert office.explain("j1", "ben").score == pytest.approx(before + office.policy("balanced").weight("preferred"))


def test_what_is_advised_comes_true_in_the_database(office: Firm):
    """Of the advice to be asked for by the customer, on the real path from the store to the ranking."""
    office.save(Leave("anna", TODAY, TODAY))
    told = office.why_not("j1", "chen")
    wish = next(one for one in told.advice if "asks for this worker" in str(one))
    office.save(Customer("bakery", "Corner Bakery", preferred=("chen",)))
    after = office.explain("j1", "chen")
    assert (after.rank, after.score) == (wish.rank, pytest.approx(wish.score, abs=1e-9))


def test_an_unknown_job_or_worker_is_not_found(office: Firm):
    for ask in (lambda: office.rank("j2"), lambda: office.why_not("j2", "anna"), lambda: office.propose("j2")):
        with pytest.raises(NotFound, match="there is no job 'j2'"):
            ask()
    with pytest.raises(NotFound, match="did you mean 'ben'"):
        office.explain("j1", "bem")
