"""The use-case of learning parameters anew: fit, judge, fold everybody, and switch, or leave everything as it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime

from skillmatch.beliefs.filter import WorkerState
from skillmatch.beliefs.histories import Histories, fold_histories
from skillmatch.beliefs.params import FEATURES, BeliefParams
from skillmatch.beliefs.refit import MIN_TRIALS, count_trials, fit
from skillmatch.beliefs.structure import from_graph
from skillmatch.errors import Conflict, NotFound
from skillmatch.gaps.gate import Check, judge, scores
from skillmatch.model import Link, Skill, Worker
from skillmatch.skills.graph import SkillGraph
from skillmatch.store.store import Store, Transaction

Progress = Callable[[str, int, int | None], None]

ABOUT = frozenset({"version", "fitted_on", "scores"})
"""Fields of the parameters that say where they are from and how good they are, which `Version` tells."""
SMALL = frozenset({"rater_noise", "rater_bias"})
"""Mappings with the same few keys in every version: compared one by one, others by how many entries they have."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the parameters: when it was made and why, what it was learned from, and how well it did then."""

    version: int
    made: datetime | None
    note: str
    fitted_on: int
    scores: dict[str, float]
    in_force: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """One number in which two versions of the parameters differ, in the unit that `BeliefParams` gives.

    `entries of difficulties` and the like count what was learned; the two counts may be equal and the values not.
    """

    name: str
    a: float
    b: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions of the parameters, their scores, and what differs between them, in the order of `BeliefParams`."""

    a: Version
    b: Version
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Refit:
    """What refitting did.

    `params` are those in force afterwards: the new ones if `adopted`. `learned` says what was learned, nothing where
    there was too little to learn from; `checks` and `scores` are those of the new parameters, nothing where too few
    workers could be held out. `workers` counts whose beliefs were rebuilt. `signs` says in words what was learned of
    what speaks for causes.
    """

    params: BeliefParams
    adopted: bool
    outcomes: int
    checks: tuple[Check, ...]
    note: str
    learned: str = ""
    scores: Mapping[str, float] = field(default_factory=dict)
    workers: int = 0
    signs: str = ""

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that speak against the new parameters."""
        return tuple(check for check in self.checks if not check.passed)


def refit(store: Store, *, progress: Progress | None = None) -> Refit:
    """Learn parameters from the whole log and switch to them where they pass; see `Workspace.refit`.

    Readers and writers go on meanwhile: only the switch itself locks, and folds again whoever has new evidence.
    """
    with store.read() as transaction:
        seen, current = transaction.revision(), transaction.params()
        histories = dict(transaction.evidence())
        teams = _teams(transaction)
        current_graph = from_graph(current, graph_of(transaction))
    found = learn(histories, current_graph, teams, progress)
    if not found.adopted:
        return replace(found, params=current)
    if progress:
        progress("learning what each worker can do", 0, None)
    states = fold_histories(histories, found.params)
    with store.write() as transaction:
        revision = transaction.next_revision()  # waits for other writers: what is read below is their last word
        if transaction.params_version() != current.version:
            raise Conflict("somebody else changed the parameters meanwhile: nothing was changed; refit again")
        transaction.save_params(found.params, note=found.note)
        changed = transaction.changed_workers(since=seen)
        late = {worker: transaction.evidence_of(worker) for worker in sorted(changed)}
        kept = [state for state in states if state.worker not in late]
        fresh = fold_histories(late, found.params) if late else []
        save_everybody(transaction, [*kept, *fresh], found.params, revision)
    return replace(found, workers=len(kept) + len(fresh))


def learn(
    histories: Histories, current: BeliefParams, teams: dict[str, str], progress: Progress | None = None
) -> Refit:
    """Return new parameters and whether they may replace `current`; nothing is written."""
    found = fit(histories, current, progress=progress)
    if found is None:
        count = count_trials(histories)
        note = (
            f"{count} finished job{'' if count == 1 else 's'} with skills, {MIN_TRIALS} are needed to learn from: "
            "the parameters stay as they are"
        )
        return Refit(current, adopted=False, outcomes=count, checks=(), note=note)
    params, outcomes = found.params, found.params.fitted_on
    learned = f"base rate, practice and difficulty of {_count(len(params.difficulties), 'job type')}"
    learned += f" from {_count(outcomes, 'outcome')}"
    if found.held_out is None:
        note = f"{learned}; too few to hold workers out, so how good it is was not measured"
        return Refit(params, adopted=True, outcomes=outcomes, checks=(), note=note, learned=learned)
    params = replace(params, scores=scores(found.held_out))
    checks = judge(found.held_out, params, teams)
    refitted = Refit(params, True, outcomes, checks, note=learned, learned=learned, scores=params.scores)
    if refitted.failed:
        failed = "; ".join(check.describe() for check in refitted.failed)
        return replace(refitted, adopted=False, note=f"refused, the parameters stay as they are: {failed}")
    return refitted


