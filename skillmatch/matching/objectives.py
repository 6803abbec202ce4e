"""Objectives: how good it would be to send each worker, each on a fixed scale from 0 to 1.

A fixed scale means that nobody's points depend on who else is in the list. An objective may give several columns (one
for each demanded skill, say); together they stay within 0 to 1. One that has nothing to say about a job gives none.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import Protocol

import numpy as np

from skillmatch.beliefs.habits import AGE_STEPS, LITTLE, LONG_AGO, age, remembered
from skillmatch.beliefs.table import Floats
from skillmatch.matching.calendar import USUAL_DAY
from skillmatch.matching.policy import Limits
from skillmatch.matching.view import View
from skillmatch.model import Risk
from skillmatch.wording import said, said_many

NONE, FULL = log(LITTLE), log(LITTLE + 100.0)
"""No practice, and a hundred successes still remembered, which count as complete familiarity."""
OLDEST = log(1.0 + AGE_STEPS * LONG_AGO)
FAR = 120.0
"""Minutes of travel from which on a way gets no points."""
LEVELS = 2.5
"""Levels beside what is needed from which on a fit gets no points: half of the scale."""
ENOUGH_VISITS = 10
"""Visits after which nobody knows a place better: the benefit of continuity saturates (docs/model.md)."""
STRETCH = (0.5, 0.85)
"""Chances of success between which a job is one to grow by."""
UNSURE = 1.5
"""Standard deviation of a chance, in logits, from which on nothing is known."""
PATIENCE = {1: 60.0, 2: 120.0, 3: 240.0, 4: 480.0, 5: 480.0}
"""By priority, minutes of delay within the promise after which promptness gets no points."""


@dataclass(frozen=True, slots=True)
class Column:
    """One objective's value for every worker, (workers,), under a key and label that become a Term."""

    key: str
    label: str
    values: Floats


class Objective(Protocol):
    """Something worth having in the worker who is sent."""

    key: str
    label: str

    def columns(self, view: View, limits: Limits) -> tuple[Column, ...]:
        """Return columns that add up to 0 to 1 for each worker; () when there is nothing to tell workers apart by."""

    def detail(self, view: View, limits: Limits, column: Column, place: int) -> str:
        """Return the facts behind one worker's value, for people."""


class Success:
    """The expected chance that the job is done right."""

    key = "success"
    label = said("chance of success")

    def columns(self, view: View, limits: Limits) -> tuple[Column, ...]:
        return (Column(self.key, self.label, view.chance),)

    def detail(self, view: View, limits: Limits, column: Column, place: int) -> str:
        low, high = view.interval(place)
        return said(
            "{chance:.0f} %, likely between {low:.0f} and {high:.0f} %",
            chance=view.chance[place] * 100,
            low=low * 100,
            high=high * 100,
        )


class Familiarity:
    """Whether she is the one who does this work now, as the company's own past choices weigh it: practice in each
    demanded skill that is still remembered, how long ago she last did it, and whether she has been at work lately.
    """

    key = "familiarity"
    label = said("familiar with")

    def columns(self, view: View, limits: Limits) -> tuple[Column, ...]:
        recent, lasting, won, used, active = view.params.habits
        # The most that anybody could have, which puts every term on a fixed scale.
        most = max((recent + lasting) * (FULL - NONE) - (won + used + active) * OLDEST, 1e-9)
        found = []
        for number, column in enumerate(view.columns):
            rows = column.rows
            utility = recent * (np.minimum(remembered(rows.recent), FULL) - NONE)
            utility += lasting * (np.minimum(remembered(rows.lasting), FULL) - NONE)
            utility += won * (age(rows.won) - OLDEST) + used * (age(rows.idle) - OLDEST)
            values = np.zeros(len(view.table))
            values[column.index] = (column.part / most) * utility
            label = said("familiar with {skill}", skill=view.name(column.skill))
            found.append(Column(f"{self.key}:{number}", label, values))
        idle = age(np.maximum(view.moment - view.table.worked, 0.0))
        found.append(Column(f"{self.key}:active", said("at work lately"), (active / most) * (idle - OLDEST)))
        return tuple(found)

    def detail(self, view: View, limits: Limits, column: Column, place: int) -> str:
        if column.key == f"{self.key}:active":
            worked = float(view.table.worked[place])
            return said("last job {when}", when=_ago(view.moment - worked)) if worked else said("no job on record")
        skill = view.columns[int(column.key.rpartition(":")[2])]
        here = skill.touched.place(place)
        if here is None:
            return said("no practice on record")
        recent, lasting = skill.rows.recent[here], skill.rows.lasting[here]
        won = float(skill.rows.won[here])
        done = said("last success {when}", when=_ago(won)) if won < LONG_AGO else said("no success on record")
        return said(
            "successes worth {recent:.1f} lately, {lasting:.1f} over the year; {done}",
            recent=float(recent),
            lasting=float(lasting),
            done=done,
        )


def _ago(days: float) -> str:
    whole = int(days)
    return said("today") if whole <= 0 else said_many("{num:,} day ago", "{num:,} days ago", whole)


