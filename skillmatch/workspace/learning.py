"""The use-case of learning how strongly signs speak for causes, from what finished jobs turned out to be."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from skillmatch.matching.diagnosis.fitting import FEWEST_FITTED, fit
from skillmatch.store.store import Store, Transaction
from skillmatch.workspace.findings import Findings, to_record

GROWTH_BEFORE_FIT = 2
"""The weights of signs are learned anew when there are so many times the findings they were learned from."""


def learn_if_doubled(transaction: Transaction, *, now: datetime, zone: tzinfo = UTC) -> str:
    """Learn the weights of signs anew when the findings have doubled; return what was learned, "" for nothing."""
    before = transaction.sign_weights()
    least = max(FEWEST_FITTED, GROWTH_BEFORE_FIT * before.findings if before else 0)
    if transaction.count_causes() < least:
        return ""
    found = Findings(transaction, zone)
    return _save(transaction, found, now) if len(found.by_job) >= least else ""


def learn_signs(store: Store, *, now: datetime, zone: tzinfo) -> str:
    """Learn the weights of signs from all findings and keep them; return in words what came of it.

    Where nobody ever named a cause there is nothing to say.
    """
    with store.read() as transaction:
        found = Findings(transaction, zone)
    if not found.by_job:
        return ""
    if len(found.by_job) < FEWEST_FITTED:
        some = f"{len(found.by_job):,} finished job{'' if len(found.by_job) == 1 else 's'} with a cause"
        return f"{some}, {FEWEST_FITTED} are needed to learn what speaks for causes"
    # Kept also where somebody learned meanwhile: each version says what it was learned from.
    with store.write() as transaction:
        return _save(transaction, found, now)


def _save(transaction: Transaction, found: Findings, now: datetime) -> str:
    weights = fit(found.counts, found.in_order(), stated=found.listed)
    version = transaction.save_sign_weights(to_record(weights), findings=len(found.by_job), time=now)
    return f"what speaks for causes from {len(found.by_job):,} finished jobs: version {version}"
