"""Skills found by the words of their names, made once for each state of the graph."""

from __future__ import annotations

from functools import cached_property

from skillmatch.model import Skill, SkillKind
from skillmatch.skills.graph import SkillGraph


class SkillIndex:
    """The skills of a graph by name, with everything they are called in the form in which it is searched."""

    def __init__(self, graph: SkillGraph) -> None:
        self.graph = graph

    @cached_property
    def _entries(self) -> list[tuple[str, str, Skill]]:
        entries = (
            (skill.name.casefold(), "\n".join((skill.name, skill.id, *skill.alt_names)).casefold(), skill)
            for skill in self.graph.skills.values()
        )
        return sorted(entries, key=lambda one: (one[0], one[2].id))

    def find(self, search: str, *, kind: SkillKind | None = None, below: str = "") -> list[Skill]:
        """Return the skills of which every word of `search` is part of a name or the id, those that fit best first.

        Best is the whole name, then a name that begins so, then one that holds it; other names and ids come after.

        Raises
        ------
        NotFound
            When there is no skill `below`.
        """
        words, wanted = search.casefold().split(), " ".join(search.casefold().split())
        inside = None
        if below:
            top = self.graph.skill(below).id
            inside = {top, *self.graph.descendants(top)}
        found = [
            (name, skill)
            for name, text, skill in self._entries
            if (kind is None or skill.kind is kind)
            and (inside is None or skill.id in inside)
            and all(word in text for word in words)
        ]
        if words:
            found.sort(key=lambda one: _fit(one[0], wanted, words))
        return [skill for _name, skill in found]

    @cached_property
    def _families(self) -> list[tuple[Skill, int]]:
        graph = self.graph
        tops = [skill for skill in graph.skills.values() if graph.narrower(skill.id) and not graph.broader(skill.id)]
        return sorted(((top, len(graph.descendants(top.id))) for top in tops), key=lambda one: (-one[1], one[0].id))

    def families(self, most: int) -> tuple[tuple[Skill, int], ...]:
        """Return the broadest skills with how many are below, by name: those with most below where there are many."""
        return tuple(sorted(self._families[:most], key=lambda one: (one[0].name.casefold(), one[0].id)))


def _fit(name: str, wanted: str, words: list[str]) -> int:
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    return 2 if all(word in name for word in words) else 3
