"""Every role, scope and endpoint of the API: the table, the documents and what is answered are the same."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.routing import Map, Rule
from werkzeug.test import TestResponse

from skillmatch.accounts import Role
from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.observation import Result
from skillmatch.workspace import SCOPES, Workspace
from skillmatch_web.addresses import IdConverter
from skillmatch_web.api.access import KIND_ROLES, TABLE, may_record
from skillmatch_web.api.examples import EXAMPLES
from skillmatch_web.api.frame import OPERATIONS
from skillmatch_web.sight import LIMITS
from tests.web.api.conftest import PEOPLE, AsProgram, token_of
from tests.web.conftest import ANNA, BARE, BEN, CAST, CREW, CURTIS, DONE, DORA, EVA, NOW, OPEN, signed_in

OWN_WORKER = {"ben": BEN, "sam": ANNA, "stella": ANNA, "mia": CURTIS, "rita": ANNA}
ROLES = (Role.WORKER, Role.SCHEDULER, Role.MANAGER, Role.ADMINISTRATOR)
NEEDED = {"job": {"job"}, "worker": {"worker"}, "number": {"decision"}, "source": {"outcome"}, "id": {"outcome"}}
NEEDED |= {"table": {"table"}}
FOR_ALL = {"skill", "customer", "site", "type", "policy", "question", "hook"}
HIDDEN = {"sam": (CURTIS, DORA, EVA), "mia": (ANNA, BEN, EVA), "ben": (ANNA, CURTIS, DORA, EVA)}
SECRETS = {ANNA: "901820-11", BEN: "90182012", CURTIS: "90182013"}


HOOK = "f" * 32


@pytest.fixture(autouse=True)
def webhook(workspace: Workspace) -> None:
    """Let somebody be told what happens."""
    workspace.webhooks.add("https://example.org/hook", events=["job.finished"], id=HOOK)


def segment(id: str) -> str:
    return IdConverter(Map()).to_url(id)


def rules_of(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")]


def method_of(rule: Rule) -> str:
    (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
    return method


def path_of(rule: Rule, **ids: object) -> str:
    """Return the address of an endpoint for ids, without where all begin."""
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: segment(str(ids[found[1]])), rule.rule)
    return path.removeprefix("/api/v1")


@pytest.fixture(autouse=True)
def outcome_of_curtis(workspace: Workspace) -> None:
    """Let South have done something."""
    workspace.record(
        JobOutcome(id="c", worker=CURTIS, time=NOW - timedelta(days=5), job=DONE, result=Result.REWORK, note="leaks")
    )


def ids_for(who: str, number: int) -> dict[str, object]:
    worker = OWN_WORKER[who]
    source, id = ("typed in", "c") if worker == CURTIS else ("old / system", f"{worker}-0")
    plain = {"skill": "boiler", "customer": "oak", "site": "oak-1", "type": "boiler repair", "policy": "balanced"}
    return {
        "job": DONE,
        "worker": worker,
        "number": number,
        "source": source,
        "id": id,
        "question": "flame",
        "hook": HOOK,
        "table": "workers",
        **plain,
    }


def test_every_endpoint_has_an_entry_and_every_entry_an_endpoint(app: Flask):
    assert {rule.endpoint for rule in rules_of(app)} == set(TABLE) == set(OPERATIONS)
    assert {limit for entry in TABLE.values() for limit in entry.limits} <= set(LIMITS)
    assert {entry.scope for entry in TABLE.values()} == set(SCOPES)


def test_what_reads_needs_the_scope_to_read_and_what_writes_another(app: Flask):
    for rule in rules_of(app):
        reads = method_of(rule) == "GET"
        assert (TABLE[rule.endpoint].scope == "read") == reads == (not OPERATIONS[rule.endpoint].writes), rule.endpoint


def test_every_id_of_the_companys_in_an_address_is_limited(app: Flask):
    for rule in rules_of(app):
        for argument in rule.arguments - FOR_ALL:
            assert NEEDED[argument] & set(TABLE[rule.endpoint].limits), (rule.endpoint, argument)


def test_the_table_of_the_documents_is_that_of_the_code(app: Flask):
    page = (Path(__file__).parents[3] / "docs/roles.md").read_text(encoding="utf-8").split("## Programs")[1]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if "| `/api" in line]
    said = {(row[1].strip("`"), row[2]): row[3:] for row in rows}
    rules = {rule.endpoint: rule for rule in rules_of(app)}
    assert len(said) == len(rows)
    assert said == {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rules[endpoint].rule), method_of(rules[endpoint])): [
            "none" if entry.open else entry.scope,
            *("yes" if role in entry.roles else "no" for role in ROLES),
            ", ".join(entry.limits),
        ]
        for endpoint, entry in TABLE.items()
    }
    for kind, roles in KIND_ROLES.items():
        assert f"`{kind}`" in page
        assert {role for role in Role if may_record(role, kind)} == roles


@pytest.mark.parametrize("who", PEOPLE)
def test_what_a_role_may_do_is_done_and_all_else_is_not_there(
    app: Flask, workspace: Workspace, program: AsProgram, who: str
):
    role, own = CAST[who]["role"], program(who)
    kept = own.get(f"/jobs/{BARE}/ranking")
    number = kept.json["decision"] if kept.status_code == 200 else workspace.propose(BARE).number
    for rule in rules_of(app):
        entry, name = TABLE[rule.endpoint], rule.endpoint.removeprefix("api.")
        body = next(iter(EXAMPLES.get(name, {}).values()), None)
        if body is not None and "worker" in body:
            body = {**body, "worker": OWN_WORKER[who]}
        more = {"query_string": {"text": "boiler"}} if name == "link" else {}
        answer = own.send(method_of(rule), path_of(rule, **ids_for(who, number)), json=body, **more)
        if role in entry.roles:
            assert answer.status_code in (200, 201, 403, 404, 409, 422, 428), (rule.endpoint, answer.text)
            assert answer.status_code not in (403, 404) or name in ("assign", "go_with"), (rule.endpoint, answer.text)
        else:
            assert answer.status_code == 404, rule.endpoint
            assert answer.json["detail"] == "there is nothing here for this account"


@pytest.mark.parametrize("scope", SCOPES)
def test_a_token_is_good_for_its_scopes_alone(app: Flask, workspace: Workspace, program: AsProgram, scope: str):
    own, number = program("rita", scope), workspace.propose(BARE).number
    before = workspace.catalogue.revision()
    for rule in rules_of(app):
        entry = TABLE[rule.endpoint]
        if entry.open or entry.scope == scope:
            continue
        answer = own.send(method_of(rule), path_of(rule, **ids_for("rita", number)), json={})
        assert answer.status_code == 403, rule.endpoint
        assert answer.json["type"] == "/api/docs#forbidden"
        assert f'scope="{entry.scope}"' in answer.headers["WWW-Authenticate"]
    assert workspace.catalogue.revision() == before


def test_without_a_token_only_what_is_open_answers(app: Flask, workspace: Workspace):
    browser = signed_in(app)
    for client in (app.test_client(), browser):  # a cookie lets nobody in
        for rule in rules_of(app):
            where = "/api/v1" + path_of(rule, **ids_for("rita", 1))
            answer = client.open(where, method=method_of(rule), json={})
            assert answer.status_code == (200 if TABLE[rule.endpoint].open else 401), rule.endpoint
            if answer.status_code == 401:
                assert answer.headers["WWW-Authenticate"] == 'Bearer realm="skillmatch"'
                assert answer.content_type == "application/problem+json"


def alike(hidden: TestResponse, missing: TestResponse, ids: tuple[str, str]) -> None:
    """Assert that what is hidden answers as what is missing does, but for the id that was asked for."""
    assert hidden.status_code == missing.status_code == 404
    texts = []
    for answer, id in zip((hidden, missing), ids, strict=True):
        text = re.sub(r"; did you mean '[^']*'\?", "", json.loads(answer.data)["detail"])
        texts.append(text.replace(repr(id), "ID"))
    assert texts[0] == texts[1]


@pytest.mark.parametrize("who", ["sam", "mia", "ben"])
def test_workers_who_are_not_seen_answer_as_if_they_were_not_there(program: AsProgram, who: str):
    own, nobody = program(who), "nobody at all"
    shapes = ["/workers/{}", "/workers/{}/profile", "/workers/{}/skills/boiler", "/workers/{}/skills/none"]
    shapes += ["/workers/{}/certifications", "/workers/{}/evidence"]
    shapes += [f"/jobs/{OPEN}/workers/{{}}"] if who != "ben" else []
    for worker in HIDDEN[who]:
        for shape in shapes:
            answers = [own.get(shape.format(segment(id))) for id in (worker, nobody)]
            alike(*answers, ids=(worker, nobody))
        facts = [{"kind": "self_report", "worker": id, "skill": "boiler", "level": 3} for id in (worker, nobody)]
        alike(*(own.post("/evidence", fact) for fact in facts), ids=(worker, nobody))


@pytest.mark.parametrize("who", ["sam", "mia"])
def test_answers_for_a_team_hold_nothing_of_another(workspace: Workspace, program: AsProgram, who: str):
    outsider = HIDDEN[who][0]
    everybodys = workspace.propose(OPEN).number
    workspace.assign(everybodys, [outsider], reason="only she has time")
    own, names = program(who), {worker.id: worker.name for worker in workspace.workers()}
    paths = ["/jobs?status=all", "/workers", "/customers", "/customers/oak", "/decisions"]
    paths += [f"/jobs/{segment(id)}{part}" for id in (OPEN, BARE, CREW, DONE) for part in ("", "/outcomes", "/ranking")]
    paths += [f"/jobs/{OPEN}/diagnosis", f"/jobs/{OPEN}/workers/{segment(OWN_WORKER[who])}"]
    for path in paths:
        answer = own.get(path)
        assert answer.status_code == 200, path
        for worker in HIDDEN[who]:
            assert names[worker] not in answer.text, (path, worker)
            assert f'"{worker}"' not in answer.text, (path, worker)
            assert SECRETS.get(worker, "nothing like it") not in answer.text
        assert "leaks" not in answer.text or who == "mia"
    assert own.get(f"/jobs/{OPEN}").json["bookings"][0]["worker"] is None
    assert own.get("/workers").json["hidden"] == 3
    for part in ("", "/replay", "/staleness"):
        assert own.get(f"/decisions/{everybodys}{part}").status_code == 404
    refused = own.post(f"/jobs/{OPEN}/assignment", {"decision": everybodys, "workers": [OWN_WORKER[who]]})
    assert refused.status_code == 404


def test_a_team_cannot_send_or_name_somebody_of_another(program: AsProgram):
    sam = program("sam")
    number = sam.get(f"/jobs/{OPEN}/ranking").json["decision"]
    body = {"decision": number, "workers": [CURTIS], "reason": "x"}
    assert sam.post(f"/jobs/{OPEN}/assignment", body).status_code == 404
    assert sam.post("/jobs", {"title": "x", "preferred": [CURTIS]}).status_code == 404
    assert sam.post(f"/jobs/{OPEN}/outcomes", {"worker": CURTIS, "result": "rework"}).status_code == 404
    retract = f"/jobs/{DONE}/outcomes/{quote('typed in')}/c/retract"
    assert sam.post(retract, {}).status_code == 404
    assert program("mia").post(retract, {"reason": "another job"}).status_code == 201


def test_a_change_by_a_team_keeps_whom_it_does_not_see(program: AsProgram, workspace: Workspace):
    sam = program("sam")
    assert sam.get(f"/jobs/{CREW}").json["excluded"] == []
    etag = sam.get(f"/jobs/{CREW}").headers["ETag"]
    answer = sam.send("PATCH", f"/jobs/{CREW}", json={"excluded": [BEN]}, headers={"If-Match": etag})
    assert answer.json["excluded"] == [BEN]
    assert workspace.job(CREW).job.excluded == (BEN, CURTIS)


def test_a_worker_sees_and_records_what_is_hers(program: AsProgram):
    ben = program("ben")
    assert [row["id"] for row in ben.get("/workers").json["items"]] == [BEN]
    assert ben.get("/jobs?status=all").json["total"] == 1
    assert ben.get(f"/jobs/{OPEN}").status_code == 404
    assert {one["worker"] for one in ben.get(f"/jobs/{DONE}/outcomes").json["items"]} == {BEN}
    for kind, more in {"self_report": {"level": 2}, "learning_wish": {}}.items():
        assert ben.post("/evidence", {"kind": kind, "worker": BEN, "skill": "pumps", **more}).status_code == 201
    for body in (
        {"kind": "job_outcome", "job": DONE, "result": "first-time fix"},
        {"kind": "assessment", "skill": "pumps", "level": 5, "rater": "Ben"},
        {"kind": "retraction", "retracts_source": "old / system", "retracts_id": "ben-0"},
    ):
        answer = ben.post("/evidence", {"worker": BEN, **body})
        assert answer.status_code == 403, body
        assert answer.json["type"] == "/api/docs#forbidden"


def test_only_managers_retract_what_only_managers_record(program: AsProgram, workspace: Workspace):
    body = {"kind": "retraction", "worker": CURTIS, "retracts_source": "typed in", "retracts_id": "a1"}
    assert program("stella").post("/evidence", body).status_code == 403
    assert program("mia").post("/evidence", body).status_code == 201
    assert program("mia").post("/evidence", {**body, "id": "again"}).status_code == 404
    assert "a1" not in [fact.id for fact in workspace.catalogue.facts(CURTIS)]


def test_a_change_of_the_account_holds_for_its_tokens_at_once(workspace: Workspace, program: AsProgram):
    sam, account = program("sam"), workspace.accounts.named("sam")
    assert sam.get(f"/workers/{ANNA}").status_code == 200
    workspace.accounts.change(account.id, teams=("South",))
    assert sam.get(f"/workers/{ANNA}").status_code == 404
    workspace.accounts.disable(account.id)
    assert sam.get("/me").status_code == 401
    assert "invalid_token" in sam.get("/me").headers["WWW-Authenticate"]


def test_a_token_that_is_revoked_or_made_for_others_lets_nobody_in(app: Flask, workspace: Workspace):
    token = token_of(workspace, "rita")
    row = workspace.tokens.all()[0]
    client: Any = app.test_client()
    ask = lambda text: client.get("/api/v1/me", headers={"Authorization": text})  # noqa: E731
    assert ask(f"bearer {token}").status_code == 200
    for text in ("", "Bearer", f"Basic {token}", token, f"Bearer {token}x", "Bearer sm_", "Bearer \udcff"):
        assert ask(text.encode("utf-8", "surrogateescape").decode("latin-1")).status_code == 401, text
    workspace.tokens.revoke(row.id)
    assert ask(f"Bearer {token}").status_code == 401
    workspace.tokens.revoke(row.id, revoked=False)
    assert ask(f"Bearer {token}").status_code == 200


def test_wrong_tokens_make_their_address_wait_but_right_ones_get_in(app: Flask, program: AsProgram):
    client, right = app.test_client(), program()
    wrong = {"Authorization": "Bearer sm_wrong"}
    found = [client.get("/api/v1/me", headers=wrong) for _ in range(22)]
    assert [one.status_code for one in found] == [401] * 20 + [429] * 2
    assert found[-1].headers["Retry-After"] == "30"
    assert right.get("/me").status_code == 200
    elsewhere = client.get("/api/v1/me", headers=wrong, environ_base={"REMOTE_ADDR": "10.1.2.3"})
    assert elsewhere.status_code == 401
