"""A worker's day and the form by which she finishes a job: what is shown, what is recorded, once, and by whom."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.observation import Result
from skillmatch.model import Booking, JobStatus, NoteKind, NoteStatus
from skillmatch.workspace import Demand, NewNote, Workspace
from tests.web.conftest import ANNA, BARE, BEN, CREW, CURTIS, DONE, EVIL, NOW, OPEN, PASSWORD, STRANGE, AsWho
from tests.web.forms import text_of
from tests.web.test_pages import segment

TEXTS = ("note", "site_note", "other_cause", "more_skills")


@pytest.fixture(autouse=True)
def promised(workspace: Workspace) -> None:
    """Promise work to Ben: something from yesterday, today with Anna, tomorrow, and next week."""
    start = NOW.replace(hour=8, minute=0)
    bookings = [
        Booking(OPEN, BEN, start, 75.0, lead=True),
        Booking(OPEN, ANNA, start, 75.0),
        Booking(STRANGE, BEN, start - timedelta(days=1), 60.0),
        Booking(BARE, BEN, start + timedelta(days=1), 30.0),
        Booking(CREW, BEN, start + timedelta(days=6), 30.0),
    ]
    with workspace._store.write() as transaction:
        transaction.save_nouns(Booking, bookings, revision=transaction.next_revision())


def fields_of(page: str, action: str = "/finish") -> dict[str, str | list[str]]:
    """Return what a browser would send of the form of an action, untouched."""
    form = next(one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'{action}"' in one)
    found: dict[str, str | list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        kind, name, value = attributes.get("type", "text"), attributes.get("name", ""), attributes.get("value", "")
        if kind == "checkbox" and " checked" in tag:
            found[name] = [*found.get(name, []), value]
        elif kind not in ("checkbox", "radio") or " checked" in tag:
            found.setdefault(name, value)
    for name, text in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name] = unescape(text)
    return found


def finish(client: FlaskClient, job: str = OPEN, **entries: object):
    where = f"/jobs/{segment(job)}/finish"
    fields = fields_of(client.get(where).text)
    return client.post(where, data={**fields, "result": Result.FIRST_TIME_FIX.value, **entries})


def outcomes(workspace: Workspace, job: str = OPEN) -> list[JobOutcome]:
    return list(workspace.job(job).outcomes)


def test_a_worker_begins_with_her_day_and_others_with_the_jobs(as_who: AsWho):
    assert as_who("ben").get("/").location == "/today"
    assert as_who("stella").get("/").status_code == 200
    assert as_who("stella").get("/today").location == "/?status=open"
    assert as_who("ben").get("/?status=all").status_code == 200


def test_her_day_has_what_is_late_first_then_today_and_tomorrow(as_who: AsWho):
    text = text_of(as_who("ben").get("/today").text)
    places = [
        text.index(part) for part in ("Still to do from before", "& more", "No hot water", "Tomorrow", "Have a look")
    ]
    assert places == sorted(places)
    assert "Two heat pumps to be changed" not in text
    for part in (
        "08:00–09:15",
        "It makes a knocking noise",
        "+49 30 555 0100",
        "Oak Street 12, boiler room",
        "gas boiler Vitodens 200",
        "Needs: Boiler controls, Heat pumps",
        "With you: Anna Kovacs",
    ):
        assert part in text, part


def test_her_day_dials_and_shows_the_way_without_a_script_in_little(as_who: AsWho, workspace: Workspace):
    client = as_who("ben")
    page = client.get("/today")
    assert 'href="tel:+49305550100"' in page.text
    assert 'href="geo:52.520000,13.405000"' in page.text
    assert "<script" not in page.text
    sheets = re.findall(r'href="(/static/[^"]+)"', page.text)
    assert len(sheets) == 3
    assert sum(len(client.get(sheet, buffered=True).data) for sheet in sheets) + len(page.data) < 40_000


def test_a_full_day_stays_small(as_who: AsWho, workspace: Workspace):
    job = workspace.job(OPEN).job
    jobs = [replace(job, id=f"X{n}", text="So much to say. " * 60) for n in range(30)]
    stella = workspace.accounts.named("stella")
    assert stella is not None
    with workspace._store.write() as transaction:
        revision = transaction.next_revision()
        transaction.save_nouns(type(job), jobs, revision=revision)
        transaction.save_nouns(Booking, [Booking(one.id, BEN, NOW, 30.0) for one in jobs], revision=revision)
    for number in range(20):
        workspace.notes.write(NewNote(f"n{number}", "oak-1", NoteKind.NOTE, "long " * 300), by=stella)
    page = as_who("ben").get("/today")
    assert len(page.data) < 40_000
    assert 'href="/jobs/X29"' in page.text


def test_notes_of_the_site_and_who_was_there_stand_beside_the_job(as_who: AsWho, workspace: Workspace):
    stella = workspace.accounts.named("stella")
    assert stella is not None
    workspace.notes.write(NewNote("n", "oak-1", NoteKind.NOTE, EVIL), by=stella)
    client = as_who("ben")
    finish(as_who("stella"), worker=ANNA)
    again = replace(workspace.job(OPEN).job, id="again", status=JobStatus.OPEN)
    with workspace._store.write() as transaction:
        revision = transaction.next_revision()
        transaction.save_nouns(type(again), [again], revision=revision)
        transaction.save_nouns(Booking, [Booking("again", BEN, NOW, 30.0)], revision=revision)
    page = client.get("/today").text
    assert "<script>alert" not in page
    assert str(escape(EVIL)) in page
    assert "There before: Anna Kovacs (Sat 21 Nov 2026)" in text_of(page)
    own = text_of(client.get("/jobs/again").text)
    assert own.index("At this site") < own.index("What it needs")
    assert "There before: Anna Kovacs" in own


def test_who_sees_a_worker_sees_her_day_and_nobody_else(as_who: AsWho):
    for who, status in (("ben", 200), ("stella", 200), ("sam", 200), ("mia", 404)):
        assert as_who(who).get(f"/workers/{BEN}/today").status_code == status, who
    assert as_who("ben").get(f"/workers/{ANNA}/today").status_code == 404
    page = as_who("stella").get(f"/workers/{BEN}/today").text
    assert f"/finish?worker={BEN}" in page


def test_the_form_is_filled_in_as_the_job_was_planned(as_who: AsWho):
    fields = fields_of(as_who("ben").get(f"/jobs/{OPEN}/finish").text)
    assert (fields["minutes"], fields["used"], fields["worker"]) == ("75", ["boiler", "pumps"], BEN)
    assert "result" not in fields


def test_one_choice_and_one_press_record_what_she_did(as_who: AsWho, workspace: Workspace):
    client = as_who("ben")
    answer = finish(client)
    assert answer.status_code == 303
    (kept,) = outcomes(workspace)
    assert (kept.worker, kept.result, kept.minutes, kept.used) == (BEN, Result.FIRST_TIME_FIX, 75.0, ())
    assert workspace.job(OPEN).job.status is JobStatus.DONE
    assert workspace.recorded_by(kept) == "Ben Osei (ben)"
    page = text_of(client.get(answer.location).text)
    assert "Recorded: Done at the first visit." in page
    assert "What this changed about Ben Osei" in page
    assert "Undo" in page
    assert "Ranked with policy" not in page
    assert "Ranked with policy" in text_of(as_who("stella").get(answer.location).text)
    day = text_of(client.get("/today").text)
    assert "Behind you today" in day


def test_what_the_form_says_is_what_is_recorded(as_who: AsWho, workspace: Workspace):
    entries = {
        "result": Result.HANDED_ON.value,
        "minutes": "45,5",
        "used": ["boiler"],
        "more_skills": "talking, heat pumps",
        "cause": "gas valve stuck",
        "note": " <b>wet</b> ",
        "site_note": "The isolation valve\r\nsticks",
        "note_kind": "suggestion",
    }
    assert finish(as_who("ben"), **entries).status_code == 303
    (kept,) = outcomes(workspace)
    assert (kept.result, kept.minutes, kept.cause, kept.note) == (
        Result.HANDED_ON,
        45.5,
        "gas valve stuck",
        "<b>wet</b>",
    )
    assert kept.used == (Demand("boiler", 3.0), Demand("talk"), Demand("pumps", 2.0))
    (note,) = workspace.places.site("oak-1").notes
    assert (note.kind, note.text, note.worker, note.asset) == (
        *(NoteKind.SUGGESTION, "The isolation valve\nsticks", BEN, "b-7"),
    )


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"result": ""}, "Say how it ended."),
        ({"result": "brilliant"}, "Say how it ended."),
        ({"minutes": "lots"}, "“lots” is no number of minutes"),
        ({"minutes": "-5"}, "is no number of minutes"),
        ({"minutes": "999999999"}, "check the number"),
        ({"more_skills": "plumbing"}, "There is no skill “plumbing”"),
        ({"more_skills": "Boilr controls"}, "Did you mean Boiler controls?"),
        ({"more_skills": "o"}, "may be Boiler controls, Talking with customers"),
        ({"used": ["none"]}, "is no skill on record"),
        ({"cause": "gas valve stuck", "other_cause": "ice"}, "keep only one"),
        ({"other_cause": "x" * 300}, "cannot be kept as a cause"),
        ({"note": "x" * 2001}, "at most 2000 characters"),
        ({"site_note": "x" * 2001}, "at most 2000 characters"),
        ({"note_kind": "gossip"}, "Say whom it is for."),
        ({"token": "zz"}, "This form was damaged on its way."),
        ({"worker": ""}, "Say who did the job."),
        ({"worker": ANNA}, "Say who did the job."),
        ({"worker": "nobody"}, "Say who did the job."),
    ],
)
def test_a_mistake_is_said_and_nothing_typed_is_lost(
    as_who: AsWho, workspace: Workspace, entries: dict[str, object], said: str
):
    typed = {name: f"{name} {EVIL}" for name in ("note", "site_note")}
    answer = finish(as_who("ben"), **{**typed, **entries})
    assert answer.status_code == 400
    assert said in text_of(answer.text)
    assert "Nothing was recorded yet." in text_of(answer.text)
    assert outcomes(workspace) == []
    assert workspace.places.site("oak-1").notes == ()
    kept = fields_of(answer.text)
    for name in ("note", "site_note", "minutes", "more_skills", "other_cause"):
        if name in entries or name in typed:
            assert kept[name] == {**typed, **entries}[name]
    assert "<script>alert" not in answer.text


def test_the_steppers_work_without_a_script_and_record_nothing(as_who: AsWho, workspace: Workspace):
    client = as_who("ben")
    for by, minutes in (("15", "90"), ("-15", "60")):
        answer = finish(client, step=by, note="kept")
        assert answer.status_code == 200
        assert (fields_of(answer.text)["minutes"], fields_of(answer.text)["note"]) == (minutes, "kept")
    for typed in ("lots", "", "1e9", "7"):
        answer = finish(client, step="-15", minutes=typed)
        assert fields_of(answer.text)["minutes"] == {"lots": "lots", "1e9": "100000"}.get(typed, "15")
    assert finish(client, step="boo").status_code == 200
    assert outcomes(workspace) == []


def test_a_form_that_is_sent_twice_counts_once(as_who: AsWho, workspace: Workspace):
    client = as_who("ben")
    where = f"/jobs/{OPEN}/finish"
    data = {**fields_of(client.get(where).text), "result": Result.WITH_HELP.value, "site_note": "sticks"}
    first, again = client.post(where, data=data), client.post(where, data=data)
    assert first.location == again.location
    assert "It counts once" in text_of(client.get(again.location).text)
    assert len(outcomes(workspace)) == len(workspace.places.site("oak-1").notes) == 1
    other = client.post(where, data={**data, "result": Result.FAILED.value})
    assert other.status_code == 400
    assert "This form was used already" in text_of(other.text)
    assert len(outcomes(workspace)) == 1


def test_the_second_of_two_is_shown_what_the_first_has_recorded(as_who: AsWho, workspace: Workspace):
    ben, stella = as_who("ben"), as_who("stella")
    where = f"/jobs/{OPEN}/finish"
    data = {**fields_of(ben.get(where).text), "result": Result.FAILED.value, "note": "mine"}
    assert finish(stella, worker=BEN).status_code == 303
    answer = ben.post(where, data=data)
    assert answer.status_code == 409
    assert "another outcome of this job was recorded since" in text_of(answer.text).lower()
    assert "Ben Osei, Sat 21 Nov 2026, 14:05 UTC: Done at the first visit" in text_of(answer.text)
    assert ben.post(where, data={**fields_of(answer.text), "result": Result.FAILED.value}).status_code == 303
    assert len(outcomes(workspace)) == 2


def test_undo_takes_everything_back_and_only_for_who_recorded_it(as_who: AsWho, workspace: Workspace):
    ben, anna = as_who("ben"), as_who("stella")
    before = workspace.profile(BEN).skills
    page = ben.get(finish(ben, site_note="sticks").location).text
    where = re.search(r'action="([^"]+/undo)"', page)
    assert where
    csrf = fields_of(page, "/undo")["csrf_token"]
    other = fields_of(anna.get(f"/jobs/{OPEN}/finish").text)["csrf_token"]
    refused = anna.post(where[1], data={"csrf_token": other})
    assert "recorded by somebody else" in text_of(anna.get(refused.location).text)
    answer = ben.post(where[1], data={"csrf_token": csrf})
    assert "Taken back." in text_of(ben.get(answer.location).text)
    assert outcomes(workspace) == []
    assert workspace.job(OPEN).job.status is JobStatus.OPEN
    assert workspace.places.site("oak-1").notes == ()
    assert workspace.profile(BEN).skills == before
    assert ben.post(where[1], data={"csrf_token": csrf}).status_code == 404


def test_only_who_is_promised_finishes_a_job(as_who: AsWho, workspace: Workspace):
    ben = as_who("ben")
    answer = ben.get(f"/jobs/{DONE}/finish")  # he has an outcome of it, and no booking
    assert answer.location == f"/jobs/{DONE}"
    assert "not assigned to you now" in text_of(ben.get(answer.location).text)
    fields = fields_of(ben.get(f"/jobs/{OPEN}/finish").text)
    sent = ben.post(f"/jobs/{DONE}/finish", data={**fields, "result": Result.FAILED.value})
    assert sent.status_code == 400
    assert "not promised to you" in text_of(sent.text)
    assert as_who("mia").get(f"/jobs/{OPEN}/finish").location == f"/jobs/{OPEN}"
    assert as_who("mia").post(f"/jobs/{OPEN}/finish", data={"csrf_token": "x"}).status_code == 400
    assert outcomes(workspace) == []


def test_a_scheduler_finishes_for_anybody_promised_whom_she_sees(as_who: AsWho, workspace: Workspace):
    page = as_who("sam").get(f"/jobs/{OPEN}/finish").text
    assert "Who did it?" in text_of(page)
    assert finish(as_who("sam"), worker=ANNA).status_code == 303
    assert outcomes(workspace)[0].worker == ANNA
    assert finish(as_who("sam"), job=BARE, worker=CURTIS).status_code == 400


def test_when_her_session_has_ended_her_form_is_kept_and_sent_afterwards(as_who: AsWho, workspace: Workspace):
    ben = as_who("ben")
    where = f"/jobs/{OPEN}/finish"
    data = {
        **fields_of(ben.get(where).text),
        "result": Result.WITH_HELP.value,
        "note": "wet floor",
        "site_note": "valve sticks",
    }
    account = workspace.accounts.named("ben")
    assert account is not None
    workspace.accounts.revoke(account.id)
    answer = ben.post(where, data=data)
    assert answer.status_code == 401
    signing = fields_of(answer.text, "/sign-in")
    kept = ben.post("/sign-in", data={**signing, "name": "ben", "password": PASSWORD})
    said = text_of(kept.text)
    for part in ("Nothing of it has been recorded yet", "wet floor", "valve sticks", "75"):
        assert part in said, part
    assert outcomes(workspace) == []
    form = re.findall(r'name="([^"]+)" value="([^"]*)"', kept.text[kept.text.index(f'action="{where}"') :])
    sent: dict[str, list[str]] = {}
    for name, value in form:
        sent.setdefault(name, []).append(unescape(value))
    assert ben.post(where, data=sent).status_code == 303
    assert [one.note for one in outcomes(workspace)] == ["wet floor"]
    assert [note.text for note in workspace.places.site("oak-1").notes] == ["valve sticks"]


def test_signing_out_empties_what_the_browser_keeps(as_who: AsWho):
    ben = as_who("ben")
    csrf = fields_of(ben.get(f"/jobs/{OPEN}/finish").text)["csrf_token"]
    assert ben.post("/sign-out", data={"csrf_token": csrf}).headers["Clear-Site-Data"] == '"storage"'


def test_she_reads_the_answer_to_her_suggestion(app: Flask, as_who: AsWho, workspace: Workspace):
    ben = as_who("ben")
    finish(ben, site_note="A second valve", note_kind="suggestion")
    (one,) = workspace.notes.suggestions()
    mia = workspace.accounts.named("mia")
    assert mia is not None
    workspace.notes.answer(one.note.id, NoteStatus.DECLINED, "Too dear", by=mia, seen=(NoteStatus.OPEN, ""))
    assert "declined Mia Voss (mia): “Too dear”" in text_of(ben.get("/today").text)
