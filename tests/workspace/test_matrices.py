"""Taking in a skills matrix: all or nothing, twice is once, a correction corrects, beliefs are what a rebuild has."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmatch.beliefs.evidence import Assessment, SelfReport
from skillmatch.errors import ImportStopped, Invalid, NotFound
from skillmatch.skills.linking import Correction
from skillmatch.workspace import Choices, Workspace
from tests.kit.company import company

ON = date(2026, 5, 20)
SHEET = "Name;Refrigeration;Kälte;Controls\nFrost, Anna;5;3;2\nBen Okafor;1;;4\n"
CHOICES = Choices({"Kälte": "cooling"})


@pytest.fixture
def workspace(database_url: str) -> Iterator[Workspace]:
    with company(database_url) as opened:
        yield opened


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return write(tmp_path / "sheet.csv", SHEET)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def facts(workspace: Workspace) -> list[SelfReport | Assessment]:
    every = [fact for worker in workspace.workers() for fact in workspace.profile(worker.id).evidence]
    return [fact for fact in every if isinstance(fact, SelfReport | Assessment)]


def levels(workspace: Workspace) -> dict[tuple[str, str], float]:
    return {(fact.worker, fact.skill): fact.level for fact in facts(workspace)}


def test_a_preview_shows_matches_and_what_is_open_and_writes_nothing(workspace: Workspace, sheet: Path):
    preview = workspace.read_matrix(sheet)
    assert [column.text for column in preview.open_columns] == ["Kälte"]
    assert not preview.ready
    assert workspace.read_matrix(sheet, choices=CHOICES).ready
    assert facts(workspace) == []


def test_a_sheet_becomes_self_reports_and_beliefs(workspace: Workspace, sheet: Path):
    report = workspace.import_matrix(sheet, on=ON, choices=CHOICES)
    assert report.added == {"corrections": 1, "evidence": 5}
    assert workspace.link("Kälte").links[0].skill == "cooling"
    assert workspace.read_matrix(sheet).ready
    assert report.corrections == (Correction("Kälte", "cooling", accepted=True),)
    assert levels(workspace) == {
        ("anna", "refrigeration"): 5.0,
        ("anna", "cooling"): 3.0,
        ("anna", "controls"): 2.0,
        ("ben", "refrigeration"): 1.0,
        ("ben", "controls"): 4.0,
    }
    fact = facts(workspace)[0]
    assert (type(fact), fact.source, fact.time) == (SelfReport, "matrix", datetime(2026, 5, 20, tzinfo=UTC))
    assert {row.skill.id for row in workspace.profile("ben").skills} >= {"refrigeration", "controls"}
    assert workspace.rebuild(check=True).differing == 0


def test_a_sheet_becomes_assessments_by_somebody(workspace: Workspace, sheet: Path):
    workspace.import_matrix(sheet, on=ON, choices=CHOICES, stated_as="assessment", by="Head of service")
    assert {(type(fact), fact.by) for fact in facts(workspace)} == {(Assessment, "Head of service")}
    assert workspace.import_matrix(sheet, on=ON, choices=CHOICES).added == {"evidence": 5}


def test_the_same_sheet_again_changes_nothing_also_under_another_name(workspace: Workspace, sheet: Path):
    workspace.import_matrix(sheet, on=ON, choices=CHOICES)
    once = [workspace.profile(worker.id) for worker in workspace.workers()]
    report = workspace.import_matrix(sheet.rename(sheet.with_name("copy.csv")), on=ON, choices=CHOICES)
    assert (report.added, report.changed, report.unchanged) == ({}, {}, {"corrections": 1, "evidence": 5})
    assert [workspace.profile(worker.id) for worker in workspace.workers()] == once


def test_a_corrected_sheet_corrects_and_another_day_is_another_statement(workspace: Workspace, sheet: Path):
    workspace.import_matrix(sheet, on=ON, choices=CHOICES)
    write(sheet, SHEET.replace("5;3;2", "4;3;2"))
    report = workspace.import_matrix(sheet, on=ON, choices=CHOICES)
    assert (report.added, report.changed, report.unchanged) == ({}, {"evidence": 1}, {"corrections": 1, "evidence": 4})
    assert levels(workspace)["anna", "refrigeration"] == 4.0
    assert workspace.import_matrix(sheet, on=date(2026, 5, 21), choices=CHOICES).added == {"evidence": 5}
    assert workspace.rebuild(check=True).differing == 0


def test_a_dry_run_says_the_same_and_keeps_nothing(workspace: Workspace, sheet: Path):
    report = workspace.import_matrix(sheet, on=ON, choices=CHOICES, dry_run=True)
    assert (report.added, report.notes) == ({"corrections": 1, "evidence": 5}, ["dry run: nothing was written"])
    assert facts(workspace) == []


def test_nothing_is_written_while_something_is_unmatched_or_unreadable(workspace: Workspace, tmp_path: Path):
    sheet = write(tmp_path / "s.csv", "Name;Refrigeration;Forklift\nAnna Frost;5;2\nZoe;3;3\nBen Okafor;?;1\n")
    with pytest.raises(ImportStopped, match=r"1 column of skills without a sure match, 1 person .*, 1 cell") as caught:
        workspace.import_matrix(sheet, on=ON)
    told = [str(problem) for problem in caught.value.report.problems]  # type: ignore[attr-defined]
    assert len(told) == 3
    assert any('--match "Forklift=SKILL"; "Forklift=" leaves it out' in text for text in told)
    assert any('--person "Zoe=WORKER"' in text for text in told)
    for skipped in ({"skip_bad": True}, {"skip_unmatched": True}):
        with pytest.raises(ImportStopped):
            workspace.import_matrix(sheet, on=ON, **skipped)
    assert facts(workspace) == []
    report = workspace.import_matrix(sheet, on=ON, skip_bad=True, skip_unmatched=True)
    assert len(report.problems) == 3
    assert levels(workspace) == {("anna", "refrigeration"): 5.0}


def test_who_stands_there_twice_stops_the_import(workspace: Workspace, tmp_path: Path):
    sheet = write(tmp_path / "s.csv", "Name;Refrigeration\nAnna Frost;5\nFrost, Anna;3\n")
    with pytest.raises(ImportStopped) as caught:
        workspace.import_matrix(sheet, on=ON, skip_unmatched=True)
    (problem,) = caught.value.report.problems  # type: ignore[attr-defined]
    assert "Anna Frost stands in A2 already" in problem.found


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"on": date(2026, 6, 2)}, "lies in the future"),
        ({"on": date(9999, 12, 31)}, "lies in the future"),
        ({"on": ON, "stated_as": "assessment"}, "an assessment by nobody"),
        ({"on": ON, "by": "boss"}, "a self-report by 'boss'"),
        ({"on": ON, "stated_as": "rumour"}, "expected self-report or assessment"),
    ],
)
def test_a_day_or_an_author_that_cannot_be_is_told(
    workspace: Workspace, sheet: Path, arguments: dict[str, object], message: str
):
    with pytest.raises(Invalid, match=message):
        workspace.import_matrix(sheet, choices=CHOICES, **arguments)  # type: ignore[arg-type]
    assert facts(workspace) == []


def test_a_sheet_of_today_is_taken(workspace: Workspace, sheet: Path):
    assert workspace.import_matrix(sheet, on=date(2026, 6, 1), choices=CHOICES).added == {
        "corrections": 1,
        "evidence": 5,
    }


def test_unknown_workers_and_files_are_told(workspace: Workspace, sheet: Path, tmp_path: Path):
    with pytest.raises(NotFound, match="no worker 'zoe'"):
        workspace.read_matrix(sheet, choices=Choices(people={"Ben Okafor": "zoe"}))
    with pytest.raises(NotFound, match="no file"):
        workspace.read_matrix(tmp_path / "nothing.csv")
    with pytest.raises(ImportStopped, match="no skills matrix was found") as caught:
        workspace.read_matrix(write(tmp_path / "empty.csv", ""))
    (problem,) = caught.value.report.problems  # type: ignore[attr-defined]
    assert str(problem).startswith("empty.csv: found an empty file; expected")


def test_an_error_in_the_middle_leaves_nothing_behind(workspace: Workspace, sheet: Path):
    def fail(stage: str, _done: int, _total: int | None) -> None:
        if stage.startswith("learning"):  # the evidence is in the transaction by then
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        workspace.import_matrix(sheet, on=ON, choices=CHOICES, progress=fail)
    assert facts(workspace) == []
    assert workspace.import_matrix(sheet, on=ON, choices=CHOICES).added == {"corrections": 1, "evidence": 5}


KILLED = """
import os, sys
from datetime import date
from skillmatch.workspace import Choices, Workspace

