"""The API gives the numbers of the workspace and of the pages, to the bit."""

from __future__ import annotations

import re
from dataclasses import fields
from html import unescape
from itertools import accumulate
from typing import Any

import pytest

from skillmatch.beliefs.evidence import KINDS, Assessment
from skillmatch.workspace import POLICIES, Candidate, Workspace
from skillmatch_web.api.facts import FORMS, IN, OUT
from skillmatch_web.words import percent
from tests.web.api.conftest import AsProgram
from tests.web.api.test_access import segment
from tests.web.conftest import ANNA, BARE, BEN, CREW, DONE, JOBS, OPEN, STRANGE, AsWho


def figures(one: Candidate) -> tuple[Any, ...]:
    terms = [(term.key, term.points.hex()) for term in one.explanation.terms]
    chances = [(term.key, term.points.hex()) for term in one.chance_explanation.terms]
    numbers = [value.hex() for value in (one.score, one.chance, one.low, one.high)]
    return one.worker.id, one.rank, numbers, terms, chances, [(b.rule, b.reason) for b in one.blocks]


def answered(one: dict[str, Any]) -> tuple[Any, ...]:
    terms = [(term["key"], term["points"].hex()) for term in one["explanation"]["terms"]]
    chances = [(term["key"], term["points"].hex()) for term in one["chance_explanation"]["terms"]]
    numbers = [one[name].hex() for name in ("score", "chance", "low", "high")]
    return one["worker"]["id"], one["rank"], numbers, terms, chances, [(b["rule"], b["reason"]) for b in one["blocks"]]


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("job", [OPEN, STRANGE, BARE, CREW, DONE])
def test_a_ranking_is_that_of_the_workspace(workspace: Workspace, program: AsProgram, job: str, policy: str):
    found = program().get(f"/jobs/{segment(job)}/ranking?policy={policy}&limit=5").json
    expected = workspace.rank(job, policy=policy, limit=5)
    for part in ("candidates", "near", "blocked"):
        assert [answered(one) for one in found[part]] == [figures(one) for one in getattr(expected, part)]
    for name in ("revision", "eligible", "total_workers", "hidden", "full_score", "params"):
        assert found[name] == getattr(expected, name)
    for one in found["candidates"]:  # the sum again, from what was sent
        total = list(accumulate((term["points"] for term in one["explanation"]["terms"]), initial=0.0))[-1]
        assert total.hex() == one["score"].hex()
    assert (found["decision"] is None) == (job == DONE)


def test_a_ranking_of_a_team_is_that_of_its_page(as_who: AsWho, program: AsProgram):
    page = as_who("mia").get(f"/jobs/{OPEN}").text
    found = program("mia").get(f"/jobs/{OPEN}/ranking").json
    listed = page[page.index('class="candidates"') : page.index("</ol>", page.index('class="candidates"'))]
    workers = re.findall(r'<h3><a href="/workers/([^"]+)">', unescape(listed))
    assert workers == [segment(one["worker"]["id"]) for one in found["candidates"]]
    for one in found["candidates"]:
        assert percent(one["chance"]) in unescape(listed)
    assert f"/decisions/{found['decision']}/assign" in page  # the same question is the same decision


def test_levels_and_what_they_rest_on_are_those_of_the_workspace(workspace: Workspace, program: AsProgram):
    found, expected = program().get(f"/workers/{ANNA}/profile").json, workspace.profile(ANNA)
    for one, other in zip(found["skills"], expected.skills, strict=True):
        assert one["skill"]["id"] == other.skill.id
        for name in ("level", "low", "high"):
            assert one["proficiency"][name].hex() == getattr(other.proficiency, name).hex()
        for name in ("recent", "lasting"):
            assert one[name].hex() == getattr(other, name).hex()
    why, own = program().get(f"/workers/{ANNA}/skills/boiler").json, workspace.why(ANNA, "boiler")
    assert why["proficiency"]["level"].hex() == own.proficiency.level.hex()
    assert [term["points"].hex() for term in why["explanation"]["terms"]] == [
        term.points.hex() for term in own.explanation.terms
    ]
    assert [piece["points"].hex() for piece in why["pieces"]] == [piece.points.hex() for piece in own.pieces]


