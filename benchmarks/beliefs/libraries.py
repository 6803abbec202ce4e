"""Libraries that learn from one event at a time, each used as its documentation shows."""

from __future__ import annotations

import copy
from collections import ChainMap
from collections.abc import MutableMapping, Sequence
from typing import Any

from openskill.models import PlackettLuce
from river import linear_model, optim

from benchmarks.beliefs.predictor import skill_of, succeeded
from skillmatch.beliefs.evidence import JobOutcome


class River:
    """river: an online logistic regression over named features, the way its guide treats sparse categories."""

    name = "river"

    def __init__(self, rate: float = 0.2) -> None:
        # The rate was chosen on the first four fifths of Eclipse and the train persons of ASSISTments.
        self._model = linear_model.LogisticRegression(optimizer=optim.AdaGrad(rate))

    def fit(self, train: Sequence[JobOutcome], *, returning: bool) -> None:
        self.predict_then_learn(train)
        self._fitted = copy.deepcopy(self._model)

    def restore(self) -> None:
        self._model = copy.deepcopy(self._fitted)

    def predict_then_learn(self, stream: Sequence[JobOutcome]) -> list[float]:
        chances = []
        for outcome in stream:
            features = self.features(outcome)
            chances.append(float(self._model.predict_proba_one(features)[True]))
            self._model.learn_one(features, succeeded(outcome))
        return chances

    @staticmethod
    def features(outcome: JobOutcome) -> dict[str, float]:
        """Return who, what, and who with which skill."""
        found = {f"worker {outcome.worker}": 1.0, f"type {outcome.job_type}": 1.0}
        for demand in outcome.demands:
            found[f"skill {demand.skill}"] = 1.0
            found[f"worker {outcome.worker} skill {demand.skill}"] = 1.0
        return found


class OpenSkill:
    """openskill: each outcome is a match of the worker against the job.

    The worker's side is her overall rating and the one she has in the skill; the job's side is its type and its skill.
    """

    name = "openskill"

    def __init__(self) -> None:
        self._model: Any = PlackettLuce()
        self._fitted: MutableMapping[tuple[str, ...], Any] = {}
        self._ratings: MutableMapping[tuple[str, ...], Any] = {}

    def fit(self, train: Sequence[JobOutcome], *, returning: bool) -> None:
        self.predict_then_learn(train)
        self._fitted = self._ratings
        self.restore()

    def restore(self) -> None:
        self._ratings = ChainMap({}, self._fitted)

    def predict_then_learn(self, stream: Sequence[JobOutcome]) -> list[float]:
        chances = []
        for outcome in stream:
            skill = skill_of(outcome)
            keys: list[list[tuple[str, ...]]] = [
                [("worker", outcome.worker), ("worker", outcome.worker, skill)],
                [("type", outcome.job_type or ""), ("skill", skill)],
            ]
            sides = [[self._rating(key) for key in side] for side in keys]
            chances.append(float(self._model.predict_win(sides)[0]))
            ranks = [1, 2] if succeeded(outcome) else [2, 1]
            for side, rated in zip(keys, self._model.rate(sides, ranks=ranks), strict=True):
                self._ratings.update(zip(side, rated, strict=True))
        return chances

    def _rating(self, key: tuple[str, ...]) -> Any:
        rating = self._ratings.get(key)
        if rating is None:
            rating = self._ratings[key] = self._model.rating()
        return rating
