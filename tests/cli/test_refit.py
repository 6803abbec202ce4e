"""`refit` says what was learned, how it was judged and what is in force; versions are listed, compared, used again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from skillmatch.cli import main
from skillmatch.gaps.gate import Check
from skillmatch.workspace import Workspace, refitting
from tests.kit.busy import busy_company


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Result]:
    """The database of a company after `refit`, and what the command said."""
    path = str(tmp_path_factory.mktemp("refit") / "company.db")
    busy_company(path).close()
    return path, run(path)


@pytest.fixture
def database(done: tuple[str, Result], tmp_path: Path) -> str:
    """A copy of the company after `refit`."""
    return str(shutil.copy(done[0], tmp_path / "company.db"))


def run(database: str, *arguments: str, code: int = 0) -> Result:
    result = CliRunner(env={"COLUMNS": "160"}).invoke(main, ["--database", database, "refit", *arguments])
    assert result.exit_code == code, result.output
    return result


def lines(result: Result) -> list[list[str]]:
    """Return the words of each line."""
    return [line.split() for line in result.stdout.splitlines()]


def test_what_was_learned_and_how_it_was_judged_is_told(done: tuple[str, Result]):
    text = done[1].stdout
    assert "learned: base rate, practice and difficulty of 2 job types from 1,200 outcomes" in text
    assert "passed  log-loss on workers held out: 0.4" in text
    assert "passed  predicted against observed in team North: " in text
    assert "failed" not in text
    assert text.endswith("version 1 is in force; beliefs of 40 workers were rebuilt under it\n")
    with Workspace.open(done[0]) as workspace:
        scores = workspace.params().scores
        assert workspace.rebuild(check=True).differing == 0
    for name, prefix in (("new", ""), ("in force until now", "before_")):
        figures = [f"{scores[prefix + key]:.4f}" for key in ("auc", "log_loss", "ece")]
        assert [*name.split(), *figures] in lines(done[1])


def test_a_refusal_names_the_check_and_exits_with_1(database: str, monkeypatch: pytest.MonkeyPatch):
    checks = (Check("log-loss", 0.4, -10.0, 0.5), Check("calibration error", 0.3, -10.0, 0.02))
    monkeypatch.setattr(refitting, "judge", lambda *_: checks)
    text = run(database, code=1).stdout
    assert "passed  log-loss: 0.4000, expected at most 0.500" in text
    assert "failed  calibration error: 0.3000, expected at most 0.020" in text
    assert text.endswith("refused: version 1 stays in force, nothing was changed; failed: calibration error\n")
    found = json.loads(run(database, "--json", code=1).stdout)
    assert (found["version"], found["adopted"], found["workers"]) == (1, False, 0)
    assert [check["passed"] for check in found["checks"]] == [True, False]
    assert {"auc", "log_loss", "ece", "before_auc"} <= found["scores"].keys()
    assert "params" not in found
    assert len(json.loads(run(database, "--list", "--json").stdout)["versions"]) == 2


def test_too_few_outcomes_keep_the_parameters(tmp_path: Path):
    path = str(tmp_path / "small.db")
    busy_company(path, outcomes=12).close()
    text = run(path).stdout
    assert "12 finished jobs with skills, 200 are needed to learn from" in text
    assert "version 0 stays in force: nothing was changed" in text
    found = json.loads(run(path, "--json").stdout)
    assert (found["version"], found["adopted"], found["outcomes"], found["checks"]) == (0, False, 12, [])


def test_what_could_not_be_judged_is_said(tmp_path: Path):
    path = str(tmp_path / "small.db")
    busy_company(path, outcomes=240).close()
    text = run(path).stdout
    assert "too few outcomes to hold workers out: how good it is was not measured" in text
    assert "version 1 is in force" in text


def test_versions_are_listed_with_the_one_in_force(database: str):
    newest, shipped = lines(run(database, "--list"))[1:]
    assert newest[:3] == ["1", "in", "force"]
    assert "1,200" in newest
    assert shipped == ["0", *"–" * 5, "as", "shipped"]
    found = json.loads(run(database, "--list", "--json").stdout)["versions"]
    assert [(one["version"], one["in_force"], one["fitted_on"]) for one in found] == [(1, True, 1200), (0, False, 0)]


def test_two_versions_stand_side_by_side(database: str):
    rows = lines(run(database, "--compare", "0", "1"))
    with Workspace.open(database) as workspace:
        params = workspace.params()
    assert ["base", "1", f"{params.base:.6g}"] in rows
    assert ["entries", "of", "difficulties", "0", "2"] in rows
    assert ["AUC", "–", f"{params.scores['auc']:.4f}"] in rows
    assert ["weight", "of", "form", "0", f"{params.weights[-1]:.6g}"] in rows
    found = json.loads(run(database, "--compare", "0", "1", "--json").stdout)
    assert (found["a"]["version"], found["b"]["version"]) == (0, 1)
    assert {"name": "base", "a": 1.0, "b": params.base} in found["differences"]
    assert "nothing differs" in run(database, "--compare", "1", "1").stdout


def test_an_earlier_version_comes_back_under_a_new_number(database: str):
    assert run(database, "--use", "0").stdout == (
        "version 0 is in force again, under the number 2; all beliefs were rebuilt under it\n"
    )
    assert run(database, "--use", "2").stdout == "version 2 is in force already: nothing was changed\n"
    assert json.loads(run(database, "--use", "1", "--json").stdout) == {"used": 1, "version": 3, "changed": True}
    assert lines(run(database, "--list"))[1][:3] == ["3", "in", "force"]


@pytest.mark.parametrize("arguments", [("--use", "7"), ("--compare", "0", "7"), ("--compare", "7", "1")])
def test_an_unknown_version_is_one_line_with_advice(done: tuple[str, Result], arguments: tuple[str, ...]):
    result = run(done[0], *arguments, code=1)
    assert result.stderr == (
        "error: there is no version 7 of the parameters: expected 0 or 1; list them with `skillmatch refit --list`\n"
    )


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--list", "--use", "0"), "--list and --use"),
        (("--compare", "0", "1", "--use", "0"), "--compare and --use"),
        (("--list", "--compare", "0", "1"), "--list and --compare"),
    ],
)
def test_only_one_thing_is_done_at_a_time(done: tuple[str, Result], arguments: tuple[str, ...], named: str):
    assert f"{named} exclude each other: give one of them" in run(done[0], *arguments, code=2).stderr
