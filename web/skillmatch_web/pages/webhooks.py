"""Webhooks: which addresses are told what happens, adding one, and what became of each message."""

from __future__ import annotations

import re
from hashlib import sha256
from secrets import token_hex
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.workspace import EVENTS
from skillmatch_web.addresses import workspace
from skillmatch_web.errors import sentence
from skillmatch_web.languages import N_, _
from skillmatch_web.paging import page_asked_for
from skillmatch_web.saying import done
from skillmatch_web.sight import sight

blueprint = Blueprint("webhooks", __name__)

EVENT_WORDS = {
    "job.finished": N_("A job is finished"),
    "belief.changed": N_("What is believed of somebody's skills changes"),
    "certificate.expiring": N_("A certificate runs out in 60, 30 or 7 days"),
    "decision.made": N_("Somebody is promised to a job"),
    "dispute.opened": N_("A worker says that something on record is wrong"),
}
assert EVENT_WORDS.keys() == EVENTS.keys()
TEST_WORDS = N_("A test")
SHOWN = 25


@blueprint.get("/webhooks")
def show() -> str:
    """Show which addresses are told what happens."""
    return _page()


def _page(*, typed: dict[str, Any] | None = None, problem: str = "", wrong: str = "") -> str:
    book = workspace().webhooks
    rows = [(row, next(iter(book.deliveries(row.id, limit=1)), None)) for row in book.all()]
    typed = typed or {"url": "", "events": ("job.finished",)}
    return render_template(
        "webhooks.html", rows=rows, events=EVENT_WORDS, typed=typed, problem=problem, wrong=wrong, once=token_hex(16)
    )


@blueprint.post("/webhooks")
def add() -> str | tuple[str, int]:
    """Add an address and show its secret, once; the same form sent again adds no second one."""
    url, events, once = (
        request.form.get("url", "").strip(),
        tuple(request.form.getlist("events")),
        request.form.get("once", ""),
    )
    typed, account = {"url": url, "events": events}, sight().account
    if not re.fullmatch("[0-9a-f]{32}", once):
        return _page(typed=typed, problem=_("This form was damaged on its way: look at it and send it again.")), 400
    if not url:
        return _page(
            typed=typed, problem=_("Say where it is told, such as https://example.org/skillmatch."), wrong="url"
        ), 400
    if not events:
        return _page(typed=typed, problem=_("Choose at least one thing that it is told of."), wrong="events"), 400
    id = sha256(f"{account.id} {once}".encode()).hexdigest()[:32]
    try:
        row, secret = workspace().webhooks.add(url, events=events, by=account, id=id)
    except (Invalid, Conflict) as error:
        return _page(typed=typed, problem=sentence(error), wrong="url"), 400
    except NotFound as error:
        return _page(typed=typed, problem=sentence(error), wrong="events"), 400
    return _one(row.id, secret=secret)


@blueprint.get("/webhooks/<id:hook>")
def one(hook: str) -> str:
    """Show what an address was told and what it answered."""
    return _one(hook)


def _one(hook: str, *, secret: str = "") -> str:
    book, page = workspace().webhooks, page_asked_for()
    row = book.get(hook)
    found = book.deliveries(hook, limit=SHOWN + 1, offset=(page - 1) * SHOWN)
    return render_template(
        "webhook.html",
        row=row,
        events=EVENT_WORDS | {"test": TEST_WORDS},
        deliveries=found[:SHOWN],
        page=page,
        more=len(found) > SHOWN,
        secret=secret,
    )


@blueprint.post("/webhooks/<id:hook>/pause")
def pause(hook: str) -> Response:
    """Send it nothing until it goes on."""
    row = workspace().webhooks.set_active(hook, False, by=sight().account)
    text = _("Nothing is sent to %(url)s now, and what happens meanwhile is not told later.", url=row.url)
    done(text, undo=url_for("webhooks.resume", hook=hook))
    return redirect(url_for("webhooks.one", hook=hook), 303)


@blueprint.post("/webhooks/<id:hook>/resume")
def resume(hook: str) -> Response:
    """Let it go on."""
    row = workspace().webhooks.set_active(hook, True, by=sight().account)
    done(_("%(url)s is told again what happens.", url=row.url), undo=url_for("webhooks.pause", hook=hook))
    return redirect(url_for("webhooks.one", hook=hook), 303)


@blueprint.post("/webhooks/<id:hook>/remove")
def remove(hook: str) -> Response:
    """Tell it nothing any more."""
    row = workspace().webhooks.remove(hook, by=sight().account)
    done(_("%(url)s is removed: it is told nothing any more.", url=row.url), undo=url_for("webhooks.back", hook=hook))
    return redirect(url_for("webhooks.show"), 303)


@blueprint.post("/webhooks/<id:hook>/back")
def back(hook: str) -> Response:
    """Bring back one that was removed."""
    row = workspace().webhooks.back(hook, by=sight().account)
    done(_("%(url)s is back.", url=row.url))
    return redirect(url_for("webhooks.one", hook=hook), 303)


@blueprint.post("/webhooks/<id:hook>/secret")
def secret(hook: str) -> str:
    """Draw a new secret and show it, once."""
    return _one(hook, secret=workspace().webhooks.roll(hook, by=sight().account))


@blueprint.post("/webhooks/<id:hook>/test")
def test(hook: str) -> Response:
    """Send a message now and say what was answered."""
    return _send(hook, workspace().webhooks.test(hook).number)


@blueprint.post("/webhooks/<id:hook>/again/<int:delivery>")
def again(hook: str, delivery: int) -> Response:
    """Send what was told before once more."""
    book = workspace().webhooks
    if book.delivery(delivery).webhook != hook:
        raise NotFound(f"there is no delivery {delivery}: look at the list of deliveries")
    return _send(hook, book.again(delivery).number)


def _send(hook: str, number: int) -> Response:
    found = workspace().courier.deliver_one(number) or workspace().webhooks.delivery(number)
    if found.delivered:
        done(_("It arrived: the answer was %(status)s.", status=found.status))
    elif found.error:
        done(_("It did not arrive and is tried again: %(error)s", error=found.error))
    else:
        done(_("It is being sent: look at the list in a moment."))
    return redirect(url_for("webhooks.one", hook=hook), 303)
