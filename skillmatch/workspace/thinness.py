"""Where the firm is thin: what jobs ask for, against who can do it surely enough."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import numpy as np

from skillmatch.beliefs.evidence import day_number
from skillmatch.gaps.thin import count_able
from skillmatch.matching.arrays import Flags
from skillmatch.matching.levels import certainty_of, one_skill
from skillmatch.matching.policy import Policy
from skillmatch.matching.view import View
from skillmatch.model import (
    AllOf,
    AnyOf,
    Job,
    JobType,
    LanguageRequirement,
    Need,
    PlainNeed,
    Requirement,
    Risk,
    Worker,
    ways,
)
from skillmatch.store.store import Transaction
from skillmatch.workspace.answers import Proficiency
from skillmatch.workspace.resident import Resident

LOOKED_BACK = 365
"""Days over which finished jobs say what is asked for."""
SKILL, CERTIFICATION = "skill", "certification"
FEW = 2
"""As many as that are able at most where the firm is called thin."""
_RISKS = (Risk.LOW, Risk.NORMAL, Risk.HIGH)
Key = tuple[str, str, float]


@dataclass(slots=True)
class Demanded:
    """How often something was asked for, by which open jobs, and the highest risk of any job that did."""

    done: int = 0
    open: list[Job] = field(default_factory=list)
    risk: Risk = Risk.LOW


@dataclass(frozen=True, slots=True)
class AblePerson:
    """Somebody with her chance of being able, and her level where a skill is asked for."""

    worker: Worker
    chance: float
    level: Proficiency | None


@dataclass(frozen=True, slots=True)
class Thin:
    """Something that jobs ask for, and who can do it.

    `kind` is `skill` or `certification`, `level` the level asked, 0 for none; `floor` how sure a must has to be at the
    highest `risk` of these jobs. `count` workers are that sure; the surest of them are `able`, and those who are not
    but come closest `close`. `expected` is how many can on average, `none` and `at_most_one` how likely it is that
    nobody can, or one at most. `jobs` are open, `done` were finished in the last year.
    """

    kind: str
    id: str
    name: str
    level: float
    risk: Risk
    floor: float
    count: int
    able: tuple[AblePerson, ...]
    close: tuple[AblePerson, ...]
    expected: float
    none: float
    at_most_one: float
    jobs: tuple[Job, ...]
    done: int

    @property
    def thin(self) -> bool:
        """Whether there are so few that one who is away is missed."""
        return self.count <= FEW


def demands(transaction: Transaction, today: date) -> dict[Key, Demanded]:
    """Return what open jobs and those of the last year cannot do without: (kind, id, level) with how often."""
    types = {type.id: type for type in transaction.nouns(JobType)}
    found: dict[Key, Demanded] = defaultdict(Demanded)
    kept: dict[tuple[Need, ...], list[Key]] = {}
    for job in transaction.jobs_open():
        for key in _keys(job.requirements, types, job.type, kept):
            found[key].open.append(job)
            found[key].risk = _higher(found[key].risk, job.risk, types, job.type)
    for row in transaction.asked_of_done(since=today - timedelta(days=LOOKED_BACK)):
        for key in _keys(row.needs, types, row.type, kept):
            found[key].done += row.jobs
            found[key].risk = _higher(found[key].risk, row.risk, types, row.type)
    return dict(found)


def _keys(
    own: tuple[Need, ...],
    types: Mapping[str, JobType],
    type: str | None,
    kept: dict[tuple[Need, ...], list[Key]],
) -> list[Key]:
    known = types.get(type or "")
    needs = own or (known.requirements if known else ())
    if needs not in kept:
        kept[needs] = sorted({key for need in always(needs) if (key := _key(need)) is not None})
    return kept[needs]


def always(needs: tuple[Need, ...]) -> list[PlainNeed]:
    """Return what is needed whatever is chosen among `needs`: of a choice, only what each way asks for."""
    if not any(isinstance(need, AnyOf | AllOf) for need in needs):
        return list(ways(needs)[0])
    first, *others = ({_named(need): need for need in way} for way in ways(needs))
    found: list[PlainNeed] = []
    for name, need in first.items():
        if all(name in way for way in others):
            found.append(min((need, *(way[name] for way in others)), key=_level))
    return found


def _named(need: PlainNeed) -> tuple[str, str]:
    if isinstance(need, LanguageRequirement):
        return "language", need.language
    return (SKILL, need.skill) if isinstance(need, Requirement) else (CERTIFICATION, need.type)


def _level(need: PlainNeed) -> float:
    return (need.level or 0.0) if isinstance(need, Requirement) else 0.0


def _key(need: PlainNeed) -> Key | None:
    return None if isinstance(need, LanguageRequirement) else (*_named(need), _level(need))


def _higher(known: Risk, own: Risk | None, types: Mapping[str, JobType], type: str | None) -> Risk:
    found = types.get(type or "")
    risk = own or (found.risk if found else Risk.NORMAL)
    return max(known, risk, key=_RISKS.index)


def thin_places(
    resident: Resident,
    asked: Mapping[Key, Demanded],
    policy: Policy,
    counted: Flags,
    *,
    moment: datetime,
    today: date,
) -> tuple[Thin, ...]:
    """Return for everything that is asked for how many can do it, the most pressing first.

    `counted` (workers,) says who counts. As for a must, somebody is able only by evidence in the very skill.
    """
    day, found, views = day_number(moment), [], dict[str, View]()
    for (kind, id, level), one in asked.items():
        floor = policy.limits.certainty(one.risk)
        view = None
        if kind == SKILL:
            view = views.get(id) or one_skill(resident.roster, id, None, day=today, moment=day)
            views[id] = view
            # Whoever has no evidence in the skill is not able, so only the others are looked at.
            touched = view.columns[0].index
            places = np.sort(touched[counted[touched]])
            chance = certainty_of(view, places, level)
        else:
            places = np.flatnonzero(counted & resident.roster.certified_on(id, today))
            chance = np.ones(len(places))
        name = resident.names.get(id, id) if kind == SKILL else id
        able = count_able(chance, floor)
        people = {place: float(chance[place]) for place in (*able.able[:FEW].tolist(), *able.close.tolist())}
        who = {place: _person(resident, view, int(places[place]), sure) for place, sure in people.items()}
        found.append(
            Thin(
                *(kind, id, name, level, one.risk, floor, len(able.able)),
                tuple(who[place] for place in able.able[:FEW].tolist()),
                tuple(who[place] for place in able.close.tolist()),
                *(able.expected, able.none, able.at_most_one),
                tuple(sorted(one.open, key=lambda job: (job.priority, job.due or date.max, job.id))),
                one.done,
            )
        )
    return tuple(sorted(found, key=_pressing))


def _person(resident: Resident, view: View | None, place: int, chance: float) -> AblePerson:
    worker = resident.roster.workers[resident.table.workers[place]]
    if view is None:
        return AblePerson(worker, chance, None)
    mean, var = view.proficiency(0)
    return AblePerson(worker, chance, Proficiency.of(float(mean[place]), float(var[place]), resident.table.params))


def _pressing(one: Thin) -> tuple[float, ...] | tuple[object, ...]:
    """Return by what thin places are ordered: those that open jobs depend on, then the fewest able, then how often."""
    return (
        not (one.thin and one.jobs),
        min(one.count, FEW + 1),
        -len(one.jobs),
        -one.done,
        one.name.casefold(),
        one.id,
    )
