"""Facts that are said to be wrong: disputes, what was decided about them, and which facts count meanwhile.

A dispute is about a fact, a decision about a dispute. Neither tells the filter anything; they only say whether the fact
is among what it folds. That follows from what is on record alone, whatever order it arrived in: see `Case`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from skillmatch.beliefs.fact import Evidence
from skillmatch.errors import Invalid
from skillmatch.scale import check_id


class DisputeEffect(StrEnum):
    """What becomes of a disputed fact until somebody has decided."""

    SET_ASIDE = "set_aside"
    KEEP = "keep"


class Verdict(StrEnum):
    """What was decided: the worker is right and the fact is wrong, or the fact stands."""

    UPHELD = "upheld"
    REJECTED = "rejected"


class DisputeState(StrEnum):
    """How far a dispute is."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute(Evidence):
    """A worker says that a fact about her is wrong. `effect` is what that does until somebody has decided, as it was
    configured when this was recorded. A retraction withdraws it.
    """

    KIND: ClassVar[str] = "dispute"

    disputes_source: str
    disputes_id: str
    effect: DisputeEffect
    reason: str = ""

    def __post_init__(self) -> None:
        Evidence.__post_init__(self)
        check_id(self.disputes_source, "source")
        check_id(self.disputes_id, "evidence")
        _check_choice(self.effect, DisputeEffect, f"the effect of dispute {self.id!r}")

    @property
    def target(self) -> tuple[str, str]:
        """The key of the fact that is said to be wrong."""
        return (self.disputes_source, self.disputes_id)

    def describe(self) -> str:
        return f"says that {self.disputes_id} is wrong" + (f": {self.reason}" if self.reason else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeDecided(Evidence):
    """Somebody decided about a dispute. Of several decisions the latest counts; a retraction opens it again."""

    KIND: ClassVar[str] = "dispute_decided"

    decides_source: str
    decides_id: str
    verdict: Verdict
    decided_by: str
    reason: str = ""

    def __post_init__(self) -> None:
        Evidence.__post_init__(self)
        check_id(self.decides_source, "source")
        check_id(self.decides_id, "evidence")
        check_id(self.decided_by, "who decides a dispute")
        _check_choice(self.verdict, Verdict, f"the verdict of {self.id!r}")

    @property
    def target(self) -> tuple[str, str]:
        """The key of the dispute."""
        return (self.decides_source, self.decides_id)

    def describe(self) -> str:
        return f"dispute {self.verdict} by {self.decided_by}" + (f": {self.reason}" if self.reason else "")


@dataclass(frozen=True, slots=True)
class Case:
    """A dispute with what became of it: the `decision` that counts, if any, and whether it was `withdrawn`."""

    dispute: Dispute
    decision: DisputeDecided | None = None
    withdrawn: bool = False

    @property
    def state(self) -> DisputeState:
        """How far it is."""
        if self.withdrawn:
            return DisputeState.WITHDRAWN
        return DisputeState.OPEN if self.decision is None else DisputeState(self.decision.verdict)

    @property
    def sets_aside(self) -> bool:
        """Whether the fact does not count: its worker was found to be right, or that is open and it is to wait."""
        if self.state is DisputeState.OPEN:
            return self.dispute.effect == DisputeEffect.SET_ASIDE
        return self.state is DisputeState.UPHELD


def cases_of(
    disputes: Iterable[Dispute], decisions: Iterable[DisputeDecided], withdrawn: Container[tuple[str, str]] = ()
) -> list[Case]:
    """Return each dispute with the latest decision about it, in canonical order.

    Parameters
    ----------
    disputes, decisions
        Those on record; decisions that were retracted are left out.
    withdrawn
        The keys of the disputes that were retracted.
    """
    about: dict[tuple[str, str], list[DisputeDecided]] = defaultdict(list)
    for decision in decisions:
        about[decision.target].append(decision)
    return [
        Case(one, max(about[one.key], key=lambda each: each.order, default=None), one.key in withdrawn)
        for one in sorted(disputes, key=lambda each: each.order)
    ]


def _check_choice(value: str, choices: type[StrEnum], what: str) -> None:
    known = [choice.value for choice in choices]
    if value not in known:
        raise Invalid(f"{what} is {value!r}: expected one of {', '.join(known)}")
