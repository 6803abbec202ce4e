"""Every role at every address: what the table says, what docs/roles.md says, and what the pages do are the same."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from skillmatch.accounts import Role
from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.observation import Result
from skillmatch.model import Booking, Customer, NoteKind
from skillmatch.workspace import NewNote, Workspace
from skillmatch_web.roles import TABLE, Access
from skillmatch_web.sight import LIMITS
from tests.web.conftest import (
    ANNA,
    BARE,
    BEN,
    BEN_CLAIM,
    CAST,
    CLAIM,
    CREW,
    CURTIS,
    CURTIS_CLAIM,
    CUSTOMERS,
    DONE,
    DORA,
    EVA,
    NOW,
    OPEN,
    STRANGE,
    AsWho,
    signed_in,
)
from tests.web.forms import open_form, record, text_of
from tests.web.test_pages import account_of, invitation, kept_plan, segment

PEOPLE = ("ben", "sam", "stella", "mia", "rita")
OWN_WORKER = {"ben": BEN, "sam": ANNA, "stella": ANNA, "mia": CURTIS, "rita": ANNA}
NEEDED = {
    "job": {"job"},
    "worker": {"worker"},
    "number": {"decision"},
    "source": {"outcome"},
    "id": {"outcome"},
    "claim": {"claim"},
    "plan": {"plan"},
}
NEEDED |= {name: {name} for name in ("site", "customer", "note", "table")}
"""The limits, one of which an endpoint needs for each id of the company's in its address."""
NO_DATA = {"account", "token", "what", "filename", "asset", "upload", "hook", "delivery", "secret", "form"}
HOOK = "f" * 32


@pytest.fixture(autouse=True)
def outcome_of_curtis(workspace: Workspace) -> None:
    """Let South have done something."""
    workspace.record(
        JobOutcome(id="c", worker=CURTIS, time=NOW - timedelta(days=5), job=DONE, result=Result.REWORK, note="leaks")
    )


@pytest.fixture(autouse=True)
def webhook(workspace: Workspace) -> None:
    """Let somebody be told what happens, at an address that nothing is sent to."""
    workspace.private_webhooks = True
    workspace.webhooks.add("http://127.0.0.1:9/", events=["job.finished"], id=HOOK)
    workspace.webhooks.test(HOOK)
    workspace.private_webhooks = False


def csrf(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
    assert found
    return found[1]


def address(app: Flask, endpoint: str, **values: Any) -> str:
    with app.test_request_context(base_url="http://localhost"):
        return url_for(endpoint, **values)


def ids_for(app: Flask, who: str, number: int) -> dict[str, Any]:
    """Return ids of what somebody may see, for any address."""
    worker = OWN_WORKER[who]
    source, id = ("typed in", "c") if worker == CURTIS else ("old / system", f"{worker}-0")
    return {
        "job": DONE,
        "worker": worker,
        "number": number,
        "source": source,
        "id": id,
        "skill": "boiler",
        "claim": {BEN: BEN_CLAIM, CURTIS: CURTIS_CLAIM, ANNA: CLAIM}[worker],
        "upload": "none",
        "account": account_of(app, "gone"),
        "site": "oak-1",
        "customer": "oak",
        "note": note_left(app),
        "plan": kept_plan(app, *CAST[who].get("teams", ())),
        "what": "enable",
        "token": "none",
        "hook": HOOK,
        "delivery": 1,
        "secret": "none",
        "form": "xlsx",
        "table": "jobs",
        "filename": "style.css",
    }


def note_left(app: Flask) -> str:
    """Leave a note at the site of Oak Street, and return its id."""
    workspace: Workspace = app.extensions["skillmatch"]
    stella = workspace.accounts.named("stella")
    assert stella is not None
    new = NewNote(token_hex(8), "oak-1", NoteKind.NOTE, "The valve sticks")
    return workspace.notes.write(new, by=stella)[0].id


def decision_of(client: FlaskClient) -> int:
    """Open a job, and return the number of the decision that was kept; 1 for whoever makes none."""
    found = re.search(r"/decisions/(\d+)/assign", client.get(f"/jobs/{BARE}").text)
    return int(found[1]) if found else 1


def rules_of(app: Flask) -> list[Rule]:
    """Return the addresses of pages; those of programs have a table of their own, see tests/web/api/test_access.py."""
    return [rule for rule in app.url_map.iter_rules() if not rule.endpoint.startswith("api.")]


def test_every_endpoint_has_an_entry_and_every_entry_an_endpoint(app: Flask):
    assert {rule.endpoint for rule in rules_of(app)} == set(TABLE)


def test_an_endpoint_looks_or_sends_as_its_entry_says(app: Flask):
    for rule in rules_of(app):
        entry, methods = TABLE[rule.endpoint], rule.methods or set()
        assert (bool(entry.get), bool(entry.post)) == ("GET" in methods, "POST" in methods), rule.endpoint


def test_every_id_in_an_address_is_limited(app: Flask):
    for rule in rules_of(app):
        for argument in rule.arguments - NO_DATA - {"skill"}:
            assert NEEDED[argument] & set(TABLE[rule.endpoint].limits), (rule.endpoint, argument)
    assert {limit for entry in TABLE.values() for limit in entry.limits} == set(LIMITS)


def test_the_table_of_the_documents_is_that_of_the_code():
    page = (Path(__file__).parents[2] / "docs/roles.md").read_text(encoding="utf-8").split("## Programs")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if "| `" in line]
    roles = (Role.WORKER, Role.SCHEDULER, Role.MANAGER, Role.ADMINISTRATOR)
    said = {row[1].strip("`"): row[2:] for row in rows}
    assert len(said) == len(rows)
    assert said == {
        endpoint: [
            method := "GET" if entry.get else "POST",
            *("yes" if entry.allows(role, method) else "no" for role in roles),
            "yes" if entry.open else "no",
            ", ".join(entry.limits),
        ]
        for endpoint, entry in TABLE.items()
    }


