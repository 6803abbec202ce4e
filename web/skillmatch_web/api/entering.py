"""Letting programs in: whose token is shown, what it is good for, and whether what was sent can be read."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, abort, g, request

from skillmatch.errors import NotAllowed, TryLater
from skillmatch_web.addresses import workspace
from skillmatch_web.admission import came_from
from skillmatch_web.api import problems
from skillmatch_web.api.access import TABLE
from skillmatch_web.api.frame import OPERATIONS
from skillmatch_web.api.problems import Problem, unauthorized
from skillmatch_web.languages import FIRST
from skillmatch_web.sight import LIMITS, Sight

DEEPEST = 60
"""Brackets within brackets; needs may lie 20 deep within each other."""


def admit() -> Response | None:
    """Let the request through, or say why not."""
    g.me = g.sight = None
    g.language = FIRST
    entry = TABLE.get(request.endpoint or "")
    if entry is None:
        abort(404)
    if entry.open:
        return None
    refusal = _identify()
    if refusal is not None:
        return refusal
    if g.me.role not in entry.roles:
        raise Problem("not-found", "there is nothing here for this account")
    if entry.scope not in g.bearer.token.scopes:
        detail = f"this needs a token with the scope {entry.scope}: yours has {', '.join(g.bearer.token.scopes)}"
        response = problems.answer("forbidden", detail)
        challenge = f'Bearer realm="skillmatch", error="insufficient_scope", scope="{entry.scope}"'
        response.headers["WWW-Authenticate"] = challenge
        return response
    for limit in entry.limits:
        LIMITS[limit](g.sight, request.view_args or {})
    if OPERATIONS[request.endpoint or ""].body:
        check_body()
    return None


def _identify() -> Response | None:
    """Find out for whom the program acts, or return what to tell it."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        return unauthorized("send Authorization: Bearer with a token; make one under Your account, Tokens for programs")
    try:
        g.bearer = workspace().tokens.whose(secret.strip(), address=came_from())
    except TryLater:
        raise
    except NotAllowed as error:
        return unauthorized(str(error), error="invalid_token")
    g.me, g.sight = g.bearer.account, Sight(g.bearer.account)
    return None


def check_body() -> None:
    """Raise the problem to tell unless the body is one JSON object as everybody reads it."""
    if request.mimetype != "application/json":
        raise Problem("media-type", f"the body is {request.mimetype or 'of no type'}: expected application/json")
    data = request.get_data(cache=True)
    try:
        found = json.loads(data.decode("utf-8"), parse_constant=_no_number, object_pairs_hook=_once_each)
    except (ValueError, RecursionError) as error:
        said = "it lies too deep within itself" if isinstance(error, RecursionError) else str(error)
        raise Problem("malformed", f"the body is no JSON: {said}") from None
    if not isinstance(found, dict):
        errors = [{"detail": "expected an object", "pointer": "#"}]
        raise Problem("invalid", "the body is no object: expected one", errors=errors)
    if _depth(found) > DEEPEST:
        raise Problem("malformed", f"the body lies more than {DEEPEST} deep within itself")


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number of JSON")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object names a member twice")
    return found


def _depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_depth, inner), default=0) if isinstance(value, dict | list) else 0
