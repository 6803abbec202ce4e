"""A plan as text, kept between showing and applying it."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from pydantic import TypeAdapter, ValidationError

from skillmatch.errors import Invalid
from skillmatch.workspace.planning import PlanPreview

KIND = "skillmatch plan"
VERSION = 1
CHANGES = ("new", "kept", "moved", "handed over")
ADVICE = "make a new one with `skillmatch plan --out FILE`"
_ADAPTER = TypeAdapter(PlanPreview)


def plan_to_text(preview: PlanPreview) -> str:
    """Return a plan as JSON; `plan_of_text` is its inverse."""
    plain = json.loads(_ADAPTER.dump_json(preview))
    return json.dumps({"kind": KIND, "version": VERSION, "plan": plain}, indent=1, ensure_ascii=False)


def plan_of_text(text: str, what: object) -> PlanPreview:
    """Return the plan that a text says.

    Parameters
    ----------
    text
        As `plan_to_text` makes it.
    what
        What errors call it, such as its file.

    Raises
    ------
    Invalid
        When it is cut off, is something else, or was written by another version.
    """
    return _checked(_record(text, what), what)


def _record(text: str, what: object) -> Any:
    """Return what the text says is the plan."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        started = text.lstrip().startswith("{") and KIND in text[:200]
        fault = "is cut off or damaged" if started else "is no plan"
        raise Invalid(f"{what} {fault}: {ADVICE}") from None
    if not isinstance(found, dict) or found.get("kind") != KIND:
        raise Invalid(f"{what} is no plan: {ADVICE}")
    if found.get("version") != VERSION:
        raise Invalid(f"{what} is a plan of format {found.get('version')!r}, expected {VERSION}: {ADVICE}")
    return found.get("plan")


def _checked(record: Any, what: object) -> PlanPreview:
    """Return the plan of a record that says what a plan says."""
    try:
        found = _ADAPTER.validate_json(json.dumps(record), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "plan"
        raise Invalid(f"{what} is no plan that can be applied: {where}: {first['msg']}; {ADVICE}") from None
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
            raise Invalid(f"{what} is no plan that can be applied: {reason}; {ADVICE}")
    return found
