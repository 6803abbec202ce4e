"""Small changes that would bring a worker in or up, and what the job looks like to her alone once they are made.

A change is made on a view of one worker. Every objective is on a fixed scale, so her score there is the score that she
would have among all others, computed by the code that ranks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

from skillmatch.beliefs.evidence import EPOCH, JobOutcome
from skillmatch.beliefs.filter import learn
from skillmatch.beliefs.observation import Result
from skillmatch.beliefs.table import BeliefTable
from skillmatch.matching.roster import Roster
from skillmatch.matching.view import View
from skillmatch.model import Certification, clock
from skillmatch.wording import said, said_many


class Change(Protocol):
    """Something that could be otherwise. `effort` is a rough measure of what it takes, about in hours."""

    @property
    def effort(self) -> float:
        """What it takes."""

    def made(self, view: View) -> View:
        """Return the view of one worker with the change made; the view itself stays as it is."""

    def describe(self) -> str:
        """Return it in words, without a subject, as in "renew the certification F-GAS by 3 May"."""


@dataclass(frozen=True, slots=True)
class Block:
    """One reason why a worker cannot be sent: the key of the rule, and words."""

    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule finds: words, and what gives the smallest change that would lift it, None when there is none.

    Looking for the change may take a while, so it is looked for only when somebody asks.
    """

    reason: str
    remedy: Callable[[], Change | None]


def alone(view: View, worker: str) -> View:
    """Return the job seen over one worker, with arrays of her own."""
    table = BeliefTable(view.table.params)
    table.put_state(view.table.state(worker))
    return replace(view, table=table, roster=view.roster.only(worker, table))


def of_one(view: View, change: Callable[[Roster, str], None]) -> View:
    """Return a view of one worker whose facts are changed in a copy."""
    worker = view.table.workers[0]
    copy = alone(view, worker)
    change(copy.roster, worker)
    return copy


@dataclass(frozen=True, slots=True)
class Certify:
    """A certification valid on the day: `again` when it was held before."""

    type: str
    day: date
    again: bool = False

    @property
    def effort(self) -> float:
        return 8.0 if self.again else 40.0

    def made(self, view: View) -> View:
        def grant(roster: Roster, worker: str) -> None:
            rest = [one for one in roster.papers_of(worker) if getattr(one, "type", None) != self.type]
            roster.put_papers(worker, rest)
            held = [one for kind in roster.types_of(worker) for one in roster.certifications(worker, kind)]
            roster.put_certifications(worker, [*held, Certification(worker, self.type, min(view.today, self.day))])

        return of_one(view, grant)

    def describe(self) -> str:
        if self.again:
            return said("renew the certification {type} by {day}", type=self.type, day=self.day)
        return said("pass the certification {type} by {day}", type=self.type, day=self.day)


@dataclass(frozen=True, slots=True)
class Succeed:
    """So many more jobs like this one done right the first time."""

    count: int
    what: str

    @property
    def effort(self) -> float:
        return 2.0 * self.count

    def made(self, view: View) -> View:
        worker = view.table.workers[0]
        state, time = view.table.state(worker), EPOCH + timedelta(days=view.moment)
        for number in range(self.count):
            fact = JobOutcome(
                id=f"what if {number}",
                worker=worker,
                time=time,
                job="what if",
                result=Result.FIRST_TIME_FIX,
                demands=view.demands,
                job_type=view.job_type,
                customer=view.customer.id if view.customer else None,
                site=view.site,
            )
            learn(state, fact, view.params)
        table = BeliefTable(view.params)
        table.put_state(state)
        return replace(view, table=table, roster=view.roster.only(worker, table))

    def describe(self) -> str:
        return said_many(
            "{num} more successful job {what}", "{num} more successful jobs {what}", self.count, what=self.what
        )


