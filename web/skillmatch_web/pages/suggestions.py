"""What workers suggest to improve at customers', and what becomes of it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch.errors import Conflict, Invalid
from skillmatch.model import NoteStatus, SiteNote
from skillmatch.notes import LONGEST_NOTE
from skillmatch.workspace import Suggested
from skillmatch_web import places, saying
from skillmatch_web.addresses import workspace
from skillmatch_web.errors import sentence
from skillmatch_web.languages import N_, _
from skillmatch_web.paging import Paging, page_asked_for
from skillmatch_web.sight import sight

blueprint = Blueprint("suggestions", __name__)

PAGE_SIZE = 25
MOST_CARRIED = 1500
"""Bytes; browsers keep no more than 4 kB in a cookie."""
CHOICES = {
    NoteStatus.DONE: N_("Done"),
    NoteStatus.DECLINED: N_("Declined"),
    NoteStatus.OPEN: N_("Leave it open"),
}
SAID = {
    NoteStatus.DONE: N_("Marked as done."),
    NoteStatus.DECLINED: N_("Declined."),
    NoteStatus.OPEN: N_("It is open."),
}
Page = str | Response
Answer = Page | tuple[Page, int]


@blueprint.get("/suggestions")
def show() -> Answer:
    """Show the suggestions that wait for an answer, or all."""
    return _page()


@blueprint.post("/notes/<id:note>/answer")
def answer(note: str) -> Answer:
    """Say what becomes of a note; sent by Undo as well, with what was said before."""
    before = workspace().notes.one(note)
    status, typed = request.form.get("status", ""), request.form.get("answer", "").replace("\r\n", "\n").strip()
    if status not in CHOICES:
        return _page(wrong=(note, typed, _("Choose what becomes of it: done, declined or still open."))), 400
    seen_status, seen = request.form.get("seen_status", ""), request.form.get("seen", "").replace("\r\n", "\n")
    if seen_status not in set(NoteStatus):
        seen_status = NoteStatus.OPEN
    try:
        now = workspace().notes.answer(
            note, NoteStatus(status), typed, by=sight().account, seen=(NoteStatus(seen_status), seen)
        )
    except (Invalid, Conflict) as error:
        return _page(wrong=(note, typed, sentence(error))), 400 if isinstance(error, Invalid) else 409
    _say(before, now)
    there = url_for("site.show", site=now.site) + "#notes" if request.form.get("back") == "site" else ""
    return redirect(there or url_for("suggestions.show"), 303)


def _say(before: SiteNote, now: SiteNote) -> None:
    """Say what was done, with a way back where what was said before finds room in the cookie that carries it."""
    fields = {
        "status": before.status.value,
        "answer": before.answer,
        "seen_status": now.status.value,
        "seen": now.answer,
        "back": request.form.get("back", ""),
    }
    fits = sum(len(value.encode()) for value in fields.values()) <= MOST_CARRIED
    undo = url_for("suggestions.answer", note=now.id) if fits else ""
    saying.done(_(SAID[now.status]), undo=undo, fields=fields if fits else None)


def _page(*, wrong: tuple[str, str, str] | None = None) -> Page:
    everything = request.args.get("show") == "all" or wrong is not None
    people = places.everybody()
    found = [
        (one, left)
        for one in workspace().notes.suggestions(None if everything else NoteStatus.OPEN)
        for left in places.notes([one.note], people, _assets(one))
    ]
    if wrong is not None and wrong[0] not in {one.note.id for one, _left in found}:
        note = workspace().notes.one(wrong[0])
        found = [(Suggested(note, None, None, None), left) for left in places.notes([note], people, {})] + found
    number = page_asked_for() if wrong is None else 1
    if wrong is not None:
        found.sort(key=lambda pair: pair[0].note.id != wrong[0])
    paging = Paging(number, PAGE_SIZE, len(found))
    if number > paging.pages:
        return redirect(url_for("suggestions.show", page=paging.pages, show="all" if everything else None))
    return render_template(
        "suggestions.html",
        found=found[paging.first - 1 : paging.last],
        paging=paging,
        everything=everything,
        wrong=wrong,
        choices=CHOICES,
        statuses=places.NOTE_STATUSES,
        longest=LONGEST_NOTE,
    )


def _assets(one: Suggested) -> dict[str, str]:
    return {one.asset.id: f"{one.asset.type} {one.asset.model}".strip()} if one.asset else {}
