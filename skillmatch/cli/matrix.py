"""The command for a skills matrix: what a sheet means, what is open, and taking it in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from skillmatch.cli.common import as_json, day_option, opened, plain, print_json, progress_bar
from skillmatch.cli.show import show_report
from skillmatch.cli.show_matrix import show_preview
from skillmatch.errors import Invalid
from skillmatch.importers.matrix.choices import Choices, load, read_levels, read_pairs
from skillmatch.importers.matrix.headings import LEAST
from skillmatch.importers.matrix.proposal import proposal
from skillmatch.workspace import Workspace
from skillmatch.workspace.matrices import SELF_REPORT, STATED_AS


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--sheet", help="The sheet of a workbook. Default: the one with most of your people.")
@click.option("--scale", help="The scale of the marks, such as 1-5, 0-4, stars, stars-3, crosses, A-D, percent, words.")
@click.option("--held", type=float, help="The level that a plain cross stands for. Default: 3.")
@click.option("--match", multiple=True, metavar="TEXT=SKILL", help='Which skill a column is; "TEXT=" leaves it out.')
@click.option("--person", multiple=True, metavar="TEXT=WORKER", help='Who somebody is; "TEXT=" leaves her out.')
@click.option("--mark", multiple=True, metavar="MARK=LEVEL", help='What a mark says; "MARK=" says nothing.')
@click.option(
    "--choices", type=click.Path(path_type=Path), help="A file of such choices, as --write-choices writes it."
)
@click.option("--write-choices", type=click.Path(path_type=Path), help="Write the matches into a file, to mend there.")
@click.option(
    "--least", type=click.FloatRange(0, 1), default=LEAST, show_default=True, help="How sure a match must be."
)
@click.option(
    "--as", "stated_as", type=click.Choice(STATED_AS), default=SELF_REPORT, show_default=True, help="Who says so."
)
@click.option("--by", default="", help="Who assessed, with --as assessment.")
@day_option("--on", help="The day on which the sheet was right; needed to write.")
@click.option("--apply", is_flag=True, help="Write it, instead of showing what it means.")
@click.option("--dry-run", is_flag=True, help="With --apply: do all of it but keep nothing.")
@click.option("--skip-unmatched", is_flag=True, help="Leave out columns and people without a sure match.")
@click.option("--skip-bad", is_flag=True, help="Leave out cells that cannot be read.")
@as_json
@click.pass_obj
def matrix(
    database: str,
    file: Path,
    sheet: str | None,
    scale: str | None,
    held: float | None,
    match: tuple[str, ...],
    person: tuple[str, ...],
    mark: tuple[str, ...],
    choices: Path | None,
    write_choices: Path | None,
    least: float,
    stated_as: str,
    by: str,
    on: date | None,
    apply: bool,
    dry_run: bool,
    skip_unmatched: bool,
    skip_bad: bool,
    json_: bool,
) -> None:
    """Show what FILE means, a sheet of people and skills with marks (Excel or CSV); with --apply take it in."""
    if apply and on is None:
        raise Invalid("it was not said when the sheet was right: add --on with a day, such as --on 2026-06-02")
    typed = Choices(
        read_pairs(match, "--match", "Cold rooms=refrigeration"),
        read_pairs(person, "--person", "A. Frost=anna"),
        read_levels(read_pairs(mark, "--mark", "x=3")),
        scale,
        held,
    )
    decided = typed.over(load(choices)) if choices else typed
    with opened(database) as workspace:
        if not apply or on is None:
            _show(workspace, file, decided, sheet, least, write_choices, json_)
            return
        with progress_bar(quiet=json_) as progress:
            report = workspace.import_matrix(
                file,
                on=on,
                stated_as=stated_as,
                by=by,
                choices=decided,
                sheet=sheet,
                least=least,
                skip_unmatched=skip_unmatched,
                skip_bad=skip_bad,
                dry_run=dry_run,
                progress=progress,
            )
    if json_:
        print_json(report)
    else:
        show_report(report)


def _show(
    workspace: Workspace,
    file: Path,
    choices: Choices,
    sheet: str | None,
    least: float,
    write_choices: Path | None,
    json_: bool,
) -> None:
    preview = workspace.read_matrix(file, choices=choices, sheet=sheet, least=least)
    if write_choices is not None:
        try:
            write_choices.write_text(proposal(preview, choices), encoding="utf-8")
        except OSError as error:
            raise Invalid(f"{str(write_choices)!r} cannot be written: {error.strerror}; name another file") from None
    if json_:
        print_json({**plain(preview), "ready": preview.ready, "corrections": plain(preview.corrections)})
    else:
        show_preview(preview, str(write_choices) if write_choices else None)
