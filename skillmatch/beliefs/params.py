"""The numbers of the belief filter, each with its unit, range and source, kept under a version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from skillmatch.beliefs.columns import OPEN
from skillmatch.beliefs.observation import Rater
from skillmatch.errors import Invalid
from skillmatch.wording import said


class Difficulty(NamedTuple):
    """How much harder than usual a job type, a customer or a site is, in logits, and the variance of that estimate.

    For a pace, how much faster than estimated the work is usually done, in log minutes.
    """

    mean: float
    var: float


class Loading(NamedTuple):
    """How strongly a skill draws on something it shares with others: a family, or a circle of skills that go together.

    `part` is its id, which says which of the two it is; `load` from 0 to 1.
    """

    part: str
    load: float


class Exposure(NamedTuple):
    """How often a company's jobs are mainly about a skill: as a share of the jobs of its family, whose share of all
    jobs is `home`. A skill without family or circle is compared to all jobs. Below 0 where there are too few to say.
    """

    share: float
    home: float


NO_EXPOSURE = Exposure(-1.0, -1.0)
FAMILY_PART, LEARNED_PART, GENERAL_PART, SELF_PART, HALO_PART = "family:", "circle:", "general", "self", "occasion"
"""How the ids of a worker's parts begin, or what they are."""


class SkillEffect(NamedTuple):
    """What was learned about a skill: how hard it is, and how much more than usual its successes and failures tell."""

    difficulty: float
    success: float
    failure: float


FEATURES = (
    "successes",
    "failures",
    "recent",
    "lasting",
    "pause",
    "new",
    "surprise",
    "relative",
    "home",
    "form",
)
"""Practice and form, as the filter sees them at the moment of a trial; all but the last are summed over the demanded
skills by share: ln(1 + successes), ln(1 + failures), ln(1 + recent practice), ln(1 + lasting practice), ln(1 + hours
since the skill was touched), 1 if it was never practised, how far its last results were above expectation (running
mean, weight .25), how much more than colleagues she is sent to it, which share of her jobs is in its family, and how
far all of her last results were above expectation (weight .3)."""

OF_LEVEL = ("recent", "lasting", "pause", "relative", "home")
"""Those of FEATURES that are part of a level. The others correct a chance by how it went lately; they say how sharply
the filter reacts, and nothing of what somebody can do."""

NO_EFFECT = SkillEffect(0.0, 0.0, 0.0)
NOTHING = Difficulty(0.0, 0.0)
ORDINARY_PACE, UNKNOWN_PACE = Difficulty(0.0, 0.1), Difficulty(0.0, OPEN)
UNESTIMATED, NOT_DONE = "no estimate: ", "not done: "
WITHOUT_PACE = (UNESTIMATED, NOT_DONE)
"""Keys of paces that are not what was estimated, and unknown before they are learned."""


