"""Which names of a taxonomy may name the same thing: candidates by keys and by pieces of letters, never all pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, combinations
from typing import Any

import numpy as np

from skillmatch.model import Skill
from skillmatch.skills.linking.index import MOST_NAMES, Index
from skillmatch.skills.linking.vocabulary import pieces
from skillmatch.skills.linking.words import keys

MOST_IN_GROUP = 30
"""A name that so many skills have tells nothing; looking at all of their pairs would take long."""
MOST_WITH_PIECE = 300
"""Pieces of letters that more names have than this are left out of the comparison of names."""
ALIKE = 0.6
NEAREST = 8
ROWS = 512
SHORTEST_TYPO = 5
INITIALS = range(2, 8)


@dataclass(frozen=True, slots=True)
class Name:
    """A name of the skill with number `skill`; `full` when it is the name and not another name of it."""

    skill: int
    text: str
    full: bool
    words: tuple[str, ...]
    """As they are compared, without those that say nothing by themselves."""
    stems: tuple[str, ...]

    @classmethod
    def of(cls, text: str, skill: int = 0, *, full: bool = True) -> Name:
        """Return a name with its words."""
        words = tuple(keys(text))
        return cls(skill, text, full, words, tuple(map(stem, words)))


def names_of(skills: Sequence[Skill]) -> list[Name]:
    """Return all names of the skills that have a word in them, each once for a skill."""
    found: dict[tuple[int, str], Name] = {}
    for number, skill in enumerate(skills):
        for place, text in enumerate((skill.name, *skill.alt_names[:MOST_NAMES])):
            if (number, text.casefold()) not in found:
                found[number, text.casefold()] = Name.of(text, number, full=place == 0)
    return [name for name in found.values() if name.words]


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return a word without the ending of its plural or genitive.

    >>> stem("pumps"), stem("batteries"), stem("gas"), stem("switches")
    ('pump', 'battery', 'gas', 'switch')
    """
    word = word.removesuffix("'s").removesuffix("’s")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 5 and word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def initials(name: Name) -> Iterator[str]:
    """Yield the first letters of a name of several words, with and without those that say nothing by themselves."""
    whole = tuple(part for part in name.text.lower().replace("-", " ").split() if part[0].isalpha())
    for words in (whole, name.words):
        if len(words) in INITIALS:
            yield "".join([word[0] for word in words])


def candidates(skills: Sequence[Skill], names: Sequence[Name]) -> dict[tuple[int, int], list[tuple[Name, Name]]]:
    """Return the pairs of skills, by their numbers, that may be one, with the `names` of theirs that speak for it.

    Names with the same words, letters, or letters but one; initials; and names with like pieces of letters in words
    that are rare. Time grows with the number of names and how many share a piece, not with its square.
    """
    found: dict[tuple[int, int], dict[tuple[str, str], tuple[Name, Name]]] = {}
    for one, other in chain(_same(names), _near(skills, [name for name in names if name.full])):
        if one.skill != other.skill:
            pair = (one, other) if one.skill < other.skill else (other, one)
            found.setdefault((pair[0].skill, pair[1].skill), {})[pair[0].text, pair[1].text] = pair
    return {pair: list(own.values()) for pair, own in found.items()}


def _same(names: Sequence[Name]) -> Iterator[tuple[Name, Name]]:
    """Yield names that have a key in common."""
    by_key: dict[object, list[Name]] = {}
    for name in names:
        for key in set(_keys_of(name)):
            by_key.setdefault(key, []).append(name)
    for group in by_key.values():
        if 1 < len(group) <= MOST_IN_GROUP:
            yield from combinations(group, 2)


def _keys_of(name: Name) -> Iterator[object]:
    letters = "".join(name.words)
    yield tuple(sorted(name.stems))
    yield letters
    if len(name.words) == 1 and len(letters) in INITIALS:
        yield ("initials", letters)
    for short in initials(name) if name.full else ():
        yield ("initials", short)
    if name.full and len(letters) >= SHORTEST_TYPO:
        # Two texts that differ in one letter, or in two that changed places, become the same when one is left out.
        for place in range(len(letters)):
            yield hash(letters[:place] + letters[place + 1 :])
        yield hash(letters)


def _near(skills: Sequence[Skill], names: Sequence[Name]) -> Iterator[tuple[Name, Name]]:
    """Yield each name with those that have the most in common with it, by pieces of letters."""
    vectors = _vectors(skills, names)
    turned = vectors.T.tocsr()
    for start in range(0, len(names), ROWS):
        block = (vectors[start : start + ROWS] @ turned).tocsr()
        for row in range(block.shape[0]):
            here = slice(block.indptr[row], block.indptr[row + 1])
            others, likeness = block.indices[here], block.data[here]
            kept = np.flatnonzero(likeness >= ALIKE)
            kept = kept[np.argsort(-likeness[kept], kind="stable")][: NEAREST + 1]
            for other in others[kept]:
                yield names[start + row], names[other]


def _vectors(skills: Sequence[Skill], names: Sequence[Name]) -> Any:
    """Return names by pieces of their words, (names, pieces), of length 1; each word counts as much as it is rare."""
    from scipy import sparse

    index = Index()
    for skill in skills:
        index.add(Skill(skill.id, skill.name))
    rarity, places = index.arrays.rarity, index.vocabulary.places
    numbers: dict[str, int] = {}
    own: dict[str, list[int]] = {}
    rows, columns, weights = [], [], []
    for row, name in enumerate(names):
        for word in name.words:
            if word not in own:
                own[word] = [numbers.setdefault(piece, len(numbers)) for piece in sorted(set(pieces(word)))]
            rows += [row] * len(own[word])
            columns += own[word]
            weights += [rarity[places[word]] / np.sqrt(len(own[word]))] * len(own[word])
    found = sparse.csr_matrix((weights, (rows, columns)), (len(names), len(numbers)))
    size = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
    found = sparse.diags(1.0 / np.maximum(size, 1e-9)) @ found
    used = np.bincount(found.indices, minlength=len(numbers))
    return found[:, np.flatnonzero(used <= MOST_WITH_PIECE)].tocsr()


def words_used(names: Iterable[Name]) -> Counter[str]:
    """Return in how many skills each word occurs, without the endings of plurals."""
    return Counter(word for _skill, word in {(name.skill, word) for name in names for word in name.stems})
