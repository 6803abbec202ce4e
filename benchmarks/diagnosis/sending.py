"""Who would be sent to a call under different knowledge of its cause, and what that truly costs on average.

The truth of the generator plays out the visit: by ability and difficulty the chance of each result and the expected
length are known for everybody, so no dice are thrown here. A job that the first visit does not finish takes a second
one: in every arm by the same rule, the one who costs least as believed once the cause is known, and not the first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import exp

import numpy as np

from benchmarks.diagnosis.calls import Event, events_of
from skillmatch.beliefs.evidence import EPOCH, Evidence, JobOutcome
from skillmatch.beliefs.histories import Histories, fold_histories
from skillmatch.beliefs.observation import Demand, Result
from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.refit import fit
from skillmatch.beliefs.structure import from_graph
from skillmatch.beliefs.table import BeliefTable, Floats
from skillmatch.demo.company import Company, World
from skillmatch.demo.dispatch import FREE
from skillmatch.demo.history import NARROWED_DOWN, SNAPSHOT_DAYS
from skillmatch.demo.visits import CUTS, FASTER, LONGER, MINUTES_SD, Case, difficulty, mix
from skillmatch.explanation import Explanation
from skillmatch.matching.arrays import Flags
from skillmatch.matching.circumstances import Circumstances
from skillmatch.matching.diagnosis.counts import TYPE, Counts, Table
from skillmatch.matching.diagnosis.estimate import Diagnosis, Likely
from skillmatch.matching.diagnosis.marginal import Marginal, Prices, marginalise, time_cost
from skillmatch.matching.diagnosis.nouns import OTHER, Cause
from skillmatch.matching.diagnosis.questions import SYMPTOM
from skillmatch.matching.diagnosis.use import minutes_of, needs_of
from skillmatch.matching.diagnosis.words import words_of
from skillmatch.matching.diagnosis.worth import questions_for, worth_asking
from skillmatch.matching.roster import Roster
from skillmatch.matching.view import View
from skillmatch.model import skill_needs
from skillmatch.needs import Requirement
from skillmatch.skills.graph import SkillGraph

DONE = (Result.FIRST_TIME_FIX, Result.WITH_HELP)
"""Results after which nobody has to come again."""
QUESTION = 1.0
"""What asking costs: about two minutes of somebody in the office."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What one call truly costs on average, by who chose, and what is expected of one more question.

    `fixed` under the job type's requirements, `diagnosed` under the distribution over causes, `likeliest` under its
    first cause alone, `known` under the true cause, `asked` under the distribution with one question where one is
    offered. `changed` says whether the diagnosis sends somebody else.
    """

    fixed: float
    diagnosed: float
    likeliest: float
    known: float
    asked: float
    best: float
    changed: bool
    offered: bool


@dataclass(slots=True)
class Desk:
    """What is believed of everybody at the beginning of each month, under parameters learned before `start`.

    `turned_out` has by job when its cause was noted and the demands with it, which outcomes then have instead of those
    of the job type; {} for somebody who takes no notice of causes.
    """

    company: Company
    start: datetime
    history: Mapping[str, list[Evidence]]
    turned_out: Mapping[str, tuple[datetime, tuple[Demand, ...]]]
    params: BeliefParams = field(init=False)
    _month: tuple[int, int] | None = field(init=False, default=None)
    _roster: Roster = field(init=False)

    def __post_init__(self) -> None:
        start = from_graph(BeliefParams(), SkillGraph(self.company.skills, self.company.links))
        learned = fit(self._before(self.start), start)
        self.params = learned.params if learned else start

    def roster(self, time: datetime) -> Roster:
        """Return everybody with what was believed of them at the beginning of the month."""
        month = (time.year, time.month)
        if self._month != month:
            table = BeliefTable(self.params)
            self._month, self._roster = month, Roster(table)
            self._roster.put_workers(list(self.company.workers))
            since = time.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
            for state in fold_histories(self._before(since), self.params):
                table.put_state(state)
        return self._roster

    def _before(self, time: datetime) -> Histories:
        found = {}
        for worker, facts in self.history.items():
            found[worker] = [self._as_of(fact, time) for fact in facts if fact.time < time]
        return found

    def _as_of(self, fact: Evidence, time: datetime) -> Evidence:
        if isinstance(fact, JobOutcome) and fact.job in self.turned_out:
            noted, demands = self.turned_out[fact.job]
            if noted < time:
                return replace(fact, demands=demands)
        return fact


@dataclass(slots=True)
class Office:
    """Two ways to choose, and the truth beside them: `blind` knows job types only, `sighted` what jobs turned out."""

    world: World
    company: Company
    start: datetime
    rng: np.random.Generator
    prices: Prices = field(default_factory=Prices)
    cases: dict[str, Case] = field(init=False)
    blind: Desk = field(init=False)
    sighted: Desk = field(init=False)

    def __post_init__(self) -> None:
        self.cases = dict(self.world.numbered)
        self.blind = Desk(self.company, self.start, complete(self.company), {})
        self.sighted = Desk(self.company, self.start, self.blind.history, self._turned_out())

    def _turned_out(self) -> dict[str, tuple[datetime, tuple[Demand, ...]]]:
        """Return by job when its cause was noted, and what a job with that cause asks for."""
        natures = {nature.id: nature for nature in self.world.firm.catalogue.natures if not nature.planned}
        found = {}
        for event in events_of(self.company, vague=frozenset(natures)):
            if event.finding is not None:
                cause = next(one for one in natures[event.job.type or ""].causes if one.name == event.finding.cause)
                listed = Cause(cause.name, cause.needs)
                needs = needs_of(job_needs(self.world, self.cases[event.job.id]), listed, cause.name, Table())
                found[event.job.id] = event.time, tuple(Demand(n.skill, n.level, n.weight) for n in skill_needs(needs))
        return found

    def send(self, event: Event, diagnosis: Diagnosis, counts: Counts, stated: tuple[Cause, ...]) -> Sent | None:
        """Return what everybody's choice for a call truly costs; None when nobody may be sent."""
        case = self.cases[event.job.id]
        eligible = self._eligible(case)
        if np.count_nonzero(eligible) < 2:
            return None
        table = counts.table(TYPE, event.job.type) or Table()
        nature = self.world.firm.catalogue.natures[case.call.nature]
        whole = Likely(
            OTHER, 1.0, job_needs(self.world, case), minutes_of(None, OTHER, table, nature.minutes), 0, NO_TERMS
        )
        fixed = self._marginal(Diagnosis(event.call, (whole,), 0), event, self.blind, eligible)
        marginal = self._marginal(diagnosis, event, self.sighted, eligible)
        places = {one.cause: number for number, one in enumerate(diagnosis.likely)}
        costs = np.where(eligible, marginal.costs, np.inf)
        true = costs[places[case.call.cause.name]]
        cost = self._truth(case, marginal, eligible, true)
        here, there = int(fixed.best(1)[0]), int(marginal.best(1)[0])
        asked, offered = self._ask(case, marginal, counts, stated)
        return Sent(
            float(cost[here]),
            float(cost[there]),
            float(cost[int(np.argmin(costs[0]))]),
            float(cost[int(np.argmin(true))]),
            float(cost[there if asked is None else asked]) + QUESTION * offered,
            float(cost[eligible].min()),
            here != there,
            offered,
        )

    def _ask(
        self, case: Case, marginal: Marginal, counts: Counts, stated: tuple[Cause, ...]
    ) -> tuple[int | None, bool]:
        """Return who is sent after the best question about a word, answered as what the caller could notice has it."""
        questions = questions_for(counts, marginal, stated=stated)
        worths = worth_asking(questions, marginal, counts, price=QUESTION, stated=stated)
        if not worths:
            return None, False
        best = worths[0]
        noticed = words_of(f"{case.call.text} {case.call.cause.hint}")
        yes = best.question.id.removeprefix(SYMPTOM) in noticed
        return marginal.views[0].table.place(best.if_yes if yes else best.if_no), True

    def _marginal(self, diagnosis: Diagnosis, event: Event, desk: Desk, eligible: Flags) -> Marginal:
        roster = desk.roster(event.time)
        case, region = self.cases[event.job.id], self.world.firm.switchboard.region
        site = region.sites[region.site_of[case.call.asset]]
        views = [
            View(
                roster.table,
                roster,
                one.needs,
                event.time.date(),
                (event.time - EPOCH) / timedelta(days=1),
                event.job.type,
                site=site.id,
                circumstances=Circumstances(event.job.id, place=site.place),
            )
            for one in diagnosis.likely
        ]
        return marginalise(diagnosis, views, self.prices, eligible=eligible)

    def _eligible(self, case: Case) -> Flags:
        """Return who may go and is free on the day, by the rules of the generator and dice of our own."""
        firm = self.world.firm
        nature, day = firm.catalogue.natures[case.call.nature], case.call.day
        region = firm.switchboard.region
        allowed = firm.dispatcher.certified(nature.certifications, day) & firm.dispatcher.employed(day)
        allowed[firm.excluded.get(region.sites[region.site_of[case.call.asset]].customer, [])] = False
        hours = np.array([worker.capacity for worker in self.company.workers])
        free = allowed & (self.rng.random(len(hours)) < FREE * hours / 40.0)
        return free if np.count_nonzero(free) >= 2 else allowed

    def _truth(self, case: Case, marginal: Marginal, eligible: Flags, believed: Floats) -> Floats:
        """Return what sending each worker first truly costs on average, (workers,).

        `believed` are the costs by which the second one is chosen.
        """
        first, done = self._visit(case, marginal, ease=0.0)
        again, then_done = self._visit(case, marginal, ease=NARROWED_DOWN)
        # Who does not finish at the second visit comes once more and does: the same price for every arm.
        second = again + (1.0 - then_done) * again
        one, two = (int(place) for place in np.argsort(believed, kind="stable")[:2])
        next_ = np.full(len(first), second[one])
        next_[one] = second[two]
        return np.asarray(first + (1.0 - done) * (next_ + self.prices.again))

    def _visit(self, case: Case, marginal: Marginal, *, ease: float) -> tuple[Floats, Floats]:
        """Return the true expected cost of one visit and the true chance that it finishes the job, (workers,)."""
        firm, call = self.world.firm, case.call
        ability = firm.snapshots[min(call.day // SNAPSHOT_DAYS, len(firm.snapshots) - 1)]
        able = mix(firm.catalogue, ability, call.needed)
        margin = able - difficulty(call, float(firm.type_difficulty[call.nature]), ease=ease)
        chances = result_chances(margin)
        usual = max(firm.catalogue.natures[call.nature].minutes + call.cause.minutes, 25.0)
        usual *= exp(MINUTES_SD**2 / 2.0)
        longer = sum(chance * LONGER.get(result, 1.0) for result, chance in chances.items())
        minutes = np.clip(usual * longer * np.exp(-FASTER * able), 15.0, 600.0)
        cost = self.prices.visit + time_cost(marginal.views[0], minutes, self.prices)
        done: Floats = sum((chances[result] for result in DONE), start=np.zeros(len(margin)))
        return np.asarray(cost), done


NO_TERMS = Explanation.of((), unit="log-probability")


def job_needs(world: World, case: Case) -> tuple[Requirement, ...]:
    """Return what a job asks for as its type and the dispatcher have it, certifications aside."""
    return (*world.firm.catalogue.natures[case.call.nature].skills, *case.call.extra)


def result_chances(margin: Floats) -> Mapping[Result, Floats]:
    """Return how likely each result is, given ability less difficulty, (workers,): see `demo.visits.result_of`."""
    found: dict[Result, Floats] = {}
    above = np.zeros(len(margin))
    for result, cut in CUTS:
        reached = 1.0 / (1.0 + np.exp(cut - margin))
        found[result], above = reached - above, reached
    found[Result.FAILED] = 1.0 - above
    return found


def complete(company: Company) -> dict[str, list[Evidence]]:
    """Return each worker's evidence in canonical order, outcomes with what their job asked for, as an import does."""
    jobs = {job.id: job for job in company.jobs}
    types = {type.id: type for type in company.job_types}
    found: defaultdict[str, list[Evidence]] = defaultdict(list)
    for fact in sorted(company.evidence, key=lambda fact: fact.order):
        if isinstance(fact, JobOutcome):
            job = jobs[fact.job]
            type = types[job.type or ""]
            needs = skill_needs(job.requirements or type.requirements)
            fact = replace(
                fact,
                demands=tuple(Demand(need.skill, need.level, need.weight) for need in needs),
                job_type=job.type,
                customer=job.customer,
                site=job.site,
                estimate=job.minutes or type.minutes,
            )
        found[fact.worker].append(fact)
    return dict(found)


def mean_and_low(values: Iterable[float]) -> tuple[float, float]:
    """Return the mean and the lower end of its 90 % interval, by the normal approximation."""
    all = np.array(list(values))
    mean = float(all.mean())
    return mean, mean - 1.6448536269514722 * float(all.std(ddof=1)) / len(all) ** 0.5
