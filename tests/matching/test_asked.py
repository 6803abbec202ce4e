"""A ranking among some teams is the ranking of a firm that has no others."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.errors import NotFound
from skillmatch.workspace import Workspace
from tests.workspace.firm import ANNA, BEN, CHEN, NOUNS, Firm, firm, job

NORTH = [replace(ANNA, team="North"), replace(CHEN, team="North")]
EVERYBODY = [*NORTH, replace(BEN, team="South")]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Firm:
    return firm(tmp_path_factory.mktemp("both"), [*EVERYBODY, job("j1"), job("j2", required=("ben",))])


def shown(workspace: Workspace, job: str, teams: tuple[str, ...]) -> list[tuple[str, int | None, float, float]]:
    ranking = workspace.rank(job, teams=teams)
    rows = (*ranking.candidates, *ranking.near, *ranking.blocked)
    return [(one.worker.id, one.rank, one.score, one.chance) for one in rows]


@given(teams=st.lists(st.sampled_from(["North", "South", "West"]), unique=True, min_size=1))
def test_ranks_are_counted_among_the_teams_and_scores_are_the_same(both: Firm, teams: list[str]):
    for id in ("j1", "j2"):
        whole, part = both.rank(id), both.rank(id, teams=tuple(teams))
        inside = [one for one in whole.candidates if one.worker.team in teams]
        assert [(one.worker.id, one.score) for one in part.candidates] == [(one.worker.id, one.score) for one in inside]
        assert [one.rank for one in part.candidates] == list(range(1, len(inside) + 1))
        assert {one.worker.team for one in (*part.near, *part.blocked)} <= set(teams)
        assert part.eligible == len(inside)
        assert part.total_workers == sum(one.team in teams for one in EVERYBODY)
        assert part.total_workers + part.hidden == len(EVERYBODY)


def test_all_teams_are_everybody(both: Firm):
    assert shown(both, "j1", ("North", "South")) == shown(both, "j1", ())


def test_whoever_is_not_asked_about_is_not_there(both: Firm):
    for ask in (both.explain, both.why_not):
        with pytest.raises(NotFound, match=r"no worker 'ben'$"):
            ask("j1", "ben", teams=("North",))
        with pytest.raises(NotFound, match=r"no worker 'bem'$"):
            ask("j1", "bem", teams=("North",))
        ask("j1", "anna", teams=("North",))


def test_the_first_to_compare_with_is_one_of_the_teams(both: Firm):
    answer = both.why_not("j1", "chen", teams=("North",))
    assert answer.first is not None
    assert answer.first.worker.id == "anna"
    assert all(advice.rank == 1 for advice in answer.advice)


def test_whom_a_job_insists_on_is_counted_and_not_named_to_another_team(both: Firm):
    reasons = [reason for one in both.rank("j2", teams=("North",)).blocked for reason in one.blocked]
    assert reasons == ["this job accepts only 1 of other teams"] * 2
    assert "accepts only ben" in both.rank("j2").blocked[0].blocked[0]


def test_a_decision_keeps_its_teams_and_is_replayed_among_them(tmp_path):
    both = firm(tmp_path, [*EVERYBODY, job("j1")])
    north, everybody = both.propose("j1", teams=("North",)), both.propose("j1")
    assert north.number != everybody.number
    assert both.propose("j1", teams=("North",)).number == north.number
    assert both.decision(north.number).teams == ("North",)
    both.did("ben", times=3, days=1)
    both.save(replace(BEN, team="North"))
    assert both.replay(north.number).same
    assert "ben: not shown then" in " ".join(both.staleness(north.number).moved)
    assert len(NOUNS) > len(EVERYBODY)
