"""What every fact has, and the clock of the mathematics: days since 1970."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from skillmatch.beliefs.observation import Observation
from skillmatch.scale import check_id, check_time

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def day_number(time: datetime) -> float:
    """Return a time as days since 1970-01-01T00:00Z, exact to the microsecond.

    >>> day_number(datetime(1970, 1, 2, 12, tzinfo=UTC))
    1.5
    """
    return ((time - EPOCH) // timedelta(microseconds=1)) / 86_400e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What all evidence has: a natural key (`source`, `id`), the worker it is about, and when it happened (UTC)."""

    KIND: ClassVar[str] = ""

    id: str
    worker: str
    time: datetime
    source: str = "typed in"

    def __post_init__(self) -> None:
        check_id(self.id, "evidence")
        check_id(self.worker, "worker")
        check_id(self.source, "source")
        check_time(self.time, f"time of evidence {self.id!r}")

    @property
    def key(self) -> tuple[str, str]:
        """The natural key: one source gives each of its facts one id."""
        return (self.source, self.id)

    @property
    def order(self) -> tuple[datetime, str, str]:
        """The canonical order in which a worker's evidence is folded."""
        return (self.time, self.source, self.id)

    def observe(self) -> tuple[Observation, ...]:
        """Return what this fact says to the filter."""
        return ()

    def skills(self) -> tuple[str, ...]:
        """Return the ids of the skills it names."""
        return ()

    def describe(self) -> str:
        """Return one line for people."""
        raise NotImplementedError
