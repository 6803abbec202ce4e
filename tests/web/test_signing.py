"""Signing in and out: what lets in, what does not, what is kept of a form, and what a browser is told."""

from __future__ import annotations

import re
import statistics
import time
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillmatch.accounts import Role
from skillmatch.workspace import IDLE, Workspace
from skillmatch_web.admission import safe_next
from skillmatch_web.app import create_app
from tests.web.conftest import ANNA, BEN, EVIL, NOW, OPEN, PASSWORD, AsWho, signed_in
from tests.web.forms import open_form, text_of

WRONG = "This name and password do not go together: check both, and whether the capitals are locked."


def fields(page: str, action: str = "") -> dict[str, str]:
    """Return the hidden fields of the first form of a page with this in its address."""
    form = page[page.index(f'action="{action}') :] if action else page
    form = form[: form.index("</form>")]
    hidden = re.findall(r'<input[^>]*type="hidden"[^>]*>', form)
    found = (re.search(r'name="([^"]*)".*?value="([^"]*)"', one) for one in hidden)
    return {one[1]: unescape(one[2]) for one in found if one}


def enter(client: FlaskClient, name: str = "rita", password: str = PASSWORD, page: str | None = None, **more: object):
    """Fill in the sign-in form of a page, and send it."""
    page = client.get("/sign-in").text if page is None else page
    data = {**fields(page, "/sign-in"), "name": name, "password": password}
    return client.post("/sign-in", data=data, **more)  # type: ignore[arg-type]


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("skillmatch")
    assert found
    return found.value


@pytest.fixture
def anybody(app: Flask) -> FlaskClient:
    """A browser in which nobody has signed in."""
    return app.test_client()


def test_signing_in_leads_to_the_page_that_was_asked_for(anybody: FlaskClient):
    first = anybody.get(f"/jobs/{OPEN}?policy=balanced")
    assert first.status_code == 302
    page = anybody.get(first.location)
    assert page.status_code == 200
    answer = enter(anybody, page=page.text)
    assert (answer.status_code, answer.location) == (303, f"/jobs/{OPEN}?policy=balanced")
    assert "No hot water" in anybody.get(answer.location).text


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\tx",
        "/\n/evil.example",
        "javascript:alert(1)",
        "",
        "jobs",
        "/" + "x" * 3000,
        "///evil.example",
        "/\0",
        "//[",
    ],
)
def test_signing_in_leads_nowhere_else(anybody: FlaskClient, wanted: str):
    page = anybody.get("/sign-in", query_string={"next": wanted})
    data = {**fields(page.text, "/sign-in"), "name": "rita", "password": PASSWORD, "next": wanted}
    assert anybody.post("/sign-in", data=data).location == "/"


@given(st.text(max_size=40).map(lambda text: "/" + text) | st.text(max_size=40))
def test_an_address_to_go_on_to_is_one_of_ours(wanted: str):
    from urllib.parse import urljoin, urlsplit

    found = urlsplit(urljoin("http://ours.example/sign-in", safe_next(wanted)))
    assert (found.scheme, found.netloc) == ("http", "ours.example")


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("rita", "wrong"),
        ("nobody", PASSWORD),
        ("gone", PASSWORD),
        ("", ""),
        ("rita", ""),
        ("ri\0ta", PASSWORD),
        ("rit\u0430", PASSWORD),
        ("x" * 30_000, PASSWORD),
        ("rita", PASSWORD + " "),
        ("rita", "x" * 30_000),
        ("' OR 1=1 --", PASSWORD),
    ],
)
def test_everything_wrong_is_told_in_the_same_words(anybody: FlaskClient, name: str, password: str):
    answer = enter(anybody, name, password)
    assert answer.status_code == 401
    assert WRONG in text_of(answer.text)
    assert anybody.get("/workers").status_code == 302


@pytest.mark.parametrize("name", ["RITA", " rita ", "ｒｉｔａ", "Ｒita"])
def test_a_name_may_be_written_in_any_way_that_looks_the_same(anybody: FlaskClient, name: str):
    assert enter(anybody, name).status_code == 303


def test_the_password_is_never_shown_again(anybody: FlaskClient):
    answer = enter(anybody, "rita", "half a secret")
    assert "half a secret" not in answer.text
    assert 'value="rita"' in answer.text


