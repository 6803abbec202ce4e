"""A one-time link: whoever was invited chooses a password."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch.accounts import SHORTEST_PASSWORD
from skillmatch.errors import Invalid
from skillmatch_web.addresses import workspace
from skillmatch_web.admission import agent, let_in
from skillmatch_web.languages import N_, _
from skillmatch_web.words import sentence

blueprint = Blueprint("invitation", __name__)

DIFFERENT = N_("The two passwords are not the same: type it again.")


@blueprint.get("/invitations/<token>")
def show(token: str) -> str:
    """Ask for a password. To look at a link does not use it up: programs that read mail do that too."""
    return _page(token)


def _page(token: str, problem: str = "") -> str:
    account = workspace().accounts.invited(token)
    return render_template("invitation.html", account=account, token=token, problem=problem, shortest=SHORTEST_PASSWORD)


@blueprint.post("/invitations/<token>")
def accept(token: str) -> str | Response | tuple[str, int]:
    """Set the password, use the link up, and let her in."""
    password, again = request.form.get("password", ""), request.form.get("again", "")
    if password != again:
        return _page(token, DIFFERENT), 400
    try:
        account = workspace().accounts.accept(token, password)
    except Invalid as error:
        return _page(token, sentence(error)), 400
    let_in(workspace().accounts.begin(account.id, agent=agent()))
    flash(_("Your password is set. From now on you sign in as %(name)s.", name=account.sign_in))
    return redirect(url_for("jobs.show"), 303)
