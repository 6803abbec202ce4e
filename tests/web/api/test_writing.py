"""Writing through the API: once, on what was seen, and all or nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

from skillmatch.workspace import Workspace
from skillmatch_web.app import create_app
from tests.web.api.conftest import AsProgram, Program, token_of
from tests.web.conftest import ANNA, BARE, BEN, CREW, DONE, NOW, OPEN

ROOT = Path(__file__).parents[3]


def test_a_job_goes_from_the_call_to_the_end(program: AsProgram, workspace: Workspace):
    own = program("stella")
    made = own.post(
        "/jobs", {"title": "Cold radiators", "type": "boiler repair", "customer": "oak", "due": "2026-11-23"}
    )
    id = made.json["id"]
    assert made.status_code == 201
    assert made.headers["Location"] == f"/api/v1/jobs/{id}"
    assert made.json["inherited"]
    shown = own.get(f"/jobs/{id}/ranking").json
    first = shown["candidates"][0]["worker"]["id"]
    done = own.post(f"/jobs/{id}/assignment", {"decision": shown["decision"], "workers": [first]})
    assert done.status_code == 201
    assert [one.worker for one in workspace.bookings(id)] == [first]
    assert own.get(f"/jobs/{id}").json["bookings"][0]["worker"] == first
    ended = own.post(f"/jobs/{id}/outcomes", {"worker": first, "result": "first-time fix", "minutes": 70})
    assert ended.status_code == 201
    assert ended.json["changes"]
    assert own.get(f"/jobs/{id}").json["status"] == "done"
    key = ended.json["evidence"]
    retract = f"/jobs/{id}/outcomes/{key['source']}/{key['id']}/retract"
    back = own.post(retract, {"reason": "another job"})
    assert back.status_code == 201
    for change in back.json["changes"]:
        before = next(one for one in ended.json["changes"] if one["skill"] == change["skill"])
        assert change["after"]["level"] == pytest.approx(before["before"]["level"], abs=1e-9)  # folded anew
    assert own.post(retract, {}).status_code == 404
    assert [row.by for row in workspace.accounts.audit(limit=3)] == ["Stella Ochs (stella)"] * 3


def test_assigning_on_a_ranking_that_would_be_another_now_is_refused_with_what_moved(program: AsProgram):
    own = program("stella")
    shown = own.get(f"/jobs/{OPEN}/ranking").json
    for number in range(12):
        body = {"worker": ANNA, "result": "failed", "id": f"bad-{number}"}
        assert own.post(f"/jobs/{DONE}/outcomes", body).status_code == 201
    assert own.get(f"/decisions/{shown['decision']}/staleness").json["stale"]
    answer = own.post(f"/jobs/{OPEN}/assignment", {"decision": shown["decision"], "workers": [ANNA]})
    assert answer.status_code == 409
    assert answer.json["type"] == "/api/docs#stale"
    assert any(line.startswith(f"{ANNA}: ranked 1 then") for line in answer.json["moved"])
    assert own.get(f"/jobs/{OPEN}").json["bookings"] == []
    again = own.get(f"/jobs/{OPEN}/ranking").json
    assert again["decision"] != shown["decision"]
    first = again["candidates"][0]["worker"]["id"]
    body = {"decision": again["decision"], "workers": [first]}
    assert own.post(f"/jobs/{OPEN}/assignment", body).status_code == 201


def test_somebody_else_than_the_first_needs_a_reason_and_a_decision_is_made_once(program: AsProgram):
    own = program("stella")
    number = own.get(f"/jobs/{OPEN}/ranking").json["decision"]
    where = f"/jobs/{OPEN}/assignment"
    assert own.post(where, {"decision": number, "workers": [BEN]}).status_code == 422
    assert own.post(where, {"decision": number, "workers": [BEN], "reason": "knows it"}).status_code == 201
    assert own.post(where, {"decision": number, "workers": [ANNA]}).status_code == 409
    assert own.post(f"/jobs/{BARE}/assignment", {"decision": number, "workers": [ANNA]}).status_code == 409
    off = own.send("DELETE", where)
    assert [one["worker"] for one in off.json["called_off"]] == [BEN]
    assert off.json["job"]["bookings"] == own.get(f"/jobs/{OPEN}").json["bookings"] == []
    assert own.send("DELETE", where).json["called_off"] == []


def test_a_cancelled_job_holds_nobody(program: AsProgram, workspace: Workspace):
    own = program("stella")
    number = own.get(f"/jobs/{OPEN}/ranking").json["decision"]
    own.post(f"/jobs/{OPEN}/assignment", {"decision": number, "workers": [ANNA]})
    gone = own.post(f"/jobs/{OPEN}/cancel")
    assert gone.json["job"]["status"] == "cancelled"
    assert [one["worker"] for one in gone.json["called_off"]] == [ANNA]
    assert workspace.bookings(OPEN) == ()
    assert own.post(f"/jobs/{OPEN}/cancel").json["called_off"] == []
    assert own.post(f"/jobs/{DONE}/cancel").status_code == 409


def test_a_change_needs_what_was_seen_and_two_at_once_do_not_overwrite_each_other(program: AsProgram):
    own, other = program("stella"), program("rita")
    etag = own.get(f"/jobs/{CREW}").headers["ETag"]
    change = lambda by, **values: by.send("PATCH", f"/jobs/{CREW}", json=values, headers={"If-Match": etag})  # noqa: E731
    assert own.send("PATCH", f"/jobs/{CREW}", json={"priority": 1}).status_code == 428
    first = change(other, priority=1)
    assert first.status_code == 200
    second = change(own, title="Three heat pumps")
    assert second.status_code == 412
    assert second.json["current"]["priority"] == 1
    assert second.json["etag"] == first.headers["ETag"] == own.get(f"/jobs/{CREW}").headers["ETag"]
    assert own.get(f"/jobs/{CREW}").json["title"] == "Two heat pumps to be changed"
    etag = second.json["etag"]
    third = change(own, title="Three heat pumps", risk=None, requirements=[{"skill": "pumps", "level": 2}])
    assert (third.json["title"], third.json["risk"], third.json["priority"]) == ("Three heat pumps", None, 1)
    assert third.json["latest"] == "2026-11-23T12:00:00Z"


def test_what_is_known_already_is_not_sent_again(program: AsProgram):
    own = program()
    for path in (f"/jobs/{OPEN}", f"/jobs/{OPEN}/ranking", f"/workers/{ANNA}/profile", f"/jobs/{OPEN}/diagnosis"):
        etag = own.get(path).headers["ETag"]
        same = own.get(path, headers={"If-None-Match": f'"other", {etag}'})
        assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", etag), path
        assert same.headers["Cache-Control"] == "private, no-cache"
        own.post("/evidence", {"kind": "self_report", "worker": ANNA, "skill": "boiler", "level": 3})
        assert own.get(path, headers={"If-None-Match": etag}).status_code == (304 if path == f"/jobs/{OPEN}" else 200)


def test_the_same_request_under_a_key_counts_once(program: AsProgram, workspace: Workspace):
    own, key = program("stella"), {"Idempotency-Key": "call 1"}
    body = {"title": "Cold", "customer": "oak"}
    first, second = (own.post("/jobs", body, headers=key) for _ in range(2))
    assert (first.data, first.status_code, first.headers["Location"]) == (
        second.data,
        second.status_code,
        second.headers["Location"],
    )
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert workspace.open_jobs(search="Cold").total == 1
    for other in (
        own.post("/jobs", {**body, "priority": 1}, headers=key),
        own.post(f"/jobs/{BARE}/cancel", headers=key),
    ):
        assert other.status_code == 422
        assert other.json["type"] == "/api/docs#key-used"
    assert program("rita").post("/jobs", body, headers=key).json["id"] != first.json["id"]  # her key is another one
    assert own.post("/jobs", body).status_code == 201
    assert workspace.open_jobs(search="Cold").total == 3


def test_a_refused_request_keeps_nothing_and_its_key_is_free(program: AsProgram, workspace: Workspace):
    own, key, before = program(), {"Idempotency-Key": "k"}, workspace.catalogue.revision()
    for body in ({"title": "x", "type": "nothing like it"}, {"title": ""}, {"id": OPEN, "title": "x"}):
        assert own.post("/jobs", body, headers=key).status_code in (404, 409, 422)
    assert workspace.catalogue.revision() == before
    assert own.post("/jobs", {"title": "x"}, headers=key).status_code == 201


def test_a_key_is_forgotten_after_a_day(company_file: Path, tmp_path: Path):
    file, times = tmp_path / "c.db", [NOW]
    file.write_bytes(company_file.read_bytes())
    with Workspace.open(f"sqlite:///{file}", clock=lambda: times[-1]) as workspace:
        own = Program(create_app(workspace).test_client(), token_of(workspace, "rita"))
        for hours, replayed in ((0, None), (23, "true"), (25, None)):
            times.append(NOW + timedelta(hours=hours))
            answer = own.post("/jobs", {"title": "x"}, headers={"Idempotency-Key": "k"})
            assert answer.headers.get("Idempotent-Replayed") == replayed


@pytest.mark.parametrize("key", ["", "x" * 201, "ü", "a\tb"])
def test_a_key_that_cannot_be_is_refused(program: AsProgram, key: str):
    assert program().post("/jobs", {"title": "x"}, headers={"Idempotency-Key": key}).status_code == 400


def test_of_many_at_once_under_one_key_one_is_served(app: Flask, workspace: Workspace):
    token, start = token_of(workspace, "stella"), Barrier(6)

    def send(number: int) -> Any:
        own = Program(app.test_client(), token)
        start.wait()
        return own.post("/jobs", {"title": "Cold"}, headers={"Idempotency-Key": f"call {number % 2}"})

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(6)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json["id"] for answer in answers}) == workspace.open_jobs(search="Cold").total == 2
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 2


def test_many_who_assign_at_once_promise_one(app: Flask, workspace: Workspace):
    number, token, start = workspace.propose(OPEN).number, token_of(workspace, "stella"), Barrier(4)

    def send(worker: str) -> int:
        own = Program(app.test_client(), token)
        start.wait()
        body = {"decision": number, "workers": [worker], "reason": f"{worker} knows it"}
        return own.post(f"/jobs/{OPEN}/assignment", body).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, [ANNA, BEN, ANNA, BEN])) in ([201, 201, 409, 409],)
    assert len(workspace.bookings(OPEN)) == 1


KILLED = """
import os, signal, sys
from skillmatch.store.store import Transaction
from skillmatch.workspace import Workspace
from skillmatch_web.app import create_app
from tests.web.api.conftest import Program
from tests.web.conftest import NOW
file, token, place = sys.argv[1:]
kept = Transaction.keep_answer
def die(self, *args, **more):
    if place == "after":
        kept(self, *args, **more)
    os.kill(os.getpid(), signal.SIGKILL)
