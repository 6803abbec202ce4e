"""Commands that write or check the whole: import, export, rebuild."""

from __future__ import annotations

from pathlib import Path

import click

from skillmatch.cli import show
from skillmatch.cli.common import as_json, opened, print_json, progress_bar


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--mapping",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="TOML file: which of your columns is what.",
)
@click.option("--dry-run", is_flag=True, help="Do all of it but keep nothing.")
@click.option("--skip-bad", is_flag=True, help="Take the good rows and list the bad ones, instead of stopping.")
@as_json
@click.pass_obj
def import_(database: str, path: Path, mapping: Path | None, dry_run: bool, skip_bad: bool, json_: bool) -> None:
    """Import PATH: a folder or a file of CSV, Excel or JSONL, or the publisher's folder of ESCO or O*NET."""
    with opened(database, create=True) as workspace, progress_bar(quiet=json_) as progress:
        report = workspace.import_path(path, mapping=mapping, dry_run=dry_run, skip_bad=skip_bad, progress=progress)
    if json_:
        print_json(report)
    else:
        show.show_report(report)


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--tables", is_flag=True, help="Write CSV files into the folder PATH, or sheets when it ends in .xlsx.")
@as_json
@click.pass_obj
def export(database: str, path: Path, tables: bool, json_: bool) -> None:
    """Write everything to PATH as JSONL, without loss: importing it elsewhere gives the same company."""
    with opened(database) as workspace:
        report = workspace.export_path(path, tables=tables)
    if json_:
        print_json(report)
    else:
        click.echo(f"{report.added['nouns']:,} nouns and {report.added['evidence']:,} facts written to {path}")


@click.command()
@click.option("--check", is_flag=True, help="Compare to what is stored, to the bit, and change nothing.")
@as_json
@click.pass_context
def rebuild(ctx: click.Context, check: bool, json_: bool) -> None:
    """Fold all evidence anew and store the beliefs; with --check only compare."""
    with opened(ctx.obj) as workspace:
        report = workspace.rebuild(check=check)
    if json_:
        print_json(report)
    else:
        click.echo(f"{report.workers:,} workers, {report.numbers:,} numbers: {report.differing:,} bits differ")
        for example in report.examples:
            click.echo(f"  {example}")
        if check and report.differing:
            click.echo("store the rebuilt beliefs with `skillmatch rebuild`")
    if check and report.differing:
        ctx.exit(1)


COMMANDS = (import_, export, rebuild)
