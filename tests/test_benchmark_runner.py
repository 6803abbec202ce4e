"""`python -m benchmarks` finds the benchmarks, shows their figures and says what is missing."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import benchmarks
from benchmarks.__main__ import data_folder, main, names
from benchmarks.report import Report, Row

SPEED = """
from benchmarks.report import Report, Row

def run(data):
    return Report("speed", (
        Row("ms", "time to rank [all]", 80.0, "ms", "<= 120", {"plain loop": 9000.0}),
        Row("hits", "right at the top", 0.5, "", ">= 0.9"),
    ), ("measured on 50 workers",))
"""
ACCURACY = """
from benchmarks.report import Report, Row

FILES = ("answers/all.csv",)

def run(data):
    return Report("accuracy", (Row("lines", "lines", len((data / FILES[0]).read_text().split()), ""),))
"""
CARELESS = """
def run(data):
    (data / "unlisted.csv").read_text()
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str]], None]:
    """Return a function that makes the given benchmarks the only ones there are."""

    def put(sources: dict[str, str]) -> None:
        for name, source in sources.items():
            (tmp_path / "installed" / name).mkdir(parents=True)
            (tmp_path / "installed" / name / "bench.py").write_text(source)
            for module in (f"benchmarks.{name}", f"benchmarks.{name}.bench"):
                monkeypatch.delitem(sys.modules, module, raising=False)
        monkeypatch.setattr(benchmarks, "__path__", [str(tmp_path / "installed")])
        monkeypatch.delenv("SKILLMATCH_DATA", raising=False)

    return put


def test_a_single_benchmark_is_shown_and_written(install, tmp_path, capsys) -> None:
    install({"speed": SPEED, "accuracy": ACCURACY})
    file = tmp_path / "figures.json"
    assert main(["speed", "--json", str(file)]) == 0
    shown = capsys.readouterr().out
    for text in ("80 ms", "<= 120", "yes", "no", "plain loop: 9,000", "[all]", "- measured on 50 workers"):
        assert text in shown
    assert json.loads(file.read_text()) == {"name": "speed", "figures": {"ms": 80.0, "hits": 0.5}}


def test_all_benchmarks_are_written_as_a_list(install, tmp_path) -> None:
    install({"speed": SPEED, "accuracy": ACCURACY})
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers/all.csv").write_text("a\nb\n")
    file = tmp_path / "figures.json"
    assert names() == ["accuracy", "speed"]
    assert main(["--data", str(tmp_path), "--json", str(file)]) == 0
    assert [each["name"] for each in json.loads(file.read_text())] == ["accuracy", "speed"]


@pytest.mark.parametrize(("source", "file"), [(ACCURACY, "answers/all.csv"), (CARELESS, "unlisted.csv")])
def test_missing_data_is_named_and_the_others_still_run(install, tmp_path, capsys, source, file) -> None:
    install({"accuracy": source, "speed": SPEED})
    assert main(["--data", str(tmp_path / "nowhere")]) == 2
    out, err = capsys.readouterr()
    assert "80 ms" in out
    assert f"accuracy needs {file} in the data folder {tmp_path / 'nowhere'}, which does not exist." in err
    assert "benchmarks/README.md" in err


def test_an_unknown_name_lists_the_known_ones(install, capsys) -> None:
    install({"speed": SPEED, "accuracy": ACCURACY})
    assert main(["sped"]) == 2
    assert "no benchmark 'sped'; choose one of: accuracy, speed." in capsys.readouterr().err


def test_the_data_folder_is_taken_from_the_option_before_the_environment(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("SKILLMATCH_DATA", str(tmp_path))
    assert data_folder(None) == tmp_path
    assert data_folder(tmp_path / "other") == tmp_path / "other"


@pytest.mark.parametrize(
    ("reach", "reached"),
    [("", None), ("<= 1", True), ("< 1", False), (">= 1.0", True), (">1", False), (">= -1e-3", True)],
)
def test_a_target_is_reached_or_not(reach: str, reached: bool | None) -> None:
    assert Row("key", "what", 1.0, "", reach).reached is reached


@pytest.mark.parametrize(
    ("value", "reach", "message"),
    [(float("nan"), "", "expected a finite number"), (1.0, "about 3", "expected one such as '<= 120'")],
)
def test_a_figure_that_says_nothing_is_refused(value: float, reach: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Row("key", "what", value, "", reach)


def test_a_key_names_one_figure() -> None:
    with pytest.raises(ValueError, match="gives ms more than once"):
        Report("speed", (Row("ms", "one", 1.0, "ms"), Row("ms", "two", 2.0, "ms")))
