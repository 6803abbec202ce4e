"""The import use-case: files become nouns, evidence and beliefs in one transaction, or nothing does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from skillmatch.beliefs.evidence import Demand, Evidence, JobOutcome
from skillmatch.beliefs.filter import fold
from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.refit import MIN_TRIALS, fit_difficulties
from skillmatch.errors import ImportStopped
from skillmatch.importers.batch import Batch, Known
from skillmatch.importers.registry import read
from skillmatch.model import Asset, Customer, Job, JobType, Link, Noun, Report, Site, Skill, Worker, skill_needs
from skillmatch.store.store import Store, Transaction

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
) -> Report:
    """Import a file or folder; see `Workspace.import_path`."""
    with store.read() as transaction:
        known = what_is_known(transaction)
    batch = read(path, known=known, mapping=mapping, now=now, progress=progress)
    report = Report(problems=batch.problems, notes=list(batch.notes))
    if batch.problems and not skip_bad:
        count = len(batch.problems)
        raise ImportStopped(
            f"nothing was imported: {count} problem{'s' if count > 1 else ''} found; "
            "correct the rows and import again, or take the good rows only with --skip-bad",
            report,
        )
    try:
        with store.write() as transaction:
            write_batch(transaction, batch, report, progress)
            if dry_run:
                raise _RolledBack
    except _RolledBack:
        report.notes.append("dry run: nothing was written")
    return report


def what_is_known(transaction: Transaction) -> Known:
    """Return the ids an import may refer to."""
    return Known(
        skills={skill.id: skill for skill in transaction.nouns(Skill)},
        links=tuple(transaction.nouns(Link)),
        workers=transaction.ids(Worker),
        customers=transaction.ids(Customer),
        sites=transaction.ids(Site),
        assets=transaction.ids(Asset),
        job_types=transaction.ids(JobType),
        jobs=transaction.ids(Job),
    )


def write_batch(transaction: Transaction, batch: Batch, report: Report, progress: Progress | None) -> None:
    """Save the nouns, append the evidence, and fold every worker it touches, all under one new revision."""
    revision = transaction.next_revision()
    _save_nouns(transaction, batch, report, revision, progress)
    touched = _append(transaction, batch, report, revision, progress)
    batch.evidence.clear()
    if not touched:
        return
    params = transaction.params()
    if transaction.count_outcomes() >= max(MIN_TRIALS, GROWTH_BEFORE_REFIT * params.fitted_on):
        relearn(transaction, params, revision, report, progress)
    else:
        refold(transaction, sorted(touched), params, revision, progress)


def relearn(
    transaction: Transaction, params: BeliefParams, revision: int, report: Report, progress: Progress | None
) -> None:
    """Learn the next version of the parameters from the whole log and fold everybody under it."""
    histories = dict(transaction.evidence())
    if progress:
        progress("learning how difficult each job type is", 0, None)
    fitted = fit_difficulties(histories, params)
    if fitted.version != params.version:
        note = f"base rate and difficulty of {len(fitted.difficulties)} job types from {fitted.fitted_on} outcomes"
        transaction.save_params(fitted, note=note)
        report.notes.append(f"learned the {note}: parameter version {fitted.version}")
    _fold_all(transaction, histories.items(), len(histories), fitted, revision, progress)


def refold(
    transaction: Transaction, workers: Sequence[str], params: BeliefParams, revision: int, progress: Progress | None
) -> None:
    """Fold these workers anew from their evidence and save what is believed of them."""
    histories = ((worker, transaction.evidence_of(worker)) for worker in workers)
    _fold_all(transaction, histories, len(workers), params, revision, progress)


def complete(transaction: Transaction, facts: Sequence[Evidence]) -> list[Evidence]:
    """Return the facts with each job outcome's demands filled in from its job, as the job stands now."""
    missing = {fact.job for fact in facts if isinstance(fact, JobOutcome) and not fact.demands}
    jobs = {job.id: job for job in transaction.nouns(Job, missing)} if missing else {}
    needed = {job.type for job in jobs.values() if job.type}
    types = {type.id: type for type in transaction.nouns(JobType, needed)} if needed else {}
    demands: dict[object, tuple[Demand, ...]] = {}

    def fill(fact: Evidence) -> Evidence:
        if not isinstance(fact, JobOutcome) or fact.demands or fact.job not in jobs:
            return fact
        job = jobs[fact.job]
        needs = job.requirements or (types[job.type].requirements if job.type in types else ())
        if needs not in demands:
            demands[needs] = tuple(Demand(need.skill, need.level, need.weight) for need in skill_needs(needs))
        return replace(fact, demands=demands[needs], job_type=job.type)

    return [fill(fact) for fact in facts]


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


def _fold_all(
    transaction: Transaction,
    histories: Iterable[tuple[str, list[Evidence]]],
    total: int,
    params: BeliefParams,
    revision: int,
    progress: Progress | None,
) -> None:
    states = []
    for number, (worker, facts) in enumerate(histories):
        if progress and number % 50 == 0:
            progress("learning what each worker can do", number, total)
        states.append(fold(worker, facts, params))
    transaction.save_states(states, revision=revision, replace=True)
