"""The import use-case: files become nouns, evidence and beliefs in one transaction, or nothing does."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from skillmatch.beliefs.evidence import CustomerRating, Evidence, JobOutcome
from skillmatch.beliefs.histories import fold_histories
from skillmatch.beliefs.observation import Demand
from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.refit import MIN_TRIALS
from skillmatch.beliefs.structure import from_graph
from skillmatch.errors import ImportStopped
from skillmatch.importers.batch import Batch, Key, Known
from skillmatch.importers.facts import Employment
from skillmatch.importers.registry import read
from skillmatch.matching.diagnosis.counts import Table
from skillmatch.matching.diagnosis.found import as_found
from skillmatch.matching.diagnosis.use import needs_of
from skillmatch.model import (
    Asset,
    Booking,
    Cause,
    Correction,
    Customer,
    Job,
    JobType,
    Leave,
    Link,
    Merge,
    Noun,
    Question,
    Report,
    Requirement,
    Shift,
    Site,
    SiteNote,
    Skill,
    Worker,
    skill_needs,
)
from skillmatch.store.store import Store, Transaction
from skillmatch.workspace.learning import learn_if_doubled
from skillmatch.workspace.refitting import graph_of, learn, save_everybody

Progress = Callable[[str, int, int | None], None]

GROWTH_BEFORE_REFIT = 2
"""Difficulties are learned anew when the history has grown by this factor since they last were."""
CHUNK = 20_000


class _RolledBack(Exception):
    """Ends a dry run: everything was done, nothing is kept."""


def import_path(
    store: Store,
    path: Path,
    *,
    mapping: Path | None,
    dry_run: bool,
    skip_bad: bool,
    now: datetime,
    progress: Progress | None,
    zone: tzinfo = UTC,
) -> Report:
    """Import a file or folder; see `Workspace.import_path`."""
    with store.read() as transaction:
        known = what_is_known(transaction)
    known = replace(known, facts=lambda keys: _recorded(store, keys))
    batch = read(path, known=known, mapping=mapping, now=now, progress=progress)
    report = Report(problems=batch.problems, notes=list(batch.notes))
    if batch.problems and not skip_bad:
        count = len(batch.problems)
        raise ImportStopped(
            f"nothing was imported: {count} problem{'s' if count > 1 else ''} found; "
            "correct the rows and import again, or take the good rows only with --skip-bad",
            report,
        )
    keep(store, batch, report, dry_run=dry_run, progress=progress, now=now, zone=zone)
    return report


def keep(
    store: Store,
    batch: Batch,
    report: Report,
    *,
    dry_run: bool,
    progress: Progress | None,
    now: datetime,
    zone: tzinfo,
    also: Callable[[Transaction], None] | None = None,
) -> None:
    """Write a batch in one transaction and count in `report` what that did; a dry run is rolled back at its end.

    `also` does more in the same transaction.
    """
    try:
        with store.write() as transaction:
            tells = any(isinstance(fact, JobOutcome) and fact.cause for fact in batch.evidence)
            write_batch(transaction, batch, report, progress)
            if tells and (learned := learn_if_doubled(transaction, now=now, zone=zone)):
                report.notes.append(f"learned {learned}")
            if also:
                also(transaction)
            if dry_run:
                raise _RolledBack
    except _RolledBack:
        report.notes.append("dry run: nothing was written")


def what_is_known(transaction: Transaction) -> Known:
    """Return the ids an import may refer to."""
    workers = transaction.nouns(Worker)
    return Known(
        skills={skill.id: skill for skill in transaction.recorded(Skill)},
        links=tuple(transaction.recorded(Link)),
        merges=tuple(transaction.recorded(Merge)),
        workers={worker.id for worker in workers},
        customers=transaction.ids(Customer),
        sites=transaction.ids(Site),
        assets=transaction.ids(Asset),
        job_types=transaction.ids(JobType),
        jobs=transaction.ids(Job),
        employment={one.id: Employment.of(one) for one in workers if one.active_from or one.active_to},
    )


def _recorded(store: Store, keys: Collection[Key]) -> Mapping[Key, Evidence]:
    """Return the latest versions of those keys that the log has."""
    with store.read() as transaction:
        found = {key: transaction.find_evidence(*key) for key in keys}
    return {key: fact for key, fact in found.items() if fact is not None}


def write_batch(transaction: Transaction, batch: Batch, report: Report, progress: Progress | None) -> None:
    """Save the nouns, append the evidence, and fold every worker it touches, all under one new revision."""
    revision = transaction.next_revision()
    _save_nouns(transaction, batch, report, revision, progress)
    touched = _append(transaction, batch, report, revision, progress)
    batch.evidence.clear()
    if batch.merges:
        touched |= transaction.remeant_workers(since=revision - 1)
        transaction.lock_workers(touched)
    params = transaction.params()
    if touched and transaction.count_outcomes() >= max(MIN_TRIALS, GROWTH_BEFORE_REFIT * params.fitted_on):
        relearn(transaction, params, revision, report, progress)
    elif batch.skills or batch.links or batch.merges:
        restructure(transaction, sorted(touched), params, revision, report, progress)
    elif touched:
        refold(transaction, sorted(touched), params, revision, progress)


def relearn(
    transaction: Transaction, params: BeliefParams, revision: int, report: Report, progress: Progress | None
) -> None:
    """Learn the next version of the parameters from the whole log, where it is better, and fold everybody."""
    histories = dict(transaction.evidence())
    current = from_graph(params, graph_of(transaction))
    teams = {worker.id: worker.team for worker in transaction.nouns(Worker) if worker.team}
    found = learn(histories, current, teams, progress)
    if found.adopted:
        transaction.save_params(found.params, note=found.note)
        report.notes.append(f"learned the {found.note}: parameter version {found.params.version}")
        current = found.params
    else:
        report.notes.append(f"parameters were not learned anew: {found.note}")
        current = _save_structure(transaction, params, current, report)
    _say_folding(progress)
    save_everybody(transaction, fold_histories(histories, current), current, revision)


def restructure(
    transaction: Transaction,
    touched: Sequence[str],
    params: BeliefParams,
    revision: int,
    report: Report,
    progress: Progress | None,
) -> None:
    """Fold everybody anew where the skills graph has changed what skills share; else only who was touched."""
    current = from_graph(params, graph_of(transaction))
    if current is params:
        refold(transaction, touched, params, revision, progress)
        return
    current = _save_structure(transaction, params, current, report)
    _say_folding(progress)
    save_everybody(transaction, fold_histories(dict(transaction.evidence()), current), current, revision)


def _save_structure(
    transaction: Transaction, params: BeliefParams, current: BeliefParams, report: Report
) -> BeliefParams:
    if current is params:
        return params
    current = replace(current, version=params.version + 1)
    transaction.save_params(current, note="families and half-lives of the skills graph")
    report.notes.append(f"the skills graph changed what skills share: parameter version {current.version}")
    return current


def refold(
    transaction: Transaction, workers: Sequence[str], params: BeliefParams, revision: int, progress: Progress | None
) -> None:
    """Fold these workers anew from their evidence and save what is believed of them."""
    histories = {worker: transaction.evidence_of(worker) for worker in workers}
    _say_folding(progress)
    transaction.save_states(fold_histories(histories, params), revision=revision, replace=True)


def complete(transaction: Transaction, facts: Sequence[Evidence]) -> list[Evidence]:
    """Return the facts with what each job outcome or rating leaves out filled in from its job, as it stands now.

    The skills are those that the job was recorded with, also where they were merged since: what a fact says must not
    depend on a merge that may be undone.
    """
    missing = {fact.job for fact in facts if isinstance(fact, JobOutcome | CustomerRating) and not fact.demands}
    jobs = {job.id: job for job in transaction.recorded(Job, missing)} if missing else {}
    needed = {job.type for job in jobs.values() if job.type}
    types = {type.id: type for type in transaction.recorded(JobType, needed)} if needed else {}
    demands: dict[object, tuple[Demand, ...]] = {}
    found = any(isinstance(fact, JobOutcome) and fact.cause for fact in facts)
    causes = {(one.job_type, one.id): one for one in transaction.recorded(Cause)} if found else {}

    def fill(fact: Evidence) -> Evidence:
        fact = filled(fact)
        if not isinstance(fact, JobOutcome):
            return fact
        if fact.used:
            fact = _with_levels(fact)
        cause = causes.get((fact.job_type or "", fact.cause or ""))
        return _as_listed(fact, cause) if cause is not None and not fact.listed else fact

    def filled(fact: Evidence) -> Evidence:
        if not isinstance(fact, JobOutcome | CustomerRating) or fact.demands or fact.job not in jobs:
            return fact
        job = jobs[fact.job]
        type = types.get(job.type or "")
        needs = job.requirements or (type.requirements if type else ())
        if needs not in demands:
            demands[needs] = tuple(Demand(need.skill, need.level, need.weight) for need in skill_needs(needs))
        if isinstance(fact, CustomerRating):
            return replace(fact, demands=demands[needs], customer=fact.customer or job.customer)
        return replace(
            fact,
            demands=demands[needs],
            job_type=job.type,
            customer=job.customer,
            site=job.site,
            estimate=job.minutes or (type.minutes if type else None),
        )

    return [fill(fact) for fact in facts]


def _as_listed(fact: JobOutcome, cause: Cause) -> JobOutcome:
    """Return an outcome with what the company lists for the cause that was found, on top of what the job needed."""
    if not any(isinstance(need, Requirement) for need in cause.needs):
        return fact
    needed = [Requirement(demand.skill, demand.level, demand.weight) for demand in fact.demands]
    return as_found(fact, cause.id, needs_of(needed, cause, cause.id, Table()))


def _with_levels(fact: JobOutcome) -> JobOutcome:
    """Return an outcome whose skills used without a level have the one that the job demanded of them."""
    levels = {demand.skill: demand.level for demand in fact.demands}
    used = tuple(one if one.level is not None else one._replace(level=levels.get(one.skill)) for one in fact.used)
    return replace(fact, used=used)


def _save_nouns(
    transaction: Transaction, batch: Batch, report: Report, revision: int, progress: Progress | None
) -> None:
    groups: tuple[tuple[str, type[Noun], Sequence[Noun]], ...] = (
        ("skills", Skill, batch.skills),
        ("links", Link, batch.links),
        ("workers", Worker, batch.workers),
        ("customers", Customer, batch.customers),
        ("sites", Site, batch.sites),
        ("assets", Asset, batch.assets),
        ("job types", JobType, batch.job_types),
        ("jobs", Job, batch.jobs),
        ("shifts", Shift, batch.shifts),
        ("leave", Leave, batch.leave),
        ("bookings", Booking, batch.bookings),
        ("causes", Cause, batch.causes),
        ("questions", Question, batch.questions),
        ("corrections", Correction, batch.corrections),
        ("merges", Merge, batch.merges),
        ("site notes", SiteNote, batch.site_notes),
    )
    for kind, noun, rows in groups:
        for start in range(0, len(rows), CHUNK):
            if progress:
                progress(f"saving {kind}", start, len(rows))
            added, changed, unchanged = transaction.save_nouns(noun, rows[start : start + CHUNK], revision=revision)
            report.count(kind, added=added, changed=changed, unchanged=unchanged)


def _append(
    transaction: Transaction, batch: Batch, report: Report, revision: int, progress: Progress | None
) -> set[str]:
    touched: set[str] = set()
    facts = batch.evidence
    transaction.lock_workers({fact.worker for fact in facts})
    for start in range(0, len(facts), CHUNK):
        if progress:
            progress("saving evidence", start, len(facts))
        chunk = complete(transaction, facts[start : start + CHUNK])
        appended = transaction.append(chunk, revision=revision)
        touched |= appended.workers
        for status in ("added", "changed", "unchanged"):
            report.count("evidence", **{status: appended.status.count(status)})
    return touched


def _say_folding(progress: Progress | None) -> None:
    if progress:
        progress("learning what each worker can do", 0, None)
