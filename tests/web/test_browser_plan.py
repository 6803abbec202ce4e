"""The day plan in a real browser: shown, locked, applied and taken back, by keyboard, on a phone, without scripts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from skillmatch.model import Booking
from skillmatch.workspace import Workspace
from tests.web.conftest import BEN, NOW, OPEN
from tests.web.test_browser import PHONE, WIDE, Open, fits_and_reads, open_page

assert open_page  # a fixture


def press(page: Page, name: str) -> None:
    """Go to a button by the keyboard alone and press it."""
    for _step in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText || document.activeElement.value || ''").startswith(name):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"the keyboard does not come to {name!r}")


@pytest.mark.parametrize(("size", "script", "scheme"), [(WIDE, True, "dark"), (PHONE, False, "light")])
def test_a_dispatcher_plans_her_day_by_keyboard(
    open_page: Open, workspace: Workspace, size: dict[str, int], script: bool, scheme: str
):
    with workspace._store.write() as transaction:
        one = Booking(OPEN, BEN, NOW + timedelta(hours=1), 60.0)
        transaction.save_nouns(Booking, [one], revision=transaction.next_revision())
    workspace.change_policy("balanced", {"success": "1000"})  # so that a better worker is worth a change
    page = open_page(viewport=size, java_script_enabled=script, color_scheme=scheme)
    page.goto("/plan")
    fits_and_reads(page, script=script)
    page.get_by_label("How many days").fill("3")
    page.get_by_label("Seconds to search").fill("10000")
    page.get_by_label("Everything that is not locked").check()
    press(page, "Show a plan") if script else page.get_by_role("button", name="Show a plan").click()
    expect(page.get_by_text("Expected 0.5 to 30 seconds.")).to_be_visible()
    fits_and_reads(page, script=script)
    page.get_by_label("Seconds to search").fill("0.5")
    page.get_by_role("button", name="Show a plan").click()
    changes = page.get_by_role("region", name="What changes")
    expect(changes).to_contain_text("other worker")
    expect(changes).to_contain_text(OPEN)
    fits_and_reads(page, script=script)
    plan = page.url
    page.goto(f"/jobs/{OPEN}")
    fits_and_reads(page, script=script)
    page.get_by_role("button", name=f"Lock {OPEN}").click()
    expect(page.get_by_role("status")).to_contain_text("no plan moves it")
    page.goto(plan)
    expect(page.get_by_role("alert")).to_contain_text("it was locked meanwhile (Rita")
    fits_and_reads(page, script=script)
    press(page, "Make a new plan") if script else page.get_by_role("button", name="Make a new plan").click()
    expect(page.get_by_text("1 job stays as it is.")).to_be_visible()
    expect(page.get_by_role("article").filter(has_text="Ben Osei").first).to_contain_text("locked")
    press(page, "Apply the plan") if script else page.get_by_role("button", name="Apply the plan").click()
    expect(page.get_by_role("status")).to_contain_text("The plan is applied: 3 visits changed.")
    fits_and_reads(page, script=script)
    assert sum(len(workspace.bookings(one.id)) for one in workspace.open_jobs().jobs) == 5
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("The plan is taken back")
    left = [own for job in workspace.open_jobs().jobs for own in workspace.bookings(job.id)]
    assert [(own.job, own.worker, own.locked) for own in left] == [(OPEN, BEN, True)]
