"""The skills as people look them up: the list, one with its neighbours, who has it, and what work asks for it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

import numpy as np
import numpy.typing as npt

from skillmatch.beliefs.evidence import day_number
from skillmatch.beliefs.params import LEARNED_PART, BeliefParams
from skillmatch.matching.view import View
from skillmatch.model import RUNGS, Requirement, Skill, SkillKind, Worker
from skillmatch.skills.graph import SkillGraph
from skillmatch.skills.neighbours import Around, neighbours
from skillmatch.store.store import Store, Transaction
from skillmatch.workspace.answers import Z_80, Proficiency, time_of_day
from skillmatch.workspace.resident import Resident
from skillmatch.workspace.skill_demand import Demand, OpenJobs, first_month, months
from skillmatch.workspace.skill_index import SkillIndex

Flags = npt.NDArray[np.bool_]
Sees = Callable[[Worker], bool]

ALIKE, MOST_ALIKE = 0.3, 12
"""Skills that who-does-what says are less alike than this are not worth showing; nor are more of them than this."""
SURE = 0.9
SUCCESSES, FAILURES, DAY = 5, 6, 2
"""Places in the rows of `beliefs.table`."""


@dataclass(frozen=True, slots=True)
class SkillRow:
    """A skill in a list, with how many workers one sees have evidence in it, and how many open jobs need it."""

    skill: Skill
    people: int
    open_jobs: int


@dataclass(frozen=True, slots=True)
class SkillList:
    """Some skills of `total` that fit what was asked; `skills` is how many there are."""

    rows: tuple[SkillRow, ...]
    total: int
    skills: int


@dataclass(frozen=True, slots=True)
class Holder:
    """A worker in a skill; `jobs` she did with it, `last` when it was last touched: None and 0 where it is inferred."""

    worker: Worker
    proficiency: Proficiency
    jobs: int
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Rung:
    """How many are expected to stand at a level or above: with evidence, and inferred; `sure` how many almost surely.

    Of those with evidence, `sure` counts whose chance to stand there is 90 % or more.
    """

    level: int
    known: float
    inferred: float
    sure: int


@dataclass(frozen=True, slots=True)
class Holders:
    """Who has a skill: some of those with evidence in it, some of whom a level is inferred, and how many of both.

    The surest first: by the lower end of the interval, which 9 in 10 of them reach.
    """

    known: tuple[Holder, ...]
    inferred: tuple[Holder, ...]
    knowing: int
    others: int
    rungs: tuple[Rung, ...]


class Skillbook:
    """Looks skills up in the company in memory; made by `Workspace.skillbook`."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        zone: Callable[[], tzinfo],
        lock: AbstractContextManager[bool],
        fresh: Callable[[Transaction], Resident],
    ) -> None:
        self._store, self._clock, self._zone = store, clock, zone
        self._lock, self._fresh = lock, fresh
        self._index = SkillIndex(SkillGraph())
        self._open = OpenJobs()

    def list(
        self,
        *,
        search: str = "",
        kind: SkillKind | None = None,
        below: str = "",
        order: str = "name",
        sees: Sees,
        jobs: Collection[str] | None = None,
        first: int = 0,
        most: int = 50,
    ) -> SkillList:
        """Return skills found by words in their names, ids and other names, each with people and open jobs.

        Parameters
        ----------
        below
            The id of a skill: only itself and what is narrower, at any distance.
        order
            `name`, `people` or `demand`; with a search, what fits best comes first in the order of names.
        sees, jobs
            Whose evidence counts; which open jobs do, None for all.

        Raises
        ------
        NotFound
            When there is no skill `below`.
        """
        with self._lock, self._store.read() as transaction:
            resident = self._fresh(transaction)
            self._open.refresh(transaction)
            index = self._indexed(resident.graph)
            found = index.find(search, kind=kind, below=below)
            demand = self._open.counts(jobs)
            mask = self._seen(resident, sees)
            if order == "people":
                people = {skill.id: self._people(resident, skill.id, mask) for skill in found}
                found = sorted(found, key=lambda one: -people[one.id])
            elif order == "demand":
                found = sorted(found, key=lambda one: -demand.get(one.id, 0))
            shown = found[first : first + most]
            rows = (SkillRow(one, self._people(resident, one.id, mask), demand.get(one.id, 0)) for one in shown)
            return SkillList(tuple(rows), len(found), len(resident.graph))

    def families(self, *, most: int = 60) -> tuple[tuple[Skill, int], ...]:
        """Return the broadest skills with how many are below, by name: those with most below where there are many."""
        with self._lock, self._store.read() as transaction:
            return self._indexed(self._fresh(transaction).graph).families(most)

    def skill(self, id: str) -> Skill:
        """Return a skill, or what it was merged into, or raise NotFound."""
        with self._lock, self._store.read() as transaction:
            return self._fresh(transaction).graph.skill(id)

    def around(self, id: str) -> Around:
        """Return what is directly around a skill, and what the same people practise, or raise NotFound."""
        with self._lock, self._store.read() as transaction:
            resident = self._fresh(transaction)
            id = resident.graph.skill(id).id
            return neighbours(resident.graph, id, alike(resident.table.params, id))

    def practising(self, id: str, *, sees: Sees) -> tuple[Worker, ...]:
        """Return who has evidence in a skill and is with the firm, by name: nothing of how well she does it."""
        with self._lock, self._store.read() as transaction:
            resident = self._fresh(transaction)
            rows, mask = resident.table.rows(resident.graph.skill(id).id), self._seen(resident, sees)
            people = resident.roster.workers
            own = [people[resident.table.workers[place]] for place in rows.index[mask[rows.index]].tolist()]
        return tuple(sorted(own, key=lambda one: (one.name.casefold(), one.id)))

    def holders(
        self, id: str, *, sees: Sees, first: int = 0, most: int = 20, first_inferred: int = 0, most_inferred: int = 5
    ) -> Holders:
        """Return who has a skill of those one sees and who are with the firm, and how many stand at each level.

        Raises
        ------
        NotFound
            When there is no such skill.
        """
        with self._lock, self._store.read() as transaction:
            resident = self._fresh(transaction)
            skill = resident.graph.skill(id).id
            view = self._view(resident, skill)
            mask, touched = self._seen(resident, sees), view.touched(0)
            order = _surest_first(view)
            known = order[(mask & touched)[order]]
            inferred = order[(mask & ~touched)[order]]
            return Holders(
                self._holders(resident, view, known[first : first + most]),
                self._holders(resident, view, inferred[first_inferred : first_inferred + most_inferred]),
                len(known),
                len(inferred),
                tuple(_rung(view, level, known, inferred) for level in range(1, len(RUNGS))),
            )

    def demand(self, id: str, *, sees: Sees, jobs: Collection[str] | None = None) -> Demand:
        """Return what work asks for a skill: open jobs among `jobs`, and a year of jobs by workers one sees.

        Raises
        ------
        NotFound
            When there is no such skill.
        """
        now, zone = self._clock(), self._zone()
        after = datetime.combine(first_month(now, zone), time(), zone)
        with self._lock, self._store.read() as transaction:
            resident = self._fresh(transaction)
            skill = resident.graph.skill(id).id
            self._open.refresh(transaction)
            asked, people = self._open.asking(skill, jobs), resident.roster.workers
            # Earlier ones are asked for, too: a job's first visit may lie before the year.
            early = after - timedelta(days=60)
            outcomes = transaction.outcomes_demanding(transaction.meanings.names_of([skill]), after=early)
        worked = [fact for fact in outcomes if any(demand.skill == skill for demand in fact.demands)]
        return Demand(asked, months(worked, now, zone, counts=lambda worker: sees(people[worker])))

    def _indexed(self, graph: SkillGraph) -> SkillIndex:
        if self._index.graph is not graph:
            self._index = SkillIndex(graph)
        return self._index

    def _seen(self, resident: Resident, sees: Sees) -> Flags:
        """Return which workers one sees and are with the firm today, (workers,)."""
        today = self._clock().astimezone(self._zone()).date()
        people = resident.roster.workers
        return np.array(
            [
                (one := people.get(id)) is not None and one.active_on(today) and sees(one)
                for id in resident.table.workers
            ],
            dtype=np.bool_,
        )

    def _people(self, resident: Resident, skill: str, mask: Flags) -> int:
        index = resident.table.rows(skill).index
        return int(np.count_nonzero(mask[index])) if len(index) else 0

    def _view(self, resident: Resident, skill: str) -> View:
        now = self._clock()
        day = now.astimezone(self._zone()).date()
        return View(resident.table, resident.roster, (Requirement(skill),), day, day_number(now))

    def _holders(self, resident: Resident, view: View, places: npt.NDArray[np.intp]) -> tuple[Holder, ...]:
        rows, table = view.columns[0].touched, resident.table
        mean, var = view.proficiency(0)
        found = []
        for place in places.tolist():
            proficiency = Proficiency.of(float(mean[place]), float(var[place]), table.params)
            here, worker = rows.place(place), resident.roster.workers[table.workers[place]]
            if here is None:
                found.append(Holder(worker, proficiency, 0, None))
                continue
            values = rows.values[:, here]
            jobs = round(float(values[SUCCESSES] + values[FAILURES]))
            found.append(Holder(worker, proficiency, jobs, time_of_day(float(values[DAY]))))
        return tuple(found)


