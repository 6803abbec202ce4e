"""What keeps the pages to the names they are served under: hosts, headers, cookies, tokens on forms."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence

from flask import Flask, Response, current_app, request, session
from flask_wtf import CSRFProtect
from werkzeug.exceptions import SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

from skillmatch.errors import Invalid

OWN_HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
HOST = re.compile(r"([0-9a-z]([0-9a-z-]{0,62}\.?)*|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", re.IGNORECASE)
MOST_BYTES_SENT = 64 * 1024
"""A form of ours is far smaller."""
LARGER = {"matrix_import.send": 20_000_000 + MOST_BYTES_SENT, "matrix_import.decide": 480_000}
"""What may be larger, by endpoint: files, and forms with a row for everything in one. Only for who has signed in."""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def protect(app: Flask, secret_key: str | bytes | None, *, trusted_hosts: Sequence[str], https: bool) -> None:
    """Set up headers, the check of the host, and tokens on every form.

    Without a `secret_key` one is drawn for this run: forms that were opened before a restart must be opened again.

    Raises
    ------
    Invalid
        When a trusted host is no name of a host.
    """
    for name in trusted_hosts:
        if not HOST.fullmatch(name):
            raise Invalid(
                f"{name!r} is no name of a host: expected one such as skills.example.org, perhaps with a port"
            )
    app.config.update(
        SECRET_KEY=secret_key or secrets.token_hex(32),
        SESSION_COOKIE_NAME="skillmatch",
        SESSION_COOKIE_HTTPONLY=True,
        # A link in a mail must not look like a sign-out; nothing that is changed is changed by a link.
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        TRUSTED=frozenset(name.lower() for name in trusted_hosts),
        HTTPS=https,
        MAX_CONTENT_LENGTH=MOST_BYTES_SENT,
        # A dispatcher leaves a job open for hours; the token is good as long as the session.
        WTF_CSRF_TIME_LIMIT=None,
    )
    if https:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    app.before_request(refuse_foreign_hosts)
    app.before_request(let_larger_in)
    app.after_request(add_headers)
    CSRFProtect(app)


def refuse_foreign_hosts() -> None:
    """Answer only to names of this machine, and to those we were told to trust.

    A page elsewhere may point its own name at 127.0.0.1 (DNS rebinding); then the browser takes our answers for its.
    """
    # TRUSTED_HOSTS of Flask does the same but cannot name an IPv6 address.
    host, trusted = request.headers.get("Host", ""), current_app.config["TRUSTED"]
    if OWN_HOST.fullmatch(host):
        return
    if not HOST.fullmatch(host) or not trusted & {host.lower(), re.sub(r":[0-9]{1,5}$", "", host.lower())}:
        raise SecurityError


def let_larger_in() -> None:
    """Raise the limit where files are sent, before anything reads them; only who has signed in has a token."""
    most = LARGER.get(request.endpoint or "")
    if most is not None and session.get("token"):
        request.max_content_length = most


def add_headers(response: Response) -> Response:
    """Put the security headers on every answer, and keep pages about people out of caches."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)  # a file that somebody handed in is locked up further
    if current_app.config["HTTPS"]:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.blueprint == "api":  # a program may ask whether what it has still holds
        response.headers["Cache-Control"] = "private, no-cache"
    elif request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
