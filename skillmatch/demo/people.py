"""The people of the sample firm: names, teams, homes, hours, and what they can truly do.

True ability in a skill is a general part, a part shared by the skills of a family, and an own part, in logits, plus
what practice adds (`Staff.ability`). Skills that the graph joins share some of their own part.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from skillmatch.beliefs.params import BeliefParams
from skillmatch.demo.catalogue import Catalogue, Trade
from skillmatch.demo.customers import pick_town, somewhere
from skillmatch.demo.dice import pick
from skillmatch.model import Worker

Floats = NDArray[np.float64]

SCALE = BeliefParams()
"""What turns levels into logits and back: the scale that estimates will use."""
GENERAL_SD = 0.4
OWN_TRADE, NEAR_TRADE, OTHER_TRADE, FOR_ALL = 0.15, -0.35, -1.1, 0.0
"""Mean of the family part: in one's trade, in one where she can help, elsewhere, and in safety and customer care."""
FAMILY_SD, SKILL_SD = 0.35, 0.45
NEVER_LEARNED = -0.9
"""Added where somebody has not learned a skill; in quite another trade the more the rarer it is."""
GROWTH = 0.2
"""What practice adds, in logits for each unit of ln(1 + practice)."""
PRACTICE_HALF_LIFE = 280.0
"""Days in which practice that is not renewed halves; field data put it at 6.5 to 13 months (docs/model.md)."""
STAR, STAR_SHARE = 0.7, 0.03
LANGUAGES = ("pl", "ro", "ur", "pa", "hi", "es", "pt", "cy", "fr", "tr", "yo", "ar")


@dataclass(slots=True)
class Staff:
    """Everybody, with the truth about them. Arrays are by worker, in the order of `workers`, and by skill.

    `trade` (workers,) places in the catalogue's trades; `stable` (workers, skills) logits without practice; `practice`
    (workers, skills) counts on the first day; `first`, `last` (workers,) days with the firm, counted from the first
    day of history; `general` (workers,) logits; `homes` (workers, 2) degrees; `learned` (workers, skills).
    """

    workers: list[Worker]
    trade: NDArray[np.int64]
    stable: Floats
    practice: Floats
    general: Floats
    first: Floats
    last: Floats
    learned: NDArray[np.bool_]

    @property
    def homes(self) -> Floats:
        """Latitude and longitude of the homes, shape (workers, 2)."""
        return np.array([(w.home.latitude, w.home.longitude) for w in self.workers if w.home])

    def teams(self) -> dict[str, list[int]]:
        """Return the places of the members of each team."""
        teams: dict[str, list[int]] = {}
        for place, worker in enumerate(self.workers):
            teams.setdefault(worker.team, []).append(place)
        return teams

    def mates(self, worker: int) -> list[int]:
        """Return the places of the others in the team of the worker at a place."""
        team = self.workers[worker].team
        return [place for place, other in enumerate(self.workers) if other.team == team and place != worker]

    def ability(self) -> Floats:
        """Return the ability at the present state of practice, logits, shape (workers, skills)."""
        return self.stable + GROWTH * np.log1p(self.practice)


def hire(catalogue: Catalogue, rng: np.random.Generator, *, workers: int, start: date, days: int) -> Staff:
    """Return the staff over a history of `days` days from `start`, those who came or left meanwhile included."""
    trade = rng.permutation(_trades(catalogue, workers))
    first, last = _stay(rng, workers, days)
    general = rng.normal(0.0, GENERAL_SD, workers)
    general[rng.choice(workers, max(1, round(STAR_SHARE * workers)), replace=False)] += STAR
    family, is_near = _families(catalogue, rng, trade)
    learned = _learned(catalogue, rng, family, is_near)
    stable = general[:, None] + family + _own_parts(catalogue, rng, workers)
    known = np.array([catalogue.known[skill.id] for skill in catalogue.skills])
    stable += NEVER_LEARNED * np.where(is_near == 0, 1.0 - known, ~learned)
    years = np.clip(-first / 365.0, 0.0, 15.0)
    routine = rng.gamma(1.5, 3.0, stable.shape) * (years / (years + 2.0))[:, None]
    practice = np.where(learned & (is_near >= 1), routine * np.where(is_near == 2, 1.0, 0.3), 0.0)
    records = _records(catalogue, rng, trade, general, first, last, start, days)
    return Staff(records, trade, stable, practice, general, first, last, learned)


def _trades(catalogue: Catalogue, workers: int) -> NDArray[np.int64]:
    """Return each worker's trade, in the catalogue's shares, at least one of each."""
    counts = [max(1, round(trade.share * workers)) for trade in catalogue.trades]
    order = np.repeat(np.arange(len(counts)), counts)
    return np.resize(order, workers).astype(np.int64)


def _stay(rng: np.random.Generator, workers: int, days: int) -> tuple[Floats, Floats]:
    """Return first and last day of everybody; infinity where no end is agreed."""
    first = -np.round(rng.gamma(1.6, 1600.0, workers)) - 30.0
    last = np.full(workers, np.inf)
    for place, dice in enumerate(rng.random(workers)):
        if dice < 0.16:
            first[place] = rng.integers(10, days - 15)
        elif dice < 0.24:
            last[place] = rng.integers(60, days - 5)
        elif dice < 0.26:
            last[place] = days + rng.integers(10, 60)
        elif dice < 0.265:
            first[place] = days + rng.integers(5, 30)
    return first, last


