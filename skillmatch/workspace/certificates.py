"""The use-cases of who decides and who plans: claims with what is known about them, certificates that run out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from skillmatch.beliefs.evidence import day_number
from skillmatch.claims import CertificateClaim, Claim, ClaimStatus, LevelClaim
from skillmatch.errors import Invalid
from skillmatch.matching.inferred import skill_view
from skillmatch.model import (
    Certification,
    CertificationRequirement,
    Job,
    JobStatus,
    JobType,
    Need,
    PlainNeed,
    Worker,
    plain_needs,
)
from skillmatch.store.store import Transaction
from skillmatch.workspace.answers import Proficiency
from skillmatch.workspace.reach import Reach
from skillmatch.workspace.resident import Resident

MOST_DAYS = 3660
MOST_OPEN_JOBS = 1000

Sees = Callable[[Worker], bool]


@dataclass(frozen=True, slots=True)
class RunsOut:
    """The last certificate of a type that a worker holds, and it ends.

    `days` from today to its last day, negative when it has passed; `jobs` are the open jobs that need it, `promised`
    those of them that she is promised to; `renewal` a claim of hers that waits to be decided; `excused` the last day of
    an exemption.
    """

    worker: Worker
    certification: Certification
    days: int
    jobs: tuple[Job, ...]
    promised: tuple[Job, ...]
    renewal: Claim | None
    excused: date | None

    @property
    def urgency(self) -> tuple[bool, bool, int, str, str]:
        """The expired ones first, among these the newest; then by the days that are left."""
        expired = self.days < 0
        return (not expired, not self.promised, abs(self.days), self.certification.type, self.worker.id)


@dataclass(frozen=True, slots=True)
class Holder:
    """A colleague who has what is claimed; `level` where it is a level."""

    worker: Worker
    level: float | None = None


@dataclass(frozen=True, slots=True)
class ClaimCase:
    """A claim with what speaks for it.

    `media` is that of its file, "" without one. For a level: `proficiency` is what is believed, `pieces` of evidence of
    her own it rests on. For a certificate: `held` are those of the type that she has. `holders` are others who have it
    and are seen, the best first; `jobs` counts the open jobs that ask for it.
    """

    claim: Claim
    worker: Worker
    media: str
    holders: tuple[Holder, ...]
    jobs: int
    proficiency: Proficiency | None = None
    pieces: int = 0
    held: tuple[Certification, ...] = ()


class Papers:
    """What is known about claims and certificates."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    def types(self) -> tuple[str, ...]:
        """Return the types of certificates that anybody holds or a job type asks for, by name."""
        reach = self._reach
        with reach.lock, reach.store.read() as transaction:
            roster = reach.fresh(transaction).roster
            held = {type for worker in roster.workers for type in roster.types_of(worker)}
            asked = {type for job_type in transaction.nouns(JobType) for type in _types(job_type.requirements)}
        return tuple(sorted(held | asked, key=str.casefold))

    def running_out(self, days: int | None, *, sees: Sees) -> tuple[RunsOut, ...]:
        """Return the certificates that end within so many days or have ended, None for all that end at all.

        Of those who are with the firm today and are seen; what was renewed is left out.

        Raises
        ------
        Invalid
            For a number of days that is none.
        """
        if days is not None and not 0 <= days <= MOST_DAYS:
            raise Invalid(f"{days} days were asked for: expected 0 to {MOST_DAYS}")
        reach, today = self._reach, self._reach.today()
        with reach.lock, reach.store.read() as transaction:
            resident = reach.fresh(transaction)
            asking = _asking(transaction)
            open_claims = transaction.claims(status=ClaimStatus.OPEN)
            found = []
            for worker in resident.roster.workers.values():
                if not (worker.active_on(today) and sees(worker)):
                    continue
                for held in _ending(worker, resident, today, days):
                    found.append(_runs_out(worker, held, today, resident, asking, open_claims))
        return tuple(sorted(found, key=lambda one: one.urgency))

    def cases(self, *, sees: Sees) -> tuple[ClaimCase, ...]:
        """Return the claims that wait to be decided of workers who are seen, the oldest first, with what is known."""
        reach = self._reach
        with reach.lock, reach.store.read() as transaction:
            resident = reach.fresh(transaction)
            people = resident.roster.workers
            claims = [one for one in transaction.claims(status=ClaimStatus.OPEN) if sees(people[one.worker])]
            medias = transaction.attachment_medias({one.attachment for one in claims if one.attachment})
            jobs = _open_jobs(transaction)
            return tuple(
                _case(one, people[one.worker], medias.get(one.attachment or "", ""), resident, jobs, reach, sees)
                for one in claims
            )


def _types(needs: Sequence[Need]) -> set[str]:
    return {need.type for need in plain_needs(needs) if isinstance(need, CertificationRequirement)}


