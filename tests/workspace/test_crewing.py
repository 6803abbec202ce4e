"""A crew for a job: who leads, how many go, and why there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillmatch.beliefs.evidence import CertificationGranted
from skillmatch.errors import Invalid, NotFound
from skillmatch.model import CertificationRequirement, Requirement
from tests.workspace.firm import NOW, TODAY, Firm, Leave, firm, job

BOTH = (Requirement("refrigeration", 1.0), CertificationRequirement("F-GAS", 2))


@pytest.fixture
def office(tmp_path: Path) -> Firm:
    found = firm(tmp_path, [job("j1", crew=2), job("j2", requirements=BOTH, crew=2)])
    found.did("anna", times=20, days=10)
    found.did("ben", times=10, days=10)
    return found


def certify(office: Firm, *workers: str) -> None:
    for worker in workers:
        common = {"id": f"c-{worker}", "worker": worker, "source": "test", "time": NOW}
        office.record(CertificationGranted(**common, type="F-GAS", issued=TODAY))


def test_a_crew_has_the_size_that_the_job_asks_for(office: Firm):
    answer = office.crew("j1")
    assert answer.size == 2
    assert answer.impossible == ()
    assert all(len(crew.members) == len(set(crew.members)) == 2 for crew in answer.crews)
    assert set(answer.workers) == {member for crew in answer.crews for member in crew.members}
    assert len(office.crew("j1", size=3).crews[0].members) == 3


def test_the_best_crew_comes_first_and_its_terms_sum_to_its_score(office: Firm):
    crews = office.crew("j1").crews
    assert [crew.score for crew in crews] == sorted((crew.score for crew in crews), reverse=True)
    for crew in crews:
        assert crew.explanation.total == crew.score


def test_somebody_leads_whose_chance_is_good_enough(office: Firm):
    crew = office.crew("j1").crews[0]
    chances = {one: office.explain("j1", one).chance for one in crew.members}
    assert crew.lead in crew.members
    assert chances[crew.lead] >= 0.7


def test_a_certification_is_needed_of_so_many_heads(office: Firm):
    certify(office, "anna")
    assert office.crew("j2").crews == ()
    assert any("F-GAS" in reason for reason in office.crew("j2").impossible)
    certify(office, "chen")
    assert set(office.crew("j2").crews[0].members) == {"anna", "chen"}


@pytest.mark.parametrize("size", [0, -1, 21])
def test_a_size_that_is_no_crew_is_refused(office: Firm, size: int):
    with pytest.raises(Invalid, match=f"a crew of {size} was asked for: expected 1 to 20"):
        office.crew("j1", size=size)


def test_more_than_there_are_is_impossible_and_says_so(office: Firm):
    answer = office.crew("j1", size=9)
    assert answer.crews == ()
    assert answer.impossible


def test_a_crew_of_nobody_says_that_every_worker_is_stopped(office: Firm):
    office.save(*(Leave(one, TODAY, TODAY) for one in ("anna", "ben", "chen")))
    answer = office.crew("j1")
    assert answer.impossible == ("nobody may go: every worker is stopped by a hard rule",)


def test_why_not_in_the_crew_is_told_by_what_the_best_crew_with_her_loses(office: Firm):
    best = office.crew("j1").crews[0]
    (left,) = {"anna", "ben", "chen"} - set(best.members)
    told = office.why_not_in_crew("j1", left)
    assert told.best == best
    assert left in told.with_her.members
    assert told.difference.total == pytest.approx(best.score - told.with_her.score, abs=1e-9)


def test_who_may_not_go_is_told_the_rule(office: Firm):
    office.save(Leave("chen", TODAY, TODAY, "training"))
    told = office.why_not_in_crew("j1", "chen")
    assert told.blocked == ("away until 2026-06-01 (training)",)
    assert told.best is told.with_her is None


def test_an_unknown_job_worker_or_policy_is_not_found(office: Firm):
    with pytest.raises(NotFound, match="job 'ghost'"):
        office.crew("ghost")
    with pytest.raises(NotFound, match="did you mean 'anna'"):
        office.why_not_in_crew("j1", "ana")
    with pytest.raises(NotFound, match="did you mean 'balanced'"):
        office.crew("j1", policy="balance")
