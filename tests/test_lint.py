"""Style, formatting and types are in order, so that the check of a commit covers them."""

from __future__ import annotations

import subprocess
import sys

import pytest

import dev


@pytest.mark.parametrize("linter", dev.LINTERS, ids=" ".join)
def test_the_linter_finds_nothing(linter: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *linter], cwd=dev.HERE.root, capture_output=True, text=True, errors="replace"
    )
    assert done.returncode == 0, done.stdout + done.stderr
