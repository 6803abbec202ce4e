"""Ranking workers for one job: rules, weighted objectives, a stable order, and reasons for the rows that are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from skillmatch.beliefs.table import Floats, Indices
from skillmatch.errors import NotFound
from skillmatch.explanation import Explanation, Term
from skillmatch.matching.arrays import Flags
from skillmatch.matching.chance import explain_chance
from skillmatch.matching.changes import Block, Change
from skillmatch.matching.objectives import OBJECTIVES, Column, Objective
from skillmatch.matching.policy import Policy
from skillmatch.matching.rules import in_force
from skillmatch.matching.view import View
from skillmatch.model import Job, Need, PlainNeed, Worker

Views: TypeAlias = View | Sequence[View]
"""One job over all workers; several views when its needs can be met in several ways."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One worker for one job. `rank` counts from 1 among the eligible; None when `blocks` gives reasons.

    `chance` with `low` and `high` (80 % interval) is the chance of success; `explanation` sums to `score`, in points;
    `chance_explanation` sums to the log-odds of `chance`. `way` is the way to meet the job's needs that suits her best,
    () when there is only one.
    """

    worker: Worker
    rank: int | None
    score: float
    chance: float
    low: float
    high: float
    explanation: Explanation
    chance_explanation: Explanation
    blocks: tuple[Block, ...] = ()
    way: tuple[PlainNeed, ...] = ()

    @property
    def blocked(self) -> tuple[str, ...]:
        """Why she cannot be sent, in words."""
        return tuple(block.reason for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Ranking:
    """The answer for one job: the best candidates, the near matches, and some of the others who are blocked.

    `revision`, `params`, `policy` with its version, `day` and `moment` are what it was based on; `number` is that of
    the decision it was kept as, 0 when it was not. `hidden` workers of other teams were not asked about: they are in no
    count and no list.
    """

    job: Job
    needs: tuple[Need, ...]
    policy: str
    policy_version: int
    full_score: float
    params: int
    revision: int
    day: date
    moment: datetime
    total_workers: int
    eligible: int
    candidates: tuple[Candidate, ...]
    near: tuple[Candidate, ...]
    blocked: tuple[Candidate, ...]
    number: int = 0
    hidden: int = 0


class WayScoring:
    """Scores of all workers for one way to meet a job's needs, shape (workers,), under one policy."""

    def __init__(self, view: View, policy: Policy) -> None:
        self.view, self.policy = view, policy
        self.rules = in_force(policy)
        self.columns: list[tuple[Objective, Column, float]] = [
            (objective, column, policy.weight(objective.key))
            for objective in OBJECTIVES
            if policy.weight(objective.key) > 0.0
            for column in objective.columns(view, policy.limits)
        ]
        self.score: Floats = np.zeros(len(view.table))
        for _objective, column, weight in self.columns:
            self.score += weight * column.values

    @cached_property
    def blocking(self) -> list[tuple[int, Flags]]:
        """The rules that stop anybody, by number, with whom they stop."""
        found = [(number, rule.blocks(self.view, self.policy)) for number, rule in enumerate(self.rules)]
        return [(number, flags) for number, flags in found if flags is not None]

    @cached_property
    def barriers(self) -> npt.NDArray[np.int8] | None:
        """How many hard rules stop each worker, shape (workers,); None when no rule bears on the job."""
        count: npt.NDArray[np.int8] | None = None
        for _number, flags in self.blocking:
            count = flags.astype(np.int8) if count is None else count + flags
        return count

    @cached_property
    def near(self) -> Flags | None:
        """Whom rules stop that all have some tolerance left for her; None when nobody is stopped."""
        near: Flags | None = None
        for number, flags in self.blocking:
            close = self.rules[number].near(self.view, self.policy)
            fine = ~flags if close is None else ~flags | close
            near = fine if near is None else near & fine
        return None if near is None or self.barriers is None else near & (self.barriers > 0)

    def explanation(self, place: int) -> Explanation:
        """Return the terms of one worker's score; they sum to it, to the bit."""
        view, limits = self.view, self.policy.limits
        return Explanation.of(
            (
                Term(
                    column.key,
                    weight * float(column.values[place]),
                    column.label,
                    objective.detail(view, limits, column, place),
                )
                for objective, column, weight in self.columns
            ),
            unit="points",
        )

    def blocks(self, place: int) -> tuple[Block, ...]:
        """Return why a worker cannot be sent; () when she can."""
        return tuple(
            Block(rule.key, fault.reason) for rule in self.rules for fault in rule.faults(self.view, self.policy, place)
        )

    def remedies(self, place: int) -> list[Change | None]:
        """Return for each of `blocks` the smallest change that would lift it, None where there is none."""
        return [fault.remedy() for rule in self.rules for fault in rule.faults(self.view, self.policy, place)]


