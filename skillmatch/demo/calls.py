"""The calls that reach the sample firm: which machine fails on which day, why, and what the customer says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from skillmatch.demo.catalogue import Catalogue, Cause, Nature
from skillmatch.demo.customers import Region
from skillmatch.demo.dice import pick
from skillmatch.model import Requirement

Floats = NDArray[np.float64]
Mix = dict[str, tuple[float, float]]
"""What work draws on: by skill the level and the share."""

SEASON = 1.1
"""How strongly a nature of season 1 follows the year, in logits at midsummer."""
MIDSUMMER = 200
"""Day of the year on which it is hottest."""
CAUSE_SHARE = 0.4
"""Share of the work that rests on what the cause needs; the rest on what the nature of the call needs."""
TYPE_SD, INSTANCE_SD = 0.25, 0.4
"""Spread of difficulty between job types, beyond what the catalogue says, and between jobs of one type, in logits."""
HINTED, TAILED = 0.5, 0.3
"""Share of callers who notice something, and of those who add a word about the visit."""
UNKNOWN = Cause("", 1.0)
TITLES = ("Mrs", "Mr", "Ms")
SECOND_CALL = "This is the second call."
HOLIDAYS = {(12, 25), (12, 26), (1, 1)}
"""Month and day on which only emergencies are seen to."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `nature` and `asset` are places in the catalogue and in the region; `hours` the time of the day.

    `stated` is what the work draws on as far as the dispatcher knows, `needed` what it truly draws on.
    """

    day: int
    hours: float
    nature: int
    asset: int
    cause: Cause
    priority: int
    text: str
    extra: tuple[Requirement, ...]
    stated: Mix
    needed: Mix
    difficulty: float
    """How much harder than its type this job is, in logits."""


def heat(start: date, days: int) -> Floats:
    """Return the course of the year from -1 (midwinter) to 1 (midsummer) for each day, shape (days,)."""
    first = start.timetuple().tm_yday
    course: Floats = np.cos(2.0 * np.pi * (first + np.arange(days) - MIDSUMMER) / 365.25)
    return course


def type_difficulties(catalogue: Catalogue, rng: np.random.Generator) -> Floats:
    """Return how hard each nature truly is beyond its levels, logits, shape (natures,)."""
    stated = np.array([nature.difficulty for nature in catalogue.natures])
    return stated + rng.normal(0.0, TYPE_SD, len(stated))


@dataclass(slots=True)
class Switchboard:
    """Draws calls. `machines` are, by nature, the places of the assets it can befall and their chances."""

    catalogue: Catalogue
    region: Region
    rng: np.random.Generator
    heat: Floats
    machines: list[tuple[NDArray[np.int64], Floats]]

    @classmethod
    def connect(
        cls, catalogue: Catalogue, region: Region, rng: np.random.Generator, *, start: date, days: int
    ) -> Switchboard:
        """Return a switchboard for the days from `start`, and one more: today."""
        trouble = np.array(region.age) * 0.04 + rng.normal(0.0, 0.5, len(region.age))
        types = np.array([asset.type for asset in region.assets])
        machines = []
        for nature in catalogue.natures:
            places = np.flatnonzero(np.isin(types, nature.on))
            chances = np.ones(len(places)) if nature.planned else np.exp(trouble[places])
            machines.append((places, chances / max(chances.sum(), 1e-9)))
        return cls(catalogue, region, rng, heat(start, days + 1), machines)

    def rates(self, *, allowed: NDArray[np.bool_]) -> Floats:
        """Return how many calls of each nature come in a day, up to a common factor, shape (days + 1, natures)."""
        natures = self.catalogue.natures
        yearly = np.array([n.share * len(m[0]) for n, m in zip(natures, self.machines, strict=True)])
        season = np.array([nature.season for nature in natures])
        rates: Floats = (yearly * allowed) * np.exp(SEASON * season * self.heat[:, None])
        return rates

    def call(self, day: int, number: int) -> Call:
        """Return a call of the nature with this number on a day."""
        nature, (places, chances) = self.catalogue.natures[number], self.machines[number]
        rng = self.rng
        asset = int(places[rng.choice(len(places), p=chances)])
        cause = nature.causes[rng.choice(len(nature.causes), p=self.chances(nature, asset, day))]
        text = self._text(nature, asset, cause)
        priority = nature.priority - (nature.priority > 2 and SECOND_CALL in text)
        hours = 7.5 + 9.0 * float(rng.beta(1.6, 2.2))
        if nature.priority == 1 and rng.random() < 0.25:
            hours = float(rng.uniform(0.0, 24.0))
        extra = self._extra(nature, asset, text)
        stated, needed = demands(nature, UNKNOWN, extra), demands(nature, cause, extra)
        difficulty = float(rng.normal(0.0, INSTANCE_SD))
        return Call(day, hours, number, asset, cause, priority, text, extra, stated, needed, difficulty)

    def chances(self, nature: Nature, asset: int, day: int) -> Floats:
        """Return how likely each cause of a nature is for a machine on a day, shape (causes,), sum 1."""
        older = (self.region.age[asset] - 10.0) / 10.0
        logits = [cause.age * older + cause.season * self.heat[day] for cause in nature.causes]
        weights = np.array([cause.share for cause in nature.causes]) * np.exp(logits)
        chances: Floats = weights / weights.sum()
        return chances

    def _text(self, nature: Nature, asset: int, cause: Cause) -> str:
        rng, words, sector = self.rng, self.catalogue.words, self._sector(asset)
        fitting = [phrase.text for phrase in nature.calls if sector in phrase.sectors or not phrase.sectors]
        parts = [pick(rng, fitting)]
        if cause.hint and rng.random() < HINTED:
            parts.append(cause.hint)
        if rng.random() < TAILED:
            tail, name = pick(rng, words.tails), f"{pick(rng, TITLES)} {pick(rng, words.last)}"
            if not (nature.planned and tail == SECOND_CALL):
                parts.append(tail.format(name=name))
        return " ".join(parts)

    def _extra(self, nature: Nature, asset: int, text: str) -> tuple[Requirement, ...]:
        """Return what the dispatcher adds to the usual requirements for this customer and this caller."""
        if SECOND_CALL in text:
            added = "upset-customers"
        elif self._sector(asset) == "hospital" and self.rng.random() < 0.4:
            added = "hospital-work"
        else:
            return ()
        stated = any(need.skill == added for need in nature.skills)
        return () if stated else (Requirement(added, 2.0, 0.5),)

    def _sector(self, asset: int) -> str:
        return self.region.sector[self.region.site_of[asset]]


def demands(nature: Nature, cause: Cause, extra: Sequence[Requirement]) -> Mix:
    """Return what a job draws on; the shares sum to one."""
    stated = (*nature.skills, *extra)
    shares: Mix = {}
    for needs, part in ((stated, 1.0 - CAUSE_SHARE if cause.needs else 1.0), (cause.needs, CAUSE_SHARE)):
        total = sum(need.weight for need in needs)
        for need in needs:
            level, share = need.level or 0.0, part * need.weight / total
            before = shares.get(need.skill, (level, 0.0))
            shares[need.skill] = (max(level, before[0]), before[1] + share)
    return shares


def working_days(start: date, days: int) -> Floats:
    """Return by how much each weekday and holiday changes the calls of a priority, shape (days, 5)."""
    busy = np.ones((days, 5))
    for day in range(days):
        when = start + timedelta(days=day)
        if (when.month, when.day) in HOLIDAYS:
            busy[day] = (0.5, 0.2, 0.0, 0.0, 0.0)
        elif when.weekday() == 5:
            busy[day] = (0.65, 0.3, 0.06, 0.03, 0.03)
        elif when.weekday() == 6:
            busy[day] = (0.5, 0.2, 0.02, 0.0, 0.0)
        else:
            busy[day] = (1.15, 1.05, 1.0, 1.0, 0.95)[when.weekday()]
    return busy