def die(stage, done, total):
    if stage.startswith("learning"):
        os._exit(9)

with Workspace.open(sys.argv[1]) as workspace:
    choices = Choices({"Kälte": "cooling"})
    workspace.import_matrix(sys.argv[2], on=date(2026, 5, 20), choices=choices, progress=die)
"""


def test_a_process_that_is_killed_in_the_middle_has_written_nothing(database_url: str, sheet: Path):
    company(database_url).close()
    done = subprocess.run([sys.executable, "-c", KILLED, database_url, str(sheet)], capture_output=True, check=False)
    assert done.returncode == 9, done.stderr.decode()
    with Workspace.open(database_url) as workspace:
        assert facts(workspace) == []
        assert workspace.import_matrix(sheet, on=ON, choices=CHOICES).added == {"corrections": 1, "evidence": 5}


@settings(max_examples=10)
@given(
    marks=st.lists(st.lists(st.sampled_from(["", "0", "1", "3", "5"]), min_size=3, max_size=3), min_size=3, max_size=3)
)
def test_any_matrix_twice_is_the_matrix_once(marks: list[list[str]]):
    with tempfile.TemporaryDirectory() as folder, company(f"sqlite:///{folder}/c.db") as workspace:
        names = ("Anna Frost", "Ben Okafor", "Chen Li")
        rows = ["Name;Refrigeration;Cooling;Controls", *(";".join((n, *m)) for n, m in zip(names, marks, strict=True))]
        sheet = write(Path(folder) / "m.csv", "\n".join(rows))
        if not any(any(row) for row in marks):
            return
        choices = Choices(scale="0-5")
        workspace.import_matrix(sheet, on=ON, choices=choices)
        once = [workspace.profile(worker.id) for worker in workspace.workers()]
        again = workspace.import_matrix(sheet, on=ON, choices=choices)
        assert (again.added, again.changed) == ({}, {})
        assert [workspace.profile(worker.id) for worker in workspace.workers()] == once
        assert len(facts(workspace)) == sum(1 for row in marks for mark in row if mark)
