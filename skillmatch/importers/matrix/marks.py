"""Scales: what a mark in a cell says, as a level from 0 to 5. A blank cell says nothing and never comes here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from skillmatch.errors import Invalid
from skillmatch.scale import LEVEL_MAX, RUNGS

HELD = 3.0
"""The level that a plain cross stands for when nobody says another: does it alone."""

_NUMBER = re.compile(r"[0-9]{1,4}(?:[.,][0-9]{1,17})?")
_PERCENT = re.compile(r"([0-9]{1,4}(?:[.,][0-9]{1,17})?)\s?%")
_STARS = re.compile(r"([★⭐✭✮✯*]*)([☆✩]*)")
_RANGE = re.compile(r"([0-9]{1,4})\s?(?:-|–|to)\s?([0-9]{1,4})")
NONE_SIGNS = frozenset(("0", "-", "–", "—", "−"))
BALLS = {"○": 0.0, "◯": 0.0, "◔": 0.25, "◑": 0.5, "◐": 0.5, "◕": 0.75, "●": 1.0, "⬤": 1.0}
YES = frozenset("x × ✗ ✘ ✕ ✖ ❌ ✓ ✔ ☑ ☒ ✅ • ■ ● ⬤ yes y ja j oui si sí tak true wahr 1".split())
NO = frozenset("no n nein non nie false falsch ☐ □ ○ ◯".split())
HALF = frozenset(("(x)", "(✓)", "(✔)", "[x]", "/"))
CROSSED = frozenset("✗✘✕✖❌☒")
TICKED = frozenset("✓✔☑✅")

WORDS: dict[str, float] = {name: float(level) for level, name in enumerate(RUNGS)} | {
    word: level
    for level, words in (
        (0.0, "none; no knowledge; nothing; unskilled; kein; keine; keine kenntnisse; nicht vorhanden; ohne; aucun"),
        (1.0, "aware; awareness; beginner; novice; seen; learning; learner; in training; trainee; einsteiger; "
              "anfänger; neuling; in ausbildung; lernt; gesehen; débutant"),
        (2.0, "basic; basics; basis; low; fair; supervised; under supervision; grund; grundlagen; grundkenntnisse; "
              "basiswissen; niedrig; gering; mit hilfe; unter anleitung; notions"),
        (3.0, "good; medium; intermediate; competent; practitioner; independent; able; trained; solid; gut; mittel; "
              "selbständig; selbstständig; kann; alleine; allein; solide; bon; moyen"),
        (4.0, "very good; advanced; high; proficient; skilled; senior; strong; sehr gut; fortgeschritten; hoch; "
              "erfahren; très bon; avancé"),
        (5.0, "expert; excellent; master; trainer; teacher; can teach; can train; specialist; experte; expertin; "
              "profi; meister; spezialist; hervorragend; kann schulen"),
    )
    for word in words.split("; ")
}  # fmt: skip
"""Words people write for levels, in English, German and a little French."""

EXPECTED = {
    "stars": "stars such as ★★★ or ***",
    "crosses": "a cross, a tick, yes or no",
    "percent": "a percentage from 0 % to 100 %",
    "balls": "one of ○ ◔ ◑ ◕ ●",
    "plus": "+, ++ or +++ (or x, xx, xxx)",
    "words": "a word such as none, basic, good or expert",
}
CHOICES = "stars, stars-3, crosses, 1-5, 0-4, 1-10, A-D, percent, balls, plus, words"


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale of marks.

    Parameters
    ----------
    kind
        `stars`, `crosses`, `numbers`, `letters`, `percent`, `balls`, `plus` or `words`.
    top
        The best mark: so many stars, so much, so many letters.
    low
        The lowest number; where it is above `top`, small numbers are the good ones, as in school marks.
    held
        The level of a plain cross.
    crossed_is_no
        Whether ✗ is the contrary of ✓ rather than a cross for "has it".
    """

    kind: str
    top: float = 5.0
    low: float = 0.0
    held: float = HELD
    crossed_is_no: bool = False

    @property
    def name(self) -> str:
        """How the scale is called on the command line."""
        if self.kind == "numbers":
            return f"{self.low:g}-{self.top:g}"
        if self.kind == "letters":
            return f"A-{chr(64 + int(self.top))}"
        return f"{self.kind}-{self.top:g}" if self.kind in ("stars", "plus") else self.kind

    @property
    def expected(self) -> str:
        """What a mark looks like, for messages."""
        if self.kind == "numbers":
            low, high = sorted((self.low, self.top))
            return f"a number from {low:g} to {high:g}"
        return EXPECTED.get(self.kind) or f"a letter from A to {chr(64 + int(self.top))}"

    def level(self, mark: str) -> float | None:
        """Return the level from 0 to 5 that a mark says, or None when it is no mark of this scale."""
        share = _READERS[self.kind](self, mark)
        if share is not None:
            return share
        # A dash says "none" on every scale; a zero where the scale has no zero of its own.
        if mark in NONE_SIGNS and (mark != "0" or self.kind != "numbers"):
            return 0.0
        return None


