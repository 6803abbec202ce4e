"""The overview: what presses, on one screen; managers begin here."""

from __future__ import annotations

from flask import Blueprint, render_template

from skillmatch_web.addresses import workspace
from skillmatch_web.pressing import BLOCKS
from skillmatch_web.sight import sight

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
