"""Who may see and do what: for each endpoint the roles, and how far each may see. docs/roles.md says it in words."""

from __future__ import annotations

from dataclasses import dataclass

from skillmatch.accounts import Role

EVERYBODY = frozenset(Role)
DISPATCH = EVERYBODY - {Role.WORKER}
MANAGERS = frozenset({Role.MANAGER, Role.ADMINISTRATOR})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
NOBODY: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Access:
    """Who may look at an endpoint (`get`) and who may send forms to it (`post`).

    `limits` are what of the company's data one sees there, see `sight.LIMITS`: each by the ids in the address, or as a
    list that is cut down. An `open` one is for people who have not signed in, too.
    """

    get: frozenset[Role] = NOBODY
    post: frozenset[Role] = NOBODY
    limits: tuple[str, ...] = ()
    open: bool = False

    def allows(self, role: Role, method: str) -> bool:
        """Return whether a role may use a method of HTTP."""
        return role in (self.post if method == "POST" else self.get if method in ("GET", "HEAD", "OPTIONS") else NOBODY)


TABLE: dict[str, Access] = {
    "static": Access(get=EVERYBODY, open=True),
    "signing.show": Access(get=EVERYBODY, open=True),
    "signing.sign_in": Access(post=EVERYBODY, open=True),
    "signing.demo": Access(post=EVERYBODY, open=True),
    "signing.sign_out": Access(post=EVERYBODY, open=True),
    "sign_on.start": Access(get=EVERYBODY, open=True),
    "sign_on.keep": Access(post=EVERYBODY, open=True),
    "sign_on.back": Access(get=EVERYBODY, open=True),
    "sign_on.link": Access(post=EVERYBODY),
    "sign_on.unlink": Access(post=EVERYBODY),
    "signing.language": Access(post=EVERYBODY, open=True),
    "calendar.show": Access(get=EVERYBODY),
    "calendar.draw": Access(post=EVERYBODY),
    "calendar.stop": Access(post=EVERYBODY),
    "calendar.feed": Access(get=EVERYBODY, open=True),
    "invitation.show": Access(get=EVERYBODY, open=True),
    "invitation.accept": Access(post=EVERYBODY, open=True),
    "account.show": Access(get=EVERYBODY),
    "account.password": Access(post=EVERYBODY),
    "account.reading": Access(post=EVERYBODY),
    "account.everywhere": Access(post=EVERYBODY),
    "tokens.show": Access(get=EVERYBODY),
    "tokens.add": Access(post=EVERYBODY),
    "tokens.revoke": Access(post=EVERYBODY),
    "tokens.restore": Access(post=EVERYBODY),
    "docs.show": Access(get=EVERYBODY),
    "jobs.show": Access(get=EVERYBODY, limits=("jobs",)),
    "job.show": Access(get=EVERYBODY, limits=("job",)),
    "job.why": Access(get=DISPATCH, limits=("job", "workers")),
    "explain.show": Access(get=DISPATCH, limits=("job", "worker")),
    "named.show": Access(get=DISPATCH, limits=("job",)),
    "named.send": Access(post=DISPATCH, limits=("job",)),
    "edit.show": Access(get=DISPATCH, limits=("job",)),
    "edit.send": Access(post=DISPATCH, limits=("job",)),
    "edit.cancel": Access(post=DISPATCH, limits=("job",)),
    "edit.take_back": Access(post=DISPATCH, limits=("job",)),
    "new_job.show": Access(get=DISPATCH),
    "new_job.send": Access(post=DISPATCH),
    "plan.show": Access(get=DISPATCH, limits=("plans",)),
    "plan.make": Access(post=DISPATCH, limits=("workers",)),
    "planned.show": Access(get=DISPATCH, limits=("plan",)),
    "planned.apply": Access(post=DISPATCH, limits=("plan",)),
    "planned.undo": Access(post=DISPATCH, limits=("plan",)),
    "planned.back": Access(get=DISPATCH, limits=("plan",)),
    "planned.lock": Access(post=DISPATCH, limits=("job", "workers")),
    "diagnosis.show": Access(get=DISPATCH, limits=("job", "workers")),
    "diagnosis.answer": Access(post=DISPATCH, limits=("job",)),
    "diagnosis.go_with": Access(post=DISPATCH, limits=("job",)),
    "diagnosis.back": Access(get=DISPATCH, limits=("job",)),
    "outcome.back": Access(get=DISPATCH, limits=("job",)),
    "outcome.record": Access(post=DISPATCH, limits=("job", "workers")),
    "outcome.show": Access(get=EVERYBODY, limits=("job", "outcome")),
    "correction.show": Access(get=DISPATCH, limits=("job", "outcome", "workers")),
    "correction.send": Access(post=DISPATCH, limits=("job", "outcome", "workers")),
    "correction.take_back": Access(post=DISPATCH, limits=("job", "outcome")),
    "correction.put_back": Access(post=DISPATCH, limits=("job", "workers")),
    "correction.undo": Access(post=DISPATCH, limits=("job", "outcome")),
    "decisions.show": Access(get=DISPATCH, limits=("decisions",)),
    "decision.show": Access(get=DISPATCH, limits=("decision",)),
    "decision.back": Access(get=DISPATCH, limits=("decision",)),
    "decision.assign": Access(post=DISPATCH, limits=("decision", "workers")),
    "decisions.table": Access(get=DISPATCH, limits=("decisions",)),
    "matrix.show": Access(get=DISPATCH, limits=("workers",)),
    "matrix.workbook": Access(get=DISPATCH, limits=("workers",)),
    "matrix.table": Access(get=DISPATCH, limits=("workers",)),
    "thin.show": Access(get=MANAGERS, limits=("workers",)),
    "load.show": Access(get=MANAGERS, limits=("workers",)),
    "overview.show": Access(get=MANAGERS, limits=("workers", "jobs")),
    "workers.show": Access(get=EVERYBODY, limits=("workers",)),
    "worker.show": Access(get=EVERYBODY, limits=("worker",)),
    "skill.show": Access(get=EVERYBODY, limits=("worker",)),
    "skills.show": Access(get=EVERYBODY, limits=("workers", "jobs")),
    "graph.show": Access(get=EVERYBODY, limits=("workers", "jobs")),
    "skill_edit.show": Access(get=ADMINISTRATORS),
    "skill_edit.save": Access(post=ADMINISTRATORS),
    "skill_edit.back": Access(get=ADMINISTRATORS),
    "skill_edit.link": Access(post=ADMINISTRATORS),
    "skill_edit.undo": Access(post=ADMINISTRATORS),
    "new_skill.show": Access(get=ADMINISTRATORS),
    "new_skill.add": Access(post=ADMINISTRATORS),
    "duplicates.show": Access(get=ADMINISTRATORS),
    "duplicates.merge": Access(post=ADMINISTRATORS),
    "duplicates.unmerge": Access(post=ADMINISTRATORS),
    "duplicates.apart": Access(post=ADMINISTRATORS),
    "duplicates.again": Access(post=ADMINISTRATORS),
    "matrix_import.show": Access(get=MANAGERS, limits=("workers",)),
    "matrix_import.send": Access(post=MANAGERS, limits=("workers",)),
    "matrix_import.look": Access(get=MANAGERS, limits=("workers",)),
    "matrix_import.decide": Access(post=MANAGERS, limits=("workers",)),
    "matrix_import.throw_away": Access(post=MANAGERS, limits=("workers",)),
    "matrix_import.take_back": Access(post=MANAGERS, limits=("workers",)),
    "own_words.show": Access(get=EVERYBODY, limits=("worker",)),
    "own_words.send": Access(post=EVERYBODY, limits=("worker",)),
    "dispute.show": Access(get=EVERYBODY, limits=("worker",)),
    "dispute.send": Access(post=EVERYBODY, limits=("worker",)),
    "disputes.show": Access(get=MANAGERS, limits=("workers",)),
    "disputes.send": Access(post=MANAGERS, limits=("workers",)),
    "certificates.show": Access(get=EVERYBODY, limits=("worker",)),
    "certificates.hand_in": Access(post=EVERYBODY, limits=("worker",)),
    "certificates.claim_level": Access(post=EVERYBODY, limits=("worker",)),
    "certificates.file": Access(get=EVERYBODY, limits=("worker", "claim")),
    "certificates.withdraw": Access(post=EVERYBODY, limits=("worker", "claim")),
    "growing.answer": Access(post=EVERYBODY, limits=("worker",)),
    "growing.take_back": Access(post=EVERYBODY, limits=("worker",)),
    "growing.wish": Access(post=EVERYBODY, limits=("worker",)),
    "growing.path": Access(get=EVERYBODY, limits=("worker",)),
    "growing.show": Access(get=MANAGERS, limits=("workers",)),
    "expiring.show": Access(get=DISPATCH, limits=("workers",)),
    "approvals.show": Access(get=MANAGERS, limits=("workers",)),
    "approvals.approve": Access(post=MANAGERS, limits=("claim",)),
    "approvals.decline": Access(post=MANAGERS, limits=("claim",)),
    "approvals.reopen": Access(post=MANAGERS, limits=("claim",)),
    "today.show": Access(get=EVERYBODY, limits=("jobs",)),
    "today.of": Access(get=EVERYBODY, limits=("worker",)),
    "finish.show": Access(get=EVERYBODY, limits=("job",)),
    "finish.record": Access(post=EVERYBODY, limits=("job", "workers")),
    "finish.undo": Access(post=EVERYBODY, limits=("job", "outcome")),
    "site.show": Access(get=EVERYBODY, limits=("site",)),
    "site.write": Access(post=EVERYBODY, limits=("site",)),
    "site.edit": Access(post=EVERYBODY, limits=("note",)),
    "site.withdraw": Access(post=EVERYBODY, limits=("note",)),
    "customers.show": Access(get=EVERYBODY, limits=("customers",)),
    "customer.show": Access(get=EVERYBODY, limits=("customer",)),
    "suggestions.show": Access(get=DISPATCH, limits=("suggestions",)),
    "suggestions.answer": Access(post=DISPATCH, limits=("note",)),
    "downloads.show": Access(get=DISPATCH, limits=("tables",)),
    "downloads.whole": Access(get=DISPATCH, limits=("tables",)),
    "downloads.table": Access(get=DISPATCH, limits=("table",)),
    "downloads.known": Access(get=EVERYBODY, limits=("worker",)),
    "accounts.show": Access(get=ADMINISTRATORS),
    "accounts.add": Access(post=ADMINISTRATORS),
    "accounts.one": Access(get=ADMINISTRATORS),
    "accounts.change": Access(post=ADMINISTRATORS),
    "accounts.act": Access(post=ADMINISTRATORS),
    "webhooks.show": Access(get=ADMINISTRATORS),
    "webhooks.add": Access(post=ADMINISTRATORS),
    "webhooks.one": Access(get=ADMINISTRATORS),
    "webhooks.pause": Access(post=ADMINISTRATORS),
    "webhooks.resume": Access(post=ADMINISTRATORS),
    "webhooks.remove": Access(post=ADMINISTRATORS),
    "webhooks.back": Access(post=ADMINISTRATORS),
    "webhooks.secret": Access(post=ADMINISTRATORS),
    "webhooks.test": Access(post=ADMINISTRATORS),
    "webhooks.again": Access(post=ADMINISTRATORS),
}
"""An endpoint that is not here answers nobody."""

DOWNLOADS: dict[str, frozenset[Role]] = {
    **dict.fromkeys(("skills", "links", "job_types"), EVERYBODY),
    **dict.fromkeys(("customers", "sites", "assets", "jobs", "causes", "questions", "site_notes"), DISPATCH),
    **dict.fromkeys(("corrections", "merges"), ADMINISTRATORS),
    **dict.fromkeys(("workers", "shifts", "leave", "bookings"), EVERYBODY),
    **dict.fromkeys(("outcomes", "customer_ratings", "self_reports", "assessments", "endorsements"), EVERYBODY),
    **dict.fromkeys(("overrides", "certifications", "trainings", "revocations", "exemptions"), EVERYBODY),
    **dict.fromkeys(("declined", "learning_wishes", "skills_declined"), EVERYBODY),
    **dict.fromkeys(("retractions", "disputes", "dispute_decisions"), EVERYBODY),
}
"""Who takes away which table: rows about workers whom she sees, and no name of another. One that is not here is for
nobody.
"""
