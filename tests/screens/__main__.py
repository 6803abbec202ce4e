"""`python3 dev.py screens`: photograph every page into docs/screens."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from skillmatch_web.app import create_app
from tests.screens.album import ALBUM, index
from tests.screens.camera import take
from tests.screens.firm import build
from tests.screens.shots import Shot, shots


def main(names: list[str]) -> int:
    """Take the pictures of the pages whose endpoints or names are given, of all without any; return the exit code."""
    every = shots()
    wanted = tuple(shot for shot in every if not names or shot.name in names or shot.endpoint in names)
    if not wanted:
        print(f"no such page; expected some of: {', '.join(shot.name for shot in every)}", file=sys.stderr)
        return 2
    ALBUM.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        firm = build(Path(folder))
        with firm.workspace as workspace:
            app = create_app(workspace, secret_key="pictures", demo=True)
            found = take(firm, app, wanted, ALBUM)
    broken = {name: status for name, (_title, status) in found.items() if status != 200}
    if not names:
        finish(every, {name: title for name, (title, _status) in found.items()})
    size = sum(file.stat().st_size for file in ALBUM.iterdir())
    print(f"{len(found)} pages, {size / 1e6:.1f} MB in {ALBUM}" + f"; not shown: {broken}" * bool(broken))
    return int(bool(broken))


def finish(every: tuple[Shot, ...], titles: dict[str, str]) -> None:
    """Write the list, and throw away pictures of pages that are gone."""
    (ALBUM / "README.md").write_text(index(every, titles), encoding="utf-8")
    names = {shot.name for shot in every}
    for old in ALBUM.glob("*.webp"):
        if old.stem.rsplit("-", 2)[0] not in names:
            old.unlink()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
