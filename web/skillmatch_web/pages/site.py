"""A customer's site: where it is, what stands there, what people left there, and what happened."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch.errors import Conflict, Invalid, NotAllowed
from skillmatch.model import NoteKind
from skillmatch.notes import LONGEST_NOTE
from skillmatch.workspace import NewNote
from skillmatch_web import places, saying
from skillmatch_web.addresses import today, workspace
from skillmatch_web.errors import sentence
from skillmatch_web.languages import _
from skillmatch_web.note_form import NoteForm
from skillmatch_web.pages.suggestions import CHOICES, MOST_CARRIED
from skillmatch_web.paging import Paging, page_asked_for
from skillmatch_web.sight import sight
from skillmatch_web.words import PRIORITIES

blueprint = Blueprint("site", __name__)

PAGE_SIZE = 20
Page = str | Response
Answer = Page | tuple[Page, int]


@blueprint.get("/sites/<id:site>")
def show(site: str) -> Answer:
    """Show a site."""
    return _page(site, NoteForm.fresh())


@blueprint.post("/sites/<id:site>/notes")
def write(site: str) -> Answer:
    """Leave a note once, however often its form is sent."""
    form = NoteForm()
    if not form.validate():
        return _page(site, form), 400
    kind = NoteKind(str(form.kind.data))
    new = NewNote(str(form.token.data), site, kind, form.words(), str(form.asset.data or "") or None)
    try:
        note, fresh = workspace().notes.write(new, by=sight().account)
    except (Invalid, Conflict) as error:
        form.renew()
        form.text.errors = [sentence(error)]
        return _page(site, form), 400
    if fresh:
        saying.done(_("Kept: whoever comes next sees it.") if kind is NoteKind.NOTE else
                    _("Kept. Schedulers and managers see it, and you will read their answer here."),
                    undo=url_for("site.withdraw", note=note.id))  # fmt: skip
    else:
        flash(_("This was kept already. It counts once: sending it again changed nothing."))
    return redirect(url_for("site.show", site=site) + "#notes", 303)


@blueprint.post("/notes/<id:note>/text")
def edit(note: str) -> Answer:
    """Change the words of one's own note."""
    before = workspace().notes.one(note)
    typed, seen = (request.form.get(name, "").replace("\r\n", "\n").strip() for name in ("text", "seen"))
    try:
        workspace().notes.edit(note, typed, by=sight().account, seen=seen)
    except (Invalid, Conflict, NotAllowed) as error:
        status = 400 if isinstance(error, Invalid) else 409
        return _page(before.site, NoteForm.fresh(), edited=(note, typed, sentence(error))), status
    undo = {"text": before.text, "seen": typed}
    saying.done(_("Changed."), undo=url_for("site.edit", note=note), fields=undo if _fits(undo) else None)
    return redirect(url_for("site.show", site=before.site) + "#notes", 303)


def _fits(fields: dict[str, str]) -> bool:
    """Return whether fields find room in the cookie that carries them to the next page."""
    return sum(len(value.encode()) for value in fields.values()) <= MOST_CARRIED


@blueprint.post("/notes/<id:note>/withdraw")
def withdraw(note: str) -> Answer:
    """Take one's own note back."""
    site = workspace().notes.one(note).site
    try:
        workspace().notes.withdraw(note, by=sight().account)
    except (Conflict, NotAllowed) as error:
        flash(sentence(error))
    else:
        flash(_("Taken back: nobody sees it any more."))
    return redirect(url_for("site.show", site=site) + "#notes", 303)


def _page(site: str, form: NoteForm, *, edited: tuple[str, str, str] | None = None) -> Page:
    found = workspace().places.site(site)
    number, people = page_asked_for(), places.everybody()
    past = workspace().places.history(site=site, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    paging = Paging(number, PAGE_SIZE, past.total)
    if number > paging.pages:
        return redirect(url_for("site.show", site=site, page=paging.pages))
    jobs, seen = sight().jobs(), sight().places()
    assets = {one.id: f"{one.type} {one.model}".strip() for one in found.assets}
    return render_template(
        "site.html",
        found=found,
        assets=assets,
        left=places.notes(found.notes, people, assets),
        form=form,
        edited=edited,
        visits=places.visits(past.rows, people),
        paging=paging,
        open_jobs=[job for job in found.open_jobs if jobs is None or job.id in jobs],
        kinds=places.KINDS,
        statuses=places.NOTE_STATUSES,
        short_results=places.SHORT_RESULTS,
        priorities=PRIORITIES,
        longest=LONGEST_NOTE,
        sees_customer=found.customer is not None and (seen is None or found.customer.id in seen[1]),
        today=today(),
        choices=CHOICES,
    )
