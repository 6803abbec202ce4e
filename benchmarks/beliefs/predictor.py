"""What is measured: something that learns a history and then predicts outcome after outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from benchmarks.histories import by_worker
from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.filter import WorkerState, learn
from skillmatch.beliefs.observation import SUCCESS
from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.refit import fit


class Predictor(Protocol):
    """One way to predict outcomes."""

    name: str

    def fit(self, train: Sequence[JobOutcome], *, returning: bool) -> None:
        """Learn what `train` has to say; with `returning`, of its workers too, because more of theirs is to come."""

    def restore(self) -> None:
        """Go back to what was known after `fit`; where workers are new, this is called before each of them."""

    def predict_then_learn(self, stream: Sequence[JobOutcome]) -> list[float]:
        """Return the chance of success of each outcome as predicted before learning from it."""


def succeeded(outcome: JobOutcome) -> bool:
    """Return whether an outcome counts as a success."""
    return SUCCESS[outcome.result] >= 0.5


def skill_of(outcome: JobOutcome) -> str:
    """Return the skills of the job as one name, for libraries that know one skill per event."""
    return " + ".join(demand.skill for demand in outcome.demands)


class Skillmatch:
    """Ours, as it ships: difficulties fitted on the history, then one `learn` per outcome."""

    name = "skillmatch"

    def __init__(self) -> None:
        self.params = BeliefParams()
        self.states: dict[str, WorkerState] = {}

    def fit(self, train: Sequence[JobOutcome], *, returning: bool) -> None:
        found = fit(by_worker(train), BeliefParams())
        self.params = found.params if found else BeliefParams()
        if returning:
            self.predict_then_learn(train)

    def restore(self) -> None:
        """Do nothing: what is learned of one worker changes nothing for another."""

    def predict_then_learn(self, stream: Sequence[JobOutcome]) -> list[float]:
        params, states = self.params, self.states
        chances = []
        for outcome in stream:
            state = states.get(outcome.worker)
            if state is None:
                state = states[outcome.worker] = WorkerState.fresh(outcome.worker, params)
            expected = learn(state, outcome, params)
            assert expected is not None
            chances.append(expected.chance)
        return chances
