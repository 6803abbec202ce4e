"""What keeps the pages to this machine and to the person at it. Sign-in and roles come later."""

from __future__ import annotations

import re
import secrets

from flask import Flask, Response, request
from flask_wtf import CSRFProtect
from werkzeug.exceptions import SecurityError

OWN_HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
MOST_BYTES_SENT = 64 * 1024
"""A form of ours is far smaller."""

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


def protect(app: Flask, secret_key: str | None) -> None:
    """Set up headers, the check of the host, and tokens on every form.

    Without a `secret_key` one is drawn for this run: forms that were opened before a restart must be opened again.
    """
    app.config.update(
        SECRET_KEY=secret_key or secrets.token_hex(32),
        SESSION_COOKIE_NAME="skillmatch",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        MAX_CONTENT_LENGTH=MOST_BYTES_SENT,
        # A dispatcher leaves a job open for hours; the token is good as long as the session.
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.before_request(refuse_foreign_hosts)
    app.after_request(add_headers)
    CSRFProtect(app)


def refuse_foreign_hosts() -> None:
    """Answer only to names of this machine.

    A page elsewhere may point its own name at 127.0.0.1 (DNS rebinding); then the browser takes our answers for its.
    """
    # TRUSTED_HOSTS of Flask does the same but cannot name an IPv6 address.
    if not OWN_HOST.fullmatch(request.headers.get("Host", "")):
        raise SecurityError


def add_headers(response: Response) -> Response:
    """Put the security headers on every answer, and keep pages about people out of caches."""
    response.headers.update(HEADERS)
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
