"""What people say about levels, those that managers set by hand, and the courses people go to.

Self-reports follow the published record: validity r about .37, three tenths of a standard deviation too high, every
worker with a leniency of her own. Managers see more (r about .5), colleagues a little less (docs/model.md, section 4).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from skillmatch.beliefs.evidence import (
    Assessment,
    Endorsement,
    Evidence,
    Override,
    SelfReport,
    TrainingCompleted,
    from_payload,
)
from skillmatch.demo.catalogue import Catalogue
from skillmatch.demo.dice import pick
from skillmatch.demo.history import SNAPSHOT_DAYS, Course
from skillmatch.demo.people import SCALE, Staff

Floats = NDArray[np.float64]
SOURCE = "skills survey"


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of rater: its validity, how far above the truth it states levels (in standard deviations of the true
    levels), and the share of a statement that is the rater's own habit.
    """

    validity: float
    leniency: float
    habit: float


SELF = Sort(0.36, 0.30, 0.45)
MANAGER = Sort(0.52, 0.05, 0.35)
PEER = Sort(0.40, 0.15, 0.30)
STATED_SD = 0.9
"""Spread of stated levels: people keep to the middle of a scale."""
OVERRIDES = 5
"""Levels that managers of a firm of 300 people have set by hand; a smaller firm has fewer."""
REASONS = (
    (1.0, "worked on it for years in the last firm; our records start too late to show it"),
    (0.5, "passed the maker's course, papers to follow"),
    (-1.0, "back after a long illness: only together with a colleague for now"),
    (-0.5, "two complaints that are not in the service reports"),
    (0.5, "runs our own training in it"),
    (-1.5, "asked not to be sent to this work alone any more"),
)
"""Why a manager sets a level by hand, and how far from the true one, in levels."""
BEST_SKILLS = 8
"""A level is set by hand in one of so many skills in which the worker is best: those for which one is sent."""
OVERRIDE_DAYS = (5, 270)
"""Fewest and most days before today on which a level was set by hand."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Somebody states a level of a worker's skill on a day; `rater` is the place of who says it."""

    day: int
    worker: int
    skill: int
    rater: int


Ask = Callable[[Catalogue, np.random.Generator, Staff, int], list[Occasion]]


def courses(catalogue: Catalogue, rng: np.random.Generator, staff: Staff, *, days: int) -> list[Course]:
    """Return the trainings of the whole history: each about something of one's own or a near trade."""
    found = []
    for worker in range(len(staff.workers)):
        for _ in range(rng.poisson(1.1)):
            day = int(rng.integers(0, days))
            skill = _own_skill(catalogue, rng, staff, worker, newest=True)
            level = float(rng.choice([1.5, 2.0, 2.5, 3.0], p=[0.2, 0.4, 0.3, 0.1]))
            if staff.first[worker] < day < staff.last[worker]:
                name = f"{catalogue.skills[skill].name}, part {1 if level < 2.5 else 2}"
                found.append(Course(day, worker, skill, level, name))
    return found


def state_levels(
    catalogue: Catalogue,
    rng: np.random.Generator,
    staff: Staff,
    snapshots: Sequence[Floats],
    *,
    start: date,
    days: int,
) -> list[Evidence]:
    """Return self-reports, assessments by team leaders and endorsements by team mates, oldest first."""
    facts: list[Evidence] = []
    kinds: tuple[tuple[type[Evidence], Sort, Ask], ...] = (
        (SelfReport, SELF, _surveys),
        (Assessment, MANAGER, _reviews),
        (Endorsement, PEER, _praise),
    )
    for kind, sort, occasions in kinds:
        those = occasions(catalogue, rng, staff, days)
        stated = zip(those, _stated(rng, sort, those, snapshots), strict=True)
        for number, (each, level) in enumerate(stated, start=1):
            said = {"skill": catalogue.skills[each.skill].id, "level": level}
            if kind is not SelfReport:
                said["rater"] = staff.workers[each.rater].id
            facts.append(
                from_payload(
                    kind.KIND,
                    said,
                    id=f"{kind.KIND} {number}",
                    worker=staff.workers[each.worker].id,
                    time=datetime.combine(start + timedelta(days=each.day), time(17), UTC),
                    source=SOURCE,
                )
            )
    return sorted(facts, key=lambda fact: fact.order)


def trainings(catalogue: Catalogue, staff: Staff, those: Sequence[Course], *, start: date) -> list[TrainingCompleted]:
    """Return the evidence of courses that were finished."""
    return [
        TrainingCompleted(
            id=f"training {number}",
            worker=staff.workers[course.worker].id,
            time=datetime.combine(start + timedelta(days=course.day), time(16), UTC),
            source="training office",
            skill=catalogue.skills[course.skill].id,
            level=course.level,
            course=course.name,
        )
        for number, course in enumerate(those, start=1)
    ]


