"""The command `evaluate`: is the engine right on this company's own history?"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from skillmatch.cli import show
from skillmatch.cli.common import as_json, opened, print_json, progress_bar
from skillmatch.errors import Invalid
from skillmatch.gaps.evaluation import Evaluation
from skillmatch.gaps.reliability import picture
from skillmatch.gaps.replay import ENGINE, Slice
from skillmatch.matching.policy import POLICIES

NOTHING = "–"


def svg_path(_context: click.Context, _option: click.Parameter, path: Path | None) -> Path | None:
    """Refuse, before the long work begins, a path that no picture can be written to."""
    if path is not None and path.suffix.lower() != ".svg":
        raise click.BadParameter(f"{str(path)!r} does not end in .svg, the only format there is")
    if path is not None and not path.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {str(path.parent)!r}; make it first")
    return path


@click.command()
@click.option("--policy", "policies", multiple=True, type=click.Choice(sorted(POLICIES)), help="Default: all of them.")
@click.option(
    "--picture",
    "drawing",
    metavar="FILE.svg",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    callback=svg_path,
    help="Also draw predicted against observed.",
)
@as_json
@click.pass_obj
def evaluate(database: str, policies: tuple[str, ...], drawing: Path | None, json_: bool) -> None:
    """Replay the history, predict first and learn afterwards, and score the last fifth beside baselines."""
    with opened(database) as workspace, progress_bar(quiet=json_) as progress:
        found = workspace.evaluate(policies=policies or tuple(POLICIES), progress=progress)
    if json_:
        print_json(found)
    else:
        show_evaluation(found)
    if drawing is None:
        return
    if not found.reliability:
        click.echo("no picture: nothing was scored", err=True)
        return
    write_picture(found, drawing)
    click.echo(f"picture written to {drawing}", err=True)


def write_picture(found: Evaluation, path: Path) -> None:
    """Write the reliability picture, or raise Invalid when the file cannot be written."""
    text = picture(found.reliability, found.histogram, error=found.outcomes[ENGINE].ece)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Invalid(f"{path} cannot be written: {error.strerror}; name another file with --picture") from error


def show_evaluation(found: Evaluation) -> None:
    """Print both protocols as tables."""
    out = show.console()
    if not found.outcomes:
        out.print("there are fewer than 10 finished jobs: nothing can be scored yet")
        return
    out.print("[bold]A. Will it succeed?[/] The last fifth of all outcomes, each predicted before seen")
    for name, part in found.slices.items():
        show_slice(out, name, part, list(found.outcomes))
    if found.rankings:
        count = next(iter(found.rankings.values())).count
        out.print(f"\n[bold]B. Who will do it?[/] The last {count:,} jobs")
        columns = {"top 1": "top1", "top 3": "top3", "top 5": "top5", "top 10": "top10", "MRR": "mrr"}
        show_scores(out, list(found.rankings), found.rankings, columns)
    out.print(f"[dim]base rate and difficulties learned from {found.trained_on:,} outcomes before these[/]")


def show_slice(out: Console, name: str, part: Slice, predictors: list[str]) -> None:
    """Print one part of the scored outcomes; dashes where there is too little."""
    succeeded = f", {part.successes / part.count:.0%} succeeded" if part.count else ""
    out.print(f"\n[bold]{name}[/]: {part.count:,} outcomes{succeeded}")
    columns = {"AUC": "auc", "log-loss": "log_loss", "Brier": "brier", "calibration error": "ece"}
    show_scores(out, predictors, part.scores, columns)
    held = part.coverage
    if held is None:
        out.print(f" 80 % interval: {NOTHING} (too few were followed by more of the same work)")
        return
    out.print(
        f" 80 % interval: held in {held.share:.1%} of {held.count:,}, without width in {held.without:.1%}; "
        f"width {held.width:.0%}"
    )


def show_scores(out: Console, names: list[str], scores: Mapping[str, Any], columns: Mapping[str, str]) -> None:
    """Print a row of figures for each name, dashes where there is no score; `columns` maps headings to fields."""
    table = Table(box=None)
    for heading in ("", *columns):
        table.add_column(heading, justify="right" if heading else "left")
    for name in names:
        score = scores.get(name)
        figures = (figure(getattr(score, field, float("nan"))) for field in columns.values())
        table.add_row(name, *figures)
    out.print(table)


def figure(value: float) -> str:
    """Return a score with four digits, a dash when there is none.

    >>> figure(0.75), figure(float("nan"))
    ('0.7500', '–')
    """
    return f"{value:.4f}" if isfinite(value) else NOTHING
