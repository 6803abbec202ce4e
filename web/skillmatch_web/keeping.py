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

from flask import Flask, Response, current_app, g, request, session
from flask_wtf.csrf import generate_csrf
from markupsafe import escape

from skillmatch.accounts import Account
from skillmatch.workspace import Grounds
from skillmatch_web.addresses import workspace
from skillmatch_web.blanks import Blanks
from skillmatch_web.languages import language
from skillmatch_web.reading import zone
from skillmatch_web.sight import me

EXTENSION = "skillmatch kept pages"
MOST_BYTES = 64_000_000
"""So much text is kept at most in each process, some five hundred pages; what was not asked for longest goes first."""
MAKERS = 64
"""Of those who ask for one page at once, one makes it and the others wait; so many different ones are made at once."""
MOST_TOKENS = 10_000
FLASHED = "_flashes"


class Kept:
    """Pages by what they rest on. Safe to share between threads."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._pages: OrderedDict[Hashable, Blanks] = OrderedDict()
        self._lock = Lock()
        self._making = tuple(Lock() for _ in range(MAKERS))
        self._tokens: dict[str | None, str] = {}
        self._most, self._size = most, 0
        # What nobody can have typed: it is drawn anew in each process and never leaves it.
        self.name, self.csrf, self.form = (f"{kind}{secrets.token_hex(16)}" for kind in ("n", "c", "f"))

    def blanks(self, text: str) -> Blanks:
        """Return a page cut at what is filled in for each who looks."""
        return Blanks(text, (self.name, self.csrf, self.form), frozenset((self.name,)))

    def token(self) -> str:
        """Return the token for forms of whoever asks. It holds as long as her session, so it is signed once."""
        raw = session.get("csrf_token")
        token = self._tokens.get(raw)
        if token is None:
            token = generate_csrf()
            if len(self._tokens) >= MOST_TOKENS:
                self._tokens.clear()
            self._tokens[session["csrf_token"]] = token
        return token

    def making(self, key: Hashable) -> Lock:
        """Return the lock of whoever makes a page."""
        return self._making[hash(key) % MAKERS]

    def get(self, key: Hashable) -> Blanks | None:
        """Return the page that was kept under a key."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: Hashable, page: Blanks) -> None:
        """Keep a page, and let go of those that were not asked for longest where there are too many."""
        with self._lock:
            earlier = self._pages.pop(key, None)
            self._size += page.size - (earlier.size if earlier else 0)
            self._pages[key] = page
            while self._size > self._most:
                _key, oldest = self._pages.popitem(last=False)
                self._size -= oldest.size


def install(app: Flask, *, keeps: bool) -> None:
    """Keep pages from now on, or do not."""
    app.extensions[EXTENSION] = Kept() if keeps else None
    app.before_request(look_once)
    app.teardown_request(look_away)


def look_once() -> None:
    """Look whether anything was written once for a page, not for each question that it asks."""
    if request.method in ("GET", "HEAD"):
        g.moment = workspace().one_moment()
        g.moment.__enter__()


def look_away(_error: BaseException | None) -> None:
    """End that."""
    moment = g.pop("moment", None)
    if moment is not None:
        moment.__exit__(None, None, None)


def can_keep() -> bool:
    """Return whether a page may be kept or taken from there: not one that tells what was just done."""
    return current_app.extensions[EXTENSION] is not None and me() is not None and FLASHED not in session


def kept(about: Hashable, grounds: Callable[[], Grounds], make: Callable[[str], str]) -> Response:
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
    token = pages.token()
    page = pages.get((about, looks, grounds()))
    if page is not None:
        return _filled(pages, page, account.name, token)
    with pages.making((about, looks)):
        before = grounds()
        page = pages.get((about, looks, before))  # made while we waited
        if page is None:
            page = _made(pages, make, account, token)
            after = grounds()
            if after.decision and after in (before, replace(before, decision=after.decision)):
                pages.put((about, looks, after), page)
            # Most pages are opened once: cut to be compressed is only one that is asked for again.
            return _filled(pages, page, account.name, token, cut=False)
    return _filled(pages, page, account.name, token)


def _made(pages: Kept, make: Callable[[str], str], account: Account, token: str) -> Blanks:
    """Return a page with blanks instead of what is this person's alone."""
    g.me, g.csrf_token = replace(account, name=pages.name), pages.csrf
    try:
        return pages.blanks(make(pages.form))
    finally:
        g.me, g.csrf_token = account, token


def _filled(pages: Kept, page: Blanks, name: str, token: str, *, cut: bool = True) -> Response:
    """Return the answer for a person, put together compressed if her browser reads that."""
    values = {pages.name: str(escape(name)), pages.csrf: token, pages.form: secrets.token_hex(16)}
    if not (cut and request.accept_encodings["gzip"]):
        return Response(page.filled(values), mimetype="text/html")
    answer = Response(page.gzipped(values), mimetype="text/html")
    answer.content_encoding = "gzip"
    answer.vary.add("Accept-Encoding")
    return answer
