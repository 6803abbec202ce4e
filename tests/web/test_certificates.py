"""Handing in a certificate: with its file, once, nothing typed lost, and seen by nobody who may not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from time import monotonic
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from skillmatch.claims import ClaimStatus, LevelClaim
from skillmatch.workspace import Workspace
from skillmatch_web import uploads
from tests.web.conftest import ANNA, BEN, BEN_CLAIM, CLAIM, CURTIS, CURTIS_CLAIM, DORA, EVIL, AsWho, photo
from tests.web.forms import text_of
from tests.web.test_pages import segment
from tests.workspace.test_files import HEIC, PDF

WHERE = f"/workers/{BEN}/certificates"
MULTIPART = "multipart/form-data; boundary=X"
TYPED = {"type": "First aid", "issued": "2026-11-02", "expires": "2028-11-02", "issuer": "Red Cross", "note": "a note"}


def fields(client: FlaskClient, where: str = WHERE) -> dict[str, str]:
    page = client.get(where).text
    form = page[page.index('enctype="multipart/form-data"') :]
    return dict(re.findall(r'<input type="hidden" name="(csrf_token|token|kept)" value="([^"]*)"', form)[:3])


def send(client: FlaskClient, *file: Any, where: str = WHERE, **changes: Any) -> Any:
    """Send the form as a browser does: the file last, an empty part where none was chosen."""
    name, content = file or ("", b"")
    sent = b"".join(parts({**fields(client, where), **TYPED, **changes}, name, content))
    return client.post(where, input_stream=BytesIO(sent), content_type=MULTIPART, content_length=len(sent))


def parts(typed: dict[str, str], name: str, content: bytes) -> Iterator[bytes]:
    for key, value in typed.items():
        yield f'--X\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
    yield f'--X\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    yield content
    yield b"\r\n--X--\r\n"


def of_type(workspace: Workspace, type: str = "First aid", worker: str = BEN) -> list[Any]:
    return [one for one in workspace.claims.of(worker) if getattr(one.what, "type", "") == type]


def test_a_worker_hands_in_a_photo_and_sees_that_it_waits(as_who: AsWho, workspace: Workspace):
    ben = as_who("ben")
    answer = send(ben, "IMG_1.jpg", photo(size=(3000, 2000)))
    assert answer.status_code == 303
    page = ben.get(answer.location).text
    assert "Handed in: certificate First aid. It counts once your manager has approved it." in text_of(page)
    assert "certificate First aid waits to be decided" in text_of(page)
    (claim,) = of_type(workspace)
    assert (claim.what.issuer, claim.note, claim.by, claim.status) == ("Red Cross", "a note", "Ben Osei (ben)", "open")
    shown = ben.get(f"/workers/{BEN}/claims/{claim.id}/file")
    assert Image.open(BytesIO(shown.data)).size == (2000, 1333)
    assert "1 claim" not in text_of(ben.get(f"/workers/{BEN}").text)  # this one and another
    assert "2 claims wait to be decided." in text_of(ben.get(f"/workers/{BEN}").text)


def test_a_photo_is_shown_and_a_pdf_saved_and_neither_runs_anything(as_who: AsWho, workspace: Workspace):
    ben = as_who("ben")
    shown = ben.get(f"/workers/{BEN}/claims/{BEN_CLAIM}/file")
    assert shown.content_type == "image/jpeg"
    assert shown.headers["Content-Disposition"].startswith("inline")
    send(ben, "über.pdf", PDF)
    saved = ben.get(f"/workers/{BEN}/claims/{of_type(workspace)[0].id}/file")
    assert saved.content_type == "application/pdf"
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert "%C3%BCber.pdf" in saved.headers["Content-Disposition"]
    assert saved.data == PDF
    for answer in (shown, saved):
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("ben", {BEN_CLAIM}),
        ("sam", {BEN_CLAIM, CLAIM}),
        ("mia", {CURTIS_CLAIM}),
        ("rita", {BEN_CLAIM, CLAIM, CURTIS_CLAIM}),
    ],
)
def test_a_file_is_seen_by_those_who_see_the_worker(as_who: AsWho, who: str, sees: set[str]):
    client = as_who(who)
    owners = {BEN_CLAIM: BEN, CLAIM: ANNA, CURTIS_CLAIM: CURTIS}
    for claim, owner in owners.items():
        answer = client.get(f"/workers/{segment(owner)}/claims/{claim}/file")
        assert answer.status_code == (200 if claim in sees else 404), (who, claim)
        assert (answer.content_type == "image/jpeg") == (claim in sees)
    # Under the name of somebody who is seen it is not to be had either.
    mine = {"ben": BEN, "sam": BEN, "mia": CURTIS, "rita": DORA}[who]
    for claim, owner in owners.items():
        if owner != mine:
            assert client.get(f"/workers/{segment(mine)}/claims/{claim}/file").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.jpg", HEIC, "is a HEIC photo"),
        ("a.pdf", photo(), "is called a PDF but holds a photo"),
        ("a.jpg", b"<script>alert(1)</script>", "is called a photo but holds something else"),
        ("<b>.exe", b"MZ", "is no photo and no PDF"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_and_nothing_typed_is_lost(
    as_who: AsWho, workspace: Workspace, name: str, content: bytes, said: str
):
    answer = send(as_who("ben"), name, content)
    assert answer.status_code == 400
    assert said in text_of(answer.text)
    assert 'aria-describedby="file-error file-hint" aria-invalid="true"' in answer.text
    for value in TYPED.values():
        assert value in answer.text
    assert "<script>alert" not in answer.text
    assert "<b>" not in answer.text
    assert of_type(workspace) == []


def test_a_good_file_is_kept_while_something_else_is_wrong(as_who: AsWho, workspace: Workspace):
    ben = as_who("ben")
    answer = send(ben, "gas.jpg", photo(), issued="", type=" ")
    assert answer.status_code == 400
    assert "“gas.jpg” is here already" in text_of(answer.text)
    assert "Say on which day it was issued" in text_of(answer.text)
    assert "Say what it is" in text_of(answer.text)
    kept = re.search(r'name="kept" value="([0-9a-f]{32})"', answer.text)
    token = re.search(r'name="token" value="([0-9a-f]{32})"', answer.text)
    assert kept
    assert token
    assert send(ben, kept=kept[1], token=token[1]).status_code == 303
    (claim,) = of_type(workspace)
    assert claim.attachment == kept[1]


def test_a_kept_file_of_somebody_else_is_not_taken(as_who: AsWho, workspace: Workspace):
    send(as_who("ben"), kept=CURTIS_CLAIM)
    (claim,) = of_type(workspace)
    assert claim.attachment is None


def test_50_megabytes_are_refused_quickly_and_nothing_typed_is_lost(as_who: AsWho, workspace: Workspace):
    ben = as_who("ben")
    fields(ben)
    began = monotonic()
    answer = send(ben, "film.jpg", b"\xff\xd8\xff" + b"x" * 50_000_000)
    assert monotonic() - began < 5.0
    assert answer.status_code == 413
    assert "50.1 MB were sent, at most 10 MB are allowed" in text_of(answer.text)
    for value in TYPED.values():
        assert value in answer.text
    assert of_type(workspace) == []
    assert send(ben, "a.jpg", photo()).status_code == 303


class Pipe:
    """A body of which nobody says how long it is."""

    def __init__(self, content: bytes) -> None:
        self.rest = BytesIO(content)
        self.taken = 0

    def read(self, size: int = -1) -> bytes:
        piece = self.rest.read(size)
        self.taken += len(piece)
        return piece


def body(client: FlaskClient, content: bytes, **changes: str) -> bytes:
    return b"".join(parts({**fields(client), **TYPED, **changes}, "a.jpg", content))


def stream(client: FlaskClient, pipe: Pipe, **environ: Any) -> Any:
    given = {"wsgi.input": pipe, "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked", **environ}
    # Without a stream the client would encode a form of its own, with another boundary.
    return client.post(WHERE, input_stream=BytesIO(), content_type=MULTIPART, environ_overrides=given)


def test_a_body_without_a_length_is_taken_or_refused_by_what_comes(as_who: AsWho, workspace: Workspace):
    ben = as_who("ben")
    assert stream(ben, Pipe(body(ben, photo()))).status_code == 303
    assert len(of_type(workspace)) == 1
    answer = stream(ben, Pipe(body(ben, b"x" * 30_000_000, type="Another")))
    assert answer.status_code == 413
    assert "at most 10 MB are allowed" in text_of(answer.text)
    assert "Another" in answer.text
    assert of_type(workspace, "Another") == []


def test_a_length_that_lies_gets_no_file_in(as_who: AsWho, workspace: Workspace):
    ben = as_who("ben")
    content = body(ben, photo())
    for length, status in (("200", 400), ("90000000", 413)):
        answer = ben.post(
            WHERE, input_stream=BytesIO(content), content_type=MULTIPART, environ_overrides={"CONTENT_LENGTH": length}
        )
        assert answer.status_code == status, length
    assert of_type(workspace) == []


def test_a_request_that_is_too_large_is_not_kept_in_memory(as_who: AsWho, monkeypatch: pytest.MonkeyPatch):
    ben = as_who("ben")
    monkeypatch.setattr(uploads, "MOST_DRAINED", 1_000_000)
    pipe = Pipe(body(ben, b"x" * 40_000_000))
    assert stream(ben, pipe).status_code == 413
    assert pipe.taken < 12_000_000  # what is allowed, and what is drained


def test_other_forms_still_send_no_more_than_64_kilobytes(as_who: AsWho):
    ben = as_who("ben")
    answer = ben.post(f"/workers/{BEN}/wishes", data={**fields(ben), "skill": "x" * 70_000})
    assert answer.status_code == 413
    assert "That was too much text" in text_of(answer.text)


def test_who_is_not_signed_in_sends_no_file(app: Any):
    client = app.test_client()
    answer = client.post(WHERE, input_stream=BytesIO(b"x" * 200_000), content_type=MULTIPART, content_length=200_000)
    assert answer.status_code == 413


def test_a_form_that_is_sent_twice_counts_once(as_who: AsWho, workspace: Workspace):
    ben = as_who("ben")
    known = fields(ben)
    for _again in range(2):
        assert send(ben, "a.jpg", photo(), **known).status_code == 303
    assert len(of_type(workspace)) == 1
    other = send(ben, "a.jpg", photo(), **{**known, "type": "Another"})
    assert other.status_code == 400
    assert "This form was used already" in text_of(other.text)


def test_handing_in_is_undone_by_one_button(as_who: AsWho, workspace: Workspace):
    ben = as_who("ben")
    page = ben.get(send(ben).location).text
    (claim,) = of_type(workspace)
    undo = re.search(r'action="([^"]+/withdraw)"', page)
    assert undo
    assert undo[1] == f"/workers/{BEN}/claims/{claim.id}/withdraw"
    assert ben.post(undo[1], data={"csrf_token": fields(ben)["csrf_token"]}).status_code == 303
    assert workspace.claims.get(claim.id).status is ClaimStatus.WITHDRAWN


def test_what_was_declined_is_shown_with_its_reason_and_handed_in_again(as_who: AsWho, workspace: Workspace):
    workspace.claims.decline(BEN_CLAIM, f"too dark {EVIL}", rater="Mona")
    ben = as_who("ben")
    page = ben.get(WHERE).text
    assert f"declined by Mona on Sat 21 Nov 2026, 14:05 UTC: too dark {EVIL}" in text_of(page)
    assert "renew=gas+/+EU" in page
    assert 'name="type" list="types" maxlength="200" value="gas / EU"' in ben.get(f"{WHERE}?renew=gas+/+EU").text


def test_a_known_type_is_recognised_in_any_case(as_who: AsWho, workspace: Workspace):
    send(as_who("ben"), type="GAS  / eu")
    assert len(of_type(workspace, "gas / EU")) == 2  # the one before it is replaced


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"issued": "2026-11-22"}, "expected a day from 1 Jan 1950 to today"),
        ({"issued": "31.12.2025"}, "This is no day"),
        ({"expires": "2025-01-01"}, "before it was issued"),
        ({"expires": "soon"}, "This is no day"),
        ({"type": "x" * 201}, "is no id"),
        ({"issuer": "x" * 201}, "he issuer cannot be kept"),
        ({"note": "x" * 2001}, "2,001 characters"),
        ({"note": "a\0b"}, "NUL"),
        ({"token": "../x"}, "This form was damaged on its way"),
    ],
)
def test_a_mistake_is_told_beside_what_was_typed(as_who: AsWho, workspace: Workspace, typed: dict[str, str], said: str):
    answer = send(as_who("ben"), **typed)
    assert answer.status_code == 400
    assert said in text_of(answer.text)
    assert 'role="alert"' in answer.text
    for value in typed.values():
        assert value.replace("\0", "\0") in answer.text or len(value) > 200 or "token" in typed
    assert len(workspace.claims.of(BEN)) == 1


def test_a_form_that_was_kept_while_she_signed_in_asks_for_the_file_again(as_who: AsWho, workspace: Workspace):
    ben = as_who("ben")
    answer = ben.post(WHERE, data={**fields(ben), **TYPED})  # as the page that keeps a form sends it
    assert answer.status_code == 400
    assert "A file is not kept while you sign in" in text_of(answer.text)
    assert "Red Cross" in answer.text
    assert of_type(workspace) == []


def test_a_level_is_asked_for_by_name_or_in_other_words(as_who: AsWho, workspace: Workspace):
    ben = as_who("ben")
    where = f"/workers/{BEN}/levels"
    page = ben.get(WHERE).text
    known = re.findall(r'name="(csrf_token|token)" value="([^"]*)"', page[page.index("/levels") :])
    data = {**dict(known[:2]), "skill": "heat pump repair", "level": "3", "note": "since 2019"}
    answer = ben.post(where, data=data)
    assert answer.status_code == 400
    assert "Which of these is it?" in text_of(answer.text)
    assert '<button name="pick" value="pumps">Heat pumps</button>' in answer.text
    assert 'value="3" selected' in answer.text
    assert ben.post(where, data={**data, "pick": "pumps", "level": ""}).status_code == 400
    assert ben.post(where, data={**data, "skill": "qwxz"}).status_code == 400
    assert ben.post(where, data={**data, "pick": "pumps"}).status_code == 303
    (claim,) = (one for one in workspace.claims.of(BEN) if isinstance(one.what, LevelClaim))
    assert (claim.what.skill, claim.what.level, claim.note) == ("pumps", 3.0, "since 2019")
