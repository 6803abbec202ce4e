"""Accounts from the command line: links are printed once, passwords come from a prompt, mistakes are one line."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import click
import pytest
from click.testing import Result

from skillmatch.accounts import Role
from skillmatch.cli.user import user
from skillmatch.workspace import Workspace

Run = Callable[..., Result]
Answer = Callable[..., Any]
PASSWORD = "nine green umbrellas"


def test_somebody_is_added_and_the_link_lets_choose_a_password(run: Run, database: str):
    text = run("user", "add", "Sam", "--role", "scheduler", "--called", "Sam Adler", "--team", "North").output
    assert text.splitlines()[0] == "sam is added"
    link = re.search(r"^http://127\.0\.0\.1:8000/invitations/(\S{43})$", text, re.MULTILINE)
    assert link
    with Workspace.open(database) as workspace:
        account = workspace.accounts.accept(link[1], PASSWORD)
        assert (account.name, account.role, account.teams) == ("Sam Adler", Role.SCHEDULER, ("North",))
    assert link[1] not in run("user", "list").output


def test_a_link_names_the_place_where_the_pages_are_served(run: Run, monkeypatch: pytest.MonkeyPatch):
    run("user", "add", "sam", "--role", "scheduler")
    for settings, begin in (
        ({"PORT": "9000"}, "http://127.0.0.1:9000/"),
        ({"TRUSTED_HOSTS": "skills.example.org, other"}, "http://skills.example.org:9000/"),
        ({"TRUSTED_HOSTS": "skills.example.org:81"}, "http://skills.example.org:81/"),
        ({"HTTPS": "true", "TRUSTED_HOSTS": "skills.example.org"}, "https://skills.example.org/"),
    ):
        for name, value in settings.items():
            monkeypatch.setenv(f"SKILLMATCH_{name}", value)
        assert f"{begin}invitations/" in run("user", "invite", "SAM").output


def test_a_password_is_asked_for_twice_and_not_shown(run: Run, database: str):
    text = run("user", "add", "sam", "--role", "manager", "--password", input=f"{PASSWORD}\n{PASSWORD}\n").output
    assert "sam is added and can sign in" in text
    assert PASSWORD not in text
    with Workspace.open(database) as workspace:
        assert workspace.accounts.sign_in("sam", PASSWORD, address="here").account.sign_in == "sam"
    run("user", "password", "sam", input="eleven rusty kettles\neleven rusty kettles\n")
    with Workspace.open(database) as workspace:
        workspace.accounts.sign_in("sam", "eleven rusty kettles", address="here")


def test_no_option_takes_a_password():
    for command in user.commands.values():
        for option in command.params:
            if isinstance(option, click.Option) and "password" in (option.name or "ask"):
                assert option.is_flag


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "sam", "--role", "worker"), "say which worker it is"),
        (("add", "sam", "--role", "worker", "--worker", "ana"), "did you mean 'anna'?"),
        (("add", "a b", "--role", "scheduler"), "no blanks"),
        (("add", "sam", "--role", "scheduler", "--team", "Nroth"), "did you mean 'North'?"),
        (("invite", "sma"), "there is no account 'sma'"),
        (("disable", "sma"), "there is no account 'sma'"),
        (("role", "sma", "--role", "manager"), "there is no account 'sma'"),
        (("revoke", "sma"), "there is no account 'sma'"),
    ],
)
def test_a_mistake_is_one_line_and_changes_nothing(run: Run, answer: Answer, arguments: tuple[str, ...], said: str):
    result = run("user", *arguments, ok=False)
    assert said in result.output
    assert len(result.output.splitlines()) == 1
    assert answer("user", "list") == {"accounts": []}


def test_a_weak_password_leaves_an_account_without_one(run: Run, answer: Answer):
    result = run("user", "add", "sam", "--role", "manager", "--password", input="short\nshort\n", ok=False)
    assert "expected at least 12" in result.output
    assert answer("user", "list")["accounts"] == []


def test_role_teams_and_worker_are_changed_and_listed(run: Run, answer: Answer):
    run("user", "add", "sam", "--role", "scheduler")
    assert run("user", "role", "sam", "--team", "North").output.startswith("sam is scheduler of North")
    assert answer("user", "role", "sam", "--all-teams")["teams"] == []
    assert answer("user", "role", "sam", "--role", "worker", "--worker", "anna")["worker"] == "anna"
    assert run("user", "list").output.split() == "sam worker is worker anna; no password yet".split()
    found = answer("user", "list")["accounts"]
    assert [(one["sign_in"], one["role"], one["has_password"]) for one in found] == [("sam", "worker", False)]


def test_somebody_is_disabled_and_let_in_again(run: Run, answer: Answer):
    run("user", "add", "sam", "--role", "scheduler")
    assert "is disabled" in run("user", "disable", "sam").output
    assert answer("user", "list")["accounts"][0]["disabled"] is True
    assert "can sign in again" in run("user", "disable", "sam", "--undo").output
    assert "signed out everywhere" in run("user", "revoke", "sam").output


def test_without_accounts_the_list_says_how_to_add_one(run: Run):
    assert "skillmatch user add NAME --role administrator" in run("user", "list").output


def test_pages_are_not_served_to_others_without_a_name_to_answer_to(run: Run):
    assert "add --trusted-host" in run("serve", "--host", "0.0.0.0", ok=False).output
    assert "no address to listen on" in run("serve", "--host", "everywhere", ok=False).output
    result = run("serve", "--host", "127.0.0.1", "--trusted-host", "http://x/", ok=False)
    assert "is no name of a host" in result.output
