"""What the drawings of the pages are made of: terms rounded so that they still add up, and bars in thousandths.

Drawings are 1000 units wide and stretch with the page; every number in them stands beside them as text.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from skillmatch.explanation import Explanation, Term
from skillmatch_web.languages import N_

WIDTH = 1000.0
INVISIBLE = 1e-9
"""Sums no larger than this are drawn as nothing."""
COLOURS = 10
"""How many colours the style sheet has for terms; one objective more takes the first again."""
TOGETHER = {
    "familiarity": N_("familiar with the work"),
    "fit": N_("level fits"),
    "continuity": N_("knows the place"),
}
"""What the terms of an objective are called when they are added up."""


def rounded(explanation: Explanation, decimals: int = 1) -> Explanation:
    """Return the explanation as it is printed: every term with `decimals`, and their sum still the total.

    What plain rounding would leave over goes to the terms that lost most by it (largest remainder), so no printed term
    is further than one unit of its last digit from the true one.

    >>> whole = Explanation.of([Term("a", 1.26, "a"), Term("b", 1.26, "b"), Term("c", 0.0, "c")], unit="points")
    >>> [term.points for term in rounded(whole).terms]
    [1.3, 1.2, 0.0]
    """
    scale = 10**decimals
    units = [term.points * scale for term in explanation.terms]
    kept = [floor(unit) for unit in units]
    # By way of the text, because that is how totals are printed elsewhere.
    left = round(float(f"{explanation.total:.{decimals}f}") * scale) - sum(kept)
    lost = sorted(range(len(units)), key=lambda place: kept[place] - units[place])
    for place in lost[:left]:
        kept[place] += 1
    return Explanation.of(
        (
            Term(term.key, unit / scale, term.label, term.detail)
            for term, unit in zip(explanation.terms, kept, strict=True)
        ),
        unit=explanation.unit,
    )


def family(term: Term) -> str:
    """Return what a term belongs to: `familiarity:2` to `familiarity`."""
    return term.key.partition(":")[0]


def in_families(explanation: Explanation) -> Explanation:
    """Return the explanation with the terms of one objective added up, for places where only a line fits."""
    members: dict[str, list[Term]] = {}
    for term in explanation.terms:
        members.setdefault(family(term), []).append(term)
    return Explanation.of(
        (
            Term(
                name,
                Explanation.of(terms, unit=explanation.unit).total,
                terms[0].label if len(terms) == 1 else TOGETHER.get(name, terms[0].label),
            )
            for name, terms in members.items()
        ),
        unit=explanation.unit,
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """One piece of a drawing. `left` and `width` in thousandths of it; `colour` 0 to 9; `falls` when it takes away."""

    term: Term
    left: float
    width: float
    colour: int
    falls: bool


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Terms as steps from zero to the total, one below the other."""

    bars: tuple[Bar, ...]
    zero: float
    total: float


def waterfall(explanation: Explanation, *, full: float = 0.0, coloured: bool = False) -> Waterfall:
    """Return the steps of a sum, on a scale that holds zero, `full` and every sum on the way.

    With `coloured`, each objective has a colour of its own, the same wherever the same objectives are drawn.
    """
    sums = [0.0]
    for term in explanation.terms:
        sums.append(sums[-1] + term.points)
    low, high = min(sums), max(*sums, full)
    unit = WIDTH / (high - low) if high - low > INVISIBLE else 0.0
    colours = _colours(explanation) if coloured else {}
    bars = tuple(
        Bar(
            term,
            round((min(before, after) - low) * unit, 1),
            round(abs(after - before) * unit, 1),
            colours.get(family(term), 0),
            after < before,
        )
        for term, before, after in zip(explanation.terms, sums, sums[1:], strict=False)
    )
    return Waterfall(bars, round(-low * unit, 1), round((sums[-1] - low) * unit, 1))


def _colours(explanation: Explanation) -> dict[str, int]:
    names = dict.fromkeys(family(term) for term in explanation.terms)
    return {name: number % COLOURS for number, name in enumerate(names)}


@dataclass(frozen=True, slots=True)
class Range:
    """An estimate with its interval, in thousandths of the scale."""

    low: float
    width: float
    mark: float


def interval(low: float, mark: float, high: float, *, full: float) -> Range:
    """Return the drawing of an estimate on a scale from 0 to `full`."""
    unit = WIDTH / full
    return Range(round(low * unit, 1), round((high - low) * unit, 1), round(mark * unit, 1))
