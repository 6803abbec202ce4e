"""Words that the command line and the pages share."""

from __future__ import annotations

from collections.abc import Mapping

from skillmatch.model import AllOf, AnyOf, CertificationRequirement, LanguageRequirement, Need, Requirement, rung


def need_text(need: Need, names: Mapping[str, str]) -> str:
    """Return one requirement in words; `names` has what people call each skill, by id.

    >>> need_text(Requirement("cooling", 3.0, must=True, count=2), {"cooling": "Cooling"})
    'Cooling at level 3 (alone), a must, of 2 members of the crew'
    >>> need_text(AnyOf((Requirement("cooling"), CertificationRequirement("F-GAS"))), {"cooling": "Cooling"})
    'either Cooling, or certification F-GAS'
    """
    if isinstance(need, AnyOf):
        return "either " + ", or ".join(_inside(choice, names) for choice in need.needs)
    if isinstance(need, AllOf):
        return " together with ".join(_inside(part, names) for part in need.needs)
    if isinstance(need, LanguageRequirement):
        return f"language {need.language}"
    if isinstance(need, CertificationRequirement):
        return f"certification {need.type}{_heads(need.count)}"
    return names.get(need.skill, need.skill) + _level(need) + (", a must" if need.must else "") + _heads(need.count)


def _inside(need: Need, names: Mapping[str, str]) -> str:
    """Return a part of another need, in brackets when it has parts itself."""
    text = need_text(need, names)
    return f"({text})" if isinstance(need, AnyOf | AllOf) and len(need.needs) > 1 else text


def _level(need: Requirement) -> str:
    if need.level is None:
        return ""
    better = "" if need.preferred_level in (None, need.level) else f", better {need.preferred_level:g}"
    return f" at level {need.level:g} ({rung(need.level)}{better})"


def _heads(count: int) -> str:
    return "" if count == 1 else f", of {count} members of the crew"
