"""Whatever is typed into any field of any form, the answer is a page, nothing is half written and nothing is markup.

The forms are those of the pages, found as a browser finds them; what no page offers just now is sent every name of a
field that there is.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from urllib.parse import quote_from_bytes, quote_plus

import pytest
from flask import Flask
from flask.testing import FlaskClient

from skillmatch.workspace import Workspace
from skillmatch_web.app import create_app
from skillmatch_web.roles import TABLE
from skillmatch_web.security import MOST_BYTES_SENT
from tests.web.conftest import ANNA, NOW, PASSWORD, signed_in
from tests.web.found_forms import Form, forms_of
from tests.web.test_pages import every_address
from tests.web.test_roles import address, ids_for

MARKUP = "<script>alert(7)</script>\"'><img src=x onerror=alert(7)> zq{{7*7}}zq ${7*7}"
SQL = "'; DROP TABLE noun; -- %s \\ %00"
ODD = "\u202eright to left\u202c Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢ \U0001f9d1\u200d\U0001f527 \x07\x1b\n\r\t"
BAD = {
    "empty": b"",
    "markup": MARKUP.encode(),
    "sql": SQL.encode(),
    "odd letters": ODD.encode(),
    "nul": b"a\x00b",
    "half a letter": b"\xed\xa0\x80 \xff",
    "long": b"x" * 5000,
    "a number": b"-1e999",
}
SECRET = {"account.password", "invitation.accept", "signing.sign_in"}
"""Forms with passwords, where each try is made slow on purpose: see test_accounts and test_signing."""
ENDS = {"signing.sign_out", "account.everywhere"}
"""They sign out whoever asks."""
LIVELY = {"decision", "session", "audit", "failed_sign_in", "attachment", "revision", "counter"}
"""Tables that also looking writes to, or trying."""
ANEW = {"accounts.act", "plan.make"}
"""What is meant to happen each time: a new link, with which the one before no longer holds; a plan as of now, kept
apart from the one before until one of them is put to work, which it is once.
"""
NAMES_OF_TOKENS = ("token", "once")


@pytest.fixture(scope="module")
def database(company_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the company, one for this module: what is typed in stays, and is shown to whoever types next."""
    return Path(shutil.copy(company_file, tmp_path_factory.mktemp("bad")))


@pytest.fixture(scope="module")
def app(database: Path) -> Iterator[Flask]:
    """Its pages."""
    with Workspace.open(f"sqlite:///{database}", clock=lambda: NOW) as opened:
        app = create_app(opened)
        app.testing = True
        yield app


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    """The browser of Rita, who may do everything."""
    return signed_in(app)


def pages(app: Flask) -> list[str]:
    """Return one address of every page, and some more of those that show most of what is typed in."""
    adapter, found = app.url_map.bind("localhost"), dict[str, list[str]]()
    for where in every_address(app):
        found.setdefault(adapter.match(where.partition("?")[0])[0], []).append(where)
    many = {"worker.show": 4, "certificates.show": 2}
    return [where for endpoint, those in found.items() for where in those[: many.get(endpoint, 1)]]


@pytest.fixture(scope="module")
def forms(app: Flask, client: FlaskClient) -> dict[str, Form]:
    """One form for each endpoint that forms of pages are sent to, the one with most to type in."""
    adapter, found = app.url_map.bind("localhost"), dict[str, Form]()
    for where in pages(app):
        for form in forms_of(client.get(where).text):
            to = adapter.match(re.split(r"[?#]", form.action)[0], method="POST")[0]
            known = found.get(to)
            if known is None or len(form.typed) > len(known.typed):
                found[to] = form
    return found


def rows(database: Path) -> dict[str, int]:
    """Return how many rows each table has that only an action writes to."""
    with closing(sqlite3.connect(database)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for name in names
            if name not in LIVELY
        }


def body(values: dict[str, str], field: str = "", bad: bytes = b"") -> str:
    """Return a form as a browser sends it, with something in one field that may be no text at all."""
    sent = [f"{quote_plus(name)}={quote_plus(value)}" for name, value in values.items() if name != field]
    return "&".join([*sent, f"{quote_plus(field)}={quote_from_bytes(bad)}"] if field else sent)


