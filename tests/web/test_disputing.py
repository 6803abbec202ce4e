"""Disputes on pages: a worker says what is wrong, a manager decides, and each sees what the other did."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillmatch.beliefs.evidence import CertificationRevoked, CustomerRating, Evidence, JobOutcome, SelfReport
from skillmatch.beliefs.observation import Result
from skillmatch.model import LEVEL_MAX
from skillmatch.workspace import Band, DisputeState, Effect, Point, Proficiency, Verdict, Workspace
from skillmatch_web.band import HEIGHT, drawn, height, way
from skillmatch_web.evidence_words import said
from tests.beliefs.test_evidence import EXAMPLES
from tests.web.conftest import ANNA, BEN, DONE, DORA, EVIL, NOW, AsWho
from tests.web.forms import text_of

BOILER = f"/workers/{BEN}/skills/boiler"
HERS = f"/workers/{BEN}/disputes"
FAILED = {"source": "old / system", "id": f"{BEN}-0"}
WRONG = "I was on leave that day"


def csrf(client: FlaskClient, address: str = "/account") -> str:
    found = re.search(r'name="csrf_token" (?:type="hidden" )?value="([^"]+)"', client.get(address).text)
    assert found
    return found[1]


def send(client: FlaskClient, address: str, **fields: str):
    """Send a form and return the answer."""
    return client.post(address, data={"csrf_token": csrf(client), **fields})


def dispute(client: FlaskClient, **fields: str):
    return send(client, HERS, **{"do": "open", **FAILED, "skill": "boiler", "reason": WRONG, **fields})


def the_only(workspace: Workspace):
    (row,) = workspace.disputes.page().rows
    return row


def decide(client: FlaskClient, workspace: Workspace, do: str = "upheld", **fields: str):
    source, id = the_only(workspace).key
    return send(client, "/disputes", do=do, **{"source": source, "id": id, "reason": "She was", **fields})


def test_a_worker_disputes_what_is_wrong_and_the_page_says_what_becomes_of_it(as_who: AsWho, workspace: Workspace):
    ben = as_who("ben")
    before = text_of(ben.get(BOILER).text)
    assert "Not solved 12 Sep 2026" in re.sub(r"Sat ", "", before)
    assert "This is wrong" in before
    answer = dispute(ben)
    assert (answer.status_code, answer.location) == (303, BOILER)
    page = ben.get(BOILER).text
    words = text_of(page)
    assert "Disputed, and set aside until a manager has decided: Not solved" in words
    assert f"“{WRONG}”" in words
    assert "Waiting for a manager. Until then it does not count." in words
    assert "does not count Disputed on Sat 21 Nov 2026" in words
    assert the_only(workspace).state is DisputeState.OPEN
    assert "1–2 of 2, the newest first" in words
    assert "Waiting for a manager" in text_of(ben.get(f"/workers/{BEN}").text)


def test_undo_takes_a_dispute_back_and_undo_again_opens_it(as_who: AsWho, workspace: Workspace):
    ben = as_who("ben")
    dispute(ben)
    for states in ([DisputeState.WITHDRAWN], [DisputeState.OPEN, DisputeState.WITHDRAWN]):
        page = ben.get(BOILER).text
        form = page[page.index('class="notice done"') : page.index("<h1>")]
        fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
        action = re.search(r'action="([^"]+)"', form)
        assert action
        assert ben.post(action[1], data=fields).status_code == 303
        assert [row.state for row in workspace.disputes.page().rows] == states
    assert {row.case.dispute.reason for row in workspace.disputes.page().rows} == {WRONG}


def test_a_form_counts_once_however_often_it_is_sent(as_who: AsWho, workspace: Workspace):
    ben = as_who("ben")
    dispute(ben)
    assert dispute(ben, reason="again").status_code == 303
    assert "This is disputed already. Nothing was changed." in text_of(ben.get(BOILER).text)
    assert the_only(workspace).case.dispute.reason == WRONG
    rita = as_who("rita")
    decide(rita, workspace)
    rita.get("/disputes")
    assert decide(rita, workspace, reason="twice").status_code == 303
    assert "This was decided so already. Nothing was changed." in text_of(rita.get("/disputes").text)


@pytest.mark.parametrize(("reason", "told"), [("  ", "The reason is empty"), ("ü" * 1001, "The reason has 1,001 char")])
def test_a_reason_that_is_not_taken_is_said_beside_the_field_and_kept(
    as_who: AsWho, workspace: Workspace, reason: str, told: str
):
    ben = as_who("ben")
    answer = dispute(ben, reason=reason)
    assert answer.status_code == 400
    details = answer.text[answer.text.index('<details class="dispute" open>') :]
    details = details[: details.index("</details>")]
    assert told in text_of(details)
    assert f">{reason}</textarea>" in details
    assert re.search(r'aria-invalid="true" aria-describedby="(reason-\d+)-error"', details)
    elsewhere = dispute(ben, reason=reason, skill="")  # a page on which this fact has no field
    assert elsewhere.status_code == 400
    assert told in text_of(elsewhere.text)
    assert workspace.disputes.page().total == 0
    dispute(ben)
    answer = decide(as_who("rita"), workspace, reason=reason)
    assert answer.status_code == 400
    assert told in text_of(answer.text)
    assert f">{reason}</textarea>" in answer.text
    assert the_only(workspace).state is DisputeState.OPEN


def test_a_manager_sees_both_worlds_and_decides_and_the_worker_reads_why(as_who: AsWho, workspace: Workspace):
    ben, rita = as_who("ben"), as_who("rita")
    dispute(ben)
    worlds = workspace.disputes.find(the_only(workspace).key).worlds
    boiler = next(one for one in worlds if one.skill == "boiler")
    page = text_of(rita.get("/disputes").text)
    for level in (boiler.now, boiler.upheld, boiler.rejected):
        assert f"{level.level:.1f} ({level.low:.1f}–{level.high:.1f})" in page
    assert "Waiting (1)" in page
    assert "Yearly service" in page
    assert "Recorded by Ben Osei" in page
    assert decide(rita, workspace).status_code == 303
    page = text_of(rita.get("/disputes").text)
    assert "Decided: Ben Osei is right. It does not count any more: Not solved" in page
    assert "Nobody waits for a decision" in page
    assert "Rita on Sat 21 Nov 2026: “She was”" in text_of(rita.get("/disputes?state=decided").text)
    page = text_of(ben.get(BOILER).text)
    assert "Found to be wrong: it does not count. Rita on Sat 21 Nov 2026: “She was”" in page
    assert "Withdraw" not in page


def test_undoing_a_decision_opens_it_again_and_both_are_recorded(as_who: AsWho, workspace: Workspace):
    rita = as_who("rita")
    dispute(as_who("ben"))
    decide(rita, workspace, "rejected", reason="The van was there")
    assert the_only(workspace).state is DisputeState.REJECTED
    assert decide(rita, workspace, "reopen").status_code == 303
    assert the_only(workspace).state is DisputeState.OPEN
    assert "Open again: Not solved" in text_of(rita.get("/disputes").text)
    with workspace._store.read() as transaction:
        kinds = [fact.KIND for fact in transaction.log()]
    assert kinds[-3:] == ["dispute", "dispute_decided", "retraction"]
    assert [row.what for row in workspace.accounts.audit(limit=3)] == ["recorded"] * 3


def test_what_was_decided_otherwise_meanwhile_is_told(as_who: AsWho, workspace: Workspace):
    dispute(as_who("ben"))
    decide(as_who("rita"), workspace)
    answer = decide(as_who("rita"), workspace, "rejected", reason="No")
    assert answer.status_code == 409
    assert "was upheld by Rita (“She was”): open it again to decide otherwise." in text_of(answer.text)
    late = send(as_who("ben"), HERS, do="withdraw", **dict(zip(("source", "id"), the_only(workspace).key, strict=True)))
    assert late.status_code == 409
    assert "it cannot be withdrawn any more" in text_of(late.text)


def test_a_scheduler_disputes_for_a_worker_and_sees_the_state_but_does_not_decide(as_who: AsWho, workspace: Workspace):
    sam = as_who("sam")
    assert dispute(sam).status_code == 303
    assert workspace.recorded_by(the_only(workspace).case.dispute) == "Sam Adler (sam)"
    assert "Waiting for a manager" in text_of(sam.get(BOILER).text)
    assert decide(sam, workspace).status_code == 404
    assert sam.get("/disputes").status_code == 404
    assert the_only(workspace).state is DisputeState.OPEN


def test_nobody_disputes_or_decides_beyond_what_she_sees(as_who: AsWho, workspace: Workspace):
    dispute(as_who("ben"))
    mia, ben = as_who("mia"), as_who("ben")  # Mia manages South, Ben is of North
    assert decide(mia, workspace).status_code == 404
    assert the_only(workspace).state is DisputeState.OPEN
    assert "Ben Osei" not in mia.get("/disputes").text
    assert "Waiting (0)" in text_of(mia.get("/disputes").text)
    hers = {"source": "old / system", "id": f"{ANNA}-0", "reason": "x", "do": "open"}
    answer, missing = send(ben, HERS, **hers), send(ben, HERS, **{**hers, "id": "anna-000"})
    assert (answer.status_code, missing.status_code) == (404, 404)
    assert text_of(answer.text).replace(f"{ANNA}-0", "anna-000") == text_of(missing.text)
    assert send(ben, f"/workers/{ANNA}/disputes", **hers).status_code == 404
    source, id = the_only(workspace).key
    curtis = "/workers/curtis_d'entremont/disputes"
    answer = send(mia, curtis, do="withdraw", source=source, id=id)
    missing = send(mia, curtis, do="withdraw", source=source, id="none")
    assert (answer.status_code, missing.status_code) == (404, 404)
    assert text_of(answer.text).replace(id, "none") == text_of(missing.text)
    assert workspace.disputes.page().total == 1


def test_a_manager_does_not_decide_about_herself(as_who: AsWho, workspace: Workspace):
    account = workspace.accounts.named("mia")
    workspace.accounts.change(account.id, worker=DORA)
    workspace.disputes.open(DORA, ("typed in", "s1"), reason="I was too modest")
    mia = as_who("mia")
    page = mia.get("/disputes").text
    assert "This is about yourself: somebody else has to decide." in text_of(page)
    assert 'value="upheld"' not in page
    answer = decide(mia, workspace)
    assert answer.status_code == 409
    assert "This dispute is your own" in text_of(answer.text)
    assert the_only(workspace).state is DisputeState.OPEN


def test_what_people_write_is_shown_as_text(as_who: AsWho, workspace: Workspace):
    rita = as_who("rita")
    dispute(as_who("ben"), reason=EVIL)
    for do in ("rejected", "reopen", "upheld"):
        decide(rita, workspace, do, reason=EVIL)
        listed = "/disputes" if do == "reopen" else "/disputes?state=decided"
        for address in (BOILER, HERS, listed, f"/workers/{BEN}"):
            page = rita.get(address).text
            assert "<script>alert" not in page
            assert page.count("&lt;script&gt;alert(&#39;title&#39;)") >= (1 if do == "reopen" else 2), address


@pytest.mark.parametrize("fields", [{"do": "explode"}, {"id": ""}, {"source": "", "id": ""}, {"id": "x" * 500}])
def test_a_damaged_form_is_refused_in_words(as_who: AsWho, workspace: Workspace, fields: dict[str, str]):
    ben, rita = as_who("ben"), as_who("rita")
    answer = dispute(ben, **fields)
    assert answer.status_code in (400, 404)
    dispute(ben)
    answer = decide(rita, workspace, **fields)
    assert answer.status_code in (400, 404)
    assert the_only(workspace).state is DisputeState.OPEN


def test_papers_can_be_disputed_too_and_a_revocation_stays_in_force(as_who: AsWho, workspace: Workspace):
    workspace.record(CertificationRevoked(id="rv", worker=BEN, time=NOW - timedelta(days=1), type="gas / EU"))
    ben = as_who("ben")
    assert "Certification gas / EU revoked" in text_of(ben.get(HERS).text)
    answer = send(ben, HERS, do="open", source="typed in", id="rv", reason="I passed")
    assert answer.location == HERS
    words = text_of(ben.get(HERS).text)
    assert "Disputed. It counts until a manager has decided" in words
    assert "Until then it counts." in words
    assert "It names no skill, so no level hangs on it" in text_of(as_who("rita").get("/disputes").text)


def test_long_lists_of_evidence_have_pages(as_who: AsWho, workspace: Workspace):
    for number in range(25):
        time = NOW - timedelta(days=number, hours=1)
        workspace.record(SelfReport(id=f"n{number:02}", worker=BEN, time=time, skill="boiler", level=number % 5))
    ben = as_who("ben")
    assert "1–20 of 27, the newest first" in text_of(ben.get(BOILER).text)
    second = ben.get(f"{BOILER}?page=2").text
    assert "21–27 of 27" in text_of(second)
    assert 'name="page" value="2"' in second
    assert "21–27 of 27" in text_of(ben.get(f"{BOILER}?page=99").text)
    answer = dispute(ben, page="2")
    assert answer.location == f"{BOILER}?page=2"
    answer = dispute(ben, page="2", reason="", source="typed in", id="n24")
    assert "21–27 of 27" in text_of(answer.text)


def test_a_job_that_she_does_not_see_is_named_without_a_link(as_who: AsWho, workspace: Workspace):
    rating = CustomerRating(id="r", worker=BEN, time=NOW, job="J-1003", stars=2.0)
    workspace.record(rating)
    outcome = JobOutcome(id="o", worker=BEN, time=NOW, job="J-1001", result=Result.REWORK)
    workspace.record(outcome)
    page = as_who("ben").get(BOILER).text
    assert 'href="/jobs/J-1001"' in page
    assert 'href="/jobs/J-1003"' not in page


def test_a_worker_without_evidence_is_told_what_will_stand_there(as_who: AsWho):
    page = text_of(as_who("rita").get("/workers/eva/skills/talk").text)
    assert "Nothing is on record about this skill itself" in page
    assert "Level over time" not in page


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_kind_of_evidence_is_said_in_words(kind: str):
    words = said(EXAMPLES[kind])
    assert words
    assert "_" not in words


levels = st.lists(st.floats(0.0, LEVEL_MAX), min_size=3, max_size=3).map(lambda three: Proficiency(*sorted(three)))


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=50)
@given(st.lists(st.tuples(st.floats(0.0, 4000.0), levels), min_size=1, max_size=120))
def test_every_point_of_a_band_lies_within_its_drawing(points: list[tuple[float, Proficiency]]):
    points.sort(key=lambda pair: pair[0])
    # As `sorted` made them: the middle one is the level.
    seen = [
        Point(NOW - timedelta(days=4000.0 - days), Proficiency(found.low, found.level, found.high))
        for days, found in points
    ]
    fact: Evidence = EXAMPLES["self_report"]
    effects = tuple(Effect(fact, "controls", seen[0].proficiency, point.proficiency) for point in seen)
    found = drawn(Band(tuple(seen), effects, effects))
    assert found is not None
    for path in (found.spread, found.line):
        numbers = [float(part) for part in re.findall(r"-?\d+(?:\.\d+)?", path)]
        assert all(0.0 <= number <= 1000.0 for number in numbers[::2])
        assert all(0.0 <= number <= HEIGHT for number in numbers[1::2])
    assert len(re.findall(r"[ML]", found.spread)) == 2 * len(seen)
    assert [mark.y for mark in found.marks] == [height(point.proficiency.level) for point in seen]
    assert found.rows[0] == seen[-1]
    assert len(found.rows) <= 12


def test_a_drawing_has_the_top_at_the_highest_level_and_nothing_to_draw_is_nothing():
    assert (height(5.0), height(0.0), height(2.5)) == (0.0, HEIGHT, HEIGHT / 2)
    assert drawn(Band()) is None
    fact = EXAMPLES["self_report"]
    one, two = Proficiency(2.0, 1.0, 3.0), Proficiency(2.5, 2.0, 3.0)
    assert [way(Effect(fact, "x", *pair)) for pair in ((one, two), (two, one), (one, one))] == [
        "raised",
        "lowered",
        "left",
    ]


def test_the_table_beside_the_band_has_the_levels_of_the_workspace(as_who: AsWho, workspace: Workspace):
    page = text_of(as_who("ben").get(BOILER).text)
    now = workspace.disputes.evidence(BEN, "boiler").band.points[-1].proficiency
    assert now == workspace.why(BEN, "boiler").proficiency
    assert f"Sat 21 Nov 2026 {now.level:.1f} ({now.low:.1f}–{now.high:.1f})" in page


def test_a_disputed_outcome_leaves_the_job_and_comes_back(as_who: AsWho, workspace: Workspace):
    dispute(as_who("ben"))
    assert f"{BEN}-0" not in [one.id for one in workspace.job(DONE).outcomes]
    assert as_who("ben").get(f"/jobs/{DONE}").status_code == 200
    workspace.disputes.decide(the_only(workspace).key, Verdict.REJECTED, reason="no", decided_by="Rita")
    assert f"{BEN}-0" in [one.id for one in workspace.job(DONE).outcomes]
