"""What finished jobs turned out to be: each job with the outcomes that name a cause, kept up with by revision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlalchemy import Column, ColumnElement, and_, func, select

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.meaning import with_skills
from skillmatch.model import Asset, Job, Site
from skillmatch.store import schema
from skillmatch.store.log import TABLE
from skillmatch.store.rows import chunks
from skillmatch.store.versions import fact_of
from skillmatch.store.work import Work

JOB, SITE, ASSET = schema.job, schema.site, schema.asset
_COLUMNS = (TABLE.c.kind, TABLE.c.payload, TABLE.c.id, TABLE.c.worker, TABLE.c.time, TABLE.c.source)
# Inside a text of the payload quotation marks are escaped, so nothing that people write looks like this.
_NAMES_A_CAUSE = TABLE.c.payload.contains('"cause":"', autoescape=True)


class TurnedOut(NamedTuple):
    """A job with what it refers to, and its outcomes that count and name a cause, in canonical order."""

    job: Job
    site: Site | None
    asset: Asset | None
    outcomes: tuple[JobOutcome, ...]


class Outcomes(Work):
    """The part of a transaction that tells what jobs turned out to be."""

    def turned_out(self, *, since: int = -1) -> list[TurnedOut]:
        """Return jobs with a cause that somebody named, by id: all, or those that may be otherwise since a revision.

        Otherwise is a job of which an outcome was added, corrected or retracted, or that was changed itself, or whose
        site or asset was. Of these, those without any such outcome come too: with none.
        """
        self._check_newest("what jobs turned out to be")
        jobs = self._named() if since < 0 else self._otherwise(since)
        outcomes = self._causes_of(jobs)
        found = self.nouns(Job, jobs)
        sites = {one.id: one for one in self.nouns(Site, {job.site for job in found if job.site})}
        assets = {one.id: one for one in self.nouns(Asset, {job.asset for job in found if job.asset})}
        return [
            TurnedOut(job, sites.get(job.site or ""), assets.get(job.asset or ""), tuple(outcomes[job.id]))
            for job in found
        ]

    def count_causes(self) -> int:
        """Return how many outcomes count and name a cause."""
        wanted = and_(self._effective, self._with_cause)
        return int(self._execute(select(func.count()).select_from(TABLE).where(wanted)).scalar_one())

    @property
    def _with_cause(self) -> ColumnElement[bool]:
        return and_(TABLE.c.kind == JobOutcome.KIND, _NAMES_A_CAUSE)

    def _named(self) -> set[str]:
        return set(self._execute(select(TABLE.c.job).where(self._effective, self._with_cause).distinct()).scalars())

    def _otherwise(self, since: int) -> set[str]:
        """Return the jobs with an outcome, or of a kind, that was written after revision `since`."""
        newer = and_(TABLE.c.kind == JobOutcome.KIND, self._changed(since))
        found = set(self._execute(select(TABLE.c.job).where(newer).distinct()).scalars())
        found.update(self._execute(select(JOB.c.id).where(JOB.c.revision > since)).scalars())
        for table, place in ((SITE, JOB.c.site), (ASSET, JOB.c.asset)):
            changed = self._execute(select(table.c.id).where(table.c.revision > since)).scalars()
            found.update(self._jobs_at(place, sorted(changed)))
        return found

    def _jobs_at(self, place: Column[str], ids: Collection[str]) -> Iterable[str]:
        for part in chunks(ids):
            yield from self._execute(select(JOB.c.id).where(self._among(place, part))).scalars()

    def _causes_of(self, jobs: Collection[str]) -> dict[str, list[JobOutcome]]:
        found: dict[str, list[JobOutcome]] = defaultdict(list)
        for part in chunks(sorted(jobs)):
            wanted = and_(self._effective, self._with_cause, self._among(TABLE.c.job, part))
            for row in self._execute(select(*_COLUMNS).where(wanted)):
                fact = with_skills(fact_of(row), self.meanings.into)
                if isinstance(fact, JobOutcome) and fact.cause is not None:
                    found[fact.job].append(fact)
        for own in found.values():
            own.sort(key=lambda fact: fact.order)
        return found
