"""The Workspace: the only object that joins store and engine."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from skillmatch.accounts import Account
from skillmatch.beliefs.disputes import DisputeEffect
from skillmatch.beliefs.evidence import Evidence, JobOutcome, Override, day_number
from skillmatch.beliefs.filter import WorkerState, learn
from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.structure import from_graph
from skillmatch.beliefs.why import Basis, decompose
from skillmatch.gaps.evaluation import Evaluation, evaluate, finished
from skillmatch.importers import jsonl
from skillmatch.importers.export import write_tables
from skillmatch.matching.diagnosis.marginal import Prices
from skillmatch.matching.policy import POLICIES
from skillmatch.model import (
    Asset,
    Booking,
    Cause,
    Correction,
    Customer,
    Job,
    JobStatus,
    JobType,
    Leave,
    Link,
    Merge,
    Noun,
    Question,
    Report,
    Shift,
    Site,
    SiteNote,
    Skill,
    Worker,
    skill_needs,
)
from skillmatch.skills.graph import SkillGraph
from skillmatch.store.store import Store
from skillmatch.workspace import importing, recording, refitting
from skillmatch.workspace.answers import (
    Effect,
    JobPage,
    Proficiency,
    Profile,
    RebuildReport,
    Recorded,
    SkillProfile,
    Why,
    time_of_day,
)
from skillmatch.workspace.base import USUAL_PRICES, find_worker
from skillmatch.workspace.disputed import aside_of
from skillmatch.workspace.importing import Progress
from skillmatch.workspace.learning import learn_signs
from skillmatch.workspace.outgoing import Outgoing
from skillmatch.workspace.refitting import Comparison, Refit, Version
from skillmatch.workspace.resident_linker import MakeModel

NOUNS: tuple[type[Noun], ...] = (
    *(Skill, Link, Worker, Customer, Site, Asset, JobType, Job, Shift, Leave, Booking),
    *(Cause, Question, Correction, Merge, SiteNote),
)


class Workspace(Outgoing):
    """A company's data and what is believed of its workers.

    Safe to share between threads: reads of the resident arrays are guarded by a lock, writes are transactions.
    """

    @classmethod
    def open(
        cls,
        url: str,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        zone: tzinfo = UTC,
        prices: Prices = USUAL_PRICES,
        model: MakeModel | None = None,
        disputes: DisputeEffect = DisputeEffect.SET_ASIDE,
    ) -> Workspace:
        """Return the workspace kept in the database at `url`, made or brought up to date where needed.

        Days and shifts are those of the clock `zone`; `prices` are what visits cost. With a local `model` of language,
        such as `LocalModel`, texts are linked to skills by what they mean as well; it is loaded when first needed.
        `disputes` is what becomes of a disputed fact until somebody has decided.

        Raises
        ------
        StoreError
            When the database cannot be reached, or was written by a newer version.
        """
        store = Store.open(url)
        recording.fold_if_missing(store)
        opened = cls(store, clock=clock, zone=zone, prices=prices, model=model)
        opened.dispute_effect = disputes
        return opened

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def graph(self) -> SkillGraph:
        """The skills graph as it stands in the database now."""
        with self._lock:
            return self._fresh().graph

    def params(self) -> BeliefParams:
        """Return the parameters that beliefs are learned under now."""
        with self._store.read() as transaction:
            return transaction.params()

    def names(self) -> dict[str, str]:
        """Return what people call each skill, by id."""
        with self._lock:
            return dict(self._fresh().names)

    def open_jobs(
        self,
        *,
        search: str = "",
        limit: int = 50,
        offset: int = 0,
        status: JobStatus | None = JobStatus.OPEN,
        among: Collection[str] | None = None,
        where: Mapping[str, str] | None = None,
    ) -> JobPage:
        """Return a page of jobs, the most urgent first; `status` None means all, `among` leaves out all but these.

        `where` names the `type`, `customer`, `site` or `asset` that they have.
        """
        with self._store.read() as transaction:
            jobs, total = transaction.find_jobs(
                status=status, search=search, limit=limit, offset=offset, among=among, where=where
            )
        return JobPage(tuple(jobs), total)

    def jobs_of(self, worker: str) -> frozenset[str]:
        """Return the jobs that a worker is promised to or has an outcome of."""
        with self._lock, self._store.read() as transaction:
            promised = self._fresh(transaction).roster.calendar.bookings.get(worker, {})
            # She goes on seeing the job that her dispute is about.
            disputed = {fact.job for fact in aside_of(transaction, worker) if isinstance(fact, JobOutcome)}
            return frozenset((*promised, *disputed, *transaction.jobs_done_by(worker)))

    def workers(self) -> tuple[Worker, ...]:
        """Return all workers, by id."""
        with self._lock:
            return self._fresh().people()

    def people(self) -> Mapping[str, Worker]:
        """Return all workers under their ids, in the order of these."""
        with self._lock:
            return self._fresh().by_id()

    def record(self, evidence: Evidence, *, by: Account | None = None) -> Recorded:
        """Append a fact to the log and move what is believed of its worker, in one transaction.

        A fact with a key that is known already corrects the earlier one; the same fact again changes nothing. A job
        outcome takes its demands from the job as it stands. A final result closes the job. `by` is who was signed in,
        and is kept beside it.

        Raises
        ------
        NotFound
            When it names a worker, skill or job that does not exist.
        Invalid
            When it is dated in the future.
        Conflict
            When it contradicts the log, such as one key for two kinds of evidence.
        """
        return recording.record(self._store, evidence, now=self.now(), by=by)

    def recorded_by(self, evidence: Evidence) -> str:
        """Return who recorded a fact last while signed in, "" when nobody is on record."""
        rows = self.accounts.audit(subject=recording.audit_subject(evidence), limit=1)
        return rows[0].by if rows else ""

    def worker(self, id: str) -> Worker | None:
        """Return a worker, None when there is none."""
        with self._store.read() as transaction:
            return transaction.noun(Worker, id)

    def profile(self, worker: str) -> Profile:
        """Return everything believed of a worker, and why, or raise NotFound."""
        with self._store.read() as transaction:
            person = find_worker(transaction, worker)
            params = transaction.params()
            facts = transaction.evidence_of(worker)
            graph = self._fresh(transaction).graph
            held = transaction.certifications(workers=[worker])
        state = WorkerState.fresh(worker, params)
        effects = _replay(state, facts, params)
        return Profile(
            person,
            Proficiency.in_general(state, params),
            self._skills(state, graph, params, facts),
            tuple(sorted((one.certification() for one in held), key=lambda one: (one.type, one.issued))),
            tuple(facts),
            effects,
        )

    def why(self, worker: str, skill: str, *, most: int = 10) -> Why:
        """Return why a worker's level in a skill is believed, with the `most` pieces of evidence that are worth most.

        Raises
        ------
        NotFound
            When there is no such worker or skill.
        """
        with self._store.read() as transaction:
            person = find_worker(transaction, worker)
            resident = self._fresh(transaction)
            named, names = resident.graph.skill(skill), resident.names
            params = transaction.params()
            facts = transaction.evidence_of(worker)
        found = decompose(worker, facts, params, skill=named.id, day=day_number(self.now()))
        return Why(
            person,
            named,
            Proficiency.of(found.mean, found.var, params),
            found.inferred,
            Basis.of(found.pieces, related=tuple(names.get(one, one) for one in found.related)),
            found.explanation(most=most),
            found.largest(most),
        )

    def import_path(
        self,
        path: Path | str,
        *,
        mapping: Path | str | None = None,
        dry_run: bool = False,
        skip_bad: bool = False,
        progress: Progress | None = None,
    ) -> Report:
        """Import a file or folder in one transaction; importing it twice changes nothing.

        Raises
        ------
        ImportStopped
            When rows cannot be taken and `skip_bad` is not set; nothing is written, and its report lists them.
        """
        return importing.import_path(
            self._store,
            Path(path),
            mapping=Path(mapping) if mapping else None,
            dry_run=dry_run,
            skip_bad=skip_bad,
            now=self.now(),
            progress=progress,
            zone=self.zone,
        )

    def export_path(self, path: Path | str, *, tables: bool = False) -> Report:
        """Write all nouns and the whole log, so that importing the file elsewhere gives the same company.

        With `tables`, write what counts as tables in the columns that the import reads: CSV files in a folder, or the
        sheets of a workbook when the path ends in .xlsx. Superseded and retracted facts are left out of these.
        """
        report = Report()
        with self._store.read() as transaction:
            nouns: list[Noun] = [noun for kind in NOUNS for noun in transaction.recorded(kind)]
            if tables:
                facts = [fact for _worker, own in transaction.evidence(as_recorded=True) for fact in own]
            else:
                facts = list(transaction.log())
        write = write_tables if tables else jsonl.write
        write(Path(path), nouns, facts)
        report.count("nouns", added=len(nouns))
        report.count("evidence", added=len(facts))
        return report

    def rebuild(self, *, check: bool = True) -> RebuildReport:
        """Fold everybody anew from the log and compare to the stored beliefs, to the bit; without `check` store it."""
        return recording.rebuild(self._store, check=check)

    def refit(self, *, progress: Progress | None = None) -> Refit:
        """Learn the parameters anew from the whole log and switch to them where they pass every check.

        What speaks for causes is learned too, from the jobs of which somebody found the cause.

        Learned on three quarters of the workers and judged on the others, then on everybody. Reading and writing go on
        meanwhile; beliefs and parameters are switched in one transaction.

        Raises
        ------
        Conflict
            When somebody else changed the parameters meanwhile; nothing is changed then.
        """
        found = refitting.refit(self._store, progress=progress)
        return replace(found, signs=learn_signs(self._store, now=self.now(), zone=self.zone))

    def params_versions(self) -> tuple[Version, ...]:
        """Return all versions of the parameters with their scores, the newest first."""
        with self._store.read() as transaction:
            return refitting.versions(transaction)

    def compare_params(self, a: int, b: int) -> Comparison:
        """Return two versions of the parameters with their scores and what differs, or raise NotFound."""
        with self._store.read() as transaction:
            return refitting.compare(transaction, a, b)

    def use_params(self, version: int) -> BeliefParams:
        """Put an earlier version of the parameters in force again, under a new number, and fold everybody.

        Raises
        ------
        NotFound
            When there is no such version.
        """
        return refitting.go_back(self._store, version)

    def evaluate(self, *, policies: Sequence[str] = tuple(POLICIES), progress: Progress | None = None) -> Evaluation:
        """Replay the history in time order, predicting first and learning afterwards, and score its last fifth."""
        with self._store.read() as transaction:
            histories = dict(transaction.evidence())
            types = {type.id: type for type in transaction.nouns(JobType)}
            jobs = transaction.nouns(Job)
            workers = transaction.nouns(Worker)
            graph = refitting.graph_of(transaction)
        replayed = []
        for job in jobs:
            needs = job.requirements or (types[job.type].requirements if job.type in types else ())
            seen = finished(job, skill_needs(needs))
            if seen is not None and job.status is JobStatus.DONE:
                replayed.append(seen)
        began = {worker.id: worker.active_from for worker in workers if worker.active_from}
        chosen = [self.policy(name) for name in policies]
        return evaluate(histories, replayed, from_graph(BeliefParams(), graph), chosen, began=began, progress=progress)

    def _skills(
        self, state: WorkerState, graph: SkillGraph, params: BeliefParams, facts: Sequence[Evidence]
    ) -> tuple[SkillProfile, ...]:
        day = day_number(self.now())
        found = []
        overrides = {fact.skill: fact for fact in facts if isinstance(fact, Override)}
        for id, row in state.skills.items():
            proficiency = Proficiency.in_skill(state, id, day, params)
            recent, lasting = _practice(row.recent, row.lasting, day - row.day, params)
            used = time_of_day(row.day)
            found.append(
                SkillProfile(graph.skill(id), proficiency, row.uses, recent, lasting, used, overrides.pop(id, None))
            )
        for id, override in overrides.items():  # set in a skill of which nothing else is known
            proficiency = Proficiency.in_skill(state, id, day, params)
            found.append(SkillProfile(graph.skill(id), proficiency, 0, 0.0, 0.0, override.time, override))
        return tuple(sorted(found, key=lambda one: (-one.proficiency.level, one.skill.id)))


def _practice(recent: float, lasting: float, elapsed: float, params: BeliefParams) -> tuple[float, float]:
    days = max(elapsed, 0.0)
    return float(recent * 0.5 ** (days / params.recent_days)), float(lasting * 0.5 ** (days / params.lasting_days))


def _replay(state: WorkerState, facts: Sequence[Evidence], params: BeliefParams) -> tuple[Effect, ...]:
    """Fold the facts into `state` and return what each did to the levels it touched, at its time."""
    effects = []
    for fact in facts:
        day = day_number(fact.time)
        before = {skill: Proficiency.in_skill(state, skill, day, params) for skill in fact.skills()}
        learn(state, fact, params)
        for skill, was in before.items():
            effects.append(Effect(fact, skill, was, Proficiency.in_skill(state, skill, day, params)))
    return tuple(effects)
