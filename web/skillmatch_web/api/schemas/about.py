"""What the API answers of itself."""

from __future__ import annotations

from skillmatch_web.api.fields import Out, Time


class MeOut(Out):
    """For whom a token acts, and what it is good for."""

    account: str
    name: str
    role: str
    worker: str | None
    teams: list[str]
    token: str
    scopes: list[str]
    expires: Time | None


class RevisionOut(Out):
    """The number of the last write."""

    revision: int


class HealthOut(Out):
    """That it is at work."""

    status: str
    version: str