def test_why_not_and_a_diagnosis_are_those_of_the_workspace(workspace: Workspace, program: AsProgram):
    found, expected = program().get(f"/jobs/{OPEN}/workers/{BEN}").json, workspace.why_not(OPEN, BEN)
    assert answered(found["candidate"]) == figures(expected.candidate)
    assert expected.first is not None
    assert answered(found["first"]) == figures(expected.first)
    assert [(one["text"], one["score"]) for one in found["advice"]] == [
        (str(one), one.score) for one in expected.advice
    ]
    causes, own = program().get(f"/jobs/{OPEN}/diagnosis").json, workspace.diagnose(OPEN)
    assert [(one["cause"], one["probability"].hex()) for one in causes["likely"]] == [
        (one.cause, one.probability.hex()) for one in own.diagnosis.likely
    ]
    assert [(one["worker"]["id"], one["cost"].hex()) for one in causes["prospects"]] == [
        (one.worker.id, one.cost.hex()) for one in own.prospects
    ]


def test_a_decision_comes_out_again_through_the_api(program: AsProgram):
    own = program()
    shown = own.get(f"/jobs/{OPEN}/ranking").json
    assert (
        own.post("/evidence", {"kind": "self_report", "worker": ANNA, "skill": "boiler", "level": 1}).status_code == 201
    )
    again = own.get(f"/decisions/{shown['decision']}/replay").json
    assert again["same"]
    assert [answered(one) for one in again["ranking"]["candidates"]] == [answered(one) for one in shown["candidates"]]


def test_lists_hold_each_row_once_in_a_stable_order(program: AsProgram):
    own = program()
    for path, key in (
        ("/jobs?status=all", "id"),
        ("/workers?", "id"),
        ("/skills?", "id"),
        (f"/workers/{ANNA}/evidence?", "id"),
    ):
        whole = own.get(f"{path}&limit=100")
        rows, page, where = [], 0, f"/api/v1{path}&limit=2"
        while where:
            answer = own.get(where.removeprefix("/api/v1"))
            rows += [row[key] for row in answer.json["items"]]
            page += 1
            found = re.search(r'<([^>]+)>; rel="next"', answer.headers["Link"])
            where = found[1] if found else ""
        assert rows == [row[key] for row in whole.json["items"]]
        assert len(rows) == whole.json["total"] == int(whole.headers["X-Total-Count"])
        assert page == max(1, -(-len(rows) // 2))
    assert own.get("/jobs?status=all").json["total"] == len(JOBS)


def test_decisions_are_listed_to_the_last_one(workspace: Workspace, program: AsProgram):
    numbers = [workspace.propose(OPEN, limit=limit).number for limit in range(1, 6)]
    own, rows, where = program(), [], "/decisions?limit=2"
    while where:
        answer = own.get(where)
        rows += [row["number"] for row in answer.json["items"]]
        where = (answer.json["next"] or "").removeprefix("/api/v1")
        assert answer.json["total"] == len(numbers)
    assert rows == sorted(numbers, reverse=True)
    assert program("mia").get("/decisions").json == {"items": [], "total": None, "limit": 25, "next": None}


def test_jobs_are_found_by_words_state_and_what_they_name(program: AsProgram):
    own = program()
    ids = lambda path: [row["id"] for row in own.get(path).json["items"]]  # noqa: E731
    assert ids("/jobs?search=wing") == [OPEN]
    assert ids("/jobs?status=done") == [DONE]
    assert set(ids("/jobs?status=all&type=boiler%20repair&customer=oak")) == {OPEN, DONE}
    assert ids("/jobs?asset=b-7&site=oak-1") == [OPEN]
    assert ids("/jobs?customer=%00") == ids("/jobs?customer=nobody") == []


def test_every_kind_of_evidence_has_a_form_with_all_of_its_fields():
    assert IN.keys() == OUT.keys() == KINDS.keys()
    for kind, cls in KINDS.items():
        names = {one.name for one in fields(cls)} | {"kind"}
        assert set(IN[kind].model_fields) == set(OUT[kind].model_fields) == names
    assert FORMS


def test_a_fact_comes_back_as_it_went_in(program: AsProgram, workspace: Workspace):
    own = program()
    body = {"kind": "assessment", "worker": ANNA, "skill": "boiler", "level": 4.5, "rater": "Möller", "note": "<b>"}
    made = own.post("/evidence", {**body, "id": "x / 1", "time": "2026-11-20T10:00:00+02:00", "source": "hr"})
    assert made.status_code == 201
    fact = next(one for one in workspace.catalogue.facts(ANNA) if one.key == ("hr", "x / 1"))
    assert isinstance(fact, Assessment)
    assert (fact.level, fact.rater, fact.time.isoformat()) == (4.5, "Möller", "2026-11-20T08:00:00+00:00")
    listed = own.get(f"/workers/{ANNA}/evidence").json["items"]
    assert made.json["evidence"] in listed
    again = own.post("/evidence", {**body, "id": "x / 1", "time": "2026-11-20T08:00:00Z", "source": "hr"})
    assert (again.status_code, again.json["status"]) == (200, "unchanged")