class Preferred:
    """The customer asked for her, or the job names her."""

    key = "preferred"
    label = said("asked for")

    def columns(self, view: View, limits: Limits) -> tuple[Column, ...]:
        wished = self._wished(view)
        return (Column(self.key, self.label, view.flags(wished).astype(float)),) if wished else ()

    def detail(self, view: View, limits: Limits, column: Column, place: int) -> str:
        if not column.values[place]:
            return said("somebody else was asked for")
        who = view.customer.name if view.customer else said("the customer")
        return said("{customer} asked for this worker", customer=who)

    def _wished(self, view: View) -> tuple[str, ...]:
        customer = view.customer
        of_customer = customer.wishes(customer.preferred, view.day) if customer is not None else ()
        return (*of_customer, *view.circumstances.preferred)


class Fit:
    """The lowest level that is enough: full points from the level needed to the one preferred, fewer beside them, so
    that an expert is kept for what only she can do.
    """

    key = "fit"
    label = said("level fits")

    def columns(self, view: View, limits: Limits) -> tuple[Column, ...]:
        found = []
        for number, (part, low, high) in self._wanted(view).items():
            level = view.levels(number)
            beside = np.maximum(np.maximum(low - level, level - high), 0.0)
            points = part * (1.0 - np.minimum(beside / LEVELS, 1.0))
            name = view.name(view.demands[number].skill)
            found.append(Column(f"{self.key}:{number}", said("level fits {skill}", skill=name), points))
        return tuple(found)

    def detail(self, view: View, limits: Limits, column: Column, place: int) -> str:
        number = int(column.key.rpartition(":")[2])
        _part, low, high = self._wanted(view)[number]
        level = float(view.levels(number)[place])
        wanted = said("{low:g}", low=low) if low == high else said("{low:g} to {high:g}", low=low, high=high)
        beside = level - high if level > high else min(level - low, 0.0)
        if abs(beside) < 0.05:
            word = said("as needed")
        else:
            size = abs(beside)
            word = said("{size:.1f} above", size=size) if beside > 0 else said("{size:.1f} below", size=size)
        return said("level {level:.1f}, {wanted} asked for: {word}", level=level, wanted=wanted, word=word)

    def _wanted(self, view: View) -> dict[int, tuple[float, float, float]]:
        """Return (share, level needed, level preferred) of the demands that ask for a level, by number."""
        wanted = {
            number: (view.parts[number], need.level, need.preferred_level or need.level)
            for number, need in enumerate(view.requirements)
            if need.level is not None
        }
        total = sum(part for part, _low, _high in wanted.values())
        return {number: (part / total, low, high) for number, (part, low, high) in wanted.items()}


class Continuity:
    """She was there before and it went well: at this asset, this site, this customer, saturating at ten visits."""

    key = "continuity"
    label = said("knows")

    def columns(self, view: View, limits: Limits) -> tuple[Column, ...]:
        visits = view.circumstances.visits
        known = {kind: counts for kind, counts in visits.items() if counts}
        found = []
        for kind, counts in known.items():
            values = np.zeros(len(view.table))
            for worker, count in counts.items():
                place = view.table.place(worker)
                if place is not None:
                    values[place] = log(1 + min(count, ENOUGH_VISITS)) / (log(1 + ENOUGH_VISITS) * len(visits))
            found.append(Column(f"{self.key}:{kind}", KNOWS[kind], values))
        return tuple(found)

    def detail(self, view: View, limits: Limits, column: Column, place: int) -> str:
        kind = column.key.rpartition(":")[2]
        count = view.circumstances.visits[kind].get(view.table.workers[place], 0)
        if not count:
            return said("never there, by the record")
        return said_many("{num} job done well there", "{num} jobs done well there", count)


class Travel:
    """A short way from home; an unknown way counts as the policy says and is called unknown."""

    key = "travel"
    label = said("short way")

    def columns(self, view: View, limits: Limits) -> tuple[Column, ...]:
        if view.travel is None:
            return ()
        minutes = np.where(np.isnan(view.travel), limits.unknown_travel, view.travel)
        return (Column(self.key, self.label, self.points(minutes)),)

    @staticmethod
    def points(minutes: Floats) -> Floats:
        """Return the points, 0 to 1, of ways that take so many minutes."""
        return np.asarray(1.0 - np.minimum(minutes / FAR, 1.0))

    def detail(self, view: View, limits: Limits, column: Column, place: int) -> str:
        minutes = float(view.travel[place]) if view.travel is not None else np.nan
        if np.isnan(minutes):
            return said("way unknown, counted as {minutes:.0f} minutes", minutes=limits.unknown_travel)
        return said("about {minutes:.0f} minutes from home", minutes=minutes)


class Load:
    """Fair load: work of the last four weeks and of the week of the job, against what she is there for."""

    key = "load"
    label = said("has room")

    def columns(self, view: View, limits: Limits) -> tuple[Column, ...]:
        return (Column(self.key, self.label, 1.0 - np.minimum(view.load / view.full_load, 1.0)),)

    def detail(self, view: View, limits: Limits, column: Column, place: int) -> str:
        hours, full = view.load[place] / 60, view.full_load[place] / 60
        return said(
            "{hours:.0f} hours of work in four weeks, {full:.0f} are her full load",
            hours=float(hours),
            full=float(full),
        )


