"""`diagnose` says what may be behind a call, keeps answers, goes with a cause and back, and speaks JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

from skillmatch.model import Cause, Noun, Question, Requirement
from skillmatch.store.store import Store

Run = Callable[..., Result]
Answer = Callable[..., Any]

LISTED: tuple[Noun, ...] = (
    Cause("short of gas", (Requirement("controls", 4.0),), 90.0, 0.5, "too warm"),
    Cause("[bold]fan[/]", (Requirement("refrigeration", 4.0),), 30.0, 0.3, "too warm"),
    Question("hum", "Does it hum?", (("[bold]fan[/]", 0.9), ("short of gas", 0.1)), 0.5, "too warm"),
)


@pytest.fixture
def listed(database: str) -> None:
    store = Store.open(database)
    with store.write() as transaction:
        revision = transaction.next_revision()
        for noun in LISTED:
            transaction.save_nouns(type(noun), [noun], revision=revision)
    store.close()


@pytest.mark.usefixtures("listed")
def test_causes_stand_with_their_chances_and_what_they_take(run: Run):
    text = run("diagnose", "j1").output
    assert "█ short of gas" in text
    assert "takes 90 minutes, and beside the usual Controls at level 4 (experienced)" in text
    assert "[bold]fan[/]" in text
    assert "something else" in text
    assert "whom to send, by what it costs on average" in text
    assert "prices: 40 a visit, 0 more for a second one, 50 an hour" in text


@pytest.mark.usefixtures("listed")
def test_an_answer_is_kept_and_taken_back(run: Run, answer: Answer):
    before = answer("diagnose", "j1")
    after = answer("diagnose", "j1", "--answer", "hum=YES")
    assert chances(after)["[bold]fan[/]"] > chances(before)["[bold]fan[/]"]
    assert "asked: Does it hum? yes hum" in run("diagnose", "j1").output
    assert chances(answer("diagnose", "j1", "--answer", "hum=?")) == chances(before)


@pytest.mark.usefixtures("listed")
def test_a_cause_is_gone_with_and_back(run: Run, answer: Answer):
    assert "somebody went with short of gas" in run("diagnose", "j1", "--accept", "short of gas").output
    assert "Controls at level 4" in run("rank", "j1", "--no-keep").output
    assert answer("diagnose", "j1")["went_with"] == "short of gas"
    run("diagnose", "j1", "--undo")
    assert answer("diagnose", "j1")["went_with"] is None
    assert "from its type" in run("rank", "j1", "--no-keep").output


@pytest.mark.usefixtures("listed")
def test_limit_says_how_many_workers(answer: Answer):
    assert len(answer("diagnose", "j1", "--limit", "1")["prospects"]) == 1
    assert len(answer("diagnose", "j1", "--limit", "9")["prospects"]) == 3


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--answer", "hum"), "expected a question with yes, no or ?"),
        (("--answer", "hum=perhaps"), "expected a question with yes, no or ?"),
        (("--answer", "=yes"), "expected a question with yes, no or ?"),
        (("--answer", "hun=yes"), "there is no question 'hun'; did you mean 'hum'?"),
        (("--accept", "short of gass"), "there is no cause 'short of gass'; did you mean 'short of gas'?"),
        (("--undo",), "nobody went with a cause of job 'j1'"),
    ],
)
def test_what_cannot_be_taken_is_one_line_and_changes_nothing(
    run: Run, answer: Answer, arguments: tuple[str, ...], said: str
):
    before = answer("diagnose", "j1")
    assert said in run("diagnose", "j1", *arguments, ok=False).output
    assert answer("diagnose", "j1") == before


def test_accept_and_undo_exclude_each_other(run: Run):
    assert "exclude each other" in run("diagnose", "j1", "--accept", "x", "--undo", ok=False).output


@pytest.mark.parametrize("job", ["j1", "j3"])
def test_a_job_of_which_nothing_is_known_is_told_so(run: Run, job: str):
    text = run("diagnose", job).output
    assert "note: no finished job tells what such calls turn out to be" in text
    assert "something else" in text


@pytest.mark.parametrize("price", ["nan", "-1", "inf", "much"])
def test_a_price_that_is_none_is_named(run: Run, monkeypatch: pytest.MonkeyPatch, price: str):
    monkeypatch.setenv("SKILLMATCH_PRICE_VISIT", price)
    assert "SKILLMATCH_PRICE_VISIT is" in run("diagnose", "j1", ok=False).output


def test_prices_come_from_the_environment(answer: Answer, monkeypatch: pytest.MonkeyPatch):
    usual = answer("diagnose", "j1")["prospects"][0]["cost"]
    monkeypatch.setenv("SKILLMATCH_PRICE_VISIT", "100")
    found = answer("diagnose", "j1")
    assert found["prices"]["visit"] == 100.0
    assert found["prospects"][0]["cost"] > usual + 60.0 - 1e-9


def test_refit_tells_what_was_learned_of_causes(run: Run):
    assert "causes" not in run("refit").output
    run("record", "job-outcome", "--worker", "anna", "--job", "j1", "--result", "rework", "--cause", "fan")
    assert "1 finished job with a cause, 50 are needed to learn what speaks for causes" in run("refit").output


def chances(found: dict[str, Any]) -> dict[str, float]:
    return {one["cause"]: one["probability"] for one in found["diagnosis"]["likely"]}
