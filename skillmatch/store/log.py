"""The log of evidence: facts are added; a later version or a retraction supersedes an earlier one; none is removed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, not_, select, update

from skillmatch.beliefs.evidence import (
    CertificationGranted,
    Evidence,
    JobOutcome,
    Retraction,
    from_payload,
    to_payload,
)
from skillmatch.errors import Conflict, NotFound
from skillmatch.store import schema
from skillmatch.store.rows import Rows, chunks, micros, moment, printable, to_json

Key = tuple[str, str]

TABLE = schema.evidence
_COLUMNS = (TABLE.c.kind, TABLE.c.payload, TABLE.c.id, TABLE.c.worker, TABLE.c.time, TABLE.c.source)
_ORDER = (TABLE.c.time, TABLE.c.source, TABLE.c.id)
_EFFECTIVE = and_(not_(TABLE.c.superseded), TABLE.c.kind != Retraction.KIND)


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of each fact, "added", "changed" or "unchanged", and the workers to be folded anew."""

    status: list[str] = field(default_factory=list)
    workers: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Version:
    """One row of the log; `seq` is None until it is written."""

    seq: int | None
    source: str
    id: str
    worker: str
    kind: str
    time: int
    payload: str
    job: str | None = None
    superseded: bool = False

    @classmethod
    def of(cls, fact: Evidence) -> Version:
        """Return the row for a fact."""
        job = fact.job if isinstance(fact, JobOutcome) else None
        payload = to_json(to_payload(fact))
        return cls(None, fact.source, fact.id, fact.worker, fact.KIND, micros(fact.time), payload, job)

    def says_the_same(self, other: Version) -> bool:
        """Return whether two versions of a key agree; the level 3 is the level 3.0."""
        if (self.worker, self.kind, self.time) != (other.worker, other.kind, other.time):
            return False
        return self.payload == other.payload or bool(json.loads(self.payload) == json.loads(other.payload))

    def row(self, revision: int) -> dict[str, Any]:
        """Return the values to insert."""
        return {
            "source": self.source,
            "id": self.id,
            "worker": self.worker,
            "kind": self.kind,
            "time": self.time,
            "payload": self.payload,
            "job": self.job,
            "superseded": self.superseded,
            "revision": revision,
        }


class Log(Rows):
    """The part of a transaction that keeps evidence."""

    def append(self, evidence: Sequence[Evidence], *, revision: int) -> Appended:
        """Add facts in their order; each supersedes the earlier version of its key (source, id).

        A fact that says what the latest version says is unchanged, also when that one was retracted meanwhile. So
        is a key that comes several times when its last version is already there: an import done twice adds nothing.

        Raises
        ------
        NotFound
            When a worker or the target of a retraction is not in the database.
        Conflict
            When a key changes its kind, or a retraction fits neither its target nor its own earlier version.
        """
        done = Appended()
        settled = self._settled(evidence)
        for part in chunks(evidence):
            self._append_part(part, settled, done, revision)
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
        targets = {fact.target for fact in part if isinstance(fact, Retraction)}
        versions = self._latest({fact.key for fact in part} | targets)
        step = _Step(versions, done)
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

    def _latest(self, keys: Collection[Key]) -> dict[Key, Version]:
        """Return the latest version of each key that the log has."""
        columns = [TABLE.c[name] for name in Version.__slots__]
        ids: dict[str, list[str]] = {}
        for source, id in keys:
            ids.setdefault(source, []).append(id)
        found: dict[Key, Version] = {}
        # By source, since SQLite reads the whole log for a list of pairs; it would also do so if asked to sort.
        for source in ids:
            for part in chunks(ids[source]):
                wanted = and_(TABLE.c.source == source, self._among(TABLE.c.id, part))
                for row in sorted(self._execute(select(*columns).where(wanted)), key=attrgetter("seq")):
                    found[source, row.id] = Version(**row._mapping)
        return found

    def find_evidence(self, source: str, id: str) -> Evidence | None:
        """Return the latest version of a key, whether it counts or not; None where there is none."""
        version = self._version(source, id)
        return None if version is None else _fact(version)

    def is_retracted(self, source: str, id: str) -> bool:
        """Return whether the fact with this key is there and no longer counts."""
        version = self._version(source, id)
        return version is not None and version.superseded

    def _version(self, source: str, id: str) -> Version | None:
        return self._latest([(source, id)]).get((source, id)) if printable(source, id) else None

    def evidence_of(self, worker: str) -> list[Evidence]:
        """Return what counts of a worker's evidence: latest versions, not retracted, in canonical order."""
        return self._facts(TABLE.c.worker == worker) if printable(worker) else []

    def count_outcomes(self) -> int:
        """Return how many job outcomes count."""
        wanted = _EFFECTIVE & (TABLE.c.kind == JobOutcome.KIND)
        return int(self._execute(select(func.count()).select_from(TABLE).where(wanted)).scalar_one())

    def job_outcomes(self, job: str) -> list[JobOutcome]:
        """Return the outcomes of a job that count, in canonical order."""
        facts = self._facts(TABLE.c.job == job) if printable(job) else []
        return [fact for fact in facts if isinstance(fact, JobOutcome)]

    def certifications(self, *, since: int = -1, workers: Iterable[str] | None = None) -> list[CertificationGranted]:
        """Return the certifications that count, in canonical order: all, or those newer than `since`, of `workers`."""
        wanted = _certifications_since(since)
        if workers is None:
            facts = self._facts(wanted)
        else:
            parts = chunks(sorted(set(workers)))
            facts = [fact for part in parts for fact in self._facts(and_(wanted, self._among(TABLE.c.worker, part)))]
            facts.sort(key=lambda fact: fact.order)
        return [fact for fact in facts if isinstance(fact, CertificationGranted)]

    def certification_changes(self, since: int) -> set[str]:
        """Return the workers whose certifications were granted, corrected or retracted after revision `since`."""
        return set(self._execute(select(TABLE.c.worker).where(_certifications_since(since)).distinct()).scalars())

    def evidence(self) -> Iterator[tuple[str, list[Evidence]]]:
        """Yield each worker with what counts of her evidence, by worker id, without holding all of it."""
        statement = select(*_COLUMNS).where(_EFFECTIVE).order_by(TABLE.c.worker, *_ORDER)
        for worker, rows in groupby(self._stream(statement), key=lambda row: str(row.worker)):
            yield worker, [_fact(row) for row in rows]

    def log(self) -> Iterator[Evidence]:
        """Yield everything ever appended, in that order: superseded versions and retractions too."""
        return map(_fact, self._stream(select(*_COLUMNS).order_by(TABLE.c.seq)))

    def _facts(self, wanted: ColumnElement[bool]) -> list[Evidence]:
        statement = select(*_COLUMNS).where(_EFFECTIVE, wanted).order_by(*_ORDER)
        return [_fact(row) for row in self._execute(statement)]


