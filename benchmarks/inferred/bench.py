"""Skills that are proposed to workers without evidence, against what they truly can do in the sample company.

Needs no data but what it generates. A proposal is right when the true level is at least 2, "with help": from there on
somebody can be sent along. Beside it the same share of all pairs that could have been proposed (workers who are here,
skills that jobs draw on, no evidence), and of as many proposals by simpler ways for the same workers.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from benchmarks.company.bench import Pair, read
from benchmarks.report import Report, Row
from skillmatch.demo import write_company
from skillmatch.matching.inferred import LEAST_DEMAND, jobs_with
from skillmatch.workspace import Workspace
from skillmatch.workspace.resident import Resident

TODAY = date(2026, 6, 1)
SEEDS = (1, 2, 3)
RIGHT = 2.0


def run(data: Path) -> Report:
    """Return the figures, means over three companies; `data` is not read."""
    found = [measure(seed) for seed in SEEDS]
    mean = {key: float(np.mean([figures[key] for figures in found])) for key in found[0]}
    baselines = {
        "all pairs that could be": mean["all"],
        "most asked for": mean["demand"],
        "what most others have": mean["common"],
        "drawn by lot": mean["lot"],
    }
    rows = (
        Row("proposals_right", "share of proposals whose true level is 2 or more", mean["right"], "", ">= 0.4",
            baselines),
        Row("proposals_level", "mean true level of what is proposed", mean["level"], "levels", "",
            {"all pairs that could be": mean["all_level"]}),
        Row("proposals", "proposals", mean["count"], ""),
        Row("workers_asked", "workers with a proposal", mean["workers"], ""),
    )  # fmt: skip
    return Report("inferred", rows, (f"means over {len(SEEDS)} generated companies, seeds {SEEDS}",))


def measure(seed: int) -> dict[str, float]:
    """Generate one company, import it, and compare what is proposed to what is true."""
    with tempfile.TemporaryDirectory(prefix="skillmatch-inferred-") as name:
        folder = Path(name)
        write_company(folder / "tables", seed=seed, today=TODAY)
        truth = {
            (row["worker"], row["skill"]): float(row["level"])
            for row in read(folder / "tables" / "truth" / "levels.csv")
        }
        clock = datetime(TODAY.year, TODAY.month, TODAY.day, 7, tzinfo=UTC)
        with Workspace.open(str(folder / "company.db"), clock=lambda: clock) as workspace:
            workspace.import_path(folder / "tables")
            with workspace._store.read() as transaction:
                resident = workspace._fresh(transaction)
            return compare(workspace, resident, truth, np.random.default_rng(seed))


def compare(
    workspace: Workspace, resident: Resident, truth: Mapping[Pair, float], rng: np.random.Generator
) -> dict[str, float]:
    """Return how many proposals are right, and what simpler ways come to."""
    table = resident.table
    jobs = {skill: jobs_with(table, skill) for skill in resident.graph.skills}
    demanded = sorted(skill for skill, count in jobs.items() if count >= LEAST_DEMAND)
    practised = {skill: len(table.rows(skill)) for skill in demanded}
    here = [worker.id for worker in workspace.workers() if worker.active_on(TODAY)]
    proposed: list[Pair] = []
    others: dict[str, list[Pair]] = {"demand": [], "common": [], "lot": []}
    every: list[Pair] = []
    for worker in here:
        known = set(table.skills_of(worker))
        free = [skill for skill in demanded if skill not in known]
        every += [(worker, skill) for skill in free]
        own = [one.skill for one in workspace.development.inferred(worker)]
        proposed += [(worker, skill) for skill in own]
        lot = [free[place] for place in rng.permutation(len(free))]
        for way, ordered in (
            ("demand", _by(free, jobs.__getitem__)),
            ("common", _by(free, practised.__getitem__)),
            ("lot", lot),
        ):
            others[way] += [(worker, skill) for skill in ordered[: len(own)]]
    return {
        "right": _right(proposed, truth),
        "all": _right(every, truth),
        **{way: _right(pairs, truth) for way, pairs in others.items()},
        "level": float(np.mean([truth[pair] for pair in proposed])),
        "all_level": float(np.mean([truth[pair] for pair in every])),
        "count": float(len(proposed)),
        "workers": float(len({worker for worker, _skill in proposed})),
    }


def _by(skills: Sequence[str], worth: Callable[[str], float]) -> list[str]:
    return sorted(skills, key=lambda skill: (-worth(skill), skill))


def _right(pairs: Sequence[Pair], truth: Mapping[Pair, float]) -> float:
    return float(np.mean([truth[pair] >= RIGHT for pair in pairs]))
