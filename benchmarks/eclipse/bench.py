"""The main job on a real history: import, believe, rank, record, rank again, and rebuild to the bit.

Protocols A and B and their published floors are those of the data's description, see benchmarks/README.md.
"""

from __future__ import annotations

import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np

from benchmarks.report import Report, Row
from skillmatch.beliefs.evidence import Evidence, JobOutcome, Retraction
from skillmatch.beliefs.observation import Result
from skillmatch.beliefs.table import Floats, SkillRows
from skillmatch.gaps.evaluation import Evaluation
from skillmatch.matching.policy import POLICIES
from skillmatch.matching.ranking import Scoring, rank
from skillmatch.matching.view import View
from skillmatch.workspace import Workspace

FILES = ("eclipse/jobs.csv.gz", "eclipse/handovers.csv.gz")
MAPPING = Path(__file__).with_name("mapping.toml")
POLICY = POLICIES["familiar"]
SEED = 20091


def run(data: Path) -> Report:
    """Return every figure of the benchmark; the data folder holds `eclipse/`."""
    with tempfile.TemporaryDirectory(prefix="skillmatch-eclipse-") as folder:
        database = Path(folder) / "eclipse.db"
        rows = [*measure_import(data / "eclipse", database)]
        with Workspace.open(str(database)) as workspace:
            rows += measure_ranking(workspace)
            found = workspace.evaluate(policies=("balanced", POLICY.name))
            rows += outcome_rows(found) + ranking_rows(found)
            rows += measure_recording(workspace)
            rows += measure_rebuild(workspace)
    notes = (
        "rank_over_pass: one job over all workers with rules, decay and terms of the score, against the same columns "
        "without any of these; both are medians of the same jobs in turn, in one process",
        "b_*: ranked by the score under the policy 'familiar'; the default policy stands beside it",
        "floors marked 'published' come with the data; the other baselines were computed in this run",
    )
    return Report("eclipse", tuple(rows), notes)


def measure_import(folder: Path, database: Path) -> list[Row]:
    """Import with the command that users type, in a process of its own."""
    command = [sys.executable, "-m", "skillmatch", "--database", str(database), "import", str(folder)]
    started = time.perf_counter()
    subprocess.run([*command, "--mapping", str(MAPPING)], check=True)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return [
        Row("import_seconds", "import into SQLite, beliefs included", seconds, "s", "<= 120"),
        Row("import_peak_mb", "its peak memory", peak, "MB", "<= 1500"),
        Row("database_mb", "the database on disk", database.stat().st_size / 2**20, "MB"),
    ]


def measure_ranking(workspace: Workspace) -> list[Row]:
    """Time the engine's ranking against a bare pass over the same columns, in turn."""
    jobs = workspace.open_jobs(status=None, limit=1000).jobs
    chosen = random.Random(SEED).sample(jobs, 100)
    started = time.perf_counter()
    workspace.rank(chosen[0].id)
    load = time.perf_counter() - started
    engine, explained, bare, whole = [], [], [], []
    for job in chosen * 5:
        view = workspace.views(job.id)[0]
        columns = dense_columns(view)
        engine.append(timed(lambda view=view: Scoring(fresh(view), POLICY).best(10, None)))  # type: ignore[misc]
        bare.append(timed(lambda columns=columns: bare_pass(*columns)))  # type: ignore[misc]
        explained.append(timed(lambda v=view, j=job: rank(fresh(v), POLICY, job=j, revision=0, limit=10)))  # type: ignore[misc]
        whole.append(timed(lambda job=job: workspace.rank(job.id)))  # type: ignore[misc]
    base = statistics.median(bare)
    ratio = statistics.median(explained) / base
    return [
        Row("rank_over_pass", "rank all workers for one job, ten explained, over a bare pass", ratio, "x", "<= 10"),
        Row("score_over_pass", "the same without explanations", statistics.median(engine) / base, "x"),
        Row(
            "rank_ms",
            "the whole question to the workspace, database asked for news",
            1e3 * statistics.median(whole),
            "ms",
        ),
        Row("workers", "workers ranked", float(len(view.table)), ""),
        Row("load_seconds", "first ranking of a process, arrays loaded", load, "s"),
    ]


def timed(action: Callable[[], object]) -> float:
    """Return how many seconds an action takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def fresh(view: View) -> View:
    """Return the view without anything computed yet."""
    return View(view.table, view.roster, view.needs, view.day, view.moment, view.job_type, view.customer, view.names)


def dense_columns(view: View) -> tuple[Floats, Floats, list[tuple[float, Floats, Floats, Floats, Floats]]]:
    """Return the columns a job reads, spread over all workers."""
    size = len(view.table)

    def spread(rows: SkillRows, values: Floats, rest: float) -> Floats:
        full = np.full(size, rest)
        full[rows.index] = values
        return full

    skills = []
    for column in view.columns:
        rows = view.table.rows(column.skill)
        prior = view.params.skill_var
        skills.append(
            (
                column.part,
                spread(rows, column.rows.mean, 0.0),
                spread(rows, column.rows.var, prior),
                spread(rows, column.rows.recent, 0.0),
                spread(rows, column.rows.lasting, 0.0),
            )
        )
    return view.table.general_mean.copy(), view.table.general_var.copy(), skills


def bare_pass(
    mean: Floats, var: Floats, skills: list[tuple[float, Floats, Floats, Floats, Floats]]
) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Score by chance and practice, and order: nothing but the arithmetic."""
    familiar = np.zeros(len(mean))
    for part, own, own_var, recent, lasting in skills:
        mean = mean + part * own
        var = var + part * part * own_var
        familiar += part * (np.log1p(recent) + np.log1p(lasting))
    chance = 1.0 / (1.0 + np.exp(-mean / np.sqrt(1.0 + 0.39 * var)))
    return np.argsort(-(15.0 * chance + 75.0 * familiar))[:10]


