"""What others are told of, in the words of a program: written down in the transaction in which it happens.

Only single facts are told: an import, a refit and a merge move thousands of beliefs at once and tell nobody, since
whoever runs them knows, and a receiver that needs all of it reads the API.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from skillmatch.beliefs.disputes import Dispute
from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.decision import Decision
from skillmatch.model import Booking
from skillmatch.store.store import Transaction
from skillmatch.workspace.answers import Change, Proficiency, Recorded
from skillmatch.workspace.findings import CLOSING

EVENTS = {
    "job.finished": "A job was finished: by whom, and how it ended",
    "belief.changed": "A piece of evidence changed what is believed of a worker's skills",
    "certificate.expiring": "A certificate runs out in 60, 30 or 7 days",
    "decision.made": "Workers were promised to a job",
    "dispute.opened": "A worker says that something on record about her is wrong",
}
"""What an address can be told of, in words."""
TEST = "test"
"""What is sent to try an address out."""
MOST_CHANGES, LONGEST_WORDS = 40, 2_000
"""So many skills and characters at most, so that a message stays below 64 KB."""


def tell_recorded(transaction: Transaction, recorded: Recorded, *, now: datetime) -> None:
    """Write down what a fact that was added or corrected is to tell others."""
    fact = recorded.evidence
    if recorded.status == "unchanged":
        return
    about = {"worker": fact.worker, "evidence": {"kind": fact.KIND, "source": fact.source, "id": fact.id}}
    if isinstance(fact, JobOutcome) and fact.result in CLOSING:
        ended = {"job": fact.job, "result": str(fact.result), "time": fact.time.isoformat(), "status": recorded.status}
        transaction.tell("job.finished", {**about, **ended}, time=now)
    if isinstance(fact, Dispute) and recorded.status == "added":
        wrong = {"source": fact.disputes_source, "id": fact.disputes_id}
        transaction.tell(
            "dispute.opened", {**about, "disputes": wrong, "reason": fact.reason[:LONGEST_WORDS]}, time=now
        )
    moved = [change for change in recorded.changes if change.before != change.after]
    if moved:
        shown = [_change(change) for change in moved[:MOST_CHANGES]]
        transaction.tell("belief.changed", {**about, "changes": shown, "changed": len(moved)}, time=now)


def tell_decided(transaction: Transaction, decision: Decision, bookings: Sequence[Booking], *, now: datetime) -> None:
    """Write down that workers were promised to a job."""
    made = {
        "decision": decision.number,
        "job": decision.job,
        "workers": list(decision.chosen),
        "policy": decision.policy,
        "overridden": decision.overridden,
        "reason": decision.reason[:LONGEST_WORDS],
        "bookings": [_booking(one) for one in bookings],
    }
    transaction.tell("decision.made", made, time=now)


def _change(change: Change) -> dict[str, Any]:
    return {"skill": change.skill, "before": _level(change.before), "after": _level(change.after)}


def _level(found: Proficiency) -> dict[str, float]:
    return {"level": round(found.level, 4), "low": round(found.low, 4), "high": round(found.high, 4)}


def _booking(one: Booking) -> dict[str, Any]:
    return {"worker": one.worker, "start": one.start.isoformat(), "minutes": one.minutes, "lead": one.lead}