def versions(transaction: Transaction) -> tuple[Version, ...]:
    """Return all versions of the parameters, the newest first; the defaults are version 0."""
    in_force = transaction.params_version()
    found = [
        Version(params.version, made, note, params.fitted_on, dict(params.scores), params.version == in_force)
        for params, note, made in transaction.all_params()
    ]
    defaults = Version(0, None, "as shipped", 0, {}, in_force == 0)
    return (*sorted(found, key=lambda one: -one.version), defaults)


def compare(transaction: Transaction, a: int, b: int) -> Comparison:
    """Return two versions of the parameters side by side; see `Workspace.compare_params`."""
    known = _known(transaction)
    left, right = (_numbers(_named(known, version)) for version in (a, b))
    of = {version.version: version for version in versions(transaction)}
    differing = (name for name in left if left[name] != right[name])
    rows = tuple(Difference(name, _size(left[name]), _size(right[name])) for name in differing)
    return Comparison(of[a], of[b], rows)


def go_back(store: Store, version: int) -> BeliefParams:
    """Put an earlier version of the parameters in force again, under a new number; see `Workspace.use_params`."""
    with store.write() as transaction:
        transaction.lock_workers(())  # waits for other writers
        earlier = _named(_known(transaction), version)
        current = transaction.params_version()
        if version == current:
            return earlier
        again = replace(from_graph(earlier, graph_of(transaction)), version=current + 1)
        transaction.save_params(again, note=f"version {version} again")
        states = fold_histories(dict(transaction.evidence()), again)
        save_everybody(transaction, states, again, transaction.next_revision())
    return again


def graph_of(transaction: Transaction) -> SkillGraph:
    """Return the skills graph as it is stored."""
    return SkillGraph(transaction.nouns(Skill), transaction.nouns(Link), transaction.meanings.into)


def _teams(transaction: Transaction) -> dict[str, str]:
    return {worker.id: worker.team for worker in transaction.nouns(Worker) if worker.team}


def save_everybody(
    transaction: Transaction, states: Sequence[WorkerState], params: BeliefParams, revision: int
) -> None:
    """Save the states of all who have evidence; whose evidence was all taken back starts afresh under `params` too."""
    folded = {state.worker for state in states}
    rest = (row[0] for row in transaction.worker_rows() if row[0] not in folded)
    fresh = [WorkerState.fresh(worker, params) for worker in rest]
    transaction.save_states([*states, *fresh], revision=revision, replace=True)


def _known(transaction: Transaction) -> dict[int, BeliefParams]:
    saved = {params.version: params for params, _note, _made in transaction.all_params()}
    return {0: BeliefParams(), **saved}


def _named(known: Mapping[int, BeliefParams], version: int) -> BeliefParams:
    if version not in known:
        raise NotFound(
            f"there is no version {version} of the parameters: expected {' or '.join(map(str, sorted(known)))}; "
            "list them with `skillmatch refit --list`"
        )
    return known[version]


def _numbers(params: BeliefParams) -> dict[str, float | Mapping[str, object]]:
    """Return what to compare, by name: single numbers, and mappings of which only the size is told."""
    found: dict[str, float | Mapping[str, object]] = {}
    for one in fields(params):
        value = getattr(params, one.name)
        if one.name in ABOUT:
            continue
        if one.name == "weights":
            found.update({f"weight of {name}": weight for name, weight in zip(FEATURES, value, strict=True)})
        elif isinstance(value, tuple):
            found.update({f"{one.name} {place}": number for place, number in enumerate(value, start=1)})
        elif one.name in SMALL:
            found.update({f"{one.name} {key}": number for key, number in value.items()})
        else:
            found[f"entries of {one.name}" if isinstance(value, Mapping) else one.name] = value
    return found


def _size(value: float | Mapping[str, object]) -> float:
    return float(len(value) if isinstance(value, Mapping) else value)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
