"""All decisions, the newest first, and how they turned out."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch_web.addresses import workspace
from skillmatch_web.paging import Paging, page_asked_for
from skillmatch_web.sight import sight

blueprint = Blueprint("decisions", __name__)

PAGE_SIZE = 25


@blueprint.get("/decisions")
def show() -> str | Response:
    """Show a page of decisions, all or only those in which somebody was chosen, and the report on all of them."""
    people = {worker.id: worker for worker in workspace().workers()}
    everybody, sees = sight().everybody, partial(sight().sees_decision, people=people)
    report = workspace().decision_report(counts=sees)
    decided = 1 if "decided" in request.args else None
    number = page_asked_for()
    paging = Paging(number, PAGE_SIZE, report.decided if decided else report.shown)
    if number > paging.pages:
        return redirect(url_for("decisions.show", page=paging.pages, decided=decided))
    if decided or not everybody:
        kept = [one for one in workspace().decisions(limit=None) if sees(one) and (one.chosen or not decided)]
    else:
        kept = list(workspace().decisions(limit=paging.last))
    found = kept[paging.first - 1 : paging.last]
    return render_template(
        "decisions.html",
        report=report,
        rows=[(decision, workspace().job(decision.job).job) for decision in found],
        paging=paging,
        decided=decided,
        people=sight().names(people.values()),
        hidden=0 if everybody else len(workspace().decisions(limit=None)) - report.shown,
    )