class Promise:
    """How soon after the time that was promised she can begin; the more urgent the job, the more an hour counts."""

    key = "promise"
    label = said("in time")

    def columns(self, view: View, limits: Limits) -> tuple[Column, ...]:
        begin = self._begin(view, limits)
        if not view.circumstances.promised:
            return ()
        if view.circumstances.late:
            return (Column(self.key, self.label, np.zeros(len(begin))),)
        opens = view.circumstances.opens or USUAL_DAY[0]
        delay = np.maximum(begin - opens, 0.0)
        points = 1.0 - np.minimum(delay / PATIENCE[view.circumstances.priority], 1.0)
        return (Column(self.key, self.label, points),)

    def detail(self, view: View, limits: Limits, column: Column, place: int) -> str:
        begin = float(self._begin(view, limits)[place])
        told = self._told(view, place, begin)
        return said("the promised time has passed; {then}", then=told) if view.circumstances.late else told

    def _told(self, view: View, place: int, begin: float) -> str:
        if not np.isfinite(begin):
            return said("not free that day")
        time = f"{view.roster.calendar.local(view.roster.calendar.time(view.day, begin)):%H:%M}"
        if view.roster.calendar.has_shifts(view.table.workers[place]):
            return said("can begin at {time} on {day}", time=time, day=view.day)
        return said("can begin at {time} on {day}, on a usual day", time=time, day=view.day)

    def _begin(self, view: View, limits: Limits) -> Floats:
        return view.begin(limits)


class Cost:
    """Her time and her way, against the full cost of the policy; an unknown rate counts as half of it."""

    key = "cost"
    label = said("low cost")

    def columns(self, view: View, limits: Limits) -> tuple[Column, ...]:
        if not view.roster.priced:
            return ()
        return (Column(self.key, self.label, 1.0 - np.minimum(view.hourly(limits) / limits.full_cost, 1.0)),)

    def detail(self, view: View, limits: Limits, column: Column, place: int) -> str:
        rate, hourly = float(view.roster.rate[place]), float(view.hourly(limits)[place])
        if np.isnan(rate):
            return said("rate unknown, counted as {cost:.0f} per hour of work, with the way", cost=hourly)
        return said("{cost:.0f} per hour of work, with the way", cost=hourly)


class Development:
    """A job to grow by: a skill she wishes to learn, a chance of success neither small nor safe, and somebody beside
    her, or little at risk.
    """

    key = "development"
    label = said("learns what she wishes")

    def columns(self, view: View, limits: Limits) -> tuple[Column, ...]:
        known = view.circumstances
        care = 1.0 if known.crew > 1 else {Risk.LOW: 0.7, Risk.NORMAL: 0.4, Risk.HIGH: 0.0}[known.risk]
        wished = np.zeros(len(view.table))
        for column in view.columns:
            wished[view.flags(view.roster.wishes(column.skill))] += column.part
        if care == 0.0 or not wished.any():
            return ()
        low, high = STRETCH
        stretch = (view.chance >= low) & (view.chance <= high)
        return (Column(self.key, self.label, np.where(stretch, care * np.minimum(wished, 1.0), 0.0)),)

    def detail(self, view: View, limits: Limits, column: Column, place: int) -> str:
        mine = view.roster.wishes_of(view.table.workers[place])
        skills = [view.name(one.skill) for one in view.columns if one.skill in mine]
        if not skills:
            return said("wishes to learn nothing that this job needs")
        return said(
            "wishes to learn {skills}; chance of success {chance:.0f} %",
            skills=", ".join(skills),
            chance=float(view.chance[place]) * 100,
        )


class Exploration:
    """Somebody of whom little is known, in jobs where little is at risk, so that thin evidence grows."""

    key = "exploration"
    label = said("little known yet")

    def columns(self, view: View, limits: Limits) -> tuple[Column, ...]:
        if view.circumstances.risk is not Risk.LOW:
            return ()
        chance = view.chance
        unsure = np.minimum(np.sqrt(view.var) / UNSURE, 1.0)
        return (Column(self.key, self.label, unsure * (4.0 * chance * (1.0 - chance))),)

    def detail(self, view: View, limits: Limits, column: Column, place: int) -> str:
        low, high = view.interval(place)
        return said(
            "her chance may be {low:.0f} or {high:.0f} %, and little is at risk", low=low * 100, high=high * 100
        )


KNOWS = {
    "asset": said("knows this equipment"),
    "site": said("knows this site"),
    "customer": said("knows this customer"),
}
OBJECTIVES: tuple[Objective, ...] = (
    Success(),
    Familiarity(),
    Preferred(),
    Fit(),
    Continuity(),
    Travel(),
    Load(),
    Promise(),
    Cost(),
    Development(),
    Exploration(),
)
"""Every objective, in the order in which its terms are added."""
