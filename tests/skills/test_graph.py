"""The skills graph answers what is broader, needed and related, and refuses what cannot be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.errors import Invalid, NotFound
from skillmatch.model import Link, LinkKind, Skill
from skillmatch.skills.graph import SkillGraph


def graph(*links: tuple[str, str, LinkKind]) -> SkillGraph:
    ids = sorted({end for link in links for end in link[:2]}) or ["a"]
    return SkillGraph([Skill(id, id.upper()) for id in ids], [Link(*link) for link in links])


def test_broader_links_lead_to_every_ancestor():
    g = graph(("chiller", "refrigeration", LinkKind.BROADER), ("refrigeration", "cooling", LinkKind.BROADER))
    assert dict(g.broader("chiller")) == {"refrigeration": 1.0}
    assert g.ancestors("chiller") == {"refrigeration", "cooling"}
    assert g.narrower("cooling") == ("refrigeration",)


def test_related_links_hold_both_ways():
    g = graph(("a", "b", LinkKind.RELATED))
    assert dict(g.related("a")) == {"b": 1.0}
    assert dict(g.related("b")) == {"a": 1.0}


@pytest.mark.parametrize("kind", [LinkKind.BROADER, LinkKind.NEEDS])
def test_a_cycle_is_refused_and_named(kind: LinkKind):
    with pytest.raises(Invalid, match=r"circle: .*a.* -> ") as caught:
        graph(("a", "b", kind), ("b", "c", kind), ("c", "a", kind))
    assert {"a", "b", "c"} <= set(str(caught.value).replace("->", " ").replace(";", " ").split())


def test_a_circle_of_related_skills_is_no_cycle():
    assert len(graph(("a", "b", LinkKind.RELATED), ("b", "c", LinkKind.RELATED), ("c", "a", LinkKind.RELATED))) == 3


def test_a_link_to_an_unknown_skill_is_refused_with_the_nearest_name():
    with pytest.raises(Invalid, match="did you mean 'boiler'"):
        SkillGraph([Skill("boiler", "Boiler"), Skill("gas", "Gas")], [Link("gas", "boilr", LinkKind.NEEDS)])


def test_an_unknown_skill_is_not_found():
    with pytest.raises(NotFound, match="no skill 'x'"):
        graph().broader("x")


def test_a_skill_without_links_has_no_neighbours():
    g = graph()
    assert (g.broader("a"), g.needs("a"), g.related("a"), g.narrower("a"), g.ancestors("a")) == (
        {},
        {},
        {},
        (),
        frozenset(),
    )


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).filter(lambda pair: pair[0] < pair[1])))
def test_links_that_only_lead_upwards_are_never_a_cycle(pairs: list[tuple[int, int]]):
    links = [Link(str(low), str(high), LinkKind.BROADER) for low, high in dict.fromkeys(pairs)]
    g = SkillGraph([Skill(str(n), str(n)) for n in range(31)], links)
    assert all(int(wider) > n for n in range(31) for wider in g.ancestors(str(n)))
