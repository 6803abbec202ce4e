"""The company's tables as files: what each holds, and the answer with the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from os import SEEK_END
from tempfile import TemporaryFile
from typing import IO, TypeVar

from flask import Response

from skillmatch_web.languages import N_

T = TypeVar("T")
CHUNK = 1 << 16

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
"""The media type of each form of file."""

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


def sent(write: Callable[[IO[bytes]], T], called: str, form: str) -> tuple[Response, T]:
    """Return the answer with a file, and what writing it told.

    It is written on disk before a byte of it is sent: it is whole or an error, however long it is, and somebody on a
    slow line keeps no transaction open.
    """
    target = TemporaryFile(prefix="skillmatch-")  # noqa: SIM115  closed with the answer
    try:
        told = write(target)
        size = target.seek(0, SEEK_END)
        target.seek(0)
    except BaseException:
        target.close()
        raise
    response = Response(_parts(target), content_type=MEDIA[form])
    response.call_on_close(target.close)
    response.content_length = size
    response.headers.set("Content-Disposition", "attachment", filename=f"{called}.{form}")
    return response, told


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    """Yield what is in a file part by part, and close it."""
    with file:
        while part := file.read(CHUNK):
            yield part
