"""The nouns as rows: one table for each class, found again by natural key."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar, get_type_hints
from unicodedata import normalize

from sqlalchemy import Column, ColumnElement, Table, and_, case, func, or_, select, true

from skillmatch.errors import Invalid
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
from skillmatch.store.rows import Rows, check_text, chunks, micros, moment, printable, to_json

T = TypeVar("T", bound=Noun)

SEARCH_LENGTH = 500


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


Row = tuple[Any, ...]


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


class Nouns(Rows):
    """The part of a transaction that keeps nouns."""

    def noun(self, cls: type[T], id: str) -> T | None:
        """Return the noun with this id, None where there is none."""
        return next(iter(self.nouns(cls, [id])), None)

    def nouns(self, cls: type[T], ids: Iterable[str] | None = None, *, since: int = -1) -> list[T]:
        """Return nouns by natural key: all, or those of `ids` that exist; only rows changed after revision `since`."""
        kind = KINDS[cls]
        statement = select(*kind.columns)
        if since >= 0:
            statement = statement.where(kind.table.c.revision > since)
        if ids is None:
            found = [kind.decode(row) for row in self._stream(statement)]
        else:
            parts = chunks(sorted(filter(printable, set(ids))))
            found = [
                kind.decode(row) for part in parts for row in self._execute(statement.where(self._among(kind.id, part)))
            ]
        # Sorted here: asked to sort, SQLite walks along the key through all rows and not along the revision.
        return sorted(found, key=kind.key_of_noun)

    def ids(self, cls: type[Noun]) -> set[str]:
        """Return the ids of all nouns of a class that has ids."""
        return set(self._execute(select(KINDS[cls].id)).scalars())

    def save_nouns(self, cls: type[T], nouns: Sequence[T], *, revision: int) -> tuple[int, int, int]:
        """Insert nouns, or overwrite those with the same natural key; the last one counts where a key comes twice.

        Returns
        -------
        tuple
            How many were added, changed, unchanged.

        Raises
        ------
        NotFound
            When a link names a skill that is not in the database.
        """
        kind = KINDS[cls]
        added = changed = 0
        for part in chunks(nouns):
            rows = [kind.encode(noun) for noun in part]
            current = self._stored(kind, [kind.key_of(row) for row in rows])
            dirty: dict[Row, Row] = {}
            for row in rows:
                key = kind.key_of(row)
                before = current.get(key)
                if before != row:
                    added += before is None
                    changed += before is not None
                    current[key] = dirty[key] = row
            self._write(kind.table, [kind.row(row, revision) for row in dirty.values()], overwrite=True)
        return added, changed, len(nouns) - added - changed

    def _stored(self, kind: Kind, keys: list[Row]) -> dict[Row, Row]:
        # Of a composite key the first column is enough to narrow it down; SQLite finds no index for more.
        wanted = select(*kind.columns).where(self._among(kind.keys[0], {key[0] for key in keys}))
        return {kind.key_of(row): row for row in map(tuple, self._execute(wanted))}

    def find_jobs(
        self, *, status: JobStatus | None = None, search: str = "", limit: int = 50, offset: int = 0
    ) -> tuple[list[Job], int]:
        """Return one page of jobs, and how many there are on all pages.

        Every word of `search` must be part of the job's id, title or text, or of its customer's id or name, in any
        case. Open jobs come by priority, due day (none: last), creation and id; the others after them, newest first.

        Raises
        ------
        Invalid
            For a search text of more than 500 characters, or a page that lies outside any list.
        """
        _check_page(search, limit, offset)
        job, kind = schema.job.c, KINDS[Job]
        wanted = and_(true(), *(_mentions(word) for word in folded(search).split()))
        if status is not None:
            wanted = and_(wanted, job.status == str(status))
        is_open = job.status == str(JobStatus.OPEN)
        order = (
            case((is_open, 0), else_=1),
            case((is_open, job.priority)),
            case((is_open, job.due)).nulls_last(),
            case((is_open, job.created), else_=-job.created).nulls_last(),
            job.id,
        )
        page = select(*kind.columns).where(wanted).order_by(*order).limit(limit).offset(offset)
        total = self._execute(select(func.count()).select_from(schema.job).where(wanted)).scalar_one()
        return [kind.decode(row) for row in self._execute(page)], total


def _check_page(search: str, limit: int, offset: int) -> None:
    if len(search) > SEARCH_LENGTH:
        raise Invalid(f"the search text has {len(search)} characters: expected up to {SEARCH_LENGTH}")
    check_text(search, "the search text")
    if not (0 <= limit < 2**31 and 0 <= offset < 2**31):
        raise Invalid(f"limit {limit} and offset {offset}: expected 0 to {2**31 - 1}")


def _mentions(word: str) -> ColumnElement[bool]:
    customers = select(schema.customer.c.id).where(schema.customer.c.search.contains(word, autoescape=True))
    return or_(schema.job.c.search.contains(word, autoescape=True), schema.job.c.customer.in_(customers))
