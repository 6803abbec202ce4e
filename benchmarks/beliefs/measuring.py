"""One measurement: fit, then predict and learn outcome after outcome by the clock."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from benchmarks.beliefs.predictor import Predictor, succeeded
from benchmarks.histories import Split, by_worker
from skillmatch.gaps.metrics import OutcomeScore, score_outcomes


@dataclass(frozen=True, slots=True)
class Measured:
    """How good the predictions are; `rate` in outcomes per second, predicted and learned from one by one.

    Seconds are the processor's, on one core: another program that runs meanwhile changes them little.
    """

    score: OutcomeScore
    fit_seconds: float
    rate: float


def measure(predictor: Predictor, split: Split, *, every: int = 1) -> Measured:
    """Measure `predictor` on `split`; of new workers only each `every`-th one.

    Where the workers of the test part are new, each is predicted from her own earlier outcomes only.
    """
    returning = not {outcome.worker for outcome in split.train}.isdisjoint(outcome.worker for outcome in split.test)
    started = time.process_time()
    predictor.fit(split.train, returning=returning)
    fit_seconds = time.process_time() - started
    streams = [list(split.test)] if returning else list(by_worker(split.test).values())[::every]
    seconds = 0.0
    truth: list[float] = []
    chances: list[float] = []
    for stream in streams:
        if not returning:
            predictor.restore()
        started = time.process_time()
        chances += predictor.predict_then_learn(stream)
        seconds += time.process_time() - started
        truth += [float(succeeded(outcome)) for outcome in stream]
    return Measured(score_outcomes(np.array(truth), np.array(chances)), fit_seconds, len(truth) / seconds)
