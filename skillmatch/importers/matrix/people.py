"""Names as people write them to workers: ids, other orders, no accents, initials, surnames, small misspellings."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from skillmatch.importers.matrix.grid import tidy
from skillmatch.model import Worker

SURE = 0.7
"""From this confidence on somebody is taken for a worker."""
SPELT_ALIKE = 0.84
"""Names whose letters agree less than this are not the same name misspelt."""
SUGGESTED = 0.55
AS_GOOD = 0.03
"""Two names that are this close to each other are equally good."""
MOST_SUGGESTED, MOST_COMPARED = 3, 12
REMEMBERED = 200_000
MOST_SEARCHES = 1_500
"""So many names are compared letter by letter; with more strangers than that the sheet is of another company."""

_WORD = re.compile(r"[^\W_]+")
_TITLES = frozenset("dr prof mr mrs ms miss herr frau ing dipl".split())
_SPLIT = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


@dataclass(frozen=True, slots=True)
class Found:
    """A worker who may be meant, how sure that is from 0 to 1, and by what."""

    worker: str
    name: str
    confidence: float
    how: str


def folded(name: str, *, german: bool = False) -> tuple[str, ...]:
    """Return the words of a name in one order, in small letters without accents and titles.

    >>> folded("Müller, Dr. Anna"), folded("Müller, Anna", german=True)
    (('anna', 'muller'), ('anna', 'mueller'))
    """
    text = unicodedata.normalize("NFC", name).casefold()
    text = unicodedata.normalize("NFKD", text.translate(_GERMAN) if german else text).translate(_SPLIT)
    words = _WORD.findall("".join(letter for letter in text if not unicodedata.combining(letter)))
    return tuple(sorted(word for word in words if word not in _TITLES)) or tuple(sorted(words))


class People:
    """The workers of a company, found by what a sheet calls them.

    Parameters
    ----------
    workers
        Everybody who may be meant.
    chosen
        What somebody has decided already: a text of the sheet to the id of a worker, or to nothing.
    """

    def __init__(self, workers: Iterable[Worker], chosen: Mapping[str, str] | None = None) -> None:
        self.workers = {worker.id: worker for worker in workers}
        self.chosen = {tidy(text): worker for text, worker in (chosen or {}).items()}
        self._ids = {id.casefold(): id for id in self.workers}
        self._names: dict[str, set[str]] = {}
        self._folded: dict[tuple[str, ...], set[str]] = {}
        self._by_word: dict[str, set[str]] = {}
        self._by_pieces: dict[str, list[str]] = {}
        self._by_initials: dict[str, set[str]] = {}
        self._memo: dict[str, tuple[Found, ...]] = {}
        self._searches = 0
        for worker in self.workers.values():
            self._enter(worker)

    def _enter(self, worker: Worker) -> None:
        self._names.setdefault(tidy(worker.name), set()).add(worker.id)
        for words in _ways(worker.name):
            self._folded.setdefault(words, set()).add(worker.id)
            self._by_initials.setdefault("".join(sorted(word[0] for word in words)), set()).add(worker.id)
            for word in words:
                self._by_word.setdefault(word, set()).add(worker.id)
                if len(word) > 1:
                    self._by_word.setdefault(word[0], set()).add(worker.id)
            for piece in _pieces(words):
                self._by_pieces.setdefault(piece, []).append(worker.id)

    def plainly(self, text: str) -> tuple[str, bool] | None:
        """Return the one worker with this id or name, and whether by name; what is needed to see where people are."""
        if self.chosen.get(text):
            return self.chosen[text], True
        for known in (self._names.get(text), self._folded.get(folded(text))):
            if known and len(known) == 1:
                return next(iter(known)), True
        id = text if text in self.workers else self._ids.get(text.casefold())
        return None if id is None else (id, False)

    def find(self, text: str) -> tuple[Found, ...]:
        """Return who may be meant, best first; the first is meant unless the second is as good."""
        found = self._memo.get(text)
        if found is None:
            if len(self._memo) >= REMEMBERED:
                self._memo.clear()
            found = self._memo[text] = self._look(text)
        return found

    def _look(self, text: str) -> tuple[Found, ...]:
        if text in self.workers:
            return self._all({text}, 1.0, "id")
        if known := self._names.get(text):
            return self._all(known, 1.0, "name")
        if id := self._ids.get(text.casefold()):
            return self._all({id}, 0.99, "id")
        ways = _ways(text)
        if known := {id for words in ways for id in self._folded.get(words, ())}:
            return self._all(known, 0.97, "name, in another order or spelling")
        return self._in_part(text, ways) or self._misspelt(ways)

    def _all(self, ids: Iterable[str], confidence: float, how: str) -> tuple[Found, ...]:
        return tuple(Found(id, self.workers[id].name, confidence, how) for id in sorted(ids))

    def _in_part(self, text: str, ways: Iterable[tuple[str, ...]]) -> tuple[Found, ...]:
        """Return workers of whose names a part is written: a surname, initials, no middle name."""
        for words in ways:
            long = [word for word in words if len(word) > 1]
            if long:
                among = set.intersection(*(self._by_word.get(word, set()) for word in words))
                if among:
                    how = "initial and name" if len(long) < len(words) else "part of the name"
                    return self._all(among, 0.9 if len(words) > 1 else 0.8, how)
                # A middle name that only the sheet knows.
                shorter = {id for word in long for id in self._folded.get(tuple(w for w in words if w != word), ())}
                if shorter and len(words) > 2:
                    return self._all(shorter, 0.85, "name, with one word more")
        letters = [word for words in ways for word in words]
        code = "".join(_WORD.findall(text))
        if 2 <= len(code) <= 4 and sum(map(str.isupper, code)) >= 2 and max(map(len, letters), default=0) <= len(code):
            return self._all(self._by_initials.get("".join(sorted(code.casefold())), ()), 0.75, "initials")
        return ()

    def _misspelt(self, ways: Iterable[tuple[str, ...]]) -> tuple[Found, ...]:
        best: dict[str, float] = {}
        self._searches += 1
        for words in ways if self._searches <= MOST_SEARCHES else ():
            if sum(map(len, words)) < 4:
                continue
            shared = Counter(id for piece in _pieces(words) for id in self._by_pieces.get(piece, ()))
            for id, _count in shared.most_common(MOST_COMPARED):
                alike = max(_alike(words, other) for other in _ways(self.workers[id].name))
                best[id] = max(best.get(id, 0.0), alike)
        near = sorted(best, key=lambda id: (-best[id], id))
        near = [id for id in near if best[id] >= SUGGESTED][:MOST_SUGGESTED]
        return tuple(
            Found(
                id,
                self.workers[id].name,
                round(0.9 * best[id] if best[id] >= SPELT_ALIKE else 0.6 * best[id], 3),
                "name, spelt in another way" if best[id] >= SPELT_ALIKE else "somewhat alike",
            )
            for id in near
        )


def _ways(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of a name, with ü as u and as ue."""
    ways = (folded(name), folded(name, german=True))
    return (ways[:1] if ways[0] == ways[1] else ways) if ways[0] else ()


def _pieces(words: tuple[str, ...]) -> set[str]:
    """Return the pieces of three letters of the words of a name."""
    return {marked[start : start + 3] for word in words for marked in (f"^{word}$",) for start in range(len(word))}


def _alike(words: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Return how alike two names are, each word beside the one that is most like it."""
    if len(words) != len(other):
        return SequenceMatcher(None, " ".join(words), " ".join(other), autojunk=False).ratio()
    matcher = SequenceMatcher(autojunk=False)
    total, rest = 0.0, list(other)
    for word in words:
        matcher.set_seq2(word)
        ratios = []
        for each in rest:
            matcher.set_seq1(each)
            ratios.append(matcher.ratio())
        place = ratios.index(max(ratios))
        total += ratios[place] * (len(word) + len(rest.pop(place)))
    return total / (sum(map(len, words)) + sum(map(len, other)))
