"""Is the engine right? Replays a history in time order: predict first, learn afterwards, score the end.

Protocol A asks whether the chance of success is right, for each outcome of the last fifth (`replay.py`). Protocol B
asks whether the worker who succeeded was near the top, for each job of the last fifth. Base rate and difficulties are
learned from what came before the scored part only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from skillmatch.beliefs.evidence import Evidence, JobOutcome, day_number
from skillmatch.beliefs.filter import WorkerState, learn
from skillmatch.beliefs.histories import Histories
from skillmatch.beliefs.observation import DONE, SUCCESS
from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.table import BeliefTable
from skillmatch.gaps.metrics import OutcomeScore, RankingScore, score_ranks
from skillmatch.gaps.reliability import Bin, reliability
from skillmatch.gaps.replay import ENGINE, TEST_SHARE, Progress, Slice, in_time_order, replay_outcomes
from skillmatch.matching.policy import Policy
from skillmatch.matching.ranking import Scoring
from skillmatch.matching.roster import Roster
from skillmatch.matching.view import View
from skillmatch.model import Job, Requirement

HALF_LIFE_JOBS = 3000.0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Scores by name: the engine's and, from the same replay, the baselines'.

    `outcomes` scores all outcomes, `slices` them and parts of them; `reliability` compares the engine's chances, in
    bins of equal size, to what came true, and `histogram` counts them in equal steps from 0 to 1.
    """

    outcomes: Mapping[str, OutcomeScore]
    rankings: Mapping[str, RankingScore]
    trained_on: int
    slices: Mapping[str, Slice]
    reliability: tuple[Bin, ...]
    histogram: tuple[int, ...]


