"""Columns and kinds of table, and the tables of the nouns: how a row becomes nouns and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from skillmatch.importers import forms
from skillmatch.importers.draft import Unfit
from skillmatch.importers.forms import Form, plain
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
    NoteKind,
    NoteStatus,
    Place,
    Question,
    Risk,
    Shift,
    Site,
    SiteNote,
    Skill,
    SkillKind,
    Worker,
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, the form of its values, whether a row must fill it, and how it is got from a thing.

    `repeats`: few different values are expected, so that equal ones are parsed once and share their memory.
    """

    name: str
    form: Form
    required: bool = False
    repeats: bool = False
    get: Callable[[Any], Any] | None = None

    def cell(self, thing: Any) -> str:
        """Return what stands in this column for a thing; '' for what is not there."""
        value = self.get(thing) if self.get else getattr(thing, self.name)
        return "" if value is None or value == () else self.form.write(value)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of table. `build` makes the things that a row stands for out of the values of the cells it fills."""

    name: str
    cls: type
    columns: tuple[Column, ...]
    build: Callable[[dict[str, Any]], Sequence[Any]]

    def column(self, name: str) -> Column | None:
        """Return the column with this name, however it is spelt."""
        return next((column for column in self.columns if plain(column.name) == plain(name)), None)


def _with_place(cls: type) -> Callable[[dict[str, Any]], Sequence[Any]]:
    """Return the builder of a noun whose place stands in two columns."""
    name = "home" if cls is Worker else "place"

    def build(values: dict[str, Any]) -> Sequence[Any]:
        latitude, longitude = values.pop("latitude", None), values.pop("longitude", None)
        if (latitude is None) != (longitude is None):
            raise Unfit("only one of latitude and longitude", "both or neither")
        if latitude is not None:
            values[name] = Place(latitude, longitude)
        return (cls(**values),)

    return build


def _shifts(values: dict[str, Any]) -> Sequence[Shift]:
    return [Shift(weekday=weekday, **values) for weekday in values.pop("days")]


def _coordinates(name: str) -> tuple[Column, Column]:
    def part(of: str) -> Callable[[Any], Any]:
        get = attrgetter(of)
        return lambda thing: get(getattr(thing, name)) if getattr(thing, name) else None

    return (
        Column("latitude", forms.LATITUDE, get=part("latitude")),
        Column("longitude", forms.LONGITUDE, get=part("longitude")),
    )


def _noun(name: str, cls: type, *columns: Column) -> Kind:
    placed = any(column.name == "latitude" for column in columns)
    return Kind(name, cls, columns, _with_place(cls) if placed else lambda values: (cls(**values),))


_NAME = Column("name", forms.TEXT, required=True, repeats=True)
_KEY = Column("id", forms.ID, required=True)
_WORKER = Column("worker", forms.ID, required=True, repeats=True)
_WISHES = tuple(Column(name, forms.LIST, repeats=True) for name in ("preferred", "required", "excluded"))

NOUN_KINDS = (
    _noun(
        "skills",
        Skill,
        _KEY,
        _NAME,
        Column("kind", forms.choice(SkillKind), repeats=True),
        Column("description", forms.TEXT),
        Column("half_life_days", forms.HALF_LIFE, repeats=True),
        Column("alt_names", forms.LIST),
        Column("source_uri", forms.TEXT),
    ),
    _noun(
        "links",
        Link,
        Column("source", forms.ID, required=True, repeats=True),
        Column("target", forms.ID, required=True, repeats=True),
        Column("kind", forms.choice(LinkKind), required=True, repeats=True),
        Column("weight", forms.SHARE, repeats=True),
    ),
    _noun(
        "workers",
        Worker,
        _KEY,
        _NAME,
        Column("team", forms.TEXT, repeats=True),
        Column("phone", forms.TEXT),
        *_coordinates("home"),
        Column("languages", forms.LIST, repeats=True),
        Column("capacity", forms.CAPACITY, repeats=True),
        Column("active_from", forms.DATE, repeats=True),
        Column("active_to", forms.DATE, repeats=True),
        Column("cost_per_hour", forms.COST, repeats=True),
        Column("max_travel", forms.TRAVEL, repeats=True),
    ),
    _noun(
        "customers",
        Customer,
        _KEY,
        _NAME,
        Column("phone", forms.TEXT),
        *_WISHES,
        Column("until", forms.DATED_LIST, repeats=True),
    ),
    _noun(
        "sites",
        Site,
        _KEY,
        Column("customer", forms.ID, required=True, repeats=True),
        Column("name", forms.TEXT),
        *_coordinates("place"),
        Column("kind", forms.TEXT, repeats=True),
    ),
    _noun(
        "assets",
        Asset,
        _KEY,
        Column("site", forms.ID, required=True, repeats=True),
        Column("type", forms.TEXT, required=True, repeats=True),
        Column("model", forms.TEXT, repeats=True),
        Column("installed", forms.DATE, repeats=True),
    ),
    _noun(
        "job_types",
        JobType,
        _KEY,
        _NAME,
        Column("requirements", forms.NEEDS, repeats=True),
        Column("minutes", forms.ESTIMATE, repeats=True),
        Column("risk", forms.choice(Risk), repeats=True),
        Column("crew", forms.CREW, repeats=True),
    ),
    _noun(
        "jobs",
        Job,
        _KEY,
        Column("title", forms.TEXT, required=True, repeats=True),
        Column("text", forms.TEXT),
        Column("type", forms.ID, repeats=True),
        Column("customer", forms.ID, repeats=True),
        Column("site", forms.ID, repeats=True),
        Column("asset", forms.ID, repeats=True),
        Column("requirements", forms.NEEDS, repeats=True),
        Column("created", forms.TIME),
        Column("due", forms.DATE, repeats=True),
        Column("minutes", forms.ESTIMATE, repeats=True),
        Column("priority", forms.PRIORITY, repeats=True),
        Column("status", forms.choice(JobStatus), repeats=True),
        Column("earliest", forms.TIME),
        Column("latest", forms.TIME),
        Column("risk", forms.choice(Risk), repeats=True),
        Column("crew", forms.CREW, repeats=True),
        *_WISHES,
        Column("answers", forms.ANSWERS, repeats=True),
    ),
    Kind(
        "shifts",
        Shift,
        (
            _WORKER,
            Column("days", forms.DAYS, required=True, repeats=True, get=lambda shift: (shift.weekday,)),
            Column("start", forms.START, required=True, repeats=True),
            Column("end", forms.END, required=True, repeats=True),
            Column("first", forms.DATE, repeats=True),
            Column("last", forms.DATE, repeats=True),
        ),
        _shifts,
    ),
    _noun(
        "leave",
        Leave,
        _WORKER,
        Column("first", forms.DATE, required=True, repeats=True),
        Column("last", forms.DATE, required=True, repeats=True),
        Column("reason", forms.TEXT, repeats=True),
        Column("cancelled", forms.FLAG, repeats=True),
    ),
    _noun(
        "bookings",
        Booking,
        Column("job", forms.ID, required=True, repeats=True),
        _WORKER,
        Column("start", forms.TIME, required=True),
        Column("minutes", forms.ESTIMATE, required=True, repeats=True),
        Column("locked", forms.FLAG, repeats=True),
        Column("lead", forms.FLAG, repeats=True),
        Column("cancelled", forms.FLAG, repeats=True),
    ),
    _noun(
        "causes",
        Cause,
        Column("job_type", forms.ID, required=True, repeats=True),
        _KEY,
        Column("needs", forms.PLAIN_NEEDS, repeats=True),
        Column("minutes", forms.ESTIMATE, repeats=True),
        Column("chance", forms.CHANCE, repeats=True),
        Column("active", forms.FLAG, repeats=True),
    ),
    _noun(
        "questions",
        Question,
        _KEY,
        Column("text", forms.TEXT, required=True),
        Column("yes", forms.CHANCES, repeats=True),
        Column("otherwise", forms.CHANCE, repeats=True),
        Column("job_type", forms.ID, repeats=True),
        Column("active", forms.FLAG, repeats=True),
    ),
    _noun(
        "corrections",
        Correction,
        Column("text", forms.TEXT, required=True),
        Column("skill", forms.ID, required=True, repeats=True),
        Column("accepted", forms.FLAG, required=True, repeats=True),
        Column("by", forms.TEXT, repeats=True),
    ),
    _noun(
        "merges",
        Merge,
        Column("skill", forms.ID, required=True),
        Column("into", forms.ID, required=True, repeats=True),
        Column("time", forms.TIME, required=True),
        Column("by", forms.TEXT, repeats=True),
        Column("reason", forms.TEXT),
        Column("undone", forms.FLAG, repeats=True),
    ),
    _noun(
        "site_notes",
        SiteNote,
        _KEY,
        Column("site", forms.ID, required=True, repeats=True),
        Column("kind", forms.choice(NoteKind), required=True, repeats=True),
        Column("text", forms.TEXT, required=True),
        Column("time", forms.TIME, required=True),
        Column("by", forms.TEXT, repeats=True),
        Column("worker", forms.ID, repeats=True),
        Column("asset", forms.ID, repeats=True),
        Column("status", forms.choice(NoteStatus), repeats=True),
        Column("answer", forms.TEXT),
        Column("answered_by", forms.TEXT, repeats=True),
    ),
)
