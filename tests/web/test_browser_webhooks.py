"""Webhooks in a real browser, wide and on a phone, light and dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from skillmatch.workspace import Workspace
from tests.kit.receiver import receiver
from tests.web.test_browser import PHONE, WIDE, Open, fits_and_reads, open_page

__all__ = ["open_page"]


@pytest.mark.parametrize(("size", "theme"), [(WIDE, "light"), (PHONE, "dark")])
def test_an_address_is_added_and_tried_out(open_page: Open, workspace: Workspace, size: dict[str, int], theme: str):
    workspace.private_webhooks = True
    page = open_page(who="rita", viewport=size, color_scheme=theme)
    with receiver(200, 500) as to:
        page.goto("/webhooks")
        fits_and_reads(page)
        page.get_by_label("Where it is told").fill(to.url + "&" + "long" * 30)
        page.get_by_role("button", name="Add the address").click()
        expect(page.get_by_role("heading", name="Its secret")).to_be_visible()
        page.wait_for_load_state()
        assert page.get_by_label("The secret", exact=True).input_value().startswith("whsec_")
        fits_and_reads(page)
        page.get_by_role("button", name="Send a test").click()
        expect(page.get_by_text("It arrived: the answer was 200.")).to_be_visible()
        to.body = b"there is no room for this message"
        page.get_by_role("button", name="Send again").click()
        expect(page.get_by_text("answered 500: there is no room for this message").first).to_be_visible()
        page.get_by_text("What was sent").first.click()
        fits_and_reads(page)
        page.get_by_role("button", name="Pause").click()
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("is told again what happens")).to_be_visible()
