"""Every table of the company as a file to take away: CSV for programs and the import, Excel for people."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

from flask import Blueprint, Response, render_template, send_file

from skillmatch.errors import NotFound
from skillmatch_web.addresses import today, workspace
from skillmatch_web.languages import N_

blueprint = Blueprint("downloads", __name__)

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLES = {
    "skills": N_("Skills"),
    "links": N_("Links between skills"),
    "workers": N_("Workers"),
    "customers": N_("Customers"),
    "sites": N_("Sites"),
    "assets": N_("Equipment"),
    "job_types": N_("Job types"),
    "jobs": N_("Jobs"),
    "shifts": N_("Shifts"),
    "leave": N_("Leave"),
    "bookings": N_("Bookings"),
    "causes": N_("Causes"),
    "questions": N_("Questions"),
    "corrections": N_("What words mean"),
    "merges": N_("Merged skills"),
    "site_notes": N_("Notes at sites"),
    "outcomes": N_("How jobs ended"),
    "customer_ratings": N_("What customers said"),
    "self_reports": N_("What workers say of themselves"),
    "assessments": N_("Assessments"),
    "endorsements": N_("Endorsements"),
    "overrides": N_("Levels that were set"),
    "certifications": N_("Certifications"),
    "trainings": N_("Trainings"),
    "revocations": N_("Revoked certifications"),
    "exemptions": N_("Exemptions"),
    "declined": N_("Jobs that were declined"),
    "learning_wishes": N_("Wishes to learn"),
    "skills_declined": N_("Skills that were declined"),
    "retractions": N_("Retractions"),
    "disputes": N_("Disputes"),
    "dispute_decisions": N_("Decisions about disputes"),
}
"""What each table holds, in words."""


@blueprint.get("/downloads")
def show() -> str:
    """List the tables."""
    names = workspace().downloads.names
    return render_template("downloads.html", tables=[(name, TABLES.get(name, name)) for name in names])


@blueprint.get("/downloads/all.<any(xlsx, zip):form>")
def whole(form: str) -> Response:
    """Send all tables, as sheets of a workbook or as CSV files in an archive."""
    with TemporaryDirectory(prefix="skillmatch-") as work:
        target = Path(work) / ("all.xlsx" if form == "xlsx" else "all")
        workspace().export_path(target, tables=True)
        content = target.read_bytes() if form == "xlsx" else _zipped(target)
    return _sent(content, "company", form, WORKBOOK if form == "xlsx" else "application/zip")


@blueprint.get("/downloads/<table>.<any(csv, xlsx):form>")
def table(table: str, form: str) -> Response:
    """Send one table."""
    if table not in workspace().downloads.names:
        raise NotFound.named("table", table, workspace().downloads.names)
    with TemporaryDirectory(prefix="skillmatch-") as work:
        target = Path(work) / ("table.xlsx" if form == "xlsx" else "table")
        rows = workspace().downloads.write(table, target)
        if form == "xlsx":
            content = target.read_bytes()
        else:
            # Spreadsheets take it for UTF-8 by the mark at its beginning; the import passes it over.
            content = "\ufeff".encode() + ((target / f"{table}.csv").read_bytes() if rows else b"")
    return _sent(content, table, form, WORKBOOK if form == "xlsx" else "text/csv; charset=utf-8")


def _zipped(folder: Path) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
    return target.getvalue()


def _sent(content: bytes, name: str, form: str, media: str) -> Response:
    called = f"{name}-{today():%Y-%m-%d}.{form}"
    return send_file(BytesIO(content), mimetype=media, as_attachment=True, download_name=called)
