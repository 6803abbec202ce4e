"""What the tests of the importers share: a small database that rows may refer to, and files made in a line."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

from skillmatch.importers.batch import Batch, Known
from skillmatch.importers.registry import read
from skillmatch.model import Skill

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
KNOWN = Known(
    skills={id: Skill(id, id.title()) for id in ("cooling", "controls", "wiring")},
    workers={"ana", "ben"},
    customers={"acme"},
    sites={"roof"},
    assets={"chiller-1"},
    job_types={"repair"},
    jobs={"j1"},
)


def load(path: Path, *, known: Known = KNOWN, mapping: Path | None = None) -> Batch:
    """Read a path as of a fixed day."""
    return read(path, known=known, now=NOW, mapping=mapping)


def put(path: Path, text: str | bytes) -> Path:
    """Write a file, packed when its name ends in .gz, and return its path."""
    content = text.encode() if isinstance(text, str) else text
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def told(batch: Batch) -> list[str]:
    """Return the problems as people read them."""
    return [str(problem) for problem in batch.problems]
