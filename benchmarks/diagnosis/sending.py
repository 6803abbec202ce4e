"""Who would be sent to a call under different knowledge of its cause, and what that truly costs on average.

The truth of the generator plays out the visit: by ability and difficulty the chance of each result and the expected
length are known for everybody, so no dice are thrown here. A job that the first visit does not finish takes a second
one: in every arm by the same rule, the one who costs least as believed once the cause is known, and not the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import exp

import numpy as np

from benchmarks.diagnosis.calls import Event, events_of
from benchmarks.diagnosis.desk import Desk, TurnedOut, complete
from skillmatch.beliefs.evidence import EPOCH
from skillmatch.beliefs.observation import Result
from skillmatch.beliefs.table import Floats
from skillmatch.demo.company import Company, World
from skillmatch.demo.dispatch import FREE
from skillmatch.demo.history import NARROWED_DOWN, SNAPSHOT_DAYS
from skillmatch.demo.visits import CUTS, FASTER, LONGER, MINUTES_SD, Case, difficulty, mix
from skillmatch.matching.arrays import Flags
from skillmatch.matching.circumstances import Circumstances
from skillmatch.matching.diagnosis.counts import Counts, Table
from skillmatch.matching.diagnosis.estimate import Diagnosis
from skillmatch.matching.diagnosis.found import type_for
from skillmatch.matching.diagnosis.marginal import Marginal, Prices, marginalise, time_cost
from skillmatch.matching.diagnosis.nouns import OTHER, Cause
from skillmatch.matching.diagnosis.prospects import TRUST, Trust
from skillmatch.matching.diagnosis.questions import SYMPTOM
from skillmatch.matching.diagnosis.use import needs_of
from skillmatch.matching.diagnosis.words import words_of
from skillmatch.matching.diagnosis.worth import questions_for, worth_asking
from skillmatch.matching.roster import Roster
from skillmatch.matching.view import View
from skillmatch.needs import Requirement

DONE = (Result.FIRST_TIME_FIX, Result.WITH_HELP)
"""Results after which nobody has to come again."""
QUESTION = 1.0
"""What asking costs: about two minutes of somebody in the office."""


OTHERS = 3
"""On every third call questions are played."""
IN_FULL = Trust(cause=1.0, caution=0.0)
"""Beliefs taken at their word when people are compared."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What one call truly costs on average, by who chose.

    With the same beliefs: `fixed` under the job type's requirements, `diagnosed` under the distribution over causes,
    `likeliest` under its first cause alone, `known` under the true cause; `fixed_in_full` and `in_full` as the first
    two with beliefs taken at their word; `best` with true abilities. `blind` is a firm that knows nothing of causes:
    under the job type's requirements, with beliefs from outcomes that demanded these. On some calls, None on others:
    `asked` as `diagnosed` with one question where one is `offered`. `changed` says whether the diagnosis sends somebody
    else; `work` is the job type and the company.
    """

    fixed: float
    diagnosed: float
    likeliest: float
    known: float
    fixed_in_full: float
    in_full: float
    best: float
    changed: bool
    blind: float
    asked: float | None
    offered: bool
    work: str


@dataclass(slots=True)
class Office:
    """Who would be sent, and the truth beside it. `desk` learns what jobs turned out to be, `blind` job types only."""

    world: World
    company: Company
    start: datetime
    rng: np.random.Generator
    prices: Prices = field(default_factory=Prices)
    cases: dict[str, Case] = field(init=False)
    desk: Desk = field(init=False)
    blind: Desk = field(init=False)
    _calls: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.cases = dict(self.world.numbered)
        history = complete(self.company)
        self.desk = Desk(self.company, self.start, history, self._turned_out())
        self.blind = Desk(self.company, self.start, history, {})

    def _turned_out(self) -> TurnedOut:
        natures = {nature.id: nature for nature in self.world.firm.catalogue.natures if not nature.planned}
        found = {}
        for event in events_of(self.company, vague=frozenset(natures)):
            if event.finding is not None:
                cause = next(one for one in natures[event.job.type or ""].causes if one.name == event.finding.cause)
                listed = Cause(cause.name, cause.needs)
                needs = needs_of(job_needs(self.world, self.cases[event.job.id]), listed, cause.name, Table())
                found[event.job.id] = event.time, cause.name, needs
        return found

    def send(self, event: Event, diagnosis: Diagnosis, counts: Counts, stated: tuple[Cause, ...]) -> Sent | None:
        """Return what everybody's choice for a call truly costs; None when nobody may be sent."""
        case = self.cases[event.job.id]
        eligible = self._eligible(case)
        if np.count_nonzero(eligible) < 2:
            return None
        self._calls += 1
        views = self._views(diagnosis, event, self.desk.roster(event.time))
        marginal = marginalise(diagnosis, views, self.prices, eligible=eligible)
        in_full = marginalise(diagnosis, views, self.prices, eligible=eligible, trust=IN_FULL)
        places = {one.cause: number for number, one in enumerate(diagnosis.likely)}
        fixed = self._fixed(diagnosis, [views[places[OTHER]]], eligible)
        fixed_in_full = self._fixed(diagnosis, [views[places[OTHER]]], eligible, IN_FULL)
        costs = np.where(eligible, marginal.costs, np.inf)
        true = costs[places[case.call.cause.name]]
        cost = self._truth(case, marginal, eligible, true)
        here, there = int(fixed.best(1)[0]), int(marginal.best(1)[0])
        whole = replace(diagnosis, likely=(diagnosis.likely[places[OTHER]],))
        others = self._views(whole, event, self.blind.roster(event.time))
        blind = float(cost[int(self._fixed(diagnosis, others, eligible).best(1)[0])])
        asked, offered = None, False
        if self._calls % OTHERS == 0:
            told, offered = self._ask(case, marginal, counts, stated)
            asked = float(cost[there if told is None else told]) + QUESTION * offered
        return Sent(
            float(cost[here]),
            float(cost[there]),
            float(cost[int(np.argmin(costs[0]))]),
            float(cost[int(np.argmin(true))]),
            float(cost[int(fixed_in_full.best(1)[0])]),
            float(cost[int(in_full.best(1)[0])]),
            float(cost[eligible].min()),
            here != there,
            blind,
            asked,
            offered,
            f"{event.job.type} {self.world.seed}",
        )

    def _fixed(self, diagnosis: Diagnosis, views: list[View], eligible: Flags, trust: Trust = TRUST) -> Marginal:
        """Return everybody's prospects under the job type's requirements and the usual length of its jobs."""
        whole = replace(next(one for one in diagnosis.likely if one.cause == OTHER), probability=1.0)
        only = Diagnosis(diagnosis.call, (whole,), 0)
        return marginalise(only, views, self.prices, eligible=eligible, trust=trust)

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

    def _views(self, diagnosis: Diagnosis, event: Event, roster: Roster) -> list[View]:
        case, region = self.cases[event.job.id], self.world.firm.switchboard.region
        site = region.sites[region.site_of[case.call.asset]]
        return [
            View(
                roster.table,
                roster,
                one.needs,
                event.time.date(),
                (event.time - EPOCH) / timedelta(days=1),
                type_for(roster.table.params, event.job.type, one.cause),
                site=site.id,
                circumstances=Circumstances(event.job.id, place=site.place),
            )
            for one in diagnosis.likely
        ]

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


def mean_and_low(values: Iterable[float], groups: Iterable[str]) -> tuple[float, float]:
    """Return the mean and the lower end of its 90 % interval, by the normal approximation.

    Jobs of one group share what is believed wrongly, so each group's values together count as one piece.
    """
    all = np.array(list(values))
    mean = float(all.mean())
    _names, group = np.unique(list(groups), return_inverse=True)
    sums = np.bincount(group, all - mean)
    error = float(np.sqrt(np.sum(sums**2) * len(sums) / max(len(sums) - 1, 1))) / len(all)
    return mean, mean - 1.6448536269514722 * error
