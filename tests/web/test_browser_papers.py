"""In a real browser: a worker hands in a photo, a manager approves it, and takes that back."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from skillmatch.claims import ClaimStatus
from skillmatch.workspace import Workspace
from tests.web.conftest import BEN, BEN_CLAIM, CURTIS_CLAIM, photo
from tests.web.test_browser import PHONE, WIDE, Open, fits_and_reads, open_page

__all__ = ["open_page"]


@pytest.mark.parametrize(("script", "scheme"), [(True, "dark"), (False, "light")])
def test_a_worker_hands_in_a_photo_with_her_phone(
    open_page: Open, workspace: Workspace, tmp_path: Path, script: bool, scheme: str
):
    file = tmp_path / "IMG_0001.jpg"
    file.write_bytes(photo(size=(1200, 900)))
    page = open_page(who="ben", viewport=PHONE, java_script_enabled=script, color_scheme=scheme)
    page.goto(f"/workers/{BEN}")
    page.get_by_role("link", name="Hand in a certificate, or ask for a level to be confirmed").click()
    fits_and_reads(page, script=script)
    page.get_by_label("Which certificate").fill("First aid")
    page.get_by_label("Photo or PDF of it").set_input_files(file)
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_role("alert")).to_contain_text("Say on which day it was issued")
    expect(page.get_by_text("“IMG_0001.jpg” is here already")).to_be_visible()
    fits_and_reads(page, script=script)
    page.get_by_label("Issued on").fill("2026-11-02")
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_role("status")).to_contain_text("Handed in: certificate First aid.")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Taken back: certificate First aid.")
    assert {one.status for one in workspace.claims.of(BEN)} == {ClaimStatus.OPEN, ClaimStatus.WITHDRAWN}


def test_a_file_that_is_too_large_is_told_before_it_is_sent(open_page: Open, tmp_path: Path):
    file = tmp_path / "film.jpg"
    file.write_bytes(b"x" * 10_100_000)
    page = open_page(who="ben", viewport=PHONE)
    page.goto(f"/workers/{BEN}/certificates")
    page.get_by_label("Photo or PDF of it").set_input_files(file)
    expect(page.get_by_role("alert")).to_have_text(
        "This file has 10.1 MB: at most 10 MB are allowed. Choose a smaller one."
    )
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_label("Photo or PDF of it")).to_be_focused()


@pytest.mark.parametrize(("size", "script"), [(WIDE, True), (PHONE, False)])
def test_a_manager_approves_beside_the_photo_and_takes_it_back(
    open_page: Open, workspace: Workspace, size: dict[str, int], script: bool
):
    page = open_page(who="mia", viewport=size, java_script_enabled=script)
    page.goto("/approvals")
    shown = page.get_by_role("img", name="Photo of the certificate gas / EU of Curtis d'Entremont")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.naturalWidth") == 60 if script else True
    fits_and_reads(page, script=script)
    page.get_by_text("Decline …").click()
    page.get_by_role("button", name="Decline certificate").click()
    expect(page.get_by_role("alert")).to_contain_text("The reason is empty")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status")).to_contain_text("Approved for Curtis d'Entremont")
    assert workspace.claims.get(CURTIS_CLAIM).status is ClaimStatus.APPROVED
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Waits again")
    assert workspace.claims.get(CURTIS_CLAIM).status is ClaimStatus.OPEN
    assert workspace.claims.get(BEN_CLAIM).status is ClaimStatus.OPEN
