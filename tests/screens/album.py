"""The page that lists the pictures."""

from __future__ import annotations

from pathlib import Path

from tests.screens.camera import SCHEMES, WIDTHS
from tests.screens.shots import Shot

ALBUM = Path(__file__).parents[2] / "docs/screens"
HEAD = """# Every page, photographed

Made by `python3 dev.py screens`; do not edit. Each page of the sample company as the person sees it for whom the page
is, at 1280 and 390 pixels, light and dark, cut at 2,000 pixels. `tests/web/test_screens.py` names a page without
pictures.

| page | endpoint | seen by | wide | phone |
|---|---|---|---|---|
"""


def index(shots: tuple[Shot, ...], titles: dict[str, str]) -> str:
    """Return the list of pictures."""
    return HEAD + "".join(row(shot, titles[shot.name]) for shot in shots)


def row(shot: Shot, title: str) -> str:
    """Return the line of one page."""
    pictures = [", ".join(f"[{scheme}]({file(shot, kind, scheme)})" for scheme in SCHEMES) for kind in WIDTHS]
    words = (title.replace("|", "/"), f"`{shot.endpoint}`", shot.role or "nobody signed in", *pictures)
    return "| " + " | ".join(words) + " |\n"


def file(shot: Shot, kind: str, scheme: str) -> str:
    """Return what a picture is called."""
    return f"{shot.name}-{kind}-{scheme}.webp"
