"""Workers: who there is, what is believed of each and why."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from skillmatch.model import Worker
from skillmatch_web.addresses import today, workspace
from skillmatch_web.api.evidence import FactsOut, page_of
from skillmatch_web.api.fields import AS_TYPED, Out, Query
from skillmatch_web.api.frame import Answer, reads, weak
from skillmatch_web.api.paging import PageQuery, links
from skillmatch_web.api.schemas import CertificationOut, ProfileOut, WhyOut, WorkerOut, WorkerRef
from skillmatch_web.api.shaping import attributes, see
from skillmatch_web.sight import sight

TAG = "workers"


class WorkerPath(Query):
    """Which worker."""

    worker: Annotated[str, Field(description="Her id; write / as ~2F and ~ as ~7E", min_length=1, examples=["anna"])]


class WorkerSkillPath(WorkerPath):
    """Which skill of which worker."""

    skill: Annotated[str, Field(examples=["boiler"])]


class WorkersQuery(PageQuery):
    """Which workers."""

    search: Annotated[str, Field(max_length=200, description="Part of id, name or team")] = ""
    team: Annotated[str, Field(max_length=200)] = ""


class WhyQuery(Query):
    """How much of it."""

    most: Annotated[int, Field(ge=1, le=100, description="So many pieces of evidence stand alone"), AS_TYPED] = 10


class WorkersOut(Out):
    """Some workers of `total`; `hidden` are those whom the account does not see."""

    items: list[WorkerRef]
    total: int
    page: int
    limit: int
    hidden: int


class CertificationsOut(Out):
    """The certifications of a worker."""

    items: list[CertificationOut]


@reads("/workers", WorkersOut, TAG, paged=True)
def workers(query: WorkersQuery) -> Answer:
    """List the workers whom the account sees, by id."""
    everybody, hidden = sight().workers()
    found = [one for one in everybody if _wanted(one, query)]
    rows = [WorkerRef.model_validate(one) for one in query.part(found)]
    body = WorkersOut(items=rows, total=len(found), page=query.page, limit=query.limit, hidden=hidden)
    return Answer(body, headers=links(query.page, query.limit, len(found)))


def _wanted(worker: Worker, query: WorkersQuery) -> bool:
    said = f"{worker.id}\n{worker.name}\n{worker.team}".casefold()
    return query.search.strip().casefold() in said and (not query.team or worker.team == query.team)


@reads("/workers/<id:worker>", WorkerOut, TAG)
def worker(path: WorkerPath) -> WorkerOut:
    """Show a worker."""
    return WorkerOut.model_validate(see(path.worker))


@reads("/workers/<id:worker>/profile", ProfileOut, TAG, etag=True)
def profile(path: WorkerPath) -> Answer:
    """Show what is believed of a worker; it fades with time, so the ETag is that of the day and the last write."""
    see(path.worker)
    revision = workspace().catalogue.revision()
    found = workspace().profile(path.worker)
    body = ProfileOut.model_validate(
        {
            **attributes(found, "worker", "general", "skills", "certifications"),
            "revision": revision,
            "pieces": len(found.evidence),
        }
    )
    return Answer(body, etag=weak(revision, today()))


@reads("/workers/<id:worker>/skills/<id:skill>", WhyOut, TAG)
def why(path: WorkerSkillPath, query: WhyQuery) -> WhyOut:
    """Explain a level: what it rests on, piece by piece, adding up."""
    see(path.worker)
    found = workspace().why(path.worker, path.skill, most=query.most)
    pieces = [
        {
            **attributes(one, "own", "general", "shared", "points", "then", "direct"),
            **attributes(one.evidence, "source", "id", "time"),
            "kind": one.evidence.KIND,
            "text": one.evidence.describe(),
        }
        for one in found.pieces
    ]
    plain = attributes(found, "worker", "skill", "proficiency", "inferred", "explanation")
    return WhyOut.model_validate({**plain, "related": found.basis.related, "pieces": pieces})


@reads("/workers/<id:worker>/certifications", CertificationsOut, TAG)
def certifications(path: WorkerPath) -> CertificationsOut:
    """List the certifications of a worker."""
    see(path.worker)
    rows = workspace().profile(path.worker).certifications
    return CertificationsOut(items=[CertificationOut.model_validate(one) for one in rows])


@reads("/workers/<id:worker>/evidence", FactsOut, TAG, paged=True)
def evidence(path: WorkerPath, query: PageQuery) -> Answer:
    """List the facts about a worker that count, the newest first."""
    see(path.worker)
    return page_of(list(reversed(workspace().catalogue.facts(path.worker))), query)
