"""Tokens and the page of the API in a real browser, wide and on a phone, light and dark."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.web.test_browser import PHONE, WIDE, Open, fits_and_reads, open_page, overflow

__all__ = ["open_page"]


def fits_and_is_not_hard_to_read(page: Page) -> None:
    """Assert that nothing hangs over the edge and that axe finds nothing serious in what the package draws."""
    assert overflow(page) <= 0
    found = Axe().run(page).response["violations"]
    grave = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
    assert [pair for pair, one in zip(grave, found, strict=True) if one["impact"] in ("serious", "critical")] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_a_token_is_made_copied_and_used_on_the_page_of_the_api(open_page: Open, size: dict[str, int], theme: str):
    page = open_page(who="stella", viewport=size, color_scheme=theme)
    page.goto("/account")
    page.get_by_role("link", name="Let another program work with what you see here").click()
    page.get_by_label("What it is for").fill("telephone")
    page.get_by_role("button", name="Make the token").click()
    secret = page.get_by_label("The token", exact=True).input_value()
    assert re.fullmatch("sm_[A-Za-z0-9_-]{43}", secret)
    fits_and_reads(page)
    page.get_by_role("link", name="What programs can ask, and how").click()
    expect(page.get_by_text("Say for whom the token acts")).to_be_visible(timeout=30_000)  # a megabyte of script
    fits_and_is_not_hard_to_read(page)
    page.get_by_role("button", name="Authorize").first.click()
    page.get_by_label("auth-bearer-value").fill(secret)
    page.get_by_role("button", name="Apply credentials").click()
    page.get_by_role("button", name="Close").click()
    page.get_by_text("Say for whom the token acts").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.get_by_text('"stella"').first).to_be_visible(timeout=30_000)
    fits_and_is_not_hard_to_read(page)


def test_without_scripts_a_token_is_made_and_the_page_says_where_the_description_is(open_page: Open):
    page = open_page(who="stella", viewport=PHONE, java_script_enabled=False)
    page.goto("/account/tokens")
    page.get_by_label("What it is for").fill("telephone")
    page.get_by_role("button", name="Make the token").click()
    fits_and_reads(page, script=False)
    page.goto("/api/docs#stale")
    expect(page.get_by_role("link", name="openapi.json")).to_be_visible()
    fits_and_reads(page, script=False)
