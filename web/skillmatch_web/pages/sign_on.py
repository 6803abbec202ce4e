"""Single sign-on: the way to the identity provider and back, and which identity an account is linked to."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from skillmatch.errors import Conflict, NotAllowed
from skillmatch.wording import said
from skillmatch_web.addresses import workspace
from skillmatch_web.admission import WHO, Kept, agent, let_in, render_sign_in, safe_next
from skillmatch_web.errors import sentence
from skillmatch_web.languages import _
from skillmatch_web.pages.signing import Page, go_on
from skillmatch_web.sight import sight
from skillmatch_web.sign_on import Identity, ProviderFailed, SignOn, sign_on

blueprint = Blueprint("sign_on", __name__)

NEXT, KEPT, LINKING = "sso_next", "sso_kept", "sso_linking"


def _configured() -> SignOn:
    found = sign_on()
    if found is None:
        abort(404)
    return found


@blueprint.get("/sign-in/sso")
def start() -> Page:
    """Lead to the identity provider."""
    way = _configured()
    if "next" in request.args:
        session[NEXT] = safe_next(request.args["next"])
    try:
        return way.leave(url_for("sign_on.back", _external=True))
    except ProviderFailed as error:
        return render_sign_in(wanted=session.get(NEXT, "/"), problem=sentence(error)), 502


@blueprint.post("/sign-in/sso")
def keep() -> str:
    """Keep a form whose session has ended, and offer the way to the identity provider."""
    _configured()
    sealed = request.form.get("kept", "")
    if Kept.opened(sealed) is not None:
        session[KEPT] = workspace().accounts.keep_form(sealed)
    session[NEXT] = safe_next(request.form.get("next", "/"))
    # A form must not lead to another host, which the content policy would stop; a link may.
    return render_template("sign_on.html", linking=False)


@blueprint.get("/sign-in/sso/back")
def back() -> Page:
    """Let in whom the identity provider vouches for, or link her identity to the account she is signed in to."""
    way = _configured()
    linking, wanted = session.pop(LINKING, None), safe_next(session.pop(NEXT, "/"))
    kept = session.pop(KEPT, None)
    try:
        who = way.arrive()
        if linking is not None:
            return _link(way, who, str(linking))
        account = workspace().accounts.vouched(way.provider.issuer, who.subject, named=who.named)
        signed = workspace().accounts.begin(account.id, agent=agent())
    except (NotAllowed, Conflict, ProviderFailed) as error:
        return render_sign_in(wanted=wanted, problem=sentence(error)), 502 if isinstance(error, ProviderFailed) else 400
    before = str(session.get(WHO) or "")
    let_in(signed)
    return go_on(Kept.opened(workspace().accounts.kept_form(kept)) if kept else None, wanted, before)


def _link(way: SignOn, who: Identity, account: str) -> Response:
    if session.get(WHO) != account:
        raise NotAllowed(said("somebody else has signed in meanwhile: sign in again, then link your account"))
    workspace().accounts.link(account, way.provider.issuer, who.subject)
    flash(_("From now on you can sign in with %(label)s.", label=way.provider.label))
    return redirect(url_for("account.show"), 303)


@blueprint.post("/account/link")
def link() -> str:
    """Offer the way to the identity provider, to link what it calls her to her account."""
    _configured()
    session[LINKING] = sight().account.id
    return render_template("sign_on.html", linking=True)


@blueprint.post("/account/unlink")
def unlink() -> Response:
    """Forget what the identity provider calls her, where she has another way in."""
    _configured()
    account = sight().account
    if not account.has_password:
        flash(_("Nothing was changed: without a password, this is your only way in."))
        return redirect(url_for("account.show"), 303)
    workspace().accounts.unlink(account.id, by=account)
    flash(_("Single sign-on is no longer linked to your account. Sign in by password."))
    return redirect(url_for("signing.show"), 303)
