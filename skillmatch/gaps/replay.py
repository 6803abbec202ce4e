"""Protocol A: replay every outcome in time order, let the engine and the baselines predict it, then learn from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import pi, sqrt

import numpy as np

from skillmatch.beliefs.evidence import Evidence, JobOutcome
from skillmatch.beliefs.filter import shown_chance
from skillmatch.beliefs.histories import Histories, encode, replay
from skillmatch.beliefs.observation import DONE, SUCCESS
from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.refit import fit
from skillmatch.beliefs.table import Floats, Indices
from skillmatch.gaps.baselines import BASELINES, Attempt
from skillmatch.gaps.intervals import Coverage, Windows, coverage, windows
from skillmatch.gaps.metrics import Bools, OutcomeScore, score_outcomes
from skillmatch.gaps.slices import SLICES, Standings

Progress = Callable[[str, int, int | None], None]

ENGINE = "skillmatch"
"""The engine's name among the scores."""
TEST_SHARE = 0.2
"""The last part of the history, by count, that is scored."""
MIN_OUTCOMES = 10
"""With fewer in the whole history nothing is scored."""
MIN_ROWS = 30
"""With fewer rows, or one class only, the figures of a slice would be chance."""


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the scored outcomes: how many, how many succeeded, and scores by name, the engine's first.

    `scores` is empty and `coverage` None when there is too little to say anything.
    """

    count: int
    successes: int
    scores: Mapping[str, OutcomeScore]
    coverage: Coverage | None


@dataclass(frozen=True, slots=True)
class Replay:
    """The scored outcomes, in time order: rows (n,).

    `hit` is whether each succeeded, `chances` what each predictor said before, `mean` and `var` the engine's log-odds
    and their variance, `work` a number for each worker at one kind of job, `members` which rows each slice has.
    `params` are what the engine predicted with.
    """

    params: BeliefParams
    hit: Bools
    chances: Mapping[str, Floats]
    mean: Floats
    var: Floats
    work: Indices
    members: Mapping[str, Bools]

    def __len__(self) -> int:
        return len(self.hit)

    def scores(self) -> dict[str, OutcomeScore]:
        """Return the score of every predictor over all rows; nothing when there are none."""
        return self._scores(np.ones(len(self), dtype=np.bool_)) if len(self) else {}

    def slices(self) -> dict[str, Slice]:
        """Return every slice by name."""
        followed = windows(self.work, self.hit)
        found = {}
        for name, rows in self.members.items():
            count, hits = int(np.count_nonzero(rows)), int(np.count_nonzero(self.hit[rows]))
            enough = count >= MIN_ROWS and 0 < hits < count
            found[name] = Slice(count, hits, self._scores(rows) if enough else {}, self._coverage(followed.of(rows)))
        return found

    def _scores(self, rows: Bools) -> dict[str, OutcomeScore]:
        success = self.hit[rows].astype(np.float64)
        return {name: score_outcomes(success, chance[rows]) for name, chance in self.chances.items()}

    def _coverage(self, tested: Windows) -> Coverage | None:
        if len(tested) < MIN_ROWS:
            return None
        params = self.params
        sd = np.sqrt(params.spread * np.maximum(self.var[tested.start] - params.instance_var, 0.0))
        # The interval that is shown beside a chance: see View.interval.
        scale = params.slope / sqrt(1.0 + pi / 8.0 * params.instance_var)
        return coverage(tested, scale * self.mean[tested.start] + params.shift, scale * sd)


def replay_outcomes(
    histories: Histories,
    params: BeliefParams,
    *,
    began: Mapping[str, date] | None = None,
    progress: Progress | None = None,
) -> Replay:
    """Return what was predicted for the last fifth of the outcomes, and what came of it.

    Base rate and difficulties are learned from what came before. `began` is each worker's first day of employment,
    where it is known.
    """
    facts = in_time_order(histories)
    outcomes = [fact for fact in facts if isinstance(fact, JobOutcome)]
    if len(outcomes) < MIN_OUTCOMES:
        return _Recorder().replay(params)
    first = outcomes[int(len(outcomes) * (1.0 - TEST_SHARE))].order
    found = fit(before(histories, first), params, progress=progress)
    fitted = found.params if found else params
    expected = _expected(histories, fitted)
    standings, baselines, recorder = Standings(began), [new() for new in BASELINES], _Recorder()
    for number, fact in enumerate(facts):
        if progress and number % 2000 == 0:
            progress("outcomes", number, len(facts))
        if not isinstance(fact, JobOutcome) or fact.key not in expected:
            continue
        attempt, success = Attempt.at(fact), SUCCESS[fact.result] >= DONE
        if fact.order >= first:
            recorder.keep(fact, success, *expected[fact.key], fitted)
            for baseline in baselines:
                recorder.chances[baseline.name].append(baseline.guess(attempt))
            standing = standings.before(fact)
            for name, belongs in SLICES.items():
                recorder.members[name].append(belongs(standing))
        for baseline in baselines:
            baseline.learn(attempt, success)
        standings.learn(fact)
    return recorder.replay(fitted)


def _expected(histories: Histories, params: BeliefParams) -> dict[tuple[str, str], tuple[float, float]]:
    """Return mean and variance of the log-odds of each job outcome before it was learned from, by the fact's key."""
    encoded = encode(histories, params)
    _state, found = replay(encoded, params)
    facts = [fact for own in histories.values() for fact in own]
    # A job outcome is one event; other facts may be several or none.
    numbers, mean, var = encoded.fact.tolist(), np.asarray(found.mean).tolist(), np.asarray(found.var).tolist()
    return {
        facts[number].key: (mean[event], var[event])
        for event, number in enumerate(numbers)
        if isinstance(facts[number], JobOutcome)
    }


class _Recorder:
    """Rows of a replay while it goes on."""

    def __init__(self) -> None:
        self.hit: list[bool] = []
        self.chances: defaultdict[str, list[float]] = defaultdict(list)
        self.members: dict[str, list[bool]] = {name: [] for name in SLICES}
        self._logits: list[tuple[float, float]] = []
        self._work: list[int] = []
        self._works: dict[object, int] = {}

    def keep(self, fact: JobOutcome, success: bool, mean: float, var: float, params: BeliefParams) -> None:
        """Note the outcome and what the engine expected."""
        self.hit.append(success)
        self.chances[ENGINE].append(shown_chance(mean, var, params))
        self._logits.append((mean, var))
        work = (fact.worker, fact.job_type, fact.demands)
        self._work.append(self._works.setdefault(work, len(self._works)))

    def replay(self, params: BeliefParams) -> Replay:
        """Return the rows as arrays."""
        logits = np.array(self._logits, dtype=np.float64).reshape(-1, 2)
        return Replay(
            params,
            np.array(self.hit, dtype=np.bool_),
            {name: np.array(chances) for name, chances in self.chances.items()},
            logits[:, 0],
            logits[:, 1],
            np.array(self._work, dtype=np.intp),
            {name: np.array(rows, dtype=np.bool_) for name, rows in self.members.items()},
        )


def in_time_order(histories: Histories) -> list[Evidence]:
    """Return everybody's evidence in canonical order."""
    return sorted((fact for facts in histories.values() for fact in facts), key=lambda fact: fact.order)


def before(histories: Histories, cut: tuple[datetime, str, str]) -> Histories:
    """Return only the evidence before `cut` in canonical order."""
    kept = {worker: [fact for fact in facts if fact.order < cut] for worker, facts in histories.items()}
    return {worker: facts for worker, facts in kept.items() if facts}
