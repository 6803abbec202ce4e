"""Downloads: every table whole for administrators and read back by the import; for others what they see on pages."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zipfile import ZipFile

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import load_workbook

from skillmatch.accounts import Role
from skillmatch.beliefs.evidence import KINDS, Assessment, DisputeEffect, Evidence, JobOutcome, Retraction, Verdict
from skillmatch.beliefs.observation import Result
from skillmatch.model import (
    Booking,
    Correction,
    Customer,
    Job,
    Leave,
    Link,
    LinkKind,
    Merge,
    NoteKind,
    NoteStatus,
    Noun,
    Shift,
    SiteNote,
    Skill,
)
from skillmatch.workspace import Workspace
from skillmatch_web.roles import DOWNLOADS
from skillmatch_web.tables import TABLES
from tests.web.conftest import ANNA, BEN, CAST, CURTIS, DONE, DORA, EVA, EVIL, JOBS, NOW, OPEN, TODAY, AsWho, signed_in
from tests.web.test_pages import segment

ROLES = (Role.WORKER, Role.SCHEDULER, Role.MANAGER, Role.ADMINISTRATOR)
FORMULA = "=HYPERLINK(1)"
OF_FACTS = ("retractions", "disputes", "dispute_decisions")
WISHES = ("preferred", "required", "excluded")
ONE_EACH: dict[str, dict[str, Any]] = {
    "customer_rating": {"job": DONE, "stars": 4.0},
    "self_report": {"skill": "talk", "level": 3.0},
    "assessment": {"skill": "talk", "level": 4.0, "rater": "Foreman"},
    "endorsement": {"skill": "talk", "level": 4.0, "rater": "a peer"},
    "override": {"skill": "talk", "level": 5.0, "rater": "Foreman"},
    "training": {"skill": "talk", "level": 2.0, "course": "@course"},
    "revocation": {"type": "lifts", "reason": "-1"},
    "exemption": {"type": "lifts", "until": TODAY + timedelta(days=9), "granted_by": "Foreman"},
    "declined": {"job": OPEN, "reason": "too far"},
    "learning_wish": {"skill": "pumps"},
    "skill_declined": {"skill": "pumps"},
    "retraction": {"retracts_source": "typed in", "retracts_id": "wrong-{}"},
    "dispute": {"disputes_source": "typed in", "disputes_id": "assessment-{}", "effect": DisputeEffect.KEEP},
    "dispute_decided": {
        "decides_source": "typed in",
        "decides_id": "dispute-{}",
        "verdict": Verdict.REJECTED,
        "decided_by": "Foreman",
    },
}


def facts_about(worker: str) -> Iterator[Evidence]:
    """Yield a fact of every kind that the company has none of."""
    day = NOW - timedelta(days=4)
    yield Assessment(id=f"wrong-{worker}", worker=worker, time=day, skill="talk", level=1.0, rater="Foreman")
    for number, (kind, values) in enumerate(ONE_EACH.items()):
        told = {name: value.format(worker) if isinstance(value, str) else value for name, value in values.items()}
        yield KINDS[kind](id=f"{kind}-{worker}", worker=worker, time=day + timedelta(minutes=number), **told)


def left(number: int, kind: NoteKind, status: NoteStatus, worker: str) -> SiteNote:
    words = f"{kind} {number} {status}"
    return SiteNote(f"n{number}-{worker}", "oak-1", kind, words, NOW, f"By {worker}", worker, status=status)


def fill(workspace: Workspace) -> None:
    """Let there be rows in every table, about workers of both teams."""
    people = (ANNA, BEN, CURTIS)
    nouns: dict[type[Noun], list[Noun]] = {
        Skill: [Skill("chat", "Chatting")],
        Link: [Link("talk", "boiler", LinkKind.RELATED, 0.3)],
        Merge: [Merge("chat", "talk", NOW, "rita", "the same")],
        Correction: [Correction("knocking", "pumps", True, "rita")],
        Shift: [Shift(worker, 0, 480, 960) for worker in people],
        Leave: [Leave(worker, TODAY, TODAY, f"ill {worker}") for worker in people],
        Booking: [Booking(OPEN, worker, NOW + timedelta(hours=9), 60.0) for worker in people],
        SiteNote: [
            left(number, kind, status, worker)
            for worker in people
            for number, (kind, status) in enumerate(
                [
                    (NoteKind.NOTE, NoteStatus.OPEN),
                    (NoteKind.SUGGESTION, NoteStatus.OPEN),
                    (NoteKind.NOTE, NoteStatus.WITHDRAWN),
                ]
            )
        ],
        Customer: [
            Customer("elm", FORMULA, "+49 30 1", (ANNA, CURTIS), until=((ANNA, TODAY), (CURTIS, TODAY))),
        ],
        Job: [Job("F", FORMULA, text="@SUM(A1)", excluded=(BEN, CURTIS), required=(DORA,))],
    }
    with workspace._store.write() as transaction:
        revision = transaction.next_revision()
        for cls, own in nouns.items():
            transaction.save_nouns(cls, own, revision=revision)
    for worker in people:
        for fact in facts_about(worker):
            workspace.record(fact)
    workspace.record(JobOutcome(id="c", worker=CURTIS, time=NOW - timedelta(days=5), job=DONE, result=Result.REWORK))


@pytest.fixture(scope="module")
def full_file(company_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the company with rows in every table."""
    file = Path(shutil.copy(company_file, tmp_path_factory.mktemp("full")))
    with Workspace.open(f"sqlite:///{file}", clock=lambda: NOW) as opened:
        fill(opened)
    return file


