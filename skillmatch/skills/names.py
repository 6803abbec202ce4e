"""In which way two names say the same, in words and as a chance."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from skillmatch.skills.linking.pairs import Name, initials
from skillmatch.skills.linking.words import FRAME, WORD, folded, keys
from skillmatch.wording import said, said_list

NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
ENDINGS = frozenset(
    ("", "e", "ed", "er", "ers", "ing", "ings", "ion", "ions", "ation", "ations", "al", "ally", "ment", "or", "ors")
)
SHORTEST_ROOT = 4
MOST_MISSPELT = 2
"""Words of one name; with more, two names hardly have anything in common."""
OPPOSITES = frozenset("without no not non except excluding".split())


class Alike(NamedTuple):
    """How sure it is, by two names alone, that they mean the same, and why, in words."""

    chance: float
    why: str


def compare(one: Name, other: Name, used: Mapping[str, int]) -> Alike | None:
    """Return in which way two names say the same; None when they do not.

    Parameters
    ----------
    used
        In how many skills a word, without the ending of its plural, occurs: a word that is only there once may be
        misspelt, two that others use as well are two words.
    """
    if one.stems == other.stems:
        if one.text.casefold() == other.text.casefold():
            return Alike(0.97, said("the same name"))
        most, least = max(map(_length, (one, other))), min(map(_length, (one, other)))
        if most != least:  # words that say little by themselves may still say it all: "well-being", "own"
            return Alike(0.85 * (len(one.words) / most) ** 0.5, said("the same but for small words"))
        if one.words != other.words:
            return Alike(0.92, said("the same but for singular and plural"))
        return Alike(0.95, said("the same but for capitals and signs"))
    if "".join(one.words) == "".join(other.words):
        return Alike(0.94, said("the same but for blanks and hyphens"))
    if sorted(one.stems) == sorted(other.stems):
        return Alike(0.88, said("the same words in another order"))
    if _short_for(one, other) or _short_for(other, one):
        return Alike(0.6, said("one has the initials of the other"))
    return _nearly(one.stems, other.stems, used)


def _length(name: Name) -> int:
    return len(WORD.findall(name.text))


def numbers(text: str) -> frozenset[str]:
    """Return what tells sizes and classes apart in a name: numbers, also Roman ones, and single letters.

    >>> sorted(numbers("inverters up to 2,5 kW, class B, part II"))
    ['2', '2.5', 'b']
    """
    found = {number.replace(",", ".") for number in NUMBER.findall(text)}
    single = [word for word in keys(text) if len(word) == 1 and word.isalpha()]
    roman = [ROMAN[word] for word in keys(text) if word in ROMAN]
    return frozenset({*found, *(letter for letter in single if letter not in ROMAN), *roman})


def negations(text: str) -> frozenset[str]:
    """Return the words of a name by which it excludes what it names."""
    return OPPOSITES.intersection(WORD.findall(text.lower()))


def _short_for(short: Name, long: Name) -> bool:
    # A short word in small letters is hardly ever meant as initials.
    return long.full and len(short.words) == 1 and short.text.strip().isupper() and short.words[0] in initials(long)


def _nearly(left: Sequence[str], right: Sequence[str], used: Mapping[str, int]) -> Alike | None:
    only_left = [word for word in left if word not in right]
    only_right = [word for word in right if word not in left]
    if not only_left or not only_right:
        extra = only_left or only_right
        framing = extra and len(extra) < max(len(left), len(right)) and FRAME.issuperset(extra)
        return Alike(0.55, said("one only adds {words}", words=_listed(extra))) if framing else None
    if len(only_left) > MOST_MISSPELT or len(only_left) != len(only_right):
        return None
    product, whys = 1.0, []
    for word, match in zip(*_matched(only_left, only_right), strict=True):
        found = _word(word, match, used)
        if found is None:
            return None
        product *= found.chance
        whys.append(found.why)
    return Alike(product, said_list(whys, "; "))


def _matched(left: list[str], right: list[str]) -> tuple[list[str], list[str]]:
    """Return the words beside those that they are nearest to."""
    if len(left) == 2 and distance(left[0], right[0]) > distance(left[0], right[1]):
        return left, right[::-1]
    return left, right


def _word(one: str, other: str, used: Mapping[str, int]) -> Alike | None:
    """Return in which way two words of two names are the same one."""
    root = _root(one, other)
    if len(root) >= SHORTEST_ROOT and one[len(root) :] in ENDINGS and other[len(root) :] in ENDINGS:
        return Alike(0.7, said("{one!r} and {other!r} are forms of one word", one=one, other=other))
    if any(character.isdigit() for character in one + other):
        return None
    short, long = sorted((folded(one), folded(other)), key=len)
    allowed = 2 if len(short) >= 8 else 1 if len(short) >= 4 else 0
    if len(long) - len(short) > allowed or len(set(short) ^ set(long)) > 2 * allowed:
        return None
    found = distance(short, long)
    if found > allowed:
        return None
    # A letter too many, too few or in the wrong place is a slip; another letter, above all the first, another word.
    slip = found == 1 and (len(short) != len(long) or sorted(short) == sorted(long))
    chance = 0.85 if slip else 0.55 if short[0] == long[0] else 0.3
    alone = min(used.get(one, 0), used.get(other, 0)) <= 1
    return Alike(chance if alone else 0.4 * chance, said("{one!r} is spelt nearly as {other!r}", one=one, other=other))


def _root(one: str, other: str) -> str:
    size = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    return one[: min(len(one), len(other)) if size is None else size]


def distance(one: str, other: str) -> int:
    """Return how many letters must be added, left out, changed, or swapped with the next, to make one of the other.

    Optimal string alignment (Boytsov, 2011).

    >>> distance("compresor", "compressor"), distance("valve", "vavle"), distance("import", "export")
    (1, 1, 2)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        last, before, row = before, row, [i, *([0] * len(other))]
        for j, match in enumerate(other, start=1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != match))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == match:
                row[j] = min(row[j], last[j - 2] + 1)
    return row[-1]


def _listed(words: list[str]) -> str:
    return ", ".join(map(repr, words))
