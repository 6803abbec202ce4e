"""Whole histories at once: the same kernel as for one fact, compiled, over all workers' events one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from skillmatch.beliefs.columns import PART_WIDTH, SKILL_WIDTH, VAR, WORK, Events, Found, State
from skillmatch.beliefs.compiled import compiled_run
from skillmatch.beliefs.encoding import Encoder, as_arrays, room
from skillmatch.beliefs.evidence import Evidence
from skillmatch.beliefs.filter import SkillState, WorkerState
from skillmatch.beliefs.kernel import run
from skillmatch.beliefs.params import BeliefParams

Histories = Mapping[str, Sequence[Evidence]]
"""Each worker's evidence in canonical order."""
Floats = npt.NDArray[np.float64]

COMPILED_FROM = 20_000
"""With fewer facts, plain Python is done before machine code is loaded."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """Histories as columns. `fact` (events,) is the number of the fact that each event is from, over all workers.

    `unlearned` names what a fit to them does not learn: see `refit.fit`.
    """

    encoder: Encoder
    events: Events
    facts: int
    fact: npt.NDArray[np.int64]
    last: tuple[Evidence | None, ...]
    uses: tuple[int, ...]
    unlearned: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self.encoder)


def encode(histories: Histories, params: BeliefParams, *, unlearned: frozenset[str] = frozenset()) -> Encoded:
    """Return histories as columns, for any parameters that load skills on the same parts as `params`.

    `unlearned` is for fits: see `refit.fit`.
    """
    encoder = Encoder(params, many=True)
    fact: list[int] = []
    last: list[Evidence | None] = []
    number = 0
    for worker, facts in histories.items():
        encoder.enter(worker)
        for one in facts:
            fact += [number] * encoder.add(one)
            number += 1
        last.append(facts[-1] if facts else None)
    uses = tuple(len(facts) for facts in histories.values())
    return Encoded(encoder, encoder.arrays(), number, np.array(fact, dtype=np.int64), tuple(last), uses, unlearned)


def replay(encoded: Encoded, params: BeliefParams, *, times: int = 1) -> tuple[State, Found]:
    """Fold everything and return the last state and what was expected of each event before it was learned from.

    `times` is how often this is going to be done: machine code is worth its while sooner.
    """
    encoder = encoded.encoder
    rows = sum(map(len, encoder.skill_rows))
    skills = np.zeros(SKILL_WIDTH * rows)
    skills[VAR::SKILL_WIDTH] = params.skill_var
    parts: Any = np.array(encoder.prior_parts(params))
    state: Any = State(skills, parts, np.zeros(len(encoder.workers)))
    found, fold = workings(encoded, params, times=times)
    fold(encoded.events, state, 0, len(encoded))
    return state, found


def workings(encoded: Encoded, params: BeliefParams, *, times: int = 1) -> tuple[Found, Callable[..., None]]:
    """Return room for what is expected of each event, and a function that folds events (events, state, from, up to)."""
    found: Any = room(len(encoded), encoded.encoder.demands, np.zeros)
    world: Any = as_arrays(encoded.encoder.world(params))
    kernel = compiled_run() if encoded.facts * times >= COMPILED_FROM else run

    def fold(events: Events, state: State, start: int, stop: int | None = None) -> None:
        kernel(events, state, world, found, start, start + 1 if stop is None else stop)

    return found, fold


def fold_histories(histories: Histories, params: BeliefParams) -> list[WorkerState]:
    """Return the state of each worker after all of her evidence, as `filter.fold` would, to the bit."""
    encoded = encode(histories, params)
    state, _found = replay(encoded, params)
    return states_of(encoded, state)


def states_of(encoded: Encoded, state: State) -> list[WorkerState]:
    """Return the states of all workers as records."""
    encoder = encoded.encoder
    skills = np.asarray(state.skills).reshape(-1, SKILL_WIDTH).tolist()
    parts = np.asarray(state.parts).reshape(-1, PART_WIDTH).tolist()
    form = np.asarray(state.form).tolist()
    days: Any = np.zeros(len(encoder.workers))
    events: Any = encoded.events
    work = events.kind == WORK
    days[events.worker[work]] = events.day[work]  # of a worker's events the last is the newest
    worked = days.tolist()
    states = []
    for number, worker in enumerate(encoder.workers):
        own = {part: (parts[row][0], parts[row][1], parts[row][2]) for part, row in encoder.part_rows[number].items()}
        found = WorkerState(worker, own, form[number])
        found.skills = {skill: SkillState.of_row(skills[row]) for skill, row in encoder.skill_rows[number].items()}
        found.uses = encoded.uses[number]
        last = encoded.last[number]
        found.last = last.order if last else None
        found.worked = worked[number]
        found.occasion = encoder.occasions[number]
        states.append(found)
    return states
