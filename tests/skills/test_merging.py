"""What nouns and facts say when skills are one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.beliefs.evidence import CustomerRating, JobOutcome, LearningWish
from skillmatch.beliefs.meaning import named, with_skills
from skillmatch.beliefs.observation import Demand, Result
from skillmatch.errors import Invalid
from skillmatch.model import AllOf, AnyOf, Link, LinkKind, Merge, Need, Requirement, Skill, ways
from skillmatch.needs import with_skills as needs_with_skills
from skillmatch.skills.merging import Meanings

NOW = datetime(2026, 6, 1, tzinfo=UTC)
MEANT = {"a": "b"}

skills = st.sampled_from("abcd")
plain = st.builds(
    Requirement,
    skills,
    st.none() | st.sampled_from((1.0, 2.0, 3.0)),
    st.sampled_from((1.0, 2.0)),
    count=st.sampled_from((1, 2)),
)
groups: st.SearchStrategy[Need] = st.recursive(
    plain,
    lambda inner: (
        st.builds(AllOf, st.lists(inner, min_size=1, max_size=2).map(tuple))
        | st.builds(AnyOf, st.lists(inner, min_size=2, max_size=2).map(tuple))
    ),
    max_leaves=5,
)


def renamed(way: tuple[object, ...]) -> list[Requirement]:
    """Return a way with the skills replaced, nothing joined."""
    return [Requirement(MEANT.get(n.skill, n.skill), n.level, n.weight, n.must, None, n.count) for n in way]  # type: ignore[attr-defined]


@given(st.lists(groups, max_size=4).map(tuple))
def test_needs_can_be_met_in_the_ways_that_the_renamed_ways_give(needs: tuple[Need, ...]) -> None:
    def asked(way: list[Requirement]) -> frozenset[tuple[str, float | None, int]]:
        by: dict[str, list[Requirement]] = {}
        for need in way:
            by.setdefault(need.skill, []).append(need)
        return frozenset(
            (skill, max((n.level for n in own if n.level is not None), default=None), max(n.count for n in own))
            for skill, own in by.items()
        )

    before = {asked(renamed(way)) for way in ways(needs)}
    after = {asked(list(way)) for way in ways(needs_with_skills(needs, MEANT))}  # type: ignore[arg-type]
    assert before == after


def test_needs_without_a_merged_skill_are_the_same_object() -> None:
    needs = (Requirement("c"), AnyOf((Requirement("d"), Requirement("b"))))
    assert needs_with_skills(needs, MEANT) is needs


def test_a_fact_names_a_skill_once_with_both_weights_and_the_higher_level() -> None:
    demands = (Demand("a", 3.0, 1.0), Demand("c"), Demand("b", None, 2.0))
    fact = JobOutcome(
        id="1", worker="w", time=NOW, job="j", result=Result.REWORK, demands=demands, used=(Demand("a"),), minutes=5.0
    )
    read = with_skills(fact, MEANT)
    assert isinstance(read, JobOutcome)
    assert read.demands == (Demand("b", 3.0, 3.0), Demand("c"))
    assert read.used == (Demand("b"),)
    assert (read.key, read.minutes, read.result) == (fact.key, 5.0, Result.REWORK)
    rating = CustomerRating(id="2", worker="w", time=NOW, job="j", stars=4.0, demands=demands)
    assert with_skills(rating, MEANT).skills() == ("b", "c")


def test_a_fact_that_names_none_of_them_is_the_same_object_and_a_wish_is_not_forgotten() -> None:
    wish = LearningWish(id="1", worker="w", time=NOW, skill="a")
    assert named(wish) == {"a"}
    assert named(with_skills(wish, MEANT)) == {"b"}
    other = LearningWish(id="1", worker="w", time=NOW, skill="c")
    assert with_skills(other, MEANT) is other


def merge(skill: str, into: str, *, undone: bool = False) -> Merge:
    return Merge(skill, into, NOW, undone=undone)


def test_meanings_follow_chains_and_pass_over_what_was_undone() -> None:
    meanings = Meanings.of([merge("a", "b"), merge("b", "c"), merge("c", "d", undone=True)])
    assert meanings.into == {"a": "c", "b": "c"}
    assert meanings.names_of(["b"]) == {"a", "b", "c"}
    assert meanings.names_of(["d"]) == {"d"}
    assert not Meanings.of([merge("a", "b", undone=True)])


def test_merges_in_a_circle_are_refused() -> None:
    with pytest.raises(Invalid, match=r"a -> b -> a|b -> a -> b"):
        Meanings.of([merge("a", "b"), merge("b", "a")])


def test_names_of_merged_skills_are_other_names_once_each() -> None:
    there = [
        Skill("a", "Fridges", alt_names=("cold", "REFRIGERATION")),
        Skill("b", "Refrigeration", alt_names=("Cold",)),
        Skill("c", "Brazing"),
    ]
    assert Meanings(MEANT).skills(there) == [
        Skill("b", "Refrigeration", alt_names=("Cold", "Fridges")),
        Skill("c", "Brazing"),
    ]


@given(st.lists(st.tuples(skills, skills, st.sampled_from((0.5, 1.0))), max_size=8))
def test_links_join_two_skills_that_are_left_once(ends: list[tuple[str, str, float]]) -> None:
    links = [Link(one, other, LinkKind.RELATED, weight) for one, other, weight in ends if one != other]
    found = Meanings(MEANT).links(links)
    expected: dict[tuple[str, str], float] = {}
    for link in links:
        pair = (MEANT.get(link.source, link.source), MEANT.get(link.target, link.target))
        if pair[0] != pair[1]:
            expected[pair] = max(link.weight, expected.get(pair, 0.0))
    assert {(link.source, link.target): link.weight for link in found} == expected
    assert len(found) == len(expected)
