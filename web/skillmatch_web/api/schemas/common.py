"""What many answers hold: sums, levels, places, and workers and skills in short."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

from skillmatch_web.api.fields import Out
from skillmatch_web.api.needs import NeedForm, to_form


def _forms(needs: Any) -> Any:
    return [one if isinstance(one, dict) else to_form(one) for one in needs]


Needs = Annotated[list[NeedForm], BeforeValidator(_forms)]


class TermOut(Out):
    """One part of a sum."""

    key: str
    points: float
    label: str
    detail: str


class ExplanationOut(Out):
    """A total that is, to the bit, the sum of its terms from left to right."""

    total: float
    unit: str
    terms: list[TermOut]


class ProficiencyOut(Out):
    """A level from 0 to 5 with the interval that holds the true one in 80 % of cases."""

    level: float
    low: float
    high: float


class PlaceOut(Out):
    """Degrees."""

    latitude: float
    longitude: float


class WorkerRef(Out):
    """A worker in a list."""

    id: str
    name: str
    team: str


class SkillRef(Out):
    """A skill in a list."""

    id: str
    name: str
