"""Where the firm is thin: what jobs ask for, against who can do it surely enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from skillmatch.beliefs.evidence import day_number
from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.table import Floats, Indices
from skillmatch.gaps.thin import FEW, Able, count_able
from skillmatch.matching.arrays import Flags
from skillmatch.matching.policy import Policy
from skillmatch.matching.standing import Standing, Standings, certainty_of
from skillmatch.model import Job, Risk, Worker
from skillmatch.workspace.answers import Proficiency
from skillmatch.workspace.demands import SKILL, Demanded, Key
from skillmatch.workspace.resident import Resident

Named = tuple[tuple[int, float, Proficiency | None], ...]


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


class Ability:
    """Who of those who are `counted`, (workers,), can do what, at one `moment`.

    Kept while others are written about: only skills with evidence of them are looked at anew.
    """

    def __init__(self, resident: Resident, counted: Flags, moment: datetime) -> None:
        self.standings = Standings(resident.table, counted, day_number(moment))
        self.moment = moment
        self._known: dict[str, dict[tuple[float, float], tuple[Able, tuple[Named, Named]]]] = {}

    def refresh(self) -> None:
        """Forget what has changed."""
        for skill in self.standings.forget():
            self._known.pop(skill, None)

    def in_skill(self, resident: Resident, skill: str, level: float, floor: float) -> tuple[Able, tuple[Named, Named]]:
        """Return who stands at a level of a skill as surely as `floor`; as for a must, only by evidence in it."""
        known = self._known.setdefault(skill, {})
        if (level, floor) not in known:
            standing, params = self.standings.of(skill), resident.table.params
            chance = certainty_of(standing, level, params)
            able = count_able(chance, floor)
            known[level, floor] = able, _named(able, standing.places, chance, standing, params)
        return known[level, floor]


def thin_places(
    resident: Resident,
    asked: Mapping[Key, Demanded],
    policy: Policy,
    counted: Flags,
    ability: Ability,
    *,
    today: date,
) -> tuple[Thin, ...]:
    """Return for everything that is asked for how many can do it, the most pressing first.

    `counted` (workers,) says who counts, `ability` what is known of them.
    """
    found, workers = [], resident.roster.workers
    for (kind, id, level), one in asked.items():
        risk = one.risk
        floor = policy.limits.certainty(risk)
        if kind == SKILL:
            name = resident.names.get(id, id)
            able, named = ability.in_skill(resident, id, level, floor)
        else:
            places = np.flatnonzero(counted & resident.roster.certified_on(id, today))
            chance = np.ones(len(places))
            name, able = id, count_able(chance, floor)
            named = _named(able, places, chance, None, resident.table.params)
        who = [
            tuple(AblePerson(workers[resident.table.workers[place]], sure, level) for place, sure, level in people)
            for people in named
        ]
        found.append(
            Thin(
                *(kind, id, name, level, risk, floor, able.count),
                *(who[0], who[1], able.expected, able.none, able.at_most_one),
                *(one.jobs, one.done),
            )
        )
    return tuple(sorted(found, key=_pressing))


def _named(
    able: Able, places: Indices, chance: Floats, standing: Standing | None, params: BeliefParams
) -> tuple[Named, Named]:
    """Return who are able and who come close: place in the table, chance, and level where a skill is asked for."""
    first, second = (
        tuple((int(places[row]), float(chance[row]), _level_of(standing, row, params)) for row in rows.tolist())
        for rows in (able.able, able.close)
    )
    return first, second


def _level_of(standing: Standing | None, row: int, params: BeliefParams) -> Proficiency | None:
    if standing is None:
        return None
    return Proficiency.of(float(standing.mean[row]), float(standing.var[row]), params)


def _pressing(one: Thin) -> tuple[object, ...]:
    """Return by what thin places are ordered: those that open jobs depend on, then the fewest able, then how often."""
    return (
        not (one.thin and one.jobs),
        min(one.count, FEW + 1),
        -len(one.jobs),
        -one.done,
        one.name.casefold(),
        one.id,
        one.kind,
        one.level,
    )
