"""The mapping file: what it can say, and what is said when it is wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.observation import Result
from skillmatch.errors import Invalid, NotFound
from skillmatch.importers.batch import Batch, Known
from skillmatch.importers.mapping import TimeRule
from skillmatch.importers.templates import Template
from skillmatch.model import (
    AllOf,
    AnyOf,
    CertificationRequirement,
    Job,
    JobStatus,
    JobType,
    LanguageRequirement,
    Link,
    LinkKind,
    Requirement,
)
from tests.importers.sample import load, put, told

ECLIPSE = Path(__file__).parents[2] / "benchmarks" / "eclipse" / "mapping.toml"
JOBS = "id,product,component,fixer\n1,Platform,Team,kim\n2,Platform,A;B: (x),lee\n3,Platform,Team,kim\n"
HANDOVERS = "bug,step,worker,fixed\n1,0,ui-inbox,0\n1,1,kim,1\n2,0,lee,0\n2,1,kim,1\n"


def import_with(folder: Path, mapping: str, *, known: Known | None = None) -> Batch:
    return load(folder, mapping=put(folder / "mapping.toml", mapping), known=known or Known.nothing())


def test_the_history_of_eclipse_is_read_by_its_mapping(tmp_path: Path) -> None:
    put(tmp_path / "jobs.csv.gz", JOBS)
    put(tmp_path / "handovers.csv.gz", HANDOVERS)
    batch = load(tmp_path, mapping=ECLIPSE, known=Known.nothing())
    assert told(batch) == []
    assert [skill.id for skill in batch.skills] == ["Platform", "Platform / Team", "Platform / A;B: (x)"]
    assert batch.links[0] == Link("Platform / Team", "Platform", LinkKind.BROADER)
    assert batch.job_types[1] == JobType(
        "Platform / A;B: (x)",
        "Platform / A;B: (x)",
        (Requirement("Platform / A;B: (x)"), Requirement("Platform", weight=0.25)),
    )
    assert batch.jobs[1] == Job(
        "2",
        "Platform / A;B: (x)",
        type="Platform / A;B: (x)",
        created=datetime(2001, 10, 10, 0, 28, 48, tzinfo=UTC),
        status=JobStatus.DONE,
    )
    assert [worker.id for worker in batch.workers] == ["kim", "lee"]
    assert batch.evidence[0] == JobOutcome(
        id="00000001-01",
        worker="kim",
        time=datetime(2001, 10, 10, 0, 14, 24, tzinfo=UTC),
        source="eclipse",
        job="1",
        result=Result.FIRST_TIME_FIX,
    )
    assert batch.notes == [
        "handovers.csv.gz: 1 of 4 rows left out as the mapping says (workers)",
        "handovers.csv.gz: 1 of 4 rows left out as the mapping says (outcomes)",
    ]


WORKERS = '[[table]]\nkind = "workers"\nfile = "people.csv"\n'


@pytest.fixture
def people(tmp_path: Path) -> Path:
    put(tmp_path / "people.csv", "No.,Full Name,Dept\n1,Ana Lima,N\n2,Ben Okoye,S\n2,Ben Okoye,N\n")
    return tmp_path


def test_a_column_may_be_named_or_built_from_several(people: Path) -> None:
    batch = import_with(people, WORKERS + 'distinct = true\ncolumns = { id = "w{No.:0>3}", name = "full name" }\n')
    assert [(worker.id, worker.name) for worker in batch.workers] == [("w001", "Ana Lima"), ("w002", "Ben Okoye")]


def test_a_repeated_row_is_a_duplicate_unless_the_mapping_says_distinct(people: Path) -> None:
    batch = import_with(people, WORKERS + 'columns = { id = "No.", name = "Full Name" }\n')
    assert [problem.line for problem in batch.problems] == [4]


def test_a_distinct_row_that_says_something_else_of_the_same_id_is_a_duplicate(people: Path) -> None:
    batch = import_with(
        people, WORKERS + 'distinct = true\ncolumns = { id = "No.", name = "Full Name", team = "Dept" }\n'
    )
    assert "worker '2', which line 3 has already" in told(batch)[0]


def test_rows_are_repetitions_only_when_the_same_columns_say_the_same(people: Path) -> None:
    put(people / "people.csv", "id,name,team,phone\n1,Ana,5,\n1,Ana,,5\n")
    rule = 'distinct = true\ncolumns = { id = "id", name = "name", team = "team", phone = "phone" }\n'
    assert "worker '1', which line 2 has already" in told(import_with(people, WORKERS + rule))[0]


def test_a_number_of_minutes_is_rounded_to_the_microsecond() -> None:
    rule = TimeRule(origin=datetime(2026, 1, 1, tzinfo=UTC), unit_minutes=Decimal("0.00000001"))
    assert rule.time("1").microsecond == 1


def test_values_are_translated_and_a_strange_one_is_told(people: Path) -> None:
    rule = 'columns = { id = "{No.}{Dept}", name = "Full Name", team = "Dept" }\nvalues.team = { N = "north" }\n'
    batch = import_with(people, WORKERS + rule)
    assert [worker.team for worker in batch.workers] == ["north", "north"]
    assert told(batch) == [
        "people.csv:3, column 'team': found 'S'; expected one of N: the values that the mapping translates"
    ]


def test_constants_stand_in_every_row(people: Path) -> None:
    rule = 'columns = { id = "{No.}{Dept}", name = "Full Name" }\n'
    rule += "constants = { capacity = 37.5, active_from = 2020-01-01 }\n"
    (first, *_) = import_with(people, WORKERS + rule).workers
    assert (first.capacity, str(first.active_from)) == (37.5, "2020-01-01")


def test_a_time_may_be_a_number_of_minutes_since_an_origin(tmp_path: Path) -> None:
    put(tmp_path / "log.csv", "who,when\nana,0.5\nben,1e30\ncho,soon\n")
    rule = (
        '[[table]]\nkind = "self_reports"\nfile = "log.csv"\ncolumns = { worker = "who", time = "when" }\n'
        'constants = { skill = "cooling", level = 3 }\n'
        "times.time = { origin = 2026-01-01T00:00:00, unit_minutes = 0.1 }\n"
    )
    batch = load(tmp_path, mapping=put(tmp_path / "m.toml", rule))
    assert [fact.time for fact in batch.evidence] == [datetime(2026, 1, 1, 0, 0, 3, tzinfo=UTC)]
    assert [problem.line for problem in batch.problems] == [3, 4]
    assert "a number of 0.1 minutes since 2026-01-01T00:00:00Z" in batch.problems[1].expected


def test_requirements_may_be_a_list_with_levels_from_columns(tmp_path: Path) -> None:
    put(tmp_path / "types.csv", "id,a,level,b,licence\nx,cooling,3,,F-GAS\ny,a:b,,wiring,\n")
    rule = (
        '[[table]]\nkind = "job_types"\nfile = "types.csv"\n[table.columns]\nid = "id"\nname = "id"\nrequirements = [\n'
        '{ skill = "a", level = "level", weight = 2, must = false }, { skill = "b", level = 1.5 },'
        '{ certification = "licence" } ]\n'
    )
    put(tmp_path / "skills.csv", "id,name\ncooling,C\na:b,AB\nwiring,W\n")
    batch = import_with(tmp_path, rule)
    assert told(batch) == []
    assert [type.requirements for type in batch.job_types] == [
        (Requirement("cooling", 3.0, 2.0), CertificationRequirement("F-GAS")),
        (Requirement("a:b", None, 2.0), Requirement("wiring", 1.5)),
    ]


def test_requirements_of_a_list_may_be_for_a_crew_or_a_language(tmp_path: Path) -> None:
    put(tmp_path / "types.csv", "id,a,best,people,licence,tongue\nx,cooling,4,2,F+GAS,de\ny,C++,,,,\n")
    put(tmp_path / "skills.csv", "id,name\ncooling,C\nC++,P\n")
    rule = (
        '[[table]]\nkind = "job_types"\nfile = "types.csv"\n[table.columns]\nid = "id"\nname = "id"\nrequirements = [\n'
        '{ skill = "a", level = 3, preferred_level = "best", count = "people", must = true },'
        '{ certification = "licence", count = 3 }, { language = "tongue" } ]\n'
    )
    batch = import_with(tmp_path, rule)
    assert told(batch) == []
    assert [type.requirements for type in batch.job_types] == [
        (
            Requirement("cooling", 3.0, must=True, preferred_level=4.0, count=2),
            CertificationRequirement("F+GAS", 3),
            LanguageRequirement("de"),
        ),
        (Requirement("C++", 3.0, must=True),),
    ]


def test_choices_of_requirements_are_written_as_a_text(tmp_path: Path) -> None:
    put(tmp_path / "types.csv", "id,a,b\nx,cooling,wiring\n")
    rule = '[[table]]\nkind = "job_types"\nfile = "types.csv"\n[table.columns]\nid = "id"\nname = "id"\n'
    put(tmp_path / "skills.csv", "id,name\ncooling,C\nwiring,W\ncontrols,R\n")
    batch = import_with(tmp_path, rule + 'requirements = "{a}:3 | ({b} + controls)"\n')
    assert told(batch) == []
    choice = AnyOf((Requirement("cooling", 3.0), AllOf((Requirement("wiring"), Requirement("controls")))))
    assert batch.job_types[0].requirements == (choice,)


def test_files_that_the_mapping_does_not_name_are_read_by_their_own_names(people: Path) -> None:
    put(people / "skills.csv", "id,name\na,A\n")
    put(people / "other.csv", "x\n1\n")
    batch = import_with(people, WORKERS + 'distinct = true\ncolumns = { id = "No.", name = "Full Name" }\n')
    assert batch.counts() == {"skills": 1, "workers": 2}
    assert batch.notes == ["other.csv: not in mapping.toml, and of no known name; left out"]


def test_one_file_may_be_imported_alone_by_the_mapping_of_its_folder(people: Path) -> None:
    rule = WORKERS + 'distinct = true\ncolumns = { id = "No.", name = "Full Name" }\n'
    mapping = put(people / "mapping.toml", rule + rule.replace("people.csv", "others.csv"))
    assert len(load(people / "people.csv", mapping=mapping).workers) == 2


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ("source =", "mapping.toml is no TOML: Invalid value (at end of document)"),
        ("", "mapping.toml: table: expected it there"),
        ("tabel = []", "unknown key 'tabel': expected one of source, table; did you mean 'table'?"),
        ('source = " "\ntable = []', "source: found ' ': expected an id of 1 to 200 printable characters"),
        (
            '[[table]]\nkind = "wokers"\nfile = "people.csv"',
            "table 1.kind: found 'wokers': expected one of skills, links",
        ),
        (WORKERS + "colums = {}", "table 1: unknown key 'colums': expected one of kind, file"),
        (WORKERS + 'columns = { id = "No." }', "table 1: columns: expected something for 'name'"),
        (WORKERS + 'columns = { ident = "No." }', "columns.ident: expected a column of workers, one of id, name"),
        (WORKERS + 'columns = { id = "{No.", name = "x" }', "'{No.' is no template"),
        (
            WORKERS + 'columns = { id = "{No.!r}", name = "x" }',
            "table 1.columns.id: found '{No.!r}': '{No.!r}' is no template",
        ),
        (WORKERS + 'columns = { id = "{No.:>999999}", name = "x" }', "is no template"),
        (WORKERS + 'columns = { id = "{}", name = "x" }', "is no template"),
        (WORKERS + 'columns = { id = 3, name = "x" }', "table 1.columns.id: found '3': expected a valid string"),
        (
            WORKERS + 'columns = { id = "No.", name = "Ful Name" }',
            "table 1.columns.name: people.csv has no column 'Ful Name'",
        ),
        (WORKERS + 'columns = { id = "{No..__class__}", name = "Dept" }', "people.csv has no column 'No..__class__'"),
        (WORKERS + 'columns = { id = [{ skill = "x" }], name = "Dept" }', "columns.id is a list: expected text"),
        (
            WORKERS + 'columns = { id = "No.", name = "Dept" }\nconstants = { id = "x" }',
            "'id' stands in columns and in constants",
        ),
        (
            WORKERS + 'columns = { id = "No.", name = "Dept" }\nconstants = { capacity = 900 }',
            "constants.capacity: found '900': expected hours",
        ),
        (
            WORKERS + 'columns = { id = "No.", name = "Dept" }\nvalues = { team = {} }',
            "expected 'team' among the columns as well",
        ),
        (
            WORKERS
            + 'columns = { id = "No.", name = "Dept" }\ntimes.id = { origin = 2026-01-01T00:00:00Z, unit_minutes = 1 }',
            "times.id: expected a column that holds times",
        ),
        (
            WORKERS + 'columns = { id = "No.", name = "Dept" }\nskip = [{ column = "No.", matches = "(" }]',
            "skip 1.matches: found '('",
        ),
        (
            WORKERS + 'columns = { id = "No.", name = "Dept" }\nskip = [{ column = "X", matches = "a" }]',
            "has no column 'X'",
        ),
        (WORKERS.replace("people", "peple"), "columns: expected something for 'id'"),
        (WORKERS.replace("people.csv", "../people.csv"), "expected the name of a file in the imported folder"),
        (
            WORKERS.replace("people", "peple") + 'columns = { id = "No.", name = "Dept" }',
            "table 1.file: there is no 'peple.csv': expected one of people.csv; did you mean 'people.csv'?",
        ),
        ("\x00", "is no TOML"),
        ("a=" + "[" * 5000, "is no TOML"),
    ],
)
def test_a_wrong_mapping_is_told_with_its_key(people: Path, mapping: str, message: str) -> None:
    with pytest.raises(Invalid) as error:
        import_with(people, mapping)
    assert str(error.value).startswith("mapping.toml")
    assert message in str(error.value)


def test_a_mapping_that_is_not_there_is_told(people: Path) -> None:
    with pytest.raises(NotFound, match="there is no mapping file"):
        load(people, mapping=people / "mapping.toml")


@pytest.mark.parametrize(
    ("template", "cells", "expected"),
    [
        ("a", ["1", "2"], "1"),
        ("{a}", [" 1 ", "2"], " 1 "),
        ("{a}-{b}", ["1", " 2 "], "1-2"),
        ("{a:0>4}", ["17"], "0017"),
        ("{a:*<4}|", ["17"], "17**|"),
        ("{{{a}}}", ["1"], "{1}"),
        ("{a}-{b}", ["", " "], ""),
        ("{a:0>4}", [""], ""),
        ("{a}-{b}", ["1"], "1-"),
    ],
)
def test_a_template_is_filled_from_the_cells(template: str, cells: list[str], expected: str) -> None:
    assert Template(template).fill({"a": 0, "b": 1}.get)(cells) == expected