def test_after_five_failures_the_page_says_how_long_to_wait(anybody: FlaskClient):
    for _ in range(5):
        assert enter(anybody, password="wrong").status_code == 401
    answer = enter(anybody)
    assert answer.status_code == 429
    assert "Signing in has failed too often. Wait 30 seconds, then try again." in text_of(answer.text)
    assert "Retry-After" in answer.headers
    assert enter(anybody, "stella").status_code == 303


def test_unknown_names_take_as_long_as_wrong_passwords(app: Flask, workspace: Workspace):
    times: dict[str, list[float]] = {"rita": [], "nobody": [], "gone": []}
    for number in range(8):
        for name, found in times.items():
            begin = time.perf_counter()
            answer = enter(app.test_client(), name, "wrong", environ_overrides={"REMOTE_ADDR": f"10.0.{number}.1"})
            found.append(time.perf_counter() - begin)
            assert answer.status_code in (401, 429)
    medians = {name: statistics.median(found[:5]) for name, found in times.items()}
    # A hash alone takes 30 ms; a machine at work moves a median by less than half of everything.
    assert max(medians.values()) < 2.0 * min(medians.values()), medians


def test_the_secret_is_another_after_signing_in(anybody: FlaskClient):
    anybody.get("/sign-in")
    before = cookie(anybody)
    enter(anybody)
    first = cookie(anybody)
    anybody.post("/sign-out", data=fields(anybody.get("/").text, "/sign-out"))
    enter(anybody)
    assert len({before, first, cookie(anybody)}) == 3


def test_a_cookie_from_before_signing_in_lets_nobody_in(app: Flask, anybody: FlaskClient):
    anybody.get("/sign-in")
    planted = cookie(anybody)
    enter(anybody)
    thief = app.test_client()
    thief.set_cookie("skillmatch", planted)
    assert thief.get("/workers").status_code == 302


def test_signing_out_ends_the_session_in_the_database_too(app: Flask, client: FlaskClient):
    stolen = cookie(client)
    answer = client.post("/sign-out", data=fields(client.get("/").text, "/sign-out"))
    assert "You are signed out." in text_of(client.get(answer.location).text)
    thief = app.test_client()
    thief.set_cookie("skillmatch", stolen)
    assert thief.get("/workers").status_code == 302


def test_signing_out_needs_its_token(client: FlaskClient):
    assert client.post("/sign-out").status_code == 400
    assert client.get("/workers").status_code == 200


def test_a_tampered_cookie_lets_nobody_in(app: Flask, client: FlaskClient):
    good = cookie(client)
    for place in range(0, len(good), 7):
        other = "A" if good[place] != "A" else "B"
        thief = app.test_client()
        thief.set_cookie("skillmatch", good[:place] + other + good[place + 1 :])
        assert thief.get("/workers").status_code == 302, place
    for text in ("", "x", "a.b.c", "\x7f", "x" * 4000, "eyJ0b2tlbiI6WzFdfQ"):
        thief = app.test_client()
        thief.set_cookie("skillmatch", text)
        assert thief.get("/workers").status_code == 302


