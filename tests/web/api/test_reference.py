"""The page of the API says all that its description says, each thing once and where it belongs; its commands work."""

from __future__ import annotations

import json
import re
import shlex
from collections import Counter
from collections.abc import Iterator
from html import unescape
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_openapi.openapi import OpenAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from skillmatch_web.api.curl import command, sample
from skillmatch_web.api.frame import OPERATIONS
from skillmatch_web.api.reference import SHOWN, Field, Operation, Reference, Value, reference, referenced
from skillmatch_web.pages.docs import coded

Document = dict[str, Any]
JSON = "application/json"


@pytest.fixture(scope="module")
def kept() -> dict[str, Document]:
    return {}


@pytest.fixture
def document(app: Flask, kept: dict[str, Document]) -> Document:
    if not kept:
        kept["document"] = app.test_client().get("/api/v1/openapi.json").json
    return kept["document"]


@pytest.fixture
def shown(app: Flask) -> Reference:
    return referenced(cast(OpenAPI, app))


@pytest.fixture
def page(client: FlaskClient) -> str:
    return client.get("/api/docs").text


def by_id(shown: Reference) -> dict[str, Operation]:
    every = [one for group in shown.groups for one in group.operations]
    found = {one.id: one for one in every}
    assert len(found) == len(every)
    return found


def raw(document: Document) -> dict[str, tuple[str, str, Document]]:
    return {
        said["operationId"]: (method.upper(), path, said)
        for path, item in document["paths"].items()
        for method, said in item.items()
    }


def target(document: Document, name: str) -> Document:
    found: Document = document["components"]["schemas"][name]
    return found


def references(schema: Any) -> list[str]:
    """Return the names of all schemas that a part of the document leads to, itself."""
    return re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', json.dumps(schema))


def reached(document: Document, schema: Any) -> set[str]:
    found: set[str] = set()
    waiting = references(schema)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += references(target(document, name))
    return {name for name in found if {"properties", "oneOf", "anyOf", "items"} & target(document, name).keys()}


def schema_of(said: Document) -> Document:
    content: Document = next(iter(said["content"].values()))["schema"]
    return content


def names(fields: tuple[Field, ...]) -> list[str]:
    return sorted(one.name for one in fields)


def test_every_operation_is_shown_once_in_the_group_of_its_tag(document: Document, shown: Reference):
    found, expected = by_id(shown), raw(document)
    assert found.keys() == expected.keys()
    tags = {one.id: group.name for group in shown.groups for one in group.operations}
    for name, (method, path, said) in expected.items():
        one = found[name]
        assert (one.method, one.path, one.summary, one.meaning) == (method, path, said["summary"], said["description"])
        assert one.open is (said["security"] == [])
        assert [tags[name]] == said["tags"]
    assert len({group.name for group in shown.groups}) == len(shown.groups) > 5


def test_every_parameter_is_shown_once_where_it_is_sent(document: Document, shown: Reference):
    for name, (_method, _path, said) in raw(document).items():
        found = Counter((one.where, one.field.name, one.field.required) for one in by_id(shown)[name].parameters)
        assert found == Counter(
            (one["in"], one["name"], one.get("required", False)) for one in said.get("parameters", ())
        )
        taken = {one.field.name for one in by_id(shown)[name].parameters if one.where == "header"}
        known = OPERATIONS[f"api.{name}"]
        assert ("Idempotency-Key" in taken, "If-Match" in taken) == (known.writes, known.if_match)


def test_every_status_is_shown_once_with_its_headers(document: Document, shown: Reference):
    for name, (_method, _path, said) in raw(document).items():
        answers = by_id(shown)[name].answers
        assert [one.status for one in answers] == sorted(said["responses"])
        for one in answers:
            told = said["responses"][one.status]
            if "$ref" in told:
                assert one.problem
                told = document["components"]["responses"][one.problem]
            assert names(one.headers) == sorted(told.get("headers", {}))
            assert (one.shape is not None) == ("content" in told)
            assert one.meaning == told["description"]


def test_every_member_of_a_request_stands_once_with_its_operation(document: Document, shown: Reference):
    for name, (_method, _path, said) in raw(document).items():
        body = by_id(shown)[name].body
        assert (body is None) == ("requestBody" not in said)
        if body is not None:
            schema = schema_of(said["requestBody"])
            stands = [body.shape.name, *(one.name for one in body.shapes)]
            assert Counter(stands) == Counter(reached(document, schema))
            for shape in (body.shape, *body.shapes):
                assert names(shape.value.fields) == sorted(target(document, shape.name).get("properties", {}))


