"""The use-cases of a decision: what was shown is kept, somebody is chosen, and later it can be replayed and judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from skillmatch import wording
from skillmatch.decision import Decision, Shown
from skillmatch.errors import Conflict, Invalid
from skillmatch.matching import ranking
from skillmatch.matching.availability import soonest
from skillmatch.matching.changes import Block, Reschedule
from skillmatch.matching.policy import Policy
from skillmatch.matching.ranking import Candidate, Ranking, Scoring
from skillmatch.matching.view import View
from skillmatch.model import Booking, Job, JobStatus, check_time
from skillmatch.store.store import Transaction
from skillmatch.workspace import happening
from skillmatch.workspace.asking import Asking
from skillmatch.workspace.base import find_worker, seen
from skillmatch.workspace.policies import kept, policy_of
from skillmatch.workspace.resident import Resident

SAME_QUESTION = timedelta(minutes=10)
"""For so long the same question, asked again while nothing was written, is the same decision."""


@dataclass(frozen=True, slots=True)
class Replay:
    """A decision ranked anew from the state it was made in: `same` when every number is the same to the bit."""

    decision: Decision
    ranking: Ranking
    same: bool
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Staleness:
    """What has happened since a ranking was made.

    `writes` were made since; `moved` says what is different in the ranking now, () when nothing that matters is.
    """

    decision: Decision
    revision: int
    writes: int
    moved: tuple[str, ...]

    @property
    def stale(self) -> bool:
        """Whether the ranking would be another now."""
        return bool(self.moved)


@dataclass(frozen=True, slots=True)
class Assignment:
    """Somebody was promised to a job: the decision and the bookings. `warnings` are rules that stand against it.

    `called_off` are bookings of others who were promised to the job before. `revision` is the number of the write, 0
    when everybody was promised just so already.
    """

    decision: Decision
    bookings: tuple[Booking, ...]
    warnings: tuple[str, ...]
    called_off: tuple[Booking, ...] = ()
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Grounds:
    """What is shown of a job rests on this: the decision that `propose` would give again, None where it would make
    a new one, and the numbers of what was written last.
    """

    decision: int | None
    revision: int
    params: int
    policies: int
    causes: int


class Deciding(Asking):
    """The part of the workspace that keeps decisions."""

    def propose(self, job: str, *, policy: str = "balanced", limit: int = 10, teams: tuple[str, ...] = ()) -> Ranking:
        """Rank a job for somebody who decides, and keep what she is shown as a decision; with `teams`, these only.

        Asked again within ten minutes, while nothing was written, it is the same decision with the same numbers.
        """
        with self._lock:
            # Ranked before anything is written, so that only a new decision waits for other writers.
            with self._store.read() as transaction:
                chosen = policy_of(transaction, policy)
                resident, now = self._fresh(transaction), self.now()
                again = self._asked_before(transaction, job, chosen, limit, teams, resident, now)
                moment = again.moment if again else now
                views, found = seen(transaction, resident, job, moment=moment, teams=teams)
                ranked = ranking.rank(
                    views, chosen, job=found.job, needs=found.needs, revision=resident.revision, limit=limit
                )
            if again is not None:
                return replace(ranked, number=again.number)
            with self._store.write() as transaction:
                ranked = replace(ranked, policy_version=kept(transaction, chosen).version)
                return replace(ranked, number=transaction.save_decision(decision_of(ranked, limit, teams)))

    def grounds(self, job: str, *, policy: str = "balanced", limit: int = 10, teams: tuple[str, ...] = ()) -> Grounds:
        """Return what is shown of a job rests on: asked before and after, the same means that nothing was written."""
        key = ("grounds", job, policy, limit, teams)
        found, moment = self._store.unchanged(key, lambda: self._grounds(job, policy, limit, teams))
        fresh = moment is not None and timedelta(0) <= self.now() - moment <= SAME_QUESTION
        return found if fresh else replace(found, decision=None)

    def _grounds(self, job: str, policy: str, limit: int, teams: tuple[str, ...]) -> tuple[Grounds, datetime | None]:
        """Return that, and the moment of the decision."""
        with self._lock, self._store.read() as transaction:
            chosen = policy_of(transaction, policy)
            resident, learned = self._fresh(transaction), transaction.sign_weights()
            again = self._asked_before(transaction, job, chosen, limit, teams, resident, self.now())
            versions = resident.table.params.version, transaction.count_policy_versions()
            number, moment = (again.number, again.moment) if again else (None, None)
            return Grounds(number, resident.revision, *versions, learned.version if learned else 0), moment

    def _asked_before(
        self,
        transaction: Transaction,
        job: str,
        policy: Policy,
        limit: int,
        teams: tuple[str, ...],
        resident: Resident,
        now: datetime,
    ) -> Decision | None:
        asked = (policy.version, resident.revision, limit, teams)
        # Somebody of another team may have asked meanwhile.
        for earlier in transaction.decisions(job=job, policy=policy.name, since=now - SAME_QUESTION):
            same = (earlier.policy_version, earlier.revision, earlier.limit, earlier.teams) == asked
            if same and not earlier.chosen and timedelta(0) <= now - earlier.moment <= SAME_QUESTION:
                return earlier
        return None

    def decision(self, number: int) -> Decision:
        """Return a decision, or raise NotFound with the nearest numbers."""
        with self._store.read() as transaction:
            return transaction.decision(number)

    def decisions(
        self, *, job: str | None = None, since: datetime | None = None, limit: int | None = 50
    ) -> tuple[Decision, ...]:
        """Return decisions, the newest first."""
        with self._store.read() as transaction:
            return tuple(transaction.decisions(job=job, since=since, limit=limit))

    def assign(
        self,
        number: int,
        workers: Sequence[str],
        *,
        reason: str = "",
        by: str = "",
        start: datetime | None = None,
        locked: bool = False,
    ) -> Assignment:
        """Choose the workers for the job of a decision, the lead first, and promise them to it.

        The last word is the decider's: anybody may be chosen, with a reason where it is not the first of the ranking
        or where a hard rule stands against it; such rules come back as warnings and stay on record in the reason.

        Parameters
        ----------
        number
            The decision that she looked at.
        workers
            Who goes.
        reason
            Why, where the ranking says otherwise.
        by
            Who decides.
        start
            When work begins; else the first time at which the first worker is free on the job's day.
        locked
            Whether plans must leave it as it is.

        Raises
        ------
        NotFound
            When there is no such decision or worker.
        Invalid
            When a reason is missing, nobody is chosen, or the time has passed.
        Conflict
            When the job is no longer open, or the decision was made otherwise already.
        """
        with self._lock, self._store.write() as transaction:
            decision = transaction.decision(number)
            job = _open_job(transaction, decision.job)
            for worker in workers:
                find_worker(transaction, worker)
            chosen = policy_of(transaction, decision.policy, decision.policy_version)
            now = self.now()
            views, _found = seen(transaction, self._fresh(transaction), job.id, moment=now, teams=decision.teams)
            if start is not None:
                _check_start(job.id, start, now)
                views = tuple(_beginning(view, start) for view in views)
            scoring = Scoring(views, chosen)
            warnings = tuple(
                wording.said("{worker}: {reason}", worker=worker, reason=block.reason)
                for worker in workers
                for block in _blocks(scoring, worker)
            )
            if not workers:
                raise Invalid(wording.said("nobody was chosen for job {job!r}: name at least one worker", job=job.id))
            if (warnings or workers[0] != decision.first) and not reason.strip():
                raise Invalid(_say_why(workers[0], job.id, decision, warnings))
            said = reason.strip() + (f" [against: {'; '.join(warnings)}]" if warnings else "")
            bookings = _bookings(scoring, job.id, workers, start, locked)
            decided = transaction.choose(number, workers, reason=said, by=by, time=now)
            before = transaction.revision()
            called_off = book(transaction, job.id, bookings)
            happening.tell_decided(transaction, decided, bookings, now=now)
            revision = transaction.revision()
            return Assignment(decided, bookings, warnings, called_off, revision if revision != before else 0)

    def replay(self, number: int) -> Replay:
        """Rank the job of a decision anew from the state of the database in which it was made.

        Everybody is folded from the log as it was then, under the parameters and the policy of then.

        Raises
        ------
        NotFound
            When there is no such decision, or the history of the database begins after it.
        """
        with self._store.read() as transaction:
            decision = transaction.decision(number)
            policy = policy_of(transaction, decision.policy, decision.policy_version)
            params = transaction.params_of(decision.params_version)
        with self._store.read(as_of=decision.revision) as past:
            resident = Resident(past, moment=decision.moment, zone=self.zone, params=params)
            views, found = seen(past, resident, decision.job, moment=decision.moment, teams=decision.teams)
            again = ranking.rank(
                views, policy, job=found.job, needs=found.needs, revision=decision.revision, limit=decision.limit
            )
        again = replace(again, number=number)
        differences = _differences(decision.shown, decision_of(again, decision.limit, decision.teams).shown)
        return Replay(decision, again, not differences, differences)

    def staleness(self, number: int) -> Staleness:
        """Return whether the ranking of a decision would be another now, and what is different."""
        with self._lock, self._store.read() as transaction:
            decision = transaction.decision(number)
            policy = policy_of(transaction, decision.policy)
            resident = self._fresh(transaction)
            writes = resident.revision - decision.revision
            if writes == 0 and policy.version in (0, decision.policy_version):
                return Staleness(decision, resident.revision, 0, ())
            job = transaction.noun(Job, decision.job)
            if job is None or job.status is not JobStatus.OPEN:
                return Staleness(decision, resident.revision, writes, ("the job is no longer open",))
            views, found = seen(transaction, resident, decision.job, moment=self.now(), teams=decision.teams)
            now = ranking.rank(
                views, policy, job=found.job, needs=found.needs, revision=resident.revision, limit=decision.limit
            )
            moved = _moves(decision.shown, decision_of(now, decision.limit, decision.teams).shown)
            if policy.version not in (0, decision.policy_version):
                moved = (wording.said("the policy {policy} was changed", policy=policy.name), *moved)
            return Staleness(decision, resident.revision, writes, moved)


def decision_of(found: Ranking, limit: int, teams: tuple[str, ...] = ()) -> Decision:
    """Return what is kept of a ranking of the workers of some teams, () for everybody."""
    return Decision(
        found.job.id,
        found.policy,
        found.policy_version,
        found.params,
        found.revision,
        found.day,
        found.moment,
        limit,
        tuple(_shown(one) for one in (*found.candidates, *found.near)),
        teams=teams,
    )


def _shown(one: Candidate) -> Shown:
    return Shown(one.worker.id, one.rank, one.score, one.chance, one.low, one.high)


def _open_job(transaction: Transaction, id: str) -> Job:
    job = transaction.noun(Job, id)
    if job is None or job.status is not JobStatus.OPEN:
        status = "gone" if job is None else str(job.status)
        raise Conflict(
            wording.said("job {id!r} is {status}: only open jobs can be assigned", id=id, status=wording.said(status))
        )
    return job


def _check_start(job: str, start: datetime, now: datetime) -> None:
    check_time(start, f"begin of job {job!r}")
    if start < now:
        raise Invalid(
            wording.said(
                "job {job!r} cannot begin on {start:%Y-%m-%d %H:%M}, which has passed: give a later time",
                job=job,
                start=start,
            )
        )


def _beginning(view: View, start: datetime) -> View:
    """Return a job that begins at a time, so that rules judge that time and not the one that was promised."""
    calendar = view.roster.calendar
    day = calendar.local(start).date()
    return Reschedule(day, calendar.minute(start, day), view.day).made(view)


def _blocks(scoring: Scoring, worker: str) -> tuple[Block, ...]:
    place = ranking.place_of(scoring, worker, anybody=True)
    return scoring.way(place).blocks(place)


def _bookings(
    scoring: Scoring, job: str, workers: Sequence[str], start: datetime | None, locked: bool
) -> tuple[Booking, ...]:
    view = scoring.view
    calendar, known = view.roster.calendar, view.circumstances
    if start is None:
        places = [ranking.place_of(scoring, worker, anybody=True) for worker in workers]
        found = soonest(view, scoring.policy.limits, places)
        if found is None:
            raise Invalid(
                wording.said(
                    "{workers} have no time for job {job!r} within two weeks: say when it begins",
                    workers=", ".join(workers),
                    job=job,
                )
            )
        start = calendar.time(*found)
    return tuple(
        Booking(job, worker, start, known.length, locked, lead=number == 0) for number, worker in enumerate(workers)
    )


def book(transaction: Transaction, job: str, bookings: Sequence[Booking]) -> tuple[Booking, ...]:
    """Promise workers to a job; return the bookings of those who were promised to it before and are not any more."""
    before = [one for one in transaction.nouns(Booking) if one.job == job and not one.cancelled]
    kept_on = {one.worker for one in bookings}
    gone = tuple(replace(one, cancelled=True) for one in before if one.worker not in kept_on)
    if [one for one in before if one.worker in kept_on] != list(bookings) or gone:
        transaction.save_nouns(Booking, [*bookings, *gone], revision=transaction.next_revision())
    return gone


def _differences(before: Sequence[Shown], after: Sequence[Shown]) -> tuple[str, ...]:
    """Return where two lists of rows differ in any bit."""
    found = []
    if len(before) != len(after):
        found.append(f"{len(before)} rows were shown and {len(after)} come out now")
    for one, other in zip(before, after, strict=False):
        if one != other:
            found.append(f"shown {one}, now {other}")
    return tuple(found)


def _moves(before: Sequence[Shown], after: Sequence[Shown]) -> tuple[str, ...]:
    """Return in words how the order has changed; numbers that moved without changing it are left out."""
    ranks = {one.worker: one.rank for one in before}
    now = {one.worker: one.rank for one in after}
    found = []
    for worker in dict.fromkeys((*ranks, *now)):
        was, is_now = ranks.get(worker, -1), now.get(worker, -1)
        if was != is_now:
            places = {"was": _place(was), "now": _place(is_now)}
            found.append(wording.said("{worker}: {was} then, {now} now", worker=worker, **places))
    return tuple(found)


def _place(rank: int | None) -> str:
    if rank is None:
        return wording.said("a near match")
    return wording.said("not shown") if rank < 0 else wording.said("ranked {rank}", rank=rank)


def _say_why(worker: str, job: str, decision: Decision, warnings: Sequence[str]) -> str:
    first = wording.said("{worker} was ranked first", worker=decision.first or wording.said("nobody"))
    return wording.said(
        "choosing {worker!r} for job {job!r} needs a reason, since {why}: say why",
        worker=worker,
        job=job,
        why=warnings[0] if warnings else first,
    )
