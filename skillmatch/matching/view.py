"""One job seen over all workers: the columns that rules and objectives read, computed once each.

All arrays have shape (workers,) in the table's order, unless said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from math import exp, sqrt

import numpy as np
import numpy.typing as npt

from skillmatch.beliefs.encoding import level_offset, shares
from skillmatch.beliefs.evidence import EPOCH
from skillmatch.beliefs.filter import PRACTICE
from skillmatch.beliefs.kernel import PI_8, PRIOR_JOBS, PRIOR_MAIN
from skillmatch.beliefs.observation import Demand
from skillmatch.beliefs.params import GENERAL_PART, BeliefParams, Difficulty, part_label
from skillmatch.beliefs.table import BeliefTable, Floats, Indices, Moment, SkillRows
from skillmatch.model import Certification, CertificationRequirement, Customer, Need, Requirement, Worker, skill_needs

Flags = npt.NDArray[np.bool_]

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

    `touched` are the workers with evidence in it, `rows` their values beside it, (n,). `untouched` is what practice
    gives somebody who never did the work; `gained` (groups of `PRACTICE` but the last, n) what it gives the others and
    `practice` (n,) their sum; `exposure` (workers,) is what being sent to such work or not says: together what
    `filter.practice_terms` gives, in logits and not yet scaled by `part`, the share of the work. `difficulty` is the
    skill's own.
    """

    skill: str
    part: float
    touched: SkillRows
    rows: Moment
    untouched: float
    gained: tuple[Floats, ...]
    practice: Floats
    exposure: Floats
    difficulty: float

    @property
    def index(self) -> Indices:
        """Positions of the workers with evidence in it, (n,)."""
        return self.touched.index

    @classmethod
    def of(cls, demand: Demand, part: float, table: BeliefTable, moment: float) -> SkillColumns:
        """Return the columns of a demanded skill with its share of the work."""
        params, touched = table.params, table.rows(demand.skill)
        rows, effect = touched.at(moment, params), params.skill(demand.skill)
        won, lost, recent, lasting, pause, new, surprise, _relative, _home, _form = params.weights
        exposure = exposure_in(demand.skill, touched.index, rows, table)
        if not any(params.weights) and not params.skills:
            nothing = np.zeros(len(touched))
            gained: tuple[Floats, ...] = (nothing,) * (len(PRACTICE) - 1)
            return cls(demand.skill, part, touched, rows, 0.0, gained, nothing, exposure, effect.difficulty)
        gained = (
            (won + effect.success) * np.log1p(rows.successes)
            + (lost + effect.failure) * np.log1p(rows.failures)
            + np.where(rows.successes + rows.failures == 0.0, new, 0.0),
            recent * np.log1p(rows.recent) + lasting * np.log1p(rows.lasting),
            pause * rows.pause,
            surprise * rows.surprise,
        )
        practice = ((gained[0] + gained[1]) + gained[2]) + gained[3]
        return cls(demand.skill, part, touched, rows, new, gained, practice, exposure, effect.difficulty)


def exposure_in(skill: str, index: Indices, rows: Moment, table: BeliefTable) -> Floats:
    """Return what being sent to work with a skill or not says of each worker's ability in it, (workers,), in logits."""
    params = table.params
    relative, home, _form = params.weights[-3:]
    known = params.exposure(skill)
    if known.home < 0.0 or not (relative or home):
        return np.full(len(table), home)
    place = params.home(skill)
    if place == GENERAL_PART:
        here = table.jobs
    else:
        part, here = table.part(place), np.zeros(len(table))
        here[part.index] = part.values[2]
    sent = home * ((here + PRIOR_JOBS * known.home) / (table.jobs + PRIOR_JOBS))
    if known.share >= 0.0:
        main = np.zeros(len(table))
        main[index] = rows.main
        sent += relative * np.log((main + PRIOR_MAIN) / (here * known.share + PRIOR_MAIN))
    return np.asarray(sent)


