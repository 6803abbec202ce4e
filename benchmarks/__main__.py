"""Run the benchmarks: `python -m benchmarks [NAME] [--json FILE] [--data DIR] [--out DIR]`.

A benchmark is a folder beside this file whose `bench.py` has `run(data: Path) -> Report`. Its constant
`FILES`, if it has one, names what it reads, relative to the data folder. A `run` that also takes `out: Path | None`
writes what it found there.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import ModuleType

from rich.console import Console

import benchmarks
from benchmarks.report import Report, show


class Unusable(Exception):
    """What was asked for cannot be measured here; the message says what to do."""


def names() -> list[str]:
    """Return the names of the benchmarks, sorted."""
    return sorted(file.parent.name for path in benchmarks.__path__ for file in Path(path).glob("*/bench.py"))


def data_folder(given: Path | None) -> Path:
    """Return where the data sets are: as `given`, as SKILLMATCH_DATA says, or beside the checkout."""
    if given is not None:
        return given
    if named := os.environ.get("SKILLMATCH_DATA"):
        return Path(named)
    return Path(__file__).resolve().parents[2] / "shared" / "data"


def measure(module: ModuleType, name: str, data: Path, out: Path | None = None) -> Report:
    """Run the benchmark in `module`; `out` is passed on to one that writes what it found.

    Raises
    ------
    Unusable
        When a file that it reads is not in the folder `data`.
    """
    expected: tuple[str, ...] = getattr(module, "FILES", ())
    if missing := [file for file in expected if not (data / file).exists()]:
        raise Unusable(describe_missing(name, data, missing))
    run: Callable[..., Report] = module.run
    try:
        return run(data, out=out) if "out" in inspect.signature(run).parameters else run(data)
    except FileNotFoundError as error:
        file = Path(error.filename or "")
        if not file.is_relative_to(data):
            raise
        raise Unusable(describe_missing(name, data, [str(file.relative_to(data))])) from error


def describe_missing(name: str, data: Path, missing: Iterable[str]) -> str:
    return (
        f"{name} needs {', '.join(missing)} in the data folder {data}"
        f"{'' if data.is_dir() else ', which does not exist'}."
        " benchmarks/README.md says where to get the data; another folder can be named with --data or in the"
        " environment variable SKILLMATCH_DATA."
    )


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure speed and quality, and compare with the targets."
    )
    available = ", ".join(names()) or "none yet"
    parser.add_argument("name", nargs="?", help=f"one of: {available}; default: all of them")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to this file")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the folder with the data sets")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where roadef writes its solutions")
    return parser.parse_args(arguments)


def choose(name: str | None) -> list[str]:
    available = names()
    if name is None:
        return available
    if name not in available:
        raise Unusable(f"There is no benchmark {name!r}; choose one of: {', '.join(available)}.")
    return [name]


def main(arguments: Sequence[str]) -> int:
    """Run what `arguments` ask for; return 0, or 2 when something could not be measured."""
    options = parse(arguments)
    console = Console() if sys.stdout.isatty() else Console(width=150)
    reports: list[Report] = []
    troubles: list[str] = []
    data = data_folder(options.data)
    try:
        chosen = choose(options.name)
    except Unusable as error:
        print(error, file=sys.stderr)
        return 2
    for name in chosen:
        try:
            report = measure(importlib.import_module(f"benchmarks.{name}.bench"), name, data, options.out)
        except Unusable as error:
            troubles.append(str(error))
            continue
        show(report, console)
        reports.append(report)
    if options.json is not None and (reports or options.name is None):
        write(options.json, reports, single=options.name is not None)
    for trouble in troubles:
        print(trouble, file=sys.stderr)
    return 2 if troubles else 0


def write(file: Path, reports: Sequence[Report], *, single: bool) -> None:
    """Write the figures: an object for a single benchmark, a list of them for all."""
    figures = [report.as_json() for report in reports]
    text = json.dumps(figures[0] if single else figures, indent=2, allow_nan=False)
    file.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
