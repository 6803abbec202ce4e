"""Workers by skills: the same levels as in profiles, whatever piece is asked for, and as files."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path

import numpy as np
import pytest

from skillmatch.beliefs.evidence import Assessment
from skillmatch.beliefs.observation import Result
from skillmatch.errors import Invalid, NotFound
from skillmatch.importers import matrix_sheets
from skillmatch.importers.excel import Workbook
from skillmatch.model import JobType, Link, LinkKind, Requirement, Skill, SkillKind, Worker
from skillmatch.workspace import MatrixFilter, Workspace
from tests.workspace.firm import NOW, Firm, firm

FORMULA = '=HYPERLINK("x")'
MORE = (
    Skill("cooling", "Cooling"),
    Skill("talk", "Talking", SkillKind.CUSTOMER),
    Skill("danger", FORMULA, SkillKind.SAFETY),
    Link("refrigeration", "cooling", LinkKind.BROADER),
    Worker("dora", "@Dora", "South"),
    Worker("gone", "Gone", active_to=NOW.date() - timedelta(days=1)),
    JobType("a", "A", (Requirement("refrigeration", 1.0),)),
)


@pytest.fixture
def company(tmp_path: Path) -> Firm:
    found = firm(tmp_path, MORE)
    found.did("ben", times=3, result=Result.FAILED, days=20)
    for number, (worker, skill, level) in enumerate((("anna", "controls", 4.0), ("ben", "talk", 1.0))):
        found.record(
            Assessment(
                id=f"a{number}", worker=worker, time=NOW - timedelta(days=3), skill=skill, level=level, rater="m"
            )
        )
    return found


def test_each_cell_with_evidence_is_that_of_the_profile_and_each_other_that_of_why(company: Firm):
    matrix = company.skills_matrix()
    assert (len(matrix.workers), len(matrix.skills)) == (4, 5)
    known = 0
    for row, worker in enumerate(matrix.workers):
        profile = {one.skill.id: one.proficiency for one in company.profile(worker.id).skills}
        for column, skill in enumerate(matrix.skills):
            levels = matrix.levels
            cell = [float(values[row, column]) for values in (levels.level, levels.low, levels.high)]
            why = company.why(worker.id, skill.id)
            expected = profile.get(skill.id, why.proficiency)
            assert cell == pytest.approx([expected.level, expected.low, expected.high], abs=1e-9)
            assert bool(levels.known[row, column]) == (skill.id in profile) == (not why.inferred)
            known += skill.id in profile
    assert known == 5


def test_a_piece_is_cut_from_the_whole(company: Firm):
    whole, piece = company.skills_matrix(), company.skills_matrix(rows=(1, 2), columns=(2, 2))
    assert piece.workers == whole.workers[1:3]
    assert piece.skills == whole.skills[2:4]
    assert np.array_equal(piece.levels.level, whole.levels.level[1:3, 2:4])
    assert piece.sums == whole.sums[2:4]
    assert (piece.total_workers, piece.total_skills) == (4, 5)
    assert company.skills_matrix(rows=(100, 5), columns=(100, 5)).workers == ()


def test_sums_count_all_workers_with_evidence_against_the_level_that_most_types_ask_for(company: Firm):
    matrix = company.skills_matrix(MatrixFilter(skill="refri"), rows=(0, 1))
    (sum,) = matrix.sums
    levels = {one: company.why(one, "refrigeration").proficiency.level for one in ("anna", "ben", "chen")}
    # Two types ask for it, at 1 and at 2: of two as frequent the higher counts.
    assert (sum.usual, sum.known, sum.reached) == (2.0, 3, len([one for one in levels.values() if one >= 2.0]))
    assert sum.best is not None
    assert (sum.best.id, sum.best_level) == (max(levels, key=levels.__getitem__), pytest.approx(max(levels.values())))
    assert company.skills_matrix(MatrixFilter(skill="danger")).sums[0].best is None


@pytest.mark.parametrize(
    ("wanted", "workers", "skills"),
    [
        (MatrixFilter(), "dora anna ben chen", "refrigeration controls talk danger cooling"),
        (MatrixFilter(columns="name"), "dora anna ben chen", "danger controls cooling refrigeration talk"),
        (MatrixFilter(team="South"), "dora", "danger controls cooling refrigeration talk"),
        (MatrixFilter(teams=("North",)), "", "danger controls cooling refrigeration talk"),
        (MatrixFilter(teams=("North",), team="South"), "", "danger controls cooling refrigeration talk"),
        (MatrixFilter(family="cooling"), "dora anna ben chen", "refrigeration cooling"),
        (MatrixFilter(kind=SkillKind.CUSTOMER), "dora anna ben chen", "talk"),
        (MatrixFilter(worker="NN", skill="O L"), "anna", "controls cooling"),
        (MatrixFilter(with_evidence=True), "anna ben chen", "refrigeration controls talk"),
        (MatrixFilter(with_evidence=True, skill="talk"), "ben", "talk"),
        (MatrixFilter(by="talk"), "ben anna chen dora", "refrigeration controls talk danger cooling"),
        (MatrixFilter(order="team"), "dora anna ben chen", "refrigeration controls talk danger cooling"),
    ],
)
def test_a_filter_says_who_and_what_in_which_order(company: Firm, wanted: MatrixFilter, workers: str, skills: str):
    matrix = company.skills_matrix(wanted)
    assert [worker.id for worker in matrix.workers] == workers.split()
    assert [skill.id for skill in matrix.skills] == skills.split()


def test_what_is_not_there_or_cannot_be_meant_is_refused(company: Firm):
    with pytest.raises(NotFound, match="did you mean 'cooling'"):
        company.skills_matrix(MatrixFilter(family="coolin"))
    with pytest.raises(NotFound, match="no skill 'x'"):
        company.skills_matrix(MatrixFilter(by="x"))
    with pytest.raises(Invalid, match="expected one of name, team"):
        MatrixFilter(order="salary")
    with pytest.raises(Invalid, match="expected one of evidence, name"):
        MatrixFilter(columns="salary")


def test_what_another_process_writes_is_in_the_next_matrix(company: Firm):
    before = company.skills_matrix(MatrixFilter(skill="danger")).levels.known.any()
    with Workspace.open(company._store.url, clock=lambda: NOW) as other:
        other.record(Assessment(id="new", worker="chen", time=NOW, skill="danger", level=5.0, rater="m"))
    matrix = company.skills_matrix(MatrixFilter(skill="danger"))
    assert not before
    assert matrix.levels.known[:, 0].tolist() == [worker.id == "chen" for worker in matrix.workers]


def test_the_usual_level_follows_the_job_types(company: Firm):
    assert company.skills_matrix(MatrixFilter(skill="controls")).sums[0].usual == 3.0
    company.save(JobType("b", "B", (Requirement("controls", 4.5),)))
    assert company.skills_matrix(MatrixFilter(skill="controls")).sums[0].usual == 4.5


def test_a_workbook_holds_levels_certainties_and_what_they_were_made_from(company: Firm, tmp_path: Path):
    matrix = company.export_matrix(tmp_path / "matrix.xlsx")
    book = Workbook(tmp_path / "matrix.xlsx")
    assert book.sheets() == ["Level", "Certainty", "Legend"]
    rows = {name: [cells for _line, cells in book.rows(name)] for name in book.sheets()}
    levels, certainties = rows["Level"], rows["Certainty"]
    assert levels[0][3:] == [skill.name for skill in matrix.skills]
    assert levels[1][3:] == [skill.id for skill in matrix.skills]
    for row, worker in enumerate(matrix.workers):
        assert levels[row + 2][:3] == [worker.id, worker.name, worker.team]
        half = (matrix.levels.high[row] - matrix.levels.low[row]) / 2
        assert list(map(float, levels[row + 2][3:])) == pytest.approx(matrix.levels.level[row].tolist(), abs=0.0051)
        assert list(map(float, certainties[row + 2][3:])) == pytest.approx(half.tolist(), abs=0.0051)
    legend = {cells[0]: cells[1] for cells in rows["Legend"]}
    assert legend["Revision"] == str(matrix.revision)
    assert legend["Made"] == "2026-06-01 07:00 UTC"
    assert "50%" in legend["Policy"]
    book.close()


def test_nothing_that_people_write_becomes_a_formula(company: Firm, tmp_path: Path):
    company.save(Worker("plus", "+49", "-minus"))
    company.export_matrix(tmp_path / "matrix.xlsx")
    book = Workbook(tmp_path / "matrix.xlsx")
    cells = [cell for _line, cells in book.rows("Level") for cell in cells]
    assert {FORMULA, "@Dora", "+49", "-minus"} <= set(cells)
    assert not any(cell.startswith("the formula") for cell in cells)
    book.close()
    company.export_matrix(tmp_path / "matrix.csv")
    written = list(csv.reader(StringIO((tmp_path / "matrix.csv").read_text(encoding="utf-8"))))
    assert len(written) == 1 + 5 * 5
    assert {"'" + FORMULA, "'@Dora", "'+49", "'-minus"} <= {cell for row in written for cell in row}
    assert not any(cell[:1] in "=+@" for row in written for cell in row if cell)


def test_only_cells_with_evidence_are_written_when_only_these_are_wanted(company: Firm, tmp_path: Path):
    company.export_matrix(tmp_path / "m.csv", MatrixFilter(with_evidence=True))
    rows = list(csv.DictReader(StringIO((tmp_path / "m.csv").read_text(encoding="utf-8"))))
    assert {row["evidence"] for row in rows} == {"yes"}
    assert len(rows) == 5


def test_too_large_a_matrix_is_refused_with_what_to_do_and_leaves_no_file(
    company: Firm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(matrix_sheets, "MOST_CELLS", 19)
    with pytest.raises(Invalid, match="4 workers by 5 skills are 20 cells: expected at most 19 at once; take CSV"):
        company.export_matrix(tmp_path / "m.xlsx")
    company.export_matrix(tmp_path / "m.csv")
    monkeypatch.setattr(matrix_sheets, "MOST_LINES", 19)
    with pytest.raises(Invalid, match="choose a team"):
        company.write_matrix(BytesIO())
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith("firm")] == ["m.csv"]


@pytest.mark.parametrize("name", ["m.txt", "m", "no folder/m.csv"])
def test_a_file_that_cannot_be_written_is_named(company: Firm, tmp_path: Path, name: str):
    with pytest.raises(Invalid, match="expected a"):
        company.export_matrix(tmp_path / name)


def test_a_worker_without_a_team_stands_last_by_team(company: Firm):
    company.save(replace(Worker("zoe", "Zoe"), team="A"))
    assert [one.id for one in company.skills_matrix(MatrixFilter(order="team")).workers][:2] == ["zoe", "dora"]
