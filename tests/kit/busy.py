"""A company with enough finished jobs to learn parameters from: able and less able workers at easy and hard work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import exp

import numpy as np

from skillmatch.beliefs.evidence import Evidence, JobOutcome
from skillmatch.beliefs.observation import Demand, Result
from skillmatch.model import Job, JobType, Requirement, Skill, Worker
from skillmatch.store.store import Store
from skillmatch.workspace import Workspace
from skillmatch.workspace.importing import refold
from tests.kit.company import NOW

START = datetime(2025, 6, 1, 8, tzinfo=UTC)
HARDNESS = {"case": -0.6, "plant": 0.8}
"""Logits by job type; each draws on the one skill of the same name."""
WORKERS = tuple(f"w{number:02}" for number in range(40))


def history(outcomes: int, *, seed: int = 3) -> dict[str, list[Evidence]]:
    """Return each worker's outcomes in canonical order, a few a day until before NOW."""
    rng = np.random.default_rng(seed)
    ability = rng.normal(0.0, 0.7, len(WORKERS))
    found: dict[str, list[Evidence]] = {}
    for number in range(outcomes):
        who, kind = int(rng.integers(len(WORKERS))), list(HARDNESS)[int(rng.integers(len(HARDNESS)))]
        good = rng.random() < 1.0 / (1.0 + exp(-(1.0 + ability[who] - HARDNESS[kind])))
        fact = JobOutcome(
            id=f"o{number:05}",
            worker=WORKERS[who],
            time=START + timedelta(days=300.0 * number / outcomes),
            source="history",
            job=f"done {number}",
            result=Result.FIRST_TIME_FIX if good else Result.FAILED,
            demands=(Demand(kind),),
            job_type=kind,
        )
        found.setdefault(fact.worker, []).append(fact)
    return dict(sorted(found.items()))


def busy_company(url: str, *, outcomes: int = 1200, seed: int = 3) -> Workspace:
    """Return a workspace on a fresh database with this history, under the parameters as shipped, at the moment NOW."""
    store = Store.open(url)
    with store.write() as transaction:
        revision = transaction.next_revision()
        transaction.save_nouns(Skill, [Skill(kind, kind.title()) for kind in HARDNESS], revision=revision)
        types = [JobType(kind, kind.title(), (Requirement(kind),)) for kind in HARDNESS]
        transaction.save_nouns(JobType, types, revision=revision)
        people = [Worker(id, id.upper(), ("North", "South")[place % 2]) for place, id in enumerate(WORKERS)]
        transaction.save_nouns(Worker, people, revision=revision)
        transaction.save_nouns(Job, [Job("open", "Plant stands still", type="plant")], revision=revision)
        facts = [fact for own in history(outcomes, seed=seed).values() for fact in own]
        transaction.append(facts, revision=revision)
        refold(transaction, sorted({fact.worker for fact in facts}), transaction.params(), revision, None)
    return Workspace(store, clock=lambda: NOW)
