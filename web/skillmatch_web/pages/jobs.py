"""The board: jobs by urgency, with a search."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch.model import JobStatus
from skillmatch_web.addresses import today, workspace
from skillmatch_web.languages import N_
from skillmatch_web.paging import Paging, page_asked_for
from skillmatch_web.sight import sight
from skillmatch_web.words import PRIORITIES, STATUSES

blueprint = Blueprint("jobs", __name__)

PAGE_SIZE = 25


@blueprint.get("/")
def show() -> str | Response:
    """Show a page of jobs."""
    search = request.args.get("search", "").strip()
    status = request.args.get("status", JobStatus.OPEN.value)
    wanted = JobStatus(status) if status in set(JobStatus) else None
    number = page_asked_for()
    offset = (number - 1) * PAGE_SIZE
    found = workspace().open_jobs(search=search, status=wanted, limit=PAGE_SIZE, offset=offset, among=sight().jobs())
    paging = Paging(number, PAGE_SIZE, found.total)
    if number > paging.pages:
        return redirect(url_for("jobs.show", search=search, status=status, page=paging.pages))
    return render_template(
        "jobs.html",
        views=[workspace().job(job.id) for job in found.jobs],
        paging=paging,
        search=search,
        status=status if wanted else "all",
        statuses={**{key.value: word for key, word in STATUSES.items()}, "all": N_("all")},
        priorities=PRIORITIES,
        today=today(),
    )
