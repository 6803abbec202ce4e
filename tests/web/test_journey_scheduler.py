"""A dispatcher's morning in a real browser: by the keys alone, and with a thumb on a phone; and two at one job."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from skillmatch.model import JobStatus
from skillmatch.workspace import Result, Workspace
from tests.web import test_browser
from tests.web.conftest import OPEN, PASSWORD
from tests.web.test_browser import PHONE, WIDE, Open, fits_and_reads, overflow

MOST_TABS = 120
SAYS = """(() => {
  const here = document.activeElement;
  return here === document.body ? "" : (here.labels?.[0]?.textContent ?? "") + here.textContent;
})()"""
"""What a person reads of what has the focus."""


@pytest.fixture
def open_page(browser: Browser, app: Flask, live: str) -> Iterator[Open]:
    """Open pages that may talk to nobody but the server, as in the other tests of the browser."""
    yield from test_browser.open_page.__wrapped__(browser, app, live)  # type: ignore[attr-defined]


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has the focus says a name, as somebody does who sees where she is."""
    for _press in range(MOST_TABS):
        if name in str(page.evaluate(SAYS)):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name!r} cannot be reached by Tab on {page.url}")


def type_into(page: Page, name: str, text: str) -> None:
    tab_to(page, name)
    page.keyboard.type(text)


def press(page: Page, *keys: str) -> None:
    page.wait_for_load_state()  # a key does what it does once the page is there
    for key in keys:
        page.keyboard.press(key)


def offered(page: Page) -> dict[str, str]:
    """Return which letter leads where, by the name of the page, as the dialog says that "?" opens."""
    lines = page.locator("#keys li").filter(has=page.locator("[data-go]"))
    return {line.locator("a").text_content() or "": line.locator("kbd").last.inner_text() for line in lines.all()}


def key_of(page: Page, name: str) -> str:
    """Look into the dialog for the letter that leads to a page."""
    press(page, "?")
    letter = offered(page)[name]
    press(page, "Escape")
    return letter


def names(workspace: Workspace) -> tuple[str, str]:
    first, second = workspace.rank(OPEN).candidates[:2]
    return first.worker.name, second.worker.name


