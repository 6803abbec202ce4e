"""Bayesian Knowledge Tracing by pyBKT: its `Model` is fitted once, its `Roster` follows each worker."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import isnan
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import _classification

from benchmarks.beliefs.predictor import skill_of, succeeded
from skillmatch.beliefs.evidence import JobOutcome

SKILLS = 150
PER_SKILL = 100
"""The most frequent skills, and rows of each, that the model is fitted on: its EM, written in Python, takes a
millisecond or more for a row. In other skills it predicts the average."""


class BayesianKnowledgeTracing:
    """pyBKT with its basic model; the skills of a job together count as one skill, as in the data it was made for."""

    name = "pyBKT"

    def __init__(self) -> None:
        self._average = 0.5
        self._roster: Any = None
        self._seen: set[tuple[str, str]] = set()

    def fit(self, train: Sequence[JobOutcome], *, returning: bool) -> None:
        self._average = float(np.mean([succeeded(outcome) for outcome in train]))
        with as_it_expects() as (Model, Roster):
            model = Model(seed=42, num_fits=1, parallel=False)
            model.fit(data=frame(sample(train)))
        self._roster = Roster([], list(model.coef_), model=model)
        if returning:
            self._follow(train)

    def restore(self) -> None:
        """Do nothing: each worker has a state of her own."""

    @np.errstate(invalid="ignore")  # a skill in which everybody succeeded has no proper fit
    def predict_then_learn(self, stream: Sequence[JobOutcome]) -> list[float]:
        chances = []
        for outcome in stream:
            worker, skill = outcome.worker, skill_of(outcome)
            if skill not in self._roster.skill_rosters:
                chances.append(self._average)
                continue
            if (worker, skill) not in self._seen:
                self._seen.add((worker, skill))
                self._roster.add_student(skill, worker)
            chance = float(self._roster.get_correct_prob(skill, worker))
            chances.append(self._average if isnan(chance) else chance)
            self._roster.update_state(skill, worker, int(succeeded(outcome)))
        return chances

    @np.errstate(invalid="ignore")
    def _follow(self, train: Sequence[JobOutcome]) -> None:
        results: dict[tuple[str, str], list[int]] = {}
        for outcome in train:
            if (skill := skill_of(outcome)) in self._roster.skill_rosters:
                results.setdefault((outcome.worker, skill), []).append(int(succeeded(outcome)))
        for (worker, skill), flags in results.items():
            self._seen.add((worker, skill))
            self._roster.add_student(skill, worker)
            self._roster.update_state(skill, worker, np.array(flags))


def sample(train: Sequence[JobOutcome]) -> Iterator[JobOutcome]:
    """Yield whole histories of workers in the most frequent skills, until each skill has enough rows."""
    frequent = Counter(skill_of(outcome) for outcome in train).most_common(SKILLS)
    taken = {skill: 0 for skill, _count in frequent}
    chosen: dict[tuple[str, str], bool] = {}
    for outcome in train:
        skill = skill_of(outcome)
        pair = (outcome.worker, skill)
        if chosen.setdefault(pair, taken.get(skill, PER_SKILL) < PER_SKILL):
            taken[skill] += 1
            yield outcome


def frame(outcomes: Iterator[JobOutcome]) -> Any:
    rows = [
        (number, outcome.worker, skill_of(outcome), int(succeeded(outcome))) for number, outcome in enumerate(outcomes)
    ]
    return pd.DataFrame(rows, columns=["order_id", "user_id", "skill_name", "correct"])


@contextmanager
def as_it_expects() -> Iterator[tuple[Any, Any]]:
    """Give pyBKT's `Model` and `Roster`; 1.4.3 cannot be imported or fitted with the current numpy and scikit-learn.

    At its import it tries scikit-learn's metrics on lists, prepared for a TypeError but not for what 1.9 raises in a
    private one; and its EM stores an array of one number as a number, which numpy 2.4 refuses.
    """
    hidden = _classification._log_loss
    # Calling None is a TypeError.
    _classification._log_loss = None
    try:
        from pyBKT.fit import EM_fit
        from pyBKT.models import Model, Roster
    finally:
        _classification._log_loss = hidden
    step = EM_fit.run

    def run(*arguments: Any, **options: Any) -> Any:
        result = step(*arguments, **options)
        result["total_loglike"] = result["total_loglike"].item()
        return result

    EM_fit.run = run
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield Model, Roster
    finally:
        EM_fit.run = step
