"""The use-case of a crew: who goes together to a job with several slots."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.observation import DONE, SUCCESS
from skillmatch.errors import Invalid
from skillmatch.explanation import Explanation
from skillmatch.matching.crews import Crew, CrewProblem, best_crews, best_with, broken_rules, difference, why_impossible
from skillmatch.matching.ranking import Scoring, WayScoring, place_of, worker_at
from skillmatch.matching.teams import crew_problem, pool
from skillmatch.model import Job, Worker
from skillmatch.store.store import Transaction
from skillmatch.workspace.deciding import Deciding
from skillmatch.workspace.policies import policy_of


@dataclass(frozen=True, slots=True)
class CrewAnswer:
    """The best crews for a job, best first, or why there is none.

    `needs` are the labels of what the crew covers; `workers` are the members of the crews, by id.
    """

    job: Job
    size: int
    needs: tuple[str, ...]
    crews: tuple[Crew, ...]
    impossible: tuple[str, ...]
    workers: dict[str, Worker]
    revision: int


@dataclass(frozen=True, slots=True)
class WhyNotInCrew:
    """Why a worker is not in the best crew: why she may not go, or the best crew with her and what it loses."""

    worker: Worker
    blocked: tuple[str, ...]
    best: Crew | None
    with_her: Crew | None
    difference: Explanation | None


class Crewing(Deciding):
    """The part of the workspace that puts crews together."""

    def crew(self, job: str, *, size: int | None = None, policy: str = "balanced", limit: int = 3) -> CrewAnswer:
        """Return the best crews for a job.

        Parameters
        ----------
        job
            Its id.
        size
            How many go; else what the job or its type asks for.
        policy
            The name of a policy: its limits and the match score of each member.
        limit
            How many crews to show.

        Raises
        ------
        NotFound
            When there is no such job or policy.
        Invalid
            For a size that is no crew.
        """
        with self._lock, self._store.read() as transaction:
            scoring, found, size = self._scored(transaction, job, size, policy)
            answers = [self._crews(transaction, way, size, limit) for way in scoring.ways]
            crews, impossible, needs = max(answers, key=lambda one: one[0][0].score if one[0] else -np.inf)
            roster = scoring.view.roster.workers
            members = {member: roster[member] for crew in crews for member in crew.members if member in roster}
            revision = self._fresh(transaction).revision
            return CrewAnswer(found, size, needs, crews, impossible, members, revision)

    def why_not_in_crew(
        self, job: str, worker: str, *, size: int | None = None, policy: str = "balanced"
    ) -> WhyNotInCrew:
        """Return why a worker is not in the best crew for a job.

        Raises
        ------
        NotFound
            When there is no such job, worker or policy.
        """
        with self._lock, self._store.read() as transaction:
            scoring, _found, size = self._scored(transaction, job, size, policy)
            place = place_of(scoring, worker)
            way = scoring.way(place)
            person = worker_at(way.view, place)
            if not pool(way)[place]:
                return WhyNotInCrew(person, tuple(block.reason for block in way.blocks(place)), None, None, None)
            problem = crew_problem(way, size, self._together(transaction, way), include=(worker,))
            best = next(iter(best_crews(problem, limit=1)), None) if problem else None
            with_her = best_with(problem, worker) if problem else None
            lost = difference(problem, best, with_her) if problem and best and with_her else None
            return WhyNotInCrew(person, (), best, with_her, lost)

    def _scored(self, transaction: Transaction, job: str, size: int | None, policy: str) -> tuple[Scoring, Job, int]:
        views, found = self._views(transaction, job)
        size = views[0].circumstances.crew if size is None else size
        if not 1 <= size <= 20:
            raise Invalid(f"a crew of {size} was asked for: expected 1 to 20")
        return Scoring(views, policy_of(transaction, policy)), found.job, size

    def _crews(
        self, transaction: Transaction, way: WayScoring, size: int, limit: int
    ) -> tuple[tuple[Crew, ...], tuple[str, ...], tuple[str, ...]]:
        problem = crew_problem(way, size, self._together(transaction, way))
        if problem is None:
            return (), ("nobody may go: every worker is stopped by a hard rule",), ()
        least = min(way.view.circumstances.crew, size)
        crews = tuple(replace(crew, excess=_excess(problem, crew, least)) for crew in best_crews(problem, limit=limit))
        return crews, () if crews else why_impossible(problem), tuple(problem.needs)

    def _together(self, transaction: Transaction, way: WayScoring) -> dict[tuple[str, str], int]:
        """Return how many jobs each pair of those who may go finished well together."""
        table = way.view.table
        places = np.flatnonzero(pool(way))
        best = places[np.lexsort((table.id_order[places], -way.score[places]))][:200]
        workers = {table.workers[place] for place in best}
        done: dict[str, set[str]] = defaultdict(set)
        for fact in transaction.facts((JobOutcome.KIND,), workers=workers):
            if isinstance(fact, JobOutcome) and SUCCESS[fact.result] >= DONE:
                done[fact.job].add(fact.worker)
        pairs: Counter[tuple[str, str]] = Counter()
        for members in done.values():
            pairs.update(combinations(sorted(members), 2))
        return dict(pairs)


def _excess(problem: CrewProblem, crew: Crew, least: int) -> tuple[str, ...]:
    """Return who of a crew larger than the job asks for could stay at home, the least match score first.

    Without them together every head count is still met and somebody can still lead.
    """
    free, kept, excess = replace(problem, least=least), list(crew.members), []
    points = dict(zip(problem.workers, problem.points, strict=True))
    for member in sorted(crew.members, key=lambda one: (points[one], one)):
        rest = [one for one in kept if one != member]
        if len(rest) >= least and member != crew.lead and not broken_rules(free, rest):
            kept = rest
            excess.append(member)
    return tuple(excess)