def test_a_morning_by_the_keyboard_alone(open_page: Open, workspace: Workspace):
    first, second = names(workspace)
    page = open_page(who=None, viewport=WIDE)
    page.goto("/")
    type_into(page, "name", "stella")
    type_into(page, "Password", PASSWORD)
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Open jobs")).to_be_visible()
    press(page, "?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    fits_and_reads(page)
    press(page, "Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    press(page, "j", "j", "k")
    expect(page.get_by_role("link", name="No hot water in the east wing")).to_be_focused()
    press(page, "/")
    page.keyboard.type("east qj wing")  # a key is a letter while somebody types
    press(page, "Enter")
    expect(page.get_by_text("No job matches “east qj wing” here.")).to_be_visible()
    press(page, "/", "Control+A")
    page.keyboard.type("east wing")
    press(page, "Enter")
    expect(page.get_by_role("link", name="Take away “east wing”")).to_be_visible()
    press(page, "j", "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("No hot water in the east wing")
    press(page, "a")
    expect(page.get_by_role("button", name=f"Assign {first}")).to_be_focused()
    assert workspace.bookings(OPEN) == ()  # the key only stands there
    tab_to(page, f"Why? {first}")
    press(page, "Enter")
    expect(page.get_by_role("img", name=re.compile("^Score"))).to_be_visible()
    press(page, "a", "Enter")
    status = page.get_by_role("status")
    expect(status).to_contain_text(f"{first} is assigned.")
    tab_to(page, "Undo")
    press(page, "Enter")
    expect(status).to_contain_text("Taken back: all is as it was before.")
    assert workspace.bookings(OPEN) == ()
    tab_to(page, f"Assign … {second}")
    press(page, "Enter")
    type_into(page, f"Why {second}?", "the customer asked for her")
    press(page, "Enter")
    expect(status).to_contain_text(f"{second} is assigned.")
    expect(page.get_by_role("region", name="Assigned")).to_contain_text(second)
    tab_to(page, "Done at the first visit")
    press(page, "Space")
    tab_to(page, "Record the outcome")
    press(page, "Enter")
    expect(status).to_contain_text("Recorded.")
    assert [one.result for one in workspace.job(OPEN).outcomes] == [Result.FIRST_TIME_FIX]
    tab_to(page, "Undo")
    press(page, "Enter")
    expect(status).to_contain_text("does not count any more")
    assert workspace.job(OPEN).outcomes == ()
    assert workspace.job(OPEN).job.status is JobStatus.OPEN
    press(page, "g", key_of(page, "Decisions"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Decisions")
    press(page, "g", "j")
    expect(page.get_by_role("heading", name="Open jobs")).to_be_visible()


@pytest.mark.parametrize("who", ["stella", "mia"])
def test_every_key_that_is_offered_works_on_every_page_of_who_has_it(open_page: Open, who: str):
    page = open_page(who=who, viewport=WIDE)
    page.goto("/")
    press(page, "?")
    letters = offered(page)
    assert len(letters) >= 9
    held = "(document.activeElement.matches('input, button, summary, a'))"
    for name in letters:
        press(page, "?")
        assert offered(page) == letters
        keys = page.locator("#keys li[data-key]").filter(visible=True)
        found = [key.get_attribute("data-key") or "" for key in keys.all()]
        press(page, "Escape")
        for key in found:
            page.evaluate("document.activeElement.blur()")
            press(page, key)
            assert page.evaluate(held), (page.url, key)
            press(page, "Escape")
        page.evaluate("document.activeElement.blur()")
        press(page, "g", letters[name])
        expect(page.get_by_role("banner").locator("[aria-current=page]").first).to_have_text(name)


@pytest.mark.parametrize("script", [True, False])
def test_a_morning_on_the_phone(open_page: Open, workspace: Workspace, script: bool):
    first, second = names(workspace)
    page = open_page(who=None, viewport=PHONE, java_script_enabled=script, color_scheme="dark", has_touch=True)
    page.goto("/")
    page.get_by_label("name").first.fill("stella")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="1 late").tap()
    expect(page.get_by_role("link", name="Take away promised: late")).to_be_visible()
    fits_and_reads(page, script=script)
    page.get_by_role("link", name="No hot water in the east wing").tap()
    card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=first, exact=True))
    card.locator("summary").first.tap()
    expect(card.get_by_role("img", name=re.compile("^Chance"))).to_be_visible()
    fits_and_reads(page, script=script)
    card.get_by_role("button", name=f"Assign {first}").tap()
    page.get_by_role("button", name="Undo").tap()
    expect(page.get_by_role("status")).to_contain_text("Taken back")
    other = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=second, exact=True))
    other.locator("summary").first.tap()
    other.get_by_label(f"Why {second}?").fill("is next door")
    other.get_by_role("button", name=f"Assign {second}").tap()
    assigned = page.get_by_role("region", name="Assigned")
    expect(assigned.get_by_role("link", name="+49 30 555 0100")).to_be_visible()
    page.get_by_label("Not solved").check()
    page.get_by_role("button", name="Record the outcome").tap()
    page.get_by_role("link", name="Put it right").tap()
    page.get_by_label("Done, but somebody had to help").check()
    fits_and_reads(page, script=script)
    page.get_by_role("button", name="Save the correction").tap()
    expect(page.get_by_role("status")).to_contain_text("Corrected.")
    assert [one.result for one in workspace.job(OPEN).outcomes] == [Result.WITH_HELP]
    page.get_by_role("button", name="Undo").tap()
    expect(page.get_by_role("status")).to_contain_text("The correction is taken back.")
    assert [one.result for one in workspace.job(OPEN).outcomes] == [Result.FAILED]
    fits_and_reads(page, script=script)


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (PHONE, "dark")])
def test_two_at_one_job_and_a_new_one(open_page: Open, workspace: Workspace, size: dict[str, int], scheme: str):
    mine = open_page(who="rita", viewport=size, color_scheme=scheme)
    hers = open_page(who="stella", viewport=size)
    for page in (mine, hers):
        page.goto(f"/jobs/{OPEN}")
        page.get_by_role("link", name="Change this job").click()
    hers.get_by_label("Priority").select_option("2")
    hers.get_by_label("What is it about?").fill("Cold showers")
    hers.get_by_role("button", name="Save").click()
    expect(hers.get_by_role("status")).to_contain_text("Saved.")
    mine.get_by_label("What is it about?").fill("Cold in both wings")
    mine.get_by_role("button", name="Save").click()
    told = mine.get_by_role("alert")
    expect(told).to_contain_text("Stella Ochs (stella) has changed this job while you had it open")
    expect(told).to_contain_text("Cold showers")
    expect(told).to_contain_text("taken over below")
    expect(mine.get_by_label("What is it about?")).to_have_value("Cold in both wings")
    fits_and_reads(mine)
    mine.get_by_role("button", name="Make them this job's own").click()
    fits_and_reads(mine)
    mine.get_by_role("group", name="Heat pumps").get_by_label("Not needed: take it away").check()
    mine.get_by_role("button", name="Save").click()
    expect(mine.get_by_role("heading", level=1)).to_have_text("Cold in both wings")
    job = workspace.job(OPEN)
    assert (job.job.priority, len(job.needs), job.inherited) == (2, 1, False)
    mine.goto("/")
    mine.get_by_role("link", name="New job").click()
    assert overflow(mine) <= 0
    mine.get_by_label("What is it about?").fill("Radiator drips")
    mine.get_by_label("Customer: name or id").fill("care home")
    mine.get_by_role("button", name="Write it down").click()
    expect(mine.get_by_role("heading", level=1)).to_have_text("Radiator drips")
    mine.get_by_role("button", name="Undo").click()
    expect(mine.get_by_text("cancelled", exact=True)).to_be_visible()
