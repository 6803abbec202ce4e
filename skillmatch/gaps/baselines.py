"""What the engine has to beat: simple predictors of success, run through the same replay as the engine itself.

Each learns from what is scored, success or not, and sees of an attempt only what was known before it.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable
from math import exp, log, log1p
from typing import ClassVar, NamedTuple, Protocol

import numpy as np

from skillmatch.beliefs.encoding import shares
from skillmatch.beliefs.evidence import JobOutcome


class Attempt(NamedTuple):
    """What is known before a job is tried: who, of which type, and the share of the work each skill has."""

    worker: str
    job_type: str
    skills: tuple[tuple[str, float], ...]

    @classmethod
    def at(cls, fact: JobOutcome) -> Attempt:
        """Return the attempt whose outcome `fact` is."""
        parts = shares(fact.demands) if len(fact.demands) != 1 else (1.0,)
        return cls(fact.worker, fact.job_type or "", tuple(zip(fact.skills(), parts, strict=True)))


class Baseline(Protocol):
    """A predictor: `guess` before the outcome is known, `learn` afterwards, attempts in time order.

    The replay asks for no guess before the scored part, so a model that is fitted once is fitted at its first guess.
    """

    name: ClassVar[str]

    def guess(self, attempt: Attempt) -> float:
        """Return the chance of success, above 0 and below 1."""

    def learn(self, attempt: Attempt, success: bool) -> None:
        """Take in how the attempt ended."""


class _Rates:
    """Running success rates by key, each smoothed as if `weight` earlier attempts had gone as its prior says."""

    def __init__(self, weight: float = 4.0) -> None:
        self._weight = weight
        self._counts: dict[tuple[str, str], tuple[float, float]] = {}

    def rate(self, one: str = "", other: str = "", *, prior: float = 0.5) -> float:
        hits, count = self._counts.get((one, other), (0.0, 0.0))
        return (hits + self._weight * prior) / (count + self._weight)

    def count(self, success: bool, *keys: tuple[str, str]) -> None:
        for key in keys:
            hits, count = self._counts.get(key, (0.0, 0.0))
            self._counts[key] = (hits + success, count + 1.0)


class JobTypeRate:
    """The share of successes at jobs of this type, whoever was sent."""

    name: ClassVar[str] = "job type rate"

    def __init__(self) -> None:
        self._rates = _Rates()

    def guess(self, attempt: Attempt) -> float:
        return self._rates.rate("type", attempt.job_type, prior=self._rates.rate())

    def learn(self, attempt: Attempt, success: bool) -> None:
        self._rates.count(success, ("", ""), ("type", attempt.job_type))


class WorkerRate:
    """The worker's share of successes, whatever the work."""

    name: ClassVar[str] = "worker rate"

    def __init__(self) -> None:
        self._rates = _Rates()

    def guess(self, attempt: Attempt) -> float:
        return self._rates.rate("worker", attempt.worker, prior=self._rates.rate())

    def learn(self, attempt: Attempt, success: bool) -> None:
        self._rates.count(success, ("", ""), ("worker", attempt.worker))


class WorkerPlusJobType:
    """Worker and job type, added in log-odds."""

    name: ClassVar[str] = "worker + job type"

    def __init__(self) -> None:
        self._rates = _Rates()

    def guess(self, attempt: Attempt) -> float:
        overall = self._rates.rate()
        worker = self._rates.rate("worker", attempt.worker, prior=overall)
        job_type = self._rates.rate("type", attempt.job_type, prior=overall)
        return logistic(log_odds(worker) + log_odds(job_type) - log_odds(overall))

    def learn(self, attempt: Attempt, success: bool) -> None:
        self._rates.count(success, ("", ""), ("worker", attempt.worker), ("type", attempt.job_type))


class WorkerJobTypeRate:
    """The worker's share of successes at jobs of this type, smoothed towards her own rate."""

    name: ClassVar[str] = "worker x job type rate"

    def __init__(self) -> None:
        self._workers, self._pairs = _Rates(), _Rates()

    def guess(self, attempt: Attempt) -> float:
        worker = self._workers.rate("worker", attempt.worker, prior=self._workers.rate())
        return self._pairs.rate(attempt.worker, attempt.job_type, prior=worker)

    def learn(self, attempt: Attempt, success: bool) -> None:
        self._workers.count(success, ("", ""), ("worker", attempt.worker))
        self._pairs.count(success, (attempt.worker, attempt.job_type))


class WorkerSkillRate:
    """The worker's share of successes with each skill the job draws on, smoothed towards her own rate."""

    name: ClassVar[str] = "worker x skill rate"

    def __init__(self) -> None:
        self._workers, self._pairs = _Rates(), _Rates()

    def guess(self, attempt: Attempt) -> float:
        worker = self._workers.rate("worker", attempt.worker, prior=self._workers.rate())
        if not attempt.skills:
            return worker
        return sum(part * self._pairs.rate(attempt.worker, skill, prior=worker) for skill, part in attempt.skills)

    def learn(self, attempt: Attempt, success: bool) -> None:
        self._workers.count(success, ("", ""), ("worker", attempt.worker))
        self._pairs.count(success, *((attempt.worker, skill) for skill, _part in attempt.skills))


