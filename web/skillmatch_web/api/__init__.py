"""The REST API: what the workspace answers programs, under tokens instead of sessions."""

from __future__ import annotations

from flask_openapi.openapi import OpenAPI
from werkzeug.exceptions import HTTPException

from skillmatch.errors import SkillmatchError
from skillmatch_web.api import (  # their views belong to the frame as soon as they are imported
    about,
    customers,
    decisions,
    diagnosis,
    entering,
    evidence,
    jobs,
    problems,
    ranking,
    skills,
    tables,
    webhooks,
    workers,
)
from skillmatch_web.api.document import INFO
from skillmatch_web.api.frame import api

ROUTES = (about, customers, decisions, diagnosis, evidence, jobs, ranking, skills, tables, webhooks, workers)

__all__ = ["INFO", "ROUTES", "install"]

api.before_request(entering.admit)
api.register_error_handler(SkillmatchError, problems.of)
api.register_error_handler(HTTPException, problems.http)


def install(app: OpenAPI) -> None:
    """Let programs in."""
    app.validation_error_callback = problems.invalid
    app.extensions["csrf"].exempt(api)
    app.register_api(api)
