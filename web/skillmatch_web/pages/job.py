"""One job: what the customer said, what it needs, who could go and why, and how it ended."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch.model import Need, skill_needs
from skillmatch.workspace import POLICIES
from skillmatch_web.addresses import workspace
from skillmatch_web.candidates import asked_policy, most_points, shown
from skillmatch_web.outcome_form import OutcomeForm
from skillmatch_web.people import find_workers, nobody
from skillmatch_web.words import PRIORITIES, RESULTS

blueprint = Blueprint("job", __name__)

SHOWN, MORE_SHOWN, NAMESAKES_SHOWN = 10, 50, 100


@blueprint.get("/jobs/<id:job>")
def show(job: str) -> str:
    """Show a job and its candidates."""
    return render_job(job)


@blueprint.get("/jobs/<id:job>/why")
def why(job: str) -> str | Response | tuple[str, int]:
    """Lead to the explanation of the worker somebody typed in, or ask which of several is meant."""
    typed, policy = request.args.get("worker", "").strip(), asked_policy()
    everybody = workspace().workers()
    found = find_workers(everybody, typed) if typed else ()
    if len(found) == 1:
        return redirect(url_for("explain.show", job=job, worker=found[0].id, policy=policy))
    if found:
        return render_template(
            "which.html",
            view=workspace().job(job),
            typed=typed,
            policy=policy,
            workers=found[:NAMESAKES_SHOWN],
            found=len(found),
        )
    problem = nobody(everybody, typed) if typed else "Type the name or id of a worker."
    return render_job(job, why_typed=typed, why_problem=problem), 404 if typed else 400


def render_job(job: str, *, form: OutcomeForm | None = None, why_typed: str = "", why_problem: str = "") -> str:
    """Return the page of a job, with what was typed into its forms and what is wrong with it."""
    policy = asked_policy()
    limit = MORE_SHOWN if "more" in request.args else SHOWN
    ranking = workspace().rank(job, policy=policy, limit=limit)
    view = workspace().job(job)
    full = most_points(policy)
    form = form or OutcomeForm.fresh()
    return render_template(
        "job.html",
        view=view,
        ranking=ranking,
        shares=work_shares(view.needs),
        candidates=[shown(candidate, full=full) for candidate in ranking.candidates],
        full=full,
        policy=policy,
        policies=POLICIES,
        more=MORE_SHOWN if limit == SHOWN and ranking.eligible > SHOWN else 0,
        form=form,
        offered=form.offered(ranking),
        why_typed=why_typed,
        why_problem=why_problem,
        names=workspace().names(),
        people={worker.id: worker.name for worker in workspace().workers()} if view.outcomes else {},
        priorities=PRIORITIES,
        results=RESULTS,
        now=workspace().now(),
    )


def work_shares(needs: tuple[Need, ...]) -> dict[str, float]:
    """Return which share of the work rests on each skill, 0 to 1."""
    skills = skill_needs(needs)
    total = sum(need.weight for need in skills)
    return {need.skill: need.weight / total for need in skills}
