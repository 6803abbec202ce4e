"""What a benchmark hands back, and how it is shown."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

COMPARISONS = {"<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt}


@dataclass(frozen=True, slots=True)
class Row:
    """One figure.

    Parameters
    ----------
    key
        Name of the figure in files; it stays the same from release to release.
    what
        What was measured, for people.
    value
        The figure, in `unit`.
    reach
        The target, such as `<= 120` or `>= 0.9`; empty when the figure has none.
    baselines
        The same figure for simpler ways to do it, by their name.

    Raises
    ------
    ValueError
        When the value is not finite or the target cannot be read.
    """

    key: str
    what: str
    value: float
    unit: str
    reach: str = ""
    baselines: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise ValueError(f"figure {self.key!r} is {self.value}: expected a finite number")
        _ = self.reached

    @property
    def reached(self) -> bool | None:
        """Whether the value meets the target; None without a target."""
        if not self.reach:
            return None
        found = re.fullmatch(r"([<>]=?) *(-?[0-9.]+(?:e-?[0-9]+)?)", self.reach)
        if not found:
            raise ValueError(f"target of {self.key!r} is {self.reach!r}: expected one such as '<= 120'")
        comparison, limit = found.groups()
        return bool(COMPARISONS[comparison](self.value, float(limit)))


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of one benchmark, with what a reader must know to judge them."""

    name: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        keys = [row.key for row in self.rows]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            raise ValueError(f"benchmark {self.name!r} gives {', '.join(twice)} more than once")

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "figures": {row.key: float(row.value) for row in self.rows}}


def show(report: Report, console: Console) -> None:
    """Print the figures of `report` as a table, and its notes below."""
    table = Table(title=escape(report.name), title_justify="left", title_style="bold", show_lines=True)
    table.add_column("key", no_wrap=True)
    table.add_column("what")
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("target", no_wrap=True)
    table.add_column("reached")
    table.add_column("baselines")
    words = {None: "", True: "yes", False: "[bold red]no[/]"}
    for row in report.rows:
        value = f"{number(row.value)} {row.unit}".strip()
        baselines = "\n".join(f"{name}: {number(figure)}" for name, figure in row.baselines.items())
        cells = [escape(cell) for cell in (row.key, row.what, value, row.reach)]
        table.add_row(*cells, words[row.reached], escape(baselines))
    console.print(table)
    for note in report.notes:
        console.print(f"- {note}", markup=False)


def number(value: float) -> str:
    """Write `value` with four significant digits, and with all digits before the point."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
