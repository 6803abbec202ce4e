"""In a real browser, on a wide screen and on a phone, with and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect

from skillmatch.model import Job, Worker
from skillmatch.workspace import Result, Workspace
from tests.web.conftest import ANNA, BEN, EVA, EVIL, KNOCK, OPEN, signed_in

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, app: Flask, live: str) -> Iterator[Open]:
    """Open pages that may talk to nobody but the server; at the end, nothing may have complained or tried to.

    They are Rita's unless it is said `who` has signed in; None for nobody.
    """
    complaints: list[str] = []
    contexts = []

    def heard(message: ConsoleMessage) -> None:
        # A browser reports every answer of 400 and above itself; such pages are asked for on purpose.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    def decide(route: Route) -> None:
        if route.request.url.startswith(f"{live}/"):
            route.continue_()
        else:
            complaints.append(f"asked for {route.request.url}")
            route.abort()

    def open_page(*, who: str | None = "rita", **options: object) -> Page:
        context = browser.new_context(base_url=live, **options)  # type: ignore[arg-type]
        contexts.append(context)
        context.route("**/*", decide)
        if who is not None:
            cookie = signed_in(app, who).get_cookie("skillmatch")
            assert cookie
            context.add_cookies([{"name": "skillmatch", "value": cookie.value, "url": live}])
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def overflow(page: Page) -> int:
    # By a locator, which waits for a page that is only just arriving.
    return int(page.locator("html").evaluate("html => html.scrollWidth - window.innerWidth"))


def to_page(page: Page, label: str) -> None:
    """Go where the navigation says `label`, through the menu of a phone or what is under More."""
    links = page.get_by_role("banner").get_by_role("link", name=label, exact=True)
    for fold in ("Menu", "More"):
        summary = page.get_by_role("banner").locator("summary", has_text=fold).filter(visible=True)
        if not links.filter(visible=True).count() and summary.count():
            summary.click()
    links.filter(visible=True).first.click()


def fits_and_reads(page: Page, *, script: bool = True) -> None:
    """Assert that nothing hangs over the edge and that axe, which needs scripts, finds nothing to complain of."""
    assert overflow(page) <= 0, page.url
    if not script:
        return
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], page.url


@pytest.mark.parametrize(("size", "script"), [(WIDE, True), (PHONE, False)])
def test_a_dispatcher_sends_somebody_and_sees_what_her_outcome_changed(
    open_page: Open, workspace: Workspace, size: dict[str, int], script: bool
):
    page = open_page(viewport=size, java_script_enabled=script)
    page.goto("/")
    page.get_by_role("link", name="No hot water in the east wing").click()
    first = workspace.rank(OPEN).candidates[0].worker
    card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=first.name, exact=True))
    expect(card).to_contain_text("Chance of success")
    card.locator("summary").first.click()
    expect(card.get_by_role("img", name=re.compile("^Score: "))).to_be_visible()
    card.get_by_text("As a table, with the details").first.click()
    expect(card.get_by_role("table", name="Score: what adds up to it")).to_be_visible()
    page.get_by_label("Who was sent?").select_option(ANNA)
    page.get_by_label("Done, but it had to be done again").check()
    page.get_by_label("Minutes it took").fill("lots")
    page.get_by_role("button", name="Record the outcome").click()
    expect(page.get_by_text("“lots” is no number of minutes")).to_be_visible()
    page.get_by_label("Minutes it took").fill("80")
    page.get_by_role("button", name="Record the outcome").click()
    expect(page.get_by_role("status")).to_contain_text("Recorded.")
    expect(page.get_by_role("heading", name="What this changed about Anna Kovacs")).to_be_visible()
    assert page.get_by_text(re.compile(r"^Before$")).count() == 3
    assert [one.result for one in workspace.job(OPEN).outcomes] == [Result.REWORK]
    page.get_by_role("link", name="Back to the job").click()
    expect(page.get_by_role("heading", name="How it went")).to_be_visible()


@pytest.mark.parametrize(("size", "script", "scheme"), [(WIDE, True, "dark"), (PHONE, False, "light")])
def test_a_dispatcher_assigns_somebody_and_learns_when_her_page_is_out_of_date(
    open_page: Open, workspace: Workspace, size: dict[str, int], script: bool, scheme: str
):
    page = open_page(viewport=size, java_script_enabled=script, color_scheme=scheme)
    page.goto(f"/jobs/{OPEN}")
    first, second = (one.worker for one in workspace.rank(OPEN).candidates[:2])
    workspace.change_policy("balanced", {"travel": "60"})
    page.get_by_role("button", name=f"Assign {first.name}").click()
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("Something has changed since you opened this page: the policy balanced was changed")
    fits_and_reads(page, script=script)
    notice.get_by_role("button", name="Assign all the same").click()
    expect(page.get_by_role("status")).to_contain_text(f"{first.name} is assigned.")
    assigned = page.get_by_role("region", name="Assigned")
    expect(assigned.get_by_role("link", name=first.phone)).to_be_visible()
    expect(assigned.get_by_role("link", name="+49 30 555 0100")).to_be_visible()
    fits_and_reads(page, script=script)
    card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=second.name, exact=True))
    card.locator("summary").first.click()
    card.get_by_label(f"Why {second.name}?").fill("the customer asked")
    expect(card).to_contain_text(f"This calls off {first.name}.")
    card.get_by_role("button", name="Assign instead").click()
    expect(assigned).to_contain_text(second.name)
    to_page(page, "Decisions")
    row = page.get_by_role("listitem").filter(has_text="the customer asked").last
    expect(row).to_contain_text(f"{second.name} instead")
    row.get_by_role("link", name=re.compile(r"^Decision \d+$")).click()
    page.get_by_role("button", name="Replay this decision").click()
    expect(page.get_by_text("Exactly the same")).to_be_visible()
    fits_and_reads(page, script=script)


def test_the_way_back_leads_to_the_ranking_as_it_is_now(open_page: Open, workspace: Workspace):
    page = open_page(viewport=WIDE)
    page.goto(f"/jobs/{OPEN}")
    first = workspace.rank(OPEN).candidates[0].worker
    page.get_by_role("button", name=f"Assign {first.name}").click()
    expect(page.get_by_role("region", name="Assigned")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("region", name="Assigned")).to_contain_text(first.name)


def test_a_reason_is_asked_for_before_anything_is_sent(open_page: Open, workspace: Workspace):
    page = open_page(viewport=PHONE)
    page.goto(f"/jobs/{OPEN}/workers/{EVA}")
    page.get_by_role("button", name="Assign Eva Brandt").click()
    expect(page.get_by_label("Why Eva Brandt?")).to_be_focused()
    assert workspace.decisions(job=OPEN)[0].chosen == ()


def test_why_not_somebody_is_one_question_away(open_page: Open):
    page = open_page(viewport=PHONE)
    page.goto(f"/jobs/{OPEN}")
    page.get_by_label("Why not somebody else?").fill("eva")
    page.get_by_role("button", name="Explain").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Eva Brandt: cannot be sent")


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_a_level_leads_to_its_evidence_and_that_to_its_job(open_page: Open, size: dict[str, int]):
    page = open_page(viewport=size, java_script_enabled=False)
    page.goto(f"/workers/{ANNA}")
    page.get_by_role("link", name="Boiler controls", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Anna Kovacs in Boiler controls")
    expect(page.get_by_role("table", name="What each piece of evidence is worth today")).to_be_visible()
    page.get_by_role("link", name="job J-0900: rework").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Done, but it had to be done again")


@pytest.mark.parametrize(("size", "script"), [(WIDE, True), (PHONE, False)])
def test_a_worker_says_what_she_can_do_in_her_own_words(
    open_page: Open, workspace: Workspace, size: dict[str, int], script: bool
):
    page = open_page(who="ben", viewport=size, java_script_enabled=script)
    page.goto(f"/workers/{BEN}")
    own = page.get_by_role("region", name="What can you do, in your own words?")
    own.get_by_label("Tell it as you would tell a colleague").fill(EVIL + ": heat pumps, and talk with customers")
    own.get_by_role("button", name="Find the skills").click()
    fits_and_reads(page, script=script)
    own.get_by_role("button", name="Add Heat pumps").click()
    expect(own.get_by_role("alert")).to_have_text("Choose how well Heat pumps is mastered, then add it.")
    fits_and_reads(page, script=script)
    own.get_by_role("group", name="Heat pumps").get_by_label("3 alone").check()
    own.get_by_role("group", name="Talking with customers").get_by_label("4 experienced").check()
    own.get_by_role("button", name="Add Heat pumps").click()
    expect(own.get_by_role("status")).to_have_text("Recorded: Heat pumps at level 3, alone.")
    expect(own.get_by_role("status")).to_be_in_viewport()
    expect(own.get_by_role("group", name="Talking with customers").get_by_label("4 experienced")).to_be_checked()
    own.get_by_role("button", name="Not this one Talking with customers").click()
    expect(own.get_by_role("status")).to_contain_text("will not be suggested for these words again")
    expect(own.get_by_role("group", name="Talking with customers")).to_have_count(0)
    expect(page.get_by_role("region", name="Skills", exact=True)).to_contain_text("Heat pumps")
    fits_and_reads(page, script=script)


@pytest.mark.parametrize(("size", "script"), [(WIDE, True), (PHONE, False)])
def test_a_dispatcher_takes_a_need_from_the_words_of_the_customer(
    open_page: Open, workspace: Workspace, size: dict[str, int], script: bool
):
    page = open_page(viewport=size, java_script_enabled=script)
    save_job(workspace, OPEN, text="It is the heat pump; and please talk with the customer first")
    page.goto(f"/jobs/{OPEN}")
    named = page.get_by_role("region", name="Skills these words name")
    fits_and_reads(page, script=script)
    named.get_by_label("Level of Talking with customers").select_option("3 – alone")
    named.get_by_role("button", name="Needs this Talking with customers").click()
    expect(page.get_by_role("status")).to_contain_text("This job needs Talking with customers now at level 3, alone.")
    expect(named).to_contain_text("needed already")
    fits_and_reads(page, script=script)


def save_job(workspace: Workspace, id: str, **changes: object) -> None:
    changed = replace(workspace.job(id).job, **changes)  # type: ignore[arg-type]
    with workspace._store.write() as transaction:
        transaction.save_nouns(Job, [changed], revision=transaction.next_revision())


def test_the_keyboard_alone_reaches_the_content_first(open_page: Open):
    page = open_page(viewport=WIDE)
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()


def cheap_but_not_certified(workspace: Workspace) -> None:
    """Make Ben the cheapest, who may not touch gas, and have Anna, who is best at all, not go."""
    with workspace._store.write() as transaction:
        revision = transaction.next_revision()
        ben = next(one for one in workspace.workers() if one.id == BEN)
        transaction.save_nouns(Worker, [replace(ben, cost_per_hour=27.0)], revision=revision)
        transaction.save_nouns(Job, [replace(workspace.job(OPEN).job, excluded=(ANNA,))], revision=revision)


@pytest.mark.parametrize(("size", "script", "scheme"), [(WIDE, False, "light"), (PHONE, True, "dark")])
def test_a_dispatcher_asks_a_question_and_goes_with_a_cause(
    open_page: Open, workspace: Workspace, size: dict[str, int], script: bool, scheme: str
):
    cheap_but_not_certified(workspace)
    page = open_page(viewport=size, java_script_enabled=script, color_scheme=scheme)
    page.goto(f"/jobs/{OPEN}")
    block = page.get_by_role("region", name="What may be behind it")
    expect(block.locator("summary").first).to_contain_text("1 question would help")
    expect(page.locator(".candidates > li").first).to_be_visible()
    top = page.locator(".candidates > li").first.bounding_box()
    assert top
    assert top["y"] < (0.75 if size == WIDE else 1.5) * size["height"], "the first candidate is near"
    block.locator("summary").first.click()
    expect(block).to_contain_text(KNOCK)
    (worth,) = workspace.diagnose(OPEN).questions
    name = {worker.id: worker.name for worker in workspace.workers()}[worth.if_yes]
    block.get_by_role("button", name=f"Yes – then {name}").click()
    expect(page.get_by_role("status")).to_have_text("The answer is kept.")
    expect(block).to_contain_text("Asked: Do you see a flame <at all>? Yes")
    block.get_by_role("link", name="Whom to send while it is uncertain").click()
    expect(page.get_by_role("heading", name="Whom to send")).to_be_visible()
    first = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=name, exact=True))
    first.locator("summary").click()
    expect(first.get_by_role("table", name="Cost: what adds up to it")).to_be_visible()
    fits_and_reads(page, script=script)
    page.get_by_role("button", name=f"Go with this {KNOCK}").click()
    expect(page.get_by_text("You went with").first).to_be_visible()
    page.get_by_role("button", name="Back to what “Boiler repair” needs").click()
    expect(page.get_by_role("status")).to_have_text("This job needs again what its type asks for.")
    fits_and_reads(page, script=script)
