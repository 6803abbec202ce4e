"""Why not this worker? The rules that stop her or the terms in which she stands behind, and what would change it.

Every change that is offered was tried: the job is scored again for her with the change made, by the code that ranks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from skillmatch.explanation import Explanation
from skillmatch.matching.changes import (
    AskFor,
    Change,
    Nearer,
    Relieve,
    Reschedule,
    Succeed,
    alone,
    smallest,
)
from skillmatch.matching.policy import Policy
from skillmatch.matching.ranking import Candidate, Scoring, Views, place_of
from skillmatch.matching.roster import SETTING_OUT
from skillmatch.matching.rules import MOST_JOBS
from skillmatch.matching.view import View
from skillmatch.wording import joined, said

STEP = 60.0
"""Minutes of load that are taken off at a time."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What would bring a worker in or up: changes that are needed together, and where she would stand then."""

    changes: tuple[Change, ...]
    rank: int
    score: float

    @property
    def effort(self) -> float:
        """A rough measure of what it takes, by which advice is ordered."""
        return sum(change.effort for change in self.changes)

    @property
    def text(self) -> str:
        """The changes in words."""
        return joined((change.describe() for change in self.changes), "{first} and {second}")

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a worker is not the first choice.

    `first` is who is ranked first, None when nobody is eligible or she is it; `difference` has term by term what
    `first` is ahead by. `advice` is what would bring her in when she is blocked, else up; the least effort first, ()
    when no small change would do. `goal` is the rank that was aimed at.
    """

    candidate: Candidate
    first: Candidate | None
    difference: Explanation | None
    advice: tuple[Advice, ...]
    goal: int | None

    @property
    def smallest(self) -> Advice | None:
        """The smallest change, None when none would do."""
        return self.advice[0] if self.advice else None


def why_not(views: Views, policy: Policy, worker: str) -> WhyNot:
    """Return why `worker` is not the first choice for a job, and the smallest changes that would bring her in or up.

    Raises
    ------
    NotFound
        When there is no such worker.
    """
    return Question(Scoring(views, policy), worker).answer()


class Question:
    """The question about one worker, over scores that are there."""

    def __init__(self, scoring: Scoring, worker: str) -> None:
        self.scoring, self.worker = scoring, worker
        self.place = place_of(scoring, worker)
        self.candidate = scoring.candidate(self.place)

    def answer(self) -> WhyNot:
        """Return the answer."""
        best = [int(place) for place in self.scoring.best(1, self.scoring.eligible)]
        first = self.scoring.candidate(best[0], rank=1) if best and best[0] != self.place else None
        difference = first.explanation - self.candidate.explanation if first is not None else None
        if self.candidate.blocks:
            goal, advice = None, list(self._way_in())
        else:
            goal, advice = self._way_up()
        advice.sort(key=lambda one: (one.effort, str(one)))
        return WhyNot(self.candidate, first, difference, tuple(advice), goal)

    @cached_property
    def own(self) -> list[View]:
        """The job seen over her alone, for each way to meet its needs."""
        return [alone(way.view, self.worker) for way in self.scoring.ways]

    def after(self, changes: Sequence[Change]) -> Advice | None:
        """Return where she would stand with the changes made, None when she would still be blocked."""
        scoring, own = self.scoring, self.own
        moved = [change for change in changes if isinstance(change, Reschedule)]
        for moving in moved:  # another time is another time for everybody
            scoring = Scoring([moving.made(way.view) for way in scoring.ways], scoring.policy)
        for change in changes:
            own = [change.made(view) for view in own]
        hers = Scoring(own, scoring.policy)
        if hers.barriers is not None and hers.barriers[0]:
            return None
        score = float(hers.score[0])
        return Advice(tuple(changes), scoring.rank(self.place, score), score)

    def _way_in(self) -> Iterator[Advice]:
        """Yield for each way to meet the job's needs what would lift every rule that stops her, all of it together.

        What asks for all that another way asks for and for more is left out.
        """
        found: list[Advice] = []
        for way in self.scoring.ways:
            advice = self._all_of(way.remedies(self.place))
            if advice is not None and not any(_asks_for(advice, other) for other in found):
                found = [*(other for other in found if not _asks_for(other, advice)), advice]
        yield from found

    def _all_of(self, found: Sequence[Change | None]) -> Advice | None:
        """Return where she would stand with all of these changes, None when one of them is not to be had."""
        if any(change is None for change in found):
            return None
        jobs = max((change for change in found if isinstance(change, Succeed)), key=lambda one: one.count, default=None)
        needed: list[Change] = []
        for change in found:
            if change is not None and change not in needed and (not isinstance(change, Succeed) or change == jobs):
                needed.append(change)
        return self.after(needed)

    def _way_up(self) -> tuple[int | None, list[Advice]]:
        """Return the best rank that a single small change would bring, and the changes that do."""
        rank = self.candidate.rank
        if rank is None or rank == 1:
            return None, []
        for goal in (1, rank - 1):
            advice = [found for found in self._levers(goal) if found is not None]
            if advice:
                return goal, advice
        return None, []

    def _levers(self, goal: int) -> Iterator[Advice | None]:
        """Yield for each kind of change the smallest that brings her to a rank, None when none does."""
        yield self._reach(goal, [Succeed(count, self._what()) for count in range(1, MOST_JOBS + 1)])
        view = self.scoring.way(self.place).view
        policy = self.scoring.policy
        if policy.weight("travel") and view.travel is not None and view.travel[self.place] >= SETTING_OUT + 1.0:
            minutes = int(view.travel[self.place] - SETTING_OUT)  # nobody lives nearer than next door
            yield self._reach(goal, [Nearer(float(less)) for less in range(1, minutes + 1)])
        if policy.weight("load") and view.load[self.place] >= STEP:
            hours = int(view.load[self.place] / STEP)
            yield self._reach(goal, [Relieve(STEP * less) for less in range(1, hours + 1)])
        if policy.weight("preferred") and view.customer is not None:
            yield self._reach(goal, [AskFor(view.customer.name)])

    def _reach(self, goal: int, changes: Sequence[Change]) -> Advice | None:
        """Return the first of ever larger changes that brings her to a rank."""

        def enough(number: int) -> bool:
            found = self.after([changes[number - 1]])
            return found is not None and found.rank <= goal

        number = smallest(enough, len(changes))
        return None if number is None else self.after([changes[number - 1]])

    def _what(self) -> str:
        view = self.scoring.way(self.place).view
        return said("of this type") if view.job_type else said("like this one")


def _asks_for(advice: Advice, other: Advice) -> bool:
    """Return whether an advice asks for all that another one asks for."""
    jobs = max((one.count for one in advice.changes if isinstance(one, Succeed)), default=0)
    return all(one.count <= jobs if isinstance(one, Succeed) else one in advice.changes for one in other.changes)
