"""The description of the API is complete and true, and docs/api.md works."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from skillmatch.workspace import SCOPES, Workspace
from skillmatch_web.api.access import TABLE
from skillmatch_web.api.examples import EXAMPLES
from skillmatch_web.api.fields import In, Out
from skillmatch_web.api.frame import OPERATIONS
from skillmatch_web.api.problems import KINDS
from tests.web.api.conftest import AsProgram, token_of
from tests.web.conftest import BARE, OPEN

ROOT = Path(__file__).parents[3]


@pytest.fixture
def described(app: Flask) -> dict[str, Any]:
    found = app.test_client().get("/api/v1/openapi.json").json
    assert isinstance(found, dict)
    return found


def operations(described: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["operationId"]: one for item in described["paths"].values() for one in item.values()}


def test_every_endpoint_is_described_with_all_of_its_answers(described: dict[str, Any]):
    assert described["openapi"] == "3.1.0"
    found = operations(described)
    assert {f"api.{name}" for name in found} | {"api.document"} == set(TABLE)
    for name, one in found.items():
        entry, known = TABLE[f"api.{name}"], OPERATIONS[f"api.{name}"]
        assert one["summary"]
        assert one["security"] == ([] if entry.open else [{"token": []}])
        expected = {str(known.status), "500", "503"} | (set() if entry.open else {"400", "401", "403", "404", "429"})
        expected |= {"409", "413", "422"} if known.writes else set()
        expected |= ({"415"} if known.body else set()) | ({"412", "428"} if known.if_match else set())
        expected |= ({"304"} if known.etag else set()) | ({"406"} if known.files else set())
        assert expected <= set(one["responses"]), name
        if known.body:
            assert set(one["requestBody"]["content"]["application/json"]["examples"]) == set(EXAMPLES[name])


def test_every_reference_leads_somewhere_and_no_default_stands_for_what_is_left_as_it_was(described: dict[str, Any]):
    for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(described))):
        here: Any = described
        for part in reference.split("/"):
            here = here[part]
    assert not any(
        "default" in field for field in described["components"]["schemas"]["JobChange"]["properties"].values()
    )
    assert set(described["components"]["responses"]) == set(KINDS)


def test_no_two_models_have_one_name():
    def below(cls: type) -> set[type]:
        return {cls, *(one for sub in cls.__subclasses__() for one in below(sub))}

    every = [*below(In), *below(Out)]
    assert len({cls.__name__ for cls in every}) == len(every) > 40


def test_examples_are_taken(program: AsProgram):
    own = program()
    number = own.get(f"/jobs/{OPEN}/ranking").json["decision"]
    assert own.post("/jobs", EXAMPLES["create_job"]["call"]).status_code == 201
    assert own.post("/jobs", EXAMPLES["create_job"]["needs"]).status_code == 201
    body = {**EXAMPLES["assign"]["first"], "decision": number}
    assert own.post(f"/jobs/{OPEN}/assignment", body).status_code in (201, 409)
    for body in EXAMPLES["record_evidence"].values():
        assert own.post("/evidence", body).status_code == 201
    assert own.post(f"/jobs/{BARE}/outcomes", EXAMPLES["record_outcome"]["done"]).status_code == 201
    assert own.post("/linking/corrections", EXAMPLES["correct_link"]["meant"]).status_code == 201


def test_the_scopes_of_the_documents_are_those_of_the_code():
    page = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z:]+)` \| [a-z]", page, re.MULTILINE) == list(SCOPES)


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_the_examples_with_curl_do_what_they_say(workspace: Workspace, live: str):
    page = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    assert len(blocks) == 9
    environment = {"PATH": "/usr/bin:/bin", "API": f"{live}/api/v1", "TOKEN": token_of(workspace, "rita")}
    said = []
    for block in blocks:
        done = subprocess.run(["/bin/sh", "-c", block], env=environment, capture_output=True, text=True, check=True)
        assert '"/api/docs#' not in done.stdout, (block, done.stdout)
        said.append(done.stdout)
    made, ranked, _why, sent, ended, recorded, levels, changed, table = said
    assert json.loads(made)["id"] == "J-2001"
    assert (json.loads(ranked)["decision"], json.loads(sent)["decision"]["chosen"]) == (1, ["anna"])
    assert json.loads(ended)["status"] == json.loads(recorded)["status"] == "added"
    assert '"pieces"' in levels
    assert table.splitlines()[1] == "boiler,Boiler controls,technical,,,,"
    assert json.loads(changed)["priority"] == 1
    assert workspace.job("J-2001").job.status == "done"
