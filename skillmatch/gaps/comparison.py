"""Two policies side by side: whom each would have sent to the jobs of a past month.

The month is replayed in time order. Before each job both policies rank with what was known by then, take their first
eligible choice, and book it, so that each goes on with the load that it has made itself. What really came of the jobs
is then learned, the same for both.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from skillmatch.beliefs.evidence import Evidence, JobOutcome, day_number
from skillmatch.beliefs.filter import WorkerState, learn
from skillmatch.beliefs.observation import DONE, SUCCESS
from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.table import BeliefTable, Floats
from skillmatch.matching.circumstances import Circumstances
from skillmatch.matching.policy import Policy
from skillmatch.matching.ranking import Scoring
from skillmatch.matching.roster import Roster
from skillmatch.matching.view import View
from skillmatch.model import Booking, Customer, Need, ways

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class PastJob:
    """A finished job as it stood: when it was done, what it needed, and its circumstances without a promised time."""

    id: str
    time: datetime
    needs: tuple[Need, ...]
    circumstances: Circumstances
    type: str | None = None
    customer: Customer | None = None
    site: str | None = None
    asset: str | None = None

    @property
    def places(self) -> dict[str, str]:
        """The customer, the site and the asset, as far as they are known."""
        found = {"customer": self.customer.id if self.customer else None, "site": self.site, "asset": self.asset}
        return {kind: id for kind, id in found.items() if id is not None}


@dataclass(frozen=True, slots=True)
class PolicySide:
    """What one policy would have done.

    `success` is the mean chance of whom it sends, `travel` the mean minutes where the way is known, None where none
    is. `load_spread` is the Gini coefficient of the hours of everybody who could be sent to something, `top_share` the
    share of all hours on the busiest tenth of them. `unfilled` jobs had nobody eligible.
    """

    policy: str
    success: float
    travel: float | None
    load_spread: float
    top_share: float
    unfilled: int


@dataclass(frozen=True, slots=True)
class Compared:
    """Both sides, how many jobs were ranked and in how many they differ, and jobs by worker under either."""

    jobs: int
    different: int
    sides: tuple[PolicySide, PolicySide]
    moved: tuple[tuple[str, int, int], ...]


def compare(
    table: BeliefTable,
    rosters: tuple[Roster, Roster],
    policies: tuple[Policy, Policy],
    states: Mapping[str, WorkerState],
    jobs: Sequence[PastJob],
    facts: Sequence[Evidence],
    *,
    progress: Progress | None = None,
) -> Compared:
    """Return how two policies compare on past jobs.

    Parameters
    ----------
    table
        What was believed when the first job came.
    rosters
        The people over that table, once for each policy: what it books is put into its own.
    policies
        Those to compare.
    states
        The states behind the table, by worker; they are moved on.
    jobs
        The jobs, in time order.
    facts
        What was learned from the first job on, in time order.
    """
    replayed = _Month(table, rosters, policies, dict(states))
    waiting = iter(facts)
    upcoming = next(waiting, None)
    for number, job in enumerate(jobs):
        if progress and number % 20 == 0:
            progress("ranking under both policies", number, len(jobs))
        while upcoming is not None and upcoming.time < job.time:
            replayed.learn(upcoming)
            upcoming = next(waiting, None)
        replayed.send(job)
    return replayed.compared()


class _Side:
    """What one policy has done so far."""

    def __init__(self, policy: Policy, roster: Roster) -> None:
        self.policy, self.roster = policy, roster
        self.chances: list[float] = []
        self.ways: list[float] = []
        self.minutes: Counter[str] = Counter()
        self.jobs: Counter[str] = Counter()
        self.able: set[int] = set()
        self.unfilled = 0

    def send(self, job: PastJob, table: BeliefTable, circumstances: Circumstances) -> tuple[str, ...]:
        """Return whom the policy sends, and book them."""
        day, moment = self.roster.calendar.local(job.time).date(), day_number(job.time)
        views = [
            View(table, self.roster, way, day, moment, job.type, job.customer, {}, job.site, circumstances)
            for way in ways(job.needs)
        ]
        scoring = Scoring(views, self.policy)
        self.able.update(
            np.flatnonzero(scoring.eligible).tolist() if scoring.eligible is not None else range(len(table))
        )
        chosen = [int(place) for place in scoring.best(circumstances.crew, scoring.eligible)]
        if len(chosen) < circumstances.crew:
            self.unfilled += 1
            return ()
        view = scoring.view
        for place in chosen:
            self._book(job, scoring, place)
        first = scoring.way(chosen[0]).view
        self.chances.append(float(first.chance[chosen[0]]))
        if view.travel is not None and not np.isnan(view.travel[chosen[0]]):
            self.ways.append(float(view.travel[chosen[0]]))
        return tuple(sorted(table.workers[place] for place in chosen))

    def _book(self, job: PastJob, scoring: Scoring, place: int) -> None:
        view, worker = scoring.view, scoring.table.workers[place]
        begin = float(view.begin(self.policy.limits)[place])
        minutes = view.circumstances.length
        start = self.roster.calendar.time(view.day, begin if np.isfinite(begin) else 480.0)
        self.roster.calendar.put_bookings([Booking(job.id, worker, start, minutes)])
        self.roster.put_work([(("compared", f"{job.id} {worker}"), worker, view.day, minutes, True)])
        self.minutes[worker] += round(minutes)
        self.jobs[worker] += 1

    def result(self, table: BeliefTable) -> PolicySide:
        """Return what the policy has done."""
        hours = np.array([self.minutes[table.workers[place]] for place in sorted(self.able)], dtype=float)
        return PolicySide(
            self.policy.name,
            float(np.mean(self.chances)) if self.chances else 0.0,
            float(np.mean(self.ways)) if self.ways else None,
            gini(hours),
            top_share(hours),
            self.unfilled,
        )


class _Month:
    """The month as it goes on."""

    def __init__(
        self,
        table: BeliefTable,
        rosters: tuple[Roster, Roster],
        policies: tuple[Policy, Policy],
        states: dict[str, WorkerState],
    ) -> None:
        self.table, self.states = table, states
        self.sides = (_Side(policies[0], rosters[0]), _Side(policies[1], rosters[1]))
        self.visits: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self.places: dict[str, dict[str, str]] = {}
        self.jobs = self.different = 0

    @property
    def params(self) -> BeliefParams:
        return self.table.params

    def learn(self, fact: Evidence) -> None:
        """Take in what came of a job, and everything else."""
        state = self.states.get(fact.worker)
        if state is None:
            state = self.states[fact.worker] = WorkerState.fresh(fact.worker, self.params)
        learn(state, fact, self.params)
        self.table.put_state(state, [skill for skill in fact.skills() if skill in state.skills])
        if isinstance(fact, JobOutcome) and SUCCESS[fact.result] >= DONE:
            for place in self.places.get(fact.job, {}).items():
                self.visits[place][fact.worker] += 1

    def send(self, job: PastJob) -> None:
        """Let both policies choose."""
        self.places[job.id] = job.places
        visits = {kind: self.visits[kind, id] for kind, id in job.places.items()}
        known = replace(job.circumstances, visits=visits)
        chosen = [side.send(job, self.table, known) for side in self.sides]
        self.jobs += 1
        self.different += chosen[0] != chosen[1]

    def compared(self) -> Compared:
        """Return the result."""
        one, other = self.sides
        workers = sorted(one.jobs.keys() | other.jobs.keys())
        moved = [(worker, one.jobs[worker], other.jobs[worker]) for worker in workers]
        moved = [row for row in moved if row[1] != row[2]]
        moved.sort(key=lambda row: (-abs(row[1] - row[2]), row[0]))
        return Compared(self.jobs, self.different, (one.result(self.table), other.result(self.table)), tuple(moved))


def gini(values: Floats) -> float:
    """Return the Gini coefficient of values that are 0 or more: 0 when all are alike, near 1 when one has all.

    >>> gini(np.array([1.0, 1.0, 1.0]))
    0.0
    """
    total = float(values.sum())
    if not len(values) or total == 0.0:
        return 0.0
    ranks = np.arange(1, len(values) + 1)
    return max(
        float(2 * (ranks * np.sort(values)).sum() / (len(values) * total) - (len(values) + 1) / len(values)), 0.0
    )


def top_share(values: Floats) -> float:
    """Return the share of the whole that the highest tenth of the values has.

    >>> top_share(np.array([9.0, 1.0]))
    0.9
    """
    total = float(values.sum())
    highest = np.sort(values)[::-1][: max(round(len(values) / 10), 1)]
    return float(highest.sum()) / total if total else 0.0


def in_time_order(facts: Mapping[str, Sequence[Evidence]]) -> Iterator[Evidence]:
    """Yield everybody's facts by time."""
    yield from sorted((fact for own in facts.values() for fact in own), key=lambda fact: fact.order)
