"""The best crew for a job with several slots, why it is the best, and why there may be none.

Score of a crew, in points, each part on a fixed scale, so that nobody's score depends on who else is in the list:

    coverage of each need    share of the work * E[min(holders, head count)] / head count
    points                   mean match score of the members
    pairs                    mean over the pairs of how often they did well together
    cost                     minus the sum of costs / cost scale
    training                 1 when somebody learns a need beside an expert in it
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from skillmatch.errors import Invalid
from skillmatch.explanation import Explanation
from skillmatch.matching.crews.problem import Crew, CrewProblem, CrewWeights
from skillmatch.matching.crews.reasons import broken_rules, why_impossible
from skillmatch.matching.crews.scores import Rows, Scorer
from skillmatch.matching.crews.search import search
from skillmatch.matching.crews.words import explain

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

EXACT_UP_TO = 20_000
"""Crews up to which all of them are looked at."""


def best_crews(problem: CrewProblem, *, limit: int = 3, exact_up_to: int = EXACT_UP_TO) -> tuple[Crew, ...]:
    """Return up to `limit` different crews that meet the hard rules, the best first; none where none can.

    All crews are looked at when there are `exact_up_to` of them or fewer; else they are found by greedy starts and
    exchange, and each says how far it can be from the best. Ties are broken by the ids of the members in order.

    Raises
    ------
    Invalid
        When `limit` is below 1.
    """
    if limit < 1:
        raise Invalid(f"{limit} crews were asked for: expected 1 or more")
    return _search(Scorer(problem), limit, exact_up_to, ())


def best_with(problem: CrewProblem, worker: str, *, exact_up_to: int = EXACT_UP_TO) -> Crew | None:
    """Return the best crew that contains `worker`; None where no crew with her meets the hard rules.

    Raises
    ------
    NotFound
        When she is not among the candidates.
    """
    scorer = Scorer(problem)
    place = int(scorer.row([worker])[0, 0])
    return next(iter(_search(scorer, 1, exact_up_to, (place,))), None)


def crew_of(problem: CrewProblem, members: Iterable[str]) -> Crew:
    """Return the crew of these members with its score and reasons, whether or not it meets the rules.

    Raises
    ------
    NotFound
        When a member is not among the candidates.
    Invalid
        When nobody or somebody twice is named.
    """
    scorer = Scorer(problem)
    return _crew(scorer, scorer.row(members))


def difference(problem: CrewProblem, a: Crew | Iterable[str], b: Crew | Iterable[str]) -> Explanation:
    """Return term by term by how much crew `a` scores more than `b`; a crew can be given by its members.

    The answer to "why not her": the best crew that contains her (`best_with`) less the best crew.

    Raises
    ------
    NotFound, Invalid
        As `crew_of`.
    """
    one, other = (crew_of(problem, crew.members if isinstance(crew, Crew) else crew) for crew in (a, b))
    return one.explanation - other.explanation


def _search(scorer: Scorer, limit: int, exact_up_to: int, forced: tuple[int, ...]) -> tuple[Crew, ...]:
    found = search(scorer, limit=limit, exact_up_to=exact_up_to, forced=forced)
    rows = (np.array([crew], dtype=np.int64) for crew in found.crews)
    return tuple(_crew(scorer, row, optimal=found.optimal, bound=found.bound) for row in rows)


def _crew(scorer: Scorer, row: Rows, *, optimal: bool = False, bound: float | None = None) -> Crew:
    """Return the noun for one row of places, (1, size)."""
    problem, places = scorer.problem, row[0].tolist()
    lead = None
    if problem.lead_floor is not None:
        able = [place for place in places if scorer.can_lead[place]]
        lead = max(able, key=lambda place: (scorer.lead[place], -place), default=None)
    ordered = sorted(places, key=lambda place: (place != lead, place))
    explanation = explain(scorer, row)
    return Crew(
        members=tuple(scorer.ids[place] for place in ordered),
        lead=None if lead is None else scorer.ids[lead],
        explanation=explanation,
        covered_by=tuple(
            tuple(scorer.ids[place] for place in ordered if scorer.surely[place, number])
            for number in range(len(problem.needs))
        ),
        excess=tuple(scorer.ids[place] for place in ordered if _is_excess(scorer, row[0], place)),
        optimal=optimal,
        # A sum of parts in another order may fall short of the score by rounding.
        gap_bound=None if bound is None else max(bound - explanation.total, 0.0),
    )


def _is_excess(scorer: Scorer, crew: Rows, place: int) -> bool:
    """Return whether the head counts that `crew` meets, its lead and the least size hold without one member."""
    problem, rest = scorer.problem, crew[crew != place]
    if len(rest) < problem.least:
        return False
    met = scorer.surely[crew].sum(axis=0) >= problem.counts
    still = scorer.surely[rest].sum(axis=0) >= problem.counts
    led = problem.lead_floor is None or scorer.can_lead[rest].any() or not scorer.can_lead[crew].any()
    return bool((still | ~met).all() and led)
