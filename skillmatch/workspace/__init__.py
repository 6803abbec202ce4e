"""The use-cases, behind one object: what the command line, the pages and notebooks talk to."""

from skillmatch.beliefs.disputes import Case, DisputeEffect, DisputeState, Verdict
from skillmatch.beliefs.evidence import (
    KINDS,
    Assessment,
    CertificationGranted,
    CertificationRevoked,
    CustomerRating,
    Endorsement,
    Evidence,
    ExemptionGranted,
    JobDeclined,
    JobOutcome,
    Override,
    Retraction,
    SelfReport,
    TrainingCompleted,
    to_payload,
)
from skillmatch.beliefs.observation import Demand, Result
from skillmatch.decision import Decision, Shown
from skillmatch.gaps.comparison import PolicySide
from skillmatch.gaps.reliability import Bin
from skillmatch.importers.matrix import Choices, MatrixPreview
from skillmatch.importers.matrix.marks import CHOICES as SCALES
from skillmatch.matching.chance import in_words
from skillmatch.matching.changes import Block
from skillmatch.matching.crews import Crew
from skillmatch.matching.diagnosis.estimate import Diagnosis, Likely
from skillmatch.matching.diagnosis.marginal import Prices
from skillmatch.matching.diagnosis.nouns import OTHER
from skillmatch.matching.diagnosis.worth import Worth
from skillmatch.matching.inferred import Inferred
from skillmatch.matching.policy import POLICIES, Limits, Policy
from skillmatch.matching.ranking import Candidate, Ranking
from skillmatch.matching.whynot import Advice, WhyNot
from skillmatch.skills.duplicates import Duplicate
from skillmatch.skills.linking import Linked, LinkedSkill, LocalModel
from skillmatch.skills.neighbours import Neighbour, Relation
from skillmatch.store.board import BoardCounts, BoardFilter, BoardOrder, BoardPromise, PromisedFor
from skillmatch.workspace.answers import (
    Change,
    Effect,
    JobPage,
    JobView,
    Proficiency,
    Profile,
    RebuildReport,
    Recorded,
    SkillProfile,
    Why,
)
from skillmatch.workspace.bands import Band, Point
from skillmatch.workspace.boards import Around, BoardPage
from skillmatch.workspace.calendars import Entry, Feed
from skillmatch.workspace.certificates import ClaimCase, Papers, RunsOut
from skillmatch.workspace.claims import ClaimBook, may_decide
from skillmatch.workspace.comparing import PolicyComparison
from skillmatch.workspace.crewing import CrewAnswer, WhyNotInCrew
from skillmatch.workspace.deciding import Assignment, Grounds, Replay, Staleness
from skillmatch.workspace.delivering import Courier
from skillmatch.workspace.developing import Development, LearningPath, Wish
from skillmatch.workspace.disputed import AboutSkill, Disputed, DisputePage, DisputeStep, SkillEvidence, Worlds
from skillmatch.workspace.disputing import LONGEST_REASON, Disputes
from skillmatch.workspace.drawing import MOST_DAYS as MOST_PLAN_DAYS
from skillmatch.workspace.drawing import NOTES as PLAN_NOTES
from skillmatch.workspace.editing import LONGEST_TEXT, LONGEST_TITLE, JobVersion, differing
from skillmatch.workspace.files import EXPECTED, megabytes
from skillmatch.workspace.finishing import Finished, Standing, outcomes_digest
from skillmatch.workspace.happening import EVENTS
from skillmatch.workspace.jobs import JobBook
from skillmatch.workspace.kept_plans import KeptPlan
from skillmatch.workspace.loads import ORDERS as LOAD_ORDERS
from skillmatch.workspace.loads import Loads, Mix, WorkerLoad
from skillmatch.workspace.matrices import STATED_AS, MatrixReport
from skillmatch.workspace.merging import MergeEffect, Told
from skillmatch.workspace.notes import NewNote, Suggested, wrote
from skillmatch.workspace.once import Answered, KeyUsed
from skillmatch.workspace.places import CustomerView, History, Past, Regular, SiteView, Stop, Way
from skillmatch.workspace.plan_figures import Figures
from skillmatch.workspace.planning import Applied, LeftOut, PlannedVisit, PlanPreview, Price
from skillmatch.workspace.portion import Portion
from skillmatch.workspace.prospects import DiagnosisAnswer, Prospect, tidy
from skillmatch.workspace.refitting import Comparison, Difference, Refit, Version
from skillmatch.workspace.reporting import DecisionReport, Share, Turnout
from skillmatch.workspace.requirements import needs_digest
from skillmatch.workspace.reviewing import DecisionGroup, DecisionLine, DecisionReview, decision_table
from skillmatch.workspace.sheets import MOST_BYTES, Decided, Sheet, TakenIn
from skillmatch.workspace.shown_plans import Line, PlanDifference, PlanStop, ShownPlan
from skillmatch.workspace.signing_in import IDLE, LASTS, Accounts, SignedIn
from skillmatch.workspace.skill_demand import Asked, Month
from skillmatch.workspace.skill_editing import ChangedMeanwhile, Edited, id_for
from skillmatch.workspace.skillbook import Holder, Holders, Rung, SkillList
from skillmatch.workspace.skills_matrix import COLUMN_ORDERS, ROW_ORDERS, ColumnSum, MatrixFilter, SkillsMatrix
from skillmatch.workspace.surveys import RunningOut
from skillmatch.workspace.telling import beside_the_usual, how_often, in_parts, speaks_against, speaks_for
from skillmatch.workspace.thinness import AblePerson, Thin
from skillmatch.workspace.tokens import MOST_DAYS, SCOPES, USUAL_DAYS, Bearer, TokenRow, Tokens
from skillmatch.workspace.webhooks import DeliveryRow, WebhookBook, WebhookRow
from skillmatch.workspace.words import need_text
from skillmatch.workspace.workspace import Workspace

