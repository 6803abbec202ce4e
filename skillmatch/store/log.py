"""The log of evidence: facts are added; a later version or a retraction supersedes an earlier one; none is removed.

`versioned` tells which rows count, `disputes` which of them are said to be wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, update

from skillmatch.beliefs.evidence import ABOUT_FACTS, CertificationGranted, Evidence, JobOutcome
from skillmatch.beliefs.meaning import named, with_skills
from skillmatch.errors import NotFound
from skillmatch.model import Merge
from skillmatch.store import schema
from skillmatch.store.disputes import Disputes
from skillmatch.store.rows import chunks, printable, to_json
from skillmatch.store.versions import Appended, Key, Step, Version, fact_of

TABLE = schema.evidence
_COLUMNS = (TABLE.c.kind, TABLE.c.payload, TABLE.c.id, TABLE.c.worker, TABLE.c.time, TABLE.c.source)
_ORDER = (TABLE.c.time, TABLE.c.source, TABLE.c.id)
MOST_NAMED = 50
"""So many skills are looked for in the texts of facts at once."""


class Log(Disputes):
    """The part of a transaction that keeps evidence."""

    def append(self, evidence: Sequence[Evidence], *, revision: int) -> Appended:
        """Add facts in their order; each supersedes the earlier version of its key (source, id).

        A fact that says what the latest version says is unchanged, also when that one was retracted meanwhile. So
        is a key that comes several times when its last version is already there: an import done twice adds nothing.

        Raises
        ------
        NotFound
            When a worker, or the target of a retraction, dispute or decision, is not in the database.
        Conflict
            When a key changes its kind, or one of those fits neither its target nor its own earlier version.
        """
        done = Appended()
        settled = self._settled(evidence)
        for part in chunks(evidence):
            self._append_part(part, settled, done, revision)
        self._settle(done.workers, revision)
        return done

    def _settled(self, evidence: Sequence[Evidence]) -> set[Key]:
        """Return the keys that come more than once and end with what the log already says."""
        seen: set[Key] = set()
        last: dict[Key, Evidence] = {}
        for fact in evidence:
            if fact.key in seen:
                last[fact.key] = fact
            seen.add(fact.key)
        latest = self._latest(last)
        return {key for key in latest if latest[key].says_the_same(Version.of(last[key]))}

    def _append_part(self, part: list[Evidence], settled: set[Key], done: Appended, revision: int) -> None:
        targets = {fact.target for fact in part if isinstance(fact, ABOUT_FACTS)}
        versions = self._latest({fact.key for fact in part} | targets)
        step = Step(versions, done)
        for fact in part:
            step.take(fact, settled)
        self._check_workers(step.fresh)
        for seqs in chunks(step.outdated):
            marks = update(TABLE).where(self._among(TABLE.c.seq, seqs)).values(superseded=True, revision=revision)
            self._execute(marks)
        self._write(TABLE, [version.row(revision) for version in step.fresh])

    def _check_workers(self, fresh: list[Version]) -> None:
        named = {version.worker: version for version in fresh}
        ids = schema.worker.c.id
        known = set(self._execute(select(ids).where(self._among(ids, sorted(named)))).scalars()) if named else set()
        if unknown := sorted(named.keys() - known):
            version = named[unknown[0]]
            missing = NotFound.named("worker", version.worker, self._execute(select(ids)).scalars())
            raise NotFound(f"evidence {version.id!r} of source {version.source!r}: {missing}; save the worker first")

    def find_evidence(self, source: str, id: str) -> Evidence | None:
        """Return the latest version of a key as it was recorded, whether it counts or not; None where there is none."""
        version = self._version(source, id)
        return None if version is None else fact_of(version)

    def latest(self, keys: Iterable[Key]) -> dict[Key, Evidence]:
        """Return the latest version of each of these keys that is there, as `find_evidence` does."""
        versions = self._latest({key for key in keys if printable(*key)})
        return {key: fact_of(version) for key, version in versions.items()}

    def is_retracted(self, source: str, id: str) -> bool:
        """Return whether the fact with this key is there and no longer counts: retracted, or set aside."""
        version = self._version(source, id)
        return version is not None and version.superseded

    def _version(self, source: str, id: str) -> Version | None:
        return self._latest([(source, id)]).get((source, id)) if printable(source, id) else None

    def evidence_of(self, worker: str) -> list[Evidence]:
        """Return what counts of a worker's evidence: latest versions, not retracted, in canonical order."""
        return self._facts(TABLE.c.worker == worker) if printable(worker) else []

    def evidence_by_worker(self, workers: Iterable[str]) -> dict[str, list[Evidence]]:
        """Return what counts of the evidence of those of some workers who have any, each in canonical order."""
        found: dict[str, list[Evidence]] = {}
        for part in chunks(sorted(filter(printable, set(workers)))):
            for fact in self._facts(self._among(TABLE.c.worker, part)):
                found.setdefault(fact.worker, []).append(fact)
        return found

    def count_outcomes(self) -> int:
        """Return how many job outcomes count."""
        wanted = self._effective & (TABLE.c.kind == JobOutcome.KIND)
        return int(self._execute(select(func.count()).select_from(TABLE).where(wanted)).scalar_one())

    def job_outcomes(self, job: str) -> list[JobOutcome]:
        """Return the outcomes of a job that count, in canonical order."""
        facts = self._facts(TABLE.c.job == job) if printable(job) else []
        return [fact for fact in facts if isinstance(fact, JobOutcome)]

    def outcomes_by_job(self, jobs: Iterable[str]) -> dict[str, list[JobOutcome]]:
        """Return the outcomes that count of those of some jobs that have any, each in canonical order."""
        found: dict[str, list[JobOutcome]] = {}
        for part in chunks(sorted(filter(printable, set(jobs)))):
            for fact in self._facts(self._among(TABLE.c.job, part)):
                if isinstance(fact, JobOutcome) and fact.job is not None:
                    found.setdefault(fact.job, []).append(fact)
        return found

    def facts(self, kinds: Collection[str], *, since: int = -1, workers: Iterable[str] | None = None) -> list[Evidence]:
        """Return the facts of these kinds that count, in canonical order: all, those newer than `since`, of `workers`.

        Parameters
        ----------
        kinds
            Names of kinds, such as "certification"; those in `KINDS` of `beliefs.evidence`.
        """
        wanted = self._of_kinds(kinds, since)
        if workers is None:
            return self._facts(wanted)
        parts = chunks(sorted(filter(printable, set(workers))))
        facts = [fact for part in parts for fact in self._facts(and_(wanted, self._among(TABLE.c.worker, part)))]
        return sorted(facts, key=lambda fact: fact.order)

    def workers_with(self, kinds: Collection[str], *, since: int = -1) -> set[str]:
        """Return the workers of whom a fact of these kinds was added, corrected or retracted after revision `since`."""
        wanted = self._of_kinds(kinds, since)
        return set(self._execute(select(TABLE.c.worker).where(wanted).distinct()).scalars())

    def _of_kinds(self, kinds: Collection[str], since: int) -> ColumnElement[bool]:
        return and_(TABLE.c.kind.in_(sorted(kinds)), self._changed(since))

    def certifications(self, *, since: int = -1, workers: Iterable[str] | None = None) -> list[CertificationGranted]:
        """Return the certifications that count, in canonical order: all, or those newer than `since`, of `workers`."""
        facts = self.facts([CertificationGranted.KIND], since=since, workers=workers)
        return [fact for fact in facts if isinstance(fact, CertificationGranted)]

    def changed_workers(self, *, since: int) -> set[str]:
        """Return the workers whose evidence was added, corrected or retracted, or came to mean another skill, after
        revision `since`.
        """
        own = set(self._execute(select(TABLE.c.worker).where(self._changed(since)).distinct()).scalars())
        return own | self.remeant_workers(since=since)

    def remeant_workers(self, *, since: int) -> set[str]:
        """Return the workers whose evidence names a skill that was merged, or taken apart, after revision `since`."""
        merges = self.recorded(Merge, since=since)
        skills = self.meanings.names_of(skill for merge in merges for skill in (merge.skill, merge.into))
        return {fact.worker for fact in self.facts_naming(skills)}

    def facts_naming(self, skills: Collection[str]) -> list[Evidence]:
        """Return the facts that count and name one of these skills, as they were recorded, in canonical order."""
        found: dict[Key, Evidence] = {}
        for part in chunks(sorted(skills), MOST_NAMED):
            # The text may say such a word for another reason; what is found is looked at.
            wanted = or_(*(TABLE.c.payload.contains(to_json(skill), autoescape=True) for skill in part))
            for row in self._execute(select(*_COLUMNS).where(self._effective, wanted)):
                fact = fact_of(row)
                if not named(fact).isdisjoint(part):
                    found[fact.key] = fact
        return sorted(found.values(), key=lambda fact: fact.order)

    def evidence(self, *, as_recorded: bool = False) -> Iterator[tuple[str, list[Evidence]]]:
        """Yield each worker with what counts of her evidence, by worker id, without holding all of it.

        With `as_recorded`, merged skills are named as in the log.
        """
        meant = None if as_recorded else self.meanings.into
        statement = select(*_COLUMNS).where(self._effective).order_by(TABLE.c.worker, *_ORDER)
        for worker, rows in groupby(self._stream(statement), key=lambda row: str(row.worker)):
            yield worker, [fact_of(row, meant) for row in rows]

    def facts_of(self, cls: type[Evidence], workers: Collection[str] | None = None) -> Iterator[Evidence]:
        """Yield the facts of one kind by worker, as recorded, without holding all of them: all, or those of `workers`.

        Those that count; of what was said of facts (retractions, disputes, decisions) what was not taken back.
        """
        counts = and_(self._known, not_(self._superseded), TABLE.c.kind == cls.KIND)
        parts = [None] if workers is None else chunks(sorted(filter(printable, workers)))
        for part in parts:
            wanted = counts if part is None else and_(counts, self._among(TABLE.c.worker, part))
            statement = select(*_COLUMNS).where(wanted).order_by(TABLE.c.worker, *_ORDER)
            yield from map(fact_of, self._stream(statement))

    def log(self) -> Iterator[Evidence]:
        """Yield everything ever appended, as recorded and in that order: superseded versions and retractions too.

        What was only added once more when it counted again is left out.
        """
        columns = [TABLE.c[name] for name in Version.__slots__]
        rows = self._stream(select(*columns).where(self._known).order_by(TABLE.c.seq))
        return self._once(Version(**row._mapping) for row in rows)

    def _facts(self, wanted: ColumnElement[bool]) -> list[Evidence]:
        statement = select(*_COLUMNS).where(self._effective, wanted).order_by(*_ORDER)
        meant = self.meanings.into
        return [fact_of(row, meant) for row in self._execute(statement)]

    def meant(self, fact: Evidence) -> Evidence:
        """Return the fact as it is read now: with the skills that merged ones became."""
        return with_skills(fact, self.meanings.into) if self.meanings else fact
