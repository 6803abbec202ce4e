"""Hard rules: who cannot be sent, and why. A rule that does not bear on a job costs nothing."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from skillmatch.matching.policy import Policy
from skillmatch.matching.view import Flags, View
from skillmatch.model import rung


class Rule(Protocol):
    """Says of every worker whether she is blocked, and of one blocked worker why."""

    key: str

    def blocks(self, view: View, policy: Policy) -> Flags | None:
        """Return who is blocked, shape (workers,), or None when the rule does not bear on this job."""

    def reasons(self, view: View, policy: Policy, place: int) -> tuple[str, ...]:
        """Return why the worker at `place` is blocked; () when this rule lets her through."""


class Employed:
    """Only people who are with the firm on the day of the job."""

    key = "employed"

    def blocks(self, view: View, policy: Policy) -> Flags | None:
        active = view.roster.active_on(view.day)
        return None if active.all() else ~active

    def reasons(self, view: View, policy: Policy, place: int) -> tuple[str, ...]:
        worker = view.roster.workers.get(view.table.workers[place])
        if worker is None or worker.active_on(view.day):
            return ()
        if worker.active_from and view.day < worker.active_from:
            return (f"starts on {worker.active_from}, after the day of the job ({view.day})",)
        return (f"left on {worker.active_to}, before the day of the job ({view.day})",)


class CustomersWish:
    """Workers whom the customer excludes are out; where she names required ones, only these are in."""

    key = "customer"

    def blocks(self, view: View, policy: Policy) -> Flags | None:
        customer = view.customer
        if customer is None or not (customer.excluded or customer.required):
            return None
        blocked = np.full(len(view.table), bool(customer.required))
        for wish, value in ((customer.required, False), (customer.excluded, True)):
            for worker in wish:
                place = view.table.place(worker)
                if place is not None:
                    blocked[place] = value
        return blocked

    def reasons(self, view: View, policy: Policy, place: int) -> tuple[str, ...]:
        customer, worker = view.customer, view.table.workers[place]
        if customer is None:
            return ()
        if worker in customer.excluded:
            return (f"{customer.name} does not want this worker",)
        if customer.required and worker not in customer.required:
            return (f"{customer.name} accepts only {', '.join(customer.required)}",)
        return ()


class MustSkill:
    """Each must: evidence in that very skill, and surely enough at the needed level.

    Ability in general, or next door, lifts a chance of success; it never stands in for a must.
    """

    key = "must_skill"

    def blocks(self, view: View, policy: Policy) -> Flags | None:
        blocked: Flags | None = None
        for number in _musts(view):
            short = view.certainty(number) < policy.certainty
            short |= ~view.touched(number)
            blocked = short if blocked is None else blocked | short
        return blocked

    def reasons(self, view: View, policy: Policy, place: int) -> tuple[str, ...]:
        found = []
        for number in _musts(view):
            demand = view.demands[number]
            sure, level = float(view.certainty(number)[place]), demand.level or 0.0
            needed = f"{view.name(demand.skill)}: needs level {level:g} ({rung(level)})"
            if not view.touched(number)[place]:
                found.append(f"{needed}; nothing on record")
            elif sure < policy.certainty:
                found.append(f"{needed}; {sure * 100:.0f} % sure of it, {policy.certainty * 100:.0f} % needed")
        return tuple(found)


class CertificationHeld:
    """Each certification the job asks for must be valid on the day of the job, not merely today."""

    key = "certification"

    def blocks(self, view: View, policy: Policy) -> Flags | None:
        blocked: Flags | None = None
        for type in view.certification_types:
            lacking = ~view.roster.certified_on(type, view.day)
            blocked = lacking if blocked is None else blocked | lacking
        return blocked

    def reasons(self, view: View, policy: Policy, place: int) -> tuple[str, ...]:
        worker, found = view.table.workers[place], []
        for type in view.certification_types:
            held = view.roster.certifications(worker, type)
            if any(certification.valid_on(view.day) for certification in held):
                continue
            ends = [certification.expires for certification in held if certification.expires]
            if ends and max(ends) < view.day:
                word = "expired" if max(ends) < view.today else "expires"
                found.append(f"certification {type} {word} on {max(ends)}, before the day of the job ({view.day})")
            elif held:
                found.append(f"certification {type} is not yet valid on {view.day}")
            else:
                found.append(f"holds no certification {type}")
        return tuple(found)


def _musts(view: View) -> list[int]:
    """Return the numbers of the demands that are hard rules."""
    musts = {need.skill for need in view.musts}
    return [number for number, demand in enumerate(view.demands) if demand.skill in musts]


RULES: tuple[Rule, ...] = (Employed(), CustomersWish(), MustSkill(), CertificationHeld())
"""Every hard rule, in the order in which reasons are given."""
