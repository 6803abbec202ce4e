"""One job seen over all workers: the columns that rules and objectives read, computed once each.

All arrays have shape (workers,) in the table's order, unless said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from math import exp, sqrt

import numpy as np

from skillmatch.beliefs.encoding import level_offset, shares
from skillmatch.beliefs.evidence import EPOCH
from skillmatch.beliefs.kernel import PI_8
from skillmatch.beliefs.observation import Demand
from skillmatch.beliefs.params import BeliefParams, Difficulty, part_label
from skillmatch.beliefs.table import BeliefTable, Floats
from skillmatch.matching.arrays import Flags
from skillmatch.matching.calendar import DAY, DayPlan, first_fit
from skillmatch.matching.circumstances import Circumstances
from skillmatch.matching.policy import Limits
from skillmatch.matching.roster import WINDOW, Roster
from skillmatch.matching.skill_columns import SkillColumns
from skillmatch.model import (
    LEVEL_MAX,
    LEVEL_MIN,
    CertificationRequirement,
    Customer,
    LanguageRequirement,
    PlainNeed,
    skill_needs,
)

Z_80 = 1.2815515655446004
"""Standard normal quantile of .9: an interval of +- this many standard deviations covers 80 %."""
NORMAL_SLOPE = 1.702
"""The logistic function of 1.702 x is within .0095 of the normal distribution function (Haley 1952)."""


@dataclass
class View:
    """A job's needs over the resident arrays, on the `day` it is to be done, with beliefs as of `moment`.

    `moment` is in days since 1970. `job_type`, `customer` and `site` select what was learned of their difficulty;
    `customer` also brings the workers she prefers, requires or excludes; `names` are what people call skills, by id;
    `circumstances` are the rest of the job. `needs` is one way to meet the job's needs: see `needs.ways`.
    """

    table: BeliefTable
    roster: Roster
    needs: tuple[PlainNeed, ...]
    day: date
    moment: float
    job_type: str | None = None
    customer: Customer | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    site: str | None = None
    circumstances: Circumstances = field(default_factory=Circumstances)
    columns: tuple[SkillColumns, ...] = field(init=False)
    _begins: dict[tuple[Limits, float], Floats] = field(init=False, default_factory=dict)
    _proficiencies: dict[int, tuple[Floats, Floats]] = field(init=False, default_factory=dict)
    _levels: dict[int, Floats] = field(init=False, default_factory=dict)
    _certainties: dict[tuple[int, float], Floats] = field(init=False, default_factory=dict)
    _hourly: dict[Limits, Floats] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.requirements = skill_needs(self.needs)
        self.demands = tuple(Demand(need.skill, need.level, need.weight) for need in self.requirements)
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
    def certification_types(self) -> tuple[str, ...]:
        """The certifications that must be valid on the day."""
        return tuple(need.type for need in self.needs if isinstance(need, CertificationRequirement))

    @cached_property
    def must_numbers(self) -> tuple[int, ...]:
        """The numbers of the demands that are hard rules."""
        return tuple(number for number, need in enumerate(self.requirements) if need.must)

    def flags(self, workers: Iterable[str]) -> Flags:
        """Return the workers named, as flags; those who do not work here are passed over."""
        flags = np.zeros(len(self.table), dtype=np.bool_)
        for worker in workers:
            place = self.table.place(worker)
            if place is not None:
                flags[place] = True
        return flags

    @cached_property
    def asked(self) -> Flags | None:
        """The workers who are asked about, those of some teams; None for everybody."""
        teams = self.circumstances.teams
        if not teams:
            return None
        return self.flags(worker.id for worker in self.roster.workers.values() if worker.team in teams)

    @property
    def count(self) -> int:
        """How many workers are asked about."""
        return len(self.table) if self.asked is None else int(np.count_nonzero(self.asked))

    @property
    def time(self) -> datetime:
        """The moment as a time."""
        return EPOCH + timedelta(days=self.moment)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages the worker must speak."""
        return tuple(need.language for need in self.needs if isinstance(need, LanguageRequirement))

    @cached_property
    def travel(self) -> Floats | None:
        """Minutes from everybody's home, NaN where that is unknown; None when the place of the job is unknown."""
        place = self.circumstances.place
        if place is None:
            return None
        minutes = self.roster.travel_to(place)
        for worker, less in self.circumstances.nearer.items():
            here = self.table.place(worker)
            if here is not None:
                minutes[here] = max(minutes[here] - less, 0.0)
        return minutes

    @cached_property
    def load(self) -> Floats:
        """Minutes of work of the four weeks up to the day, with what is booked in its week."""
        total = self.roster.load(self.day) + self.day_plan.week
        for worker, less in self.circumstances.relief.items():
            here = self.table.place(worker)
            if here is not None:
                total[here] = max(total[here] - less, 0.0)
        return total

    @cached_property
    def full_load(self) -> Floats:
        """Minutes of work in four weeks for which each worker is there."""
        return np.maximum(self.roster.capacity * (60.0 * WINDOW / 7), 60.0)

    def hourly(self, limits: Limits) -> Floats:
        """Return what an hour of work costs with the way there and back; unknown rates and ways are priced in."""
        found = self._hourly.get(limits)
        if found is None:
            rate = self.roster.rate
            found = np.where(np.isnan(rate), limits.full_cost / 2, rate)
            if self.travel is not None:
                way = np.where(np.isnan(self.travel), limits.unknown_travel, self.travel)
                found *= 1.0 + way * (2.0 / self.circumstances.length)
            self._hourly[limits] = found
        return found

    @cached_property
    def day_plan(self) -> DayPlan:
        """The day of everybody, without this job."""
        return self.roster.calendar.day(self.day, besides=self.circumstances.job)

    def begin(self, limits: Limits, wider: float = 0.0) -> Floats:
        """Return the minute of the day at which each worker can begin, infinite where there is none.

        The time that was promised is taken to be so many minutes `wider` at both ends.
        """
        found = self._begins.get((limits, wider))
        if found is None:
            known = self.circumstances
            way = limits.unknown_travel if self.travel is None else self.travel
            found = self._begins[limits, wider] = first_fit(
                self.day_plan,
                min(known.length, DAY),
                opens=known.opens - wider,
                closes=known.closes + wider,
                rest=limits.rest_hours * 60.0,
                way=np.where(np.isnan(way), limits.unknown_travel, way),
            )
        return found

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
        known = self._proficiencies.get(number)
        if known is not None:
            return known
        column = self.columns[number]
        mean, var = self._with_shared((one.part, one.load) for one in self.params.shared(column.skill))
        mean += self.params.base - self.params.reference
        mean[column.index] += column.rows.mean + (column.gained[1] + column.gained[2])
        mean += column.exposure
        var += self.params.skill_var
        var[column.index] += column.rows.var - self.params.skill_var
        self._proficiencies[number] = mean, var
        return mean, var

    def levels(self, number: int) -> Floats:
        """Return the level that each worker is believed to have in the demanded skill with this number."""
        known = self._levels.get(number)
        if known is None:
            mean, _var = self.proficiency(number)
            level = self.params.average_level + mean / self.params.logit_per_level
            known = self._levels[number] = np.clip(level, LEVEL_MIN, LEVEL_MAX)
        return known

    def touched(self, number: int) -> Flags:
        """Return who has any evidence in the demanded skill with this number."""
        flags = np.zeros(len(self.table), dtype=np.bool_)
        flags[self.columns[number].index] = True
        return flags

    def certainty(self, number: int, level: float | None = None) -> Floats:
        """Return the probability that each worker stands at or above a level of the demanded skill with this number.

        The level is the one demanded unless told otherwise.
        """
        level = (self.demands[number].level or 0.0) if level is None else level
        known = self._certainties.get((number, level))
        if known is None:
            mean, var = self.proficiency(number)
            needed = self.params.logit_of_level(level)
            scaled = NORMAL_SLOPE * ((mean - needed) / np.sqrt(self.params.spread * var))
            known = self._certainties[number, level] = logistic(scaled)
        return known


def logistic(x: Floats) -> Floats:
    """Return 1 / (1 + exp(-x)), elementwise."""
    return np.asarray(1.0 / (1.0 + np.exp(-x)))
