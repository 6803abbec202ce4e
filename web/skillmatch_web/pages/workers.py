"""Everybody, with a search."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch_web.addresses import today, workspace
from skillmatch_web.paging import Paging, page_asked_for
from skillmatch_web.people import find_workers, nobody

blueprint = Blueprint("workers", __name__)

PAGE_SIZE = 50


@blueprint.get("/workers")
def show() -> str | Response:
    """Show a page of workers."""
    search = request.args.get("search", "").strip()
    everybody = workspace().workers()
    found = find_workers(everybody, search)
    number = page_asked_for()
    paging = Paging(number, PAGE_SIZE, len(found))
    if number > paging.pages:
        return redirect(url_for("workers.show", search=search, page=paging.pages))
    return render_template(
        "workers.html",
        workers=found[paging.first - 1 : paging.last],
        paging=paging,
        search=search,
        advice=nobody(everybody, search) if search and not found else "",
        today=today(),
    )
