"""Who may do what by the API: for each endpoint the roles, the scope of the token, and how far each role sees.

docs/roles.md says it in words; what a role sees is what it sees on the pages.
"""

from __future__ import annotations

from dataclasses import dataclass

from skillmatch.accounts import Role
from skillmatch_web.roles import ADMINISTRATORS, DISPATCH, EVERYBODY, MANAGERS

READ, JOBS, EVIDENCE, HOOKS = "read", "jobs:write", "evidence:write", "webhooks:write"


@dataclass(frozen=True, slots=True)
class Entry:
    """Which roles an endpoint answers, with which scope, within which `sight.LIMITS`; an `open` one answers anybody."""

    roles: frozenset[Role] = EVERYBODY
    scope: str = READ
    limits: tuple[str, ...] = ()
    open: bool = False


TABLE: dict[str, Entry] = {
    "api.document": Entry(open=True),
    "api.health": Entry(open=True),
    "api.me": Entry(),
    "api.revision": Entry(),
    "api.jobs": Entry(limits=("jobs",)),
    "api.create_job": Entry(DISPATCH, JOBS, ("workers",)),
    "api.job": Entry(limits=("job",)),
    "api.change_job": Entry(DISPATCH, JOBS, ("job", "workers")),
    "api.cancel_job": Entry(DISPATCH, JOBS, ("job",)),
    "api.ranking": Entry(DISPATCH, READ, ("job",)),
    "api.explanation": Entry(DISPATCH, READ, ("job", "worker")),
    "api.assign": Entry(DISPATCH, JOBS, ("job", "workers")),
    "api.unassign": Entry(DISPATCH, JOBS, ("job", "workers")),
    "api.outcomes": Entry(limits=("job", "workers")),
    "api.record_outcome": Entry(DISPATCH, EVIDENCE, ("job", "workers")),
    "api.retract_outcome": Entry(DISPATCH, EVIDENCE, ("job", "outcome")),
    "api.diagnosis": Entry(DISPATCH, READ, ("job",)),
    "api.answer": Entry(DISPATCH, JOBS, ("job",)),
    "api.go_with": Entry(DISPATCH, JOBS, ("job",)),
    "api.record_evidence": Entry(EVERYBODY, EVIDENCE, ("workers",)),
    "api.workers": Entry(limits=("workers",)),
    "api.worker": Entry(limits=("worker",)),
    "api.profile": Entry(limits=("worker",)),
    "api.why": Entry(limits=("worker",)),
    "api.certifications": Entry(limits=("worker",)),
    "api.evidence": Entry(limits=("worker",)),
    "api.skills": Entry(),
    "api.skill": Entry(),
    "api.link": Entry(),
    "api.correct_link": Entry(EVERYBODY, EVIDENCE),
    "api.customers": Entry(DISPATCH, READ, ("workers",)),
    "api.customer": Entry(DISPATCH, READ, ("workers",)),
    "api.sites": Entry(DISPATCH),
    "api.site": Entry(DISPATCH),
    "api.job_types": Entry(),
    "api.job_type": Entry(),
    "api.decisions": Entry(DISPATCH, READ, ("decisions",)),
    "api.decision": Entry(DISPATCH, READ, ("decision",)),
    "api.replay": Entry(DISPATCH, READ, ("decision",)),
    "api.staleness": Entry(DISPATCH, READ, ("decision",)),
    "api.policies": Entry(DISPATCH),
    "api.policy": Entry(DISPATCH),
    "api.tables": Entry(limits=("tables",)),
    "api.table": Entry(limits=("table",)),
    "api.webhooks": Entry(ADMINISTRATORS),
    "api.add_webhook": Entry(ADMINISTRATORS, HOOKS),
    "api.change_webhook": Entry(ADMINISTRATORS, HOOKS),
    "api.deliveries": Entry(ADMINISTRATORS),
    "api.remove_webhook": Entry(ADMINISTRATORS, HOOKS),
}
"""An endpoint that is not here answers nobody."""

KIND_ROLES: dict[str, frozenset[Role]] = {
    "self_report": EVERYBODY,
    "learning_wish": EVERYBODY,
    "declined": EVERYBODY,
    "dispute": EVERYBODY,
    "skill_declined": EVERYBODY,
    "job_outcome": DISPATCH,
    "customer_rating": DISPATCH,
}
"""Who may record which kind of evidence about a worker whom she sees; what is not here is for managers. Whoever may
record a kind may retract it.
"""


def may_record(role: Role, kind: str) -> bool:
    """Return whether a role may record, or retract, a kind of evidence."""
    return role in KIND_ROLES.get(kind, MANAGERS)