def _families(
    catalogue: Catalogue, rng: np.random.Generator, trade: NDArray[np.int64]
) -> tuple[Floats, NDArray[np.int64]]:
    """Return the family part, and whether a skill belongs to one's own trade (2), a near one (1) or neither (0).

    Both have shape (workers, skills). Skills for all, such as safety, count as one's own.
    """
    families = list(dict.fromkeys(catalogue.family.values()))
    of_skill = np.array([families.index(catalogue.family[skill.id]) for skill in catalogue.skills])
    trades = {each.family for each in catalogue.trades}
    part, near = np.zeros((len(trade), len(families))), np.zeros((len(trade), len(families)), dtype=np.int64)
    for place, number in enumerate(trade):
        mine = catalogue.trades[number]
        helps = _helps_in(mine, rng)
        for column, family in enumerate(families):
            if family == mine.family or family not in trades:
                mean, kind = (OWN_TRADE if family == mine.family else FOR_ALL), 2
            elif family in helps:
                mean, kind = NEAR_TRADE, 1
            else:
                mean, kind = OTHER_TRADE, 0
            part[place, column], near[place, column] = rng.normal(mean, FAMILY_SD), kind
    return part[:, of_skill], near[:, of_skill]


def _helps_in(trade: Trade, rng: np.random.Generator) -> set[str]:
    """Return the other families somebody can help in: none, one, or, for the all-rounders, all that are near."""
    dice = rng.random()
    if dice < 0.35:
        return set()
    return set(trade.near) if dice > 0.93 else {pick(rng, trade.near)}


def _own_parts(catalogue: Catalogue, rng: np.random.Generator, workers: int) -> Floats:
    """Return the own part of each skill, shape (workers, skills): noise, blended with that of linked skills."""
    noise = rng.normal(0.0, 1.0, (workers, len(catalogue.skills)))
    blend = np.eye(len(catalogue.skills))
    for link in catalogue.links:
        one, other = catalogue.place[link.source], catalogue.place[link.target]
        if link.kind != "broader":
            blend[one, other] = blend[other, one] = 0.5 * link.weight
    own = noise @ blend
    scaled: Floats = SKILL_SD * own / np.sqrt((blend**2).sum(axis=0))
    return scaled


def _learned(
    catalogue: Catalogue, rng: np.random.Generator, family: Floats, near: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return who has learned which skill, shape (workers, skills): the set share of each trade, the able rather."""
    learned = np.zeros(family.shape, dtype=bool)
    for column, skill in enumerate(catalogue.skills):
        for kind, factor in ((2, 1.0), (1, 0.5)):
            those = np.flatnonzero(near[:, column] == kind)
            share = catalogue.known[skill.id] * factor
            # A rare skill has its one or two masters, and nobody in another trade has it by the way.
            few = 0 if kind == 1 and share < 0.1 else max(kind - 1, round(share * len(those)))
            wish = family[those, column] + rng.gumbel(0.0, 0.35, len(those))
            learned[those[np.argsort(-wish)[:few]], column] = True
    return learned


def _records(
    catalogue: Catalogue,
    rng: np.random.Generator,
    trade: NDArray[np.int64],
    general: Floats,
    first: Floats,
    last: Floats,
    start: date,
    days: int,
) -> list[Worker]:
    names = _names(catalogue, rng, len(trade))
    workers = []
    for place, number in enumerate(trade):
        town = pick_town(catalogue, rng)
        hours = float(rng.choice([40.0, 37.5, 32.0, 24.0, 16.0], p=[0.72, 0.1, 0.08, 0.06, 0.04]))
        others = [str(x) for x in rng.choice(LANGUAGES, 2, replace=False)] if rng.random() < 0.35 else []
        years = min(max(days - float(first[place]), 0.0) / 365.0, 20.0)
        cost = 27.0 + 0.6 * years + 5.0 * float(general[place]) + float(rng.normal(0.0, 1.5))
        workers.append(
            Worker(
                f"W{place + 1:03}",
                names[place],
                team=f"{town.name} {catalogue.trades[number].name}",
                phone=f"07700 900{place % 1000:03}",
                home=somewhere(town, rng, spread=0.06),
                languages=("en", *others[: int(rng.integers(1, 3))]),
                capacity=hours,
                active_from=start + timedelta(days=float(first[place])),
                active_to=None if np.isinf(last[place]) else start + timedelta(days=float(last[place])),
                cost_per_hour=round(2.0 * max(cost, 22.0)) / 2.0,
            )
        )
    return workers


def _names(catalogue: Catalogue, rng: np.random.Generator, count: int) -> list[str]:
    """Return different names, no pair of first and last name twice."""
    names: dict[str, None] = {}
    while len(names) < count:
        names[f"{pick(rng, catalogue.words.first)} {pick(rng, catalogue.words.last)}"] = None
    return list(names)
