"""Tokens and the page of the API in a real browser, wide and on a phone, light and dark."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from playwright.sync_api import expect

from tests.web.test_browser import PHONE, WIDE, Open, fits_and_reads, open_page, overflow

__all__ = ["open_page"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
@pytest.mark.parametrize(("size", "theme"), [(WIDE, "dark"), (PHONE, "light")])
def test_a_token_is_made_and_the_commands_of_the_page_of_the_api_are_copied_and_run(
    open_page: Open, size: dict[str, int], theme: str
):
    page = open_page(who="stella", viewport=size, color_scheme=theme, permissions=["clipboard-read", "clipboard-write"])
    page.goto("/account")
    page.get_by_role("link", name="Let another program work with what you see here").click()
    page.get_by_label("What it is for").fill("telephone")
    page.get_by_role("button", name="Make the token").click()
    secret = page.get_by_label("The token", exact=True).input_value()
    assert re.fullmatch("sm_[A-Za-z0-9_-]{43}", secret)
    fits_and_reads(page)
    page.get_by_role("link", name="What programs can ask, and how").click()
    begin = page.get_by_role("region", name="How to begin")
    begin.get_by_role("button", name="Copy").click()
    expect(begin.get_by_role("status")).to_have_text("Copied")
    copied = [page.evaluate("navigator.clipboard.readText()").replace("sm_…", secret)]
    page.get_by_text("Say for whom the token acts").click()
    page.locator("#me").get_by_role("button", name="Copy").click()
    expect(page.locator("#me").get_by_role("status")).to_have_text("Copied")
    copied.append(page.evaluate("navigator.clipboard.readText()"))
    ran = subprocess.run(["/bin/sh", "-c", "\n".join(copied)], capture_output=True, text=True, check=True)
    assert '"stella"' in ran.stdout
    assert overflow(page) <= 0


@pytest.mark.parametrize("script", [True, False])
def test_a_link_opens_what_it_leads_to(open_page: Open, script: bool):
    page = open_page(who="stella", viewport=PHONE, java_script_enabled=script)
    page.goto("/api/docs#create_job")
    sent = page.locator("#create_job")
    expect(sent.get_by_role("heading", name="What is sent")).to_be_visible()
    expect(page.locator("#change_job")).to_be_hidden()
    sent.get_by_role("link", name="SkillNeed").first.click()
    expect(page.locator("#create_job-SkillNeed").get_by_text("preferred_level")).to_be_visible()
    page.goto("/api/docs#stale")
    expect(page.locator("#stale")).to_be_in_viewport()
    assert overflow(page) <= 0


def test_without_scripts_a_token_is_made(open_page: Open):
    page = open_page(who="stella", viewport=PHONE, java_script_enabled=False)
    page.goto("/account/tokens")
    page.get_by_label("What it is for").fill("telephone")
    page.get_by_role("button", name="Make the token").click()
    fits_and_reads(page, script=False)
