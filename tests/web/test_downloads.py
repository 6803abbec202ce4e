"""Downloads: every table, as it is on record, whole, and read back by the import."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from python_calamine import load_workbook

from skillmatch.model import Job
from skillmatch.workspace import Workspace
from skillmatch_web.pages.downloads import TABLES
from tests.web.conftest import EVIL, JOBS, NOW, AsWho


def test_every_table_has_words_and_is_offered(client: FlaskClient, workspace: Workspace):
    assert set(TABLES) == set(workspace.downloads.names)
    page = client.get("/downloads").text
    for name in workspace.downloads.names:
        for form in ("csv", "xlsx"):
            assert f'href="/downloads/{name}.{form}"' in page
            answer = client.get(f"/downloads/{name}.{form}")
            assert answer.status_code == 200, name
            assert f"{name}-2026-11-21.{form}" in answer.headers["Content-Disposition"]


def test_a_table_has_every_row(client: FlaskClient):
    text = client.get("/downloads/jobs.csv").data.decode("utf-8-sig")
    assert all(job.title in text.replace('""', '"') for job in JOBS)
    sheet = load_workbook(BytesIO(client.get("/downloads/jobs.xlsx").data)).get_sheet_by_name("jobs").to_python()
    assert len(sheet) == len(JOBS) + 1
    assert EVIL in {cell for row in sheet for cell in row}


def test_what_would_be_a_formula_stays_text(client: FlaskClient, workspace: Workspace):
    with workspace._store.write() as transaction:
        job = Job("F", "=HYPERLINK(1)", text="@SUM(A1)")
        transaction.save_nouns(Job, [job], revision=transaction.next_revision())
    text = client.get("/downloads/jobs.csv").text
    assert "'=HYPERLINK(1)" in text
    assert "'@SUM(A1)" in text


@pytest.mark.parametrize("form", ["zip", "xlsx"])
def test_the_whole_company_is_read_back(client: FlaskClient, workspace: Workspace, tmp_path: Path, form: str):
    content = client.get(f"/downloads/all.{form}").data
    source = tmp_path / "company.xlsx"
    if form == "zip":
        source = tmp_path / "tables"
        ZipFile(BytesIO(content)).extractall(source)
    else:
        source.write_bytes(content)
    with Workspace.open(f"sqlite:///{tmp_path / 'other.db'}", clock=lambda: NOW) as other:
        assert not other.import_path(source).problems
        assert other.workers() == workspace.workers()
        assert [job.id for job in other.open_jobs(status=None).jobs] == [
            job.id for job in workspace.open_jobs(status=None).jobs
        ]


def test_what_is_no_table_is_not_there_and_only_administrators_take_away(client: FlaskClient, as_who: AsWho):
    assert client.get("/downloads/account.csv").status_code == 404
    assert client.get("/downloads/jobs.exe").status_code == 404
    for who in ("ben", "sam", "stella", "mia"):
        assert as_who(who).get("/downloads/jobs.csv").status_code == 404
