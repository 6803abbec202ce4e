"""The description of the API as people read it: each operation with what it takes and answers, and a command to copy.

All of it is made from the OpenAPI document and from nothing else, so that the page says what the document says. A shape
is a schema with a name. What a request is made of stands with its operation in full; what answers are made of stands
once for all of them, because a few shapes are in many answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_openapi.openapi import OpenAPI

from skillmatch_web.api.curl import command
from skillmatch_web.api.document import described
from skillmatch_web.api.frame import JSON

KEPT = "reference"
METHODS = ("get", "post", "put", "patch", "delete")
CHOICES = ("anyOf", "oneOf")
RANGE = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
SIZES = {"length": ("minLength", "maxLength"), "entries": ("minItems", "maxItems")}
SHOWN = {*CHOICES, *RANGE, *(word for pair in SIZES.values() for word in pair)} | {
    "$ref", "type", "format", "pattern", "enum", "const", "default", "description", "items", "properties", "required",
    "additionalProperties", "discriminator", "title", "examples",
}  # fmt: skip
"""The keywords of schemas that this module knows how to say; a schema with another one is met when the page is made."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What a value has to keep to: its `length`, `entries`, `range`, `pattern` or `format`."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Value:
    """What may stand somewhere.

    It is of a type of JSON, `word`; or of a `shape`; or, where both are "", one `of` several. `of` an array is what its
    entries are, of an object what its members are where their names are free. `values` are the only ones, as JSON.
    """

    word: str = ""
    shape: str = ""
    of: tuple[Value, ...] = ()
    values: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A value with a name. `default` is JSON, "" where there is none."""

    name: str
    value: Value
    required: bool = False
    default: str = ""
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """A value that many places can name."""

    name: str
    value: Value
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A field of a request outside of its body; `where` is path, query or header."""

    where: str
    field: Field


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent; `shapes` are all that it is made of."""

    media: str
    required: bool
    shape: Shape
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered with a status; `problem` is the kind of what went wrong, else ""."""

    status: str
    meaning: str
    problem: str = ""
    title: str = ""
    media: str = ""
    shape: Shape | None = None
    headers: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One address and method. `open` ones need no token; `example` is a command for a shell."""

    id: str
    method: str
    path: str
    summary: str
    meaning: str
    open: bool
    parameters: tuple[Parameter, ...]
    body: Body | None
    answers: tuple[Answer, ...]
    example: str


@dataclass(frozen=True, slots=True)
class Group:
    """The operations of a tag."""

    name: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """The whole description: operations by tag, and the `shapes` that answers are made of, by name."""

    title: str
    version: str
    meaning: str
    groups: tuple[Group, ...]
    shapes: tuple[Shape, ...]


def referenced(app: OpenAPI) -> Reference:
    """Return the description of an application for people, made once."""
    if KEPT not in app.extensions:
        app.extensions[KEPT] = reference(described(app))
    found: Reference = app.extensions[KEPT]
    return found


def reference(document: Mapping[str, Any]) -> Reference:
    """Return what an OpenAPI document says.

    Raises
    ------
    TypeError
        For a keyword of a schema that is not in `SHOWN`.
    """
    reader = _Reader(document)
    groups: dict[str, list[Operation]] = {}
    for path, item in document["paths"].items():
        for method in (one for one in METHODS if one in item):
            tag = (item[method].get("tags") or ["other"])[0]
            groups.setdefault(tag, []).append(reader.operation(method, path, item[method]))
    operations = [one for group in groups.values() for one in group]
    linked = [answer.shape.value for one in operations for answer in one.answers if answer.shape]
    info = document["info"]
    return Reference(
        info["title"],
        info["version"],
        info.get("description", ""),
        tuple(Group(name, tuple(group)) for name, group in groups.items()),
        tuple(sorted(reader.closure(linked), key=lambda shape: shape.name.lower())),
    )


class _Reader:
    """Reads parts of one document, with its references."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        components = document.get("components", {})
        self._schemas: Mapping[str, Any] = components.get("schemas", {})
        self._responses: Mapping[str, Any] = components.get("responses", {})

    def operation(self, method: str, path: str, part: Mapping[str, Any]) -> Operation:
        return Operation(
            id=part["operationId"],
            method=method.upper(),
            path=path,
            summary=part.get("summary", ""),
            meaning=part.get("description", ""),
            open=not part.get("security"),
            parameters=tuple(
                Parameter(one["in"], self._outside(one["name"], one)) for one in part.get("parameters", ())
            ),
            body=self._body(part["requestBody"]) if "requestBody" in part else None,
            answers=tuple(self._answer(status, one) for status, one in sorted(part["responses"].items())),
            example=command(method, path, part, self._schemas),
        )

    def _outside(self, name: str, part: Mapping[str, Any]) -> Field:
        schema = part.get("schema", {})
        meaning = part.get("description") or schema.get("description", "")
        return Field(name, self.value(schema), part.get("required", False), _default(schema), meaning)

    def _body(self, part: Mapping[str, Any]) -> Body:
        media, content = _content(part)
        shape = self._whole(content["schema"])
        return Body(media, part.get("required", False), shape, self.closure([shape.value], without=shape.name))

    def _answer(self, status: str, part: Mapping[str, Any]) -> Answer:
        problem = _name(part)
        found = self._responses[problem] if problem else part
        media, content = _content(found)
        return Answer(
            status=status,
            meaning=found.get("description", ""),
            problem=problem,
            title=content.get("example", {}).get("title", ""),
            media=media,
            shape=self._top(content["schema"]) if "schema" in content else None,
            headers=tuple(self._outside(name, one) for name, one in found.get("headers", {}).items()),
        )

    def _top(self, schema: Mapping[str, Any]) -> Shape:
        """Return what an answer is; of a problem, which is the same for all, only its name."""
        name = _name(schema)
        return Shape("", Value(shape=name)) if name == "Problem" else self._whole(schema)

    def _whole(self, schema: Mapping[str, Any]) -> Shape:
        name = _name(schema)
        return self.shape(name) if name else Shape("", self.value(schema), schema.get("description", ""))

    def shape(self, name: str) -> Shape:
        schema = self._schemas[name]
        return Shape(name, self.value(schema), schema.get("description", ""))

    def closure(self, values: Iterable[Value], *, without: str = "") -> tuple[Shape, ...]:
        """Return every shape that some values name, or that one of these names, each once, as they are met."""
        found: dict[str, Shape] = {}
        waiting = [name for value in values for name in named(value)]
        while waiting:
            name = waiting.pop(0)
            if name not in found and name != without:
                found[name] = self.shape(name)
                waiting += named(found[name].value)
        return tuple(found.values())

    def value(self, schema: Mapping[str, Any]) -> Value:
        """Return what a schema lets stand. A reference to anything but a plain value stays a name: so this ends."""
        if unknown := schema.keys() - SHOWN:
            raise TypeError(f"no words for {', '.join(sorted(unknown))} of {schema}: say it here and add it to SHOWN")
        if name := _name(schema):
            return self.value(self._schemas[name]) if _is_plain(self._schemas[name]) else Value(shape=name)
        for word in CHOICES:
            if word in schema:
                return Value(of=tuple(self.value(one) for one in schema[word]))
        kinds = schema.get("type", "any")
        if isinstance(kinds, list):
            return Value(of=tuple(self.value({**schema, "type": kind}) for kind in kinds))
        return Value(kinds, "", self._of(schema), _values(schema), tuple(_limits(schema)), self._fields(schema))

    def _of(self, schema: Mapping[str, Any]) -> tuple[Value, ...]:
        inner = schema.get("items") or schema.get("additionalProperties")
        return (self.value(inner),) if isinstance(inner, Mapping) and inner else ()

    def _fields(self, schema: Mapping[str, Any]) -> tuple[Field, ...]:
        required = schema.get("required", ())
        return tuple(
            Field(name, self.value(one), name in required, _default(one), one.get("description", ""))
            for name, one in schema.get("properties", {}).items()
        )