@pytest.fixture
def workspace(full_file: Path, tmp_path: Path) -> Iterator[Workspace]:
    """That company, for one test alone."""
    file = shutil.copy(full_file, tmp_path)
    with Workspace.open(f"sqlite:///{file}", clock=lambda: NOW) as opened:
        yield opened


def taken(client: FlaskClient, where: str) -> bytes:
    answer = client.get(where, buffered=True)
    assert answer.status_code == 200, where
    assert answer.headers["Content-Length"] == str(len(answer.data))
    return answer.data


def rows(client: FlaskClient, table: str) -> list[dict[str, str]]:
    """Return the rows of a table that somebody takes away."""
    return list(csv.DictReader(StringIO(taken(client, f"/downloads/{table}.csv").decode("utf-8-sig"), newline="")))


def plain(id: str) -> str:
    """Return an id without the apostrophe that keeps a spreadsheet from running it."""
    return id.removeprefix("'")


def named(table: str, row: dict[str, str]) -> set[str]:
    """Return the ids of the workers that a row names."""
    one = row["id"] if table == "workers" else row.get("worker", "")
    wishes = ";".join(row.get(name, "") for name in (*WISHES, "until"))
    return {plain(one)} - {""} | {worker for worker in (ANNA, BEN, CURTIS, DORA, EVA) if worker in wishes}


def test_every_table_has_words_roles_and_rows_and_is_offered(client: FlaskClient, workspace: Workspace):
    assert set(TABLES) == set(DOWNLOADS) == set(workspace.downloads.names)
    page = client.get("/downloads").text
    for name in workspace.downloads.names:
        assert rows(client, name), name
        for form in ("csv", "xlsx"):
            assert f'href="/downloads/{name}.{form}"' in page
            answer = client.get(f"/downloads/{name}.{form}", buffered=True)
            assert answer.status_code == 200, name
            assert answer.headers["Content-Disposition"] == f"attachment; filename={name}-2026-11-21.{form}"


def test_the_roles_of_the_documents_are_those_of_the_code():
    page = (Path(__file__).parents[2] / "docs/roles.md").read_text(encoding="utf-8").split("## Downloads")[1]
    found = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if "| `" in line]
    said = {row[1].strip("`"): row[2:6] for row in found}
    assert len(said) == len(found)
    assert said == {
        table: ["yes" if role in allowed else "no" for role in ROLES] for table, allowed in DOWNLOADS.items()
    }


