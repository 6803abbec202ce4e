"""What a job needs as rows of a form: each a skill, a certification or a language, some of them choices, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from hashlib import sha256

from skillmatch.errors import Invalid
from skillmatch.model import (
    RUNGS,
    AllOf,
    AnyOf,
    CertificationRequirement,
    LanguageRequirement,
    Need,
    PlainNeed,
    Requirement,
)
from skillmatch_web.languages import N_, _

SKILL, CERTIFICATION, LANGUAGE, KEPT = "skill", "certification", "language", "kept"
KINDS = {SKILL: N_("a skill"), CERTIFICATION: N_("a certification"), LANGUAGE: N_("a language")}
GROUPS, SETS = "ABC", "123"
CHOICES = {
    "": N_("needed in any case"),
    **{group: N_("one of choice %(group)s") for group in GROUPS},
    **{group + one: N_("choice %(group)s, set %(set)s") for group in GROUPS for one in SETS},
}
"""How rows belong together: of the rows of one choice, one is enough; the rows of a set are needed together."""
MOST_ROWS = 60
FIELDS = ("kind", "name", "level", "preferred", "weight", "must", "count", "choice", "gone")
_NUMBER = re.compile(r"\d{1,4}([.,]\d{1,6})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """One need as it is typed. A `kept` one is a choice within a choice: it stays or goes as a whole."""

    kind: str = SKILL
    name: str = ""
    level: str = ""
    preferred: str = ""
    weight: str = "1"
    must: str = ""
    count: str = "1"
    choice: str = ""
    gone: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing was typed into it."""
        return not self.name.strip()

    @property
    def counts(self) -> bool:
        """Whether it asks for anything."""
        return not self.blank and not self.gone


def rows_of(needs: Iterable[Need], names: Mapping[str, str]) -> tuple[Row, ...]:
    """Return the rows of needs; `names` has what people call each skill, by id."""
    groups = iter(GROUPS)
    found: list[Row] = []
    for need in needs:
        if isinstance(need, AnyOf):
            group = next(groups, "") if _is_simple(need) else ""
            found += _rows_of_choice(need, group, names) if group else [_kept(need)]
        else:
            found.append(_kept(need) if isinstance(need, AllOf) else _row(need, names))
    return tuple(found)


def _is_simple(need: AnyOf) -> bool:
    """Return whether a choice is one between plain needs and sets of them, few enough for the form."""
    sets = [part for part in need.needs if isinstance(part, AllOf)]
    plain = all(not isinstance(part, AnyOf | AllOf) for one in sets for part in one.needs)
    several = all(len(one.needs) > 1 for one in sets)
    return plain and several and len(sets) <= len(SETS) and not any(isinstance(one, AnyOf) for one in need.needs)


def _rows_of_choice(need: AnyOf, group: str, names: Mapping[str, str]) -> list[Row]:
    found, sets = [], iter(SETS)
    for part in need.needs:
        if isinstance(part, AllOf):
            choice = group + next(sets)
            found += [
                replace(_row(one, names), choice=choice) for one in part.needs if not isinstance(one, AnyOf | AllOf)
            ]
        elif not isinstance(part, AnyOf):
            found.append(replace(_row(part, names), choice=group))
    return found


def _row(need: PlainNeed, names: Mapping[str, str]) -> Row:
    if isinstance(need, LanguageRequirement):
        return Row(LANGUAGE, need.language)
    if isinstance(need, CertificationRequirement):
        return Row(CERTIFICATION, need.type, count=str(need.count))
    return Row(
        SKILL,
        names.get(need.skill, need.skill),
        _text(need.level),
        _text(need.preferred_level),
        _text(need.weight),
        "yes" if need.must else "",
        str(need.count),
    )


def _kept(need: Need) -> Row:
    return Row(KEPT, key_of(need))


def key_of(need: Need) -> str:
    """Return what a need is found again by that the form only keeps."""
    return sha256(repr(need).encode()).hexdigest()[:32]


def _text(value: float | None) -> str:
    return "" if value is None else f"{value:.12g}"


