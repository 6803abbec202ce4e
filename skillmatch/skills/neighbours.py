"""One skill and what is directly around it in the graph: broader, narrower, needs, needed by, resembling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from skillmatch.model import Link, LinkKind, Skill
from skillmatch.skills.graph import SkillGraph


class Relation(StrEnum):
    """How a neighbour stands to a skill: the first five are stated by people, the last is learned."""

    BROADER = "broader"
    NARROWER = "narrower"
    NEEDS = "needs"
    NEEDED_BY = "needed by"
    RELATED = "related"
    LEARNED = "learned"


KINDS: dict[Relation, LinkKind] = {
    Relation.BROADER: LinkKind.BROADER,
    Relation.NARROWER: LinkKind.BROADER,
    Relation.NEEDS: LinkKind.NEEDS,
    Relation.NEEDED_BY: LinkKind.NEEDS,
    Relation.RELATED: LinkKind.RELATED,
}
"""The kind of the link behind each relation that people state."""
FROM_THE_OTHER = frozenset({Relation.NARROWER, Relation.NEEDED_BY})
"""Relations whose links point from the neighbour to the skill."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A skill beside another, with how it stands to it; `weight` above 0, up to 1."""

    skill: Skill
    relation: Relation
    weight: float


Around = Mapping[Relation, tuple[Neighbour, ...]]


def neighbours(graph: SkillGraph, id: str, learned: Mapping[str, float] | None = None) -> Around:
    """Return the neighbours of a skill by relation, each list by weight, then name, then id; empty ones too.

    Parameters
    ----------
    learned
        Skills that the same people practise, by id, with how alike they are; those that are linked anyway are left
        out, and so are those that the graph does not know.

    Raises
    ------
    NotFound
        When there is no such skill.
    """
    id = graph.skill(id).id
    stated: dict[Relation, Mapping[str, float]] = {
        Relation.BROADER: graph.broader(id),
        Relation.NARROWER: graph.below(id),
        Relation.NEEDS: graph.needs(id),
        Relation.NEEDED_BY: graph.needed_by(id),
        Relation.RELATED: graph.related(id),
    }
    linked = {id, *(other for found in stated.values() for other in found)}
    apart = {other: like for other, like in (learned or {}).items() if other not in linked and other in graph}
    return {
        relation: _sorted(graph, relation, found) for relation, found in {**stated, Relation.LEARNED: apart}.items()
    }


def _sorted(graph: SkillGraph, relation: Relation, found: Mapping[str, float]) -> tuple[Neighbour, ...]:
    rows = [Neighbour(graph.skills[other], relation, weight) for other, weight in found.items()]
    return tuple(sorted(rows, key=lambda one: (-one.weight, one.skill.name.casefold(), one.skill.id)))


def link_of(skill: str, relation: Relation, other: str, weight: float = 1.0) -> Link:
    """Return the link that says how another skill stands to one; which of two resembling ones is its source is open.

    >>> link_of("brazing", Relation.NEEDED_BY, "cooling").source
    'cooling'
    """
    source, target = (other, skill) if relation in FROM_THE_OTHER else (skill, other)
    return Link(source, target, KINDS[relation], weight)
