"""`evaluate` shows every part of the history beside every baseline, in words, in JSON and as a picture."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner, Result

from skillmatch.beliefs.evidence import Result as Ending
from skillmatch.cli import main
from skillmatch.gaps.baselines import BASELINES
from skillmatch.gaps.slices import SLICES

PREDICTORS = ["skillmatch", *(new().name for new in BASELINES)]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A company with 400 outcomes by four workers at two skills, the newest 300 days after the first."""
    folder = tmp_path_factory.mktemp("evaluate")
    rng = np.random.default_rng(7)
    start = datetime(2025, 1, 1, 8, tzinfo=UTC)
    rows: list[dict[str, object]] = []
    for number in range(400):
        worker, skill = int(rng.integers(4)), int(rng.integers(2))
        ending = Ending.FIRST_TIME_FIX if rng.random() < (0.9 if worker % 2 == skill else 0.4) else Ending.FAILED
        time = start + timedelta(days=number * 0.75)
        rows.append({"job": f"j{number}", "worker": f"w{worker}", "skill": f"s{skill}", "result": str(ending),
                     "time": time.isoformat()})  # fmt: skip
    write(folder / "skills.csv", "id,name", ["s0,Cold", "s1,Heat"])
    write(folder / "workers.csv", "id,name", [f"w{n},Worker {n}" for n in range(4)])
    write(folder / "job_types.csv", "id,name,requirements", ["s0,Cold,s0", "s1,Heat,s1"])
    write(folder / "jobs.csv", "id,title,type,status,created",
          [f"{r['job']},Job,{r['skill']},done,{r['time']}" for r in rows])  # fmt: skip
    write(folder / "outcomes.csv", "id,worker,time,job,result",
          [f"o{n},{r['worker']},{r['time']},{r['job']},{r['result']}" for n, r in enumerate(rows)])  # fmt: skip
    path = str(folder / "company.db")
    done = CliRunner().invoke(main, ["--database", path, "import", str(folder)])
    assert done.exit_code == 0, done.output
    return path


def write(path: Path, head: str, rows: list[str]) -> None:
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")


def run(database: str, *arguments: str, code: int = 0) -> Result:
    done = CliRunner(env={"COLUMNS": "160"}).invoke(main, ["--database", database, "evaluate", *arguments])
    assert done.exit_code == code, done.output
    return done


def strict(text: str) -> dict:
    """Read JSON, and refuse the words that JSON does not have."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is not JSON")

    return json.loads(text, parse_constant=refuse)


def test_every_part_stands_beside_every_baseline(database: str):
    text = run(database).stdout
    assert [name for name in SLICES if f"\n{name}: " not in text] == []
    for predictor in PREDICTORS:
        assert sum(line.strip().startswith(predictor + "  ") for line in text.splitlines()) == len(SLICES)
    assert "all: 80 outcomes" in text
    assert "80 % interval: held in" in text
    assert "nan" not in text.lower()


def test_too_few_rows_show_dashes(database: str):
    text = run(database).stdout
    part = text[text.index("first use of a skill: 0 outcomes") : text.index("after 90 days")]
    assert part.count("–") == 4 * len(PREDICTORS) + 1


def test_the_json_is_complete_and_strict(database: str):
    found = strict(run(database, "--json").stdout)
    assert list(found["slices"]) == list(SLICES)
    everything = found["slices"]["all"]
    assert everything["scores"] == found["outcomes"]
    assert list(everything["scores"]) == PREDICTORS
    assert set(everything["coverage"]) == {"share", "without", "width", "count"}
    assert found["slices"]["first use of a skill"] == {"count": 0, "successes": 0, "scores": {}, "coverage": None}
    assert sum(one["count"] for one in found["reliability"]) == sum(found["histogram"]) == everything["count"] == 80
    assert found["rankings"]
    assert found["trained_on"] == 320


def test_the_picture_is_written_and_said(database: str, tmp_path: Path):
    path = tmp_path / "chances.svg"
    done = run(database, "--json", "--picture", str(path))
    assert f"picture written to {path}" in done.stderr
    svg = ElementTree.parse(path).getroot()
    points = [element for element in svg.iter() if element.get("class") == "point"]
    assert len(points) == len(strict(done.stdout)["reliability"])


@pytest.mark.parametrize(
    ("name", "advice"), [("chances.png", "does not end in .svg"), ("no/chances.svg", "there is no folder")]
)
def test_a_picture_that_cannot_be_written_is_refused_before_the_work(
    database: str, tmp_path: Path, name: str, advice: str
):
    done = run(database, "--picture", str(tmp_path / name), code=2)
    assert advice in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_without_a_history_there_is_no_picture(tmp_path: Path):
    write(tmp_path / "workers.csv", "id,name", ["anna,Anna"])
    database = str(tmp_path / "company.db")
    CliRunner().invoke(main, ["--database", database, "import", str(tmp_path / "workers.csv")])
    done = run(database, "--picture", str(tmp_path / "chances.svg"))
    assert "fewer than 10 finished jobs" in done.stdout
    assert "no picture" in done.stderr
    assert not (tmp_path / "chances.svg").exists()
