"""What of the company somebody sees: everybody, the workers of her teams, or herself.

What one may not see answers as if it were not there, in the same words and along the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import g

from skillmatch.accounts import Account, Role
from skillmatch.errors import NotFound
from skillmatch.model import NoteKind, SiteNote, Worker
from skillmatch.wording import said
from skillmatch.workspace import Decision, JobOutcome, KeptPlan, Portion
from skillmatch_web.addresses import workspace
from skillmatch_web.languages import N_
from skillmatch_web.roles import DOWNLOADS, NOBODY

ANOTHER_TEAM = N_("somebody of another team")


@dataclass(frozen=True, slots=True)
class Sight:
    """What the holder of an account sees."""

    account: Account

    @property
    def everybody(self) -> bool:
        """Whether she sees all workers."""
        return self.account.role is not Role.WORKER and not self.account.teams

    @property
    def teams(self) -> tuple[str, ...]:
        """The teams whose workers are ranked for her, () for all."""
        return self.account.teams

    @property
    def dispatches(self) -> bool:
        """Whether she sees candidates, and sends people."""
        return self.account.role is not Role.WORKER

    def sees(self, worker: Worker | None) -> bool:
        """Return whether she sees all of a worker."""
        if worker is None:
            return False
        own = worker.id == self.account.worker
        return own or self.everybody or (self.dispatches and worker.team in self.account.teams)

    def workers(self) -> tuple[tuple[Worker, ...], int]:
        """Return the workers she sees, by id, and how many others there are."""
        everybody = workspace().workers()
        seen = tuple(worker for worker in everybody if self.sees(worker))
        return seen, len(everybody) - len(seen)

    def called(self, worker: Worker) -> str:
        """Return what she may call a worker: colleagues know each other by name, teams do not."""
        return worker.name if self.sees(worker) or not self.dispatches else ANOTHER_TEAM

    def names(self, workers: Iterable[Worker]) -> dict[str, str]:
        """Return what she may call workers, by id."""
        return {worker.id: self.called(worker) for worker in workers}

    def named(self, people: Mapping[str, Worker]) -> Mapping[str, str]:
        """Return what she may call workers, by id, each found out when it is asked for: a page names few of all."""
        return Names(self, people)

    def among(self, people: Mapping[str, Worker]) -> Container[str]:
        """Return the ids of the workers whom she sees all of, each found out when it is asked for."""
        return Seen(self, people)

    def sees_decision(self, decision: Decision, people: Mapping[str, Worker]) -> bool:
        """Return whether she sees a decision: one that was made among workers whom she sees."""
        if self.everybody:
            return True
        if not self.dispatches or not decision.teams or not set(decision.teams) <= set(self.account.teams):
            return False
        named = (*(row.worker for row in decision.shown), *decision.chosen)
        return all(self.sees(people.get(worker)) for worker in named)

    def sees_plan(self, plan: KeptPlan) -> bool:
        """Return whether she sees a plan: one that was made for workers whom she sees."""
        own = bool(plan.teams) and set(plan.teams) <= set(self.account.teams)
        return self.everybody or (self.dispatches and own)

    def jobs(self) -> frozenset[str] | None:
        """Return the jobs she sees, None for all."""
        if self.dispatches:
            return None
        if "own_jobs" not in g:  # asked for by several parts of a page
            g.own_jobs = workspace().jobs_of(self.account.worker or "")
        return frozenset(g.own_jobs)

    def places(self) -> tuple[frozenset[str], frozenset[str]] | None:
        """Return the sites and the customers she sees, None for all: a worker those of her jobs."""
        jobs = self.jobs()
        if jobs is None:
            return None
        if "own_places" not in g:
            g.own_places = workspace().places.at(jobs)
        sites, customers = g.own_places
        return sites, customers

    def tables(self) -> tuple[str, ...]:
        """Return the tables she takes away, what is referred to before what refers to it."""
        return tuple(name for name in workspace().downloads.names if self.account.role in DOWNLOADS.get(name, NOBODY))

    def portion(self) -> Portion:
        """Return what of these tables she takes away."""
        seen = None if self.everybody else frozenset(worker.id for worker in self.workers()[0])
        return Portion(seen, private=not self.dispatches or self.takes_everything)

    @property
    def takes_everything(self) -> bool:
        """Whether what she takes away is all there is, so that it can be imported again."""
        return self.account.role is Role.ADMINISTRATOR

    def knows_why(self, worker: str) -> bool:
        """Return whether she is told why a worker is on leave, and what notes the worker took back."""
        return self.takes_everything or worker == self.account.worker

    def sees_note(self, note: SiteNote, worker: Worker | None) -> bool:
        """Return whether she sees a note at a site that she sees; `worker` is who wrote it.

        Notes are for whoever comes to the site next. Suggestions go to those who see who made them.
        """
        for_all = not self.dispatches or note.kind is NoteKind.NOTE or note.worker is None
        return for_all or self.sees(worker)


@dataclass(frozen=True, slots=True)
class Names(Mapping[str, str]):
    """What somebody may call workers, by id."""

    sight: Sight
    people: Mapping[str, Worker]

    def __getitem__(self, id: str) -> str:
        return self.sight.called(self.people[id])

    def __iter__(self) -> Iterator[str]:
        return iter(self.people)

    def __len__(self) -> int:
        return len(self.people)


@dataclass(frozen=True, slots=True)
class Seen(Container[str]):
    """The ids of the workers whom somebody sees all of."""

    sight: Sight
    people: Mapping[str, Worker]

    def __contains__(self, id: object) -> bool:
        return isinstance(id, str) and self.sight.sees(self.people.get(id))


def sight() -> Sight:
    """Return what whoever is signed in sees."""
    found = g.sight
    assert isinstance(found, Sight)
    return found


def me() -> Account | None:
    """Return who is signed in, None when nobody is."""
    found = g.get("me")
    return found if isinstance(found, Account) else None


def check_worker(sight: Sight, ids: Mapping[str, Any]) -> None:
    """Raise NotFound unless the worker of an address is there and seen."""
    id = ids["worker"]
    if not sight.everybody and not sight.sees(workspace().worker(id)):
        raise NotFound.named("worker", id, [worker.id for worker in sight.workers()[0]])


def check_job(sight: Sight, ids: Mapping[str, Any]) -> None:
    """Raise NotFound unless the job of an address is there and seen."""
    seen = sight.jobs()
    if seen is not None and ids["job"] not in seen:
        raise NotFound.named("job", ids["job"], seen)


def check_outcome(sight: Sight, ids: Mapping[str, Any]) -> None:
    """Raise NotFound unless the outcome of an address is there and that of a worker who is seen."""
    outcome = outcome_of(ids["job"], (ids["source"], ids["id"]))
    if outcome is None or not sight.sees(workspace().worker(outcome.worker)):
        raise NotFound(
            said(
                "job {job!r} has no outcome {id!r}: look at the job for what is recorded of it",
                job=ids["job"],
                id=ids["id"],
            )
        )


def check_decision(sight: Sight, ids: Mapping[str, Any]) -> None:
    """Raise NotFound unless the decision of an address is there and seen."""
    if sight.everybody:
        return
    people = {worker.id: worker for worker in workspace().workers()}
    try:
        decision = workspace().decision(ids["number"])
    except NotFound:
        decision = None
    if decision is None or not sight.sees_decision(decision, people):
        # Without the nearest numbers, which may be those of decisions that she does not see.
        raise NotFound(said("there is no decision {number}: look at the list of decisions", number=ids["number"]))


def check_claim(sight: Sight, ids: Mapping[str, Any]) -> None:
    """Raise NotFound unless the claim of an address is there and that of a worker who is seen."""
    try:
        worker = workspace().claims.get(ids["claim"]).worker
    except NotFound:
        worker = ""
    if worker != ids.get("worker", worker) or not sight.sees(workspace().worker(worker)):
        raise NotFound(said("there is no such claim: look at the worker's certificates for what was handed in"))


def check_site(sight: Sight, ids: Mapping[str, Any]) -> None:
    """Raise NotFound unless the site of an address is there and seen."""
    seen = sight.places()
    if seen is not None and ids["site"] not in seen[0]:
        raise NotFound.named("site", ids["site"], seen[0])


def check_customer(sight: Sight, ids: Mapping[str, Any]) -> None:
    """Raise NotFound unless the customer of an address is there and seen."""
    seen = sight.places()
    if seen is not None and ids["customer"] not in seen[1]:
        raise NotFound.named("customer", ids["customer"], seen[1])


def check_note(sight: Sight, ids: Mapping[str, Any]) -> None:
    """Raise NotFound unless the note of an address is there and seen, as is its site."""
    note = workspace().notes.one(ids["note"])
    seen = sight.places()
    hidden = seen is not None and note.site not in seen[0]
    if hidden or not sight.sees_note(note, workspace().worker(note.worker or "")):
        raise NotFound.named("note", note.id)


def check_plan(sight: Sight, ids: Mapping[str, Any]) -> None:
    """Raise NotFound unless the plan of an address is there and seen."""
    if not sight.sees_plan(workspace().kept_plan(ids["plan"])):
        raise NotFound(said("there is no such plan any more: make a new one"))


def check_table(sight: Sight, ids: Mapping[str, Any]) -> None:
    """Raise NotFound unless the table of an address is there and she takes it away."""
    names = sight.tables()
    if ids["table"] not in names:
        raise NotFound.named("table", ids["table"], names)


def outcome_of(job: str, key: tuple[str, str]) -> JobOutcome | None:
    """Return an outcome of a job by its key, None when there is none."""
    return next((one for one in workspace().job(job).outcomes if one.key == key), None)


def cut_down(_sight: Sight, _ids: Mapping[str, Any]) -> None:
    """Check nothing: the page lists only what is seen."""


LIMITS: dict[str, Callable[[Sight, Mapping[str, Any]], None]] = {
    "worker": check_worker,
    "job": check_job,
    "outcome": check_outcome,
    "decision": check_decision,
    "claim": check_claim,
    "site": check_site,
    "customer": check_customer,
    "note": check_note,
    "plan": check_plan,
    "table": check_table,
    "tables": cut_down,
    "plans": cut_down,
    "workers": cut_down,
    "jobs": cut_down,
    "decisions": cut_down,
    "customers": cut_down,
    "suggestions": cut_down,
}
"""What is limited: by an id in the address, or as a list."""
