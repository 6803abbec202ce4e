"""All decisions, the newest first, and the report on them: by month and decider, and whether chances came true."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, stream_with_context, url_for
from werkzeug.wrappers import Response as AnyResponse

from skillmatch.model import Worker
from skillmatch.workspace import Decision, decision_table
from skillmatch_web.addresses import today, workspace
from skillmatch_web.asked import day, words
from skillmatch_web.languages import _
from skillmatch_web.paging import Paging, page_asked_for
from skillmatch_web.sight import sight

blueprint = Blueprint("decisions", __name__)

PAGE_SIZE = 25
LEFT, TOP, SIDE = 46.0, 10.0, 330.0
"""Where the field of the picture stands in it, in its own units, and how wide and high it is."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which decisions are looked at: asked between two days, both included, with a policy, among a team."""

    since: date | None
    until: date | None
    policy: str
    team: str
    problems: dict[str, str]

    @property
    def parts(self) -> dict[str, Any]:
        """What an address needs to ask for it again."""
        parts = {"policy": self.policy, "team": self.team}
        days = {name: words(name) for name in ("since", "until")}
        return {name: value for name, value in {**parts, **days}.items() if value}

    def period(self) -> dict[str, datetime | None]:
        """Return from when on, and before when, decisions were asked."""
        zone = workspace().zone
        start = None if self.since is None else datetime.combine(self.since, time(), zone)
        end = None if self.until is None else datetime.combine(self.until + timedelta(days=1), time(), zone)
        utc = workspace().now().tzinfo
        return {"since": start and start.astimezone(utc), "until": end and end.astimezone(utc)}


def wanted() -> Wanted:
    """Return what the address asks for, with what is wrong with it by field."""
    days, problems = {}, {}
    for name in ("since", "until"):
        days[name], good = day(name)
        if not good:
            problems[name] = _("This is no day. Write it as in %(day)s.", day=today().isoformat())
    since, until = days["since"], days["until"]
    if since and until and until < since:
        problems["until"] = _("This lies before the first day.")
        until = None
    return Wanted(since, until, words("policy"), words("team"), problems)


@blueprint.get("/decisions")
def show() -> str | AnyResponse:
    """Show a page of decisions, all or only those in which somebody was chosen, and the report on all of them."""
    people = {worker.id: worker for worker in workspace().workers()}
    asked, counts = wanted(), counted(people, words("team"))
    review = workspace().review_decisions(policy=asked.policy, counts=counts, **asked.period())
    report = review.report
    decided = 1 if "decided" in request.args else None
    number = page_asked_for()
    paging = Paging(number, PAGE_SIZE, report.decided if decided else report.shown)
    if number > paging.pages:
        return redirect(url_for("decisions.show", page=paging.pages, decided=decided, **asked.parts))
    kept = [line.decision for line in review.lines if line.decision.chosen or not decided]
    found = kept[paging.first - 1 : paging.last]
    jobs = workspace().decided_jobs(found)
    every = () if sight().everybody else workspace().decisions(limit=None)
    sees = counted(people, "")
    return render_template(
        "decisions.html",
        report=report,
        review=review,
        wanted=asked,
        policies=sorted({*review.policies, *([asked.policy] if asked.policy else [])}),
        teams=sorted(sight().teams or workspace().teams()),
        rows=[(decision, jobs[decision.job]) for decision in found],
        paging=paging,
        decided=decided,
        people=sight().names(people.values()),
        points=[point(each.predicted, each.observed, each.low, each.high) for each in review.bins],
        field=(LEFT, TOP, SIDE),
        hidden=sum(not sees(one) for one in every),
    )


@blueprint.get("/decisions.csv")
def table() -> Response:
    """Send the decisions of the filter as CSV, each with what came of it."""
    people = {worker.id: worker for worker in workspace().workers()}
    asked = wanted()
    lines = workspace().decision_lines(policy=asked.policy, counts=counted(people, asked.team), **asked.period())
    rows = decision_table(lines, sight().names(people.values()), workspace().zone)

    def whole() -> Iterator[str]:
        yield "\ufeff"  # spreadsheets take it for UTF-8 by this
        yield from rows

    answer = Response(stream_with_context(whole()), content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"decisions-{today():%Y-%m-%d}.csv")
    return answer


def counted(people: dict[str, Worker], team: str) -> Callable[[Decision], bool]:
    """Return what says whether a decision is seen, and is of a team: that of whom was chosen, or else ranked first."""
    looks = sight()

    def counts(decision: Decision) -> bool:
        if not looks.sees_decision(decision, people):
            return False
        about = people.get(decision.chosen[0] if decision.chosen else decision.first or "")
        return not team or (about is not None and about.team == team)

    return counts


def point(predicted: float, observed: float, low: float, high: float) -> tuple[float, float, float, float]:
    """Return where a point and the ends of its interval stand in the picture: x, y, lower end, upper end."""
    x = LEFT + SIDE * predicted
    return (round(x, 1), *(round(TOP + SIDE * (1.0 - share), 1) for share in (observed, low, high)))  # type: ignore[return-value]
