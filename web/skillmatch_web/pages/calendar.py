"""A worker's calendar on her phone: the secret address, and what is found under it."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch.errors import Conflict
from skillmatch_web.addresses import workspace
from skillmatch_web.calendar_feed import calendar_of
from skillmatch_web.errors import sentence
from skillmatch_web.languages import _
from skillmatch_web.saying import done
from skillmatch_web.sight import sight

blueprint = Blueprint("calendar", __name__)


@blueprint.get("/account/calendar")
def show() -> str:
    """Say whether there is an address, and when it was asked for last."""
    return _page()


@blueprint.post("/account/calendar")
def draw() -> str | tuple[str, int]:
    """Draw a new address and show it, once; an earlier one ends."""
    account = sight().account
    try:
        secret = workspace().calendars.draw(account.id, by=account)
    except Conflict as error:
        return _page(problem=sentence(error)), 409
    return _page(address=url_for("calendar.feed", secret=secret, _external=True))


@blueprint.post("/account/calendar/stop")
def stop() -> Response:
    """End the address at once."""
    account = sight().account
    if workspace().calendars.stop(account.id, by=account):
        done(_("The address holds no more: nobody reads your calendar by it."))
    else:
        done(_("There was no address."))
    return redirect(url_for("calendar.show"), 303)


@blueprint.get("/calendar/<secret>.ics")
def feed(secret: str) -> Response:
    """Return the calendar under a secret, or that it is as it was."""
    found = workspace().calendars.feed(secret)
    answer = make_response(calendar_of(found, workspace().names(), workspace().now()))
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = 'inline; filename="skillmatch.ics"'
    answer.set_etag(str(found.revision))
    return answer.make_conditional(request)


def _page(*, address: str = "", problem: str = "") -> str:
    account = sight().account
    return render_template(
        "calendar.html", held=workspace().calendars.held(account.id), address=address, problem=problem, account=account
    )
