"""Webhooks by the command line: added, tried out, paused, removed and back; the secret is printed once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from skillmatch.cli import main
from skillmatch.workspace import Workspace
from tests.kit.receiver import receiver


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SKILLMATCH_WEBHOOK_PRIVATE", "yes")
    Workspace.open(url := f"sqlite:///{tmp_path / 'c.db'}").close()
    return url


def run(database: str, *words: str) -> Result:
    return CliRunner().invoke(main, ["--database", database, *words])


def test_an_address_is_added_tried_out_and_removed(database: str):
    assert "there are no webhooks" in run(database, "webhook", "list").output
    with receiver(200, 500, 200) as to:
        made = json.loads(run(database, "webhook", "add", to.url, "--event", "job.finished", "--json").output)
        id, secret = made["webhook"]["id"], made["secret"]
        assert "arrived, 1 tried" in run(database, "webhook", "test", id).output
        assert "next at" in run(database, "webhook", "test", id).output
        assert "arrived" in run(database, "webhook", "again", "1").output
        assert len(run(database, "webhook", "deliveries", id).output.splitlines()) == 3
        assert run(database, "deliver", "--once").output == "0 tried, 0 arrived\n"
        assert "is paused" in run(database, "webhook", "pause", id).output
        assert "paused" in run(database, "webhook", "list").output
        assert "goes on" in run(database, "webhook", "pause", id, "--undo").output
        drawn = run(database, "webhook", "secret", id).output.strip()
        assert drawn.startswith("whsec_")
        assert drawn != secret
        assert "is removed" in run(database, "webhook", "remove", id).output
        assert run(database, "webhook", "test", id).exit_code != 0
        assert "is back" in run(database, "webhook", "remove", id, "--undo").output
        assert secret not in run(database, "webhook", "list", "--json").output


def test_addresses_of_this_machine_are_refused_without_the_setting(database: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SKILLMATCH_WEBHOOK_PRIVATE")
    refused = run(database, "webhook", "add", "http://127.0.0.1/", "--event", "job.finished")
    assert refused.exit_code != 0
    assert run(database, "webhook", "list", "--json").output.strip() == '{\n  "webhooks": []\n}'
