"""How long a phone takes until the largest thing on a page is painted: Chromium, processor slowed four times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dev import find_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SLOWED = 4
TIMES = 3
# Without a sandbox, which most containers do not allow; only our own pages are opened.
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
_LARGEST = """() => new Promise((tell) => {
  let last = null;
  const watch = new PerformanceObserver((list) => { for (const one of list.getEntries()) last = one.startTime; });
  watch.observe({ type: "largest-contentful-paint", buffered: true });
  setTimeout(() => { watch.disconnect(); tell(last); }, 500);
})"""


def measure(address: str, cookies: Mapping[str, str], *, times: int = TIMES) -> float:
    """Return the milliseconds from asking for a page until its largest part is painted, in a browser of its own.

    See `measure_in`.
    """
    from playwright.sync_api import sync_playwright

    program = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*ARGUMENTS])
        try:
            return measure_in(browser, address, cookies, times=times)
        finally:
            browser.close()


def measure_in(browser: Browser, address: str, cookies: Mapping[str, str], *, times: int = TIMES) -> float:
    """Return the milliseconds from asking for a page until its largest part is painted: the median of some visits.

    Each visit is that of a phone with an empty cache.

    Parameters
    ----------
    browser
        A Chromium.
    address
        The whole address of a page that is served.
    cookies
        Of whoever is signed in there, by name.
    times
        How many visits, an odd number.

    Raises
    ------
    RuntimeError
        When the page does not answer with 200, or paints nothing.
    """
    return sorted(visit(browser, address, cookies) for _ in range(times))[times // 2]


def visit(browser: Browser, address: str, cookies: Mapping[str, str]) -> float:
    """Return what one visit takes; see `measure_in`."""
    parts = urlsplit(address)
    context = browser.new_context(viewport={"width": 390, "height": 844})
    try:
        home = f"{parts.scheme}://{parts.netloc}"
        context.add_cookies([{"name": name, "value": value, "url": home} for name, value in cookies.items()])
        page = context.new_page()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        answer = page.goto(address, wait_until="load")
        status = 0 if answer is None else answer.status
        painted = page.evaluate(_LARGEST)
        if status != 200 or painted is None:
            raise RuntimeError(f"{address} answered {status} and painted {painted}: expected a page that is served")
        return float(painted)
    finally:
        context.close()
