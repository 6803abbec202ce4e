"""Evidence as programs write and read it: a form for each kind, made of its fields, so that a new kind has one, too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from enum import StrEnum
from functools import reduce
from operator import or_
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from pydantic import Field, RootModel, create_model

from skillmatch.workspace import KINDS, Demand, Evidence
from skillmatch_web.api.fields import AS_NUMBER, Day, Flag, Id, In, Level, Number, Out, Text, Time

SOURCE = "api"
GIVEN = {"id": "drawn", "source": SOURCE, "time": "now"}
"""What a program need not say, and what it is then."""


class DemandForm(In):
    """A skill that work drew on, with its share of the work."""

    skill: Id
    level: Level | None = None
    weight: Annotated[float, Field(gt=0, le=1000), AS_NUMBER] = 1.0


FORMS: Mapping[Any, Any] = {
    str: Text,
    float: Number,
    bool: Flag,
    date: Day,
    datetime: Time,
    tuple[Demand, ...]: Annotated[list[DemandForm], Field(max_length=100)],
}
"""What stands for a type of a field. A kind with another type is met when the program starts."""
IDS = ("id", "worker", "source", "job", "skill", "type", "cause", "granted_by", "decided_by")
SCALES: Mapping[str, Any] = {
    "level": Level,
    "stars": Annotated[float, Field(ge=1, le=5), AS_NUMBER],
    "minutes": Annotated[float, Field(ge=0, le=100_000), AS_NUMBER],
}
"""What stands for a field of this name, in whatever kind: the limits are those that the kinds check."""


def _form(name: str, annotation: Any) -> Any:
    if get_origin(annotation) is UnionType and NoneType in get_args(annotation):
        return reduce(or_, [_form(name, one) for one in get_args(annotation) if one is not NoneType]) | None
    if name in SCALES:
        return SCALES[name]
    if annotation is str and (name in IDS or name.endswith(("_id", "_source"))):
        return Id
    if annotation in FORMS:
        return FORMS[annotation]
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return annotation
    raise TypeError(f"no form for {annotation}: add one to FORMS")


def _model(kind: type[Evidence], *, answered: bool) -> Any:
    hints, made = get_type_hints(kind), dict[str, Any]()
    for one in fields(kind):
        form = _form(one.name, hints[one.name])
        if answered:
            made[one.name] = (form, ...)
        elif one.name in GIVEN:
            made[one.name] = (form | None, Field(None, description=f"null: {GIVEN[one.name]}"))
        else:
            made[one.name] = (form, ... if one.default is MISSING else one.default)
    name = "".join(word.title() for word in kind.KIND.split("_")) + ("Fact" if answered else "FactIn")
    base = Out if answered else In
    doc = (kind.__doc__ or "").strip()
    tag: Any = Literal[kind.KIND]
    return create_model(name, __base__=base, __doc__=doc, kind=(tag, kind.KIND if answered else ...), **made)


IN = {kind: _model(cls, answered=False) for kind, cls in KINDS.items()}
OUT = {kind: _model(cls, answered=True) for kind, cls in KINDS.items()}
AnyIn: Any = Annotated[reduce(or_, IN.values()), Field(discriminator="kind")]
AnyOut: Any = Annotated[reduce(or_, OUT.values()), Field(discriminator="kind")]


class EvidenceIn(RootModel[AnyIn]):
    """A fact about one worker; `kind` says which members it has."""


class EvidenceOut(RootModel[AnyOut]):
    """A fact about one worker."""


def fact_of(form: Any, *, id: str, time: datetime) -> Evidence:
    """Return the fact that a form describes, with what it leaves out.

    Raises
    ------
    Invalid
        For values that the kind refuses.
    """
    values = {name: getattr(form, name) for name in type(form).model_fields if name != "kind"}
    for name, value in values.items():
        if isinstance(value, list):
            values[name] = tuple(Demand(one.skill, one.level, one.weight) for one in value)
    given = {"id": id, "time": time, "source": SOURCE}
    values |= {name: value for name, value in given.items() if values[name] is None}
    return KINDS[form.kind](**values)


def plain_fact(fact: Evidence) -> dict[str, Any]:
    """Return a fact as a program reads it."""
    found: dict[str, Any] = {"kind": fact.KIND}
    for one in fields(fact):
        value = getattr(fact, one.name)
        found[one.name] = [demand._asdict() for demand in value] if isinstance(value, tuple) else value
    return found
