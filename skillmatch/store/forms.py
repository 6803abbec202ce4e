"""The form in which each class of nouns lies in its table: which columns, and the way there and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import date, datetime
from operator import attrgetter
from typing import Any, NamedTuple, get_type_hints
from unicodedata import normalize

from sqlalchemy import Column, Table

from skillmatch.model import (
    Asset,
    Booking,
    Cause,
    Correction,
    Customer,
    Job,
    JobStatus,
    JobType,
    Leave,
    Link,
    LinkKind,
    Merge,
    Need,
    NoteKind,
    NoteStatus,
    Noun,
    Place,
    PlainNeed,
    Question,
    Risk,
    Shift,
    Site,
    SiteNote,
    Skill,
    SkillKind,
    Worker,
)
from skillmatch.store import schema
from skillmatch.store.need_forms import needs_from_json, needs_to_json
from skillmatch.store.rows import check_text, micros, moment, to_json

Row = tuple[Any, ...]


class Form(NamedTuple):
    """How a field is kept: the names of its columns (none: the field's own), and the way there and back."""

    columns: tuple[str, ...]
    encode: Callable[[Any], Any]
    decode: Callable[..., Any]


def _list_to_json(names: tuple[Any, ...]) -> str:
    return to_json(names) if names else "[]"


def _list_from_json(text: str) -> Any:
    return () if text == "[]" else json.loads(text)


def _pairs_from_json(text: str) -> tuple[tuple[str, Any], ...]:
    return tuple((name, value) for name, value in _list_from_json(text))


def _dated_to_json(dated: tuple[tuple[str, date], ...]) -> str:
    return to_json([[name, day.isoformat()] for name, day in dated]) if dated else "[]"


def _dated_from_json(text: str) -> tuple[tuple[str, date], ...]:
    return tuple((name, date.fromisoformat(day)) for name, day in _list_from_json(text))


FORMS: dict[Any, Form] = {
    tuple[str, ...]: Form((), _list_to_json, lambda text: tuple(_list_from_json(text))),
    tuple[tuple[str, date], ...]: Form((), _dated_to_json, _dated_from_json),
    tuple[Need, ...]: Form((), needs_to_json, needs_from_json),
    tuple[PlainNeed, ...]: Form((), needs_to_json, needs_from_json),
    **{
        kind: Form((), _list_to_json, _pairs_from_json)
        for kind in (tuple[tuple[str, bool], ...], tuple[tuple[str, float], ...])
    },
    datetime: Form((), micros, moment),
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
    **{kind: Form((), str, kind) for kind in (SkillKind, LinkKind, JobStatus, Risk, NoteKind, NoteStatus)},
    Risk | None: Form(
        (),
        lambda risk: None if risk is None else str(risk),
        lambda text: None if text is None else Risk(text),
    ),
}
"""The field types that need a form; all others are kept as they are."""


def folded(text: str) -> str:
    """Return a text in the form in which texts are searched: same letters in any case, same code.

    >>> folded("Straße") == folded("STRASSE")
    True
    """
    return normalize("NFC", text.casefold())


class Kind:
    """How the nouns of one class lie in their table; `found_by` are the fields that people search in."""

    def __init__(
        self, cls: type[Noun], table: Table, *, key: tuple[str, ...] = ("id",), found_by: tuple[str, ...] = ()
    ) -> None:
        self.cls, self.table = cls, table
        hints = get_type_hints(cls)
        self.fields = [field.name for field in fields(cls)]
        forms = {name: FORMS[hints[name]] for name in self.fields if hints[name] in FORMS}
        self._narrow = [(self.fields.index(name), form) for name, form in forms.items() if not form.columns]
        self._wide = [(self.fields.index(name), form) for name, form in forms.items() if form.columns]
        self.names = [column for name in self.fields for column in _columns(name, forms.get(name))]
        self.columns = [table.c[name] for name in self.names]
        self.keys = [table.c[name] for name in key]
        self.key_of = _picker([self.names.index(name) for name in key])
        self.key_of_noun = attrgetter(*key)
        self.found_by = _picker([self.names.index(name) for name in found_by])
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
        # Most fields are kept as they are, and an import does this for every row: only the others are touched.
        values = list(self._values(noun))
        for place, form in self._narrow:
            values[place] = form.encode(values[place])
        for place, form in reversed(self._wide):
            values[place : place + 1] = form.encode(values[place])
        return tuple(values)

    def decode(self, row: Iterable[Any]) -> Any:
        """Return the noun that the values of `columns` stand for."""
        values = list(row)
        for place, form in self._wide:
            end = place + len(form.columns)
            values[place:end] = [form.decode(*values[place:end])]
        for place, form in self._narrow:
            values[place] = form.decode(values[place])
        return self.cls(*values)

    def row(self, values: Row, revision: int) -> dict[str, Any]:
        """Return the whole row to write."""
        row: dict[str, Any] = dict(zip(self.names, values, strict=True))
        for name, value in row.items():
            if isinstance(value, str) and not (value.isascii() and "\0" not in value):
                check_text(value, f"{name} of {self.table.name} {values[0]!r}")
        if self.searchable:
            row["search"] = folded("\n".join(value or "" for value in self.found_by(values)))
        row["revision"] = revision
        return row


def _columns(field: str, form: Form | None) -> tuple[str, ...]:
    return (form.columns if form else ()) or (field,)


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
        Kind(Shift, schema.shift, key=("worker", "weekday", "start")),
        Kind(Leave, schema.leave, key=("worker", "first")),
        Kind(Booking, schema.booking, key=("job", "worker")),
        Kind(Cause, schema.cause, key=("job_type", "id")),
        Kind(Question, schema.question),
        Kind(Correction, schema.correction, key=("text", "skill")),
        Kind(Merge, schema.merge, key=("skill", "into")),
        Kind(SiteNote, schema.site_note),
    )
}
"""Every class of nouns and how it is kept."""
