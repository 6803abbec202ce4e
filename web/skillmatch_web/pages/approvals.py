"""What waits to be approved: claims by team with what speaks for them, to approve or decline; and what was decided."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch.claims import Claim, ClaimStatus, LevelClaim
from skillmatch.errors import Conflict, Invalid
from skillmatch.model import RUNGS
from skillmatch.wording import said
from skillmatch.workspace import ClaimCase, may_decide
from skillmatch_web import saying
from skillmatch_web.addresses import today, workspace
from skillmatch_web.claim_words import claimed
from skillmatch_web.drawing import interval
from skillmatch_web.errors import sentence
from skillmatch_web.growth import NOTHING, Typed
from skillmatch_web.languages import _
from skillmatch_web.sight import sight

blueprint = Blueprint("approvals", __name__)

MOST_SHOWN, MOST_HOLDERS, MOST_DECIDED = 30, 3, 10


@blueprint.get("/approvals")
def show() -> str:
    """Show what waits, the teams one after the other, the oldest first."""
    return _page()


@blueprint.post("/approvals/<claim>/approve")
def approve(claim: str) -> Response | tuple[str, int]:
    """Approve a claim, at the level that is claimed or another."""
    found = workspace().claims.get(claim)
    level = request.form.get("level", "")
    try:
        stated = _level(level) if isinstance(found.what, LevelClaim) and level else None
        done = workspace().claims.approve(claim, level=stated, by=sight().account)
    except Invalid as error:
        return _page(claim, Typed(sentence(error))), 400
    except Conflict as error:
        return _page(claim, Typed(sentence(error))), 409
    return _decided(done, _("Approved for %(name)s: %(what)s.", name=_name(done), what=claimed(done)))


@blueprint.post("/approvals/<claim>/decline")
def decline(claim: str) -> Response | tuple[str, int]:
    """Decline a claim, with a reason that the worker reads."""
    reason = request.form.get("reason", "")
    try:
        done = workspace().claims.decline(claim, reason, by=sight().account)
    except Invalid as error:
        return _page(claim, Typed(sentence(error), text=reason)), 400
    except Conflict as error:
        return _page(claim, Typed(sentence(error), text=reason)), 409
    return _decided(done, _("Declined for %(name)s: %(what)s.", name=_name(done), what=claimed(done)))


@blueprint.post("/approvals/<claim>/reopen")
def reopen(claim: str) -> Response | tuple[str, int]:
    """Take a decision back."""
    try:
        done = workspace().claims.reopen(claim, by=sight().account)
    except Conflict as error:
        return _page(claim, Typed(sentence(error))), 409
    saying.done(_("Waits again: %(what)s of %(name)s.", name=_name(done), what=claimed(done)))
    return redirect(url_for("approvals.show"), 303)


def _decided(claim: Claim, text: str) -> Response:
    saying.done(text, undo=url_for("approvals.reopen", claim=claim.id))
    return redirect(url_for("approvals.show", team=request.form.get("team") or None), 303)


def _level(text: str) -> float:
    if text not in map(str, range(len(RUNGS))):
        raise Invalid(
            said("level {level!r} was chosen: expected one from 0 to {most}", level=text[:20], most=len(RUNGS) - 1)
        )
    return float(text)


def _name(claim: Claim) -> str:
    person = workspace().worker(claim.worker)
    return claim.worker if person is None else person.name


def _page(refused: str = "", typed: Typed = NOTHING) -> str:
    account = sight().account
    cases = workspace().papers.cases(sees=sight().sees)
    counts = {team: len(list(own)) for team, own in groupby(sorted(one.worker.team for one in cases))}
    team = request.args.get("team", "")
    wanted = [one for one in cases if not team or one.worker.team == team]
    known = {one.claim.id for one in wanted}
    return render_template(
        "approvals.html",
        teams=_by_team(wanted[:MOST_SHOWN]),
        counts=counts,
        team=team,
        total=len(cases),
        left=max(len(wanted) - MOST_SHOWN, 0),
        decided=_decided_last(),
        refused=refused if refused in known else "",
        elsewhere=typed.problem if refused and refused not in known else "",
        typed=typed,
        decides=lambda worker: may_decide(account, worker.id, worker.team),
        claimed=claimed,
        is_level=lambda claim: isinstance(claim.what, LevelClaim),
        people={worker.id: worker for worker in workspace().workers()},
        rungs=RUNGS,
        most_holders=MOST_HOLDERS,
        today=today(),
        interval=interval,
    )


def _by_team(cases: list[ClaimCase]) -> list[tuple[str, list[ClaimCase]]]:
    ordered = sorted(cases, key=lambda one: one.worker.team)
    return [(team, list(own)) for team, own in groupby(ordered, key=lambda one: one.worker.team)]


def _decided_last() -> list[Claim]:
    found = workspace().claims.decided(limit=100)
    people = {worker.id: worker for worker in workspace().workers()}
    kinds = (ClaimStatus.APPROVED, ClaimStatus.DECLINED)
    return [one for one in found if one.status in kinds and sight().sees(people.get(one.worker))][:MOST_DECIDED]
