"""The words of a taxonomy, and which of them a word somebody wrote may mean: inflected, joined or misspelt."""

from __future__ import annotations

from difflib import SequenceMatcher

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

SHORTEST, LONGEST = 3, 4
"""Lengths of the pieces of letters by which words are compared; a mark stands for where a word begins and ends."""
LEAST_ALIKE = 0.35
"""Words less alike than this have nothing to do with each other."""
MAYBE_ALIKE, SPELT_ALIKE = 0.15, 0.75
"""A word that nobody knows is compared letter by letter with the nearest ones; from the second on it is misspelt."""
COMPARED = 30
MISSPELT = 0.9
"""What a match of letters in order counts, against the same match of pieces."""
REMEMBERED = 20_000
"""So many words keep what they resemble; then all is forgotten and begun anew."""


def pieces(word: str) -> tuple[str, ...]:
    """Return the pieces of letters of a word.

    >>> pieces("fan")
    ('^fa', 'fan', 'an$', '^fan', 'fan$')
    """
    marked = f"^{word}$"
    return tuple(
        marked[start : start + size] for size in range(SHORTEST, LONGEST + 1) for start in range(len(marked) - size + 1)
    )


class Vocabulary:
    """Words numbered in the order they came, with the words that each one resembles."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}
        self._words: list[str] = []
        self._pieces: dict[str, int] = {}
        self._postings: list[list[int]] = []
        self._arrays: dict[int, Places] = {}
        self._lengths: list[float] = []
        self._sizes: Floats | None = None
        self._alike: dict[str, tuple[Places, Floats]] = {}

    def __len__(self) -> int:
        return len(self.places)

    def place(self, word: str) -> int:
        """Return the number of a word, which is added when it is new."""
        found = self.places.get(word)
        return self._add(word) if found is None else found

    def _add(self, word: str) -> int:
        place = self.places[word] = len(self.places)
        self._words.append(word)
        own = set(pieces(word))
        for piece in own:
            number = self._pieces.get(piece)
            if number is None:
                self._pieces[piece] = len(self._postings)
                self._postings.append([place])
            else:
                self._postings[number].append(place)
                self._arrays.pop(number, None)
        self._lengths.append(float(len(own)))
        self._sizes = None
        if self._alike:
            self._alike.clear()
        return place

    def alike(self, word: str) -> tuple[Places, Floats]:
        """Return the numbers of the words that `word` may mean, and how alike they are, from `LEAST_ALIKE` to 1.

        Cosine of the pieces of letters that two words have; a word that is there is itself with 1, and one that is not
        is compared by its letters in order as well.
        """
        found = self._alike.get(word)
        if found is None:
            if len(self._alike) >= REMEMBERED:
                self._alike.clear()
            found = self._alike[word] = self._compare(word)
        return found

    def _compare(self, word: str) -> tuple[Places, Floats]:
        own = set(pieces(word))
        known = [self._posting(self._pieces[piece]) for piece in own if piece in self._pieces]
        if not known:
            return np.zeros(0, np.int64), np.zeros(0)
        shared = np.bincount(np.concatenate(known), minlength=len(self.places))
        places = np.flatnonzero(shared)
        if self._sizes is None:
            self._sizes = np.array(self._lengths)
        lengths = self._sizes[places]
        likeness = shared[places] / np.sqrt(len(own) * lengths)
        exact = self.places.get(word)
        if exact is not None:
            likeness[places == exact] = 1.0
        else:
            self._compare_letters(word, places, likeness)
        kept = likeness >= LEAST_ALIKE
        return places[kept], np.minimum(likeness[kept], 1.0)

    def _compare_letters(self, word: str, places: Places, likeness: Floats) -> None:
        """Raise the likeness of words that differ by letters swapped, left out or put in, which breaks many pieces."""
        matcher = SequenceMatcher(autojunk=False, b=word)
        maybe = np.flatnonzero(likeness >= MAYBE_ALIKE).tolist()
        for number in sorted(maybe, key=lambda one: (-likeness[one], self._words[places[one]]))[:COMPARED]:
            matcher.set_seq1(self._words[places[number]])
            if matcher.quick_ratio() >= SPELT_ALIKE and (ratio := matcher.ratio()) >= SPELT_ALIKE:
                likeness[number] = max(likeness[number], MISSPELT * ratio)

    def _posting(self, number: int) -> Places:
        found = self._arrays.get(number)
        if found is None:
            found = self._arrays[number] = np.array(self._postings[number], np.int64)
        return found
