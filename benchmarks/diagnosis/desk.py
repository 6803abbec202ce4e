"""What a firm believes of its people month by month, from outcomes and from what their jobs turned out to be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from skillmatch.beliefs.evidence import Evidence, JobOutcome
from skillmatch.beliefs.histories import Histories, fold_histories
from skillmatch.beliefs.observation import Demand
from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.refit import fit
from skillmatch.beliefs.structure import from_graph
from skillmatch.beliefs.table import BeliefTable
from skillmatch.demo.company import Company
from skillmatch.matching.diagnosis.found import as_found
from skillmatch.matching.roster import Roster
from skillmatch.model import skill_needs
from skillmatch.needs import PlainNeed
from skillmatch.skills.graph import SkillGraph

TurnedOut = Mapping[str, tuple[datetime, str, tuple[PlainNeed, ...]]]
"""By job when its cause was noted, the cause, and what a job with that cause needs."""


@dataclass(slots=True)
class Desk:
    """What is believed of everybody at the beginning of each month, under parameters learned before `start`.

    `turned_out` is {} for somebody who takes no notice of causes.
    """

    company: Company
    start: datetime
    history: Mapping[str, list[Evidence]]
    turned_out: TurnedOut
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
            noted, cause, needs = self.turned_out[fact.job]
            if noted < time:
                return as_found(fact, cause, needs)
        return fact


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