class Scoring:
    """Scores of all workers for a job under one policy, shape (workers,).

    Where the job's needs can be met in several ways each worker stands with the one that suits her best: in which she
    is eligible, then in which she scores most. Terms are made only for the rows asked for. Who is not asked about
    stands in no list and ahead of nobody.
    """

    def __init__(self, views: Views, policy: Policy) -> None:
        self.ways = [WayScoring(view, policy) for view in ([views] if isinstance(views, View) else views)]
        self.policy = policy
        first = self.ways[0]
        self.table = first.view.table
        self.score: Floats = first.score
        self.barriers = first.barriers
        self._way: npt.NDArray[np.int8] | None = None
        if len(self.ways) > 1:
            self._choose()

    def _choose(self) -> None:
        size = len(self.score)
        stopped = np.stack([np.zeros(size, np.int8) if way.barriers is None else way.barriers for way in self.ways])
        scores = np.stack([way.score for way in self.ways])
        fewest = stopped == stopped.min(axis=0)
        self._way = np.argmax(np.where(fewest, scores, -np.inf), axis=0).astype(np.int8)
        rows = np.arange(size)
        self.score, self.barriers = scores[self._way, rows], stopped[self._way, rows]

    @property
    def view(self) -> View:
        """The job seen in the first way."""
        return self.ways[0].view

    def way(self, place: int) -> WayScoring:
        """Return the way that suits a worker best."""
        return self.ways[0 if self._way is None else int(self._way[place])]

    @cached_property
    def eligible(self) -> Flags | None:
        """Who passes every hard rule; None when no rule bears on the job and everybody is asked about."""
        asked = self.view.asked
        if self.barriers is None:
            return asked
        passes: Flags = self.barriers == 0
        return passes if asked is None else passes & asked

    @cached_property
    def near(self) -> Flags:
        """Who is stopped, but only by rules under which little is missing."""
        near = np.zeros(len(self.score), dtype=np.bool_)
        for number, way in enumerate(self.ways):
            if way.near is not None:
                near |= way.near if self._way is None else way.near & (self._way == number)
        return near if self.view.asked is None else near & self.view.asked

    @property
    def eligible_count(self) -> int:
        """How many workers pass every hard rule."""
        return len(self.score) if self.eligible is None else int(np.count_nonzero(self.eligible))

    def best(self, limit: int, among: Flags | None) -> Indices:
        """Return the places of the `limit` highest scores among the flagged (None: all), ties by id."""
        if limit < 1:
            return np.empty(0, dtype=np.intp)
        pool = np.arange(len(self.score)) if among is None else np.flatnonzero(among)
        scores = self.score[pool]
        if limit < len(pool):
            cut = np.partition(scores, len(pool) - limit)[len(pool) - limit]
            kept = scores >= cut
            pool, scores = pool[kept], scores[kept]
        return np.asarray(pool[np.lexsort((self.table.id_order[pool], -scores))][:limit])

    def nearest(self, limit: int, *, besides: Flags | None = None) -> Indices:
        """Return the places of the blocked whom the fewest rules stop, the best first, ties by id."""
        if self.barriers is None or not len(self.score):
            return np.empty(0, dtype=np.intp)
        stopped = self.barriers if besides is None else np.where(besides, 0, self.barriers)
        if self.view.asked is not None:
            stopped = np.where(self.view.asked, stopped, 0)
        found: list[int] = []
        for count in range(1, int(stopped.max()) + 1):  # never sorts more than the few that are asked for
            if len(found) >= limit:
                break
            found += self.best(limit - len(found), stopped == count).tolist()
        return np.array(found, dtype=np.intp)

    def rank(self, place: int, score: float | None = None) -> int:
        """Return the rank, from 1, that a worker has among the eligible, or would have with another score."""
        ids, score = self.table.id_order, float(self.score[place]) if score is None else score
        ahead = (self.score > score) | ((self.score == score) & (ids < ids[place]))
        if self.eligible is not None:
            ahead &= self.eligible
        ahead[place] = False
        return 1 + int(np.count_nonzero(ahead))

    def explanation(self, place: int) -> Explanation:
        """Return the terms of one worker's score; they sum to it, to the bit."""
        return self.way(place).explanation(place)

    def candidate(self, place: int, rank: int | None = None) -> Candidate:
        """Return one worker with all reasons; `rank` saves counting when the caller knows it."""
        way = self.way(place)
        view = way.view
        blocks: tuple[Block, ...] = ()
        if self.barriers is not None and self.barriers[place]:
            blocks = way.blocks(place)
        elif rank is None:
            rank = self.rank(place)
        low, high = view.interval(place)
        return Candidate(
            worker_at(view, place),
            None if blocks else rank,
            float(self.score[place]),
            float(view.chance[place]),
            low,
            high,
            way.explanation(place),
            explain_chance(view, place),
            blocks,
            view.needs if len(self.ways) > 1 else (),
        )


