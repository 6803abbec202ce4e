"""Importing: all or nothing, twice is once, and what is imported is believed exactly as a rebuild would have it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from skillmatch.beliefs.evidence import JobOutcome, Retraction
from skillmatch.beliefs.observation import Result
from skillmatch.errors import ImportStopped
from skillmatch.model import JobStatus
from skillmatch.store.store import Store
from skillmatch.workspace import Workspace
from tests.kit.company import NOW

TABLES = {
    "skills.csv": "id,name\ncold,Cold\nheat,Heat\n",
    "workers.csv": "id,name\nanna,Anna\nben,Ben\n",
    "job_types.csv": "id,name,requirements\nfix,Fix,cold:3; heat\n",
    "jobs.csv": "id,title,type,created,status\n"
    + "".join(f"j{n},Job {n},fix,2026-01-{1 + n % 28:02}T08:00:00Z,done\n" for n in range(12)),
    "outcomes.csv": "id,job,worker,time,result\n"
    + "".join(
        f"o{n},j{n},{('anna', 'ben')[n % 2]},2026-02-{1 + n % 28:02}T08:00:00Z,"
        f"{('first-time fix', 'rework', 'failed')[n % 3]}\n"
        for n in range(12)
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tables = tmp_path / "tables"
    tables.mkdir()
    for name, text in TABLES.items():
        (tables / name).write_text(text)
    return tables


@pytest.fixture
def workspace(database_url: str) -> Iterator[Workspace]:
    with Workspace(Store.open(database_url), clock=lambda: NOW) as opened:
        yield opened


def everything(workspace: Workspace) -> object:
    return [workspace.profile(worker.id) for worker in workspace.workers()], workspace.open_jobs(status=None)


def test_a_history_becomes_beliefs(workspace: Workspace, folder: Path):
    report = workspace.import_path(folder)
    assert report.added == {"skills": 2, "workers": 2, "job types": 1, "jobs": 12, "evidence": 12}
    assert [row.skill.id for row in workspace.profile("anna").skills] == ["cold", "heat"]
    assert workspace.profile("anna").evidence[0].skills() == ("cold", "heat")
    assert workspace.rebuild(check=True).differing == 0


def test_importing_twice_changes_nothing(workspace: Workspace, folder: Path):
    workspace.import_path(folder)
    once = everything(workspace)
    report = workspace.import_path(folder)
    assert (report.added, report.changed) == ({}, {})
    assert report.unchanged["evidence"] == 12
    assert everything(workspace) == once


def test_a_dry_run_reports_the_same_and_keeps_nothing(workspace: Workspace, folder: Path):
    dry = workspace.import_path(folder, dry_run=True)
    assert workspace.workers() == ()
    wet = workspace.import_path(folder)
    assert dry.added == wet.added
    assert "nothing was written" in dry.notes[-1]


def test_one_bad_row_stops_everything_unless_it_may_be_skipped(workspace: Workspace, folder: Path):
    with (folder / "outcomes.csv").open("a") as file:
        file.write("o99,j1,nobody,2026-02-01T08:00:00Z,rework\n")
    with pytest.raises(ImportStopped, match="nothing was imported: 1 problem found") as caught:
        workspace.import_path(folder)
    (problem,) = caught.value.report.problems  # type: ignore[attr-defined]
    assert (problem.file, problem.line, problem.column) == ("outcomes.csv", 14, "worker")
    assert workspace.workers() == ()
    report = workspace.import_path(folder, skip_bad=True)
    assert len(report.problems) == 1
    assert report.added["evidence"] == 12


def test_a_corrected_file_corrects_the_beliefs(workspace: Workspace, folder: Path):
    workspace.import_path(folder)
    before = workspace.profile("anna").general.level
    path = folder / "outcomes.csv"
    path.write_text(path.read_text().replace("failed", "first-time fix"))
    report = workspace.import_path(folder)
    assert report.changed == {"evidence": 4}
    assert workspace.profile("anna").general.level > before
    assert workspace.rebuild(check=True).differing == 0


def test_ratings_take_from_their_jobs_what_they_leave_out_and_overrides_change_nothing(
    workspace: Workspace, folder: Path, tmp_path: Path
):
    workspace.import_path(folder)
    before = workspace.profile("anna")
    overrides = tmp_path / "overrides.csv"
    overrides.write_text("worker,skill,level,time,rater\nanna,cold,5,2026-01-20,mona\n")
    workspace.import_path(overrides)
    after = workspace.profile("anna")
    assert [row.proficiency for row in after.skills] == [row.proficiency for row in before.skills]
    assert [row.override.level if row.override else None for row in after.skills if row.skill.id == "cold"] == [5.0]
    ratings = tmp_path / "customer_ratings.csv"
    ratings.write_text("worker,job,time,stars\nanna,j1,2026-01-21,5\n")
    workspace.import_path(ratings)
    assert workspace.profile("anna").evidence[-1].skills() == ("cold", "heat")
    levels = {row.skill.id: row.proficiency.level for row in workspace.profile("anna").skills}
    assert all(levels[row.skill.id] > row.proficiency.level for row in after.skills)
    for again in (overrides, ratings):
        assert workspace.import_path(again).unchanged == {"evidence": 1}
    assert workspace.rebuild(check=True).differing == 0


def test_a_second_file_may_refer_to_what_the_first_brought(workspace: Workspace, folder: Path, tmp_path: Path):
    workspace.import_path(folder)
    more = tmp_path / "outcomes.csv"
    more.write_text("id,job,worker,time,result\nlate,j1,anna,2026-01-15T08:00:00Z,rework\n")
    workspace.import_path(more)
    assert any(fact.id == "late" for fact in workspace.profile("anna").evidence)
    assert workspace.rebuild(check=True).differing == 0


def test_difficulties_are_learned_when_there_is_enough_and_again_when_it_has_doubled(
    workspace: Workspace, folder: Path
):
    def outcomes(count: int) -> None:
        rows = "".join(
            f"x{n},j{n % 12},anna,2026-03-01T{n // 60 % 24:02}:{n % 60:02}:00Z,"
            f"{'failed' if n % 3 else 'first-time fix'}\n"
            for n in range(count)
        )
        (folder / "outcomes.csv").write_text("id,job,worker,time,result\n" + rows)

    outcomes(199)
    assert not any("learned" in note for note in workspace.import_path(folder).notes)
    outcomes(210)
    assert any("parameter version 1" in note for note in workspace.import_path(folder).notes)
    assert workspace.rebuild(check=True).differing == 0
    outcomes(300)
    assert not any("learned" in note for note in workspace.import_path(folder).notes)
    outcomes(420)
    assert any("parameter version 2" in note for note in workspace.import_path(folder).notes)
    assert workspace.rebuild(check=True).differing == 0
    assert workspace.import_path(folder).added == {}


def test_an_export_imported_elsewhere_is_the_same_company(workspace: Workspace, folder: Path, tmp_path: Path):
    workspace.import_path(folder)
    common = {"worker": "anna", "source": "test"}
    workspace.record(JobOutcome(id="n1", time=NOW - timedelta(days=2), job="j1", result=Result.FAILED, **common))
    workspace.record(JobOutcome(id="n1", time=NOW - timedelta(days=2), job="j1", result=Result.REWORK, **common))
    workspace.record(Retraction(id="n2", time=NOW, retracts_source="import", retracts_id="o0", **common))
    workspace.export_path(tmp_path / "all.jsonl")
    with Workspace(Store.open(str(tmp_path / "copy.db")), clock=lambda: NOW) as copy:
        copy.import_path(tmp_path / "all.jsonl")
        assert everything(copy) == everything(workspace)
        assert copy.import_path(tmp_path / "all.jsonl").added == {}
        copy.export_path(tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_text() == (tmp_path / "all.jsonl").read_text()


def test_exported_tables_can_be_imported(workspace: Workspace, folder: Path, tmp_path: Path):
    workspace.import_path(folder)
    for target in (tmp_path / "out", tmp_path / "out.xlsx"):
        workspace.export_path(target, tables=True)
        with Workspace(Store.open(str(tmp_path / f"{target.name}.db")), clock=lambda: NOW) as copy:
            copy.import_path(target)
            assert everything(copy) == everything(workspace)


def test_progress_is_told_by_stage(workspace: Workspace, folder: Path):
    stages: list[str] = []
    workspace.import_path(folder, progress=lambda stage, done, total: stages.append(stage))
    assert {"saving jobs", "saving evidence", "learning what each worker can do"} <= set(stages)


def test_ranking_is_ready_after_an_import(workspace: Workspace, folder: Path):
    workspace.import_path(folder)
    assert workspace.job("j1").job.status is JobStatus.DONE
    assert {c.worker.id for c in workspace.rank("j1").candidates} == {"anna", "ben"}
    assert workspace.evaluate().outcomes["skillmatch"].count > 0


def test_a_clock_in_utc_is_the_default(database_url: str):
    with Workspace.open(database_url) as opened:
        assert abs(opened.now() - datetime.now(UTC)) < timedelta(seconds=5)