def overrides(
    catalogue: Catalogue, rng: np.random.Generator, staff: Staff, *, count: int, start: date, days: int
) -> list[Override]:
    """Return levels that team leaders set by hand, in halves, for at most `count` members of their teams, oldest first.

    Nobody has two. Every reason is given once before one is given twice.
    """
    leader_of = leaders(staff)
    order = rng.permutation(len(REASONS))
    there = (staff.first < days - OVERRIDE_DAYS[1]) & (staff.last > days)
    led = [worker for worker, person in enumerate(staff.workers) if leader_of[person.team] != worker]
    those = [worker for worker in led if there[worker] and there[leader_of[staff.workers[worker].team]]]
    days_ago = np.sort(rng.integers(*OVERRIDE_DAYS, min(count, len(those)), endpoint=True))[::-1]
    chosen: list[int] = rng.choice(those, len(days_ago), replace=False).tolist() if those else []
    facts = []
    for number, (worker, ago) in enumerate(zip(chosen, days_ago, strict=True)):
        ability = np.where(staff.learned[worker], staff.ability()[worker], -np.inf)
        skill = int(rng.choice(np.argsort(-ability)[:BEST_SKILLS]))
        shift, reason = REASONS[order[number % len(REASONS)]]
        level = SCALE.level_of_logit(float(staff.ability()[worker, skill])) + shift
        person = staff.workers[worker]
        facts.append(
            Override(
                id=f"override {number + 1}",
                worker=person.id,
                time=datetime.combine(start + timedelta(days=days - int(ago)), time(9), UTC),
                source="team leaders",
                skill=catalogue.skills[skill].id,
                level=min(max(round(2.0 * level) / 2.0, 0.0), 5.0),
                note=reason,
                rater=staff.workers[leader_of[person.team]].id,
            )
        )
    return facts


def leaders(staff: Staff) -> dict[str, int]:
    """Return the place of each team's leader, who is the ablest of the team."""
    return {team: max(places, key=lambda place: staff.general[place]) for team, places in staff.teams().items()}


def _stated(
    rng: np.random.Generator, sort: Sort, those: Sequence[Occasion], snapshots: Sequence[Floats]
) -> list[float]:
    """Return the levels stated, in halves: true standing, the rater's habit and noise add up to a spread of one."""
    if not those:
        return []
    true = np.array(
        [SCALE.level_of_logit(snapshots[each.day // SNAPSHOT_DAYS][each.worker, each.skill]) for each in those]
    )
    raters = np.array([each.rater for each in those])
    habit = rng.normal(0.0, 1.0, int(raters.max()) + 1)[raters]
    rest = np.sqrt(1.0 - sort.validity**2 - sort.habit**2) * rng.normal(0.0, 1.0, len(those))
    standing = sort.validity * (true - true.mean()) / (true.std() or 1.0) + sort.habit * habit + rest
    levels = true.mean() + sort.leniency * true.std() + STATED_SD * standing
    return [float(level) for level in np.clip(np.round(2.0 * levels) / 2.0, 0.0, 5.0) + 0.0]


def _own_skill(
    catalogue: Catalogue, rng: np.random.Generator, staff: Staff, worker: int, *, newest: bool = False
) -> int:
    """Return a skill somebody would be asked about: of her trade, or one she has learned, now and then any other."""
    mine = {catalogue.trades[staff.trade[worker]].family, "site-safety", "customer-care"}
    likely = np.array([catalogue.family[skill.id] in mine for skill in catalogue.skills])
    weights = np.where(likely, 1.0, np.where(staff.learned[worker], 0.4, 0.04))
    if newest:
        weights = weights / (1.0 + staff.practice[worker])
    return int(rng.choice(len(weights), p=weights / weights.sum()))


def _surveys(catalogue: Catalogue, rng: np.random.Generator, staff: Staff, days: int) -> list[Occasion]:
    """Everybody is asked when the survey starts or when she comes, some once more a year ago; many skip skills."""
    found = []
    for worker in range(len(staff.workers)):
        first = int(max(staff.first[worker] + 7, rng.integers(0, 45)))
        again = [days - int(rng.integers(300, 400))] if rng.random() < 0.3 and first < days - 500 else []
        for day in (first, *again):
            if day < min(days, staff.last[worker]):
                asked = {_own_skill(catalogue, rng, staff, worker) for _ in range(rng.integers(3, 14))}
                found += [Occasion(day, worker, skill, worker) for skill in sorted(asked)]
    return found


def _reviews(catalogue: Catalogue, rng: np.random.Generator, staff: Staff, days: int) -> list[Occasion]:
    """A team leader assesses about a third of the team."""
    leader_of = leaders(staff)
    found = []
    for worker, person in enumerate(staff.workers):
        leader = leader_of[person.team]
        if rng.random() < 0.33 and leader != worker:
            day = int(rng.integers(days // 4, days))
            if max(staff.first[worker], staff.first[leader]) < day < min(staff.last[worker], staff.last[leader]):
                asked = {_own_skill(catalogue, rng, staff, worker) for _ in range(4)}
                found += [Occasion(day, worker, skill, leader) for skill in sorted(asked)]
    return found


def _praise(catalogue: Catalogue, rng: np.random.Generator, staff: Staff, days: int) -> list[Occasion]:
    """Now and then somebody endorses a team mate."""
    found = []
    for worker in range(len(staff.workers)):
        mates = staff.mates(worker)
        for _ in range(rng.poisson(0.8) if mates else 0):
            peer, day = pick(rng, mates), int(rng.integers(20, days))
            if max(staff.first[worker], staff.first[peer]) < day < min(staff.last[worker], staff.last[peer]):
                found.append(Occasion(day, worker, _own_skill(catalogue, rng, staff, worker), peer))
    return found
