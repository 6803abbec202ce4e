"""Crews found by greedy starts and exchange, as shares of the best of all crews.

Needs no data: the problems are drawn from seeds. Draws that no crew can fill are left out and counted.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TypeVar

import numpy as np

from benchmarks.crew.draws import draw
from benchmarks.crew.plain import every_crew, missing, possible, score
from benchmarks.report import Report, Row
from skillmatch.beliefs.table import Floats
from skillmatch.matching.crews import Crew, CrewProblem, best_crews

DRAWS, SIZE = 200, 3
LARGER_DRAWS, WIDE_DRAWS, LARGE_DRAWS = 100, 20, 7
LARGER_SEEDS, WIDE_SEEDS, LARGE_SEEDS = 100_000, 150_000, 200_000
EVERY_CREW = 2_000_000
SAME = 1e-9
"""Scores, in points, that differ by less are the same but for rounding."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Measured:
    """What one draw gave, in points: the optimum, the mean of all possible crews, and what each way found.

    A way that ends with an impossible crew has found none and gets None.
    """

    optimum: float
    mean: float
    exchange: float
    enumerated: float
    greedy: float | None
    careful: float | None
    singles: float | None
    bound: float
    seconds: float
    enumerated_seconds: float


def run(data: Path) -> Report:
    """Return the figures; `data` is not read."""
    found, drawn = collect(DRAWS, 0, lambda seed: measure(draw(seed, workers=20, needs=5, least=SIZE, most=SIZE)))
    larger, larger_drawn = collect(
        LARGER_DRAWS, LARGER_SEEDS, lambda seed: measure_larger(draw(seed, workers=30, needs=5, least=4, most=5))
    )
    wide, _ = collect(
        WIDE_DRAWS, WIDE_SEEDS, lambda seed: measure_larger(draw(seed, workers=200, needs=5, least=3, most=3))
    )
    large, _ = collect(
        LARGE_DRAWS, LARGE_SEEDS, lambda seed: measure_large(draw(seed, workers=2_000, needs=5, least=3, most=5))
    )
    rows = (
        *small_rows(found),
        *larger_rows("larger", "4 or 5 of 30", np.array(larger)),
        *larger_rows("wide", "3 of 200", np.array(wide)),
        *large_rows(np.array(large)),
    )
    return Report("crew", rows, (
        f"{DRAWS} draws of {drawn} and {LARGER_DRAWS} of {larger_drawn}; the others have no possible crew",
        "share: points of the crew / points of the best; an impossible crew counts as 0. The best had"
        f" {min(each.optimum for each in found):.1f} points or more",
        "share of the range: 0 is the mean of all possible crews of a draw, 1 the best of them",
        f"impossible crews: greedy {np.mean([each.greedy is None for each in found]):.1%} of the draws, greedy with"
        f" rules first {np.mean([each.careful is None for each in found]):.1%}, the three best single workers"
        f" {np.mean([each.singles is None for each in found]):.1%}",
        "3 of 20 are only 1,140 crews, and the 24 starts together look at most of them; hence also 4 or 5 of 30"
        " (169,911 crews) and 3 of 200 (1,313,400), against the engine's own enumeration, which at 3 of 20 finds what"
        " plain enumeration finds",
    ))  # fmt: skip


def collect(wanted: int, first: int, one: Callable[[int], Result | None]) -> tuple[list[Result], int]:
    """Return what `one` gives for so many seeds from `first` on for which it gives anything, and how many it took."""
    found: list[Result] = []
    for seed in count(first):
        result = one(seed)
        if result is not None:
            found.append(result)
        if len(found) == wanted:
            return found, seed - first + 1
    raise AssertionError("seeds do not end")


def measure(problem: CrewProblem) -> Measured | None:
    """Return what each way found for one problem; None where no crew is possible."""
    crews = list(every_crew(problem, SIZE))
    exchanged, seconds = timed(problem, exact_up_to=0)
    enumerated, enumerated_seconds = timed(problem, exact_up_to=EVERY_CREW)
    if not crews or exchanged is None or enumerated is None:
        if crews or exchanged or enumerated:
            raise AssertionError("one way finds a crew possible and another does not")
        return None
    scores = [points for _crew, points in crews]
    return Measured(
        optimum=max(scores),
        mean=float(np.mean(scores)),
        exchange=score(problem, positions(problem, exchanged)),
        enumerated=score(problem, positions(problem, enumerated)),
        greedy=if_possible(problem, greedy(problem, rules_first=False)),
        careful=if_possible(problem, greedy(problem, rules_first=True)),
        singles=if_possible(problem, best_singles(problem)),
        bound=exchanged.gap_bound or 0.0,
        seconds=seconds,
        enumerated_seconds=enumerated_seconds,
    )


def timed(problem: CrewProblem, *, exact_up_to: int) -> tuple[Crew | None, float]:
    """Return the best crew found, and in how many seconds."""
    started = time.perf_counter()
    crews = best_crews(problem, exact_up_to=exact_up_to)
    return next(iter(crews), None), time.perf_counter() - started


def positions(problem: CrewProblem, crew: Crew) -> tuple[int, ...]:
    return tuple(sorted(problem.workers.index(member) for member in crew.members))


def if_possible(problem: CrewProblem, crew: tuple[int, ...]) -> float | None:
    return score(problem, crew) if possible(problem, crew) else None


