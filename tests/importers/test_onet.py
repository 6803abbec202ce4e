"""O*NET's publisher's files: invented ones for what may be odd, the real ones for the whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillmatch.model import Link, LinkKind, Skill, SkillKind
from skillmatch.skills.graph import SkillGraph
from tests.importers.published import folder_of
from tests.importers.sample import load, told
from tests.importers.test_excel import book

MODEL = [
    ["Element ID", "Element Name", "Description"],
    ["2", "Worker Requirements", "x"],
    ["2.B", "Cross-Functional Skills", "Developed capacities"],
    ["2.B.1", "Social Skills", "x"],
    ["2.C", "Knowledge", "Knowledge"],
    ["2.D", "Education", "x"],
    ["4.A", "Generalized Work Activities", "x"],
    ["4.A.1", "Getting Information", "x"],
]
ACTIVITIES = [
    ["Element ID", "Element Name", "IWA ID", "IWA Title", "DWA ID", "DWA Title"],
    ["4.A.1", "Getting Information", "4.A.1.I01", "Study details.", "4.A.1.I01.D01", "Review materials."],
]
TOOLS = [
    ["O*NET-SOC Code", "Title", "Example", "Commodity Code", "Commodity Title"],
    ["11-1011.00", "Chief Executives", "Desktop computers", 43211507, "Desktop computers"],
    ["11-1011.03", "Others", "Desktop computers", 43211507, "Desktop computers"],
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    book(tmp_path / "Content Model Reference.xlsx", {"Content Model Reference": MODEL})
    book(tmp_path / "DWA Reference.xlsx", {"DWA Reference": ACTIVITIES})
    book(tmp_path / "Tools Used.xlsx", {"Tools Used": TOOLS})
    return tmp_path


def test_skills_activities_and_tools_are_taken(folder: Path) -> None:
    batch = load(folder)
    assert told(batch) == []
    assert batch.skills == [
        Skill("onet:2.B", "Cross-Functional Skills", SkillKind.TECHNICAL, "Developed capacities"),
        Skill("onet:2.B.1", "Social Skills", SkillKind.CUSTOMER, "x"),
        Skill("onet:2.C", "Knowledge", SkillKind.KNOWLEDGE),
        Skill("onet:4.A", "Generalized Work Activities", SkillKind.TECHNICAL, "x"),
        Skill("onet:4.A.1", "Getting Information", SkillKind.TECHNICAL, "x"),
        Skill("onet:4.A.1.I01", "Study details"),
        Skill("onet:4.A.1.I01.D01", "Review materials"),
        Skill("onet:unspsc:43211507", "Desktop computers", SkillKind.EQUIPMENT),
        Skill("onet:tool:Desktop computers", "Desktop computers", SkillKind.EQUIPMENT),
    ]


def test_each_skill_is_linked_to_what_is_broader(folder: Path) -> None:
    assert load(folder).links == [
        Link("onet:2.B.1", "onet:2.B", LinkKind.BROADER),
        Link("onet:4.A.1", "onet:4.A", LinkKind.BROADER),
        Link("onet:4.A.1.I01", "onet:4.A.1", LinkKind.BROADER),
        Link("onet:4.A.1.I01.D01", "onet:4.A.1.I01", LinkKind.BROADER),
        Link("onet:tool:Desktop computers", "onet:unspsc:43211507", LinkKind.BROADER),
    ]


def test_a_file_that_is_not_there_is_noted(folder: Path) -> None:
    assert load(folder).notes == ["Technology Skills.xlsx is not in the folder, left out"]


def test_a_file_with_other_columns_is_told(folder: Path) -> None:
    book(folder / "Tools Used.xlsx", {"Tools Used": [["Example", "Commodity"]]})
    assert [(problem.file, problem.column) for problem in load(folder).problems] == [
        ("Tools Used.xlsx", "Commodity Code")
    ]


def test_the_whole_database_is_read() -> None:
    batch = load(folder_of("onet"))
    assert batch.problems == []
    ids = [skill.id for skill in batch.skills]
    assert sum(id.startswith("onet:software:") for id in ids) == 8_775
    assert sum(id.startswith("onet:tool:") for id in ids) == 18_105
    assert len(SkillGraph(batch.skills, batch.links)) == len(ids)
