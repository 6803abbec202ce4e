"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from skillmatch.accounts import Role
from skillmatch.errors import NotAllowed, TryLater
from skillmatch_web.addresses import workspace
from skillmatch_web.admission import TOKEN, WHO, Kept, agent, came_from, let_in, render_sign_in, safe_next
from skillmatch_web.languages import COOKIE, LANGUAGES, N_, _, say
from skillmatch_web.sight import sight
from skillmatch_web.words import RESULTS, sentence, waiting

blueprint = Blueprint("signing", __name__)

LABELS = {
    "worker": N_("Who"),
    "other": N_("Somebody else"),
    "reason": N_("Why"),
    "result": N_("How it ended"),
    "minutes": N_("Minutes"),
    "cause": N_("Behind it"),
    "other_cause": N_("Behind it"),
    "note": N_("Note"),
    "site_note": N_("For this site"),
    "more_skills": N_("Another skill you used"),
    "text": N_("Note"),
    "answer": N_("Answer"),
    "words": N_("Words"),
    "said": N_("Answer"),
    "level": N_("Level"),
    "sign_in": N_("Sign-in name"),
    "name": N_("Name"),
    "role": N_("Role"),
    "teams": N_("Team"),
}
"""What fields of forms are called when what was typed is shown again."""

YEAR = 365 * 24 * 3600
"""Seconds for which a browser keeps its language."""

Page = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]


@blueprint.get("/sign-in")
def show() -> str:
    """Ask who it is; whoever is signed in already can go on or sign out."""
    return render_sign_in(wanted=safe_next(request.args.get("next", "/")))


@blueprint.post("/sign-in")
def sign_in() -> Page:
    """Let somebody in who knows the password."""
    name, password = request.form.get("name", ""), request.form.get("password", "")
    kept = Kept.opened(request.form.get("kept", ""))
    wanted = safe_next(request.form.get("next", "/"))
    try:
        signed = workspace().accounts.sign_in(
            name, password, address=came_from(), agent=agent(), roles=current_app.config["PASSWORDS"]
        )
    except TryLater as error:
        page = render_sign_in(kept=kept, name=name, wanted=wanted, problem=waiting(error.seconds))
        return page, 429, {"Retry-After": str(error.seconds)}
    except NotAllowed as error:
        return render_sign_in(kept=kept, name=name, wanted=wanted, problem=sentence(error)), 401
    before = session.get(WHO)
    let_in(signed)
    return go_on(kept, wanted, str(before or ""))


@blueprint.post("/sign-in/demo")
def demo() -> Page:
    """Let somebody in as a person of the demo, where it is one."""
    role = request.form.get("role", "")
    if not current_app.config["DEMO"] or role not in set(Role):
        abort(404)
    account = workspace().accounts.demo().get(Role(role))
    if account is None or account.has_password:
        abort(404)
    signed = workspace().accounts.begin(account.id, agent=agent())
    kept, before = Kept.opened(request.form.get("kept", "")), str(session.get(WHO) or "")
    let_in(signed)
    return go_on(kept, safe_next(request.form.get("next", "/")), before)


def go_on(kept: Kept | None, wanted: str, before: str) -> Page:
    """Return the form that was kept, for the same person in the same browser, or lead on."""
    if kept is None:
        return redirect(wanted, 303)
    if not kept.who or kept.who != g.me.id or kept.who != before:
        flash(_("Somebody else was signed in here before. What she had typed was not sent."))
        return redirect(url_for("jobs.show"), 303)
    return render_template("resend.html", kept=kept, said=_in_words(kept))


def _in_words(kept: Kept) -> list[tuple[str, str]]:
    """Return what was typed as (label, words); what only the program needs is left out."""
    people = {worker.id: worker for worker in workspace().workers()}
    found = []
    for name, value in kept.fields:
        if name == "worker" and value in people:
            value = say(sight().called(people[value]))
        elif name == "result":
            value = {result.value: say(words) for result, words in RESULTS.items()}.get(value, value)
        if name in LABELS and value:
            found.append((say(LABELS[name]), value))
    return found


@blueprint.post("/language")
def language() -> Response:
    """Keep in the browser which language somebody reads who is not signed in."""
    chosen = request.form.get("language", "")
    answer = redirect(url_for("signing.show", next=safe_next(request.form.get("next", "/"))), 303)
    if chosen in LANGUAGES:
        answer.set_cookie(
            COOKIE,
            chosen,
            max_age=YEAR,
            secure=current_app.config["HTTPS"],
            httponly=True,
            samesite="Lax",
        )
    return answer


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End the session, here and in the database."""
    if TOKEN in session:
        workspace().accounts.sign_out(str(session[TOKEN]))
    session.clear()
    flash(_("You are signed out."))
    answer = redirect(url_for("signing.show"), 303)
    answer.headers["Clear-Site-Data"] = '"storage"'  # what was typed and not sent stays on no phone
    return answer
