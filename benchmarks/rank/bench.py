"""Ranking very many workers for one demanding job: time over a bare pass on the same columns, growth, memory, why not.

The company is invented (`company.py`): only how much there is to calculate matters here, not whether it is right.
"""

from __future__ import annotations

import gc
import statistics
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.rank.company import company, job, tomorrow
from benchmarks.report import Report, Row
from skillmatch.beliefs.table import BeliefTable, Floats
from skillmatch.matching.objectives import OBJECTIVES
from skillmatch.matching.policy import WEIGHTED, Limits, Policy
from skillmatch.matching.ranking import Scoring, explain, rank
from skillmatch.matching.roster import Roster
from skillmatch.matching.rules import RULES
from skillmatch.matching.view import View
from skillmatch.matching.whynot import why_not
from skillmatch.model import Job

SMALL, LARGE = 100_000, 1_000_000
REPEATED, EXPLAINED = 15, 20
POLICY = Policy("all", "Every objective", dict.fromkeys(WEIGHTED, 10.0), Limits(max_travel=90.0))
JOB = Job("job", "A job that every rule and objective has something to say about")


def run(data: Path) -> Report:
    """Return the figures; nothing is read from the data folder."""
    table, roster = company(SMALL)
    objectives = {objective.key for objective, _column, _weight in Scoring(job(table, roster), POLICY).ways[0].columns}
    seconds, bare = ranked(table, roster)
    shares = asked(table, roster)
    blocked = len({rule for rule, _flags in Scoring(job(table, roster), POLICY).ways[0].blocking})
    temporary, arrays = memory(table, roster)
    del table, roster
    gc.collect()
    table, roster = company(LARGE)
    large, _bare = ranked(table, roster, repeated=5)
    large_temporary, large_arrays = memory(table, roster)
    rows = [
        Row("over_pass_100k", "rank 100,000 workers, 20 explained, over a bare pass on the needed columns",
            seconds / bare, "x", "<= 6"),
        Row("ms_100k", "the same in time", 1e3 * seconds, "ms", "", {"bare pass": 1e3 * bare}),
        Row("why_not_over_explain", "why not this worker, over explaining one, both asked anew",
            statistics.median(shares), "x", "<= 2", {"worst of 12": max(shares)}),
        Row("growth_1m", "1,000,000 workers over 100,000", large / seconds, "x", "<= 11"),
        Row("ms_1m", "1,000,000 workers", 1e3 * large, "ms"),
        Row("memory_over_arrays", "arrays and the peak while ranking 1,000,000, over the arrays alone",
            (large_arrays + large_temporary) / large_arrays, "x", "<= 5",
            {"100,000 workers": (arrays + temporary) / arrays}),
        Row("arrays_mb_1m", "the arrays of 1,000,000 workers that the job reads", large_arrays / 2**20, "MB"),
        Row("objectives", "objectives at work", float(len(objectives)), "", "", {"all": float(len(OBJECTIVES))}),
        Row("rules", "rules that stop somebody", float(blocked), "", "", {"all": float(len(RULES))}),
    ]  # fmt: skip
    notes = (
        "each ranking is of a fresh view and another day, so that nothing calculated before helps; the shifts and "
        "bookings of a day are indexed once and then kept, as in a running server",
        "the bare pass reads every column once, with the exponentials and logarithms of chance and practice, and sorts",
        "development needs a wish on record and is left out of the invented company; nobody has refused the job",
    )
    return Report("rank", tuple(rows), notes)


def ranked(table: BeliefTable, roster: Roster, *, repeated: int = REPEATED) -> tuple[float, float]:
    """Return the median seconds of a ranking and of a bare pass, measured in turn."""
    engine, bare = [], []
    columns = dense(job(table, roster))
    ranking_of(table, roster, 0)
    ranking_of(table, roster, 1)
    for number in range(repeated):
        engine.append(timed(partial(ranking_of, table, roster, number)))
        bare.append(timed(lambda: bare_pass(*columns)))
    return statistics.median(engine), statistics.median(bare)


def ranking_of(table: BeliefTable, roster: Roster, number: int) -> None:
    """Rank a job seen anew."""
    view = job(table, roster)
    rank(view if number % 2 else tomorrow(view), POLICY, job=JOB, revision=0, limit=EXPLAINED)


