"""A level over time as a drawing: the interval as a band, the level as a line, each piece of evidence as a mark.

The drawing is 1000 units wide and stretches with its place; dates and levels stand beside it as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from skillmatch.model import LEVEL_MAX
from skillmatch.workspace import Band, Effect, Point
from skillmatch_web.drawing import WIDTH

HEIGHT = 500.0
ROWS = 12
"""So many points stand in the table beside the drawing."""
SLIGHT = 0.005


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of evidence at its place; `way` is "raised", "lowered" or "left" what the level was."""

    x: float
    y: float
    way: str


@dataclass(frozen=True, slots=True)
class BandDrawing:
    """The paths of a band and of its line, the marks, the heights of whole levels, and some points as text."""

    spread: str
    line: str
    marks: tuple[Mark, ...]
    levels: tuple[float, ...]
    begin: datetime
    middle: datetime
    end: datetime
    rows: tuple[Point, ...]


def drawn(band: Band) -> BandDrawing | None:
    """Return the drawing of a band, None where there is nothing to draw."""
    if not band.points:
        return None
    begin, end = band.points[0].time, band.points[-1].time
    length = (end - begin).total_seconds() or 1.0

    def x(time: datetime) -> float:
        return round(WIDTH * (time - begin).total_seconds() / length, 1)

    places = [(x(point.time), point.proficiency) for point in band.points]
    above = [f"{at:g} {height(one.high):g}" for at, one in places]
    below = [f"{at:g} {height(one.low):g}" for at, one in reversed(places)]
    return BandDrawing(
        f"M{'L'.join(above + below)}Z",
        "M" + "L".join(f"{at:g} {height(one.level):g}" for at, one in places),
        tuple(Mark(x(one.evidence.time), height(one.after.level), way(one)) for one in band.sudden),
        tuple(height(level) for level in range(1, int(LEVEL_MAX))),
        begin,
        begin + (end - begin) / 2,
        end,
        _some(band.points),
    )


def height(level: float) -> float:
    """Return how far from the top of the drawing a level stands."""
    return round(HEIGHT * (1.0 - level / LEVEL_MAX), 1)


def way(effect: Effect) -> str:
    """Return what a piece of evidence did to a level."""
    moved = effect.after.level - effect.before.level
    return "left" if abs(moved) < SLIGHT else "raised" if moved > 0 else "lowered"


def _some(points: Sequence[Point]) -> tuple[Point, ...]:
    """Return points at about equal distances, the last one among them, the newest first."""
    step = -(-len(points) // ROWS)
    return tuple(points[place] for place in range(len(points) - 1, -1, -step))