@pytest.mark.parametrize("who", PEOPLE)
def test_what_a_role_may_do_is_done_and_all_else_is_not_there(app: Flask, who: str):
    role, client = CAST[who]["role"], signed_in(app, who)
    if who == "ben":  # he sees the site of what is promised to him
        with app.extensions["skillmatch"]._store.write() as transaction:
            transaction.save_nouns(Booking, [Booking(OPEN, BEN, NOW, 60.0)], revision=transaction.next_revision())
    number = decision_of(client)
    # What is taken back is not there any more, so that comes last.
    for rule in sorted(rules_of(app), key=lambda rule: rule.endpoint == "correction.take_back"):
        entry = TABLE[rule.endpoint]
        wanted = {name: value for name, value in ids_for(app, who, number).items() if name in rule.arguments}
        if rule.endpoint == "invitation.show" or rule.endpoint == "invitation.accept":
            wanted["token"] = invitation(app)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            if client.get("/account").status_code != 200:
                client = signed_in(app, who)
            data = {"csrf_token": csrf(client), "worker": OWN_WORKER[who]} if method == "POST" else {}
            answer = client.open(address(app, rule.endpoint, **wanted), method=method, data=data, buffered=True)
            if rule.endpoint in ("signing.demo", "calendar.feed") or rule.endpoint.startswith("sign_on."):
                assert answer.status_code == 404  # it is none, and has no provider: see test_sign_on
            elif entry.allows(role, method):
                assert answer.status_code in (200, 302, 303, 400, 401, 409), (rule.endpoint, method, answer.text)
                assert answer.status_code != 401 or rule.endpoint == "signing.sign_in"
            else:
                assert answer.status_code == 404, (rule.endpoint, method)
                assert "There is no such page" in text_of(answer.text)


def test_who_is_signed_out_sees_only_what_is_open(app: Flask, workspace: Workspace):
    client = app.test_client()
    ids = ids_for(app, "rita", 1)
    revision = workspace.rank(OPEN).revision
    for rule in rules_of(app):
        wanted = {name: value for name, value in ids.items() if name in rule.arguments}
        where = address(app, rule.endpoint, **wanted)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            data = {"csrf_token": csrf(client)} if method == "POST" else {}
            answer = client.open(where, method=method, data=data, buffered=True)
            if TABLE[rule.endpoint].open:
                assert answer.status_code in (200, 303, 401, 404), rule.endpoint
            elif method == "GET":
                assert answer.status_code == 302
                assert answer.location.startswith("/sign-in")
            else:
                assert answer.status_code == 401
                assert "Your session has ended" in text_of(answer.text)
    for where in ("/nowhere", "/jobs/a/b/c", "/workers/nobody"):
        assert client.get(where).location.startswith("/sign-in")
    assert workspace.rank(OPEN).revision == revision


def test_an_endpoint_without_an_entry_answers_nobody(app: Flask, monkeypatch: pytest.MonkeyPatch):
    client = signed_in(app)
    monkeypatch.delitem(TABLE, "workers.show")
    assert client.get("/workers").status_code == 404