def asked(table: BeliefTable, roster: Roster) -> list[float]:
    """Return for some workers how long "why not" takes over explaining: ranked ones and blocked ones alike."""
    scoring = Scoring(job(table, roster), POLICY)
    places = [*scoring.best(200, scoring.eligible)[5::40], *scoring.best(5, scoring.near), *scoring.nearest(400)[::100]]
    found = []
    for worker in [table.workers[int(place)] for place in places][:12]:
        one = statistics.median(timed(lambda w=worker: explain(job(table, roster), POLICY, w)) for _ in range(3))  # type: ignore[misc]
        other = statistics.median(timed(lambda w=worker: why_not(job(table, roster), POLICY, w)) for _ in range(3))  # type: ignore[misc]
        found.append(other / one)
    return found


def memory(table: BeliefTable, roster: Roster) -> tuple[int, int]:
    """Return the bytes that ranking takes for a while, and those of the arrays that it reads."""
    view = job(table, roster)
    mean, skills, others = dense_sizes(view)
    gc.collect()
    tracemalloc.start()
    ranking_of(table, roster, 1)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak, mean + skills + others


def dense_sizes(view: View) -> tuple[int, int, int]:
    """Return the bytes of the arrays that the job reads: of workers, of skills and parts, of the day."""
    workers = view.table.general_mean.nbytes * 5 + view.roster.rate.nbytes * 7
    rows = [view.table.rows(column.skill) for column in view.columns]
    parts = [view.table.part(part) for part, _load in view.shared]
    touched = sum(one.values.nbytes + one.index.nbytes for one in (*rows, *parts))
    plan = view.day_plan
    day = sum(start.nbytes + end.nbytes for start, end in plan.shifts) + sum(column.nbytes for column in plan.gaps)
    day += plan.booked.nbytes + plan.week.nbytes + plan.after.nbytes + plan.before.nbytes + view.load.nbytes
    return workers, touched, day


def dense(view: View) -> tuple[list[Floats], list[tuple[float, list[Floats]]], list[Floats]]:
    """Return every column that the job reads, spread over all workers: general, of each skill, of the job."""
    size = len(view.table)

    def spread(index: Floats | object, values: Floats, rest: float = 0.0) -> Floats:
        full = np.full(size, rest)
        full[index] = values  # type: ignore[index]
        return full

    general = [view.table.general_mean, view.table.general_var, view.table.form, view.table.worked, view.table.jobs]
    for part, _load in view.shared:
        shared = view.table.part(part)
        general += [spread(shared.index, values) for values in shared.values]
    skills = []
    for column in view.columns:
        rows = column.rows
        kept = (rows.mean, rows.var, rows.recent, rows.lasting, rows.successes, rows.failures, rows.surprise, rows.won,
                rows.idle, rows.main)  # fmt: skip
        skills.append((column.part, [spread(column.index, values) for values in kept]))
    limits = POLICY.limits
    travel = np.nan_to_num(view.travel if view.travel is not None else np.zeros(size), nan=45.0)
    begin = np.minimum(view.begin(limits), 1440.0)
    return [array.copy() for array in general], skills, [travel, view.load, view.hourly(limits), begin]


def bare_pass(general: list[Floats], skills: list[tuple[float, list[Floats]]], others: list[Floats]) -> Floats:
    """Score from every column once, and order: nothing but the arithmetic."""
    total = general[0] + 0.0
    var = general[1] + 0.0
    for column in general[2:]:
        total += 0.01 * column
    familiar = np.zeros(len(total))
    for part, (mean, own, recent, lasting, won, lost, surprise, last, idle, main) in skills:
        total += part * mean + 0.1 * surprise
        var += part * part * own
        total += 0.1 * np.log1p(won) - 0.1 * np.log1p(lost) + 0.1 * np.log1p(main)
        familiar += part * (np.log1p(recent) + np.log1p(lasting) - 0.1 * np.log1p(last) - 0.1 * np.log1p(idle))
    chance = 1.0 / (1.0 + np.exp(-total / np.sqrt(1.0 + 0.39 * var)))
    score = 50.0 * chance + familiar
    for column in others:
        score -= 0.01 * column
    best = np.argpartition(-score, EXPLAINED)[:EXPLAINED]
    return np.asarray(best[np.argsort(-score[best])])


def timed(action: Callable[[], object]) -> float:
    """Return how many seconds an action takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started
