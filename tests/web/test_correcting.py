"""What was recorded wrongly is put right from its page, or taken back, and either of these is undone."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.model import JobStatus
from skillmatch.workspace import Result, Workspace
from tests.web.conftest import ANNA, BEN, CURTIS, EVIL, OPEN, AsWho
from tests.web.forms import record, text_of


def outcome(workspace: Workspace) -> JobOutcome:
    (found,) = workspace.job(OPEN).outcomes
    return found


@pytest.fixture
def at(client: FlaskClient) -> str:
    """The address of an outcome of Ben's that has just been recorded."""
    answer = record(client, OPEN, worker=BEN, result="first-time fix", minutes="40", note="new valve", used="boiler")
    return answer.location.partition("?")[0]


def fields(client: FlaskClient, at: str, **changes: object) -> dict[str, object]:
    """Return what the form of a correction sends, with changes."""
    page = client.get(f"{at}/correct").text
    hidden = dict(re.findall(r'name="(csrf_token|token)" type="hidden" value="([^"]+)"', page))
    seen = re.search(r'name="seen" value="(\w+)"', page)
    note = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    minutes = re.search(r'name="minutes"[^>]*value="([^"]*)"', page)
    result = re.search(r'name="result" value="([^"]+)" checked', page)
    assert seen
    assert note
    assert minutes
    assert result
    return {
        **hidden,
        "seen": seen[1],
        "worker": BEN,
        "result": unescape(result[1]),
        "minutes": minutes[1],
        "note": unescape(note[1]),
        "used": re.findall(r'name="used" value="([^"]+)" checked', page),
        **changes,
    }


def undo(client: FlaskClient, page: str) -> str:
    """Press the button that takes back what a page says was done; return the page after it."""
    form = re.search(r'role="status">.*?<form method="post" action="([^"]+)">(.*?)</form>', page, re.DOTALL)
    assert form
    data = {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form[2])}
    return client.post(unescape(form[1]), data=data, follow_redirects=True).text


def test_a_correction_is_recorded_under_the_same_key_and_undone(client: FlaskClient, workspace: Workspace, at: str):
    before = outcome(workspace)
    page = client.post(f"{at}/correct", data=fields(client, at, result="failed", note=""), follow_redirects=True).text
    now = outcome(workspace)
    assert (now.key, now.time) == (before.key, before.time)
    assert (now.result, now.minutes, now.note, now.used) == (Result.FAILED, 40.0, "", before.used)
    assert "Corrected." in text_of(page)
    assert workspace.job(OPEN).job.status is JobStatus.OPEN
    assert "The correction is taken back." in text_of(undo(client, page))
    assert outcome(workspace) == before
    assert workspace.job(OPEN).job.status is JobStatus.DONE
    assert workspace.rebuild(check=True).differing == 0


def test_the_form_holds_what_was_recorded_and_sent_so_changes_nothing(
    client: FlaskClient, workspace: Workspace, at: str
):
    before, revision = outcome(workspace), workspace.rank(OPEN).revision
    answer = client.post(f"{at}/correct", data=fields(client, at), follow_redirects=True)
    assert "It says so already: nothing was changed." in text_of(answer.text)
    assert (outcome(workspace), workspace.rank(OPEN).revision) == (before, revision)


def test_recording_is_undone_by_its_button_and_that_too(client: FlaskClient, workspace: Workspace, at: str):
    page = undo(client, client.get(at).text)
    assert "Taken back: “Done at the first visit” does not count any more." in text_of(page)
    assert workspace.job(OPEN).outcomes == ()
    assert workspace.job(OPEN).job.status is JobStatus.OPEN
    assert client.get(at).status_code == 404
    assert "It counts again." in text_of(undo(client, page))
    assert outcome(workspace).note == "new valve"


def test_of_two_who_correct_the_second_is_told_and_keeps_what_she_typed(
    client: FlaskClient, as_who: AsWho, workspace: Workspace, at: str
):
    stella = as_who("stella")
    mine = fields(client, at, minutes="55")
    stella.post(f"{at}/correct", data=fields(stella, at, note="the other valve"))
    answer = client.post(f"{at}/correct", data=mine)
    assert answer.status_code == 409
    text = text_of(answer.text)
    assert "Stella Ochs (stella) has changed this while you had it open" in text
    assert "“the other valve”" in text
    assert 'name="minutes" class="short" inputmode="decimal" value="55"' in answer.text
    assert outcome(workspace).minutes == 40.0
    seen = re.search(r'name="seen" value="(\w+)"', answer.text)
    assert seen
    assert client.post(f"{at}/correct", data={**mine, "seen": seen[1]}).status_code == 303
    assert outcome(workspace).minutes == 55.0


def test_a_correction_that_was_changed_again_is_not_undone(client: FlaskClient, workspace: Workspace, at: str):
    first = client.post(f"{at}/correct", data=fields(client, at, minutes="50"), follow_redirects=True).text
    client.post(f"{at}/correct", data=fields(client, at, minutes="60"))
    assert "This was changed again since" in text_of(undo(client, first))
    assert outcome(workspace).minutes == 60.0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"minutes": "long"}, "“long” is no number of minutes"),
        ({"result": "fine"}, "Say how it ended."),
        ({"worker": "ghost"}, "there is no worker 'ghost'"),
        ({"note": "x" * 2001}, "The note is too long"),
        ({"used": ["nothing"]}, "is no skill on record"),
        ({"token": "x"}, "damaged on its way"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_changed(
    client: FlaskClient, workspace: Workspace, at: str, changes: dict[str, object], said: str
):
    before = outcome(workspace)
    answer = client.post(f"{at}/correct", data=fields(client, at, **changes))
    assert answer.status_code == 400
    assert said in text_of(answer.text)
    assert outcome(workspace) == before


def test_the_worker_can_be_put_right(client: FlaskClient, workspace: Workspace, at: str):
    client.post(f"{at}/correct", data=fields(client, at, worker="", other="Anna"))
    assert outcome(workspace).worker == ANNA
    assert workspace.rebuild(check=True).differing == 0


def test_what_is_not_seen_is_neither_corrected_nor_put_back(as_who: AsWho, workspace: Workspace, at: str):
    mia = as_who("mia")
    token = re.search(r'name="csrf_token" value="([^"]+)"', mia.get("/account").text)
    assert token
    before = outcome(workspace)
    data = {"csrf_token": token[1], "worker": CURTIS, "result": "failed", "source": before.source, "id": before.id}
    for what in ("correct", "undo", "take-back"):
        assert mia.post(f"{at}/{what}", data=data).status_code == 404
    assert mia.get(f"{at}/correct").status_code == 404
    assert outcome(workspace) == before
    workspace.take_back_outcome(before)
    hidden = mia.post(f"/jobs/{OPEN}/put-back", data=data)
    missing = mia.post(f"/jobs/{OPEN}/put-back", data={**data, "id": "none"})
    assert (hidden.status_code, hidden.location, hidden.text) == (303, f"/jobs/{OPEN}", missing.text)
    assert "There is no such outcome to put back" in text_of(mia.get(hidden.location).text)
    assert workspace.job(OPEN).outcomes == ()


def test_a_script_in_a_note_stays_text(client: FlaskClient, at: str):
    page = client.post(f"{at}/correct", data=fields(client, at, note=EVIL), follow_redirects=True).text
    assert EVIL not in page
    assert EVIL not in client.get(f"{at}/correct").text
