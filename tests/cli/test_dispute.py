"""`dispute` opens, withdraws and decides, says what moved, and heeds the setting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

Run = Callable[..., Result]
Answer = Callable[..., Any]
LOW = ("anna", "low", "--reason", "He never saw me work")


@pytest.fixture(autouse=True)
def assessed(run: Run) -> None:
    stated = ("--skill", "controls", "--level", "0.5", "--rater", "M")
    run("record", "assessment", "--worker", "anna", *stated, "--id", "low", "--source", "typed in")


def test_opening_says_what_moved_and_the_list_what_hangs_on_it(run: Run):
    said = run("dispute", "open", *LOW).output
    assert "assessed by M: level 0.5: disputed" in said
    assert "the fact does not count" in said
    assert "Controls: " in said
    said = run("dispute").output
    assert "open" in said
    assert "“He never saw me work”" in said
    assert "if upheld" in said
    assert "if rejected" in said
    assert "disputed already: nothing was changed" in run("dispute", "open", *LOW).output


def test_deciding_withdrawing_and_reopening(run: Run, answer: Answer):
    id = answer("dispute", "open", *LOW)["dispute"]["case"]["dispute"]["id"]
    done = answer("dispute", "decide", id, "rejected", "--reason", "I saw her", "--by", "Mona")
    assert (done["status"], done["dispute"]["state"], done["dispute"]["sets_aside"]) == ("added", "rejected", False)
    assert done["changes"][0]["after"]["level"] < done["changes"][0]["before"]["level"]
    assert "cannot be withdrawn any more" in run("dispute", "withdraw", id, ok=False).stderr
    assert answer("dispute", "decide", id, "reopen")["dispute"]["state"] == "open"
    assert "withdrawn" in run("dispute", "withdraw", id).output
    assert answer("dispute", "list", "--state", "withdrawn", "--worker", "anna")["total"] == 1
    assert answer("dispute", "list", "--worker", "ben") == {"total": 0, "disputes": []}
    assert "nothing is disputed" in run("dispute", "list", "--state", "open").output


def test_the_setting_says_whether_a_disputed_fact_counts(run: Run, answer: Answer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SKILLMATCH_DISPUTES", "keep")
    done = answer("dispute", "open", *LOW)
    assert (done["changes"], done["dispute"]["sets_aside"]) == ([], False)
    monkeypatch.setenv("SKILLMATCH_DISPUTES", "forget")
    wrong = run("dispute", "list", ok=False).stderr
    assert "SKILLMATCH_DISPUTES is 'forget' in the environment" in wrong


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("open", "anna", "none", "--reason", "x"), "worker 'anna' has no evidence 'none' of source 'typed in'"),
        (("open", "ben", "low", "--reason", "x"), "worker 'ben' has no evidence 'low'"),
        (("open", "anna", "low", "--reason", " "), "the reason is empty"),
        (("withdraw", "none"), "there is no dispute 'none' of source 'disputes'"),
        (("decide", "none", "upheld", "--reason", "x", "--by", "M"), "there is no dispute 'none'"),
        (("decide", "none", "upheld", "--by", "M"), "the reason is empty"),
        (("decide", "none", "upheld", "--reason", "x"), "nobody was named who decides"),
    ],
)
def test_a_mistake_is_one_line(run: Run, arguments: tuple[str, ...], told: str):
    result = run("dispute", *arguments, ok=False)
    assert told in result.stderr
    assert result.stderr.count("\n") == 1


def test_it_can_be_recorded_as_any_fact(run: Run, answer: Answer):
    target = ("--disputes-source", "typed in", "--disputes-id", "low")
    run("record", "dispute", "--worker", "anna", "--id", "d1", *target, "--effect", "set_aside")
    decision = ("--decides-source", "command line", "--decides-id", "d1", "--verdict", "upheld", "--decided-by", "M")
    run("record", "dispute-decided", "--worker", "anna", *decision)
    (row,) = answer("dispute")["disputes"]
    assert (row["state"], row["case"]["dispute"]["id"]) == ("upheld", "d1")
    assert answer("rebuild", "--check")["differing"] == 0
