"""Where data of other publishers lie on this machine, if they do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("SKILLMATCH_DATA") or Path(__file__).parents[3] / "shared" / "data")


def folder_of(name: str) -> Path:
    """Return the folder of a publisher's files, or skip the test where it is not there."""
    folder = DATA / name
    if not folder.is_dir():
        pytest.skip(f"needs the files of {name} in {folder}; set SKILLMATCH_DATA to where they are")
    return folder
