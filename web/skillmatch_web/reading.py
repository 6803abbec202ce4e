"""How whoever is signed in reads the pages: on which clock times are shown, and in which colours."""

from __future__ import annotations

from datetime import tzinfo
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from flask import Flask

from skillmatch.errors import Invalid
from skillmatch.settings import zone_named
from skillmatch_web.addresses import workspace
from skillmatch_web.sight import me

NO_PLACES = ("Etc", "SystemV", "posix", "right", "US", "Brazil", "Canada", "Chile", "Mexico")
"""Beginnings of names of zones that are not offered: they are older names of others, or name no place."""


def install(app: Flask) -> None:
    """Give templates `zone`, the clock of the reader, and `theme`, her colours."""
    app.context_processor(_of_the_reader)


def _of_the_reader() -> dict[str, Any]:
    account = me()
    return {"zone": zone(), "theme": account.theme if account else ""}


def zone() -> tzinfo:
    """Return the clock on which times are shown: hers, or the company's where she has chosen none."""
    account = me()
    if account is None or not account.zone:
        return workspace().zone
    try:
        return zone_named(account.zone)
    except Invalid:  # it was known when it was chosen, on another system or under older tables
        return workspace().zone


def company_zone() -> str:
    """Return what the company's clock is called."""
    return str(workspace().zone)


@cache
def zone_names() -> tuple[str, ...]:
    """Return the names of zones to choose from, those that name a place."""
    known = (name for name in available_timezones() if "/" in name and name.partition("/")[0] not in NO_PLACES)
    return ("UTC", *sorted(known))
