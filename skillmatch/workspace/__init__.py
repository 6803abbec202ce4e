"""The use-cases, behind one object: what the command line, the pages and notebooks talk to."""

from skillmatch.beliefs.evidence import Evidence, JobOutcome
from skillmatch.beliefs.observation import Result
from skillmatch.matching.policy import POLICIES, Policy
from skillmatch.matching.ranking import Candidate, Ranking
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
from skillmatch.workspace.refitting import Comparison, Difference, Refit, Version
from skillmatch.workspace.workspace import Workspace

__all__ = [
    "POLICIES",
    "Candidate",
    "Change",
    "Comparison",
    "Difference",
    "Effect",
    "Evidence",
    "JobOutcome",
    "JobPage",
    "JobView",
    "Policy",
    "Proficiency",
    "Profile",
    "Ranking",
    "RebuildReport",
    "Recorded",
    "Refit",
    "Result",
    "SkillProfile",
    "Version",
    "Why",
    "Workspace",
]
