"""Commands that decide and look back: assign, decisions, replay, stale."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import click

from skillmatch.cli.common import DefaultGroup, as_json, day_option, opened, plain, print_json, time_on
from skillmatch.cli.show import many
from skillmatch.cli.show_decision import (
    report_record,
    show_assignment,
    show_decision,
    show_decisions,
    show_decisions_report,
    show_replay,
)
from skillmatch.workspace import Workspace


@click.command()
@click.argument("number", type=int)
@click.argument("workers", metavar="WORKER...", nargs=-1, required=True)
@click.option("--reason", default="", help="Why: needed where the ranking or a hard rule says otherwise.")
@click.option("--by", default="", help="Who decides.")
@click.option("--start", help="When work begins: 14:30, or 2026-06-02T14:30. Default: when all are free.")
@click.option("--locked", is_flag=True, help="No plan may change it.")
@as_json
@click.pass_obj
def assign(
    database: str,
    number: int,
    workers: tuple[str, ...],
    reason: str,
    by: str,
    start: str | None,
    locked: bool,
    json_: bool,
) -> None:
    """Choose WORKERS, the lead first, for the job of decision NUMBER, and promise them to it."""
    with opened(database) as workspace:
        begin = time_on(start, workspace.decision(number).day, workspace.zone) if start is not None else None
        done = workspace.assign(number, workers, reason=reason, by=by, start=begin, locked=locked)
        if json_:
            print_json(done)
            return
        people = {worker.id: worker for worker in workspace.workers()}
        show_assignment(done, workspace.job(done.decision.job), people, workspace.zone)


class _Decisions(DefaultGroup):
    default = "list"


@click.group(cls=_Decisions)
def decisions() -> None:
    """List the decisions that were kept, show one, or report how they turned out.

    `decisions` alone is `decisions list`, and takes its options.
    """


@decisions.command("list")
@click.option("--job", help="Only those for this job.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=20, show_default=True, help="The newest so many.")
@as_json
@click.pass_obj
def list_(database: str, job: str | None, limit: int, json_: bool) -> None:
    """List decisions, the newest first."""
    with opened(database) as workspace:
        if job is not None:
            workspace.job(job)  # a typing error is told with the nearest id
        found = workspace.decisions(job=job, limit=limit)
        names = people(workspace)
        zone = workspace.zone
    if json_:
        print_json({"decisions": found})
    else:
        show_decisions(found, names, zone)


@decisions.command("show")
@click.argument("number", type=int)
@as_json
@click.pass_obj
def show_(database: str, number: int, json_: bool) -> None:
    """Show decision NUMBER: what was on the screen, who was chosen and why."""
    with opened(database) as workspace:
        found = workspace.decision(number)
        if json_:
            print_json(found)
            return
        show_decision(found, workspace.job(found.job).job, people(workspace), workspace.zone)


@decisions.command()
@day_option("--since", help="Only decisions from this day on.")
@as_json
@click.pass_obj
def report(database: str, since: date | None, json_: bool) -> None:
    """Report how often the first was taken, and how the others turned out."""
    with opened(database) as workspace:
        begin = datetime.combine(since, time(), tzinfo=workspace.zone).astimezone(UTC) if since else None
        found = workspace.decision_report(since=begin)
    if json_:
        print_json(report_record(found))
    else:
        show_decisions_report(found, since)


@click.command()
@click.argument("number", type=int)
@as_json
@click.pass_context
def replay(ctx: click.Context, number: int, json_: bool) -> None:
    """Rank anew from the state in which decision NUMBER was made; ends with 1 when a number differs."""
    with opened(ctx.obj) as workspace:
        found = workspace.replay(number)
        names = people(workspace)
    if json_:
        print_json(found)
    else:
        show_replay(found, names)
    if not found.same:
        ctx.exit(1)


@click.command()
@click.argument("number", type=int)
@as_json
@click.pass_obj
def stale(database: str, number: int, json_: bool) -> None:
    """Say whether the ranking of decision NUMBER would be another now."""
    with opened(database) as workspace:
        found = workspace.staleness(number)
    if json_:
        print_json({**plain(found), "stale": found.stale})
        return
    standing = "stale" if found.stale else "as good as new"
    click.echo(f"decision {number} is {standing}: {many(found.writes, 'write')} since")
    for line in found.moved:
        click.echo(f"  {line}")
    if found.stale and not found.decision.chosen:
        click.echo(f"rank job {found.decision.job} anew before you decide")


def people(workspace: Workspace) -> dict[str, str]:
    """Return the names of all workers, by id."""
    return {worker.id: worker.name for worker in workspace.workers()}


COMMANDS = (assign, decisions, replay, stale)
