"""The customers, with a search."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch_web.addresses import workspace
from skillmatch_web.paging import Paging, page_asked_for
from skillmatch_web.sight import sight

blueprint = Blueprint("customers", __name__)

PAGE_SIZE = 50


@blueprint.get("/customers")
def show() -> str | Response:
    """Show a page of customers; to a worker, those of her jobs."""
    search = request.args.get("search", "").strip()
    number, seen = page_asked_for(), sight().places()
    among = None if seen is None else seen[1]
    found, total = workspace().places.customers(search, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE, among=among)
    paging = Paging(number, PAGE_SIZE, total)
    if number > paging.pages:
        return redirect(url_for("customers.show", search=search, page=paging.pages))
    return render_template("customers.html", customers=found, paging=paging, search=search)
