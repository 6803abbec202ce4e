"""What the tests of the commands share: a small company in a file, and a way to call commands on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from skillmatch.cli import main
from skillmatch.model import Shift
from skillmatch.store.store import Store
from tests.kit.company import company


@pytest.fixture
def database(tmp_path: Path) -> str:
    path = str(tmp_path / "company.db")
    company(path).close()
    # Commands go by the real clock. From five on what is due is asked for tomorrow; until then an hour and a half of
    # work must fit into today, whenever these tests run.
    shifts = [Shift(worker, day, 8 * 60, 20 * 60) for worker in ("anna", "ben", "chen") for day in range(7)]
    store = Store.open(path)
    with store.write() as transaction:
        transaction.save_nouns(Shift, shifts, revision=transaction.next_revision())
    store.close()
    return path


@pytest.fixture
def run(database: str) -> Callable[..., Result]:
    def call(*arguments: str, ok: bool = True, columns: int = 160, **more: Any) -> Result:
        environment = {"COLUMNS": str(columns), "SKILLMATCH_TIMEZONE": "UTC"}
        result = CliRunner(env=environment).invoke(main, ["--database", database, *arguments], **more)
        assert (result.exit_code == 0) == ok, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return call


@pytest.fixture
def answer(run: Callable[..., Result]) -> Callable[..., Any]:
    """Return what a command prints with --json."""

    def call(*arguments: str, **more: Any) -> Any:
        return json.loads(run(*arguments, "--json", **more).stdout)

    return call
