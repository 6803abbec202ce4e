"""Who is overloaded: hours booked against those she is there for, and of what sort the work is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch.workspace import LOAD_ORDERS
from skillmatch_web.addresses import today, workspace
from skillmatch_web.asked import number, one_of, words
from skillmatch_web.languages import N_
from skillmatch_web.pages.thin import teams
from skillmatch_web.paging import Paging
from skillmatch_web.sight import sight

blueprint = Blueprint("load", __name__)

PAGE_SIZE = 25
ORDERS = {
    "load": N_("the fullest four weeks first"),
    "week": N_("the fullest this week first"),
    "next": N_("the fullest next week first"),
    "run": N_("the longest without a free day first"),
    "name": N_("by name"),
}
assert ORDERS.keys() == set(LOAD_ORDERS)
SCALE, FULL = 1000.0, 1000.0 / 1.5
"""A bar is so wide; at `FULL` she has as much as she is there for, so that half as much again is seen."""


@dataclass(frozen=True, slots=True)
class Fill:
    """A bar in thousandths: the part within what she is there for, and the part over it."""

    within: float
    over: float


def fill(minutes: float, full: float) -> Fill:
    """Return the bar of so many minutes of `full` ones."""
    width = min(minutes / full * FULL, SCALE) if full > 0 else (SCALE if minutes > 0 else 0.0)
    within = min(width, FULL) if full > 0 else 0.0
    return Fill(round(within, 1), round(width - within, 1))


@blueprint.get("/load")
def show() -> str | Response:
    """Show a page of workers with their load."""
    order, search, team = one_of("order", ORDERS, "load"), words("search"), words("team")
    only = 1 if "over" in request.args else None
    page = number("page")
    found = workspace().loads(
        teams=sight().teams,
        team=team,
        search=search,
        order=order,
        offset=(page - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
        only_overloaded=bool(only),
    )
    paging = Paging(page, PAGE_SIZE, found.total)
    parts: dict[str, Any] = {"order": order, "search": search, "team": team, "over": only}
    if page > paging.pages:
        return redirect(url_for("load.show", page=paging.pages, **parts))
    return render_template(
        "load.html",
        found=found,
        paging=paging,
        parts_of_address=parts,
        orders=ORDERS,
        teams=teams(),
        fill=fill,
        full=round(FULL, 1),
        hidden=sight().workers()[1] if sight().teams else 0,
        today=today(),
        now=workspace().now(),
    )
