"""Nouns and evidence as plain JSON objects and back, without loss."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from skillmatch.beliefs.evidence import KINDS, Evidence, to_payload
from skillmatch.errors import Invalid
from skillmatch.importers.draft import SHOWN, Unfit, shown
from skillmatch.importers.kinds import expected_names
from skillmatch.model import (
    AllOf,
    AnyOf,
    Asset,
    Booking,
    Cause,
    Correction,
    Customer,
    Job,
    JobType,
    Leave,
    Link,
    Merge,
    Noun,
    Question,
    Shift,
    Site,
    SiteNote,
    Skill,
    Worker,
)

TYPES: dict[str, type] = {
    "skill": Skill,
    "link": Link,
    "worker": Worker,
    "customer": Customer,
    "site": Site,
    "asset": Asset,
    "job_type": JobType,
    "job": Job,
    "shift": Shift,
    "leave": Leave,
    "booking": Booking,
    "cause": Cause,
    "question": Question,
    "correction": Correction,
    "merge": Merge,
    "site_note": SiteNote,
}
"""The nouns by the name that stands in their `type`; evidence has the type `evidence` and its `kind`."""

LARGEST = sys.float_info.max
Decoder = Callable[[Any], Any]

_NAMES = {cls: name for name, cls in TYPES.items()}
# What a job or an asset calls its type would hide the type of the record; the choices of a need would look alike.
_KEYS = {(Job, "type"): "job_type", (Asset, "type"): "asset_type", (AnyOf, "needs"): "any", (AllOf, "needs"): "all"}
_EVIDENCE = ("source", "id", "worker", "time")


def to_record(thing: Noun | Evidence) -> dict[str, Any]:
    """Return a noun or a piece of evidence as plain JSON values; what has its default is left out."""
    if isinstance(thing, Evidence):
        common = {"source": thing.source, "id": thing.id, "worker": thing.worker, "time": thing.time.isoformat()}
        return {"type": "evidence", "kind": thing.KIND, **common, "facts": to_payload(thing)}
    return {"type": _NAMES[type(thing)], **_attributes(thing)}


def _key(cls: type, field: str) -> str:
    return _KEYS.get((cls, field), field)


def _keys(cls: type) -> set[str]:
    return {_key(cls, field.name) for field in fields(cls)}


def _attributes(thing: Any) -> dict[str, Any]:
    values = {_key(type(thing), f.name): (getattr(thing, f.name), f.default) for f in fields(thing)}
    return {name: _plain(value) for name, (value, default) in values.items() if value != default}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return _attributes(value) if is_dataclass(value) else value


def from_record(record: Any) -> Noun | Evidence:
    """Return what a JSON object describes; the inverse of `to_record`.

    Raises
    ------
    Unfit
        When it is no such object, or a value has the wrong form or breaks a rule of the domain.
    """
    if not isinstance(record, dict):
        raise Unfit(_kind_of_json(record), 'an object such as {"type": "skill", "id": "cooling", "name": "Cooling"}')
    name = record.get("type")
    if name == "evidence":
        return _evidence(record)
    if not isinstance(name, str) or name not in TYPES:
        raise Unfit(shown(name), expected_names(str(name), [*TYPES, "evidence"]), column="type")
    values = {key: value for key, value in record.items() if key != "type"}
    _only(values, _keys(TYPES[name]))
    return cast(Noun, _object(TYPES[name], values))


def _evidence(record: dict[str, Any]) -> Evidence:
    _only(record, {"type", "kind", "facts", *_EVIDENCE})
    kind, facts = record.get("kind"), record.get("facts", {})
    if not isinstance(kind, str) or kind not in KINDS:
        raise Unfit(shown(kind), expected_names(str(kind), KINDS), column="kind")
    if not isinstance(facts, dict):
        raise Unfit(_kind_of_json(facts), "an object", column="facts")
    _only(facts, {field.name for field in fields(KINDS[kind])} - set(_EVIDENCE))
    values = {key: record[key] for key in _EVIDENCE if key in record}
    if "source" not in values:
        raise Unfit("nothing", "the source of the fact", column="source")
    return cast(Evidence, _object(KINDS[kind], facts | values))


def _only(values: dict[str, Any], known: set[str]) -> None:
    for key in values:
        if key not in known:
            raise Unfit(f"the unknown key {shown(key)}", expected_names(key, sorted(known)), column=key[:80])


def _object(cls: type, values: dict[str, Any]) -> Any:
    """Return an object of a dataclass made of JSON values."""
    decoded = {}
    for key, name, required, decode in _plan(cls):
        if key in values:
            try:
                decoded[name] = decode(values[key])
            except Unfit as error:
                error.column = error.column or key
                raise
        elif required:
            raise Unfit("nothing", f"a value for {key!r}", column=key)
    try:
        return cls(**decoded)
    except Invalid as error:
        raise Unfit.from_invalid(error) from error


@cache
def _plan(cls: type) -> tuple[tuple[str, str, bool, Decoder], ...]:
    """Return the key, the name, whether it is needed, and the decoder of each field."""
    hints = get_type_hints(cls)
    return tuple((_key(cls, f.name), f.name, f.default is MISSING, _decoder(hints[f.name])) for f in fields(cls))


@cache
def _decoder(hint: Any) -> Decoder:
    """Return what turns a JSON value into a value of the type `hint`."""
    if get_origin(hint) in (Union, UnionType):
        return _union(get_args(hint))
    if get_origin(hint) is tuple:
        first, second = get_args(hint)
        return _list(_decoder(first)) if second is Ellipsis else _pair(_decoder(first), _decoder(second))
    if hasattr(hint, "_fields"):
        return _named_tuple(hint)
    if is_dataclass(hint):
        return _nested(cast(type, hint))
    if issubclass(hint, Enum):
        return _text_form(hint, f"one of {', '.join(str(member.value) for member in hint)}")
    return _SCALARS[hint]


def _union(parts: tuple[Any, ...]) -> Decoder:
    """Return the decoder of a union of None and dataclasses, or of None and one other type."""
    others = [part for part in parts if part is not NoneType]

    def decode(value: Any) -> Any:
        if value is None and NoneType in parts:
            return None
        if len(others) == 1 or not isinstance(value, dict):
            return _decoder(others[0])(value)
        return _decoder(max(others, key=lambda cls: len(value.keys() & _keys(cls))))(value)

    return decode


def _list(part: Decoder) -> Decoder:
    def decode(value: Any) -> Any:
        if not isinstance(value, list):
            raise Unfit(_kind_of_json(value), "a list")
        return tuple(map(part, value))

    return decode


def _pair(first: Decoder, second: Decoder) -> Decoder:
    def decode(value: Any) -> Any:
        if not isinstance(value, list) or len(value) != 2:
            raise Unfit(_kind_of_json(value), "a list of two")
        return first(value[0]), second(value[1])

    return decode


def _named_tuple(cls: Any) -> Decoder:
    parts = [_decoder(hint) for hint in get_type_hints(cls).values()]
    least = len(parts) - len(cls._field_defaults)

    def decode(value: Any) -> Any:
        if not isinstance(value, list) or not least <= len(value) <= len(parts):
            raise Unfit(_kind_of_json(value), f"a list of {', '.join(cls._fields)}")
        return cls(*(part(each) for part, each in zip(parts, value, strict=False)))

    return decode


def _nested(cls: type) -> Decoder:
    def decode(value: Any) -> Any:
        if not isinstance(value, dict):
            raise Unfit(_kind_of_json(value), "an object")
        _only(value, _keys(cls))
        return _object(cls, value)

    return decode


def _text_form(parse: Callable[[str], Any], expected: str) -> Decoder:
    def decode(value: Any) -> Any:
        try:
            return parse(value)
        except (ValueError, TypeError, OverflowError):
            raise Unfit(shown(value), expected) from None

    return decode


def _scalar(types: tuple[type, ...], expected: str) -> Decoder:
    def decode(value: Any) -> Any:
        if type(value) not in types:
            raise Unfit(_kind_of_json(value), expected)
        return value

    return decode


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise Unfit(_kind_of_json(value), "text without NUL")
    return value


def _number(value: Any) -> float:
    if type(value) not in (float, int) or not -LARGEST <= value <= LARGEST:
        raise Unfit(_kind_of_json(value), "a number")
    return float(value)


def _time(value: str) -> datetime:
    time = datetime.fromisoformat(value)
    if time.tzinfo is None:
        raise ValueError(value)
    return time.astimezone(UTC)


_SCALARS: dict[Any, Decoder] = {
    NoneType: _scalar((NoneType,), "null"),
    str: _text,
    bool: _scalar((bool,), "true or false"),
    int: _scalar((int,), "a whole number"),
    float: _number,
    date: _text_form(date.fromisoformat, "a date such as '2026-03-01'"),
    datetime: _text_form(_time, "a time with its zone, such as '2026-03-01T08:00:00+00:00'"),
}


def _kind_of_json(value: Any) -> str:
    """Return a JSON value for a message."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return shown(value) if isinstance(value, str) else json.dumps(value)[:SHOWN]