@dataclass(frozen=True, slots=True)
class Nearer:
    """So many minutes less travel."""

    minutes: float

    @property
    def effort(self) -> float:
        return self.minutes / 10.0

    def made(self, view: View) -> View:
        worker, known = view.table.workers[0], view.circumstances
        less = known.nearer.get(worker, 0.0) + self.minutes
        return replace(view, circumstances=replace(known, nearer={**known.nearer, worker: less}))

    def describe(self) -> str:
        return said("{minutes:.0f} minutes less travel", minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Relieve:
    """So many minutes less work in the last four weeks and the week of the job."""

    minutes: float

    @property
    def effort(self) -> float:
        return self.minutes / 120.0

    def made(self, view: View) -> View:
        worker, known = view.table.workers[0], view.circumstances
        less = known.relief.get(worker, 0.0) + self.minutes
        return replace(view, circumstances=replace(known, relief={**known.relief, worker: less}))

    def describe(self) -> str:
        return said("{hours:.0f} hours less work in four weeks", hours=self.minutes / 60)


@dataclass(frozen=True, slots=True)
class Reschedule:
    """The job on another day, or beginning at another time: `begin` in minutes of the day."""

    day: date
    begin: float
    before: date

    @property
    def effort(self) -> float:
        return 1.0 + 4.0 * (self.day - self.before).days

    def made(self, view: View) -> View:
        """Return a view, of one worker or of all, of the job at that time."""
        known = replace(view.circumstances, dated=True, opens=self.begin, closes=self.begin, late=False)
        return replace(view, day=self.day, circumstances=known)

    def describe(self) -> str:
        time = clock(round(self.begin))
        if self.day == self.before:
            return said("begin at {time}", time=time)
        return said("begin on {day:%a %Y-%m-%d} at {time}", day=self.day, time=time)


@dataclass(frozen=True, slots=True)
class AskFor:
    """The customer asks for her, or no longer minds her."""

    customer: str
    minds: bool = False

    @property
    def effort(self) -> float:
        return 3.0

    def made(self, view: View) -> View:
        worker, known, customer = view.table.workers[0], view.circumstances, view.customer
        known = replace(
            known,
            preferred=known.preferred if self.minds else (*known.preferred, worker),
            required=(*known.required, worker) if known.required else (),
            excluded=tuple(one for one in known.excluded if one != worker),
        )
        if customer is not None:
            # A wish about her that has ended does not come back, and where nobody is required now nobody else is out.
            preferred = customer.wishes(customer.preferred, view.day)
            required = customer.wishes(customer.required, view.day)
            others = tuple(one for one in customer.required if one != worker)
            customer = replace(
                customer,
                preferred=tuple(one for one in customer.preferred if one != worker or one in preferred),
                required=(*others, worker) if required else others,
                excluded=tuple(one for one in customer.excluded if one != worker),
                until=tuple((one, day) for one, day in customer.until if one != worker),
            )
        return replace(view, circumstances=known, customer=customer)

    def describe(self) -> str:
        if self.minds:
            return said("{customer} accepts this worker", customer=self.customer)
        return said("{customer} asks for this worker", customer=self.customer)


@dataclass(frozen=True, slots=True)
class AskAgain:
    """She is asked again although she refused."""

    day: date

    @property
    def effort(self) -> float:
        return 0.5

    def made(self, view: View) -> View:
        worker, known = view.table.workers[0], view.circumstances
        return replace(view, circumstances=replace(known, asked_again=(*known.asked_again, worker)))

    def describe(self) -> str:
        return said("ask again, or wait until {day}", day=self.day)


@dataclass(frozen=True, slots=True)
class Employ:
    """With the firm on the day of the job."""

    day: date

    @property
    def effort(self) -> float:
        return 200.0

    def made(self, view: View) -> View:
        def employ(roster: Roster, worker: str) -> None:
            roster.put_workers([replace(roster.workers[worker], active_from=None, active_to=None)])

        return of_one(view, employ)

    def describe(self) -> str:
        return said("be with the firm on {day}", day=self.day)


@dataclass(frozen=True, slots=True)
class Speak:
    """One more language."""

    language: str

    @property
    def effort(self) -> float:
        return 300.0

    def made(self, view: View) -> View:
        def teach(roster: Roster, worker: str) -> None:
            person = roster.workers[worker]
            roster.put_workers([replace(person, languages=(*person.languages, self.language))])

        return of_one(view, teach)

    def describe(self) -> str:
        return said("speak {language}, or have it in the record", language=self.language)


def smallest(sufficient: Callable[[int], bool], most: int) -> int | None:
    """Return the smallest number from 1 to `most` that is sufficient, None when `most` is not.

    By doubling and halving, which finds it where more is never worse; the number that is returned was tried.
    """
    high = 1
    while high < most and not sufficient(high):
        high = min(2 * high, most)
    if high == most and not sufficient(most):
        return None
    low = high // 2  # known not to be enough, or 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if sufficient(middle) else (middle, high)
    return high
