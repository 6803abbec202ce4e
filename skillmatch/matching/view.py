"""One job seen over all workers: the columns that rules and objectives read, computed once each.

All arrays have shape (workers,) in the table's order, unless said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from math import pi, sqrt

import numpy as np
import numpy.typing as npt

from skillmatch.beliefs.evidence import EPOCH, Demand
from skillmatch.beliefs.filter import level_offset, shares
from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.table import BeliefTable, Floats, Indices, Moment
from skillmatch.model import Certification, CertificationRequirement, Customer, Need, Requirement, Worker, skill_needs

Flags = npt.NDArray[np.bool_]

PI_8 = pi / 8.0
Z_80 = 1.2815515655446004
"""Standard normal quantile of .9: an interval of +- this many standard deviations covers 80 %."""
NORMAL_SLOPE = 1.702
"""The logistic function of 1.702 x is within .0095 of the normal distribution function (Haley 1952)."""
_FAR_PAST, _FAR_FUTURE = date.min.toordinal(), date.max.toordinal()


class Roster:
    """Who works here, in the order of the belief table: the facts that hard rules test.

    `active_from` and `active_to` are ordinals of days, int64 (workers,).
    """

    def __init__(self, table: BeliefTable) -> None:
        self.table = table
        self.workers: dict[str, Worker] = {}
        self._from = np.empty(0, dtype=np.int64)
        self._to = np.empty(0, dtype=np.int64)
        self._certifications: dict[str, dict[str, list[Certification]]] = {}

    def put_workers(self, workers: list[Worker]) -> None:
        """Add or replace workers."""
        self.table.add_workers(worker.id for worker in workers)
        missing = len(self.table) - len(self._from)
        self._from = np.concatenate([self._from, np.full(missing, _FAR_PAST)])
        self._to = np.concatenate([self._to, np.full(missing, _FAR_FUTURE)])
        for worker in workers:
            self.workers[worker.id] = worker
            place = self.table.place(worker.id)
            self._from[place] = worker.active_from.toordinal() if worker.active_from else _FAR_PAST
            self._to[place] = worker.active_to.toordinal() if worker.active_to else _FAR_FUTURE

    def put_certifications(self, worker: str, held: list[Certification]) -> None:
        """Replace all certifications of one worker."""
        for by_worker in self._certifications.values():
            by_worker.pop(worker, None)
        for certification in held:
            by_worker = self._certifications.setdefault(certification.type, {})
            by_worker.setdefault(worker, []).append(certification)

    def certifications(self, worker: str, type: str) -> list[Certification]:
        """Return what a worker holds of one type, valid or not."""
        return self._certifications.get(type, {}).get(worker, [])

    def active_on(self, day: date) -> Flags:
        """Return who is with the firm on `day`."""
        ordinal, size = day.toordinal(), len(self.table)
        return (self._from[:size] <= ordinal) & (ordinal <= self._to[:size])

    def certified_on(self, type: str, day: date) -> Flags:
        """Return who holds a certification of `type` that is valid on `day`."""
        flags = np.zeros(len(self.table), dtype=np.bool_)
        for worker, held in self._certifications.get(type, {}).items():
            if any(certification.valid_on(day) for certification in held):
                flags[self.table.place(worker)] = True
        return flags


@dataclass(frozen=True, slots=True)
class SkillColumns:
    """What is known of one demanded skill at the moment of ranking.

    `index` (n,) are the workers with evidence in it, `rows` their values beside it. `effect` says what was learned
    about the skill, `untouched` what its share adds to the log-odds of somebody who never did the work, and `practice`
    (n,) what practice adds to those of the others, all as `filter.practice_offset` would.
    """

    skill: str
    part: float
    index: Indices
    rows: Moment
    untouched: float
    practice: Floats

    @classmethod
    def of(cls, demand: Demand, part: float, table: BeliefTable, moment: float) -> SkillColumns:
        """Return the columns of a demanded skill with its share of the work."""
        params, touched = table.params, table.rows(demand.skill)
        rows, effect = touched.at(moment, params), params.skill(demand.skill)
        won, lost, recent, lasting, pause, new, surprise, _form = params.weights
        untouched = part * (new - effect.difficulty)
        if not any(params.weights) and not params.skills:
            return cls(demand.skill, part, touched.index, rows, untouched, np.zeros(len(touched)))
        practice = part * (
            (won + effect.success) * np.log1p(rows.successes)
            + (lost + effect.failure) * np.log1p(rows.failures)
            + recent * np.log1p(rows.recent)
            + lasting * np.log1p(rows.lasting)
            + pause * rows.pause
            + surprise * rows.surprise
            + np.where(rows.successes + rows.failures == 0.0, new, 0.0)
            - effect.difficulty
        )
        return cls(demand.skill, part, touched.index, rows, untouched, practice)


@dataclass
class View:
    """A job's needs over the resident arrays, on the `day` it is to be done, with beliefs as of `moment`.

    `moment` is in days since 1970. `job_type` selects the learned difficulty; `customer` brings the workers she
    prefers, requires or excludes; `names` are what people call the skills, by id.
    """

    table: BeliefTable
    roster: Roster
    needs: tuple[Need, ...]
    day: date
    moment: float
    job_type: str | None = None
    customer: Customer | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[SkillColumns, ...] = field(init=False)

    def __post_init__(self) -> None:
        requirements = skill_needs(self.needs)
        self.demands = tuple(Demand(need.skill, need.level, need.weight) for need in requirements)
        self.parts = shares(self.demands)
        self.columns = tuple(
            SkillColumns.of(demand, part, self.table, self.moment)
            for demand, part in zip(self.demands, self.parts, strict=True)
        )

    @property
    def params(self) -> BeliefParams:
        """The parameters the beliefs were learned under."""
        return self.table.params

    @property
    def today(self) -> date:
        """The day of the moment in UTC."""
        return (EPOCH + timedelta(days=self.moment)).date()

    def name(self, skill: str) -> str:
        """Return what people call a skill."""
        return self.names.get(skill, skill)

    @property
    def musts(self) -> tuple[Requirement, ...]:
        """The skill requirements that are hard rules."""
        return tuple(need for need in skill_needs(self.needs) if need.must)

    @property
    def certification_types(self) -> tuple[str, ...]:
        """The certifications that must be valid on the day."""
        return tuple(need.type for need in self.needs if isinstance(need, CertificationRequirement))

    @cached_property
    def offset(self) -> float:
        """What the job itself adds to everybody's log-odds: base rate, difficulty of its type, demanded levels."""
        difficulty = self.params.difficulty(self.job_type)
        return (self.params.base - difficulty.mean) - level_offset(self.demands, self.parts, self.params)

    @cached_property
    def _ability(self) -> tuple[Floats, Floats]:
        """Mean and variance of the ability this job draws on, in logits."""
        mean = self.table.general_mean.copy()
        var = self.table.general_var.copy()
        spread = 0.0
        for column in self.columns:
            spread += column.part * column.part
            mean[column.index] += column.part * column.rows.mean
            var[column.index] += (column.part * column.part) * (column.rows.var - self.params.skill_var)
        var += spread * self.params.skill_var
        return mean, var

    @cached_property
    def log_odds(self) -> Floats:
        """Mean log-odds of success before uncertainty is counted."""
        return self._ability[0] + (self.offset + self.practice)

    @cached_property
    def practice(self) -> Floats:
        """What practice, form and the difficulty of the skills add to the log-odds."""
        form = self.params.weights[-1]
        total = form * self.table.form
        total += sum(column.untouched for column in self.columns)
        for column in self.columns:
            total[column.index] += column.practice - column.untouched
        return np.asarray(total)

    @cached_property
    def var(self) -> Floats:
        """Variance of the log-odds, without the chance differences between jobs of one type."""
        return self._ability[1] + self.params.difficulty(self.job_type).var

    @cached_property
    def shrink(self) -> Floats:
        """Factor by which uncertainty pulls the log-odds toward even: docs/model.md, section 1.3."""
        return 1.0 / np.sqrt(1.0 + PI_8 * (self.var + self.params.instance_var))

    @cached_property
    def chance(self) -> Floats:
        """Expected chance of success."""
        return logistic(self.params.slope * (self.shrink * self.log_odds) + self.params.shift)

    def interval(self, place: int) -> tuple[float, float]:
        """Return the 80 % interval of one worker's chance, given how uncertain her ability and the job type are."""
        mean, spread = float(self.log_odds[place]), Z_80 * sqrt(float(self.var[place]))
        shrink = 1.0 / sqrt(1.0 + PI_8 * self.params.instance_var)
        chance = float(self.chance[place])
        ends = np.array([mean - spread, mean + spread])
        low, high = logistic(self.params.slope * (shrink * ends) + self.params.shift)
        return min(float(low), chance), max(float(high), chance)

    def proficiency(self, number: int) -> tuple[Floats, Floats]:
        """Return mean and variance, in logits, of the whole ability in the demanded skill with this number."""
        column = self.columns[number]
        mean = self.table.general_mean.copy()
        var = self.table.general_var + self.params.skill_var
        mean[column.index] += column.rows.mean
        var[column.index] += column.rows.var - self.params.skill_var
        return mean, var

    def touched(self, number: int) -> Flags:
        """Return who has any evidence in the demanded skill with this number."""
        flags = np.zeros(len(self.table), dtype=np.bool_)
        flags[self.columns[number].index] = True
        return flags

    def certainty(self, number: int) -> Floats:
        """Return the probability that each worker stands at or above the level demanded of skill `number`."""
        level = self.demands[number].level
        mean, var = self.proficiency(number)
        needed = self.params.logit_of_level(level if level is not None else 0.0)
        return logistic(NORMAL_SLOPE * ((mean - needed) / np.sqrt(var)))


def logistic(x: Floats) -> Floats:
    """Return 1 / (1 + exp(-x)), elementwise."""
    return np.asarray(1.0 / (1.0 + np.exp(-x)))
