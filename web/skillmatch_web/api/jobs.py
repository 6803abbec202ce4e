"""Jobs: list, one, create, change, cancel."""

from __future__ import annotations

from secrets import token_hex
from typing import Annotated, Any, Literal

from flask import url_for
from pydantic import Field

from skillmatch.model import Job, JobStatus, Risk
from skillmatch_web.addresses import workspace
from skillmatch_web.api.fields import AS_NUMBER, AS_WHOLE, Day, Id, In, LongText, Out, Query, Time, Title
from skillmatch_web.api.frame import Answer, check_match, reads, strong, writes
from skillmatch_web.api.needs import NeedForm
from skillmatch_web.api.paging import PageQuery, links
from skillmatch_web.api.schemas import CalledOff, JobOut, JobRow
from skillmatch_web.api.shaping import NAMED, booked, current, job_answer, job_body, only_seen, see
from skillmatch_web.sight import sight

TAG = "jobs"
LISTED = ("type", "customer", "site", "asset")
Workers = Annotated[list[Id], Field(max_length=100)]
Needs = Annotated[list[NeedForm], Field(max_length=50)]
Minutes = Annotated[float, Field(gt=0, le=100_000), AS_NUMBER]
Priority = Annotated[int, Field(ge=1, le=5, description="1 (emergency) to 5 (whenever)"), AS_WHOLE]
Crew = Annotated[int, Field(ge=1, le=50), AS_WHOLE]


class JobPath(Query):
    """Which job."""

    job: Annotated[str, Field(description="Its id; write / as ~2F and ~ as ~7E", min_length=1, examples=["J-1001"])]


class JobsQuery(PageQuery):
    """Which jobs."""

    status: Literal["open", "done", "cancelled", "all"] = "open"
    search: Annotated[str, Field(max_length=500, description="Words of id, title, text or customer")] = ""
    type: Annotated[str, Field(max_length=200)] = ""
    customer: Annotated[str, Field(max_length=200)] = ""
    site: Annotated[str, Field(max_length=200)] = ""
    asset: Annotated[str, Field(max_length=200)] = ""


class JobsOut(Out):
    """Some jobs of `total`, the most urgent first."""

    items: list[JobRow]
    total: int
    page: int
    limit: int


class JobChange(In):
    """What is to be changed of a job: what is left out stays, null takes it away."""

    title: Title = ""
    text: LongText = ""
    type: Id | None = None
    customer: Id | None = None
    site: Id | None = None
    asset: Id | None = None
    requirements: Needs = Field([], description="None of its own: it inherits those of its type")
    due: Day | None = None
    minutes: Minutes | None = None
    priority: Priority = 3
    earliest: Time | None = None
    latest: Time | None = None
    risk: Risk | None = None
    crew: Crew | None = None
    preferred: Workers = Field([])
    required: Workers = Field([])
    excluded: Workers = Field([])

    def given(self) -> dict[str, Any]:
        """Return what was said, as the workspace knows it."""
        found = {name: getattr(self, name) for name in self.model_fields_set}
        for name, value in found.items():
            if isinstance(value, list):
                found[name] = tuple(value if name in NAMED else (one.need() for one in value))
        return found


class JobIn(JobChange):
    """A new job."""

    id: Annotated[Id | None, Field(description="The company's own; null draws one")] = None
    title: Title


@reads("/jobs", JobsOut, TAG, paged=True)
def jobs(query: JobsQuery) -> Answer:
    """List jobs, the most urgent first."""
    found = workspace().open_jobs(
        search=query.search,
        status=None if query.status == "all" else JobStatus(query.status),
        limit=query.limit,
        offset=query.offset,
        among=sight().jobs(),
        where={name: value for name in LISTED if (value := getattr(query, name))},
    )
    rows = [JobRow.model_validate(job) for job in found.jobs]
    body = JobsOut(items=rows, total=found.total, page=query.page, limit=query.limit)
    return Answer(body, headers=links(query.page, query.limit, found.total))


@reads("/jobs/<id:job>", JobOut, TAG, etag=True)
def job(path: JobPath) -> Answer:
    """Show a job."""
    return current(path.job)


@writes("post", "/jobs", JobOut, TAG, status=201)
def create_job(body: JobIn) -> Answer:
    """Create an open job."""
    given = body.given()
    _see_all(given)
    given["id"] = given.get("id") or f"api-{token_hex(8)}"
    view = workspace().job_book.create(Job(created=workspace().now(), **given), by=sight().account)
    made = job_answer(view, (), status=201)
    return Answer(made.body, 201, {"Location": url_for("api.job", job=view.job.id)}, made.etag)


@writes("patch", "/jobs/<id:job>", JobOut, TAG, if_match=True)
def change_job(path: JobPath, body: JobChange) -> Answer:
    """Change an open job, as it was seen: with If-Match."""
    check_match(current(path.job))
    given = body.given()
    _see_all(given)
    before = workspace().job(path.job).job
    for name in given.keys() & set(NAMED):
        kept = set(only_seen(getattr(before, name)))
        given[name] = (*given[name], *(one for one in getattr(before, name) if one not in kept))
    view = workspace().job_book.change(path.job, given, by=sight().account)
    return job_answer(view, workspace().bookings(path.job))


@writes("post", "/jobs/<id:job>/cancel", CalledOff, TAG)
def cancel_job(path: JobPath) -> Answer:
    """Cancel a job, and call off whoever is promised to it."""
    view, gone = workspace().job_book.cancel(path.job, by=sight().account)
    shown = job_body(view, ())
    return Answer(CalledOff(job=shown, called_off=booked(gone)), etag=strong(shown))


def _see_all(given: dict[str, Any]) -> None:
    for name in NAMED:
        for worker in given.get(name, ()):
            see(worker)
