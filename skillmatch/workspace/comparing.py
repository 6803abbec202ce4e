"""The use-case of comparing two policies on the jobs of the last weeks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from skillmatch.beliefs.evidence import Evidence, JobOutcome
from skillmatch.beliefs.histories import fold_histories
from skillmatch.beliefs.table import BeliefTable
from skillmatch.errors import Invalid
from skillmatch.gaps.comparison import PastJob, PolicySide, compare, in_time_order
from skillmatch.matching.roster import Roster
from skillmatch.model import Customer, Job, JobType, Leave, Shift, Site
from skillmatch.store.store import Transaction
from skillmatch.workspace.answers import JobView
from skillmatch.workspace.base import circumstances_of, undated
from skillmatch.workspace.planning import Planning
from skillmatch.workspace.policies import policy_of
from skillmatch.workspace.resident import Resident

MOST_DAYS = 366

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class PolicyComparison:
    """Two policies on the jobs that were done from `first` to `last`: in how many they send somebody else, what each
    would have given, and whose work would be more or less: (worker, name, jobs under one, jobs under the other).
    """

    first: date
    last: date
    jobs: int
    different: int
    sides: tuple[PolicySide, PolicySide]
    moved: tuple[tuple[str, str, int, int], ...]


class Comparing(Planning):
    """The part of the workspace that compares policies."""

    def compare_policies(self, a: str, b: str, *, days: int = 30, progress: Progress | None = None) -> PolicyComparison:
        """Replay the last days under two policies: success expected, travel, spread of the load, and who moves.

        Both rank each job that was done, with what was believed just before it, and go on with the load that they have
        made themselves. People, certifications, shifts and leave are those on record now.

        Raises
        ------
        NotFound
            When there is no such policy.
        Invalid
            For a number of days that is no past month.
        """
        if not 1 <= days <= MOST_DAYS:
            raise Invalid(f"the last {days} days were asked for: expected 1 to {MOST_DAYS}")
        now = self.now()
        start = now - timedelta(days=days)
        with self._lock, self._store.read() as transaction:
            policies = policy_of(transaction, a), policy_of(transaction, b)
            params, resident = transaction.params(), self._fresh(transaction)
            histories = dict(transaction.evidence())
            jobs = _past_jobs(transaction, resident, histories, start)
            table = BeliefTable(params)
            rosters = _roster(transaction, resident, table), _roster(transaction, resident, table)
        earlier = {worker: [fact for fact in own if fact.time < start] for worker, own in histories.items()}
        states = {state.worker: state for state in fold_histories(earlier, params)}
        for state in states.values():
            table.put_state(state)
        later = [fact for fact in in_time_order(histories) if fact.time >= start]
        found = compare(table, rosters, policies, states, jobs, later, progress=progress)
        names = {id: worker.name for id, worker in resident.roster.workers.items()}
        return PolicyComparison(
            resident.roster.calendar.local(start).date(),
            resident.roster.calendar.local(now).date(),
            found.jobs,
            found.different,
            found.sides,
            tuple((worker, names.get(worker, worker), one, other) for worker, one, other in found.moved),
        )


def _past_jobs(
    transaction: Transaction, resident: Resident, histories: Mapping[str, Sequence[Evidence]], start: datetime
) -> list[PastJob]:
    """Return the jobs whose first outcome lies after `start`, by the time of it."""
    first: dict[str, JobOutcome] = {}
    for own in histories.values():
        for fact in own:
            if isinstance(fact, JobOutcome) and (fact.job not in first or fact.order < first[fact.job].order):
                first[fact.job] = fact
    done = {job: fact for job, fact in first.items() if fact.time >= start}
    types = {type.id: type for type in transaction.nouns(JobType)}
    sites = {site.id: site for site in transaction.nouns(Site)}
    customers = {customer.id: customer for customer in transaction.nouns(Customer)}
    found = []
    for job in transaction.nouns(Job, done):
        type = types.get(job.type or "")
        site, customer = sites.get(job.site or ""), customers.get(job.customer or "")
        needs = job.requirements or (type.requirements if type else ())
        view = JobView(job, type, customer, site, None, needs, False, ())
        time = done[job.id].time
        known = undated(circumstances_of(view, resident, time)[0])
        found.append(PastJob(job.id, time, view.needs, known, job.type, customer, job.site, job.asset))
    return sorted(found, key=lambda past: (past.time, past.id))


def _roster(transaction: Transaction, resident: Resident, table: BeliefTable) -> Roster:
    """Return the people of now over another table, without what they are booked for."""
    roster = Roster(table, zone=resident.zone)
    roster.put_workers(list(resident.roster.workers.values()))
    known = resident.roster
    for worker in known.workers:
        held = [one for type in known.types_of(worker) for one in known.certifications(worker, type)]
        roster.put_certifications(worker, held)
        roster.put_papers(worker, known.papers_of(worker))
    roster.calendar.put_shifts(transaction.nouns(Shift))
    roster.calendar.put_leave(transaction.nouns(Leave))
    return roster
