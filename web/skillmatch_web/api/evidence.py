"""Facts: recording any kind about a worker, outcomes of a job, and taking back what was wrong."""

from __future__ import annotations

from hashlib import sha256
from secrets import token_hex
from typing import Annotated, Literal

from flask import request
from pydantic import Field

from skillmatch.errors import NotFound
from skillmatch.workspace import Evidence, JobOutcome, Recorded, Result, Retraction
from skillmatch_web.addresses import workspace
from skillmatch_web.api.access import may_record
from skillmatch_web.api.facts import SOURCE, EvidenceIn, EvidenceOut, fact_of, plain_fact
from skillmatch_web.api.fields import AS_NUMBER, Id, In, Out, Text
from skillmatch_web.api.frame import KEY, Answer, reads, writes
from skillmatch_web.api.jobs import JobPath
from skillmatch_web.api.paging import PageQuery, links
from skillmatch_web.api.problems import Problem
from skillmatch_web.api.schemas import ProficiencyOut
from skillmatch_web.api.shaping import see
from skillmatch_web.sight import sight

TAG = "evidence"


class ChangeOut(Out):
    """How a fact moved a level."""

    skill: str
    before: ProficiencyOut
    after: ProficiencyOut


class RecordedOut(Out):
    """What recording a fact did. `status` unchanged: it was on record already."""

    evidence: EvidenceOut
    status: Literal["added", "changed", "unchanged"]
    changes: list[ChangeOut]
    general_before: ProficiencyOut
    general_after: ProficiencyOut


class FactsOut(Out):
    """Some facts of `total`."""

    items: list[EvidenceOut]
    total: int
    page: int
    limit: int


class OutcomeIn(In):
    """How a job ended for the worker who was sent; what it demanded is taken from the job."""

    worker: Id
    result: Result
    id: Annotated[Id | None, Field(description="null: drawn")] = None
    minutes: Annotated[float, Field(ge=0, le=100_000), AS_NUMBER] | None = None
    cause: Id | None = None
    note: Text = ""


class RetractIn(In):
    """Why it was wrong."""

    reason: Text = ""


class OutcomePath(JobPath):
    """Which outcome of a job."""

    source: Annotated[str, Field(examples=[SOURCE])]
    id: str


@writes("post", "/evidence", RecordedOut, TAG, status=201)
def record_evidence(body: EvidenceIn) -> Answer:
    """Record a fact of any kind about a worker; the same fact again changes nothing."""
    form = body.root
    _check_kind(form.kind)
    see(form.worker)
    return _record(fact_of(form, id=_drawn(), time=workspace().now()))


@reads("/jobs/<id:job>/outcomes", FactsOut, TAG, paged=True)
def outcomes(path: JobPath, query: PageQuery) -> Answer:
    """List how a job ended, for workers whom the account sees."""
    people = {worker.id: worker for worker in workspace().workers()}
    seen = [one for one in workspace().job(path.job).outcomes if sight().sees(people.get(one.worker))]
    return page_of(seen, query)


@writes("post", "/jobs/<id:job>/outcomes", RecordedOut, TAG, status=201)
def record_outcome(path: JobPath, body: OutcomeIn) -> Answer:
    """Record how a job ended; what is believed of its worker moves with it."""
    see(body.worker)
    fact = JobOutcome(
        id=body.id or _drawn(),
        worker=body.worker,
        time=workspace().now(),
        source=SOURCE,
        job=path.job,
        result=body.result,
        minutes=body.minutes,
        cause=body.cause,
        note=body.note,
    )
    return _record(fact)


@writes("post", "/jobs/<id:job>/outcomes/<id:source>/<id:id>/retract", RecordedOut, TAG, status=201)
def retract_outcome(path: OutcomePath, body: RetractIn) -> Answer:
    """Take back an outcome that was wrong; what is believed moves back."""
    key = (path.source, path.id)
    outcome = next((one for one in workspace().job(path.job).outcomes if one.key == key), None)
    if outcome is None:
        raise NotFound(f"job {path.job!r} has no outcome {path.id!r}: look at its outcomes")
    id = sha256("\0".join(key).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    fact = Retraction(
        id=id,
        worker=outcome.worker,
        time=workspace().now(),
        source=SOURCE,
        retracts_source=path.source,
        retracts_id=path.id,
        reason=body.reason,
    )
    return _record(fact)


def page_of(facts: list[Evidence] | list[JobOutcome], query: PageQuery) -> Answer:
    """Return the answer with a page of facts."""
    rows = [EvidenceOut.model_validate(plain_fact(one)) for one in query.part(facts)]
    body = FactsOut(items=rows, total=len(facts), page=query.page, limit=query.limit)
    return Answer(body, headers=links(query.page, query.limit, len(facts)))


def _record(fact: Evidence) -> Answer:
    if isinstance(fact, Retraction):
        _check_retraction(fact)
    done: Recorded = workspace().record(fact, by=sight().account)
    body = RecordedOut.model_validate(
        {
            "evidence": plain_fact(done.evidence),
            "status": done.status,
            "changes": done.changes,
            "general_before": done.general_before,
            "general_after": done.general_after,
        }
    )
    return Answer(body, 200 if done.status == "unchanged" else 201)


def _check_kind(kind: str) -> None:
    role = sight().account.role
    if not may_record(role, kind):
        raise Problem("forbidden", f"evidence of kind {kind} is not recorded by the role {role}")


def _check_retraction(fact: Retraction) -> None:
    """Raise the problem to tell unless what is taken back is a fact of hers, of a kind that one may record."""
    target = next((one for one in workspace().catalogue.facts(fact.worker) if one.key == fact.target), None)
    if target is None:
        raise NotFound(f"worker {fact.worker!r} has no fact {fact.retracts_id!r} from {fact.retracts_source!r}")
    _check_kind(target.KIND)


def _drawn() -> str:
    """Return an id for a fact: the same one for a request that is sent again under its key."""
    key = request.headers.get(KEY)
    return f"{sight().account.id}-{sha256(key.encode()).hexdigest()[:24]}" if key else token_hex(16)
