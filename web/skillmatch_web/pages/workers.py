"""Everybody, with a search."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch.model import Worker
from skillmatch_web.addresses import today, workspace
from skillmatch_web.paging import Paging, page_asked_for
from skillmatch_web.people import find_workers, nobody
from skillmatch_web.sight import sight

blueprint = Blueprint("workers", __name__)

PAGE_SIZE = 50


@blueprint.get("/workers")
def show() -> str | Response:
    """Show a page of workers."""
    search = request.args.get("search", "").strip()
    seen, others = sight().workers()
    if not sight().dispatches:
        return _colleagues(search)
    found = find_workers(seen, search)
    number = page_asked_for()
    paging = Paging(number, PAGE_SIZE, len(found))
    if number > paging.pages:
        return redirect(url_for("workers.show", search=search, page=paging.pages))
    return render_template(
        "workers.html",
        workers=found[paging.first - 1 : paging.last],
        paging=paging,
        search=search,
        advice=nobody(seen, search) if search and not found else "",
        others=others,
        today=today(),
    )


def _colleagues(search: str) -> str | Response:
    """Show a worker herself and the names of the others, and nothing else by which they could be found."""
    everybody, number = workspace().workers(), page_asked_for()
    # Searched by name alone: a match by team or id would tell it.
    found = find_workers([Worker(worker.name, worker.name) for worker in everybody if worker.name], search)
    paging = Paging(number, PAGE_SIZE, len(found))
    if number > paging.pages:
        return redirect(url_for("workers.show", search=search, page=paging.pages))
    return render_template(
        "colleagues.html",
        names=[worker.name for worker in found[paging.first - 1 : paging.last]],
        own=[worker for worker in everybody if sight().sees(worker)],
        paging=paging,
        search=search,
    )
