"""What bookings come to, counted alike before and after a plan: jobs done, jobs on time, minutes on the way, points."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import ceil

from skillmatch.matching.calendar import STEP, Span
from skillmatch.matching.roster import travel_minutes
from skillmatch.model import Booking, Job, Place, Site
from skillmatch.store.store import Transaction
from skillmatch.workspace.drawing import DAY, less
from skillmatch.workspace.kept_plans import KeptPlan
from skillmatch.workspace.planning import PlannedVisit
from skillmatch.workspace.policies import policy_of
from skillmatch.workspace.resident import Resident


@dataclass(frozen=True, slots=True)
class Figures:
    """How many jobs somebody does, how many of those in time, and how many nobody does; minutes of travel; points."""

    done: int
    on_time: int
    not_done: int
    travel: float
    points: float | None


class Legs:
    """The ways and windows of the jobs of a plan."""

    def __init__(self, transaction: Transaction, resident: Resident, kept: KeptPlan) -> None:
        self.resident, self.kept = resident, kept
        self.calendar = resident.roster.calendar
        self.unknown = policy_of(transaction, kept.preview.policy).limits.unknown_travel
        preview = kept.preview
        ids = {one.job for one in preview.visits} | {one.job for one in preview.left_out}
        ids |= {one.job for one in preview.before}
        self.jobs = {job.id: job for job in transaction.nouns(Job, ids)}
        named = {job.site for job in self.jobs.values() if job.site}
        sites = {site.id: site.place for site in transaction.nouns(Site, named)}
        self.places = {id: sites.get(job.site or "") for id, job in self.jobs.items()}
        self.all = ids

    def figures(self, bookings: Collection[Booking], points: float | None) -> Figures:
        """Return what bookings of the plan's jobs come to."""
        starts = {one.job: one for one in bookings}
        return Figures(
            len(starts),
            sum(self._on_time(one) for one in starts.values()),
            len(self.all - starts.keys()),
            self._travel(bookings),
            points,
        )

    @staticmethod
    def bookings_of(visits: Iterable[PlannedVisit]) -> tuple[Booking, ...]:
        """Return the bookings that make visits."""
        return tuple(Booking(one.job, worker, one.start, one.minutes) for one in visits for worker in one.workers)

    def _on_time(self, one: Booking) -> bool:
        """Return whether a job begins when it was promised to the customer, at the latest."""
        job = self.jobs.get(one.job)
        if job is None:
            return True
        if job.latest is not None:
            return one.start <= job.latest
        return job.due is None or self.calendar.local(one.start).date() <= job.due

    def _travel(self, bookings: Iterable[Booking]) -> float:
        """Return the minutes on the way of everybody: each shift begins at home."""
        by_worker: dict[str, list[Booking]] = defaultdict(list)
        for one in bookings:
            by_worker[one.worker].append(one)
        return sum(self._way_of(worker, own) for worker, own in by_worker.items())

    def _way_of(self, worker: str, own: Collection[Booking]) -> float:
        person = self.resident.roster.workers.get(worker)
        home = person.home if person else None
        shifts = self._shifts(worker)
        total, shift, at = 0.0, None, home
        for one in sorted(own, key=lambda one: (one.start, one.job)):
            begin = self.calendar.minute(one.start, self.kept.preview.first)
            now = next((span for span in shifts if span[0] <= begin < span[1]), None)
            if now != shift or now is None:
                shift, at = now, home
            place = self.places.get(one.job)
            total += self._way(at, place)
            at = place
        return total

    def _way(self, one: Place | None, other: Place | None) -> float:
        if one is None or other is None:
            return float(ceil(self.unknown / STEP) * STEP)
        return 0.0 if one == other else float(ceil(travel_minutes(one, other) / STEP) * STEP)

    def _shifts(self, worker: str) -> list[tuple[float, float]]:
        """Return when a worker works and does nothing besides the plan, in minutes after the first midnight."""
        first, found = self.kept.preview.first, []
        busy = [
            (begin := self.calendar.minute(one.start, first), begin + one.minutes)
            for one in self.calendar.bookings.get(worker, {}).values()
            if one.job not in self.all
        ]
        for number in range(self.kept.preview.days):
            day = first.fromordinal(first.toordinal() + number)
            spans: list[Span] = self.calendar.shifts_on(worker, day)
            for span in spans:
                found += less((number * DAY + span.start, number * DAY + span.end), busy)
        return found
