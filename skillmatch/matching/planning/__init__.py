"""Many jobs for many workers: who does what and when, over a whole day or for one slot each."""

from skillmatch.matching.planning.solving import (
    Plan,
    Problem,
    Scarcity,
    Slots,
    Terms,
    Unassigned,
    Visit,
    assign_slots,
    check,
    greedy,
    prices,
    solve,
)
from skillmatch.matching.planning.worth import worth

__all__ = [
    "Plan",
    "Problem",
    "Scarcity",
    "Slots",
    "Terms",
    "Unassigned",
    "Visit",
    "assign_slots",
    "check",
    "greedy",
    "prices",
    "solve",
    "worth",
]
