"""Free text to skills, on a small workshop's own taxonomy."""

from __future__ import annotations

import html
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmatch.errors import NotFound
from skillmatch.model import Skill
from skillmatch.skills.linking import Correction, Linked, Linker, clause_of

SKILLS = (
    Skill("refrigerant", "Refrigerant handling", description="Recover, recycle and charge refrigerants without loss."),
    Skill("leak", "Leak detection", alt_names=("find leaks", "leak search")),
    Skill("brazing", "Brazing", description="Join copper pipes with a torch."),
    Skill("compressor", "Compressor replacement", alt_names=("swap compressors",)),
    Skill("electrical", "Electrical safety", alt_names=("lockout tagout",)),
    Skill("wiring", "Control wiring", alt_names=("low-voltage wiring", "wire control panels")),
    Skill("java", "Java (computer programming)"),
    Skill("javascript", "JavaScript"),
    Skill("c-sharp", "C#"),
    Skill("customer", "Customer communication", alt_names=("talk to customers", "deal with complaints")),
    Skill("cleaning", "Filter cleaning", description="Take out, wash and dry the filters of air handlers."),
    Skill("german", "Deutsche Kältetechnik"),
    Skill("iso", "ISO 9001"),
)
LINKER = Linker(SKILLS)
PIECES = "leak brazing <b> & \0 java é # ++ .net 9001 , braizng</i> &amp; <!-- ( and".split(" ")


def ids(found: Linked) -> list[str]:
    return [link.skill for link in found.links]


def best(text: str, linker: Linker = LINKER) -> str:
    return ids(linker.link(text, 1))[0]


@pytest.mark.parametrize("skill", SKILLS, ids=lambda skill: skill.id)
def test_a_skill_is_found_by_each_of_its_names(skill: Skill) -> None:
    for name in (skill.name, skill.name.upper(), *skill.alt_names):
        assert best(name) == skill.id


@pytest.mark.parametrize(
    ("text", "skill"),
    [
        ("refridgerant handeling", "refrigerant"),
        ("handling of refrigerants", "refrigerant"),
        ("braizng", "brazing"),
        ("Leek detektion", "leak"),
        ("replaced two compresors last year", "compressor"),
        ("kaltetechnik", "german"),
        ("Kältetechnik", "german"),
        ("wires control-panels", "wiring"),
        ("I wash and dry the filters", "cleaning"),
        ("9001", "iso"),
        ("c#", "c-sharp"),
    ],
)
def test_other_forms_spelling_mistakes_and_descriptions_lead_to_the_skill(text: str, skill: str) -> None:
    assert best(text) == skill


def test_a_name_inside_another_name_is_not_taken_for_it() -> None:
    assert ids(LINKER.link("javascript"))[0] == "javascript"
    assert ids(LINKER.link("java"))[0] == "java"
    both = {link.skill: link.confidence for link in LINKER.link("javascript developer").links}
    assert both["javascript"] > 5 * both.get("java", 0.0)


def test_several_skills_of_one_sentence_are_found_each_by_its_own_words() -> None:
    text = "Leak detection, brazing and talking to customers; lockout/tagout required"
    found = {link.skill: link for link in LINKER.link(text, 4).links}
    assert set(found) == {"leak", "brazing", "customer", "electrical"}
    assert found["leak"].words == ("Leak", "detection")
    assert found["brazing"].words == ("brazing",)
    assert found["customer"].words == ("talking", "customers")
    assert found["customer"].via == "talk to customers"
    assert found["electrical"].words == ("lockout", "tagout")


def test_words_stand_where_their_spans_say() -> None:
    text = "<p>Strong&nbsp;in <b>leak   detection</b> &amp; Brazing\x00"
    for link in LINKER.link(text).links:
        assert link.words == tuple(text[start:end] for start, end in link.spans)
    assert next(link for link in LINKER.link(text).links if link.skill == "leak").words == ("leak", "detection")


def test_a_text_about_something_else_is_none_of_them() -> None:
    nothing, something = LINKER.link("The quarterly poetry recital was postponed"), LINKER.link("Leak detection")
    assert nothing.none > 0.5 > something.none
    assert all(link.confidence < 0.2 for link in nothing.links)
    assert something.links[0].confidence > 0.5


