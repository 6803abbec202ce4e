"""`skillmatch dispute`: what workers say is wrong, what that changes, and what is decided about it."""

from __future__ import annotations

import click
from rich.markup import escape

from skillmatch.cli import show
from skillmatch.cli.common import DefaultGroup, as_json, harmless, opened, plain, print_json
from skillmatch.workspace import Disputed, DisputePage, DisputeState, DisputeStep, Verdict

SOURCE = "disputes"
STATES = [state.value for state in DisputeState]
source_option = click.option("--source", default=SOURCE, show_default=True, help="Where the dispute comes from.")


class _Disputes(DefaultGroup):
    default = "list"


@click.group(cls=_Disputes)
def dispute() -> None:
    """Say that a fact about a worker is wrong, decide about it, and see what that changes."""


@dispute.command("list")
@click.option("--state", type=click.Choice(STATES), help="Only those that are so far.")
@click.option("--worker", help="Only those of this worker.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many.")
@as_json
@click.pass_obj
def list_(database: str, state: str | None, worker: str | None, limit: int, json_: bool) -> None:
    """List disputes: the open ones first, with what hangs on them."""
    with opened(database) as workspace:
        states = None if state is None else [DisputeState(state)]
        among = None if worker is None else [worker]
        page = workspace.disputes.page(states=states, among=among, limit=limit, worlds=True)
        names = workspace.names()
    if json_:
        print_json({"total": page.total, "disputes": [_as_dict(row) for row in page.rows]})
    else:
        _show(page, names)


@dispute.command("open")
@click.argument("worker")
@click.argument("id")
@click.option("--source", default="typed in", show_default=True, help="Where the disputed fact comes from.")
@click.option("--reason", required=True, help="What is wrong with it.")
@as_json
@click.pass_obj
def open_(database: str, worker: str, id: str, source: str, reason: str, json_: bool) -> None:
    """Record that WORKER says that the fact with this ID about her is wrong."""
    with opened(database) as workspace:
        step = workspace.disputes.open(worker, (source, id), reason=reason)
        names = workspace.names()
    _tell(step, names, "disputed" if step.status == "added" else "disputed already: nothing was changed", json_=json_)


@dispute.command()
@click.argument("id")
@source_option
@as_json
@click.pass_obj
def withdraw(database: str, id: str, source: str, json_: bool) -> None:
    """Take the open dispute ID back."""
    with opened(database) as workspace:
        step = workspace.disputes.withdraw((source, id))
        names = workspace.names()
    _tell(step, names, "withdrawn" if step.status == "added" else "withdrawn already", json_=json_)


@dispute.command()
@click.argument("id")
@click.argument("verdict", type=click.Choice([*(verdict.value for verdict in Verdict), "reopen"]))
@click.option("--reason", default="", help="Why; needed but to reopen.")
@click.option("--by", default="", help="Who decides; needed but to reopen.")
@source_option
@as_json
@click.pass_obj
def decide(database: str, id: str, verdict: str, reason: str, by: str, source: str, json_: bool) -> None:
    """Decide about dispute ID: the fact is wrong (upheld) or stands (rejected); reopen takes a decision back."""
    with opened(database) as workspace:
        if verdict == "reopen":
            step = workspace.disputes.reopen((source, id))
        else:
            step = workspace.disputes.decide((source, id), Verdict(verdict), reason=reason, decided_by=by)
        names = workspace.names()
    said = "open again" if verdict == "reopen" else verdict
    _tell(step, names, said if step.status == "added" else f"{said} already: nothing was changed", json_=json_)


def _tell(step: DisputeStep, names: dict[str, str], said: str, *, json_: bool) -> None:
    if json_:
        print_json({"status": step.status, "dispute": _as_dict(step.disputed), "changes": plain(step.changes)})
        return
    out, row = show.console(), step.disputed
    out.print(f"{escape(harmless(row.fact.describe()))}: [bold]{said}[/]")
    out.print(f"dispute {escape(harmless(row.case.dispute.id))}, {_counting(row)}")
    for change in step.changes:
        name = escape(harmless(names.get(change.skill, change.skill)))
        out.print(f"  {name}: {show.level_text(change.before)} -> {show.level_text(change.after)}")


def _show(page: DisputePage, names: dict[str, str]) -> None:
    out = show.console()
    for row in page.rows:
        dispute, decision = row.case.dispute, row.case.decision
        out.print(
            f"[bold]{row.state}[/] {escape(harmless(dispute.id))} {dispute.time:%Y-%m-%d}"
            f" {escape(harmless(row.worker.name))}: {escape(harmless(row.fact.describe()))}"
        )
        out.print(f"    “{escape(harmless(dispute.reason))}”; {_counting(row)}")
        if decision is not None:
            out.print(f"    {escape(harmless(decision.decided_by))}: “{escape(harmless(decision.reason))}”")
        for one in row.worlds:
            name = escape(harmless(names.get(one.skill, one.skill)))
            out.print(
                f"    {name}: {show.level_text(one.now)} now, {show.level_text(one.upheld)} if upheld,"
                f" {show.level_text(one.rejected)} if rejected"
            )
    left = page.total - len(page.rows)
    out.print(f"and {left} more: see --limit" if left else "" if page.rows else "nothing is disputed")


def _counting(row: Disputed) -> str:
    if row.gone:
        return "the fact was retracted and does not count"
    return "the fact does not count" if row.case.sets_aside else "the fact counts"


def _as_dict(row: Disputed) -> dict[str, object]:
    return {**plain(row), "state": row.state.value, "sets_aside": row.case.sets_aside, "fact_kind": row.fact.KIND}
