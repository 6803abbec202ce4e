"""The board: jobs with filters that stand in the address, with who is promised, and how all open jobs stand."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch_web.addresses import workspace
from skillmatch_web.board import ORDERS, PROMISED, Asked, chips, cleared, lines, shortcuts
from skillmatch_web.languages import N_
from skillmatch_web.paging import Paging, page_asked_for
from skillmatch_web.sight import sight
from skillmatch_web.words import PRIORITIES, STATUSES

blueprint = Blueprint("jobs", __name__)

PAGE_SIZE = 25


@blueprint.get("/")
def show() -> str | Response:
    """Show a page of jobs."""
    asked = Asked.of_address()
    if "" in request.args.values():  # a form was sent: its address without what was left empty is to be kept
        return redirect(url_for("jobs.show", **asked.address()))
    number = page_asked_for()
    found = workspace().board(asked.wanted(), limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE, among=sight().jobs())
    paging = Paging(number, PAGE_SIZE, found.total)
    if number > paging.pages:
        return redirect(url_for("jobs.show", **asked.address(), page=paging.pages))
    types = workspace().job_types()
    return render_template(
        "jobs.html",
        asked=asked,
        lines=lines(found),
        counts=found.counts,
        shortcuts=shortcuts(found.counts, asked),
        paging=paging,
        chips=chips(asked, {type.id: type.name for type in types}),
        cleared=cleared(asked),
        types=types,
        teams=asked.teams(),
        orders=ORDERS,
        for_when=PROMISED,
        statuses={**{key.value: word for key, word in STATUSES.items()}, "all": N_("all")},
        priorities=PRIORITIES,
        today=found.today,
    )
