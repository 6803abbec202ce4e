"""The pages of decisions: which were made, what was shown, whether they come out again, how they turned out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.observation import Result
from skillmatch.workspace import Replay, Workspace
from skillmatch_web.pages.decision import differences
from skillmatch_web.words import chance, counted
from tests.web.conftest import BARE, BEN, DORA, OPEN
from tests.web.forms import assign, text_of


def test_without_a_decision_the_page_says_when_one_is_kept(client: FlaskClient):
    text = text_of(client.get("/decisions").text)
    assert "No decision has been kept yet. One is kept whenever somebody opens an open job" in text


def test_decisions_are_listed_the_newest_first_with_who_was_chosen_and_why(client: FlaskClient, workspace: Workspace):
    client.get(f"/jobs/{BARE}")
    client.get(f"/jobs/{OPEN}")
    assign(client, 2, BEN, reason="knows the house")
    page = client.get("/decisions").text
    listed = page[page.index('id="list"') :]
    assert re.findall(r">Decision (\d+)</a>", listed) == ["2", "1"]
    rows = [text_of(row) for row in listed.split("<li")[1:]]
    first = workspace.rank(OPEN).candidates[0].worker.name
    assert "No hot water in the east wing" in rows[0]
    assert f"Ranked first {first} Chosen Ben Osei instead “knows the house” – Rita" in rows[0]
    assert "Chosen nobody yet" in rows[1]


def test_those_in_which_nobody_was_chosen_can_be_left_out(client: FlaskClient):
    for job in (BARE, OPEN):
        client.get(f"/jobs/{job}")
    assert "In none of them has anybody been chosen yet" in text_of(client.get("/decisions?decided=1").text)
    assign(client, 1, BEN, reason="knows the house", job=BARE)
    page = client.get("/decisions?decided=1").text
    assert re.findall(r">Decision (\d+)</a>", page) == ["1"]


def test_many_decisions_come_in_pages(client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("skillmatch_web.pages.decisions.PAGE_SIZE", 1)
    for job in (BARE, OPEN):
        client.get(f"/jobs/{job}")
    first, second = client.get("/decisions").text, client.get("/decisions?page=2").text
    assert (re.findall(r">Decision (\d+)</a>", first), re.findall(r">Decision (\d+)</a>", second)) == (["2"], ["1"])
    assert client.get("/decisions?page=3").location == "/decisions?page=2"


def test_a_decision_shows_what_was_shown(client: FlaskClient, workspace: Workspace):
    client.get(f"/jobs/{OPEN}")
    assign(client, 1, BEN, reason="knows the house")
    text = text_of(client.get("/decisions/1").text)
    names = {worker.id: worker.name for worker in workspace.workers()}
    for row in workspace.decision(1).shown:
        chosen = " chosen" if row.worker == BEN else ""
        assert f"{row.rank} {names[row.worker]}{chosen} {chance(row)} {row.score:.1f}".replace("\xa0", " ") in text
    assert "Sat 21 Nov 2026, 14:05 UTC, by Rita. “knows the house”" in text
    assert "revision" in text


def test_a_decision_is_replayed_to_the_bit_after_the_world_has_moved_on(client: FlaskClient, workspace: Workspace):
    client.get(f"/jobs/{OPEN}")
    shown = workspace.decision(1).shown
    for number in range(5):
        time = workspace.now() - timedelta(hours=number)
        workspace.record(JobOutcome(id=f"x{number}", worker=BEN, time=time, job=OPEN, result=Result.FAILED))
    workspace.change_policy("balanced", {"travel": "50"})
    assert "Replay this decision" in client.get("/decisions/1").text
    text = text_of(client.get("/decisions/1?replay=1").text)
    assert f"Exactly the same: {len(shown)} rows" in text


def test_a_replay_that_comes_out_otherwise_lists_every_number(
    client: FlaskClient, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
):
    client.get(f"/jobs/{OPEN}")
    true = workspace.replay(1)
    row = true.decision.shown[0]
    other = replace(row, score=row.score + 1e-9, rank=None)
    decision = replace(true.decision, shown=(other, *true.decision.shown[1:-1]))
    found = differences(Replay(decision, true.ranking, False, ("something",)))
    last = true.decision.shown[-1]
    assert [(one.worker, one.what, one.then, one.now) for one in found[:2]] == [
        (row.worker, "rank", "near match", "1"),
        (row.worker, "score", repr(other.score), repr(row.score)),
    ]
    assert {(one.worker, one.then) for one in found[2:]} == {(last.worker, "not shown")}
    wrong = Replay(decision, true.ranking, False, ("something",))
    monkeypatch.setattr(type(workspace), "replay", lambda self, number: wrong)
    page = text_of(client.get("/decisions/1?replay=1").text)
    assert "Not the same: these numbers come out otherwise." in page
    assert repr(other.score) in page


def test_the_report_says_how_often_the_first_was_taken_and_how_others_turned_out(
    client: FlaskClient, workspace: Workspace
):
    client.get(f"/jobs/{OPEN}")
    assign(client, 1, BEN, reason="knows the house")
    time = workspace.now()
    workspace.record(JobOutcome(id="end", worker=BEN, time=time, job=OPEN, result=Result.FIRST_TIME_FIX))
    client.get(f"/jobs/{BARE}")
    first = workspace.rank(BARE).candidates[0].worker.id
    assign(client, 2, first, job=BARE)
    report = workspace.decision_report()
    assert (report.taken.count, report.taken.total) == (1, 2)
    text = text_of(client.get("/decisions").text).replace("\xa0", " ")
    assert f"The first was taken in {counted(report.taken)}".replace("\xa0", " ") in text
    assert report.overridden.surplus is not None
    more = f"{report.overridden.surplus[0] * 100:+.0f} points"
    assert f"Somebody else was chosen 1 {counted(report.overridden.done_well)}".replace("\xa0", " ") in text
    assert more in text
    assert "knows the house" in text
    assert report.caveat in text


@pytest.mark.parametrize("address", ["/decisions/7", "/decisions/7?replay=1", "/decisions/99999999999999999999"])
def test_a_decision_that_is_not_there_is_a_404(client: FlaskClient, address: str):
    answer = client.get(address)
    assert answer.status_code == 404
    assert "decision" in text_of(answer.text)


def test_a_job_with_near_matches_shows_them_in_its_decision(client: FlaskClient, workspace: Workspace):
    number = workspace.propose("Platform / Team/workers/x ~7 ü?#").number
    text = text_of(client.get(f"/decisions/{number}").text)
    assert re.search(r"near Dora Lind", text)
    assert DORA in [row.worker for row in workspace.decision(number).shown]
