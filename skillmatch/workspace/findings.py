"""What finished jobs turned out to be, in memory: brought up to the database's revision finding by finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, tzinfo

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.observation import Result
from skillmatch.causes import WENT_WITH
from skillmatch.matching.diagnosis.counts import Counts
from skillmatch.matching.diagnosis.nouns import Call, Finding
from skillmatch.matching.diagnosis.weights import DEFAULTS, Weights
from skillmatch.model import Asset, Cause, Job, Question, Site
from skillmatch.store.diagnoses import Learned
from skillmatch.store.outcomes import TurnedOut
from skillmatch.store.store import Transaction

CLOSING = frozenset({Result.FIRST_TIME_FIX, Result.WITH_HELP, Result.REWORK})
"""Results after which the job is done; after the others somebody still has to go."""
DAYS_A_YEAR = 365.25
OLDEST = 1000.0
"""Years; a machine that is older, or was put in after the call, has a wrong day on record and no age."""


def call_of(job: Job, site: Site | None, asset: Asset | None, *, otherwise: datetime, zone: tzinfo) -> Call:
    """Return what was known when somebody called; `otherwise` is when, where the job does not say."""
    day = (job.created or otherwise).astimezone(zone).date()
    age = (day - asset.installed).days / DAYS_A_YEAR if asset and asset.installed else None
    return Call(
        job.text,
        job.type or None,
        asset.type or None if asset else None,
        age if age is not None and 0.0 <= age <= OLDEST else None,
        site.kind or None if site else None,
        day.month,
        {question: yes for question, yes in job.answers if not question.startswith(WENT_WITH)},
    )


def finding_of(found: TurnedOut, zone: tzinfo) -> Finding | None:
    """Return what a job turned out to be: what the last outcome says that closed it and names a cause.

    Who could not finish names what she takes for the cause; only who closed the job has seen it work again.
    """
    closing = [fact for fact in found.outcomes if fact.result in CLOSING]
    if not closing:
        return None
    last: JobOutcome = closing[-1]
    call = call_of(found.job, found.site, found.asset, otherwise=last.time, zone=zone)
    return Finding(call, last.cause or "", last.minutes or None, last.used)


class Findings:
    """The findings of all jobs and their counts as of one revision, with what the company lists and has learned.

    After any writes these equal, to the bit, those of a process that has read all anew: counts are whole numbers.
    """

    def __init__(self, transaction: Transaction, zone: tzinfo) -> None:
        self.zone = zone
        self.by_job: dict[str, Finding] = {}
        self.counts = Counts()
        self.causes: dict[str, tuple[Cause, ...]] = {}
        self.questions: tuple[Question, ...] = ()
        self.meanings = transaction.meanings
        self.revision = -1
        self.refresh(transaction)

    def refresh(self, transaction: Transaction) -> None:
        """Take in what was written since; whatever fails on the way leaves everything as it was."""
        revision = transaction.revision()
        if revision == self.revision:
            return
        if transaction.meanings != self.meanings:
            self._forget(transaction)
        newer = {one.job.id: finding_of(one, self.zone) for one in transaction.turned_out(since=self.revision)}
        causes = transaction.nouns(Cause, since=self.revision)
        questions = transaction.nouns(Question, since=self.revision)
        if causes:
            self.causes = _listed(transaction.nouns(Cause))
        if questions:
            self.questions = tuple(one for one in transaction.nouns(Question) if one.active)
        for job, finding in newer.items():
            self._put(job, finding)
        self.revision = revision

    def _forget(self, transaction: Transaction) -> None:
        """Begin anew: skills that were merged or parted change findings that were not written again."""
        self.by_job, self.counts, self.revision = {}, Counts(), -1
        self.meanings = transaction.meanings

    def _put(self, job: str, finding: Finding | None) -> None:
        before = self.by_job.pop(job, None)
        if before is not None:
            self.counts.remove(before)
        if finding is not None:
            self.counts.add(finding)
            self.by_job[job] = finding

    def listed(self, call: Call) -> tuple[Cause, ...]:
        """Return the causes that the company lists for the job type of a call."""
        return self.causes.get(call.job_type or "", ())

    def asked(self, call: Call) -> tuple[Question, ...]:
        """Return the questions that the company lists for the job type of a call, or for any."""
        return tuple(one for one in self.questions if one.job_type in (None, call.job_type))

    def in_order(self) -> list[Finding]:
        """Return all findings, by the id of their job."""
        return [finding for _job, finding in sorted(self.by_job.items())]


def _listed(causes: list[Cause]) -> dict[str, tuple[Cause, ...]]:
    found: dict[str, list[Cause]] = {}
    for cause in causes:
        if cause.active:
            found.setdefault(cause.job_type, []).append(cause)
    return {job_type: tuple(own) for job_type, own in found.items()}


def weights_of(learned: Learned | None) -> Weights:
    """Return how strongly signs speak for causes, as learned; as shipped as long as nothing was."""
    return from_record(learned.record) if learned else DEFAULTS


def to_record(weights: Weights) -> dict[str, float]:
    """Return weights as plain values."""
    return {one.name: getattr(weights, one.name) for one in fields(Weights)}


def from_record(record: Mapping[str, float]) -> Weights:
    """Return the weights that a record describes; what it does not name, or nobody knows any more, is as shipped."""
    known = {one.name for one in fields(Weights)}
    return Weights(**{name: value for name, value in record.items() if name in known})  # type: ignore[arg-type]
