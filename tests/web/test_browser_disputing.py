"""A dispute from both ends in a real browser: the worker on her phone, the manager at her desk."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from skillmatch.workspace import DisputeState, Workspace
from tests.web.conftest import BEN
from tests.web.test_browser import PHONE, WIDE, Open, fits_and_reads, open_page

assert open_page  # a fixture
BOILER = f"/workers/{BEN}/skills/boiler"


def press(page: Page, key: str, times: int = 1) -> None:
    for _ in range(times):
        page.keyboard.press(key)


@pytest.mark.parametrize(("script", "scheme"), [(True, "dark"), (False, "light")])
def test_a_worker_disputes_on_her_phone_and_a_manager_decides(
    open_page: Open,
    workspace: Workspace,
    script: bool,
    scheme: str,
):
    phone = open_page(who="ben", viewport=PHONE, java_script_enabled=script, color_scheme=scheme)
    phone.goto(BOILER)
    fits_and_reads(phone, script=script)
    summary = phone.get_by_text("This is wrong: Not solved")
    box = summary.bounding_box()
    assert box
    assert box["height"] >= 40
    summary.click()
    phone.get_by_role("button", name="Say that it is wrong").first.click()
    expect(phone.get_by_role("alert")).to_contain_text("The reason is empty")
    fits_and_reads(phone, script=script)
    phone.get_by_label("What is wrong with it?").locator("visible=true").first.fill("I was on leave")
    phone.get_by_role("button", name="Say that it is wrong").locator("visible=true").first.click()
    expect(phone.get_by_role("status")).to_contain_text("Disputed, and set aside until a manager has decided")
    expect(phone.get_by_text("Waiting for a manager.")).to_be_visible()
    fits_and_reads(phone, script=script)

    desk = open_page(viewport=WIDE, java_script_enabled=script, color_scheme=scheme)
    desk.goto("/disputes")
    expect(desk.get_by_role("link", name="Waiting (1)")).to_be_visible()
    expect(desk.get_by_role("table", name="What hangs on it")).to_contain_text("Boiler controls")
    fits_and_reads(desk, script=script)
    desk.get_by_label("Why do you decide so?").fill("The calendar says so")
    desk.get_by_role("button", name="It is wrong").click()
    expect(desk.get_by_role("status")).to_contain_text("Decided: Ben Osei is right.")
    fits_and_reads(desk, script=script)
    desk.get_by_role("link", name="Settled (1)").click()
    fits_and_reads(desk, script=script)

    phone.reload()
    expect(phone.get_by_text("Found to be wrong: it does not count.")).to_be_visible()
    expect(phone.get_by_text("“The calendar says so”")).to_be_visible()
    phone.goto(f"/workers/{BEN}/disputes")
    fits_and_reads(phone, script=script)
    assert [row.state for row in workspace.disputes.page().rows] == [DisputeState.UPHELD]


def test_all_of_it_goes_by_keyboard_alone(open_page: Open, workspace: Workspace):
    page = open_page(who="ben", viewport=PHONE)
    page.goto(BOILER)
    for _ in range(60):
        press(page, "Tab")
        if page.evaluate("document.activeElement.textContent").startswith("This is wrong"):
            break
    press(page, "Enter")
    press(page, "Tab")
    page.keyboard.type("It was not my van")
    press(page, "Tab")
    press(page, "Enter")
    expect(page.get_by_role("status")).to_contain_text("Disputed")
    (row,) = workspace.disputes.page().rows
    assert row.case.dispute.reason == "It was not my van"
