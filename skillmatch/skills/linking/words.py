"""From a text in anybody's words to words with their places, cut into the clauses that may each speak of a skill."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

MOST_CHARACTERS = 20_000
"""A longer text is read up to here, and the answer says so."""

TAG = re.compile(r"<(?:!--.*?--|/?[a-zA-Z][^<>]{0,300})>", re.DOTALL)
ENTITY = re.compile(r"&(?:[a-zA-Z]{2,12}|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
# Control characters, marks without a width and marks of direction, of which none is part of a word.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\xa0\u200b-\u200f\u2028-\u202e\ufeff]")
# A word may keep marks that belong to a name: C#, C++, .NET, Node.js, R&D; hyphens and slashes part words.
WORD = re.compile(r"(?<!\w)\.[a-z]\w*|[^\W_]+(?:[.&'’][^\W_]+)*(?:\+\+|#)?", re.IGNORECASE)
BREAK = re.compile(r"[,;:|•*()\[\]{}\n\t!?\"/]|\.(?=\s|$)|\s[-–—]\s")
JOINTS = frozenset("and or including plus etc".split())
"""Words that part one demand from the next."""
MOST_WORDS = 40
"""A clause with more words is cut, and so many are looked at together."""

EMPTY = frozenset(
    "a an the of in on at to for with by from as is are be been being was were will would can could should must may "
    "might do does did has have had and or not no nor but if than that this these those it its you your we our us "
    "they their he she his her i me my who which what when where while how all any each other such own same so "
    "too very well just also about above across after against along among around before between both during either "
    "etc into more most off only out over per plus then there through under until up upon via within without "
    "e.g i.e".split()
)
"""Words that carry no skill by themselves."""

FRAME = frozenset(
    "ability able advanced applicant background basic benefit candidate capable certificate certified competence "
    "competency competent comfortable course degree demonstrated desirable deep equivalent excellent experience "
    "experienced expert expertise exposure extensive fluent familiar familiarity good great ideal job join junior "
    "knowledge level looking minimum must need needed nice position preferable preferred prior proficiency proficient "
    "proven qualification qualified related relevant required requirement requirements responsibilities responsible "
    "role senior similar skill skilled skills solid strong strongly sound team technician understanding welcome "
    "working year years".split()
)
"""Words with which people say that a skill is meant, not which."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word: as it is compared, where it stands in the text, and the number of its clause."""

    key: str
    start: int
    end: int
    clause: int


def clean(text: str) -> str:
    """Return the text that is read, with blanks for mark-up and control characters so that every place stays the same.

    >>> clean("Repair&nbsp;<b>fans</b>")
    'Repair         fans    '
    """
    text = text[:MOST_CHARACTERS]
    if "<" in text:
        text = TAG.sub(lambda found: " " * len(found.group()), text)
    if "&" in text:
        text = ENTITY.sub(lambda found: html.unescape(found.group())[:1].ljust(len(found.group())), text)
    return CONTROL.sub(" ", text)


def folded(word: str) -> str:
    """Return a word as it is compared: small letters without accents.

    >>> folded("Kältetechnik"), folded("ＨＶＡＣ")
    ('kaltetechnik', 'hvac')
    """
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)) or word


def keys(text: str) -> list[str]:
    """Return the words of a name as they are compared, without the empty ones unless it has no others.

    >>> keys("Maintain C++ and .NET code")
    ['maintain', 'c++', '.net', 'code']
    """
    found = WORD.findall(text.lower()) if text.isascii() else [folded(word) for word in WORD.findall(text)]
    return [word for word in found if word not in EMPTY] or found


def read(text: str) -> tuple[Word, ...]:
    """Return the words of a text that `clean` gave, in order, without the empty ones unless there are no others."""
    words = tuple(_all_words(text))
    return tuple(word for word in words if word.key not in EMPTY) or words


def _all_words(text: str) -> Iterator[Word]:
    breaks = [found.start() for found in BREAK.finditer(text)]
    clause = passed = size = 0
    for found in WORD.finditer(text):
        key = folded(found.group())
        before = passed
        while passed < len(breaks) and breaks[passed] < found.start():
            passed += 1
        if passed > before or key in JOINTS or size == MOST_WORDS:
            clause, size = clause + 1, 0
        yield Word(key, found.start(), found.end(), clause)
        size += 1


def clause_of(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return the clause of a text that holds some of its words, or the clauses, with what stands between them.

    >>> clause_of("Fan is loud, no fault on display; call first", [(13, 15)])
    'no fault on display'
    """
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    cleaned = clean(text)
    words = list(_all_words(cleaned))
    held = {word.clause for word in words if word.start < last and first < word.end}
    own = [word for word in words if word.clause in held]
    return " ".join(cleaned[own[0].start : own[-1].end].split()) if own else ""


def blocks(words: Sequence[Word]) -> Iterator[tuple[Sequence[Word], list[list[int]]]]:
    """Yield clauses that follow each other, up to `MOST_WORDS` words together, and the places of each clause in them.

    The last list of places is that of all words.
    """
    block: list[Word] = []
    for _number, clause in groupby(words, key=attrgetter("clause")):
        own = list(clause)
        if block and len(block) + len(own) > MOST_WORDS:
            yield block, _parts(block)
            block = []
        block = block + own
    if block:
        yield block, _parts(block)


def _parts(words: Sequence[Word]) -> list[list[int]]:
    found = [list(own) for _number, own in groupby(range(len(words)), key=lambda place: words[place].clause)]
    return [*found, list(range(len(words)))] if len(found) > 1 else found
