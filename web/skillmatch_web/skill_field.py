"""Finding the skill that somebody means by what she typed."""

from __future__ import annotations

from dataclasses import dataclass

from skillmatch_web.addresses import workspace

LONGEST = 200
MOST_MEANT = 5


@dataclass(frozen=True, slots=True)
class Meant:
    """The id of the skill that is meant, "" when it is not clear; then `nearest` are those that may be, (id, name)."""

    skill: str = ""
    nearest: tuple[tuple[str, str], ...] = ()


def meant_skill(typed: str) -> Meant:
    """Return which skill a name, an id or other words mean."""
    text = " ".join(typed.split())
    names = workspace().names()
    if text in names:
        return Meant(text)
    exactly = [id for id, name in names.items() if name.casefold() == text.casefold()]
    if len(exactly) == 1:
        return Meant(exactly[0])
    if exactly or not text or len(text) > LONGEST:
        return Meant(nearest=tuple((id, f"{names[id]} ({id})") for id in exactly[:MOST_MEANT]))
    links = workspace().suggest(text, limit=MOST_MEANT).links
    return Meant(nearest=tuple((link.skill, link.name) for link in links))


def skill_name(skill: str) -> str:
    """Return what people call a skill."""
    return workspace().names().get(skill, skill)
