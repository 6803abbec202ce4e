"""Two workers beside each other: where the one is ahead, where the other, term by term."""

from __future__ import annotations

from dataclasses import dataclass

from skillmatch.explanation import Explanation
from skillmatch_web.drawing import in_families, rounded

SHOWN = 3
"""How many objectives a sentence names."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one term gives to either worker, in points as they are printed; `ahead` is how much more to the first."""

    label: str
    first: float
    other: float
    ahead: float


@dataclass(frozen=True, slots=True)
class Beside:
    """A comparison. `lines` are the terms that differ, those in which the first is ahead most at the top; `same` are
    the labels of the others. `for_first` and `for_other` name the objectives that count most on either side.
    """

    lines: tuple[Line, ...]
    same: tuple[str, ...]
    first: float
    other: float
    for_first: tuple[tuple[str, float], ...]
    for_other: tuple[tuple[str, float], ...]

    @property
    def ahead(self) -> float:
        """By how many printed points the first is ahead."""
        return round(self.first - self.other, 1)


def beside(first: Explanation, other: Explanation) -> Beside:
    """Return two scores beside each other, from the printed numbers, so that every row and the sum can be checked."""
    one, two = rounded(first), rounded(other)
    ours = {term.key: term for term in one.terms}
    theirs = {term.key: term for term in two.terms}
    lines = []
    for key, term in {**theirs, **ours}.items():
        here = ours[key].points if key in ours else 0.0
        there = theirs[key].points if key in theirs else 0.0
        lines.append(Line(term.label, here, there, round(here - there, 1)))
    objectives = [(term.label, round(term.points, 1)) for term in in_families(one - two).terms]
    objectives.sort(key=lambda pair: -abs(pair[1]))
    return Beside(
        tuple(sorted((line for line in lines if line.ahead), key=lambda line: -line.ahead)),
        tuple(line.label for line in lines if not line.ahead),
        round(one.total, 1),
        round(two.total, 1),
        tuple((label, points) for label, points in objectives if points > 0)[:SHOWN],
        tuple((label, -points) for label, points in objectives if points < 0)[:SHOWN],
    )
