"""Finding the skill somebody means by what she typed."""

from __future__ import annotations

from skillmatch.model import Skill
from skillmatch_web.addresses import workspace

MOST = 12


def skill_named(text: str) -> tuple[Skill | None, tuple[Skill, ...]]:
    """Return the skill that a text means, and where it may mean several, some of them.

    Its id or its whole name means one alone; so does a part of a name that no other has.
    """
    wanted = " ".join(text.split())
    if not wanted or len(wanted) > 300:
        return None, ()
    rows = workspace().skillbook.list(search=wanted, sees=lambda _worker: False, most=MOST).rows
    found = tuple(row.skill for row in rows)
    for exactly in (
        [one for one in found if one.id == wanted],
        [one for one in found if one.name.casefold() == wanted.casefold()],
        [one for one in found if wanted.casefold() in {name.casefold() for name in one.alt_names}],
    ):
        if len(exactly) == 1:
            return exactly[0], ()
    return (found[0], ()) if len(found) == 1 else (None, found)
