"""All crews of one size by plain enumeration, written apart from the engine: what it is measured against."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from math import prod

from skillmatch.matching.crews import CrewProblem


def every_crew(problem: CrewProblem, size: int) -> Iterator[tuple[tuple[int, ...], float]]:
    """Yield each crew of `size` that meets the hard rules, as positions in the problem, with its score."""
    for crew in combinations(range(len(problem.workers)), size):
        if possible(problem, crew):
            yield crew, score(problem, crew)


def possible(problem: CrewProblem, crew: tuple[int, ...]) -> bool:
    """Return whether the crew meets the head counts and has a lead."""
    return missing(problem, crew) == 0


def missing(problem: CrewProblem, crew: tuple[int, ...]) -> int:
    """Return how many heads the crew lacks for the hard head counts, and one where nobody in it can lead."""
    lacks = 0
    for number, count in enumerate(problem.counts):
        if problem.hard[number]:
            lacks += max(int(count) - sum(bool(problem.holds[one, number] >= problem.sure) for one in crew), 0)
    led = problem.lead_floor is None or max(problem.lead[one] for one in crew) >= problem.lead_floor
    return lacks + (not led)


def score(problem: CrewProblem, crew: tuple[int, ...]) -> float:
    """Return the points of a crew, term by term as documented."""
    terms, size = problem.terms, len(crew)
    total, learned = 0.0, False
    for number, count in enumerate(problem.counts):
        chances = [float(problem.holds[one, number]) for one in crew]
        filled = _mean_filled(chances, int(count))
        total += terms.coverage * float(problem.weights[number] / sum(problem.weights)) * filled
        experts = {one for one in crew if problem.holds[one, number] >= problem.expert}
        learned = learned or bool(experts and {one for one in crew if problem.trainee[one, number]} - experts)
    pairs = [float(problem.together[one, other]) for one, other in combinations(crew, 2)]
    total += terms.points * sum(float(problem.points[one]) for one in crew) / (100.0 * size)
    total += terms.pairs * (sum(pairs) / len(pairs) if pairs else 0.0)
    total -= terms.cost * sum(float(problem.cost[one]) for one in crew) / problem.cost_scale
    return total + terms.training * learned


def _mean_filled(chances: list[float], count: int) -> float:
    """Return the expected share of `count` places filled, over all ways in which members hold the need or not."""
    if count == 1:
        return 1.0 - prod(1.0 - chance for chance in chances)
    return sum(
        prod(chance if holds else 1.0 - chance for chance, holds in zip(chances, world, strict=True))
        * (min(sum(world), count) / count)
        for world in product((0, 1), repeat=len(chances))
    )
