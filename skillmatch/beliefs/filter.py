"""The belief filter: what is known of a worker, and how one more fact changes it.

A worker's state is a pure fold of her evidence in canonical order. Ability in a skill is a sum of parts, Gaussian on
the logit scale and independent a priori: a general one, those that the skill shares with others, and its own.
`kernel.py` has the arithmetic, `histories.py` folds whole histories with the same code.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from math import sqrt
from typing import NamedTuple

from skillmatch.beliefs.arithmetic import log1p, logistic
from skillmatch.beliefs.columns import FEATURES as FEATURE_COUNT
from skillmatch.beliefs.columns import PART_WIDTH, SKILL_WIDTH, STATEMENT, WORK, Memory, State
from skillmatch.beliefs.encoding import Encoder, prior_var, room
from skillmatch.beliefs.evidence import Evidence
from skillmatch.beliefs.kernel import HOURS, PI_8, relative_exposure, run
from skillmatch.beliefs.kernel import forget as forget_row
from skillmatch.beliefs.params import GENERAL_PART, BeliefParams


class SkillState:
    """A worker's own part in one skill: mean and variance in logits, the day they hold for, practice, and uses.

    `recent` and `lasting` are counts of practice that halve every `recent_days` and `lasting_days`; `uses` counts the
    pieces of evidence that touched the skill; `successes` and `failures` add up to the jobs done with it; `surprise` is
    a running mean of how far results were above expectation. All as of `day` (days since 1970); reads carry them
    forward, writes store them. `won` is the day of the last success, 0 before the first; `main` counts the jobs that
    were mainly about the skill.
    """

    __slots__ = ("day", "failures", "lasting", "main", "mean", "recent", "successes", "surprise", "uses", "var", "won")

    def __init__(
        self,
        mean: float,
        var: float,
        day: float,
        recent: float = 0.0,
        lasting: float = 0.0,
        uses: int = 0,
        successes: float = 0.0,
        failures: float = 0.0,
        surprise: float = 0.0,
        won: float = 0.0,
        main: float = 0.0,
    ) -> None:
        self.mean, self.var, self.day = mean, var, day
        self.recent, self.lasting, self.uses = recent, lasting, uses
        self.successes, self.failures, self.surprise, self.won, self.main = successes, failures, surprise, won, main

    def values(self) -> tuple[float, float, float, float, float, int, float, float, float, float, float]:
        """Return (mean, var, day, recent, lasting, uses, successes, failures, surprise, won, main)."""
        return (
            self.mean,
            self.var,
            self.day,
            self.recent,
            self.lasting,
            self.uses,
            self.successes,
            self.failures,
            self.surprise,
            self.won,
            self.main,
        )

    def row(self) -> list[float]:
        """Return the numbers as the kernel wants them."""
        return [
            self.mean,
            self.var,
            self.day,
            self.recent,
            self.lasting,
            self.successes,
            self.failures,
            self.surprise,
            self.won,
            self.main,
            float(self.uses),
        ]

    def put_row(self, row: list[float]) -> None:
        """Take the numbers back from the kernel."""
        self.mean, self.var, self.day, self.recent, self.lasting = row[:5]
        self.successes, self.failures, self.surprise, self.won = row[5:9]
        self.main, self.uses = row[9], int(row[10])

    @classmethod
    def of_row(cls, row: list[float]) -> SkillState:
        """Return the state of a row of the kernel."""
        return cls(row[0], row[1], row[2], row[3], row[4], int(row[10]), row[5], row[6], row[7], row[8], row[9])


class WorkerState:
    """Everything believed of one worker: her parts, each touched skill, and the last fact folded in.

    `parts` has mean and variance in logits, and the number of jobs, of the general part, of the families and circles
    she has worked in, of her bias about herself and of the `occasion` on which she was last rated. `form` is a running
    mean of how far her results were above expectation; `worked` the day of her last job, 0 before the first.
    """

    __slots__ = ("form", "last", "occasion", "parts", "skills", "uses", "worked", "worker")

    def __init__(self, worker: str, parts: dict[str, tuple[float, float, float]], form: float = 0.0) -> None:
        self.worker, self.parts, self.form = worker, parts, form
        self.skills: dict[str, SkillState] = {}
        self.uses = 0
        self.worked = 0.0
        self.last: tuple[datetime, str, str] | None = None
        self.occasion = ""

    @classmethod
    def fresh(cls, worker: str, params: BeliefParams) -> WorkerState:
        """Return the state before any evidence."""
        return cls(worker, {GENERAL_PART: (0.0, params.general_var, 0.0)})

    @property
    def general_mean(self) -> float:
        """Mean of the general part, logits."""
        return self.parts[GENERAL_PART][0]

    @property
    def general_var(self) -> float:
        """Variance of the general part, squared logits."""
        return self.parts[GENERAL_PART][1]

    def values(
        self,
    ) -> tuple[float, int, float, str, dict[str, tuple[float, float, float]], dict[str, tuple[float, ...]]]:
        """Return all numbers, for comparing two states to the bit."""
        skills: dict[str, tuple[float, ...]] = {skill: state.values() for skill, state in self.skills.items()}
        return self.form, self.uses, self.worked, self.occasion, dict(self.parts), skills


class Prediction(NamedTuple):
    """What was expected before the outcome was seen: chance of success, mean and variance in logits.

    `ability` is the part of the mean that comes from the worker's beliefs alone; `features` are those of
    `params.FEATURES`.
    """

    chance: float
    mean: float
    var: float
    ability: float
    features: tuple[float, ...]


class Standing(NamedTuple):
    """The whole ability in one skill on a day, in logits against what an ordinary job demands: mean and variance.

    The mean is the sum of `general`, `shared` (by part), `own`, `practice` and `start` (what an average worker has).
    """

    mean: float
    var: float
    start: float
    general: float
    shared: tuple[tuple[str, float], ...]
    own: float
    practice: float


def forget(state: SkillState, day: float, params: BeliefParams, skill: str = "") -> None:
    """Carry a skill's state forward to `day`: certainty fades, practice halves, a good mean sinks to the prior.

    A mean below the prior stays: not having done the work never makes anybody better at it. A day before the state's
    own leaves it unchanged.
    """
    elapsed = day - state.day
    if elapsed <= 0.0:
        return
    row = state.row()
    memory = Memory(params.recent_days, params.lasting_days)
    forget_row(row, 0, elapsed, params.half_life(skill), params.skill_var, memory)
    state.put_row(row)
    state.day = day


def standing(state: WorkerState, skill: str, day: float, params: BeliefParams) -> Standing:
    """Return what is believed of a worker in a skill on `day`: what level she would show, and how sure that is."""
    stored = state.skills.get(skill)
    row = SkillState(*stored.values()) if stored else SkillState(0.0, params.skill_var, day)
    practice = 0.0
    for name, points in practice_terms(state, skill, day, params):
        if name in PRACTICE_OF_LEVEL:
            practice = practice + points
    forget(row, day, params, skill)
    general, var, _jobs = state.parts[GENERAL_PART]
    shared, mean = [], general
    for part, load in params.shared(skill):
        part_mean, part_var, _jobs = state.parts.get(part) or (0.0, params.part_var(part), 0.0)
        shared.append((part, load * part_mean))
        mean = mean + load * part_mean
        var = var + load * load * part_var
    start = params.base - params.reference
    return Standing(
        ((mean + row.mean) + practice) + start, var + row.var, start, general, tuple(shared), row.mean, practice
    )


def practice_terms(state: WorkerState, skill: str, day: float, params: BeliefParams) -> tuple[tuple[str, float], ...]:
    """Return what counters add on `day` to the ability in a skill, by what is counted: see `PRACTICE`."""
    effect, stored, exposure = params.skill(skill), state.skills.get(skill), params.exposure(skill)
    won, lost, recent, lasting, pause, new, surprise, relative, home, _form = params.weights
    now = SkillState(*stored.values()) if stored else SkillState(0.0, params.skill_var, day)
    waited = log1p(HOURS * max(day - now.day, 0.0)) if now.uses else 0.0
    forget(now, day, params, skill)
    done = (won + effect.success) * log1p(now.successes) + (lost + effect.failure) * log1p(now.failures)
    jobs, here = state.parts[GENERAL_PART][2], state.parts.get(params.home(skill), NO_PART)[2]
    sent = relative * relative_exposure(now.main, here, exposure.share)
    sent = sent + home * relative_exposure(here, jobs, exposure.home)
    return (
        ("practice", done + (new if now.successes + now.failures == 0.0 else 0.0)),
        ("familiarity", recent * log1p(now.recent) + lasting * log1p(now.lasting)),
        ("recency", pause * waited),
        ("trend", surprise * now.surprise),
        ("exposure", sent),
    )


NO_PART = (0.0, 0.0, 0.0)
PRACTICE = ("practice", "familiarity", "recency", "trend", "exposure")
"""What counters tell of a skill: jobs done right and wrong; those still remembered; how long ago the last one was; how
the last ones went against what was expected; how often she is sent to such work, against others."""
PRACTICE_OF_LEVEL = ("familiarity", "recency", "exposure")
"""Those that are part of a level: see `params.OF_LEVEL`."""


def learn(state: WorkerState, evidence: Evidence, params: BeliefParams) -> Prediction | None:
    """Fold one fact into a worker's state, in place; the fact must come after `state.last` in canonical order.

    Returns
    -------
    Prediction or None
        What was expected of the fact's trial before learning from it; None for facts without a trial.
    """
    encoder = Encoder(params)
    encoder.enter(state.worker, state.occasion)
    count = encoder.add(evidence)
    prediction = None
    if count:
        events = encoder.events()
        touched, parts = encoder.skill_rows[0], encoder.part_rows[0]
        skills: list[float] = []
        for skill in touched:
            known = state.skills.get(skill)
            skills += known.row() if known else (0.0, params.skill_var, *([0.0] * (SKILL_WIDTH - 2)))
        shared: list[float] = []
        for part in parts:
            shared += state.parts.get(part) or (0.0, prior_var(part, params), 0.0)
        form = [state.form]
        found = room(count, encoder.demands)
        run(events, State(skills, shared, form), encoder.world(params), found, 0, count)
        for skill, place in touched.items():
            row = skills[SKILL_WIDTH * place : SKILL_WIDTH * (place + 1)]
            known = state.skills.get(skill)
            if known is None:
                state.skills[skill] = SkillState.of_row(row)
            else:
                known.put_row(row)
        for part, place in parts.items():
            mean, var, jobs = shared[PART_WIDTH * place : PART_WIDTH * (place + 1)]
            state.parts[part] = (mean, var, jobs)
        state.form = form[0]
        state.occasion = encoder.occasions[0]
        if events.kind[0] == WORK:
            state.worked = events.day[0]
        if events.kind[0] != STATEMENT:
            mean, var = found.mean[0], found.var[0]
            chance = shown_chance(mean, var, params)
            features = tuple(found.features[place] for place in range(FEATURE_COUNT))
            prediction = Prediction(chance, mean, var, found.ability[0], features)
    state.uses += 1
    state.last = evidence.order
    return prediction


def shown_chance(mean: float, var: float, params: BeliefParams) -> float:
    """Return the chance of success for log-odds of this mean and variance, as calibrated."""
    shrink = 1.0 / sqrt(1.0 + PI_8 * var)
    return logistic(params.slope * (shrink * mean) + params.shift)


def fold(worker: str, evidence: Iterable[Evidence], params: BeliefParams) -> WorkerState:
    """Return the state of `worker` after all of her `evidence`, which must be in canonical order."""
    state = WorkerState.fresh(worker, params)
    for fact in evidence:
        learn(state, fact, params)
    return state
