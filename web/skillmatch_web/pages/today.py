"""A worker's day: what she has before her, in order of begin, with all that she needs at the door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from skillmatch.model import Worker
from skillmatch.workspace import Stop
from skillmatch_web import places
from skillmatch_web.addresses import today as day_of_company
from skillmatch_web.addresses import workspace
from skillmatch_web.sight import sight
from skillmatch_web.words import PRIORITIES

blueprint = Blueprint("today", __name__)

MOST_SHOWN = 8
"""Jobs shown in full; a phone on a bad line gets the others as links."""
NOTES_SHOWN, ANSWERS_SHOWN = 3, 5


@dataclass(frozen=True, slots=True)
class ShownStop:
    """A job on her way as it is drawn."""

    stop: Stop
    day: date
    others: tuple[str, ...]
    notes: list[places.Left]
    more_notes: int
    before: list[places.Visit]


@blueprint.get("/today")
def show() -> str | Response:
    """Show her own day to a worker; others look after jobs and not their day."""
    own = sight().account.worker
    worker = workspace().worker(own) if own else None
    return redirect(url_for("jobs.show", status="open")) if worker is None else _page(worker)


@blueprint.get("/workers/<id:worker>/today")
def of(worker: str) -> str:
    """Show the day of a worker."""
    found = workspace().profile(worker).worker if workspace().worker(worker) is None else workspace().worker(worker)
    assert found is not None
    return _page(found)


def _page(worker: Worker) -> str:
    day = day_of_company()
    people = places.everybody()
    begins = _midnight(day)
    way = workspace().places.way(
        workspace().bookings_of(worker.id), today=begins, until=_midnight(day + timedelta(days=2))
    )
    stops = [_shown(stop, people) for stop in way.stops[:MOST_SHOWN]]
    groups = {
        "late": [one for one in stops if one.day < day],
        "today": [one for one in stops if one.day == day],
        "tomorrow": [one for one in stops if one.day > day],
    }
    return render_template(
        "today.html",
        worker=worker,
        own=worker.id == sight().account.worker,
        groups={name: own for name, own in groups.items() if own},
        more=way.stops[MOST_SHOWN:],
        ended=way.ended,
        suggested=workspace().notes.of_worker(worker.id)[:ANSWERS_SHOWN],
        statuses=places.NOTE_STATUSES,
        names=workspace().names(),
        priorities=PRIORITIES,
        today=day,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), workspace().zone)


def _shown(stop: Stop, people: Mapping[str, Worker]) -> ShownStop:
    assets = {stop.view.asset.id: places.called(stop.view)} if stop.view.asset else {}
    left = places.notes((note for note in stop.notes if note.status == "open" and note.kind == "note"), people, assets)
    others = tuple(sight().called(people[one.worker]) if one.worker in people else one.worker for one in stop.others)
    return ShownStop(
        stop,
        stop.booking.start.astimezone(workspace().zone).date(),
        others,
        left[:NOTES_SHOWN],
        len(left) - NOTES_SHOWN if len(left) > NOTES_SHOWN else 0,
        places.visits(stop.before, people),
    )
