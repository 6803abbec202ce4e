"""CSV files as people and programs really write them."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest

from skillmatch.importers import lines
from skillmatch.importers.tables import guarded, unguarded
from tests.importers.sample import load, put, told

PLAIN = "id,name,team\nana,Ana Lima,north\nben,Ben Okoye,\n"


def names(path: Path) -> list[tuple[str, str, str]]:
    batch = load(path)
    assert batch.problems == []
    return [(worker.id, worker.name, worker.team) for worker in batch.workers]


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace("\n", "\r\n"),
        "\ufeff" + PLAIN,
        "\n\n" + PLAIN.replace("\nben", "\n\n,,\nben"),
        PLAIN.rstrip("\n"),
        "Team,NAME, I_D \nnorth,Ana Lima,ana\n,Ben Okoye,ben\n",
        "id,name,team,,\nana,Ana Lima,north,,\nben,Ben Okoye,,,\n",
        'id,name,team\n"ana","Ana Lima","north"\n"ben",Ben Okoye\n',
    ],
    ids="plain semicolons tabs windows bom blank-lines no-last-end other-order empty-columns quotes".split(),
)
def test_the_same_table_is_read_in_many_dresses(tmp_path: Path, text: str) -> None:
    assert names(put(tmp_path / "workers.csv", text)) == [("ana", "Ana Lima", "north"), ("ben", "Ben Okoye", "")]


@pytest.mark.parametrize("name", ["workers.csv.gz", "Workers-2026.csv", "workers 2.tsv", "workers_north.CSV"])
def test_the_name_of_a_file_says_its_kind(tmp_path: Path, name: str) -> None:
    assert len(names(put(tmp_path / name, PLAIN))) == 2


def test_longer_names_are_not_taken_for_shorter_ones(tmp_path: Path) -> None:
    put(tmp_path / "job_types.csv", "id,name\nrepair,Repair\n")
    put(tmp_path / "job-types 2.csv", "id,name\ncheck,Check\n")
    put(tmp_path / "jobs.csv", "id,title\nj,Leak\n")
    batch = load(tmp_path)
    assert batch.counts() == {"job_types": 2, "jobs": 1}


def test_a_cell_with_line_breaks_keeps_them_and_the_line_numbers_stay_right(tmp_path: Path) -> None:
    text = 'id,title,text\nj2,Leak,"first\nsecond"\nj3,,x\n'
    batch = load(put(tmp_path / "jobs.csv", text))
    assert batch.jobs[0].text == "first\nsecond"
    assert batch.problems[0].line == 4


def test_a_cell_of_ten_megabytes_is_refused_with_its_size_and_the_limit(tmp_path: Path) -> None:
    text = "id,title,text\nj2,Leak,x\nj3,Hum," + "x" * 10_000_000 + "\nj4,Drip,y\n"
    batch = load(put(tmp_path / "jobs.csv", text))
    assert told(batch) == [
        "jobs.csv:3, column 'text': found a cell of 10,000,000 characters; "
        "expected at most 1,000,000; is a quotation mark not closed?"
    ]
    assert [job.id for job in batch.jobs] == ["j2", "j4"]


def test_a_line_that_never_ends_is_not_held_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "jobs.csv.gz"
    with gzip.open(path, "wb", compresslevel=1) as stream:
        stream.write(b"id,title\nj2,Leak\nj3,")
        for _ in range(60):
            stream.write(b"x" * 1_000_000)
        stream.write(b"\nj4,Drip\n")
    tracemalloc.start()
    batch = load(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert told(batch) == ["jobs.csv.gz:3: found a line of 60,000,004 bytes; expected lines of at most 16,000,000"]
    assert [job.id for job in batch.jobs] == ["j2", "j4"]
    assert peak < 50_000_000


def test_a_packed_file_that_unpacks_without_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "UNPACKED_LIMIT", 2_000_000)
    text = "id,title\n" + "".join(f"j{number},{'x' * 1000}\n" for number in range(3_000))
    batch = load(put(tmp_path / "jobs.csv.gz", text))
    assert batch.problems[0].found == "more than 2 MB when unpacked"


def test_a_packed_file_of_one_line_without_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "UNPACKED_LIMIT", 20_000_000)
    batch = load(put(tmp_path / "jobs.csv.gz", b"id,title\n" + b"x" * 30_000_000))
    assert batch.problems[0].found == "more than 20 MB when unpacked"


def test_a_quotation_mark_left_open_in_a_long_file_is_told_with_its_line(tmp_path: Path) -> None:
    text = 'id,title\nj2,"Leak\n' + "".join(f"j{number},Hum\n" for number in range(3, 200_000))
    batch = load(put(tmp_path / "jobs.csv", text))
    assert told(batch) == ['jobs.csv:2: found a quotation mark that is never closed; expected a closing "']


def test_a_wrong_byte_in_the_header_ends_the_reading(tmp_path: Path) -> None:
    batch = load(put(tmp_path / "workers.csv", "id,name,größe\nana,Ana Lima,1\n".encode("latin-1")))
    assert [(problem.line, problem.found) for problem in batch.problems] == [(1, "byte 0xF6 that is not UTF-8")]


def test_a_carriage_return_alone_is_no_end_of_a_line(tmp_path: Path) -> None:
    batch = load(put(tmp_path / "workers.csv", "id,name\nana,Ana\rben,Ben\n"))
    assert batch.problems[0].found == "a line ended by a carriage return alone"


@pytest.mark.parametrize("text", ["=1+1", "+49 30 1234", "-", "@home", "\tx", "'=1", "''=1"])
def test_what_a_spreadsheet_would_run_is_guarded(text: str) -> None:
    assert guarded(text) == "'" + text
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["", "a=1", "it's", "'quoted'", "'", "1-2"])
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert guarded(text) == unguarded(text) == text
