"""`rank` keeps what it shows, tells near matches apart, and `why-not` and `crew` say what would change it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import Result

from skillmatch.cli.crew import show_crews
from skillmatch.model import (
    AllOf,
    AnyOf,
    CertificationRequirement,
    Job,
    LanguageRequirement,
    Requirement,
    Shift,
    Worker,
)
from skillmatch.store.store import Store
from skillmatch.workspace import Workspace

Run = Callable[..., Result]
Answer = Callable[..., Any]
TOMORROW = datetime.now(UTC).date() + timedelta(days=1)


@pytest.fixture
def certified(run: Run) -> None:
    """Anna and Ben hold what job j3 asks for; Chen's has run out a few days ago."""
    for worker in ("anna", "ben"):
        run("record", "certification", "--worker", worker, "--type", "F-GAS", "--issued", "2026-01-01")
    past = [str(datetime.now(UTC).date() - timedelta(days=days)) for days in (400, 5)]
    chen = ("record", "certification", "--worker", "chen", "--type", "F-GAS")
    run(*chen, "--issued", past[0], "--expires", past[1])


def test_what_is_shown_is_kept_and_its_number_told(run: Run, answer: Answer):
    text = run("rank", "j1").output
    assert "decision 1: choose with `skillmatch assign 1 WORKER`" in text
    found = answer("rank", "j1", "--limit", "2")
    assert found["number"] == 2
    kept = answer("decisions", "show", "2")
    assert [row["worker"] for row in kept["shown"]] == [row["worker"]["id"] for row in found["candidates"]]
    assert [row["score"] for row in kept["shown"]] == [row["score"] for row in found["candidates"]]


def test_no_keep_and_another_day_keep_nothing(run: Run, answer: Answer):
    assert answer("rank", "j1", "--no-keep")["number"] == 0
    found = answer("rank", "j1", "--day", str(TOMORROW))
    assert (found["number"], found["day"]) == (0, str(TOMORROW))
    assert "assign" not in run("rank", "j1", "--no-keep").output
    assert answer("decisions")["decisions"] == []


@pytest.mark.usefixtures("certified")
def test_near_matches_stand_in_a_list_of_their_own(run: Run, answer: Answer):
    lines = run("rank", "j3").output.splitlines()
    near = lines.index("Near matches: who cannot be sent, but lacks little")
    assert "Chen Li chen" in lines[near + 1]
    assert "certification F-GAS expired on" in lines[near + 2]
    found = answer("rank", "j3")
    assert [row["worker"]["id"] for row in found["near"]] == ["chen"]
    assert [block["rule"] for block in found["near"][0]["blocks"]] == ["certification"]
    assert found["blocked"] == []


def test_json_tells_the_rule_and_the_reason_of_a_block(answer: Answer):
    blocks = answer("rank", "j3")["blocked"][0]["blocks"]
    assert blocks == [{"rule": "certification", "reason": "holds no certification F-GAS"}]


def test_a_chance_is_told_in_words_and_with_its_interval(run: Run, answer: Answer):
    found = answer("explain", "j1", "anna")
    interval = f"{found['low'] * 100:.0f}–{found['high'] * 100:.0f}"
    assert f"more likely than not, {found['chance'] * 100:.0f} % ({interval})" in run("explain", "j1", "anna").output


def test_a_policy_of_ones_own_ranks(run: Run, answer: Answer):
    run("policy", "new", "wishes", "--like", "balanced", "preferred=900")
    found = answer("rank", "j1", "--policy", "wishes")
    assert (found["policy"], found["policy_version"]) == ("wishes", 1)
    assert found["candidates"][0]["score"] > 900


def test_who_is_the_only_one_elsewhere_is_told_with_the_price(run: Run, answer: Answer, database: str):
    run("record", "certification", "--worker", "anna", "--type", "F-GAS", "--issued", "2026-01-01")
    text = run("rank", "j2", "--prices").output
    note = re.search(r"the only one for job j3: (\d+) points", text)
    assert note
    prices = answer("rank", "j2", "--prices")["prices"]
    assert prices["anna"]["only"]
    assert round(prices["anna"]["points"]) == int(note[1])
    assert "prices" not in answer("rank", "j2")


@pytest.mark.parametrize("columns", [80, 150])
def test_no_line_is_wider_than_the_terminal(run: Run, columns: int):
    for arguments in (("rank", "j1"), ("rank", "j3"), ("why-not", "j1", "chen"), ("explain", "j1", "ben")):
        assert max(len(line) for line in run(*arguments, columns=columns).output.splitlines()) <= columns