def typed_rows(form: Mapping[str, str]) -> tuple[Row, ...]:
    """Return the rows that a form was sent with, without those into which nothing was typed."""
    found = []
    for number in range(MOST_ROWS):
        if f"n{number}-name" not in form:
            break
        row = Row(**{field: form.get(f"n{number}-{field}", "").strip()[:200] for field in FIELDS})
        found.append(row)
    return tuple(row for row in found if not row.blank)


def needs_of(
    rows: Sequence[Row], names: Mapping[str, str], before: Iterable[Need]
) -> tuple[tuple[Need, ...], dict[str, str]]:
    """Return the needs that rows ask for, and what is wrong with any, by the name of its field.

    `before` are the needs among which those are that the form only keeps.
    """
    errors: dict[str, str] = {}
    kept = {key_of(need): need for need in before}
    ids = skill_ids(names)
    parts: dict[str, dict[str, list[Need]]] = {}
    order: list[Need | str] = []
    for number, row in enumerate(rows):
        if not row.counts:
            continue
        try:
            need = kept[row.name] if row.kind == KEPT else _need(row, ids, names)
        except KeyError:
            errors[f"n{number}-name"] = _("Somebody else has changed this choice meanwhile: take it away.")
            continue
        except Wrong as error:
            errors[f"n{number}-{error.field}"] = str(error)
            continue
        except Invalid as error:
            errors[f"n{number}-name"] = _("This cannot be: %(why)s", why=error)
            continue
        if row.choice not in CHOICES or not row.choice:
            order.append(need)
            continue
        group = row.choice[0]
        if group not in parts:
            parts[group] = {}
            order.append(group)
        together = row.choice if len(row.choice) > 1 else f"{group} {number}"
        parts[group].setdefault(together, []).append(need)
    return tuple(one if not isinstance(one, str) else _any_of(parts[one]) for one in order), errors


def _any_of(sets: Mapping[str, list[Need]]) -> Need:
    options: list[Need] = [one[0] if len(one) == 1 else AllOf(tuple(one)) for one in sets.values()]
    return options[0] if len(options) == 1 else AnyOf(tuple(options))


class Wrong(Exception):
    """What is wrong with one field of a row."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def _need(row: Row, ids: Mapping[str, str], names: Mapping[str, str]) -> PlainNeed:
    if row.kind == LANGUAGE:
        return LanguageRequirement(row.name)
    count = _number(row, "count", "1")
    if count != int(count):
        raise Wrong("count", _("Say how many of the crew as a whole number."))
    if row.kind == CERTIFICATION:
        return CertificationRequirement(row.name, int(count))
    skill = row.name if row.name in names else ids.get(row.name.casefold())
    if skill is None:
        raise Wrong("name", no_skill(row.name, names))
    level, preferred = (_level(row, field) for field in ("level", "preferred"))
    return Requirement(skill, level, _number(row, "weight", "1"), row.must == "yes", preferred, int(count))


def skill_ids(names: Mapping[str, str]) -> dict[str, str]:
    """Return the ids of skills by their names in small letters; of two skills with one name, the first."""
    found: dict[str, str] = {}
    for id, name in names.items():
        found.setdefault(name.casefold(), id)
    return found


def no_skill(text: str, names: Mapping[str, str]) -> str:
    """Return what to tell somebody whose text means no skill."""
    words = text.casefold()
    holding = [name for name in names.values() if words in name.casefold()]
    near = holding or get_close_matches(text, list(names.values()), n=3, cutoff=0.5)
    if near:
        said = ", ".join(sorted(near, key=len)[:3])
        return _("There is no skill “%(text)s”. Did you mean %(near)s?", text=text, near=said)
    return _("There is no skill “%(text)s”. Type a part of its name.", text=text)


def _level(row: Row, field: str) -> float | None:
    text = getattr(row, field)
    if not text:
        return None
    value = _number(row, field, "")
    if value > len(RUNGS) - 1:
        raise Wrong(field, _("Levels go from 0 to 5."))
    return value


def _number(row: Row, field: str, otherwise: str) -> float:
    text = getattr(row, field) or otherwise
    if not _NUMBER.fullmatch(text):
        raise Wrong(field, _("“%(text)s” is no number.", text=text))
    return float(text.replace(",", "."))
