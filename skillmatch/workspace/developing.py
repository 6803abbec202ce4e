"""The use-cases of growing: skills that are inferred, accepted or declined; wishes to learn, and what leads there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

import numpy as np

from skillmatch.accounts import Account
from skillmatch.beliefs.evidence import (
    Evidence,
    LearningWish,
    Retraction,
    SelfReport,
    SkillDeclined,
    TrainingCompleted,
    day_number,
)
from skillmatch.beliefs.filter import WorkerState
from skillmatch.errors import Conflict
from skillmatch.matching.inferred import Inferred, inferred_skills, level_of, relatives, skill_view
from skillmatch.model import Job, JobStatus, JobType, Need, Skill, Worker, skill_needs, ways
from skillmatch.store.store import Transaction
from skillmatch.wording import said
from skillmatch.workspace.answers import Proficiency
from skillmatch.workspace.base import find_worker
from skillmatch.workspace.reach import Reach
from skillmatch.workspace.recording import record_within
from skillmatch.workspace.resident import Resident

INFERRED = "inferred skills"
WISHES = "wishes"
KNOWS_IT = 2.0
"""From this level on a prerequisite is no obstacle, and somebody can go along: "with help"."""
CAN_TEACH, AHEAD = 3.0, 0.5
"""Who teaches masters it alone, and is so many levels ahead."""
MOST_TEACHERS, MOST_TYPES, MOST_OPEN_JOBS = 5, 6, 1000


@dataclass(frozen=True, slots=True)
class Wish:
    """A worker wishes to learn a skill, since when; `level` is where she stands."""

    worker: str
    skill: str
    since: date
    level: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A skill that another needs first, with the worker's level in it and whether that is enough."""

    skill: str
    level: float
    enough: bool


@dataclass(frozen=True, slots=True)
class Teacher:
    """A colleague who masters a skill."""

    worker: Worker
    level: float
    same_team: bool


@dataclass(frozen=True, slots=True)
class Practice:
    """Jobs of one type, None for those without, that ask for a skill and that a worker knows the rest of."""

    type: str | None
    name: str
    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """A course in a skill: how many colleagues finished it, and when the last did; `own` is whether she has."""

    name: str
    level: float
    people: int
    last: date
    own: bool


@dataclass(frozen=True, slots=True)
class LearningPath:
    """What would get a worker to a skill.

    `asked` is the level that jobs usually ask of it, None where they ask for none; `gap` how far she is from it.
    """

    worker: Worker
    skill: Skill
    wish: Wish | None
    proficiency: Proficiency
    tried: bool
    asked: float | None
    steps: tuple[Step, ...]
    alike: tuple[str, ...]
    teachers: tuple[Teacher, ...]
    practice: tuple[Practice, ...]
    courses: tuple[Course, ...]

    @property
    def gap(self) -> float | None:
        """Levels that are missing to what jobs usually ask, 0 for none, None where they ask for no level."""
        return None if self.asked is None else max(self.asked - self.proficiency.level, 0.0)


