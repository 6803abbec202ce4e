"""Tables of the company as files, in the columns that the import reads, as far as the account sees them."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Annotated, Literal

from flask import Response, request
from pydantic import Field
from werkzeug.datastructures import MIMEAccept

from skillmatch_web.addresses import today, workspace
from skillmatch_web.api.fields import Out, Query
from skillmatch_web.api.frame import reads, sends, weak
from skillmatch_web.api.problems import Problem
from skillmatch_web.sight import sight
from skillmatch_web.tables import MEDIA, TABLES, sent

TAG = "tables"
CSV, XLSX = "text/csv", MEDIA["xlsx"]
FORMS: dict[str, Literal["csv", "xlsx"]] = {CSV: "csv", XLSX: "xlsx"}
"""By media type, what is sent to whoever takes anything first."""


class TableOut(Out):
    """A table: what it is called, what it holds, and its columns."""

    name: str
    holds: str
    columns: list[str]


class TablesOut(Out):
    """The tables that the account takes away. `limited`: only rows about workers whom it sees, and no other names."""

    items: list[TableOut]
    limited: bool


class TablePath(Query):
    """Which table."""

    table: Annotated[str, Field(min_length=1, examples=["skills"])]


class FormQuery(Query):
    """In which form; without it the header Accept says so, and whoever takes anything gets CSV."""

    format: Annotated[Literal["csv", "xlsx"] | None, Field(description="null: as the header Accept says")] = None


@reads("/tables", TablesOut, TAG)
def tables() -> TablesOut:
    """List the tables that the account takes away, what is referred to before what refers to it."""
    named = [(name, str(TABLES.get(name, name))) for name in sight().tables()]
    rows = [TableOut(name=name, holds=holds, columns=list(_columns(name))) for name, holds in named]
    return TablesOut(items=rows, limited=not sight().everybody)


@sends("/tables/<table>", (CSV, XLSX), TAG)
def table(path: TablePath, query: FormQuery) -> Response:
    """Send a table as CSV or as an Excel workbook."""
    form, portion = query.format or _accepted(request.accept_mimetypes), sight().portion()
    known = _etag(path.table, form, workspace().catalogue.revision())
    if request.if_none_match.contains_weak(known.removeprefix("W/").strip('"')):
        return _labelled(Response(status=304), known)
    response, written = sent(
        lambda target: workspace().downloads.write(path.table, target, form, portion=portion),
        f"{path.table}-{today():%Y-%m-%d}",
        form,
    )
    response.headers["X-Total-Count"] = str(written.rows)
    return _labelled(response, _etag(path.table, form, written.revision))


def _accepted(accept: MIMEAccept) -> Literal["csv", "xlsx"]:
    """Return the form that a program likes best, or raise the problem to tell."""
    found = accept.best_match(FORMS) if accept else CSV
    if found is None:
        raise Problem("not-acceptable", f"tables come as {' or '.join(FORMS)}: the header Accept takes neither")
    return FORMS[found]


def _columns(name: str) -> tuple[str, ...]:
    return workspace().downloads.columns(name)


def _etag(name: str, form: str, revision: int) -> str:
    """Return the ETag of a table at a revision, as this account sees it."""
    account = sight().account
    seen = [name, form, _columns(name), account.role, sorted(account.teams), account.worker]
    return weak(revision, sha256(json.dumps(seen).encode()).hexdigest()[:16])


def _labelled(response: Response, etag: str) -> Response:
    response.headers["ETag"] = etag
    response.vary.add("Accept")
    return response
