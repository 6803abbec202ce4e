"""Beliefs against the truth of the sample company: right on average, honest about their uncertainty.

Needs no data but what it generates. The generator knows each worker's true level in each skill and how hard each job
was; the engine sees only what a company would see.
"""

from __future__ import annotations

import csv
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from benchmarks.report import Report, Row
from skillmatch.beliefs.encoding import level_offset, shares
from skillmatch.beliefs.evidence import SelfReport
from skillmatch.beliefs.histories import encode, replay
from skillmatch.beliefs.observation import SUCCESS, Demand, Rater, Result
from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.regression import trials_of
from skillmatch.beliefs.table import Floats
from skillmatch.demo import write_company
from skillmatch.gaps.metrics import OutcomeScore, score_outcomes
from skillmatch.model import skill_needs
from skillmatch.workspace import Workspace

TODAY = date(2026, 6, 1)
SEEDS = (1, 2, 3)
ENOUGH = 5
"""Pieces of evidence from which on a pair of worker and skill is compared to the truth."""
TRUST = 0.95
"""How far somebody who takes self-reports at face value moves toward the first one."""
FIRST_DAYS = 60.0

Pair = tuple[str, str]


def run(data: Path) -> Report:
    """Return the figures, means over three companies; `data` is not read."""
    found = [measure(seed) for seed in SEEDS]
    mean = {key: float(np.mean([figures[key] for figures in found])) for key in found[0]}
    rows = (
        Row("level_rank_corr", f"believed against true level, pairs with {ENOUGH} pieces of evidence", mean["rank"],
            "", ">= 0.80",
            {"success rate per worker and skill": mean["rank_rate"], "evidence counted": mean["rank_count"]}),
        Row("interval_coverage", "share of true levels inside the 80 % interval", mean["coverage"], "", ">= 0.77"),
        Row("level_error", "root mean square error", mean["error"], "levels", "",
            {"everybody at the mean": mean["spread"]}),
        Row("level_bias", "believed less true level, mean", mean["bias"], "levels"),
        Row("pairs", "pairs compared", mean["pairs"], ""),
        Row("reported_rank_corr", "the same, pairs with a self-report", mean["reported"], "", "",
            {"self-report": mean["self"]}),
        Row("auc_weighed", "all outcomes, self-reports weighed", mean["auc_weighed"], "", "",
            {"at face value": mean["auc_face_value"], "no self-reports": mean["auc_none"]}),
        Row("auc_face_value", "self-reports believed at face value", mean["auc_face_value"], ""),
        Row("ece_weighed", "calibration error, self-reports weighed", mean["ece_weighed"], "", "",
            {"at face value": mean["ece_face_value"], "no self-reports": mean["ece_none"]}),
        Row("ece_face_value", "self-reports believed at face value", mean["ece_face_value"], ""),
        Row("auc_first_days", f"a worker's first {FIRST_DAYS:.0f} days, weighed", mean["first_weighed"], "", "",
            {"at face value": mean["first_face_value"], "no self-reports": mean["first_none"]}),
        Row("difficulty_correlation", "learned against true difficulty of job types", mean["difficulty"], "", "",
            {"failure rate": mean["failure"]}),
        Row("import_seconds", "import of 30,000 outcomes, beliefs included", mean["seconds"], "s"),
    )  # fmt: skip
    return Report("company", rows, (f"means over {len(SEEDS)} generated companies, seeds {SEEDS}",))


@dataclass(frozen=True, slots=True)
class Believed:
    """What is believed of the pairs with enough evidence, and what is true; arrays (n,) in levels."""

    level: Floats
    low: Floats
    high: Floats
    true: Floats
    rate: Floats
    count: Floats


def measure(seed: int) -> dict[str, float]:
    """Generate one company, import it, and compare what is believed to what is true."""
    with tempfile.TemporaryDirectory(prefix="skillmatch-company-") as name:
        folder = Path(name)
        write_company(folder / "tables", seed=seed, today=TODAY)
        truth = read(folder / "tables" / "truth" / "levels.csv")
        levels = {(row["worker"], row["skill"]): float(row["level"]) for row in truth}
        clock = datetime(TODAY.year, TODAY.month, TODAY.day, 7, tzinfo=UTC)
        with Workspace.open(str(folder / "company.db"), clock=lambda: clock) as workspace:
            started = time.perf_counter()
            workspace.import_path(folder / "tables")
            seconds = time.perf_counter() - started
            began = {worker.id: worker.active_from for worker in workspace.workers()}
            return {
                **compare_levels(workspace, levels),
                **compare_reports(workspace, began),
                **compare_difficulties(folder / "tables", learned_difficulties(workspace, folder / "tables")),
                "seconds": seconds,
            }


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def compare_levels(workspace: Workspace, truth: Mapping[Pair, float]) -> dict[str, float]:
    """Return rank correlations, error and coverage over the pairs that have enough evidence."""
    rows, stated = [], []
    for worker in workspace.workers():
        profile = workspace.profile(worker.id)
        pieces = Counter(skill for fact in profile.evidence for skill in fact.skills())
        tried: defaultdict[str, list[float]] = defaultdict(list)
        said: dict[str, float] = {}
        for fact in profile.evidence:
            if fact.KIND == "job_outcome":
                for skill in fact.skills():
                    tried[skill].append(SUCCESS[fact.result])  # type: ignore[attr-defined]
            elif isinstance(fact, SelfReport):
                said[fact.skill] = fact.level
        for row in profile.skills:
            skill, level = row.skill.id, row.proficiency
            if pieces[skill] >= ENOUGH:
                rate = float(np.mean(tried[skill])) if tried[skill] else 0.5
                rows.append((level.level, level.low, level.high, truth[worker.id, skill], rate, float(pieces[skill])))
            if skill in said:
                stated.append((level.level, said[skill], truth[worker.id, skill]))
    found = Believed(*np.array(rows).T)
    reported = np.array(stated).T
    error = found.level - found.true
    return {
        "rank": rank_correlation(found.level, found.true),
        "rank_rate": rank_correlation(found.rate, found.true),
        "rank_count": rank_correlation(found.count, found.true),
        "coverage": float(np.mean((found.low <= found.true) & (found.true <= found.high))),
        "error": float(np.sqrt(np.mean(error**2))),
        "bias": float(np.mean(error)),
        "spread": float(np.std(found.true)),
        "pairs": float(len(error)),
        "reported": rank_correlation(reported[0], reported[2]),
        "self": rank_correlation(reported[1], reported[2]),
    }


