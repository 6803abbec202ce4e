"""The sample company is written as an import reads it, the same on every run, with the truth beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from skillmatch.demo import Summary, generate, read_truth, write_company
from skillmatch.errors import Invalid
from skillmatch.importers.batch import Known
from skillmatch.importers.registry import read

TODAY = date(2026, 11, 21)
MORNING = datetime(2026, 11, 21, tzinfo=UTC)
SMALL = 0.05


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    return write_company(tmp_path_factory.mktemp("demo") / "company", today=TODAY, scale=SMALL)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.csv")}


def test_the_same_seed_writes_the_same_files(written: Summary, tmp_path: Path) -> None:
    write_company(tmp_path / "again", today=TODAY, scale=SMALL)
    assert contents(tmp_path / "again") == contents(written.folder)


def test_another_seed_writes_another_company(written: Summary, tmp_path: Path) -> None:
    write_company(tmp_path / "other", seed=2, today=TODAY, scale=SMALL)
    ours, other = contents(written.folder), contents(tmp_path / "other")
    assert ours["skills.csv"] == other["skills.csv"]
    assert ours["workers.csv"] != other["workers.csv"]
    assert ours["outcomes.csv"] != other["outcomes.csv"]


def test_an_import_finds_no_problem_takes_every_row_and_does_not_see_the_truth(written: Summary) -> None:
    batch = read(written.folder, known=Known.nothing(), now=MORNING)
    assert batch.problems == []
    assert sum(batch.counts().values()) == sum(written.rows.values())
    assert len(batch.jobs) == written.rows["jobs"]
    assert batch.counts()["customer_rating"] == written.rows["customer_ratings"] > 100
    assert written.rows["overrides"] == 1


def test_what_was_generated_is_what_is_read(written: Summary) -> None:
    company = generate(seed=1, workers=15, today=TODAY)
    batch = read(written.folder, known=Known.nothing(), now=MORNING)
    assert tuple(batch.workers) == company.workers
    assert tuple(batch.jobs) == company.jobs
    assert tuple(batch.job_types) == company.job_types
    assert tuple(batch.customers) == company.customers
    assert (tuple(batch.shifts), tuple(batch.leave), tuple(batch.bookings)) == (
        company.shifts,
        company.leave,
        company.bookings,
    )
    assert (tuple(batch.sites), tuple(batch.assets)) == (company.sites, company.assets)
    assert (tuple(batch.causes), tuple(batch.questions)) == (company.causes, company.questions)
    assert {fact.key: fact for fact in batch.evidence} == {fact.key: fact for fact in company.evidence}


def test_the_truth_covers_every_worker_skill_job_and_visit(written: Summary) -> None:
    truth, batch = read_truth(written.folder), read(written.folder, known=Known.nothing(), now=MORNING)
    assert {(row.worker, row.skill) for row in truth.levels} == {
        (worker.id, skill.id) for worker in batch.workers for skill in batch.skills
    }
    assert [row.job for row in truth.jobs] == [job.id for job in batch.jobs]
    assert len(truth.outcomes) == written.rows["outcomes"]
    assert {row.cause for row in truth.jobs} <= {row.cause for row in truth.causes}


def test_the_truth_is_read_as_it_was_to_four_decimals(written: Summary) -> None:
    made, back = generate(seed=1, workers=15, today=TODAY).truth, read_truth(written.folder)
    assert [row.chance for row in back.outcomes] == pytest.approx([row.chance for row in made.outcomes], abs=5e-5)
    assert back.parameters[0].name == "base"


def test_the_summary_counts_what_was_written(written: Summary) -> None:
    assert written.rows["workers"] == 15
    assert written.rows["skills"] == 120
    assert written.finished_jobs + written.open_jobs <= written.rows["jobs"]
    assert "15 workers, 120 skills" in str(written)
    assert f"{written.rows['customer_ratings']:,} customer ratings" in str(written)


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious", encoding="utf-8")
    with pytest.raises(Invalid, match="not empty"):
        write_company(tmp_path, today=TODAY, scale=SMALL)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
