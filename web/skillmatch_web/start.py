"""Where each role begins: the bare address leads a worker to her day and a manager to the overview."""

from __future__ import annotations

from typing import Any

from flask import Flask, redirect, request, url_for
from werkzeug.wrappers import Response

from skillmatch.accounts import Role
from skillmatch_web.sight import me

START = {Role.WORKER: "today.show", Role.MANAGER: "overview.show"}
"""Everybody else begins with the jobs."""


def install(app: Flask) -> None:
    """Lead whoever opens the bare address to where her role begins; comes after admission, which says who she is."""
    app.before_request(begin)
    app.url_defaults(keep_jobs_in_reach)


def begin() -> Response | None:
    """Lead on from the bare address."""
    bare = request.path == "/" and not request.query_string and request.method == "GET"
    start = _start() if bare else None
    return redirect(url_for(start)) if start else None


def keep_jobs_in_reach(endpoint: str, values: dict[str, Any]) -> None:
    """Give links to the jobs an address that does not lead elsewhere."""
    if endpoint == "jobs.show" and not values and _start():
        values["status"] = "open"


def _start() -> str | None:
    account = me()
    return START.get(account.role) if account is not None else None
