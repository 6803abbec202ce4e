"""What may follow what in the log: versions of a fact, corrections, retractions. Decides, and touches no database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row

from skillmatch.beliefs.evidence import Evidence, JobOutcome, Retraction, from_payload, to_payload
from skillmatch.beliefs.meaning import meant_payload
from skillmatch.errors import Conflict, NotFound
from skillmatch.store.rows import micros, moment, to_json

Key = tuple[str, str]


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
            "added": revision,
            "revision": revision,
        }


def fact_of(row: Row[Any] | Version, meant: Mapping[str, str] | None = None) -> Evidence:
    """Return the fact that a row of the log holds, with the skills that merged ones mean."""
    payload = json.loads(row.payload)
    if meant:
        payload = meant_payload(payload, meant)
    return from_payload(row.kind, payload, id=row.id, worker=row.worker, time=moment(row.time), source=row.source)


class Step:
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
