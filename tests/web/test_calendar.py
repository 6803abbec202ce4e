"""The calendar of a worker: what is in it, who gets it, and how it follows what changes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from skillmatch.model import Booking, Leave, Noun
from skillmatch.workspace import Workspace
from tests.web.conftest import ANNA, BEN, DONE, NOW, OPEN, STRANGE, TODAY, AsWho
from tests.web.forms import text_of
from tests.web.test_roles import csrf

AT_NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


def save(workspace: Workspace, *nouns: Noun) -> None:
    with workspace._store.write() as transaction:
        revision = transaction.next_revision()
        for noun in nouns:
            transaction.save_nouns(type(noun), [noun], revision=revision)


def drawn(client: FlaskClient) -> str:
    page = client.post("/account/calendar", data={"csrf_token": csrf(client)}).text
    found = re.search(r"http://localhost(/calendar/[\w-]+\.ics)", page)
    assert found, text_of(page)
    return found[1]


def events(app: Flask, address: str) -> dict[str, object]:
    answer = app.test_client().get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    return {str(one["summary"]): one for one in Calendar.from_ical(answer.data).walk("VEVENT")}


def test_a_calendar_holds_what_one_is_promised_to(app: Flask, as_who: AsWho, workspace: Workspace):
    save(
        workspace,
        Booking(OPEN, BEN, AT_NINE, 90.0),
        Booking(STRANGE, BEN, AT_NINE + timedelta(days=1), 45.0),
        Booking(DONE, ANNA, AT_NINE, 60.0),
        Leave(BEN, TODAY + timedelta(days=9), TODAY + timedelta(days=10), "Skiing"),
        Leave(BEN, TODAY + timedelta(days=20), TODAY + timedelta(days=20), "Called off", cancelled=True),
    )
    found = events(app, drawn(as_who("ben")))
    job = workspace.job(OPEN)
    assert set(found) == {job.job.title, workspace.job(STRANGE).job.title, "Skiing"}
    first = found[job.job.title]
    assert (first.decoded("dtstart"), first.decoded("dtend")) == (AT_NINE, AT_NINE + timedelta(minutes=90))  # type: ignore[attr-defined]
    assert str(first["status"]) == "CONFIRMED"  # type: ignore[index]
    assert job.job.text in str(first["description"])  # type: ignore[index]
    assert job.customer is not None
    assert job.customer.name in str(first["description"])  # type: ignore[index]
    assert found["Skiing"].decoded("dtend") == TODAY + timedelta(days=11)  # type: ignore[attr-defined]


def test_what_is_moved_or_called_off_keeps_its_id_and_counts_up(app: Flask, as_who: AsWho, workspace: Workspace):
    booking = Booking(OPEN, BEN, AT_NINE, 90.0)
    save(workspace, booking)
    address, title = drawn(as_who("ben")), workspace.job(OPEN).job.title
    before = events(app, address)[title]
    save(workspace, replace(booking, start=AT_NINE + timedelta(hours=3)))
    moved = events(app, address)[title]
    save(workspace, replace(booking, cancelled=True))
    ended = events(app, address)[title]
    assert before["uid"] == moved["uid"] == ended["uid"]  # type: ignore[index]
    assert before["sequence"] < moved["sequence"] < ended["sequence"]  # type: ignore[index]
    assert moved.decoded("dtstart") == AT_NINE + timedelta(hours=3)  # type: ignore[attr-defined]
    assert str(ended["status"]) == "CANCELLED"  # type: ignore[index]


def test_what_is_long_past_is_left_out(app: Flask, as_who: AsWho, workspace: Workspace):
    save(workspace, Booking(OPEN, BEN, NOW - timedelta(days=31), 90.0), Leave(BEN, *[TODAY - timedelta(days=40)] * 2))
    assert events(app, drawn(as_who("ben"))) == {}


def test_nothing_is_sent_again_while_nothing_was_written(app: Flask, as_who: AsWho, workspace: Workspace):
    address = drawn(as_who("ben"))
    tag = app.test_client().get(address).headers["ETag"]
    assert app.test_client().get(address, headers={"If-None-Match": tag}).status_code == 304
    save(workspace, Booking(OPEN, BEN, AT_NINE, 90.0))
    assert app.test_client().get(address, headers={"If-None-Match": tag}).status_code == 200


def test_a_new_address_ends_the_old_one_and_stopping_ends_both(app: Flask, as_who: AsWho):
    ben, anybody = as_who("ben"), app.test_client()
    first, second = drawn(ben), drawn(ben)
    assert (anybody.get(first).status_code, anybody.get(second).status_code) == (404, 200)
    assert "There is an address since" in text_of(ben.get("/account/calendar").text)
    ben.post("/account/calendar/stop", data={"csrf_token": csrf(ben)})
    assert anybody.get(second).status_code == 404
    page = text_of(ben.get("/account/calendar").text)
    assert "holds no more" in page
    assert "There is no address yet" in page


def test_an_account_that_is_disabled_has_no_calendar(app: Flask, as_who: AsWho, workspace: Workspace):
    address = drawn(as_who("ben"))
    workspace.accounts.disable(workspace.accounts.named("ben").id)
    assert app.test_client().get(address).status_code == 404


def test_who_is_no_worker_has_no_calendar(client: FlaskClient):
    assert "no worker's" in text_of(client.get("/account/calendar").text)
    answer = client.post("/account/calendar", data={"csrf_token": csrf(client)})
    assert (answer.status_code, "has no calendar" in text_of(answer.text)) == (409, True)


def test_the_secret_of_a_calendar_is_good_for_nothing_else(app: Flask, as_who: AsWho, workspace: Workspace):
    secret = drawn(as_who("ben"))[len("/calendar/") : -len(".ics")]
    api = app.test_client().get("/api/v1/jobs", headers={"Authorization": f"Bearer {secret}"})
    assert api.status_code == 401
    account = workspace.accounts.named("ben")
    _row, token = workspace.tokens.add(account.id, name="other", scopes=["read"])
    assert app.test_client().get(f"/calendar/{token}.ics").status_code == 404
    assert app.test_client().get("/calendar/nothing.ics").status_code == 404
