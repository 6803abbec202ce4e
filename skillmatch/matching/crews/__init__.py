"""The best crew for a job with several slots, why it is the best, and why there may be none."""

from skillmatch.matching.crews.best import (
    Crew,
    CrewProblem,
    CrewWeights,
    best_crews,
    best_with,
    broken_rules,
    crew_of,
    difference,
    why_impossible,
)

__all__ = [
    "Crew",
    "CrewProblem",
    "CrewWeights",
    "best_crews",
    "best_with",
    "broken_rules",
    "crew_of",
    "difference",
    "why_impossible",
]
