"""A plan kept in a file between showing and applying it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from pydantic import TypeAdapter, ValidationError

from skillmatch.cli.common import plain
from skillmatch.errors import Invalid
from skillmatch.workspace import PlanPreview

KIND = "skillmatch plan"
VERSION = 1
CHANGES = ("new", "kept", "moved", "handed over")
ADVICE = "make a new one with `skillmatch plan --out FILE`"


def check_path(path: Path) -> Path:
    """Return a path that a plan can be written to; raise Invalid, before the long search, for another."""
    if path.is_dir():
        raise Invalid(f"{path} is a folder: name a file with --out")
    if not path.absolute().parent.is_dir():
        raise Invalid(f"there is no folder {str(path.parent)!r}: make it first, or name another file with --out")
    return path


def write_plan(preview: PlanPreview, path: Path) -> None:
    """Write a plan to a file, which appears only when it is complete.

    Raises
    ------
    Invalid
        When it cannot be written.
    """
    text = json.dumps({"kind": KIND, "version": VERSION, "plan": plain(preview)}, indent=1, ensure_ascii=False)
    half_made = None
    try:
        with NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.absolute().parent, prefix=".plan-", delete=False
        ) as file:
            half_made = Path(file.name)
            file.write(text + "\n")
        half_made.chmod(0o644)
        half_made.replace(path)
    except OSError as error:
        if half_made is not None:
            half_made.unlink(missing_ok=True)
        raise Invalid(f"{path} cannot be written: {error.strerror}; name another file with --out") from error


def read_plan(path: Path) -> PlanPreview:
    """Return the plan of a file.

    Raises
    ------
    Invalid
        When it cannot be read, is cut off, is something else, or was written by another version.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise Invalid(f"{path} is no plan: {ADVICE}") from None
    return _checked(_record(text, path), path)


def _record(text: str, path: Path) -> Any:
    """Return what the file says is the plan."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        started = text.lstrip().startswith("{") and KIND in text[:200]
        what = "is cut off or damaged" if started else "is no plan"
        raise Invalid(f"{path} {what}: {ADVICE}") from None
    if not isinstance(found, dict) or found.get("kind") != KIND:
        raise Invalid(f"{path} is no plan: {ADVICE}")
    if found.get("version") != VERSION:
        raise Invalid(f"{path} is a plan of format {found.get('version')!r}, expected {VERSION}: {ADVICE}")
    return found.get("plan")


def _checked(record: Any, path: Path) -> PlanPreview:
    """Return the plan of a record that says what a plan says."""
    try:
        found = TypeAdapter(PlanPreview).validate_json(json.dumps(record), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "plan"
        raise Invalid(f"{path} is no plan that can be applied: {where}: {first['msg']}; {ADVICE}") from None
    times = [found.made, *(visit.start for visit in found.visits)]
    jobs = Counter(visit.job for visit in found.visits)
    faults = [
        (any(time.tzinfo is None for time in times), "a time has no time zone"),
        (any(not visit.workers for visit in found.visits), "a visit has no workers"),
        (any(visit.change not in CHANGES for visit in found.visits), f"a change is none of {', '.join(CHANGES)}"),
        (any(count > 1 for count in jobs.values()), "a job is in it twice"),
    ]
    for is_so, reason in faults:
        if is_so:
            raise Invalid(f"{path} is no plan that can be applied: {reason}; {ADVICE}")
    return found
