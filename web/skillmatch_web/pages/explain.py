"""One worker for one job: every term of her score and chance, and what sets her apart from the first candidate."""

from __future__ import annotations

from flask import Blueprint, render_template

from skillmatch.model import skill_needs
from skillmatch.workspace import POLICIES
from skillmatch_web.addresses import workspace
from skillmatch_web.candidates import asked_policy, most_points, shown
from skillmatch_web.drawing import rounded, waterfall

blueprint = Blueprint("explain", __name__)


@blueprint.get("/jobs/<id:job>/workers/<id:worker>")
def show(job: str, worker: str) -> str:
    """Show why a worker stands where she stands, or why she cannot be sent."""
    policy = asked_policy()
    candidate = workspace().explain(job, worker, policy=policy)
    ranking = workspace().rank(job, policy=policy, limit=1)
    full = most_points(policy)
    first = ranking.candidates[0] if ranking.candidates else None
    difference = None
    if first is not None and first.worker.id != candidate.worker.id:
        # Of the printed numbers, so that every row and the sum can be checked by eye.
        difference = rounded(candidate.explanation) - rounded(first.explanation)
    view = workspace().job(job)
    return render_template(
        "explain.html",
        view=view,
        skills=[need.skill for need in skill_needs(view.needs)],
        names=workspace().names(),
        shown=shown(candidate, full=full),
        candidate=candidate,
        first=first,
        difference=difference,
        difference_steps=waterfall(difference) if difference else None,
        ranking=ranking,
        full=full,
        policy=policy,
        policy_label=POLICIES[policy].label,
        now=workspace().now(),
    )
