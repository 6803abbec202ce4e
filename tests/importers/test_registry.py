"""The one door to all importers, and what holds for each of them."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.errors import NotFound
from skillmatch.importers.batch import Batch, Known
from skillmatch.importers.columns import Column
from skillmatch.importers.kinds import KINDS
from skillmatch.importers.needs import parse_needs, write_needs
from skillmatch.importers.records import from_record
from skillmatch.importers.registry import IMPORTERS, read
from tests.importers.published import folder_of
from tests.importers.sample import NOW, load, put
from tests.importers.test_mapping import ECLIPSE

GUIDE = Path(__file__).parents[2] / "docs" / "import.md"


@pytest.mark.parametrize("importer", IMPORTERS, ids=lambda importer: importer.name)
def test_no_importer_accepts_what_is_not_there(importer: object, tmp_path: Path) -> None:
    assert not importer.accepts(tmp_path / "nothing")  # type: ignore[attr-defined]


def test_names_of_importers_are_unique() -> None:
    assert len({importer.name for importer in IMPORTERS}) == len(IMPORTERS)


def test_any_path_that_is_there_finds_an_importer(tmp_path: Path) -> None:
    for path in (tmp_path, put(tmp_path / "a.csv", ""), put(tmp_path / "b.jsonl", ""), put(tmp_path / "c.bin", "")):
        assert any(importer.accepts(path) for importer in IMPORTERS)


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no file or folder"):
        load(tmp_path / "nothing")


@pytest.mark.parametrize("name", ["photo.png", "workers", "workers.xls", "workers.txt"])
def test_a_file_of_another_kind_is_a_problem(tmp_path: Path, name: str) -> None:
    (problem,) = load(put(tmp_path / name, "id,name\n")).problems
    assert problem.expected == "a table saved as .csv or .xlsx, or .jsonl"


def test_hidden_files_and_those_excel_keeps_while_open_are_left_alone(tmp_path: Path) -> None:
    put(tmp_path / ".workers.csv", "x")
    put(tmp_path / "~$workers.xlsx", "x")
    put(tmp_path / "notes.txt", "x")
    (tmp_path / "jobs.csv").mkdir()
    put(tmp_path / "workers.csv", "id,name\ncho,Cho\n")
    batch = load(tmp_path)
    assert (batch.counts(), batch.problems) == ({"workers": 1}, [])


def test_tables_and_json_lines_may_lie_in_one_folder(tmp_path: Path) -> None:
    put(tmp_path / "workers.csv", "id,name\ncho,Cho\n")
    put(tmp_path / "more.jsonl", '{"type": "customer", "id": "bay", "name": "Bay", "preferred": ["cho"]}\n')
    batch = load(tmp_path)
    assert batch.problems == []
    assert batch.counts() == {"workers": 1, "customers": 1}


def test_whoever_waits_is_told_how_far_it_is(tmp_path: Path) -> None:
    put(tmp_path / "workers.csv", "id,name\n" + "".join(f"w{number},W\n" for number in range(12_000)))
    seen: list[tuple[str, int, int | None]] = []
    read(tmp_path, known=Known.nothing(), now=NOW, progress=lambda *step: seen.append(step))
    assert seen == [
        ("workers.csv", 5_000, None),
        ("workers.csv", 10_000, None),
        ("workers.csv", 12_000, 12_000),
        ("checking", 0, None),
    ]


def test_an_empty_batch_counts_nothing() -> None:
    assert Batch().counts() == {}
    assert list(Batch().nouns()) == []


def test_the_real_history_of_eclipse_is_read(tmp_path: Path) -> None:
    folder = folder_of("eclipse")
    for name in ("jobs.csv.gz", "handovers.csv.gz"):
        with gzip.open(folder / name, "rt", encoding="utf-8") as stream:
            first = [line for line in stream if not line[0].isdigit() or int(line.split(",", 1)[0]) <= 20_000]
        put(tmp_path / name, "".join(first))
    batch = load(tmp_path, mapping=ECLIPSE, known=Known.nothing())
    assert batch.problems == []
    assert batch.counts()["jobs"] > 9_000
    assert len({fact.job for fact in batch.evidence if isinstance(fact, JobOutcome)}) > 9_000


@pytest.mark.parametrize("name", KINDS)
def test_the_guide_shows_every_column_of_every_table(name: str) -> None:
    section = GUIDE.read_text(encoding="utf-8").partition(f"\n### {name}\n")[2].partition("\n#")[0]
    shown = [row.split("|")[1:3] for row in section.splitlines() if row.startswith("| `")]

    def row(column: Column) -> list[str]:
        return [f" `{column.name}` ", " yes " if column.required else " "]

    assert [[cells[0], cells[1].rstrip() + " " if cells[1].strip() else " "] for cells in shown] == [
        row(column) for column in KINDS[name].columns
    ]


def test_every_requirement_that_the_guide_shows_can_be_read() -> None:
    table = GUIDE.read_text(encoding="utf-8").partition("| item | meaning |")[2].partition("\n\n")[0]
    items = [item.replace("\\|", "|") for item in re.findall(r"^\| `(.+?)` \|", table, re.MULTILINE)]
    assert len(items) == 15
    assert all(parse_needs(write_needs(parse_needs(item))) == parse_needs(item) for item in items)


def test_every_line_of_json_that_the_guide_shows_can_be_read() -> None:
    lines = re.findall(r"^\{.*\}$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(lines) == 4
    assert all(from_record(json.loads(line)) for line in lines)
