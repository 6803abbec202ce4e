"""Whatever is wrong is said in one shape, and nothing that is sent ends in an error of ours."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from skillmatch.errors import StoreError
from skillmatch.workspace import Workspace
from skillmatch_web.api.problems import KINDS, MEDIA, pointer
from skillmatch_web.security import HEADERS
from tests.web.api.conftest import AsProgram, Program, token_of
from tests.web.conftest import ANNA, DONE, EVIL, OPEN

ROOT = Path(__file__).parents[3]


def check_problem(answer: TestResponse, kind: str) -> dict[str, Any]:
    """Assert that an answer is a problem of a kind, and return it."""
    assert (answer.status_code, answer.content_type) == (KINDS[kind].status, MEDIA), answer.text
    found = json.loads(answer.data)
    assert found["type"] == f"/api/docs#{kind}"
    assert (found["title"], found["status"]) == (KINDS[kind].title, KINDS[kind].status)
    assert found["detail"]
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    return found


def test_every_kind_of_problem_is_in_the_documents_with_its_status(program: AsProgram, client: Any):
    page, shown = (ROOT / "docs/api.md").read_text(encoding="utf-8"), client.get("/api/docs").text
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (\d+) \|", page, re.MULTILINE))
    assert rows == {name: str(kind.status) for name, kind in KINDS.items()}
    assert all(f'id="{name}"' in shown for name in KINDS)


def test_unknown_addresses_methods_and_hosts_are_problems(app: Flask, program: AsProgram):
    own, client = program(), app.test_client()
    for path in ("/nowhere", "/jobs/a/b/c", "", "/decisions/x", "/workers/a~zz", "/jobs/" + "x" * 500):
        check_problem(own.get(path), "not-found")
    for method in ("PUT", "DELETE", "PATCH", "TRACE"):
        answer = own.send(method, "/jobs")
        check_problem(answer, "method")
        assert {"GET", "POST"} <= {part.strip() for part in answer.headers["Allow"].split(",")}
    check_problem(client.get("/api/v1/health", headers={"Host": "evil.example"}), "malformed")
    assert client.get("/api/elsewhere").status_code == 302  # pages are pages


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "malformed"),
        (b"{", "malformed"),
        (b"\xff{}", "malformed"),
        (b'{"title": NaN}', "malformed"),
        (b'{"title": "a", "title": "b"}', "malformed"),
        (b"[" * 3000 + b"]" * 3000, "malformed"),
        (b'{"requirements":' + b'[{"any":' * 70 + b"[]" + b"}]" * 70 + b"}", "malformed"),
        (b"[]", "invalid"),
        (b'"{\\"title\\": \\"x\\"}"', "invalid"),
        (b"null", "invalid"),
        (b'{"title": "x", "minutes": 1e999}', "invalid"),
        (b'{"title": "x", "minutes": 1' + b"0" * 400 + b"}", "invalid"),
        (b'{"title": "\\ud800"}', "invalid"),
        (b'{"title": "\\u0000"}', "invalid"),
        (b'{"title": "' + b"x" * 70_000 + b'"}', "too-large"),
    ],
)
def test_bodies_that_cannot_be_are_refused_in_words(program: AsProgram, workspace: Workspace, data: bytes, kind: str):
    before = workspace.catalogue.revision()
    check_problem(program().send("POST", "/jobs", data=data, content_type="application/json"), kind)
    assert workspace.catalogue.revision() == before


def test_other_media_than_json_are_refused(program: AsProgram):
    for media in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        check_problem(program().send("POST", "/jobs", data=b'{"title": "x"}', content_type=media), "media-type")
    made = program().send("POST", "/jobs", data=b'{"title": "x"}', content_type="application/json; charset=utf-8")
    assert made.status_code == 201


def test_what_is_wrong_is_pointed_at(program: AsProgram):
    body = {
        "title": "",
        "priority": "1",
        "due": "2026-11-31",
        "earliest": "2026-11-23T08:00:00",
        "requirements": [
            {"skill": "boiler", "level": "3"},
            {"nothing": 1},
            {"any": [{"language": "de"}, {"skill": 1}]},
        ],
        "site/or": 1,
    }
    found = check_problem(program().post("/jobs", body), "invalid")["errors"]
    assert {one["pointer"] for one in found} == {
        "#/title",
        "#/priority",
        "#/due",
        "#/earliest",
        "#/requirements/0/level",
        "#/requirements/1",
        "#/requirements/2/any/1/skill",
        "#/site~1or",
    }
    missing = check_problem(program().post("/evidence", {"kind": "self_report", "worker": ANNA, "level": 9}), "invalid")
    assert {one["pointer"] for one in missing["errors"]} == {"#/skill", "#/level"}
    asked = check_problem(program().get("/jobs?limit=0&status=new&nothing=1"), "invalid")
    assert {one["parameter"] for one in asked["errors"]} == {"limit", "status", "nothing"}
    assert pointer({"a": [1]}, ("a", 5, "b")) == "#/a/5"


def test_rules_of_the_domain_are_told_in_their_own_words(program: AsProgram):
    own = program()
    report = {"kind": "self_report", "worker": ANNA, "skill": "boiler", "level": 3}
    assert (
        "future"
        in check_problem(own.post("/evidence", {**report, "time": "2030-01-01T00:00:00Z"}), "invalid")["detail"]
    )
    assert (
        "did you mean 'boiler'"
        in check_problem(own.post("/evidence", {**report, "skill": "boilers"}), "not-found")["detail"]
    )
    two = {"title": "x", "requirements": [{"skill": "boiler"}, {"skill": "boiler"}]}
    assert "more than once" in check_problem(own.post("/jobs", two), "invalid")["detail"]
    check_problem(own.post("/jobs", {"title": "x", "customer": "nobody"}), "not-found")
    check_problem(own.get(f"/jobs/{OPEN}/ranking?policy=nothing"), "not-found")


def test_a_broken_database_and_a_fault_of_ours_tell_nothing_of_themselves(
    app: Flask, program: AsProgram, monkeypatch: pytest.MonkeyPatch
):
    own = program()
    monkeypatch.setattr(Workspace, "open_jobs", lambda *_, **__: (_ for _ in ()).throw(StoreError("secret path")))
    away = own.get("/jobs")
    assert "secret" not in json.dumps(check_problem(away, "unavailable"))
    assert away.headers["Retry-After"] == "5"
    app.testing = False
    monkeypatch.setattr(Workspace, "open_jobs", lambda *_, **__: 1 / 0)
    broken = check_problem(own.get("/jobs"), "error")
    assert "division" not in json.dumps(broken)


def test_script_in_every_text_comes_back_as_it_was_and_is_no_page(program: AsProgram, client: Any):
    own = program()
    body = {"id": EVIL, "title": EVIL, "text": EVIL, "customer": "oak"}
    made = own.post("/jobs", body)
    assert (made.status_code, made.json["title"], made.json["id"]) == (201, EVIL, EVIL)
    assert made.content_type == "application/json"
    assert own.get(made.headers["Location"].removeprefix("/api/v1")).json["text"] == EVIL
    assert "<script>alert" not in client.get("/").text
    note = own.post(f"/jobs/{DONE}/outcomes", {"worker": ANNA, "result": "rework", "note": EVIL, "cause": EVIL})
    assert note.status_code == 201
    assert "<script>alert" not in client.get(f"/jobs/{DONE}").text
    assert own.get("/customers?search=" + "%3Cscript%3E").json["items"] == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    "id title text type customer site asset requirements due minutes priority earliest latest risk crew preferred kind"
    " worker skill level result job stars demands until issued reason rater source time decision workers".split()
)
WRITES = ("/jobs", "/evidence", f"/jobs/{OPEN}/assignment", f"/jobs/{DONE}/outcomes", "/linking/corrections")


def test_whatever_is_sent_is_taken_or_refused_in_words(app: Flask, workspace: Workspace):
    own = Program(app.test_client(), token_of(workspace, "rita"))
    kinds = st.sampled_from(["self_report", "job_outcome", "certification", "retraction", "assessment", "nothing"])
    bodies = st.dictionaries(NAMES, JSON | kinds | st.sampled_from([ANNA, "boiler", DONE, 3, "2026-11-20"]), max_size=8)

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(path=st.sampled_from(WRITES), body=bodies)
    def sent(path: str, body: dict[str, Any]) -> None:
        answer = own.send("POST", path, data=json.dumps(body).encode(), content_type="application/json")
        assert answer.status_code in (200, 201, 400, 403, 404, 409, 422), answer.text
        if answer.status_code >= 400:
            assert answer.content_type == MEDIA

    sent()
