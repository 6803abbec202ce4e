"""The use-case of the whole day: open jobs of the coming days given to workers, shown first and then applied."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from skillmatch.errors import Conflict
from skillmatch.matching.planning import Visit, prices, solve, worth
from skillmatch.matching.policy import Policy
from skillmatch.matching.ranking import Scoring
from skillmatch.model import Booking, Job, JobStatus
from skillmatch.store.store import Transaction
from skillmatch.wording import said, said_list
from skillmatch.workspace.base import seen
from skillmatch.workspace.drawing import Drawing
from skillmatch.workspace.policies import policy_of
from skillmatch.workspace.reviewing import Reviewing

MEANWHILE = said("it was promised otherwise meanwhile")
LOCKED = said("it was locked meanwhile")
SAME_TIME = timedelta(minutes=5)

Progress = Callable[[float, float, str], None]


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """Who does a job and when, with the points it brings and the minutes each travels to it.

    A promise that stays although it looks too tight was not planned: it brings no points, and no ways are known.
    """

    job: str
    title: str
    workers: tuple[str, ...]
    start: datetime
    minutes: float
    points: float
    travel: tuple[float, ...]
    change: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A job that nobody does in the plan, and why."""

    job: str
    title: str
    priority: int
    reason: str
    key: str


@dataclass(frozen=True, slots=True)
class PlanPreview:
    """A plan that nobody has applied yet, and what it would change.

    `change` of a visit is "new", "kept", "moved" (other time), "handed over" (other workers); `dropped` are promised
    jobs that it leaves out. `before` are the bookings of its jobs when it was made: applying compares them. `bound` is
    a total that no plan exceeds. `notes` say what of the promises was left as it is although it looks wrong. `was` is
    what the promises were worth, counted as `total` is; None in a plan that was made before that was counted.
    """

    first: date
    days: int
    policy: str
    revision: int
    made: datetime
    visits: tuple[PlannedVisit, ...]
    left_out: tuple[LeftOut, ...]
    dropped: tuple[str, ...]
    before: tuple[Booking, ...]
    total: float
    bound: float | None
    seconds: float
    notes: tuple[str, ...] = ()
    was: float | None = None

    @property
    def last(self) -> date:
        """The last day."""
        return self.first + timedelta(days=self.days - 1)

    def counts(self) -> dict[str, int]:
        """Return how many visits there are of each change."""
        found = dict.fromkeys(("new", "kept", "moved", "handed over"), 0)
        for visit in self.visits:
            found[visit.change] += 1
        return found


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying a plan did: visits booked, jobs left as they are since something had changed, with the reason."""

    booked: int
    unchanged: int
    skipped: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Price:
    """What it costs the other open jobs, in points, to use a worker, and the job that would miss her most."""

    worker: str
    points: float
    job: str | None
    only: bool


class Planning(Reviewing):
    """The part of the workspace that plans."""

    def plan(
        self,
        *,
        first: date | None = None,
        days: int = 1,
        policy: str = "balanced",
        jobs: Sequence[str] | None = None,
        seconds: float = 10.0,
        keep: bool = True,
        teams: Collection[str] = (),
        progress: Progress | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> PlanPreview:
        """Return a plan for the open jobs of some days; nothing is changed.

        Parameters
        ----------
        first
            The first day; else today.
        days
            How many days.
        policy
            The policy whose score and rules count.
        jobs
            Only these; else every open job that is due by the last day, promised for a day in between, or overdue.
        seconds
            Time to search; a plan is there after a second or two and gets better.
        keep
            Whether what was promised stays where that is possible. Otherwise it may move where that is worth it;
            locked bookings never do.
        teams
            Whose workers are planned, all when there are none; jobs promised to others stay as they are.
        progress
            Told (seconds, total so far, what was done).
        stop
            Asked now and then whether to stop with what there is.

        Raises
        ------
        Invalid
            For a horizon in the past or too long; without `keep`, also for a lock on somebody who may not do the job.
        NotFound
            When there is no such job or policy.
        """
        with self._lock, self._store.read() as transaction:
            drawn = self._drawn(transaction, policy, first, days, teams)
            chosen = drawn.jobs(jobs)
            problem = drawn.problem(chosen, keep=keep)
        plan = solve(problem, seconds=seconds, keep_promised=keep, progress=progress, stop=stop)
        by_id = {job.id: job for job in chosen}
        visits = tuple(
            _visit(drawn, by_id[visit.job], visit, terms.total, terms.ways)
            for visit, terms in zip(plan.visits, plan.terms, strict=True)
        ) + tuple(_visit(drawn, by_id[visit.job], visit, 0.0, ()) for visit in drawn.tight.values())
        left = tuple(
            LeftOut(one.job, by_id[one.job].title, by_id[one.job].priority, one.reason, one.key)
            for one in plan.unassigned
        )
        promised = {booking.job for booking in drawn.before}
        return PlanPreview(
            drawn.first,
            days,
            policy,
            drawn.resident.revision,
            drawn.now,
            tuple(sorted(visits, key=lambda visit: (visit.start, visit.job))),
            left,
            tuple(sorted(promised - {visit.job for visit in visits})),
            tuple(drawn.before),
            plan.total,
            plan.bound,
            plan.seconds,
            tuple(drawn.notes),
            worth(problem, (*problem.promised, *problem.locked)),
        )

    def _drawn(
        self, transaction: Transaction, policy: str, first: date | None, days: int, teams: Collection[str] = ()
    ) -> Drawing:
        resident = self._fresh(transaction)
        chosen = policy_of(transaction, policy)
        return Drawing(transaction, resident, self.now(), chosen, first=first, days=days, teams=teams)

    def apply_plan(self, preview: PlanPreview, *, rest: bool = False) -> Applied:
        """Promise workers to jobs as a plan says, in one transaction.

        Parameters
        ----------
        preview
            What `plan` returned.
        rest
            Whether to apply the rest when some of it no longer fits.

        Raises
        ------
        Conflict
            When something it rests on has changed since: a job is no longer open, was promised otherwise, or somebody
            may no longer do it. Nothing is applied then, unless `rest` is set.
        """
        with self._lock, self._store.write() as transaction:
            return self._apply(transaction, preview, rest=rest)[0]

    def _apply(
        self, transaction: Transaction, preview: PlanPreview, *, rest: bool = False
    ) -> tuple[Applied, list[Booking]]:
        """Apply a plan within a transaction; return what it did, and the bookings that were written."""
        now = {(one.job, one.worker): one for one in transaction.nouns(Booking) if not one.cancelled}
        skipped = self._no_longer_fits(transaction, preview, now)
        bookings: list[Booking] = []
        unchanged = 0
        for visit in preview.visits:
            if visit.job in skipped:
                continue
            if visit.change == "kept":
                unchanged += 1
            else:
                bookings += _booked(visit, now)
        for job in preview.dropped:
            if job not in skipped:
                bookings += [replace(one, cancelled=True) for one in _of_job(now, job).values() if not one.locked]
        if skipped and not rest:
            told = "; ".join(f"{job}: {reason}" for job, reason in list(skipped.items())[:5])
            more = f" and {len(skipped) - 5} more" if len(skipped) > 5 else ""
            raise Conflict(
                said(
                    "nothing was applied: {count} of {all} changes no longer fit ({told}{more}): make a new plan, or"
                    " apply the rest with --rest",
                    count=len(skipped),
                    all=len(preview.visits) + len(preview.dropped),
                    told=told,
                    more=more,
                )
            )
        if bookings:
            transaction.save_nouns(Booking, bookings, revision=transaction.next_revision())
        visits = sum(visit.job not in skipped for visit in preview.visits)
        return Applied(visits - unchanged, unchanged, tuple(skipped.items())), bookings

    def _no_longer_fits(
        self, transaction: Transaction, preview: PlanPreview, now: dict[tuple[str, str], Booking]
    ) -> dict[str, str]:
        """Return what stands against a plan while `now` are the bookings, by job."""
        policy = policy_of(transaction, preview.policy)
        before = {(one.job, one.worker): one for one in preview.before}
        reasons = {visit.job: self._conflict(transaction, visit, policy, now, before) for visit in preview.visits}
        reasons |= {job: _meanwhile(job, now, before, stays=False) for job in preview.dropped}
        return _with_the_held_up(preview.visits, {job: why for job, why in reasons.items() if why}, now)

    def _conflict(
        self,
        transaction: Transaction,
        visit: PlannedVisit,
        policy: Policy,
        now: dict[tuple[str, str], Booking],
        before: dict[tuple[str, str], Booking],
    ) -> str:
        """Return what stands against a visit of a plan now, "" when nothing does."""
        job = transaction.noun(Job, visit.job)
        if job is None or job.status is not JobStatus.OPEN:
            return said("the job is no longer open")
        meanwhile = _meanwhile(visit.job, now, before, stays=visit.change == "kept")
        if meanwhile:
            return meanwhile
        if visit.change == "kept":
            return ""
        if visit.start + timedelta(minutes=visit.minutes) <= self.now():
            return said("its time has passed")
        for worker in visit.workers:
            for (of, who), one in now.items():
                if who == worker and of != visit.job and (of, who) not in before and _overlap(one, visit):
                    return said("{worker} is booked for {job} at that time now", worker=worker, job=of)
        resident = self._fresh(transaction)
        day = resident.roster.calendar.local(visit.start).date()
        views, _found = seen(transaction, resident, visit.job, moment=self.now(), day=day)
        scoring = Scoring(views, replace(policy, without=(*policy.without, "available")))
        for worker in visit.workers:
            place = scoring.table.place(worker)
            if place is None:
                return said("{worker} no longer works here", worker=worker)
            if resident.roster.calendar.away_on(worker, day) is not None:
                return said("{worker} is on leave on {day}", worker=worker, day=day)
            if len(visit.workers) == 1 and scoring.eligible is not None and not scoring.eligible[place]:
                return said_list((block.reason for block in scoring.way(place).blocks(place)), "; ")
        return ""

    def prices(
        self, *, policy: str = "balanced", day: date | None = None, besides: str | None = None
    ) -> dict[str, Price]:
        """Return what it costs the open jobs of a day, but for the job `besides`, to use each worker, by worker.

        Where people are scarce the first easy job must not take the only one who can do the next.
        """
        with self._lock, self._store.read() as transaction:
            drawn = self._drawn(transaction, policy, day, 1)
            problem = drawn.problem([job for job in drawn.jobs(None) if job.id != besides], keep=False)
        if not problem.jobs or not problem.workers:
            return {}
        found = prices(problem.points, problem.allowed, problem.value)
        return {
            worker: Price(
                worker,
                float(found.price[place]),
                problem.jobs[found.job[place]] if found.job[place] >= 0 else None,
                bool(found.only[place]),
            )
            for place, worker in enumerate(problem.workers)
        }


def _with_the_held_up(
    visits: Sequence[PlannedVisit], skipped: dict[str, str], now: Mapping[tuple[str, str], Booking]
) -> dict[str, str]:
    """Return the jobs that are skipped with those whose workers are not free when the former stay as they are."""
    skipped = dict(skipped)
    while True:
        staying = [one for one in now.values() if one.job in skipped]
        held = {
            visit.job: said("{worker} stays with {job} at that time", worker=one.worker, job=one.job)
            for visit in visits
            if visit.job not in skipped and visit.change != "kept"
            for one in staying
            if one.worker in visit.workers and _overlap(one, visit)
        }
        if not held:
            return skipped
        skipped |= held


def _of_job(bookings: dict[tuple[str, str], Booking], job: str) -> dict[tuple[str, str], Booking]:
    return {key: one for key, one in bookings.items() if key[0] == job}


def _meanwhile(
    job: str, now: dict[tuple[str, str], Booking], before: dict[tuple[str, str], Booking], *, stays: bool
) -> str:
    """Return what became of a job's promises since a plan was made; a lock on what stays as it is changes nothing."""
    own, former = (
        {key: replace(one, locked=False) for key, one in _of_job(known, job).items()} for known in (now, before)
    )
    if own != former:
        return MEANWHILE
    locked = any(one.locked for one in _of_job(now, job).values())
    return LOCKED if locked and not stays else ""


