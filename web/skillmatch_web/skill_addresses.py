"""Addresses of skills: any id of the company's, also one that is called like a page beside it."""

from __future__ import annotations

from werkzeug.routing import ValidationError

from skillmatch_web.addresses import IdConverter

PAGES_BESIDE = frozenset({"duplicates", "new"})
"""What stands where the id of a skill does, in the addresses of other pages."""


class SkillConverter(IdConverter):
    """The id of a skill as one segment of a path; one that is called like a page has a tilde at its end."""

    def to_url(self, value: str) -> str:
        written = super().to_url(value)
        return f"{written}~" if written in PAGES_BESIDE else written

    def to_python(self, value: str) -> str:
        if value in PAGES_BESIDE:
            raise ValidationError
        plain = value.removesuffix("~")
        return plain if plain in PAGES_BESIDE else super().to_python(value)
