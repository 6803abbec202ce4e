"""When the people of the sample firm are there: shifts and leave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import numpy as np

from skillmatch.demo.dice import pick
from skillmatch.demo.morning import working_day
from skillmatch.model import Leave, Shift, Worker

BREAK = 60
EARLY, DAY, LATE = 7 * 60, 8 * 60, 13 * 60
"""Minutes after midnight at which a shift begins."""
EVERY = 10
"""In so many of the full-time people one is in the late team, and one works from Wednesday to Sunday."""
CHANGING = 0.03
"""Share of the staff whose hours change some weeks ahead."""
HOLIDAY_NOW, SICK_NOW, AWAY_LONG, AHEAD = 0.06, 0.03, 0.01, 0.35
"""Shares of the staff: on holiday today, sick, away for months, with leave ahead; one at least, but for `AWAY_LONG`."""
CALLED_OFF = 0.05
"""Share of the leave ahead that was cancelled."""
REASONS_AHEAD = ("holiday", "holiday", "holiday", "holiday", "training course", "moving house", "hospital appointment")


def shifts(rng: np.random.Generator, workers: Sequence[Worker], trade: Sequence[int], today: date) -> tuple[Shift, ...]:
    """Return the weekly hours of `workers`, dealt out trade by trade so that each has its late and weekend people."""
    order = sorted(range(len(workers)), key=lambda place: (trade[place], rng.random()))
    found: dict[str, list[Shift]] = {}
    full_time = 0
    for place in order:
        worker = workers[place]
        days = min(round(worker.capacity / 8.0), 5) or 1
        length = round(worker.capacity * 60.0 / days) + BREAK
        first = int(rng.integers(0, 6 - days))
        start = EARLY if rng.random() < 0.4 else DAY
        if days == 5:
            first = 2 if full_time % EVERY == 3 else 0
            start = LATE if full_time % EVERY == 7 else start
            full_time += 1
        own = [Shift(worker.id, first + n, start, start + length) for n in range(days)]
        if start != LATE and rng.random() < CHANGING:
            own = list(_changed(own, today + timedelta(days=int(rng.integers(14, 60)))))
        found[worker.id] = own
    return tuple(shift for worker in workers for shift in found[worker.id])


def _changed(own: Sequence[Shift], day: date) -> Iterator[Shift]:
    """Yield shifts that hold until a day, and from then on begin an hour earlier or later."""
    for shift in own:
        by = -60 if shift.start == DAY else 60
        yield Shift(shift.worker, shift.weekday, shift.start, shift.end, last=day - timedelta(days=1))
        yield Shift(shift.worker, shift.weekday, shift.start + by, shift.end + by, first=day)


def leave(rng: np.random.Generator, workers: Sequence[Worker], today: date) -> tuple[Leave, ...]:
    """Return who of `workers` is away now, and who will be, by worker and day."""
    order = [workers[place].id for place in rng.permutation(len(workers))]
    found = [*_now(rng, order, today)]
    back = {one.worker: one.last for one in found}
    for worker in rng.permutation(order)[: max(1, round(AHEAD * len(order)))]:
        earliest = back.get(str(worker), today) + timedelta(days=3)
        first = working_day(earliest + timedelta(days=int(rng.gamma(1.2, 22.0))))
        reason = pick(rng, REASONS_AHEAD)
        length = int(rng.choice((5, 7, 12, 14))) if reason == "holiday" else int(rng.integers(1, 3))
        last = first + timedelta(days=length - 1)
        found.append(Leave(str(worker), first, last, reason, cancelled=bool(rng.random() < CALLED_OFF)))
    return tuple(sorted(found, key=lambda one: (one.worker, one.first)))


def _now(rng: np.random.Generator, order: Sequence[str], today: date) -> Iterator[Leave]:
    """Yield leave that has begun and lasts beyond the coming weekend or at least some days."""
    holiday, sick = max(1, round(HOLIDAY_NOW * len(order))), max(1, round(SICK_NOW * len(order)))
    long = round(AWAY_LONG * len(order))
    for number, worker in enumerate(order[: holiday + sick + long]):
        if number < holiday:
            reason, before, after = "holiday", (0, 6), (3, 10)
        elif number < holiday + sick:
            reason, before, after = "sick", (0, 4), (1, 6)
        else:
            reason, before, after = "parental leave", (20, 90), (30, 200)
        first, last = int(rng.integers(*before)), int(rng.integers(*after))
        yield Leave(worker, today - timedelta(days=first), today + timedelta(days=last), reason)