def rank(
    views: Views,
    policy: Policy,
    *,
    job: Job,
    revision: int,
    needs: tuple[Need, ...] | None = None,
    limit: int = 10,
    near: int = 5,
    blocked: int = 5,
) -> Ranking:
    """Return the `limit` best candidates for a job, up to `near` near matches, and up to `blocked` of the others whom
    the fewest hard rules stop.
    """
    scoring = Scoring(views, policy)
    view = scoring.view
    shown = scoring.best(limit, scoring.eligible)
    close = scoring.best(near, scoring.near) if scoring.barriers is not None else shown[:0]
    barred = scoring.nearest(blocked, besides=scoring.near if scoring.barriers is not None else None)
    return Ranking(
        job,
        view.needs if needs is None else needs,
        policy.name,
        policy.version,
        policy.full_score,
        view.params.version,
        revision,
        view.day,
        view.time,
        view.count,
        scoring.eligible_count,
        tuple(scoring.candidate(int(p), rank=n) for n, p in enumerate(shown, start=1)),
        tuple(scoring.candidate(int(p)) for p in close),
        tuple(scoring.candidate(int(p)) for p in barred),
        hidden=len(view.table) - view.count,
    )


def explain(views: Views, policy: Policy, worker: str) -> Candidate:
    """Return one worker for a job, ranked or blocked, by the same code and numbers as `rank`."""
    scoring = Scoring(views, policy)
    return scoring.candidate(place_of(scoring, worker))


def place_of(scoring: Scoring, worker: str, *, anybody: bool = False) -> int:
    """Return a worker's position, or raise NotFound with the nearest id; also of who is not asked about, with
    `anybody`.
    """
    place, asked = scoring.table.place(worker), None if anybody else scoring.view.asked
    if place is None or (asked is not None and not asked[place]):
        known = scoring.table.workers
        raise NotFound.named(
            "worker", worker, known if asked is None else [known[int(here)] for here in np.flatnonzero(asked)]
        )
    return place


def worker_at(view: View, place: int) -> Worker:
    """Return the worker at a position."""
    id = view.table.workers[place]
    return view.roster.workers.get(id) or Worker(id, id)
