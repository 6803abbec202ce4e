"""What is on record of disputes: records for pages and commands, and how they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from skillmatch.beliefs.disputes import Case, Dispute, DisputeState
from skillmatch.beliefs.evidence import ABOUT_FACTS, Evidence
from skillmatch.errors import Conflict, NotFound
from skillmatch.model import Worker
from skillmatch.store.store import Transaction
from skillmatch.wording import said
from skillmatch.workspace.answers import Change, Proficiency
from skillmatch.workspace.bands import Band
from skillmatch.workspace.base import find_worker

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Worlds:
    """A worker's level in a skill as it is now, if a dispute is upheld, and if it is rejected."""

    skill: str
    now: Proficiency
    upheld: Proficiency
    rejected: Proficiency


@dataclass(frozen=True, slots=True)
class Disputed:
    """A dispute with the fact that it is about, as it stands, and whose it is.

    `gone` says that the fact was retracted anyway, so that no decision brings it back. `worlds` has what hangs on the
    decision for each skill that the fact names, and `recorded_by` who recorded the dispute while signed in, where that
    was asked for.
    """

    case: Case
    fact: Evidence
    worker: Worker
    gone: bool
    worlds: tuple[Worlds, ...] = ()
    recorded_by: str = ""

    @property
    def key(self) -> Key:
        """The key of the dispute."""
        return self.case.dispute.key

    @property
    def state(self) -> DisputeState:
        """How far it is."""
        return self.case.state


@dataclass(frozen=True, slots=True)
class DisputePage:
    """Some disputes of `total`; `counts` are those in each state, whether asked for or not."""

    rows: tuple[Disputed, ...]
    total: int
    counts: Mapping[DisputeState, int]


@dataclass(frozen=True, slots=True)
class DisputeStep:
    """What a step did: `status` is "added", or "unchanged" where it had been done already; `changes` by skill."""

    disputed: Disputed
    status: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class AboutSkill:
    """A fact about a skill: its level before and after, at the time, None where the fact is set aside; its dispute."""

    fact: Evidence
    before: Proficiency | None
    after: Proficiency | None
    case: Case | None

    @property
    def counts(self) -> bool:
        """Whether it is part of what is believed."""
        return self.after is not None


@dataclass(frozen=True, slots=True)
class SkillEvidence:
    """A worker's level in a skill over time, and every fact about it, the newest first."""

    band: Band
    facts: tuple[AboutSkill, ...]


def fact_of(transaction: Transaction, worker: str, key: Key) -> Evidence:
    """Return a fact of a worker; what is another's is as if it were not there."""
    find_worker(transaction, worker)
    found = transaction.find_evidence(*key)
    if found is None or found.worker != worker:
        raise NotFound(
            said(
                "worker {worker!r} has no evidence {id!r} of source {source!r} on record: look at what there is",
                worker=worker,
                id=key[1],
                source=key[0],
            )
        )
    if isinstance(found, ABOUT_FACTS):
        kind = found.KIND.replace("_", " ")
        raise Conflict(
            said(
                "evidence {id!r} is itself a {kind}: only facts can be disputed, not what was said of them",
                id=key[1],
                kind=kind,
            )
        )
    return found


def cases_about(transaction: Transaction, worker: str, fact: Key) -> list[Case]:
    """Return the disputes of a worker about one fact."""
    return [case for case in transaction.cases([worker]) if case.dispute.target == fact]


def locked(transaction: Transaction, dispute: Key) -> Case:
    """Return a dispute whose worker nobody else writes about until the transaction ends."""
    found = transaction.find_evidence(*dispute)
    if isinstance(found, Dispute):
        transaction.lock_workers({found.worker})
    return case_of(transaction, dispute)


def case_of(transaction: Transaction, dispute: Key) -> Case:
    """Return a dispute by its key, or raise NotFound."""
    found = transaction.find_evidence(*dispute)
    if not isinstance(found, Dispute):
        raise NotFound(
            said(
                "there is no dispute {id!r} of source {source!r}: look at the list of disputes",
                id=dispute[1],
                source=dispute[0],
            )
        )
    return next(case for case in transaction.cases([found.worker]) if case.dispute.key == dispute)


def disputed(transaction: Transaction, case: Case) -> Disputed:
    """Return a dispute with the fact that it is about and whose it is."""
    (found,) = all_disputed(transaction, [case])
    return found


def all_disputed(transaction: Transaction, cases: Sequence[Case]) -> list[Disputed]:
    """Return disputes as `disputed` does, in their order; the database is asked once for all of them."""
    disputes = [case.dispute for case in cases]
    facts = transaction.latest(dispute.target for dispute in disputes)
    people = {worker.id: worker for worker in transaction.nouns(Worker, {dispute.worker for dispute in disputes})}
    gone = transaction.taken_back((dispute.target, dispute.worker) for dispute in disputes)
    found = []
    for case in cases:
        target, worker = case.dispute.target, case.dispute.worker
        fact = facts[target]  # what a dispute is about is in the log before it
        lost = fact.worker != worker or (target, worker) in gone
        found.append(Disputed(case, transaction.meant(fact), people[worker], lost))
    return found


def aside_of(transaction: Transaction, worker: str) -> list[Evidence]:
    """Return the facts of a worker that do not count because of a dispute."""
    keys = dict.fromkeys(case.dispute.target for case in transaction.cases([worker]) if case.sets_aside)
    facts = transaction.latest(keys)
    found = (facts[key] for key in keys if key in facts)
    return [transaction.meant(fact) for fact in found if fact.worker == worker]


def in_order(cases: Sequence[Case]) -> list[Case]:
    """Return those that wait first, the longest at the top; then the newest first."""
    waiting = [case for case in cases if case.state is DisputeState.OPEN]
    settled = [case for case in cases if case.state is not DisputeState.OPEN]
    return waiting + sorted(settled, key=lambda case: (case.decision or case.dispute).order, reverse=True)
