"""Every broken file of the sample data, with exactly what the import says of it (in broken.txt, beside this file)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importers.sample import load

BROKEN = Path(__file__).parents[2] / "sample_data" / "broken"
NAMES = sorted(path.name for path in BROKEN.iterdir() if path.name != "README.md")


def expected() -> dict[str, str]:
    """Return what broken.txt says of each file."""
    text = Path(__file__).with_name("broken.txt").read_text(encoding="utf-8")
    blocks = [block.partition("\n") for block in text.split("== ")[1:]]
    return {name: content.strip() for name, _, content in blocks}


def answer(name: str) -> str:
    """Return what the import says of a file: rows that can be taken all the same, problems, notes."""
    batch = load(BROKEN / name)
    taken = ", ".join(f"{number} {kind}" for kind, number in batch.counts().items()) or "nothing"
    problems = [f"problem: {problem}" for problem in batch.problems]
    return "\n".join([f"taken: {taken}", *problems, *(f"note: {note}" for note in batch.notes)])


@pytest.mark.parametrize("name", NAMES)
def test_the_import_says_exactly_what_is_wrong(name: str) -> None:
    assert answer(name) == expected()[name]


def test_nothing_is_expected_of_files_that_are_not_there() -> None:
    assert sorted(expected()) == NAMES


def test_every_problem_says_what_was_found_and_what_was_expected() -> None:
    problems = [problem for name in NAMES for problem in load(BROKEN / name).problems]
    assert len(problems) > 40
    assert all(problem.found and problem.expected and problem.file for problem in problems)
    assert all(len(problem.found) < 200 for problem in problems)
