"""What a fact says to the filter, which knows these two and nothing else: work was tried, or a level was stated."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import NamedTuple


class Demand(NamedTuple):
    """A skill that work drew on: at which level (None: no particular one), and its relative share of the work."""

    skill: str
    level: float | None = None
    weight: float = 1.0


class Result(StrEnum):
    """How a job ended for the worker who was sent."""

    FIRST_TIME_FIX = "first-time fix"
    WITH_HELP = "done with help"
    REWORK = "rework"
    HANDED_ON = "handed on"
    FAILED = "failed"


SUCCESS = {
    Result.FIRST_TIME_FIX: 1.0,
    Result.WITH_HELP: 0.7,
    Result.REWORK: 0.3,
    Result.HANDED_ON: 0.0,
    Result.FAILED: 0.0,
}
"""How far each result counts as a success, 0 to 1."""
DONE = 0.5
"""From here on a result counts as a success."""
STARS = (1.0, 5.0)
"""The scale of customers' ratings."""


class Rater(StrEnum):
    """What sort of person states a level; the parameters say how noisy and how lenient each sort is."""

    SELF = "self"
    MANAGER = "manager"
    PEER = "peer"
    CUSTOMER = "customer"


class Cut(IntEnum):
    """The cutpoints between results, from hopeless to perfect; a result lies between two of them."""

    NEVER, REWORK, DONE, FIX, BEYOND = range(5)


GRADES = {
    Result.FIRST_TIME_FIX: (Cut.FIX, Cut.BEYOND),
    Result.WITH_HELP: (Cut.DONE, Cut.FIX),
    Result.REWORK: (Cut.REWORK, Cut.DONE),
    Result.HANDED_ON: (Cut.NEVER, Cut.REWORK),
    Result.FAILED: (Cut.NEVER, Cut.REWORK),
}
"""Between which cutpoints each result lies."""


def main_demand(demands: tuple[Demand, ...]) -> int:
    """Return the place of the demand with the largest share, the first of several; -1 where there are none."""
    return max(range(len(demands)), key=lambda place: demands[place].weight, default=-1)


def work_key(job_type: str | None, cause: str | None) -> str | None:
    """Return under which name difficulty and pace of work are learned: with other causes it is other work.

    Learned for all causes together, whoever met the hard ones would be taken for slow and unable.

    >>> work_key("too warm", "leak")
    'too warm | leak'
    """
    return f"{job_type} | {cause}" if job_type and cause else job_type


class Trial(NamedTuple):
    """Work was tried, or an exam. `success` from 0 to 1; `grade` says between which cutpoints the result lies.

    `slope` is how sharply the attempt tells ability apart (1 for a job), `noise` a variance in squared logits for what
    it leaves open; `practice` says whether it counts as doing the work. `estimate` and `minutes` are how long it was
    to take and took, where both or at least the latter are known. `main` is the skill that somebody was sent for, where
    the work drew on others than was thought; None means the one with the largest share.
    """

    demands: tuple[Demand, ...]
    success: float
    grade: tuple[Cut, Cut] = (Cut.DONE, Cut.BEYOND)
    job_type: str | None = None
    customer: str | None = None
    site: str | None = None
    slope: float = 1.0
    noise: float = 0.0
    practice: bool = True
    minutes: float | None = None
    estimate: float | None = None
    main: str | None = None


class Reading(NamedTuple):
    """Somebody states a worker's level in a skill, or in the mix of skills a job drew on.

    `rater` is the sort of person, `by` who it was. What is stated by one person on one day is one `occasion`.
    """

    demands: tuple[Demand, ...]
    level: float
    rater: Rater
    by: str


Observation = Trial | Reading
