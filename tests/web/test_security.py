"""The pages keep to this machine: headers, hosts, cookies, and not one address of anybody else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import skillmatch_web
from skillmatch.errors import Conflict, Invalid, StoreError
from skillmatch.workspace import Workspace
from skillmatch_web.app import create_app
from skillmatch_web.roles import EVERYBODY, TABLE, Access
from skillmatch_web.security import HEADERS, MOST_BYTES_SENT
from tests.web.conftest import ANNA, OPEN, signed_in
from tests.web.forms import open_form, record, text_of
from tests.web.test_pages import every_address

STATIC = Path(skillmatch_web.__file__).parent / "static"
STATIC_FILES = sorted(path.name for path in STATIC.iterdir())


def test_every_answer_carries_the_security_headers(app: Flask, client: FlaskClient):
    answers = [client.get(address) for address in every_address(app)]
    answers += [client.get(f"/static/{name}", buffered=True) for name in STATIC_FILES]
    answers += [client.get("/nowhere"), client.get("/jobs/nobody"), client.post("/"), record(client, OPEN)]
    answers += [client.get("/", headers={"Host": "evil.example"}), client.get(f"/jobs/{OPEN}/outcome")]
    for answer in answers:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, answer.request.path


def test_the_policy_allows_nothing_from_elsewhere_and_nothing_inline():
    policy = HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "localhost:5", "LOCALHOST", "[::1]", "[::1]:8000"])
def test_names_of_this_machine_are_answered(client: FlaskClient, host: str):
    assert client.get("/sign-in", headers={"Host": host}).status_code == 200


FOREIGN_HOSTS = (
    "evil.example evil.example:8000 127.0.0.1.evil.example localhost.evil.example localhost@evil.example 0.0.0.0 "
    "127.0.0.2 [::2] [::1 localhost:8000:1 localhost: localhost:123456"
).split()


@pytest.mark.parametrize("host", [*FOREIGN_HOSTS, "", "a b", "x" * 300])
def test_foreign_names_are_refused(client: FlaskClient, host: str):
    for path in ("/", f"/jobs/{OPEN}", "/static/style.css", "/nowhere"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert "No hot water" not in answer.text


def test_a_foreign_name_cannot_record(client: FlaskClient, workspace: Workspace):
    form = {**open_form(client, OPEN), "worker": ANNA, "result": "failed"}
    answer = client.post(f"/jobs/{OPEN}/outcome", data=form, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert workspace.job(OPEN).outcomes == ()


def test_the_cookie_stays_here_and_away_from_scripts(client: FlaskClient):
    cookie = client.get(f"/jobs/{OPEN}").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_pages_about_people_are_not_kept_in_caches(app: Flask, client: FlaskClient):
    for address in every_address(app):
        assert client.get(address).headers["Cache-Control"] == "no-store"


def test_no_page_or_file_names_an_address_of_anybody_else(app: Flask, client: FlaskClient):
    served = {address: client.get(address).text for address in every_address(app)}
    served |= {f"/static/{name}": client.get(f"/static/{name}", buffered=True).text for name in STATIC_FILES}
    for address, text in served.items():
        # A name, our own address, and examples of what to type: none of them is ever loaded.
        text = re.sub(r'xmlns="http://www.w3.org/2000/svg"|API=http://localhost/|https://example\.org/', "", text)
        assert not re.search(r"https?:|//\w|@import|url\(", text), address
        for link in re.findall(r'(?:href|src|action)="([^"]*)"', text):
            assert re.match(r"/(?!/)|tel:|geo:|#", link), (address, link)


def test_too_long_a_form_is_refused(client: FlaskClient, workspace: Workspace):
    answer = record(client, OPEN, worker=ANNA, result="failed", note="x" * (MOST_BYTES_SENT + 1))
    assert answer.status_code == 413
    assert "shorten the note" in text_of(answer.text)
    assert workspace.job(OPEN).outcomes == ()


def test_a_secret_key_keeps_forms_good_over_a_restart(workspace: Workspace):
    statuses = {}
    for name, keys in {"kept": ("k" * 32, "k" * 32), "drawn anew": (None, None)}.items():
        before, after = (create_app(workspace, secret_key=key) for key in keys)
        before, after = signed_in(before), after.test_client()
        form = {**open_form(before, OPEN), "worker": ANNA, "result": "failed"}
        cookie = before.get_cookie("skillmatch")
        assert cookie
        after.set_cookie("skillmatch", cookie.value)
        statuses[name] = after.post(f"/jobs/{OPEN}/outcome", data=form).status_code
    assert statuses == {"kept": 303, "drawn anew": 400}


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (StoreError("database is locked: close the other program"), 503, "The database cannot be used just now"),
        (Invalid("weights are odd"), 400, "Weights are odd."),
        (Conflict("one key for two facts"), 400, "One key for two facts."),
        (ZeroDivisionError("secret detail"), 500, "Something went wrong on our side"),
    ],
)
def test_an_error_is_a_page_with_advice_and_no_trace(
    app: Flask, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, said: str
):
    def fail() -> str:
        raise error

    app.testing = False
    app.add_url_rule("/fail", view_func=fail)
    monkeypatch.setitem(TABLE, "fail", Access(get=EVERYBODY))
    app.logger.disabled = True
    answer = signed_in(app).get("/fail")
    assert answer.status_code == status
    assert said in text_of(answer.text)
    assert "Traceback" not in answer.text
    assert "secret detail" not in answer.text
    assert 'href="/"' in answer.text
