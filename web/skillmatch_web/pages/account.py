"""One's own account: who one is here, the password, and where one is signed in."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from skillmatch.accounts import SHORTEST_PASSWORD
from skillmatch.errors import Invalid, NotAllowed, TryLater
from skillmatch.wording import said
from skillmatch_web import saying
from skillmatch_web.addresses import workspace
from skillmatch_web.admission import TOKEN, agent, came_from, let_in
from skillmatch_web.languages import LANGUAGES, N_, _
from skillmatch_web.pages.invitation import DIFFERENT
from skillmatch_web.reading import company_zone, zone_names
from skillmatch_web.sight import sight
from skillmatch_web.words import ROLES, browser, sentence, waiting

blueprint = Blueprint("account", __name__)

READING = ("language", "zone", "theme")
"""What of an account its holder sets for herself."""
THEMES = {"": N_("as the system is set"), "light": N_("light"), "dark": N_("dark")}


@blueprint.get("/account")
def show() -> str:
    """Show one's own account."""
    return _page()


def _page(problem: str = "", *, wrong: str = "", typed: dict[str, str] | None = None) -> str:
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
        wrong=wrong,
        typed=typed or {name: getattr(account, name) for name in READING},
        languages=LANGUAGES,
        themes=THEMES,
        zones=zone_names(),
        companys_zone=company_zone(),
    )


@blueprint.post("/account/reading")
def reading() -> Response | tuple[str, int]:
    """Keep the language, the time zone and the colours in which she reads the pages."""
    typed = {name: request.form.get(name, "").strip() for name in READING}
    before = sight().account
    try:
        if typed["language"] and typed["language"] not in LANGUAGES:
            raise Invalid(said("{language!r} is no language: choose one of the list", language=typed["language"][:20]))
        g.me = workspace().accounts.prefer(before.id, **typed)
    except Invalid as error:
        return _page(wrong=sentence(error), typed=typed), 400
    g.pop("language", None)  # what is said next is said in the language that was chosen
    kept = {name: getattr(before, name) for name in READING}
    if kept == typed:
        flash(_("Nothing was changed: it is as it was."))
    else:
        saying.done(_("That is how you see the pages from now on."), undo=url_for("account.reading"), fields=kept)
    return redirect(url_for("account.show"), 303)


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
        return _page(_("The old password is not right: nothing was changed.")), 400
    let_in(workspace().accounts.begin(account.id, agent=agent()))
    flash(_("Your password is changed. You stay signed in here; everywhere else you are signed out."))
    return redirect(url_for("account.show"), 303)


@blueprint.post("/account/everywhere")
def everywhere() -> Response:
    """End every session of hers, also this one."""
    account = sight().account
    workspace().accounts.revoke(account.id, by=account)
    session.clear()
    flash(_("You are signed out everywhere."))
    return redirect(url_for("signing.show"), 303)
