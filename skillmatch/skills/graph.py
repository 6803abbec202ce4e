"""The skills graph on networkx: broader, needs and related links, checked when it is built."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import networkx as nx

from skillmatch.errors import Invalid, NotFound
from skillmatch.model import Link, LinkKind, Skill


class SkillGraph:
    """Skills and the links between them.

    `broader` links point from the narrower skill to the wider one, `needs` links from a skill to its
    prerequisite; neither may run in a circle. `related` links hold both ways. `merged` has for the ids of skills that
    were merged which of `skills` they mean. Links of weight 0 were removed and are left out.

    Raises
    ------
    Invalid
        When a link names a skill that is not there, or a cycle is found; the message names its skills.
    """

    def __init__(
        self, skills: Iterable[Skill] = (), links: Iterable[Link] = (), merged: Mapping[str, str] | None = None
    ) -> None:
        self.merged: Mapping[str, str] = merged or {}
        self.skills: dict[str, Skill] = {skill.id: skill for skill in skills}
        self.links: tuple[Link, ...] = tuple(link for link in links if link.weight > 0.0)
        self._graphs: dict[LinkKind, nx.DiGraph[str]] = {kind: nx.DiGraph() for kind in LinkKind}
        for link in self.links:
            for end in (link.source, link.target):
                if end not in self.skills:
                    known = NotFound.named("skill", end, self.skills)
                    raise Invalid(f"link {link.source!r} -> {link.target!r} ({link.kind}): {known}")
            self._graphs[link.kind].add_edge(link.source, link.target, weight=link.weight)
            if link.kind is LinkKind.RELATED:
                self._graphs[link.kind].add_edge(link.target, link.source, weight=link.weight)
        for kind in (LinkKind.BROADER, LinkKind.NEEDS):
            cycle = find_cycle(self._graphs[kind])
            if cycle:
                raise Invalid(f"the {kind} links run in a circle: {' -> '.join(cycle)}; remove one of these links")

    def __len__(self) -> int:
        return len(self.skills)

    def __contains__(self, skill: str) -> bool:
        return skill in self.skills

    def skill(self, id: str) -> Skill:
        """Return the skill with this id, or that it was merged into, or raise NotFound with the nearest known id."""
        try:
            return self.skills[self.merged.get(id, id)]
        except KeyError:
            raise NotFound.named("skill", id, self.skills) from None

    def name(self, id: str) -> str:
        """Return the skill's name, or its id where the graph does not know it."""
        id = self.merged.get(id, id)
        return self.skills[id].name if id in self.skills else id

    def broader(self, id: str) -> Mapping[str, float]:
        """Return the skills directly wider than this one, with link weights."""
        return self._next(LinkKind.BROADER, id)

    def needs(self, id: str) -> Mapping[str, float]:
        """Return the direct prerequisites of this skill, with link weights."""
        return self._next(LinkKind.NEEDS, id)

    def related(self, id: str) -> Mapping[str, float]:
        """Return the skills linked as resembling this one, with link weights."""
        return self._next(LinkKind.RELATED, id)

    def narrower(self, id: str) -> tuple[str, ...]:
        """Return the skills directly below this one, by id."""
        graph = self._graphs[LinkKind.BROADER]
        self.skill(id)
        return tuple(sorted(graph.predecessors(id))) if id in graph else ()

    def below(self, id: str) -> Mapping[str, float]:
        """Return the skills directly below this one, with link weights."""
        return self._before(LinkKind.BROADER, id)

    def needed_by(self, id: str) -> Mapping[str, float]:
        """Return the skills of which this one is a direct prerequisite, with link weights."""
        return self._before(LinkKind.NEEDS, id)

    def descendants(self, id: str) -> frozenset[str]:
        """Return every skill narrower than this one, at any distance."""
        graph = self._graphs[LinkKind.BROADER]
        self.skill(id)
        return frozenset(nx.ancestors(graph, id)) if id in graph else frozenset()

    def ancestors(self, id: str) -> frozenset[str]:
        """Return every skill wider than this one, at any distance."""
        graph = self._graphs[LinkKind.BROADER]
        self.skill(id)
        return frozenset(nx.descendants(graph, id)) if id in graph else frozenset()

    def family(self, id: str) -> frozenset[str]:
        """Return this skill and every narrower one, at any distance."""
        graph = self._graphs[LinkKind.BROADER]
        own = self.skill(id).id
        return frozenset((own, *nx.ancestors(graph, own))) if own in graph else frozenset((own,))

    def families(self) -> tuple[str, ...]:
        """Return the skills that have narrower ones, by id."""
        return tuple(sorted({link.target for link in self.links if link.kind is LinkKind.BROADER}))

    def way(self, kind: LinkKind, start: str, end: str) -> tuple[str, ...]:
        """Return the skills of a shortest way along links of a kind, both ends included; () where there is none."""
        graph = self._graphs[kind]
        if start not in graph or end not in graph or not nx.has_path(graph, start, end):
            return ()
        return tuple(nx.shortest_path(graph, start, end))

    def _before(self, kind: LinkKind, id: str) -> Mapping[str, float]:
        graph = self._graphs[kind]
        self.skill(id)
        return {other: float(graph[other][id]["weight"]) for other in graph.predecessors(id)} if id in graph else {}

    def _next(self, kind: LinkKind, id: str) -> Mapping[str, float]:
        graph = self._graphs[kind]
        self.skill(id)
        return {other: float(graph[id][other]["weight"]) for other in graph[id]} if id in graph else {}


def find_cycle(graph: nx.DiGraph[str]) -> tuple[str, ...]:
    """Return the skills of one cycle, its first skill repeated at the end, or () when there is none.

    >>> find_cycle(nx.DiGraph([("a", "b"), ("b", "a")]))
    ('a', 'b', 'a')
    """
    if nx.is_directed_acyclic_graph(graph):
        return ()
    edges = [(edge[0], edge[1]) for edge in nx.find_cycle(graph)]
    return (*(source for source, _ in edges), edges[-1][1])
