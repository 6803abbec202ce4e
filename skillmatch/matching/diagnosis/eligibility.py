"""Who may go to a call, and who may do what a cause needs: the hard rules, divided by what they depend on."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from skillmatch.matching.arrays import Flags
from skillmatch.matching.policy import Policy
from skillmatch.matching.rules import Rule, in_force
from skillmatch.matching.view import View

BY_NEEDS = frozenset({"must_skill", "certification", "language"})
"""Keys of the rules that read what a job needs; the others hold whatever the cause turns out to be."""


def may_go(view: View, policy: Policy) -> Flags:
    """Return who passes the rules that do not depend on the cause, (workers,)."""
    return ~_stopped(view, policy, (rule for rule in in_force(policy) if rule.key not in BY_NEEDS))


def may_not_do(view: View, policy: Policy) -> Flags:
    """Return whom the needs of the view stop, (workers,)."""
    return _stopped(view, policy, _by_needs(policy))


def lacking(view: View, policy: Policy, place: int) -> tuple[str, ...]:
    """Return why the needs of the view stop the worker at a place; () when they do not."""
    return tuple(fault.reason for rule in _by_needs(policy) for fault in rule.faults(view, policy, place))


def _by_needs(policy: Policy) -> Iterable[Rule]:
    return (rule for rule in in_force(policy) if rule.key in BY_NEEDS)


def _stopped(view: View, policy: Policy, rules: Iterable[Rule]) -> Flags:
    stopped = np.zeros(len(view.table), dtype=np.bool_)
    for rule in rules:
        flags = rule.blocks(view, policy)
        if flags is not None:
            stopped |= flags
    return stopped
