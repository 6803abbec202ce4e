"""What the sample firm has agreed about its open jobs: when, how many go, and what is asked for now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from skillmatch.demo.catalogue import Nature
from skillmatch.demo.dice import pick
from skillmatch.demo.morning import Morning, is_working, working_day
from skillmatch.demo.visits import Case
from skillmatch.model import AnyOf, CertificationRequirement, Job, JobType, Need, Requirement, Risk

Open = Sequence[tuple[Job, Case]]
"""The open jobs, each with its case."""

SLOTS = ((8, 10), (8, 12), (9, 11), (10, 12), (12, 14), (13, 16), (14, 16))
"""Hours between which a visit is promised to begin."""
WORK_ENDS = 16.5
"""The hour by which a visit that begins in time should be over."""
PROMISED, AGREED = 0.75, 0.5
"""Shares of the jobs due in the coming days, and of the planned ones that are due later, with an appointment."""
HORIZON = 5
"""Working days ahead for which planned work is agreed."""
TOGETHER = 3
"""Open jobs on which two go, at least."""
HOSPITAL = "hospital"


def job_type(nature: Nature) -> JobType:
    """Return the type of a nature of call, with what is asked for now."""
    return JobType(nature.id, nature.name, asked(nature, nature.needs), nature.minutes, nature.risk, nature.crew)


def asked(nature: Nature, needs: Iterable[Need]) -> tuple[Need, ...]:
    """Return needs with the levels a nature prefers, the certifications it accepts instead, and those for two."""
    found: list[Need] = []
    for need in needs:
        if isinstance(need, Requirement) and need.skill in nature.preferred:
            need = replace(need, preferred_level=nature.preferred[need.skill])
        elif isinstance(need, CertificationRequirement) and need.type in nature.accepts:
            need = AnyOf((need, CertificationRequirement(nature.accepts[need.type])))
        elif isinstance(need, CertificationRequirement) and need.type in nature.both:
            need = replace(need, count=2)
        found.append(need)
    return tuple(found)


def needs_of(job: Job, nature: Nature) -> tuple[Need, ...]:
    """Return what a job asks for, of its own or by its type."""
    return job.requirements or asked(nature, nature.needs)


def agree(morning: Morning, open_jobs: Open) -> list[tuple[Job, Case]]:
    """Return the open jobs with what was agreed about them."""
    planned = sorted((job.id for job, _ in open_jobs if job.priority > 3))
    missing = morning.share(TOGETHER) - sum(morning.nature(case).crew > 1 for _, case in open_jobs)
    length = {job.id: -morning.nature(case).minutes for job, case in open_jobs if morning.nature(case).crew == 1}
    longest = sorted((id for id in planned if id in length), key=lambda id: (length[id], id))
    for_two = set(longest[: max(missing, 0)])
    return [(_agreed(morning, job, case, together=job.id in for_two), case) for job, case in open_jobs]


def _agreed(morning: Morning, job: Job, case: Case, *, together: bool) -> Job:
    nature, sectors = morning.nature(case), morning.firm.switchboard.region.sector
    job = _dated(morning, job, nature)
    if job.requirements or nature.either:
        job = replace(job, requirements=_chosen(nature, asked(nature, job.requirements or nature.needs)))
    # Nothing urgent is of ordinary risk in a hospital.
    if job.priority <= 2 and sectors[morning.site(case)] == HOSPITAL:
        job = replace(job, risk=Risk.HIGH)
    return replace(job, crew=2) if together else job


def _dated(morning: Morning, job: Job, nature: Nature) -> Job:
    """Return a job that is due on a working day unless it is an emergency, and perhaps has an hour.

    Hours are of later days only: at whatever time of today somebody looks, they are still to come.
    """
    rng, today, due = morning.rng, morning.today, job.due or morning.today
    if job.priority == 1:
        return job
    if not is_working(max(due, today)):
        due = working_day(max(due, today), int(job.priority > 2 and rng.random() < 0.5))
    tomorrow = today + timedelta(days=1)
    last = working_day(tomorrow, HORIZON - 1)
    if due > last and rng.random() < AGREED:
        due = working_day(tomorrow, int(rng.integers(0, HORIZON)))
    elif not today < due <= last or rng.random() > PROMISED:
        return replace(job, due=due)
    earliest, latest = pick(rng, [slot for slot in SLOTS if slot[0] + nature.minutes / 60.0 <= WORK_ENDS])
    return replace(job, due=due, earliest=_at(due, earliest), latest=_at(due, latest))


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def _chosen(nature: Nature, needs: Sequence[Need]) -> tuple[Need, ...]:
    """Return needs of which the dispatcher asks for either skill alone, where the nature says that one is enough."""
    those = tuple(need for need in needs if isinstance(need, Requirement) and need.skill in nature.either)
    return (AnyOf(those), *(need for need in needs if need not in those)) if len(those) > 1 else tuple(needs)
