"""Facts as columns of numbers: the only way in which evidence reaches the kernel, one fact or a whole history."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np

from skillmatch.beliefs.arithmetic import log
from skillmatch.beliefs.columns import (
    EXAM,
    FAMILY,
    FEATURES,
    GENERAL,
    HALO,
    LEARNED,
    OPEN,
    SELF,
    STATEMENT,
    WORK,
    Events,
    Found,
    Memory,
    World,
)
from skillmatch.beliefs.evidence import Evidence, day_number
from skillmatch.beliefs.observation import DONE, Demand, Rater, Reading, Trial, main_demand
from skillmatch.beliefs.params import (
    FAMILY_PART,
    GENERAL_PART,
    HALO_PART,
    SELF_PART,
    BeliefParams,
    pace_key,
)

NO_LEVEL = -1.0
SHARED_DRIFT = (1.0, 1.0, 1.0, 0.0, 0.0)
"""Whether a kind of part drifts: abilities do, biases do not."""
SOMEBODY_ELSES = ((HALO_PART, HALO, 1.0),)
HER_OWN = ((SELF_PART, SELF, 1.0), *SOMEBODY_ELSES)
"""What enters a stated level besides ability: the occasion's halo, and her own bias where she states it herself."""
_WHOLE = frozenset(
    ("kind", "worker", "low", "high", "paced", "type", "customer", "site", "rater", "pace", "fresh", "first_demand")
) | {"first_part", "row", "skill", "part_row", "part_kind", "main", "home"}


def shares(demands: Iterable[Demand]) -> list[float]:
    """Return the demands' weights scaled to sum to one, in their order."""
    weights = [demand.weight for demand in demands]
    total = 0.0
    for weight in weights:
        total = total + weight
    return [weight / total for weight in weights]


def level_offset(demands: Iterable[Demand], parts: Iterable[float], params: BeliefParams) -> float:
    """Return by how many logits the demanded levels make work harder than at the average level."""
    offset = 0.0
    for demand, part in zip(demands, parts, strict=True):
        if demand.level is not None:
            offset = offset + part * params.logit_of_level(demand.level)
    return offset


_BY_PART = ("part_row", "part_kind", "part_load")
_BY_DEMAND = ("row", "skill", "share", "level", "main", "home")
_BY_EVENT = tuple(name for name in Events._fields if name not in _BY_PART + _BY_DEMAND)
_ENDS = ("first_demand", "first_part")


class Names:
    """Numbers for names, from 0 in the order in which they first occur."""

    __slots__ = ("places",)

    def __init__(self) -> None:
        self.places: dict[Any, int] = {}

    def __call__(self, name: Any) -> int:
        place = self.places.get(name)
        if place is None:
            place = self.places[name] = len(self.places)
        return place

    def __iter__(self) -> Any:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)


class Mix(NamedTuple):
    """A tuple of demands as the kernel sees it: (skill, its place, share, level, whether it is the main one, the part
    it is at home in) of each, and what they share.
    """

    demands: tuple[tuple[str, int, float, float, int, str], ...]
    parts: tuple[tuple[str, int, float], ...]