def outcome_rows(found: Evaluation) -> list[Row]:
    """Return protocol A beside its floors."""
    ours = found.outcomes["skillmatch"]
    others = {name: score for name, score in found.outcomes.items() if name != "skillmatch"}
    auc = {
        "published: component rate": 0.6856,
        "published: worker rate": 0.7867,
        "published: worker + component": 0.794,
    }
    auc |= {"published: worker + component + both": 0.8255} | {name: score.auc for name, score in others.items()}
    loss = {
        "published: component rate": 0.569,
        "published: worker rate": 0.4815,
        "published: worker + component": 0.4837,
    }
    loss |= {"published: worker + component + both": 0.5118} | {name: score.log_loss for name, score in others.items()}
    return [
        Row("a_auc", "protocol A: will this hand-over be the last", ours.auc, "", ">= 0.85", auc),
        Row("a_log_loss", "protocol A", ours.log_loss, "", "<= 0.44", loss),
        Row("a_ece", "protocol A: calibration error", ours.ece, "", "<= 0.015", {n: s.ece for n, s in others.items()}),
        Row("a_rows", "protocol A: rows scored", float(ours.count), ""),
    ]


def ranking_rows(found: Evaluation) -> list[Row]:
    """Return protocol B beside its floors."""
    ours = found.rankings["skillmatch, policy familiar"]
    others = {name: score for name, score in found.rankings.items() if score is not ours}
    counts, halved = "published: all-time counts", "published: counts, half-life 3,000 bugs"
    return [
        Row("b_top1", "protocol B: the fixer is ranked first", ours.top1, "", ">= 0.55",
            {counts: 0.3677, halved: 0.5020} | {name: score.top1 for name, score in others.items()}),
        Row("b_top10", "protocol B: among the first ten", ours.top10, "", ">= 0.945",
            {counts: 0.8984, halved: 0.9373} | {name: score.top10 for name, score in others.items()}),
        Row("b_mrr", "protocol B: mean reciprocal rank", ours.mrr, "", ">= 0.69",
            {counts: 0.5416, halved: 0.6606} | {name: score.mrr for name, score in others.items()}),
        Row("b_jobs", "protocol B: jobs ranked", float(ours.count), ""),
    ]  # fmt: skip


def measure_recording(workspace: Workspace, count: int = 200) -> list[Row]:
    """Time an outcome until it is on disk and a ranking has been made with it."""
    jobs = random.Random(SEED + 1).sample(workspace.open_jobs(status=None, limit=1000).jobs, count)
    seconds = []
    for number, job in enumerate(jobs):
        worker = workspace.rank(job.id, limit=1).candidates[0].worker.id
        fact = JobOutcome(
            id=f"recorded-{number}", worker=worker, time=workspace.now(), job=job.id, result=Result.FIRST_TIME_FIX
        )
        seconds.append(timed(lambda fact=fact, job=job: (workspace.record(fact), workspace.rank(job.id))))  # type: ignore[misc]
    return [
        Row(
            "record_ms",
            "one outcome made durable and ranked with, median",
            1e3 * statistics.median(seconds),
            "ms",
            "<= 20",
        )
    ]


def measure_rebuild(workspace: Workspace, count: int = 1000) -> list[Row]:
    """Record late, corrected and retracted facts, then compare everything to a rebuild from the log."""
    chance = random.Random(SEED + 2)
    facts = sample_outcomes(workspace, count, chance)
    started = time.perf_counter()
    for number, fact in enumerate(facts):
        workspace.record(disturb(fact, number, chance))
    seconds = time.perf_counter() - started
    report = workspace.rebuild(check=True)
    return [
        Row(
            "differing_bits", "after 1,000 late, corrected and retracted facts", float(report.differing), "bits", "<= 0"
        ),
        Row("compared_numbers", "numbers compared", float(report.numbers), ""),
        Row("refold_ms", "one such fact, mean", 1e3 * seconds / len(facts), "ms"),
    ]


def sample_outcomes(workspace: Workspace, count: int, chance: random.Random) -> list[Evidence]:
    """Return outcomes of many workers, up to ten of each."""
    found: list[Evidence] = []
    workers = list(workspace.workers())
    chance.shuffle(workers)
    for worker in workers:
        own = [fact for fact in workspace.profile(worker.id).evidence if isinstance(fact, JobOutcome)]
        found += chance.sample(own, min(10, len(own)))
        if len(found) >= count:
            break
    return found[:count]


def disturb(fact: Evidence, number: int, chance: random.Random) -> Evidence:
    """Return a late, a corrected or a retracting fact made from one that is in the log."""
    assert isinstance(fact, JobOutcome)
    if number % 3 == 0:
        late = fact.time - timedelta(hours=chance.uniform(1, 1000))
        return replace(fact, id=f"late-{number}", time=late)
    if number % 3 == 1:
        flipped = Result.FAILED if fact.result is Result.FIRST_TIME_FIX else Result.FIRST_TIME_FIX
        return replace(fact, result=flipped)
    return Retraction(
        id=f"retraction-{number}",
        worker=fact.worker,
        time=fact.time,
        source="bench",
        retracts_source=fact.source,
        retracts_id=fact.id,
    )
