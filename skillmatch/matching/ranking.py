"""Ranking workers for one job: rules, weighted objectives, a stable order, and reasons for the rows that are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from skillmatch.beliefs.filter import PRACTICE
from skillmatch.beliefs.table import Floats, Indices
from skillmatch.errors import NotFound
from skillmatch.explanation import Explanation, Term
from skillmatch.matching.objectives import OBJECTIVES, Column, Objective
from skillmatch.matching.policy import Policy
from skillmatch.matching.rules import RULES
from skillmatch.matching.view import Flags, SkillColumns, View
from skillmatch.model import Job, Need, Worker


@dataclass(frozen=True, slots=True)
class Candidate:
    """One worker for one job. `rank` counts from 1 among the eligible; None when `blocked` gives reasons.

    `chance` with `low` and `high` (80 % interval) is the chance of success; `explanation` sums to `score`, in points;
    `chance_explanation` sums to the log-odds of `chance`.
    """

    worker: Worker
    rank: int | None
    score: float
    chance: float
    low: float
    high: float
    explanation: Explanation
    chance_explanation: Explanation
    blocked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """The answer for one job: what it was based on, the best candidates, and some who are blocked, with reasons."""

    job: Job
    needs: tuple[Need, ...]
    policy: str
    revision: int
    day: date
    total_workers: int
    eligible: int
    candidates: tuple[Candidate, ...]
    blocked: tuple[Candidate, ...]


class Scoring:
    """Scores of all workers under one policy, shape (workers,); terms are made only for the rows asked for."""

    def __init__(self, view: View, policy: Policy) -> None:
        self.view, self.policy = view, policy
        self.columns: list[tuple[Objective, Column, float]] = [
            (objective, column, policy.weights.get(objective.key, 0.0))
            for objective in OBJECTIVES
            if policy.weights.get(objective.key, 0.0) > 0.0
            for column in objective.columns(view)
        ]
        self.score: Floats = np.zeros(len(view.table))
        for _objective, column, weight in self.columns:
            self.score += weight * column.values

    @cached_property
    def barriers(self) -> npt.NDArray[np.int64] | None:
        """How many hard rules stop each worker, shape (workers,); None when no rule bears on the job."""
        count: npt.NDArray[np.int64] | None = None
        for rule in RULES:
            found = rule.blocks(self.view, self.policy)
            if found is not None:
                count = found.astype(np.int64) if count is None else count + found
        return count

    @cached_property
    def eligible(self) -> Flags | None:
        """Who passes every hard rule; None when no rule bears on the job."""
        return None if self.barriers is None else self.barriers == 0

    @property
    def eligible_count(self) -> int:
        """How many workers pass every hard rule."""
        return len(self.score) if self.eligible is None else int(np.count_nonzero(self.eligible))

    def best(self, limit: int, among: Flags | None) -> Indices:
        """Return the places of the `limit` highest scores among the flagged (None: all), ties by id."""
        pool = np.arange(len(self.score)) if among is None else np.flatnonzero(among)
        scores = self.score[pool]
        if limit < len(pool):
            cut = np.partition(scores, len(pool) - limit)[len(pool) - limit]
            kept = scores >= cut
            pool, scores = pool[kept], scores[kept]
        return np.asarray(pool[np.lexsort((self.view.table.id_order[pool], -scores))][:limit])

    def nearest(self, limit: int) -> Indices:
        """Return the places of the blocked whom the fewest rules stop, the best first, ties by id."""
        if self.barriers is None:
            return np.empty(0, dtype=np.intp)
        pool = np.flatnonzero(self.barriers)
        order = np.lexsort((self.view.table.id_order[pool], -self.score[pool], self.barriers[pool]))
        return np.asarray(pool[order][:limit])

    def rank(self, place: int) -> int:
        """Return the rank, from 1, of an eligible worker."""
        ids = self.view.table.id_order
        ahead = (self.score > self.score[place]) | ((self.score == self.score[place]) & (ids < ids[place]))
        if self.eligible is not None:
            ahead &= self.eligible
        return 1 + int(np.count_nonzero(ahead))

    def explanation(self, place: int) -> Explanation:
        """Return the terms of one worker's score; they sum to it, to the bit."""
        return Explanation.of(
            (
                Term(
                    column.key,
                    weight * float(column.values[place]),
                    column.label,
                    objective.detail(self.view, column, place),
                )
                for objective, column, weight in self.columns
            ),
            unit="points",
        )

    def candidate(self, place: int, worker: Worker, rank: int | None = None) -> Candidate:
        """Return one worker with all reasons; `rank` saves counting when the caller knows it."""
        blocked: tuple[str, ...] = ()
        if self.eligible is not None and not self.eligible[place]:
            blocked = tuple(why for rule in RULES for why in rule.reasons(self.view, self.policy, place))
        elif rank is None:
            rank = self.rank(place)
        low, high = self.view.interval(place)
        return Candidate(
            worker,
            None if blocked else rank,
            float(self.score[place]),
            float(self.view.chance[place]),
            low,
            high,
            self.explanation(place),
            explain_chance(self.view, place),
            blocked,
        )


