"""Why a number is what it is: a total that is, to the bit, the sum of named terms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One named part of a total. `key` is stable and unique in its explanation; `label` and `detail` are for people."""

    key: str
    points: float
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A total in some `unit` and the terms it is made of, in the order in which they are added.

    The total is always the left-to-right float64 sum of the terms, so it equals a vectorised score that
    adds its columns in the same order, to the bit.

    >>> a = Explanation.of([Term("skill", 2.0, "skill"), Term("travel", -0.5, "travel")], unit="points")
    >>> a.total
    1.5
    >>> (a - Explanation.of([Term("skill", 1.0, "skill")], unit="points")).total
    0.5
    """

    total: float
    unit: str
    terms: tuple[Term, ...]

    @classmethod
    def of(cls, terms: Iterable[Term], *, unit: str) -> Explanation:
        """Return the explanation whose total is the sum of `terms`."""
        kept = tuple(terms)
        return cls(add_in_order(term.points for term in kept), unit, kept)

    def __sub__(self, other: Explanation) -> Explanation:
        """Return term by term by how much this explanation exceeds `other`: an explanation of the difference."""
        theirs = {term.key: term for term in other.terms}
        mine = {term.key for term in self.terms}
        terms = [
            Term(t.key, t.points - (theirs[t.key].points if t.key in theirs else 0.0), t.label, t.detail)
            for t in self.terms
        ]
        terms += [Term(t.key, -t.points, t.label, t.detail) for t in other.terms if t.key not in mine]
        return Explanation.of(terms, unit=self.unit)


def add_in_order(numbers: Iterable[float]) -> float:
    """Return the plain left-to-right sum; not `sum`, which from Python 3.12 on compensates its rounding errors."""
    total = 0.0
    for number in numbers:
        total = total + number
    return total