def _open_jobs(transaction: Transaction) -> list[tuple[Job, tuple[PlainNeed, ...]]]:
    """Return the open jobs, the most urgent first, each with all that it needs in plain parts."""
    types = {type.id: type for type in transaction.nouns(JobType)}
    jobs, _total = transaction.find_jobs(status=JobStatus.OPEN, limit=MOST_OPEN_JOBS)
    found = []
    for job in jobs:
        type = types.get(job.type or "")
        found.append((job, tuple(plain_needs(job.requirements or (type.requirements if type else ())))))
    return found


def _asking(transaction: Transaction) -> dict[str, list[Job]]:
    """Return the open jobs by the types of certificates they need, the most urgent first."""
    found: dict[str, list[Job]] = {}
    for job, needs in _open_jobs(transaction):
        for type in sorted({need.type for need in needs if isinstance(need, CertificationRequirement)}):
            found.setdefault(type, []).append(job)
    return found


def _ending(worker: Worker, resident: Resident, today: date, days: int | None) -> Iterable[Certification]:
    """Yield of each type the certificate of a worker that lasts longest, where it ends in time."""
    for type in resident.roster.types_of(worker.id):
        held = resident.roster.certifications(worker.id, type)
        last = max(held, key=lambda one: (one.expires is None, one.expires or date.max, one.issued), default=None)
        if last is not None and last.expires is not None and (days is None or (last.expires - today).days <= days):
            yield last


def _runs_out(
    worker: Worker,
    held: Certification,
    today: date,
    resident: Resident,
    asking: dict[str, list[Job]],
    claims: Collection[Claim],
) -> RunsOut:
    assert held.expires is not None
    jobs = tuple(asking.get(held.type, ()))
    booked = resident.roster.calendar.bookings.get(worker.id, {})
    renewal = (one for one in claims if one.worker == worker.id and one.what.about == ("certificate", held.type))
    exemption = resident.roster.exemption(worker.id, held.type, today)
    return RunsOut(
        worker,
        held,
        (held.expires - today).days,
        jobs,
        tuple(job for job in jobs if job.id in booked),
        next(renewal, None),
        None if exemption is None else exemption.until,
    )


def _case(
    claim: Claim,
    worker: Worker,
    media: str,
    resident: Resident,
    jobs: Collection[tuple[Job, tuple[PlainNeed, ...]]],
    reach: Reach,
    sees: Sees,
) -> ClaimCase:
    if isinstance(claim.what, CertificateClaim):
        return _certificate_case(claim, claim.what, worker, media, resident, jobs, reach, sees)
    return _level_case(claim, claim.what, worker, media, resident, jobs, reach, sees)


def _certificate_case(
    claim: Claim,
    what: CertificateClaim,
    worker: Worker,
    media: str,
    resident: Resident,
    jobs: Collection[tuple[Job, tuple[PlainNeed, ...]]],
    reach: Reach,
    sees: Sees,
) -> ClaimCase:
    roster, today = resident.roster, reach.today()
    others = (one for one in roster.workers.values() if one.id != worker.id and one.active_on(today) and sees(one))
    holders = tuple(Holder(one) for one in others if roster.certified(one.id, what.type, today))
    wanted = sum(any(getattr(need, "type", None) == what.type for need in needs) for _job, needs in jobs)
    own = sorted(roster.certifications(worker.id, what.type), key=lambda one: one.issued)
    return ClaimCase(claim, worker, media, holders, wanted, held=tuple(own))


def _level_case(
    claim: Claim,
    what: LevelClaim,
    worker: Worker,
    media: str,
    resident: Resident,
    jobs: Collection[tuple[Job, tuple[PlainNeed, ...]]],
    reach: Reach,
    sees: Sees,
) -> ClaimCase:
    table, roster, moment = resident.table, resident.roster, day_number(reach.now())
    skill = resident.graph.merged.get(what.skill, what.skill)
    view = skill_view(table, roster, skill, day=reach.today(), moment=moment)
    levels = view.levels(0)
    fit = np.flatnonzero(view.touched(0) & roster.active_on(reach.today()) & (levels >= what.level))
    found = (Holder(roster.workers[table.workers[int(place)]], float(levels[place])) for place in fit)
    holders = sorted(
        (one for one in found if one.worker.id != worker.id and sees(one.worker)),
        key=lambda one: (-(one.level or 0.0), one.worker.id),
    )
    state = table.state(worker.id)
    own = state.skills.get(skill)
    wanted = sum(any(getattr(need, "skill", None) == skill for need in needs) for _job, needs in jobs)
    return ClaimCase(
        claim,
        worker,
        media,
        tuple(holders),
        wanted,
        Proficiency.in_skill(state, skill, moment, table.params),
        0 if own is None else own.uses,
    )
