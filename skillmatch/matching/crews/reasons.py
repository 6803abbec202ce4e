"""Why no crew is possible, or what a given crew breaks, with the smallest change that would help."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from skillmatch.matching.crews.covers import smallest_cover
from skillmatch.matching.crews.problem import CrewProblem
from skillmatch.matching.crews.scores import Scorer


def why_impossible(problem: CrewProblem) -> tuple[str, ...]:
    """Return why no crew meets the hard rules, each reason with the smallest change; none when one does."""
    scorer = Scorer(problem)
    everybody = range(len(scorer))
    reasons = [*_too_few(problem), *_too_small(problem), *_shortages(scorer, everybody), *_no_lead(scorer, everybody)]
    return tuple(reasons or _too_many_needed(scorer))


def broken_rules(problem: CrewProblem, members: Iterable[str]) -> tuple[str, ...]:
    """Return the rules that a crew of these candidates breaks; none when it is a possible crew.

    Raises
    ------
    NotFound
        When a member is not among the candidates.
    Invalid
        When nobody or somebody twice is named.
    """
    scorer = Scorer(problem)
    places: list[int] = scorer.row(members)[0].tolist()
    reasons = []
    if not problem.least <= len(places) <= problem.most:
        reasons.append(f"{_people(len(places))}, expected {problem.least} to {problem.most}")
    return (*reasons, *_shortages(scorer, places), *_no_lead(scorer, places))


def _people(count: int) -> str:
    return "1 worker" if count == 1 else f"{count} workers"


def _too_few(problem: CrewProblem) -> Iterator[str]:
    there = len(problem.workers)
    if there < problem.least:
        change = f"find {problem.least - there} more"
        if there:
            change += f", or allow a crew of {there}"
        yield f"only {_people(there)} can be sent, at least {problem.least} are needed: {change}"


def _too_small(problem: CrewProblem) -> Iterator[str]:
    for number in np.flatnonzero(problem.hard & (problem.counts > problem.most)):
        count = int(problem.counts[number])
        yield (
            f"{problem.needs[number]} needs {_people(count)}, but a crew has at most {problem.most}:"
            f" allow {count} members or lower the head count"
        )


def _shortages(scorer: Scorer, places: Sequence[int]) -> Iterator[str]:
    """Yield the hard head counts that even all of `places` together do not meet."""
    problem = scorer.problem
    for number in np.flatnonzero(problem.hard):
        count, holds = int(problem.counts[number]), scorer.holds[:, number]
        holders = sum(bool(scorer.surely[place, number]) for place in places)
        if holders >= count:
            continue
        others = [place for place in places if not scorer.surely[place, number] and holds[place] > 0.0]
        nearest = max(others, key=lambda place: (holds[place], -place), default=None)
        after = "nobody else comes near"
        if nearest is not None:
            after = f"the next is {scorer.ids[nearest]} with {_percent(holds[nearest])}"
        yield (
            f"{holders} of {count} needed can do {problem.needs[number]} surely enough ({_percent(problem.sure)});"
            f" {after}"
        )


def _no_lead(scorer: Scorer, places: Sequence[int]) -> Iterator[str]:
    floor = scorer.problem.lead_floor
    if floor is None or any(scorer.can_lead[place] for place in places):
        return
    nearest = max(places, key=lambda place: (scorer.lead[place], -place), default=None)
    after = "there is nobody"
    if nearest is not None:
        after = f"the nearest is {scorer.ids[nearest]} with {_percent(scorer.lead[nearest])}"
    yield f"nobody can lead: a chance of success of {_percent(floor)} is needed; {after}"


def _too_many_needed(scorer: Scorer) -> Iterator[str]:
    """Yield that each rule can be met, but not all of them by so few."""
    most = scorer.problem.most
    cover = smallest_cover(scorer, most=most)
    if cover.places is not None:
        return
    if not cover.proven:
        yield f"no crew of at most {most} was found that meets all head counts together: allow more members"
        return
    enough = smallest_cover(scorer, most=len(scorer)).places
    change = f"{len(enough)} are enough; allow so many" if enough else "allow more members"
    yield f"each head count can be met, but not all of them and the lead by {_people(most)}: {change}"


def _percent(chance: float) -> str:
    """Write a chance in whole percent, cut off: what misses a floor must not read as if it reached it."""
    return f"{int(chance * 100 + 1e-9)} %"
