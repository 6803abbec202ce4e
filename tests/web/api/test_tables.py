"""Tables by the API: CSV or Excel as it is asked for, as far as the account sees, and known by its ETag."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import pytest
from flask.testing import FlaskClient
from python_calamine import load_workbook

from skillmatch.beliefs.evidence import SelfReport
from skillmatch.model import Job
from skillmatch.workspace import Workspace
from skillmatch_web.roles import DOWNLOADS
from tests.web.api.conftest import PEOPLE, AsProgram
from tests.web.api.test_problems import check_problem
from tests.web.conftest import ANNA, BEN, CAST, CURTIS, DORA, EVIL, NOW, WORKERS, AsWho

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text, newline="")))


@pytest.mark.parametrize("who", PEOPLE)
def test_every_table_that_is_listed_is_there_with_its_columns_and_no_other(
    program: AsProgram, workspace: Workspace, who: str
):
    own, role = program(who), CAST[who]["role"]
    listed = own.get("/tables").json
    assert listed["limited"] == (who in ("ben", "sam", "mia"))
    assert [one["name"] for one in listed["items"]] == [
        name for name in workspace.downloads.names if role in DOWNLOADS[name]
    ]
    for one in listed["items"]:
        answer = own.get(f"/tables/{one['name']}")
        assert answer.status_code == 200
        assert answer.text.splitlines()[0].split(",") == one["columns"]
        assert answer.headers["X-Total-Count"] == str(len(rows(answer.text)))
        assert one["holds"]
    for name in set(workspace.downloads.names) - {one["name"] for one in listed["items"]} | {"account", "api_token"}:
        check_problem(own.get(f"/tables/{name}"), "not-found")


def test_a_table_is_the_one_of_the_page(program: AsProgram, as_who: AsWho):
    for who in ("sam", "mia", "stella", "rita"):
        for table in ("workers", "jobs", "outcomes", "customers"):
            page = as_who(who).get(f"/downloads/{table}.csv", buffered=True).data
            assert page.decode("utf-8-sig").encode() == program(who).get(f"/tables/{table}").data


@pytest.mark.parametrize(
    ("accept", "query", "form"),
    [
        (None, "", "csv"),
        ("*/*", "", "csv"),
        ("text/*", "", "csv"),
        ("text/csv", "", "csv"),
        (EXCEL, "", "xlsx"),
        (f"text/csv;q=0.5, {EXCEL}", "", "xlsx"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "", "csv"),
        ("application/json", "?format=xlsx", "xlsx"),
        (EXCEL, "?format=csv", "csv"),
    ],
)
def test_the_form_is_the_one_that_is_asked_for(program: AsProgram, accept: str | None, query: str, form: str):
    answer = program().get(f"/tables/workers{query}", headers={"Accept": accept} if accept else {})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f"attachment; filename=workers-2026-11-21.{form}"
    assert "Accept" in answer.vary
    if form == "csv":
        assert answer.content_type == "text/csv; charset=utf-8"
        assert [row["id"] for row in rows(answer.text)] == [worker.id for worker in WORKERS]
    else:
        assert answer.content_type == EXCEL
        sheet = load_workbook(BytesIO(answer.data)).get_sheet_by_name("workers").to_python()
        assert [row[0] for row in sheet[1:]] == [worker.id for worker in WORKERS]


def test_what_cannot_be_is_refused_in_words(program: AsProgram):
    own = program()
    found = check_problem(own.get("/tables/skills", headers={"Accept": "application/json"}), "not-acceptable")
    assert "text/csv" in found["detail"]
    for query in ("format=pdf", "format=", "format=CSV", "limit=3", "format=csv&x=1"):
        check_problem(own.get(f"/tables/skills?{query}"), "invalid")
    check_problem(own.get("/tables/%3Cscript%3E"), "not-found")
    check_problem(own.get("/tables/" + "x" * 500), "not-found")
    assert "did you mean 'skills'" in check_problem(own.get("/tables/skils"), "not-found")["detail"]
    assert "did you mean" not in check_problem(program("mia").get("/tables/merge"), "not-found")["detail"]
    check_problem(own.post("/tables/skills", {}), "method")
    check_problem(program("rita", "jobs:write").get("/tables/skills"), "forbidden")


def test_a_table_that_is_known_is_not_sent_again_until_something_is_written(program: AsProgram, workspace: Workspace):
    sam, path = program("sam"), "/tables/self_reports"
    first = sam.get(path)
    etag = first.headers["ETag"]
    assert etag.startswith('W/"')
    known = sam.get(path, headers={"If-None-Match": etag})
    assert (known.status_code, known.data, known.headers["ETag"]) == (304, b"", etag)
    assert sam.get(f"{path}?format=xlsx", headers={"If-None-Match": etag}).status_code == 200
    assert program("stella").get(path, headers={"If-None-Match": etag}).status_code == 200
    workspace.record(SelfReport(id="new", worker=BEN, time=NOW, skill="talk", level=2.0))
    again = sam.get(path, headers={"If-None-Match": etag})
    assert again.status_code == 200
    assert int(again.headers["X-Total-Count"]) == int(first.headers["X-Total-Count"]) + 1
    account = workspace.accounts.named("sam")
    assert account is not None
    workspace.accounts.change(account.id, teams=("South",))
    moved = sam.get(path, headers={"If-None-Match": again.headers["ETag"]})
    assert moved.status_code == 200
    assert {row["worker"] for row in rows(moved.text)} == {DORA}


@pytest.mark.parametrize(("who", "seen"), [("ben", {BEN}), ("sam", {ANNA, BEN}), ("mia", {CURTIS, DORA})])
def test_a_table_holds_rows_about_whom_the_account_sees(program: AsProgram, who: str, seen: set[str]):
    own = program(who)
    assert {row["id"] for row in rows(own.get("/tables/workers").text)} == seen
    for table in ("outcomes", "self_reports", "assessments", "certifications"):
        assert {row["worker"] for row in rows(own.get(f"/tables/{table}").text)} <= seen
    for worker in WORKERS:
        assert worker.id in seen or not worker.phone or worker.phone not in own.get("/tables/workers").text


def test_a_formula_stays_text_and_script_is_no_page(program: AsProgram, workspace: Workspace, client: FlaskClient):
    with workspace._store.write() as transaction:
        job = Job("F", "=1+1", text=EVIL)
        transaction.save_nouns(Job, [job], revision=transaction.next_revision())
    answer = program().get("/tables/jobs")
    row = next(row for row in rows(answer.text) if row["id"] == "F")
    assert (row["title"], row["text"]) == ("'=1+1", EVIL)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    sheet = load_workbook(BytesIO(program().get("/tables/jobs?format=xlsx").data)).get_sheet_by_name("jobs")
    assert "=1+1" in {cell for row in sheet.to_python() for cell in row}
