"""What programs can ask, and how: the description of the API to try out, from files of our own alone."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from flask import Blueprint, abort, render_template, send_from_directory
from werkzeug.wrappers import Response

from skillmatch_web.api.problems import KINDS

blueprint = Blueprint("docs", __name__)

ASSETS = {
    "swagger-ui.css": "css",
    "swagger-ui-bundle.js": "js",
}
"""The files that are taken from the package, and where they lie in it."""


@blueprint.get("/api/docs")
def show() -> str:
    """Show what the API takes and answers, and what each problem means."""
    return render_template("docs.html", problems=KINDS)


@blueprint.get("/api/docs/<asset>")
def asset(asset: str) -> Response:
    """Send a file of the page's."""
    if asset not in ASSETS:
        abort(404)
    folder = Path(str(files("flask_openapi_swagger") / "templates" / "swagger" / ASSETS[asset]))
    return send_from_directory(folder, asset)