def test_a_table_has_every_row(client: FlaskClient):
    text = taken(client, "/downloads/jobs.csv").decode("utf-8-sig")
    assert all(job.title in text.replace('""', '"') for job in JOBS)
    sheet = load_workbook(BytesIO(taken(client, "/downloads/jobs.xlsx"))).get_sheet_by_name("jobs").to_python()
    assert len(sheet) == len(JOBS) + 2
    assert EVIL in {cell for row in sheet for cell in row}


def test_an_empty_table_has_its_header(client: FlaskClient, workspace: Workspace):
    workspace.record(Retraction(id="r", worker=ANNA, time=NOW, retracts_source="typed in", retracts_id="training-anna"))
    for worker in (BEN, CURTIS):
        fact = {"retracts_source": "typed in", "retracts_id": f"training-{worker}"}
        workspace.record(Retraction(id=f"r {worker}", worker=worker, time=NOW, **fact))
    assert taken(client, "/downloads/trainings.csv") == "\ufeffid,worker,time,source,skill,level,course\r\n".encode()
    sheet = openpyxl.load_workbook(BytesIO(taken(client, "/downloads/trainings.xlsx")))["trainings"]
    assert [[cell.value for cell in row] for row in sheet.rows] == ["id worker time source skill level course".split()]


def test_what_would_be_a_formula_stays_text_in_both_forms(client: FlaskClient):
    text = taken(client, "/downloads/jobs.csv").decode()
    assert "'=HYPERLINK(1)" in text
    assert "'@SUM(A1)" in text
    for table, column in (("jobs", "title"), ("customers", "name"), ("trainings", "course"), ("revocations", "reason")):
        cells = [row[column] for row in rows(client, table)]
        assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r")], table
        assert any(cell[:1] == "'" for cell in cells), table
        sheet = openpyxl.load_workbook(BytesIO(taken(client, f"/downloads/{table}.xlsx")))[table]
        assert {cell.data_type for row in sheet.rows for cell in row} <= {"s", "n"}, table
    known = ZipFile(BytesIO(taken(client, f"/workers/{ANNA}/known.zip")))
    assert "'@course" in known.read("trainings.csv").decode()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_each_table_is_imported_again_unchanged(client: FlaskClient, workspace: Workspace, tmp_path: Path, form: str):
    before = {name: taken(client, f"/downloads/{name}.csv") for name in workspace.downloads.names}
    for name in workspace.downloads.names:
        file = tmp_path / f"{name}.{form}"
        file.write_bytes(taken(client, f"/downloads/{name}.{form}"))
        report = workspace.import_path(file)
        assert (report.problems, report.added, report.changed) == ([], {}, {}), name
        assert sum(report.unchanged.values()) == len(rows(client, name)), name
    assert {name: taken(client, f"/downloads/{name}.csv") for name in before} == before


@pytest.mark.parametrize("form", ["zip", "xlsx"])
def test_the_whole_company_is_read_back_to_the_last_cell(client: FlaskClient, tmp_path: Path, form: str):
    source = tmp_path / "company.xlsx"
    if form == "zip":
        source = tmp_path / "tables"
        ZipFile(BytesIO(taken(client, "/downloads/all.zip"))).extractall(source)
    else:
        source.write_bytes(taken(client, "/downloads/all.xlsx"))
    with Workspace.open(f"sqlite:///{tmp_path / 'other.db'}", clock=lambda: NOW) as other:
        assert not other.import_path(source).problems
        for name in set(other.downloads.names) - set(OF_FACTS):
            copy = BytesIO()
            other.downloads.write(name, copy, "csv", marked=True)
            assert copy.getvalue() == taken(client, f"/downloads/{name}.csv"), name


