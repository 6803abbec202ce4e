"""What workers say is wrong, for those who decide about it: the open disputes first, and what was decided."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch import wording
from skillmatch.errors import Invalid, NotFound
from skillmatch.workspace import DisputeState, DisputeStep, Verdict
from skillmatch_web import saying
from skillmatch_web.addresses import workspace
from skillmatch_web.disputing import NOTHING, REFUSALS, Refused, jobs_of, key_sent, refused
from skillmatch_web.evidence_words import note_of, said
from skillmatch_web.languages import _
from skillmatch_web.paging import Paging, page_asked_for
from skillmatch_web.sight import sight

blueprint = Blueprint("disputes", __name__)

PAGE_SIZE = 5
"""What hangs on each is a history folded anew."""
OPEN, DECIDED = "open", "decided"
STATES = {OPEN: (DisputeState.OPEN,), DECIDED: (DisputeState.UPHELD, DisputeState.REJECTED, DisputeState.WITHDRAWN)}


@blueprint.get("/disputes")
def show() -> str | Response:
    """Show the open disputes of the workers one sees, or those that were decided."""
    state = DECIDED if request.args.get("state") == DECIDED else OPEN
    return _page(state, page_asked_for())


@blueprint.post("/disputes")
def send() -> Response | tuple[str, int]:
    """Decide about a dispute, or open it again, as the button says."""
    try:
        _check_seen()
        do = request.form.get("do", "")
        if do == "reopen":
            _reopen()
        elif do in list(Verdict):
            _decide(Verdict(do))
        else:
            raise Invalid(_("Nothing was chosen: say whether it is wrong or stands, with one of the two buttons"))
    except REFUSALS as error:
        wrong = refused(error)
        page = _page(OPEN, page_asked_for(), wrong)
        return page if isinstance(page, Response) else (page, 400 if wrong.problem else 409)
    state = request.form.get("state")
    return redirect(url_for("disputes.show", state=DECIDED if state == DECIDED else None), 303)


def _decide(verdict: Verdict) -> None:
    step = workspace().disputes.decide(key_sent(), verdict, reason=request.form.get("reason", ""), by=sight().account)
    if step.status == "unchanged":
        saying.done(_("This was decided so already. Nothing was changed."))
        return
    values = {"who": step.disputed.worker.name, "what": said(step.disputed.fact)}
    if verdict is Verdict.UPHELD:
        text = _("Decided: %(who)s is right. It does not count any more: %(what)s", **values)
    else:
        text = _("Decided: it stands, and counts for %(who)s: %(what)s", **values)
    saying.done(text, undo=url_for("disputes.send"), fields=_fields(step))


def _reopen() -> None:
    step = workspace().disputes.reopen(key_sent(), by=sight().account)
    if step.status == "unchanged":
        saying.done(_("This is open already. Nothing was changed."))
    else:
        saying.done(_("Open again: %(what)s. That is on record, too.", what=said(step.disputed.fact)))


def _fields(step: DisputeStep) -> dict[str, str]:
    source, id = step.disputed.key
    return {"do": "reopen", "source": source, "id": id}


def _check_seen() -> None:
    """Raise NotFound for a dispute of a worker who is not seen, in the words for one that is not there."""
    key = key_sent()
    if not all(key):
        raise Invalid(_("This form names no dispute: go back and use the buttons of the page"))
    if not sight().sees(workspace().disputes.find(key).worker):
        raise NotFound(
            wording.said(
                "there is no dispute {id!r} of source {source!r}: look at the list of disputes",
                id=key[1],
                source=key[0],
            )
        )


def _page(state: str, page: int, wrong: Refused = NOTHING) -> str | Response:
    seen = None if sight().everybody else [worker.id for worker in sight().workers()[0]]
    disputes = workspace().disputes
    known = disputes.page(among=seen, limit=0).counts
    counts = {name: sum(known.get(one, 0) for one in states) for name, states in STATES.items()}
    paging = Paging(page, PAGE_SIZE, counts[state])
    if paging.page > paging.pages and wrong is NOTHING:
        return redirect(url_for("disputes.show", state=state, page=paging.pages))
    first = min(paging.first, (paging.pages - 1) * PAGE_SIZE + 1)
    shown = disputes.page(states=STATES[state], among=seen, limit=PAGE_SIZE, offset=first - 1, worlds=True)
    return render_template(
        "disputes.html",
        rows=shown.rows,
        counts=counts,
        state=state,
        paging=Paging(min(page, paging.pages), PAGE_SIZE, counts[state]),
        jobs=jobs_of(row.fact for row in shown.rows),
        wrong=wrong.placed({row.key for row in shown.rows if row.state is DisputeState.OPEN}),
        said=said,
        note_of=note_of,
        names=workspace().names(),
        own=sight().account.worker,
    )
