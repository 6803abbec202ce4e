"""Signing in with a real browser, and what each role then sees on a wide screen and on a phone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from skillmatch.workspace import IDLE, Workspace
from tests.web.conftest import ANNA, BEN, DONE, NOW, OPEN, PASSWORD
from tests.web.test_browser import PHONE, WIDE, Open, fits_and_reads, open_page, to_page
from tests.web.test_pages import account_of, invitation

__all__ = ["open_page"]


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("Sign-in name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize(("size", "script"), [(WIDE, True), (PHONE, False)])
def test_nothing_typed_is_lost_when_a_session_ends(
    open_page: Open, workspace: Workspace, size: dict[str, int], script: bool
):
    page = open_page(who=None, viewport=size, java_script_enabled=script)
    page.goto(f"/jobs/{OPEN}")
    sign_in(page, "stella", "a wrong one")
    expect(page.get_by_role("alert")).to_contain_text("do not go together")
    fits_and_reads(page, script=script)
    sign_in(page, "stella")
    expect(page.get_by_role("heading", level=1)).to_have_text("No hot water in the east wing")
    page.get_by_label("Who was sent?").select_option(ANNA)
    page.get_by_label("Not solved").check()
    page.get_by_label("Note").fill("the pump is <gone>")
    workspace._clock = lambda: NOW + IDLE + timedelta(hours=1)  # type: ignore[method-assign]
    page.get_by_role("button", name="Record the outcome").click()
    expect(page.get_by_role("status")).to_contain_text("what you typed is kept")
    fits_and_reads(page, script=script)
    sign_in(page, "stella")
    expect(page.get_by_text("the pump is <gone>")).to_be_visible()
    fits_and_reads(page, script=script)
    page.get_by_role("button", name="Send it now").click()
    expect(page.get_by_role("status")).to_contain_text("Recorded.")
    assert [one.note for one in workspace.job(OPEN).outcomes] == ["the pump is <gone>"]
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_have_text("You are signed out.")
    page.goto(f"/jobs/{OPEN}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_somebody_is_invited_and_finds_her_way_in(open_page: Open):
    admin = open_page(viewport=WIDE)
    admin.goto("/accounts")
    admin.get_by_label("Sign-in name").fill("nora")
    admin.get_by_label("Name, as people say it").fill("Nora Lang")
    admin.get_by_label(re.compile("^Scheduler")).check()
    admin.get_by_label("South").check()
    admin.get_by_role("button", name="Add and make a link").click()
    link = admin.get_by_label("The link")
    expect(link).to_be_in_viewport()
    fits_and_reads(admin)
    nora = open_page(who=None, viewport=PHONE)
    nora.goto(link.input_value())
    fits_and_reads(nora)
    nora.get_by_label("New password").fill(PASSWORD)
    nora.get_by_label("The same once more").fill(PASSWORD)
    nora.get_by_role("button").last.click()
    expect(nora.get_by_role("status")).to_contain_text("you sign in as nora")
    to_page(nora, "Workers")
    expect(nora.get_by_text("3 workers of other teams are not shown.")).to_be_visible()
    fits_and_reads(nora)


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark")])
def test_pages_of_every_role_fit_their_screen(
    app: Flask, workspace: Workspace, open_page: Open, size: dict[str, int], scheme: str
):
    workspace.assign(workspace.propose(OPEN).number, [BEN], reason="knows the house")
    app.config["DEMO"] = True
    own = ["/", "/?status=all", "/workers", f"/workers/{BEN}", f"/jobs/{OPEN}", f"/jobs/{DONE}", "/account", "/nowhere"]
    addresses = {
        "ben": own,
        "sam": [*own, "/decisions"],
        "rita": ["/accounts", f"/accounts/{account_of(app, 'sam')}", "/sign-in"],
        None: ["/sign-in", f"/invitations/{invitation(app)}", "/invitations/none"],
    }
    for who, places in addresses.items():
        page = open_page(who=who, viewport=size, color_scheme=scheme)
        for place in places:
            page.goto(place)
            fits_and_reads(page)
