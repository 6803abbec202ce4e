"""Excel workbooks: what people type, what programs write, and what is built to do harm."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from skillmatch.importers import excel
from skillmatch.importers.excel import Workbook
from tests.importers.sample import load, told


def book(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    """Write a workbook as another program than ours does."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    made.save(path)
    return path


def rezip(path: Path, part: str, change: Any) -> Path:
    """Rewrite one part of a workbook."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def test_times_of_day_are_read_as_they_look(tmp_path: Path) -> None:
    rows = [
        ["worker", "days", "start", "end"],
        ["ana", "mon", time(7, 30), time(16, 0)],
        ["ana", "tue", time(22, 0), timedelta(hours=30)],
        ["ana", "wed", "7:30", timedelta(hours=24)],
    ]
    batch = load(book(tmp_path / "shifts.xlsx", {"shifts": rows}))
    assert told(batch) == []
    assert [(shift.start, shift.end) for shift in batch.shifts] == [(450, 960), (1320, 1800), (450, 1440)]


def test_yes_and_no_may_be_truth_values_and_numbers(tmp_path: Path) -> None:
    rows = [
        ["job", "worker", "start", "minutes", "locked", "lead"],
        ["j1", "ana", datetime(2026, 12, 1, 8), 60, True, 0],
        ["j1", "ben", datetime(2026, 12, 1, 8), 60, "No", 1],
    ]
    batch = load(book(tmp_path / "bookings.xlsx", {"bookings": rows}))
    assert told(batch) == []
    assert [(booking.locked, booking.lead) for booking in batch.bookings] == [(True, False), (False, True)]


def test_days_times_and_whole_numbers_are_read_as_they_look(tmp_path: Path) -> None:
    rows = [
        ["id", "title", "created", "due", "minutes", "priority", "type"],
        [7, "Leak", datetime(2026, 3, 1), date(2026, 3, 4), 90, 2, "repair"],
        ["j8", "Hum", datetime(2026, 3, 1, 8, 30, 15), "2026-03-05", 12.5, 1.0, None],
    ]
    batch = load(book(tmp_path / "jobs.xlsx", {"jobs": rows}))
    assert batch.problems == []
    first, second = batch.jobs
    assert (first.id, first.due, first.minutes, first.priority) == ("7", date(2026, 3, 4), 90.0, 2)
    assert first.created is not None
    assert first.created.isoformat() == "2026-03-01T00:00:00+00:00"
    assert second.created is not None
    assert second.created.isoformat() == "2026-03-01T08:30:15+00:00"
    assert second.minutes == 12.5


def test_every_sheet_is_read_by_its_name(tmp_path: Path) -> None:
    sheets = {
        "Skills": [["id", "name"], ["welding", "Welding"]],
        "Self-Reports 2026": [["worker", "skill", "level", "time"], ["ana", "welding", 3, date(2026, 3, 1)]],
        "Sheet3": [],
    }
    batch = load(book(tmp_path / "company.xlsx", sheets))
    assert batch.problems == []
    assert batch.counts() == {"skills": 1, "self_report": 1}


def test_one_table_alone_may_be_named_by_its_file(tmp_path: Path) -> None:
    batch = load(book(tmp_path / "workers.xlsx", {"Sheet1": [["id", "name"], ["cho", "Cho Park"]], "Sheet2": []}))
    assert batch.problems == []
    assert batch.counts() == {"workers": 1}


def test_rows_above_and_columns_before_the_table_do_not_shift_the_line_numbers(tmp_path: Path) -> None:
    rows = [[], [None, None], [None, "id", "name"], [None, "cho", "Cho Park"], [], [None, "dee", None]]
    batch = load(book(tmp_path / "workers.xlsx", {"workers": rows}))
    assert [worker.id for worker in batch.workers] == ["cho"]
    assert [(problem.line, problem.column) for problem in batch.problems] == [(6, "name")]


def test_a_formula_is_found_even_where_its_value_was_never_calculated(tmp_path: Path) -> None:
    rows = [["id", "name"], ["cho", "Cho Park"], ["=A2", None], [None, '=B2&" II"']]
    batch = load(book(tmp_path / "workers.xlsx", {"workers": rows}))
    assert [(problem.line, problem.column, problem.found) for problem in batch.problems] == [
        (3, "id", "the formula =A2"),
        (3, "name", "an empty cell"),
        (4, "id", "an empty cell"),
        (4, "name", 'the formula =B2&" II"'),
    ]


def test_a_formula_is_found_in_a_table_that_stands_further_right(tmp_path: Path) -> None:
    rows = [[None, None, "id", "name"], [None, None, "cho", '="Cho"']]
    batch = load(book(tmp_path / "workers.xlsx", {"workers": rows}))
    assert [(problem.column, problem.found) for problem in batch.problems] == [("name", 'the formula ="Cho"')]


def test_a_formula_in_a_column_that_is_not_read_does_no_harm(tmp_path: Path) -> None:
    rows = [["id", "name", "initials"], ["cho", "Cho Park", "=LEFT(B2)"]]
    batch = load(book(tmp_path / "workers.xlsx", {"workers": rows}))
    assert batch.problems == []
    assert len(batch.workers) == 1


def test_a_formula_of_a_sparkline_is_not_taken_for_that_of_a_cell(tmp_path: Path) -> None:
    path = book(tmp_path / "workers.xlsx", {"workers": [["id", "name"], ["cho", "Cho Park"]]})
    extra = b'<extLst xmlns:xm="urn:x"><ext><xm:f>workers!A1:A2</xm:f></ext></extLst></worksheet>'
    rezip(path, SHEET, lambda xml: xml.replace(b"</worksheet>", extra))
    assert load(path).problems == []


def test_a_workbook_that_unpacks_too_big_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "workers.xlsx", {"workers": [["id", "name"], ["cho", "Cho Park"]]})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as bomb, bomb.open("xl/big", "w") as part:
        for _ in range(510):
            part.write(bytes(1_000_000))
    assert told(load(path)) == ["workers.xlsx: found 510 MB when unpacked; expected at most 500 MB: use CSV instead"]


def test_a_workbook_that_lies_about_its_size_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = book(tmp_path / "workers.xlsx", {"workers": [["id", "name"], ["cho", "Cho Park"]]})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/big", bytes(5_000_000))
    raw = path.read_bytes()
    size = (5_000_000).to_bytes(4, "little")
    path.write_bytes(raw.replace(size, (1_000).to_bytes(4, "little")))
    assert "damaged part 'xl/big'" in told(load(path))[0]


@pytest.mark.parametrize("reference", ['r="XFD1048576"', "r='XFD1048576'", 'r="&#88;FD1048576"'])
def test_a_cell_far_out_does_not_fill_the_memory(tmp_path: Path, reference: str) -> None:
    path = book(tmp_path / "workers.xlsx", {"workers": [["id", "name"], ["cho", "Cho Park"]]})
    rezip(path, SHEET, lambda xml: xml.replace(b'r="B2"', reference.encode()))
    assert "found a sheet of 1,048,576 rows and 16,384 columns" in told(load(path))[0]


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
@pytest.mark.parametrize("content", [b"", b"<a", b"\xff\xfe", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_a_damaged_part_is_told(tmp_path: Path, part: str, content: bytes) -> None:
    path = book(tmp_path / "workers.xlsx", {"workers": [["id", "name"], ["cho", "Cho Park"]]})
    rezip(path, part, lambda _: content)
    (problem,) = load(path).problems
    assert "workbook" in problem.found


def test_a_missing_part_is_told(tmp_path: Path) -> None:
    path = tmp_path / "workers.xlsx"
    with zipfile.ZipFile(path, "w") as empty:
        empty.writestr("hello.txt", "hello")
    assert "no sound workbook" in load(path).problems[0].found


def test_an_empty_workbook_is_told(tmp_path: Path) -> None:
    assert load(book(tmp_path / "workers.xlsx", {"workers": []})).problems[0].found == "a workbook without rows"


def test_the_column_of_a_cell_is_read_from_its_letters() -> None:
    assert [excel._number_of(letters) for letters in ("A", "z", "AA", "XFD")] == [0, 25, 26, 16_383]


def test_a_closed_workbook_lets_go_of_its_file(tmp_path: Path) -> None:
    path = book(tmp_path / "workers.xlsx", {"workers": [["id", "name"]]})
    Workbook(path).close()
    path.unlink()
