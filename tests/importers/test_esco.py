"""ESCO's publisher's files: invented ones for what may be odd, the real ones for the whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillmatch.model import Link, LinkKind, Skill, SkillKind
from skillmatch.skills.graph import SkillGraph
from tests.importers.published import folder_of
from tests.importers.sample import load, put, told

URI = "http://data.europa.eu/esco/skill/"
SKILLS = (
    "conceptType,conceptUri,skillType,preferredLabel,altLabels,description\n"
    f'KnowledgeSkillCompetence,{URI}a,knowledge,"heat\u00a0 pumps","heat pump\nheat pump\n\nHP"," How they work. "\n'
    f"KnowledgeSkillCompetence,{URI}b,skill/competence,braze pipes,,\n"
    f"KnowledgeSkillCompetence,{URI}c,,cut pipes,,\n"
)
GROUPS = (
    "conceptType,conceptUri,preferredLabel,altLabels,description\n"
    "SkillGroup,http://data.europa.eu/esco/isced-f/0713,electricity and energy,,\n"
    f"SkillGroup,{URI}g,working with pipes,,\n"
)
BROADER = (
    "conceptType,conceptUri,broaderType,broaderUri\n"
    f"K,{URI}a,G,http://data.europa.eu/esco/isced-f/0713\nK,{URI}b,G,{URI}g\nK,{URI}x,G,{URI}g\n"
)
RELATIONS = (
    "originalSkillUri,originalSkillType,relationType,relatedSkillType,relatedSkillUri\n"
    f"{URI}a,,essential,,{URI}b\n{URI}b,,essential,,{URI}c\n{URI}c,,essential,,{URI}a\n"
    f"{URI}a,,optional,,{URI}c\n{URI}a,,optional,,{URI}a\n{URI}a,,other,,{URI}b\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path / "skills_en.csv", SKILLS)
    put(tmp_path / "skillGroups_en.csv", GROUPS)
    put(tmp_path / "broaderRelationsSkillPillar_en.csv", BROADER)
    put(tmp_path / "skillSkillRelations_en.csv", RELATIONS)
    put(tmp_path / "occupations_en.csv", "conceptUri\nx\n")
    return tmp_path


def test_skills_and_their_groups_are_taken(folder: Path) -> None:
    batch = load(folder)
    assert told(batch) == []
    assert batch.skills[0] == Skill(
        "esco:a",
        "heat pumps",
        SkillKind.KNOWLEDGE,
        "How they work.",
        alt_names=("heat pump", "HP"),
        source_uri=URI + "a",
    )
    assert [(skill.id, skill.kind) for skill in batch.skills[1:]] == [
        ("esco:b", SkillKind.TECHNICAL),
        ("esco:c", SkillKind.TECHNICAL),
        ("esco:isced-f/0713", SkillKind.KNOWLEDGE),
        ("esco:g", SkillKind.TECHNICAL),
    ]


def test_relations_become_links(folder: Path) -> None:
    assert load(folder).links == [
        Link("esco:a", "esco:isced-f/0713", LinkKind.BROADER),
        Link("esco:b", "esco:g", LinkKind.BROADER),
        Link("esco:a", "esco:b", LinkKind.NEEDS),
        Link("esco:b", "esco:c", LinkKind.NEEDS),
        Link("esco:a", "esco:c", LinkKind.RELATED, 0.5),
    ]


def test_relations_that_do_not_fit_are_left_out_with_a_note(folder: Path) -> None:
    assert load(folder).notes == [
        "1 rows of skillSkillRelations_en.csv that break a rule left out; the first: "
        "line 6, skill 'esco:a' is linked to itself: a link joins two different skills",
        "1 broader links that name skills that are not there left out; the first: 'esco:x' -> 'esco:g' (broader)",
        "1 needs links that would close a circle left out; the first: 'esco:c' -> 'esco:a' (needs)",
    ]


def test_another_language_is_read_when_english_is_not_there(folder: Path) -> None:
    for path in list(folder.iterdir()):
        path.rename(path.with_name(path.name.replace("_en", "_de")))
    assert len(load(folder).skills) == 5


def test_a_missing_file_is_told(folder: Path) -> None:
    (folder / "skillSkillRelations_en.csv").unlink()
    assert told(load(folder)) == [
        "skillSkillRelations_en.csv: found no such file; expected all files of ESCO's skills in one folder"
    ]


def test_a_file_with_other_columns_is_told(folder: Path) -> None:
    put(folder / "skills_en.csv", SKILLS.replace("preferredLabel", "label"))
    assert [(problem.file, problem.column) for problem in load(folder).problems] == [
        ("skills_en.csv", "preferredLabel")
    ]


def test_the_whole_classification_is_read() -> None:
    batch = load(folder_of("esco"))
    assert batch.problems == []
    assert (
        sum(skill.id.startswith("esco:") and not skill.id.startswith("esco:isced") for skill in batch.skills) >= 13_939
    )
    assert len(batch.skills) == 13_939 + 640
    assert len(SkillGraph(batch.skills, batch.links)) == len(batch.skills)
    assert len(batch.links) == 20_822 + 5_818 - 1
