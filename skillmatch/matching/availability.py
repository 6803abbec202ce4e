"""The hard rule about time: shifts, leave, what is booked, the most work and the least rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import ceil

import numpy as np

from skillmatch.matching.arrays import Flags
from skillmatch.matching.calendar import DAY, STEP
from skillmatch.matching.changes import Fault, Reschedule, alone
from skillmatch.matching.policy import Limits, Policy
from skillmatch.matching.view import View
from skillmatch.model import clock
from skillmatch.wording import said, said_list

AHEAD = 14
"""Days ahead in which another time is looked for."""


class Available:
    """She can begin when it was promised: at work, not booked, within the most hours and after the least rest.

    Somebody of whom no shift is on record is taken to work on usual days: unknown is not the same as never.
    """

    key = "available"
    label = said("free at that time")

    def blocks(self, view: View, policy: Policy) -> Flags | None:
        if not view.circumstances.dated:
            return None  # nobody said when, so it can be when she is free
        blocked = ~np.isfinite(view.begin(policy.limits))
        blocked |= self._too_long(view, policy)
        return blocked if blocked.any() else None

    def near(self, view: View, policy: Policy) -> Flags | None:
        """Who could begin a little later or earlier than promised."""
        begin = view.begin(policy.limits, policy.limits.near_minutes)
        return np.isfinite(begin) & ~self._too_long(view, policy)

    def faults(self, view: View, policy: Policy, place: int) -> list[Fault]:
        """Return why the worker at `place` is blocked."""
        blocked = self.blocks(view, policy)
        if blocked is None or not blocked[place]:
            return []
        return [Fault(self._reason(view, policy, place), lambda: self._another_time(view, policy, place))]

    def _too_long(self, view: View, policy: Policy) -> Flags:
        """Return who would work more than allowed in the day or the week."""
        plan, minutes = view.day_plan, min(view.circumstances.length, DAY)
        busy = plan.booked > 0.0
        too_long = busy & (plan.booked + minutes > policy.limits.day_hours * 60.0)
        return np.asarray(too_long | ((plan.week > 0.0) & (plan.week + minutes > policy.limits.week_hours * 60.0)))

    def _reason(self, view: View, policy: Policy, place: int) -> str:
        worker, calendar, known = view.table.workers[place], view.roster.calendar, view.circumstances
        leave = calendar.away_on(worker, view.day)
        if leave is not None:
            if leave.reason:
                return said("away until {day} ({reason})", day=leave.last, reason=leave.reason)
            return said("away until {day}", day=leave.last)
        shifts = calendar.shifts_on(worker, view.day)
        if not shifts:
            return said("does not work on {day:%a %Y-%m-%d}", day=view.day)
        plan = view.day_plan
        if self._too_long(view, policy)[place]:
            day, week = plan.booked[place] / 60, plan.week[place] / 60
            limits = policy.limits
            return said(
                "booked for {booked:.1f} hours that day and {week:.1f} that week, {most:g} and {most_week:g} with this "
                "job at most",
                booked=day,
                week=week,
                most=limits.day_hours,
                most_week=limits.week_hours,
            )
        hours = said_list(
            said("{begin} to {end}", begin=clock(int(start)), end=clock(int(end))) for start, end in shifts
        )
        booked = calendar.bookings_on(worker, view.day, besides=known.job)
        begins = [f"{calendar.local(one.start):%H:%M}" for one in booked]
        times = [
            said("{begin} for {minutes:.0f} minutes ({job})", begin=begin, minutes=one.minutes, job=one.job)
            for one, begin in zip(booked, begins, strict=True)
        ]
        asked = said(
            "{minutes:.0f} minutes, begin {opens} to {closes}",
            minutes=known.length,
            opens=clock(max(int(known.opens), 0)),
            closes=clock(int(min(known.closes, 2 * DAY))),
        )
        if times:
            booked_at = said_list(times, "; ")
            return said(
                "works {hours}, booked at {times}: no room for {asked}", hours=hours, times=booked_at, asked=asked
            )
        if np.isfinite(plan.after[place]) or np.isfinite(plan.before[place]):
            return said(
                "works {hours}, needs {rest:g} hours of rest between days: no room for {asked}",
                hours=hours,
                rest=policy.limits.rest_hours,
                asked=asked,
            )
        return said("works {hours}: no room for {asked}", hours=hours, asked=asked)

    def _another_time(self, view: View, policy: Policy, place: int) -> Reschedule | None:
        """Return the next time at which she could do it."""
        own = alone(view, view.table.workers[place])
        for other in _later(own):
            begin = float(other.begin(policy.limits)[0])
            if np.isfinite(begin) and not self._too_long(other, policy)[0]:
                return Reschedule(other.day, begin, view.day)
        return None


def soonest(view: View, limits: Limits, places: Sequence[int]) -> tuple[date, float] | None:
    """Return the first day and minute at which all workers at `places` can begin together, None within two weeks.

    When it was promised if that is possible; else later, not before the moment of the view.
    """
    now = view.roster.calendar.minute(view.time, view.day)
    for other in (view, *_later(view)):
        known = other.circumstances
        low = max(known.opens, ceil(max(now, 0.0) / STEP) * STEP) if other.day == view.day else known.opens
        for _try in range(len(places) + 1):
            at = replace(other, circumstances=replace(known, opens=low))
            begin = max(float(at.begin(limits)[place]) for place in places)
            if not np.isfinite(begin) or begin > known.closes:
                break
            if begin == low or len(places) == 1:
                return other.day, begin
            low = begin
    return None


def _later(view: View) -> Iterator[View]:
    """Yield the view on its own day from the promised time on, then on each of the next days."""
    known = view.circumstances
    yield replace(view, circumstances=replace(known, closes=float(DAY)))
    for days in range(1, AHEAD + 1):
        later = replace(known, opens=0.0, closes=float(DAY))
        yield replace(view, day=view.day + timedelta(days=days), circumstances=later)
