"""When workers can be sent: shifts, leave, and what they are promised to already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from skillmatch.errors import Invalid
from skillmatch.scale import check_id, check_time


@dataclass(frozen=True, slots=True)
class Shift:
    """When a worker works, every week: from `start` to `end` in minutes after midnight, `weekday` 0 (Monday) to 6.

    A shift over midnight ends after minute 1440. It holds from `first` to `last`, both included; None means always.
    """

    worker: str
    weekday: int
    start: int
    end: int
    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        check_id(self.worker, "worker")
        what = f"shift of worker {self.worker!r}"
        if not 0 <= self.weekday <= 6:
            raise Invalid(f"{what} is on weekday {self.weekday}: expected 0 (Monday) to 6 (Sunday)")
        if not (0 <= self.start < 1440 and self.start < self.end <= 2880):
            raise Invalid(
                f"{what} goes from {clock(self.start)} to {clock(self.end)}: expected an end after the start; "
                "write one over midnight with hours above 24, as in 22:00 to 30:00"
            )
        if self.first and self.last and self.last < self.first:
            raise Invalid(f"{what} holds from {self.first} to {self.last}: expected the last day after the first")


def clock(minutes: int) -> str:
    """Return minutes after midnight as people write them.

    >>> clock(450)
    '07:30'
    """
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@dataclass(frozen=True, slots=True)
class Leave:
    """Days on which a worker is away, both included; `cancelled` when it was called off."""

    worker: str
    first: date
    last: date
    reason: str = ""
    cancelled: bool = False

    def __post_init__(self) -> None:
        check_id(self.worker, "worker")
        if self.last < self.first:
            raise Invalid(
                f"leave of worker {self.worker!r} goes from {self.first} to {self.last}: expected the last day not "
                "before the first"
            )


@dataclass(frozen=True, slots=True)
class Booking:
    """A worker promised to a job from `start` on, for `minutes`; a `locked` one is not moved by any plan."""

    job: str
    worker: str
    start: datetime
    minutes: float
    locked: bool = False
    lead: bool = False
    cancelled: bool = False

    def __post_init__(self) -> None:
        check_id(self.job, "job")
        check_id(self.worker, "worker")
        what = f"booking of worker {self.worker!r} for job {self.job!r}"
        check_time(self.start, f"start of the {what}")
        if not 1970 <= self.start.year <= 2200:
            raise Invalid(f"{what} starts in {self.start.year}: expected a year from 1970 to 2200")
        if not 0.0 < self.minutes <= 100_000.0:
            raise Invalid(f"{what} takes {self.minutes:g} minutes: expected above 0, up to 100000")
