"""Do predicted chances come true? Bins of equal size, and a picture of them that needs no library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from skillmatch.beliefs.table import Floats
from skillmatch.gaps.metrics import Bools
from skillmatch.matching.view import Z_80

BINS = 15
"""As many as the calibration error has."""
ROWS_A_BIN = 20
"""A short history gets fewer bins, so that none holds fewer rows than this."""
STEPS = 25


@dataclass(frozen=True, slots=True)
class Bin:
    """Rows whose chances are next to each other: the mean chance, the share that succeeded and its 80 % interval."""

    predicted: float
    observed: float
    low: float
    high: float
    count: int


def reliability(hit: Bools, chance: Floats) -> tuple[tuple[Bin, ...], tuple[int, ...]]:
    """Return bins of equal size by rising chance, and how many chances lie in each of `STEPS` equal steps from 0 to 1.

    Parameters
    ----------
    hit, chance
        Whether each row succeeded and the chance predicted for it, both (n,), n at least one.
    """
    order = np.argsort(chance, kind="stable")
    parts = np.array_split(order, max(1, min(BINS, len(order) // ROWS_A_BIN)))
    bins = tuple(_bin(float(chance[part].mean()), int(np.count_nonzero(hit[part])), len(part)) for part in parts)
    return bins, tuple(int(n) for n in np.histogram(chance, bins=STEPS, range=(0.0, 1.0))[0])


def _bin(predicted: float, hits: int, count: int) -> Bin:
    low, high = wilson(hits, count)
    return Bin(predicted, hits / count, low, high, count)


def wilson(hits: int, count: int) -> tuple[float, float]:
    """Return the 80 % interval of a share: Wilson, Probable inference, JASA 22, 1927.

    >>> [round(edge, 4) for edge in wilson(8, 10)]
    [0.6016, 0.9138]
    """
    share, z2 = hits / count, Z_80 * Z_80
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    reach = Z_80 * sqrt(share * (1 - share) / count + z2 / (4 * count * count)) / (1 + z2 / count)
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


WIDTH, HEIGHT = 580, 720
LEFT, TOP, SIDE = 74, 84, 450
BAND_TOP, BAND = 584, 74

STYLE = """
  svg { --paper: #ffffff; --ink: #1d2430; --soft: #5d6776; --line: #e1e5ea; --mark: #1f63b5; --bars: #b9cde6 }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #14181f; --ink: #e8ecf2; --soft: #a3adbb; --line: #2c333e; --mark: #79b0f2; --bars: #33517a }
  }
  text { font: 13px system-ui, "Segoe UI", sans-serif; fill: var(--soft) }
  .title { font-size: 18px; font-weight: 600; fill: var(--ink) }
  .axis { fill: var(--ink) }
  .paper { fill: var(--paper) }
  .grid { stroke: var(--line) }
  .perfect { stroke: var(--soft); stroke-dasharray: 5 5 }
  .interval { stroke: var(--mark); stroke-width: 2.5; stroke-linecap: round; opacity: .7 }
  .point { fill: var(--mark); stroke: var(--paper); stroke-width: 1.5 }
  .bar { fill: var(--bars) }
"""


def picture(bins: Sequence[Bin], histogram: Sequence[int], *, error: float) -> str:
    """Return an SVG file: predicted against observed above, how often each chance was predicted below.

    `error` is the calibration error to print. The picture carries its own background and follows the reader's choice
    of light or dark.
    """
    count = sum(each.count for each in bins)
    words = f"{count:,} outcomes, predicted before seen; calibration error {error:.3f}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        ' role="img" aria-labelledby="title words">',
        '<title id="title">Do predicted chances come true?</title>',
        f'<desc id="words">{words}</desc>',
        f"<style>{STYLE}</style>",
        f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>',
        f'<text class="title" x="{LEFT}" y="34">Do predicted chances come true?</text>',
        f'<text x="{LEFT}" y="58">{words}</text>',
        *_grid(),
        *(line for each in bins for line in _point(each)),
        *_histogram(histogram),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _x(chance: float) -> float:
    return round(LEFT + SIDE * chance, 1)


def _y(share: float) -> float:
    return round(TOP + SIDE * (1.0 - share), 1)


def _grid() -> list[str]:
    lines = []
    for percent in range(0, 101, 20):
        x, y = _x(percent / 100), _y(percent / 100)
        lines += [
            f'<line class="grid" x1="{x}" y1="{TOP}" x2="{x}" y2="{TOP + SIDE}"/>',
            f'<line class="grid" x1="{LEFT}" y1="{y}" x2="{LEFT + SIDE}" y2="{y}"/>',
            f'<text x="{LEFT - 10}" y="{y + 4}" text-anchor="end">{percent} %</text>',
            f'<text x="{x}" y="{BAND_TOP + BAND + 20}" text-anchor="middle">{percent} %</text>',
        ]
    middle = LEFT + SIDE / 2
    return [
        *lines,
        f'<line class="perfect" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>',
        f'<text x="{_x(0.97)}" y="{_y(0.08)}" text-anchor="end">'
        "above the dashed line: more succeeded than predicted</text>",
        f'<text x="{_x(0.97)}" y="{_y(0.035)}" text-anchor="end">upright bars: 80 % interval of the share</text>',
        f'<text class="axis" x="{middle}" y="{BAND_TOP + BAND + 46}" text-anchor="middle">'
        "predicted chance of success</text>",
        f'<text class="axis" transform="translate(20 {TOP + SIDE / 2}) rotate(-90)" text-anchor="middle">'
        "share that succeeded</text>",
    ]


def _point(each: Bin) -> list[str]:
    x = _x(each.predicted)
    told = f"predicted {each.predicted:.1%}, succeeded {each.observed:.1%} of {each.count:,}"
    return [
        f'<line class="interval" x1="{x}" y1="{_y(each.low)}" x2="{x}" y2="{_y(each.high)}"/>',
        f'<circle class="point" cx="{x}" cy="{_y(each.observed)}" r="5"><title>{told}</title></circle>',
    ]


def _histogram(histogram: Sequence[int]) -> list[str]:
    largest = max(histogram, default=0) or 1
    step = SIDE / max(len(histogram), 1)
    floor = BAND_TOP + BAND
    bars = []
    for place, count in enumerate(histogram):
        height = round(BAND * count / largest, 1)
        if count:
            bars.append(
                f'<rect class="bar" x="{LEFT + place * step + 1:.1f}" y="{floor - height:.1f}"'
                f' width="{step - 2:.1f}" height="{height}"><title>{count:,} outcomes</title></rect>'
            )
    return [
        f'<text x="{LEFT}" y="{BAND_TOP - 14}">how often each chance was predicted (highest bar: {largest:,})</text>',
        *bars,
        f'<line class="grid" x1="{LEFT}" y1="{floor}" x2="{LEFT + SIDE}" y2="{floor}"/>',
    ]
