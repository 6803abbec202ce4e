"""Tables of the company as files to take away, as far as one sees them: CSV for programs, Excel for people."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

from flask import Blueprint, Response, render_template

from skillmatch_web.addresses import today, workspace
from skillmatch_web.sight import sight
from skillmatch_web.tables import TABLES, sent

blueprint = Blueprint("downloads", __name__)


@blueprint.get("/downloads")
def show() -> str:
    """List the tables."""
    tables = [(name, TABLES.get(name, name)) for name in sight().tables()]
    hidden = 0 if sight().everybody else sight().workers()[1]
    return render_template("downloads.html", tables=tables, whole=sight().takes_everything, hidden=hidden)


@blueprint.get("/downloads/all.<any(xlsx, zip):form>")
def whole(form: str) -> Response:
    """Send the tables, as sheets of a workbook or as CSV files in an archive."""
    names, portion = sight().tables(), sight().portion()
    return _sent(
        lambda target: workspace().downloads.write_all(target, form, names=names, portion=portion), "company", form
    )


@blueprint.get("/downloads/<table>.<any(csv, xlsx):form>")
def table(table: str, form: str) -> Response:
    """Send one table."""
    portion = sight().portion()
    return _sent(
        lambda target: workspace().downloads.write(table, target, form, portion=portion, marked=True), table, form
    )


@blueprint.get("/workers/<id:worker>/known.<any(xlsx, zip):form>")
def known(worker: str, form: str) -> Response:
    """Send everything that is known about a worker."""
    profile, private = workspace().profile(worker), sight().knows_why(worker)
    return _sent(lambda target: workspace().known.write(profile, target, form, private=private), "known", form)


def _sent(write: Callable[[IO[bytes]], object], called: str, form: str) -> Response:
    return sent(write, f"{called}-{today():%Y-%m-%d}", form)[0]
