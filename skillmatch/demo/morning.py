"""The sample firm on the morning of today, as its dispatchers see it: who could do a call, and how well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from skillmatch.demo.calls import HOLIDAYS, UNKNOWN, demands
from skillmatch.demo.catalogue import Catalogue, Nature
from skillmatch.demo.customers import WORKERS
from skillmatch.demo.history import Firm
from skillmatch.demo.people import Staff
from skillmatch.demo.visits import Case, mix

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Morning:
    """A firm after its history, with all of its cases. Arrays are by worker, in the order of its staff."""

    firm: Firm
    cases: Sequence[Case]
    today: date
    rng: np.random.Generator

    @property
    def catalogue(self) -> Catalogue:
        """Skills, trades and natures of call."""
        return self.firm.catalogue

    @property
    def staff(self) -> Staff:
        """Everybody, those who left included."""
        return self.firm.staff

    def share(self, count: int) -> int:
        """Return how many of something this firm has, at least one, of which one of full size has `count`."""
        return max(1, round(count * len(self.staff.workers) / WORKERS))

    def nature(self, case: Case) -> Nature:
        """Return the nature of a case's call."""
        return self.catalogue.natures[case.call.nature]

    def site(self, case: Case) -> int:
        """Return the place of the site to which a case calls."""
        return self.firm.switchboard.region.site_of[case.call.asset]

    def employed(self, day: date) -> Flags:
        """Return who is with the firm on a day, shape (workers,)."""
        return self.firm.dispatcher.employed(self._number(day))

    def certified(self, types: tuple[str, ...], day: date) -> Flags:
        """Return who holds all of these certifications on a day, shape (workers,)."""
        return self.firm.dispatcher.certified(types, self._number(day))

    def able(self, case: Case, day: date) -> Flags:
        """Return who may be sent on a day and has learned what the call mostly needs, shape (workers,)."""
        nature = self.nature(case)
        stated = demands(nature, UNKNOWN, case.call.extra)
        main = self.catalogue.place[max(stated, key=lambda skill: stated[skill][1])]
        able = self.employed(day) & self.certified(nature.certifications, day) & self.staff.learned[:, main]
        customer = self.firm.switchboard.region.sites[self.site(case)].customer
        able[self.firm.excluded.get(customer, [])] = False
        return able

    def liking(self, case: Case) -> Floats:
        """Return how gladly each worker would be sent: her ability for the call less the way, shape (workers,)."""
        fit = mix(self.catalogue, self.staff.ability(), case.call.stated)
        return np.asarray(fit - 0.02 * self.firm.dispatcher.distance[self.site(case)])

    def minutes_away(self, case: Case) -> Floats:
        """Return how long the way from home takes by road, in minutes, shape (workers,)."""
        return np.asarray(5.0 + 1.3 * 60.0 / 50.0 * self.firm.dispatcher.distance[self.site(case)])

    def _number(self, day: date) -> int:
        return (day - self.firm.start).days


def is_working(day: date) -> bool:
    """Return whether the firm does planned work on a day."""
    return day.weekday() < 5 and (day.month, day.day) not in HOLIDAYS


def working_day(day: date, ahead: int = 0) -> date:
    """Return `day`, or the next working day when it is none, and from there so many working days ahead.

    >>> working_day(date(2026, 11, 21), 1)  # from a Saturday to the Tuesday after it
    datetime.date(2026, 11, 24)
    """
    while not is_working(day) or ahead:
        ahead -= is_working(day)
        day += timedelta(days=1)
    return day
