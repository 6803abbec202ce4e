"""Customers, their sites, and kinds of jobs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from skillmatch.model import Customer, JobType, Site
from skillmatch_web.addresses import workspace
from skillmatch_web.api.fields import Out, Query
from skillmatch_web.api.frame import Answer, reads
from skillmatch_web.api.paging import PageQuery, links
from skillmatch_web.api.schemas import CustomerOut, JobTypeOut, SiteOut
from skillmatch_web.api.shaping import NAMED, only_seen

TAG = "customers"


class CustomerPath(Query):
    """Which customer."""

    customer: Annotated[str, Field(min_length=1, examples=["oak"])]


class SitePath(Query):
    """Which site."""

    site: Annotated[str, Field(min_length=1, examples=["oak-1"])]


class JobTypePath(Query):
    """Which kind of job."""

    type: Annotated[str, Field(min_length=1, examples=["boiler repair"])]


class SearchQuery(PageQuery):
    """Which of them."""

    search: Annotated[str, Field(max_length=200, description="Part of id or name")] = ""


class SitesQuery(SearchQuery):
    """Which sites."""

    customer: Annotated[str, Field(max_length=200)] = ""


class CustomersOut(Out):
    """Some customers of `total`."""

    items: list[CustomerOut]
    total: int
    page: int
    limit: int


class SitesOut(Out):
    """Some sites of `total`."""

    items: list[SiteOut]
    total: int
    page: int
    limit: int


class JobTypesOut(Out):
    """Some kinds of jobs of `total`."""

    items: list[JobTypeOut]
    total: int
    page: int
    limit: int


def _customer(one: Customer) -> CustomerOut:
    wishes = {name: only_seen(getattr(one, name)) for name in NAMED}
    return CustomerOut(id=one.id, name=one.name, phone=one.phone, **wishes)


@reads("/customers", CustomersOut, TAG, paged=True)
def customers(query: SearchQuery) -> Answer:
    """List customers, by id."""
    wanted = query.search.strip().casefold()
    found = [one for one in workspace().catalogue.all(Customer) if wanted in f"{one.id}\n{one.name}".casefold()]
    rows = [_customer(one) for one in query.part(found)]
    body = CustomersOut(items=rows, total=len(found), page=query.page, limit=query.limit)
    return Answer(body, headers=links(query.page, query.limit, len(found)))


@reads("/customers/<id:customer>", CustomerOut, TAG)
def customer(path: CustomerPath) -> CustomerOut:
    """Show a customer."""
    return _customer(workspace().catalogue.one(Customer, path.customer))


@reads("/sites", SitesOut, TAG, paged=True)
def sites(query: SitesQuery) -> Answer:
    """List sites, by id."""
    wanted = query.search.strip().casefold()
    found = [
        one
        for one in workspace().catalogue.all(Site)
        if wanted in f"{one.id}\n{one.name}".casefold() and query.customer in ("", one.customer)
    ]
    rows = [SiteOut.model_validate(one) for one in query.part(found)]
    body = SitesOut(items=rows, total=len(found), page=query.page, limit=query.limit)
    return Answer(body, headers=links(query.page, query.limit, len(found)))


@reads("/sites/<id:site>", SiteOut, TAG)
def site(path: SitePath) -> SiteOut:
    """Show a site."""
    return SiteOut.model_validate(workspace().catalogue.one(Site, path.site))


@reads("/job-types", JobTypesOut, TAG, paged=True)
def job_types(query: SearchQuery) -> Answer:
    """List kinds of jobs, by id."""
    wanted = query.search.strip().casefold()
    found = [one for one in workspace().catalogue.all(JobType) if wanted in f"{one.id}\n{one.name}".casefold()]
    rows = [JobTypeOut.model_validate(one) for one in query.part(found)]
    body = JobTypesOut(items=rows, total=len(found), page=query.page, limit=query.limit)
    return Answer(body, headers=links(query.page, query.limit, len(found)))


@reads("/job-types/<id:type>", JobTypeOut, TAG)
def job_type(path: JobTypePath) -> JobTypeOut:
    """Show a kind of job with what its jobs need."""
    return JobTypeOut.model_validate(workspace().catalogue.one(JobType, path.type))
