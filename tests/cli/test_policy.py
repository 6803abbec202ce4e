"""Policies are listed, shown, changed as versions, made anew, restored and compared from the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

from skillmatch.cli.show_policy import settings_of
from skillmatch.workspace import POLICIES

Run = Callable[..., Result]
Answer = Callable[..., Any]


def test_policies_are_listed_those_that_are_shipped_first(run: Run, answer: Answer):
    run("policy", "new", "a-own", "--like", "balanced")
    assert [one["name"] for one in answer("policy", "list")["policies"]] == [*POLICIES, "a-own"]
    text = run("policy", "list").output
    assert "balanced        as shipped" in text
    assert "success 46, familiarity 12" in text


def test_every_setting_is_shown_under_the_name_by_which_it_is_set(run: Run):
    text = run("policy", "show", "balanced").output
    shown = [line.split()[0] for line in text.splitlines() if line.startswith("  ")]
    assert shown == [key for key in settings_of(POLICIES["balanced"]) if key != "label"]


@pytest.mark.parametrize("key", [key for key in settings_of(POLICIES["balanced"]) if key != "label"])
def test_every_setting_can_be_set_to_what_it_is(key: str):
    policy = POLICIES["balanced"]
    assert settings_of(policy.changed({key: settings_of(policy)[key]})) == settings_of(policy)


def test_a_change_tells_what_moved_and_is_a_version(run: Run, answer: Answer):
    text = run(
        "policy", "set", "balanced", "travel=12.5", "declined_rule=off", "--note", "long ways [b]hurt[/b]"
    ).output
    assert text.splitlines() == [
        "  travel: 9 -> 12.5",
        "  declined_rule: on -> off",
        "balanced is in force as version 1",
    ]
    assert "nothing was changed" in run("policy", "set", "balanced", "travel=12.5").output
    assert answer("policy", "set", "balanced", "travel=12.5")["changed"] is False
    assert answer("policy", "set", "balanced", "travel=13") | {"label": ""} == answer("policy", "show", "balanced") | {
        "label": "",
        "changed": True,
    }
    versions = answer("policy", "show", "balanced", "--versions")["versions"]
    assert [(one["version"], one["weights"]["travel"], one["note"]) for one in versions] == [
        (1, 12.5, "long ways [b]hurt[/b]"),
        (2, 13.0, "changed"),
    ]
    text = run("policy", "show", "balanced", "--versions").output
    assert "Balanced, version 2 in force" in text
    assert "long ways [b]hurt[/b]" in text
    assert "travel 12.5 -> 13" in text


def test_a_new_policy_starts_from_another(run: Run, answer: Answer):
    assert "night night, version 1" in run("policy", "new", "night", "--like", "balanced", "load=20").output
    found = answer("policy", "show", "night")
    assert (found["weights"]["load"], found["weights"]["success"]) == (20.0, 46.0)
    run("policy", "new", "ice", "--like", "balanced", "--note", "icy roads")
    notes = [answer("policy", "show", name, "--versions")["versions"][0]["note"] for name in ("night", "ice")]
    assert notes == ["made like balanced", "icy roads"]


def test_a_shipped_policy_is_restored(run: Run, answer: Answer):
    run("policy", "set", "balanced", "travel=99")
    assert "travel: 99 -> 9" in run("policy", "restore", "balanced").output
    assert answer("policy", "show", "balanced")["weights"] == dict(POLICIES["balanced"].weights)


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["show", "balancd"], "there is no policy 'balancd'; did you mean 'balanced'?"),
        (["set", "balancd", "travel=1"], "did you mean 'balanced'?"),
        (
            ["set", "balanced", "travel"],
            "setting 'travel' cannot be read: expected a key and a value",
        ),
        (["set", "balanced", "=3"], "setting '=3' cannot be read"),
        (["set", "balanced", "travel=1", "travel=2"], "travel is set twice: give it once"),
        (["set", "balanced", "travl=1"], "a policy has no setting 'travl': expected an objective (success,"),
        (["set", "balanced", "load=1", "travel=far"], "travel is 'far': expected a number"),
        (["set", "balanced", "load=1", "travel=-1"], "weighs 'travel' with -1: expected 0 to 1000"),
        (["set", "balanced", "available_rule=maybe"], "expected on or off"),
        (["new", "balanced", "--like", "familiar"], "there is a policy 'balanced' already"),
        (["new", "night", "--like", "familar"], "did you mean 'familiar'?"),
        (["restore", "nothing"], "there is no policy 'nothing'"),
        (["compare", "balanced", "familar"], "did you mean 'familiar'?"),
        (["compare", "balanced", "familiar", "--days", "0"], "the last 0 days were asked for: expected 1 to 366"),
    ],
)
def test_a_mistake_is_one_line_with_advice_and_changes_nothing(
    run: Run, answer: Answer, arguments: list[str], advice: str
):
    result = run("policy", *arguments, ok=False)
    assert (result.exit_code, result.stdout) == (1, "")
    assert advice in result.stderr
    assert result.stderr.strip().count("\n") == 0
    assert [(one["name"], one["version"]) for one in answer("policy", "list")["policies"]] == [
        (name, 0) for name in POLICIES
    ]


def test_only_shipped_policies_come_back(run: Run):
    run("policy", "new", "night", "--like", "balanced")
    assert (
        "policy 'night' is your own: only those that are shipped" in run("policy", "restore", "night", ok=False).stderr
    )


def test_nothing_to_compare_is_said(run: Run):
    assert "0 jobs from" in run("policy", "compare", "balanced", "familiar").output
    assert "ask for more with --days" in run("policy", "compare", "balanced", "familiar").output


def test_two_policies_are_compared_side_by_side(run: Run, answer: Answer):
    for job, worker in (("j2", "anna"), ("j4", "ben")):
        run("record", "job-outcome", "--worker", worker, "--job", job, "--result", "first-time fix")
    run("policy", "new", "experts", "--like", "familiar", "preferred=0")
    found = answer("policy", "compare", "balanced", "experts", "--days", "2")
    assert (found["jobs"], found["different"]) == (2, 1)
    text = run("policy", "compare", "balanced", "experts", "--days", "2").output
    assert "2 jobs from " in text
    assert "in 1 of them these policies send different workers" in text
    shares = [f"{side['success'] * 100:.1f}" for side in found["sides"]]
    row = next(line for line in text.splitlines() if line.startswith("chance of success"))
    assert row.split()[4:] == [shares[0], "%", shares[1], "%"]
    row = next(line for line in text.splitlines() if line.startswith("travel, mean"))
    assert row.split()[2:] == ["unknown", "unknown"]
    worker, name, one, other = found["moved"][0]
    row = next(line for line in text.splitlines() if line.startswith(f"{name} {worker}"))
    assert row.split()[-3:] == [str(one), str(other), f"{other - one:+d}"]
    assert "--limit shows them" in run("policy", "compare", "balanced", "experts", "--days", "2", "--limit", "1").output
