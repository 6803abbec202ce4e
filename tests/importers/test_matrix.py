"""A skills matrix: every layout and scale that people draw, whom and what it means, and what cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from skillmatch.errors import Invalid, NotFound
from skillmatch.importers.draft import Unfit
from skillmatch.importers.matrix import Choices, Matrix, read_matrix
from skillmatch.importers.matrix.choices import load
from skillmatch.importers.matrix.proposal import proposal
from skillmatch.model import Skill, Worker
from skillmatch.skills.linking import Correction, Linker
from tests.importers.sample import put

WORKERS = [
    Worker("w1", "Anna Müller"),
    Worker("w2", "Ben Okafor"),
    Worker("w3", "Chen Li"),
    Worker("w4", "Dora Öztürk-Weiß"),
    Worker("w5", "Anna Frost"),
]
SKILLS = [
    Skill("cold", "Refrigeration", alt_names=("cooling", "Kälte")),
    Skill("weld", "Welding pipes"),
    Skill("el", "Electrical fault-finding"),
    Skill("care", "Customer care"),
]
HEAD = ["Name", "Refrigeration", "Welding pipes", "Customer care"]

Rows = Sequence[Sequence[Any]]


def book(path: Path, rows: Rows, merged: Iterable[str] = (), title: str = "Sheet1") -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    made.save(path)
    return path


def table(path: Path, rows: Rows) -> Path:
    return put(path, "\n".join(";".join(str(cell) for cell in row) for row in rows) + "\n")


def read(path: Path, **more: Any) -> Matrix:
    return read_matrix(path, workers=WORKERS, skills=SKILLS, **more)


def of(tmp_path: Path, rows: Rows, **more: Any) -> Matrix:
    return read(table(tmp_path / "matrix.csv", rows), **more)


def levels(matrix: Matrix) -> dict[tuple[str, str], float]:
    found = {(one.worker, one.skill): round(one.level, 3) for one in matrix.statements}
    assert len(found) == len(matrix.statements)
    return found


def told(matrix: Matrix) -> list[str]:
    return [str(problem) for problem in matrix.preview.problems]


PLAIN = {("w1", "cold"): 5.0, ("w1", "care"): 2.0, ("w2", "cold"): 1.0, ("w2", "weld"): 4.0}


def test_people_down_and_skills_across(tmp_path: Path):
    matrix = of(tmp_path, [HEAD, ["Anna Müller", 5, "", 2], ["Ben Okafor", 1, 4, ""]])
    assert levels(matrix) == PLAIN
    preview = matrix.preview
    assert (preview.orientation, preview.scale, preview.ready) == ("people down", "1-5", True)
    assert (preview.cells, preview.blank, preview.corrections) == (4, 2, ())


def test_people_across_are_the_same_matrix(tmp_path: Path):
    rows = [HEAD, ["Anna Müller", 5, "", 2], ["Ben Okafor", 1, 4, ""]]
    matrix = of(tmp_path, list(zip(*rows, strict=True)))
    assert levels(matrix) == PLAIN
    assert matrix.preview.orientation == "people across"
    assert [column.place for column in matrix.preview.columns] == ["A2", "A3", "A4"]


def test_titles_categories_teams_totals_blank_columns_and_a_legend_are_no_part_of_it(tmp_path: Path):
    rows = [
        ["Skills matrix 2026", None, None, None, None, None, None, None],
        [],
        [None, None, None, "Plant", None, None, "Other", None],
        ["No.", "Employee", "Team", "Refrigeration", "Welding pipes", None, "Customer care", "Total"],
        [None, "North", None, None, None, None, None, None],
        [1, "Anna Müller", "A", 5, None, None, 2, "=SUM(D6:G6)"],
        [None, "South", None, None, None, None, None, None],
        [2, "Ben Okafor", "B", 1, 4, None, None, "=SUM(D8:G8)"],
        [None, "Total", None, "=SUM(D6:D8)", "=SUM(E6:E8)", None, 2, None],
        [],
        ["1", "has seen it"],
        ["5", "expert"],
    ]
    matrix = read(book(tmp_path / "m.xlsx", rows, ["A1:H1", "D3:E3"]))
    assert levels(matrix) == PLAIN
    assert matrix.preview.ready
    assert matrix.preview.beside == (
        "'No.' (A4): about the person, no skill",
        "'Team' (C4): about the person, no skill",
        "'Total' (H4): about the person, no skill",
        "row 9 'Total': totals",
        "row 5 'North': a heading, nothing is said of it",
        "row 7 'South': a heading, nothing is said of it",
        "row 11 '1': below the people",
        "row 12 '5': below the people",
    )


def test_a_heading_in_a_cell_merged_downwards_is_found(tmp_path: Path):
    rows = [
        ["Name", "Refrigeration", "Metal", None],
        [None, None, "Welding pipes", "Customer care"],
        ["Anna Müller", 5, None, 2],
        ["Ben Okafor", 1, 4, None],
    ]
    assert levels(read(book(tmp_path / "m.xlsx", rows, ["A1:A2", "B1:B2", "C1:D1"]))) == PLAIN


def test_the_matrix_may_stand_anywhere_on_the_sheet(tmp_path: Path):
    rows = [[], [], [None, None, *HEAD], [None, None, "Anna Müller", 5, None, 2], [None, None, "Ben Okafor", 1, 4, "?"]]
    matrix = read(book(tmp_path / "m.xlsx", rows))
    assert levels(matrix) == PLAIN
    assert [column.place for column in matrix.preview.columns] == ["D3", "E3", "F3"]
    (problem,) = matrix.preview.problems
    assert (problem.file, problem.line, problem.column) == ("m.xlsx[Sheet1]", 5, "F")
    assert problem.found == "cell F5: '?' for 'Customer care'"
    assert problem.expected.startswith("a number from 1 to 5")


def test_first_and_last_names_may_stand_in_two_columns(tmp_path: Path):
    rows = [["Nachname", "Vorname", *HEAD[1:]], ["Müller", "Anna", 5, "", 2], ["Okafor", "Ben", 1, 4, ""]]
    assert levels(of(tmp_path, rows)) == PLAIN


def test_ids_that_look_like_marks_are_not_taken_for_people(tmp_path: Path):
    workers = [Worker(str(number), worker.name) for number, worker in enumerate(WORKERS, 1)]
    rows = [
        ["Skill", "AM", "BO", "Sum"],
        ["Refrigeration", 5, 1, 6],
        ["Welding pipes", "", 4, 4],
        ["Kundendienst", 2, "", 2],
    ]
    path = table(tmp_path / "m.csv", rows)
    matrix = read_matrix(path, workers=workers, skills=SKILLS, choices=Choices({"Kundendienst": "care"}))
    assert matrix.preview.orientation == "people across"
    assert levels(matrix) == {(worker[1:], skill): level for (worker, skill), level in PLAIN.items()}
    numbered = [["No.", *HEAD[1:]], [1, 5, "", 2], [2, 1, 4, ""], [3, 1, 1, 1]]
    found = read_matrix(table(tmp_path / "n.csv", numbered), workers=workers, skills=SKILLS)
    assert [person.best.name for person in found.preview.people if person.best] == [
        "Anna Müller",
        "Ben Okafor",
        "Chen Li",
    ]


def test_somebody_may_be_chosen_on_a_sheet_where_nobody_stands_plainly(tmp_path: Path):
    rows = [HEAD, ["The new one", 5, "", 2], ["BO", 1, 4, ""], ["Guest", 3, 3, 3]]
    matrix = of(tmp_path, rows, choices=Choices(people={"The new one": "w1", "Guest": ""}))
    assert levels(matrix) == PLAIN


def test_the_name_of_whoever_made_the_sheet_is_not_the_place_of_the_people(tmp_path: Path):
    rows = [["", "by", "Anna Müller", ""], [], HEAD, ["AM", 5, "", 2], ["B.O.", 1, 4, ""]]
    assert levels(of(tmp_path, rows)) == PLAIN


def test_a_skill_may_have_a_column_for_the_level_and_one_for_the_day(tmp_path: Path):
    rows = [
        ["Name", "Refrigeration", None, "Welding pipes", None, "Customer care"],
        [None, "Level", "Date", "Level", "Date", "Level"],
        ["Anna Müller", 5, "2026-01-01", None, None, 2],
        ["Ben Okafor", 1, None, 4, "2025-12-01", None],
    ]
    assert levels(read(book(tmp_path / "m.xlsx", rows, ["B1:C1", "D1:E1"]))) == PLAIN


def test_of_several_sheets_the_one_with_most_people_is_read_and_the_others_are_named(tmp_path: Path):
    made = openpyxl.Workbook()
    for name, rows in (
        ("Readme", [["How to fill this in"]]),
        ("South", [HEAD, ["Chen Li", 3, 3, 3]]),
        ("North", [HEAD, ["Anna Müller", 5, None, 2], ["Ben Okafor", 1, 4, None]]),
    ):
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(tmp_path / "m.xlsx")
    matrix = read(tmp_path / "m.xlsx")
    assert levels(matrix) == PLAIN
    assert matrix.preview.notes == ("other sheets hold people too, name one with --sheet: South (1 people)",)
    assert len(levels(read(tmp_path / "m.xlsx", sheet="South"))) == 3
    with pytest.raises(Unfit, match="no sheet 'West'"):
        read(tmp_path / "m.xlsx", sheet="West")


@pytest.mark.parametrize(
    ("marks", "name", "expected"),
    [
        (["★", "★★", "★★★★★", "☆"], "stars-5", [1, 2, 5, 0]),
        (["★☆☆", "★★☆", "★★★", "☆☆☆"], "stars-3", [1.667, 3.333, 5, 0]),
        (["*", "***", "**", "-"], "stars-3", [1.667, 5, 3.333, 0]),
        (["x", "X", "yes", "no"], "crosses", [3, 3, 3, 0]),
        (["✓", "✗", "✓", "✓"], "crosses", [3, 0, 3, 3]),
        (["✗", "✗", "(x)", "✗"], "crosses", [3, 3, 2, 3]),
        (["ja", "nein", "ja", "-"], "crosses", [3, 0, 3, 0]),
        (["1", "0", "1", "1"], "crosses", [3, 0, 3, 3]),
        (["1", "3", "5", "2.5"], "1-5", [1, 3, 5, 2.5]),
        (["0", "3", "5", "4,5"], "0-5", [0, 3, 5, 4.5]),
        (["0", "1", "4", "2"], "0-4", [0, 1.25, 5, 2.5]),
        (["0", "1", "3", "2"], "0-3", [0, 1.667, 5, 3.333]),
        (["1", "10", "5", "7"], "1-10", [0.5, 5, 2.5, 3.5]),
        (["A", "B", "C", "d"], "A-D", [5, 3.75, 2.5, 1.25]),
        (["A", "B", "E", "C"], "A-E", [5, 4, 1, 3]),
        (["A", "F", "E", "C"], "A-F", [5, 0, 1, 3]),
        (["100%", "50 %", "0%", "75 %"], "percent", [5, 2.5, 0, 3.75]),
        (["1", "0.5", "0", "0.75"], "percent", [5, 2.5, 0, 3.75]),
        (["80", "100", "20", "0"], "percent", [4, 5, 1, 0]),
        (["○", "◔", "◑", "●"], "balls", [0, 1.25, 2.5, 5]),
        (["○", "●", "●", "●"], "crosses", [0, 3, 3, 3]),
        (["+", "++", "+++", "-"], "plus-3", [1.667, 3.333, 5, 0]),
        (["x", "xx", "XXX", "0"], "plus-3", [1.667, 3.333, 5, 0]),
        (["none", "Basic", "good", "EXPERT"], "words", [0, 2, 3, 5]),
        (["kein", "Grund", "gut", "Experte"], "words", [0, 2, 3, 5]),
    ],
)
def test_scales_are_seen_and_mapped(tmp_path: Path, marks: list[str], name: str, expected: list[float]):
    rows = [["Name", *(skill.name for skill in SKILLS)], ["Anna Müller", *marks], ["Ben Okafor", "", "", "", ""]]
    matrix = of(tmp_path, rows)
    assert matrix.preview.scale == name
    assert [round(one.level, 3) for one in matrix.statements] == expected
    assert told(matrix) == []
    assert {mark.mark: round(mark.level or 0.0, 3) for mark in matrix.preview.marks} == dict(
        zip(marks, expected, strict=True)
    )


@pytest.mark.parametrize(
    ("scale", "mark", "level"),
    [
        ("1-5", "2", 2.0),
        ("0-4", "2", 2.5),
        ("1-10", "2", 1.0),
        ("6-1", "1", 5.0),
        ("6-1", "6", 0.833),
        ("stars-3", "★★", 3.333),
        ("stars", "★★", 2.0),
        ("A-D", "A", 5.0),
        ("percent", "40", 2.0),
        ("crosses", "x", 3.0),
        ("plus", "++", 3.333),
    ],
)
def test_a_scale_may_be_named(tmp_path: Path, scale: str, mark: str, level: float):
    matrix = of(tmp_path, [HEAD, ["Anna Müller", mark, "", ""]], choices=Choices(scale=scale))
    assert levels(matrix) == {("w1", "cold"): level}


@pytest.mark.parametrize("scale", ["", "1", "5-5", "0-0", "A-Z", "stars-0", "stars-x", "nan", "1-99999", "numbers"])
def test_a_scale_that_is_none_is_told(scale: str):
    with pytest.raises(Invalid, match="expected one of stars"):
        Choices(scale=scale)


def test_the_best_mark_may_stand_in_a_legend_alone(tmp_path: Path):
    rows = [HEAD, ["Anna Müller", "★★★", "★", ""], [], ["★★★★★ = expert", "", "", ""]]
    assert levels(of(tmp_path, rows)) == {("w1", "cold"): 3.0, ("w1", "weld"): 1.0}


def test_a_scale_that_nobody_tops_is_told_to_be_doubtful(tmp_path: Path):
    assert of(tmp_path, [HEAD, ["Anna Müller", 3, 1, 2]]).preview.doubt == "nobody has more than 3"
    assert of(tmp_path, [HEAD, ["Anna Müller", 5, 1, 2]]).preview.doubt == ""
    assert of(tmp_path, [HEAD, ["Anna Müller", 3, 1, 2]], choices=Choices(scale="1-5")).preview.doubt == ""


def test_a_column_may_have_a_scale_of_its_own(tmp_path: Path):
    matrix = of(tmp_path, [HEAD, ["Anna Müller", 5, 3, "x"], ["Ben Okafor", 4, 1, "x"], ["Chen Li", 2, 2, ""]])
    assert levels(matrix)["w1", "care"] == 3.0
    assert [column.scale for column in matrix.preview.columns] == ["", "", "crosses"]


def test_a_slip_of_the_finger_is_a_problem_and_does_not_stretch_the_scale(tmp_path: Path):
    matrix = of(tmp_path, [HEAD, ["Anna Müller", 5, 33, 2], ["Ben Okafor", 4, 1, 2]])
    assert matrix.preview.scale == "1-5"
    assert [problem.found for problem in matrix.preview.problems] == ["cell C2: '33' for 'Welding pipes'"]


def test_marks_may_be_given_a_meaning_or_none(tmp_path: Path):
    rows = [HEAD, ["Anna Müller", "x", "in course", "-"], ["Ben Okafor", "x", "", "?"]]
    assert len(told(of(tmp_path, rows))) == 2
    choices = Choices(marks={"in course": 1.5, "?": None, "-": None}, held=4)
    assert levels(of(tmp_path, rows, choices=choices)) == {
        ("w1", "cold"): 4.0,
        ("w1", "weld"): 1.5,
        ("w2", "cold"): 4.0,
    }
    assert told(of(tmp_path, rows, choices=choices)) == []


@pytest.mark.parametrize("mark", ["nan", "inf", "-inf", "NaN", "1e3", "6", "-1", "3+", "4*", "2-3", "#N/A"])
def test_what_is_no_mark_is_a_problem_with_its_cell(tmp_path: Path, mark: str):
    matrix = of(tmp_path, [HEAD, ["Anna Müller", 5, 1, 2], ["Ben Okafor", mark, 1, 2]], choices=Choices(scale="1-5"))
    (problem,) = matrix.preview.problems
    assert (problem.file, problem.line, problem.column) == ("matrix.csv", 3, "B")
    assert problem.found == f"cell B3: {mark!r} for 'Refrigeration'"
    assert f'--mark "{mark}=LEVEL"' in problem.expected
    assert len(matrix.statements) == 5


def test_formulas_and_errors_are_problems_with_their_cell(tmp_path: Path):
    matrix = read(book(tmp_path / "m.xlsx", [HEAD, ["Anna Müller", 5, "=1+1", 2], ["Ben Okafor", 1, 4, "#N/A"]]))
    assert [problem.found for problem in matrix.preview.problems] == [
        "cell C2: the formula =1+1",
        "cell D3: the error #N/A",
    ]
    assert levels(matrix) == PLAIN


def test_formulas_where_names_should_be_are_problems(tmp_path: Path):
    matrix = read(
        book(tmp_path / "m.xlsx", [["Name", "Refrigeration", "=A1"], ["Anna Müller", 5, 1], ['="B"&"en"', 1, 4]])
    )
    assert [problem.found for problem in matrix.preview.problems] == [
        "cell C1: the formula =A1",
        'cell A3: the formula ="B"&"en"',
    ]


def test_marks_without_a_skill_or_a_person_are_problems(tmp_path: Path):
    rows = [
        ["Name", "Refrigeration", "", "Customer care"],
        ["Anna Müller", 5, 3, 2],
        ["", 1, "", 4],
        ["Chen Li", 1, 1, 1],
    ]
    assert [problem.found for problem in of(tmp_path, rows).preview.problems] == [
        "cell C1: 2 marks and no name of a skill above them",
        "cell A3: marks without the name of a person",
    ]


@pytest.mark.parametrize(
    ("text", "worker", "how"),
    [
        ("w2", "w2", "id"),
        ("W2", "w2", "id"),
        ("Ben Okafor", "w2", "name"),
        ("  ben   OKAFOR ", "w2", "name, in another order or spelling"),
        ("Müller, Anna", "w1", "name, in another order or spelling"),
        ("Mueller Anna", "w1", "name, in another order or spelling"),
        ("MULLER, Dr. Anna", "w1", "name, in another order or spelling"),
        ("Dora Oeztuerk-Weiss", "w4", "name, in another order or spelling"),
        ("Ozturk Weiss, Dora", "w4", "name, in another order or spelling"),
        ("Okafor", "w2", "part of the name"),
        ("B. Okafor", "w2", "initial and name"),
        ("Anna M.", "w1", "initial and name"),
        ("BO", "w2", "initials"),
        ("Ben Okafar", "w2", "name, spelt in another way"),
        ("Anna Muller-Frost", None, ""),
        ("Anna", None, ""),
        ("Ana", None, ""),
        ("Zoe Quist", None, ""),
        ("Dora Xenia Okafor", None, ""),
    ],
)
def test_people_are_known_by_what_a_sheet_calls_them(tmp_path: Path, text: str, worker: str | None, how: str):
    matrix = of(tmp_path, [HEAD, [text, 5, 3, 2], ["Chen Li", 1, 4, 1]])
    person = matrix.preview.people[0]
    if worker is None:
        assert person.status == "unmatched"
        assert ("w1", "cold") not in levels(matrix)
    else:
        assert person.best is not None
        assert (person.best.worker, person.best.how, person.status) == (worker, how, "matched")
        assert (worker, "cold") in levels(matrix)


def test_two_who_fit_as_well_are_both_named(tmp_path: Path):
    person = of(tmp_path, [HEAD, ["Anna", 5, 3, 2], ["Chen Li", 1, 4, 1]]).preview.people[0]
    assert (person.status, person.reason) == ("unmatched", "may be Anna Müller (w1) or Anna Frost (w5)")


def test_an_id_beside_the_name_decides_and_must_not_contradict_it(tmp_path: Path):
    rows = [["Staff no", *HEAD], ["w5", "Anna", 5, 3, 2], ["w3", "Ben Okafor", 1, 4, 1], ["w4", "D.Ö.", 1, 1, 1]]
    first, second, third = of(tmp_path, rows).preview.people
    assert (first.best.worker, first.best.how) == ("w5", "id beside the name")
    assert second.status == "unmatched"
    assert second.reason == "the name is that of Ben Okafor (w2), the id beside it that of Chen Li (w3)"
    assert third.status == "matched"


def test_who_stands_there_twice_is_a_problem(tmp_path: Path):
    matrix = of(tmp_path, [HEAD, ["Anna Müller", 5, 3, 2], ["Chen Li", 1, 4, 1], ["Müller, Anna", 1, 1, 1]])
    assert [problem.found for problem in matrix.preview.problems] == [
        "cell A4: 'Müller, Anna': Anna Müller stands in A2 already"
    ]
    assert levels(matrix)["w1", "cold"] == 5.0


def test_skills_are_known_by_id_name_other_name_and_words(tmp_path: Path):
    head = ["Name", "weld", "KÄLTE", "electrical fault findng"]
    columns = of(tmp_path, [head, ["Chen Li", 1, 4, 1]]).preview.columns
    assert [(one.best.skill, one.exact) for one in columns if one.best] == [
        ("weld", True),
        ("cold", True),
        ("el", False),
    ]
    assert columns[2].best is not None
    assert columns[2].best.words == ("electrical", "fault", "findng")
    assert 0.5 <= columns[2].best.confidence < 1.0


def test_a_skill_below_the_threshold_is_open_with_suggestions(tmp_path: Path):
    rows = [["Name", "fault-finding of some sort", "Juggling"], ["Chen Li", 1, 4]]
    first, second = of(tmp_path, rows, least=0.99).preview.columns
    assert (first.status, first.best.skill if first.best else "") == ("unmatched", "el")
    assert (second.status, second.best, second.reason) == ("unmatched", None, "no skill resembles it")


def test_two_columns_for_one_skill_are_a_conflict_until_both_are_chosen(tmp_path: Path):
    rows = [["Name", "Kälte", "cooling", "Welding pipes"], ["Chen Li", 1, 4, 2]]
    matrix = of(tmp_path, rows)
    assert [column.status for column in matrix.preview.columns] == ["conflict", "conflict", "matched"]
    assert matrix.preview.columns[0].reason == "'cooling' means Refrigeration as well"
    assert levels(matrix) == {("w3", "weld"): 2.0}
    one = of(tmp_path, rows, choices=Choices({"Kälte": "cold"}))
    assert [column.status for column in one.preview.columns] == ["chosen", "conflict", "matched"]
    both = of(tmp_path, rows, choices=Choices({"Kälte": "cold", "cooling": ""}))
    assert (both.preview.ready, levels(both)["w3", "cold"]) == (True, 1.0)


def test_columns_of_one_heading_are_told_apart_by_their_cell(tmp_path: Path):
    rows = [["Name", "Kälte", "Kälte"], ["Chen Li", 1, 4]]
    assert [column.text for column in of(tmp_path, rows).preview.columns] == ["Kälte [B1]", "Kälte [C1]"]
    chosen = of(tmp_path, rows, choices=Choices({"Kälte [B1]": "", "Kälte [C1]": "Refrigeration"}))
    assert levels(chosen) == {("w3", "cold"): 4.0}


def test_choices_decide_and_those_about_nothing_are_told(tmp_path: Path):
    rows = [["Name", "Kompressoren", "Team"], ["Die Neue", 1, 4], ["Chen Li", 5, 2], ["Gast", 2, 2]]
    choices = Choices({"Kompressoren": "cold", "Team": "care", "Foo": "cold"}, {"Die Neue": "w5", "Gast": ""})
    matrix = of(tmp_path, rows, choices=choices)
    assert levels(matrix) == {("w5", "cold"): 1, ("w5", "care"): 4, ("w3", "cold"): 5, ("w3", "care"): 2}
    assert matrix.preview.ready
    assert matrix.preview.notes == ("a choice for 'Foo', which is no column of skills here",)
    assert matrix.preview.corrections == (
        Correction("Kompressoren", "cold", accepted=True),
        Correction("Team", "care", accepted=True),
    )
    with pytest.raises(NotFound, match="no skill 'refrigerator'"):
        of(tmp_path, rows, choices=Choices({"Kompressoren": "refrigerator"}))
    with pytest.raises(NotFound, match="no worker 'anna'"):
        of(tmp_path, rows, choices=Choices(people={"Gast": "anna"}))


def test_a_linker_that_remembers_needs_no_second_choice(tmp_path: Path):
    rows = [["Name", "Verdichter"], ["Chen Li", 1]]
    assert of(tmp_path, rows).preview.columns[0].status == "unmatched"
    learned = of(tmp_path, rows, choices=Choices({"Verdichter": "cold"})).preview.corrections
    (column,) = of(tmp_path, rows, linker=Linker(SKILLS, corrections=learned)).preview.columns
    assert (column.best.skill if column.best else "") == "cold"


def test_the_proposed_file_of_choices_is_read_back_and_means_the_same(tmp_path: Path):
    rows = [
        ['Na"me', 'Kälte "tief" \\ x', "Foo", "Welding pipes"],
        ["Müller, Anna", "x", "x", "x"],
        ["Gast", "x", "?", "x"],
    ]
    path = table(tmp_path / "matrix.csv", [[str(cell).replace('"', "'") for cell in row] for row in rows])
    choices = Choices(marks={"?": None}, held=4.0)
    preview = read(path, choices=choices).preview
    written = put(tmp_path / "c.toml", proposal(preview, choices))
    again = read(path, choices=load(written))
    assert levels(again) == levels(read(path, choices=choices))
    assert load(written).marks == {"?": None}


@pytest.mark.parametrize(
    "text",
    ["x", "scale = 3", "held = 'x'", "held = true", "foo = 1", "skills = 1", "[skills]\na = 1", "[marks]\na = 'b'",
     "[marks]\na = true", "[marks]\na = 7", "[people]\na = []", "scale = 'z'", "\xff", "[marks]\na = nan"],
)  # fmt: skip
def test_a_file_of_choices_that_is_wrong_is_told(tmp_path: Path, text: str):
    with pytest.raises(Invalid):
        load(put(tmp_path / "c.toml", text.encode("latin-1")))


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("m.csv", "", "an empty file"),
        ("m.csv", "\n\n", "an empty file"),
        ("m.csv", ";;;\n;;\n", "no cells"),
        ("m.csv", "Name;Refrigeration\n", "nobody of the 5 workers"),
        ("m.csv", "Name;Refrigeration\nZoe Quist;3\n", "nobody of the 5 workers"),
        ("m.csv", "Name\nAnna Müller\nBen Okafor\n", "people and nothing above them"),
        ("m.csv", "Anna Müller;3\nBen Okafor;4\n", "people and nothing above them"),
        ("m.csv", "Name;Refrigeration\nAnna Müller;\n", "no marks that can be read"),
        ("m.csv", "Name;Colour\nAnna Müller;blueish\n", "no marks that can be read: 'blueish'"),
        ("m.csv", b"\xff\xfeN\0a\0", "text in UTF-16"),
        ("m.csv", "Name;Kälte\nAnna;3\n".encode("latin-1"), "byte 0xE4 that is not UTF-8"),
        ("m.csv", b"PK\x03\x04\0\0", "a NUL byte"),
        ("m.xlsx", "Name;Refrigeration\nAnna Müller;3\n", "a file that is no sound workbook"),
        ("m.xlsx", b"\xd0\xcf\x11\xe0abc", "a workbook with a password"),
        ("m.xls", "x", "a file of the kind '.xls'"),
        ("m.pdf", "x", "a file of the kind '.pdf'"),
        ("m", "x", "a file of the kind 'none'"),
    ],
)
def test_a_file_without_a_matrix_is_told(tmp_path: Path, name: str, content: str | bytes, found: str):
    with pytest.raises(Unfit) as caught:
        read(put(tmp_path / name, content))
    assert found in caught.value.found


def test_a_company_without_workers_or_skills_is_told(tmp_path: Path):
    path = table(tmp_path / "m.csv", [HEAD, ["Anna Müller", 1, 2, 3]])
    with pytest.raises(Unfit, match="without workers"):
        read_matrix(path, workers=[], skills=SKILLS)
    with pytest.raises(Unfit, match="without skills"):
        read_matrix(path, workers=WORKERS, skills=[])
    with pytest.raises(NotFound, match="no file"):
        read(tmp_path)


def test_rows_of_a_csv_file_are_numbered_as_excel_does(tmp_path: Path):
    text = 'My matrix\n\nName;"Refri-\ngeration";"Customer\ncare"\n;;\nAnna Müller;5;x?\n'
    matrix = read(put(tmp_path / "m.csv", text), choices=Choices({"Refri- geration": "cold"}))
    assert [(problem.line, problem.column) for problem in matrix.preview.problems] == [(5, "C")]
    assert levels(matrix) == {("w1", "cold"): 5.0}


def test_a_large_matrix_is_read(tmp_path: Path):
    workers = [Worker(f"w{number}", f"Person{number} Name{number % 97}") for number in range(20_000)]
    skills = [Skill(f"s{number}", f"skill{number} of{number}") for number in range(200)]
    row = ";".join("3" if number % 50 == 0 else "" for number in range(200))
    lines = ["Name;" + ";".join(skill.name for skill in skills), *(f"{worker.name};{row}" for worker in workers)]
    matrix = read_matrix(put(tmp_path / "m.csv", "\n".join(lines)), workers=workers, skills=skills)
    assert len(matrix.statements) == 80_000
    assert (len(matrix.preview.people), matrix.preview.open_people) == (20_000, ())


def test_a_sheet_that_is_far_too_large_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("skillmatch.importers.matrix.grid.MOST_CELLS", 10)
    with pytest.raises(Unfit, match="more than 10 cells"):
        of(tmp_path, [HEAD, ["Anna Müller", 1, 2, 3], ["Chen Li", 1, 2, 3]])


def test_many_cells_that_cannot_be_read_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("skillmatch.importers.matrix.cells.MOST_PROBLEMS", 2)
    matrix = of(tmp_path, [HEAD, ["Anna Müller", "q", 2, "q"], ["Chen Li", 1, "q", 3]], choices=Choices(scale="1-5"))
    assert [problem.found for problem in matrix.preview.problems][-1] == "1 more cells that cannot be read"
