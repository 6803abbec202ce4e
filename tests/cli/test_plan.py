"""A plan is shown, kept in a file, applied at once or later, and stopped with Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.cli.plan import stoppable
from skillmatch.cli.plan_file import read_plan, write_plan
from skillmatch.cli.show_plan import show_plan
from skillmatch.errors import Invalid
from skillmatch.model import Booking
from skillmatch.workspace import LeftOut, PlannedVisit, PlanPreview, Workspace

Run = Callable[..., Result]
Answer = Callable[..., Any]
TOMORROW = str(datetime.now(UTC).date() + timedelta(days=1))
PLAN = ("plan", "--from", TOMORROW, "--days", "7", "--seconds", "0.1")
START = datetime(2026, 6, 2, 8, 30, tzinfo=UTC)
PREVIEW = PlanPreview(
    START.date(),
    2,
    "balanced",
    7,
    START,
    (
        PlannedVisit("j0", "Case", ("anna",), START + timedelta(hours=2), 30.0, 80.0, (5.0,), "handed over"),
        PlannedVisit("j1", "Case [b]cold[/b]", ("anna", "ben"), START, 90.0, 100.25, (12.0, 45.0), "new"),
    ),
    (LeftOut("j3", "Charge", 1, "no worker passes all hard rules", "nobody"),),
    ("j4",),
    (Booking("j0", "ben", START, 30.0, lead=True),),
    180.25,
    200.0,
    0.5,
)


def bookings(database: str) -> dict[str, str]:
    """Return who is promised to which job."""
    with Workspace.open(database) as workspace, workspace._store.read() as transaction:
        return {one.job: one.worker for one in transaction.nouns(Booking) if not one.cancelled}


def test_a_plan_is_shown_and_nothing_is_changed(run: Run, answer: Answer, database: str):
    text = run(*PLAN).output
    assert "j1 Case at 9 degrees" in text
    assert "2 jobs by 1 worker (2 new), 1 not done, 0 dropped" in text
    assert "no worker passes all hard rules" in text
    found = answer(*PLAN)
    assert f"{found['total']:,.1f} points after" in text
    assert {visit["job"] for visit in found["visits"]} == {"j1", "j2"}
    assert bookings(database) == {}


def test_a_plan_kept_in_a_file_is_applied(run: Run, answer: Answer, database: str, tmp_path: Path):
    file = str(tmp_path / "plan.json")
    found = answer(*PLAN, "--out", file)
    assert bookings(database) == {}
    assert "2 visits booked, 0 stand as they were, 0 left out" in run("plan", "apply", file).output
    assert bookings(database) == {visit["job"]: visit["workers"][0] for visit in found["visits"]}
    again = answer(*PLAN)
    assert {visit["change"] for visit in again["visits"]} == {"kept"}


def test_a_plan_that_no_longer_fits_is_applied_as_a_whole_or_by_its_rest(run: Run, database: str, tmp_path: Path):
    file = str(tmp_path / "plan.json")
    run(*PLAN, "--out", file)
    run("record", "job-outcome", "--worker", "anna", "--job", "j2", "--result", "first-time fix")
    result = run("plan", "apply", file, ok=False)
    assert "nothing was applied: 1 of 2 changes no longer fit (j2: the job is no longer open)" in result.stderr
    assert bookings(database) == {}
    text = run("plan", "apply", file, "--rest").output
    assert "1 visit booked, 0 stand as they were, 1 left out\n  j2: the job is no longer open" in text
    assert set(bookings(database)) == {"j1"}


def test_applying_at_once_asks_before(run: Run, database: str):
    assert "visits booked" not in run(*PLAN, "--apply", input="n\n").output
    assert bookings(database) == {}
    assert "2 visits booked" in run(*PLAN, "--apply", input="y\n").output
    assert set(bookings(database)) == {"j1", "j2"}


def test_applying_at_once_without_asking(run: Run, answer: Answer, database: str):
    found = answer(*PLAN, "--apply", "--yes")
    assert found["applied"] == {"booked": 2, "unchanged": 0, "skipped": []}
    assert set(bookings(database)) == {visit["job"] for visit in found["plan"]["visits"]} == {"j1", "j2"}


def test_json_does_not_ask(run: Run, database: str):
    assert "add --yes" in run(*PLAN, "--apply", "--json", ok=False).stderr
    assert bookings(database) == {}


def test_what_was_promised_moves_only_where_that_is_allowed(run: Run, answer: Answer):
    run("rank", "j1")
    run("assign", "1", "chen", "--reason", "x", "--start", f"{TOMORROW}T09:00")
    run("policy", "new", "wishes", "--like", "balanced", "preferred=900")
    wishes = (*PLAN, "--job", "j1", "--policy", "wishes")
    assert [(one["workers"], one["change"]) for one in answer(*wishes)["visits"]] == [(["chen"], "kept")]
    assert [(one["workers"], one["change"]) for one in answer(*wishes, "--rearrange")["visits"]] == [
        (["ben"], "handed over")
    ]


def test_only_named_jobs_are_planned_and_make_can_be_left_out(answer: Answer):
    found = answer("plan", "make", *PLAN[1:], "--job", "j2", "--job", "j3")
    assert [visit["job"] for visit in found["visits"]] == ["j2"]
    assert [one["job"] for one in found["left_out"]] == ["j3"]


@pytest.mark.parametrize("columns", [80, 150])
def test_what_a_plan_looks_like(columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    show_plan(PREVIEW, {"anna": "Anna Frost", "ben": "Ben [b]Okafor[/b]"}, UTC)
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= columns
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert lines[0] == "plan for Tue 2026-06-02 to Wed 2026-06-03, policy balanced"
    assert "promised and now left out: j4" in lines
    assert "2 jobs by 2 workers (1 new, 1 handed over), 1 not done, 1 dropped" in lines
    assert "180.2 points after 0.5 seconds; no plan has more than 200.0 (9.9% more)" in lines
    if columns > 80:
        assert lines[2:5] == [
            "Anna Frost anna Tue 02 08:30–10:00 12 min 100 new j1 Case [b]cold[/b] with Ben [b]Okafor[/b]",
            "Tue 02 10:30–11:00 5 min 80 handed over j0 Case",
            "Ben [b]Okafor[/b] ben Tue 02 08:30–10:00 45 min new j1 Case [b]cold[/b] with Anna Frost",
        ]
        assert "j3 Charge 1 no worker passes all hard rules" in lines


def test_a_file_gives_back_the_plan_it_was_made_of(tmp_path: Path):
    write_plan(PREVIEW, tmp_path / "plan.json")
    assert read_plan(tmp_path / "plan.json") == PREVIEW
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]


@given(share=st.floats(0.0, 1.0, exclude_max=True))
def test_a_file_that_was_cut_off_is_told(share: float, tmp_path_factory: pytest.TempPathFactory):
    path = tmp_path_factory.mktemp("plan") / "plan.json"
    write_plan(PREVIEW, path)
    text = path.read_text().rstrip()
    path.write_text(text[: int(len(text) * share)])
    with pytest.raises(Invalid, match=r"is cut off or damaged|is no plan: make a new one"):
        read_plan(path)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('"kind": "skillmatch plan"', '"kind": "other"', "is no plan: make a new one"),
        ('"version": 1', '"version": 2', "is a plan of format 2, expected 1"),
        ('"plan": {', '"plan": [], "x": {', "is no plan that can be applied"),
        ('"days": 2', '"days": "2"', "is no plan that can be applied: days: "),
        ("2026-06-02T08:30:00Z", "2026-06-02T25:30:00Z", "is no plan that can be applied: made: "),
        ("2026-06-02T10:30:00Z", "2026-06-02T10:30:00", "a time has no time zone"),
        ('"handed over"', '"given away"', "a change is none of new, kept, moved, handed over"),
        ('"total": 180.25,', "", "is no plan that can be applied: total: Field required"),
        ('"minutes": 30.0,\n    "locked"', '"minutes": -30.0,\n    "locked"', "before.0: "),
        ('"job": "j0",\n    "title"', '"job": "j1",\n    "title"', "a job is in it twice"),
    ],
)
def test_a_file_that_is_no_plan_is_told(tmp_path: Path, old: str, new: str, reason: str):
    path = tmp_path / "plan.json"
    write_plan(PREVIEW, path)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(Invalid) as told:
        read_plan(path)
    assert reason in str(told.value)
    assert str(path) in str(told.value)


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["plan", "--from", "2020-01-01"], "a plan from 2020-01-01 on was asked for, which has passed"),
        (["plan", "--from", "9999-12-31"], "the year 9999 was given"),
        (["plan", "--from", "soon"], "day 'soon' cannot be read"),
        (["plan", "--days", "0"], "a plan for 0 days was asked for: expected 1 to 14"),
        (["plan", "--policy", "balancd"], "did you mean 'balanced'?"),
        (["plan", "--job", "j4"], "job 'j4' is not among the open jobs"),
        (["plan", "--out", "/nowhere/plan.json"], "there is no folder '/nowhere'"),
        (["plan", "--out", "/"], "/ is a folder: name a file with --out"),
        (["plan", "apply", "/nowhere/plan.json"], "/nowhere/plan.json cannot be read: No such file"),
        (["plan", "apply", __file__], "test_plan.py is no plan: make a new one"),
    ],
)
def test_a_mistake_is_one_line_with_advice(run: Run, database: str, arguments: list[str], advice: str):
    result = run(*arguments, ok=False)
    assert (result.exit_code, result.stdout) == (1, "")
    assert advice in result.stderr
    assert result.stderr.strip().count("\n") == 0
    assert bookings(database) == {}


def test_a_database_is_no_plan(run: Run, database: str):
    assert "is no plan: make a new one" in run("plan", "apply", database, ok=False).stderr


def test_ctrl_c_stops_once_and_the_next_ends_as_ever():
    before = signal.getsignal(signal.SIGINT)
    with stoppable() as stop:
        assert not stop()
        os.kill(os.getpid(), signal.SIGINT)
        assert stop()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_shows_the_best_so_far(database: str):
    command = [sys.executable, "-m", "skillmatch", "--database", database, *PLAN[:-1], "300", "--json"]
    code = (
        "import os, signal, sys, threading\n"
        "from skillmatch.workspace import Workspace\n"
        "from skillmatch.cli import main\n"
        "plan = Workspace.plan\n"
        "def interrupted(self, **more):\n"
        "    threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()\n"
        "    return plan(self, **more)\n"
        "Workspace.plan = interrupted\n"
        "main(sys.argv[1:])\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *command[3:]], capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["visits"]) == 2