def compare_reports(workspace: Workspace, began: Mapping[str, date | None]) -> dict[str, float]:
    """Return how well outcomes are predicted with self-reports weighed, believed at face value, and left out."""
    params = workspace.params()
    histories = {worker.id: workspace.profile(worker.id).evidence for worker in workspace.workers()}
    blind = {
        worker: tuple(fact for fact in facts if not isinstance(fact, SelfReport)) for worker, facts in histories.items()
    }
    found: dict[str, float] = {}
    for name, tried, told in (
        ("weighed", params, histories),
        ("face_value", at_face_value(params), histories),
        ("none", params, blind),
    ):
        score, first = predicted(told, tried, began)
        found[f"auc_{name}"], found[f"ece_{name}"], found[f"first_{name}"] = score.auc, score.ece, first.auc
    return found


def at_face_value(params: BeliefParams) -> BeliefParams:
    """Return the parameters of somebody who takes a self-report for the level itself."""
    var = params.general_var + params.family_var + params.learned_var + params.skill_var
    return replace(
        params,
        rater_slope={**params.rater_slope, Rater.SELF: 1.0},
        rater_bias={**params.rater_bias, Rater.SELF: 0.0},
        rater_noise={**params.rater_noise, Rater.SELF: var * (1.0 - TRUST) / TRUST},
        self_habit=0.0,
    )


def predicted(
    histories: Mapping[str, tuple[object, ...]], params: BeliefParams, began: Mapping[str, date | None]
) -> tuple[OutcomeScore, OutcomeScore]:
    """Return the scores of all outcomes, each predicted before it was learned from, and of workers' first days."""
    encoded = encode(histories, params)  # type: ignore[arg-type]
    _state, expected = replay(encoded, params)
    trials = trials_of(encoded, expected, params)
    chance = 1.0 / (1.0 + np.exp(-(params.slope * (trials.shrink * trials.mean) + params.shift)))
    worker = np.asarray(encoded.events.worker)[trials.event]
    start = np.array([_day(began.get(name)) for name in encoded.encoder.workers])
    early = np.asarray(encoded.events.day)[trials.event] - start[worker] <= FIRST_DAYS
    return score_outcomes(trials.success, chance), score_outcomes(trials.success[early], chance[early])


def _day(day: date | None) -> float:
    return float((day - date(1970, 1, 1)).days) if day else -1e9


def learned_difficulties(workspace: Workspace, folder: Path) -> dict[str, float]:
    """Return how hard each job type is believed to be: what was learned beyond its levels, and the levels."""
    params = workspace.params()
    found: dict[str, float] = {}
    for row in read(folder / "jobs.csv"):
        if row["type"] in found or row["requirements"]:
            continue
        demands = [Demand(need.skill, need.level, need.weight) for need in skill_needs(workspace.job(row["id"]).needs)]
        parts = shares(demands)
        hard = sum(part * params.skill(demand.skill).difficulty for part, demand in zip(parts, demands, strict=True))
        found[row["type"]] = (params.difficulty(row["type"]).mean + hard) + level_offset(demands, parts, params)
    return found


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
    means = np.array([float(np.mean(true[key])) for key in often])
    return {
        "difficulty": correlation(np.array([learned[key] for key in often]), means),
        "failure": correlation(np.array([float(np.mean(failed[key])) for key in often]), means),
    }


def correlation(one: Floats, other: Floats) -> float:
    """Return Pearson's r."""
    return float(np.corrcoef(one, other)[0, 1])


def rank_correlation(one: Floats, other: Floats) -> float:
    """Return Spearman's rank correlation; equal values share their mean rank."""
    return correlation(_ranks(one), _ranks(other))


def _ranks(values: Floats) -> Floats:
    _unique, place, count = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(count)
    return np.asarray((ends - (count - 1) / 2.0)[place])
