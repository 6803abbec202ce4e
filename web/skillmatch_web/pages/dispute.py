"""What one worker says is wrong: opening a dispute and withdrawing it; all of hers, and her papers, on one page."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch import wording
from skillmatch.errors import Invalid, NotFound
from skillmatch.workspace import DisputeState, DisputeStep
from skillmatch_web import saying
from skillmatch_web.addresses import workspace
from skillmatch_web.disputing import NOTHING, REFUSALS, Refused, jobs_of, key_sent, refused
from skillmatch_web.evidence_words import note_of, said
from skillmatch_web.languages import _
from skillmatch_web.pages.skill import render_skill
from skillmatch_web.paging import Paging, page_asked_for
from skillmatch_web.sight import sight

blueprint = Blueprint("dispute", __name__)

PAGE_SIZE = 20
AGAIN = "again"


@blueprint.get("/workers/<id:worker>/disputes")
def show(worker: str) -> str | Response:
    """Show what a worker says is wrong, and her papers."""
    page, pages = page_asked_for(), _paging(worker, 1).pages
    if page > pages:
        return redirect(url_for("dispute.show", worker=worker, page=pages))
    return _page(worker, page)


@blueprint.post("/workers/<id:worker>/disputes")
def send(worker: str) -> Response | tuple[str, int]:
    """Open a dispute about one of her facts, or take one back, as the form says."""
    skill = request.form.get("skill", "")
    try:
        do = {"open": _open, "withdraw": _withdraw, AGAIN: _again}.get(request.form.get("do", "open"))
        if do is None:
            raise Invalid(_("what was to be done is not known: go back and use the buttons of the page"))
        do(worker)
    except REFUSALS as error:
        wrong = refused(error)
        page = render_skill(worker, skill, wrong=wrong, page=_page_sent()) if skill else _page(worker, 1, wrong)
        return page, 400 if wrong.problem else 409
    if skill:
        number = _page_sent()
        where = url_for("skill.show", worker=worker, skill=skill, page=None if number == 1 else number)
    else:
        where = url_for("dispute.show", worker=worker)
    return redirect(where, 303)


def _open(worker: str) -> None:
    step = workspace().disputes.open(worker, key_sent(), reason=request.form.get("reason", ""), by=sight().account)
    _say_opened(worker, step)


def _withdraw(worker: str) -> None:
    _check_hers(worker)
    step = workspace().disputes.withdraw(key_sent(), by=sight().account)
    if step.status == "unchanged":
        saying.done(_("This was withdrawn already. Nothing was changed."))
        return
    _say(worker, _("Withdrawn. It counts as before: %(what)s", what=said(step.disputed.fact)), AGAIN, step)


def _again(worker: str) -> None:
    """Open a dispute anew that was withdrawn."""
    _check_hers(worker)
    dispute = workspace().disputes.find(key_sent()).case.dispute
    step = workspace().disputes.open(worker, dispute.target, reason=dispute.reason, by=sight().account)
    _say_opened(worker, step)


def _check_hers(worker: str) -> None:
    """Raise NotFound for a dispute of somebody else, in the words for one that is not there."""
    key = key_sent()
    if workspace().disputes.find(key).worker.id != worker:
        raise NotFound(
            wording.said(
                "there is no dispute {id!r} of source {source!r}: look at the list of disputes",
                id=key[1],
                source=key[0],
            )
        )


def _say_opened(worker: str, step: DisputeStep) -> None:
    if step.status == "unchanged":
        saying.done(_("This is disputed already. Nothing was changed."))
    elif step.disputed.case.sets_aside:
        text = _("Disputed, and set aside until a manager has decided: %(what)s", what=said(step.disputed.fact))
        _say(worker, text, "withdraw", step)
    else:
        text = _("Disputed. It counts until a manager has decided: %(what)s", what=said(step.disputed.fact))
        _say(worker, text, "withdraw", step)


def _say(worker: str, text: str, undo: str, step: DisputeStep) -> None:
    source, id = step.disputed.key
    sent = {"do": undo, "source": source, "id": id, "skill": request.form.get("skill", "")}
    saying.done(text, undo=url_for("dispute.send", worker=worker), fields=sent)


def _page_sent() -> int:
    page = request.form.get("page", "1")
    return int(page) if page.isascii() and page.isdecimal() and len(page) < 7 else 1


def _paging(worker: str, page: int) -> Paging:
    return Paging(page, PAGE_SIZE, workspace().disputes.page(among=[worker], limit=0).total)


def _page(worker: str, page: int, wrong: Refused = NOTHING) -> str:
    paging = _paging(worker, page)
    person = workspace().worker(worker)
    if person is None:
        raise NotFound.named("worker", worker, [one.id for one in sight().workers()[0]])
    papers = workspace().disputes.papers(worker)
    found = workspace().disputes.page(among=[worker], limit=PAGE_SIZE, offset=paging.first - 1)
    return render_template(
        "dispute.html",
        worker=person,
        rows=found.rows,
        papers=papers,
        paging=paging,
        jobs=jobs_of([*(row.fact for row in found.rows), *(fact for fact, _case in papers)]),
        wrong=wrong.placed({fact.key for fact, case in papers if case is None}),
        said=said,
        note_of=note_of,
        names=workspace().names(),
        open=DisputeState.OPEN,
    )
