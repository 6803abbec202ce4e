"""Where we are thin: what jobs ask for, and how few can do it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from skillmatch.workspace import Thin
from skillmatch_web.addresses import today, workspace
from skillmatch_web.asked import number, one_of, words
from skillmatch_web.languages import N_
from skillmatch_web.paging import Paging
from skillmatch_web.sight import sight

blueprint = Blueprint("thin", __name__)

PAGE_SIZE = 25
WHICH = {"thin": N_("where two or fewer can"), "one": N_("where one or nobody can"), "all": N_("everything asked for")}
MOST = {"thin": 2, "one": 1}
MOST_JOBS = 3
"""Open jobs that are named; how many more there are is said."""


@blueprint.get("/thin")
def show() -> str | Response:
    """Show what is asked for with who can do it, the most pressing first."""
    which, search, team = one_of("which", WHICH, "thin"), words("search"), words("team")
    policies = workspace().policies()
    policy = one_of("policy", policies, "balanced")
    found = workspace().thin(policy=policy, teams=(team,) if team in teams() else sight().teams)
    kept = [one for one in found if one.count <= MOST.get(which, one.count) and _matches(one, search)]
    paging = Paging(number("page"), PAGE_SIZE, len(kept))
    parts: dict[str, Any] = {"which": which, "search": search, "team": team, "policy": policy}
    if paging.page > paging.pages:
        return redirect(url_for("thin.show", page=paging.pages, **parts))
    return render_template(
        "thin.html",
        rows=kept[paging.first - 1 : paging.last],
        paging=paging,
        parts_of_address=parts,
        counts=[sum(one.count == count for one in found) for count in range(3)],
        asked=len(found),
        which=WHICH,
        policies=policies,
        teams=teams(),
        most_jobs=MOST_JOBS,
        hidden=sight().workers()[1] if sight().teams else 0,
        today=today(),
        now=workspace().now(),
    )


def teams() -> list[str]:
    """Return the teams one may choose among."""
    return sorted(sight().teams or workspace().teams())


def _matches(one: Thin, search: str) -> bool:
    text = f"{one.name} {one.id}".casefold()
    return all(word in text for word in search.casefold().split())
