"""The use-case of a finished job: one fact in, beliefs moved, in one transaction; and the full rebuild."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from datetime import datetime

from skillmatch.accounts import Account
from skillmatch.beliefs.evidence import (
    ABOUT_FACTS,
    CustomerRating,
    Evidence,
    JobDeclined,
    JobOutcome,
    LearningWish,
    SkillDeclined,
    day_number,
)
from skillmatch.beliefs.filter import WorkerState, fold, learn
from skillmatch.beliefs.histories import fold_histories
from skillmatch.beliefs.params import BeliefParams
from skillmatch.errors import Invalid, NotFound
from skillmatch.importers.draft import Unfit
from skillmatch.importers.facts import Employment, future, not_employed, unsound
from skillmatch.model import Customer, Job, JobStatus, Skill, Worker
from skillmatch.store.store import Store, Transaction
from skillmatch.workspace import happening
from skillmatch.workspace.answers import Change, Proficiency, RebuildReport, Recorded
from skillmatch.workspace.findings import CLOSING
from skillmatch.workspace.importing import complete, refold


def record(store: Store, fact: Evidence, *, now: datetime, by: Account | None = None) -> Recorded:
    """Append one fact and move what is believed of its worker; see `Workspace.record`."""
    with store.write() as transaction:
        return record_within(transaction, fact, now=now, by=by)


def record_within(transaction: Transaction, fact: Evidence, *, now: datetime, by: Account | None = None) -> Recorded:
    """Append one fact and move what is believed of its worker, as part of a transaction that does more."""
    _refuse(fact, future(fact, now), *unsound(fact))
    _check_names(transaction, fact)
    transaction.lock_workers({fact.worker})
    earlier = transaction.find_evidence(*fact.key)
    if earlier is not None and earlier.worker != fact.worker:
        transaction.lock_workers({earlier.worker})
    fact = _as_it_stood(fact, earlier)
    (fact,) = complete(transaction, [fact])
    learned = _learn_from(transaction, fact, known=earlier is not None, now=now)
    if by is not None:
        transaction.note("recorded", audit_subject(fact), by=by, time=now)
    happening.tell_recorded(transaction, learned, now=now)
    return learned


def audit_subject(fact: Evidence) -> str:
    """Return by which words the record of who did what refers to a fact."""
    return f"{fact.KIND} {json.dumps(fact.key)}"


def _as_it_stood(fact: Evidence, earlier: Evidence | None) -> Evidence:
    """Return a corrected outcome or rating with the demands its job had when it was first recorded."""
    if isinstance(fact, CustomerRating) and isinstance(earlier, CustomerRating):
        if fact.demands or fact.job != earlier.job:
            return fact
        return replace(fact, demands=earlier.demands, customer=fact.customer or earlier.customer)
    if not isinstance(fact, JobOutcome) or not isinstance(earlier, JobOutcome):
        return fact
    if fact.demands or fact.job != earlier.job:
        return fact
    return replace(
        fact,
        demands=earlier.demands,
        job_type=earlier.job_type,
        customer=earlier.customer,
        site=earlier.site,
        estimate=earlier.estimate,
    )


def _learn_from(transaction: Transaction, fact: Evidence, *, known: bool, now: datetime) -> Recorded:
    params = transaction.params()
    day = day_number(now)
    before = transaction.state(fact.worker) or WorkerState.fresh(fact.worker, params)
    revision = transaction.next_revision()
    appended = transaction.append([fact], revision=revision)
    status = appended.status[0]
    fact = transaction.meant(fact)
    after = before
    if appended.workers:
        after = _update(transaction, fact, before, params, revision, late=known)
        others = sorted(appended.workers - {fact.worker})
        refold(transaction, others, params, revision, None)
        _close_job(transaction, fact, revision)
    skills = fact.skills() or tuple(sorted(before.skills.keys() | after.skills.keys()))
    changes = (
        Change(
            skill,
            Proficiency.in_skill(before, skill, day, params),
            Proficiency.in_skill(after, skill, day, params),
        )
        for skill in skills
    )
    return Recorded(
        fact,
        status,
        tuple(change for change in changes if fact.skills() or change.before != change.after),
        Proficiency.in_general(before, params),
        Proficiency.in_general(after, params),
    )


def _update(
    transaction: Transaction, fact: Evidence, before: WorkerState, params: BeliefParams, revision: int, *, late: bool
) -> WorkerState:
    """Learn the newest fact on top of the stored state; fold anew when it is late, corrected or about another."""
    newest = before.last is None or fact.order > before.last
    if newest and not late and not isinstance(fact, ABOUT_FACTS):
        after = transaction.state(fact.worker) or WorkerState.fresh(fact.worker, params)
        learn(after, fact, params)
        # An override names a skill of which nothing may be believed yet.
        touched = [skill for skill in fact.skills() if skill in after.skills]
        transaction.save_states([after], revision=revision, only={fact.worker: touched})
        return after
    after = fold(fact.worker, transaction.evidence_of(fact.worker), params)
    transaction.save_states([after], revision=revision, replace=True)
    return after


def _close_job(transaction: Transaction, fact: Evidence, revision: int) -> None:
    if not isinstance(fact, JobOutcome) or fact.result not in CLOSING:
        return
    job = next(iter(transaction.recorded(Job, [fact.job])), None)
    if job is not None and job.status is JobStatus.OPEN:
        transaction.save_nouns(Job, [replace(job, status=JobStatus.DONE)], revision=revision)


def _refuse(fact: Evidence, *errors: Unfit | None) -> None:
    """Raise Invalid for the first thing that is wrong with a fact, in the words that an import has for it."""
    for wrong in filter(None, errors):
        where = " is dated" if wrong.column == "time" else f", {wrong.column}:"
        raise Invalid(f"{fact.KIND.replace('_', ' ')} {fact.id!r}{where} {wrong.found}: expected {wrong.expected}")


def _check_names(transaction: Transaction, fact: Evidence) -> None:
    worker = transaction.noun(Worker, fact.worker)
    if worker is None:
        raise NotFound.named("worker", fact.worker, transaction.ids(Worker))
    _refuse(fact, not_employed(fact, Employment.of(worker)))
    for skill in (fact.skill,) if isinstance(fact, LearningWish | SkillDeclined) else fact.skills():
        if transaction.noun(Skill, skill) is None:
            raise NotFound.named("skill", skill, transaction.ids(Skill))
    if isinstance(fact, JobOutcome | CustomerRating | JobDeclined) and transaction.noun(Job, fact.job) is None:
        raise NotFound.named("job", fact.job, transaction.ids(Job))
    if isinstance(fact, CustomerRating) and fact.customer and transaction.noun(Customer, fact.customer) is None:
        raise NotFound.named("customer", fact.customer, transaction.ids(Customer))


def fold_if_missing(store: Store) -> None:
    """Fold everybody when there is evidence but there are no beliefs, as after a migration that dropped them."""
    with store.read() as transaction:
        missing = transaction.unfolded()
    if missing:
        rebuild(store, check=False)


def rebuild(store: Store, *, check: bool) -> RebuildReport:
    """Fold everybody anew from the log; with `check`, only compare to what is stored, bit by bit."""
    workers = numbers = differing = 0
    examples: list[str] = []
    with store.read() if check else store.write() as transaction:
        params = transaction.params()
        stored = {state.worker: state for state in transaction.states()}
        rebuilt = fold_histories(dict(transaction.evidence()), params)
        workers = len(rebuilt)
        for state in rebuilt:
            here, count = differing_bits(stored.pop(state.worker, None), state)
            numbers += count
            differing += here
            if here and len(examples) < 5:
                examples.append(f"worker {state.worker}: {here} bits")
        for worker, left in stored.items():
            here, count = differing_bits(left, WorkerState.fresh(worker, params))
            numbers += count
            differing += here
            if here and len(examples) < 5:
                examples.append(f"worker {worker}: beliefs without evidence")
        if not check:
            rebuilt += [WorkerState.fresh(worker, params) for worker in stored]
            transaction.save_states(rebuilt, revision=transaction.next_revision(), replace=True)
    return RebuildReport(workers, numbers, differing, tuple(examples))


def differing_bits(stored: WorkerState | None, rebuilt: WorkerState) -> tuple[int, int]:
    """Return how many bits differ between two states of one worker, and how many numbers were compared.

    A number that only one side has counts with all of its 64 bits.
    """
    left = _numbers(stored) if stored is not None else {}
    right = _numbers(rebuilt)
    keys = left.keys() | right.keys()
    differing = 0
    for key in keys:
        if key in left and key in right:
            differing += (_bits(left[key]) ^ _bits(right[key])).bit_count()
        else:
            differing += 64
    return differing, len(keys)


def _numbers(state: WorkerState) -> dict[tuple[str, str, int], float]:
    form, uses, worked, _occasion, parts, skills = state.values()
    numbers: dict[tuple[str, str, int], float] = {("", "", 0): form, ("", "", 1): float(uses), ("", "", 2): worked}
    for part, pair in parts.items():
        numbers.update({("part", part, place): value for place, value in enumerate(pair)})
    for skill, values in skills.items():
        numbers.update({("skill", skill, place): float(value) for place, value in enumerate(values)})
    return numbers


def _bits(number: float) -> int:
    return int(struct.unpack("<Q", struct.pack("<d", number))[0])
