"""What is exported as tables reads back as it was."""

from __future__ import annotations

import csv
from dataclasses import fields, replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmatch.beliefs.evidence import CustomerRating, Evidence, JobOutcome
from skillmatch.errors import Invalid
from skillmatch.importers import files, jsonl
from skillmatch.importers.batch import Batch, Known
from skillmatch.importers.draft import Draft
from skillmatch.importers.export import write_tables
from skillmatch.model import Customer, Noun, Skill, Worker
from tests.importers.sample import KNOWN, load, told
from tests.importers.strategies import facts, nouns
from tests.importers.test_intake import company

__all__ = ["company"]
TINY = Path(__file__).parents[2] / "sample_data" / "tiny"


def same(one: Batch, other: Batch) -> bool:
    """Return whether two batches hold the same things."""
    return list(one.nouns()) == list(other.nouns()) and sorted(one.evidence, key=lambda fact: fact.order) == sorted(
        other.evidence, key=lambda fact: fact.order
    )


@pytest.mark.parametrize("name", ["tables", "all.xlsx"])
def test_a_company_exported_and_imported_is_the_same_company(company: Path, tmp_path: Path, name: str) -> None:
    batch = load(company)
    target = tmp_path / "out" / name
    rows = write_tables(target, batch.nouns(), batch.evidence)
    assert rows == sum(batch.counts().values())
    back = load(target)
    assert told(back) == []
    assert same(back, batch)


@pytest.mark.parametrize("name", ["tables", "all.xlsx", "all.jsonl"])
def test_the_tiny_sample_exported_and_imported_is_the_same(tmp_path: Path, name: str) -> None:
    if not list(TINY.glob("*.csv")):
        pytest.skip("sample_data/tiny is not there yet")
    batch = load(TINY, known=Known.nothing())
    assert told(batch) == []
    write = jsonl.write if name.endswith(".jsonl") else write_tables
    write(tmp_path / name, batch.nouns(), batch.evidence)
    assert same(load(tmp_path / name, known=Known.nothing()), batch)


def as_written_by_hand(thing: Noun | Evidence) -> Noun | Evidence:
    """Return a thing without what the workspace fills in from a job: tables have no columns for it."""
    if isinstance(thing, JobOutcome):
        return replace(thing, demands=(), job_type=None, customer=None, site=None, estimate=None)
    return replace(thing, demands=()) if isinstance(thing, CustomerRating) else thing


def in_tables(thing: Noun | Evidence) -> bool:
    """Return whether tables can hold a thing: no blanks around a text, nothing empty for unknown."""
    texts = [value for field in fields(thing) if isinstance(value := getattr(thing, field.name), str)]
    required = [getattr(thing, name, "x") for name in ("name", "title", "type", "rater")]
    optional = getattr(thing, "source_uri", None)
    return all(text == text.strip() for text in texts) and "" not in (*required, optional)


@pytest.mark.parametrize("name", ["tables", "all.xlsx"])
@settings(max_examples=60, deadline=None)
@given(thing=st.one_of(nouns, facts).map(as_written_by_hand).filter(in_tables))
def test_any_row_survives_a_table(tmp_path_factory: pytest.TempPathFactory, name: str, thing: Noun | Evidence) -> None:
    path = tmp_path_factory.mktemp("export") / name
    write_tables(path, [] if isinstance(thing, Evidence) else [thing], [thing] if isinstance(thing, Evidence) else [])
    draft = Draft()
    files.read(path, draft)
    assert draft.problems == []
    assert [back for rows in draft.rows.values() for back in rows.things] == [thing]


def test_what_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    worker = Worker("cho", "=HYPERLINK(1)", phone="+49 30 1")
    write_tables(tmp_path / "out", [worker], [])
    with (tmp_path / "out" / "workers.csv").open(newline="") as stream:
        row = next(csv.DictReader(stream))
    assert (row["name"], row["phone"]) == ("'=HYPERLINK(1)", "'+49 30 1")
    write_tables(tmp_path / "out.xlsx", [worker], [])
    cell = openpyxl.load_workbook(tmp_path / "out.xlsx")["workers"]["B2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")
    assert load(tmp_path / "out").workers == load(tmp_path / "out.xlsx").workers == [worker]


def test_numbers_stand_as_numbers_in_excel(tmp_path: Path) -> None:
    write_tables(
        tmp_path / "out.xlsx", [Worker("cho", "Cho", capacity=37.5), Worker("dee", "Dee", capacity=0.1 + 0.2)], []
    )
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["workers"]
    assert [sheet["H2"].value, sheet["H3"].value] == [37.5, "0.30000000000000004"]


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(Invalid, match="not empty"):
        write_tables(tmp_path, [Worker("cho", "Cho")], [])
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("name", ["out", "out.xlsx"])
def test_an_export_that_fails_leaves_nothing_behind(tmp_path: Path, name: str) -> None:
    with pytest.raises(ZeroDivisionError):
        write_tables(tmp_path / name, (Worker(str(1 // number), "x") for number in (1, 0)), [])
    assert list(tmp_path.iterdir()) == []


def test_a_text_too_long_for_excel_is_told(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="40,000 characters in column 'description' of the sheet 'skills'"):
        write_tables(tmp_path / "out.xlsx", [Skill("a", "A", description="x" * 40_000)], [])


def test_nothing_exported_is_nothing_to_import(tmp_path: Path) -> None:
    assert write_tables(tmp_path / "out", [], []) == 0
    assert load(tmp_path / "out").problems[0].found == "a folder with nothing to import"


def test_lists_with_semicolons_come_back(tmp_path: Path) -> None:
    customer = Customer("bay", "Bay", preferred=("a;b", 'say "hi"'))
    write_tables(tmp_path / "out", [customer], [])
    known = Known(workers={"a;b", 'say "hi"'}, skills=KNOWN.skills)
    assert load(tmp_path / "out", known=known).customers == [customer]
