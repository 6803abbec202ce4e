"""The limits of what the API takes: those that the document says are those that the code has, and what lies beyond one
is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints
from urllib.parse import urlencode

import pytest
from flask import Flask
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from skillmatch.errors import Invalid
from skillmatch.scale import ID_LENGTH
from skillmatch_web.api.examples import EXAMPLES
from skillmatch_web.api.facts import IN, fact_of
from skillmatch_web.api.fields import In, Out, Query
from tests.web.api.conftest import AsProgram
from tests.web.conftest import BEN, NOW, OPEN

RANGE = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
SIZES = {"min_length": ("minLength", "minItems"), "max_length": ("maxLength", "maxItems")}
SAID = {*RANGE.values(), *(word for words in SIZES.values() for word in words)}
IN_ADDRESSES = {"job": OPEN, "worker": BEN, "skill": "boiler", "source": "api", "id": "one"}
Schema = dict[str, Any]


@pytest.fixture
def described(app: Flask) -> Schema:
    return app.test_client().get("/api/v1/openapi.json").json  # type: ignore[return-value]


@pytest.fixture
def schemas(described: Schema) -> Schema:
    return described["components"]["schemas"]  # type: ignore[no-any-return]


def operations(described: Schema) -> Iterator[tuple[str, str, Schema]]:
    for path, item in described["paths"].items():
        for method, one in item.items():
            yield method, path, one


def limits_of(part: Any) -> Iterator[tuple[str, float]]:
    """Yield the limits that a field or a type sets, with those of its parts, by the words of the code."""
    if isinstance(part, FieldInfo):
        yield from (one for piece in (*part.metadata, part.annotation) for one in limits_of(piece))
    for word in (*RANGE, *SIZES):
        if isinstance(getattr(part, word, None), int | float):
            yield word, getattr(part, word)
    for inner in get_args(part):
        yield from limits_of(inner)


def said_in(schema: Any) -> set[tuple[str, float]]:
    """Return the limits that a schema says, by the words of the code, without what it refers to."""
    words = {said: word for word, said in RANGE.items()}
    words |= {said: word for word, both in SIZES.items() for said in both}
    if isinstance(schema, list):
        return set().union(*map(said_in, schema)) if schema else set()
    if not isinstance(schema, dict):
        return set()
    own = {(words[name], value) for name, value in schema.items() if name in words}
    return own.union(*(said_in(value) for name, value in schema.items() if name not in ("properties", "default")))


def below(cls: type[BaseModel]) -> set[type[BaseModel]]:
    return {cls, *(one for sub in cls.__subclasses__() for one in below(sub))}


def test_every_limit_of_a_body_is_in_the_document(schemas: Schema):
    found = {
        (model.__name__, name): set(limits_of(field))
        for model in (below(In) | below(Out))
        if model.__name__ in schemas
        for name, field in model.model_fields.items()
    }
    assert {place: said_in(schemas[place[0]]["properties"][place[1]]) for place in found} == found
    assert sum(map(len, found.values())) > 100


def test_every_limit_of_a_parameter_is_in_the_document(app: Flask, described: Schema):
    said, found = {}, {}
    for _method, _path, one in operations(described):
        hints = get_type_hints(app.view_functions[f"api.{one['operationId']}"])
        models = [hint for hint in hints.values() if isinstance(hint, type) and issubclass(hint, Query)]
        fields = {name: field for model in models for name, field in model.model_fields.items()}
        found |= {(one["operationId"], name): set(limits_of(field)) for name, field in fields.items()}
        parts = [part for part in one.get("parameters", []) if part["in"] != "header"]
        said |= {(one["operationId"], part["name"]): said_in(part["schema"]) for part in parts}
    assert said == found
    assert found["jobs", "limit"] == {("ge", 1), ("le", 100)}


def test_no_word_of_the_code_stands_in_the_document_for_a_limit(described: Schema):
    def words(schema: Any) -> Iterator[str]:
        if isinstance(schema, dict):
            yield from schema
        for inner in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
            yield from words(inner)

    assert not {*RANGE, *SIZES} & set(words(described))


class Builder:
    """Makes values of schemas that are just taken, or just not, because of one limit."""

    def __init__(self, schemas: Schema) -> None:
        self.schemas = schemas

    def meant(self, schema: Schema) -> Schema:
        return self.schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema

    def some(self, schema: Schema) -> Any:
        schema = self.meant(schema)
        choices = schema.get("anyOf") or schema.get("oneOf")
        if choices:
            return self.some(choices[0])
        if "const" in schema or "enum" in schema:
            return schema.get("const", schema.get("enum", [None])[0])
        kind = schema["type"]
        if kind == "object":
            return {name: self.some(schema["properties"][name]) for name in schema.get("required", [])}
        if kind == "array":
            return [self.some(schema["items"])] * schema.get("minItems", 0)
        plain = {"date": "2026-11-21", "date-time": "2026-11-21T08:00:00Z"}.get(schema.get("format", ""), "a")
        return {"string": plain, "boolean": False, "null": None}.get(kind, schema.get("minimum", 1))

    def edges(self, schema: Schema, place: str = "#", depth: int = 0) -> Iterator[tuple[str, Any, Any]]:
        """Yield where a limit is, a value that just keeps it and one that just does not."""
        schema = self.meant(schema)
        for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
            yield from self.edges(one, place, depth)
        kind = schema.get("type")
        if kind in ("integer", "number"):
            yield from ((place, *pair) for pair in _numbers(schema))
        if kind in ("string", "array"):
            made = (lambda size: "a" * size) if kind == "string" else lambda size: [self.some(schema["items"])] * size
            low, high = ("minLength", "maxLength") if kind == "string" else ("minItems", "maxItems")
            yield from ((place, made(schema[word]), made(schema[word] + by)) for word, by in ((low, -1), (high, 1))
                        if word in schema)  # fmt: skip
        if kind == "array" and depth < 3:
            rest = [self.some(schema["items"])] * (schema.get("minItems", 1) - 1)
            for where, good, bad in self.edges(schema["items"], f"{place}/0", depth + 1):
                yield where, [good, *rest], [bad, *rest]
        if kind == "object":
            base = self.some(schema)
            for name, one in schema["properties"].items():
                for where, good, bad in self.edges(one, f"{place}/{name}", depth):
                    yield where, {**base, name: good}, {**base, name: bad}


def _numbers(schema: Schema) -> Iterator[tuple[float, float]]:
    for word, sign in (("minimum", -1), ("maximum", 1)):
        if word in schema:
            edge = int(schema[word]) if schema["type"] == "integer" else schema[word]
            yield edge, edge + sign * max(1, abs(edge) // 10**12)
    if "exclusiveMinimum" in schema:
        yield schema["exclusiveMinimum"] + 1, schema["exclusiveMinimum"]


def places(answer: Any, name: str) -> set[str]:
    return {one.get(name, "") for one in (answer.json or {}).get("errors", ())}


def address(path: str) -> str:
    for name, id in IN_ADDRESSES.items():
        path = path.replace(f"{{{name}}}", id)
    return path.removeprefix("/api/v1")


def test_a_parameter_beyond_a_limit_is_refused_and_one_at_it_is_not(program: AsProgram, described: Schema):
    own, tried = program(), 0
    for method, path, one in operations(described):
        for part in one.get("parameters", []):
            if part["in"] != "query":
                continue
            needed = {
                each["name"]: "a" for each in one["parameters"] if each["in"] == "query" and each.get("required", False)
            }
            for _place, good, bad in Builder(described["components"]["schemas"]).edges(part["schema"]):
                name, asked = part["name"], address(path)
                body = next(iter(EXAMPLES.get(one["operationId"], {"": None}).values()))
                answers = [
                    own.send(method, f"{asked}?{urlencode({**needed, name: value})}", json=body)
                    for value in (bad, good)
                ]
                assert answers[0].status_code == 422, (path, name, bad)
                assert places(answers[0], "parameter") == {name}, (path, name, bad)
                assert name not in places(answers[1], "parameter"), (path, name, good)
                tried += 1
    assert tried > 50


def test_a_body_beyond_a_limit_is_refused_and_one_at_it_is_not(app: Flask, program: AsProgram, described: Schema):
    own, tried = program(), 0
    outcome = {**EXAMPLES["record_outcome"]["done"], "worker": BEN, "id": "one"}
    assert own.post(f"/jobs/{OPEN}/outcomes", outcome).status_code == 201
    for method, path, one in operations(described):
        hints = get_type_hints(app.view_functions[f"api.{one['operationId']}"])
        if "body" not in hints:
            continue
        headers = {"If-Match": own.get(address(path)).headers.get("ETag", "")} if method == "patch" else {}
        schema = one["requestBody"]["content"]["application/json"]["schema"]
        for place, good, bad in Builder(described["components"]["schemas"]).edges(schema):
            hints["body"].model_validate(good)
            refused = own.send(method, address(path), json=bad, headers=headers)
            assert refused.status_code == 422, (path, place, json.dumps(bad)[:300])
            assert place in places(refused, "pointer"), (path, place, refused.json)
            tried += 1
    assert tried > 150


def test_no_kind_of_evidence_refuses_for_its_size_what_its_form_takes(schemas: Schema):
    builder, refused = Builder(schemas), []
    for kind, model in IN.items():
        shape = schemas[model.__name__]
        both = {"skill": "a", "level": 1} if {"skill", "level"} <= shape["properties"].keys() else {}
        for name in shape["properties"]:
            for value in ("a" * (ID_LENGTH + 1), -1, 0.5, 5.5, 100_001):
                try:
                    form = model.model_validate({**builder.some(shape), **both, name: value})
                except ValueError:
                    continue
                try:
                    fact_of(form, id="a", time=NOW)
                except Invalid as error:
                    refused.append((kind, name, str(error)))
    assert refused == []