def filled(form: Form) -> dict[str, str]:
    """Return what a form holds when it is opened: with tokens of its own."""
    fresh = {name: token_hex(16) for name in NAMES_OF_TOKENS if name in form.values}
    return {**form.values, **fresh}


def send(client: FlaskClient, where: str, sent: str):
    """Send a form and return the answer, which is a page or leads to one."""
    answer = client.post(where.partition("#")[0], data=sent, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (200, 302, 303, 400, 401, 404, 409, 413, 429), (where, sent[:300])
    assert_is_text(answer.text, where)
    return answer


def assert_is_text(page: str, where: str) -> None:
    """Assert that nothing of what was typed became markup or was calculated."""
    assert "<script>alert(7)" not in page, where
    assert "<img src=x" not in page, where
    assert "zq49zq" not in page, where


def cases(forms: dict[str, Form]) -> Iterator[tuple[str, Form, str, str]]:
    for endpoint, form in sorted(forms.items()):
        if endpoint in SECRET | ENDS:
            continue
        typed = [*form.typed, *form.chosen]
        hidden = [name for name in form.values if name not in (*typed, "csrf_token")]
        yield from ((endpoint, form, field, kind) for field in typed for kind in BAD)
        # What nobody types, somebody may send all the same.
        yield from ((endpoint, form, field, kind) for field in hidden for kind in ("empty", "markup", "half a letter"))


def test_no_field_of_any_form_breaks_a_page_or_leaves_half_of_something(
    app: Flask, client: FlaskClient, forms: dict[str, Form], database: Path
):
    done = 0
    before = rows(database)
    for _endpoint, form, field, kind in cases(forms):
        answer = send(client, form.action, body(filled(form), field, BAD[kind]))
        after = rows(database)
        if answer.status_code >= 400:
            assert after == before, (form.action, field, kind)
        before, done = after, done + 1
    assert done > 400
    for where in pages(app):
        assert_is_text(client.get(where).text, where)


def test_what_no_page_offers_just_now_takes_any_field_and_any_text(
    app: Flask, client: FlaskClient, forms: dict[str, Form], database: Path
):
    names = sorted({name for form in forms.values() for name in form.values} | {"source", "number", "reason"})
    token = forms["account.reading"].values["csrf_token"]
    offered = {endpoint for endpoint, entry in TABLE.items() if entry.post} - set(forms) - SECRET - ENDS
    before = rows(database)
    for endpoint in sorted(offered - {"signing.demo"}):
        rule = next(app.url_map.iter_rules(endpoint))
        ids = {name: value for name, value in ids_for(app, "rita", 1).items() if name in rule.arguments}
        where = address(app, endpoint, **ids)
        before = rows(database)
        for bad in BAD.values():
            sent = "&".join(f"{name}={quote_from_bytes(bad)}" for name in names if name != "csrf_token")
            answer = send(client, where, f"csrf_token={quote_plus(token)}&{sent}")
            after = rows(database)
            assert answer.status_code < 400 or after == before, (endpoint, bad)
            before = after


def test_a_form_that_is_sent_twice_counts_once(client: FlaskClient, forms: dict[str, Form], database: Path):
    typed = {"result": "first-time fix", "reason": "seen myself", "note": "twice", "text": "twice", "name": "Twice"}
    accepted = 0
    for endpoint, form in sorted(forms.items()):
        if endpoint in SECRET | ENDS | ANEW:
            continue
        mine = {name: typed[name] for name in typed if name in form.values and not form.values[name]}
        sent = body({**filled(form), **mine})
        first = send(client, form.action, sent)
        after_one = rows(database)
        send(client, form.action, sent)
        accepted += first.status_code == 303
        assert rows(database) == after_one, endpoint
    assert accepted > 10


def test_a_form_of_a_hundred_thousand_letters_is_refused_unread_everywhere(
    client: FlaskClient, forms: dict[str, Form], database: Path
):
    before = rows(database)
    for endpoint, form in sorted(forms.items()):
        field = (form.typed or ["note"])[0]
        answer = send(client, form.action, body(form.values, field, b"x" * 100_000))
        if endpoint not in LARGE:
            assert answer.status_code == 413, endpoint
        elif client.get(form.action).status_code == 200:  # a sheet may have been taken in meanwhile
            # They bring a file or a row for everything; they look at what they are sent, and refuse it too.
            assert answer.status_code >= 400, endpoint
        assert rows(database) == before, endpoint
    assert MOST_BYTES_SENT < 100_000


LARGE = {"certificates.hand_in", "matrix_import.send", "matrix_import.decide"}

DISGUISED = {
    "a page": b"<html><script>alert(7)</script></html>",
    "a program": b"\x7fELF" + b"\x00" * 400,
    "half a photo": b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 50,
    "nothing": b"",
    "an archive": b"PK\x03\x04" + b"\x00" * 100,
}


@pytest.mark.parametrize("what", DISGUISED)
def test_a_file_that_is_not_what_it_says_is_refused_in_words(
    client: FlaskClient, forms: dict[str, Form], database: Path, what: str
):
    uploads = {endpoint: form for endpoint, form in forms.items() if form.files}
    assert len(uploads) >= 2
    for endpoint, form in uploads.items():
        before = rows(database)
        for name in ("photo.jpg", "paper.pdf", "sheet.xlsx", "../../etc/passwd", "<script>alert(7)</script>.jpg"):
            values = {**filled(form), "type": "gas / EU", "issued": "2026-11-01"}
            for field in form.files:
                data = {**values, field: (BytesIO(DISGUISED[what]), name)}
                answer = client.post(form.action.partition("#")[0], data=data, content_type="multipart/form-data")
                assert_is_text(answer.text, endpoint)
                if answer.status_code == 303:  # a sheet is kept to be looked at, and the next page says what is wrong
                    assert endpoint == "matrix_import.send"
                    assert name == "sheet.xlsx"
                    told = client.get(answer.location)
                    assert "cannot be read" in told.text or "No skills matrix was found" in told.text
                    before = rows(database)
                else:
                    assert answer.status_code in (400, 413), (endpoint, name)
                assert rows(database) == before, (endpoint, name)


class Endless:
    """Fifty megabytes of a request, made as they are read."""

    def __init__(self, head: bytes, size: int) -> None:
        self.head, self.left = head, size - len(head)

    def read(self, size: int = -1) -> bytes:
        """Return the next piece."""
        if self.head:
            piece, self.head = self.head[:size], self.head[size:] if size >= 0 else b""
            return piece
        size = min(self.left, 65_536 if size < 0 else size)
        self.left -= size
        return b"\x00" * size


def test_fifty_megabytes_are_refused_and_nothing_of_them_is_kept(
    client: FlaskClient, forms: dict[str, Form], database: Path
):
    before = rows(database)
    for endpoint, form in forms.items():
        if not form.files:
            continue
        lines = [
            f'--cut\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in filled(form).items()
        ]
        file = f'--cut\r\nContent-Disposition: form-data; name="{form.files[0]}"; filename="a.jpg"\r\n\r\n'
        stream = Endless(("".join(lines) + file).encode(), 50_000_000)
        answer = client.post(
            form.action.partition("#")[0],
            content_type="multipart/form-data; boundary=cut",
            environ_overrides={"wsgi.input": stream, "CONTENT_LENGTH": "50000000"},
        )
        assert answer.status_code in (400, 413), endpoint
        assert rows(database) == before, endpoint


def test_what_was_typed_when_the_session_ended_is_shown_again(app: Flask, client: FlaskClient, forms: dict[str, Form]):
    form = forms["site.write"]
    with client.session_transaction() as session:
        app.extensions["skillmatch"].accounts.sign_out(session["token"])
    answer = client.post(form.action.partition("#")[0], data={**form.values, "text": f"{ANNA} {MARKUP}"})
    assert answer.status_code == 401
    kept = next(one for one in forms_of(answer.text) if "kept" in one.values).values
    again = client.post("/sign-in", data={**kept, "name": "rita", "password": PASSWORD}, follow_redirects=False)
    assert again.status_code == 200
    assert_is_text(again.text, "resend")
    (resend,) = [one for one in forms_of(again.text) if "text" in one.values]
    assert resend.values["text"] == f"{ANNA} {MARKUP}"
    assert signed_in(app).post(resend.action.partition("#")[0], data=resend.values).status_code in (303, 400)
