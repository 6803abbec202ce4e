"""What each part of the model is worth: fitted and scored without it, each outcome predicted before it is learned.

Prints the table of docs/model.md, section 2. It is the estimator that ships which is measured; nothing is imitated.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.histories import ASSISTMENTS_FILES, ECLIPSE_FILES
from benchmarks.model.measuring import History, Measured, assistments, company, eclipse, predict
from benchmarks.model.variants import FULL, OF_COMPANIES, VARIANTS, Variant
from benchmarks.report import Report, Row
from skillmatch.beliefs.params import BeliefParams

FILES = (*ECLIPSE_FILES, *ASSISTMENTS_FILES)
SEED = 1
"""Of the generated company."""
TITLES = {"assistments": "ASSISTments 09", "eclipse": "Eclipse", "company": "sample company"}
COLUMNS = ("AUC", "log-loss", "ECE", "first use")
"""Of the table; the last is the AUC at first uses of a skill."""

Table = Mapping[str, Mapping[str, Measured]]
"""What was measured, by history and by name of the variant."""


def run(data: Path) -> Report:
    """Return the figures; the data folder holds `eclipse/` and `assistments09/`."""
    started = time.process_time()
    table: Table = {
        "assistments": measure("assistments", assistments(data), VARIANTS),
        "eclipse": measure("eclipse", eclipse(data), VARIANTS),
        "company": measure("company", company(SEED), OF_COMPANIES),
    }
    rows = [row for history, found in table.items() for row in rows_of(history, found)]
    rows.append(Row("seconds", "all of it, in processor seconds on one core", time.process_time() - started, "s"))
    notes = (
        "the figure is that of everything, the baselines are the same fitted and scored without something",
        "first use: of outcomes of workers who had never done work with one of the skills",
        f"company: a generated one (seed {SEED}), its last fifth; too little of that is a first use to say anything",
        *(f"{history}: {describe_doubt(found)}" for history, found in table.items()),
        "the table of docs/model.md:\n" + markdown(table),
    )
    return Report("model", tuple(rows), notes)


def measure(history: str, facts: History, variants: Sequence[Variant]) -> dict[str, Measured]:
    """Return what was measured of each variant, by its name; each is fitted anew, unless only calibration is left out.

    The first of the variants must be `FULL`.
    """
    found: dict[str, Measured] = {}
    full = BeliefParams()
    for variant in variants:
        print(f"{history}: {variant.name} ...", file=sys.stderr, flush=True)
        params = variant.learn(facts.train, facts.start) if variant.calibrated else variant.finish(full)
        full = params if variant is FULL else full
        found[variant.name] = predict(facts, params, variant)
    return found


def rows_of(history: str, found: Mapping[str, Measured]) -> list[Row]:
    """Return the figures on one history, those of everything with the others beside them."""

    def row(key: str, what: str, figure: Callable[[Measured], float]) -> Row:
        others = {name: figure(measured) for name, measured in found.items() if name != FULL.name}
        return Row(f"{history}_{key}", f"{history}: {what}", figure(found[FULL.name]), "", "", others)

    rows = [
        row("log_loss", "logarithmic loss of the chances", lambda measured: measured.score().log_loss),
        row("auc", "tells successes from failures", lambda measured: measured.score().auc),
        row("ece", "calibration error", lambda measured: measured.score().ece),
    ]
    if history != "company":
        rows.append(row("first_auc", "AUC at the first use of a skill", lambda one: one.score_first_use().auc))
        rows.append(row("first_log_loss", "log-loss at the same", lambda one: one.score_first_use().log_loss))
    return rows


def describe_doubt(found: Mapping[str, Measured]) -> str:
    """Return how far each log-loss is from that of everything, and the standard error of that, in thousandths."""
    full = found[FULL.name]
    parts = []
    for name, measured in found.items():
        if name != FULL.name:
            worse = measured.score().log_loss - full.score().log_loss
            parts.append(f"{name} {1e3 * worse:+.1f} ({1e3 * measured.doubt(full):.1f})")
    return "log-loss worse by thousandths (standard error, by worker): " + "; ".join(parts)


def markdown(table: Table) -> str:
    """Return the table of docs/model.md: what was measured of every variant on every history, `-` where nothing was."""
    names = list(dict.fromkeys(name for found in table.values() for name in found))
    columns = [[*COLUMNS[:3], *([] if history == "company" else COLUMNS[3:])] for history in table]
    titles = [TITLES[history] + " |" * len(own) for history, own in zip(table, columns, strict=True)]
    lines = [
        "| | " + " ".join(titles),
        "|---|" + "---|" * sum(map(len, columns)),
        "| | " + " | ".join(column for own in columns for column in own) + " |",
    ]
    for name in names:
        cells = [
            cell
            for found, own in zip(table.values(), columns, strict=True)
            for cell in (figures(found[name])[: len(own)] if name in found else ["-"] * len(own))
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def figures(measured: Measured) -> list[str]:
    """Return the cells under COLUMNS."""
    score = measured.score()
    values = (score.auc, score.log_loss, score.ece, measured.score_first_use().auc)
    return [f"{value:.4f}".removeprefix("0") for value in values]
