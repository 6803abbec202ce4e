"""Pairs of skills that may be one: what is found, in which order, with which words, and how it grows."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmatch.model import Link, LinkKind, Skill, SkillKind
from skillmatch.skills.duplicates import Duplicate, Levels, duplicates
from skillmatch.skills.linking.pairs import Name
from skillmatch.skills.names import compare, distance, negations, numbers

OTHERS = tuple(Skill(f"o{place}", name) for place, name in enumerate(("Brazing", "Lift doors", "Fire alarms")))


def found(one: Skill, other: Skill, *links: Link, **more: object) -> tuple[Duplicate, ...]:
    return duplicates((one, other, *OTHERS), links, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("Compressor repair", "compressor repair", "the same name"),
        ("Compressor repair", "Compressor  Repair!", "capitals and signs"),
        ("Heat pump", "Heat-pumps", "singular and plural"),
        ("Data logger", "Datalogger", "blanks and hyphens"),
        ("Compressor repair", "Repair of compressors", "another order"),
        ("Compressor repair", "Compresor repair", "spelt nearly as"),
        ("Compressor repair", "Compressor reapir", "spelt nearly as"),
        ("Kältetechnik", "Kaltetechnik", "capitals and signs"),
        ("Heating, ventilation and air conditioning", "HVAC", "initials"),
        ("Compressor repair", "Advanced compressor repair", "only adds 'advanced'"),
        ("Pump installation", "Pump installing", "forms of one word"),
    ],
)
def test_two_names_of_one_skill_are_found_with_the_reason(one: str, other: str, why: str) -> None:
    (pair,) = found(Skill("a", one), Skill("b", other))
    assert {pair.skill.id, pair.into.id} == {"a", "b"}
    assert why in pair.reasons[0]
    assert 0.2 <= pair.score <= 1.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Compressor repair", "Compressor sales"),
        ("Inverters 2 kW", "Inverters 5 kW"),
        ("Licence class B", "Licence class C"),
        ("Phase I", "Phase II"),
        ("Work with live wires", "Work without live wires"),
        ("Import of goods", "Export of goods"),
        ("Sand", "Band"),
        ("Repair", "Advanced"),
    ],
)
def test_names_that_mean_two_things_are_not_proposed(one: str, other: str) -> None:
    assert found(Skill("a", one), Skill("b", other)) == ()


def test_a_name_that_is_another_name_of_the_other_is_found() -> None:
    (pair,) = found(Skill("a", "Sparky work"), Skill("b", "Electrics", alt_names=("sparky work",)))
    assert (pair.skill.id, pair.into.id) == ("a", "b")
    assert "'sparky work' being another name" in pair.reasons[0]


def test_one_of_many_other_names_says_less_than_one_of_few() -> None:
    few = found(Skill("a", "Sparky work"), Skill("b", "Electrics", alt_names=("sparky work",)))[0]
    many = tuple(f"{word} work" for word in ("cable", "wire", "fuse", "meter"))
    much = found(
        Skill("a", "Sparky work", alt_names=tuple(f"old {name}" for name in many)),
        Skill("b", "Electrics", alt_names=("sparky work", *many)),
    )[0]
    assert much.score < few.score


def test_the_same_entry_of_a_publisher_is_one_skill_whatever_its_names() -> None:
    uri = "http://data.example/skill/1"
    (pair,) = found(Skill("a", "Soldering", source_uri=uri), Skill("b", "Joining pipes", source_uri=uri))
    assert "same entry" in pair.reasons[0]


def levels(apart: float) -> dict[str, Levels]:
    workers = np.arange(4, dtype=np.intp)
    means = {"a": np.zeros(4), "b": np.full(4, apart)}
    return {skill: Levels(workers, mean, np.full(4, 0.1)) for skill, mean in means.items()}


@pytest.mark.parametrize(
    ("other", "more", "words"),
    [
        (Skill("b", "Heat pumps", SkillKind.SAFETY), {}, "different kinds: technical and safety"),
        (Skill("b", "Heat pumps"), {"together": [frozenset("abc"), frozenset("ab")]}, "2 jobs need both"),
        (Skill("b", "Heat pumps"), {"levels": levels(3.0).__getitem__}, "4 of 4 workers"),
    ],
)
def test_what_speaks_against_a_pair_lowers_its_score(other: Skill, more: dict[str, object], words: str) -> None:
    usual = found(Skill("a", "Heat pump"), Skill("b", "Heat pumps"))[0]
    less = duplicates((Skill("a", "Heat pump"), other), **more)[0]  # type: ignore[arg-type]
    assert less.score < usual.score
    assert words in less.against[0]


def test_a_broader_link_speaks_against_a_pair_and_a_related_one_does_not() -> None:
    pair = Skill("a", "Heat pump"), Skill("b", "Heat pumps")
    broader = found(*pair, Link("a", "b", LinkKind.BROADER))[0]
    related = found(*pair, Link("a", "b", LinkKind.RELATED))[0]
    assert broader.against == ("one is linked to the other as broader",)
    assert related.against == ()


def test_alike_levels_do_not_speak_against_a_pair() -> None:
    pair = duplicates((Skill("a", "Heat pump"), Skill("b", "Heat pumps")), levels=levels(0.1).__getitem__)[0]
    assert pair.against == ()


def test_the_skill_that_more_workers_have_shown_stays() -> None:
    known = {"a": Levels(np.arange(5, dtype=np.intp), np.zeros(5), np.ones(5)), "b": levels(0.0)["b"]}
    pair = duplicates((Skill("a", "Heat pump"), Skill("b", "Heat pumps")), levels=known.__getitem__)[0]
    assert (pair.skill.id, pair.into.id) == ("b", "a")


def test_pairs_that_are_two_stay_away() -> None:
    assert found(Skill("a", "Heat pump"), Skill("b", "Heat pumps"), apart={("a", "b")}) == ()


names = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(names, st.lists(names, max_size=3)), max_size=8))
def test_any_names_at_all_give_pairs_of_two_skills_in_order(texts: list[tuple[str, list[str]]]) -> None:
    skills = [Skill(f"s{place}", name, alt_names=tuple(more)) for place, (name, more) in enumerate(texts)]
    pairs = duplicates(skills)
    assert [one.score for one in pairs] == sorted((one.score for one in pairs), reverse=True)
    assert all(one.skill != one.into and one.reasons and 0.2 <= one.score <= 1.0 for one in pairs)
    assert len({frozenset((one.skill.id, one.into.id)) for one in pairs}) == len(pairs)
    assert [(one.skill.id, one.into.id) for one in duplicates(skills[::-1])] == [
        (one.skill.id, one.into.id) for one in pairs
    ]


@given(st.text("ab", max_size=6), st.text("ab", max_size=6))
def test_the_distance_is_that_of_trying_every_way(one: str, other: str) -> None:
    def slow(left: str, right: str) -> int:
        if not left or not right:
            return len(left) + len(right)
        ways = [slow(left[1:], right) + 1, slow(left, right[1:]) + 1, slow(left[1:], right[1:]) + (left[0] != right[0])]
        if len(left) > 1 and len(right) > 1 and left[:2] == right[1::-1]:
            ways.append(slow(left[2:], right[2:]) + 1)
        return min(ways)

    assert distance(one, other) == distance(other, one) == slow(one, other)


def test_a_word_that_others_use_as_well_is_no_slip() -> None:
    rare, common = {"metal": 9, "meltal": 1}, {"metal": 9, "medal": 9}
    slip = compare(Name.of("metal work"), Name.of("meltal work"), rare)
    words = compare(Name.of("metal work"), Name.of("medal work"), common)
    assert slip is not None
    assert words is None or words.chance < slip.chance / 2


def test_numbers_and_negations_are_read_from_names() -> None:
    assert numbers("inverters up to 2,5 kW, class B, part II") == {"2.5", "b", "2"}
    assert negations("work without tension") == {"without"}


def test_many_skills_take_no_time_that_grows_with_the_square() -> None:
    words = ("valve", "pump", "motor", "drive", "cable", "sensor", "boiler", "filter")

    def seconds(count: int) -> float:
        skills = [Skill(f"s{n}", f"{words[n % 8]} {words[n // 8 % 8]} model{n}x") for n in range(count)]
        started = time.process_time()
        duplicates(skills)
        return time.process_time() - started

    seconds(100)
    assert seconds(4000) < 8 * seconds(1000)
