"""Who works here, in the order of the belief table: the facts about people that rules and objectives read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, tzinfo
from math import asin, cos, radians, sin, sqrt
from typing import TypeVar

import numpy as np

from skillmatch.beliefs.evidence import CertificationRevoked, Evidence, ExemptionGranted, JobDeclined, LearningWish
from skillmatch.beliefs.table import BeliefTable, Floats, Indices
from skillmatch.matching.arrays import Flags
from skillmatch.matching.calendar import Calendar, whole
from skillmatch.model import Certification, Place, Worker

WINDOW = 28
"""Days over which load is counted: four weeks, so that a busy Monday weighs little and a busy month much."""
EARTH_KM = 6371.0088
DETOUR, KM_PER_HOUR, SETTING_OUT = 1.3, 50.0, 5.0
"""Roads are that much longer than the straight line; the speed on them; minutes to set out and to park."""
_FAR_PAST, _FAR_FUTURE = date.min.toordinal(), date.max.toordinal()
_FROM, _TO, _LATITUDE, _LONGITUDE, _RATE, _CAPACITY, _REACH = range(7)
_ROWS = 7
T = TypeVar("T")


class Roster:
    """Facts about workers. Arrays have shape (workers,)."""

    def __init__(self, table: BeliefTable, *, zone: tzinfo = UTC) -> None:
        self.table = table
        self.workers: dict[str, Worker] = {}
        self.calendar = Calendar(table.place, lambda: len(table), zone=zone)
        self._facts = np.empty((_ROWS, 0))
        self._certifications: dict[str, dict[str, list[Certification]]] = {}
        self._revocations: dict[str, list[CertificationRevoked]] = {}
        self._exemptions: dict[str, list[ExemptionGranted]] = {}
        self._declined: dict[str, list[JobDeclined]] = {}
        self._wishes: dict[str, set[str]] = {}
        self._wish_facts: dict[str, list[LearningWish]] = {}
        self._proofs: dict[str, tuple[Indices, Floats, Floats]] = {}
        self._speakers: dict[str, dict[str, None]] = {}
        self._speaking: dict[str, Indices] = {}
        self._done: dict[tuple[str, str], tuple[str, int, float]] = {}
        self._loads: dict[int, Floats] = {}
        self._priced = False

    def put_workers(self, workers: list[Worker]) -> None:
        """Add or replace workers."""
        self.table.add_workers(worker.id for worker in workers)
        self._grow()
        for worker in workers:
            before = self.workers.get(worker.id)
            if before is None or before.languages != worker.languages:
                self._put_languages(worker, () if before is None else before.languages)
            self.workers[worker.id] = worker
            home = worker.home
            self._facts[:, self.table.place(worker.id)] = (
                worker.active_from.toordinal() if worker.active_from else _FAR_PAST,
                worker.active_to.toordinal() if worker.active_to else _FAR_FUTURE,
                radians(home.latitude) if home else np.nan,
                radians(home.longitude) if home else np.nan,
                np.nan if worker.cost_per_hour is None else worker.cost_per_hour,
                worker.capacity,
                np.inf if worker.max_travel is None else worker.max_travel,
            )

    def _put_languages(self, worker: Worker, before: tuple[str, ...]) -> None:
        for language in before:
            self._speakers.get(language.casefold(), {}).pop(worker.id, None)
        for language in worker.languages:
            self._speakers.setdefault(language.casefold(), {})[worker.id] = None
        self._speaking.clear()

    def _grow(self) -> None:
        missing = len(self.table) - self._facts.shape[1]
        if missing > 0:
            fresh = np.array([_FAR_PAST, _FAR_FUTURE, np.nan, np.nan, np.nan, 40.0, np.inf])
            self._facts = np.concatenate([self._facts, np.repeat(fresh[:, None], missing, axis=1)], axis=1)

    def _row(self, number: int) -> Floats:
        self._grow()
        return np.asarray(self._facts[number, : len(self.table)])

    def put_certifications(self, worker: str, held: list[Certification]) -> None:
        """Replace all certifications of one worker."""
        for type, by_worker in self._certifications.items():
            if by_worker.pop(worker, None) is not None:
                self._proofs.pop(type, None)
        for certification in held:
            self._proofs.pop(certification.type, None)
            by_worker = self._certifications.setdefault(certification.type, {})
            by_worker.setdefault(worker, []).append(certification)

    def put_papers(self, worker: str, facts: Iterable[Evidence]) -> None:
        """Replace what counts of a worker's revocations, exemptions, refusals and wishes to learn."""
        kept = sorted(facts, key=lambda fact: fact.order)
        wished = [fact for fact in kept if isinstance(fact, LearningWish)]
        wishes = {fact.skill: fact.active for fact in wished}
        _put(self._wish_facts, worker, wished)
        _put(self._revocations, worker, [fact for fact in kept if isinstance(fact, CertificationRevoked)])
        _put(self._exemptions, worker, [fact for fact in kept if isinstance(fact, ExemptionGranted)])
        _put(self._declined, worker, [fact for fact in kept if isinstance(fact, JobDeclined)])
        _put(self._wishes, worker, {skill for skill, active in wishes.items() if active})

    def put_work(self, rows: Iterable[tuple[tuple[str, str], str, date, float, bool]]) -> None:
        """Add work that was done: (key of the fact, worker, day, minutes, whether it counts)."""
        for key, worker, day, minutes, counts in rows:
            self._done.pop(key, None)
            if counts:
                self._done[key] = (worker, day.toordinal(), whole(minutes))
            self._loads.clear()

    def done(self) -> Iterable[tuple[str, int, float]]:
        """Return the work of the last weeks that is kept for the load: worker, day as an ordinal, minutes."""
        return self._done.values()

    def certifications(self, worker: str, type: str) -> list[Certification]:
        """Return what a worker holds of one type, valid or not."""
        return self._certifications.get(type, {}).get(worker, [])

    def revocation(self, worker: str, type: str, day: date) -> CertificationRevoked | None:
        """Return the last that takes a worker's certification of one type away on `day`, None when nothing does."""
        own = self._revocations.get(worker, [])
        return next((one for one in reversed(own) if one.type == type and one.holds_on(day)), None)

    def exemption(self, worker: str, type: str, day: date) -> ExemptionGranted | None:
        """Return what excuses a worker from a certification of one type on `day`, None when nothing does."""
        own = self._exemptions.get(worker, ())
        return next((one for one in own if one.type == type and one.holds_on(day)), None)

    def certified(self, worker: str, type: str, day: date) -> bool:
        """Return whether a worker may work that needs a certification of `type` on `day`."""
        if self.exemption(worker, type, day) is not None:
            return True
        revoked = self.revocation(worker, type, day)
        return any(
            one.valid_on(day) and (revoked is None or one.issued > revoked.time.date())
            for one in self.certifications(worker, type)
        )

    def certified_on(self, type: str, day: date) -> Flags:
        """Return who may do work that needs a certification of `type` on `day`."""
        flags = np.zeros(len(self.table), dtype=np.bool_)
        place, issued, expires = self._proofs_of(type)
        ordinal = day.toordinal()
        flags[place[(issued <= ordinal) & (ordinal <= expires)]] = True
        for worker in self._revocations.keys() | self._exemptions.keys():
            own = (*self._revocations.get(worker, ()), *self._exemptions.get(worker, ()))
            here = self.table.place(worker) if type in [one.type for one in own] else None
            if here is not None:
                flags[here] = self.certified(worker, type, day)
        return flags

    def revoked_on(self, type: str, day: date) -> Flags:
        """Return whose certification of a type is revoked on `day`."""
        flags = np.zeros(len(self.table), dtype=np.bool_)
        for worker in self._revocations:
            place = self.table.place(worker)
            if place is not None and self.revocation(worker, type, day) is not None:
                flags[place] = True
        return flags

    def expired_by(self, type: str, day: date) -> Floats:
        """Return how many days before `day` the newest proof of each worker ended, infinite where there is none.

        0 or less where one is valid.
        """
        late = np.full(len(self.table), np.inf)
        place, issued, expires = self._proofs_of(type)
        begun = issued <= day.toordinal()
        np.minimum.at(late, place[begun], day.toordinal() - expires[begun])
        return late

    def _proofs_of(self, type: str) -> tuple[Indices, Floats, Floats]:
        """Return (place, issued, expires) of all proofs of a type, days as ordinals, each (n,)."""
        known = self._proofs.get(type)
        if known is None:
            rows = [
                (
                    self.table.place(worker),
                    one.issued.toordinal(),
                    one.expires.toordinal() if one.expires else _FAR_FUTURE,
                )
                for worker, held in self._certifications.get(type, {}).items()
                for one in held
                if self.table.place(worker) is not None
            ]
            columns = np.array(rows, dtype=float).reshape(-1, 3).T
            known = self._proofs[type] = (columns[0].astype(np.intp), columns[1], columns[2])
        return known

    def types(self) -> list[str]:
        """Return the types of certifications that anybody holds or held."""
        return sorted(type for type, by_worker in self._certifications.items() if by_worker)

    def types_of(self, worker: str) -> list[str]:
        """Return the types of certifications of which a worker holds any, valid or not."""
        return sorted(type for type, by_worker in self._certifications.items() if worker in by_worker)

    def papers_of(self, worker: str) -> list[Evidence]:
        """Return what `put_papers` was given."""
        kept: list[Evidence] = [*self._revocations.get(worker, ()), *self._exemptions.get(worker, ())]
        return [*kept, *self._declined.get(worker, ()), *self._wish_facts.get(worker, ())]

    def only(self, worker: str, table: BeliefTable) -> Roster:
        """Return a roster of one worker over a table of her own."""
        found = Roster(table, zone=self.calendar.zone)
        found.put_workers([self.workers.get(worker) or Worker(worker, worker)])
        held = [one for type in self.types_of(worker) for one in self.certifications(worker, type)]
        found.put_certifications(worker, held)
        found.put_papers(worker, self.papers_of(worker))
        calendar = self.calendar
        found.calendar.put_shifts(calendar.shifts.get(worker, {}).values())
        found.calendar.put_leave(calendar.leave.get(worker, {}).values())
        found.calendar.put_bookings(calendar.bookings.get(worker, {}).values())
        found._priced = self.priced
        found._done = {key: row for key, row in self._done.items() if row[0] == worker}
        return found

    def active_on(self, day: date) -> Flags:
        """Return who is with the firm on `day`."""
        ordinal = day.toordinal()
        return np.asarray((self._row(_FROM) <= ordinal) & (ordinal <= self._row(_TO)))

    def of_teams(self, teams: tuple[str, ...]) -> Flags:
        """Return who is in one of some teams, () for whoever works here at all."""
        if not teams and len(self.workers) == len(self.table):
            return np.ones(len(self.table), dtype=np.bool_)
        flags = np.zeros(len(self.table), dtype=np.bool_)
        own = (id for id, worker in self.workers.items() if not teams or worker.team in teams)
        flags[[place for id in own if (place := self.table.place(id)) is not None]] = True
        return flags

    def speaks(self, language: str) -> Flags:
        """Return who speaks a language, in any case of letters."""
        wanted = language.casefold()
        index = self._speaking.get(wanted)
        if index is None:
            places = [self.table.place(worker) for worker in self._speakers.get(wanted, ())]
            index = self._speaking[wanted] = np.array(places, dtype=np.intp)
        flags = np.zeros(len(self.table), dtype=np.bool_)
        flags[index] = True
        return flags

    def declined(self, job: str) -> list[JobDeclined]:
        """Return every refusal of a job."""
        return [one for own in self._declined.values() for one in own if one.job == job]

    def wishes(self, skill: str) -> set[str]:
        """Return who wishes to learn a skill."""
        return {worker for worker, skills in self._wishes.items() if skill in skills}

    def wishes_of(self, worker: str) -> set[str]:
        """Return the skills that a worker wishes to learn."""
        return self._wishes.get(worker, set())

    @property
    def rate(self) -> Floats:
        """Cost per hour, NaN where unknown."""
        return self._row(_RATE)

    @property
    def priced(self) -> bool:
        """Whether anybody's cost is known, also of those whom `only` left out."""
        return self._priced or not bool(np.isnan(self.rate).all())

    @property
    def capacity(self) -> Floats:
        """Hours a week."""
        return self._row(_CAPACITY)

    @property
    def reach(self) -> Floats:
        """The longest way to a job in minutes, infinite where nobody set one."""
        return self._row(_REACH)

    def travel_to(self, place: Place) -> Floats:
        """Return the minutes from everybody's home to a place, NaN where a home is unknown."""
        latitude, longitude = radians(place.latitude), radians(place.longitude)
        own_latitude, own_longitude = self._row(_LATITUDE), self._row(_LONGITUDE)
        half = np.sin((own_latitude - latitude) / 2) ** 2
        half = half + np.cos(own_latitude) * (cos(latitude) * np.sin((own_longitude - longitude) / 2) ** 2)
        return _minutes(2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0))))

    def load(self, day: date) -> Floats:
        """Return the minutes of work done in the four weeks up to `day`."""
        ordinal = day.toordinal()
        known = self._loads.get(ordinal)
        if known is not None and len(known) == len(self.table):
            return known
        total = np.zeros(len(self.table))
        for worker, on, minutes in self._done.values():
            place = self.table.place(worker)
            if place is not None and ordinal - WINDOW < on <= ordinal:
                total[place] += minutes
        if len(self._loads) > 8:
            self._loads.clear()
        self._loads[ordinal] = total
        return total


def _put(papers: dict[str, T], worker: str, own: T) -> None:
    """Keep what a worker has; those who have nothing are not kept, so that going through all is quick."""
    if own:
        papers[worker] = own
    else:
        papers.pop(worker, None)


def travel_minutes(one: Place, other: Place) -> float:
    """Return the minutes between two places: along roads, at the usual speed, with setting out.

    The great circle by the haversine formula (R. W. Sinnott, Virtues of the Haversine, Sky and Telescope 68, 1984).
    """
    half = sin(radians(one.latitude - other.latitude) / 2) ** 2
    half += (
        cos(radians(one.latitude))
        * cos(radians(other.latitude))
        * (sin(radians(one.longitude - other.longitude) / 2) ** 2)
    )
    return float(_minutes(2 * EARTH_KM * asin(sqrt(min(half, 1.0)))))


def _minutes(km: Floats | float) -> Floats:
    return np.asarray(SETTING_OUT + DETOUR * km / KM_PER_HOUR * 60.0)


def work_day(time: datetime, zone: tzinfo) -> date:
    """Return the day on the company's clock."""
    return time.astimezone(zone).date()
