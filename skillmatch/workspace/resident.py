"""The company in memory, kept up with the database by revision: what ranking reads instead of rows."""

from __future__ import annotations

from datetime import date, datetime

from skillmatch.beliefs.evidence import day_number
from skillmatch.beliefs.table import BeliefTable
from skillmatch.matching.view import Roster, View
from skillmatch.model import Customer, Link, Skill, Worker
from skillmatch.skills.graph import SkillGraph
from skillmatch.store.store import Transaction
from skillmatch.workspace.answers import JobView


class Resident:
    """Belief arrays, workers, certifications, skills and customers as of one revision."""

    def __init__(self, transaction: Transaction) -> None:
        self.customers: dict[str, Customer] = {}
        self.graph = SkillGraph()
        self.names: dict[str, str] = {}
        self._load(transaction)

    @property
    def revision(self) -> int:
        """The revision of the database that these arrays mirror."""
        return self.table.revision

    def refresh(self, transaction: Transaction) -> bool:
        """Pull what is newer than the arrays; return whether there was anything."""
        revision = transaction.revision()
        if revision == self.table.revision:
            return False
        if transaction.params_version() != self.table.params.version:
            self._load(transaction)
        else:
            self._pull(transaction, since=self.table.revision)
            self.table.revision = revision
        return True

    def view(self, job: JobView, *, day: date, moment: datetime) -> View:
        """Return the job seen over all workers."""
        return View(
            self.table,
            self.roster,
            job.needs,
            day,
            day_number(moment),
            job.job.type,
            job.customer,
            self.names,
            job.job.site,
        )

    def _load(self, transaction: Transaction) -> None:
        self.table = BeliefTable(transaction.params())
        self.roster = Roster(self.table)
        self._pull(transaction, since=-1)
        self.table.revision = transaction.revision()

    def _pull(self, transaction: Transaction, *, since: int) -> None:
        self.roster.put_workers(transaction.nouns(Worker, since=since))
        for customer in transaction.nouns(Customer, since=since):
            self.customers[customer.id] = customer
        skills, links = transaction.nouns(Skill, since=since), transaction.nouns(Link, since=since)
        if skills or links:
            self.graph = SkillGraph(transaction.nouns(Skill), transaction.nouns(Link))
            self.names = {id: skill.name for id, skill in self.graph.skills.items()}
        for worker, form, _uses, worked in transaction.worker_rows(since):
            self.table.put_form(worker, form, worked)
        self.table.put_parts(transaction.part_rows(since))
        self.table.put_rows(transaction.belief_rows(since))
        changed = transaction.certification_changes(since)
        held = transaction.certifications(workers=changed) if changed else []
        for worker in sorted(changed):
            self.roster.put_certifications(worker, [one.certification() for one in held if one.worker == worker])
