"""What finished jobs turned out to be, as whole numbers: adding is exact in any order, and taking away undoes it.

Nothing but integers is kept, so the state after any sequence of findings, corrections and retractions equals the one
built anew from the findings that count, to the bit.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from skillmatch.beliefs.encoding import shares
from skillmatch.matching.diagnosis.nouns import Features, Finding

K = TypeVar("K", bound=Hashable)
Tally = dict[str, int]
"""A whole number for each cause."""
SECONDS = 60.0
PARTS = 1_000_000
"""Shares of the work are kept in millionths."""
LEVELS = 1_000
"""Levels are kept in thousandths."""


@dataclass(frozen=True, slots=True)
class Used:
    """Sums over the findings that name a skill: share of the work in millionths, level in thousandths, how many."""

    parts: int = 0
    levels: int = 0
    levelled: int = 0


@dataclass(slots=True)
class Table:
    """Counts over the calls of one place: a job type, a type of machine, or all there is.

    `total` findings by cause; `seen` by kind and value of a feature, then cause; `known` by kind, then cause: how many
    of them tell anything of the kind. `seconds` and `timed` are sums and numbers of the lengths that are known; `used`
    and `noted` the same for skills, by cause.
    """

    total: Tally = field(default_factory=dict)
    seen: dict[tuple[str, str], Tally] = field(default_factory=dict)
    known: dict[str, Tally] = field(default_factory=dict)
    seconds: Tally = field(default_factory=dict)
    timed: Tally = field(default_factory=dict)
    used: dict[tuple[str, str], Used] = field(default_factory=dict)
    noted: Tally = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many findings there are."""
        return sum(self.total.values())

    def change(self, finding: Finding, features: Features, by: int) -> None:
        """Add a finding with the `features` of its call (`by` 1) or take it away (-1)."""
        cause = finding.cause
        _bump(self.total, cause, by)
        for kind, values in features.items():
            _bump(self.known.setdefault(kind, {}), cause, by)
            for value in values:
                _bump(self.seen.setdefault((kind, value), {}), cause, by)
                _drop_empty(self.seen, (kind, value))
            _drop_empty(self.known, kind)
        if finding.minutes is not None:
            _bump(self.seconds, cause, by * round(finding.minutes * SECONDS))
            _bump(self.timed, cause, by)
        if finding.used:
            self._use(finding, by)

    def _use(self, finding: Finding, by: int) -> None:
        _bump(self.noted, finding.cause, by)
        for demand, part in zip(finding.used, shares(finding.used), strict=True):
            key = (finding.cause, demand.skill)
            old, levelled = self.used.get(key, Used()), int(demand.level is not None)
            self.used[key] = new = Used(
                old.parts + by * round(part * PARTS),
                old.levels + by * round((demand.level or 0.0) * LEVELS),
                old.levelled + by * levelled,
            )
            if new == Used():
                del self.used[key]


TYPE, MACHINE, ALL = "job type", "machine", "all"
Place = tuple[str, str]


@dataclass(slots=True)
class Counts:
    """Everything that was learned, by place: each job type, each type of machine, all together."""

    tables: dict[Place, Table] = field(default_factory=dict)
    homes: dict[str, Tally] = field(default_factory=dict)
    """By cause, how often it was found in each job type."""

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Counts:
        """Return the counts of findings, the same for any order of them."""
        counts = cls()
        for finding in findings:
            counts.add(finding)
        return counts

    def add(self, finding: Finding) -> None:
        """Learn what one finished job turned out to be."""
        self._change(finding, 1)

    def remove(self, finding: Finding) -> None:
        """Forget a finding that was added, exactly: it was corrected or retracted.

        Raises
        ------
        KeyError
            When no such finding was added.
        """
        for place in places_of(finding):
            table = self.tables.get(place)
            if table is None or finding.cause not in table.total:
                raise KeyError(f"no finding of {finding.cause!r} is among those of {' '.join(place)}")
        self._change(finding, -1)

    def table(self, kind: str, name: str | None) -> Table | None:
        """Return the counts of one place; None where nothing was ever found."""
        return None if name is None else self.tables.get((kind, name))

    def _change(self, finding: Finding, by: int) -> None:
        features = finding.call.features()
        for place in places_of(finding):
            table = self.tables.setdefault(place, Table())
            table.change(finding, features, by)
            if not table.total:
                del self.tables[place]
        if finding.call.job_type is not None:
            _bump(self.homes.setdefault(finding.cause, {}), finding.call.job_type, by)
            _drop_empty(self.homes, finding.cause)


def places_of(finding: Finding) -> tuple[Place, ...]:
    """Return the places whose counts a finding belongs to."""
    call = finding.call
    named = ((TYPE, call.job_type), (MACHINE, call.asset_type), (ALL, ""))
    return tuple((kind, name) for kind, name in named if name is not None)


def _bump(tally: dict[K, int], key: K, by: int) -> None:
    """Change a count; one that comes to 0 leaves no trace, so that equal contents compare equal."""
    number = tally.get(key, 0) + by
    if number:
        tally[key] = number
    else:
        tally.pop(key, None)


def _drop_empty(of: dict[K, Tally], key: K) -> None:
    if not of[key]:
        del of[key]
