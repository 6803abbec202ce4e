"""Sites, customers and suggestions: what is shown to whom, notes that count once, answers that nobody loses."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.observation import Result
from skillmatch.model import Booking, Customer, NoteKind, NoteStatus
from skillmatch.workspace import NewNote, Workspace
from tests.web.conftest import ANNA, BEN, CURTIS, CUSTOMERS, EVIL, NOW, OPEN, AsWho
from tests.web.forms import text_of
from tests.web.test_phone import fields_of

SITE = "/sites/oak-1"


@pytest.fixture(autouse=True)
def been_there(workspace: Workspace) -> None:
    """Let Anna and Curtis have been at Oak Street, and Ben be about to go there."""
    with workspace._store.write() as transaction:
        transaction.save_nouns(Booking, [Booking(OPEN, BEN, NOW, 75.0)], revision=transaction.next_revision())
    for id, worker, days in (("o1", ANNA, 9), ("o2", CURTIS, 5)):
        time = NOW - timedelta(days=days)
        result = Result.HANDED_ON if worker == ANNA else Result.FAILED
        fact = JobOutcome(id=id, worker=worker, time=time, job=OPEN, result=result, note=f"leaks {id}", cause="ice")
        workspace.record(fact)


def write(workspace: Workspace, who: str, id: str, kind: NoteKind = NoteKind.SUGGESTION, text: str = EVIL) -> None:
    account = workspace.accounts.named(who)
    assert account is not None
    workspace.notes.write(NewNote(id, "oak-1", kind, text), by=account)


def send(client: FlaskClient, where: str, action: str, to: str = "", **entries: str):
    fields = fields_of(client.get(where).text, action)
    return client.post(to or action, data={**fields, **entries})


def test_a_site_shows_how_to_get_there_what_stands_there_and_what_happened(as_who: AsWho):
    page = as_who("stella").get(SITE).text
    text = text_of(page)
    for part in (
        *(
            "Oak Street 12, boiler room",
            "Oak Street Care Home",
            "gas boiler Vitodens 200",
            "No hot water in the east wing",
        ),
        *("Anna Kovacs : handed on", "Curtis d'Entremont : not solved", "behind it: ice", "“leaks o1”"),
    ):
        assert part in text, part
    assert 'href="geo:52.520000,13.405000"' in page


def test_a_worker_sees_of_colleagues_name_and_day_alone(as_who: AsWho):
    ben = as_who("ben")
    for where in (SITE, "/customers/oak"):
        text = text_of(ben.get(where).text)
        assert "Anna Kovacs" in text, where
        for never in ("handed on", "had to be done again", "behind it", "leaks", "901820-11"):
            assert never not in text, (where, never)


def test_a_worker_sees_places_of_her_own_jobs_only(as_who: AsWho, workspace: Workspace):
    ben = as_who("ben")
    with workspace._store.write() as transaction:
        transaction.save_nouns(Customer, [Customer("elm", "Elm Bakery")], revision=transaction.next_revision())
    assert ben.get(SITE).status_code == ben.get("/customers/oak").status_code == 200
    hidden, missing = (ben.get(f"/customers/{id}") for id in ("elm", "non"))
    assert hidden.status_code == missing.status_code == 404
    assert text_of(hidden.text).replace("elm", "non") == text_of(missing.text)
    assert "Elm Bakery" not in ben.get("/customers").text
    assert "Elm Bakery" in as_who("stella").get("/customers?search=elm+bak").text
    assert "No customer matches “zzz”" in text_of(as_who("stella").get("/customers?search=zzz").text)
    assert as_who("stella").get(f"/customers?search={'x' * 501}").status_code == 400


def test_a_customer_shows_who_was_there_and_how_it_went(as_who: AsWho, workspace: Workspace):
    ends = replace(CUSTOMERS[0], excluded=(CURTIS,), until=((BEN, NOW.date() - timedelta(days=1)),))
    with workspace._store.write() as transaction:
        transaction.save_nouns(Customer, [ends], revision=transaction.next_revision())
    text = text_of(as_who("stella").get("/customers/oak").text)
    for part in (
        *("+49 30 555 0100", "Asks for Ben Osei until Fri 20 Nov 2026, over", "Does not want Curtis d'Entremont"),
        "9 done at the first visit, 1 had to be done again, 1 handed on",
    ):
        assert part in text, part
    assert "Does not want" not in text_of(as_who("ben").get("/customers/oak").text)


def test_teams_limit_names_results_and_suggestions(as_who: AsWho, workspace: Workspace):
    write(workspace, "ben", "of Ben")
    write(workspace, "ben", "note of Ben", NoteKind.NOTE, "mind the step")
    mia = as_who("mia")
    for where in (SITE, "/customers/oak", "/suggestions?show=all"):
        page = unescape(mia.get(where).text)
        for never in ("Anna Kovacs", "Ben Osei", "leaks o1", "/workers/ben", "90182012"):
            assert never not in page, (where, never)
        assert str(escape(EVIL)) not in mia.get(where).text
    assert "mind the step" in mia.get(SITE).text
    assert "not shown by name" in text_of(mia.get("/customers/oak").text)
    csrf = fields_of(mia.get(SITE).text, "/notes#notes")["csrf_token"]
    for id in ("of Ben", "nothing"):
        assert mia.post(f"/notes/{id}/answer", data={"csrf_token": csrf, "status": "done"}).status_code == 404
    assert workspace.notes.one("of Ben").status is NoteStatus.OPEN
    assert str(escape(EVIL)) in as_who("sam").get("/suggestions").text


def test_a_note_is_left_once_and_can_be_taken_back(as_who: AsWho, workspace: Workspace):
    ben = as_who("ben")
    fields = {**fields_of(ben.get(SITE).text, "/notes#notes"), "text": f" {EVIL}\r\nline two "}
    first = ben.post(f"{SITE}/notes", data=fields)
    page = ben.get(first.location).text
    assert "Kept: whoever comes next sees it." in text_of(page)
    assert str(escape(EVIL)) in page
    assert "<script>alert" not in page
    again = ben.post(f"{SITE}/notes", data=fields)
    assert "It counts once" in text_of(ben.get(again.location).text)
    (note,) = workspace.places.site("oak-1").notes
    assert note.text == f"{EVIL}\nline two"
    other = ben.post(f"{SITE}/notes", data={**fields, "text": "something else"})
    assert other.status_code == 400
    assert "used already" in text_of(other.text)
    assert fields_of(other.text, "/notes#notes")["text"] == "something else"
    undo = re.search(r'action="(/notes/[^"]+/withdraw)"', page)
    assert undo
    back = ben.post(undo[1], data={"csrf_token": fields["csrf_token"]})
    assert "nobody sees it any more" in text_of(ben.get(back.location).text)
    assert workspace.places.site("oak-1").notes == ()


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"text": " "}, "Write what others should know."),
        ({"text": "x" * 2001}, "at most 2000 characters"),
        ({"text": "x", "kind": "gossip"}, "Say whom it is for."),
        ({"text": "x", "asset": "nothing"}, "is not at site"),
        ({"text": "x", "token": "1"}, "damaged on its way"),
    ],
)
def test_a_note_that_cannot_be_kept_is_said_and_stays(
    as_who: AsWho, workspace: Workspace, entries: dict[str, str], said: str
):
    ben = as_who("ben")
    answer = send(ben, SITE, "/notes#notes", f"{SITE}/notes", **entries)
    assert answer.status_code == 400
    assert said in text_of(answer.text)
    assert fields_of(answer.text, "/notes#notes")["text"] == entries["text"]
    assert workspace.places.site("oak-1").notes == ()


def test_only_her_own_note_can_be_changed_and_what_she_typed_stays(as_who: AsWho, workspace: Workspace):
    write(workspace, "ben", "n", NoteKind.NOTE, "old")
    ben, sam = as_who("ben"), as_who("sam")
    where = "/notes/n/text"
    answer = send(ben, SITE, where, text="new")
    assert answer.status_code == 303
    late = ben.post(where, data={**fields_of(ben.get(SITE).text, where), "seen": "old", "text": "newer"})
    assert late.status_code == 409
    assert "says “new” now" in text_of(late.text)
    assert fields_of(late.text, where)["text"] == "newer"
    csrf = fields_of(sam.get(SITE).text, "/notes#notes")["csrf_token"]
    assert sam.post(where, data={"csrf_token": csrf, "text": "hers", "seen": "new"}).status_code == 409
    assert ben.post(where, data={**fields_of(ben.get(SITE).text, where), "text": ""}).status_code == 400
    assert workspace.notes.one("n").text == "new"


def test_the_second_answer_is_told_of_the_first_and_undo_gives_back_the_one_before(as_who: AsWho, workspace: Workspace):
    write(workspace, "ben", "n")
    sam, stella = as_who("sam"), as_who("stella")
    form = fields_of(sam.get("/suggestions").text, "/notes/n/answer")
    first = send(stella, "/suggestions", "/notes/n/answer", status="done", answer="ordered")
    late = sam.post("/notes/n/answer", data={**form, "status": "declined", "answer": "too dear"})
    assert late.status_code == 409
    assert "Stella Ochs (stella) has answered meanwhile, and it is done now: “ordered”" in text_of(late.text)
    assert fields_of(late.text, "/notes/n/answer")["answer"] == "too dear"
    page = stella.get(first.location).text
    assert "Marked as done." in text_of(page)
    assert "Nothing waits for an answer." in text_of(page)
    assert stella.post("/notes/n/answer", data=fields_of(page, "/notes/n/answer")).status_code == 303
    assert (workspace.notes.one("n").status, workspace.notes.one("n").answer) == (NoteStatus.OPEN, "")
    for bad in ({"status": ""}, {"status": "withdrawn"}, {"status": "done", "answer": "x" * 2001}):
        answer = send(stella, "/suggestions", "/notes/n/answer", **bad)
        assert answer.status_code == 400
    assert workspace.notes.one("n").status is NoteStatus.OPEN
