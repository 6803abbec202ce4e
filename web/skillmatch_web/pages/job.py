"""One job: what the customer said, what it needs, who is promised, who could go and why, and how it ended."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch.model import RUNGS, Need, skill_needs
from skillmatch.workspace import JobView, Policy, Ranking
from skillmatch_web.addresses import today, workspace
from skillmatch_web.assigning import Attempt, crew_size
from skillmatch_web.candidates import asked_policy, shown
from skillmatch_web.causes import diagnosis_of, shown_causes, skills_offered
from skillmatch_web.keeping import can_keep, kept
from skillmatch_web.languages import _
from skillmatch_web.named import Named
from skillmatch_web.outcome_form import OutcomeForm
from skillmatch_web.people import find_workers, nobody
from skillmatch_web.promises import promises
from skillmatch_web.sight import sight
from skillmatch_web.words import PRIORITIES, RESULTS, RISKS

blueprint = Blueprint("job", __name__)

SHOWN, MORE_SHOWN, NAMESAKES_SHOWN = 10, 50, 100


@blueprint.get("/jobs/<id:job>")
def show(job: str) -> str | Response:
    """Show a job and its candidates; to a worker, the job alone."""
    if not sight().dispatches:
        return render_own_job(job)
    if not can_keep():
        return render_job(job)
    policy, limit = asked_policy().name, asked_limit()
    grounds = partial(workspace().grounds, job, policy=policy, limit=limit, teams=sight().teams)
    return kept(
        (job, policy, limit, "asked" in request.args, today()), grounds, lambda token: render_job(job, token=token)
    )


def asked_limit() -> int:
    """Return how many candidates are asked for."""
    return MORE_SHOWN if "more" in request.args else SHOWN


@blueprint.get("/jobs/<id:job>/why")
def why(job: str) -> str | Response | tuple[str, int]:
    """Lead to the explanation of the worker somebody typed in, or ask which of several is meant."""
    typed, policy = request.args.get("worker", "").strip(), asked_policy().name
    seen, _others = sight().workers()
    found = find_workers(seen, typed) if typed else ()
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
    problem = nobody(seen, typed) if typed else _("Type the name or id of a worker.")
    return render_job(job, why_typed=typed, why_problem=problem), 404 if typed else 400


def render_job(
    job: str,
    *,
    form: OutcomeForm | None = None,
    attempt: Attempt | None = None,
    named: Named | None = None,
    why_typed: str = "",
    why_problem: str = "",
    token: str = "",
) -> str:
    """Return the page of a job, with what was typed into its forms and what is wrong with it.

    A fresh form counts once under `token`, or under a new one.
    """
    policy = asked_policy()
    limit = asked_limit()
    view = workspace().job(job)
    ranking = ranked(view, policy.name, limit)
    words = named or Named.of_job(view)
    with workspace().snapshot():
        return _rendered(
            view, ranking, policy, limit, words, form=form, attempt=attempt, why=(why_typed, why_problem), token=token
        )


def _rendered(
    view: JobView,
    ranking: Ranking,
    policy: Policy,
    limit: int,
    words: Named,
    *,
    form: OutcomeForm | None,
    attempt: Attempt | None,
    why: tuple[str, str],
    token: str,
) -> str:
    """Return the page of a job that was ranked: what it reads besides is all of one state."""
    job = view.job.id
    people = workspace().people()
    promised = promises(job, people)
    form = form or OutcomeForm.fresh(promised[0].worker.id if promised and promised[0].seen else "", token)
    found = diagnosis_of(view, policy.name)
    shown_here = [one.worker.id for one in (*ranking.candidates, *ranking.near)]
    around = workspace().around(job, shown_here, teams=sight().teams)
    return render_template(
        "job.html",
        view=view,
        ranking=ranking,
        shares=work_shares(view.needs),
        named=named_workers(view, ranking),
        words=words,
        candidates=[
            shown(one, full=ranking.full_score, around=around.get(one.worker.id)) for one in ranking.candidates
        ],
        near=[shown(one, full=ranking.full_score, around=around.get(one.worker.id)) for one in ranking.near],
        policy=policy,
        policies=workspace().policies(),
        more=MORE_SHOWN if limit == SHOWN and ranking.eligible > SHOWN else 0,
        form=form,
        offered=form.offered(ranking, people),
        found=found,
        causes=shown_causes(found) if found else [],
        asked="asked" in request.args,
        listed=workspace().causes_of(view.job.type),
        offered_skills=skills_offered(view, found),
        attempt=attempt,
        promised=promised,
        crew=crew_size(view),
        why_typed=why[0],
        why_problem=why[1],
        names=workspace().names(),
        people=sight().named(people),
        seen=sight().among(people),
        priorities=PRIORITIES,
        results=RESULTS,
        risk=risk_words(view),
        rungs=RUNGS,
        today=today(),
    )


def render_own_job(job: str) -> str:
    """Return the page of a job for a worker who is or was sent: what is to be done, and who goes."""
    view = workspace().job(job)
    people = workspace().people()
    return render_template(
        "own_job.html",
        view=view,
        shares=work_shares(view.needs),
        named={},
        promised=promises(job, people),
        crew=crew_size(view),
        names=workspace().names(),
        people=sight().named(people),
        seen=sight().among(people),
        priorities=PRIORITIES,
        results=RESULTS,
        risk=risk_words(view),
        today=today(),
    )


def ranked(view: JobView, policy: str, limit: int = SHOWN) -> Ranking:
    """Return the ranking of a job; while it can still be decided, what is shown of it is kept as a decision."""
    if view.job.status == "open":
        return workspace().propose(view.job.id, policy=policy, limit=limit, teams=sight().teams)
    return workspace().rank(view.job.id, policy=policy, limit=limit, teams=sight().teams)


def risk_words(view: JobView) -> str:
    """Return how risky a job is, "" when neither it nor its type says so."""
    risk = view.job.risk or (view.type.risk if view.type else None)
    return RISKS[risk] if risk else ""


def work_shares(needs: tuple[Need, ...]) -> dict[str, float]:
    """Return which share of the work rests on each skill, 0 to 1."""
    skills = skill_needs(needs)
    total = sum(need.weight for need in skills)
    return {need.skill: need.weight / total for need in skills}


def named_workers(view: JobView, ranking: Ranking) -> dict[str, tuple[str, ...]]:
    """Return the workers whom the job or, on its day, the customer names, under what is said of them."""
    job, customer, day = view.job, view.customer, ranking.day
    found = {}
    for what, kind in (
        (_("Asked for"), "preferred"),
        (_("Only these"), "required"),
        (_("Not wanted"), "excluded"),
    ):
        wishes = customer.wishes(getattr(customer, kind), day) if customer is not None else ()
        found[what] = tuple(dict.fromkeys((*getattr(job, kind), *wishes)))
    return {what: workers for what, workers in found.items() if workers}
