"""The command for a skills matrix: a preview that a manager understands, choices, and taking it in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from skillmatch.cli import main

Run = Callable[..., Result]
ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_data" / "matrix" / "skills-matrix.csv"


@pytest.fixture
def sheet(tmp_path: Path) -> str:
    path = tmp_path / "sheet.csv"
    path.write_text("Name;Refrigeration;Forklift [b];Controls\nFrost, Anna;x;x;?\nZoe;x;;x\n", encoding="utf-8")
    return str(path)


def test_the_preview_shows_what_is_open_first(run: Run, sheet: str):
    text = run("matrix", sheet).output
    places = [text.index(part) for part in ("Unmatched", "Skills", "People", "Marks", "1 cell that cannot be read")]
    assert places == sorted(places)
    assert "Forklift [b]" in text
    assert '--match "Forklift [b]=SKILL"' in text
    assert "name, in another order or spelling" in text
    assert "Nothing was written." in text
    assert "--apply --on DATE" in text


def test_choices_make_it_ready_and_apply_writes_it_once(run: Run, answer: Callable[..., Any], sheet: str):
    choices = ("--match", "Forklift [b]=", "--person", "Zoe=ben", "--mark", "?=1.5", "--held", "4")
    assert answer("matrix", sheet, *choices)["ready"]
    arguments = ("matrix", sheet, *choices, "--apply", "--on", "2026-05-20", "--as", "assessment", "--by", "Boss")
    assert answer(*arguments, "--dry-run")["added"] == {"evidence": 4}
    assert answer(*arguments)["added"] == {"evidence": 4}
    assert answer(*arguments)["unchanged"] == {"evidence": 4}
    facts = answer("worker", "anna")["evidence"]
    assert {(fact["skill"], fact["level"], fact["rater"]) for fact in facts} == {
        ("refrigeration", 4.0, "Boss"),
        ("controls", 1.5, "Boss"),
    }


def test_a_file_of_choices_is_written_mended_and_read(run: Run, answer: Callable[..., Any], sheet: str, tmp_path: Path):
    file = tmp_path / "choices.toml"
    assert f"The choices are in {file}" in run("matrix", sheet, "--write-choices", str(file), columns=300).output
    text = file.read_text(encoding="utf-8")
    assert '"Refrigeration" = "refrigeration"' in text
    mended = text.replace('# "Forklift [b]" = ""', '"Forklift [b]" = ""').replace('# "?" = ""', '"?" = ""')
    file.write_text(mended.replace('# "Zoe" = ""', '"Zoe" = ""'), encoding="utf-8")
    preview = answer("matrix", sheet, "--choices", str(file))
    assert preview["ready"]
    assert preview["cells"] == 1
    assert answer("matrix", sheet, "--choices", str(file), "--person", "Zoe=chen")["cells"] == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--apply"], "it was not said when the sheet was right"),
        (["--apply", "--on", "2026-05-20"], "nothing was imported: 1 column of skills"),
        (["--apply", "--on", "2199-01-01"], "lies in the future"),
        (["--apply", "--on", "2026-05-20", "--as", "assessment"], "an assessment by nobody"),
        (["--match", "Forklift"], "--match 'Forklift' cannot be read"),
        (["--match", "Forklift=jug"], "there is no skill 'jug'"),
        (["--person", "Zoe=zoe"], "there is no worker 'zoe'"),
        (["--mark", "x=good"], "expected a level from 0 to 5"),
        (["--mark", "x=7"], "expected one from 0 to 5"),
        (["--mark", "x=nan"], "expected one from 0 to 5"),
        (["--scale", "fish"], "expected one of stars"),
        (["--choices", "nothing.toml"], "there is no file 'nothing.toml'"),
        (["--write-choices", "/nowhere/c.toml"], "cannot be written"),
    ],
)
def test_mistakes_are_told_in_one_line(run: Run, sheet: str, arguments: list[str], message: str):
    result = run("matrix", sheet, *arguments, ok=False)
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_the_sample_fits_the_tiny_company_and_does_what_the_guide_says(tmp_path: Path):
    def run(*arguments: str) -> Result:
        database = ["--database", str(tmp_path / "tiny.db")]
        return CliRunner(env={"COLUMNS": "160"}).invoke(main, [*database, *arguments])

    assert run("import", str(ROOT / "sample_data" / "tiny")).exit_code == 0
    preview = run("matrix", str(SAMPLE)).output
    assert "stars such as ★★★ or *** (scale stars-5)" in preview
    guide = (ROOT / "docs" / "import.md").read_text(encoding="utf-8").split("## A skills matrix")[1].split("\n## ")[0]
    (command,) = [
        line for line in guide.replace("\\\n", "").splitlines() if "--apply" in line and "    skillmatch" in line
    ]
    import shlex

    arguments = shlex.split(command)[1:]
    assert arguments[:2] == ["matrix", "sample_data/matrix/skills-matrix.csv"]
    done = run("matrix", str(SAMPLE), *arguments[2:])
    assert done.exit_code == 0, done.output
    assert "16" in done.output
    for line in guide.split("```text\n")[1].split("```")[0].splitlines():
        assert " ".join(line.split()) in " ".join(preview.split()), line
