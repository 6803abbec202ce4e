"""What waits is decided beside its evidence, by who may, once, and can be taken back; what runs out is listed."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from skillmatch.accounts import Role
from skillmatch.claims import ClaimStatus
from skillmatch.workspace import Workspace
from skillmatch_web.words import proficiency
from tests.web.conftest import (
    ANNA,
    BEN_CLAIM,
    CLAIM,
    CURTIS,
    CURTIS_CLAIM,
    DORA,
    EVIL,
    OPEN,
    PASSWORD,
    STRANGE,
    WORD_CLAIM,
    AsWho,
)
from tests.web.forms import text_of
from tests.web.test_pages import segment


def post(client: FlaskClient, claim: str, what: str, **fields: str):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/account").text)
    assert token
    return client.post(f"/approvals/{claim}/{what}", data={"csrf_token": token[1], **fields})


def test_what_waits_stands_by_team_the_oldest_first_with_what_speaks_for_it(client: FlaskClient, workspace: Workspace):
    page = client.get("/approvals").text
    said = text_of(page)
    assert "4 claims wait to be decided" in said
    assert said.index("North 3") < said.index("Anna Kovacs : certificate gas / EU") < said.index("South 1 Curtis")
    found = workspace.why(ANNA, "pumps")
    assert f"{proficiency(found.proficiency)}" in said
    assert f'src="/workers/{ANNA}/claims/{CLAIM}/file"' in page
    assert EVIL not in page
    assert "1 other has it: Curtis d'Entremont" in said  # Dora's has expired
    assert "2 ask for it" in said
    assert "On record runs out in 20 days" in said


def test_a_manager_sees_and_decides_for_her_team_alone(as_who: AsWho, workspace: Workspace):
    mia = as_who("mia")
    said = text_of(mia.get("/approvals").text)
    assert "1 claim waits to be decided" in said
    assert "Anna" not in said
    assert "Ben" not in said
    for claim in (CLAIM, BEN_CLAIM, "0" * 32):
        for what in ("approve", "decline", "reopen"):
            answer = post(mia, claim, what, reason="x")
            assert answer.status_code == 404
            assert "There is no such claim" in text_of(answer.text)
    assert post(mia, CURTIS_CLAIM, "approve").status_code == 303
    done = workspace.claims.get(CURTIS_CLAIM)
    assert (done.status, done.decided_by) == (ClaimStatus.APPROVED, "Mia Voss (mia)")
    assert workspace.claims.get(CLAIM).status is ClaimStatus.OPEN


def test_before_it_is_approved_a_certificate_does_not_count(client: FlaskClient, workspace: Workspace):
    job = STRANGE
    assert any(one.worker.id == "ben" for one in workspace.rank(job).blocked)
    reasons = next(one.blocked for one in workspace.rank(job).blocked if one.worker.id == "ben")
    assert any("gas / EU" in reason for reason in reasons)
    post(client, BEN_CLAIM, "approve")
    after = [one for one in (*workspace.rank(job).near, *workspace.rank(job).blocked) if one.worker.id == "ben"]
    assert all("gas / EU" not in reason for one in after for reason in one.blocked)


def test_a_decision_is_said_with_a_button_that_takes_it_back(client: FlaskClient, workspace: Workspace):
    answer = post(client, WORD_CLAIM, "approve", level="3")
    page = client.get(answer.location).text
    assert "Approved for Anna Kovacs: Heat pumps at level 4, experienced." in text_of(page)
    assert "at level 3, alone, instead of 4" in text_of(page)
    undo = re.search(r'action="(/approvals/[^"]+/reopen)"', page)
    assert undo
    assert undo[1] == f"/approvals/{WORD_CLAIM}/reopen"
    before = workspace.why(ANNA, "pumps").proficiency
    assert post(client, WORD_CLAIM, "reopen").status_code == 303
    assert workspace.claims.get(WORD_CLAIM).status is ClaimStatus.OPEN
    assert workspace.why(ANNA, "pumps").proficiency != before


def test_a_click_twice_decides_once(client: FlaskClient, workspace: Workspace):
    for _again in range(2):
        assert post(client, CLAIM, "approve").status_code == 303
    assert len([one for one in workspace.profile(ANNA).evidence if one.source == "claims"]) == 1


def test_a_claim_is_not_declined_without_a_reason(client: FlaskClient, workspace: Workspace):
    answer = post(client, CLAIM, "decline", reason=" ")
    assert answer.status_code == 400
    assert "The reason is empty" in text_of(answer.text)
    assert "<details open>" in answer.text
    long = post(client, CLAIM, "decline", reason="y" * 2001)
    assert "y" * 2001 in long.text
    assert workspace.claims.get(CLAIM).status is ClaimStatus.OPEN
    assert post(client, CLAIM, "decline", reason=EVIL).status_code == 303
    page = client.get("/approvals").text
    assert EVIL not in page
    assert f"by Rita , Sat 21 Nov 2026, 14:05 UTC : {EVIL}".replace(" ,", ",").replace(" :", ":") in text_of(page)


def test_the_second_of_two_who_decide_is_told(client: FlaskClient, as_who: AsWho, workspace: Workspace):
    mia = as_who("mia")
    post(mia, CURTIS_CLAIM, "decline", reason="too dark")
    answer = post(client, CURTIS_CLAIM, "approve")
    assert answer.status_code == 409
    assert "This claim was declined by Mia Voss (mia) meanwhile and cannot be approved" in text_of(answer.text)
    assert workspace.claims.get(CURTIS_CLAIM).status is ClaimStatus.DECLINED


@pytest.mark.parametrize("level", ["6", "-1", "nan", "x", "3.5"])
def test_a_level_that_is_none_is_refused(client: FlaskClient, workspace: Workspace, level: str):
    answer = post(client, WORD_CLAIM, "approve", level=level)
    assert answer.status_code == 400
    assert "expected one from 0 to 5" in text_of(answer.text)
    assert workspace.claims.get(WORD_CLAIM).status is ClaimStatus.OPEN


def test_nobody_approves_her_own(app, workspace: Workspace):
    account = workspace.accounts.add("boss", role=Role.MANAGER, worker=CURTIS, teams=("South",))
    workspace.accounts.set_password(account.id, PASSWORD)
    from tests.web.conftest import signed_in

    boss = signed_in(app, "boss")
    page = boss.get("/approvals").text
    assert "somebody else decides" in text_of(page)
    assert f"/approvals/{CURTIS_CLAIM}/approve" not in page
    answer = post(boss, CURTIS_CLAIM, "approve")
    assert answer.status_code == 403
    assert "Nobody decides on her own claim" in text_of(answer.text)
    assert workspace.claims.get(CURTIS_CLAIM).status is ClaimStatus.OPEN


def test_teams_are_counted_and_filtered(client: FlaskClient):
    page = client.get("/approvals?team=South").text
    assert '<a href="/approvals?team=North">North <span class="count">3</span></a>' in page
    assert "Curtis" in text_of(page)
    assert "Anna Kovacs : certificate" not in text_of(page)
    assert client.get("/approvals?team=<b>").status_code == 200


def test_an_empty_list_says_what_to_do(client: FlaskClient, workspace: Workspace):
    for claim in (CLAIM, WORD_CLAIM, BEN_CLAIM, CURTIS_CLAIM):
        workspace.claims.withdraw(claim)
    assert "Nothing waits to be decided." in text_of(client.get("/approvals").text)


def test_what_runs_out_is_listed_the_expired_first_with_its_jobs_and_number(client: FlaskClient):
    page = client.get("/certificates").text
    said = text_of(page)
    assert "2 certificates, 1 of them expired." in said
    assert said.index("Dora Lind South gas / EU expired on Wed 18 Nov 2026") < said.index("Anna Kovacs North gas / EU")
    assert "runs out in 20 days, on Fri 11 Dec 2026" in said
    assert "The new one is handed in and waits to be approved." in said
    assert 'href="tel:+49' in page
    assert f'href="/jobs/{segment(STRANGE)}"' in page
    assert "2 open jobs need it" in said
    assert "Curtis" not in said
    assert "Curtis" in text_of(client.get("/certificates?within=all").text)


def test_what_runs_out_is_filtered_and_cut_down_to_who_is_seen(client: FlaskClient, as_who: AsWho):
    assert "Anna" not in text_of(client.get("/certificates?team=South").text)
    assert "Anna" not in text_of(client.get("/certificates?within=0").text)
    assert "Nothing here runs out." in text_of(client.get("/certificates?type=none").text)
    for odd in ("within=x", "within=999999999999", "page=99", "team=<b>", "type=%00"):
        assert client.get(f"/certificates?{odd}", follow_redirects=True).status_code == 200
    sam = text_of(as_who("sam").get("/certificates").text)
    assert "Anna Kovacs" in sam
    assert "Dora" not in sam
    assert "3 workers of other teams are not shown." in sam


def test_a_job_she_is_promised_to_is_pointed_out(client: FlaskClient, workspace: Workspace):
    number = workspace.propose(STRANGE).number
    workspace.assign(number, [DORA], reason="it is on the desk")
    assert "Promised to 1 job that needs it:" in text_of(client.get("/certificates").text)
    assert OPEN not in client.get("/certificates?team=South").text


def test_renewing_takes_somebody_off_the_list(client: FlaskClient):
    post(client, CLAIM, "approve")
    client.get("/account")  # what was done is said there
    assert "Anna Kovacs" not in text_of(client.get("/certificates").text)