def _surest_first(view: View) -> npt.NDArray[np.intp]:
    mean, var = view.proficiency(0)
    low = mean - Z_80 * np.sqrt(view.params.spread * var)
    return np.asarray(np.lexsort((view.table.id_order, -mean, -low)), dtype=np.intp)


def _rung(view: View, level: int, known: npt.NDArray[np.intp], inferred: npt.NDArray[np.intp]) -> Rung:
    able = view.certainty(0, float(level))
    sure = int(np.count_nonzero(able[known] >= SURE))
    return Rung(level, float(able[known].sum()), float(able[inferred].sum()), sure)


def alike(params: BeliefParams, skill: str) -> Mapping[str, float]:
    """Return the skills most alike to a skill by the circles that they draw on, with how strongly, from `ALIKE` to 1.

    A circle is what the same people practise; the likeness of two skills is the product of their shares in each circle,
    summed: with shares of length one, the cosine between them.
    """
    own = {one.part: one.load for one in params.shared(skill) if one.part.startswith(LEARNED_PART)}
    if not own:
        return {}
    found: dict[str, float] = {}
    for other, loads in params.loadings.items():
        like = sum(own[one.part] * one.load for one in loads if one.part in own)
        if other != skill and like >= ALIKE:
            found[other] = min(like, 1.0)
    most = sorted(found, key=lambda one: (-found[one], one))[:MOST_ALIKE]
    return {other: found[other] for other in most}
