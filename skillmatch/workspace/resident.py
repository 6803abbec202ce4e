"""The company in memory, kept up with the database by revision: what ranking reads instead of rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from types import MappingProxyType

from skillmatch.beliefs.evidence import (
    CertificationGranted,
    CertificationRevoked,
    ExemptionGranted,
    JobDeclined,
    LearningWish,
    day_number,
)
from skillmatch.beliefs.histories import fold_histories
from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.table import BeliefTable
from skillmatch.matching.circumstances import USUAL_MINUTES, Circumstances
from skillmatch.matching.roster import WINDOW, Roster, work_day
from skillmatch.matching.view import View
from skillmatch.model import Booking, Customer, Leave, Link, Shift, Skill, Worker, ways
from skillmatch.skills.graph import SkillGraph
from skillmatch.store.store import Transaction
from skillmatch.store.work import Visit
from skillmatch.workspace.answers import JobView

PAPERS = tuple(kind.KIND for kind in (CertificationRevoked, ExemptionGranted, JobDeclined, LearningWish))
CERTIFICATIONS = (CertificationGranted.KIND,)
MOST_PLACES = 2000
"""Customers, sites and assets whose visits are remembered."""


class Resident:
    """Belief arrays, people, skills and customers as of one revision.

    Parameters
    ----------
    transaction
        What to read from.
    params
        None mirrors the stored beliefs under the current parameters. With parameters everybody is folded from the log
        instead, as has to be done for a state of the past, of which no beliefs are stored.
    moment
        The time of the question: work of the four weeks before it is counted.
    zone
        The company's clock.
    """

    def __init__(
        self, transaction: Transaction, *, moment: datetime, zone: tzinfo = UTC, params: BeliefParams | None = None
    ) -> None:
        self.customers: dict[str, Customer] = {}
        self.graph = SkillGraph()
        self.names: dict[str, str] = {}
        self.zone = zone
        self._visits: dict[tuple[str, str], list[Visit]] = {}
        self._by_id: Mapping[str, Worker] | None = None
        if params is None:
            self._load(transaction, moment)
        else:
            self._start(transaction, params, moment)
            for state in fold_histories(dict(transaction.evidence()), params):
                self.table.put_state(state)

    @property
    def revision(self) -> int:
        """The revision of the database that these arrays mirror."""
        return self.table.revision

    def people(self) -> tuple[Worker, ...]:
        """Return all workers, by id; put in order once for as long as none is added or changed."""
        return tuple(self.by_id().values())

    def by_id(self) -> Mapping[str, Worker]:
        """Return all workers under their ids, in the order of these."""
        if self._by_id is None:
            self._by_id = MappingProxyType(dict(sorted(self.roster.workers.items())))
        return self._by_id

    def refresh(self, transaction: Transaction, *, moment: datetime) -> bool:
        """Pull what is newer than the arrays; return whether there was anything."""
        revision = transaction.revision()
        if revision == self.table.revision:
            return False
        self._visits.clear()
        if (
            transaction.params_version() != self.table.params.version or transaction.meanings != self.meanings
        ):  # other skills are meant by what did not change itself
            self._load(transaction, moment)
        else:
            since = self.table.revision
            self._pull_nouns(transaction, since=since, moment=moment)
            self._pull_beliefs(transaction, since=since)
            self.table.revision = revision
        return True

    def views(self, job: JobView, circumstances: Circumstances, *, day: date, moment: datetime) -> tuple[View, ...]:
        """Return the job seen over all workers, once for each way to meet its needs."""
        return tuple(
            View(
                self.table,
                self.roster,
                way,
                day,
                day_number(moment),
                job.job.type,
                job.customer,
                self.names,
                job.job.site,
                circumstances,
            )
            for way in ways(job.needs)
        )

    def visits(self, transaction: Transaction, kind: str, id: str) -> list[Visit]:
        """Return who was at a customer, site or asset before; looked up once for each as long as nothing is written."""
        known = self._visits.get((kind, id))
        if known is None:
            if len(self._visits) >= MOST_PLACES:
                self._visits.clear()
            asked = {"customer": None, "site": None, "asset": None, kind: id}
            known = self._visits[kind, id] = transaction.visits(**asked)
        return known

    def _load(self, transaction: Transaction, moment: datetime) -> None:
        self._start(transaction, transaction.params(), moment)
        self._pull_beliefs(transaction, since=-1)

    def _start(self, transaction: Transaction, params: BeliefParams, moment: datetime) -> None:
        self.meanings = transaction.meanings
        self.table = BeliefTable(params)
        self.roster = Roster(self.table, zone=self.zone)
        self._pull_nouns(transaction, since=-1, moment=moment)
        self.table.revision = transaction.revision()

    def _pull_beliefs(self, transaction: Transaction, *, since: int) -> None:
        for worker, form, _uses, worked in transaction.worker_rows(since):
            self.table.put_form(worker, form, worked)
        self.table.put_parts(transaction.part_rows(since))
        self.table.put_rows(transaction.belief_rows(since))

    def _pull_nouns(self, transaction: Transaction, *, since: int, moment: datetime) -> None:
        changed_workers = transaction.nouns(Worker, since=since)
        self.roster.put_workers(changed_workers)
        if changed_workers or since < 0:
            self._by_id = None
        for customer in transaction.nouns(Customer, since=since):
            self.customers[customer.id] = customer
        skills, links = transaction.nouns(Skill, since=since), transaction.nouns(Link, since=since)
        if skills or links:
            self.graph = SkillGraph(transaction.nouns(Skill), transaction.nouns(Link), self.meanings.into)
            self.names = {id: skill.name for id, skill in self.graph.skills.items()}
        calendar = self.roster.calendar
        calendar.put_shifts(transaction.nouns(Shift, since=since))
        calendar.put_leave(transaction.nouns(Leave, since=since))
        calendar.put_bookings(transaction.nouns(Booking, since=since))
        self._pull_papers(transaction, since)
        after = moment - timedelta(days=WINDOW + 1)
        self.roster.put_work(
            ((row.source, row.id), row.worker, work_day(row.time, self.zone), row.minutes or USUAL_MINUTES, row.counts)
            for row in transaction.work_rows(since=since, after=after)
        )

    def _pull_papers(self, transaction: Transaction, since: int) -> None:
        changed = transaction.workers_with(CERTIFICATIONS, since=since)
        held = transaction.certifications(workers=changed) if changed else []
        by_worker: dict[str, list[CertificationGranted]] = {worker: [] for worker in sorted(changed)}
        for one in held:
            by_worker[one.worker].append(one)
        for worker, own in by_worker.items():
            self.roster.put_certifications(worker, [one.certification() for one in own])
        changed = transaction.workers_with(PAPERS, since=since)
        papers = transaction.facts(PAPERS, workers=changed) if changed else []
        for worker in sorted(changed):
            self.roster.put_papers(worker, [one for one in papers if one.worker == worker])
