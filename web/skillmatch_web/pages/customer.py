"""A customer: how to reach her, what is open, what happened, who was there before, and what she wishes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from skillmatch.model import Customer, Worker
from skillmatch.workspace import Regular
from skillmatch_web import places
from skillmatch_web.addresses import today, workspace
from skillmatch_web.languages import N_
from skillmatch_web.paging import Paging, page_asked_for
from skillmatch_web.sight import sight
from skillmatch_web.words import PRIORITIES

blueprint = Blueprint("customer", __name__)

PAGE_SIZE = 20
REGULARS_SHOWN = 15
WISHES = {
    "preferred": N_("Asks for"),
    "required": N_("Accepts only"),
    "excluded": N_("Does not want"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """A worker who was there before; how it went is told where `tells`."""

    regular: Regular
    worker: Worker
    tells: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish about a worker, `until` its last day; `over` when that has passed."""

    what: str
    who: str
    worker: str | None
    until: date | None
    over: bool


@blueprint.get("/customers/<id:customer>")
def show(customer: str) -> str | Response:
    """Show a customer."""
    found = workspace().places.customer(customer)
    number, people = page_asked_for(), places.everybody()
    past = workspace().places.history(customer=customer, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    paging = Paging(number, PAGE_SIZE, past.total)
    if number > paging.pages:
        return redirect(url_for("customer.show", customer=customer, page=paging.pages))
    jobs, seen = sight().jobs(), sight().places()
    known, hidden = _known(found.regulars, people)
    return render_template(
        "customer.html",
        customer=found.customer,
        sites=[site for site in found.sites if seen is None or site.id in seen[0]],
        open_jobs=[job for job in found.open_jobs if jobs is None or job.id in jobs],
        visits=places.visits(past.rows, people),
        paging=paging,
        known=known[:REGULARS_SHOWN],
        more_known=max(len(known) - REGULARS_SHOWN, 0),
        hidden=hidden,
        wishes=_wishes(found.customer, people, today()) if sight().dispatches else [],
        suggested=_suggested(customer, people),
        statuses=places.NOTE_STATUSES,
        short_results=places.SHORT_RESULTS,
        priorities=PRIORITIES,
        today=today(),
    )


def _known(regulars: tuple[Regular, ...], people: Mapping[str, Worker]) -> tuple[list[Known], int]:
    """Return those who were there and may be named, and how many visits others made."""
    named, hidden = [], 0
    for one in regulars:
        worker = people.get(one.worker) or Worker(one.worker, one.worker)
        sees = sight().sees(worker)
        if sees or not sight().dispatches:
            named.append(Known(one, worker, sees))
        else:
            hidden += one.visits
    return named, hidden


def _wishes(customer: Customer, people: Mapping[str, Worker], day: date) -> list[Wish]:
    ends = dict(customer.until)
    found = []
    for kind, what in WISHES.items():
        for id in getattr(customer, kind):
            worker, until = people.get(id) or Worker(id, id), ends.get(id)
            over = until is not None and until < day
            shown = worker.id if sight().sees(worker) else None
            found.append(Wish(what, sight().called(worker), shown, until, over))
    return sorted(found, key=lambda wish: wish.over)


def _suggested(customer: str, people: Mapping[str, Worker]) -> list[tuple[str, places.Left]]:
    """Return the suggestions for her equipment that may be seen, each with the id of its site."""
    found = []
    for one in workspace().notes.suggestions(None):
        mine = sight().dispatches or one.note.worker == sight().account.worker
        if one.customer is not None and one.customer.id == customer and mine:
            assets = {one.asset.id: f"{one.asset.type} {one.asset.model}".strip()} if one.asset else {}
            found += [(one.note.site, left) for left in places.notes([one.note], people, assets)]
    return found