def test_links_are_ordered_and_limited() -> None:
    found = LINKER.link("leak detection, brazing, wiring, java", 3)
    assert len(found.links) == 3
    assert [link.score for link in found.links] == sorted((link.score for link in found.links), reverse=True)
    assert all(0.0 < link.confidence < 1.0 for link in found.links)
    assert ids(LINKER.link("leak detection", 0)) == []


def test_equal_names_are_ordered_by_id() -> None:
    triplets = Linker([Skill(id, "Brazing") for id in "bca"])
    assert ids(triplets.link("brazing")) == ["a", "b", "c"]


# What grows


def test_a_new_skill_is_linkable_at_once_and_as_if_it_had_always_been_there() -> None:
    grown = Linker(SKILLS[:6])
    grown.link("leak detection with java")
    for skill in SKILLS[6:]:
        grown.add(skill)
        assert best(skill.name, grown) == skill.id
    for text in ("leak detection with java", "wash filters and braze copper", "nothing of the kind", "c# 9001"):
        assert grown.link(text) == LINKER.link(text)


def test_a_skill_added_again_is_replaced() -> None:
    linker = Linker(SKILLS)
    linker.add(Skill("brazing", "Silver soldering"))
    assert best("silver soldering", linker) == "brazing"
    changed = Linker([*(skill for skill in SKILLS if skill.id != "brazing"), Skill("brazing", "Silver soldering")])
    assert ids(linker.link("brazing torch")) == ids(changed.link("brazing torch"))
    assert len(linker) == len(SKILLS)


def test_a_skill_taken_out_is_linked_no_more() -> None:
    linker = Linker(SKILLS)
    linker.remove("brazing")
    assert "brazing" not in ids(linker.link("brazing of copper pipes"))
    with pytest.raises(NotFound, match="there is no skill 'brazin'"):
        LINKER.remove("brazin")


# What is no text


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("", "the text is empty"),
        (" \t\n\x00\x07 ", "the text is empty"),
        ("<p> </p><!-- brazing -->", "the text is empty"),
        ("&nbsp;", "the text is empty"),
        ("?!... --- ☃", "there is no word in it"),
        ("冷凍機を修理する", "no word of it resembles a word of any skill"),
        ("73512 88", "no word of it resembles a word of any skill"),
        ("zzzyx qqqvv", "no word of it resembles a word of any skill"),
    ],
)
def test_what_says_nothing_is_said_to_say_nothing(text: str, note: str) -> None:
    assert LINKER.link(text) == Linked((), 1.0, note)


def test_a_megabyte_is_read_up_to_a_stated_length() -> None:
    found = LINKER.link("brazing and leak detection. " + "lorem ipsum dolor sit amet " * 40_000)
    assert found.note == "only the first 20,000 of 1,080,028 characters were read"
    assert set(ids(found)[:2]) == {"brazing", "leak"}


def test_a_long_text_without_a_blank_is_no_trouble() -> None:
    assert LINKER.link("x" * 1_000_000).none == 1.0


def test_without_skills_nothing_is_linked() -> None:
    assert Linker().link("brazing") == Linked((), 1.0, "there are no skills to link to")


def test_skills_whose_names_have_no_word_do_no_harm() -> None:
    linker = Linker([Skill("odd", "???"), Skill("the", "The"), Skill("brazing", "Brazing", alt_names=("", "--"))])
    assert best("brazing", linker) == "brazing"
    assert best("the", linker) == "the"
    assert Linker([Skill("odd", "???")]).link("brazing").links == ()


def test_html_says_what_its_text_says() -> None:
    plain, marked = "R&D, leak detection and brazing", "<ul><li>leak detection</li><li>brazing</li></ul>"
    assert set(ids(LINKER.link(marked, 2))) == {"leak", "brazing"}
    assert ids(LINKER.link(html.escape(plain), 2)) == ids(LINKER.link(plain, 2))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200) | st.lists(st.sampled_from(PIECES)).map(" ".join))