def test_no_role_uses_other_methods(app: Flask):
    client = signed_in(app)
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "CONNECT"):
        token = {"X-CSRFToken": csrf(client)}
        assert client.open("/workers", method=method, headers=token).status_code == 405
        assert not Access(get=frozenset(Role), post=frozenset(Role)).allows(Role.ADMINISTRATOR, method)


HIDDEN = {"sam": (CURTIS, DORA, EVA), "mia": (ANNA, BEN, EVA), "ben": (ANNA, CURTIS, DORA, EVA)}
NAMES = {ANNA: "Anna", BEN: "Ben Osei", CURTIS: "Curtis", DORA: "Dora", EVA: "Eva Brandt"}
MISSING = "nobody at all"


def same_answer(client: FlaskClient, hidden: str, missing: str, ids: tuple[str, str]) -> None:
    """Assert that what is hidden answers as what is missing does, but for the id that was asked for."""
    texts = []
    for where, id in zip((hidden, missing), ids, strict=True):
        answer = client.get(where)
        assert answer.status_code == 404, where
        text = re.sub(r'name="csrf_token" value="[^"]+"', "", unescape(answer.text))
        # Advice names what is seen and is like what was asked for: another test has looked at whom it names.
        text = re.sub(r"; did you mean '[^']*'\?", ".", text)
        texts.append(re.sub(rf"(?<=[ '/]){re.escape(id)}(?=[' .,:<])", "ID", text.replace(repr(id), "'ID'")))
    assert texts[0] == texts[1]


@pytest.mark.parametrize("who", ["sam", "mia", "ben"])
def test_workers_who_are_not_seen_answer_as_if_they_were_not_there(app: Flask, who: str):
    client = signed_in(app, who)
    for worker in HIDDEN[who]:
        for shape in ("/workers/{}", "/workers/{}/skills/boiler", "/workers/{}/skills/none"):
            same_answer(client, shape.format(segment(worker)), shape.format(segment(MISSING)), (worker, MISSING))
        if who != "ben":
            shape = f"/jobs/{OPEN}/workers/{{}}"
            same_answer(client, shape.format(segment(worker)), shape.format(segment(MISSING)), (worker, MISSING))


def test_advice_on_an_id_knows_only_who_is_seen(as_who: AsWho):
    assert "did you mean" not in as_who("mia").get("/workers/ana").text
    assert "did you mean 'anna'" in text_of(as_who("sam").get("/workers/ana").text)
    assert "did you mean" not in as_who("ben").get("/workers/ana").text


@pytest.mark.parametrize(("who", "id", "seen"), [("sam", "c", False), ("mia", "c", True), ("ben", "c", False)])
def test_an_outcome_is_seen_with_its_worker(as_who: AsWho, who: str, id: str, seen: bool):
    client = as_who(who)
    where = f"/jobs/{DONE}/outcomes/{segment('typed in')}/"
    assert client.get(where + id).status_code == (200 if seen else 404)
    if not seen:
        same_answer(client, where + id, where + "zz", (id, "zz"))


def test_a_worker_sees_her_own_jobs_and_no_other(as_who: AsWho, workspace: Workspace):
    ben = as_who("ben")
    assert "0 of" not in text_of(ben.get("/?status=open").text)
    assert "There is no open job." in text_of(ben.get("/?status=open").text)
    for job in (OPEN, BARE, CREW, STRANGE):
        same_answer(ben, f"/jobs/{segment(job)}", f"/jobs/{segment(MISSING)}", (job, MISSING))
    number = workspace.propose(OPEN).number
    workspace.assign(number, [BEN], reason="knows the house")
    assert "No hot water in the east wing" in ben.get("/?status=open").text
    page = ben.get(f"/jobs/{OPEN}").text
    assert "It makes a knocking noise" in page
    assert "+49 30 555 0100" in page
    for never in ("Candidates", "Score", "Assign …", "Record how", "Chance"):
        assert never not in text_of(page), never


