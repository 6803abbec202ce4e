"""Compressed answers say the same as plain ones."""

from __future__ import annotations

import gzip
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

ZIPPED = {"Accept-Encoding": "gzip, deflate, br"}


def test_a_page_says_the_same_in_a_fraction_of_the_bytes(client: FlaskClient):
    plain, small = client.get("/workers"), client.get("/workers", headers=ZIPPED)
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "<title>" in gzip.decompress(small.data).decode()
    assert int(small.headers["Content-Length"]) == len(small.data) < len(plain.data) / 2


def test_a_file_is_compressed_and_asked_for_again_only_when_it_changed(client: FlaskClient, app: Flask):
    answer = client.get("/static/style.css", headers=ZIPPED)
    assert gzip.decompress(answer.data) == Path(app.static_folder or "", "style.css").read_bytes()
    etag = answer.headers["ETag"]
    with client.get("/static/style.css", headers={**ZIPPED, "If-None-Match": etag}) as again:
        assert (again.status_code, again.data) == (304, b"")
    assert "no-store" not in answer.headers.get("Cache-Control", "")


def test_whoever_cannot_read_it_gets_it_plain(client: FlaskClient, app: Flask):
    plain = Path(app.static_folder or "", "style.css").read_bytes()
    for accepts in ("identity", "gzip;q=0", "br"):
        with client.get("/static/style.css", headers={"Accept-Encoding": accepts}) as answer:
            assert answer.data == plain
            assert "Content-Encoding" not in answer.headers


def test_no_file_outside_is_read_and_small_answers_stay_as_they_are(client: FlaskClient):
    assert client.get("/static/../app.py", headers=ZIPPED).status_code == 404
    assert client.get("/static/%2e%2e/app.py", headers=ZIPPED).status_code == 404
    assert client.head("/workers", headers=ZIPPED).data == b""
    with client.get("/static/style.css", headers={**ZIPPED, "Range": "bytes=0-9"}) as part:
        assert part.status_code == 206
        assert len(part.data) == 10


def test_the_reference_for_programs_is_a_page_like_any_other(client: FlaskClient):
    answer = client.get("/api/docs", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) < 60_000 < len(gzip.decompress(answer.data))
    assert "Content-Encoding" not in client.get("/api/v1/openapi.json", headers={"Accept-Encoding": "gzip"}).headers
