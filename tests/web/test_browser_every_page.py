"""Every page in a real browser: it fits its screen, and whoever cannot see well can read it, in light and dark."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.conftest import ANNA, BARE, BEN, CREW, DONE, DORA, EVA, OPEN, STRANGE
from tests.web.test_browser import PHONE, WIDE, Open, fits_and_reads, open_page
from tests.web.test_pages import every_address

__all__ = ["open_page"]


def addresses_to_look_at(app: Flask) -> list[str]:
    """Return an address of every page and of what pages say when something is wrong or missing."""
    one_of_each: dict[str, str] = {}
    adapter = app.url_map.bind("localhost")
    for address in every_address(app):
        one_of_each.setdefault(adapter.match(address.partition("?")[0])[0], address)
    more = (
        adapter.build("job.show", {"job": STRANGE}),
        adapter.build("job.show", {"job": BARE}),
        adapter.build("job.show", {"job": DONE}),
        adapter.build("job.why", {"job": OPEN, "worker": "qwxz"}),
        adapter.build("job.show", {"job": CREW}),
        adapter.build("explain.show", {"job": OPEN, "worker": EVA}),
        adapter.build("explain.show", {"job": OPEN, "worker": BEN}),
        adapter.build("decision.show", {"number": 1, "replay": 1}),
        "/decisions?decided=1",
        adapter.build("worker.show", {"worker": DORA}),
        adapter.build("skill.show", {"worker": ANNA, "skill": "talk"}),
        adapter.build("skill.show", {"worker": ANNA, "skill": "boiler", "more": 1}),
        "/?search=qwxz",
        "/nowhere",
    )
    return [*one_of_each.values(), *more]


SOME_OPERATIONS = """() => ['.operation', '.shape'].forEach(kind => document
  .querySelectorAll(`main section > ${kind}`)
  .forEach((fold, n) => { if (n % 12 && !fold.querySelector("#create_job")) fold.remove(); }))"""
"""Leaves every twelfth address of the API on its page: all are made alike, and axe takes a minute for eleven thousand
elements.
"""


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (PHONE, "dark")])
def test_pages_fit_their_screen_and_everybody_can_read_them(
    app: Flask, open_page: Open, size: dict[str, int], scheme: str
):
    # Colours depend on the scheme and the rest on the width, so that two of the four together see all.
    page = open_page(viewport=size, color_scheme=scheme)
    for address in addresses_to_look_at(app):
        page.goto(address)
        page.evaluate(SOME_OPERATIONS)
        page.locator("main details").evaluate_all("folds => folds.forEach(fold => { fold.open = true })")
        fits_and_reads(page)
    # Over what lies beneath, on one page: the navigation is the same on all.
    page.get_by_role("banner").locator("summary").filter(visible=True).click()
    fits_and_reads(page)
