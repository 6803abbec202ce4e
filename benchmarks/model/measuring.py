"""One measurement: fit without something, then predict a whole history and compare with what came true."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

import numpy as np

from benchmarks import histories
from benchmarks.model.variants import Variant
from skillmatch.beliefs.evidence import Evidence, JobOutcome
from skillmatch.beliefs.histories import Histories, encode, replay
from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.regression import trials_of
from skillmatch.beliefs.structure import from_graph
from skillmatch.beliefs.table import Floats, Indices
from skillmatch.demo import write_company
from skillmatch.gaps.metrics import CLIP, Bools, OutcomeScore, score_outcomes
from skillmatch.gaps.replay import before, in_time_order
from skillmatch.gaps.slices import Standings
from skillmatch.model import Link, LinkKind, Skill
from skillmatch.skills.graph import SkillGraph
from skillmatch.workspace import Workspace

Key = tuple[str, str]
TODAY = date(2026, 6, 1)


@dataclass(frozen=True)
class History:
    """What may be learned from beforehand, and what is then predicted, each outcome before it is learned from.

    `start` says what the skills graph knows; `train` and `stream` are each worker's evidence in its order. Of the
    outcomes in `stream` those in `scored` count, each with whether a skill of the job was in none of the worker's jobs
    before.
    """

    start: BeliefParams
    train: Histories
    stream: Histories
    scored: Mapping[Key, bool]

    @cached_property
    def first_use(self) -> Bools:
        """Whether each scored outcome, in the order of `stream`, is a first use of a skill, (scored,)."""
        return np.array([self.scored[fact.key] for fact in _facts(self.stream) if fact.key in self.scored])


@dataclass(frozen=True, slots=True)
class Measured:
    """What was predicted for each scored outcome, in the order of the stream, arrays (scored,)."""

    success: Floats
    chance: Floats
    worker: Indices
    first_use: Bools

    def score(self) -> OutcomeScore:
        """Return how good the chances are."""
        return score_outcomes(self.success, self.chance)

    def score_first_use(self) -> OutcomeScore:
        """Return how good those are where the worker had never used one of the skills."""
        return score_outcomes(self.success[self.first_use], self.chance[self.first_use])

    def losses(self) -> Floats:
        """Return the logarithmic loss of each chance."""
        right = np.where(self.success >= 0.5, self.chance, 1.0 - self.chance)
        return np.asarray(-np.log(np.clip(right, CLIP, 1.0)))

    def doubt(self, other: Measured) -> float:
        """Return the standard error of the difference of both log-losses; a worker's outcomes count as one piece."""
        apart = self.losses() - other.losses()
        pieces = np.bincount(self.worker, apart - apart.mean())
        return float(np.sqrt(np.sum(pieces**2)) / len(apart))


def predict(history: History, params: BeliefParams, variant: Variant) -> Measured:
    """Return what `params` say of each scored outcome, from what `variant` tells them."""
    told = variant.told(history.stream)
    facts = list(_facts(told))
    encoded = encode(told, params)
    _state, found = replay(encoded, params)
    trials = trials_of(encoded, found, params)
    counted = np.array([facts[number].key in history.scored for number in encoded.fact[trials.event]])
    log_odds = params.slope * (trials.shrink * trials.mean) + params.shift
    worker = np.asarray(encoded.events.worker)[trials.event].astype(np.intp)
    chance = 1.0 / (1.0 + np.exp(-log_odds[counted]))
    return Measured(trials.success[counted], chance, worker[counted], history.first_use)


def _facts(told: Histories) -> Iterable[Evidence]:
    return (fact for facts in told.values() for fact in facts)


def in_time(stream: Histories, start: BeliefParams, share: float = histories.TRAIN_SHARE) -> History:
    """Return a history of which the first `share` of the outcomes may be learned from, and the rest is predicted."""
    ordered = in_time_order(stream)
    outcomes = [fact for fact in ordered if isinstance(fact, JobOutcome) and fact.demands]
    first = outcomes[int(len(outcomes) * share)].order
    uses = first_uses(ordered)
    scored = {fact.key: uses[fact.key] for fact in outcomes if fact.order >= first}
    return History(start, before(stream, first), stream, scored)


def first_uses(ordered: Iterable[Evidence]) -> dict[Key, bool]:
    """Return of each outcome whether it is the worker's first with one of its skills."""
    standings = Standings()
    found = {}
    for fact in ordered:
        if isinstance(fact, JobOutcome) and fact.demands:
            found[fact.key] = standings.before(fact).first_use
            standings.learn(fact)
    return found


def assistments(data: Path) -> History:
    """Return the answers: all of those of unknown persons are predicted."""
    split = histories.assistments(data)
    stream = histories.by_worker(split.test)
    scored = first_uses(split.test)
    return History(BeliefParams(), histories.by_worker(split.train), stream, scored)


def eclipse(data: Path) -> History:
    """Return the hand-overs, protocol A, with the families that products make of their components."""
    split = histories.eclipse(data)
    outcomes = (*split.train, *split.test)
    pairs = sorted({(fact.demands[0].skill, fact.demands[1].skill) for fact in outcomes})
    skills = sorted({skill for pair in pairs for skill in pair})
    links = [Link(part, product, LinkKind.BROADER) for part, product in pairs]
    graph = SkillGraph([Skill(skill, skill) for skill in skills], links)
    return in_time(histories.by_worker(outcomes), from_graph(BeliefParams(), graph))


def company(seed: int) -> History:
    """Return the history of a generated company as it is after an import."""
    clock = datetime(TODAY.year, TODAY.month, TODAY.day, 7, tzinfo=UTC)
    with tempfile.TemporaryDirectory(prefix="skillmatch-model-") as name:
        folder = Path(name)
        write_company(folder / "tables", seed=seed, today=TODAY)
        with Workspace.open(str(folder / "company.db"), clock=lambda: clock) as workspace:
            workspace.import_path(folder / "tables")
            known = workspace.params()
            stream = {worker.id: workspace.profile(worker.id).evidence for worker in workspace.workers()}
    # Circles and numbers were learned by the import from what is to be predicted: a fit takes families only.
    return in_time(stream, replace(BeliefParams(), loadings=known.loadings, half_lives=known.half_lives))
