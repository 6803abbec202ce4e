"""What somebody has decided about a sheet: which column is which skill, who is who, what a mark says; kept as TOML."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from skillmatch.errors import Invalid, NotFound
from skillmatch.importers.matrix.grid import tidy
from skillmatch.importers.matrix.marks import HELD, Scale, scale_named
from skillmatch.scale import LEVEL_MAX, LEVEL_MIN

LARGEST = 10_000_000


@dataclass(frozen=True, slots=True)
class Choices:
    """Decisions of people about a sheet. An empty skill or worker leaves the column or person out.

    Parameters
    ----------
    skills
        What stands above a column (or, where that comes twice, with the place: `Cold [D3]`) to the id of a skill.
    people
        A name as it stands in the sheet to the id of a worker.
    marks
        A mark to a level from 0 to 5; None: it says nothing.
    scale, held
        The name of the scale, and the level of a plain cross; None: found out, and 3.
    """

    skills: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, float | None] = field(default_factory=dict)
    scale: str | None = None
    held: float | None = None

    def __post_init__(self) -> None:
        for name in ("skills", "people", "marks"):
            object.__setattr__(self, name, {tidy(text): value for text, value in getattr(self, name).items()})
        for level in (self.held, *self.marks.values()):
            if level is not None and not LEVEL_MIN <= level <= LEVEL_MAX:
                raise Invalid(f"level {level:g} was given for a mark: expected one from 0 to 5")
        if self.scale is not None:
            scale_named(self.scale)

    def over(self, other: Choices) -> Choices:
        """Return the choices of both; these ones count where they differ."""
        return Choices(
            {**other.skills, **self.skills},
            {**other.people, **self.people},
            {**other.marks, **self.marks},
            other.scale if self.scale is None else self.scale,
            other.held if self.held is None else self.held,
        )

    def given_scale(self) -> Scale | None:
        """Return the scale that was chosen, or None."""
        return None if self.scale is None else scale_named(self.scale, HELD if self.held is None else self.held)


def read_pairs(pairs: Iterable[str], option: str, example: str) -> dict[str, str]:
    """Return what was typed as TEXT=VALUE.

    >>> read_pairs(["a = b = cooling", "Foo="], "--match", "Cold=cooling")
    {'a = b': 'cooling', 'Foo': ''}

    Raises
    ------
    Invalid
        When there is no sign of equality, or nothing before it.
    """
    found = {}
    for pair in pairs:
        text, sign, value = pair.rpartition("=")
        if not sign or not tidy(text):
            raise Invalid(f"{option} {pair!r} cannot be read: expected one such as {option} {example!r}")
        found[tidy(text)] = value.strip()
    return found


def read_levels(pairs: Mapping[str, str]) -> dict[str, float | None]:
    """Return the levels that were typed for marks; nothing typed is None."""
    found: dict[str, float | None] = {}
    for mark, text in pairs.items():
        try:
            found[mark] = float(text.replace(",", ".")) if text else None
        except ValueError:
            raise Invalid(f"--mark {mark}={text!r}: expected a level from 0 to 5, or nothing") from None
    return found


def load(path: Path) -> Choices:
    """Return the choices of a file.

    Raises
    ------
    NotFound
        When it is not there.
    Invalid
        When it is no TOML, or says something else than choices.
    """
    if not path.is_file():
        raise NotFound(f"there is no file {str(path)!r}")
    try:
        if path.stat().st_size > LARGEST:
            raise Invalid(
                f"{path.name} has more than {LARGEST // 10**6} MB: expected a file that --write-choices wrote"
            )
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(f"{path.name} is no TOML: {error}; mend that line, or write the file anew") from None
    return _choices(path.name, found)


def _choices(file: str, found: Mapping[str, Any]) -> Choices:
    known: dict[str, tuple[type, ...]] = {"skills": (str,), "people": (str,), "marks": (int, float, str)}
    for key, value in found.items():
        if key in known and isinstance(value, dict):
            for text, own in value.items():
                if not isinstance(own, known[key]) or isinstance(own, bool):
                    raise Invalid(f"{file}: {key}.{text!r} is {own!r}: expected " + _EXPECTED[key])
        elif not (key == "scale" and isinstance(value, str)) and not (
            key == "held" and isinstance(value, int | float) and not isinstance(value, bool)
        ):
            raise Invalid(f"{file}: {key} = {value!r}: expected scale, held, and tables skills, people and marks")
    marks: dict[str, float | None] = {}
    for mark, level in found.get("marks", {}).items():
        if isinstance(level, str) and level:
            raise Invalid(f"{file}: marks.{mark!r} is {level!r}: expected {_EXPECTED['marks']}")
        marks[mark] = None if isinstance(level, str) else float(level)
    held = found.get("held")
    return Choices(
        found.get("skills", {}),
        found.get("people", {}),
        marks,
        found.get("scale"),
        None if held is None else float(held),
    )


_EXPECTED = {
    "skills": 'the id of a skill, or "" to leave the column out',
    "people": 'the id of a worker, or "" to leave the person out',
    "marks": 'a level from 0 to 5, or "" when the mark says nothing',
}


def quoted(text: str) -> str:
    """Return a text as TOML writes it.

    >>> print(quoted('say "cold"'))
    "say \\"cold\\""
    """
    return json.dumps(tidy(text), ensure_ascii=False)


def with_ids(choices: Choices, skills: Mapping[str, str], workers: Iterable[str]) -> Choices:
    """Return the choices with ids of skills where their names were given.

    Parameters
    ----------
    skills
        Names by id.

    Raises
    ------
    NotFound
        When there is no such skill or worker.
    """
    ids: dict[str, list[str]] = {}
    for id, name in skills.items():
        ids.setdefault(tidy(name).casefold(), []).append(id)
    chosen = {}
    for text, value in choices.skills.items():
        same = ids.get(tidy(value).casefold(), [])
        if value and value not in skills and len(same) != 1:
            raise NotFound(f"choice {text + '=' + value!r}: {NotFound.named('skill', value, skills)}")
        chosen[text] = value if not value or value in skills else same[0]
    known = set(workers)
    for text, value in choices.people.items():
        if value and value not in known:
            raise NotFound(f"choice {text + '=' + value!r}: {NotFound.named('worker', value, known)}")
    return replace(choices, skills=chosen)