class Development:
    """How workers grow. `by` is who is signed in, None for the command line."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    def inferred(self, worker: str) -> tuple[Inferred, ...]:
        """Return the skills to ask a worker about, at most five, the likeliest first; she has no evidence in any."""
        reach = self._reach
        with reach.lock, reach.store.read() as transaction:
            person = find_worker(transaction, worker)
            declined = transaction.facts([SkillDeclined.KIND], workers=[worker])
            resident = reach.fresh(transaction)
            if not person.active_on(reach.today()):
                return ()
            return inferred_skills(
                resident.table,
                resident.roster,
                resident.graph,
                worker,
                day=reach.today(),
                moment=day_number(reach.now()),
                leave_out={fact.skill for fact in declined if isinstance(fact, SkillDeclined)},
            )

    def accept(self, id: str, worker: str, skill: str, level: float, *, by: Account | None = None) -> SelfReport:
        """Record that a worker claims a skill that was inferred, at a level. Twice is once.

        Raises
        ------
        NotFound
            When there is no such worker or skill.
        Invalid
            For a level that is none.
        Conflict
            When the id stands for something else.
        """
        fact = SelfReport(id=id, worker=worker, time=self._reach.now(), source=INFERRED, skill=skill, level=level)
        self._once(fact, by)
        return fact

    def decline(self, id: str, worker: str, skill: str, *, note: str = "", by: Account | None = None) -> SkillDeclined:
        """Record that a worker does not claim a skill that was inferred. Errors are those of `accept`."""
        fact = SkillDeclined(id=id, worker=worker, time=self._reach.now(), source=INFERRED, skill=skill, note=note)
        self._once(fact, by)
        return fact

    def take_back(self, id: str, worker: str, *, by: Account | None = None) -> bool:
        """Take an answer about an inferred skill back; return whether there was one to take back."""
        with self._reach.store.write() as transaction:
            transaction.wait_in_line()
            known = transaction.find_evidence(INFERRED, id)
            if known is None or known.worker != worker or transaction.is_retracted(INFERRED, id):
                return False
            undone = Retraction(
                id=f"{id}-undone",
                worker=worker,
                time=self._reach.now(),
                source=INFERRED,
                retracts_source=INFERRED,
                retracts_id=id,
                reason="taken back",
            )
            record_within(transaction, undone, now=self._reach.now(), by=by)
        return True

    def wish(
        self, id: str, worker: str, skill: str, *, active: bool = True, note: str = "", by: Account | None = None
    ) -> bool:
        """Record that a worker wishes to learn a skill, or no longer does; return whether that is news.

        Errors are those of `accept`.
        """
        now = self._reach.now()
        fact = LearningWish(id=id, worker=worker, time=now, source=WISHES, skill=skill, active=active, note=note)
        with self._reach.store.write() as transaction:
            transaction.wait_in_line()
            standing = {one.skill: one.active for one in _wish_facts(transaction, [worker])}
            find_worker(transaction, worker)
            if standing.get(skill, False) == active:
                return False
            if transaction.find_evidence(WISHES, id) is not None:
                raise Conflict(said("this form was used already: look at the page as it is now, and say it there"))
            record_within(transaction, fact, now=now, by=by)
        return True

    def wishes(self, workers: Iterable[str] | None = None) -> tuple[Wish, ...]:
        """Return what workers wish to learn, or some of them: by skill, and those who wish it longest first."""
        reach = self._reach
        with reach.lock, reach.store.read() as transaction:
            facts = _wish_facts(transaction, None if workers is None else list(workers))
            resident = reach.fresh(transaction)
            return tuple(_wish(fact, resident, reach.now()) for fact in _standing(facts))

    def path(self, worker: str, skill: str) -> LearningPath:
        """Return what would get a worker to a skill, or raise NotFound."""
        reach = self._reach
        with reach.lock, reach.store.read() as transaction:
            person = find_worker(transaction, worker)
            resident = reach.fresh(transaction)
            wanted = resident.graph.skill(skill)
            params, now = resident.table.params, reach.now()
            state, moment = resident.table.state(worker), day_number(now)
            found = Proficiency.in_skill(state, wanted.id, moment, params)
            types = {type.id: type for type in transaction.nouns(JobType)}
            jobs, _total = transaction.find_jobs(status=JobStatus.OPEN, limit=MOST_OPEN_JOBS)
            mine = [one for one in _standing(_wish_facts(transaction, [worker])) if one.skill == wanted.id]
            return LearningPath(
                person,
                wanted,
                _wish(mine[0], resident, now) if mine else None,
                found,
                wanted.id in state.skills,
                _asked(wanted.id, types.values(), jobs),
                _steps(wanted.id, state, resident, moment),
                relatives(wanted.id, _worked(state), params, resident.graph)[:3],
                _teachers(wanted.id, person, resident, found.level, day=reach.today(), moment=moment),
                _practice(wanted.id, jobs, types, state, resident, moment),
                _courses(wanted.id, worker, transaction),
            )

    def _once(self, fact: SelfReport | SkillDeclined, by: Account | None) -> None:
        with self._reach.store.write() as transaction:
            transaction.wait_in_line()
            earlier = transaction.find_evidence(*fact.key)
            if earlier is None:
                record_within(transaction, fact, now=self._reach.now(), by=by)
            elif _said(earlier) != _said(fact):
                raise Conflict(said("this form was used already: look at the page as it is now, and answer there"))


def _said(fact: Evidence) -> tuple[object, ...]:
    return (fact.KIND, fact.worker, getattr(fact, "skill", None), getattr(fact, "level", None))


def _wish_facts(transaction: Transaction, workers: Sequence[str] | None) -> list[LearningWish]:
    facts = transaction.facts([LearningWish.KIND], workers=workers)
    return [fact for fact in facts if isinstance(fact, LearningWish)]


def _standing(facts: Iterable[LearningWish]) -> list[LearningWish]:
    """Return the wishes that stand: of each worker and skill the last word, by skill, the oldest first."""
    last = {(fact.worker, fact.skill): fact for fact in facts}
    return sorted((fact for fact in last.values() if fact.active), key=lambda fact: (fact.skill, *fact.order))


def _wish(fact: LearningWish, resident: Resident, now: datetime) -> Wish:
    state, params = resident.table.state(fact.worker), resident.table.params
    level = level_of(state, fact.skill, day_number(now), params)
    return Wish(fact.worker, fact.skill, fact.time.date(), level, fact.note)


def _worked(state: WorkerState) -> dict[str, float]:
    return {skill: own.successes + own.failures for skill, own in state.skills.items()}


def _asked(skill: str, types: Iterable[JobType], jobs: Iterable[Job]) -> float | None:
    """Return the level that types of jobs, and open jobs with needs of their own, usually ask of a skill."""
    lists = [needs for needs in (*(type.requirements for type in types), *(job.requirements for job in jobs)) if needs]
    levels = [level for needs in lists for level in _levels(needs, skill)]
    return median(levels) if levels else None


def _levels(needs: Sequence[Need], skill: str) -> list[float]:
    return [need.level for need in skill_needs(needs) if need.skill == skill and need.level is not None]


def _steps(skill: str, state: WorkerState, resident: Resident, moment: float) -> tuple[Step, ...]:
    """Return what a skill needs first, and what that needs, the nearest last: the order in which one learns them."""
    ordered: dict[str, None] = {}
    rest = [skill]
    while rest:
        for needed in sorted(resident.graph.needs(rest.pop(0))):
            if needed not in ordered:
                ordered[needed] = None
                rest.append(needed)
    levels = ((one, level_of(state, one, moment, resident.table.params)) for one in reversed(ordered))
    return tuple(Step(one, level, level >= KNOWS_IT) for one, level in levels)


def _teachers(
    skill: str, person: Worker, resident: Resident, own: float, *, day: date, moment: float
) -> tuple[Teacher, ...]:
    """Return who masters a skill, has done it and is ahead: her team first, then the best."""
    table, roster = resident.table, resident.roster
    view = skill_view(table, roster, skill, day=day, moment=moment)
    levels = view.levels(0)
    fit = view.touched(0) & roster.active_on(day) & (levels >= max(CAN_TEACH, own + AHEAD))
    found = []
    for place in np.flatnonzero(fit):
        other = roster.workers[table.workers[int(place)]]
        if other.id != person.id:
            same = bool(person.team) and other.team == person.team
            found.append(Teacher(other, float(levels[place]), same))
    return tuple(sorted(found, key=lambda one: (not one.same_team, -one.level, one.worker.id)))


def _practice(
    skill: str,
    jobs: Sequence[Job],
    types: dict[str, JobType],
    state: WorkerState,
    resident: Resident,
    moment: float,
) -> tuple[Practice, ...]:
    """Return open jobs that ask for a skill beside others of which she knows one, by type, the most jobs first."""
    by_type: dict[str | None, list[Job]] = defaultdict(list)
    for job in jobs:
        type = types.get(job.type or "")
        needs = job.requirements or (type.requirements if type else ())
        for way in ways(needs):
            asked = {need.skill for need in skill_needs(way)}
            others = asked - {skill}
            known = (level_of(state, one, moment, resident.table.params) >= KNOWS_IT for one in others)
            if skill in asked and (not others or any(known)):
                by_type[job.type].append(job)
                break
    found = (Practice(type, types[type].name if type in types else "", tuple(own)) for type, own in by_type.items())
    return tuple(sorted(found, key=lambda one: (-len(one.jobs), one.name))[:MOST_TYPES])


def _courses(skill: str, worker: str, transaction: Transaction) -> tuple[Course, ...]:
    """Return the courses in a skill that anybody has finished, those of most people first."""
    facts = transaction.facts([TrainingCompleted.KIND])
    done = [fact for fact in facts if isinstance(fact, TrainingCompleted) and fact.skill == skill]
    people: Counter[str] = Counter()
    for name, _worker in {(fact.course, fact.worker) for fact in done}:
        people[name] += 1
    last = {fact.course: fact for fact in done}
    own = {fact.course for fact in done if fact.worker == worker}
    found = (Course(name, fact.level, people[name], fact.time.date(), name in own) for name, fact in last.items())
    return tuple(sorted(found, key=lambda one: (-one.people, one.name)))
