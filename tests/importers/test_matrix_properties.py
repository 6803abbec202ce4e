"""A skills matrix of any content: what is written is read back, turned or not, and nothing ends in an accident."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillmatch.importers.draft import Unfit
from skillmatch.importers.matrix import Choices, read_matrix
from skillmatch.importers.matrix.marks import scale_named
from skillmatch.model import Skill, Worker

WORKERS = [
    Worker(f"w{number}", name) for number, name in enumerate(("Anna Frost", "Ben Okafor", "Chen Li", "Dora Quist"))
]
SKILLS = [Skill(f"s{number}", name) for number, name in enumerate(("Refrigeration", "Welding pipes", "Customer care"))]
MARKS: dict[str, Sequence[str]] = {
    "stars": ["★" * number for number in range(1, 6)],
    "stars-3": ["*", "**", "***"],
    "crosses": ["x", "X", "✓", "yes", "no", "-", "(x)"],
    "1-5": ["1", "2", "3", "4", "5", "2.5", "3,5"],
    "0-4": ["0", "1", "2", "3", "4"],
    "1-10": [str(number) for number in range(1, 11)],
    "A-D": ["A", "B", "C", "D", "-"],
    "percent": ["0%", "25 %", "50%", "100%"],
    "balls": ["○", "◔", "◑", "◕", "●"],
    "plus": ["+", "++", "+++", "-"],
    "words": ["none", "basic", "good", "expert", "kein", "Grund", "gut", "Experte"],
}

Marks = list[list[str]]


def said(rows: Sequence[Sequence[str]], choices: Choices, name: str = "m.csv") -> dict[tuple[str, str], float]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        if name.endswith(".csv"):
            path.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
        else:
            book = openpyxl.Workbook()
            for row in rows:
                book.active.append([cell or None for cell in row])
            book.save(path)
        matrix = read_matrix(path, workers=WORKERS, skills=SKILLS, choices=choices)
    assert matrix.preview.problems == ()
    return {(one.worker, one.skill): one.level for one in matrix.statements}


@pytest.mark.parametrize("scale", MARKS)
@settings(max_examples=25)
@given(data=st.data())
def test_a_matrix_on_any_scale_is_read_back_either_way_round(scale: str, data: st.DataObject):
    marks = data.draw(
        st.lists(st.lists(st.sampled_from(["", *MARKS[scale]]), min_size=3, max_size=3), min_size=4, max_size=4).filter(
            lambda rows: any(any(row) for row in rows)
        )
    )
    rows = [["Name", *(skill.name for skill in SKILLS)]]
    rows += [[worker.name, *own] for worker, own in zip(WORKERS, marks, strict=True)]
    read_as, expected = scale_named(scale), {}
    for worker, own in zip(WORKERS, marks, strict=True):
        expected |= {
            (worker.id, skill.id): read_as.level(mark) for skill, mark in zip(SKILLS, own, strict=True) if mark
        }
    choices = Choices(scale=scale)
    assert said(rows, choices) == expected
    assert said([list(row) for row in zip(*rows, strict=True)], choices) == expected
    assert said(rows, choices, "m.xlsx") == expected


cells = st.sampled_from(
    [
        "",
        "",
        "Anna Frost",
        "Okafor, Ben",
        "w2",
        "Refrigeration",
        "care",
        "x",
        "3",
        "★★",
        "Total",
        "-",
        "nan",
        "B",
        "50%",
        "=1",
    ]
) | st.text(max_size=5)


@settings(max_examples=150)
@given(rows=st.lists(st.lists(cells, max_size=6), max_size=8), ending=st.sampled_from([".csv", ".xlsx"]))
def test_any_grid_is_read_or_told_to_be_none(rows: list[list[str]], ending: str):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"m{ending}"
        if ending == ".csv":
            path.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8", errors="replace")
        else:
            book = openpyxl.Workbook()
            for row in rows:
                book.active.append(["".join(sign for sign in cell if sign.isprintable()) for cell in row])
            book.save(path)
        try:
            matrix = read_matrix(path, workers=WORKERS, skills=SKILLS)
        except Unfit:
            return
    assert all(0.0 <= one.level <= 5.0 for one in matrix.statements)
    keys = [(one.worker, one.skill) for one in matrix.statements]
    assert len(set(keys)) == len(keys)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(content=st.binary(max_size=300), ending=st.sampled_from([".csv", ".xlsx", ".csv.gz", ".tsv", ".txt"]))
def test_any_bytes_are_read_or_told_to_be_no_matrix(content: bytes, ending: str):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"m{ending}"
        path.write_bytes(content)
        with pytest.raises(Unfit):
            read_matrix(path, workers=WORKERS, skills=SKILLS)
