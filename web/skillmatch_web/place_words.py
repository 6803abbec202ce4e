"""How places and times at the door are said: clock, day of a visit, age of equipment, the address that opens a map."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

from skillmatch.model import Place
from skillmatch_web.languages import _, day_in_words, ngettext
from skillmatch_web.words import day


def clock(start: datetime, zone: tzinfo, minutes: float = 0.0) -> str:
    """Return the time so many minutes after another, on the company's clock.

    >>> from datetime import UTC
    >>> clock(datetime(2026, 11, 23, 8, 5, tzinfo=UTC), UTC, 90)
    '09:35'
    """
    return f"{(start + timedelta(minutes=minutes)).astimezone(zone):%H:%M}"


def short_day(value: datetime, zone: tzinfo) -> str:
    """Return the day of a time on the company's clock.

    >>> from datetime import UTC
    >>> short_day(datetime(2026, 11, 23, 8, 5, tzinfo=UTC), UTC)
    'Mon 23 Nov 2026'
    """
    return day(value.astimezone(zone).date())


def age(installed: date, today: date) -> str:
    """Return how old equipment is in whole years.

    >>> age(date(2009, 5, 1), date(2026, 4, 30)), age(date(2026, 1, 1), date(2026, 4, 30))
    ('16 years old', 'less than a year old')
    """
    years = today.year - installed.year - ((today.month, today.day) < (installed.month, installed.day))
    if years < 1:
        return _("less than a year old")
    return ngettext("%(num)s year old", "%(num)s years old", years)


def geo(place: Place) -> str:
    """Return the address that opens a map at a place (RFC 5870).

    >>> geo(Place(52.52, -13.405))
    'geo:52.520000,-13.405000'
    """
    return f"geo:{place.latitude:.6f},{place.longitude:.6f}"


def month(value: str) -> str:
    """Return a month in words.

    >>> month("2026-11")
    'November 2026'
    """
    return day_in_words(date.fromisoformat(f"{value}-01"), "MMMM y") if value else ""


FILTERS = {"clock": clock, "short_day": short_day, "age": age, "geo": geo, "month": month}