def evaluate(
    histories: Histories,
    jobs: Sequence[FinishedJob],
    params: BeliefParams,
    policies: Sequence[Policy],
    *,
    began: Mapping[str, date] | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Return both protocols' scores; `began` is each worker's first day of employment, where it is known."""
    replay = replay_outcomes(histories, params, began=began, progress=progress)
    rankings = evaluate_rankings(histories, jobs, replay.params, policies, progress=progress)
    bins, histogram = reliability(replay.hit, replay.chances[ENGINE]) if len(replay) else ((), ())
    return Evaluation(replay.scores(), rankings, replay.params.fitted_on, replay.slices(), bins, histogram)


def evaluate_outcomes(
    histories: Histories, params: BeliefParams, *, progress: Progress | None = None
) -> tuple[dict[str, OutcomeScore], BeliefParams]:
    """Return protocol A's scores of the engine and of every baseline, and the parameters the engine used."""
    replay = replay_outcomes(histories, params, progress=progress)
    return replay.scores(), replay.params


@dataclass(frozen=True, slots=True)
class FinishedJob:
    """A finished job as protocol B sees it: when it came up, what it needed, and all that happened on it."""

    id: str
    created: datetime
    type: str | None
    needs: tuple[Requirement, ...]


def evaluate_rankings(
    histories: Histories,
    jobs: Sequence[FinishedJob],
    params: BeliefParams,
    policies: Sequence[Policy],
    *,
    progress: Progress | None = None,
) -> dict[str, RankingScore]:
    """Return protocol B's scores under each policy and of two baselines.

    Jobs are taken in the order in which they came up. For each of the last fifth, workers are ranked with what earlier
    jobs showed; a hit is a worker who then succeeded on it. A job on which somebody succeeded of whom nothing was known
    is a miss; one on which nobody succeeded has no right answer and is left out. `params` should
    have been learned from the earlier part only.
    """
    ordered = sorted(jobs, key=lambda job: (job.created, job.id))
    first = int(len(ordered) * (1.0 - TEST_SHARE))
    facts_of_job, others = _by_job(histories)
    replay = _Replay(params)
    ranks: dict[str, list[int | None]] = defaultdict(list)
    waiting = iter(others)
    upcoming = next(waiting, None)
    for number, job in enumerate(ordered):
        if progress and number % 1000 == 0:
            progress("rankings", number, len(ordered))
        while upcoming is not None and upcoming.time <= job.created:
            replay.learn(upcoming, number)
            upcoming = next(waiting, None)
        facts = facts_of_job.get(job.id, ())
        winners = [fact.worker for fact in facts if SUCCESS[fact.result] >= DONE]
        if number >= first and winners:
            for name, rank in replay.ranks(job, winners, policies, number):
                ranks[name].append(rank)
        for fact in facts:
            replay.learn(fact, number)
    return {name: score_ranks(found) for name, found in ranks.items()}


def _by_job(histories: Histories) -> tuple[dict[str, list[JobOutcome]], list[Evidence]]:
    by_job: dict[str, list[JobOutcome]] = defaultdict(list)
    others: list[Evidence] = []
    for fact in in_time_order(histories):
        if isinstance(fact, JobOutcome):
            by_job[fact.job].append(fact)
        else:
            others.append(fact)
    return by_job, others


class _Replay:
    """The state of the world as the replay goes on: beliefs, and the baselines' counts."""

    def __init__(self, params: BeliefParams) -> None:
        self.params = params
        self.table = BeliefTable(params)
        self.roster = Roster(self.table)
        self.states: dict[str, WorkerState] = {}
        self.counts: defaultdict[str, dict[str, float]] = defaultdict(dict)
        self.recent: defaultdict[str, dict[str, tuple[float, int]]] = defaultdict(dict)

    def learn(self, fact: Evidence, number: int) -> None:
        """Take in one fact, which belongs to the job with this number in the order."""
        state = self.states.get(fact.worker)
        if state is None:
            state = self.states[fact.worker] = WorkerState.fresh(fact.worker, self.params)
        learn(state, fact, self.params)
        self.table.put_state(state, [skill for skill in fact.skills() if skill in state.skills])
        if isinstance(fact, JobOutcome) and SUCCESS[fact.result] >= 0.5:
            counts, recent = self.counts[fact.job_type or ""], self.recent[fact.job_type or ""]
            counts[fact.worker] = counts.get(fact.worker, 0.0) + 1.0
            value, last = recent.get(fact.worker, (0.0, number))
            recent[fact.worker] = (value * 0.5 ** ((number - last) / HALF_LIFE_JOBS) + 1.0, number)

    def ranks(
        self, job: FinishedJob, winners: list[str], policies: Sequence[Policy], number: int
    ) -> Iterator[tuple[str, int | None]]:
        """Yield for each policy and baseline the best rank of a winner, None when none of them is known."""
        known = [place for place in map(self.table.place, winners) if place is not None]
        view = View(self.table, self.roster, job.needs, job.created.date(), day_number(job.created), job.type)
        for policy in policies:
            scoring = Scoring(view, policy)
            scoring.eligible = None
            yield f"skillmatch, policy {policy.name}", min((scoring.rank(place) for place in known), default=None)
        counts = self.counts[job.type or ""]
        yield "all-time counts per job type", _rank_by_count(counts, winners)
        decayed = {
            worker: value * 0.5 ** ((number - last) / HALF_LIFE_JOBS)
            for worker, (value, last) in self.recent[job.type or ""].items()
        }
        yield f"counts, half-life {HALF_LIFE_JOBS:.0f} jobs", _rank_by_count(decayed, winners)


def _rank_by_count(counts: Mapping[str, float], winners: list[str]) -> int | None:
    best = max(((counts[w], w) for w in winners if w in counts), default=None, key=lambda pair: pair[0])
    if best is None:
        return None
    value, name = best
    return 1 + sum(other > value or (other == value and worker < name) for worker, other in counts.items())


def finished(job: Job, needs: tuple[Requirement, ...]) -> FinishedJob | None:
    """Return a job as protocol B sees it, or None when nobody knows when it came up."""
    return FinishedJob(job.id, job.created, job.type, needs) if job.created else None
