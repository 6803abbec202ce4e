"""What customers say of visits, in stars, and now and then in a few words.

Published ratings of services lie between 4.2 and 4.5 in the mean, with a pile at five stars: a customer sees whether
the fault is gone, much less how well the work was done, waits longer or shorter, and has a habit of her own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from math import log1p

import numpy as np
from numpy.typing import NDArray

from skillmatch.beliefs.evidence import CustomerRating
from skillmatch.beliefs.observation import STARS, Result
from skillmatch.demo.calls import Mix
from skillmatch.demo.catalogue import Catalogue
from skillmatch.demo.customers import Region
from skillmatch.demo.dice import pick
from skillmatch.demo.history import Firm
from skillmatch.demo.people import Staff
from skillmatch.demo.truth import Parameter, outcome_id
from skillmatch.demo.visits import Case, mix

Floats = NDArray[np.float64]

SOURCE = "customer survey"
RATED = 0.35
"""Share of first-time fixes and of visits with help that are rated, when they were not planned."""
RATED_BAD, RATED_PLANNED = 1.5, 0.7
"""By what factor a visit is rated more often when it went worse than that, and less often when it was planned."""
HAPPY = {
    Result.FIRST_TIME_FIX: 5.0,
    Result.WITH_HELP: 4.5,
    Result.REWORK: 3.3,
    Result.HANDED_ON: 2.9,
    Result.FAILED: 2.1,
}
"""The mean by result, in stars, of what the usual customer feels when an average worker came in time.

What is felt goes on beyond five stars; the rating is the nearest whole star, from one to five.
"""
SKILL = 0.4
"""Stars for each logit by which the worker is better in what the job needs than the others who know that work."""
LATE = 0.4
"""Stars lost for each unit of ln(1 + days after the promised day)."""
LENIENCY_SD = 0.5
"""Spread of the customers' habits, in stars."""
NOISE_SD = 0.95
"""Spread of what nobody can explain, in stars."""
SAME_DAY, EACH_DAY, MOST_DAYS = 0.6, 0.5, 6
"""Share rated on the day of the visit; of the others, the share that is rated on each later day; the longest wait."""
EVENING = (17.5, 22.0)
"""Between which hours of a day customers rate."""
SAID = {1: 0.45, 2: 0.4, 3: 0.2, 4: 0.08, 5: 0.1}
"""Share of ratings with a few words, by stars."""
WORDS = {
    1: ("Waste of a day.", "Worse than before.", "Nobody could tell me what is wrong.", "Still broken."),
    2: ("Had to ring twice.", "Seemed lost with our machine.", "Not sorted yet.", "Left a mess."),
    3: ("It runs, for now.", "Took its time.", "Friendly, but I am none the wiser."),
    4: ("Good work, but I would have liked a call beforehand.", "All fine.", "Does what it should again."),
    5: ("Knew at once what it was.", "Friendly, quick and clean.", "Please send the same person again.", "Thank you!"),
}


def habits(rng: np.random.Generator, customers: int) -> Floats:
    """Return by how many stars each customer is kinder than the usual one, shape (customers,)."""
    return rng.normal(0.0, LENIENCY_SD, customers)


