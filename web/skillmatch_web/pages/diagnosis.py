"""What may be behind a call: whom to send while that is uncertain, what to ask, and going with a cause."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch import wording
from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.workspace import DiagnosisAnswer, in_parts
from skillmatch_web.addresses import workspace
from skillmatch_web.candidates import asked_policy
from skillmatch_web.causes import shown_causes, shown_prospects
from skillmatch_web.drawing import rounded
from skillmatch_web.languages import _
from skillmatch_web.sight import sight

blueprint = Blueprint("diagnosis", __name__)

SHOWN = 8
SAID = {"yes": True, "no": False, "": None}


@blueprint.get("/jobs/<id:job>/diagnosis")
def show(job: str) -> str:
    """Show what may be behind a job's call and what follows from it."""
    policy = asked_policy()
    found = workspace().diagnose(job, policy=policy.name, limit=SHOWN, teams=sight().teams)
    return render_template(
        "diagnosis.html",
        view=workspace().job(job),
        found=found,
        causes=shown_causes(found),
        prospects=shown_prospects(found),
        others=compared(found),
        policy=policy,
        names=workspace().names(),
    )


def compared(found: DiagnosisAnswer) -> list[tuple[str, str, str, float, tuple[tuple[str, float], ...]]]:
    """Return whom other ways to choose would send: how, her id and name, how much dearer she is, and in what."""
    ways = (
        (_("By the fixed needs of the job type, at the same prices"), found.by_type),
        (_("First in the ranking by policy %(policy)s", policy=found.policy), found.by_ranking),
    )
    rows = []
    for how, other in ways:
        if other is not None:
            dearer = rounded(in_parts(found.dearer(other)))
            parts = tuple((term.label, term.points) for term in dearer.terms if term.points)
            rows.append((how, other.worker.id, other.worker.name, round(dearer.total, 1), parts))
    return rows


@blueprint.post("/jobs/<id:job>/answer")
def answer(job: str) -> Response:
    """Keep what the customer said, however often the form is sent."""
    question, said, seen = (request.form.get(name, "") for name in ("question", "said", "seen"))
    if said not in SAID or seen not in SAID:
        raise Invalid(wording.said("an answer came as {found!r}: expected yes, no or nothing", found=said[:20]))
    try:
        workspace().answer(job, question, SAID[said], seen=SAID[seen])
        flash(_("The answer is kept.") if said else _("The answer is taken back."))
    except Conflict as error:
        flash(_("Nothing was changed: %(why)s.", why=error.args[0]))
    return _back(job, asked=True)


@blueprint.post("/jobs/<id:job>/cause")
def go_with(job: str) -> Response:
    """Go with a cause, or back to what the job type needs."""
    cause = request.form.get("cause", "")
    workspace().job(job)  # one that is not there is no page; a cause that is not there is told on the page
    try:
        workspace().go_with(job, cause or None)
        if cause:
            flash(_("This job now needs what “%(cause)s” takes.", cause=cause))
        else:
            flash(_("This job needs again what its type asks for."))
    except (Conflict, Invalid, NotFound) as error:
        flash(_("Nothing was changed: %(why)s.", why=error.args[0]))
    return _back(job)


@blueprint.get("/jobs/<id:job>/answer")
@blueprint.get("/jobs/<id:job>/cause")
def back(job: str) -> Response:
    """Lead back to the page that has the forms."""
    return redirect(url_for("diagnosis.show", job=job))


def _back(job: str, *, asked: bool = False) -> Response:
    """Lead back to the page whose form was sent; after a question, to the causes, which are unfolded then."""
    policy = asked_policy().name
    if request.form.get("back") == "diagnosis":
        return redirect(url_for("diagnosis.show", job=job, policy=policy), 303)
    if asked:
        return redirect(url_for("job.show", job=job, policy=policy, asked=1, _anchor="behind"), 303)
    return redirect(url_for("job.show", job=job, policy=policy), 303)