@given(token=st.one_of(st.none(), st.integers(), st.text(max_size=100), st.lists(st.integers(), max_size=3)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_whatever_a_cookie_of_ours_holds_is_a_page(app: Flask, token: object):
    client = app.test_client()
    with client.session_transaction() as session:
        session["token"] = token
    assert client.get("/workers").status_code == 302


def test_the_session_of_a_disabled_account_ends_at_once(as_who: AsWho, workspace: Workspace):
    sam = as_who("sam")
    assert sam.get("/workers").status_code == 200
    workspace.accounts.disable(workspace.accounts.named("sam").id)
    assert sam.get("/workers").status_code == 302
    assert enter(sam, "sam").status_code == 401


def test_a_role_that_is_taken_away_is_gone_on_the_next_page(as_who: AsWho, workspace: Workspace):
    rita, sam = workspace.accounts.named("rita"), as_who("sam")
    assert sam.get("/decisions").status_code == 200
    workspace.accounts.change(workspace.accounts.named("sam").id, role=Role.WORKER, worker=ANNA, teams=(), by=rita)
    assert sam.get("/decisions").status_code == 404


def let_it_end(workspace: Workspace) -> None:
    workspace._clock = lambda: NOW + IDLE + timedelta(minutes=1)  # type: ignore[method-assign]


@pytest.fixture
def note() -> str:
    return EVIL + "\nÜber & zwei=drei"


def test_nothing_that_was_typed_is_lost_when_the_session_has_ended(
    client: FlaskClient, workspace: Workspace, note: str
):
    form = {**open_form(client, OPEN), "worker": ANNA, "result": "failed", "minutes": "80", "note": note}
    let_it_end(workspace)
    ended = client.post(f"/jobs/{OPEN}/outcome?policy=balanced", data=form)
    assert ended.status_code == 401
    assert "what you typed is kept: sign in, and you can send it." in text_of(ended.text)
    assert workspace.job(OPEN).outcomes == ()
    wrong = enter(client, password="wrong", page=ended.text)
    assert wrong.status_code == 401
    again = enter(client, page=wrong.text)
    assert again.status_code == 200
    assert "Nothing of it has been recorded yet." in text_of(again.text)
    assert EVIL not in again.text
    assert "Who Anna Kovacs How it ended Not solved Minutes 80 Note" in text_of(again.text)
    assert workspace.job(OPEN).outcomes == ()
    kept = fields(again.text, "/jobs/")
    assert {name: kept[name] for name in form if name != "csrf_token"} == {
        name: value for name, value in form.items() if name != "csrf_token"
    }
    where = re.search(r'action="(/jobs/[^"]+)"', again.text)
    assert where
    sent = client.post(unescape(where[1]), data=kept)
    assert sent.status_code == 303
    assert [(one.worker, one.minutes, one.note) for one in workspace.job(OPEN).outcomes] == [(ANNA, 80.0, note)]


def test_a_form_in_another_tab_is_still_good_after_signing_in_again(client: FlaskClient, workspace: Workspace):
    one, other = open_form(client, OPEN), open_form(client, OPEN)
    let_it_end(workspace)
    ended = client.post(f"/jobs/{OPEN}/outcome", data={**one, "worker": ANNA, "result": "failed"})
    enter(client, page=ended.text)
    answer = client.post(f"/jobs/{OPEN}/outcome", data={**other, "worker": BEN, "result": "failed"})
    assert answer.status_code == 303
    assert [one.worker for one in workspace.job(OPEN).outcomes] == [BEN]


def test_what_one_has_typed_is_not_sent_by_another(client: FlaskClient, workspace: Workspace, note: str):
    form = {**open_form(client, OPEN), "worker": ANNA, "result": "failed", "note": note}
    let_it_end(workspace)
    ended = client.post(f"/jobs/{OPEN}/outcome", data=form)
    answer = enter(client, "stella", page=ended.text)
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "Somebody else was signed in here before. What she had typed was not sent." in text_of(page)
    assert "zwei=drei" not in page


def test_a_form_from_elsewhere_is_not_kept(app: Flask, client: FlaskClient, workspace: Workspace):
    let_it_end(workspace)
    answer = client.post(f"/jobs/{OPEN}/outcome", data={"worker": ANNA, "result": "failed"})
    assert answer.status_code == 400
    assert "kept" not in answer.text
    thief = app.test_client()
    forged = {**open_form(signed_in(app, "stella"), OPEN), "worker": ANNA, "result": "failed"}
    assert thief.post(f"/jobs/{OPEN}/outcome", data=forged).status_code == 400


@pytest.mark.parametrize("kept", ["x", "WyIvIixbXSwiIl0", "", "ä" * 100])
def test_a_kept_form_that_is_not_ours_is_nothing(anybody: FlaskClient, kept: str):
    data = {**fields(anybody.get("/sign-in").text, "/sign-in"), "name": "rita", "password": PASSWORD, "kept": kept}
    assert anybody.post("/sign-in", data=data).status_code == 303


def test_passwords_are_not_kept_in_a_page(client: FlaskClient, workspace: Workspace):
    form = fields(client.get("/account").text, "/account/password")
    let_it_end(workspace)
    data = {**form, "old_password": PASSWORD, "password": "eleven rusty kettles", "again": "eleven rusty kettles"}
    answer = client.post("/account/password", data=data)
    assert answer.status_code == 401
    assert "sign in and do it again" in text_of(answer.text)
    assert "kept" not in fields(answer.text, "/sign-in")


def test_a_form_that_is_too_long_to_keep_says_that_nothing_was_recorded(client: FlaskClient, workspace: Workspace):
    form = {**open_form(client, OPEN), "worker": ANNA, "result": "failed", "note": "x" * 50_000}
    let_it_end(workspace)
    answer = client.post(f"/jobs/{OPEN}/outcome", data=form)
    assert answer.status_code == 401
    assert "Nothing was recorded: sign in and do it again." in text_of(answer.text)


def test_a_browser_keeps_to_https_where_it_is_told_to(workspace: Workspace):
    app = create_app(workspace, https=True, trusted_hosts=["skills.example.org"])
    client = app.test_client()
    headers = {"Host": "skills.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
    answer = client.get("/sign-in", headers=headers)
    assert "Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Secure" not in create_app(workspace).test_client().get("/sign-in").headers["Set-Cookie"]


def test_behind_a_proxy_failures_are_counted_by_whom_it_speaks_for(workspace: Workspace):
    counted: dict[bool, int] = {}
    for https in (False, True):
        app = create_app(workspace, https=https)
        statuses = []
        for number in range(21):
            headers = {"X-Forwarded-For": f"192.0.2.{number}", "X-Forwarded-Proto": "http"}
            statuses.append(enter(app.test_client(), f"name{number}{https}", headers=headers).status_code)
        counted[https] = statuses.count(429)
    assert counted == {False: 1, True: 0}


def test_pages_answer_to_names_that_are_trusted_and_to_no_other(workspace: Workspace):
    client = create_app(
        workspace, trusted_hosts=["Skills.Example.org", "other.example:8443", "[2001:db8::1]"]
    ).test_client()
    for host in (
        "skills.example.org",
        "SKILLS.example.ORG:8000",
        "other.example:8443",
        "[2001:db8::1]:80",
        "localhost",
    ):
        assert client.get("/sign-in", headers={"Host": host}).status_code == 200, host
    for host in (
        "example.org",
        "other.example",
        "other.example:1",
        "xskills.example.org",
        "skills.example.org.evil",
        "",
    ):
        assert client.get("/sign-in", headers={"Host": host}).status_code == 400, host


def test_the_demo_lets_in_with_one_click_where_it_is_one(workspace: Workspace, anybody: FlaskClient):
    assert "/sign-in/demo" not in anybody.get("/sign-in").text
    token = fields(anybody.get("/sign-in").text, "/sign-in")
    assert anybody.post("/sign-in/demo", data={**token, "role": "scheduler"}).status_code == 404
    app = create_app(workspace, demo=True)
    for role, sees in (("scheduler", 5), ("worker", 1), ("manager", 2)):
        client = app.test_client()
        page = client.get("/sign-in").text
        assert f"<button>{role.capitalize()}</button>" in page
        answer = client.post("/sign-in/demo", data={**fields(page, "/sign-in/demo"), "role": role})
        assert answer.status_code == 303
        page = client.get("/workers").text
        assert len(set(re.findall(r'href="/workers/([^"?]+)"', page))) == sees, role
    client = app.test_client()
    for role in ("administrator", "", "x"):
        data = {**fields(client.get("/sign-in").text, "/sign-in/demo"), "role": role}
        assert client.post("/sign-in/demo", data=data).status_code == 404


def test_a_demo_account_that_has_a_password_is_not_let_in_without(workspace: Workspace):
    account = workspace.accounts.demo()[Role.SCHEDULER]
    workspace.accounts.set_password(account.id, PASSWORD)
    client = create_app(workspace, demo=True).test_client()
    data = {**fields(client.get("/sign-in").text, "/sign-in/demo"), "role": "scheduler"}
    assert client.post("/sign-in/demo", data=data).status_code == 404


def test_whoever_is_signed_in_is_told_so(client: FlaskClient):
    text = text_of(client.get("/sign-in").text)
    assert "You are signed in as Rita ." in text
    assert 'name="password"' not in client.get("/sign-in").text


def test_no_secret_is_in_a_log(app: Flask, anybody: FlaskClient, caplog: pytest.LogCaptureFixture, tmp_path: Path):
    app.testing = False
    with caplog.at_level("DEBUG"):
        enter(anybody, password="a wrong one")
        enter(anybody)
        token = app.extensions["skillmatch"].accounts.invite(app.extensions["skillmatch"].accounts.named("mia").id)
        anybody.get(f"/invitations/{token}")
    for secret in ("a wrong one", PASSWORD, token, cookie(anybody)):
        assert secret not in caplog.text
