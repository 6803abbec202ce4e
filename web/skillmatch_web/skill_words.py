"""What is said of skills: their kinds, how they stand to each other, and months."""

from __future__ import annotations

from datetime import date

from babel.dates import format_skeleton

from skillmatch.model import SkillKind
from skillmatch.workspace import Relation
from skillmatch_web.languages import N_, language

KINDS = {
    SkillKind.TECHNICAL: N_("technical"),
    SkillKind.EQUIPMENT: N_("equipment"),
    SkillKind.SAFETY: N_("safety"),
    SkillKind.CUSTOMER: N_("with customers"),
    SkillKind.KNOWLEDGE: N_("knowledge"),
}
RELATIONS = {
    Relation.BROADER: N_("broader"),
    Relation.NARROWER: N_("narrower"),
    Relation.NEEDS: N_("needed for it"),
    Relation.NEEDED_BY: N_("needs it"),
    Relation.RELATED: N_("resembles"),
    Relation.LEARNED: N_("same people"),
}
"""What a neighbour is, in a word or two, as it stands in the picture."""
HEADINGS = {
    Relation.BROADER: N_("Broader skills: it is a part of them"),
    Relation.NARROWER: N_("Narrower skills: they are a part of it"),
    Relation.NEEDS: N_("Needed for it"),
    Relation.NEEDED_BY: N_("Skills that need it"),
    Relation.RELATED: N_("Resembles"),
    Relation.LEARNED: N_("Done by the same people"),
}
TO_CHOOSE = {
    Relation.BROADER: N_("is broader: this skill is a part of it"),
    Relation.NARROWER: N_("is narrower: it is a part of this skill"),
    Relation.NEEDS: N_("is needed for this skill"),
    Relation.NEEDED_BY: N_("needs this skill"),
    Relation.RELATED: N_("resembles this skill"),
}
"""What people state of another skill."""
FIELDS = {
    "name": N_("Name"),
    "kind": N_("Kind"),
    "description": N_("Description"),
    "half_life_days": N_("Half-life in days"),
    "alt_names": N_("Other names"),
}


def month(first: date, *, year: bool = False) -> str:
    """Return a month in the language of the reader.

    >>> month(date(2026, 6, 1)), month(date(2026, 6, 1), year=True)
    ('Jun', 'Jun 2026')
    """
    return str(format_skeleton("yMMM" if year else "MMM", first, locale=language()))


def strength(weight: float) -> str:
    """Return the weight of a link, without zeros that say nothing.

    >>> strength(1.0), strength(0.25)
    ('1', '0.25')
    """
    return f"{weight:.2g}"
