"""Workers by skills: levels and how sure they are, of many at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from skillmatch.beliefs.evidence import day_number
from skillmatch.beliefs.table import Floats, Indices
from skillmatch.errors import Invalid
from skillmatch.matching.arrays import Flags
from skillmatch.matching.levels import Levels, levels_of
from skillmatch.model import JobType, Requirement, Skill, SkillKind, Worker, plain_needs
from skillmatch.workspace.resident import Resident

ALONE = 3.0
"""The level that is usual where no job type asks for a skill at one: somebody can do it alone."""
ROW_ORDERS = ("name", "team")
COLUMN_ORDERS = ("evidence", "name")


@dataclass(frozen=True, slots=True)
class MatrixFilter:
    """Which workers and skills of the company a matrix has, and in which order.

    `teams` are those that are asked about, () for all; `team` one of them, `family` a skill with all narrower ones;
    every word of `worker` and `skill` must be in a name or id. `with_evidence` leaves out what is only inferred.
    `order` is one of `ROW_ORDERS`, or `by` names a skill: who is best in it comes first. `columns` is one of
    `COLUMN_ORDERS`.
    """

    teams: tuple[str, ...] = ()
    team: str = ""
    family: str = ""
    kind: SkillKind | None = None
    worker: str = ""
    skill: str = ""
    with_evidence: bool = False
    order: str = "name"
    by: str = ""
    columns: str = "evidence"

    def __post_init__(self) -> None:
        if self.order not in ROW_ORDERS:
            raise Invalid(f"workers ordered by {self.order!r}: expected one of {', '.join(ROW_ORDERS)}, or a skill")
        if self.columns not in COLUMN_ORDERS:
            raise Invalid(f"skills ordered by {self.columns!r}: expected one of {', '.join(COLUMN_ORDERS)}")


@dataclass(frozen=True, slots=True)
class ColumnSum:
    """What all workers of a matrix are in one skill: how many have evidence in it, how many of these stand at the usual
    level or above, and who is best, at which level.
    """

    usual: float
    known: int
    reached: int
    best: Worker | None
    best_level: float


@dataclass(frozen=True, slots=True, eq=False)
class SkillsMatrix:
    """A piece of a matrix of `total_workers` by `total_skills`, and what it was made from.

    `levels` belong to the `workers` and `skills` of the piece; `sums` count all workers of the matrix.
    """

    workers: tuple[Worker, ...]
    skills: tuple[Skill, ...]
    levels: Levels
    sums: tuple[ColumnSum, ...]
    total_workers: int
    total_skills: int
    wanted: MatrixFilter
    revision: int
    params_version: int
    moment: datetime


def people(
    resident: Resident, today: date, *, teams: tuple[str, ...], team: str = "", search: str = ""
) -> list[Worker]:
    """Return who is with the firm, by name: of some teams, of one of them, with all words in name, id or team."""
    words = search.casefold().split()
    found = [
        worker
        for worker in resident.roster.workers.values()
        if worker.active_on(today)
        and (not teams or worker.team in teams)
        and (not team or worker.team == team)
        and (not words or _all_in(words, f"{worker.name} {worker.id} {worker.team}"))
    ]
    return sorted(found, key=lambda worker: (worker.name.casefold(), worker.id))


def _all_in(words: list[str], text: str) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words)


def usual_levels(types: Iterable[JobType]) -> dict[str, float]:
    """Return the level at which most job types ask for each skill, the higher one where two are as frequent."""
    asked: dict[str, Counter[float]] = {}
    for type in types:
        for need in plain_needs(type.requirements):
            if isinstance(need, Requirement) and need.level is not None:
                asked.setdefault(need.skill, Counter())[need.level] += 1
    return {skill: max(levels, key=lambda level: (levels[level], level)) for skill, levels in asked.items()}


def make_matrix(
    resident: Resident,
    wanted: MatrixFilter,
    usual: dict[str, float],
    *,
    moment: datetime,
    today: date,
    rows: slice,
    columns: slice,
) -> SkillsMatrix:
    """Return the piece of a matrix at `rows` and `columns`."""
    table = resident.table
    everybody = people(resident, today, teams=wanted.teams, team=wanted.team, search=wanted.worker)
    skills = _skills(resident, wanted)
    mask = np.zeros(len(table), dtype=np.bool_)
    mask[_places(resident, everybody)] = True
    if wanted.with_evidence:
        touched = np.zeros(len(table), dtype=np.bool_)
        for skill in skills:
            touched[table.rows(skill.id).index] = True
        mask &= touched
        everybody = [worker for worker in everybody if mask[table.place(worker.id) or 0]]
    counts = {skill.id: int(np.count_nonzero(mask[table.rows(skill.id).index])) for skill in skills}
    skills = _in_order(skills, counts, wanted)
    day = day_number(moment)
    everybody = _ordered(resident, everybody, wanted, day, today)
    shown, places = tuple(skills[columns]), _places(resident, everybody)
    levels = levels_of(resident.roster, [skill.id for skill in shown], places, day=today, moment=day)
    sums = tuple(
        _sum(everybody, levels.level[:, number], levels.known[:, number], usual.get(skill.id, ALONE))
        for number, skill in enumerate(shown)
    )
    piece = Levels(levels.level[rows], levels.low[rows], levels.high[rows], levels.known[rows])
    total = (len(everybody), len(skills))
    return SkillsMatrix(
        tuple(everybody[rows]), shown, piece, sums, *total, wanted, table.revision, table.params.version, moment
    )


def _places(resident: Resident, workers: Iterable[Worker]) -> Indices:
    found = (resident.table.place(worker.id) for worker in workers)
    return np.array([place for place in found if place is not None], dtype=np.intp)


def _skills(resident: Resident, wanted: MatrixFilter) -> list[Skill]:
    graph, words = resident.graph, wanted.skill.casefold().split()
    among = graph.family(wanted.family) if wanted.family else graph.skills.keys()
    return [
        graph.skills[id]
        for id in among
        if (wanted.kind is None or graph.skills[id].kind is wanted.kind)
        and (not words or _all_in(words, f"{graph.skills[id].name} {id}"))
    ]


def _in_order(skills: list[Skill], counts: dict[str, int], wanted: MatrixFilter) -> list[Skill]:
    kept = [skill for skill in skills if counts[skill.id]] if wanted.with_evidence else skills
    found = sorted(kept, key=lambda skill: (skill.name.casefold(), skill.id))
    return sorted(found, key=lambda skill: -counts[skill.id]) if wanted.columns == "evidence" else found


def _ordered(
    resident: Resident, everybody: list[Worker], wanted: MatrixFilter, day: float, today: date
) -> list[Worker]:
    """Return the workers in order; who has evidence in the skill to order by comes before who has none."""
    if wanted.by:
        skill = resident.graph.skill(wanted.by).id
        found = levels_of(resident.roster, [skill], _places(resident, everybody), day=today, moment=day)
        order = np.lexsort((-found.level[:, 0], ~found.known[:, 0]))
        return [everybody[place] for place in order]
    if wanted.order == "team":
        return sorted(everybody, key=lambda worker: (not worker.team, worker.team.casefold()))
    return everybody


def _sum(everybody: list[Worker], level: Floats, known: Flags, usual: float) -> ColumnSum:
    if not known.any():
        return ColumnSum(usual, 0, 0, None, 0.0)
    best = int(np.argmax(np.where(known, level, -1.0)))
    reached = int(np.count_nonzero(known & (level >= usual)))
    return ColumnSum(usual, int(np.count_nonzero(known)), reached, everybody[best], float(level[best]))