def test_why_not_tells_the_difference_and_the_smallest_change_first(run: Run, answer: Answer):
    text = run("why-not", "j1", "chen").output
    assert "behind Ben Okafor ben by 8.0 points" in text
    assert re.search(r"asked for +8\.0 +0\.0 +\+8\.0", text)
    found = answer("why-not", "j1", "chen")
    advice = found["advice"][0]
    assert f"smallest change: {advice['text']} -> rank {advice['rank']}" in text
    assert [one["kind"] for one in advice["changes"]] == ["succeed"]
    assert advice["rank"] < found["candidate"]["rank"]


@pytest.mark.usefixtures("certified")
def test_why_not_tells_what_blocks_and_where_she_would_stand(run: Run, answer: Answer):
    text = run("why-not", "j3", "chen").output
    assert "cannot be sent" in text
    assert "blocked: certification F-GAS expired on" in text
    assert re.search(r"smallest change: renew the certification F-GAS by \d{4}-\d\d-\d\d -> rank \d", text)
    assert "behind" not in text


def test_why_not_the_first_says_that_nobody_is_ahead(run: Run):
    assert "nobody is ahead" in run("why-not", "j1", "ben").output


def test_no_small_change_is_said(run: Run):
    run("policy", "new", "promise-only", "--like", "familiar", "promise=10", "familiarity=0", "preferred=0")
    text = run("why-not", "j2", "chen", "--policy", "promise-only").output
    assert "no small change would bring Chen Li up" in text


@pytest.fixture
def able(database: str, run: Run) -> None:
    """A job for two, and people who have done such work."""
    with Store.open(database).write() as transaction:
        revision = transaction.next_revision()
        pair = Job("j5", "Two-man lift", requirements=(Requirement("controls", 2.0, count=2),), crew=2)
        alone = Job("j6", "One-man job", requirements=(Requirement("controls", 2.0),), excluded=("chen",))
        transaction.save_nouns(Job, [pair, alone], revision=revision)
    for worker in ("anna", "ben", "chen"):
        for number in range(6):
            fact = ("--worker", worker, "--job", "j4", "--result", "first-time fix", "--id", f"{worker}-{number}")
            run("record", "job-outcome", *fact, "--time", f"2026-05-0{number + 1}T08:00")


@pytest.mark.usefixtures("able")
def test_a_crew_is_told_with_lead_covers_and_terms(run: Run, answer: Answer):
    text = run("crew", "j5").output
    found = answer("crew", "j5")
    best = found["crews"][0]
    assert found["size"] == 2
    assert text.startswith("j5 Two-man lift: a crew of 2\n")
    assert re.search(rf"^1 \w+ \w+ {best['lead']} \(lead\), .*: {best['explanation']['total']:.1f} points", text, re.M)
    assert re.search(r"^  Controls: \w+ \w+, \w+ \w+$", text, re.M)
    assert "members' own match" in text
    assert "the best of all possible crews" in text


@pytest.mark.usefixtures("able")
def test_who_could_stay_is_told(database: str, capsys: pytest.CaptureFixture[str]):
    with Workspace.open(database) as workspace:
        found = workspace.crew("j5")
    best = replace(found.crews[0], excess=("anna", "ben"))
    show_crews(replace(found, crews=(best,)))
    assert "  any one could stay: Anna Frost, Ben Okafor\n" in capsys.readouterr().out


@pytest.mark.usefixtures("able")
def test_who_may_not_go_is_told_why(run: Run, answer: Answer):
    said = run("crew", "j6", "--why-not", "chen").output
    assert "Chen Li chen may not go:\n  blocked: this job is not for this worker" in said
    assert answer("crew", "j6", "--why-not", "chen")["best"] is None


@pytest.mark.usefixtures("able")
def test_why_not_in_the_crew_compares_with_the_best_crew_with_her(run: Run, answer: Answer):
    inside = answer("crew", "j5")["crews"][0]["members"]
    outside = next(worker for worker in ("anna", "ben", "chen") if worker not in inside)
    text = run("crew", "j5", "--why-not", outside).output
    assert "the best crew with this worker is " in text
    found = answer("crew", "j5", "--why-not", outside)
    assert outside in found["with_her"]["members"]
    assert f"{found['difference']['total']:.1f} points behind" in text
    assert "is in the best crew" in run("crew", "j5", "--why-not", inside[0]).output


