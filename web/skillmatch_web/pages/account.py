"""One's own account: who one is here, the password, and where one is signed in."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from skillmatch.accounts import SHORTEST_PASSWORD
from skillmatch.errors import Invalid, NotAllowed, TryLater
from skillmatch_web.addresses import workspace
from skillmatch_web.admission import TOKEN, agent, came_from, let_in
from skillmatch_web.errors import sentence
from skillmatch_web.pages.invitation import DIFFERENT
from skillmatch_web.sight import sight
from skillmatch_web.words import ROLES, browser, waiting

blueprint = Blueprint("account", __name__)


@blueprint.get("/account")
def show() -> str:
    """Show one's own account."""
    return _page()


def _page(problem: str = "") -> str:
    account = sight().account
    held = workspace().accounts.sessions(account.id, str(session[TOKEN]))
    return render_template(
        "account.html",
        account=account,
        role=ROLES[account.role],
        worker=workspace().worker(account.worker) if account.worker else None,
        sessions=[(row, own, browser(row.agent)) for row, own in held],
        problem=problem,
        shortest=SHORTEST_PASSWORD,
    )


@blueprint.post("/account/password")
def password() -> str | Response | tuple[str, int]:
    """Change the password of whoever knows the old one; she stays signed in here and nowhere else."""
    old, new, again = (request.form.get(name, "") for name in ("old_password", "password", "again"))
    if new != again:
        return _page(DIFFERENT), 400
    try:
        account = workspace().accounts.change_password(sight().account, old, new, address=came_from())
    except TryLater as error:
        return _page(waiting(error.seconds)), 429
    except Invalid as error:
        return _page(sentence(error)), 400
    except NotAllowed:
        return _page("The old password is not right: nothing was changed."), 400
    let_in(workspace().accounts.begin(account.id, agent=agent()))
    flash("Your password is changed. You stay signed in here; everywhere else you are signed out.")
    return redirect(url_for("account.show"), 303)


@blueprint.post("/account/everywhere")
def everywhere() -> Response:
    """End every session of hers, also this one."""
    account = sight().account
    workspace().accounts.revoke(account.id, by=account)
    session.clear()
    flash("You are signed out everywhere.")
    return redirect(url_for("signing.show"), 303)
