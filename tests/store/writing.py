"""One write each, in a transaction of its own, as most tests need it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from skillmatch.beliefs.evidence import CertificationGranted, Evidence, Retraction
from skillmatch.beliefs.filter import SkillState, WorkerState
from skillmatch.model import Noun
from skillmatch.store.store import Appended, Store
from tests.kit.build import at


def save(store: Store, *nouns: Noun) -> tuple[int, int, int]:
    """Save nouns of one class with a new revision."""
    with store.write() as transaction:
        return transaction.save_nouns(type(nouns[0]), nouns, revision=transaction.next_revision())


def append(store: Store, *facts: Evidence) -> Appended:
    """Append facts with a new revision."""
    with store.write() as transaction:
        return transaction.append(facts, revision=transaction.next_revision())


def save_state(
    store: Store, *states: WorkerState, replace: bool = False, only: dict[str, list[str]] | None = None
) -> int:
    """Save states with a new revision, and return it."""
    with store.write() as transaction:
        revision = transaction.next_revision()
        transaction.save_states(states, revision=revision, replace=replace, only=only)
        return revision


def part(mean: float) -> Any:
    """Return a part of a worker with this mean: its variance, and how many jobs it took."""
    return (mean, 0.25, 7.0)


def skill(mean: float) -> SkillState:
    """Return what is believed of a skill, with this mean."""
    return SkillState(mean, 0.5, 20_000.0, 1.0, 2.0, 3)


def state(
    worker: str = "anna", *, general: float = 0.5, parts: Mapping[str, float] | None = None, **means: float
) -> WorkerState:
    """Return a state with the given mean in general, in each other part and in each skill."""
    made = WorkerState(worker, {name: part(mean) for name, mean in {"general": general, **(parts or {})}.items()})
    made.skills = {name: skill(mean) for name, mean in means.items()}
    made.uses, made.last = 3, (at(1), "test", "e1")
    return made


def grant(worker: str = "anna", type: str = "gas", *, id: str = "c1", days: float = 0.0) -> CertificationGranted:
    """Return the fact that a worker passed an exam."""
    return CertificationGranted(
        id=id, worker=worker, time=at(days), source="test", type=type, issued=date(2026, 1, 1), expires=None
    )


def retract(fact: Evidence, *, id: str = "r1", worker: str | None = None, reason: str = "a mistake") -> Retraction:
    """Return the retraction of a fact."""
    return Retraction(
        id=id,
        worker=worker or fact.worker,
        time=at(50),
        source="test",
        retracts_source=fact.source,
        retracts_id=fact.id,
        reason=reason,
    )


def ids(facts: Sequence[Evidence]) -> list[str]:
    """Return the ids of facts in their order."""
    return [fact.id for fact in facts]