@dataclass
class View:
    """A job's needs over the resident arrays, on the `day` it is to be done, with beliefs as of `moment`.

    `moment` is in days since 1970. `job_type`, `customer` and `site` select what was learned of their difficulty;
    `customer` also brings the workers she prefers, requires or excludes; `names` are what people call skills, by id.
    """

    table: BeliefTable
    roster: Roster
    needs: tuple[Need, ...]
    day: date
    moment: float
    job_type: str | None = None
    customer: Customer | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    site: str | None = None
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

    def part_name(self, part: str) -> str:
        """Return what people call something that skills share."""
        return part_label(part, self.names)

    @property
    def musts(self) -> tuple[Requirement, ...]:
        """The skill requirements that are hard rules."""
        return tuple(need for need in skill_needs(self.needs) if need.must)

    @property
    def certification_types(self) -> tuple[str, ...]:
        """The certifications that must be valid on the day."""
        return tuple(need.type for need in self.needs if isinstance(need, CertificationRequirement))

    @cached_property
    def difficulties(self) -> tuple[tuple[str, Difficulty], ...]:
        """How much harder than usual the job is by its type, its customer and its site, as learned."""
        params, customer = self.params, self.customer.id if self.customer else None
        return (
            ("type", params.difficulty(self.job_type)),
            ("customer", params.customer(customer)),
            ("site", params.site(self.site)),
        )

    @cached_property
    def offset(self) -> float:
        """What the job itself adds to everybody's log-odds: base rate, difficulties, demanded levels."""
        hard = sum(difficulty.mean for _name, difficulty in self.difficulties)
        hard += sum(column.part * column.difficulty for column in self.columns)
        return (self.params.base - hard) - level_offset(self.demands, self.parts, self.params)

    @cached_property
    def shared(self) -> tuple[tuple[str, float], ...]:
        """The parts that the demanded skills share with others, and how strongly the job draws on each."""
        loads: dict[str, float] = {}
        for column in self.columns:
            for loading in self.params.shared(column.skill):
                loads[loading.part] = loads.get(loading.part, 0.0) + column.part * loading.load
        return tuple(loads.items())

    @cached_property
    def _ability(self) -> tuple[Floats, Floats]:
        """Mean and variance of the ability this job draws on, in logits."""
        mean, var = self._with_shared(self.shared)
        spread = 0.0
        for column in self.columns:
            spread += column.part * column.part
            mean[column.index] += column.part * column.rows.mean
            var[column.index] += (column.part * column.part) * (column.rows.var - self.params.skill_var)
        var += spread * self.params.skill_var
        return mean, var

    def _with_shared(self, loads: Iterable[tuple[str, float]]) -> tuple[Floats, Floats]:
        """Return mean and variance of general ability and of shared parts together, (workers,)."""
        mean, var = self.table.general_mean.copy(), self.table.general_var.copy()
        for part, load in loads:
            rows, prior = self.table.part(part), self.params.part_var(part)
            own_mean, own_var, _jobs = rows.values
            var += (load * load) * prior
            mean[rows.index] += load * own_mean
            var[rows.index] += (load * load) * (own_var - prior)
        return mean, var

    @cached_property
    def log_odds(self) -> Floats:
        """Mean log-odds of success before uncertainty is counted."""
        return self._ability[0] + (self.offset + self.practice)

    @cached_property
    def practice(self) -> Floats:
        """What practice and form add to the log-odds."""
        form = self.params.weights[-1]
        total = form * self.table.form
        total += sum(column.part * column.untouched for column in self.columns)
        for column in self.columns:
            total[column.index] += column.part * (column.practice - column.untouched)
            total += column.part * column.exposure
        return np.asarray(total)

    @cached_property
    def var(self) -> Floats:
        """Variance of the log-odds, without the chance differences between jobs of one type."""
        return self._ability[1] + sum(difficulty.var for _name, difficulty in self.difficulties)

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
        mean = float(self.log_odds[place])
        spread = Z_80 * sqrt(self.params.spread * float(self.var[place]))
        shrink = 1.0 / sqrt(1.0 + PI_8 * self.params.instance_var)
        chance = float(self.chance[place])
        low, high = (
            1.0 / (1.0 + exp(-(self.params.slope * (shrink * end) + self.params.shift)))
            for end in (mean - spread, mean + spread)
        )
        return min(low, chance), max(high, chance)

    def proficiency(self, number: int) -> tuple[Floats, Floats]:
        """Return mean and variance of the whole ability in the demanded skill with this number, practice included.

        In logits against what an ordinary job demands, as `filter.standing` gives them for one worker.
        """
        column = self.columns[number]
        mean, var = self._with_shared((one.part, one.load) for one in self.params.shared(column.skill))
        mean += self.params.base - self.params.reference
        mean[column.index] += column.rows.mean + (column.gained[1] + column.gained[2])
        mean += column.exposure
        var += self.params.skill_var
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
        return logistic(NORMAL_SLOPE * ((mean - needed) / np.sqrt(self.params.spread * var)))


def logistic(x: Floats) -> Floats:
    """Return 1 / (1 + exp(-x)), elementwise."""
    return np.asarray(1.0 / (1.0 + np.exp(-x)))
