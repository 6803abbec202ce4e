"""What goes wrong in the API, in the one shape of RFC 9457: application/problem+json."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException, SecurityError

from skillmatch.errors import Conflict, NotAllowed, NotFound, SkillmatchError, StoreError, TryLater
from skillmatch.workspace import KeyUsed

DOCS = "/api/docs"
MEDIA = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its status, what it is called, and what to do about it."""

    status: int
    title: str
    advice: str


KINDS: dict[str, Kind] = {
    "malformed": Kind(
        400, "The request cannot be read", "Send UTF-8 JSON as RFC 8259 has it, and headers as described."
    ),
    "unauthorized": Kind(401, "No valid token", "Send Authorization: Bearer with a token that holds."),
    "forbidden": Kind(403, "The token may not do this", "Use a token with the scope, or an account with the role."),
    "not-found": Kind(404, "Not found", "It is not there, or the account does not see it. Check the address."),
    "method": Kind(405, "Not in this way", "Use one of the methods that the header Allow names."),
    "not-acceptable": Kind(
        406, "Not in this form", "Accept one of the media types that are described, or name a form by format."
    ),
    "conflict": Kind(409, "It contradicts what is there", "Read it again, then decide anew."),
    "stale": Kind(409, "The ranking would be another now", "Read the ranking again and decide on that one."),
    "changed": Kind(412, "It was changed meanwhile", "Compare with current, then send again with its ETag."),
    "too-large": Kind(413, "That is too much", "Send less at once."),
    "media-type": Kind(415, "Not JSON", "Send Content-Type: application/json."),
    "invalid": Kind(422, "Not all values can be taken", "Correct what errors lists; nothing was written."),
    "key-used": Kind(422, "The key was used for another request", "Draw a new Idempotency-Key for a new request."),
    "precondition": Kind(428, "Say what you saw", "Send If-Match with the ETag of what is to be changed."),
    "too-many": Kind(429, "Too many wrong tokens", "Wait as long as Retry-After says."),
    "error": Kind(500, "Something went wrong on our side", "Try again; the log of the server says more."),
    "unavailable": Kind(503, "The database cannot be used just now", "Try again in a moment."),
}
"""Every kind of problem, by the end of its type."""
BY_STATUS = {kind.status: name for name, kind in reversed(KINDS.items())}


class Problem(SkillmatchError):
    """A problem that a view finds itself; `more` are members of its own."""

    def __init__(self, kind: str, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.kind, self.more = kind, more


def answer(kind: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> Response:
    """Return a problem as an answer."""
    found = KINDS[kind]
    body = {"type": f"{DOCS}#{kind}", "title": found.title, "status": found.status, "detail": detail, **more}
    response = Response(json.dumps(body), found.status, content_type=MEDIA)
    response.headers.update(headers or {})
    return response


def of(error: Exception) -> Response:
    """Return the answer to an error."""
    if isinstance(error, Problem):
        return answer(error.kind, str(error), **error.more)
    if isinstance(error, TryLater):
        detail = f"wrong tokens came too often from this address: wait {error.seconds} seconds"
        return answer("too-many", detail, headers={"Retry-After": str(error.seconds)})
    if isinstance(error, StoreError):
        return answer("unavailable", "the database cannot be used just now", headers={"Retry-After": "5"})
    found = {KeyUsed: "key-used", NotFound: "not-found", Conflict: "conflict", NotAllowed: "forbidden"}
    kind = next((name for cls, name in found.items() if isinstance(error, cls)), "invalid")
    more: dict[str, Any] = {"errors": [{"detail": str(error)}]} if kind == "invalid" else {}
    return answer(kind, str(error), **more)


def http(error: HTTPException) -> Response:
    """Return the answer to an error of HTTP; its words are ours."""
    if isinstance(error, SecurityError):
        return answer("malformed", "the API does not answer to this name: ask your administrator for the right one")
    kind = BY_STATUS.get(error.code or 500, "malformed" if (error.code or 500) < 500 else "error")
    response = answer(kind, KINDS[kind].advice)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after", "www-authenticate"):
            response.headers[name] = value
    return response


def unauthorized(detail: str, *, error: str = "") -> Response:
    """Return the answer to whoever shows no token, or one that does not hold."""
    said = f', error="{error}"' if error else ""
    return answer("unauthorized", detail, headers={"WWW-Authenticate": f'Bearer realm="skillmatch"{said}'})


def invalid(error: ValidationError) -> Response:
    """Return what is wrong with a request, value by value."""
    body = request.get_json(silent=True) if request.is_json else None
    errors = [_said(error.title, body, one["loc"], one["msg"]) for one in error.errors(include_url=False)]
    return answer("invalid", "; ".join(one["detail"] for one in errors)[:2000], errors=errors[:100])


def _said(part: str, body: Any, place: Sequence[int | str], message: str) -> dict[str, str]:
    detail = message.removeprefix("Value error, ").removeprefix("Assertion failed, ")
    if part.endswith(("Query", "Path")):
        return {"detail": detail, "parameter": str(place[0]) if place else ""}
    return {"detail": detail, "pointer": pointer(body, place)}


def pointer(body: Any, place: Sequence[int | str]) -> str:
    """Return where in a JSON text something is, as RFC 6901 writes it; names that only a schema knows are left out.

    >>> pointer({"needs": [{"skill": "x"}]}, ("needs", 0, "~skill", "level"))
    '#/needs/0/level'
    """
    found, here = "#", body
    for number, part in enumerate(place):
        known = part in here if isinstance(here, dict) else isinstance(here, list) and isinstance(part, int)
        if known or (number == len(place) - 1 and not str(part).startswith("~") and isinstance(here, dict)):
            found += "/" + str(part).replace("~", "~0").replace("/", "~1")
            here = here[part] if known and (isinstance(here, dict) or int(part) < len(here)) else None
    return found
