"""Whom callers of the sample firm ask for or want no more, and which language one has to speak with them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from skillmatch.beliefs.observation import Result
from skillmatch.demo.appointments import Open, needs_of
from skillmatch.demo.morning import Morning
from skillmatch.demo.visits import NOT_DONE, Case
from skillmatch.model import Job, LanguageRequirement

ASKED_FOR, NOT_AGAIN, SPEAKING = 5, 3, 2
"""Open jobs with a worker asked for, with one not wanted again, and customers whose jobs ask for a language."""
FEWEST_SPEAKERS = 4
"""So many speak a language and can do the work, so that somebody is there on most days."""


@dataclass(slots=True)
class Visitors:
    """Who was at a site: places of workers, with how often it went well and how often it did not."""

    well: Counter[int] = field(default_factory=Counter)
    badly: Counter[int] = field(default_factory=Counter)


def ask_for(morning: Morning, open_jobs: Open) -> list[tuple[Job, Case]]:
    """Return the open jobs with the workers and the languages that some of them ask for."""
    return _speaking(morning, _named(morning, open_jobs))


def _named(morning: Morning, open_jobs: Open) -> list[tuple[Job, Case]]:
    """Some callers ask for whoever helped them before; some want no more whoever did not."""
    known, found = _visitors(morning.cases, morning), list(open_jobs)
    wanted, unwanted = morning.share(ASKED_FOR), morning.share(NOT_AGAIN)
    for number in morning.rng.permutation(len(found)):
        job, case = found[number]
        able, at = morning.able(case, max(job.due or morning.today, morning.today)), known[morning.site(case)]
        good = [morning.staff.workers[worker].id for worker, _ in at.well.most_common() if able[worker]]
        bad = [morning.staff.workers[worker].id for worker in at.badly if able[worker] and not at.well[worker]]
        if bad and unwanted > 0:
            job, unwanted = replace(job, excluded=(bad[0],)), unwanted - 1
        elif good and wanted > 0:
            job, wanted = replace(job, preferred=(good[0],)), wanted - 1
        found[number] = (job, case)
    return found


def _visitors(cases: Sequence[Case], morning: Morning) -> dict[int, Visitors]:
    """Return who has been at each site."""
    known: dict[int, Visitors] = defaultdict(Visitors)
    for case in cases:
        at = known[morning.site(case)]
        for visit in case.visits:
            if visit.result is Result.FIRST_TIME_FIX:
                at.well[visit.worker] += 1
            elif visit.result in NOT_DONE:
                at.badly[visit.worker] += 1
    return known


def _speaking(morning: Morning, open_jobs: Open) -> list[tuple[Job, Case]]:
    """With some customers one has to speak a language of which the firm has speakers who can do the work."""
    of_customer: dict[str, list[tuple[Job, Case]]] = defaultdict(list)
    for job, case in open_jobs:
        of_customer[job.customer or ""].append((job, case))
    asked: dict[str, str] = {}
    for number in morning.rng.permutation(len(of_customer)):
        customer, own = sorted(of_customer.items())[number]
        language, speakers = _language(morning, [case for _, case in own])
        alone = all(job.priority > 1 and job.crew is None and morning.nature(case).crew == 1 for job, case in own)
        if len(asked) < morning.share(SPEAKING) and speakers >= FEWEST_SPEAKERS and alone:
            asked[customer] = language
    return [(_in_language(morning, job, case, asked.get(job.customer or "")), case) for job, case in open_jobs]


def _in_language(morning: Morning, job: Job, case: Case, language: str | None) -> Job:
    if language is None:
        return job
    return replace(job, requirements=(*needs_of(job, morning.nature(case)), LanguageRequirement(language)))


def _language(morning: Morning, cases: Sequence[Case]) -> tuple[str, int]:
    """Return the language but English that most of those speak who can do all of these, and how many they are."""
    able = np.logical_and.reduce([morning.able(case, morning.today) for case in cases])
    spoken = Counter(x for place in np.flatnonzero(able) for x in morning.staff.workers[place].languages if x != "en")
    return min(spoken.items(), key=lambda each: (-each[1], each[0]), default=("", 0))