def test_what_is_no_table_is_not_there_and_workers_have_none_of_these_pages(client: FlaskClient, as_who: AsWho):
    for where in (
        "/downloads/account.csv",
        "/downloads/jobs.exe",
        "/downloads/all.csv",
        f"/downloads/{quote(EVIL)}.csv",
    ):
        assert client.get(where).status_code == 404, where
    ben = as_who("ben")
    for where in ("/downloads", "/downloads/all.zip", "/downloads/workers.csv"):
        assert ben.get(where).status_code == 404
    for who in ("stella", "sam", "mia"):
        own = as_who(who)
        assert own.get("/downloads/merges.csv").status_code == own.get("/downloads/corrections.xlsx").status_code == 404
        assert "merges" not in own.get("/downloads").text


@pytest.mark.parametrize("who", ["sam", "mia", "stella"])
def test_every_row_is_about_somebody_who_is_seen_on_a_page_and_none_of_these_is_missing(
    as_who: AsWho, client: FlaskClient, who: str
):
    own = as_who(who)
    people = (ANNA, BEN, CURTIS, DORA, EVA)
    seen = {worker for worker in people if own.get(f"/workers/{segment(worker)}").status_code == 200}
    assert seen == set(people) if who == "stella" else 0 < len(seen) < len(people)
    for table in re.findall(r'href="/downloads/(\w+)\.csv"', own.get("/downloads").text):
        mine, everybodys = rows(own, table), rows(client, table)
        for row in mine:
            assert named(table, row) <= seen, (table, row)
        if table not in ("jobs", "customers", "site_notes"):  # of these parts are seen
            expected = [row for row in everybodys if named(table, row) <= seen]
            assert mine == [{**row, "reason": ""} if table == "leave" else row for row in expected], table
        else:
            assert len(mine) <= len(everybodys)


def test_wishes_name_only_who_is_seen_and_notes_are_without_who_wrote_them(as_who: AsWho):
    sam, mia = as_who("sam"), as_who("mia")
    elm = {
        who: next(row for row in rows(own, "customers") if row["id"] == "elm") for who, own in (("s", sam), ("m", mia))
    }
    assert (elm["s"]["preferred"], elm["s"]["until"]) == (ANNA, f"{ANNA}: {TODAY}")
    assert elm["m"]["preferred"] == CURTIS
    job = next(row for row in rows(sam, "jobs") if row["id"] == "F")
    assert (job["excluded"], job["required"]) == (BEN, "")
    notes = rows(sam, "site_notes")
    assert {row["text"] for row in notes} == {"note 0 open", "suggestion 1 open"}  # none that was taken back
    assert {(row["id"], row["worker"], row["by"]) for row in notes if CURTIS in row["id"]} == {(f"n0-{CURTIS}", "", "")}
    assert {row["by"] for row in notes if "anna" in row["id"]} == {"By anna"}


def test_why_somebody_is_away_is_for_administrators_and_for_herself(as_who: AsWho, client: FlaskClient):
    assert {row["reason"] for row in rows(client, "leave")} == {f"ill {worker}" for worker in (ANNA, BEN, CURTIS)}
    for who in ("sam", "stella", "mia"):
        assert {row["reason"] for row in rows(as_who(who), "leave")} == {""}
    for who, reason in (("ben", f"ill {BEN}"), ("sam", ""), ("rita", f"ill {BEN}")):
        book = openpyxl.load_workbook(BytesIO(taken(as_who(who), f"/workers/{BEN}/known.xlsx")))
        assert (book["leave"]["D2"].value or "") == reason, who


def test_everything_at_once_holds_the_same_tables(as_who: AsWho):
    for who in ("mia", "rita"):
        own = as_who(who)
        names = re.findall(r'href="/downloads/(\w+)\.csv"', own.get("/downloads").text)
        archive = ZipFile(BytesIO(taken(own, "/downloads/all.zip")))
        assert {Path(name).stem for name in archive.namelist()} == set(names) - set(OF_FACTS)
        for name in archive.namelist():
            assert archive.read(name) == taken(own, f"/downloads/{name}"), name
        assert set(openpyxl.load_workbook(BytesIO(taken(own, "/downloads/all.xlsx"))).sheetnames) == {
            Path(name).stem for name in archive.namelist()
        }


