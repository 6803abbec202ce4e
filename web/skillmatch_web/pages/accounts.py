"""The accounts of everybody, for administrators: adding, inviting, changing and disabling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch.accounts import Account, Role
from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch_web.addresses import workspace
from skillmatch_web.languages import N_, _
from skillmatch_web.sight import sight
from skillmatch_web.words import ROLES, sentence

blueprint = Blueprint("accounts", __name__)

FIELDS = ("sign_in", "name", "role", "worker")


@blueprint.get("/accounts")
def show() -> str:
    """List everybody who may sign in, with the form to add somebody."""
    return _list({})


def _list(typed: dict[str, Any], *, problem: str = "", invited: Account | None = None, link: str = "") -> str:
    return render_template(
        "accounts.html",
        accounts=workspace().accounts.all(),
        people={worker.id: worker.name for worker in workspace().workers()},
        audit=workspace().accounts.audit(limit=20),
        problem=problem,
        invited=invited,
        link=link,
        **_choices(typed),
    )


def _choices(typed: dict[str, Any]) -> dict[str, Any]:
    workers = workspace().workers()
    return {
        "typed": {**dict.fromkeys(FIELDS, ""), "teams": (), **typed},
        "roles": ROLES,
        "teams": sorted({worker.team for worker in workers if worker.team}),
    }


def _typed() -> dict[str, Any]:
    plain = {name: request.form.get(name, "").strip() for name in FIELDS}
    return {**plain, "teams": tuple(request.form.getlist("teams"))}


def _role(text: str) -> Role:
    if text not in set(Role):
        raise Invalid(N_("choose a role: it says what somebody may see and do"))
    return Role(text)


@blueprint.post("/accounts")
def add() -> str | tuple[str, int]:
    """Add somebody and show the link to invite her, once."""
    typed, accounts, by = _typed(), workspace().accounts, sight().account
    try:
        account = accounts.add(
            typed["sign_in"],
            role=_role(typed["role"]),
            name=typed["name"],
            worker=typed["worker"] or None,
            teams=typed["teams"],
            by=by,
        )
    except (Invalid, NotFound, Conflict) as error:
        return _list(typed, problem=sentence(error)), 400
    return _list({}, invited=account, link=_link(accounts.invite(account.id, by=by)))


def _link(token: str) -> str:
    return url_for("invitation.show", token=token, _external=True)


@blueprint.get("/accounts/<account>")
def one(account: str) -> str:
    """Show one account with the form to change it."""
    return _one(workspace().accounts.get(account))


def _one(account: Account, *, typed: dict[str, Any] | None = None, problem: str = "", link: str = "") -> str:
    values = {name: getattr(account, name) or "" for name in FIELDS}
    return render_template(
        "account_of.html",
        account=account,
        sessions=len(workspace().accounts.sessions(account.id)),
        problem=problem,
        link=link,
        **_choices({**values, "teams": account.teams, **(typed or {})}),
    )


@blueprint.post("/accounts/<account>")
def change(account: str) -> Response | tuple[str, int]:
    """Change the name, role, worker and teams of somebody."""
    typed, accounts = _typed(), workspace().accounts
    before = accounts.get(account)
    try:
        after = accounts.change(
            account,
            name=typed["name"],
            role=_role(typed["role"]),
            worker=typed["worker"],
            teams=typed["teams"],
            by=sight().account,
        )
    except (Invalid, NotFound, Conflict) as error:
        return _one(before, typed={**typed, "sign_in": before.sign_in}, problem=sentence(error)), 400
    unchanged = _("Nothing was changed: it is as it was.")
    flash(_("%(name)s is changed.", name=after.name) if after != before else unchanged)
    return redirect(url_for("accounts.show"), 303)


@blueprint.post("/accounts/<account>/<any(invite, disable, enable, revoke, unlink):what>")
def act(account: str, what: str) -> str | Response | tuple[str, int]:
    """Invite somebody anew, end her sessions, let her in no more, or again."""
    accounts, by = workspace().accounts, sight().account
    before = accounts.get(account)
    if what == "invite":
        try:
            return _one(before, link=_link(accounts.invite(account, by=by)))
        except Conflict as error:
            return _one(before, problem=sentence(error)), 400
    does: dict[str, tuple[Callable[..., Account], str]] = {
        "unlink": (
            accounts.unlink,
            N_("%(name)s can no longer use single sign-on, and is signed out everywhere."),
        ),
        "disable": (accounts.disable, N_("%(name)s can no longer sign in, and is signed out everywhere.")),
        "enable": (accounts.enable, N_("%(name)s can sign in again.")),
        "revoke": (accounts.revoke, N_("%(name)s is signed out everywhere.")),
    }
    if what not in does:
        abort(404)
    done, words = does[what]
    try:
        after = done(account, by=by)
    except Conflict as error:
        return _one(before, problem=sentence(error)), 400
    flash(_(words) % {"name": after.name})
    return redirect(url_for("accounts.show"), 303)
