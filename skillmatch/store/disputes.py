"""Disputes in the log: what is on record of them, and taking the facts that they are about out of what counts.

A fact that is set aside is marked as superseded, as one that was retracted is, and one that counts again is added once
more. So whoever reads what counts, now or looking back, needs to know nothing of disputes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from sqlalchemy import and_, update

from skillmatch.beliefs.disputes import Case, Dispute, DisputeDecided, cases_of
from skillmatch.beliefs.evidence import Evidence, Retraction
from skillmatch.store.rows import chunks, printable
from skillmatch.store.versioned import TABLE, Versioned
from skillmatch.store.versions import Key, Version, fact_of

FEW = 20
"""Of so many workers the rows are looked up one by one."""


class Disputes(Versioned):
    """The part of a transaction that knows what is disputed."""

    def cases(self, workers: Iterable[str] | None = None) -> list[Case]:
        """Return all disputes with what became of them, withdrawn ones too: of some `workers`, or of everybody.

        In canonical order; of each key the latest version.
        """
        disputes = {version.key: version for version in self._of_kind(Dispute.KIND, workers)}
        if not disputes:
            return []
        decided = {version.key: version for version in self._of_kind(DisputeDecided.KIND, workers)}
        facts = [fact_of(version) for version in disputes.values()]
        decisions = [fact_of(version) for version in decided.values() if not version.superseded]
        return cases_of(
            (fact for fact in facts if isinstance(fact, Dispute)),
            (fact for fact in decisions if isinstance(fact, DisputeDecided)),
            {key for key, version in disputes.items() if version.superseded},
        )

    def was_taken_back(self, key: Key, worker: str) -> bool:
        """Return whether a fact of a worker was retracted, and not corrected since; disputed or not."""
        return (key, worker) in self.taken_back([(key, worker)])

    def taken_back(self, facts: Iterable[tuple[Key, str]]) -> set[tuple[Key, str]]:
        """Return which of some facts, each with its worker, were retracted as in `was_taken_back`."""
        asked = {(key, worker) for key, worker in facts if printable(*key)}
        latest = self._latest({key for key, _worker in asked})
        return asked & self._retractions(latest, {worker for _key, worker in asked}) if latest else set()

    def _of_kind(self, kind: str, workers: Iterable[str] | None) -> list[Version]:
        """Return the rows of a kind, of some workers or of everybody, in the order in which they were added."""
        wanted, asked = TABLE.c.kind == kind, set(() if workers is None else filter(printable, workers))
        if workers is None or len(asked) > FEW:
            # Asked for many workers, SQLite would walk through all that is on record of them.
            return [row for row in self._versions(wanted) if workers is None or row.worker in asked]
        return self._versions(and_(wanted, self._among(TABLE.c.worker, sorted(asked)))) if asked else []

    def _settle(self, workers: Collection[str], revision: int) -> None:
        """Let the facts of these workers count, or not, as what is on record about them says."""
        cases = self.cases(workers)
        if not cases:
            return
        aside = {(case.dispute.target, case.dispute.worker) for case in cases if case.sets_aside}
        latest = self._latest({case.dispute.target for case in cases})
        retracted = self._retracted(latest, workers)
        outdated, again = [], []
        for key, version in latest.items():
            counts = (key, version.worker) not in aside and key not in retracted
            if counts and version.superseded:
                again.append(replace(version, seq=None, superseded=False))
            elif not counts and not version.superseded:
                outdated.append(version.seq)
        for seqs in chunks(outdated):
            marks = update(TABLE).where(self._among(TABLE.c.seq, seqs)).values(superseded=True, revision=revision)
            self._execute(marks)
        self._write(TABLE, [version.row(revision) for version in again])

    def _retracted(self, latest: dict[Key, Version], workers: Iterable[str]) -> set[Key]:
        """Return which keys a retraction names that was recorded after their latest version."""
        return {key for key, _worker in self._retractions(latest, workers)}

    def _retractions(self, latest: dict[Key, Version], workers: Iterable[str]) -> set[tuple[Key, str]]:
        """Return these keys, each with the worker whose retraction it is."""
        found = set()
        for row in self._of_kind(Retraction.KIND, workers):
            fact = fact_of(row)
            assert isinstance(fact, Retraction)
            version = latest.get(fact.target)
            if version is not None and row.seq is not None and version.seq is not None and row.seq > version.seq:
                found.add((fact.target, fact.worker))
        return found

    def _once(self, rows: Iterable[Version]) -> Iterator[Evidence]:
        """Yield the facts of rows, but those that were only added once more to count again."""
        disputed = {case.dispute.target for case in self.cases()}
        last: dict[Key, Version] = {}
        for row in rows:
            if row.key in disputed:
                before, last[row.key] = last.get(row.key), row
                if before is not None and before.says_the_same(row):
                    continue
            yield fact_of(row)
