"""Taking in a skills matrix from Excel or CSV: send it, look at what it is taken for, decide, take it in."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from skillmatch.errors import Conflict, ImportStopped, Invalid, NotFound
from skillmatch.workspace import MOST_BYTES, SCALES, Decided, Sheet
from skillmatch_web import saying
from skillmatch_web.addresses import workspace
from skillmatch_web.errors import sentence
from skillmatch_web.languages import gettext as _
from skillmatch_web.languages import ngettext
from skillmatch_web.matrix_form import MatrixForm, read_form
from skillmatch_web.named_skill import skill_named
from skillmatch_web.people import find_workers, nobody
from skillmatch_web.sight import sight
from skillmatch_web.words import whole

blueprint = Blueprint("matrix_import", __name__)

MEGABYTES = MOST_BYTES // 10**6
CHUNK, MOST_DRAINED = 1 << 20, 200_000_000
SHOWN_SURE, SHOWN_PROBLEMS = 40, 40
SURE = 0.98
"""What is as sure as this is a name that fits, and asks no question."""
LARGEST_REVISION = 10**15


@blueprint.get("/matrix/import")
def show() -> str:
    """Show the form that sends a sheet, and sheets that wait."""
    return _start()


def _start(problem: str = "") -> str:
    waiting = workspace().sheets.waiting(by=sight().account)
    return render_template("matrix_import.html", waiting=waiting, problem=problem, megabytes=MEGABYTES)


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> tuple[str, int]:
    """Say that a file is too large, once the browser has sent it: one that is hung up on shows no answer."""
    left = min(request.content_length or 0, MOST_DRAINED)
    stream = request.environ["wsgi.input"]
    while left > 0 and (part := stream.read(min(CHUNK, left))):
        left -= len(part)
    what = _("That file is larger than %(most)s MB: nothing was taken from it. Divide it by teams.", most=MEGABYTES)
    return render_template("error.html", title=_("Too large"), paragraphs=[what]), 413


@blueprint.post("/matrix/import")
def send() -> Response | tuple[str, int]:
    """Keep the file that was sent, and lead to what it is taken for."""
    file = request.files.get("sheet")
    if file is None or not file.filename:
        return _start(_("Choose a file first: a sheet of people and skills, saved as .xlsx or .csv.")), 400
    content = file.stream.read(MOST_BYTES + 1)
    file.close()
    try:
        upload = workspace().sheets.keep(file.filename, content, by=sight().account)
    except Invalid as error:
        return _start(sentence(error)), 400
    return redirect(url_for("matrix_import.look", upload=upload), 303)


def _among() -> set[str] | None:
    """Return the workers who may be on the sheet, None for all."""
    seen = sight()
    return None if seen.everybody else {worker.id for worker in seen.workers()[0]}


def _gone() -> Response:
    saying.done(_("This sheet is not here any more: it was taken in, thrown away, or left for a day. Send it again."))
    return redirect(url_for("matrix_import.show"), 303)


@blueprint.get("/matrix/import/<upload>")
def look(upload: str) -> str | Response:
    """Show what a sheet is taken for."""
    try:
        sheet = workspace().sheets.sheet(upload, by=sight().account, among=_among())
    except NotFound:
        return _gone()
    return _page(sheet, MatrixForm(sheet.decided))


def _page(sheet: Sheet, form: MatrixForm, problem: str = "") -> str:
    preview = sheet.preview
    sums = sheet.sums
    more: dict[str, Any] = {}
    if preview is not None:
        everything = "all" in request.args
        numbered = list(enumerate(preview.columns)), list(enumerate(preview.people))
        asked = [[row for row in rows if everything or not _sure(row[1])] for rows in numbered]
        sure = [[row[1] for row in rows if not everything and _sure(row[1])] for rows in numbered]
        asked = [sorted(rows, key=lambda row: row[1].status not in ("unmatched", "conflict")) for rows in asked]
        more = {"columns": asked[0], "people": asked[1], "sure_columns": sure[0], "sure_people": sure[1]}
    names = {worker.id: worker.name for worker in sight().workers()[0]}
    return render_template(
        "matrix_preview.html",
        sheet=sheet,
        preview=preview,
        form=form,
        decided=form.decided,
        problem=problem,
        scales=SCALES.split(", "),
        sums={status: own.get("evidence", 0) for status, own in sums.items()} if sums else None,
        names=workspace().names(),
        people_names=names,
        today=workspace().now().astimezone(UTC).date().isoformat(),
        shown=SHOWN_SURE,
        candidates=lambda others, what: [(getattr(one, what), one.name) for one in others],
        shown_problems=SHOWN_PROBLEMS,
        **more,
    )


def _sure(one: Any) -> bool:
    """Return whether a match asks no question: a name that fits, which nobody has chosen otherwise."""
    exact = getattr(one, "exact", None)
    named = one.best is not None and (exact if exact is not None else one.best.confidence >= SURE)
    return bool(named) and one.status == "matched"


def _find_skill(text: str) -> tuple[str | None, str]:
    found, several = skill_named(text)
    if found is not None:
        return found.id, ""
    if several:
        names = ", ".join(one.name for one in several[:4])
        return None, _("Several skills may be meant: %(names)s. Type more of the name.", names=names)
    return None, _("There is no skill “%(text)s”. Type a part of its name.", text=text)


def _find_worker(text: str) -> tuple[str | None, str]:
    seen = sight().workers()[0]
    found = find_workers(seen, text)
    if len(found) == 1:
        return found[0].id, ""
    if found:
        names = ", ".join(one.name for one in found[:4])
        return None, _("Several workers may be meant: %(names)s. Type more of the name, or the id.", names=names)
    return None, nobody(seen, text)


@blueprint.post("/matrix/import/<upload>")
def decide(upload: str) -> Response | tuple[str, int]:
    """Keep what was chosen; with `take`, take the sheet in."""
    sheets, by, among = workspace().sheets, sight().account, _among()
    try:
        before = sheets.sheet(upload, by=by, among=among)
        form = read_form(request.form, before.decided, find_skill=_find_skill, find_worker=_find_worker)
        taking = request.form.get("do") == "take"
        if form.problems and (taking or set(form.problems) != {"rater"}):
            return _page(before, form, _("Something is not clear yet: look for the red lines.")), 400
        sheets.decide(upload, form.decided, by=by)
        if not taking:
            return redirect(url_for("matrix_import.look", upload=upload), 303)
        return _take_in(upload, form.decided)
    except NotFound:
        return _gone()


def _take_in(upload: str, decided: Decided) -> Response | tuple[str, int]:
    sheets, by, among = workspace().sheets, sight().account, _among()
    try:
        done = sheets.take_in(upload, by=by, among=among)
    except ImportStopped:
        sheet = sheets.sheet(upload, by=by, among=among)
        what = _(
            "Nothing was taken in: something is still open. Choose, or leave out what is open, at the end of the page."
        )
        return _page(sheet, MatrixForm(decided), what), 400
    except Invalid as error:
        sheet = sheets.sheet(upload, by=by, among=among)
        return _page(sheet, MatrixForm(decided, {"on": sentence(error)}), sentence(error)), 400
    counts = [own.get("evidence", 0) for own in (done.report.added, done.report.changed, done.report.unchanged)]
    text = _("Taken in: %(added)s new, %(changed)s corrected, %(same)s there already.", **_three(counts))
    if counts[0] + counts[1]:
        saying.done(text, undo=url_for("matrix_import.take_back"), fields={"revision": str(done.revision)})
    else:
        saying.done(text)
    return redirect(url_for("matrix_import.show"), 303)


def _three(counts: list[int]) -> dict[str, str]:
    said = [ngettext("%(num)s statement", "%(num)s statements", counts[0])]
    return dict(zip(("added", "changed", "same"), (*said, *(whole(count) for count in counts[1:])), strict=True))


@blueprint.post("/matrix/import/<upload>/throw-away")
def throw_away(upload: str) -> Response:
    """Throw a sheet away that was not taken in."""
    try:
        workspace().sheets.throw_away(upload, by=sight().account)
    except NotFound:
        return _gone()
    saying.done(_("Thrown away: nothing of the sheet was taken in."))
    return redirect(url_for("matrix_import.show"), 303)


@blueprint.post("/matrix/import/take-back")
def take_back() -> Response:
    """Take back a sheet that was taken in."""
    text = request.form.get("revision", "")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
    try:
        done = workspace().sheets.take_back(number, by=sight().account)
    except (NotFound, Conflict) as error:
        saying.done(sentence(error))
    else:
        count = done.retracted + done.restored
        saying.done(ngettext("%(num)s statement was taken back.", "%(num)s statements were taken back.", count))
    return redirect(url_for("matrix_import.show"), 303)
