"""A fitter's day on a phone, from the first job to the decision about what he disputed: by the keys, and by thumb."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from skillmatch.accounts import Role
from skillmatch.beliefs.evidence import JobOutcome, SelfReport, SkillDeclined
from skillmatch.beliefs.observation import Demand, Result
from skillmatch.claims import ClaimStatus
from skillmatch.model import Booking, Link, LinkKind, Skill
from skillmatch.workspace import DisputeState, Workspace
from tests.web.conftest import BEN, CURTIS, DONE, NOW, OPEN, PASSWORD, photo
from tests.web.hands import Hand, Keys, Thumb, sign_in, to_page
from tests.web.test_browser import PHONE, WIDE, Open, open_page, overflow

__all__ = ["open_page"]

A_MINUTE = 12
"""Choices, texts and presses that a minute is enough for."""
LIKELY = {"vessels": "Expansion vessels", "softeners": "Water softeners"}


@pytest.fixture(autouse=True)
def a_day(workspace: Workspace) -> None:
    """Promise Ben a job, let much be inferred of him, and give his team a manager."""
    done = [("radiators", BEN, Result.FIRST_TIME_FIX)] * 24
    done += [(skill, CURTIS, Result.FAILED) for skill in LIKELY for _ in range(24)]
    outcomes = [
        JobOutcome(
            id=f"{skill}-{number}",
            worker=worker,
            time=NOW - timedelta(days=300 - number),
            job=DONE,
            result=result,
            demands=(Demand(skill, 3.0),),
        )
        for number, (skill, worker, result) in enumerate(done)
    ]
    with workspace._store.write() as transaction:
        revision = transaction.next_revision()
        skills = [Skill("radiators", "Radiators"), *(Skill(id, name) for id, name in LIKELY.items())]
        transaction.save_nouns(Skill, skills, revision=revision)
        links = [Link(skill, "radiators", LinkKind.RELATED) for skill in LIKELY]
        transaction.save_nouns(Link, links, revision=revision)
        transaction.save_nouns(Booking, [Booking(OPEN, BEN, NOW, 75.0)], revision=revision)
        transaction.append(outcomes, revision=revision)
    workspace.rebuild(check=False)
    nora = workspace.accounts.add("nora", name="Nora Berg", role=Role.MANAGER, teams=("North",))
    workspace.accounts.set_password(nora.id, PASSWORD)


Check = Callable[[Page], None]


def at_the_door(hand: Hand, check: Check) -> None:
    """Read where to go, whom to call and what happened there before."""
    page = hand.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Your day")
    stop = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="No hot water in the east wing"))
    expect(stop.get_by_role("link", name="Call +49 30 555 0100")).to_have_attribute("href", "tel:+49305550100")
    expect(stop.get_by_role("link", name="Show the way")).to_have_attribute("href", "geo:52.520000,13.405000")
    check(page)
    hand.press(stop.get_by_role("link", name="Oak Street 12, boiler room"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Oak Street 12, boiler room")
    expect(page.get_by_role("heading", name="Who was here")).to_be_visible()
    check(page)
    hand.write(page.get_by_label("What should others know?"), "the isolation valve sticks")
    hand.press(page.get_by_role("button", name="Leave it here"))
    expect(page.get_by_role("status")).to_contain_text("Kept")
    to_page(hand, "Today")
    expect(stop).to_contain_text("the isolation valve sticks")


def finish(hand: Hand, check: Check) -> None:
    """Finish the job on one form, with a suggestion, in so few steps that a minute is enough."""
    page, before = hand.page, hand.steps
    hand.press(page.get_by_role("link", name=re.compile("^Finish ?: No hot water in the east wing$")))
    expect(page.get_by_role("heading", level=1)).to_have_text("How did it end?")
    check(page)
    hand.choose(page.get_by_label("Done, but somebody had to help"))
    hand.press(page.get_by_role("button", name="15 minutes more"))
    hand.write(page.get_by_label("For this site"), "a second valve would help")
    hand.choose(page.get_by_label("Suggestion to the customer"))
    hand.press(page.get_by_role("button", name="Finish the job"))
    expect(page.get_by_role("status")).to_contain_text("Recorded: Done, but somebody had to help.")
    assert hand.steps - before <= A_MINUTE
    check(page)


def dispute(hand: Hand, check: Check) -> tuple[str, str]:
    """Open a level, its band and one piece of evidence, and say that it is wrong; return the level before and then."""
    page = hand.page
    to_page(hand, "Your skills")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ben Osei")
    check(page)
    skills = page.get_by_role("region", name="Skills", exact=True)
    hand.press(skills.get_by_role("link", name="Boiler controls"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Ben Osei in Boiler controls")
    level = page.get_by_role("region", name="Level", exact=True).locator(".big")
    before = level.inner_text()
    expect(page.get_by_role("figure", name="Level over time")).to_be_visible()
    hand.press(page.get_by_text("The same as a table"))
    expect(page.get_by_role("table", name="Level over time")).to_be_visible()
    check(page)
    piece = page.get_by_role("listitem").filter(has=page.get_by_text("This is wrong: Not solved"))
    hand.press(piece.locator("summary"))
    hand.write(piece.get_by_label("What is wrong with it?"), "I was on leave")
    hand.press(piece.get_by_role("button", name="Say that it is wrong"))
    expect(page.get_by_role("status")).to_contain_text("Disputed, and set aside until a manager has decided")
    expect(page.get_by_text("Waiting for a manager.")).to_be_visible()
    check(page)
    return before, level.inner_text()


def say_what_is_true(hand: Hand, check: Check) -> None:
    """Say in own words what one can do, and answer what is guessed: one is true, another is not."""
    page = hand.page
    to_page(hand, "Your skills")
    own = page.get_by_role("region", name="What can you do, in your own words?")
    hand.write(own.get_by_label("Tell it as you would tell a colleague"), "I set up heat pumps")
    hand.press(own.get_by_role("button", name="Find the skills"))
    check(page)
    hand.choose(own.get_by_role("group", name="Heat pumps").get_by_label("3 alone"))
    hand.press(own.get_by_role("button", name="Add Heat pumps"))
    expect(own.get_by_role("status")).to_have_text("Recorded: Heat pumps at level 3, alone.")
    check(page)
    guessed = page.get_by_role("region", name="Likely skills: true or not?")
    vessels, softeners = (guessed.get_by_role("group", name=name) for name in LIKELY.values())
    hand.choose(vessels.get_by_label("2 with help"))
    hand.press(vessels.get_by_role("button", name="True, at this level"))
    expect(page.get_by_role("status")).to_contain_text("Recorded: Expansion vessels at level 2, with help.")
    hand.press(softeners.get_by_role("button", name="Not true"))
    expect(page.get_by_role("status")).to_contain_text("Water softeners will not be suggested again.")


def hand_in(hand: Hand, check: Check, paper: Path) -> None:
    """Hand in a certificate with a photo of it."""
    page = hand.page
    hand.press(page.get_by_role("link", name="Hand in a certificate, or ask for a level to be confirmed"))
    form = page.get_by_role("region", name="Hand in a certificate")
    hand.write(form.get_by_label("Which certificate"), "First aid")
    hand.date(form.get_by_label("Issued on"), date(2026, 11, 2))
    hand.file(form.get_by_label("Photo or PDF of it"), paper)
    hand.press(form.get_by_role("button", name="Hand it in"))
    expect(page.get_by_role("status")).to_contain_text("Handed in: certificate First aid.")
    check(page)


def wish(hand: Hand, check: Check) -> None:
    """Wish to learn something, and see what leads there."""
    page = hand.page
    to_page(hand, "Your skills")
    hand.write(page.get_by_label("A skill to learn"), "talking with customers")
    hand.press(page.get_by_role("button", name="Wish to learn it"))
    expect(page.get_by_role("status")).to_contain_text("Noted: Talking with customers is to be learned.")
    hand.press(page.get_by_role("link", name="What would get me there"))
    expect(page.get_by_role("heading", name="Who could teach it")).to_be_visible()
    check(page)


def the_office_reads_it(page: Page, check: Check) -> None:
    """See the suggestion where suggestions wait, and the note on the site."""
    page.goto("/suggestions")
    expect(page.get_by_role("listitem").filter(has_text="a second valve would help")).to_contain_text("Oak Street")
    check(page)
    page.goto("/sites/oak-1")
    expect(page.get_by_text("the isolation valve sticks").first).to_be_visible()


def the_manager_decides(hand: Hand, check: Check) -> None:
    """Go from the overview to what is disputed, and decide it."""
    page = hand.page
    page.goto("/")
    block = page.get_by_role("region", name="Disputes")
    check(page)
    hand.press(block.get_by_role("link", name="Ben Osei"))
    expect(page.get_by_role("table", name="What hangs on it")).to_contain_text("Boiler controls")
    check(page)
    hand.write(page.get_by_label("Why do you decide so?"), "The calendar says so")
    hand.press(page.get_by_role("button", name="It is wrong"))
    expect(page.get_by_role("status")).to_contain_text("Decided: Ben Osei is right.")


@pytest.mark.parametrize("kind", [Keys, Thumb])
def test_a_day_of_a_fitter(open_page: Open, workspace: Workspace, tmp_path: Path, kind: type[Keys] | type[Thumb]):
    script = kind is Keys  # a thumb does without
    look = {"viewport": PHONE, "java_script_enabled": script, "has_touch": kind is Thumb}
    scheme = "light" if script else "dark"

    def check(page: Page) -> None:
        assert overflow(page) <= 0, page.url

    hand = kind(open_page(who=None, color_scheme=scheme, **look))
    sign_in(hand, "ben", PASSWORD)
    at_the_door(hand, check)
    finish(hand, check)
    before, then = dispute(hand, check)
    assert before != then
    say_what_is_true(hand, check)
    paper = tmp_path / "IMG_0001.jpg"
    paper.write_bytes(photo(size=(900, 600)))
    hand_in(hand, check, paper)
    wish(hand, check)
    facts = workspace.profile(BEN).evidence
    assert {(one.skill, one.level) for one in facts if isinstance(one, SelfReport)} == {("pumps", 3), ("vessels", 2)}
    assert [one.skill for one in facts if isinstance(one, SkillDeclined)] == ["softeners"]
    assert [one.minutes for one in workspace.job(OPEN).outcomes] == [90.0]
    assert {one.what.type for one in workspace.claims.of(BEN) if one.status is ClaimStatus.OPEN} >= {"First aid"}

    for who in ("stella", "nora"):
        the_office_reads_it(open_page(who=who, viewport=WIDE), check)
    office = kind(open_page(who="nora", color_scheme=scheme, **look | ({"viewport": WIDE} if script else {})))
    the_manager_decides(office, check)
    assert [row.state for row in workspace.disputes.page().rows] == [DisputeState.UPHELD]
    hand.page.goto(f"/workers/{BEN}/skills/boiler")
    expect(hand.page.get_by_text("“The calendar says so”")).to_be_visible()
    expect(hand.page.get_by_text("Found to be wrong: it does not count.")).to_be_visible()
