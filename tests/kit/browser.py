"""The browser in which the tests look at the pages."""

from __future__ import annotations

from dev import BROWSER_ADVICE, find_browser

__all__ = ["ARGUMENTS", "HOW_TO_GET_IT", "find_browser"]

HOW_TO_GET_IT = f"no Chromium was found: {BROWSER_ADVICE}"

# The sandbox does not work for root or in most containers, and only our own pages are opened. The other
# switches keep the browser from talking to anybody but the server under test.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