def named(value: Value) -> Iterator[str]:
    """Yield the names of the shapes that a value has in it."""
    if value.shape:
        yield value.shape
    for one in value.of:
        yield from named(one)
    for field in value.fields:
        yield from named(field.value)


def _content(part: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Return the media type of a body, ours where there is a choice, and what stands there of it."""
    content = part.get("content", {})
    if JSON in content:
        return JSON, content[JSON]
    return ", ".join(content), next(iter(content.values()), {})


def _name(part: Mapping[str, Any]) -> str:
    """Return what a reference leads to, "" for what is none."""
    return str(part.get("$ref", "")).rpartition("/")[2]


def _is_plain(schema: Mapping[str, Any]) -> bool:
    return not schema.keys() & {*CHOICES, "$ref", "properties", "items", "additionalProperties"}


def _values(schema: Mapping[str, Any]) -> tuple[str, ...]:
    values = [schema["const"]] if "const" in schema else schema.get("enum", ())
    return tuple(json.dumps(one, ensure_ascii=False) for one in values)


def _default(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema["default"], ensure_ascii=False) if "default" in schema else ""


def _limits(schema: Mapping[str, Any]) -> Iterator[Limit]:
    bounds = [f"{sign} {schema[word]:.16g}" for word, sign in RANGE.items() if word in schema]
    if bounds:
        yield Limit("range", ", ".join(bounds))
    for kind, (low, high) in SIZES.items():
        signs = [f"{sign} {schema[word]}" for word, sign in ((low, "≥"), (high, "≤")) if word in schema]
        if signs:
            yield Limit(kind, ", ".join(signs))
    for kind in ("format", "pattern"):
        if kind in schema:
            yield Limit(kind, schema[kind])
