"""The form in which each class of nouns lies in its table: which columns, and the way there and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import Any, NamedTuple, get_type_hints
from unicodedata import normalize

from sqlalchemy import Column, Table

from skillmatch.model import (
    Asset,
    CertificationRequirement,
    Customer,
    Job,
    JobStatus,
    JobType,
    Link,
    LinkKind,
    Need,
    Noun,
    Place,
    Requirement,
    Site,
    Skill,
    SkillKind,
    Worker,
)
from skillmatch.store import schema
from skillmatch.store.rows import check_text, micros, moment, to_json

Row = tuple[Any, ...]


class Form(NamedTuple):
    """How a field is kept: the names of its columns (none: the field's own), and the way there and back."""

    columns: tuple[str, ...]
    encode: Callable[[Any], Any]
    decode: Callable[..., Any]


def _needs_to_json(needs: tuple[Need, ...]) -> str:
    return to_json([_need_to_json(need) for need in needs])


def _need_to_json(need: Need) -> dict[str, Any]:
    if isinstance(need, CertificationRequirement):
        return {"certification": need.type}
    level = None if need.level is None else float(need.level)
    return {"skill": need.skill, "level": level, "weight": float(need.weight), "must": need.must}


def _needs_from_json(text: str) -> tuple[Need, ...]:
    return tuple(_need_from_json(need) for need in json.loads(text)) if text != "[]" else ()


def _need_from_json(need: dict[str, Any]) -> Need:
    return CertificationRequirement(need["certification"]) if "certification" in need else Requirement(**need)


FORMS: dict[Any, Form] = {
    tuple[str, ...]: Form((), to_json, lambda text: tuple(json.loads(text)) if text != "[]" else ()),
    tuple[Need, ...]: Form((), _needs_to_json, _needs_from_json),
    datetime | None: Form(
        (),
        lambda time: None if time is None else micros(time),
        lambda number: None if number is None else moment(number),
    ),
    Place | None: Form(
        ("latitude", "longitude"),
        lambda place: (None, None) if place is None else (place.latitude, place.longitude),
        lambda latitude, longitude: None if latitude is None else Place(latitude, longitude),
    ),
    **{kind: Form((), str, kind) for kind in (SkillKind, LinkKind, JobStatus)},
}
"""The field types that need a form; all others are kept as they are."""


def folded(text: str) -> str:
    """Return a text in the form in which texts are searched: same letters in any case, same code.

    >>> folded("Straße") == folded("STRASSE")
    True
    """
    return normalize("NFC", text.casefold())


def _same(value: Any) -> Any:
    return value


class Kind:
    """How the nouns of one class lie in their table; `found_by` are the fields that people search in."""

    def __init__(
        self, cls: type[Noun], table: Table, *, key: tuple[str, ...] = ("id",), found_by: tuple[str, ...] = ()
    ) -> None:
        self.cls, self.table = cls, table
        hints = get_type_hints(cls)
        plain = Form((), _same, _same)
        self.fields = [field.name for field in fields(cls)]
        self.forms = [FORMS.get(hints[name], plain) for name in self.fields]
        names = [
            column for name, form in zip(self.fields, self.forms, strict=True) for column in form.columns or (name,)
        ]
        self.columns = [table.c[name] for name in names]
        self.keys = [table.c[name] for name in key]
        self.key_of = _picker([names.index(name) for name in key])
        self.key_of_noun = attrgetter(*key)
        self.found_by = _picker([names.index(name) for name in found_by])
        self.searchable = bool(found_by)
        self._values = attrgetter(*self.fields)

    @property
    def id(self) -> Column[Any]:
        """The column of the id."""
        if [column.name for column in self.keys] != ["id"]:
            raise TypeError(f"a {self.cls.__name__} has no id: read all of them")
        return self.keys[0]

    def encode(self, noun: Noun) -> Row:
        """Return the values of `columns` for a noun."""
        row: list[Any] = []
        for form, value in zip(self.forms, self._values(noun), strict=True):
            if form.columns:
                row.extend(form.encode(value))
            else:
                row.append(form.encode(value))
        return tuple(row)

    def decode(self, row: Iterable[Any]) -> Any:
        """Return the noun that the values of `columns` stand for."""
        rest = iter(row)
        return self.cls(*[form.decode(*islice(rest, len(form.columns) or 1)) for form in self.forms])

    def row(self, values: Row, revision: int) -> dict[str, Any]:
        """Return the whole row to write."""
        row = {column.name: value for column, value in zip(self.columns, values, strict=True)}
        for name, value in row.items():
            check_text(value, f"{name} of {self.table.name} {values[0]!r}")
        if self.searchable:
            row["search"] = folded("\n".join(value or "" for value in self.found_by(values)))
        return {**row, "revision": revision}


def _picker(places: list[int]) -> Callable[[Row], Row]:
    return lambda row: tuple([row[place] for place in places])


KINDS: dict[Any, Kind] = {
    kind.cls: kind
    for kind in (
        Kind(Skill, schema.skill),
        Kind(Link, schema.link, key=("source", "target", "kind")),
        Kind(Worker, schema.worker),
        Kind(Customer, schema.customer, found_by=("id", "name")),
        Kind(Site, schema.site),
        Kind(Asset, schema.asset),
        Kind(JobType, schema.job_type),
        Kind(Job, schema.job, found_by=("id", "title", "text", "customer")),
    )
}
"""Every class of nouns and how it is kept."""
