"""A manager's day in the real browser: by the keys alone on a wide screen, and with a thumb on a phone."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

from skillmatch.model import Booking, Skill, Worker
from skillmatch.workspace import Workspace
from tests.web.conftest import CURTIS, NOW, OPEN, PASSWORD, STRANGE
from tests.web.hands import Keys, Thumb, sign_in, to_page
from tests.web.test_browser import PHONE, WIDE, Open, fits_and_reads, open_page

__all__ = ["open_page"]


@pytest.mark.parametrize("kind", [Keys, Thumb])
def test_a_manager_goes_from_what_presses_to_why_a_level_is_believed(
    open_page: Open, workspace: Workspace, tmp_path: Path, kind: type[Keys] | type[Thumb]
):
    script = kind is Keys  # a thumb does without
    size, scheme = (WIDE, "light") if script else (PHONE, "dark")
    with workspace._store.write() as transaction:
        booking = Booking(OPEN, CURTIS, NOW + timedelta(days=2), 3000.0)
        transaction.save_nouns(Booking, [booking], revision=transaction.next_revision())
    look = {"color_scheme": scheme, "java_script_enabled": script, "has_touch": not script}
    page = open_page(who=None, viewport=size, accept_downloads=True, **look)
    hand = kind(page)
    sign_in(hand, "mia", PASSWORD)

    # What presses, each with where it leads.
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    expect(page.get_by_role("region", name="Late jobs")).to_contain_text("1 day late")
    expect(page.get_by_role("region", name="Overload")).to_contain_text("Curtis d'Entremont")
    fits_and_reads(page, script=script)
    hand.press(page.get_by_role("region", name="Overload").get_by_role("link", name="Load"))
    expect(page.get_by_role("row", name="Curtis")).to_contain_text("too much")
    expect(page.get_by_role("main")).not_to_contain_text("Anna Kovacs")
    fits_and_reads(page, script=script)

    # Where the firm is thin.
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    hand.press(page.get_by_role("main").get_by_role("link", name="Where we are thin"))
    expect(page.get_by_role("row", name="Boiler controls").first).to_be_visible()
    fits_and_reads(page, script=script)
    hand.write(page.get_by_label("Skill or certification"), "gas")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Skill or certification")).to_have_value("gas")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_role("row").last).to_contain_text("one alone")
    expect(page.get_by_role("row").last).to_contain_text("Curtis d'Entremont")

    # The matrix: order, a cell, back, and the files.
    to_page(hand, "Skills matrix")
    expect(page.get_by_role("rowheader", name="Dora Lind")).to_be_visible()
    fits_and_reads(page, script=script)
    hand.press(page.get_by_role("link", name="Order by Boiler controls"))
    expect(page.get_by_text("the best in Boiler controls first")).to_be_visible()
    row = page.get_by_role("row", name="Dora Lind")
    cell = row.get_by_role("cell").first.get_by_role("link")
    said = cell.inner_text().split()
    hand.press(cell)
    expect(page.get_by_role("heading", level=1)).to_have_text("Dora Lind in Boiler controls")
    expect(page.get_by_role("main")).to_contain_text(" ".join(said))
    page.go_back()
    expect(page.get_by_text("the best in Boiler controls first")).to_be_visible()
    for link, ending in (("Download for Excel", "xlsx"), ("Download as CSV", "csv")):
        with page.expect_download() as download:
            hand.press(page.get_by_role("link", name=link))
        file = tmp_path / f"matrix.{ending}"
        download.value.save_as(file)
        assert download.value.suggested_filename.endswith(f".{ending}")
    with (tmp_path / "matrix.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert {line["name"] for line in csv.DictReader(stream)} == {"Curtis d'Entremont", "Dora Lind"}
    assert "xl/worksheets/sheet3.xml" in ZipFile(tmp_path / "matrix.xlsx").namelist()

    # What waits for her word, and what she said taken back.
    to_page(hand, "Approvals")
    fits_and_reads(page, script=script)
    hand.press(page.get_by_role("button", name="Approve certificate gas / EU, Curtis d'Entremont"))
    expect(page.get_by_role("status")).to_contain_text("Approved for Curtis d'Entremont")
    hand.press(page.get_by_role("button", name="Undo"))
    expect(page.get_by_role("status")).to_contain_text("Waits again")

    # The jobs are one step away, and the report after them.
    to_page(hand, "Jobs")
    expect(page.get_by_role("heading", level=1)).to_have_text("Open jobs")
    hand.press(page.get_by_role("link", name="No hot water in the east wing"))
    expect(page.get_by_role("heading", level=1)).to_have_text("No hot water in the east wing")
    to_page(hand, "Decisions")
    expect(page.get_by_role("heading", level=1)).to_have_text("Decisions")
    fits_and_reads(page, script=script)
    hand.pick(page.get_by_role("main").get_by_label("Team"), "South")
    hand.press(page.get_by_role("button", name="Show"))
    expect(page).to_have_url(f"{page.url.partition('/decisions')[0]}/decisions?since=&until=&policy=&team=South")
    expect(page.get_by_text("1 ranking shown")).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_the_matrix_scrolls_in_its_own_box_while_its_headings_stay(
    open_page: Open, workspace: Workspace, size: dict[str, int]
):
    with workspace._store.write() as transaction:
        revision = transaction.next_revision()
        transaction.save_nouns(Worker, [Worker(f"w{n}", f"Worker {n}") for n in range(60)], revision=revision)
        transaction.save_nouns(Skill, [Skill(f"s{n}", f"Skill number {n}") for n in range(30)], revision=revision)
    page = open_page(viewport=size)
    page.goto("/matrix?columns=name&kind=technical")
    box, corner = page.get_by_role("region", name="Skills matrix, to be scrolled"), page.locator(".corner")
    Keys(page).tab_to(box)
    before = corner.bounding_box()
    assert before
    box.evaluate("element => element.scrollTo(400, 600)")
    assert box.evaluate("element => [element.scrollLeft > 100, element.scrollTop > 100]") == [True, True]
    after = corner.bounding_box()
    assert after
    assert (after["x"], after["y"]) == (before["x"], before["y"])
    left, top = page.locator(".levels tbody th").nth(14).bounding_box(), page.locator("thead th").nth(8).bounding_box()
    assert left
    assert top
    assert left["x"] == before["x"]
    assert top["y"] == before["y"]
    fits_and_reads(page)
    page.get_by_role("link", name="more workers").click()
    expect(page.get_by_role("rowheader", name="Worker 9", exact=True)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_managers_fit_a_phone_without_scripts(open_page: Open, workspace: Workspace, scheme: str):
    workspace.rank(STRANGE)
    page = open_page(who="mia", viewport=PHONE, java_script_enabled=False, color_scheme=scheme)
    for address in ("/overview", "/matrix?evidence=1", "/thin?which=all", "/load", "/decisions"):
        page.goto(address)
        fits_and_reads(page, script=False)
