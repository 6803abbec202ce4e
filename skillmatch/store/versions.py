"""What may follow what in the log: versions of a fact, corrections, retractions. Decides, and touches no database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row

from skillmatch.beliefs.evidence import (
    ABOUT_FACTS,
    Dispute,
    DisputeDecided,
    Evidence,
    JobOutcome,
    Retraction,
    from_payload,
    to_payload,
)
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

    @property
    def key(self) -> Key:
        """The natural key of the fact."""
        return (self.source, self.id)

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
        if isinstance(fact, ABOUT_FACTS):
            target = self._check(fact, old)
            if isinstance(fact, Retraction):
                self._supersede(target)
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

    def _check(self, fact: Retraction | Dispute | DisputeDecided, old: Version | None) -> Version:
        """Return what a fact about another one names, or raise NotFound or Conflict where it cannot be about that."""
        kind = _called(fact.KIND)
        what = f"{kind} {fact.id!r} of source {fact.source!r}"
        source, id = fact.target
        target = self.versions.get(fact.target)
        if target is None:
            raise NotFound(
                f"{what} names evidence {id!r} of source {source!r}, which is not in the log: correct the name, or"
                " record that evidence first"
            )
        if wrong := _unfit(fact, target):
            raise Conflict(f"{what} names {wrong}")
        if target.worker != fact.worker:
            raise Conflict(
                f"{what} is about worker {fact.worker!r}, but evidence {target.id!r} is about"
                f" {target.worker!r}: name the same worker in both"
            )
        if old is not None and _target_of(old) != fact.target:
            raise Conflict(
                f"{what} is in the log with another target, {_target_of(old)[1]!r}: a {kind} cannot be moved;"
                " record a new one under another id"
            )
        return target


def _unfit(fact: Retraction | Dispute | DisputeDecided, target: Version) -> str:
    """Return what is wrong with the kind of what a fact is about, "" when that is as it should be."""
    called = f"the {_called(target.kind)} {target.id!r}"
    if isinstance(fact, Retraction):
        if target.kind == Retraction.KIND:
            return f"another retraction, {target.id!r}: to bring a fact back, record it anew under a new id"
    elif isinstance(fact, Dispute):
        if target.kind in {kind.KIND for kind in ABOUT_FACTS}:
            return f"{called}: only facts can be disputed, not what was said of them"
    elif target.kind != Dispute.KIND:
        return f"{called}: expected a dispute"
    return ""


def _called(kind: str) -> str:
    return kind.replace("_", " ")


def _target_of(version: Version) -> Key:
    fact = fact_of(version)
    assert isinstance(fact, ABOUT_FACTS)
    return fact.target