@dataclass(frozen=True, slots=True)
class BeliefParams:
    """Parameters of the filter; frozen under `version`, so that a fold is a pure function of evidence and version.

    Unit: logits (log-odds of success) unless said. Sources: docs/model.md, section by section.
    """

    version: int = 0
    general_var: float = 0.3
    """Prior variance of a worker's general ability, 0 to 2."""
    family_var: float = 0.25
    """Prior variance of what a worker's skills of one family have in common, 0 to 2."""
    learned_var: float = 0.0
    """The same for circles of skills that were learned from who does what; nothing before the first fit."""
    skill_var: float = 0.45
    """Prior variance of a skill's own part, 0 to 2. All together at most 1.5, where the update is accurate."""
    general_drift: float = 0.0001
    """Variance added to the general and the shared parts per piece of evidence."""
    skill_drift: float = 0.0005
    """Variance added to a touched skill per piece of evidence."""
    half_life_days: float = 1012.0
    """Days in which half of what is known of an unused skill is lost; 1460 days to the e-th part."""
    half_lives: Mapping[str, float] = field(default_factory=dict)
    """The same for skills that have their own."""
    loadings: Mapping[str, tuple[Loading, ...]] = field(default_factory=dict)
    """What each skill shares with others, from the skills graph and from who does what."""
    exposures: Mapping[str, Exposure] = field(default_factory=dict)
    """How often each skill is what a job is mainly about; only for skills of which that can be said."""
    recent_days: float = 30.0
    """Half-life in days of the short count of practice."""
    lasting_days: float = 280.0
    """Half-life in days of the long count of practice."""
    practice_of_failure: float = 0.0
    """How much an attempt that failed counts as practice, 0 to 1; a success counts 1."""
    habits: tuple[float, ...] = (0.5, 0.3, -0.1, -0.05, -0.08)
    """What counts when somebody is sent: recent and lasting practice, age of the last success and of the last use in
    the demanded skills, and of the last job of any kind; see `habits.py`."""
    base: float = 1.0
    """Log-odds of success of an average worker at a job of ordinary difficulty."""
    reference: float = 1.0
    """Log-odds of success of somebody whose level is the one an ordinary job demands: this is what levels mean. Set to
    `refit.AT_LEVEL` where the base rate is learned."""
    logit_per_level: float = 0.6
    """How many logits one level of the scale is worth."""
    average_level: float = 2.5
    """The level an ordinary job demands that states none."""
    cuts: tuple[float, float] = (-0.6, 0.7)
    """Cutpoints of results in logits: above the first it is no failure, above 0 it is done, above the second it is a
    first-time fix."""
    instance_var: float = 0.16
    """Variance of one job's difficulty around that of its type."""
    effect_var: float = 1.0
    """Prior variance of a skill's own difficulty."""
    type_var: float = 0.3
    """Prior variance of a job type's difficulty."""
    customer_var: float = 0.05
    """Prior variance of what a customer adds to it."""
    site_var: float = 0.05
    """Prior variance of what a site adds to it."""
    grip: float = 0.25
    """How much faster, in log minutes, one logit of ability makes the work."""
    pace_noise: float = 0.12
    """Variance of the log of a duration around what ability and job type explain."""
    paces: Mapping[str, Difficulty] = field(default_factory=dict)
    """How much faster than estimated each job type is usually done: see `pace`."""
    rater_noise: Mapping[str, float] = field(
        default_factory=lambda: {Rater.SELF: 15.0, Rater.MANAGER: 4.9, Rater.PEER: 9.8, Rater.CUSTOMER: 9.0}
    )
    """Variance of what a stated level says of ability, in squared logits: 1.4 (1 - r^2) / r^2, validity r from
    docs/model.md, section 1.5."""
    rater_slope: Mapping[str, float] = field(
        default_factory=lambda: {Rater.SELF: 0.29, Rater.MANAGER: 0.47, Rater.PEER: 0.35, Rater.CUSTOMER: 0.35}
    )
    """By how much a stated level is higher for a level of ability: people keep to the middle of a scale."""
    rater_bias: Mapping[str, float] = field(
        default_factory=lambda: {Rater.SELF: 0.38, Rater.MANAGER: 0.0, Rater.PEER: 0.0, Rater.CUSTOMER: 0.9}
    )
    """How far above the truth each sort of rater states levels, in logits."""
    leniencies: Mapping[str, float] = field(default_factory=dict)
    """How much further above it each single rater does: see `leniency`. A worker's own bias is a belief about her."""
    self_habit: float = 0.15
    """A worker's own bias about herself, as a share of the noise of what she states: its prior variance."""
    halo: float = 0.3
    """Share of a stated level's noise that all levels stated on one occasion have in common."""
    weights: tuple[float, ...] = (0.0,) * len(FEATURES)
    """Learned weight of each of FEATURES in the log-odds of success; nothing before the first fit."""
    skills: Mapping[str, SkillEffect] = field(default_factory=dict)
    """Learned effects by skill."""
    slope: float = 1.0
    """Calibration: the log-odds shown are `slope` times what the filter expects, plus `shift`."""
    shift: float = 0.0
    """See `slope`."""
    spread: float = 1.0
    """By which factor the variances of what is believed are larger than the filter thinks; for intervals only."""
    difficulties: Mapping[str, Difficulty] = field(default_factory=dict)
    """Learned difficulty by job type."""
    customers: Mapping[str, Difficulty] = field(default_factory=dict)
    """Learned difficulty by customer."""
    sites: Mapping[str, Difficulty] = field(default_factory=dict)
    """Learned difficulty by site."""
    fitted_on: int = 0
    """How many job outcomes all of this was learned from."""
    fitted_until: float = 0.0
    """Day of the newest of them, in days since 1970."""
    scores: Mapping[str, float] = field(default_factory=dict)
    """How well it did on workers it was not learned from: see `refit.Check`."""

    def difficulty(self, job_type: str | None) -> Difficulty:
        """Return the difficulty of a job type; ordinary and uncertain where nothing was learned."""
        return self.difficulties.get(job_type or "", Difficulty(0.0, self.type_var))

    def customer(self, customer: str | None) -> Difficulty:
        """Return how much harder work for a customer is."""
        return self.customers.get(customer, Difficulty(0.0, self.customer_var)) if customer else NOTHING

    def site(self, site: str | None) -> Difficulty:
        """Return how much harder work at a site is."""
        return self.sites.get(site, Difficulty(0.0, self.site_var)) if site else NOTHING

    def pace(self, key: str) -> Difficulty:
        """Return the usual pace of a job type under `pace_key`; of infinite variance where nothing is known of it."""
        return self.paces.get(key, UNKNOWN_PACE if key.startswith(WITHOUT_PACE) else ORDINARY_PACE)

    def half_life(self, skill: str) -> float:
        """Return the days in which half of what is known of an unused skill is lost."""
        return self.half_lives.get(skill, self.half_life_days)

    def shared(self, skill: str) -> tuple[Loading, ...]:
        """Return what a skill shares with others."""
        return self.loadings.get(skill, ())

    def exposure(self, skill: str) -> Exposure:
        """Return how often jobs are about a skill; nothing known where nothing was counted."""
        return self.exposures.get(skill, NO_EXPOSURE)

    def home(self, skill: str) -> str:
        """Return the part whose jobs those of a skill are compared to: its family, else its circle, else all jobs."""
        own = self.loadings.get(skill)
        if not own:
            return GENERAL_PART
        first = [one for one in own if one.part.startswith(FAMILY_PART)] or own
        return max(first, key=lambda one: one.load).part

    def part_var(self, part: str) -> float:
        """Return the prior variance of a part that skills share."""
        return self.family_var if part.startswith(FAMILY_PART) else self.learned_var

    @property
    def self_bias_var(self) -> float:
        """Prior variance of a worker's own bias about herself, in squared logits."""
        return self.self_habit * self.rater_noise[Rater.SELF]

    def leniency(self, rater: Rater, by: str) -> float:
        """Return how far above the truth somebody states levels, in logits; a worker's own bias about herself apart."""
        return self.rater_bias[rater] + self.leniencies.get(f"{rater}:{by}", 0.0)

    def skill(self, skill: str) -> SkillEffect:
        """Return what was learned about a skill; no effect where nothing was."""
        return self.skills.get(skill, NO_EFFECT)

    def logit_of_level(self, level: float) -> float:
        """Return the ability in logits at which a worker stands at `level`."""
        return (level - self.average_level) * self.logit_per_level

    def level_of_logit(self, logit: float) -> float:
        """Return the level at an ability in logits (0: an ordinary job's), kept on the scale."""
        return min(max(self.average_level + logit / self.logit_per_level, 0.0), 5.0)

    def level_weights(self) -> tuple[float, ...]:
        """Return the weights of the features that are part of a level, and 0 for the others."""
        return tuple(weight if name in OF_LEVEL else 0.0 for name, weight in zip(FEATURES, self.weights, strict=True))

    def to_record(self) -> dict[str, Any]:
        """Return plain JSON values; `from_record` is its inverse, to the bit."""
        values = {f.name: _plain(getattr(self, f.name)) for f in fields(self)}
        return {**values, "weights": dict(zip(FEATURES, self.weights, strict=True))}

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> BeliefParams:
        """Return the parameters a stored record describes."""
        try:
            values = {**record, "cuts": tuple(record.get("cuts", cls().cuts))}
            values["habits"] = tuple(record.get("habits", cls().habits))
            values["weights"] = _weights(record.get("weights", cls().weights))
            for name in ("difficulties", "customers", "sites", "paces"):
                values[name] = {key: Difficulty(*value) for key, value in record.get(name, {}).items()}
            values["skills"] = {key: SkillEffect(*value) for key, value in record.get("skills", {}).items()}
            values["loadings"] = {
                key: tuple(Loading(*value) for value in loads) for key, loads in record.get("loadings", {}).items()
            }
            values["exposures"] = {key: Exposure(*value) for key, value in record.get("exposures", {}).items()}
            for name in ("rater_noise", "rater_bias", "rater_slope"):
                values[name] = {**getattr(cls(), name), **record.get(name, {})}
            values.pop("forgetting_days", None)
            return cls(**values)
        except (KeyError, TypeError, ValueError) as error:
            raise Invalid(f"stored parameters cannot be read: {error}") from error