def test_every_member_of_an_answer_stands_once_in_it_or_once_for_all(document: Document, shown: Reference):
    assert len({one.name for one in shown.shapes}) == len(shown.shapes)
    expected: set[str] = set()
    for name, (_method, _path, said) in raw(document).items():
        for answer in by_id(shown)[name].answers:
            if answer.problem:
                expected |= reached(document, document["components"]["responses"][answer.problem])
            elif answer.shape:
                schema = schema_of(said["responses"][answer.status])
                own = next(iter(references(schema)), "")
                assert answer.shape.name == own
                if not own:  # a file
                    assert set(answer.media.split(", ")) == set(said["responses"][answer.status]["content"])
                    continue
                assert names(answer.shape.value.fields) == sorted(target(document, own).get("properties", {}))
                expected |= reached(document, target(document, own))
    assert {one.name for one in shown.shapes} == expected
    for shape in shown.shapes:
        assert names(shape.value.fields) == sorted(target(document, shape.name).get("properties", {}))
        assert shape.meaning == target(document, shape.name).get("description", "")


def every_field(shown: Reference) -> Iterator[tuple[str, Field]]:
    """Yield each member of each named shape with the name of the shape."""
    for one in by_id(shown).values():
        for shape in (one.body.shape, *one.body.shapes) if one.body else ():
            yield from ((shape.name, field) for field in shape.value.fields)
        yield from ((a.shape.name, field) for a in one.answers if a.shape for field in a.shape.value.fields)
    for shape in shown.shapes:
        yield from ((shape.name, field) for field in shape.value.fields)


def told(value: Value) -> Iterator[str]:
    """Yield everything that is said of a value."""
    yield from (value.word, value.shape, *value.values)
    for limit in value.limits:
        yield from [limit.value] if limit.kind in ("pattern", "format") else limit.value.split(", ")
    for one in value.of:
        yield from told(one)
    for field in value.fields:
        yield from (field.name, field.default, field.meaning, *told(field.value))


SIGNS = {
    "minimum": "≥", "minLength": "≥", "minItems": "≥", "exclusiveMinimum": ">",
    "maximum": "≤", "maxLength": "≤", "maxItems": "≤", "exclusiveMaximum": "<",
}  # fmt: skip