def _visit(drawn: Drawing, job: Job, visit: Visit, points: float, ways: tuple[float, ...]) -> PlannedVisit:
    """Return a visit for people, with how it differs from what was promised."""
    start = drawn.calendar.time(drawn.first, visit.start)
    own = [one for one in drawn.before if one.job == job.id]
    if not own:
        change = "new"
    elif {one.worker for one in own} != set(visit.workers):
        change = "handed over"
    else:
        change = "kept" if abs(own[0].start - start) <= SAME_TIME else "moved"
    return PlannedVisit(job.id, job.title, visit.workers, start, drawn.minutes[job.id], points, ways, change)


def _booked(visit: PlannedVisit, now: dict[tuple[str, str], Booking]) -> list[Booking]:
    """Return the bookings that make a visit, and call off those of others."""
    fresh = [
        Booking(visit.job, worker, visit.start, visit.minutes, lead=number == 0)
        for number, worker in enumerate(visit.workers)
    ]
    gone = [
        replace(one, cancelled=True)
        for (job, worker), one in now.items()
        if job == visit.job and worker not in visit.workers
    ]
    return [*fresh, *gone]


def _overlap(booking: Booking, visit: PlannedVisit) -> bool:
    return booking.start < visit.start + timedelta(minutes=visit.minutes) and visit.start < booking.start + timedelta(
        minutes=booking.minutes
    )