def test_needs_with_choices_are_told_and_the_way_that_suits_best(run: Run, database: str):
    choice = AnyOf(
        (
            AllOf((Requirement("refrigeration", 3.0, must=True, preferred_level=4.0), LanguageRequirement("de"))),
            CertificationRequirement("F-GAS", count=2),
        )
    )
    with Store.open(database).write() as transaction:
        revision = transaction.next_revision()
        transaction.save_nouns(Job, [Job("j7", "Choice", requirements=(choice,))], revision=revision)
    run("record", "certification", "--worker", "anna", "--type", "F-GAS", "--issued", "2026-01-01")
    refrigeration = "Refrigeration at level 3 (alone, better 4), a must"
    either = f"either ({refrigeration} together with language de), or certification F-GAS, of 2 members of the crew"
    assert f"  needs {either}\n" in run("rank", "j7").output
    best = "of the ways to meet its needs this one suits best: certification F-GAS, of 2 members of the crew"
    assert best in run("explain", "j7", "anna").output


def test_why_no_crew_is_possible_is_told(run: Run, answer: Answer):
    text = run("crew", "j1", "--size", "2").output
    assert "no crew is possible" in text
    assert "nobody can lead" in text
    assert answer("crew", "j1", "--size", "2")["crews"] == []
    assert "since none is possible" in run("crew", "j1", "--size", "2", "--why-not", "chen").output


def test_names_with_brackets_are_told_as_they_are(run: Run, database: str):
    with Store.open(database).write() as transaction:
        revision = transaction.next_revision()
        transaction.save_nouns(Worker, [Worker("anna", "Anna [b]Frost[/b]")], revision=revision)
    with Workspace.open(database) as workspace:
        workspace.rebuild(check=False)
    for arguments in (("rank", "j1"), ("explain", "j1", "anna"), ("why-not", "j1", "anna")):
        assert "Anna [b]Frost[/b]" in run(*arguments).output


def test_shifts_are_those_of_the_clock_of_the_company(run: Run, answer: Answer, database: str):
    with Store.open(database).write() as transaction:
        revision = transaction.next_revision()
        shifts = [Shift(worker, day, 480, 720) for worker in ("anna", "ben", "chen") for day in range(7)]
        transaction.save_nouns(Shift, shifts, revision=revision)
    starts = {}
    for zone in ("UTC", "Asia/Tokyo"):
        found = answer(
            "plan",
            "--from",
            str(TOMORROW),
            "--days",
            "2",
            "--seconds",
            "0.2",
            "--job",
            "j2",
            env={
                "SKILLMATCH_TIMEZONE": zone,
                "COLUMNS": "150",
            },
        )
        starts[zone] = datetime.fromisoformat(found["visits"][0]["start"]).astimezone(UTC).hour
    assert starts["UTC"] in range(8, 12)
    assert starts["Asia/Tokyo"] in (23, 0, 1, 2)


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["rank", "j1", "--policy", "balancd"], "there is no policy 'balancd'; did you mean 'balanced'?"),
        (["rank", "j1", "--day", "tomorrow"], "day 'tomorrow' cannot be read: expected one such as 2026-06-02"),
        (["rank", "j1", "--day", "2020-01-01"], "day 2020-01-01 has passed: expected "),
        (["rank", "j1", "--day", "9999-12-31"], "the year 9999 was given: expected 1970 to 2200"),
        (["rank", "j99", "--prices"], "there is no job 'j99'"),
        (["why-not", "j1", "ana"], "did you mean 'anna'"),
        (["why-not", "j11", "anna"], "there is no job 'j11'"),
        (["why-not", "j1", "anna", "--policy", "x"], "there is no policy 'x'"),
        (["crew", "j1", "--size", "0"], "a crew of 0 was asked for: expected 1 to 20"),
        (["crew", "j11"], "there is no job 'j11'"),
        (["crew", "j1", "--why-not", "ana"], "did you mean 'anna'"),
    ],
)
def test_a_mistake_is_one_line_with_advice_and_keeps_nothing(
    run: Run, answer: Answer, arguments: list[str], advice: str
):
    result = run(*arguments, ok=False)
    assert (result.exit_code, result.stdout) == (1, "")
    assert advice in result.stderr
    assert result.stderr.strip().count("\n") == 0
    assert answer("decisions")["decisions"] == []