def demanded(document: Document, schema: Document) -> Iterator[str]:
    """Yield everything that a schema says of a value, below its own default and description, keyword by keyword."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        plain = not {"properties", "oneOf", "anyOf"} & target(document, name).keys()
        yield from demanded(document, target(document, name)) if plain else [name]
    if "type" in schema and not {"oneOf", "anyOf"} & schema.keys():
        yield schema["type"]
    for word, sign in SIGNS.items():
        if word in schema:
            yield f"{sign} {int(schema[word]) if schema[word] == int(schema[word]) else schema[word]}"
    yield from (schema[word] for word in ("pattern", "format") if word in schema)
    yield from (json.dumps(one) for one in [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else ())])
    within = [schema[word] for word in ("items", "additionalProperties") if isinstance(schema.get(word), dict)]
    for one in (*within, *schema.get("oneOf", ()), *schema.get("anyOf", ())):
        yield from demanded(document, one)
    for name, one in schema.get("properties", {}).items():
        yield from (name, json.dumps(one["default"]) if "default" in one else "", one.get("description", ""))
        yield from demanded(document, one)


def said_of(parts: Iterator[str]) -> Counter[str]:
    return Counter(part for part in parts if part)


def test_every_limit_choice_default_and_meaning_is_that_of_the_description(document: Document, shown: Reference):
    count = 0
    for shape, field in every_field(shown):
        schema = target(document, shape)["properties"][field.name]
        assert said_of(told(field.value)) == said_of(demanded(document, schema)), (shape, field.name)
        assert field.required == (field.name in target(document, shape).get("required", ()))
        assert field.meaning == schema.get("description", "")
        assert field.default == (json.dumps(schema["default"]) if "default" in schema else "")
        count += 1
    assert count > 500
    for name, (_method, _path, said) in raw(document).items():
        for one, own in zip(said.get("parameters", ()), by_id(shown)[name].parameters, strict=True):
            assert said_of(told(own.field.value)) == said_of(demanded(document, one["schema"])), (name, one["name"])


def test_a_keyword_that_the_page_has_no_words_for_is_not_passed_over(document: Document):
    changed = json.loads(json.dumps(document))
    changed["components"]["schemas"]["PlaceOut"]["properties"]["latitude"]["multipleOf"] = 5
    with pytest.raises(TypeError, match="no words for multipleOf"):
        reference(changed)
    assert "multipleOf" not in SHOWN


def test_every_id_of_the_page_is_there_once_and_every_link_within_leads_somewhere(page: str, shown: Reference):
    ids = Counter(re.findall(r'\bid="([^"]+)"', page))
    assert [name for name, count in ids.items() if count > 1] == []
    assert {unescape(one) for one in re.findall(r'href="#([^"]+)"', page)} <= ids.keys()
    assert by_id(shown).keys() | {shape.name for shape in shown.shapes} <= ids.keys()


def opened(page: str) -> dict[str, str]:
    """Return what is within each operation and each shape of answers, by id."""
    found = {}
    for part in re.split(r'(?=<details class="operation">)|<h2 id="shapes">', page)[1:]:
        inner = re.match(r'<details class="operation">.*?<div class="inner" id="([^"]+)">', part, re.DOTALL)
        if inner:
            found[inner[1]] = part
        else:
            pieces = re.split(r'<div class="inner" id="([^"]+)">', part)
            found |= dict(zip(pieces[1::2], pieces[2::2], strict=True))
    return found


def test_the_page_shows_what_was_read(page: str, shown: Reference):
    sections = opened(page)
    for one in by_id(shown).values():
        section = sections[one.id]
        rows = Counter(re.findall(r"<dt><code>([^<]+)</code>", section))
        expected = Counter(parameter.field.name for parameter in one.parameters)
        for shape in (one.body.shape, *one.body.shapes) if one.body else ():
            expected += Counter(names(shape.value.fields))
        for answer in one.answers:
            expected += Counter(names(answer.shape.value.fields)) if answer.shape else Counter()
        assert rows == expected
        assert re.findall(r"<strong>(\d+)</strong>", section) == [answer.status for answer in one.answers]
        assert (
            unescape(re.findall(r'<pre class="command"[^>]*><code>(.*?)</code>', section, re.DOTALL)[-1]) == one.example
        )
    for shape in shown.shapes:
        assert set(names(shape.value.fields)) <= set(re.findall(r"<dt><code>([^<]+)</code>", sections[shape.name]))


def test_nothing_of_the_page_is_a_script_or_comes_from_elsewhere(client: FlaskClient):
    answer = client.get("/api/docs")
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    for found in re.findall(r'(?:src|href)="([^"]+)"', answer.text):
        assert found.startswith(("/", "#")), found
    assert re.findall(r"<script[^>]*>", answer.text) == re.findall(r'<script type="module" src="[^"]+">', answer.text)
    assert coded("<script>`a<b`") == "&lt;script&gt;<code>a&lt;b</code>"
    assert client.get("/api/docs/swagger-ui-bundle.js").status_code == 404


def parsed(example: str) -> tuple[str, str, list[str], str | None]:
    """Return method, address, headers and body of a command, as a shell and curl take it."""
    words = shlex.split(example.replace("\\\n", ""))  # a line that goes on
    assert words[:2] == ["curl", "-sS"]
    options = {option: [] for option in ("-X", "-H", "-d")}  # type: dict[str, list[str]]
    rest, address = words[2:], ""
    while rest:
        if rest[0] in options:
            options[rest[0]].append(rest[1])
            rest = rest[2:]
        else:
            assert not address
            address, rest = rest[0], rest[1:]
    method = options["-X"][0] if options["-X"] else "GET"
    return method, address, options["-H"], options["-d"][0] if options["-d"] else None


def test_every_command_reaches_its_operation_with_a_body_that_the_schema_takes(
    app: Flask, document: Document, shown: Reference
):
    adapter = app.url_map.bind("localhost")
    for name, (method, _path, said) in raw(document).items():
        example = by_id(shown)[name].example
        found, address, headers, body = parsed(example)
        parts = urlsplit(address)
        assert parts.path.startswith("$API/")
        assert found == method
        assert adapter.match(parts.path.replace("$API", "/api/v1"), method=method)[0] == f"api.{name}"
        assert ("Authorization: Bearer $TOKEN" in headers) == (said["security"] != [])
        for one in said.get("parameters", ()):
            if one.get("required") and one["in"] == "query":
                assert f"{one['name']}=" in parts.query
            if one["name"] in ("If-Match", "Idempotency-Key"):
                assert sum(header.startswith(f"{one['name']}: ") for header in headers) == 1
        assert (body is None) == ("requestBody" not in said)
        if body is not None:
            schema = {**schema_of(said["requestBody"]), "components": document["components"]}
            Draft202012Validator(schema).validate(json.loads(body))
            assert f"Content-Type: {JSON}" in headers
        assert all(line.startswith("  ") for line in example.split(" \\\n")[1:])


def test_an_example_with_any_sign_comes_through_the_shell_as_it_was():
    body = {"name": 'it\'s $HOME `id` \\ "quoted"\nand <b>', "more": "ü" * 70}
    said = {
        "operationId": "make_it",
        "requestBody": {"content": {JSON: {"schema": {}, "examples": {"one": {"value": body}}}}},
        "parameters": [
            {"name": "who", "in": "path", "required": True, "schema": {"type": "string", "examples": ["a/b $x"]}}
        ],
    }
    method, address, headers, sent = parsed(command("put", "/api/v1/made/{who}", said, {}))
    assert (method, address, headers) == ("PUT", "$API/made/a%2Fb%20%24x", [f"Content-Type: {JSON}"])
    assert json.loads(sent or "") == body


def bounded(kind: str, low: str, high: str) -> st.SearchStrategy[Document]:
    """Draw a type with a lower and an upper bound, or with less."""
    pair = st.tuples(st.integers(0, 9), st.integers(0, 9)).map(sorted)
    return pair.flatmap(
        lambda two: st.sampled_from([{}, {low: two[0]}, {high: two[1]}, {low: two[0], high: two[1]}]).map(
            lambda bounds: {"type": kind, **bounds}
        )
    )


LEAVES = st.one_of(
    bounded("string", "minLength", "maxLength"),
    bounded("integer", "minimum", "maximum"),
    bounded("number", "minimum", "maximum"),
    st.just({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}),
    st.just({"type": "integer", "exclusiveMaximum": 0}),
    st.sampled_from(
        [{"type": "boolean"}, {"type": "null"}, {"type": "string", "format": "date-time"}, {"type": ["null"]}]
    ),
    st.lists(st.text(max_size=3), min_size=1, max_size=3).map(lambda values: {"enum": values}),
    st.integers().map(lambda value: {"const": value}),
)


def composed(inner: st.SearchStrategy[Document]) -> st.SearchStrategy[Document]:
    """Draw lists, choices and objects of such schemas."""
    members = st.dictionaries(st.text("abc", min_size=1, max_size=2), inner, max_size=3)
    return st.one_of(
        st.builds(lambda one, low: {"type": "array", "items": one, "minItems": low}, inner, st.integers(0, 2)),
        st.lists(inner, min_size=1, max_size=3).map(lambda some: {"anyOf": some}),
        members.flatmap(
            lambda known: (
                st.sets(st.sampled_from(sorted(known))).map(
                    lambda required: {"type": "object", "properties": known, "required": sorted(required)}
                )
                if known
                else st.just({"type": "object", "additionalProperties": {"type": "integer"}})
            )
        ),
    )


@settings(max_examples=25)
@given(st.recursive(LEAVES, composed, max_leaves=8))
def test_a_body_made_from_types_is_taken_by_them(schema: Document):
    Draft202012Validator(schema).validate(sample(schema, {}))


NAMED = st.sampled_from("ABCD").map(lambda name: {"$ref": f"#/components/schemas/{name}"})


@settings(max_examples=25)
@given(st.fixed_dictionaries({name: st.recursive(LEAVES | NAMED, composed, max_leaves=6) for name in "ABCD"}))
def test_shapes_that_lead_to_each_other_in_circles_are_each_shown_once(schemas: Document):
    said = {
        "operationId": "turn",
        "requestBody": {"content": {JSON: {"schema": {"$ref": "#/components/schemas/A"}, "example": 1}}},
        "responses": {"200": {"description": "", "content": {JSON: {"schema": {"type": "array", "items": NAMED_A}}}}},
    }
    document = {
        "info": {"title": "", "version": ""},
        "paths": {"/": {"post": said}},
        "components": {"schemas": schemas},
    }
    found = reference(document)
    body = found.groups[0].operations[0].body
    assert body is not None
    compound = {"anyOf", "properties", "items", "$ref", "additionalProperties"}
    expected = {name for name in {"A"} | every_reference(schemas, "A") if compound & schemas[name].keys()}
    assert Counter(one.name for one in body.shapes) == Counter(expected - {"A"})
    assert Counter(one.name for one in found.shapes) == Counter(expected)


NAMED_A = {"$ref": "#/components/schemas/A"}


def every_reference(schemas: Document, name: str) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = set(references(schemas[waiting.pop()])) - found
        found |= new
        waiting += new
    return found
