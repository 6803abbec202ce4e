"""Policies: which rules hold and how strictly, and how much each objective counts. Named, versioned, editable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from math import isfinite
from types import MappingProxyType
from typing import Any

from skillmatch.errors import Invalid
from skillmatch.model import Risk, check_id
from skillmatch.wording import said

MOST_WEIGHT = 1000.0
WEIGHTED = (
    "success",
    "familiarity",
    "preferred",
    "fit",
    "continuity",
    "travel",
    "load",
    "promise",
    "cost",
    "development",
    "exploration",
)
"""The keys of all objectives, in the order in which their terms are added; `objectives.OBJECTIVES` has them."""
OPTIONAL_RULES = ("available", "travel", "declined")
"""Rules that a policy may leave out. All others hold under every policy: nothing mandatory is dropped quietly."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How strict the rules are.

    `certainty_*` is the probability with which a must has to be met, by the risk of the job. `max_travel` minutes one
    way, None for any; `day_hours` and `week_hours` the most work, `rest_hours` the least rest between days (11 hours
    and 48 a week are what the European working time directive 2003/88/EC asks for); for `declined_days` nobody is
    asked again who refused a job. `near_*` is how much may be missing in a near match: probability of a must, days of
    a certification, minutes of travel or of time. `unknown_travel` minutes count where a home is unknown; `full_cost`
    is the cost per hour that gets no points, half of it counts where a cost is unknown.
    """

    certainty_low: float = 0.4
    certainty_normal: float = 0.5
    certainty_high: float = 0.8
    max_travel: float | None = None
    day_hours: float = 10.0
    week_hours: float = 48.0
    rest_hours: float = 11.0
    declined_days: float = 14.0
    near_certainty: float = 0.15
    near_days: float = 30.0
    near_minutes: float = 30.0
    unknown_travel: float = 45.0
    full_cost: float = 100.0

    def certainty(self, risk: Risk) -> float:
        """Return the probability with which a must has to be met in a job of this risk."""
        return {Risk.LOW: self.certainty_low, Risk.NORMAL: self.certainty_normal, Risk.HIGH: self.certainty_high}[risk]


_RANGES: dict[str, tuple[float, float]] = {
    **dict.fromkeys(("certainty_low", "certainty_normal", "certainty_high"), (0.01, 0.99)),
    "max_travel": (1.0, 1440.0),
    "day_hours": (1.0, 24.0),
    "week_hours": (1.0, 168.0),
    "rest_hours": (0.0, 24.0),
    "declined_days": (0.0, 3650.0),
    "near_certainty": (0.0, 0.5),
    "near_days": (0.0, 365.0),
    "near_minutes": (0.0, 600.0),
    "unknown_travel": (0.0, 600.0),
    "full_cost": (1.0, 100_000.0),
}


@dataclass(frozen=True, slots=True)
class Policy:
    """Weights by objective, in points of the score; limits of the rules; rules that are left out.

    `version` 0 is a policy as it is shipped; a company's own changes count from 1.
    """

    name: str
    label: str
    weights: Mapping[str, float]
    limits: Limits = field(default_factory=Limits)
    without: tuple[str, ...] = ()
    version: int = 0

    def __post_init__(self) -> None:
        check_id(self.name, "policy")
        for key, weight in self.weights.items():
            if key not in WEIGHTED:
                raise Invalid(f"policy {self.name!r} weighs {key!r}: expected one of {', '.join(WEIGHTED)}")
            if not 0.0 <= weight <= MOST_WEIGHT:
                raise Invalid(f"policy {self.name!r} weighs {key!r} with {weight:g}: expected 0 to {MOST_WEIGHT:g}")
        if not any(self.weights.values()):
            raise Invalid(f"policy {self.name!r} weighs nothing: expected at least one weight above 0")
        for limit, (low, high) in _RANGES.items():
            value = getattr(self.limits, limit)
            if value is not None and not (isfinite(value) and low <= value <= high):
                raise Invalid(f"{limit} of policy {self.name!r} is {value:g}: expected {low:g} to {high:g}")
        for rule in self.without:
            if rule not in OPTIONAL_RULES:
                raise Invalid(
                    f"policy {self.name!r} leaves out the rule {rule!r}: expected one of {', '.join(OPTIONAL_RULES)}"
                )

    @property
    def full_score(self) -> float:
        """The score of a worker with all points of every objective."""
        return float(sum(self.weights.values()))

    def weight(self, objective: str) -> float:
        """Return the points of one objective, 0 when it does not count."""
        return self.weights.get(objective, 0.0)

    def to_record(self) -> dict[str, Any]:
        """Return plain JSON values; `from_record` is its inverse."""
        limits = {f.name: getattr(self.limits, f.name) for f in fields(self.limits)}
        return {"label": self.label, "weights": dict(self.weights), "limits": limits, "without": list(self.without)}

    @classmethod
    def from_record(cls, name: str, record: Mapping[str, Any], *, version: int) -> Policy:
        """Return the policy of a stored record; limits that are newer than it stand at their defaults."""
        known = {f.name for f in fields(Limits)}
        limits = Limits(**{key: value for key, value in record["limits"].items() if key in known})
        return cls(name, record["label"], record["weights"], limits, tuple(record["without"]), version)

    def changed(self, changes: Mapping[str, str]) -> Policy:
        """Return the policy with some of its settings changed.

        Parameters
        ----------
        changes
            By setting, as people type them: the key of an objective with its weight, a limit with its value ("none"
            where there may be none), the key of an optional rule with "on" or "off", "label" with a text.

        Raises
        ------
        Invalid
            For an unknown setting, or a value that it cannot have.
        """
        weights, label, without = dict(self.weights), self.label, self.without
        limits: dict[str, Any] = {f.name: getattr(self.limits, f.name) for f in fields(self.limits)}
        for key, text in changes.items():
            if key == "label":
                label = text
            elif key in WEIGHTED:
                weights[key] = _number(key, text)
            elif key in _RANGES:
                unlimited = key == "max_travel" and text.strip().casefold() == "none"
                limits[key] = None if unlimited else _number(key, text)
            elif key in _SWITCHES:
                without = _switched(without, key, text)
            else:
                raise Invalid(
                    f"a policy has no setting {key!r}: expected an objective ({', '.join(WEIGHTED)}), a limit "
                    f"({', '.join(_RANGES)}), a rule that may be left out ({', '.join(_SWITCHES)}), or label"
                )
        return replace(self, label=label, weights=weights, limits=Limits(**limits), without=without)


_SWITCHES = {f"{rule}_rule": rule for rule in OPTIONAL_RULES}


def _switched(without: tuple[str, ...], key: str, text: str) -> tuple[str, ...]:
    """Return the rules that are left out after one was switched on or off."""
    rule, word = _SWITCHES[key], text.strip().casefold()
    if word not in ("on", "off"):
        raise Invalid(f"{key} is {text!r}: expected on or off")
    rest = tuple(one for one in without if one != rule)
    return (*rest, rule) if word == "off" else rest


def _number(key: str, text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise Invalid(f"{key} is {text!r}: expected a number") from None


POLICIES: Mapping[str, Policy] = MappingProxyType(
    {
        policy.name: policy
        for policy in (
            Policy(
                "balanced",
                said("Balanced"),
                {
                    "success": 46.0,
                    "familiarity": 12.0,
                    "preferred": 8.0,
                    "fit": 5.0,
                    "continuity": 7.0,
                    "travel": 9.0,
                    "load": 6.0,
                    "promise": 4.0,
                    "cost": 2.0,
                    "exploration": 1.0,
                },
            ),
            Policy(
                "first-time-fix",
                said("First-time fix"),
                {
                    "success": 74.0,
                    "familiarity": 8.0,
                    "preferred": 5.0,
                    "continuity": 6.0,
                    "travel": 3.0,
                    "promise": 4.0,
                },
                Limits(certainty_normal=0.6, certainty_high=0.85),
            ),
            Policy(
                "grow-the-team",
                said("Grow the team"),
                {
                    "success": 38.0,
                    "preferred": 6.0,
                    "fit": 10.0,
                    "continuity": 4.0,
                    "travel": 6.0,
                    "load": 10.0,
                    "promise": 4.0,
                    "development": 16.0,
                    "exploration": 6.0,
                },
            ),
            Policy("familiar", said("Whoever does this work now"), {"familiarity": 90.0, "preferred": 10.0}),
        )
    }
)
"""The policies that are shipped, by name."""
