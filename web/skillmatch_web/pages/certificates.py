"""A worker's certificates: handing one in with a photo or PDF, renewing, and what became of it; levels to confirm."""

from __future__ import annotations

from secrets import token_hex
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as Answer

from skillmatch.claims import Attachment, Claim, ClaimStatus, LevelClaim
from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.model import RUNGS, Certification
from skillmatch.workspace import may_decide
from skillmatch_web import saying
from skillmatch_web.addresses import today, workspace
from skillmatch_web.claim_words import claimed
from skillmatch_web.errors import sentence
from skillmatch_web.growth import NOTHING, Typed
from skillmatch_web.hand_in import HandIn
from skillmatch_web.languages import N_, _
from skillmatch_web.pages.worker import certifications_of
from skillmatch_web.sight import sight
from skillmatch_web.skill_field import meant_skill
from skillmatch_web.uploads import too_big

blueprint = Blueprint("certificates", __name__)

STATES = {
    ClaimStatus.OPEN: N_("waits to be decided"),
    ClaimStatus.APPROVED: N_("approved"),
    ClaimStatus.DECLINED: N_("declined"),
    ClaimStatus.REPLACED: N_("replaced by a newer one"),
    ClaimStatus.WITHDRAWN: N_("taken back"),
}
FILE_POLICY = "default-src 'none'; img-src 'self'; style-src 'none'; sandbox"
"""Whatever a file holds, a browser runs nothing of it."""


@blueprint.get("/workers/<id:worker>/certificates")
def show(worker: str) -> str:
    """Show what a worker holds and has handed in, with the form to hand in one more."""
    renewed = request.args.get("renew", "")[:200]
    held = next((one for one in _held(worker) if one.type == renewed), None)
    return _page(worker, HandIn.fresh(renewed, held.issuer if held else ""))


@blueprint.post("/workers/<id:worker>/certificates")
def hand_in(worker: str) -> Answer | tuple[str, int]:
    """Hand a certificate in; whatever is wrong is said beside its field, and nothing typed is lost."""
    size = too_big()
    resent = request.mimetype != "multipart/form-data"
    sent = HandIn.sent(request.form, worker).with_file(request.files.get("file"), worker, too_big=size, resent=resent)
    if sent.problems:
        return _page(worker, sent), 400 if size is None else 413
    try:
        what = sent.claim()
        file = sent.file.id if sent.file else None
        claim = workspace().claims.hand_in(
            sent.token, worker, what, note=sent.values["note"], file=file, by=sight().account
        )
    except (Invalid, Conflict, NotFound) as error:
        return _page(worker, sent.with_problem("form", sentence(error))), 400
    _say_handed_in(claim)
    return redirect(url_for("certificates.show", worker=worker), 303)


@blueprint.post("/workers/<id:worker>/levels")
def claim_level(worker: str) -> Answer | tuple[str, int]:
    """Ask for a level to be confirmed."""
    text, level = request.form.get("skill", "").strip(), request.form.get("level", "")
    meant = meant_skill(request.form.get("pick") or text)
    typed = Typed(skill=level, text=text, nearest=meant.nearest)
    if not meant.skill:
        problem = _("Which of these is it?") if meant.nearest else _("No skill is found in these words.")
        return _page(worker, HandIn.fresh(), level=Typed(problem, level, text, meant.nearest)), 400
    if level not in map(str, range(1, len(RUNGS))):
        return _page(worker, HandIn.fresh(), level=Typed(_("Choose the level you want confirmed."), level, text)), 400
    try:
        claim = workspace().claims.hand_in(
            request.form.get("token", ""),
            worker,
            LevelClaim(meant.skill, float(level)),
            note=request.form.get("note", ""),
            by=sight().account,
        )
    except (Invalid, Conflict, NotFound) as error:
        return _page(worker, HandIn.fresh(), level=Typed(sentence(error), level, typed.text)), 400
    _say_handed_in(claim)
    return redirect(url_for("certificates.show", worker=worker), 303)


@blueprint.get("/workers/<id:worker>/claims/<claim>/file")
def file(worker: str, claim: str) -> Response:
    """Send the file of a claim: a photo to be shown, a PDF to be saved."""
    found = workspace().claims.file(claim)
    if found is None:
        abort(404)
    return send(found)


@blueprint.post("/workers/<id:worker>/claims/<claim>/withdraw")
def withdraw(worker: str, claim: str) -> Answer:
    """Take an open claim back."""
    try:
        done = workspace().claims.withdraw(claim, by=sight().account)
    except Conflict as error:
        saying.done(sentence(error))
    else:
        saying.done(_("Taken back: %(what)s.", what=claimed(done)))
    return redirect(url_for("certificates.show", worker=worker), 303)


def send(file: Attachment) -> Response:
    """Return a file as an answer that runs nothing, whatever is in it."""
    from io import BytesIO

    answer = send_file(
        BytesIO(file.content), mimetype=file.media, as_attachment=not file.is_photo, download_name=file.name
    )
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    return answer


def _say_handed_in(claim: Claim) -> None:
    saying.done(
        _("Handed in: %(what)s. It counts once your manager has approved it.", what=claimed(claim)),
        undo=url_for("certificates.withdraw", worker=claim.worker, claim=claim.id),
    )


def _held(worker: str) -> tuple[Certification, ...]:
    return workspace().profile(worker).certifications


def _page(worker: str, form: HandIn, *, level: Typed = NOTHING) -> str:
    profile = workspace().profile(worker)
    account = sight().account
    values: dict[str, Any] = {
        "worker": profile.worker,
        "form": form,
        "level": level,
        "level_token": token_hex(16),
        "types": workspace().papers.types(),
        "certifications": certifications_of(profile, today()),
        "skills": [row.skill.name for row in profile.skills],
        "claims": workspace().claims.of(worker),
        "claimed": claimed,
        "states": STATES,
        "rungs": RUNGS,
        "today": today(),
        "decides": may_decide(account, profile.worker.id, profile.worker.team),
    }
    return render_template("certificates.html", **values)
