"""Claims and certificates on the command line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from skillmatch.claims import CertificateClaim, LevelClaim
from skillmatch.cli import main
from skillmatch.model import Skill, Worker
from skillmatch.store.store import Store
from skillmatch.workspace import Workspace

GAS, LEVEL = "a" * 32, "b" * 32


@pytest.fixture
def database(tmp_path: Path) -> str:
    path = str(tmp_path / "x.db")
    store = Store.open(path)
    with store.write() as transaction:
        revision = transaction.next_revision()
        transaction.save_nouns(Worker, [Worker("anna", "Anna \x1b Frost", phone="+44 1")], revision=revision)
        transaction.save_nouns(Skill, [Skill("controls", "Controls")], revision=revision)
    store.close()
    with Workspace.open(path) as workspace:
        workspace.claims.hand_in(GAS, "anna", CertificateClaim("GAS", date(2020, 1, 1), date(2021, 1, 1)))
        workspace.claims.hand_in(LEVEL, "anna", LevelClaim("controls", 4.0))
    return path


def run(database: str, *words: str) -> Result:
    return CliRunner().invoke(main, ["--database", database, *words])


def test_what_waits_is_listed_approved_declined_and_opened_again(database: str):
    listed = run(database, "claim", "list").output
    assert "certificate GAS of 2020-01-01 until 2021-01-01" in listed
    assert "Controls at level 4, experienced" in listed
    assert "\x1b" not in listed
    assert "approved: Controls" in run(database, "claim", "approve", LEVEL, "--level", "3", "--by", "Mona").output
    assert "declined: certificate" in run(database, "claim", "decline", GAS, "--reason", "dark", "--by", "Mona").output
    assert run(database, "claim", "list").output == "nothing waits to be decided\n"
    everything = run(database, "claim", "list", "--all").output
    assert "declined by Mona: dark" in everything
    assert "approved by Mona: at level 3, alone, instead of 4" in everything
    opened = json.loads(run(database, "claim", "reopen", GAS, "--json").output)
    assert (opened["status"], opened["what"]["type"]) == ("open", "GAS")
    assert [one["id"] for one in json.loads(run(database, "claim", "list", "--json").output)] == [GAS]


def test_mistakes_are_told_in_one_line(database: str):
    for words, said in (
        (("claim", "approve", "x", "--by", "M"), "there is no claim 'x'"),
        (("claim", "decline", GAS, "--reason", "", "--by", "M"), "the reason is empty"),
        (("claim", "approve", GAS, "--level", "3", "--by", "M"), "only the approval of a level takes one"),
    ):
        done = run(database, *words)
        assert done.exit_code == 1
        assert said in done.output
        assert "Traceback" not in done.output


def test_certificates_that_run_out_are_listed(database: str):
    assert "nothing ends within 30 days" in run(database, "certificates", "--expiring", "30").output
    run(database, "claim", "approve", GAS, "--by", "Mona")
    said = " ".join(run(database, "certificates").output.split())
    assert "GAS expired on 2021-01-01: Anna" in said
    assert "+44 1; 0 open jobs need it" in said
    (one,) = json.loads(run(database, "certificates", "--json").output)
    assert one["certification"]["expires"] == "2021-01-01"
    assert run(database, "certificates", "--expiring", "-1").exit_code == 2
