"""Certificates that run out or have: of whom, how to reach her, and which jobs that stands in the way of."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch_web.addresses import today, workspace
from skillmatch_web.languages import N_
from skillmatch_web.paging import Paging, page_asked_for
from skillmatch_web.sight import sight

blueprint = Blueprint("expiring", __name__)

PAGE_SIZE, MOST_JOBS = 50, 3
WITHIN = {
    "0": N_("expired only"),
    "30": N_("within 30 days"),
    "60": N_("within 60 days"),
    "90": N_("within 90 days"),
    "all": N_("all that end"),
}
USUAL = "60"


@blueprint.get("/certificates")
def show() -> str | Response:
    """List what has expired, then what runs out next."""
    asked = request.args.get("within", USUAL)
    within = asked if asked in WITHIN else USUAL
    team, type = request.args.get("team", ""), request.args.get("type", "")
    everything = workspace().papers.running_out(None if within == "all" else int(within), sees=sight().sees)
    found = [
        one
        for one in everything
        if (not team or one.worker.team == team)
        and (not type or one.certification.type == type)
        and (within != "0" or one.days < 0)
    ]
    number = page_asked_for()
    paging = Paging(number, PAGE_SIZE, len(found))
    if number > paging.pages:
        return redirect(url_for("expiring.show", within=within, team=team, type=type, page=paging.pages))
    seen, others = sight().workers()
    return render_template(
        "expiring.html",
        found=found[paging.first - 1 : paging.last],
        expired=sum(one.days < 0 for one in found),
        paging=paging,
        within=within,
        choices=WITHIN,
        team=team,
        teams=sorted({worker.team for worker in seen if worker.team}),
        type=type,
        types=workspace().papers.types(),
        others=others,
        most_jobs=MOST_JOBS,
        today=today(),
    )