def number_of(mark: str) -> float | None:
    """Return the number that a mark is, or None.

    >>> number_of("3,5"), number_of("nan"), number_of("3+")
    (3.5, None, None)
    """
    return float(mark.replace(",", ".")) if _NUMBER.fullmatch(mark) else None


def stars_of(mark: str) -> tuple[int, int] | None:
    """Return how many full and empty stars a mark has, or None when it is no stars.

    >>> stars_of("★★☆"), stars_of("***"), stars_of("3 stars")
    ((2, 1), (3, 0), None)
    """
    found = _STARS.fullmatch(mark.replace(" ", "").replace("\ufe0f", ""))
    return (len(found[1]), len(found[2])) if found and mark else None


def _part(value: float, scale: Scale) -> float | None:
    return LEVEL_MAX * value / scale.top if 0 <= value <= scale.top else None


def _stars(scale: Scale, mark: str) -> float | None:
    found = stars_of(mark)
    return None if found is None or sum(found) > scale.top else _part(found[0], scale)


def _plus(scale: Scale, mark: str) -> float | None:
    text = mark.replace(" ", "")
    return _part(len(text), scale) if text and set(text.casefold()) in ({"+"}, {"x"}) else None


def _numbers(scale: Scale, mark: str) -> float | None:
    value = number_of(mark)
    low, high = sorted((scale.low, scale.top))
    if value is None or not low <= value <= high:
        return None
    if scale.low > scale.top:
        return LEVEL_MAX * (scale.low - value + 1.0) / (scale.low - scale.top + 1.0)
    return LEVEL_MAX * value / scale.top


def _letters(scale: Scale, mark: str) -> float | None:
    place = ord(mark.upper()) - 65 if len(mark) == 1 and mark.isascii() and mark.isalpha() else 99
    if place >= scale.top:
        return None
    if scale.top == 6:  # F is no pass
        return LEVEL_MAX - place
    return LEVEL_MAX * (scale.top - place) / scale.top


def _percent(_scale: Scale, mark: str) -> float | None:
    found = _PERCENT.fullmatch(mark)
    # A percentage cell of Excel holds 0.75; nobody writes "1" for one per cent.
    value = number_of(found[1]) if found else number_of(mark)
    if value is None:
        return None
    value = value / 100.0 if found or value > 1.0 else value
    return LEVEL_MAX * value if value <= 1.0 else None


def _balls(_scale: Scale, mark: str) -> float | None:
    share = BALLS.get(mark)
    return None if share is None else LEVEL_MAX * share


def _crosses(scale: Scale, mark: str) -> float | None:
    mark = mark.casefold().replace("\ufe0f", "")
    if mark in NO or (scale.crossed_is_no and mark in CROSSED):
        return 0.0
    if mark in HALF:
        return max(scale.held - 1.0, 0.0)
    return scale.held if mark in YES else None


def _words(_scale: Scale, mark: str) -> float | None:
    return WORDS.get(mark.casefold().strip(".!"))


_READERS: dict[str, Callable[[Scale, str], float | None]] = {
    "stars": _stars,
    "plus": _plus,
    "numbers": _numbers,
    "letters": _letters,
    "percent": _percent,
    "balls": _balls,
    "crosses": _crosses,
    "words": _words,
}


def scale_named(text: str, held: float = HELD) -> Scale:
    """Return the scale that somebody named.

    Raises
    ------
    Invalid
        When it is none.
    """
    plain = text.strip().casefold()
    kind, _, top = plain.partition("-")
    if found := _RANGE.fullmatch(plain):
        low, high = float(found[1]), float(found[2])
        if low != high and max(low, high) > 0 and (low < high or high > 0):
            return Scale("numbers", high, low)
    elif kind in ("stars", "plus") and (not top or (top.isdecimal() and 1 <= int(top[:3]) <= 10)):
        return Scale(kind, float(top or (5 if kind == "stars" else 3)))
    elif kind == "a" and top in tuple("bcdef"):
        return Scale("letters", float(ord(top) - 96))
    elif plain in _READERS and plain not in ("numbers", "letters"):
        return Scale(plain, held=held)
    raise Invalid(
        f"scale {text!r} was given: expected one of {CHOICES}, or another range of numbers such as 0-3 or 6-1"
    )
