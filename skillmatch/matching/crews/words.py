"""Why a crew scores what it does, in words: one term for each column of its score."""

from __future__ import annotations

from skillmatch.explanation import Explanation, Term
from skillmatch.matching.crews.scores import Rows, Scorer


def explain(scorer: Scorer, row: Rows) -> Explanation:
    """Return the score of one crew, (1, size), as the sum of its terms, to the bit."""
    points = [float(column[0]) for column in scorer.columns(row)]
    places: list[int] = row[0].tolist()
    needs = scorer.problem.needs
    filled = scorer.coverage(row)[0]
    terms = [
        Term(f"coverage:{number}", points[number], f"covers {need}", _coverage(scorer, places, number, filled[number]))
        for number, need in enumerate(needs)
    ]
    mean = sum(scorer.points[place] for place in places) / len(places)
    cost = sum(scorer.cost[place] for place in places)
    scale = scorer.problem.cost_scale
    details = (
        ("points", "members' own match", f"match scores {mean:.0f} of 100 on average"),
        ("pairs", "worked well together", _pairs(scorer, places)),
        ("cost", "cost", f"{cost:,.2f} in all; {scale:,.2f} counts as full cost"),
        ("training", "trainee beside an expert", _training(scorer, places)),
    )
    terms += [
        Term(key, value, label, detail)
        for (key, label, detail), value in zip(details, points[len(needs) :], strict=True)
    ]
    return Explanation.of(terms, unit="points")


def _coverage(scorer: Scorer, places: list[int], number: int, filled: float) -> str:
    holds, count = scorer.holds[:, number], int(scorer.problem.counts[number])
    ranked = sorted((place for place in places if holds[place] > 0.0), key=lambda place: (-holds[place], place))
    who = ", ".join(f"{scorer.ids[place]} {holds[place] * 100:.0f} %" for place in ranked) or "nobody"
    surely = int(scorer.surely[places, number].sum())
    heads = f"{surely} of {count} surely enough"
    return f"{who}; {filled * 100:.0f} % of it expected to be filled; {heads}"


def _pairs(scorer: Scorer, places: list[int]) -> str:
    original = scorer.order
    known = [
        (float(scorer.problem.together[original[one], original[other]]), scorer.ids[one], scorer.ids[other])
        for at, one in enumerate(places)
        for other in places[at + 1 :]
    ]
    if not known:
        return "one member alone"
    worked = sorted((pair for pair in known if pair[0] > 0.0), key=lambda pair: (-pair[0], pair[1:]))
    if not worked:
        return "no two of them have worked together"
    strength, one, other = worked[0]
    return f"{len(worked)} of {len(known)} pairs have; most of all {one} and {other} ({strength * 100:.0f} %)"


def _training(scorer: Scorer, places: list[int]) -> str:
    for number, need in enumerate(scorer.problem.needs):
        learners = [place for place in places if scorer.learns[place, number]]
        teachers = [place for place in places if scorer.teaches[place, number]]
        if learners and teachers:
            best = max(teachers, key=lambda place: (scorer.holds[place, number], -place))
            return f"{scorer.ids[learners[0]]} learns {need} beside {scorer.ids[best]}"
    return "nobody learns beside an expert"
