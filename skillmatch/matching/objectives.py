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
    label = "chance of success"

    def columns(self, view: View, limits: Limits) -> tuple[Column, ...]:
        return (Column(self.key, self.label, view.chance),)

    def detail(self, view: View, limits: Limits, column: Column, place: int) -> str:
        low, high = view.interval(place)
        return f"{view.chance[place] * 100:.0f} %, likely between {low * 100:.0f} and {high * 100:.0f} %"


class Familiarity:
    """Whether she is the one who does this work now, as the company's own past choices weigh it: practice in each
    demanded skill that is still remembered, how long ago she last did it, and whether she has been at work lately.
    """

    key = "familiarity"
    label = "familiar with"

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
            found.append(Column(f"{self.key}:{number}", f"{self.label} {view.name(column.skill)}", values))
        idle = age(np.maximum(view.moment - view.table.worked, 0.0))
        found.append(Column(f"{self.key}:active", "at work lately", (active / most) * (idle - OLDEST)))
        return tuple(found)

    def detail(self, view: View, limits: Limits, column: Column, place: int) -> str:
        if column.key == f"{self.key}:active":
            worked = float(view.table.worked[place])
            return f"last job {_ago(view.moment - worked)}" if worked else "no job on record"
        skill = view.columns[int(column.key.rpartition(":")[2])]
        here = skill.touched.place(place)
        if here is None:
            return "no practice on record"
        recent, lasting = skill.rows.recent[here], skill.rows.lasting[here]
        won = float(skill.rows.won[here])
        done = f"last success {_ago(won)}" if won < LONG_AGO else "no success on record"
        return f"successes worth {recent:.1f} lately, {lasting:.1f} over the year; {done}"


def _ago(days: float) -> str:
    whole = int(days)
    return "today" if whole <= 0 else f"{whole:,} day{'' if whole == 1 else 's'} ago"


class Preferred:
    """The customer asked for her, or the job names her."""

    key = "preferred"
    label = "asked for"

    def columns(self, view: View, limits: Limits) -> tuple[Column, ...]:
        wished = self._wished(view)
        return (Column(self.key, self.label, view.flags(wished).astype(float)),) if wished else ()

    def detail(self, view: View, limits: Limits, column: Column, place: int) -> str:
        who = view.customer.name if view.customer else "the customer"
        return f"{who} asked for this worker" if column.values[place] else "somebody else was asked for"

    def _wished(self, view: View) -> tuple[str, ...]:
        customer = view.customer
        of_customer = customer.wishes(customer.preferred, view.day) if customer is not None else ()
        return (*of_customer, *view.circumstances.preferred)


class Fit:
    """The lowest level that is enough: full points from the level needed to the one preferred, fewer beside them, so
    that an expert is kept for what only she can do.
    """

    key = "fit"
    label = "level fits"

    def columns(self, view: View, limits: Limits) -> tuple[Column, ...]:
        found = []
        for number, (part, low, high) in self._wanted(view).items():
            level = view.levels(number)
            beside = np.maximum(np.maximum(low - level, level - high), 0.0)
            points = part * (1.0 - np.minimum(beside / LEVELS, 1.0))
            name = view.name(view.demands[number].skill)
            found.append(Column(f"{self.key}:{number}", f"{self.label} {name}", points))
        return tuple(found)

    def detail(self, view: View, limits: Limits, column: Column, place: int) -> str:
        number = int(column.key.rpartition(":")[2])
        _part, low, high = self._wanted(view)[number]
        level = float(view.levels(number)[place])
        wanted = f"{low:g}" if low == high else f"{low:g} to {high:g}"
        beside = level - high if level > high else min(level - low, 0.0)
        word = "as needed" if abs(beside) < 0.05 else f"{abs(beside):.1f} {'above' if beside > 0 else 'below'}"
        return f"level {level:.1f}, {wanted} asked for: {word}"

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
    label = "knows"

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
            found.append(Column(f"{self.key}:{kind}", f"{self.label} this {kind}", values))
        return tuple(found)

    def detail(self, view: View, limits: Limits, column: Column, place: int) -> str:
        kind = column.key.rpartition(":")[2]
        count = view.circumstances.visits[kind].get(view.table.workers[place], 0)
        return f"{count} job{'' if count == 1 else 's'} done well there" if count else "never there, by the record"


class Travel:
    """A short way from home; an unknown way counts as the policy says and is called unknown."""

    key = "travel"
    label = "short way"

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
            return f"way unknown, counted as {limits.unknown_travel:.0f} minutes"
        return f"about {minutes:.0f} minutes from home"


class Load:
    """Fair load: work of the last four weeks and of the week of the job, against what she is there for."""

    key = "load"
    label = "has room"

    def columns(self, view: View, limits: Limits) -> tuple[Column, ...]:
        return (Column(self.key, self.label, 1.0 - np.minimum(view.load / view.full_load, 1.0)),)

    def detail(self, view: View, limits: Limits, column: Column, place: int) -> str:
        hours, full = view.load[place] / 60, view.full_load[place] / 60
        return f"{hours:.0f} hours of work in four weeks, {full:.0f} are her full load"


class Promise:
    """How soon after the time that was promised she can begin; the more urgent the job, the more an hour counts."""

    key = "promise"
    label = "in time"

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
        late = "the promised time has passed; " if view.circumstances.late else ""
        if not np.isfinite(begin):
            return f"{late}not free that day"
        time = view.roster.calendar.time(view.day, begin)
        unknown = "" if view.roster.calendar.has_shifts(view.table.workers[place]) else ", on a usual day"
        return f"{late}can begin at {view.roster.calendar.local(time):%H:%M} on {view.day}{unknown}"

    def _begin(self, view: View, limits: Limits) -> Floats:
        return view.begin(limits)


class Cost:
    """Her time and her way, against the full cost of the policy; an unknown rate counts as half of it."""

    key = "cost"
    label = "low cost"

    def columns(self, view: View, limits: Limits) -> tuple[Column, ...]:
        if not view.roster.priced:
            return ()
        return (Column(self.key, self.label, 1.0 - np.minimum(view.hourly(limits) / limits.full_cost, 1.0)),)

    def detail(self, view: View, limits: Limits, column: Column, place: int) -> str:
        rate, hourly = float(view.roster.rate[place]), float(view.hourly(limits)[place])
        what = "rate unknown, counted as " if np.isnan(rate) else ""
        return f"{what}{hourly:.0f} per hour of work, with the way"


class Development:
    """A job to grow by: a skill she wishes to learn, a chance of success neither small nor safe, and somebody beside
    her, or little at risk.
    """

    key = "development"
    label = "learns what she wishes"

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
            return "wishes to learn nothing that this job needs"
        return f"wishes to learn {', '.join(skills)}; chance of success {view.chance[place] * 100:.0f} %"


class Exploration:
    """Somebody of whom little is known, in jobs where little is at risk, so that thin evidence grows."""

    key = "exploration"
    label = "little known yet"

    def columns(self, view: View, limits: Limits) -> tuple[Column, ...]:
        if view.circumstances.risk is not Risk.LOW:
            return ()
        chance = view.chance
        unsure = np.minimum(np.sqrt(view.var) / UNSURE, 1.0)
        return (Column(self.key, self.label, unsure * (4.0 * chance * (1.0 - chance))),)

    def detail(self, view: View, limits: Limits, column: Column, place: int) -> str:
        low, high = view.interval(place)
        return f"her chance may be {low * 100:.0f} or {high * 100:.0f} %, and little is at risk"


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
