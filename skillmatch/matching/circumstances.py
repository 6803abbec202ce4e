"""What a job is besides its needs: when and where, how urgent and how risky, who was asked for, who knows the place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from skillmatch.model import Place, Risk

USUAL_MINUTES = 60.0
"""How long a job is taken to last of which nobody said."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """A job besides its needs.

    `minutes` is its length, None when nobody said; `dated` says whether a day is promised or asked for at all; work is
    to begin between `opens` and `closes`, in minutes of its day; `late` says that the promised time has passed. `crew`
    is how many go. `preferred`, `required` and `excluded` are workers named for this job alone. `visits` has, for
    "customer", "site" and "asset", how many jobs each worker finished well there. `teams` are those whose workers are
    asked about, () for everybody.

    The last three ask what if: by worker so many minutes less travel and less load, and who may be asked again.
    """

    job: str = ""
    risk: Risk = Risk.NORMAL
    priority: int = 3
    minutes: float | None = None
    crew: int = 1
    place: Place | None = None
    dated: bool = False
    opens: float = 0.0
    closes: float = 1440.0
    late: bool = False
    preferred: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    visits: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    teams: tuple[str, ...] = ()
    nearer: Mapping[str, float] = field(default_factory=dict)
    relief: Mapping[str, float] = field(default_factory=dict)
    asked_again: tuple[str, ...] = ()

    @property
    def length(self) -> float:
        """How long the job is taken to last, in minutes."""
        return self.minutes or USUAL_MINUTES

    @property
    def promised(self) -> bool:
        """Whether a time of the day was promised."""
        return self.late or self.opens > 0.0 or self.closes < 1440.0
