"""The numbers of the belief filter, each with its unit, range and source, kept under a version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from skillmatch.beliefs.evidence import Rater
from skillmatch.errors import Invalid


class Difficulty(NamedTuple):
    """How much harder than usual a job type is, in logits, and the variance of that estimate."""

    mean: float
    var: float


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
    "form",
)
"""Practice and form, as the filter sees them at the moment of a trial; all but the last are summed over the demanded
skills by share: ln(1 + successes), ln(1 + failures), ln(1 + recent practice), ln(1 + lasting practice), ln(1 + hours
since the skill was touched), 1 if it was never practised, how far its last results were above expectation (running
mean, weight .25), and the same for all of the worker's results (weight .3)."""

NO_EFFECT = SkillEffect(0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class BeliefParams:
    """Parameters of the filter; frozen under `version`, so that a fold is a pure function of evidence and version.

    Unit: logits (log-odds of success) unless said. Sources: docs/model.md, section by section.
    """

    version: int = 0
    general_var: float = 0.5
    """Prior variance of a worker's general ability, 0 to 2."""
    skill_var: float = 0.9
    """Prior variance of a skill's own part, 0 to 2. With the general part at most 1.5, where the update is accurate."""
    general_drift: float = 0.001
    """Variance added to the general part per piece of evidence."""
    skill_drift: float = 0.002
    """Variance added to a touched skill per piece of evidence."""
    forgetting_days: float = 1460.0
    """Time constant in days with which an unused skill returns to the prior."""
    recent_days: float = 30.0
    """Half-life in days of the short count of practice."""
    lasting_days: float = 280.0
    """Half-life in days of the long count of practice."""
    practice_of_failure: float = 0.3
    """How much an attempt that failed counts as practice, 0 to 1; a success counts 1."""
    base: float = 1.0
    """Log-odds of success of an average worker at a job of ordinary difficulty."""
    logit_per_level: float = 0.6
    """How many logits one level of the scale is worth."""
    average_level: float = 2.5
    """The level of a worker of whom nothing is known."""
    instance_var: float = 0.16
    """Variance of one job's difficulty around that of its type."""
    type_var: float = 0.3
    """Prior variance of a job type's difficulty."""
    rater_noise: Mapping[str, float] = field(
        default_factory=lambda: {Rater.SELF: 15.0, Rater.MANAGER: 4.9, Rater.PEER: 9.8}
    )
    """Variance of a stated level, in squared logits: 1.4 (1 - r^2) / r^2, validity r from docs/model.md, section 4."""
    rater_bias: Mapping[str, float] = field(
        default_factory=lambda: {Rater.SELF: 0.38, Rater.MANAGER: 0.0, Rater.PEER: 0.0}
    )
    """How far above the truth a rater states levels, in logits."""
    weights: tuple[float, ...] = (0.0,) * len(FEATURES)
    """Learned weight of each of FEATURES in the log-odds of success; nothing before the first fit."""
    skills: Mapping[str, SkillEffect] = field(default_factory=dict)
    """Learned effects by skill."""
    slope: float = 1.0
    """Calibration: the log-odds shown are `slope` times what the filter expects, plus `shift`."""
    shift: float = 0.0
    """See `slope`."""
    difficulties: Mapping[str, Difficulty] = field(default_factory=dict)
    """Learned difficulty by job type."""
    fitted_on: int = 0
    """How many trials the difficulties and the base were learned from."""

    def difficulty(self, job_type: str | None) -> Difficulty:
        """Return the difficulty of a job type; ordinary and uncertain where nothing was learned."""
        return self.difficulties.get(job_type or "", Difficulty(0.0, self.type_var))

    def skill(self, skill: str) -> SkillEffect:
        """Return what was learned about a skill; no effect where nothing was."""
        return self.skills.get(skill, NO_EFFECT)

    def logit_of_level(self, level: float) -> float:
        """Return the ability in logits at which a worker stands at `level`."""
        return (level - self.average_level) * self.logit_per_level

    def level_of_logit(self, logit: float) -> float:
        """Return the level at an ability in logits, kept on the scale."""
        return min(max(self.average_level + logit / self.logit_per_level, 0.0), 5.0)

    def to_record(self) -> dict[str, Any]:
        """Return plain JSON values; `from_record` is its inverse, to the bit."""
        record = asdict(self)
        record["difficulties"] = {key: list(value) for key, value in self.difficulties.items()}
        record["skills"] = {key: list(value) for key, value in self.skills.items()}
        record["weights"] = list(self.weights)
        return record

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> BeliefParams:
        """Return the parameters a stored record describes."""
        try:
            difficulties = {key: Difficulty(*value) for key, value in record["difficulties"].items()}
            skills = {key: SkillEffect(*value) for key, value in record.get("skills", {}).items()}
            weights = tuple(record.get("weights", cls().weights))
            return cls(**{**record, "difficulties": difficulties, "skills": skills, "weights": weights})
        except (KeyError, TypeError, ValueError) as error:
            raise Invalid(f"stored parameters cannot be read: {error}") from error
