"""A worker's calendar as iCalendar (RFC 5545): what phones and desktops subscribe to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from flask import url_for
from icalendar import Calendar, Event, vGeo

from skillmatch.workspace import Entry, Feed
from skillmatch_web.words import need_name, telephone

REFRESHED = timedelta(minutes=15)


def calendar_of(feed: Feed, names: dict[str, str], now: datetime) -> bytes:
    """Return the calendar of a worker.

    Parameters
    ----------
    feed
        Her bookings and leave.
    names
        What people call skills, by id.
    now
        When it is made.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//skillmatch//calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", feed.worker.name)
    calendar.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
    for entry in feed.entries:
        calendar.add_component(_event(entry, names, now))
    for leave in feed.leave:
        event = Event()
        event.add("uid", _uid(leave.worker, "leave", leave.first.isoformat()))
        event.add("dtstamp", now.astimezone(UTC))
        event.add("summary", leave.reason or "Leave")
        event.add("dtstart", leave.first)
        event.add("dtend", leave.last + timedelta(days=1))
        event.add("transp", "OPAQUE")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(entry: Entry, names: dict[str, str], now: datetime) -> Event:
    booking, view = entry.booking, entry.view
    event = Event()
    event.add("uid", _uid(booking.job, booking.worker))
    event.add("dtstamp", now.astimezone(UTC))
    # Of one write every booking has the number, and a later write a higher one: what a sequence has to be.
    event.add("sequence", entry.revision)
    event.add("status", "CANCELLED" if booking.cancelled else "CONFIRMED")
    event.add("summary", view.job.title)
    start = booking.start.astimezone(UTC)
    event.add("dtstart", start)
    event.add("dtend", start + timedelta(minutes=booking.minutes))
    event.add("description", _description(entry, names))
    event.add("url", url_for("job.show", job=booking.job, _external=True))
    if view.site is not None:
        customer = [view.customer.name] if view.customer else []
        event.add("location", ", ".join((view.site.name or view.site.id, *customer)))
        if view.site.place is not None:
            event.add("geo", vGeo((view.site.place.latitude, view.site.place.longitude)))
    return event


def _description(entry: Entry, names: dict[str, str]) -> str:
    view = entry.view
    lines = [view.job.text]
    if view.customer is not None:
        lines.append(view.customer.name + (f", {telephone(view.customer.phone)}" if view.customer.phone else ""))
    needs = ", ".join(need_name(need, names) for need in view.needs)
    return "\n".join(line for line in (*lines, needs) if line)


def _uid(*parts: str) -> str:
    """Return an id that is the same in each calendar that is made, whatever the ids of the company hold."""
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32] + "@skillmatch"
