"""Sums drawn as waterfalls: each term a bar from the sum before it to the sum after it, the total from zero.

A drawing is 360 units wide, as wide as a phone, and grows with the page. All of it stands in a table beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

from skillmatch.explanation import Explanation
from skillmatch_web.drawing import COLOURS, INVISIBLE, family
from skillmatch_web.words import signed

WIDTH, ROW, TOP, LABEL = 360.0, 32.0, 20.0, 12.0
"""Units: the width of the drawing, the height of a row, the room above them, and that of a label within a row."""
LONGEST = 38
"""Characters of a label that fit beside the value."""
CHANCES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Chances that are marked on the scale of log-odds."""


@dataclass(frozen=True, slots=True)
class Step:
    """A bar: from `x` on `width` wide, at `y`; its sum stands at `end`. `kind` is its class in the style sheet."""

    label: str
    value: str
    x: float
    width: float
    y: float
    end: float
    kind: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the scale."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Fall:
    """The drawing of a sum. `zero` is where nothing stands."""

    steps: tuple[Step, ...]
    total: Step
    ticks: tuple[Tick, ...]
    zero: float
    height: float


def fall(
    explanation: Explanation, total_label: str, *, decimals: int = 1, full: float = 0.0, chances: bool = False
) -> Fall:
    """Return the waterfall of a rounded sum on a scale that holds zero, `full`, and every sum on the way.

    With `chances` the sum is one of log-odds, and the scale has marks of chances.
    """
    sums = [0.0]
    for term in explanation.terms:
        sums.append(sums[-1] + term.points)
    low, high = min(sums), max(*sums, full)
    if chances:
        low, high = min(low, -1.5), max(high, 1.5)
    unit = WIDTH / (high - low) if high - low > INVISIBLE else 0.0
    colours = {name: number % COLOURS for number, name in enumerate(dict.fromkeys(map(family, explanation.terms)))}

    def step(number: int, label: str, value: str, before: float, after: float, kind: str) -> Step:
        x, y = (min(before, after) - low) * unit, TOP + number * ROW
        width = max(abs(after - before) * unit, 0.0)
        return Step(_short(label), value, round(x, 1), round(width, 1), y, round((after - low) * unit, 1), kind)

    steps = tuple(
        step(
            number,
            term.label,
            signed(term.points, decimals),
            before,
            after,
            "falls" if after < before else "rises" if chances else f"c{colours[family(term)]}",
        )
        for number, (term, before, after) in enumerate(zip(explanation.terms, sums, sums[1:], strict=False))
    )
    value = f"{explanation.total:.{decimals}f}" if not chances else signed(explanation.total, decimals)
    total = step(len(steps), total_label, value, 0.0, sums[-1], "sum")
    ticks = _ticks(low, high, unit) if chances else ()
    return Fall(steps, total, ticks, round(-low * unit, 1), TOP + (len(steps) + 1) * ROW)


def _ticks(low: float, high: float, unit: float) -> tuple[Tick, ...]:
    found = []
    for chance in CHANCES:
        odds = log_odds(chance)
        if low <= odds <= high:
            found.append(
                Tick(round(min(max((odds - low) * unit, 12.0), WIDTH - 12.0), 1), f"{chance * 100:.0f}\u00a0%")
            )
    return tuple(found)


def log_odds(chance: float) -> float:
    """Return the log-odds of a chance.

    >>> from math import exp
    >>> log_odds(0.5), round(1 / (1 + exp(-log_odds(0.2))), 3)
    (0.0, 0.2)
    """
    return log(chance / (1.0 - chance))


def _short(label: str) -> str:
    return label if len(label) <= LONGEST else label[: LONGEST - 1].rstrip() + "…"


def described(found: Fall) -> str:
    """Return the largest steps and the total in words, for those who hear the drawing."""
    largest = sorted(found.steps, key=lambda step: -step.width)[:3]
    return "; ".join(f"{step.label} {step.value}" for step in (*largest, found.total))
