"""What a job needs as JSON: what has its default is left out, so that texts of older versions stay as they are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from skillmatch.model import AllOf, AnyOf, CertificationRequirement, LanguageRequirement, Need, Requirement
from skillmatch.store.rows import to_json


def needs_to_json(needs: Iterable[Need]) -> str:
    """Return needs as a JSON text; `needs_from_json` is its inverse.

    >>> needs_to_json([AnyOf((CertificationRequirement("gas"), LanguageRequirement("en")))])
    '[{"any":[{"certification":"gas"},{"language":"en"}]}]'
    """
    return to_json([_to_plain(need) for need in needs])


def needs_from_json(text: str) -> tuple[Need, ...]:
    """Return the needs that a JSON text describes."""
    return tuple(map(_from_plain, json.loads(text))) if text != "[]" else ()


def _to_plain(need: Need) -> dict[str, Any]:
    if isinstance(need, AnyOf | AllOf):
        return {"any" if isinstance(need, AnyOf) else "all": [_to_plain(part) for part in need.needs]}
    if isinstance(need, LanguageRequirement):
        return {"language": need.language}
    plain: dict[str, Any]
    if isinstance(need, CertificationRequirement):
        plain = {"certification": need.type}
    else:
        level = None if need.level is None else float(need.level)
        plain = {"skill": need.skill, "level": level, "weight": float(need.weight), "must": need.must}
        if need.preferred_level is not None:
            plain["preferred_level"] = float(need.preferred_level)
    return plain if need.count == 1 else {**plain, "count": need.count}


def _from_plain(plain: dict[str, Any]) -> Need:
    if "skill" in plain:
        return Requirement(**plain)
    if "certification" in plain:
        return CertificationRequirement(plain["certification"], plain.get("count", 1))
    if "language" in plain:
        return LanguageRequirement(plain["language"])
    if "any" in plain:
        return AnyOf(tuple(map(_from_plain, plain["any"])))
    return AllOf(tuple(map(_from_plain, plain["all"])))
