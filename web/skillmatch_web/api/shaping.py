"""From what the workspace answers to what the API answers, cut down to what the account sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from skillmatch.errors import NotFound
from skillmatch.model import Booking, Worker
from skillmatch.workspace import Candidate, DiagnosisAnswer, JobView, Prospect, Ranking
from skillmatch_web.addresses import workspace
from skillmatch_web.api.frame import Answer, strong
from skillmatch_web.api.schemas import (
    BookingOut,
    CandidateOut,
    DiagnosisOut,
    JobOut,
    ProspectOut,
    RankingOut,
)
from skillmatch_web.sight import check_worker, sight

NAMED = ("preferred", "required", "excluded")


def seen_ids() -> frozenset[str]:
    """Return the ids of the workers whom the account sees."""
    return frozenset(worker.id for worker in sight().workers()[0])


def only_seen(ids: Iterable[str]) -> list[str]:
    """Return those of some workers whom the account sees, in their order."""
    wanted = list(ids)
    seen = seen_ids() if wanted else frozenset()
    return [id for id in wanted if id in seen]


def attributes(of: Any, *names: str) -> dict[str, Any]:
    """Return some attributes by name."""
    return {name: getattr(of, name) for name in names}


def job_body(view: JobView, bookings: Iterable[Booking]) -> JobOut:
    """Return a job as it is read."""
    job = view.job
    plain = {name: getattr(job, name) for name in JobOut.model_fields if hasattr(job, name)}
    shown = {name: only_seen(getattr(job, name)) for name in NAMED}
    more = {"requirements": view.needs, "inherited": view.inherited, "answers": dict(job.answers)}
    return JobOut.model_validate({**plain, **shown, **more, "bookings": booked(bookings)})


def job_answer(view: JobView, bookings: Iterable[Booking], *, status: int = 200) -> Answer:
    """Return the answer that shows a job, with the ETag of all that is shown."""
    body = job_body(view, bookings)
    return Answer(body, status, etag=strong(body))


def current(job: str) -> Answer:
    """Return the answer that shows a job as it is in the database."""
    return job_answer(workspace().job(job), workspace().bookings(job))


def booked(bookings: Iterable[Booking]) -> list[BookingOut]:
    """Return who is promised when; of somebody of another team only that there is one."""
    rows = list(bookings)
    seen = seen_ids() if rows else frozenset()
    return [
        BookingOut(
            worker=one.worker if one.worker in seen else None,
            **attributes(one, "start", "minutes", "locked", "lead"),
        )
        for one in rows
    ]


def candidate(of: Candidate) -> CandidateOut:
    """Return one worker for a job."""
    return CandidateOut.model_validate(of)


def ranking_body(of: Ranking) -> RankingOut:
    """Return a ranking as it is read."""
    plain = {name: getattr(of, name) for name in RankingOut.model_fields if hasattr(of, name)}
    return RankingOut.model_validate({**plain, "job": of.job.id, "decision": of.number or None})


def diagnosis_body(of: DiagnosisAnswer) -> DiagnosisOut:
    """Return a diagnosis as it is read."""
    plain = {name: getattr(of, name) for name in DiagnosisOut.model_fields if hasattr(of, name)}
    made = {
        "job": of.job.id,
        "likely": of.diagnosis.likely,
        "answered": [{"id": one.id, "text": one.text, "yes": yes} for one, yes in of.answered],
        "prospects": [_prospect(one) for one in of.prospects],
        "by_type": of.by_type and _prospect(of.by_type),
        "by_ranking": of.by_ranking and _prospect(of.by_ranking),
        "questions": [
            {
                **attributes(one.question, "id", "text"),
                **attributes(one, "saved", "yes", "now", "if_yes", "if_no", "separates"),
            }
            for one in of.questions
        ],
    }
    return DiagnosisOut.model_validate({**plain, **made})


def _prospect(of: Prospect) -> ProspectOut:
    plain = attributes(of, "worker", "success", "cost", "coverage", "explain_success", "explain_cost")
    lacks: Mapping[str, list[str]] = {cause: list(why) for cause, why in of.lacks.items()}
    return ProspectOut.model_validate({**plain, "lacks": lacks})


def see(worker: str) -> Worker:
    """Return a worker whom the account sees, or raise NotFound as if she were not there."""
    check_worker(sight(), {"worker": worker})
    found = workspace().worker(worker)
    if found is None:
        raise NotFound.named("worker", worker, seen_ids())
    return found
