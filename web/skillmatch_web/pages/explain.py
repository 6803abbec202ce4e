"""One worker for one job: why she is not the first choice, what would change it, every term of score and chance."""

from __future__ import annotations

from flask import Blueprint, render_template

from skillmatch.model import skill_needs
from skillmatch_web.addresses import workspace
from skillmatch_web.assigning import crew_size
from skillmatch_web.beside import beside
from skillmatch_web.candidates import asked_policy, shown
from skillmatch_web.pages.job import ranked
from skillmatch_web.promises import promises
from skillmatch_web.sight import sight

blueprint = Blueprint("explain", __name__)


@blueprint.get("/jobs/<id:job>/workers/<id:worker>")
def show(job: str, worker: str) -> str:
    """Show why a worker stands where she stands, or why she cannot be sent, and what would change it."""
    policy = asked_policy()
    answer = workspace().why_not(job, worker, policy=policy.name, teams=sight().teams)
    candidate, first = answer.candidate, answer.first
    view = workspace().job(job)
    ranking = ranked(view, policy.name)
    around = workspace().around(job, [worker], teams=sight().teams)
    return render_template(
        "explain.html",
        view=view,
        answer=answer,
        candidate=candidate,
        first=first,
        beside=beside(first.explanation, candidate.explanation) if first else None,
        shown=shown(candidate, full=ranking.full_score, around=around.get(worker)),
        skills=[need.skill for need in skill_needs(view.needs)],
        names=workspace().names(),
        ranking=ranking,
        policy=policy,
        promised=promises(job, {one.id: one for one in workspace().workers()}),
        crew=crew_size(view),
    )
