"""The belief filter beside the libraries somebody would take otherwise: accuracy and events per second.

Everybody sees the same outcomes in the same order, and predicts each before learning from it, on one core.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.beliefs.measuring import Measured, measure
from benchmarks.beliefs.predictor import Predictor, Skillmatch
from benchmarks.histories import ASSISTMENTS_FILES, ECLIPSE_FILES, Split, assistments, eclipse
from benchmarks.report import Report, Row

FILES = (*ECLIPSE_FILES, *ASSISTMENTS_FILES)
HISTORIES: Mapping[str, Callable[[Path], Split]] = {"eclipse": eclipse, "assistments": assistments}
OURS = Skillmatch.name
PREDICTORS = {
    OURS: ("benchmarks.beliefs.predictor", "Skillmatch"),
    "pyBKT": ("benchmarks.beliefs.bkt", "BayesianKnowledgeTracing"),
    "river": ("benchmarks.beliefs.libraries", "River"),
    "openskill": ("benchmarks.beliefs.libraries", "OpenSkill"),
    "scikit-learn": ("benchmarks.beliefs.regression", "CountedRegression"),
}
"""Where ours and each library is used: module and class."""
EVERY = {"river": 4}
"""Of new workers, only each n-th: river learns jobs and workers together and has to be copied for each new worker."""

Table = dict[str, dict[str, Measured]]
"""By history and by name of the predictor."""


def run(data: Path) -> Report:
    """Return the figures; the data folder holds `eclipse/` and `assistments09/`."""
    present, missing = installed()
    table: Table = {}
    for history, load in HISTORIES.items():
        split = load(data)
        table[history] = {}
        for name in (OURS, *present):
            print(f"{history}: {name} ...", file=sys.stderr, flush=True)
            table[history][name] = measure(make(name), split, every=EVERY.get(name, 1))
    rows = [row for history, found in table.items() for row in rows_of(history, found)]
    notes = [
        "versions: " + ", ".join(f"{library} {version(library)}" for library in present),
        "events_per_second: predicted and learned from one by one, in processor seconds on one core; where the "
        "workers are new (assistments), no library may learn jobs from other test workers",
        "river: of the test workers of assistments every 4th, because it has to be copied for each; its learning rate "
        "was chosen on the train parts",
        "pyBKT: fitted on some 100 rows in each of the 150 most frequent skills, because its EM is slow; in other "
        "skills it predicts the average",
        *(f"{library} is not installed: run `python3 dev.py bench beliefs`" for library in missing),
    ]
    if plot := draw(table):
        notes.append(f"plot: {plot}")
    return Report("beliefs", tuple(rows), tuple(notes))


def installed() -> tuple[list[str], list[str]]:
    """Return the libraries beside ours that are here, and those that are not."""
    present, missing = [], []
    for library in [name for name in PREDICTORS if name != OURS]:
        try:
            version(library)
        except PackageNotFoundError:
            missing.append(library)
        else:
            present.append(library)
    return present, missing


def make(name: str) -> Predictor:
    """Return a predictor that has learned nothing yet; its library is imported only now."""
    module, kind = PREDICTORS[name]
    predictor: Predictor = getattr(importlib.import_module(module), kind)()
    return predictor


def rows_of(history: str, found: Mapping[str, Measured]) -> list[Row]:
    """Return our figures on one history, everybody else's beside them."""

    def row(key: str, what: str, figure: Callable[[Measured], float], unit: str = "") -> Row:
        others = {name: figure(measured) for name, measured in found.items() if name != OURS}
        return Row(f"{history}_{key}", f"{history}: {what}", figure(found[OURS]), unit, "", others)

    return [
        row("auc", "tells successes from failures", lambda measured: measured.score.auc),
        row("log_loss", "logarithmic loss of the chances", lambda measured: measured.score.log_loss),
        row("ece", "calibration error", lambda measured: measured.score.ece),
        row("events_per_second", "predict, then learn", lambda measured: measured.rate, "/s"),
        row("fit_seconds", "learning beforehand", lambda measured: measured.fit_seconds, "s"),
        row("count", "outcomes scored", lambda measured: float(measured.score.count)),
    ]


def draw(table: Table) -> Path | None:
    """Write log-loss against events per second to the folder for temporary files; None without matplotlib."""
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        return None
    figure = Figure(figsize=(10, 4), layout="constrained")
    for place, (history, found) in enumerate(table.items()):
        axes = figure.add_subplot(1, len(table), place + 1, xscale="log", title=history)
        axes.set(xlabel="events per second", ylabel="log-loss (lower is better)")
        axes.margins(x=0.25, y=0.15)
        for name, measured in found.items():
            axes.scatter(measured.rate, measured.score.log_loss, color="tab:red" if name == OURS else "tab:blue")
            axes.annotate(name, (measured.rate, measured.score.log_loss), (5, 5), textcoords="offset points")
    file = Path(tempfile.gettempdir()) / "skillmatch-beliefs.svg"
    figure.savefig(file)
    return file
