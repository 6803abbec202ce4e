"""Logistic regression with counts, by scikit-learn: the strongest simple rival where people practise skills."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import log1p

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from benchmarks.beliefs.predictor import succeeded
from skillmatch.beliefs.evidence import JobOutcome

Feature = tuple[str, ...]


class Counts:
    """How often each worker succeeded and tried: overall, per skill and per job type."""

    def __init__(self) -> None:
        self._counts: defaultdict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])

    def features(self, outcome: JobOutcome) -> Iterator[tuple[Feature, float]]:
        """Yield what is known before the outcome: Best-LR of Gervet et al. 2020.

        The job type, each skill, and log(1 + count) of successes and attempts, with a weight for each skill and type.
        """
        worker, kind = outcome.worker, outcome.job_type or ""
        yield ("type", kind), 1.0
        keys: list[tuple[str, ...]] = [(), ("type", kind)]
        for demand in outcome.demands:
            yield ("skill", demand.skill), 1.0
            keys.append(("skill", demand.skill))
        for key in keys:
            count = self._counts.get((worker, *key))
            if count is not None:
                yield ("won", *key), log1p(count[0])
                yield ("tried", *key), log1p(count[1])

    def learn(self, outcome: JobOutcome) -> None:
        """Count one outcome."""
        won = int(succeeded(outcome))
        keys: list[tuple[str, ...]] = [(), ("type", outcome.job_type or "")]
        keys += [("skill", demand.skill) for demand in outcome.demands]
        for key in keys:
            count = self._counts[(outcome.worker, *key)]
            count[0] += won
            count[1] += 1


class CountedRegression:
    """scikit-learn's logistic regression on counts: weights fitted once, counts kept up to date."""

    name = "scikit-learn"

    def __init__(self) -> None:
        self._counts = Counts()
        self._columns: dict[Feature, int] = {}
        # lbfgs is what the user guide recommends for many columns and dense targets; it needs some 300 steps here.
        self._model = LogisticRegression(max_iter=1000)

    def fit(self, train: Sequence[JobOutcome], *, returning: bool) -> None:
        columns: list[int] = []
        values: list[float] = []
        ends = [0]
        for outcome in train:
            for feature, value in self._counts.features(outcome):
                columns.append(self._columns.setdefault(feature, len(self._columns)))
                values.append(value)
            ends.append(len(columns))
            self._counts.learn(outcome)
        table = csr_matrix((values, columns, ends), shape=(len(train), len(self._columns)))
        self._model.fit(table, np.array([succeeded(outcome) for outcome in train]))

    def restore(self) -> None:
        """Do nothing: weights are fixed, and counts are each worker's own."""

    def predict_then_learn(self, stream: Sequence[JobOutcome]) -> list[float]:
        chances = []
        for outcome in stream:
            known = [
                (self._columns[feature], value)
                for feature, value in self._counts.features(outcome)
                if feature in self._columns
            ]
            columns, values = [column for column, _value in known], [value for _column, value in known]
            row = csr_matrix((values, columns, [0, len(known)]), shape=(1, len(self._columns)))
            chances.append(float(self._model.predict_proba(row)[0, 1]))
            self._counts.learn(outcome)
        return chances
