"""The overview: what presses, on one screen; managers begin here."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch.accounts import Role
from skillmatch_web.addresses import workspace
from skillmatch_web.pressing import BLOCKS
from skillmatch_web.sight import me, sight

blueprint = Blueprint("overview", __name__)


@blueprint.get("/overview")
def show() -> str:
    """Show each block of what presses."""
    return render_template(
        "overview.html",
        blocks=[block().cut() for block in BLOCKS],
        hidden=sight().workers()[1] if sight().teams else 0,
        now=workspace().now(),
    )


@blueprint.before_app_request
def begin_here() -> Response | None:
    """Lead a manager who opens the bare address here."""
    bare = request.path == "/" and not request.query_string and request.method == "GET"
    return redirect(url_for("overview.show")) if bare and _manages() else None


@blueprint.app_url_defaults
def keep_jobs_in_reach(endpoint: str, values: dict[str, Any]) -> None:
    """Give links to the jobs an address that does not lead managers to the overview."""
    if endpoint == "jobs.show" and not values and _manages():
        values["status"] = "open"


def _manages() -> bool:
    account = me()
    return account is not None and account.role is Role.MANAGER