def _weights(stored: Mapping[str, float] | Sequence[float]) -> tuple[float, ...]:
    """Return the weights of FEATURES; older records list them, and know nothing of who is sent or count otherwise."""
    if isinstance(stored, Mapping):
        if stored.keys() != set(FEATURES):
            raise ValueError(f"weights of {', '.join(stored)} found, of {', '.join(FEATURES)} expected")
        return tuple(float(stored[name]) for name in FEATURES)
    older = tuple(name for name in FEATURES if name not in ("relative", "home"))
    names = FEATURES if len(stored) == len(FEATURES) else older
    if len(stored) != len(names):
        raise ValueError(f"{len(stored)} weights found, {len(FEATURES)} expected")
    known = dict(zip(names, stored, strict=True))
    return tuple(0.0 if name == "home" else known.get(name, 0.0) for name in FEATURES)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def part_label(part: str, names: Mapping[str, str]) -> str:
    """Return what people call a part of a worker; `names` are those of skills, by id.

    >>> part_label("family:hvac", {"hvac": "Heating and cooling"})
    'the family Heating and cooling'
    """
    if part.startswith(FAMILY_PART):
        skill = part.removeprefix(FAMILY_PART)
        return said("the family {skill}", skill=names.get(skill, skill))
    if part.startswith(LEARNED_PART):
        skill = part.removeprefix(LEARNED_PART)
        return said("skills practised together with {skill}", skill=names.get(skill, skill))
    others = {GENERAL_PART: said("general ability"), SELF_PART: said("her own bias")}
    return others.get(part, said("one occasion of rating"))


def pace_key(job_type: str | None, estimate: float | None, *, done: bool = True) -> str:
    """Return under which name the usual pace of a job type is kept.

    Apart for jobs that nobody estimated, and for those that were broken off: they end early.
    """
    name = (job_type or "") if done else f"{NOT_DONE}{job_type or ''}"
    return name if estimate else UNESTIMATED + name