def greedy(problem: CrewProblem, *, rules_first: bool) -> tuple[int, ...]:
    """Return the crew to which the member who adds most points, or first of all most missing heads, was added."""

    def worth(crew: tuple[int, ...]) -> tuple[int, float]:
        return -missing(problem, crew) if rules_first else 0, score(problem, crew)

    crew: tuple[int, ...] = ()
    while len(crew) < problem.most:
        others = (place for place in range(len(problem.workers)) if place not in crew)
        grown = max(((*crew, place) for place in others), key=worth)
        if len(crew) >= problem.least and worth(grown) <= worth(crew):
            break
        crew = grown
    return crew


def best_singles(problem: CrewProblem) -> tuple[int, ...]:
    """Return the workers with the best match scores of their own."""
    return tuple(int(place) for place in np.argsort(-problem.points, kind="stable")[:SIZE])


def nan_if_none(points: float | None) -> float:
    return float("nan") if points is None else points


def small_rows(found: list[Measured]) -> tuple[Row, ...]:
    """Return the figures of crews of 3 from 20."""
    optimum, mean = (np.array([getattr(each, key) for each in found]) for key in ("optimum", "mean"))
    ways = {key: np.array([nan_if_none(getattr(each, key)) for each in found], dtype=float)
            for key in ("exchange", "enumerated", "greedy", "careful", "singles")}  # fmt: skip
    shares = {key: np.nan_to_num(points) / optimum for key, points in ways.items()}
    spread = optimum - mean > SAME
    ranges = {
        key: float(np.nanmean((points[spread] - mean[spread]) / (optimum - mean)[spread]))
        for key, points in ways.items()
    }
    best = {key: float(np.mean(optimum - points < SAME)) for key, points in ways.items()}
    random = mean / optimum
    names = {"greedy": "greedy only", "careful": "greedy, rules first", "singles": "the three best single workers"}
    return (
        Row("share_of_optimum", "3 of 20, greedy and exchange: share of the best crew's points, mean",
            float(shares["exchange"].mean()), "", ">= 0.995",
            {**{name: float(shares[key].mean()) for key, name in names.items()},
             "a random possible crew": float(random.mean())}),
        Row("worst_share", "the same, worst draw", float(shares["exchange"].min()), "", "",
            {**{name: float(shares[key].min()) for key, name in names.items()},
             "a random possible crew": float(random.min())}),
        Row("share_of_range", "from the mean possible crew (0) to the best (1), mean over draws with a possible crew",
            ranges["exchange"], "", "", {f"{name}, where possible": ranges[key] for key, name in names.items()}),
        Row("optimal_share", "draws in which the best crew was found", best["exchange"], "", "",
            {**{name: best[key] for key, name in names.items()}, "the engine's enumeration": best["enumerated"]}),
        Row("gap_bound", "points that the bound leaves open, mean", float(np.mean([each.bound for each in found])),
            "points", "", {"true gap": float((optimum - ways["exchange"]).mean())}),
        Row("milliseconds", "the best three crews, median", 1e3 * float(np.median([each.seconds for each in found])),
            "ms", "", {"all enumerated": 1e3 * float(np.median([each.enumerated_seconds for each in found]))}),
    )  # fmt: skip


def measure_larger(problem: CrewProblem) -> tuple[float, float, float, float] | None:
    """Return the shares of exchange and of greedy, the seconds of exchange and of enumeration; None without a crew."""
    best, enumerated_seconds = timed(problem, exact_up_to=EVERY_CREW)
    exchanged, seconds = timed(problem, exact_up_to=0)
    if best is None or exchanged is None:
        if best or exchanged:
            raise AssertionError("one way finds a crew possible and the other does not")
        return None
    alone = if_possible(problem, greedy(problem, rules_first=True)) or 0.0
    return exchanged.score / best.score, alone / best.score, seconds, enumerated_seconds


def larger_rows(key: str, what: str, found: Floats) -> tuple[Row, ...]:
    """Return the figures of problems with more crews, from (draws, 4)."""
    shares, greedy_shares, seconds, enumerated = found.T
    best, greedy_best = (float(np.mean(each > 1.0 - SAME)) for each in (shares, greedy_shares))
    name = "greedy, rules first"
    return (
        Row(f"{key}_share", f"{what}: share of the best crew's points, mean", float(shares.mean()), "", "",
            {name: float(greedy_shares.mean())}),
        Row(f"{key}_worst_share", "the same, worst draw", float(shares.min()), "", "",
            {name: float(greedy_shares.min())}),
        Row(f"{key}_optimal_share", "draws in which the best crew was found", best, "", "", {name: greedy_best}),
        Row(f"{key}_ms", "the best three crews, median", 1e3 * float(np.median(seconds)), "ms", "",
            {"all enumerated": 1e3 * float(np.median(enumerated))}),
    )  # fmt: skip


def measure_large(problem: CrewProblem) -> tuple[float, float, float] | None:
    """Return seconds, the score and how far at most from the optimum, in points; None without a crew."""
    crew, seconds = timed(problem, exact_up_to=20_000)
    return None if crew is None else (seconds, crew.score, crew.gap_bound or 0.0)


def large_rows(found: Floats) -> tuple[Row, ...]:
    """Return the figures of crews of 3 to 5 from 2,000, from (draws, 3)."""
    seconds, points, bound = found.T
    return (
        Row("large_ms", "3 to 5 of 2,000 candidates, the best three crews, median", 1e3 * float(np.median(seconds)),
            "ms"),
        Row("large_least_share", "share of the best crew's points that the bound proves, mean",
            float(np.mean(points / (points + bound))), ""),
    )  # fmt: skip
