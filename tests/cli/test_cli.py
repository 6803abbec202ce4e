"""Every command does what the workspace does, in words and in JSON, and tells mistakes in one line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from skillmatch import __version__
from skillmatch.beliefs.evidence import KINDS
from skillmatch.cli import main
from skillmatch.cli.record import command_for
from skillmatch.cli.show import percent
from skillmatch.workspace import Workspace

Run = Callable[..., Result]


def answer(result: Result) -> dict:
    return json.loads(result.stdout)


def record(run: Run, *more: str, worker: str = "anna", result: str = "first-time fix", job: str = "j2") -> Result:
    return run("record", "job-outcome", "--worker", worker, "--job", job, "--result", result, *more)


def test_jobs_are_listed_by_urgency(run: Run):
    assert [job["id"] for job in answer(run("jobs", "--json"))["jobs"]] == ["j3", "j1", "j2"]
    assert "Case at 9 degrees" in run("jobs", "--search", "9 degrees").output


def test_a_ranking_shows_candidates_with_reasons(run: Run):
    record(run, worker="chen")
    lines = run("rank", "j1").output.splitlines()
    assert "  for Corner Bakery, +44 1632 960001, due 2026-06-02" in lines
    assert "  needs Refrigeration at level 3 (alone); Controls (from its type Case too warm)" in lines
    place = next(number for number, line in enumerate(lines) if "Chen" in line)
    assert re.search(r"likely, \d\d % \(\d\d–\d\d\) +\d\d\.\d points$", lines[place])
    assert re.match(r"    \+\d\d\.\d chance of success, \+", lines[place + 1])


def test_the_json_ranking_has_the_numbers_of_the_workspace(run: Run, database: str):
    record(run)
    found = answer(run("rank", "j1", "--json"))
    with Workspace.open(database) as workspace:
        ranking = workspace.rank("j1")
    assert [c["worker"]["id"] for c in found["candidates"]] == [c.worker.id for c in ranking.candidates]
    for shown, candidate in zip(found["candidates"], ranking.candidates, strict=True):
        # Beliefs fade between the two moments of asking; a second of that is far below this tolerance.
        assert shown["score"] == pytest.approx(candidate.score, abs=1e-4)
        assert sum(term["points"] for term in shown["explanation"]["terms"]) == pytest.approx(shown["score"], abs=1e-9)


def test_nobody_eligible_is_said_with_the_reasons(run: Run):
    text = run("rank", "j3").output
    assert "Nobody passes every hard rule" in text
    assert "holds no certification F-GAS" in text


def test_explain_shows_every_term_and_the_sum(run: Run):
    text = run("explain", "j1", "ben").output
    assert "asked for  " in text
    assert "Corner Bakery asked for this worker" in text
    assert "log-odds" in text
    assert "blocked" in run("explain", "j3", "ben").output


def test_recording_shows_before_and_after_and_the_next_ranking_differs(run: Run):
    before = answer(run("explain", "j1", "chen", "--json"))["chance"]
    text = record(run, worker="chen").output
    assert "added: job j2: first-time fix" in text
    assert "Refrigeration: 2.5" in text
    assert answer(run("explain", "j1", "chen", "--json"))["chance"] > before


def test_the_same_id_corrects_and_the_same_fact_changes_nothing(run: Run):
    arguments = ("--id", "x1", "--time", "2026-05-01T08:00")
    record(run, *arguments)
    assert "nothing changed" in record(run, *arguments).output
    assert record(run, *arguments, result="failed").output.startswith("changed")
    assert answer(run("worker", "anna", "--json"))["evidence"][0]["result"] == "failed"


def test_a_level_is_explained_by_its_evidence(run: Run):
    record(run, "--time", "2026-05-01T08:00", "--source", "dispatch")
    text = run("worker", "anna", "--skill", "refrigeration").output
    assert "Anna Frost anna in Refrigeration: " in text
    assert "1 piece of evidence about this skill (1 job outcome) from one source, dispatch" in text
    assert "job j2: first-time fix" in text
    assert "2026-05-01, dispatch" in text
    found = answer(run("worker", "anna", "--skill", "refrigeration", "--json"))
    terms = [term["points"] for term in found["explanation"]["terms"]]
    assert sum(terms) == pytest.approx(found["proficiency"]["level"], abs=1e-9)


def test_a_level_without_evidence_in_the_skill_is_called_inferred(run: Run):
    record(run)
    assert "Inferred from general ability" in run("worker", "anna", "--skill", "cooling").output
    assert answer(run("worker", "anna", "--skill", "cooling", "--json"))["inferred"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_evidence_has_a_command_with_help(kind: str):
    name = kind.replace("_", "-")
    result = CliRunner().invoke(main, ["record", name, "--help"])
    assert result.exit_code == 0
    assert "--worker" in result.output
    assert command_for(KINDS[kind]).name == name


def test_other_kinds_of_evidence_are_recorded(run: Run):
    run("record", "self-report", "--worker", "anna", "--skill", "controls", "--level", "4")
    run("record", "assessment", "--worker", "anna", "--skill", "controls", "--level", "4", "--rater", "mona")
    run("record", "certification", "--worker", "anna", "--type", "F-GAS", "--issued", "2026-01-01", "--id", "c1")
    assert [c["worker"]["id"] for c in answer(run("rank", "j3", "--json"))["candidates"]] == ["anna"]
    run(
        *("record", "retraction", "--worker", "anna", "--reason", "typo"),
        *("--retracts-source", "command line", "--retracts-id", "c1"),
    )
    assert answer(run("rank", "j3", "--json"))["candidates"] == []
    assert "assessed by mona" in run("worker", "anna").output


def test_what_comes_from_the_job_is_no_option():
    for kind in ("job_outcome", "customer_rating"):
        options = {option.name for option in command_for(KINDS[kind]).params}
        assert options.isdisjoint({"demands", "job_type", "customer", "site", "estimate"})


def test_a_rating_of_a_customer_moves_levels(run: Run):
    rate = ("record", "customer-rating", "--worker", "anna", "--job", "j2", "--id", "k1", "--stars")
    text = run(*rate, "1.5").output
    assert "added: job j2: 1.5 of 5 stars from the customer" in text
    assert "Refrigeration: " in text
    changes = answer(run(*rate, "5", "--json"))["changes"]
    assert [change["skill"] for change in changes] == ["refrigeration", "controls"]
    assert all(change["after"]["level"] > change["before"]["level"] for change in changes)


def test_a_level_set_by_a_manager_stands_beside_what_is_believed(run: Run):
    record(run)
    assert "override" not in run("worker", "anna").output
    believed = answer(run("worker", "anna", "--json"))["skills"]
    override = ("record", "override", "--worker", "anna", "--level", "4", "--rater", "R. [Meier]", "--id")
    run(*override, "v1", "--skill", "controls", "--time", "2026-05-01", "--note", "[b]tested[/b]")
    run(*override, "v2", "--skill", "cooling", "--time", "2026-05-02")
    text = run("worker", "anna").output
    rows = {line.split()[0]: line.rstrip() for line in text.partition("\nwhy")[0].splitlines() if line.strip()}
    assert rows["Controls"].endswith("  set to level 4 by R. [Meier] on 2026-05-01: [b]tested[/b]")
    assert rows["Cooling"].endswith("0         never       set to level 4 by R. [Meier] on 2026-05-02")
    assert "set to" not in rows["Refrigeration"]
    assert "set by R. [Meier] to level 4: [b]tested[/b]" in text
    skills = {row["skill"]["id"]: row for row in answer(run("worker", "anna", "--json"))["skills"]}
    for before in believed:
        after = skills[before["skill"]["id"]]
        assert after["proficiency"]["level"] == pytest.approx(before["proficiency"]["level"], abs=1e-4)
    assert skills["controls"]["override"]["rater"] == "R. [Meier]"
    assert skills["refrigeration"]["override"] is None
    run(
        *("record", "retraction", "--worker", "anna", "--reason", "typo"),
        *("--retracts-source", "command line", "--retracts-id", "v1"),
    )
    assert "[b]tested[/b]" not in run("worker", "anna").output


def test_rebuild_checks_to_the_bit(run: Run):
    record(run)
    assert "0 bits differ" in run("rebuild", "--check").output
    assert answer(run("rebuild", "--check", "--json"))["differing"] == 0
    assert run("rebuild").exit_code == 0


def test_import_and_export_round_trip(run: Run, tmp_path: Path):
    record(run)
    run("export", str(tmp_path / "all.jsonl"))
    other = ["--database", str(tmp_path / "copy.db")]
    result = CliRunner().invoke(main, [*other, "import", str(tmp_path / "all.jsonl"), "--json"])
    assert answer(result)["added"]["workers"] == 3
    again = CliRunner().invoke(main, [*other, "import", str(tmp_path / "all.jsonl"), "--json"])
    assert answer(again)["added"] == {}
    run("export", "--tables", str(tmp_path / "tables"))
    assert (tmp_path / "tables" / "workers.csv").exists()


def test_a_stopped_import_lists_the_problems_and_exits_with_1(run: Run, tmp_path: Path):
    (tmp_path / "workers.csv").write_text("id,name,capacity\nw1,Wanda,lots\n")
    result = run("import", str(tmp_path / "workers.csv"), ok=False)
    assert "workers.csv:2, column 'capacity'" in result.stderr
    assert "--skip-bad" in result.stderr
    assert result.exit_code == 1


def test_an_evaluation_without_a_history_says_so(run: Run):
    assert "fewer than 10 finished jobs" in run("evaluate").output


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["rank", "j11"], "there is no job 'j11'; did you mean"),
        (["explain", "j1", "ana"], "did you mean 'anna'"),
        (["worker", "bn"], "there is no worker 'bn'"),
        (["worker", "anna", "--skill", "contrls"], "did you mean 'controls'"),
        (["record", "self-report", "--worker", "anna", "--skill", "controls", "--level", "7"], "a level from 0 to 5"),
        (
            ["record", "self-report", "--worker", "anna", "--skill", "contrls", "--level", "1"],
            "did you mean 'controls'",
        ),
        (
            ["record", "job-outcome", "--worker", "anna", "--job", "j1", "--result", "rework", "--time", "yesterday"],
            "expected one such as 2026-03-01T08:30",
        ),
        (["record", "customer-rating", "--worker", "anna", "--job", "j1", "--stars", "6"], "expected 1 to 5 stars"),
        (["record", "customer-rating", "--worker", "anna", "--job", "j1", "--stars", "nan"], "expected 1 to 5 stars"),
        (["record", "customer-rating", "--worker", "anna", "--job", "j11", "--stars", "3"], "there is no job 'j11'"),
        (
            ["record", "override", "--worker", "anna", "--skill", "controls", "--level", "6", "--rater", "m"],
            "a level from 0 to 5",
        ),
        (["import", "/nowhere"], "/nowhere"),
    ],
)
def test_a_mistake_is_one_line_with_advice_and_exit_1(run: Run, arguments: list[str], advice: str):
    result = run(*arguments, ok=False)
    assert result.exit_code == 1
    assert advice in result.stderr
    assert result.stderr.strip().count("\n") == 0
    assert "Traceback" not in result.output


def test_a_missing_database_is_not_made_by_asking(tmp_path: Path):
    result = CliRunner().invoke(main, ["--database", str(tmp_path / "no.db"), "jobs"])
    assert result.exit_code == 1
    assert "skillmatch import PATH" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_bad_environment_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SKILLMATCH_PORT", "eighty")
    result = CliRunner().invoke(main, ["jobs"])
    assert result.exit_code == 1
    assert "SKILLMATCH_PORT is 'eighty'" in result.stderr


def test_a_time_zone_that_is_none_is_told(database: str):
    for name, advice in (("Europ/Berlin", "did you mean Europe/Berlin?"), ("x", "such as Europe/Berlin")):
        result = CliRunner(env={"SKILLMATCH_TIMEZONE": name}).invoke(main, ["--database", database, "jobs"])
        assert result.exit_code == 1
        assert f"SKILLMATCH_TIMEZONE is '{name}' in the environment: there is no such time zone; " in result.stderr
        assert advice in result.stderr


def test_a_wish_to_learn_is_taken_back(run: Run):
    wish = ("record", "learning-wish", "--worker", "anna", "--skill", "controls", "--id", "w1", "--json")
    assert answer(run(*wish))["evidence"]["active"] is True
    assert answer(run(*wish, "--not-active"))["evidence"]["active"] is False


def test_the_version_is_told():
    assert __version__ in CliRunner().invoke(main, ["--version"]).output


@pytest.mark.parametrize(
    ("chance", "text"),
    [(0.0, "<1 %"), (0.0051, "<1 %"), (0.01, "1 %"), (0.5, "50 %"), (0.99, "99 %"), (0.994, ">99 %"), (1.0, ">99 %")],
)
def test_no_chance_is_shown_as_certain(chance: float, text: str):
    assert percent(chance) == text
