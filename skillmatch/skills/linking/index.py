"""Every name and description of a taxonomy as words, in arrays that grow by one skill without being made anew."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from skillmatch.model import Skill
from skillmatch.skills.linking.vocabulary import Vocabulary
from skillmatch.skills.linking.words import clean, keys

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

ASIDE = re.compile(r"\s*\([^)]*\)")
FULL, OTHER, LEARNED = 0, 1, 2
LEAST_RARITY = 0.1
MOST_NAMES = 60
"""More alternative names than this are left out: no taxonomy known to us has so many that mean anything."""


@dataclass(frozen=True, slots=True)
class Arrays:
    """What is calculated with. Names are (words, names), texts (words, skills): scipy.sparse by row."""

    names: Any
    texts: Any
    rarity: Floats
    """How much a word says, (words,): log of the inverse share of skills that use it, scaled to `LEAST_RARITY` to 1."""
    skill_of: Places
    """The skill of each name, (names,)."""
    sort_of: Places
    starts: Places
    """Where the words of each name begin, (names + 1,)."""
    words: Places
    mass: Floats
    """Sum of the rarities of a name's words, (names,)."""
    alphabet: Places
    """The place of each word in the alphabet, (words,)."""
    turn: Places
    """Which name goes first where a skill has several that fit as well, (names,): learned ones last, by text."""


class Index:
    """The names of skills by number. `arrays` is made when it is next needed after something was added."""

    def __init__(self) -> None:
        self.vocabulary = Vocabulary()
        self.skills: list[Skill] = []
        self.place_of: dict[str, int] = {}
        self.names: list[str] = []
        self._called: dict[tuple[int, ...], set[int]] = {}
        # Numbers in a row rather than objects: a hundred thousand names are added in a second, and hold little.
        self._skill_of, self._sort_of = array("q"), array("q")
        self._name_words, self._name_starts = array("q"), array("q", [0])
        self._text_words, self._text_starts = array("q"), array("q", [0])
        self._arrays: Arrays | None = None

    def add(self, skill: Skill) -> int:
        """Add one skill and return its number."""
        number = self.place_of[skill.id] = len(self.skills)
        self.skills.append(skill)
        self._arrays = None
        for sort, text in self._ways(skill):
            self._text_words.extend(self.call(number, text, sort))
        self._text_words.extend(self.number(keys(clean(skill.description))))
        self._text_starts.append(len(self._text_words))
        return number

    def call(self, skill: int, text: str, sort: int) -> list[int]:
        """Add one more name of a skill and return its words; a text without words names nothing."""
        found = self.number(keys(text))
        if found:
            self.names.append(text)
            self._called.setdefault(tuple(found), set()).add(skill)
            self._skill_of.append(skill)
            self._sort_of.append(sort)
            self._name_words.extend(found)
            self._name_starts.append(len(self._name_words))
        return found

    def number(self, words: Iterable[str]) -> list[int]:
        """Return the numbers of words, those added that are new."""
        self._arrays = None
        return [self.vocabulary.place(word) for word in words]

    def called(self, words: Iterable[str]) -> set[int]:
        """Return the skills of which one name is just these words, in this order."""
        places = self.vocabulary.places
        return self._called.get(tuple(places.get(word, -1) for word in words), set())

    def words_of(self, name: int) -> list[int]:
        """Return the words of a name by their numbers."""
        return list(self._name_words[self._name_starts[name] : self._name_starts[name + 1]])

    @staticmethod
    def _ways(skill: Skill) -> list[tuple[int, str]]:
        """Return the names of a skill, once each; what a name says aside in brackets may be missing."""
        found: dict[str, tuple[int, str]] = {}
        for sort, text in chain([(FULL, skill.name)], ((OTHER, other) for other in skill.alt_names[:MOST_NAMES])):
            found.setdefault(text.lower(), (sort, text))
            if "(" in text:
                bare = ASIDE.sub("", text).strip()
                found.setdefault(bare.lower(), (sort, bare))
        return list(found.values())

    @property
    def arrays(self) -> Arrays:
        """Return the arrays over all skills added so far."""
        if self._arrays is None:
            self._arrays = self._made()
        return self._arrays

    def _made(self) -> Arrays:
        from scipy import sparse

        size = len(self.vocabulary)
        starts, words = np.array(self._name_starts), np.array(self._name_words)
        text_starts, text_words = np.array(self._text_starts), np.array(self._text_words)
        skill_of = np.array(self._skill_of)
        texts = sparse.csr_matrix((np.ones(len(text_words)), text_words, text_starts), (len(self.skills), size))
        texts.sum_duplicates()
        used = np.bincount(texts.indices, minlength=size)
        # From 0 to 1 whatever the size of the taxonomy, so that weights learned on a large one hold for a small one.
        scale = np.log(2.0 * (len(self.skills) + 1.0))
        rarity = np.maximum(np.log((len(self.skills) + 1.0) / (used + 0.5)) / scale, LEAST_RARITY)
        weights = rarity[words]
        mass = np.add.reduceat(weights, starts[:-1]) if len(words) else np.zeros(0)
        names = sparse.csr_matrix((weights, words, starts), (len(self.names), size))
        lengths = np.repeat(np.diff(texts.indptr), np.diff(texts.indptr)).astype(float)
        usual = max(len(text_words) / max(len(self.skills), 1), 1.0)
        # Weights of BM25 with k1 = 1.2 and b = .75 (Robertson and Zaragoza, 2009).
        texts.data = rarity[texts.indices] * 2.2 * texts.data / (texts.data + 1.2 * (0.25 + 0.75 * lengths / usual))
        sorts = np.array(self._sort_of)
        # By word: a text has few words, so few rows are read.
        names, texts = names.T.tocsr(), texts.T.tocsr()
        return Arrays(names, texts, rarity, skill_of, sorts, starts, words, mass, self._alphabet(), self._turn())

    def _alphabet(self) -> Places:
        words = list(self.vocabulary.places)
        places = np.empty(len(words), np.int64)
        places[sorted(range(len(words)), key=words.__getitem__)] = np.arange(len(words))
        return places

    def _turn(self) -> Places:
        turn = np.arange(len(self.names))
        learned = sorted(np.flatnonzero(np.array(self._sort_of) == LEARNED).tolist(), key=self.names.__getitem__)
        turn[learned] = len(turn) + np.arange(len(learned))
        return turn
