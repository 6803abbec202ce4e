"""A plan kept in a file between showing and applying it."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile

from skillmatch.errors import Invalid
from skillmatch.workspace import PlanPreview
from skillmatch.workspace.plan_text import ADVICE, plan_of_text, plan_to_text


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
    text = plan_to_text(preview)
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
    return plan_of_text(text, path)
