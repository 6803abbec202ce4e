"""The use-cases of disputes: a worker says that a fact about her is wrong, somebody decides, and both are recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from skillmatch.accounts import Account
from skillmatch.beliefs.disputes import Case, Dispute, DisputeDecided, DisputeEffect, DisputeState, Verdict
from skillmatch.beliefs.evidence import CertificationRevoked, Evidence, Retraction, day_number
from skillmatch.beliefs.filter import WorkerState
from skillmatch.beliefs.histories import fold_histories
from skillmatch.beliefs.params import BeliefParams
from skillmatch.errors import Conflict, Invalid, NotAllowed
from skillmatch.scale import ID_LENGTH
from skillmatch.store.rows import check_text
from skillmatch.store.store import Store, Transaction
from skillmatch.wording import said
from skillmatch.workspace.answers import Proficiency
from skillmatch.workspace.bands import band_of
from skillmatch.workspace.base import find_worker
from skillmatch.workspace.disputed import (
    AboutSkill,
    Disputed,
    DisputePage,
    DisputeStep,
    Key,
    SkillEvidence,
    Worlds,
    all_disputed,
    aside_of,
    case_of,
    cases_about,
    disputed,
    fact_of,
    in_order,
    locked,
)
from skillmatch.workspace.recording import audit_subject, record_within

SOURCE = "disputes"
LONGEST_REASON = 1000
DECIDED = frozenset((DisputeState.UPHELD, DisputeState.REJECTED))


class Disputes:
    """What is said to be wrong. Made by `Workspace.disputes`."""

    def __init__(self, store: Store, now: Callable[[], datetime], effect: DisputeEffect) -> None:
        self._store, self._now = store, now
        self.effect = effect

    def open(self, worker: str, fact: Key, *, reason: str, by: Account | None = None) -> DisputeStep:
        """Record that a worker says that a fact about her, named by its key, is wrong.

        Until somebody has decided it is set aside or kept, as is configured now. One that takes something away from her
        for the sake of safety, a revoked certification, is always kept. A fact that is disputed already stays so.

        Raises
        ------
        NotFound
            When there is no such worker, or no such fact of hers.
        Invalid
            When no reason is given, or one that is too long.
        Conflict
            When somebody has decided about this fact, or it does not count anyway, or is itself about a fact.
        """
        reason = _checked(reason, said("what is wrong with it"))
        with self._store.write() as transaction:
            transaction.lock_workers({worker})
            found = fact_of(transaction, worker, fact)
            known = [case for case in cases_about(transaction, worker, fact) if not case.withdrawn]
            if known:
                if known[-1].state is not DisputeState.OPEN:
                    raise Conflict(said("{named}: that stands until it is opened again", named=_named(known[-1])))
                return DisputeStep(disputed(transaction, known[-1]), "unchanged")
            if transaction.was_taken_back(fact, worker):
                raise Conflict(
                    said(
                        "evidence {id!r} of source {source!r} was retracted already and does not count",
                        id=fact[1],
                        source=fact[0],
                    )
                )
            keep = isinstance(found, CertificationRevoked)
            dispute = Dispute(
                id=uuid4().hex,
                worker=worker,
                time=self._now(),
                source=SOURCE,
                disputes_source=fact[0],
                disputes_id=fact[1],
                effect=DisputeEffect.KEEP if keep else self.effect,
                reason=reason,
            )
            return self._take(transaction, dispute, dispute.key, by)

    def withdraw(self, dispute: Key, *, by: Account | None = None) -> DisputeStep:
        """Take an open dispute back; one that was withdrawn already stays so.

        Raises
        ------
        NotFound
            When there is no such dispute.
        Conflict
            When somebody has decided about it.
        """
        with self._store.write() as transaction:
            case = locked(transaction, dispute)
            if case.withdrawn:
                return DisputeStep(disputed(transaction, case), "unchanged")
            if case.state in DECIDED:
                raise Conflict(said("{named}: it cannot be withdrawn any more", named=_named(case)))
            return self._take(transaction, self._retraction(case.dispute, "withdrawn"), dispute, by)

    def decide(
        self, dispute: Key, verdict: Verdict, *, reason: str, decided_by: str = "", by: Account | None = None
    ) -> DisputeStep:
        """Decide that a disputed fact is wrong (upheld) or stands (rejected). Saying the same again changes nothing.

        `decided_by` is who decides, where nobody is signed in.

        Raises
        ------
        NotFound
            When there is no such dispute.
        NotAllowed
            When it is about whoever decides.
        Conflict
            When it was decided otherwise, or withdrawn.
        Invalid
            When no reason is given, or nobody who decides.
        """
        reason = _checked(reason, said("why you decide so"))
        who = (by.signature if by else decided_by.strip())[:ID_LENGTH].strip()
        if not who:
            raise Invalid(said("nobody was named who decides: say who it is"))
        with self._store.write() as transaction:
            case = locked(transaction, dispute)
            if by is not None and by.worker == case.dispute.worker:
                raise NotAllowed(said("this dispute is your own: somebody else has to decide about it"))
            if case.withdrawn:
                raise Conflict(
                    said(
                        "dispute {dispute!r} was withdrawn meanwhile: there is nothing to decide any more",
                        dispute=dispute[1],
                    )
                )
            if case.decision is not None:
                if case.decision.verdict == verdict:
                    return DisputeStep(disputed(transaction, case), "unchanged")
                raise Conflict(said("{named}: open it again to decide otherwise", named=_named(case)))
            decision = DisputeDecided(
                id=uuid4().hex,
                worker=case.dispute.worker,
                time=self._now(),
                source=SOURCE,
                decides_source=dispute[0],
                decides_id=dispute[1],
                verdict=verdict,
                decided_by=who,
                reason=reason,
            )
            return self._take(transaction, decision, dispute, by)

    def reopen(self, dispute: Key, *, by: Account | None = None) -> DisputeStep:
        """Take the decision about a dispute back, so that it is open again; that is recorded as well.

        Raises
        ------
        NotFound
            When there is no such dispute.
        NotAllowed
            When it is about whoever opens it again.
        Conflict
            When it was withdrawn.
        """
        with self._store.write() as transaction:
            case = locked(transaction, dispute)
            if by is not None and by.worker == case.dispute.worker:
                raise NotAllowed(said("this dispute is your own: somebody else has to open it again"))
            if case.withdrawn:
                raise Conflict(
                    said("dispute {dispute!r} was withdrawn: dispute the fact anew instead", dispute=dispute[1])
                )
            step = DisputeStep(disputed(transaction, case), "unchanged")
            while case.decision is not None:  # an import may have brought several
                step = self._take(transaction, self._retraction(case.decision, "opened again"), dispute, by)
                case = step.disputed.case
            return step

    def find(self, dispute: Key) -> Disputed:
        """Return a dispute with what hangs on it, or raise NotFound."""
        with self._store.read() as transaction:
            found = disputed(transaction, case_of(transaction, dispute))
            (row,) = self._with_worlds(transaction, [found], transaction.cases([found.worker.id]))
            return row

    def page(
        self,
        *,
        states: Collection[DisputeState] | None = None,
        among: Collection[str] | None = None,
        limit: int = 20,
        offset: int = 0,
        worlds: bool = False,
    ) -> DisputePage:
        """Return a page of disputes: the open ones first, the longest waiting at the top; then the newest first.

        Parameters
        ----------
        states
            Which ones; None for all.
        among
            Only those of these workers.
        worlds
            Whether to calculate what hangs on those that are open.
        """
        with self._store.read() as transaction:
            known = transaction.cases(among)
            cases = in_order([case for case in known if states is None or case.state in states])
            shown = cases[offset : offset + limit]
            rows = all_disputed(transaction, shown) if shown else []
            if worlds:
                rows = self._with_worlds(transaction, rows, known, states={DisputeState.OPEN})
            who = transaction.noted_by(audit_subject(case.dispute) for case in shown)
        rows = [replace(row, recorded_by=who.get(audit_subject(row.case.dispute), "")) for row in rows]
        totals = Counter(case.state for case in known)
        return DisputePage(tuple(rows), len(cases), totals)

    def evidence(self, worker: str, skill: str) -> SkillEvidence:
        """Return a worker's level in a skill over time and every fact about it, those set aside too; or NotFound."""
        with self._store.read() as transaction:
            find_worker(transaction, worker)
            params, facts = transaction.params(), transaction.evidence_of(worker)
            cases = {case.dispute.target: case for case in transaction.cases([worker]) if not case.withdrawn}
            aside = aside_of(transaction, worker)
        band = band_of(worker, skill, facts, params, until=self._now())
        found = [
            AboutSkill(effect.evidence, effect.before, effect.after, cases.get(effect.evidence.key))
            for effect in band.effects
        ]
        found += [AboutSkill(fact, None, None, cases[fact.key]) for fact in aside if skill in fact.skills()]
        return SkillEvidence(band, tuple(sorted(found, key=lambda one: one.fact.order, reverse=True)))

    def papers(self, worker: str) -> tuple[tuple[Evidence, Case | None], ...]:
        """Return the facts of a worker that name no skill, with their disputes, the newest first; or NotFound."""
        with self._store.read() as transaction:
            find_worker(transaction, worker)
            facts = transaction.evidence_of(worker)
            cases = {case.dispute.target: case for case in transaction.cases([worker]) if not case.withdrawn}
            facts += aside_of(transaction, worker)
        own = sorted((fact for fact in facts if not fact.skills()), key=lambda fact: fact.order, reverse=True)
        return tuple((fact, cases.get(fact.key)) for fact in own)

    def _retraction(self, fact: Dispute | DisputeDecided, reason: str) -> Retraction:
        return Retraction(
            id=uuid4().hex,
            worker=fact.worker,
            time=self._now(),
            source=SOURCE,
            retracts_source=fact.source,
            retracts_id=fact.id,
            reason=reason,
        )

    def _take(self, transaction: Transaction, fact: Evidence, dispute: Key, by: Account | None) -> DisputeStep:
        done = record_within(transaction, fact, now=self._now(), by=by)
        return DisputeStep(disputed(transaction, case_of(transaction, dispute)), done.status, done.changes)

    def _with_worlds(
        self,
        transaction: Transaction,
        rows: Sequence[Disputed],
        cases: Sequence[Case],
        *,
        states: Collection[DisputeState] = tuple(DisputeState),
    ) -> list[Disputed]:
        """Return disputes, those in one of `states` with what hangs on them; `cases` are all of their workers."""
        asked = [row for row in rows if row.state in states and row.fact.skills() and not row.gone]
        if not asked:
            return list(rows)
        params, workers = transaction.params(), {row.worker.id for row in asked}
        beliefs, facts = transaction.states_of(workers), transaction.evidence_by_worker(workers)
        found = {}
        for row in asked:
            worker, about = row.worker.id, (row.worker.id, row.fact.key)
            now = beliefs.get(worker) or WorkerState.fresh(worker, params)
            others = [one for one in cases if (one.dispute.worker, one.dispute.target) == about]
            aside = any(one.sets_aside for one in others if one.dispute.key != row.key)
            found[row.key] = self._worlds(row.fact, now, [] if aside else facts.get(worker, []), params, aside=aside)
        return [replace(row, worlds=found.get(row.key, ())) for row in rows]

    def _worlds(
        self, fact: Evidence, now: WorkerState, counting: list[Evidence], params: BeliefParams, *, aside: bool
    ) -> tuple[Worlds, ...]:
        """Return a worker's levels in either world; `aside` says that the fact does not count whatever is decided."""
        # What is believed now is one of the two worlds already: only the other one has to be folded.
        upheld = rejected = now
        if not aside and any(one.key == fact.key for one in counting):
            (upheld,) = fold_histories({now.worker: [one for one in counting if one.key != fact.key]}, params)
        elif not aside:
            facts = sorted((*counting, fact), key=lambda one: one.order)
            (rejected,) = fold_histories({now.worker: facts}, params)
        day = day_number(self._now())
        return tuple(
            Worlds(skill, *(Proficiency.in_skill(state, skill, day, params) for state in (now, upheld, rejected)))
            for skill in fact.skills()
        )


def _checked(reason: str, what: str) -> str:
    text = reason.strip()
    check_text(text, "the reason")
    if not text:
        raise Invalid(said("the reason is empty: say in a few words {what}", what=what))
    if len(text) > LONGEST_REASON:
        raise Invalid(
            said(
                "the reason has {length:,} characters: expected at most {most:,}",
                length=len(text),
                most=LONGEST_REASON,
            )
        )
    return text


def _named(case: Case) -> str:
    decision = case.decision
    assert decision is not None
    why = f" (“{decision.reason}”)" if decision.reason else ""
    verdict = {Verdict.UPHELD: said("upheld"), Verdict.REJECTED: said("rejected")}[decision.verdict]
    return said(
        "dispute {id!r} was {verdict} by {name}{why}",
        id=case.dispute.id,
        verdict=verdict,
        name=decision.decided_by,
        why=why,
    )
