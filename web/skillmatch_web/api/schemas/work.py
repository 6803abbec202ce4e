"""What is answered of jobs, of who could go, of decisions and of what may be behind a call."""

from __future__ import annotations

from skillmatch.model import JobStatus, Risk
from skillmatch_web.api.fields import Day, Out, Time
from skillmatch_web.api.schemas.common import ExplanationOut, Needs, PlaceOut, WorkerRef


class CustomerOut(Out):
    """A customer; of the workers she has wishes about, those whom the account sees."""

    id: str
    name: str
    phone: str
    preferred: list[str]
    required: list[str]
    excluded: list[str]


class SiteOut(Out):
    """A place of a customer."""

    id: str
    customer: str
    name: str
    place: PlaceOut | None
    kind: str


class JobTypeOut(Out):
    """A kind of job, whose requirements, minutes, risk and crew its jobs inherit."""

    id: str
    name: str
    requirements: Needs
    minutes: float | None
    risk: Risk
    crew: int


class BookingOut(Out):
    """A worker promised to a job; `worker` null: somebody of another team."""

    worker: str | None
    start: Time
    minutes: float
    locked: bool
    lead: bool


class JobRow(Out):
    """A job in a list."""

    id: str
    title: str
    type: str | None
    customer: str | None
    site: str | None
    asset: str | None
    created: Time | None
    due: Day | None
    priority: int
    status: JobStatus


class JobOut(JobRow):
    """A job. `requirements` are its own or, where `inherited`, those of its type. Of the workers it names, those whom
    the account sees.
    """

    text: str
    requirements: Needs
    inherited: bool
    minutes: float | None
    earliest: Time | None
    latest: Time | None
    risk: Risk | None
    crew: int | None
    preferred: list[str]
    required: list[str]
    excluded: list[str]
    answers: dict[str, bool]
    bookings: list[BookingOut]


class CalledOff(Out):
    """A job, and whose bookings were called off."""

    job: JobOut
    called_off: list[BookingOut]


class BlockOut(Out):
    """One reason why a worker cannot be sent."""

    rule: str
    reason: str


class CandidateOut(Out):
    """One worker for a job. `rank` is null when `blocks` say why she cannot be sent."""

    worker: WorkerRef
    rank: int | None
    score: float
    chance: float
    low: float
    high: float
    explanation: ExplanationOut
    chance_explanation: ExplanationOut
    blocks: list[BlockOut]
    way: Needs


class RankingOut(Out):
    """Who could go. `decision` is the number under which it was kept, null for a job that is closed."""

    job: str
    needs: Needs
    policy: str
    policy_version: int
    full_score: float
    params: int
    revision: int
    day: Day
    moment: Time
    total_workers: int
    eligible: int
    hidden: int
    decision: int | None
    candidates: list[CandidateOut]
    near: list[CandidateOut]
    blocked: list[CandidateOut]


class AdviceOut(Out):
    """Changes that would do together, and where she would stand then."""

    text: str
    rank: int
    score: float


class WhyNotOut(Out):
    """Why a worker is not the first. `difference` is what `first` is ahead by."""

    job: str
    policy: str
    candidate: CandidateOut
    first: CandidateOut | None
    difference: ExplanationOut | None
    advice: list[AdviceOut]
    goal: int | None


class ShownOut(Out):
    """One row of a ranking as it was shown; `rank` null: a near match."""

    worker: str
    rank: int | None
    score: float
    chance: float
    low: float
    high: float


class DecisionOut(Out):
    """A ranking that was shown, and what became of it."""

    number: int
    job: str
    policy: str
    policy_version: int
    params_version: int
    revision: int
    day: Day
    moment: Time
    limit: int
    shown: list[ShownOut]
    chosen: list[str]
    reason: str
    decided: Time | None
    by: str
    teams: list[str]


class ReplayOut(Out):
    """A decision ranked anew from the state it was made in."""

    decision: int
    same: bool
    differences: list[str]
    ranking: RankingOut


class StalenessOut(Out):
    """Whether a ranking would be another now, and what is different."""

    decision: int
    stale: bool
    writes: int
    revision: int
    moved: list[str]


class AssignmentOut(Out):
    """Somebody was promised to a job. `warnings` are rules that stand against it."""

    decision: DecisionOut
    bookings: list[BookingOut]
    warnings: list[str]
    called_off: list[BookingOut]


class PolicyOut(Out):
    """Weights in points, limits of the rules, and rules that are left out."""

    name: str
    label: str
    version: int
    full_score: float
    weights: dict[str, float]
    limits: dict[str, float | None]
    without: list[str]


class CauseOut(Out):
    """What may be behind a call; `cause` "" is something else."""

    cause: str
    name: str
    probability: float
    needs: Needs
    minutes: float | None
    findings: int
    explanation: ExplanationOut


class ProspectOut(Out):
    """What is to be expected of one worker over all causes; `lacks` has by cause why she may not do it."""

    worker: WorkerRef
    success: float
    cost: float
    coverage: float
    explain_success: ExplanationOut
    explain_cost: ExplanationOut
    lacks: dict[str, list[str]]


class QuestionOut(Out):
    """A question that is worth asking, and whom to send now and after each answer."""

    id: str
    text: str
    saved: float
    yes: float
    now: str
    if_yes: str
    if_no: str
    separates: str


class AnsweredOut(Out):
    """What the customer said."""

    id: str
    text: str
    yes: bool


class DiagnosisOut(Out):
    """What may be behind a call, whom to send meanwhile, and what to ask."""

    job: str
    policy: str
    known: bool
    went_with: str | None
    likely: list[CauseOut]
    answered: list[AnsweredOut]
    prospects: list[ProspectOut]
    by_type: ProspectOut | None
    by_ranking: ProspectOut | None
    questions: list[QuestionOut]
    eligible: int
    total_workers: int
    hidden: int
    version: int
    revision: int
    notes: list[str]
