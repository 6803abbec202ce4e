"""Policies: how much each objective counts, and how sure a must has to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from skillmatch.errors import Invalid, NotFound


@dataclass(frozen=True, slots=True)
class Policy:
    """Weights by objective, in points of the score, and the probability with which a must has to be met."""

    name: str
    label: str
    weights: Mapping[str, float]
    certainty: float = 0.5

    def __post_init__(self) -> None:
        if not 0.0 < self.certainty < 1.0:
            raise Invalid(f"certainty of policy {self.name!r} is {self.certainty:g}: expected between 0 and 1")
        bad = [key for key, weight in self.weights.items() if not 0.0 <= weight <= 1000.0]
        if bad:
            raise Invalid(f"policy {self.name!r} weighs {bad[0]!r} with {self.weights[bad[0]]:g}: expected 0 to 1000")


POLICIES: Mapping[str, Policy] = MappingProxyType(
    {
        policy.name: policy
        for policy in (
            Policy("balanced", "Balanced", {"success": 70.0, "familiarity": 20.0, "preferred": 10.0}),
            Policy("familiar", "Whoever does this work now", {"familiarity": 90.0, "preferred": 10.0}),
        )
    }
)
"""The policies that are shipped, by name."""


def policy_named(name: str) -> Policy:
    """Return a shipped policy, or raise NotFound with the nearest name."""
    if name not in POLICIES:
        raise NotFound.named("policy", name, POLICIES)
    return POLICIES[name]
