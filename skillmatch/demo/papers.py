"""Papers of the sample firm besides certificates: revoked and excused ones, jobs refused, and wishes to learn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, time, timedelta

import numpy as np

from skillmatch.beliefs.evidence import CertificationRevoked, ExemptionGranted, JobDeclined, LearningWish
from skillmatch.demo.appointments import Open
from skillmatch.demo.dice import pick
from skillmatch.demo.morning import Morning
from skillmatch.demo.statements import leaders

REVOKED, EXEMPT, REFUSED = 3, 2, 6
"""Certifications revoked, exemptions granted and jobs refused in a firm of full size."""
FEWEST_HOLDERS = 3
"""Nobody loses a certification that hardly anybody else holds."""
WISHING, TAKEN_BACK = 0.35, 0.06
"""Shares of the staff with a wish to learn, and of the wishes that were taken back."""
WHY_REVOKED = (
    ("readings were noted that nobody had taken", None),
    ("isolated the wrong circuit; to be examined again", 60),
    ("worked without the second person", 30),
)
"""Why a certification was revoked, and for how many days; None for good."""
WHY_EXEMPT = (
    "exam booked; always together with a colleague until then",
    "passed on the first of the month, card to follow",
)
WHY_REFUSED = (
    "has been there twice and knows somebody better for it",
    "cannot be back in time for the school run",
    "the site asks for a car pass that has run out",
    "has no ladder on the van this week",
    "",
)
NOTES = ("", "", "has watched a colleague do it", "wishes to go on the maker's course", "asked in the yearly talk")


def revocations(morning: Morning, open_jobs: Open, booked: Collection[str]) -> Iterator[CertificationRevoked]:
    """Yield certifications that were taken away lately, of types that open jobs ask for, from people not `booked`."""
    rng, today = morning.rng, morning.today
    types = Counter(type for _, case in open_jobs for type in morning.nature(case).certifications)
    for number, type in enumerate([type for type, _ in types.most_common()][: morning.share(REVOKED)]):
        held = np.flatnonzero(morning.certified((type,), today) & morning.employed(today))
        those = [place for place in held if morning.staff.workers[place].id not in booked]
        if len(those) < FEWEST_HOLDERS:
            continue
        worker, day = morning.staff.workers[pick(rng, those)].id, today - timedelta(days=int(rng.integers(2, 20)))
        reason, days = WHY_REVOKED[number % len(WHY_REVOKED)]
        yield CertificationRevoked(
            id=f"revocation {number + 1}",
            worker=worker,
            time=datetime.combine(day, time(15), UTC),
            source="safety office",
            type=type,
            until=None if days is None else day + timedelta(days=days),
            reason=reason,
        )


def exemptions(morning: Morning, open_jobs: Open) -> Iterator[ExemptionGranted]:
    """Yield leave to work without a certification of one's own trade for some weeks; a team leader answers for it."""
    rng, today, staff = morning.rng, morning.today, morning.staff
    leader_of = leaders(staff)
    needed = {type for _, case in open_jobs for type in morning.nature(case).certifications}
    lacking = [
        (place, type)
        for place in np.flatnonzero(morning.employed(today))
        for type in morning.catalogue.trades[staff.trade[place]].certifications
        if type in needed and not morning.certified((type,), today)[place]
    ]
    led = [(place, type) for place, type in lacking if leader_of[staff.workers[place].team] != place]
    for number, choice in enumerate(rng.permutation(len(led))[: morning.share(EXEMPT)]):
        (place, type), day = led[choice], today - timedelta(days=int(rng.integers(1, 12)))
        yield ExemptionGranted(
            id=f"exemption {number + 1}",
            worker=staff.workers[place].id,
            time=datetime.combine(day, time(10), UTC),
            source="safety office",
            type=type,
            until=today + timedelta(days=int(rng.integers(10, 45))),
            granted_by=staff.workers[leader_of[staff.workers[place].team]].id,
            reason=WHY_EXEMPT[number % len(WHY_EXEMPT)],
        )


def refusals(morning: Morning, open_jobs: Open, booked: Collection[str]) -> Iterator[JobDeclined]:
    """Yield open jobs that were offered before today to somebody who could do them, and were refused."""
    rng, midnight = morning.rng, datetime.combine(morning.today, time(), UTC)
    offered = [(job, case) for job, case in open_jobs if job.created and job.created < midnight - timedelta(hours=4)]
    for number, place in enumerate(rng.permutation(len(offered))[: morning.share(REFUSED)]):
        job, case = offered[place]
        able = morning.able(case, morning.today)
        able &= np.array([worker.id not in booked for worker in morning.staff.workers])
        if not able.any() or job.created is None:
            continue
        best = np.argsort(-np.where(able, morning.liking(case), -np.inf))[: min(3, int(able.sum()))]
        day = midnight - timedelta(days=int(rng.integers(1, max(2, (midnight - job.created).days + 1))))
        asked = day + timedelta(minutes=int(rng.integers(8 * 60, 17 * 60)))
        yield JobDeclined(
            id=f"refusal {number + 1}",
            worker=morning.staff.workers[pick(rng, best.tolist())].id,
            time=max(asked, job.created + timedelta(minutes=int(rng.integers(10, 120)))),
            source="dispatch",
            job=job.id,
            reason=WHY_REFUSED[number % len(WHY_REFUSED)],
        )


def wishes(morning: Morning) -> Iterator[LearningWish]:
    """Yield wishes for skills not learned yet, of one's own trade or one near it."""
    rng, staff = morning.rng, morning.staff
    present = np.flatnonzero(morning.employed(morning.today))
    wishing = np.sort(rng.permutation(present)[: max(1, round(WISHING * len(present)))])
    wished = [(int(place), skill) for place in wishing for skill in _unlearned(morning, int(place))]
    for number, (place, skill) in enumerate(wished, start=1):
        day = morning.today - timedelta(days=int(rng.integers(3, 300)))
        yield LearningWish(
            id=f"wish {number}",
            worker=staff.workers[place].id,
            time=datetime.combine(day, time(11), UTC),
            source="staff talks",
            skill=skill,
            active=bool(rng.random() >= TAKEN_BACK),
            note=pick(rng, NOTES),
        )


def _unlearned(morning: Morning, place: int) -> list[str]:
    """Return up to three skills that somebody has not learned, mostly of her own trade."""
    rng, catalogue = morning.rng, morning.catalogue
    trade = catalogue.trades[morning.staff.trade[place]]
    likely = {**dict.fromkeys(trade.near, 1.0), trade.family: 4.0}
    weights = np.array([likely.get(catalogue.family[skill.id], 0.0) for skill in catalogue.skills])
    weights[morning.staff.learned[place]] = 0.0
    count = min(int(rng.integers(1, 4)), int((weights > 0.0).sum()))
    chosen = rng.choice(len(weights), count, replace=False, p=weights / weights.sum()) if count else ()
    return [catalogue.skills[skill].id for skill in chosen]
