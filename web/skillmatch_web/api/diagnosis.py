"""What may be behind a call: causes, whom to send, what to ask; what the customer answered; going with a cause."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from skillmatch.model import Job
from skillmatch_web.addresses import today, workspace
from skillmatch_web.api.fields import AS_TYPED, Flag, Id, In, Out, Query
from skillmatch_web.api.frame import Answer, reads, weak, writes
from skillmatch_web.api.jobs import JobPath
from skillmatch_web.api.ranking import PolicyName
from skillmatch_web.api.schemas import DiagnosisOut, Needs
from skillmatch_web.api.shaping import attributes, diagnosis_body
from skillmatch_web.sight import sight

TAG = "diagnosis"


class DiagnosisQuery(Query):
    """By which policy, and how many workers and questions."""

    policy: PolicyName = "balanced"
    limit: Annotated[int, Field(ge=1, le=50), AS_TYPED] = 5


class QuestionPath(JobPath):
    """Which question about which job."""

    question: Annotated[str, Field(min_length=1, examples=["flame"])]


class AnswerIn(In):
    """What the customer said; null takes it back. With `seen`, only where that stood there when she was asked."""

    yes: Flag | None
    seen: Flag | None = None


class CauseIn(In):
    """A cause to go with; null goes back to what the job type asks for."""

    cause: Id | None


class WorkOut(Out):
    """What a job needs of its own ([]: what its type asks for), how long it takes, and what the customer answered."""

    job: str
    requirements: Needs
    minutes: float | None
    answers: dict[str, bool]


@reads("/jobs/<id:job>/diagnosis", DiagnosisOut, TAG, etag=True)
def diagnosis(path: JobPath, query: DiagnosisQuery) -> Answer:
    """Say what may be behind a call, whom to send while that is uncertain, and what is worth asking."""
    found = workspace().diagnose(path.job, policy=query.policy, limit=query.limit, teams=sight().teams)
    return Answer(diagnosis_body(found), etag=weak(found.revision, today(), query.policy, query.limit))


@writes("put", "/jobs/<id:job>/answers/<id:question>", WorkOut, TAG)
def answer(path: QuestionPath, body: AnswerIn) -> WorkOut:
    """Keep what the customer said to a question."""
    seen = body.seen if "seen" in body.model_fields_set else ...
    return _work(workspace().answer(path.job, path.question, body.yes, seen=seen))


@writes("put", "/jobs/<id:job>/cause", WorkOut, TAG)
def go_with(path: JobPath, body: CauseIn) -> WorkOut:
    """Give a job the needs and minutes of one of its likely causes."""
    return _work(workspace().go_with(path.job, body.cause))


def _work(job: Job) -> WorkOut:
    return WorkOut.model_validate(
        {**attributes(job, "requirements", "minutes"), "job": job.id, "answers": dict(job.answers)}
    )
