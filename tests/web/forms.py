"""Filling in the form of a job as a browser would, without one."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import quote

from flask.testing import FlaskClient

from tests.web.conftest import OPEN


def address(job: str) -> str:
    """Return the address of a job's page for an id without anything unusual in it."""
    return f"/jobs/{quote(job)}"


def text_of(html: str) -> str:
    """Return what a page says: no tags, blanks collapsed, as a reader would copy it."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def open_form(client: FlaskClient, job: str) -> dict[str, str]:
    """Open a job and return the hidden fields of its form."""
    page = client.get(address(job)).text
    form = page[page.index("/outcome?") :]
    return dict(re.findall(r'name="(csrf_token|token)" type="hidden" value="([^"]+)"', form))


def record(client: FlaskClient, job: str, **entries: str):
    """Open a job, fill in its form, send it, and return the answer."""
    return client.post(f"{address(job)}/outcome", data={**open_form(client, job), **entries})


def assign(client: FlaskClient, number: int, worker: str, *, job: str = OPEN, **entries: str):
    """Send the form that assigns a worker on a decision, and return the answer."""
    token = re.search(r'name="csrf_token" (?:type="hidden" )?value="([^"]+)"', client.get(address(job)).text)
    assert token
    data = {"csrf_token": token[1], "worker": worker, **entries}
    return client.post(f"/decisions/{number}/assign", data=data)