def test_a_worker_takes_away_all_that_is_known_about_her_and_nothing_of_others(as_who: AsWho, workspace: Workspace):
    ben = as_who("ben")
    page = ben.get(f"/workers/{BEN}").text
    assert "Everything that is known about you:" in page
    assert f'href="/workers/{BEN}/known.xlsx"' in page
    archive = ZipFile(BytesIO(taken(ben, f"/workers/{BEN}/known.zip")))
    paper = next(name for name in archive.namelist() if name.startswith("papers/"))
    assert archive.read(paper) == workspace.claims.file("d" * 32).content  # type: ignore[union-attr]
    tables = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist() if name != paper}
    for other in (ANNA, CURTIS, DORA, EVA, "901820-11"):
        assert not [name for name, text in tables.items() if other in text]
    found = {name: list(csv.DictReader(StringIO(text, newline=""))) for name, text in tables.items()}
    facts = [row["id"] for name in found for row in found[name] if "source" in row]
    expected = [fact.id for fact in workspace.catalogue.facts(BEN)]
    said_of_facts = {f"{kind}-{BEN}" for kind in ("retraction", "dispute", "dispute_decided")}
    assert sorted(facts) == sorted([*expected, *said_of_facts])
    assert {row["id"] for row in found["site_notes.csv"]} == {f"n{number}-{BEN}" for number in range(3)}
    assert [row["type"] for row in found["claims.csv"]] == ["gas / EU"]
    profile = workspace.profile(BEN)
    assert {row["skill_id"]: float(row["level"]) for row in found["levels.csv"]} == {
        row.skill.id: row.proficiency.level for row in profile.skills
    }
    assert "merges.csv" not in found
    assert "jobs.csv" not in found


def test_what_is_known_about_somebody_is_for_who_sees_her(as_who: AsWho):
    for who, worker, status in (("ben", ANNA, 404), ("sam", ANNA, 200), ("sam", CURTIS, 404), ("mia", CURTIS, 200)):
        for form in ("xlsx", "zip"):
            assert as_who(who).get(f"/workers/{segment(worker)}/known.{form}", buffered=True).status_code == status
    assert "Everything that is known about Anna Kovacs:" in as_who("sam").get(f"/workers/{ANNA}").text
    assert as_who("rita").get("/workers/nobody/known.zip").status_code == 404
    assert as_who("rita").get(f"/workers/{ANNA}/known.csv").status_code == 404


def test_the_page_says_whom_it_leaves_out(as_who: AsWho):
    assert "can be imported again" in as_who("rita").get("/downloads").text
    page = as_who("sam").get("/downloads").text
    assert "What is about 3 workers of other teams is left out." in page
    assert "Do not import such a file over the company" in page
    assert "is left out." not in as_who("stella").get("/downloads").text


def test_a_change_of_teams_holds_from_the_next_file_on(app: Flask, workspace: Workspace):
    sam, account = signed_in(app, "sam"), workspace.accounts.named("sam")
    assert account is not None
    assert {row["id"] for row in rows(sam, "workers")} == {ANNA, BEN}
    workspace.accounts.change(account.id, teams=("South",))
    assert {row["id"] for row in rows(sam, "workers")} == {CURTIS, DORA}
    assert CAST["sam"]["role"] in DOWNLOADS["workers"]


def test_a_file_that_cannot_be_written_is_a_page_that_says_why(client: FlaskClient, workspace: Workspace):
    with workspace._store.write() as transaction:
        long = Job("long", "x", text="y" * 40_000)
        transaction.save_nouns(Job, [long], revision=transaction.next_revision())
    answer = client.get("/downloads/jobs.xlsx")
    assert answer.status_code == 400
    assert "40,000 characters" in answer.text
    assert client.get("/downloads/jobs.csv", buffered=True).status_code == 200
