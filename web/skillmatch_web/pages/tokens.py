"""Tokens for programs: what acts for somebody here, making one, and ending one."""

from __future__ import annotations

import re
from hashlib import sha256
from secrets import token_hex
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.workspace import SCOPES, USUAL_DAYS
from skillmatch_web.addresses import workspace
from skillmatch_web.errors import sentence
from skillmatch_web.languages import N_, _
from skillmatch_web.saying import done
from skillmatch_web.sight import sight

blueprint = Blueprint("tokens", __name__)

SCOPE_WORDS = {
    "read": N_("Read what you see here"),
    "jobs:write": N_("Create, change and cancel jobs, and assign workers"),
    "evidence:write": N_("Record outcomes and other evidence"),
    "webhooks:write": N_("Say which addresses are told what happens, for administrators"),
}
assert SCOPE_WORDS.keys() == SCOPES.keys()
LENGTHS = {30: N_("30 days"), 90: N_("90 days"), 366: N_("a year")}


@blueprint.get("/account/tokens")
def show() -> str:
    """Show the tokens of whoever is signed in."""
    return _page()


def _page(*, typed: dict[str, Any] | None = None, problem: str = "", made: str = "", secret: str = "") -> str:
    tokens = workspace().tokens
    return render_template(
        "tokens.html",
        rows=[(row, tokens.holds(row)) for row in tokens.all(sight().account.id)],
        scopes=SCOPE_WORDS,
        lengths=LENGTHS,
        typed={"name": "", "scopes": ("read",), "days": str(USUAL_DAYS), **(typed or {})},
        problem=problem,
        made=made,
        secret=secret,
        once=token_hex(16),
    )


@blueprint.post("/account/tokens")
def add() -> str | tuple[str, int]:
    """Make a token and show it, once; the same form sent again makes no second one."""
    name, days = request.form.get("name", "").strip(), request.form.get("days", "")
    scopes = tuple(request.form.getlist("scopes"))
    typed = {"name": name, "scopes": scopes, "days": days}
    once, account = request.form.get("once", ""), sight().account
    if not re.fullmatch("[0-9a-f]{32}", once):
        return _page(typed=typed, problem=_("This form was damaged on its way: look at it and send it again.")), 400
    if days not in map(str, LENGTHS):
        return _page(typed=typed, problem=_("Choose how long the token is to hold.")), 400
    if not name:
        return _page(typed=typed, problem=_("Say what the token is for, such as “telephone system”.")), 400
    if not scopes:
        return _page(typed=typed, problem=_("Choose at least one thing that the token is good for.")), 400
    id = sha256(f"{account.id} {once}".encode()).hexdigest()[:32]
    try:
        row, secret = workspace().tokens.add(account.id, name=name, scopes=scopes, days=int(days), by=account, id=id)
    except (Invalid, NotFound, Conflict) as error:
        return _page(typed=typed, problem=sentence(error)), 400
    return _page(made=row.name, secret=secret)


@blueprint.post("/account/tokens/revoke")
def revoke() -> Response:
    """End a token, at once, wherever it is used."""
    return _set(revoked=True)


@blueprint.post("/account/tokens/restore")
def restore() -> Response:
    """Let a token hold again that was ended by mistake."""
    return _set(revoked=False)


def _set(*, revoked: bool) -> Response:
    id, account = request.form.get("token", ""), sight().account
    if not id:
        abort(400)
    own = {row.id for row in workspace().tokens.all(account.id)}
    if id not in own:
        abort(404)
    row = workspace().tokens.revoke(id, by=account, revoked=revoked)
    if revoked:
        done(
            _("“%(name)s” is revoked: the token lets no program in any more.", name=row.name),
            undo=url_for("tokens.restore"),
            fields={"token": id},
        )
    else:
        done(_("“%(name)s” holds again.", name=row.name))
    return redirect(url_for("tokens.show"), 303)
