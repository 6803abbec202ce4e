"""Skills are found under two names, made one and two again from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Run = Callable[..., Result]
Answer = Callable[..., Any]


@pytest.fixture(autouse=True)
def copies(run: Run, tmp_path: Path) -> None:
    """Add two skills that are there already, one of them with an id that a shell would take apart."""
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "skills.csv").write_text("id,name\ncold [b]; it,refrigerations\n")
    (folder / "self_reports.csv").write_text("id,worker,time,skill,level\ns1,ben,2026-01-01,cold [b]; it,4\n")
    run("import", str(folder))


def test_duplicates_are_listed_with_their_reason_and_the_commands_to_settle_them(run: Run, answer: Answer) -> None:
    (found,) = answer("skill", "duplicates")["duplicates"]
    assert {found["skill"]["id"], found["into"]["id"]} == {"cold [b]; it", "refrigeration"}
    assert found["against"] == []
    text = run("skill", "duplicates").output
    assert "the same but for singular and plural" in text
    assert "skillmatch skill merge" in text
    assert "'cold [b]; it'" in text
    assert answer("skill", "duplicates", "--limit", "0") == {"duplicates": []}


def test_a_preview_a_merge_and_its_undoing_tell_what_they_move(run: Run, answer: Answer) -> None:
    preview = run("skill", "merge", "cold [b]; it", "refrigeration", "--dry-run").output
    assert "would become" in preview
    assert "dry run: nothing was changed" in preview
    assert answer("skill", "merges") == {"merges": []}
    text = run("skill", "merge", "cold [b]; it", "refrigeration", "--by", "mo", "--reason", "[i]same[/i]").output
    assert "refrigerations (cold [b]; it) is Refrigeration (refrigeration) now" in text
    assert "1 fact of 1 worker names refrigerations" in text
    assert "skillmatch skill unmerge 'cold [b]; it'" in text
    listed = run("skill", "merges").output
    assert "[i]same[/i]" in listed
    assert run("skill", "duplicates").output.strip() == "no two skills look like one"
    back = answer("skill", "unmerge", "cold [b]; it", "--by", "mo")
    assert (back["facts"], back["merge"]["undone"], back["dry_run"]) == (1, True, False)
    assert answer("rebuild", "--check")["differing"] == 0


def test_facts_about_an_old_id_are_about_the_new_one(run: Run, answer: Answer) -> None:
    run("skill", "merge", "cold [b]; it", "refrigeration")
    done = answer("record", "self-report", "--worker", "ben", "--skill", "cold [b]; it", "--level", "3")
    assert [change["skill"] for change in done["changes"]] == ["refrigeration"]
    assert "Refrigeration" in run("worker", "ben", "--skill", "cold [b]; it").output


def test_two_skills_are_two(run: Run, answer: Answer) -> None:
    text = run("skill", "distinct", "refrigeration", "cold [b]; it", "--by", "mo").output
    assert "are two: they are not proposed any more" in text
    assert answer("skill", "duplicates") == {"duplicates": []}
    (told,) = answer("skill", "merges")["merges"]
    assert told["merge"]["undone"] is True
    assert "is not" in run("skill", "merges").output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("merge", "cool", "refrigeration"), "there is no skill 'cool'"),
        (("merge", "refrigeration", "refrigeration"), "merged into itself"),
        (("unmerge", "refrigeration"), "is not merged into another"),
        (("distinct", "refrigeration", "refrigeration"), "merged into itself"),
        (("merge", "\ud800", "refrigeration"), "there is no skill"),
    ],
)
def test_a_mistake_is_one_line_that_says_what_to_do(run: Run, arguments: tuple[str, ...], message: str) -> None:
    output = run("skill", *arguments, ok=False).output
    assert message in output
    assert "Traceback" not in output


def test_merges_of_nothing_say_where_to_look(run: Run) -> None:
    assert "skillmatch skill duplicates" in run("skill", "merges").output


def test_who_has_which_skill_is_written_into_a_file(run: Run, answer: Answer, tmp_path: Path) -> None:
    said = answer("skill", "export", str(tmp_path / "matrix.csv"), "--with-evidence")
    lines = (tmp_path / "matrix.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "worker,name,team,skill,skill name,level,low,high,evidence"
    assert any(line.startswith("ben,") and ",cold [b]; it,refrigerations," in line for line in lines)
    assert {line.rpartition(",")[2] for line in lines[1:]} == {"yes"}
    assert said["workers"] == len({line.partition(",")[0] for line in lines[1:]})
    text = run("skill", "export", str(tmp_path / "matrix.xlsx"), "--team", "Nowhere").output
    assert "0 workers by" in text
    assert (tmp_path / "matrix.xlsx").read_bytes()[:2] == b"PK"


def test_a_matrix_of_another_form_or_family_is_refused_with_what_to_do(run: Run, tmp_path: Path) -> None:
    assert "expected a name that ends in .xlsx or .csv" in run("skill", "export", "m.pdf", ok=False).output
    assert "no skill 'coolin'" in run("skill", "export", str(tmp_path / "m.csv"), "--family", "coolin", ok=False).output
    assert not (tmp_path / "m.csv").exists()
