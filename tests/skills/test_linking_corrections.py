"""What people said about links changes the next ones."""

from __future__ import annotations

from skillmatch.model import Skill
from skillmatch.skills.linking import Correction, Linker
from tests.skills.test_linking import SKILLS, best, ids


def confidence(linker: Linker, text: str, skill: str) -> float:
    return next((link.confidence for link in linker.link(text, len(SKILLS)).links if link.skill == skill), 0.0)


def test_an_accepted_link_teaches_words_that_no_name_has() -> None:
    assert "compressor" not in ids(Linker(SKILLS).link("unit trips on high head"))
    linker = Linker(SKILLS, corrections=[Correction("trips on high head", "compressor", True)])
    found = linker.link("The unit trips on high head again").links[0]
    assert (found.skill, found.via) == ("compressor", "trips on high head")
    assert found.confidence > 0.5
    assert best("tripping on high heads", linker) == "compressor"


def test_a_rejected_link_falls_behind_and_only_for_such_words() -> None:
    before, after = Linker(SKILLS), Linker(SKILLS, corrections=[Correction("wiring a garden lamp", "wiring", False)])
    text = "wiring a garden lamp"
    assert confidence(after, text, "wiring") < 0.3 * confidence(before, text, "wiring")
    # One more text widens the vocabulary, not what is known of other words.
    assert confidence(after, "control wiring", "wiring") == confidence(before, "control wiring", "wiring")


def test_who_says_it_twice_is_heard_more() -> None:
    sure = [confidence(Linker(SKILLS, corrections=[Correction("gas work", "brazing", True)] * n), "gas work", "brazing")
            for n in (0, 1, 3)]  # fmt: skip
    assert sure == sorted(set(sure))


def test_accepted_and_rejected_weigh_against_each_other() -> None:
    yes, no = Correction("gas work", "brazing", True), Correction("gas work", "brazing", False)
    one, both, many = (confidence(Linker(SKILLS, corrections=c), "gas work", "brazing")
                       for c in ([yes], [yes, no], [yes, no, no, no]))  # fmt: skip
    assert one > both > many


def test_a_correction_counts_at_once_and_as_if_it_had_always_been_there() -> None:
    corrections = [Correction("gas work", "brazing", True), Correction("brazing show", "brazing", False)]
    grown = Linker(SKILLS)
    grown.link("gas work")
    for correction in corrections:
        grown.correct(correction)
    built = Linker(SKILLS, corrections=corrections)
    for text in ("gas work", "brazing show", "leak detection"):
        assert grown.link(text) == built.link(text)


def test_a_correction_waits_for_its_skill() -> None:
    linker = Linker(SKILLS, corrections=[Correction("gas work", "gas", True)])
    assert linker.link("gas work").links == ()
    linker.add(Skill("gas", "Combustion appliances"))
    assert best("gas work", linker) == "gas"


def test_a_correction_without_words_is_no_trouble() -> None:
    linker = Linker(SKILLS, corrections=[Correction("?!", "leak", False)])
    assert linker.link("brazing") == Linker(SKILLS).link("brazing")
