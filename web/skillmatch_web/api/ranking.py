"""Who could go and why, why not somebody else, and promising workers to a job."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from skillmatch.model import JobStatus
from skillmatch_web.addresses import workspace
from skillmatch_web.api.fields import AS_TYPED, AS_WHOLE, Flag, Id, In, Query, Text, Time
from skillmatch_web.api.frame import Answer, reads, weak, writes
from skillmatch_web.api.jobs import JobPath
from skillmatch_web.api.problems import Problem
from skillmatch_web.api.schemas import AssignmentOut, CalledOff, RankingOut, WhyNotOut
from skillmatch_web.api.shaping import attributes, booked, candidate, job_body, ranking_body, see
from skillmatch_web.sight import check_decision, sight

TAG = "ranking"
PolicyName = Annotated[str, Field(max_length=200, examples=["balanced"])]
MOST_SHOWN = 200


class RankingQuery(Query):
    """By which policy, and how many."""

    policy: PolicyName = "balanced"
    limit: Annotated[int, Field(ge=1, le=MOST_SHOWN), AS_TYPED] = 10


class PolicyQuery(Query):
    """By which policy."""

    policy: PolicyName = "balanced"


class JobWorkerPath(JobPath):
    """Which worker for which job."""

    worker: Annotated[str, Field(description="Her id; write / as ~2F and ~ as ~7E", examples=["anna"])]


class AssignIn(In):
    """Who goes, chosen from the ranking that was kept as a decision."""

    decision: Annotated[int, Field(ge=1, le=2**53, description="Its number, as the ranking gives it"), AS_WHOLE]
    workers: Annotated[list[Id], Field(min_length=1, max_length=50, description="The lead first")]
    reason: Annotated[Text, Field(description="Needed where the first is not chosen, or a rule stands against her")] = (
        ""
    )
    start: Annotated[Time | None, Field(description="null: the first time at which the first is free")] = None
    locked: Annotated[Flag, Field(description="Whether plans must leave it as it is")] = False


class UnassignQuery(Query):
    """Whom to call off."""

    worker: Annotated[str, Field(max_length=200, description="Left out: everybody")] = ""


@reads("/jobs/<id:job>/ranking", RankingOut, TAG, etag=True)
def ranking(path: JobPath, query: RankingQuery) -> Answer:
    """Rank workers for a job; what is shown of an open job is kept as a decision."""
    asked: dict[str, Any] = {"policy": query.policy, "limit": query.limit, "teams": sight().teams}
    is_open = workspace().job(path.job).job.status is JobStatus.OPEN
    found = workspace().propose(path.job, **asked) if is_open else workspace().rank(path.job, **asked)
    kept = found.number or f"{found.moment.timestamp():.0f}"
    tag = weak(found.revision, kept, found.policy_version, query.limit)
    return Answer(ranking_body(found), etag=tag)


@reads("/jobs/<id:job>/workers/<id:worker>", WhyNotOut, TAG)
def explanation(path: JobWorkerPath, query: PolicyQuery) -> WhyNotOut:
    """Explain one worker for a job: why not her, and what would bring her in or up."""
    found = workspace().why_not(path.job, path.worker, policy=query.policy, teams=sight().teams)
    return WhyNotOut.model_validate(
        {
            **attributes(found, "difference", "goal"),
            "job": path.job,
            "policy": query.policy,
            "candidate": candidate(found.candidate),
            "first": found.first and candidate(found.first),
            "advice": [{"text": str(one), "rank": one.rank, "score": one.score} for one in found.advice],
        }
    )


@writes("post", "/jobs/<id:job>/assignment", AssignmentOut, TAG, status=201)
def assign(path: JobPath, body: AssignIn) -> Answer:
    """Promise workers to a job, unless the ranking they were chosen from would be another now."""
    check_decision(sight(), {"number": body.decision})
    decision = workspace().decision(body.decision)
    if decision.job != path.job:
        raise Problem("conflict", f"decision {body.decision} is about another job: rank this one")
    for worker in body.workers:
        see(worker)
    if not decision.chosen:
        stale = workspace().staleness(body.decision)
        if stale.stale:
            said = "something has changed since this ranking was made: rank again and decide on that"
            raise Problem("stale", said, **attributes(stale, "writes", "revision"), moved=list(stale.moved))
    done = workspace().assign(
        body.decision,
        body.workers,
        reason=body.reason,
        by=sight().account.signature,
        start=body.start,
        locked=body.locked,
    )
    shown = {name: booked(getattr(done, name)) for name in ("bookings", "called_off")}
    return Answer(AssignmentOut.model_validate({**attributes(done, "decision", "warnings"), **shown}), 201)


@writes("delete", "/jobs/<id:job>/assignment", CalledOff, TAG)
def unassign(path: JobPath, query: UnassignQuery) -> CalledOff:
    """Call off workers who are promised to a job."""
    if query.worker:
        see(query.worker)
    before = workspace().bookings(path.job)
    gone = workspace().job_book.call_off(path.job, [query.worker] if query.worker else None, by=sight().account)
    off = {one.worker for one in gone}
    rest = [one for one in before if one.worker not in off]
    return CalledOff(job=job_body(workspace().job(path.job), rest), called_off=booked(gone))
