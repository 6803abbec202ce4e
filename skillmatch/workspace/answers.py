"""What the workspace answers with: plain records for pages and commands to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

from skillmatch.beliefs.evidence import EPOCH, Evidence, JobOutcome, Override
from skillmatch.beliefs.filter import WorkerState, standing
from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.why import Basis, Piece
from skillmatch.explanation import Explanation
from skillmatch.model import Asset, Certification, Customer, Job, JobType, Need, Site, Skill, Worker

Z_80 = 1.2815515655446004


@dataclass(frozen=True, slots=True)
class Proficiency:
    """An estimated level on the scale, with the interval that holds the true one in 80 % of cases."""

    level: float
    low: float
    high: float

    @classmethod
    def of(cls, mean: float, var: float, params: BeliefParams) -> Proficiency:
        """Return the proficiency a belief in logits stands for."""
        spread = Z_80 * sqrt(params.spread * var)
        level = params.level_of_logit
        return cls(level(mean), level(mean - spread), level(mean + spread))

    @classmethod
    def in_skill(cls, state: WorkerState, skill: str, day: float, params: BeliefParams) -> Proficiency:
        """Return the proficiency of a worker in a skill on `day` (days since 1970), practice included."""
        found = standing(state, skill, day, params)
        return cls.of(found.mean, found.var, params)

    @classmethod
    def in_general(cls, state: WorkerState, params: BeliefParams) -> Proficiency:
        """Return the proficiency to expect of a worker in a skill of which only her general ability is known.

        Nothing of practice or of what skills share is in it.
        """
        mean = state.general_mean + (params.base - params.reference)
        shared = params.family_var if params.loadings else 0.0
        return cls.of(mean, (state.general_var + shared) + params.skill_var, params)


@dataclass(frozen=True, slots=True)
class Change:
    """How one fact moved what is believed of a worker in one skill."""

    skill: str
    before: Proficiency
    after: Proficiency


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording a fact did. `status` is added, changed or unchanged."""

    evidence: Evidence
    status: str
    changes: tuple[Change, ...]
    general_before: Proficiency
    general_after: Proficiency


@dataclass(frozen=True, slots=True)
class JobPage:
    """Some jobs of `total`."""

    jobs: tuple[Job, ...]
    total: int


@dataclass(frozen=True, slots=True)
class JobView:
    """A job with what it refers to; `inherited` says that its needs are those of its type."""

    job: Job
    type: JobType | None
    customer: Customer | None
    site: Site | None
    asset: Asset | None
    needs: tuple[Need, ...]
    inherited: bool
    outcomes: tuple[JobOutcome, ...]


@dataclass(frozen=True, slots=True)
class SkillProfile:
    """What is believed of a worker in one skill: proficiency today, pieces of evidence, practice, last touched.

    `override` is the level a manager has set, if any: it stands beside what is believed and changes nothing.
    """

    skill: Skill
    proficiency: Proficiency
    uses: int
    recent: float
    lasting: float
    last_used: datetime
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What one fact did to the proficiency in one skill at the time."""

    evidence: Evidence
    skill: str
    before: Proficiency
    after: Proficiency


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything believed of one worker, and why: the effect of each fact, oldest first."""

    worker: Worker
    general: Proficiency
    skills: tuple[SkillProfile, ...]
    certifications: tuple[Certification, ...]
    evidence: tuple[Evidence, ...]
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """Why a worker's level in a skill is believed.

    `explanation` (unit "levels") sums to the level; `pieces` are the facts behind those of its terms that stand for one
    fact each. `inferred` says that nothing is known of the skill itself, so that all comes through general ability.
    """

    worker: Worker
    skill: Skill
    proficiency: Proficiency
    inferred: bool
    basis: Basis
    explanation: Explanation
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """A full refold: workers and numbers compared, bits that differ from what is stored, and the first few places."""

    workers: int
    numbers: int
    differing: int
    examples: tuple[str, ...]


def time_of_day(day: float) -> datetime:
    """Return the time at a number of days since 1970."""
    return EPOCH + timedelta(days=day)
