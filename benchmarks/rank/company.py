"""A company of any size as the arrays that ranking reads, and one demanding job in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from skillmatch.beliefs.params import BeliefParams, Difficulty, Exposure, Loading, SkillEffect
from skillmatch.beliefs.table import BeliefTable
from skillmatch.matching.circumstances import Circumstances
from skillmatch.matching.roster import Roster
from skillmatch.matching.view import View
from skillmatch.model import (
    Booking,
    Certification,
    CertificationRequirement,
    Customer,
    LanguageRequirement,
    Leave,
    Place,
    Requirement,
    Risk,
    Shift,
    Worker,
)

SKILLS = ("cooling", "controls", "hydraulics", "wiring", "welding")
NEEDS = (
    Requirement("cooling", 2.5, 3.0, must=True, preferred_level=3.5),
    Requirement("controls", 2.0, 2.0, must=True),
    Requirement("hydraulics", 2.0, 1.0),
    Requirement("wiring", 1.5, 1.0),
    Requirement("welding", None, 1.0),
    CertificationRequirement("gas"),
    LanguageRequirement("en"),
)
DAY = date(2026, 6, 3)
MOMENT = float(DAY.toordinal() - date(1970, 1, 1).toordinal()) + 0.3
TOUCHED = 0.15
"""Share of the workers with evidence in a skill."""

PARAMS = BeliefParams(
    version=1,
    loadings={skill: (Loading("family:trade", 0.8), Loading("circle:cooling", 0.4)) for skill in SKILLS},
    exposures={skill: Exposure(0.2, 0.5) for skill in SKILLS},
    skills={skill: SkillEffect(0.1, 0.05, -0.05) for skill in SKILLS},
    weights=(0.3, -0.2, 0.2, 0.1, -0.05, -0.2, 0.3, 0.2, 0.2, 0.4),
    difficulties={"repair": Difficulty(0.2, 0.05)},
    habits=(0.6, 0.3, -0.2, -0.2, -0.1),
    fitted_on=10_000,
)


def company(workers: int, seed: int = 1) -> tuple[BeliefTable, Roster]:
    """Return everything that is known of so many invented workers."""
    rng = np.random.default_rng(seed)
    table = BeliefTable(PARAMS)
    roster = Roster(table)
    ids = [f"w{number:07}" for number in range(workers)]
    roster.put_workers([_worker(rng, id) for id in ids])
    _beliefs(rng, table, ids)
    for id in ids:
        if rng.random() < 0.5:
            ends = DAY + timedelta(days=int(rng.integers(-200, 600)))
            roster.put_certifications(id, [Certification(id, "gas", DAY - timedelta(days=700), ends)])
    hours = [(int(start), int(start) + 540) for start in rng.choice([360, 420, 480, 720], workers)]
    roster.calendar.put_shifts(
        Shift(id, weekday, *span) for id, span in zip(ids, hours, strict=True) for weekday in (0, 1, 2, 3, 4)
    )
    away = rng.random(workers) < 0.08
    roster.calendar.put_leave(Leave(id, DAY - timedelta(days=2), DAY + timedelta(days=5)) for id in np.array(ids)[away])
    busy = rng.random(workers) < 0.3
    roster.calendar.put_bookings(
        Booking(f"j{id}", str(id), roster.calendar.time(DAY, float(rng.choice([480, 540, 600, 780]))), 90.0)
        for id in np.array(ids)[busy]
    )
    roster.put_work(
        (("bench", id), id, DAY - timedelta(days=int(day)), 1000.0, True)
        for id, day in zip(ids, rng.integers(1, 28, workers), strict=True)
    )
    return table, roster


def _worker(rng: np.random.Generator, id: str) -> Worker:
    home = Place(48.0 + rng.normal(0, 0.3), 11.0 + rng.normal(0, 0.4)) if rng.random() < 0.95 else None
    languages = ("en", "de") if rng.random() < 0.7 else ("de",)
    rate = float(rng.uniform(30, 90)) if rng.random() < 0.9 else None
    leaves = DAY - timedelta(days=30) if rng.random() < 0.05 else None
    reach = 60.0 if rng.random() < 0.3 else None
    return Worker(id, id, home=home, languages=languages, cost_per_hour=rate, active_to=leaves, max_travel=reach)


def _beliefs(rng: np.random.Generator, table: BeliefTable, ids: list[str]) -> None:
    count = len(ids)
    for id, mean, form, worked in zip(ids, rng.normal(0, 0.6, count), rng.normal(0, 0.3, count),
                                      MOMENT - rng.exponential(20, count), strict=True):  # fmt: skip
        table.put_form(id, float(form), float(worked))
        table.put_parts([(id, "general", float(mean), 0.2, 60.0, False)])
    for part in ("family:trade", "circle:cooling"):
        has = np.flatnonzero(rng.random(count) < 0.4)
        table.put_parts((ids[place], part, float(mean), 0.15, 30.0, False)
                        for place, mean in zip(has, rng.normal(0, 0.4, len(has)), strict=True))  # fmt: skip
    for skill in SKILLS:
        has = np.flatnonzero(rng.random(count) < TOUCHED)
        number = len(has)
        columns = zip(
            has, rng.normal(0.3, 0.6, number), MOMENT - rng.exponential(60, number), rng.gamma(1.5, 2, number),
            rng.gamma(2, 5, number), rng.poisson(20, number), rng.poisson(5, number), rng.normal(0, 0.2, number),
            strict=True,
        )  # fmt: skip
        table.put_rows(
            (ids[place], skill, float(mean), 0.2, float(day), float(recent), float(lasting), int(won + lost),
             float(won), float(lost), float(surprise), float(day), float(won), False)
            for place, mean, day, recent, lasting, won, lost, surprise in columns
        )  # fmt: skip


def job(table: BeliefTable, roster: Roster) -> View:
    """Return a job that every rule and every objective has something to say about, seen anew."""
    ids = table.workers
    customer = Customer("c1", "Care Home", preferred=tuple(ids[5:25]), excluded=tuple(ids[30:40]))
    visits = {kind: dict.fromkeys(ids[start : start + 200], 3) for kind, start in (("customer", 0), ("site", 50))}
    known = Circumstances("job", Risk.LOW, 2, 90.0, 1, Place(48.1, 11.1), True, 540.0, 780.0, False, (), (), (), visits)
    return View(table, roster, NEEDS, DAY, MOMENT, "repair", customer, {}, "s1", known)


def tomorrow(view: View) -> View:
    """Return the same job a day later, so that nothing remembered of the first day helps."""
    return replace(view, day=view.day + timedelta(days=1))