def rate(
    rng: np.random.Generator, firm: Firm, numbered: Sequence[tuple[str, Case]], habit: Floats
) -> list[CustomerRating]:
    """Return what customers said, before today, of the visits of these cases, each with the id of its job.

    Nobody is asked any more about a worker who has left. `habit` (customers,) in stars.
    """
    region = firm.switchboard.region
    yesterday = firm.start + timedelta(days=firm.days - 1)
    numbers = {customer.id: number for number, customer in enumerate(region.customers)}
    usual = _Usual(firm.catalogue, firm.staff)
    visits = [(job, number, case) for job, case in numbered for number in range(len(case.visits))]
    feeling = rng.normal(0.0, NOISE_SD, len(visits))
    willing = rng.random(len(visits))
    moments = zip(_delays(rng, len(visits)), rng.uniform(*EVENING, len(visits)), strict=True)
    found = []
    for (job, number, case), noise, will, (delay, hours) in zip(visits, feeling, willing, moments, strict=True):
        visit, planned = case.visits[number], firm.catalogue.natures[case.call.nature].planned
        worker, moment = firm.staff.workers[visit.worker], _moment(visit.end, int(delay), float(hours))
        last = min(yesterday, worker.active_to or yesterday)
        if will >= share_rated(visit.result, planned=planned) or moment.date() > last:
            continue
        customer = _customer(region, case)
        better = visit.ability - usual.ability(case.call.needed)
        felt = felt_stars(visit.result, better, (visit.end.date() - case.due).days) + habit[numbers[customer]] + noise
        stars = min(max(round(float(felt)), int(STARS[0])), int(STARS[1]))
        found.append(
            CustomerRating(
                id=f"{outcome_id(job, number + 1)} rating",
                worker=worker.id,
                time=moment,
                source=SOURCE,
                job=job,
                stars=float(stars),
                customer=customer,
                note=pick(rng, WORDS[stars]) if rng.random() < SAID[stars] else "",
            )
        )
    return found


def share_rated(result: Result, *, planned: bool) -> float:
    """Return the probability with which a visit is rated."""
    fine = result in (Result.FIRST_TIME_FIX, Result.WITH_HELP)
    return RATED * (1.0 if fine else RATED_BAD) * (RATED_PLANNED if planned else 1.0)


def felt_stars(result: Result, better: float, days_late: int) -> float:
    """Return what the usual customer feels on average, in stars, beyond five too.

    `better` is in logits, and `days_late` are those after the promised day, negative when there was time left.
    """
    return HAPPY[result] + SKILL * better - LATE * log1p(max(days_late, 0))


def parameters(region: Region, habit: Floats) -> Iterator[Parameter]:
    """Yield the numbers that ratings were made with; `habit` (customers,) in stars."""
    yield Parameter("share of visits rated", RATED)
    yield Parameter("factor of rating a bad visit", RATED_BAD)
    yield Parameter("factor of rating a planned visit", RATED_PLANNED)
    for result, stars in HAPPY.items():
        yield Parameter(f"stars felt after {result}", stars)
    yield Parameter("stars for a logit of ability", SKILL)
    yield Parameter("stars lost by lateness", LATE)
    yield Parameter("spread of leniency in stars", LENIENCY_SD)
    yield Parameter("spread of noise in stars", NOISE_SD)
    for customer, stars in zip(region.customers, habit, strict=True):
        yield Parameter(f"leniency of {customer.id}", float(stars))


class _Usual:
    """What somebody who knows a sort of work can do today on average: what customers are used to."""

    def __init__(self, catalogue: Catalogue, staff: Staff) -> None:
        self._catalogue = catalogue
        self._ability = staff.ability()
        self._learned = staff.learned
        self._known: dict[tuple[tuple[str, tuple[float, float]], ...], float] = {}

    def ability(self, needed: Mix) -> float:
        """Return the mean ability in a mix of those who have learned the skill with the largest share, in logits."""
        key = tuple(needed.items())
        if key not in self._known:
            main = max(needed, key=lambda skill: needed[skill][1])
            those = self._learned[:, self._catalogue.place[main]]
            able = self._ability[those] if those.any() else self._ability
            self._known[key] = float(mix(self._catalogue, able, needed).mean())
        return self._known[key]


def _delays(rng: np.random.Generator, count: int) -> NDArray[np.int64]:
    """Return how many days after the visit each customer would rate, shape (count,)."""
    later = np.minimum(rng.geometric(EACH_DAY, count), MOST_DAYS)
    return np.where(rng.random(count) < SAME_DAY, 0, later)


def _moment(end: datetime, days: int, hours: float) -> datetime:
    """Return an hour of the evening so many days after the visit; of the next one when the visit was still going on."""
    when = _evening(end.date() + timedelta(days=days), hours)
    return when if when > end else when + timedelta(days=1)


def _evening(day: date, hours: float) -> datetime:
    return datetime.combine(day, time(), UTC) + timedelta(minutes=round(60.0 * hours))


def _customer(region: Region, case: Case) -> str:
    return region.sites[region.site_of[case.call.asset]].customer
