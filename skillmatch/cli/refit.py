"""The command `refit`: learns the parameters anew, and lists, compares and brings back their versions."""

from __future__ import annotations

from collections.abc import Mapping

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from skillmatch.cli import show
from skillmatch.cli.common import as_json, opened, plain, print_json, progress_bar
from skillmatch.cli.evaluate import NOTHING, figure
from skillmatch.workspace import Comparison, Refit, Version

SCORES = {"AUC": "auc", "log-loss": "log_loss", "calibration error": "ece"}
"""Headings and the names under which parameters keep these scores."""


@click.command()
@click.option("--list", "list_", is_flag=True, help="List all versions of the parameters with their scores.")
@click.option("--compare", type=int, nargs=2, metavar="A B", help="Show two versions side by side and what differs.")
@click.option("--use", type=int, metavar="VERSION", help="Put an earlier version in force again, under a new number.")
@as_json
@click.pass_context
def refit(ctx: click.Context, list_: bool, compare: tuple[int, int] | None, use: int | None, json_: bool) -> None:
    """Learn the parameters anew from all outcomes; they come into force only when they pass every check."""
    asked = {"--list": list_, "--compare": compare is not None, "--use": use is not None}
    if len(given := [name for name, is_given in asked.items() if is_given]) > 1:
        raise click.UsageError(f"{' and '.join(given)} exclude each other: give one of them", ctx)
    if list_:
        list_versions(ctx.obj, json_=json_)
    elif compare is not None:
        compare_versions(ctx.obj, *compare, json_=json_)
    elif use is not None:
        use_version(ctx.obj, use, json_=json_)
    elif not learn_anew(ctx.obj, json_=json_):
        ctx.exit(1)


def learn_anew(database: str, *, json_: bool) -> bool:
    """Refit and tell what came of it; return False when a check refused the new parameters."""
    with opened(database) as workspace, progress_bar(quiet=json_) as progress:
        found = workspace.refit(progress=progress)
    if json_:
        told = {name: value for name, value in plain(found).items() if name != "params"}
        checks = [{**plain(check), "passed": check.passed} for check in found.checks]
        print_json({"version": found.params.version, **told, "checks": checks})
    else:
        show_refit(found)
    return not found.failed


def list_versions(database: str, *, json_: bool) -> None:
    """Tell all versions of the parameters, the newest first."""
    with opened(database) as workspace:
        versions = workspace.params_versions()
    if json_:
        print_json({"versions": versions})
    else:
        show_versions(versions)


def compare_versions(database: str, a: int, b: int, *, json_: bool) -> None:
    """Tell the scores of two versions and what differs between them."""
    with opened(database) as workspace:
        found = workspace.compare_params(a, b)
    if json_:
        print_json(found)
    else:
        show_comparison(found)


def use_version(database: str, version: int, *, json_: bool) -> None:
    """Put an earlier version in force again and say under which number."""
    with opened(database) as workspace:
        now = workspace.use_params(version).version
    if json_:
        print_json({"used": version, "version": now, "changed": now != version})
    elif now == version:
        click.echo(f"version {version} is in force already: nothing was changed")
    else:
        click.echo(f"version {version} is in force again, under the number {now}; all beliefs were rebuilt under it")


def show_refit(found: Refit) -> None:
    """Print what was learned, how it was judged, and what is in force now."""
    out = show.console()
    version = found.params.version
    if not found.learned:
        out.print(escape(found.note))
        out.print(f"version {version} stays in force: nothing was changed")
        _show_signs(out, found)
        return
    out.print(f"learned: {escape(found.learned)}")
    show_checks(out, found)
    if found.adopted:
        people = f"{found.workers:,} worker{'' if found.workers == 1 else 's'}"
        out.print(f"version {version} is in force; beliefs of {people} were rebuilt under it")
    else:
        failed = ", ".join(check.name for check in found.failed)
        out.print(f"[red]refused[/]: version {version} stays in force, nothing was changed; failed: {escape(failed)}")
    _show_signs(out, found)


def _show_signs(out: Console, found: Refit) -> None:
    if found.signs:
        out.print(escape(found.signs if found.signs[0].isdigit() else f"learned: {found.signs}"))


def show_checks(out: Console, found: Refit) -> None:
    """Print each check, and the scores of the new parameters beside those they were to replace."""
    if not found.checks:
        out.print("too few outcomes to hold workers out: how good it is was not measured")
        return
    count = int(found.scores["held_out"])
    out.print(f"judged on {count:,} outcomes of workers from whom nothing was learned:")
    for check in found.checks:
        word = "[green]passed[/]" if check.passed else "[red]failed[/]"
        out.print(f"  {word}  {escape(check.describe())}")
    table = _table("", *SCORES)
    table.add_row("new", *_figures(found.scores))
    table.add_row("in force until now" if found.adopted else "in force", *_figures(found.scores, "before_"))
    out.print(table)


def show_versions(versions: tuple[Version, ...]) -> None:
    """Print a row for each version."""
    table = _table("version", "", "made (UTC)", "outcomes", *SCORES, "note")
    for one in versions:
        made = f"{one.made:%Y-%m-%d %H:%M}" if one.made else NOTHING
        outcomes = f"{one.fitted_on:,}" if one.fitted_on else NOTHING
        standing = "in force" if one.in_force else ""
        table.add_row(str(one.version), standing, made, outcomes, *_figures(one.scores), escape(one.note))
    show.console().print(table)


def show_comparison(found: Comparison) -> None:
    """Print two versions side by side: where they are from, their scores, and the numbers that differ."""
    out, pair = show.console(), (found.a, found.b)
    table = _table("", *(f"version {one.version}" for one in pair))
    table.add_row("", *("in force" if one.in_force else "" for one in pair))
    table.add_row("outcomes", *(f"{one.fitted_on:,}" if one.fitted_on else NOTHING for one in pair))
    for heading, name in SCORES.items():
        table.add_row(heading, *(figure(one.scores.get(name, float("nan"))) for one in pair))
    table.add_section()
    for row in found.differences:
        table.add_row(escape(row.name), f"{row.a:.6g}", f"{row.b:.6g}")
    out.print(table)
    if not found.differences:
        out.print("nothing differs")
    elif any(row.a == row.b for row in found.differences):
        out.print("[dim]where there are as many entries in both, their values differ[/]")


def _figures(scores: Mapping[str, float], prefix: str = "") -> list[str]:
    return [figure(scores.get(prefix + name, float("nan"))) for name in SCORES.values()]


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    words = {"", "note", "made (UTC)"}
    for heading in headings:
        table.add_column(heading, justify="left" if heading in words else "right")
    return table
