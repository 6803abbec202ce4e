"""Pages that are kept for as long as nothing was written that they rest on: to open one again costs a look-up.

A kept page is the text that was made for somebody, with blanks where her name and the tokens of forms go. Whoever has
the same sight, language, clock and colours is given the same text with her own name and tokens filled in.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from threading import Lock

from flask import Flask, current_app, g, session
from flask_wtf.csrf import generate_csrf
from markupsafe import escape

from skillmatch.workspace import Grounds
from skillmatch_web.languages import language
from skillmatch_web.reading import zone
from skillmatch_web.sight import me

EXTENSION = "skillmatch kept pages"
MOST_CHARACTERS = 64_000_000
"""So much text is kept at most in each process, some five hundred pages; what was not asked for longest goes first."""
FLASHED = "_flashes"


class Kept:
    """Texts by what they rest on. Safe to share between threads."""

    def __init__(self, most: int = MOST_CHARACTERS) -> None:
        self._texts: OrderedDict[Hashable, str] = OrderedDict()
        self._lock = Lock()
        self._most, self._size = most, 0
        # What nobody can have typed: it is drawn anew in each process and never leaves it.
        self.name, self.csrf, self.form = (f"{kind}{secrets.token_hex(16)}" for kind in ("n", "c", "f"))

    def get(self, key: Hashable) -> str | None:
        """Return the text that was kept under a key."""
        with self._lock:
            text = self._texts.get(key)
            if text is not None:
                self._texts.move_to_end(key)
            return text

    def put(self, key: Hashable, text: str) -> None:
        """Keep a text, and let go of those that were not asked for longest where there are too many."""
        with self._lock:
            self._size += len(text) - len(self._texts.pop(key, ""))
            self._texts[key] = text
            while self._size > self._most:
                _key, oldest = self._texts.popitem(last=False)
                self._size -= len(oldest)


def install(app: Flask, *, keeps: bool) -> None:
    """Keep pages from now on, or do not."""
    app.extensions[EXTENSION] = Kept() if keeps else None


def can_keep() -> bool:
    """Return whether a page may be kept or taken from there: not one that tells what was just done."""
    return current_app.extensions[EXTENSION] is not None and me() is not None and FLASHED not in session


def kept(about: Hashable, grounds: Callable[[], Grounds], make: Callable[[str], str]) -> str:
    """Return a page for whoever is signed in, made now or earlier; ask `can_keep` first.

    Parameters
    ----------
    about
        What it shows, besides who looks at it.
    grounds
        Says what it rests on; a page is kept only where that was the same before and after it was made.
    make
        Makes it with the given token for a form that counts once.
    """
    pages: Kept = current_app.extensions[EXTENSION]
    account = me()
    assert account is not None
    looks = (account.role, account.teams, account.worker, account.theme, language(), str(zone()))
    before, token = grounds(), generate_csrf()
    text = pages.get((about, looks, before)) if before.decision else None
    if text is None:
        g.me, g.csrf_token = replace(account, name=pages.name), pages.csrf
        try:
            text = make(pages.form)
        finally:
            g.me, g.csrf_token = account, token
        after = grounds()
        if after.decision and after in (before, replace(before, decision=after.decision)):
            pages.put((about, looks, after), text)
    filled = text.replace(pages.name, str(escape(account.name))).replace(pages.csrf, token)
    return filled.replace(pages.form, secrets.token_hex(16))
