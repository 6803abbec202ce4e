"""The worked examples in the documents are what the commands really print.

`SKILLMATCH_UPDATE=1 python3 dev.py test tests/test_example.py` writes the output of today's commands into it; read the
difference before it is committed.
"""

from __future__ import annotations

import os
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from skillmatch.cli import main
from skillmatch.workspace.base import Base

ROOT = Path(__file__).parents[1]
PAGES = {"example.md": 5, "diagnosis.md": 4}
"""Pages with examples, and how many blocks of commands each has at least."""
BLOCK = re.compile(r"<!-- at ([\d:TZ-]+) -->\n```console\n(.*?)```", re.DOTALL)


def run(line: str, database: Path) -> str:
    """Return what a command prints, without the blanks with which tables end."""
    program, *arguments = shlex.split(line)
    assert program == "skillmatch"
    found = CliRunner().invoke(main, ["--database", str(database), *arguments], catch_exceptions=False)
    return "\n".join(row.rstrip() for row in found.output.rstrip().splitlines())


@pytest.mark.parametrize("name", PAGES)
def test_the_example_is_what_the_commands_print(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "110")
    monkeypatch.delenv("SKILLMATCH_DATABASE", raising=False)
    path = ROOT / "docs" / name
    page = path.read_text(encoding="utf-8")
    database = tmp_path / "example.db"

    def printed(block: re.Match[str]) -> str:
        now = datetime.fromisoformat(block[1]).astimezone(UTC)
        monkeypatch.setattr(Base, "now", lambda self: now)
        lines = [line for line in block[2].splitlines() if line.startswith("$ ")]
        shown = [f"{line}\n{run(line[2:], database)}" for line in lines]
        return f"<!-- at {block[1]} -->\n```console\n" + "\n\n".join(shown) + "\n```"

    again = BLOCK.sub(printed, page)
    if os.environ.get("SKILLMATCH_UPDATE"):
        path.write_text(again, encoding="utf-8")
    assert len(BLOCK.findall(page)) >= PAGES[name]
    assert again == page