Transaction.keep_answer = die
with Workspace.open(f"sqlite:///{file}", clock=lambda: NOW) as workspace:
    own = Program(create_app(workspace).test_client(), token)
    own.post("/jobs", {"title": "Cold"}, headers={"Idempotency-Key": "call"})
"""


@pytest.mark.parametrize("place", ["before", "after"])
def test_a_process_killed_in_the_middle_leaves_all_or_nothing(
    workspace: Workspace, tmp_path: Path, place: str, app: Flask
):
    file, token = next(tmp_path.glob("*.db")), token_of(workspace, "rita")
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'web'}"}
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(file), token, place], cwd=ROOT, env=environment, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert workspace.open_jobs(search="Cold").total == 0
    again = Program(app.test_client(), token).post("/jobs", {"title": "Cold"}, headers={"Idempotency-Key": "call"})
    assert (again.status_code, again.headers.get("Idempotent-Replayed")) == (201, None)
    assert workspace.open_jobs(search="Cold").total == 1


def test_two_processes_share_one_database_and_its_keys(company_file: Path, tmp_path: Path):
    file = tmp_path / "c.db"
    file.write_bytes(company_file.read_bytes())
    with (
        Workspace.open(f"sqlite:///{file}", clock=lambda: NOW) as one,
        Workspace.open(f"sqlite:///{file}", clock=lambda: NOW) as other,
    ):
        token = token_of(one, "rita")
        here, there = (Program(create_app(each).test_client(), token) for each in (one, other))
        body, key = {"id": "J-9", "title": "Cold", "type": "boiler repair"}, {"Idempotency-Key": "k"}
        assert here.post("/jobs", body, headers=key).status_code == 201
        assert there.post("/jobs", body, headers=key).headers["Idempotent-Replayed"] == "true"
        shown = there.get("/jobs/J-9/ranking").json
        here.post(f"/jobs/{BARE}/cancel")
        assert there.get(f"/jobs/{BARE}").json["status"] == "cancelled"
        body = {"decision": shown["decision"], "workers": [shown["candidates"][0]["worker"]["id"]]}
        assert here.post("/jobs/J-9/assignment", body).status_code == 201
        assert there.get("/jobs/J-9").json["bookings"][0]["worker"] == body["workers"][0]


def test_answers_and_causes_are_kept_as_on_the_page(program: AsProgram, workspace: Workspace):
    own = program("stella")
    flame = f"/jobs/{OPEN}/answers/flame"
    assert own.send("PUT", flame, json={"yes": True}).json["answers"] == {"flame": True}
    assert own.send("PUT", flame, json={"yes": False, "seen": None}).status_code == 409
    assert own.send("PUT", flame, json={"yes": None, "seen": True}).json["answers"] == {}
    assert own.send("PUT", f"/jobs/{OPEN}/answers/nothing", json={"yes": True}).status_code == 404
    went = own.send("PUT", f"/jobs/{OPEN}/cause", json={"cause": "gas valve stuck"})
    assert {"certification": "gas / EU", "count": 1} in went.json["requirements"]
    assert own.get(f"/jobs/{OPEN}/diagnosis").json["went_with"] == "gas valve stuck"
    assert own.send("PUT", f"/jobs/{OPEN}/cause", json={"cause": None}).json["requirements"] == []
    assert workspace.job(OPEN).inherited


def test_what_words_mean_is_asked_and_corrected(program: AsProgram):
    own = program("ben")
    found = own.get("/linking?text=" + "it repairs heat pumps".replace(" ", "%20")).json
    assert found["links"][0]["skill"] == "pumps"
    said = own.post("/linking/corrections", {"text": "the blue thing", "skill": "pumps", "accepted": True})
    assert (said.status_code, said.json["by"]) == (201, "Ben Osei (ben)")
    assert own.get("/linking?text=the%20blue%20thing").json["links"][0]["skill"] == "pumps"
    assert own.post("/linking/corrections", {"text": "?!", "skill": "pumps", "accepted": True}).status_code == 422
    assert json.loads(own.get("/skills/pumps").data)["name"] == "Heat pumps"
