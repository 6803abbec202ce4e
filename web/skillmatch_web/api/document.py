"""The description of the API in OpenAPI 3.1: what the views say of themselves, and what all of them have in common."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from flask_openapi.models.info import Info
from flask_openapi.openapi import OpenAPI

from skillmatch import __version__
from skillmatch.accounts import Role
from skillmatch_web.api.access import TABLE, Entry
from skillmatch_web.api.examples import EXAMPLES
from skillmatch_web.api.frame import KEY, KEY_SHAPE, OPERATIONS, Operation
from skillmatch_web.api.problems import DOCS, KINDS, MEDIA

INFO = Info(
    title="skillmatch",
    version=__version__,
    description=(
        "Who can really do this job? Jobs, rankings with reasons, decisions, evidence and beliefs. What an account "
        "sees on the pages it sees here; numbers are the same to the bit. Ids in addresses write / as ~2F and ~ as ~7E."
    ),
)
KEPT = "described"
COMMON = ("malformed", "unauthorized", "forbidden", "not-found", "method", "too-many", "error", "unavailable")
OPEN = ("error", "unavailable")
WRITING = ("conflict", "too-large", "invalid")


def described(app: OpenAPI) -> dict[str, Any]:
    """Return the description, made once."""
    if KEPT not in app.extensions:
        app.extensions[KEPT] = _made(app)
    found: dict[str, Any] = app.extensions[KEPT]
    return found


def _made(app: OpenAPI) -> dict[str, Any]:
    found = deepcopy(app.api_doc)
    found["openapi"] = "3.1.0"
    components = found["components"]
    components["schemas"].pop("ValidationErrorModel", None)
    components["schemas"]["Problem"] = _problem()
    for field in components["schemas"]["JobChange"]["properties"].values():
        field.pop("default", None)  # what is left out stays as it is
    components["responses"] = {name: _response(name) for name in KINDS}
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "Made under Your account, Tokens for programs"}
    }
    for item in found["paths"].values():
        for operation in item.values():
            _complete(operation)
    return found


def _complete(operation: dict[str, Any]) -> None:
    endpoint = f"api.{operation['operationId']}"
    entry, known = TABLE[endpoint], OPERATIONS[endpoint]
    operation["responses"].pop("422", None)
    operation["security"] = [] if entry.open else [{"token": []}]
    operation["description"] = _who(entry)
    _headers(operation, known)
    asked = bool(operation.get("parameters"))
    for name in _problems(entry, known, asked):
        _add(operation["responses"], name)
    if known.body:
        content = operation["requestBody"]["content"]["application/json"]
        content["examples"] = {name: {"value": value} for name, value in EXAMPLES[operation["operationId"]].items()}
    success = operation["responses"][str(known.status)]
    if known.etag or known.if_match:
        success.setdefault("headers", {})["ETag"] = {"schema": {"type": "string"}}
    if known.etag:
        operation["responses"]["304"] = {
            "description": "As it was",
            "headers": {"ETag": {"schema": {"type": "string"}}},
        }
    if known.files:
        success.setdefault("headers", {})["X-Total-Count"] = {
            "description": "How many rows it has",
            "schema": {"type": "string", "pattern": "^[0-9]+$"},
        }
    if known.paged:
        success.setdefault("headers", {})["Link"] = {
            "description": "Where other parts of the list are (RFC 8288)",
            "schema": {"type": "string"},
        }
        success["headers"]["X-Total-Count"] = {"schema": {"type": "string", "pattern": "^[0-9]+$"}}
    if known.writes:
        success.setdefault("headers", {})["Idempotent-Replayed"] = {
            "description": "true: this is the answer of an earlier time",
            "schema": {"type": "string", "const": "true"},
        }
        if operation["operationId"].startswith("record") or operation["operationId"] == "retract_outcome":
            operation["responses"]["200"] = {**success, "description": "On record already"}


def _headers(operation: dict[str, Any], known: Operation) -> None:
    """Put the headers among the parameters that a request may or has to send."""
    parameters = operation.setdefault("parameters", [])
    if known.writes:
        said = "Counts the request once, for 24 hours: sent again, it is answered the same"
        shape = {"type": "string", "pattern": KEY_SHAPE.pattern, "minLength": 1, "maxLength": 200}
        parameters.append({"name": KEY, "in": "header", "description": said, "schema": shape})
    if known.if_match:
        said = "The ETag of what is to be changed, as it was read"
        parameters.append(
            {"name": "If-Match", "in": "header", "required": True, "description": said, "schema": {"type": "string"}}
        )
    if known.etag:
        said = "The ETag of what is known already"
        parameters.append({"name": "If-None-Match", "in": "header", "description": said, "schema": {"type": "string"}})
    if not parameters:
        del operation["parameters"]


def _problems(entry: Entry, known: Operation, asked: bool) -> list[str]:
    found = [*(OPEN if entry.open else COMMON), *(WRITING if known.writes else ("invalid",) if asked else ())]
    found += ["media-type"] if known.body else []
    found += ["not-acceptable"] if known.files else []
    found += ["changed", "precondition"] if known.if_match else []
    return found


def _add(responses: dict[str, Any], name: str) -> None:
    responses[str(KINDS[name].status)] = {"$ref": f"#/components/responses/{name}"}


def _who(entry: Entry) -> str:
    if entry.open:
        return "Needs no token."
    roles = ", ".join(role for role in Role if role in entry.roles)
    return f"Scope `{entry.scope}`. Roles: {roles}."


def _problem() -> dict[str, Any]:
    """Return the shape of RFC 9457 with what is ours."""
    text = {"type": "string"}
    one = {
        "type": "object",
        "properties": {"detail": text, "pointer": text, "parameter": text},
        "required": ["detail"],
    }
    return {
        "type": "object",
        "description": "What went wrong (RFC 9457)",
        "properties": {
            "type": {"type": "string", "format": "uri-reference", "pattern": f"^{DOCS}#[a-z-]+$"},
            "title": text,
            "status": {"type": "integer"},
            "detail": text,
            "errors": {"type": "array", "items": one},
            "current": {"type": "object", "description": "What it is now, where it was changed meanwhile"},
            "etag": text,
            "moved": {"type": "array", "items": text, "description": "What is different in a ranking now"},
            "writes": {"type": "integer"},
            "revision": {"type": "integer"},
        },
        "required": ["type", "title", "status", "detail"],
    }


def _response(name: str) -> dict[str, Any]:
    kind = KINDS[name]
    headers = {401: "WWW-Authenticate", 429: "Retry-After", 503: "Retry-After"}
    shown = {"type": f"{DOCS}#{name}", "title": kind.title, "status": kind.status, "detail": kind.advice}
    found: dict[str, Any] = {
        "description": f"{kind.title}. {kind.advice}",
        "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": shown}},
    }
    if kind.status in headers:
        found["headers"] = {headers[kind.status]: {"schema": {"type": "string"}}}
    return found
