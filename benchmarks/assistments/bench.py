"""Answers of pupils to exercises: predict each answer of unknown persons from their earlier answers only.

The protocol is that of Gervet et al., When is Deep Learning the Best Approach to Knowledge Tracing?, JEDM 12(3), 2020:
everything global is fitted on other persons, and the AUC is taken over all test answers together.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.beliefs.measuring import measure
from benchmarks.beliefs.predictor import Predictor, Skillmatch, succeeded
from benchmarks.beliefs.regression import CountedRegression
from benchmarks.histories import ASSISTMENTS_FILES, assistments
from benchmarks.report import Report, Row
from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.gaps.metrics import OutcomeScore

FILES = ASSISTMENTS_FILES
PRIOR_WEIGHT = 4.0
PUBLISHED = {"published: IRT": 0.69, "published: PFA": 0.72, "published: DKT": 0.75, "published: Best-LR": 0.77}


class ItemRate:
    """Share of correct answers to the item among the persons learned from, shrunk to the overall share."""

    name = "item rate"

    def __init__(self) -> None:
        self._average = 0.5
        self._counts: dict[str, list[float]] = {}

    def fit(self, train: Sequence[JobOutcome], *, returning: bool) -> None:
        self._average = float(np.mean([succeeded(outcome) for outcome in train]))
        for outcome in train:
            self._count(self._key(outcome), outcome)

    def restore(self) -> None:
        """Do nothing: other persons' answers are not learned from."""

    def predict_then_learn(self, stream: Sequence[JobOutcome]) -> list[float]:
        return [self._chance(self._key(outcome)) for outcome in stream]

    def _chance(self, key: str) -> float:
        won, tried = self._counts.get(key, (0.0, 0.0))
        return (won + PRIOR_WEIGHT * self._average) / (tried + PRIOR_WEIGHT)

    def _count(self, key: str, outcome: JobOutcome) -> None:
        counts = self._counts.setdefault(key, [0.0, 0.0])
        counts[0] += succeeded(outcome)
        counts[1] += 1.0

    def _key(self, outcome: JobOutcome) -> str:
        return outcome.job_type or ""


class PersonRate(ItemRate):
    """Share of correct answers of the person so far, shrunk to the overall share."""

    name = "person rate"

    def predict_then_learn(self, stream: Sequence[JobOutcome]) -> list[float]:
        chances = []
        for outcome in stream:
            chances.append(self._chance(self._key(outcome)))
            self._count(self._key(outcome), outcome)
        return chances

    def _key(self, outcome: JobOutcome) -> str:
        return outcome.worker


def run(data: Path) -> Report:
    """Return the figures; the data folder holds `assistments09/`."""
    split = assistments(data)
    measured = measure(Skillmatch(), split)
    ours = measured.score
    others: dict[str, OutcomeScore] = {}
    predictors: tuple[Predictor, ...] = (ItemRate(), PersonRate(), CountedRegression())
    for predictor in predictors:
        others[predictor.name] = measure(predictor, split).score
    others["scikit-learn, Best-LR"] = others.pop(CountedRegression.name)
    recreated = "re-created: Best-LR"
    rows = (
        Row("auc", "will this answer be correct", ours.auc, "", ">= 0.780",
            PUBLISHED | {recreated: 0.7664} | {name: found.auc for name, found in others.items()}),
        Row("log_loss", "the same", ours.log_loss, "", "<= 0.522",
            {recreated: 0.5346} | {name: found.log_loss for name, found in others.items()}),
        Row("ece", "calibration error", ours.ece, "", "<= 0.010",
            {name: found.ece for name, found in others.items()}),
        Row("answers", "answers scored", float(ours.count), ""),
        Row("fit_seconds", "learning the difficulties of the items from the train persons", measured.fit_seconds, "s"),
        Row("events_per_second", "answers predicted and learned from", measured.rate, "/s"),
    )  # fmt: skip
    notes = (
        "the files hold no times: the answers of a person are taken to lie one minute apart, in the order of the rows",
        "baselines marked 'published' are in the paper; those without a mark were computed in this run",
    )
    return Report("assistments", rows, notes)
