"""Two ways to use a page: by the keys alone, and with a thumb. A journey takes either, and counts what it did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 400


class Hand(Protocol):
    """Somebody at a page; `steps` are the choices, texts and presses so far."""

    page: Page
    steps: int

    def press(self, wanted: Locator) -> None:
        """Press a link, a button or what unfolds something."""

    def write(self, wanted: Locator, text: str) -> None:
        """Type into a field that is empty."""

    def choose(self, wanted: Locator) -> None:
        """Choose one of a group."""

    def pick(self, wanted: Locator, label: str) -> None:
        """Pick from a list."""

    def date(self, wanted: Locator, day: date) -> None:
        """Say a day."""

    def file(self, wanted: Locator, path: Path) -> None:
        """Choose a file."""


@dataclass
class Keys:
    """Tab, Enter, Space, arrows and letters, and nothing else."""

    page: Page
    steps: int = 0

    def tab_to(self, wanted: Locator) -> None:
        """Press Tab until something has the focus, and see that it is in view then."""
        expect(wanted).to_have_count(1)
        for _ in range(MOST_TABS):
            if wanted.evaluate("element => element === document.activeElement"):
                expect(wanted).to_be_in_viewport()
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{wanted} cannot be reached by Tab on {self.page.url}")

    def press(self, wanted: Locator) -> None:
        """Press Enter on it."""
        self.steps += 1
        self.tab_to(wanted)
        self.page.keyboard.press("Enter")

    def write(self, wanted: Locator, text: str) -> None:
        """Type letter by letter."""
        self.steps += 1
        self.tab_to(wanted)
        self.page.keyboard.type(text)

    def choose(self, wanted: Locator) -> None:
        """Go into the group by Tab and along it by the arrows."""
        self.steps += 1
        name = wanted.get_attribute("name")
        group = wanted.locator(f"xpath=ancestor::form[1]//input[@type='radio'][@name='{name}']")
        for _ in range(MOST_TABS):
            if group.evaluate_all("all => all.includes(document.activeElement)"):
                break
            self.page.keyboard.press("Tab")
        self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if wanted.is_checked():
                break
            self.page.keyboard.press("ArrowDown")
        expect(wanted).to_be_checked()

    def pick(self, wanted: Locator, label: str) -> None:
        """Type what it begins with."""
        self.steps += 1
        self.tab_to(wanted)
        self.page.keyboard.type(label)
        expect(wanted.locator("option:checked")).to_have_text(label)

    def date(self, wanted: Locator, day: date) -> None:
        """Type month, day and year, as this browser has them."""
        self.write(wanted, f"{day:%m%d%Y}")
        expect(wanted).to_have_value(day.isoformat())

    def file(self, wanted: Locator, path: Path) -> None:
        """Press Enter on the field and choose what the system then offers."""
        with self.page.expect_file_chooser() as chooser:
            self.press(wanted)
        chooser.value.set_files(path)


@dataclass
class Thumb:
    """Taps on a phone, where everything that is meant for a thumb is large enough for one."""

    page: Page
    steps: int = 0

    def press(self, wanted: Locator) -> None:
        """Tap on it."""
        self.steps += 1
        wanted.tap()

    def write(self, wanted: Locator, text: str) -> None:
        """Tap into the field and type."""
        self.press(wanted)
        wanted.press_sequentially(text)

    def choose(self, wanted: Locator) -> None:
        """Tap on its words."""
        self.press(wanted.locator("xpath=following-sibling::label"))
        expect(wanted).to_be_checked()

    def pick(self, wanted: Locator, label: str) -> None:
        """Pick from what the phone then shows."""
        self.steps += 1
        wanted.select_option(label)

    def date(self, wanted: Locator, day: date) -> None:
        """Pick from the calendar of the phone."""
        self.steps += 1
        wanted.fill(day.isoformat())

    def file(self, wanted: Locator, path: Path) -> None:
        """Choose what the phone offers."""
        self.steps += 1
        wanted.set_input_files(path)


def sign_in(hand: Hand, name: str, password: str) -> None:
    """Sign in from the first page."""
    hand.page.set_default_timeout(5000)
    hand.page.goto("/")
    hand.write(hand.page.get_by_label("Sign-in name"), name)
    hand.write(hand.page.get_by_label("Password"), password)
    hand.press(hand.page.get_by_role("button", name="Sign in", exact=True))


def to_page(hand: Hand, label: str) -> None:
    """Go where the navigation says `label`, through the menu of a phone or what is under More."""
    banner = hand.page.get_by_role("banner")
    menu, more = banner.locator(".menu"), banner.locator(".rest")
    for fold in (menu, more):
        within = fold.get_by_role("link", name=label, exact=True, include_hidden=True)
        if within.count() and fold.locator("summary").is_visible():
            hand.press(fold.locator("summary"))
            hand.press(within)
            return
    hand.press(banner.locator("nav.wide").get_by_role("link", name=label, exact=True))
