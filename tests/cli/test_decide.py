"""`assign` promises workers and tells whom to call; decisions are listed, shown, reported, replayed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import nextafter
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import Result

from skillmatch.cli.common import time_on
from skillmatch.store.store import Store
from skillmatch.workspace import Workspace

Run = Callable[..., Result]
Answer = Callable[..., Any]
SOON = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT09:30")


@pytest.fixture
def asked(run: Run) -> None:
    run("rank", "j1")


@pytest.mark.usefixtures("asked")
def test_assigning_tells_the_times_and_whom_to_call(run: Run, database: str):
    said = run("assign", "1", "ben", "--by", "Mona", "--start", SOON).output
    assert "j1 Case at 9 degrees" in said
    assert f"Ben Okafor ben: {SOON.replace('T', ' ')} to 11:00, no phone number on record" in said
    assert "customer Corner Bakery: call +44 1632 960001" in said
    assert "decision 1 by Mona" in said
    with Workspace.open(database) as workspace:
        assert workspace.decision(1).chosen == ("ben",)


@pytest.mark.usefixtures("asked")
def test_two_are_assigned_with_the_lead_first_and_locked(run: Run, answer: Answer):
    done = answer("assign", "1", "ben", "anna", "--start", SOON, "--locked")
    assert [(one["worker"], one["lead"], one["locked"]) for one in done["bookings"]] == [
        ("ben", True, True),
        ("anna", False, True),
    ]
    assert {one["start"] for one in done["bookings"]} == {f"{SOON}:00+00:00"}


def test_a_time_without_a_day_is_on_the_day_of_the_decision(run: Run, answer: Answer):
    day = answer("rank", "j1")["day"]
    done = answer("assign", "1", "ben", "--start", "23:59", "--reason", "at night")
    assert [one["start"] for one in done["bookings"]] == [f"{day}T23:59:00+00:00"]


def test_times_are_those_of_the_clock_of_the_company():
    berlin, day = ZoneInfo("Europe/Berlin"), date(2026, 6, 2)
    assert time_on("7:30", day, berlin) == datetime(2026, 6, 2, 5, 30, tzinfo=UTC)
    assert time_on("2026-12-02T07:30", day, berlin) == datetime(2026, 12, 2, 6, 30, tzinfo=UTC)
    assert time_on("2026-12-02T07:30+00:00", day, berlin) == datetime(2026, 12, 2, 7, 30, tzinfo=UTC)
    assert time_on("7:30", day, berlin).utcoffset() == timedelta(0)


def test_warnings_stand_beside_the_booking_and_stay_in_the_reason(run: Run, answer: Answer):
    run("rank", "j3")
    said = run("assign", "1", "anna", "--reason", "training day", "--start", SOON).output
    assert "warning: anna: holds no certification F-GAS" in said
    assert "Anna Frost anna: " in said
    assert ", call +44 1632 960101" in said
    assert "training day [against: anna: holds no certification F-GAS]" in answer("decisions", "show", "1")["reason"]


@pytest.mark.usefixtures("asked")
def test_decisions_are_listed_and_shown(run: Run, answer: Answer):
    run("rank", "j2")
    run("assign", "1", "chen", "--reason", "knows the shop [b]well[/b]", "--start", SOON)
    listed = run("decisions").output
    assert [line.split()[0] for line in listed.splitlines() if line.strip()[:1].isdigit()] == ["2", "1"]
    assert "Chen Li chen instead: knows the shop [b]well[/b]" in listed
    assert run("decisions", "list").output == listed
    assert [one["number"] for one in answer("decisions", "--job", "j2")["decisions"]] == [2]
    assert len(answer("decisions", "list", "--limit", "1")["decisions"]) == 1
    shown = run("decisions", "show", "1").output
    row = next(line for line in shown.splitlines() if "Chen Li chen" in line)
    assert row.rstrip().endswith("chosen")
    assert "knows the shop [b]well[/b]" in shown
    assert "nobody was chosen yet" in run("decisions", "show", "2").output


def test_no_decisions_yet_is_said(run: Run):
    assert "no decision was kept yet" in run("decisions").output
    assert "0 rankings shown, 0 decided" in run("decisions", "report").output


def test_the_report_has_intervals_reasons_and_the_caveat(run: Run, answer: Answer):
    for number, (job, worker) in enumerate((("j1", "ben"), ("j2", "chen")), start=1):
        run("rank", job)
        reason = ("--reason", "asked for") if worker == "chen" else ()
        run("assign", str(number), worker, "--start", SOON, *reason)
        run("record", "job-outcome", "--worker", worker, "--job", job, "--result", "first-time fix")
    said = run("decisions", "report").output
    assert "2 rankings shown, 2 decided" in said
    # Wilson's interval of 1 of 2 is 9.5 to 90.5 %, of 1 of 1 it is 20.7 to 100 %.
    assert "the first was taken in 1 of 2 (50 %, 9–91)" in said
    assert said.count("1 of 1 (100 %, 21–100)") == 2
    assert "  1 asked for" in said
    assert "Overrides are not a random sample" in " ".join(said.split())
    found = answer("decisions", "report")
    assert found["taken"]["interval"] == [pytest.approx(0.0945, abs=1e-4), pytest.approx(0.9055, abs=1e-4)]
    tomorrow = str(datetime.now(UTC).date() + timedelta(days=1))
    assert answer("decisions", "report", "--since", tomorrow)["shown"] == 0


@pytest.mark.usefixtures("asked")
def test_a_replay_is_the_same_to_the_bit_after_other_writes(run: Run, answer: Answer):
    run("record", "job-outcome", "--worker", "anna", "--job", "j2", "--result", "failed")
    assert "decision 1 comes out again, to the bit: 3 rows" in run("replay", "1").output
    assert answer("replay", "1")["same"]


@pytest.mark.usefixtures("asked")
def test_a_replay_that_differs_in_one_bit_shows_the_number_and_ends_with_1(run: Run, database: str):
    with Store.open(database).write() as transaction:
        true = transaction.decision(1)
        first = replace(true.shown[0], score=nextafter(true.shown[0].score, 100.0))
        transaction.save_decision(replace(true, number=0, shown=(first, *true.shown[1:])))
    result = run("replay", "2", ok=False)
    assert result.exit_code == 1
    assert "comes out otherwise" in result.output
    rows = [line.split() for line in result.output.splitlines() if "Okafor" in line or "Frost" in line]
    assert rows == [["Ben", "Okafor", "ben", "score", repr(first.score), repr(true.shown[0].score)]]
    assert run("replay", "2", "--json", ok=False).exit_code == 1


@pytest.mark.usefixtures("asked")
def test_what_has_moved_since_is_told(run: Run, answer: Answer):
    assert "decision 1 is as good as new: 0 writes since" in run("stale", "1").output
    for number in range(8):
        fact = ("--worker", "chen", "--job", "j4", "--result", "first-time fix", "--id", str(number))
        run("record", "job-outcome", *fact)
    said = run("stale", "1").output
    assert "decision 1 is stale: 8 writes since" in said
    assert "chen: ranked 3 then, ranked 1 now" in said
    assert "rank job j1 anew" in said
    found = answer("stale", "1")
    assert (found["stale"], found["writes"]) == (True, 8)


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["assign", "9", "ben"], "there is no decision 9; the nearest numbers are 1"),
        (["assign", "1", "bn"], "there is no worker 'bn'; did you mean 'ben'?"),
        (["assign", "1", "anna"], "needs a reason, since ben was ranked first: say why"),
        (["assign", "1", "ben", "--start", "noon"], "time 'noon' cannot be read: expected one such as 14:30"),
        (["assign", "1", "ben", "--start", "25:30"], "cannot be read: expected one such as 14:30"),
        (["assign", "1", "ben", "--start", "2020-01-01T09:00"], "which has passed: give a later time"),
        (["assign", "1", "ben", "--start", "9999-12-31T23:59"], "the year 9999 was given: expected 1970 to 2200"),
        (["assign", "1", "ben", "ben", "--start", SOON], "ben"),
        (["decisions", "show", "9"], "there is no decision 9; the nearest numbers are 1"),
        (["decisions", "--job", "j11"], "there is no job 'j11'"),
        (["decisions", "report", "--since", "monday"], "day 'monday' cannot be read"),
        (["replay", "9"], "there is no decision 9"),
        (["stale", "9"], "there is no decision 9"),
    ],
)
@pytest.mark.usefixtures("asked")
def test_a_mistake_is_one_line_with_advice_and_decides_nothing(
    run: Run, answer: Answer, arguments: list[str], advice: str
):
    result = run(*arguments, ok=False)
    assert (result.exit_code, result.stdout) == (1, "")
    assert advice in result.stderr
    assert result.stderr.strip().count("\n") == 0
    assert answer("decisions", "show", "1")["chosen"] == []


@pytest.mark.usefixtures("asked")
def test_a_decision_is_not_made_twice(run: Run):
    run("assign", "1", "ben", "--start", SOON)
    assert "it cannot be made again otherwise" in run("assign", "1", "chen", "--reason", "x", ok=False).stderr


@pytest.mark.usefixtures("asked")
def test_whoever_is_called_off_by_a_new_choice_is_named(run: Run):
    run("assign", "1", "ben", "--start", SOON)
    run("rank", "j1")
    said = run("assign", "2", "chen", "--reason", "Ben is ill", "--start", SOON).output
    assert "called off: Ben Okafor, who was promised before" in said