class _Step:
    """Decides fact by fact what is added and what it supersedes, over the latest versions of the keys concerned."""

    def __init__(self, versions: dict[Key, Version], done: Appended) -> None:
        self.versions = versions
        self.done = done
        self.fresh: list[Version] = []
        self.outdated: list[int] = []

    def take(self, fact: Evidence, settled: set[Key]) -> None:
        """Take the next fact."""
        new, old = Version.of(fact), self.versions.get(fact.key)
        if old is not None and old.kind != new.kind:
            raise Conflict(
                f"evidence {fact.id!r} of source {fact.source!r} is of kind {old.kind!r} in the log and cannot become"
                f" {new.kind!r}: retract it, and record the new fact under another id"
            )
        if old is not None and (fact.key in settled or old.says_the_same(new)):
            self.done.status.append("unchanged")
            return
        if isinstance(fact, Retraction):
            self._retract(fact, old)
        if old is not None:
            self._supersede(old)
        self.versions[fact.key] = new
        self.fresh.append(new)
        self.done.workers.add(new.worker)
        self.done.status.append("added" if old is None else "changed")

    def _supersede(self, version: Version) -> None:
        self.done.workers.add(version.worker)
        if not version.superseded:
            version.superseded = True
            if version.seq is not None:
                self.outdated.append(version.seq)

    def _retract(self, retraction: Retraction, old: Version | None) -> None:
        what = f"retraction {retraction.id!r} of source {retraction.source!r}"
        target = self.versions.get(retraction.target)
        if target is None:
            raise NotFound(
                f"{what} names evidence {retraction.retracts_id!r} of source {retraction.retracts_source!r}, which is"
                " not in the log: correct the name, or record that evidence first"
            )
        if target.kind == Retraction.KIND:
            raise Conflict(
                f"{what} names another retraction, {target.id!r}: to bring a fact back, record it anew under a new id"
            )
        if target.worker != retraction.worker:
            raise Conflict(
                f"{what} is about worker {retraction.worker!r}, but evidence {target.id!r} is about"
                f" {target.worker!r}: name the same worker in both"
            )
        if old is not None and _target_of(old) != retraction.target:
            raise Conflict(
                f"{what} is in the log with another target, {_target_of(old)[1]!r}: a retraction cannot be moved;"
                " record a new one under another id"
            )
        self._supersede(target)


def _target_of(version: Version) -> Key:
    payload = json.loads(version.payload)
    return payload["retracts_source"], payload["retracts_id"]


def _certifications_since(since: int) -> ColumnElement[bool]:
    return and_(TABLE.c.kind == CertificationGranted.KIND, TABLE.c.revision > since)


def _fact(row: Row[Any] | Version) -> Evidence:
    payload = json.loads(row.payload)
    return from_payload(row.kind, payload, id=row.id, worker=row.worker, time=moment(row.time), source=row.source)