__all__ = [
    "COLUMN_ORDERS",
    "EVENTS",
    "EXPECTED",
    "IDLE",
    "KINDS",
    "LASTS",
    "LOAD_ORDERS",
    "LONGEST_REASON",
    "LONGEST_TEXT",
    "LONGEST_TITLE",
    "MOST_BYTES",
    "MOST_DAYS",
    "MOST_PLAN_DAYS",
    "OTHER",
    "PLAN_NOTES",
    "POLICIES",
    "ROW_ORDERS",
    "SCALES",
    "SCOPES",
    "STATED_AS",
    "USUAL_DAYS",
    "AblePerson",
    "AboutSkill",
    "Accounts",
    "Advice",
    "Answered",
    "Applied",
    "Around",
    "Asked",
    "Assessment",
    "Assignment",
    "Band",
    "Bearer",
    "Bin",
    "Block",
    "BoardCounts",
    "BoardFilter",
    "BoardOrder",
    "BoardPage",
    "BoardPromise",
    "Candidate",
    "Case",
    "CertificationGranted",
    "CertificationRevoked",
    "Change",
    "ChangedMeanwhile",
    "Choices",
    "ClaimBook",
    "ClaimCase",
    "ColumnSum",
    "Comparison",
    "Courier",
    "Crew",
    "CrewAnswer",
    "CustomerRating",
    "CustomerView",
    "Decided",
    "Decision",
    "DecisionGroup",
    "DecisionLine",
    "DecisionReport",
    "DecisionReview",
    "DeliveryRow",
    "Demand",
    "Development",
    "Diagnosis",
    "DiagnosisAnswer",
    "Difference",
    "DisputeEffect",
    "DisputePage",
    "DisputeState",
    "DisputeStep",
    "Disputed",
    "Disputes",
    "Duplicate",
    "Edited",
    "Effect",
    "Endorsement",
    "Entry",
    "Evidence",
    "ExemptionGranted",
    "Feed",
    "Figures",
    "Finished",
    "Grounds",
    "History",
    "Holder",
    "Holders",
    "Inferred",
    "JobBook",
    "JobDeclined",
    "JobOutcome",
    "JobPage",
    "JobVersion",
    "JobView",
    "KeptPlan",
    "KeyUsed",
    "LearningPath",
    "LeftOut",
    "Likely",
    "Limits",
    "Line",
    "Linked",
    "LinkedSkill",
    "Loads",
    "LocalModel",
    "MatrixFilter",
    "MatrixPreview",
    "MatrixReport",
    "MergeEffect",
    "Mix",
    "Month",
    "Neighbour",
    "NewNote",
    "Override",
    "Papers",
    "Past",
    "PlanDifference",
    "PlanPreview",
    "PlanStop",
    "PlannedVisit",
    "Point",
    "Policy",
    "PolicyComparison",
    "PolicySide",
    "Portion",
    "Price",
    "Prices",
    "Proficiency",
    "Profile",
    "PromisedFor",
    "Prospect",
    "Ranking",
    "RebuildReport",
    "Recorded",
    "Refit",
    "Regular",
    "Relation",
    "Replay",
    "Result",
    "Retraction",
    "Rung",
    "RunningOut",
    "RunsOut",
    "SelfReport",
    "Share",
    "Sheet",
    "Shown",
    "ShownPlan",
    "SignedIn",
    "SiteView",
    "SkillEvidence",
    "SkillList",
    "SkillProfile",
    "SkillsMatrix",
    "Staleness",
    "Standing",
    "Stop",
    "Suggested",
    "TakenIn",
    "Thin",
    "TokenRow",
    "Tokens",
    "Told",
    "TrainingCompleted",
    "Turnout",
    "Verdict",
    "Version",
    "Way",
    "WebhookBook",
    "WebhookRow",
    "Why",
    "WhyNot",
    "WhyNotInCrew",
    "Wish",
    "WorkerLoad",
    "Workspace",
    "Worlds",
    "Worth",
    "beside_the_usual",
    "decision_table",
    "differing",
    "how_often",
    "id_for",
    "in_parts",
    "in_words",
    "may_decide",
    "megabytes",
    "need_text",
    "needs_digest",
    "outcomes_digest",
    "speaks_against",
    "speaks_for",
    "tidy",
    "to_payload",
    "wrote",
]
