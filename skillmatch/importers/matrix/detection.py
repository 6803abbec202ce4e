"""Which scale the marks of a sheet are on: the one that reads most of them, its best mark taken from what is seen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from skillmatch.importers.matrix.marks import CROSSED, TICKED, Scale, number_of, stars_of

_EXPLAINED = re.compile(r"(\S{1,10})\s*(?:[=:–—-].*)?")
_REAL_BALLS = frozenset("◔◑◐◕")
_FAR_OUT, _RARE = 10.0, 0.02
"""A number above the first that at most this share of the cells (or one cell) has is a slip, not the top of a scale."""


@dataclass(frozen=True, slots=True)
class Detected:
    """The scale of some marks, how many cells it reads, and what is doubtful about it."""

    scale: Scale
    read: int
    doubt: str = ""


def detect(marks: Mapping[str, int], legend: Iterable[str] = (), *, held: float) -> Detected | None:
    """Return the scale that reads most cells, or None when there is none that reads any.

    Parameters
    ----------
    marks
        How many cells have each mark.
    legend
        Cells outside of the matrix; a mark that is explained there ("★★★★★ = expert") belongs to the scale.
    held
        The level of a plain cross.
    """
    explained = {found[1] for cell in legend if (found := _EXPLAINED.fullmatch(cell))}
    best: Detected | None = None
    for scale, doubt in _candidates(marks, explained, held):
        read = sum(count for mark, count in marks.items() if scale.level(mark) is not None)
        if read > (best.read if best else 0):
            best = Detected(scale, read, doubt)
    return best


def _candidates(marks: Mapping[str, int], explained: Collection[str], held: float) -> Iterable[tuple[Scale, str]]:
    seen = {*marks, *explained}
    if _REAL_BALLS & seen:
        yield Scale("balls"), ""
    yield Scale("crosses", held=held, crossed_is_no=bool(seen & CROSSED and seen & TICKED)), ""
    yield from _repeated(seen)
    yield from _numbers(marks, explained)
    letters = [ord(mark.upper()) - 64 for mark in seen if len(mark) == 1 and mark in "ABCDEFabcdef"]
    if letters:
        yield Scale("letters", float(max(4, *letters))), ""
    yield Scale("words"), ""


def _repeated(seen: Collection[str]) -> Iterable[tuple[Scale, str]]:
    """Yield scales on which a sign stands the oftener the better."""
    stars = [found for mark in seen if (found := stars_of(mark))]
    if stars:
        total, outlined = max(map(sum, stars)), any(empty for _full, empty in stars)
        top = total if outlined or total > 5 else 3 if total <= 3 else 5
        sure = outlined or total in (3, 5)
        doubt = f"nobody has more than {total}" if not sure else ""
        yield Scale("stars", float(top)), doubt
    for sign in "+x":
        pluses = [len(mark) for mark in seen if mark and set(mark.casefold()) == {sign}]
        if pluses and (sign == "+" or max(pluses) > 1):
            yield Scale("plus", float(max(3, *pluses))), ""


def _numbers(marks: Mapping[str, int], explained: Collection[str]) -> Iterable[tuple[Scale, str]]:
    counts: Counter[float] = Counter()
    for mark, count in marks.items():
        value = number_of(mark)
        if value is not None:
            counts[value] += count
    values = {*counts, *(value for mark in explained if (value := number_of(mark)) is not None and value <= _FAR_OUT)}
    slips = sum(count for value, count in counts.items() if value > _FAR_OUT)
    if slips <= max(1.0, _RARE * counts.total()) and any(value <= _FAR_OUT for value in values):
        values = {value for value in values if value <= _FAR_OUT}
    best = max(values, default=0.0)
    if any("%" in mark for mark in marks) or (best <= 1.0 and any(0.0 < value < 1.0 for value in values)):
        yield Scale("percent"), ""
    elif best > 10.0:
        yield Scale("percent"), "the numbers are taken for percentages"
    elif best > 1.0:
        yield _range(best, 0.0 in values)


def _range(best: float, zero: bool) -> tuple[Scale, str]:
    """Return the range of whole numbers that a sheet is most likely on, by its best number and whether 0 is there."""
    if best > 5.0:
        return Scale("numbers", 10.0, 0.0 if zero else 1.0), "" if best > 9.0 else f"nobody has more than {best:g}"
    if zero and best in (3.0, 4.0):
        return Scale("numbers", best), f"nobody has more than {best:g}"
    low = 0.0 if zero else 1.0
    return Scale("numbers", 5.0, low), "" if best > 4.0 else f"nobody has more than {best:g}"