def test_a_worker_sees_herself_in_full_and_others_by_name_only(as_who: AsWho):
    ben = as_who("ben")
    own = text_of(ben.get(f"/workers/{BEN}").text)
    assert "Boiler controls" in own
    assert ben.get(f"/workers/{BEN}/skills/boiler").status_code == 200
    assert ben.get(f"/jobs/{DONE}/outcomes/{segment('old / system')}/{BEN}-0").status_code == 200
    for where in ("/", "/?status=all", "/workers", f"/jobs/{DONE}", f"/workers/{BEN}"):
        page = unescape(ben.get(where).text)
        for worker in HIDDEN["ben"]:
            assert f"/workers/{segment(worker)}" not in page, (where, worker)
        for phone in ("901820-11", "90182013"):
            assert phone not in page
    assert "Anna Kovacs" in ben.get("/workers").text
    assert "Anna Kovacs" in ben.get(f"/jobs/{DONE}").text
    assert "Anna" not in ben.get("/workers?search=North").text  # by the team she could be told
    assert "Anna" in ben.get("/workers?search=ann").text


def test_what_an_outcome_changed_shows_a_worker_no_others(as_who: AsWho):
    page = text_of(as_who("ben").get(f"/jobs/{DONE}/outcomes/{segment('old / system')}/{BEN}-0").text)
    assert "What this changed about Ben Osei" in page
    assert "Who would be sent now" not in page


@pytest.mark.parametrize("who", ["sam", "mia"])
def test_pages_of_a_team_hold_nothing_of_another(app: Flask, workspace: Workspace, who: str):
    outsider = next(iter(HIDDEN[who]))
    workspace.assign(workspace.propose(OPEN).number, [outsider], reason="only she has time")
    client = signed_in(app, who)
    where = ["/", "/?status=all", "/workers", "/decisions", "/workers?search=e", "/account"]
    where += [f"/jobs/{segment(job)}" for job in (OPEN, STRANGE, BARE, CREW, DONE)]
    where += [f"/jobs/{OPEN}/diagnosis", f"/jobs/{OPEN}/needs", f"/jobs/{OPEN}/named"]
    where += ["/skills", *(f"/skills/{skill}?all=1&inferred=1" for skill in ("boiler", "pumps", "talk"))]
    where += [f"/jobs/{OPEN}?more=1", f"/jobs/{OPEN}/why?worker=e", f"/jobs/{OPEN}/workers/{OWN_WORKER[who]}"]
    for place in where:
        answer = client.get(place, follow_redirects=True)
        assert answer.status_code == 200, place
        page = unescape(answer.text)
        for worker in HIDDEN[who]:
            assert NAMES[worker] not in page, (place, worker)
            assert segment(worker) not in re.findall(r'(?:href|action|value)="([^"]*)"', page)
            assert f"/workers/{segment(worker)}" not in page
            assert f'value="{worker}"' not in page
        for phone in ("901820-11", "90182012") if who == "mia" else ("90182013",):
            assert phone not in page
    assert "3 workers of other teams are not shown." in text_of(client.get(f"/jobs/{OPEN}/diagnosis").text)
    assert "somebody of another team" in text_of(client.get(f"/jobs/{OPEN}").text)
    assert "3 workers of other teams are not shown." in text_of(client.get("/workers").text)
    assert "3 workers of other teams are not shown." in text_of(client.get(f"/jobs/{OPEN}").text)


def test_a_note_on_somebody_of_another_team_is_hers(as_who: AsWho):
    assert "leaks" not in as_who("sam").get(f"/jobs/{DONE}").text
    assert "leaks" in as_who("mia").get(f"/jobs/{DONE}").text


def test_whom_a_customer_insists_on_is_not_told_to_another_team(as_who: AsWho, workspace: Workspace):
    insisting: Customer = replace(CUSTOMERS[0], preferred=(), required=(CURTIS,))
    with workspace._store.write() as transaction:
        transaction.save_nouns(Customer, [insisting], revision=transaction.next_revision())
    assert f"accepts only {CURTIS}" in text_of(as_who("stella").get(f"/jobs/{OPEN}").text)
    page = text_of(as_who("sam").get(f"/jobs/{OPEN}").text)
    assert "accepts only 1 of other teams" in page
    assert "Only these somebody of another team" in page


def test_ranks_are_those_among_ones_own_teams(as_who: AsWho, workspace: Workspace):
    south = [one.worker.id for one in workspace.rank(OPEN).candidates if one.worker.team == "South"]
    page = as_who("mia").get(f"/jobs/{OPEN}").text
    listed = page[page.index('class="candidates"') : page.index("</ol>", page.index('class="candidates"'))]
    found = re.findall(r'<h3><a href="/workers/([^"]+)">', unescape(listed))
    assert found == [segment(worker) for worker in south]
    assert [int(rank) for rank in re.findall(r"Rank</span> (\d+)", listed)] == [1, 2]
    assert workspace.decisions(job=OPEN)[0].teams == ("South",)


