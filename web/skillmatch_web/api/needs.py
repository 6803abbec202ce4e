"""What a job needs, as programs write it: one object for each need, told apart by the member that names it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from skillmatch.model import AllOf, AnyOf, CertificationRequirement, LanguageRequirement, Need, Requirement
from skillmatch_web.api.fields import AS_NUMBER, AS_WHOLE, Flag, Id, In, Level

NAMES = ("skill", "certification", "language", "any", "all")


class SkillNeed(In):
    """A skill; `level` null asks for it at no particular level."""

    skill: Id
    level: Level | None = None
    weight: Annotated[float, Field(gt=0, le=1000, description="Its share of the work"), AS_NUMBER] = 1.0
    must: Flag = False
    preferred_level: Level | None = None
    count: Annotated[int, Field(ge=1, le=50, description="How many of a crew"), AS_WHOLE] = 1

    def need(self) -> Need:
        """Return it as the workspace knows it."""
        return Requirement(self.skill, self.level, self.weight, self.must, self.preferred_level, self.count)


class CertificationNeed(In):
    """A certification that is valid on the day."""

    certification: Id
    count: Annotated[int, Field(ge=1, le=50), AS_WHOLE] = 1

    def need(self) -> Need:
        """Return it as the workspace knows it."""
        return CertificationRequirement(self.certification, self.count)


class LanguageNeed(In):
    """A language that is spoken."""

    language: Id

    def need(self) -> Need:
        """Return it as the workspace knows it."""
        return LanguageRequirement(self.language)


class AnyNeed(In):
    """One of these is enough."""

    any: Annotated[list[NeedForm], Field(min_length=2, max_length=16)]

    def need(self) -> Need:
        """Return it as the workspace knows it."""
        return AnyOf(tuple(one.need() for one in self.any))


class AllNeed(In):
    """All of these together."""

    all: Annotated[list[NeedForm], Field(min_length=1, max_length=50)]

    def need(self) -> Need:
        """Return it as the workspace knows it."""
        return AllOf(tuple(one.need() for one in self.all))


def _which(value: Any) -> str | None:
    """Return by which member a need is told apart: the tag begins with a sign that no member has."""
    if isinstance(value, dict):
        return next((f"~{name}" for name in NAMES if name in value), None)
    return next((f"~{name}" for name in NAMES if hasattr(value, name)), None)


NeedForm = Annotated[
    Annotated[SkillNeed, Tag("~skill")]
    | Annotated[CertificationNeed, Tag("~certification")]
    | Annotated[LanguageNeed, Tag("~language")]
    | Annotated[AnyNeed, Tag("~any")]
    | Annotated[AllNeed, Tag("~all")],
    Discriminator(
        _which,
        custom_error_type="need",
        custom_error_message="expected an object with one of skill, certification, language, any, all",
    ),
]

AnyNeed.model_rebuild()
AllNeed.model_rebuild()


def to_form(need: Need) -> dict[str, Any]:
    """Return a need as programs read it."""
    if isinstance(need, AnyOf | AllOf):
        return {"any" if isinstance(need, AnyOf) else "all": [to_form(part) for part in need.needs]}
    if isinstance(need, LanguageRequirement):
        return {"language": need.language}
    if isinstance(need, CertificationRequirement):
        return {"certification": need.type, "count": need.count}
    return {name: getattr(need, name) for name in SkillNeed.model_fields}
