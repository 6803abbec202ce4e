"""Hard rules: who cannot be sent, why, and the smallest change after which she could.

A rule that does not bear on a job costs nothing. An ineligible worker is never among the candidates; those who lack
little are near matches, in a list of their own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import numpy as np

from skillmatch.matching.arrays import Flags
from skillmatch.matching.availability import Available
from skillmatch.matching.changes import (
    AskAgain,
    AskFor,
    Certify,
    Employ,
    Fault,
    Nearer,
    Speak,
    Succeed,
    alone,
    smallest,
)
from skillmatch.matching.policy import Policy
from skillmatch.matching.view import View
from skillmatch.model import Risk, rung
from skillmatch.wording import said, said_list

_UNSURE = {
    Risk.LOW: said("{needed}; {sure:.0f} % sure of it, {floor:.0f} % needed at low risk"),
    Risk.NORMAL: said("{needed}; {sure:.0f} % sure of it, {floor:.0f} % needed"),
    Risk.HIGH: said("{needed}; {sure:.0f} % sure of it, {floor:.0f} % needed at high risk"),
}
_EXPIRED = said("certification {type} expired on {end}, before the day of the job ({day})")
_EXPIRES = said("certification {type} expires on {end}, before the day of the job ({day})")
MOST_JOBS = 64
"""More jobs than that are no small change."""


class Rule(Protocol):
    """Says of every worker whether she is blocked, whether little is missing, and of one blocked worker why."""

    key: str
    label: str

    def blocks(self, view: View, policy: Policy) -> Flags | None:
        """Return who is blocked, shape (workers,), or None when the rule does not bear on this job."""

    def near(self, view: View, policy: Policy) -> Flags | None:
        """Return of the blocked who lacks no more than the policy tolerates in a near match; None for nobody."""

    def faults(self, view: View, policy: Policy, place: int) -> list[Fault]:
        """Return why the worker at `place` is blocked; none when this rule lets her through."""


class _Strict:
    """A rule under which nobody is a near match."""

    def near(self, view: View, policy: Policy) -> Flags | None:
        return None


class Employed(_Strict):
    """Only people who are with the firm on the day of the job."""

    key = "employed"
    label = said("with the firm on the day")

    def blocks(self, view: View, policy: Policy) -> Flags | None:
        active = view.roster.active_on(view.day)
        return None if active.all() else ~active

    def faults(self, view: View, policy: Policy, place: int) -> list[Fault]:
        worker = view.roster.workers.get(view.table.workers[place])
        if worker is None or worker.active_on(view.day):
            return []
        left, starts = worker.active_to, worker.active_from
        reason = said("left on {left}, before the day of the job ({day})", left=left, day=view.day)
        if starts and view.day < starts:
            reason = said("starts on {starts}, after the day of the job ({day})", starts=starts, day=view.day)
        return [Fault(reason, lambda: Employ(view.day))]


class CustomersWish(_Strict):
    """Workers whom the customer or the job excludes are out; where either names required ones, only these are in.

    An exclusion counts more than any preference. A wish with a last day holds until then.
    """

    key = "customer"
    label = said("accepted by the customer")

    def blocks(self, view: View, policy: Policy) -> Flags | None:
        lists = self._required(view)
        excluded = self._excluded(view)
        if not lists and not excluded:
            return None
        blocked = np.zeros(len(view.table), dtype=np.bool_)
        for _who, required in lists:
            blocked |= ~view.flags(required)
        blocked |= view.flags(excluded)
        return blocked

    def faults(self, view: View, policy: Policy, place: int) -> list[Fault]:
        worker, found = view.table.workers[place], []
        change = AskFor(view.customer.name if view.customer else said("the customer"), minds=True)

        def accepted() -> AskFor:
            return change

        if worker in self._excluded(view):
            found.append(Fault(self._unwanted(view, worker), accepted))
        for who, required in self._required(view):
            if worker not in required:
                reason = said("{who} accepts only {workers}", who=who, workers=self._named(view, required))
                found.append(Fault(reason, accepted))
        return found

    def _unwanted(self, view: View, worker: str) -> str:
        if worker in view.circumstances.excluded:
            return said("this job is not for this worker")
        until = dict(view.customer.until).get(worker) if view.customer else None
        named = view.customer.name if view.customer else ""
        if until:
            return said("{customer} does not want this worker until {day}", customer=named, day=until)
        return said("{customer} does not want this worker", customer=named)

    def _named(self, view: View, required: tuple[str, ...]) -> str:
        """Return who is required; of those who are not asked about only how many they are."""
        if view.asked is None:
            return ", ".join(required)
        mine = view.asked & view.flags(required)
        own = [one for one in required if (place := view.table.place(one)) is not None and mine[place]]
        others = len(required) - len(own)
        return said_list([*own, *([said("{count} of other teams", count=others)] if others else [])])

    def _required(self, view: View) -> list[tuple[str, tuple[str, ...]]]:
        customer, found = view.customer, []
        if customer is not None and (required := customer.wishes(customer.required, view.day)):
            found.append((customer.name, required))
        if view.circumstances.required:
            found.append((said("this job"), view.circumstances.required))
        return found

    def _excluded(self, view: View) -> tuple[str, ...]:
        customer = view.customer
        of_customer = customer.wishes(customer.excluded, view.day) if customer is not None else ()
        return (*of_customer, *view.circumstances.excluded)


class MustSkill:
    """Each must: evidence in that very skill, and surely enough at the needed level.

    Ability in general, or next door, lifts a chance of success; it never stands in for a must.
    """

    key = "must_skill"
    label = said("sure enough of each must")

    def blocks(self, view: View, policy: Policy) -> Flags | None:
        floor, blocked = policy.limits.certainty(view.circumstances.risk), None
        for number in view.must_numbers:
            short = ~view.touched(number)
            short |= view.certainty(number) < floor
            blocked = short if blocked is None else blocked | short
        return blocked

    def near(self, view: View, policy: Policy) -> Flags | None:
        floor = policy.limits.certainty(view.circumstances.risk) - policy.limits.near_certainty
        near = np.ones(len(view.table), dtype=np.bool_)
        for number in view.must_numbers:
            near &= view.touched(number) & (view.certainty(number) >= floor)
        return near

    def faults(self, view: View, policy: Policy, place: int) -> list[Fault]:
        risk = view.circumstances.risk
        floor, found = policy.limits.certainty(risk), []
        for number in view.must_numbers:
            demand = view.demands[number]
            sure, level = float(view.certainty(number)[place]), demand.level or 0.0
            name = view.name(demand.skill)
            needed = said("{skill}: needs level {level:g} ({rung})", skill=name, level=level, rung=rung(level))
            if not view.touched(number)[place]:
                reason = said("{needed}; nothing on record", needed=needed)
            elif sure < floor:
                reason = said(_UNSURE[risk], needed=needed, sure=sure * 100, floor=floor * 100)
            else:
                continue
            found.append(Fault(reason, partial(self._jobs, view, policy, place, number)))
        return found

    def _jobs(self, view: View, policy: Policy, place: int, number: int) -> Succeed | None:
        """Return how many successful jobs would make it sure enough, None when even many would not."""
        own = alone(view, view.table.workers[place])
        floor = policy.limits.certainty(view.circumstances.risk)
        what = said("with {skill}", skill=view.name(view.demands[number].skill))

        def enough(count: int) -> bool:
            after = Succeed(count, what).made(own)
            return bool(after.touched(number)[0] and after.certainty(number)[0] >= floor)

        count = smallest(enough, MOST_JOBS)
        return None if count is None else Succeed(count, what)


class CertificationHeld:
    """Each certification the job asks for must be valid on the day of the job, not merely today, and not revoked.

    An exemption that somebody answers for stands in for it until its last day.
    """

    key = "certification"
    label = said("certified on the day")

    def blocks(self, view: View, policy: Policy) -> Flags | None:
        blocked: Flags | None = None
        for type in view.certification_types:
            lacking = ~view.roster.certified_on(type, view.day)
            blocked = lacking if blocked is None else blocked | lacking
        return blocked

    def near(self, view: View, policy: Policy) -> Flags | None:
        near = np.ones(len(view.table), dtype=np.bool_)
        for type in view.certification_types:
            lapsed = view.roster.expired_by(type, view.day) <= policy.limits.near_days
            near &= view.roster.certified_on(type, view.day) | (lapsed & ~view.roster.revoked_on(type, view.day))
        return near

    def faults(self, view: View, policy: Policy, place: int) -> list[Fault]:
        worker, found = view.table.workers[place], []
        for type in view.certification_types:
            if view.roster.certified(worker, type, view.day):
                continue
            held = view.roster.certifications(worker, type)
            remedy = partial(Certify, type, view.day, again=bool(held))
            found.append(Fault(self._reason(view, worker, type), remedy))
        return found

    def _reason(self, view: View, worker: str, type: str) -> str:
        held = view.roster.certifications(worker, type)
        ends = [certification.expires for certification in held if certification.expires]
        revoked = view.roster.revocation(worker, type, view.day)
        if revoked is not None and any(one.valid_on(view.day) for one in held):
            day, until = revoked.time.date(), revoked.until
            if until:
                return said("certification {type} was revoked on {day} until {until}", type=type, day=day, until=until)
            return said("certification {type} was revoked on {day}", type=type, day=day)
        if ends and max(ends) < view.day:
            word = _EXPIRED if max(ends) < view.today else _EXPIRES
            return said(word, type=type, end=max(ends), day=view.day)
        if held:
            return said("certification {type} is not yet valid on {day}", type=type, day=view.day)
        return said("holds no certification {type}", type=type)


class LanguageSpoken(_Strict):
    """Each language that the job asks for."""

    key = "language"
    label = said("speaks the language")

    def blocks(self, view: View, policy: Policy) -> Flags | None:
        blocked: Flags | None = None
        for language in view.languages:
            silent = ~view.roster.speaks(language)
            blocked = silent if blocked is None else blocked | silent
        return blocked

    def faults(self, view: View, policy: Policy, place: int) -> list[Fault]:
        return [
            Fault(said("does not speak {language} by the record", language=language), partial(Speak, language))
            for language in view.languages
            if not view.roster.speaks(language)[place]
        ]


class TravelLimit:
    """Nobody farther away than the policy or she herself allows. Where the way is unknown it does not stop her."""

    key = "travel"
    label = said("near enough")

    def blocks(self, view: View, policy: Policy) -> Flags | None:
        return self._over(view, policy, 0.0)

    def near(self, view: View, policy: Policy) -> Flags | None:
        over = self._over(view, policy, policy.limits.near_minutes)
        return None if over is None else ~over

    def faults(self, view: View, policy: Policy, place: int) -> list[Fault]:
        if view.travel is None:
            return []
        most = policy.limits.max_travel
        limit = min(float(view.roster.reach[place]), np.inf if most is None else most)
        minutes = float(view.travel[place])
        if not minutes > limit:
            return []
        remedy = partial(Nearer, float(np.ceil(minutes - limit)))
        reason = said("{minutes:.0f} minutes away, {limit:.0f} at most", minutes=minutes, limit=limit)
        return [Fault(reason, remedy)]

    def _over(self, view: View, policy: Policy, tolerance: float) -> Flags | None:
        if view.travel is None:
            return None
        limit = view.roster.reach
        if policy.limits.max_travel is not None:
            limit = np.minimum(limit, policy.limits.max_travel)
        return np.asarray(view.travel > limit + tolerance)


class NotDeclined(_Strict):
    """Nobody who refused this job lately."""

    key = "declined"
    label = said("has not refused it lately")

    def blocks(self, view: View, policy: Policy) -> Flags | None:
        refused = {worker for worker, _until in self._refusals(view, policy)}
        return view.flags(refused) if refused else None

    def faults(self, view: View, policy: Policy, place: int) -> list[Fault]:
        worker = view.table.workers[place]
        return [
            Fault(
                said("refused this job; not asked again before {day}", day=until.date()),
                partial(AskAgain, until.date()),
            )
            for who, until in self._refusals(view, policy)
            if who == worker
        ][-1:]

    def _refusals(self, view: View, policy: Policy) -> list[tuple[str, datetime]]:
        if not view.circumstances.job:
            return []
        rest = timedelta(days=policy.limits.declined_days)
        return [
            (one.worker, one.time + rest)
            for one in view.roster.declined(view.circumstances.job)
            if one.time + rest > view.time and one.worker not in view.circumstances.asked_again
        ]


RULES: tuple[Rule, ...] = (
    Employed(),
    CustomersWish(),
    MustSkill(),
    CertificationHeld(),
    LanguageSpoken(),
    Available(),
    TravelLimit(),
    NotDeclined(),
)
"""Every hard rule, in the order in which reasons are given."""


def in_force(policy: Policy) -> tuple[Rule, ...]:
    """Return the rules that hold under a policy."""
    return tuple(rule for rule in RULES if rule.key not in policy.without)
