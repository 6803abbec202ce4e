"""The use-case of the board: a page of jobs with whom and what they name, and how they stand, for who looks at all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from skillmatch.matching.roster import KM_PER_HOUR, SETTING_OUT, travel_minutes
from skillmatch.matching.view import View
from skillmatch.model import Customer, JobType, Site
from skillmatch.store.board import BoardCounts, BoardDay, BoardFilter, BoardLine, BoardPromise
from skillmatch.workspace.diagnosing import Diagnosing

__all__ = ["Around", "BoardPage", "BoardPromise", "Boards"]

DAYS = 7
CALLED = 20
"""So many customers are shown of those whom a name may mean."""


@dataclass(frozen=True, slots=True)
class BoardPage:
    """One page of a board of `total` jobs, who is promised to each of them, and how all open jobs stand."""

    lines: tuple[BoardLine, ...]
    total: int
    promised: Mapping[str, tuple[BoardPromise, ...]]
    counts: BoardCounts
    today: date


@dataclass(frozen=True, slots=True)
class Around:
    """What a job would be for a worker: the way there, and how full her day and her week are without it.

    `minutes` and `kilometres` are one way, None where either place is unknown; `day_hours` and `week_hours` are booked
    on the day and in the week of the job, of `capacity` hours a week.
    """

    minutes: float | None
    kilometres: float | None
    day_hours: float
    week_hours: float
    capacity: float


class Boards(Diagnosing):
    """The part of the workspace that shows many jobs at once, and what a job would be for workers."""

    def board(
        self, wanted: BoardFilter, *, limit: int = 25, offset: int = 0, among: Collection[str] | None = None
    ) -> BoardPage:
        """Return a page of the board and the counts above it; with `among`, of these jobs only.

        Raises
        ------
        Invalid
            For texts of more than 500 characters, or a page that lies outside any list.
        """
        day = self._board_day(self.now())
        with self._store.read() as transaction:
            lines, total = transaction.board(wanted, day, limit=limit, offset=offset, among=among)
            promised = transaction.board_promises([line.job.id for line in lines])
            counts = transaction.board_counts(day, among=among)
        by_job: dict[str, tuple[BoardPromise, ...]] = {}
        for one in promised:
            by_job[one.job] = (*by_job.get(one.job, ()), one)
        return BoardPage(tuple(lines), total, by_job, counts, day.today)

    def job_types(self) -> tuple[JobType, ...]:
        """Return all job types, by name."""
        with self._store.read() as transaction:
            return tuple(sorted(transaction.nouns(JobType), key=lambda type: (type.name.casefold(), type.id)))

    def customers_called(self, text: str) -> tuple[Customer, ...]:
        """Return the customer with an id, else those whose name or id holds every word, by name, twenty at most."""
        with self._store.read() as transaction:
            return tuple(transaction.customers_called(text.strip(), limit=CALLED))

    def sites_of(self, customer: str) -> tuple[Site, ...]:
        """Return the sites of a customer, by name."""
        with self._store.read() as transaction:
            return tuple(transaction.sites_of(customer))

    def around(
        self, job: str, workers: Collection[str], *, day: date | None = None, teams: tuple[str, ...] = ()
    ) -> dict[str, Around]:
        """Return by worker what a job would be for her on its day, or another one; who is not known is left out."""
        with self._lock, self._store.read() as transaction:
            view = self._views(transaction, job, day=day, teams=teams)[0][0]
            return {worker: found for worker in workers if (found := _around(view, worker)) is not None}

    def _board_day(self, now: datetime) -> BoardDay:
        today = now.astimezone(self.zone).date()
        days = tuple(today + timedelta(days=number) for number in range(DAYS + 1))
        starts = tuple(datetime.combine(day, time(), self.zone) for day in days)
        return BoardDay(now, today, days, starts)


def _around(view: View, worker: str) -> Around | None:
    place, known = view.table.place(worker), view.roster.workers.get(worker)
    if place is None or known is None:
        return None
    there = view.circumstances.place
    way = kilometres = None
    if known.home is not None and there is not None:
        way = travel_minutes(known.home, there)
        kilometres = road(way)
    plan = view.day_plan
    return Around(way, kilometres, plan.booked[place] / 60, plan.week[place] / 60, known.capacity)


def road(minutes: float) -> float:
    """Return the kilometres along roads of a way that takes so many minutes.

    >>> from skillmatch.model import Place
    >>> round(road(travel_minutes(Place(52.5, 13.4), Place(52.5, 13.4))), 6)
    0.0
    """
    return max(minutes - SETTING_OUT, 0.0) * KM_PER_HOUR / 60.0
