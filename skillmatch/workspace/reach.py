"""What a use-case apart from the chain of the workspace has of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from threading import RLock

from skillmatch.store.store import Store, Transaction
from skillmatch.workspace.resident import Resident


@dataclass(frozen=True, slots=True)
class Reach:
    """The database, the clock, and the company in memory, which is read under `lock` as `fresh` gives it."""

    store: Store
    now: Callable[[], datetime]
    zone: tzinfo
    lock: RLock
    fresh: Callable[[Transaction], Resident]

    def today(self) -> date:
        """Return the day it is on the company's clock."""
        return self.now().astimezone(self.zone).date()