class Elo:
    """Ratings of each worker in general, in each skill, and of each job type, moved by what surprises.

    log-odds = general + sum of share x skill - difficulty. After each attempt every rating moves by U(n) times the
    surprise, U(n) = a / (1 + b n) after n attempts, a = 1 and b = 0.05. Source: Pelánek, Applications of the Elo rating
    system in adaptive educational systems, Computers & Education 98 (2016), section 2.
    """

    name: ClassVar[str] = "Elo"

    def __init__(self, a: float = 1.0, b: float = 0.05) -> None:
        self._a, self._b = a, b
        self._workers: defaultdict[str, _Rating] = defaultdict(_Rating)
        self._types: defaultdict[str, _Rating] = defaultdict(_Rating)
        self._pairs: defaultdict[tuple[str, str], _Rating] = defaultdict(_Rating)

    def guess(self, attempt: Attempt) -> float:
        unknown = _Rating()
        total = self._workers.get(attempt.worker, unknown).value - self._types.get(attempt.job_type, unknown).value
        for skill, part in attempt.skills:
            total += part * self._pairs.get((attempt.worker, skill), unknown).value
        return logistic(total)

    def learn(self, attempt: Attempt, success: bool) -> None:
        surprise = success - self.guess(attempt)
        self._move(self._workers[attempt.worker], surprise)
        self._move(self._types[attempt.job_type], -surprise)
        for skill, part in attempt.skills:
            self._move(self._pairs[attempt.worker, skill], part * surprise)

    def _move(self, rating: _Rating, surprise: float) -> None:
        rating.value += self._a / (1.0 + self._b * rating.count) * surprise
        rating.count += 1


class _Rating:
    """A rating in logits and how many attempts moved it."""

    __slots__ = ("count", "value")

    def __init__(self) -> None:
        self.value, self.count = 0.0, 0


class _Tally:
    """Successes and failures, as ln(1 + n); kept as logarithms because they are read far more often than counted."""

    __slots__ = ("hits", "log_hits", "log_misses", "misses")

    def __init__(self) -> None:
        self.hits = self.misses = 0
        self.log_hits = self.log_misses = 0.0

    def count(self, success: bool) -> None:
        if success:
            self.hits += 1
            self.log_hits = log1p(self.hits)
        else:
            self.misses += 1
            self.log_misses = log1p(self.misses)


_NOTHING = _Tally()


class CountRegression:
    """Logistic regression on ln(1 + successes) and ln(1 + failures) of the worker, of her with the skills, of the type.

    The weights are fitted on all attempts learned before the first guess and stay as they are; the counts go on.
    Counts by skill enter as their mean over the skills, weighted by share.
    """

    name: ClassVar[str] = "logistic regression"
    WIDTH: ClassVar[int] = 6

    def __init__(self) -> None:
        self._workers: defaultdict[str, _Tally] = defaultdict(_Tally)
        self._types: defaultdict[str, _Tally] = defaultdict(_Tally)
        self._pairs: defaultdict[tuple[str, str], _Tally] = defaultdict(_Tally)
        self._rows, self._results = array("d"), array("b")
        self._weights: list[float] | None = None

    def guess(self, attempt: Attempt) -> float:
        if self._weights is None:
            self._weights = self._fit()
        constant, *weights = self._weights
        return logistic(constant + sum(w * x for w, x in zip(weights, self._features(attempt), strict=True)))

    def learn(self, attempt: Attempt, success: bool) -> None:
        if self._weights is None:
            self._rows.extend(self._features(attempt))
            self._results.append(success)
        self._workers[attempt.worker].count(success)
        self._types[attempt.job_type].count(success)
        for skill, _part in attempt.skills:
            self._pairs[attempt.worker, skill].count(success)

    def _features(self, attempt: Attempt) -> list[float]:
        worker = self._workers.get(attempt.worker, _NOTHING)
        job_type = self._types.get(attempt.job_type, _NOTHING)
        values = [worker.log_hits, worker.log_misses, job_type.log_hits, job_type.log_misses, 0.0, 0.0]
        for skill, part in attempt.skills:
            pair = self._pairs.get((attempt.worker, skill), _NOTHING)
            values[4] += part * pair.log_hits
            values[5] += part * pair.log_misses
        return values

    def _fit(self) -> list[float]:
        """Return the constant and the weights; the smoothed base rate alone while only one class was seen."""
        from sklearn.linear_model import LogisticRegression

        results = np.frombuffer(self._results, dtype=np.int8) if self._results else np.zeros(0, dtype=np.int8)
        hits, count = int(results.sum()), len(results)
        if hits in (0, count):
            return [log_odds((hits + 1.0) / (count + 2.0)), *([0.0] * self.WIDTH)]
        rows = np.frombuffer(self._rows, dtype=np.float64).reshape(count, self.WIDTH)
        model = LogisticRegression(max_iter=1000).fit(rows, results)
        return [float(model.intercept_[0]), *map(float, model.coef_[0])]


def logistic(log_odds: float) -> float:
    """Return the chance with these log-odds, kept off 0 and 1 by rounding it nowhere nearer than 1e-6."""
    return 1.0 / (1.0 + exp(-min(max(log_odds, -13.8), 13.8)))


def log_odds(rate: float) -> float:
    """Return the log-odds of a chance."""
    rate = min(max(rate, 1e-6), 1.0 - 1e-6)
    return log(rate / (1.0 - rate))


BASELINES: tuple[Callable[[], Baseline], ...] = (
    JobTypeRate,
    WorkerRate,
    WorkerPlusJobType,
    WorkerJobTypeRate,
    WorkerSkillRate,
    Elo,
    CountRegression,
)
"""Every baseline, in the order in which they are shown."""
