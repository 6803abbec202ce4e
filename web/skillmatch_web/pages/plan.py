"""The day plan: what to plan, and the plans that were made last."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch.errors import Conflict, Invalid
from skillmatch_web.addresses import workspace
from skillmatch_web.plan_form import MODES, PlanForm
from skillmatch_web.sight import sight
from skillmatch_web.words import sentence

blueprint = Blueprint("plan", __name__)

LATEST = 8


@blueprint.get("/plan")
def show() -> str:
    """Show the form."""
    return _page(PlanForm.fresh())


@blueprint.post("/plan")
def make() -> Response | tuple[str, int]:
    """Make a plan, keep it, and lead to it; nothing is promised."""
    form, choice = PlanForm.typed(request.form).checked()
    if choice is None:
        return _page(form), 400
    teams = sight().teams
    try:
        preview = workspace().plan(
            first=choice.first,
            days=choice.days,
            policy=choice.policy,
            seconds=choice.seconds,
            keep=choice.keep,
            teams=teams,
        )
    except (Conflict, Invalid) as error:
        return _page(form.refused(sentence(error))), 400
    id = workspace().keep_plan(preview, by=sight().account, teams=teams)
    return redirect(url_for("planned.show", plan=id, **form.kept), 303)


def _page(form: PlanForm) -> str:
    return render_template(
        "plan.html",
        form=form,
        modes=MODES,
        policies=workspace().policies(),
        teams=sight().teams,
        latest=[plan for plan in workspace().latest_plans(LATEST) if sight().sees_plan(plan)],
        jobs=workspace().open_jobs(limit=1).total,
        clock=workspace().zone,
    )
