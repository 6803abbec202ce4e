"""Addresses of pages: any id of the company's fits into one segment, and back."""

from __future__ import annotations

import re
from datetime import date

from flask import current_app, request
from werkzeug.routing import BaseConverter, ValidationError

from skillmatch.workspace import Workspace

EXTENSION = "skillmatch"
API = "/api/v1"
"""Where the addresses of programs begin."""
NEW = "new"
"""The page for a new job stands at this place among the jobs."""


class IdConverter(BaseConverter):
    """An id as one segment of a path.

    Servers decode `%2F` before they look for slashes, and browsers take `.` and `..` for folders however they are
    written. So what has a meaning in paths is written with a tilde, `~2F`; all else is quoted as usual.
    """

    def to_url(self, value: str) -> str:
        escaped = value.replace("~", "~7E").replace("/", "~2F")
        if escaped in (".", ".."):
            escaped = escaped.replace(".", "~2E")
        if escaped == NEW:
            escaped = "~6E" + escaped[1:]
        return super().to_url(escaped)

    def to_python(self, value: str) -> str:
        plain = re.sub("~(2E|2F|6E|7E)", lambda found: chr(int(found[1], 16)), value)
        if re.search("~(?!2E|2F|6E|7E)", value):
            raise ValidationError
        return plain


def workspace() -> Workspace:
    """Return the workspace whose pages are served."""
    found = current_app.extensions[EXTENSION]
    assert isinstance(found, Workspace)
    return found


def is_api() -> bool:
    """Return whether the request is one of a program's."""
    return request.path == API or request.path.startswith(API + "/")


def today() -> date:
    """Return the day it is on the company's clock."""
    found = workspace()
    return found.now().astimezone(found.zone).date()
