"""The importers, and the one function through which everything is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from skillmatch.errors import NotFound
from skillmatch.importers import esco, files, jsonl, onet
from skillmatch.importers import mapping as mapping_file
from skillmatch.importers.batch import Batch, Known
from skillmatch.importers.check import finish
from skillmatch.importers.draft import Draft, Progress


@dataclass(frozen=True, slots=True)
class Importer:
    """A form of data: its name for people, whether a path holds it, and what reads it into a draft."""

    name: str
    accepts: Callable[[Path], bool]
    read: Callable[[Path, Draft], None]


IMPORTERS = (
    Importer("ESCO skills", esco.accepts, esco.read),
    Importer("O*NET database", onet.accepts, onet.read),
    Importer("JSON lines", jsonl.accepts, jsonl.read),
    Importer("tables", files.accepts, files.read),
)
"""Every form that can be read; the first that accepts a path reads it."""


def read(
    path: Path,
    *,
    known: Known,
    now: datetime,
    mapping: Path | None = None,
    progress: Progress | None = None,
) -> Batch:
    """Return what a file or folder holds: everything that can be taken, and what cannot, as problems.

    Parameters
    ----------
    path
        A table (.csv, .tsv, .xlsx), a file of JSON lines, a folder of such files, or the folder of ESCO or O*NET.
    known
        What rows may refer to besides each other.
    now
        No evidence may be later than this. UTC.
    mapping
        A mapping file (TOML) that says which file holds what.
    progress
        Called with the name of a file, the rows read from it so far, and how many it has, if that is known.

    Raises
    ------
    NotFound
        When `path` or `mapping` does not exist.
    Invalid
        When the mapping is not what it must be, or does not fit the files.
    """
    if not path.exists():
        raise NotFound(f"there is no file or folder {str(path)!r}")
    draft = Draft(progress)
    if mapping is not None:
        files.read(path, draft, mapping_file.load(mapping), mapping.name)
    else:
        next(importer for importer in IMPORTERS if importer.accepts(path)).read(path, draft)
    if progress is not None:
        progress("checking", 0, None)
    return finish(draft, known, now)
