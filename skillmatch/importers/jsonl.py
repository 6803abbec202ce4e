"""JSON lines: one noun or piece of evidence a line. The form in which nothing is lost."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, NoReturn

from skillmatch.beliefs.evidence import Evidence
from skillmatch.importers.draft import Draft, Source, Unfit, shown
from skillmatch.importers.lines import Lines
from skillmatch.importers.records import from_record, to_record
from skillmatch.model import Noun

ENDINGS = (".jsonl", ".jsonl.gz")


def accepts(path: Path) -> bool:
    """Return whether `path` is a file of JSON lines by its name."""
    return path.is_file() and path.name.lower().endswith(ENDINGS)


def read(path: Path, draft: Draft) -> None:
    """Read a file of JSON lines into a draft; evidence may come in several versions of one key."""
    source = draft.open(Source(path.name, log=True))
    with draft.reading(path.name):
        for line, text in draft.watch(path.name, _objects(path, draft)):
            try:
                draft.add(_thing(text), source, line)
            except Unfit as error:
                draft.refuse(path.name, error, line=line)


def _objects(path: Path, draft: Draft) -> Iterator[tuple[int, str]]:
    lines = Lines(path)
    for text in lines:
        if lines.flaws:
            for flaw in lines.flaws:
                draft.refuse(path.name, flaw)
            lines.flaws.clear()
        elif text.strip():
            yield lines.number, text.strip()
    if not lines.number:
        raise Unfit("an empty file", "an object on each line")


def _thing(text: str) -> Noun | Evidence:
    try:
        return from_record(json.loads(text, parse_constant=_no_number))
    except json.JSONDecodeError as error:
        found = f"{shown(text)} ({error.msg} at character {error.pos + 1})"
        raise Unfit(found, "one JSON object on a line") from error
    except (ValueError, RecursionError) as error:
        raise Unfit("objects nested too deep, or a number too long", "one JSON object on a line") from error


def _no_number(name: str) -> NoReturn:
    raise Unfit(name, "a number")


def write(path: Path, nouns: Iterable[Noun], evidence: Iterable[Evidence]) -> int:
    """Write a file of JSON lines, whole or not at all, and return how many lines it has.

    The order is kept, so that of several versions of a fact the last stays the last.
    """
    with replacing(path) as stream:
        count = 0
        for thing in chain[Noun | Evidence](nouns, evidence):
            stream.write(json.dumps(to_record(thing), ensure_ascii=False, allow_nan=False) + "\n")
            count += 1
    return count


@contextmanager
def replacing(path: Path) -> Iterator[IO[str]]:
    """Open a text file for writing that takes the place of `path` only when everything is written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with new.open("w", encoding="utf-8", newline="") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