def test_no_text_is_too_odd(text: str) -> None:
    found = LINKER.link(text)
    assert 0.0 <= found.none <= 1.0
    assert found == LINKER.link(text)
    for link in found.links:
        assert 0.0 <= link.confidence <= 1.0
        assert all(0 <= start < end <= len(text) for start, end in link.spans)


def test_the_order_in_which_skills_come_does_not_matter() -> None:
    turned = Linker(reversed(SKILLS))
    for text in ("leak detection, java", "wash filters and talk to customers", "brazing"):
        one, other = LINKER.link(text), turned.link(text)
        # Sums of the same numbers in another order differ in their last bits.
        assert [(link.skill, round(link.confidence, 9)) for link in one.links] == [
            (link.skill, round(link.confidence, 9)) for link in other.links
        ]


WORDS_OF_NAMES = "fix Fix fixing fan Fan fans door pump pumps of motor Motor seal".split()
FEW_WORDS = st.lists(st.sampled_from(WORDS_OF_NAMES), min_size=1, max_size=4).map(" ".join)
MANY_WORDS = st.lists(st.sampled_from([*WORDS_OF_NAMES, "fna", "moto", "pmup,"]), min_size=1, max_size=14).map(" ".join)
SOME_SKILLS = st.lists(
    st.builds(
        Skill,
        st.sampled_from([f"s{number}" for number in range(12)]),
        FEW_WORDS,
        description=MANY_WORDS,
        alt_names=st.lists(FEW_WORDS, max_size=3).map(tuple),
    ),
    max_size=12,
    unique_by=lambda skill: skill.id,
)
SOME_CORRECTIONS = st.lists(
    st.builds(Correction, FEW_WORDS, st.sampled_from(["s0", "s1", "s2"]), st.booleans()),
    max_size=12,
    unique_by=lambda one: (one.text, one.skill),
)


@settings(max_examples=200, deadline=None)
@given(SOME_SKILLS, SOME_CORRECTIONS, MANY_WORDS, st.randoms())
def test_neither_order_changes_a_bit(
    skills: list[Skill], corrections: list[Correction], text: str, rng: random.Random
) -> None:
    grown = Linker()
    steps: list[Skill | Correction] = [*skills, *corrections]
    rng.shuffle(steps)
    for step in steps:
        if isinstance(step, Skill):
            grown.add(step)
        else:
            grown.correct(step)
    assert grown.link(text, 20) == Linker(skills, corrections=corrections).link(text, 20)


@pytest.mark.parametrize(
    ("text", "word", "clause"),
    [
        ("Fan is loud, no fault on display; call first", "fault", "no fault on display"),
        ("<p>The  fan\tof the <b>oven</b> rattles</p>\nIt hums", "oven", "of the oven rattles"),
        ("fans", "fans", "fans"),
    ],
)
def test_a_clause_is_what_stands_between_two_breaks(text: str, word: str, clause: str) -> None:
    start = text.index(word)
    assert clause_of(text, [(start, start + len(word))]) == clause


def test_words_of_several_clauses_have_what_stands_between_them() -> None:
    assert clause_of("a fan, a door and a pump", [(2, 5), (18, 24)]) == "a fan, a door and a pump"
    assert clause_of("...", [(0, 3)]) == ""


def test_of_two_learned_names_that_fit_as_well_the_same_one_is_shown_whichever_came_first() -> None:
    said = [Correction("Squeaky Lid", "leak", True), Correction("squeaky lid", "leak", True)]
    one, other = (Linker(SKILLS, corrections=order).link("a squeaky lid") for order in (said, said[::-1]))
    assert one == other
    assert one.links[0].via == "Squeaky Lid"


def test_a_text_that_is_a_name_of_a_skill_means_it_however_common_its_words():
    """Three skills make every word a common one; what is called so by two of them is either."""
    skills = [
        Skill("cool", "Cooling", alt_names=("Kälte", "Technik")),
        Skill("heat", "Heating", alt_names=("Technik",)),
    ]
    linker = Linker([*skills, Skill("el", "Electrics")])
    assert linker.link("kälte").links[0].confidence > 0.95
    assert [round(link.confidence, 1) for link in linker.link("Technik").links] == [0.9, 0.9]
    linker.correct(Correction("Technik", "heat", accepted=False))
    assert linker.link("Technik").links[0].skill == "cool"
