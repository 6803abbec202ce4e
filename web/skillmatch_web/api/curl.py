"""A command with curl for each operation of the API, made from the examples and types of its description."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from shlex import quote as shell
from typing import Any
from urllib.parse import quote

from skillmatch_web.addresses import API
from skillmatch_web.api.frame import JSON, KEY

WIDE = 60
"""A body of more characters is written over several lines."""
FORMATS = {
    "date": "2026-11-23",
    "date-time": "2026-11-23T08:00:00Z",
    "uri-reference": "/",
    "uri": "https://example.org/",
}
Schemas = Mapping[str, Any]


def command(method: str, path: str, operation: Mapping[str, Any], schemas: Schemas) -> str:
    """Return a command for a shell in which $API is where the API is, $TOKEN a token, and $ETAG what was read."""
    method = method.upper()
    given = [one for one in operation.get("parameters", ()) if one["in"] == "path" or one.get("required")]
    first = f'curl -sS{"" if method == "GET" else f" -X {method}"} "$API{_address(path, given, schemas)}"'
    options = [] if not operation.get("security") else ['-H "Authorization: Bearer $TOKEN"']
    if "requestBody" in operation:
        options.append(f'-H "Content-Type: {JSON}"')
    options += [f'-H "{one["name"]}: $ETAG"' for one in given if one["in"] == "header"]
    if any(one["name"] == KEY for one in operation.get("parameters", ())):
        options.append(f'-H "{KEY}: {operation["operationId"].replace("_", "-")}-4711"')
    if "requestBody" in operation:
        options.append(f"-d {shell(_written(example(operation['requestBody'], schemas)))}")
    return " \\\n  ".join([first, *options])


def _address(path: str, given: list[Any], schemas: Schemas) -> str:
    here = path.removeprefix(API)
    for one in given:
        if one["in"] == "path":
            here = here.replace(f"{{{one['name']}}}", _quoted(one, schemas))
    asked = "&".join(f"{one['name']}={_quoted(one, schemas)}" for one in given if one["in"] == "query")
    return f"{here}?{asked}" if asked else here


def _quoted(parameter: Mapping[str, Any], schemas: Schemas) -> str:
    return quote(str(parameter["example"] if "example" in parameter else sample(parameter["schema"], schemas)), safe="")


def _written(body: Any) -> str:
    line = json.dumps(body, ensure_ascii=False)
    return line if len(line) <= WIDE else json.dumps(body, ensure_ascii=False, indent=2).replace("\n", "\n  ")


def example(request: Mapping[str, Any], schemas: Schemas) -> Any:
    """Return a body that a request may have: the first example, or one made from the types."""
    content = request["content"][JSON]
    for one in content.get("examples", {}).values():
        return one["value"]
    if "example" in content:
        return content["example"]
    return sample(content["schema"], schemas)


def sample(schema: Mapping[str, Any], schemas: Schemas) -> Any:
    """Return a value that a schema takes, as short as may be; a `pattern` is met only by an example or a default."""
    if "$ref" in schema:
        return sample(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    for word in ("examples", "enum"):
        if schema.get(word):
            return schema[word][0]
    for word in ("const", "default"):
        if word in schema:
            return schema[word]
    for word in ("oneOf", "anyOf"):
        if word in schema:
            return sample(schema[word][0], schemas)
    kind = schema.get("type", "object")
    return MAKERS[kind[0] if isinstance(kind, list) else kind](schema, schemas)


def _object(schema: Mapping[str, Any], schemas: Schemas) -> dict[str, Any]:
    known = schema.get("properties", {})
    return {name: sample(known.get(name, {}), schemas) for name in schema.get("required", ())}


def _array(schema: Mapping[str, Any], schemas: Schemas) -> list[Any]:
    return [sample(schema["items"], schemas) for _ in range(schema.get("minItems", 0))]


def _string(schema: Mapping[str, Any], _schemas: Schemas) -> str:
    made = FORMATS.get(schema.get("format", ""), "text")
    return made.ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength")]


def _number(schema: Mapping[str, Any], _schemas: Schemas) -> int | float:
    """Return a number within bounds, a whole one where one lies between them."""
    if "minimum" in schema:
        return schema["minimum"]  # type: ignore[no-any-return]
    if "maximum" in schema:
        return schema["maximum"]  # type: ignore[no-any-return]
    low, high = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if low is None:
        return 1 if high is None else high - 1
    return low + 1 if high is None or low + 1 < high else (low + high) / 2  # type: ignore[no-any-return]


MAKERS: Mapping[str, Callable[[Mapping[str, Any], Schemas], Any]] = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": _number,
    "number": _number,
    "boolean": lambda _schema, _schemas: True,
    "null": lambda _schema, _schemas: None,
}
