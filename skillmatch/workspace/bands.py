"""A level over time: what was to be believed of a worker in one skill on each day, from what counts today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from skillmatch.beliefs.evidence import Evidence, day_number
from skillmatch.beliefs.filter import WorkerState, learn
from skillmatch.beliefs.params import BeliefParams
from skillmatch.workspace.answers import Effect, Proficiency

REGULAR, SUDDEN = 60, 20
"""A band has so many points at equal distances, and a point before and after each of the facts that moved it most."""
LEAD = timedelta(days=14)
LEAD_PART = 0.04
"""It begins a little before the first fact, so that one can see what that changed."""


@dataclass(frozen=True, slots=True)
class Point:
    """A level with its 80 % interval at a time."""

    time: datetime
    proficiency: Proficiency


@dataclass(frozen=True, slots=True)
class Band:
    """A level from before its first evidence until today: `points` in time order, and what each fact about it did.

    Just before and after each of the `sudden` ones, those that moved it most, there is a point. All are empty where
    there is no evidence about the skill itself.
    """

    points: tuple[Point, ...] = ()
    effects: tuple[Effect, ...] = ()
    sudden: tuple[Effect, ...] = ()


def band_of(worker: str, skill: str, facts: Sequence[Evidence], params: BeliefParams, *, until: datetime) -> Band:
    """Return the level of a worker in a skill over time, as the filter has it, forgetting between facts included.

    Parameters
    ----------
    facts
        What counts of all her evidence, in canonical order: other work moves a level, too.
    until
        The last time; facts after it are left out.
    """
    own = [fact for fact in facts if skill in fact.skills() and fact.time <= until]
    if not own:
        return Band()
    state = WorkerState.fresh(worker, params)
    points: list[tuple[Point, Evidence | None]] = []
    effects: list[Effect] = []
    regular = _regular(own[0].time, until)

    def see(time: datetime, because_of: Evidence | None = None) -> Proficiency:
        seen = Proficiency.in_skill(state, skill, day_number(time), params)
        points.append((Point(time, seen), because_of))
        return seen

    for fact in facts:
        if fact.time > until:
            break
        while regular and regular[0] < fact.time:
            see(regular.pop(0))
        if skill not in fact.skills():
            learn(state, fact, params)
            continue
        before = see(fact.time, fact)
        learn(state, fact, params)
        effects.append(Effect(fact, skill, before, see(fact.time, fact)))
    for time in regular:
        see(time)
    keys = {effect.evidence.key for effect in sorted(effects, key=_moved)[-SUDDEN:]}
    kept = (point for point, because_of in points if because_of is None or because_of.key in keys)
    return Band(tuple(kept), tuple(effects), tuple(effect for effect in effects if effect.evidence.key in keys))


def _regular(first: datetime, until: datetime) -> list[datetime]:
    begin = first - max(LEAD, (until - first) * LEAD_PART)
    step = (until - begin) / (REGULAR - 1)
    return [*(begin + step * number for number in range(REGULAR - 1)), until]


def _moved(effect: Effect) -> float:
    """Return how far a fact moved the level or either end of its interval."""
    before, after = effect.before, effect.after
    return max(abs(after.level - before.level), abs(after.low - before.low), abs(after.high - before.high))