class Encoder:
    """Collects the events of one worker after the other; each worker's facts must come in canonical order.

    `skill_rows` and `part_rows` hold, for each worker that was entered, the places of her rows by skill and by part.
    """

    def __init__(self, params: BeliefParams, *, many: bool = False) -> None:
        self.params = params
        # Rows of numbers one after the other. Of many they are kept as they are in memory: objects would take ten times
        # as much; for a few, lists are quicker.
        empty: Any = (lambda: array("d")) if many else list
        self._events, self._demands, self._parts = empty(), empty(), empty()
        self.skills, self.types, self.customers, self.sites = Names(), Names(), Names(), Names()
        self.raters, self.paces = Names(), Names()
        self.workers: list[str] = []
        self.skill_rows: list[dict[str, int]] = []
        self.part_rows: list[dict[str, int]] = []
        self.occasions: list[str] = []
        self._skill_count = self._part_count = 0
        self._mixes: dict[tuple[tuple[Demand, ...], float, str | None], Mix] = {}

    def __len__(self) -> int:
        return len(self._events) // len(_BY_EVENT)

    @property
    def demands(self) -> int:
        """How many demands all events have together."""
        return len(self._demands) // len(_BY_DEMAND)

    def enter(self, worker: str, occasion: str = "") -> None:
        """Begin the history of a worker, who was last rated on `occasion`."""
        self.workers.append(worker)
        self.skill_rows.append({})
        self.part_rows.append({GENERAL_PART: self._part_count})
        self.occasions.append(occasion)
        self._part_count += 1

    def add(self, fact: Evidence) -> int:
        """Add what a fact says and return how many events that is."""
        observations = fact.observe()
        for observation in observations:
            if isinstance(observation, Trial):
                self._add_trial(observation, day_number(fact.time))
            else:
                self._add_reading(observation, day_number(fact.time), fact.time.date().isoformat())
        return len(observations)

    def events(self) -> Events:
        """Return the columns as lists; not for an encoder of many."""
        columns: dict[str, Any] = {}
        for names, rows in self._rows():
            width = len(names)
            for place, name in enumerate(names):
                columns[name] = rows[place::width]
        for name in _ENDS:
            columns[name] = [0, *columns[name]]
        return Events(**columns)

    def arrays(self) -> Events:
        """Return the columns as arrays."""
        columns: dict[str, Any] = {}
        for names, rows in self._rows():
            table = np.array(rows, dtype=np.float64).reshape(-1, len(names))
            for place, name in enumerate(names):
                columns[name] = table[:, place].astype(np.int64 if name in _WHOLE else np.float64)
        columns.update({name: np.concatenate([[0], columns[name]]) for name in _ENDS})
        return Events(**columns)

    def _rows(self) -> tuple[tuple[tuple[str, ...], Any], ...]:
        return (_BY_EVENT, self._events), (_BY_DEMAND, self._demands), (_BY_PART, self._parts)

    def world(self, params: BeliefParams) -> World:
        """Return the parameters for all names that occurred, as lists.

        `params` may have learned other numbers since, but must load skills on the same parts.
        """
        types = [params.difficulty(type) for type in self.types]
        customers = [params.customer(customer) for customer in self.customers]
        sites = [params.site(site) for site in self.sites]
        effects = [params.skill(skill) for skill in self.skills]
        exposures = [params.exposure(skill) for skill in self.skills]
        paces = [params.pace(key) for key in self.paces]
        raters = [
            (params.leniency(rater, by), params.rater_slope[rater], params.rater_noise[rater])
            for rater, by in self.raters
        ]
        return World(
            params.base,
            params.reference,
            params.average_level,
            params.logit_per_level,
            params.instance_var,
            params.skill_var,
            params.skill_drift,
            params.practice_of_failure,
            params.grip,
            params.pace_noise,
            Memory(params.recent_days, params.lasting_days),
            list(params.weights),
            list(params.level_weights()),
            [-OPEN, params.cuts[0], 0.0, params.cuts[1], OPEN],
            [params.general_var, params.family_var, params.learned_var, params.self_bias_var, OPEN],
            [drift * params.general_drift for drift in SHARED_DRIFT],
            [params.half_life(skill) for skill in self.skills],
            [exposure.share for exposure in exposures],
            [exposure.home for exposure in exposures],
            [effect.difficulty for effect in effects],
            [effect.success for effect in effects],
            [effect.failure for effect in effects],
            [one.mean for one in types],
            [one.var for one in types],
            [one.mean for one in customers],
            [one.var for one in customers],
            [one.mean for one in sites],
            [one.var for one in sites],
            [one.mean for one in paces],
            [one.var for one in paces],
            [bias for bias, _slope, _noise in raters],
            [slope for _bias, slope, _noise in raters],
            [(1.0 - params.halo) * noise for _bias, _slope, noise in raters],
            [params.halo * noise for _bias, _slope, noise in raters],
        )

    def prior_parts(self, params: BeliefParams) -> list[float]:
        """Return mean, variance and jobs of every part before any evidence, one after the other."""
        values: list[float] = []
        for rows in self.part_rows:
            for part in rows:
                values += (0.0, prior_var(part, params), 0.0)
        return values

    def _add_trial(self, trial: Trial, day: float) -> None:
        low, high = trial.grade
        minutes = trial.minutes
        self._finish(trial.demands, trial.slope, (), trial.main)
        self._events.extend(
            (
                WORK if trial.practice else EXAM,
                day,
                len(self.workers) - 1,
                trial.success,
                low,
                high,
                log(trial.estimate or 1.0) - log(minutes) if minutes else 0.0,
                1 if minutes else 0,
                trial.slope,
                trial.noise,
                self.types(trial.job_type),
                self.customers(trial.customer),
                self.sites(trial.site),
                0,
                self.paces(pace_key(trial.job_type, trial.estimate, done=trial.success >= DONE)),
                0,
                self.demands,
                len(self._parts) // len(_BY_PART),
            )
        )

    def _add_reading(self, reading: Reading, day: float, date: str) -> None:
        occasion = f"{reading.rater}:{reading.by}:{date}"
        fresh = int(occasion != self.occasions[-1])
        self.occasions[-1] = occasion
        self._finish(reading.demands, 1.0, HER_OWN if reading.rater is Rater.SELF else SOMEBODY_ELSES)
        rater, value = self.raters((reading.rater, reading.by)), self.params.logit_of_level(reading.level)
        nobody = (0.0, 0, 0, value, 0, 1.0, 0.0, 0, 0, 0, rater, 0, fresh)
        ends = (self.demands, len(self._parts) // len(_BY_PART))
        self._events.extend((STATEMENT, day, len(self.workers) - 1, *nobody, *ends))

    def _finish(
        self,
        demands: tuple[Demand, ...],
        slope: float,
        biases: tuple[tuple[str, int, float], ...],
        main: str | None = None,
    ) -> None:
        """Add the demands and parts of an event, and rows of the state for those that are new to the worker."""
        rows, parts = self.skill_rows[-1], self.part_rows[-1]
        mix = self._mixes.get((demands, slope, main)) or self._mix(demands, slope, main)
        for part, kind, load in mix.parts + biases:
            at = parts.get(part)
            if at is None:
                at = parts[part] = self._part_count
                self._part_count += 1
            self._parts.extend((at, kind, load))
        for skill, place, share, level, is_main, home in mix.demands:
            row = rows.get(skill)
            if row is None:
                row = rows[skill] = self._skill_count
                self._skill_count += 1
            self._demands.extend((row, place, share, level, is_main, parts[home]))

    def _mix(self, demands: tuple[Demand, ...], slope: float, main: str | None) -> Mix:
        own: list[tuple[str, int, float, float, int, str]] = []
        shared: dict[str, float] = {}
        largest = next((place for place, one in enumerate(demands) if one.skill == main), main_demand(demands))
        for number, (demand, share) in enumerate(zip(demands, shares(demands), strict=True)):
            skill = demand.skill
            row = (skill, self.skills(skill), share, _or_none(demand.level), int(number == largest))
            own.append((*row, self.params.home(skill)))
            for loading in self.params.shared(demand.skill):
                shared[loading.part] = shared.get(loading.part, 0.0) + (slope * share) * loading.load
        parts = [(GENERAL_PART, GENERAL, slope)]
        parts += [(part, FAMILY if part.startswith(FAMILY_PART) else LEARNED, load) for part, load in shared.items()]
        found = self._mixes[demands, slope, main] = Mix(tuple(own), tuple(parts))
        return found


def _or_none(level: float | None) -> float:
    return NO_LEVEL if level is None else level


def prior_var(part: str, params: BeliefParams) -> float:
    """Return the variance of a worker's part before any evidence."""
    if part == GENERAL_PART:
        return params.general_var
    if part == SELF_PART:
        return params.self_bias_var
    return 0.0 if part == HALO_PART else params.part_var(part)


def zeros(count: int) -> Any:
    """Return a list of so many zeros."""
    return [0.0] * count


def room(events: int, demands: int, empty: Callable[[int], Any] = zeros) -> Found:
    """Return lists, or what `empty` makes of a length, to note in what was expected."""
    mean, var, ability, known = (empty(events) for _ in range(4))
    features, won, lost = empty(FEATURES * events), empty(demands), empty(demands)
    return Found(mean, var, ability, known, features, won, lost)


def as_arrays(columns: Any) -> Any:
    """Return a tuple of columns with its lists turned into arrays."""
    return type(columns)(
        *(np.array(column, dtype=np.float64) if isinstance(column, list) else column for column in columns)
    )
