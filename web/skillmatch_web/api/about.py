"""What the API says of itself: that it is at work, for whom a token acts, the last write, and its description."""

from __future__ import annotations

from flask import Response, current_app, g, jsonify
from flask_openapi.openapi import OpenAPI

from skillmatch import __version__
from skillmatch_web.addresses import workspace
from skillmatch_web.api.document import described
from skillmatch_web.api.frame import OPERATIONS, Operation, api, reads
from skillmatch_web.api.schemas import HealthOut, MeOut, RevisionOut

TAG = "about"


@reads("/health", HealthOut, TAG)
def health() -> HealthOut:
    """Say that the program and its database are at work; needs no token."""
    workspace().catalogue.revision()
    return HealthOut(status="ok", version=__version__)


@reads("/me", MeOut, TAG)
def me() -> MeOut:
    """Say for whom the token acts, and what it is good for."""
    account, token = g.bearer.account, g.bearer.token
    return MeOut(
        account=account.sign_in,
        name=account.name,
        role=account.role,
        worker=account.worker,
        teams=list(account.teams),
        token=token.name,
        scopes=list(token.scopes),
        expires=token.expires,
    )


@reads("/revision", RevisionOut, TAG)
def revision() -> RevisionOut:
    """Say the number of the last write: while it is the same, nothing was written."""
    return RevisionOut(revision=workspace().catalogue.revision())


@api.get("/openapi.json", doc_ui=False)
def document() -> Response:
    """Describe the API in OpenAPI 3.1; needs no token, and tells nothing of the company."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    assert isinstance(app, OpenAPI)
    return jsonify(described(app))


OPERATIONS["api.document"] = Operation()
