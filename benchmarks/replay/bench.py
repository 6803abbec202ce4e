"""How fast a whole history is replayed, how fast one fact is learned, and how much memory what is believed takes.

The history of Eclipse, on one core: every outcome is predicted and learned from. The libraries see the same outcomes.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.beliefs.bench import installed, make
from benchmarks.histories import ECLIPSE_FILES, by_worker, eclipse
from benchmarks.report import Report, Row
from skillmatch.beliefs.columns import PART_WIDTH, SKILL_WIDTH
from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.filter import WorkerState, learn
from skillmatch.beliefs.histories import encode, fold_histories, replay
from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.refit import fit

FILES = ECLIPSE_FILES
FITTED_ON = 40_000
"""Outcomes from which the parameters are learned: speed does not hang on their values, only on there being some."""
REPEATED, FACTS = 7, 3000
LEFT_OUT = ("pyBKT", "scikit-learn")
"""Libraries that are far behind and take minutes: `bench beliefs` has them."""
SEED = 20091


def run(data: Path) -> Report:
    """Return the figures; the data folder holds `eclipse/`."""
    split = eclipse(data)
    outcomes = (*split.train, *split.test)
    found = fit(by_worker(outcomes[:FITTED_ON]), BeliefParams())
    params = found.params if found else BeliefParams()
    histories = by_worker(outcomes)
    started = time.process_time()
    encoded = encode(histories, params)
    encoding = time.process_time() - started
    replay(encoded, params)
    seconds = statistics.median(timed(lambda: replay(encoded, params)) for _ in range(REPEATED))
    rate = len(outcomes) / seconds
    state, _found = replay(encoded, params)
    workers, pairs = len(histories), len(np.asarray(state.skills)) // SKILL_WIDTH
    parts = len(np.asarray(state.parts)) // PART_WIDTH
    libraries = {name: library_rate(name, outcomes) for name in installed()[0] if name not in LEFT_OUT}
    fastest = max(libraries.values(), default=float("nan"))
    rows = [
        Row("events_per_second", "outcomes predicted and learned from, whole history at once", rate, "/s", ">= 300000",
            {name: round(value) for name, value in libraries.items()}),
        Row("over_best_library", "the same over the fastest library", rate / fastest, "x", ">= 10"),
        Row("encode_seconds", "turning the facts into columns, once", encoding, "s"),
        Row("update_us", "one more outcome, median, without the database", update_us(histories, params), "us",
            "<= 100"),
        Row("bytes_per_worker", "numbers kept of a worker: form, shared parts",
            8.0 * (workers + PART_WIDTH * parts) / workers, "bytes", "<= 400"),
        Row("bytes_per_skill", "numbers kept of a worker's skill", 8.0 * SKILL_WIDTH, "bytes", "<= 100"),
        Row("events", "outcomes", float(len(outcomes)), ""),
        Row("workers", "workers", float(workers), ""),
        Row("pairs", "pairs of worker and skill", float(pairs), ""),
        Row("differing_states", "of 200 workers, folded one outcome after the other", differing(histories, params), "",
            "<= 0"),
    ]  # fmt: skip
    notes = (
        f"processor seconds on one core, median of {REPEATED} replays; machine code was made before",
        f"left out because they take minutes: {', '.join(LEFT_OUT)}; see `bench beliefs`",
    )
    return Report("replay", tuple(rows), notes)


def timed(action: object) -> float:
    """Return how many processor seconds an action takes."""
    started = time.process_time()
    action()  # type: ignore[operator]
    return time.process_time() - started


def library_rate(name: str, outcomes: Sequence[JobOutcome]) -> float:
    """Return how many of the outcomes a library predicts and learns from in a second."""
    print(f"{name} ...", file=sys.stderr, flush=True)
    predictor = make(name)
    return len(outcomes) / timed(lambda: predictor.predict_then_learn(outcomes))


def update_us(histories: dict[str, list[JobOutcome]], params: BeliefParams) -> float:
    """Return the median microseconds of learning one more outcome of a worker with some history."""
    chance = random.Random(SEED)
    long = [own for own in histories.values() if len(own) >= 50]
    seconds: list[float] = []
    while len(seconds) < FACTS:
        own = chance.choice(long)[:50]
        state = WorkerState.fresh(own[0].worker, params)
        for fact in own:
            started = time.perf_counter()
            learn(state, fact, params)
            seconds.append(time.perf_counter() - started)
    return 1e6 * statistics.median(seconds)


def differing(histories: dict[str, list[JobOutcome]], params: BeliefParams) -> float:
    """Return how many of some workers' states differ in any bit from the whole replay's."""
    chosen = random.Random(SEED).sample(sorted(histories), 200)
    states = {state.worker: state for state in fold_histories(histories, params)}
    different = 0
    for worker in chosen:
        state = WorkerState.fresh(worker, params)
        for fact in histories[worker]:
            learn(state, fact, params)
        different += state.values() != states[worker].values()
    return float(different)
