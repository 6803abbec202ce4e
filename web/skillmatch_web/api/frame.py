"""The frame of the API: how a view reads, how one writes once, and what becomes of its answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from hashlib import sha256
from typing import Any, TypeVar

from flask import Response, g, request
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag
from pydantic import BaseModel

from skillmatch.workspace import Answered
from skillmatch_web.addresses import API, workspace
from skillmatch_web.api.problems import Problem
from skillmatch_web.sight import sight

api = APIBlueprint("api", __name__, url_prefix=API)

View = TypeVar("View", bound=Callable[..., Any])
KEY = "Idempotency-Key"
MOST_KEY = 200
KEY_SHAPE = re.compile("^[!-~]([ -~]*[!-~])?$")
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a view answers. `etag` names the state of what is read, as `weak` or `strong` make it."""

    body: BaseModel
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """What the documentation says of an endpoint beside its parameters and answer."""

    writes: bool = False
    etag: bool = False
    if_match: bool = False
    body: bool = False
    paged: bool = False
    files: tuple[str, ...] = ()
    status: int = 200


OPERATIONS: dict[str, Operation] = {}
"""By endpoint."""


def reads(
    rule: str, answer: type[BaseModel], tag: str, *, etag: bool = False, paged: bool = False
) -> Callable[[View], View]:
    """Make a view one that is read at an address."""

    def made(view: View) -> View:
        OPERATIONS[f"api.{view.__name__}"] = Operation(etag=etag, paged=paged)

        @wraps(view)
        def shown(**given: Any) -> Response:
            found = _answer(view(**given))
            if found.etag and request.if_none_match.contains_weak(found.etag.removeprefix("W/").strip('"')):
                return Response(status=304, headers={"ETag": found.etag})
            return _response(found)

        api.get(rule, responses={200: answer}, tags=[Tag(name=tag)], operation_id=view.__name__)(shown)
        return view

    return made


def sends(rule: str, files: tuple[str, ...], tag: str) -> Callable[[View], View]:
    """Make a view one that answers a file, of one of several media types, unless the ETag says it is known."""

    def made(view: View) -> View:
        OPERATIONS[f"api.{view.__name__}"] = Operation(etag=True, files=files)
        content = {media: {"schema": {"type": "string"}} for media in files}
        answer = {"description": "The file", "content": content}
        api.get(rule, responses={200: answer}, tags=[Tag(name=tag)], operation_id=view.__name__)(view)
        return view

    return made


def writes(
    method: str, rule: str, answer: type[BaseModel], tag: str, *, status: int = 200, if_match: bool = False
) -> Callable[[View], View]:
    """Make a view one that writes: in one transaction, which counts once under an Idempotency-Key."""

    def made(view: View) -> View:
        takes = "body" in view.__annotations__
        OPERATIONS[f"api.{view.__name__}"] = Operation(writes=True, if_match=if_match, body=takes, status=status)

        @wraps(view)
        def done(**given: Any) -> Response:
            return _once(lambda: _answer(view(**given)))

        route = getattr(api, method)
        route(rule, responses={status: answer}, tags=[Tag(name=tag)], operation_id=view.__name__)(done)
        return view

    return made


def _answer(found: BaseModel | Answer) -> Answer:
    return found if isinstance(found, Answer) else Answer(found)


def _response(answer: Answer) -> Response:
    etag = {"ETag": answer.etag} if answer.etag else {}
    return Response(answer.body.model_dump_json(), answer.status, {**answer.headers, **etag}, content_type=JSON)


def _once(act: Callable[[], Answer]) -> Response:
    """Answer a request that writes; the same one again under one key is answered the same."""

    def kept() -> Answered:
        made = act()
        etag = {"ETag": made.etag} if made.etag else {}
        return Answered(made.status, {**made.headers, **etag}, made.body.model_dump_json())

    found, again = workspace().once(sight().account.id, asked_key(), _fingerprint(), kept)
    response = Response(found.body, found.status, found.headers, content_type=JSON)
    if again:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def asked_key() -> str | None:
    """Return the key of a request that is to count once, None for one without."""
    key = request.headers.get(KEY)
    if key is None:
        return None
    if len(key) > MOST_KEY or not KEY_SHAPE.fullmatch(key):
        raise Problem("malformed", f"{KEY} has {len(key)} characters: expected 1 to {MOST_KEY} of printable ASCII")
    return key


def _fingerprint() -> str:
    """Return the hash of all that matters of a request: what it asks for, of which state, by which token's account."""
    parts = (request.method, request.full_path, request.headers.get("If-Match", ""))
    said = "\0".join(parts).encode("utf-8", "surrogatepass")
    return sha256(said + b"\0" + request.get_data(cache=True)).hexdigest()


def strong(body: BaseModel) -> str:
    """Return the ETag of exactly this answer."""
    return f'"{sha256(body.model_dump_json().encode()).hexdigest()[:32]}"'


def weak(*parts: object) -> str:
    """Return the ETag of a state that is told by its parts; what is computed from it may differ in the last bits."""
    return f'W/"{"-".join(map(str, parts))}"'


def check_match(current: Answer) -> None:
    """Raise the problem to tell unless the request was made for the state as it is."""
    if "If-Match" not in request.headers:
        raise Problem("precondition", "a change needs If-Match with the ETag of what it is made on")
    if not request.if_match.contains(current.etag.strip('"')):
        body = current.body.model_dump(mode="json")
        raise Problem("changed", "it was changed since you read it", etag=current.etag, current=body)


def scopes() -> tuple[str, ...]:
    """Return what the token of this request is good for."""
    return tuple(g.bearer.token.scopes)
