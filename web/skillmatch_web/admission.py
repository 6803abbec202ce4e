"""Letting people in: who is signed in, what her role allows, and what becomes of a form whose session has ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, redirect, render_template, request, session, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from skillmatch.accounts import Account
from skillmatch.workspace import SignedIn
from skillmatch_web.addresses import is_api, workspace
from skillmatch_web.languages import LANGUAGES
from skillmatch_web.roles import TABLE
from skillmatch_web.sight import LIMITS, Sight, me

TOKEN, WHO, CSRF = "token", "who", "csrf_token"
LONGEST_ADDRESS = 2000
MOST_KEPT = 40_000
"""Characters of a form that is kept over signing in: with room to spare in what a form of ours may send."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that was sent when its session had ended: where to, what was typed in, by whom."""

    to: str
    fields: tuple[tuple[str, str], ...]
    who: str

    def sealed(self) -> str:
        """Return it as text that only we can make."""
        return str(_seal().dumps([self.to, self.fields, self.who]))

    @classmethod
    def opened(cls, text: str) -> Kept | None:
        """Return what `sealed` made the text of, None for anything else."""
        try:
            to, fields, who = _seal().loads(text)
        except BadSignature:
            return None
        return cls(to, tuple((name, value) for name, value in fields), who)


def _seal() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="kept form")


def install(app: Flask) -> None:
    """Ask everybody who she is before anything is shown."""
    app.before_request(admit)
    app.context_processor(_of_the_person)


def _of_the_person() -> dict[str, Any]:
    account = me()
    pages = current_app.config["NAVIGATION"]
    shown = [page for page in pages if account is not None and _allowed(account, f"{page.blueprint.name}.show")]
    if account is None or account.worker is None:
        shown = [page for page in shown if page.blueprint.name != "today"]
    return {"me": account, "sight": g.get("sight"), "navigation": shown}


def _allowed(account: Account, endpoint: str) -> bool:
    return endpoint in TABLE and TABLE[endpoint].allows(account.role, "GET")


def admit() -> Response | tuple[str, int] | None:
    """Let the request through, ask for a sign-in, or answer as if there were nothing."""
    g.me = g.sight = None
    if request.endpoint == "static" or is_api():  # the API asks for a token instead
        return None
    token = session.get(TOKEN)
    account = workspace().accounts.whose(str(token)) if token else None
    g.me, g.sight = account, None if account is None else Sight(account)
    access = TABLE.get(request.endpoint or "")
    if access is not None and access.open:
        return None
    if account is None:
        return ask_to_sign_in()
    if request.routing_exception is not None:
        return None  # it is raised next, and is a page
    if access is None or not access.allows(account.role, request.method):
        abort(404)
    for limit in access.limits:
        LIMITS[limit](g.sight, request.view_args or {})
    return None


def ask_to_sign_in() -> Response | tuple[str, int]:
    """Lead to the sign-in page and from there to where she wanted; a form that was sent is kept."""
    if request.method != "POST":
        wanted = request.full_path.rstrip("?")
        return redirect(url_for("signing.show", next=None if wanted == "/" else wanted))
    # Its token was good, so it is a form of ours from this browser.
    fields = tuple((name, value) for name, value in request.form.items(multi=True) if name != CSRF)
    kept = Kept(request.full_path.rstrip("?"), fields, str(session.get(WHO, "")))
    secret = any("password" in name for name, _value in fields)
    size = sum(len(name) + len(value) for name, value in fields)
    keeps = not secret and size <= MOST_KEPT and request.routing_exception is None
    return render_sign_in(kept=kept if keeps else None, ended=True), 401


def render_sign_in(
    *, kept: Kept | None = None, ended: bool = False, name: str = "", problem: str = "", wanted: str = ""
) -> str:
    """Return the sign-in page."""
    return render_template(
        "signing.html",
        kept=kept,
        ended=ended,
        name=name,
        problem=problem,
        wanted=wanted,
        demo=current_app.config["DEMO"],
        languages=LANGUAGES,
    )


def safe_next(wanted: str) -> str:
    """Return an address of ours to go on to: what leads anywhere else, or cannot be read, is the first page."""
    if not wanted.startswith("/") or wanted.startswith("//") or len(wanted) > LONGEST_ADDRESS:
        return "/"
    if "\\" in wanted or not wanted.isprintable():
        return "/"
    try:
        found = urlsplit(wanted)
    except ValueError:
        return "/"
    return "/" if found.scheme or found.netloc else wanted


def let_in(signed: SignedIn) -> None:
    """Put a new secret into the browser; what was there of anybody else goes.

    Where the same person signs in again, forms that she has open in other windows stay good.
    """
    again = session.get(CSRF) if session.get(WHO) == signed.account.id else None
    session.clear()
    if again is not None:
        session[CSRF] = again
    session[TOKEN], session[WHO] = signed.token, signed.account.id
    g.me, g.sight = signed.account, Sight(signed.account)
    # The token of this very page rests on what was there before.
    g.pop("csrf_token", None)


def agent() -> str:
    """Return what the browser says that it is."""
    return request.headers.get("User-Agent", "")


def came_from() -> str:
    """Return the address the request came from."""
    return request.remote_addr or "unknown"
