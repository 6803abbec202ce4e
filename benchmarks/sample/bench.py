"""Beliefs against the truth of the sample company: right on average, honest about their uncertainty.

Needs no data but what it generates. The generator knows each worker's true level in each skill and how hard each job
was; the engine sees only what a company would see.
"""

from __future__ import annotations

import csv
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from benchmarks.report import Report, Row
from skillmatch.beliefs.evidence import SUCCESS, Demand, JobOutcome, Result, SelfReport
from skillmatch.beliefs.filter import level_offset, shares
from skillmatch.demo import write_company
from skillmatch.model import skill_needs
from skillmatch.workspace import Profile, Workspace

TODAY = date(2026, 6, 1)
SEEDS = (1, 2, 3)

Pair = tuple[str, str]


def run(data: Path) -> Report:
    """Return the figures, means over three companies; `data` is not read."""
    found = [measure(seed) for seed in SEEDS]
    mean = {key: float(np.mean([figures[key] for figures in found])) for key in found[0]}
    rows = (
        Row("level_correlation", "believed against true level, pairs with evidence", mean["level"], "", "",
            {"success rate per worker and skill": mean["rate"], "worker's success rate": mean["worker"]}),
        Row("reported_correlation", "the same, pairs with a self-report", mean["reported"], "", "",
            {"self-report": mean["self"]}),
        Row("level_error", "root mean square error", mean["error"], "levels", "",
            {"everybody at the mean": mean["spread"]}),
        Row("coverage_80", "share of true levels inside the 80 % interval", mean["coverage"], ""),
        Row("difficulty_correlation", "learned against true difficulty of job types", mean["difficulty"], "", "",
            {"failure rate": mean["failure"]}),
        Row("a_auc", "chance of success, last fifth of the outcomes", mean["auc"], "", "",
            {"worker x job type rate": mean["auc_rate"]}),
        Row("a_log_loss", "the same", mean["log_loss"], "", "", {"worker x job type rate": mean["log_loss_rate"]}),
        Row("import_seconds", "import of 30,000 outcomes, beliefs included", mean["seconds"], "s"),
    )  # fmt: skip
    return Report("sample", rows, (f"means over {len(SEEDS)} generated companies, seeds {SEEDS}",))


def measure(seed: int) -> dict[str, float]:
    """Generate one company, import it, and compare what is believed to what is true."""
    with tempfile.TemporaryDirectory(prefix="skillmatch-sample-") as name:
        folder = Path(name)
        write_company(folder / "tables", seed=seed, today=TODAY)
        truth = read(folder / "tables" / "truth" / "levels.csv")
        levels = {(row["worker"], row["skill"]): float(row["level"]) for row in truth}
        clock = datetime(TODAY.year, TODAY.month, TODAY.day, 7, tzinfo=UTC)
        with Workspace.open(str(folder / "company.db"), clock=lambda: clock) as workspace:
            started = time.perf_counter()
            workspace.import_path(folder / "tables")
            seconds = time.perf_counter() - started
            profiles = [workspace.profile(worker.id) for worker in workspace.workers()]
            scores = workspace.evaluate(policies=("balanced",)).outcomes
            difficulties = learned_difficulties(workspace, folder / "tables")
        ours, rates = scores["skillmatch"], scores["worker x job type rate"]
        return {
            **compare_levels(profiles, levels),
            **compare_difficulties(folder / "tables", difficulties),
            "auc": ours.auc, "auc_rate": rates.auc, "log_loss": ours.log_loss, "log_loss_rate": rates.log_loss,
            "seconds": seconds,
        }  # fmt: skip


def learned_difficulties(workspace: Workspace, folder: Path) -> dict[str, float]:
    """Return how hard each job type is believed to be: what was learned beyond its levels, and the levels."""
    params = workspace.params()
    found: dict[str, float] = {}
    for row in read(folder / "jobs.csv"):
        if row["type"] in found or row["requirements"]:
            continue
        demands = [Demand(need.skill, need.level, need.weight) for need in skill_needs(workspace.job(row["id"]).needs)]
        found[row["type"]] = params.difficulty(row["type"]).mean + level_offset(demands, shares(demands), params)
    return found


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def compare_levels(profiles: list[Profile], truth: Mapping[Pair, float]) -> dict[str, float]:
    """Return correlations, error and coverage over the pairs that have evidence."""
    believed: dict[Pair, float] = {}
    inside: list[bool] = []
    stated: dict[Pair, float] = {}
    tried: defaultdict[Pair, list[float]] = defaultdict(list)
    overall: defaultdict[str, list[float]] = defaultdict(list)
    for profile in profiles:
        worker = profile.worker.id
        for row in profile.skills:
            pair = (worker, row.skill.id)
            believed[pair] = row.proficiency.level
            inside.append(row.proficiency.low <= truth[pair] <= row.proficiency.high)
        for fact in profile.evidence:
            if isinstance(fact, SelfReport):
                stated[worker, fact.skill] = fact.level
            elif isinstance(fact, JobOutcome):
                overall[worker].append(SUCCESS[fact.result])
                for skill in fact.skills():
                    tried[worker, skill].append(SUCCESS[fact.result])
    pairs = [pair for pair in believed if pair in tried]
    true = [truth[pair] for pair in pairs]
    both = list(stated)
    error = np.array([believed[pair] - truth[pair] for pair in believed])
    return {
        "level": correlation([believed[pair] for pair in pairs], true),
        "rate": correlation([float(np.mean(tried[pair])) for pair in pairs], true),
        "worker": correlation([float(np.mean(overall[pair[0]])) for pair in pairs], true),
        "reported": correlation([believed[pair] for pair in both], [truth[pair] for pair in both]),
        "self": correlation([stated[pair] for pair in both], [truth[pair] for pair in both]),
        "error": float(np.sqrt(np.mean(error**2))),
        "spread": float(np.std([truth[pair] for pair in believed])),
        "coverage": float(np.mean(inside)),
    }


def compare_difficulties(folder: Path, learned: Mapping[str, float]) -> dict[str, float]:
    """Return how well learned difficulties and plain failure rates follow the truth, over job types seen often."""
    types = {row["id"]: row["type"] for row in read(folder / "jobs.csv")}
    true: defaultdict[str, list[float]] = defaultdict(list)
    for row in read(folder / "truth" / "jobs.csv"):
        true[types[row["job"]]].append(float(row["difficulty"]))
    failed: defaultdict[str, list[float]] = defaultdict(list)
    for row in read(folder / "outcomes.csv"):
        failed[types[row["job"]]].append(1.0 - SUCCESS[Result(row["result"])])
    often = [key for key in learned if len(failed[key]) >= 50]
    means = [float(np.mean(true[key])) for key in often]
    return {
        "difficulty": correlation([learned[key] for key in often], means),
        "failure": correlation([float(np.mean(failed[key])) for key in often], means),
    }


def correlation(one: list[float], other: list[float]) -> float:
    """Return Pearson's r."""
    return float(np.corrcoef(one, other)[0, 1])
