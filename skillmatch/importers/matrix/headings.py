"""What stands above a column to a skill: by id or name, else by the linker; and columns that mean the same skill."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from skillmatch.importers.forms import plain
from skillmatch.importers.matrix.preview import CHOSEN, CONFLICT, LEFT_OUT, MATCHED, TAKEN, UNMATCHED, ColumnMatch
from skillmatch.model import Skill
from skillmatch.skills.linking import Linked, LinkedSkill

LEAST = 0.5
"""From this confidence on a skill is taken without anybody's choice."""
AS_GOOD = 0.05
"""Two skills that are this close to each other are equally good."""
SUGGESTED, MOST_SUGGESTED = 0.05, 3
_CERTAIN = 20.0
"""The logit of a name that is there to the letter."""


class Links(Protocol):
    """What finds skills by words: a `Linker`, or one that is kept up with a database."""

    def link(self, text: str, limit: int) -> Linked:
        """Return the skills that a text may mean, best first."""


class Headings:
    """The skills of a company, found by what stands above columns.

    Parameters
    ----------
    skills
        What may be meant.
    linker
        Finds skills by words; it knows what people said about earlier links.
    chosen
        What somebody has decided already: a heading to the id of a skill, or to nothing.
    least
        The confidence from which on a skill is taken.
    """

    def __init__(
        self, skills: Iterable[Skill], linker: Links, chosen: Mapping[str, str], *, least: float = LEAST
    ) -> None:
        self._skills = {skill.id: skill for skill in skills}
        self._linker, self._chosen, self._least = linker, chosen, least
        self._names: dict[str, dict[str, str]] = {}
        for skill in self._skills.values():
            for name in (*skill.alt_names, skill.name, skill.id):
                self._names.setdefault(plain(name), {})[skill.id] = name

    def exactly(self, text: str) -> tuple[LinkedSkill, ...]:
        """Return the skills that are called so, to the letter."""
        called = self._names.get(plain(text), {})
        return tuple(self._certain(text, id, name) for id, name in sorted(called.items()))

    def choice(self, text: str) -> str | None:
        """Return what somebody has chosen for a heading; None: nothing yet."""
        return self._chosen.get(text)

    def match(self, text: str, heading: str, place: str) -> ColumnMatch:
        """Return the match of a column, which is chosen by `text` and has `heading` above it."""
        chosen = self.choice(text)
        if chosen == "":
            return ColumnMatch(text, place, LEFT_OUT, None, reason="left out by choice")
        exact = self.exactly(heading)
        if chosen:
            same = any(link.skill == chosen for link in exact)
            return ColumnMatch(text, place, CHOSEN, self._certain(heading, chosen, heading), exact=same)
        if len(exact) == 1:
            return ColumnMatch(text, place, MATCHED, exact[0], exact=True)
        links = exact or tuple(
            link
            for link in self._linker.link(heading, MOST_SUGGESTED + 1).links
            if link.confidence >= SUGGESTED and link.skill in self._skills
        )
        return self._judged(text, place, links)

    def _judged(self, text: str, place: str, links: Sequence[LinkedSkill]) -> ColumnMatch:
        if not links:
            return ColumnMatch(text, place, UNMATCHED, None, reason="no skill resembles it")
        best, others = links[0], tuple(links[1:])
        reason = ""
        if best.confidence < self._least:
            reason = "not sure enough"
        elif others and others[0].confidence > best.confidence - AS_GOOD:
            reason = f"{best.name} and {others[0].name} fit as well as each other"
        return ColumnMatch(text, place, UNMATCHED if reason else MATCHED, best, others[:MOST_SUGGESTED], reason=reason)

    def _certain(self, text: str, id: str, via: str) -> LinkedSkill:
        return LinkedSkill(id, self._skills[id].name, 1.0, _CERTAIN, (text,), ((0, len(text)),), via)


def settle(columns: Sequence[ColumnMatch]) -> list[ColumnMatch]:
    """Return the matches with those in conflict that mean the same skill; one that was chosen stands alone."""
    by_skill: dict[str, list[ColumnMatch]] = {}
    for column in columns:
        if column.status in TAKEN and column.best is not None:
            by_skill.setdefault(column.best.skill, []).append(column)
    return [_settled(column, by_skill) for column in columns]


def _settled(column: ColumnMatch, by_skill: Mapping[str, Sequence[ColumnMatch]]) -> ColumnMatch:
    if column.status not in TAKEN or column.best is None:
        return column
    same = by_skill[column.best.skill]
    chosen = [one for one in same if one.status == CHOSEN]
    if len(same) == 1 or chosen == [column]:
        return column
    others = ", ".join(f"{one.text!r}" for one in same if one is not column)
    return replace(column, status=CONFLICT, reason=f"{others} means {column.best.name} as well")
