"""All skills, with a search: by any of their names, by kind and by family."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch.errors import NotFound
from skillmatch.model import SkillKind, Worker
from skillmatch_web.addresses import workspace
from skillmatch_web.paging import Paging, page_asked_for
from skillmatch_web.sight import Sight, sight
from skillmatch_web.skill_words import KINDS

blueprint = Blueprint("skills", __name__)

PAGE_SIZE = 50
LONGEST_SEARCH = 200
ORDERS = ("name", "people", "demand")


def counts(seen: Sight, worker: Worker) -> bool:
    """Return whether somebody is in what one sees of a skill: to a worker, who is named to her anyway, everybody is."""
    return not seen.dispatches or seen.sees(worker)


@blueprint.get("/skills")
def show() -> str | Response:
    """Show a page of skills."""
    search = request.args.get("search", "").strip()[:LONGEST_SEARCH]
    kind, below, order = (request.args.get(name, "") for name in ("kind", "below", "order"))
    kind, order = kind if kind in set(SkillKind) else "", order if order in ORDERS else "name"
    book, seen, number = workspace().skillbook, sight(), page_asked_for()
    try:
        family = book.skill(below) if below else None
    except NotFound:
        family, below = None, ""
    found = book.list(
        search=search,
        kind=SkillKind(kind) if kind else None,
        below=family.id if family else "",
        order=order,
        sees=lambda worker: counts(seen, worker),
        jobs=seen.jobs(),
        first=(number - 1) * PAGE_SIZE,
        most=PAGE_SIZE,
    )
    paging = Paging(number, PAGE_SIZE, found.total)
    asked: dict[str, Any] = {"search": search or None, "kind": kind or None, "below": below or None}
    asked["order"] = order if order != "name" else None
    if number > paging.pages:
        return redirect(url_for("skills.show", page=paging.pages, **asked))
    return render_template(
        "skills.html",
        found=found,
        paging=paging,
        asked=asked,
        order=order,
        kinds=KINDS,
        families=book.families(),
        family=family,
        others=seen.workers()[1] if seen.dispatches else 0,
    )
