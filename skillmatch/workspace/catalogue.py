"""What other programs look up: customers, sites, machines, kinds of jobs, facts, decisions; page by page."""

from __future__ import annotations

from typing import TypeVar

from skillmatch.beliefs.evidence import Evidence
from skillmatch.decision import Decision
from skillmatch.errors import NotFound
from skillmatch.model import Asset, Customer, JobType, Site
from skillmatch.store.store import Store

T = TypeVar("T", Customer, Site, Asset, JobType)
WORDS: dict[type, str] = {Customer: "customer", Site: "site", Asset: "asset", JobType: "job type"}


class Catalogue:
    """The nouns that jobs refer to, and what is kept of the past."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self, kind: type[T]) -> tuple[T, ...]:
        """Return all nouns of a kind, by id."""
        with self._store.read() as transaction:
            return tuple(transaction.nouns(kind))

    def one(self, kind: type[T], id: str) -> T:
        """Return a noun by its id, or raise NotFound with the nearest."""
        with self._store.read() as transaction:
            found = transaction.noun(kind, id)
            if found is None:
                raise NotFound.named(WORDS[kind], id, transaction.ids(kind))
            return found

    def facts(self, worker: str) -> tuple[Evidence, ...]:
        """Return the facts about a worker that count, in the order in which they are folded."""
        with self._store.read() as transaction:
            return tuple(transaction.evidence_of(worker))

    def decisions(
        self, *, before: int | None = None, job: str | None = None, limit: int = 50
    ) -> tuple[tuple[Decision, ...], int]:
        """Return decisions with numbers below `before`, the highest first, and how many there are of the job or all."""
        with self._store.read() as transaction:
            return (
                tuple(transaction.decisions_before(before, job=job, limit=limit)),
                transaction.count_decisions(job=job),
            )

    def revision(self) -> int:
        """Return the number of the last write."""
        with self._store.read() as transaction:
            return transaction.revision()
