"""Taking the pictures: a server in this process, one browser, two widths, light and dark."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from dev import BROWSER_ADVICE, SetupError, find_browser
from skillmatch.accounts import Role
from tests.kit.browser import ARGUMENTS
from tests.screens.firm import Firm
from tests.screens.shots import Shot

WIDTHS = {"wide": 1280, "phone": 390}
SCHEMES = ("light", "dark")
HEIGHT, TALLEST = 900, 2000
"""A page is taken whole, but no more of it than TALLEST pixels."""
QUALITY = 35


class Quiet(WSGIRequestHandler):
    """Serves without a line for each request."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve pages on this machine, and give their address."""

    def whole(environ: Any, start_response: Any) -> list[bytes]:
        with closing(app(environ, start_response)) as answer:
            return [b"".join(answer)]

    server = make_server("127.0.0.1", 0, whole, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Start a Chromium that talks to nobody else.

    Raises
    ------
    SetupError
        When there is none.
    """
    program = find_browser()
    if program is None:
        raise SetupError(f"No Chromium was found: {BROWSER_ADVICE}.")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(program), args=[*ARGUMENTS, "--lang=en-GB"])
        try:
            yield found
        finally:
            found.close()


def cookie_of(firm: Firm, app: Flask, role: Role) -> str:
    """Return the cookie of somebody who has signed in."""
    client = app.test_client()
    signed = firm.workspace.accounts.begin(firm.accounts[role].id, agent="camera")
    with client.session_transaction() as session:
        session["token"], session["who"] = signed.token, signed.account.id
    cookie = client.get_cookie("skillmatch")
    assert cookie is not None
    return cookie.value


def take(firm: Firm, app: Flask, shots: tuple[Shot, ...], folder: Path) -> dict[str, tuple[str, int]]:
    """Take four pictures of each page into a folder; return the title and the status of each by name."""
    found: dict[str, tuple[str, int]] = {}
    cookies = {role: cookie_of(firm, app, role) for role in firm.accounts}
    with served(app) as live, a_browser() as browser:
        for kind, width in WIDTHS.items():
            for scheme in SCHEMES:
                for role in (None, *firm.accounts):
                    context = browser.new_context(
                        base_url=live, viewport={"width": width, "height": HEIGHT}, color_scheme=scheme, locale="en-GB"
                    )
                    if role is not None:
                        context.add_cookies([{"name": "skillmatch", "value": cookies[role], "url": live}])
                    for shot in shots:
                        if shot.role is role:
                            seen = look(
                                context, shot.address(app, firm.ids), folder / f"{shot.name}-{kind}-{scheme}.webp"
                            )
                            found[shot.name] = seen
                    context.close()
    return found


def look(context: BrowserContext, address: str, file: Path) -> tuple[str, int]:
    """Take one picture, and return the title of the page and its status."""
    page = context.new_page()
    try:
        answer = page.goto(address)
        page.evaluate("document.fonts.ready")
        height = int(page.evaluate("document.documentElement.scrollHeight"))
        width = page.viewport_size["width"] if page.viewport_size else WIDTHS["wide"]
        # As high as the page, because what sticks to the edge of the window would lie across the middle of a long one.
        page.set_viewport_size({"width": width, "height": min(max(height, HEIGHT), TALLEST)})
        taken = page.screenshot(animations="disabled", caret="hide")
        with Image.open(BytesIO(taken)) as picture:
            picture.convert("RGB").save(file, "WEBP", quality=QUALITY, method=4)
        return page.title().removesuffix(" – skillmatch"), answer.status if answer else 0
    finally:
        page.close()
