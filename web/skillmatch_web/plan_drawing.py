"""A worker's day drawn to scale: when she works, her ways, her stops."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor

from skillmatch.workspace import Line, PlanStop

WIDTH = 1000.0
USUAL = (7 * 60.0, 18 * 60.0)
"""What is drawn where nobody works and nothing is planned."""
HOUR = 60.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the line in thousandths of its width."""

    left: float
    width: float


@dataclass(frozen=True, slots=True)
class DrawnStop:
    """A stop with its piece, and that of the way to it where there is one."""

    stop: PlanStop
    piece: Piece
    way: Piece | None


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line as it is drawn."""

    line: Line
    shifts: tuple[Piece, ...]
    stops: tuple[DrawnStop, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """From which minute to which a day is drawn."""

    first: float
    last: float

    @classmethod
    def of(cls, lines: Iterable[Line]) -> Scale:
        """Return a scale of whole hours on which all lines find room."""
        times = [time for line in lines for time in _times(line)] or list(USUAL)
        first, last = floor(min(times) / HOUR) * HOUR, ceil(max(times) / HOUR) * HOUR
        return cls(first, max(last, first + HOUR))

    def place(self, minute: float) -> float:
        """Return where a minute is drawn."""
        part = (minute - self.first) / (self.last - self.first)
        return round(min(max(part, 0.0), 1.0) * WIDTH, 1)

    def piece(self, start: float, end: float) -> Piece:
        """Return where a stretch of time is drawn; the shortest can still be seen."""
        left = self.place(start)
        return Piece(left, max(round(self.place(end) - left, 1), 2.0))

    def hours(self) -> Sequence[tuple[float, str]]:
        """Return where the hours are drawn, and their names."""
        step = HOUR * (1 if self.last - self.first <= 14 * HOUR else 2)
        count = int((self.last - self.first) // step)
        minutes = [self.first + number * step for number in range(count + 1)]
        return [(self.place(minute), f"{int(minute // HOUR) % 24}") for minute in minutes]


def _times(line: Line) -> Iterable[float]:
    for span in line.shifts:
        yield from span
    for stop in line.stops:
        yield stop.start - (stop.travel or 0.0)
        yield stop.end


def drawn(line: Line, scale: Scale) -> DrawnLine:
    """Return a line on a scale."""
    return DrawnLine(
        line,
        tuple(scale.piece(*span) for span in line.shifts),
        tuple(
            DrawnStop(
                stop,
                scale.piece(stop.start, stop.end),
                scale.piece(stop.start - stop.travel, stop.start) if stop.travel else None,
            )
            for stop in line.stops
        ),
    )


def clock(minute: float) -> str:
    """Return a minute of a day as a time.

    >>> clock(485), clock(1500)
    ('08:05', '01:00')
    """
    hours, minutes = divmod(round(minute), 60)
    return f"{hours % 24:02}:{minutes:02}"