_PRACTICE = {
    "practice": "{skill}: jobs done right and wrong",
    "familiarity": "{skill}: done lately",
    "recency": "{skill}: how long ago",
    "trend": "{skill}: the last jobs, against what was expected",
}
_DIFFICULTY = {"type": "this type of job", "customer": "this customer", "site": "this site"}


def explain_chance(view: View, place: int) -> Explanation:
    """Return the log-odds of one worker's chance as a sum.

    General ability, what her skills of a family share, each skill, its practice, familiarity and recency, levels,
    difficulty, uncertainty.
    """
    params = view.params
    terms = [
        Term("base", params.base, "an average worker at ordinary work"),
        Term("general", float(view.table.general_mean[place]), "general ability"),
    ]
    for part, load in view.shared:
        rows = view.table.part(part)
        here = rows.place(place)
        mean = 0.0 if here is None else load * float(rows.values[0, here])
        terms.append(Term(part, mean, view.part_name(part), "" if here is not None else "nothing on record"))
    for number, column in enumerate(view.columns):
        terms += _skill_terms(view, number, column, place)
    for number, demand in enumerate(view.demands):
        if demand.level is not None:
            points = -(view.parts[number] * params.logit_of_level(demand.level))
            terms.append(Term(f"level:{number}", points, f"level {demand.level:g} in {view.name(demand.skill)}"))
    if params.fitted_on:
        form = params.weights[-1] * float(view.table.form[place])
        terms.append(Term("form", form, "how the last jobs went, against what was expected"))
    for kind, difficulty in view.difficulties:
        if kind == "type" or difficulty.mean:
            terms.append(Term(f"difficulty:{kind}", -difficulty.mean, f"difficulty of {_DIFFICULTY[kind]}"))
    mean = float(view.log_odds[place])
    expected = float(view.shrink[place]) * mean
    terms.append(Term("uncertainty", expected - mean, "what is not known for sure"))
    if params.fitted_on:
        shown = params.slope * expected + params.shift
        terms.append(Term("calibration", shown - expected, "correction by how such chances came true"))
    return Explanation.of(terms, unit="log-odds")


def _skill_terms(view: View, number: int, column: SkillColumns, place: int) -> list[Term]:
    """Return what one demanded skill gives: her own part in it, practice, and how hard it is."""
    here, name = column.touched.place(place), view.name(column.skill)
    own = 0.0 if here is None else column.part * float(column.rows.mean[here])
    detail = f"{column.part * 100:.0f} % of the work" + ("; nothing on record" if here is None else "")
    terms = [Term(f"skill:{number}", own, name, detail)]
    if not view.params.fitted_on:
        return terms
    if here is None:
        terms.append(Term(f"practice:{number}", column.part * column.untouched, f"{name}: never done"))
    sent = column.part * float(column.exposure[place])
    if sent:
        terms.append(Term(f"exposure:{number}", sent, f"{name}: how often she is sent to it, against others"))
    for group, gained in zip(PRACTICE, column.gained, strict=False):
        if here is not None and (group == "practice" or gained[here]):
            label = _PRACTICE[group].format(skill=name)
            terms.append(Term(f"{group}:{number}", column.part * float(gained[here]), label))
    if column.difficulty:
        terms.append(Term(f"difficulty:{number}", -(column.part * column.difficulty), f"{name}: how hard it is"))
    return terms


def rank(view: View, policy: Policy, *, job: Job, revision: int, limit: int = 10, blocked: int = 5) -> Ranking:
    """Return the `limit` best candidates for the view's job and up to `blocked` whom the fewest hard rules stop."""
    scoring = Scoring(view, policy)
    shown = scoring.best(limit, scoring.eligible)
    barred = scoring.nearest(blocked)
    return Ranking(
        job,
        view.needs,
        policy.name,
        revision,
        view.day,
        len(view.table),
        scoring.eligible_count,
        tuple(scoring.candidate(int(p), _worker(view, int(p)), rank=n) for n, p in enumerate(shown, start=1)),
        tuple(scoring.candidate(int(p), _worker(view, int(p))) for p in barred),
    )


def explain(view: View, policy: Policy, worker: str) -> Candidate:
    """Return one worker for the view's job, ranked or blocked, by the same code and numbers as `rank`."""
    place = view.table.place(worker)
    if place is None:
        raise NotFound.named("worker", worker, view.table.workers)
    return Scoring(view, policy).candidate(place, _worker(view, place))


def _worker(view: View, place: int) -> Worker:
    id = view.table.workers[place]
    return view.roster.workers.get(id) or Worker(id, id)
