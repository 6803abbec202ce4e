"""What a decider was shown, what she chose and why: kept so that it can be replayed and questioned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """One row of a ranking as it was shown: `rank` from 1, None for a near match; `chance` with its 80 % interval."""

    worker: str
    rank: int | None
    score: float
    chance: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Decision:
    """A ranking that was shown for a job, and what became of it.

    Everything that the ranking was made from is named: the `policy` and its version, the version of the parameters,
    the `revision` of the database, the `day` of the job and the `moment` of the question, and the `teams` whose workers
    were ranked, () for everybody. `number` is given by the store. `chosen` is empty until somebody was; `reason` says
    why it was not the first.
    """

    job: str
    policy: str
    policy_version: int
    params_version: int
    revision: int
    day: date
    moment: datetime
    limit: int
    shown: tuple[Shown, ...]
    number: int = 0
    chosen: tuple[str, ...] = ()
    reason: str = ""
    decided: datetime | None = None
    by: str = ""
    teams: tuple[str, ...] = ()

    @property
    def first(self) -> str | None:
        """The worker who was ranked first; None when nobody was eligible."""
        return self.shown[0].worker if self.shown and self.shown[0].rank == 1 else None

    @property
    def overridden(self) -> bool:
        """Whether somebody was chosen, and not the worker who was ranked first."""
        return bool(self.chosen) and self.chosen[:1] != (self.first,)
