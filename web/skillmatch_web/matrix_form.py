"""The form about a sheet: what was chosen for its columns, people and marks, and what is wrong with that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from skillmatch.errors import Invalid
from skillmatch.workspace import STATED_AS, Choices, Decided
from skillmatch_web.languages import gettext as _

MOST_ROWS = 5000
LEAVE_OUT, NOTHING = "-", ""
"""What is chosen of a list: leave it out; as it was found. All else begins with `=` and is an id, or a level."""

Find = Callable[[str], tuple[str | None, str]]
"""Returns the id that a text means, or else what is wrong with it."""


@dataclass(slots=True)
class MatrixForm:
    """What was decided, and what is wrong, by the name of its field; `typed` keeps what was typed there."""

    decided: Decided
    problems: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)


def read_form(form: Mapping[str, str], before: Decided, *, find_skill: Find, find_worker: Find) -> MatrixForm:
    """Return what a browser sent on top of what was decided before: what is not in the form stays as it was."""
    found = MatrixForm(before)
    skills = _rows(form, "column", before.choices.skills, find_skill, found)
    people = _rows(form, "person", before.choices.people, find_worker, found)
    marks = _marks(form, before.choices.marks, found)
    scale = form.get("scale", before.choices.scale or "") or None
    held = _held(form, before, found)
    try:
        choices = Choices(skills, people, marks, scale, held)
    except Invalid:
        found.problems["scale"] = _("Choose one of the scales in the list.")
        choices = replace(before.choices, skills=skills, people=people, marks=marks)
    stated_as = form.get("stated_as", before.stated_as)
    found.decided = replace(
        before,
        choices=choices,
        on=form.get("on", before.on).strip()[:40],
        stated_as=stated_as if stated_as in STATED_AS else before.stated_as,
        rater=form.get("rater", "").strip()[:100] if stated_as == "assessment" else "",
        leave_out="leave_out" in form,
    )
    if found.decided.stated_as == "assessment" and not found.decided.rater:
        found.problems["rater"] = _("Say who has assessed the people, such as “Head of service”.")
    return found


def _rows(
    form: Mapping[str, str], what: str, before: Mapping[str, str], find: Find, found: MatrixForm
) -> dict[str, str]:
    chosen = dict(before)
    for number in range(MOST_ROWS):
        text = form.get(f"{what}-text-{number}")
        if text is None:
            continue
        value, other = form.get(f"{what}-{number}", NOTHING), form.get(f"{what}-other-{number}", "").strip()
        if other:
            id, problem = find(other)
            if id is None:
                found.problems[f"{what}-{number}"] = problem
                found.typed[f"{what}-other-{number}"] = other
            else:
                chosen[text] = id
        elif value == LEAVE_OUT:
            chosen[text] = ""
        elif value.startswith("="):
            chosen[text] = value[1:]
        else:
            chosen.pop(text, None)
    return chosen


def _marks(form: Mapping[str, str], before: Mapping[str, float | None], found: MatrixForm) -> dict[str, float | None]:
    chosen = dict(before)
    for number in range(MOST_ROWS):
        text = form.get(f"mark-text-{number}")
        if text is None:
            continue
        value = form.get(f"mark-{number}", NOTHING)
        if value == LEAVE_OUT:
            chosen[text] = None
        elif value in {f"={level}" for level in range(6)}:
            chosen[text] = float(value[1:])
        else:
            chosen.pop(text, None)
    return chosen


def _held(form: Mapping[str, str], before: Decided, found: MatrixForm) -> float | None:
    text = form.get("held")
    if text is None:
        return before.choices.held
    if not text.strip():
        return None
    try:
        level = float(text.replace(",", "."))
    except ValueError:
        level = -1.0
    if not 0.0 <= level <= 5.0:
        found.problems["held"], found.typed["held"] = _("A level from 0 to 5, such as 3."), text
        return before.choices.held
    return level