def test_a_decision_is_seen_by_those_whose_teams_it_was_made_among(as_who: AsWho):
    clients = {who: as_who(who) for who in ("sam", "mia", "stella", "rita")}
    numbers = {who: decision_of(client) for who, client in clients.items()}
    assert numbers["stella"] == numbers["rita"]  # the same question within ten minutes
    assert len(set(numbers.values())) == 3
    for who, client in clients.items():
        for other, number in numbers.items():
            seen = who == other or who in ("stella", "rita")
            for where in (f"/decisions/{number}", f"/decisions/{number}?replay=1", f"/decisions/{number}/assign"):
                assert (client.get(where).status_code != 404) == seen, (who, where)
    same_answer(clients["sam"], f"/decisions/{numbers['mia']}", "/decisions/99999", (str(numbers["mia"]), "99999"))
    text = text_of(clients["sam"].get("/decisions").text)
    assert "2 decisions among workers of other teams are not shown." in text
    assert "1 ranking shown, 0 decided." in text
    assert "3 rankings shown" in text_of(clients["rita"].get("/decisions").text)


def test_a_decision_among_a_team_is_replayed_among_it_to_the_bit(as_who: AsWho, workspace: Workspace):
    mia = as_who("mia")
    number = decision_of(mia)
    workspace.record(JobOutcome(id="x", worker=ANNA, time=NOW, job=OPEN, result=Result.FAILED))
    assert "Exactly the same" in text_of(mia.get(f"/decisions/{number}?replay=1").text)


def test_nobody_of_another_team_is_assigned_or_reported_on(as_who: AsWho, workspace: Workspace):
    sam, revision = as_who("sam"), workspace.rank(OPEN).revision
    sam.get(f"/jobs/{OPEN}")
    number = workspace.decisions(job=OPEN)[0].number
    said = []
    for worker in (CURTIS, MISSING):
        data = {"csrf_token": csrf(sam), "worker": worker, "reason": "x"}
        answer = sam.post(f"/decisions/{number}/assign", data=data)
        assert answer.status_code == 404
        said.append(text_of(answer.text).replace(repr(worker), "ID"))
        outcome = {"worker": worker, "result": "failed"}
        answer = record(sam, OPEN, **outcome)
        assert answer.status_code == 400
        assert f"there is no worker {worker!r}" in text_of(answer.text)
    assert said[0] == said[1]
    answer = record(sam, OPEN, other="Curtis", result="failed")
    assert "There is no worker “Curtis”." in text_of(answer.text)
    assert workspace.rank(OPEN).revision == revision


def test_a_team_can_be_sent_and_reported_on_by_its_scheduler(as_who: AsWho, workspace: Workspace):
    sam = as_who("sam")
    page = sam.get(f"/jobs/{OPEN}").text
    number = workspace.decisions(job=OPEN)[0].number
    first = workspace.decisions(job=OPEN)[0].first
    data = {"csrf_token": csrf(sam), "worker": first}
    assert first in (ANNA, BEN)
    assert "somebody of another team" not in page
    assert sam.post(f"/decisions/{number}/assign", data=data).status_code == 303
    assert workspace.decision(number).by == "Sam Adler (sam)"
    answer = sam.post(f"/jobs/{OPEN}/outcome", data={**open_form(sam, OPEN), "worker": first, "result": "failed"})
    assert "Recorded by Sam Adler (sam)." in text_of(sam.get(answer.location).text)


def test_navigation_leads_only_where_one_may_go(as_who: AsWho):
    shown = {}
    for who in PEOPLE:
        page = as_who(who).get("/", follow_redirects=True).text
        shown[who] = re.findall(r">([^<>]+)</a>", page[page.index("<nav") : page.index("</nav>")])
    dispatch = ["Decisions", "Skills matrix", "Certificates that run out", "Suggestions", "Downloads"]
    managing = [
        "Decisions",
        "Skills matrix",
        "Where we are thin",
        "Load",
        "Certificates that run out",
        "Disputes",
        "Suggestions",
        "Downloads",
    ]
    daily = ["Overview", "Jobs", "Day plan", "Customers", "Workers", "Skills", "Approvals"]
    assert shown == {
        "ben": ["Today", "Your skills", "Jobs", "Customers", "Workers", "Skills"],
        **{who: ["Jobs", "Day plan", "Customers", "Workers", "Skills", *dispatch] for who in ("sam", "stella")},
        "mia": [*daily, *managing],
        "rita": [*daily, *managing, "Accounts", "Webhooks"],
    }
