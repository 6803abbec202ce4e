"""Tokens by the command line: made once, listed without their secret, ended."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from skillmatch.cli import main
from skillmatch.errors import NotAllowed
from skillmatch.workspace import Workspace


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'c.db'}"


def run(database: str, *words: str) -> Result:
    return CliRunner().invoke(main, ["--database", database, *words])


def test_a_token_is_made_listed_and_revoked(database: str):
    assert run(database, "user", "add", "rita", "--role", "administrator").exit_code == 0
    assert "there are no tokens" in run(database, "token", "list").output
    made = run(
        database,
        "token",
        "add",
        "rita",
        "--for",
        "telephone",
        "--scope",
        "jobs:write",
        "--scope",
        "read",
        "--days",
        "7",
    )
    assert made.exit_code == 0, made.output
    secret = made.output.splitlines()[1]
    assert secret.startswith("sm_")
    with Workspace.open(database) as workspace:
        bearer = workspace.tokens.whose(secret, address="here")
        assert (bearer.account.sign_in, bearer.token.scopes) == ("rita", ("read", "jobs:write"))
    listed = run(database, "token", "list", "rita").output
    assert "telephone" in listed
    assert "holds" in listed
    assert secret not in listed
    rows = json.loads(run(database, "token", "list", "--json").output)["tokens"]
    assert run(database, "token", "revoke", rows[0]["id"]).exit_code == 0
    assert "revoked" in run(database, "token", "list").output
    with Workspace.open(database) as workspace, pytest.raises(NotAllowed):
        workspace.tokens.whose(secret, address="here")


def test_what_cannot_be_is_said_in_words(database: str):
    run(database, "user", "add", "rita", "--role", "administrator")
    for words, said in (
        (("token", "add", "nobody", "--for", "x"), "there is no account 'nobody'"),
        (("token", "add", "rita", "--for", " "), "expected 1 to 100"),
        (("token", "add", "rita", "--for", "x", "--scope", "all"), "Invalid value"),
        (("token", "add", "rita", "--for", "x", "--days", "0"), "Invalid value"),
        (("token", "revoke", "nothing"), "there is no such token"),
    ):
        found = run(database, *words)
        assert found.exit_code != 0
        assert said in found.output, found.output
