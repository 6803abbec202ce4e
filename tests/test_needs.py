"""What jobs need: all-of and any-of as the ways to meet them, and as what an outcome is about."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.errors import Invalid
from skillmatch.model import Job, JobType
from skillmatch.needs import (
    MOST_WAYS,
    AllOf,
    AnyOf,
    CertificationRequirement,
    LanguageRequirement,
    Need,
    PlainNeed,
    Requirement,
    check_needs,
    count_ways,
    plain_needs,
    skill_needs,
    ways,
)

A, B, C = (Requirement(name) for name in "abc")
F_GAS, POLISH = CertificationRequirement("F-GAS"), LanguageRequirement("Polish")


@st.composite
def requirements(draw: st.DrawFn) -> Requirement:
    level = draw(st.none() | st.sampled_from([1.0, 2.5, 4.0]))
    preferred = None if level is None else draw(st.sampled_from([None, level, 5.0]))
    must = level is not None and draw(st.booleans())
    weight, count = draw(st.sampled_from([0.5, 1.0, 3.0])), draw(st.integers(1, 3))
    return Requirement(draw(st.sampled_from("abcd")), level, weight, must, preferred, count)


plain = (
    requirements()
    | st.builds(CertificationRequirement, st.sampled_from(["F-GAS", "IPAF"]), st.integers(1, 3))
    | st.builds(LanguageRequirement, st.sampled_from(["Polish", "Turkish"]))
)
needs = st.recursive(
    plain,
    lambda inner: (
        st.builds(AnyOf, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(AllOf, st.lists(inner, min_size=1, max_size=3).map(tuple))
    ),
    max_leaves=6,
)


def slowly(need: Need) -> list[list[PlainNeed]]:
    """Return the ways to meet one need, nothing merged."""
    if isinstance(need, AnyOf):
        return [way for choice in need.needs for way in slowly(choice)]
    if isinstance(need, AllOf):
        return [[one for part in parts for one in part] for parts in product(*map(slowly, need.needs))]
    return [[need]]


def kind(need: PlainNeed) -> tuple[type, str]:
    if isinstance(need, Requirement):
        return (Requirement, need.skill)
    return (type(need), need.type if isinstance(need, CertificationRequirement) else need.language)


@given(st.lists(needs, max_size=3))
def test_ways_are_all_choices_with_each_thing_once(asked: list[Need]):
    found, expected = ways(asked), slowly(AllOf(tuple(asked))) if asked else [[]]
    assert len(found) == len(expected)
    assert count_ways(asked) == min(len(expected), MOST_WAYS + 1)
    for way, loose in zip(found, expected, strict=True):
        assert [kind(need) for need in way] == list(dict.fromkeys(kind(need) for need in loose))
        for need in way:
            same = [one for one in loose if kind(one) == kind(need)]
            if not isinstance(need, Requirement):
                assert getattr(need, "count", 1) == max(getattr(one, "count", 1) for one in same)
                continue
            levels = [one.level for one in same if one.level is not None]
            assert need.level == max(levels, default=None)
            assert need.must == any(one.must for one in same)
            assert need.weight == pytest.approx(sum(one.weight for one in same))
            assert need.count == max(one.count for one in same)
            preferred = [one.preferred_level for one in same if one.preferred_level is not None]
            assert need.preferred_level == (max(*preferred, need.level) if preferred else None)


@given(st.lists(needs, max_size=3))
def test_what_an_outcome_is_about_names_each_skill_once_with_its_part_of_the_weight(asked: list[Need]):
    found = skill_needs(asked)
    names = [need.skill for need in plain_needs(asked) if isinstance(need, Requirement)]
    assert [need.skill for need in found] == list(dict.fromkeys(names))
    assert sum(need.weight for need in found) == pytest.approx(sum(share for share in map(expected_weight, asked)))


def expected_weight(need: Need) -> float:
    """Return the weight of a need: of a choice the mean of what one may choose."""
    if isinstance(need, AnyOf):
        return sum(map(expected_weight, need.needs)) / len(need.needs)
    if isinstance(need, AllOf):
        return sum(map(expected_weight, need.needs))
    return need.weight if isinstance(need, Requirement) else 0.0


@given(st.lists(plain, max_size=4, unique_by=kind))
def test_plain_needs_have_one_way_and_stay_as_they_are(asked: list[PlainNeed]):
    assert ways(asked) == (tuple(asked),)
    assert skill_needs(asked) == tuple(need for need in asked if isinstance(need, Requirement))


def test_choices_multiply():
    asked = (AnyOf((A, B)), AnyOf((C, AllOf((F_GAS, POLISH)))))
    assert ways(asked) == ((A, C), (A, F_GAS, POLISH), (B, C), (B, F_GAS, POLISH))


@pytest.mark.parametrize("choices", [(), (A,)])
def test_a_choice_of_less_than_two_is_refused(choices: tuple[Need, ...]):
    with pytest.raises(Invalid, match="expected at least two to choose from"):
        AnyOf(choices)


def test_all_of_nothing_is_refused():
    with pytest.raises(Invalid, match="all of no requirements"):
        AllOf(())


def test_too_many_ways_are_refused():
    either = [AnyOf((Requirement(f"a{n}"), Requirement(f"b{n}"))) for n in range(5)]
    check_needs(tuple(either[:4]), "job 'j1'")
    with pytest.raises(Invalid, match=f"job 'j1' can be met in more than {MOST_WAYS} ways: expected up to {MOST_WAYS}"):
        Job("j1", "Job", requirements=tuple(either))
    with pytest.raises(Invalid, match="job type 't' can be met in more than 16 ways"):
        JobType("t", "Type", tuple(either))


def test_very_many_ways_are_counted_no_further_than_is_asked():
    assert count_ways([AnyOf((A, B, C))] * 60) == MOST_WAYS + 1


@pytest.mark.parametrize("twice", [A, F_GAS, POLISH])
def test_one_thing_named_twice_is_refused(twice: PlainNeed):
    with pytest.raises(Invalid, match="more than once among its requirements: keep one"):
        Job("j1", "Job", requirements=(twice, twice))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"level": 6.0}, "expected a level from 0 to 5"),
        ({"level": float("nan")}, "expected a level from 0 to 5"),
        ({"weight": 0.0}, "expected above 0, up to 1000"),
        ({"must": True}, "is a must without a level"),
        ({"preferred_level": 3.0}, "the level needed is none"),
        ({"level": 3.0, "preferred_level": 2.0}, "one preferred that is not below it"),
        ({"count": 0}, "expected 1 to 50"),
        ({"count": 51}, "expected 1 to 50"),
    ],
)
def test_a_requirement_that_cannot_be_is_refused(values: dict[str, object], message: str):
    with pytest.raises(Invalid, match=message):
        Requirement("a", **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("crew", [0, -1, 51])
def test_an_impossible_crew_is_refused(crew: int):
    with pytest.raises(Invalid, match=f"asks for a crew of {crew}: expected 1 to 50"):
        Job("j1", "Job", crew=crew)
    with pytest.raises(Invalid, match=f"asks for a crew of {crew}: expected 1 to 50"):
        JobType("t", "Type", crew=crew)
