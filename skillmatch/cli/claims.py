"""`skillmatch claim`: what workers have handed in, to approve or decline; `certificates`: what runs out."""

from __future__ import annotations

import click
from rich.markup import escape

from skillmatch.claims import CertificateClaim, Claim, ClaimStatus
from skillmatch.cli import show
from skillmatch.cli.common import as_json, harmless, opened, print_json
from skillmatch.model import rung
from skillmatch.workspace import Workspace

by_option = click.option("--by", required=True, metavar="NAME", help="Who decides.")


@click.group()
def claim() -> None:
    """Decide on what workers have handed in: certificates, and levels they want confirmed."""


@claim.command("list")
@click.option("--all", "everything", is_flag=True, help="Those that were decided, replaced or taken back, too.")
@as_json
@click.pass_obj
def list_claims(database: str, everything: bool, json_: bool) -> None:
    """List what waits to be decided, the oldest first."""
    with opened(database) as workspace:
        claims = workspace.claims.all(None if everything else ClaimStatus.OPEN)
        names, people = workspace.names(), {worker.id: worker.name for worker in workspace.workers()}
    if json_:
        print_json(claims)
        return
    for one in claims:
        click.echo(f"{one.id}  {_described(one, names)} – {harmless(people[one.worker])} {one.worker}, {_state(one)}")
    if not claims:
        click.echo("nothing waits to be decided")


@claim.command()
@click.argument("id")
@click.option("--level", type=float, help="The level you state instead of the one that is claimed.")
@by_option
@as_json
@click.pass_obj
def approve(database: str, id: str, level: float | None, by: str, json_: bool) -> None:
    """Approve the claim ID: from now on it counts."""
    with opened(database) as workspace:
        _answer(workspace, workspace.claims.approve(id, level=level, rater=by), json_=json_)


@claim.command()
@click.argument("id")
@click.option("--reason", required=True, help="What the worker is to know.")
@by_option
@as_json
@click.pass_obj
def decline(database: str, id: str, reason: str, by: str, json_: bool) -> None:
    """Decline the claim ID."""
    with opened(database) as workspace:
        _answer(workspace, workspace.claims.decline(id, reason, rater=by), json_=json_)


@claim.command()
@click.argument("id")
@as_json
@click.pass_obj
def reopen(database: str, id: str, json_: bool) -> None:
    """Take the decision on the claim ID back: it waits again, and what it counted for is retracted."""
    with opened(database) as workspace:
        _answer(workspace, workspace.claims.reopen(id), json_=json_)


@click.command()
@click.option(
    "--expiring",
    type=click.IntRange(0, 3660),
    default=60,
    show_default=True,
    metavar="DAYS",
    help="Those that have expired or end within so many days.",
)
@as_json
@click.pass_obj
def certificates(database: str, expiring: int, json_: bool) -> None:
    """List the certificates that run out: of whom, how to reach her, and how many open jobs need them."""
    with opened(database) as workspace:
        found = workspace.papers.running_out(expiring, sees=lambda _worker: True)
    if json_:
        print_json(found)
        return
    out = show.console()
    for one in found:
        held, who = one.certification, one.worker
        ends = f"expired on {held.expires}" if one.days < 0 else f"ends on {held.expires}"
        jobs = f"{len(one.jobs)} open job{'' if len(one.jobs) == 1 else 's'} need{'s' * (len(one.jobs) == 1)} it"
        more = "; the new one waits to be approved" if one.renewal else ""
        name = f"[bold]{escape(harmless(who.name))}[/] [dim]{escape(harmless(who.id))}[/]"
        phone = escape(harmless(who.phone or "no phone"))
        out.print(f"{escape(harmless(held.type))} {ends}: {name}, {phone}; {jobs}{more}", highlight=False)
    if not found:
        out.print(f"nothing ends within {expiring} days")


def _described(one: Claim, names: dict[str, str]) -> str:
    what = one.what
    if isinstance(what, CertificateClaim):
        until = f" until {what.expires}" if what.expires else ""
        return harmless(f"certificate {what.type} of {what.issued}{until}")
    return f"{harmless(names.get(what.skill, what.skill))} at level {what.level:g}, {rung(what.level)}"


def _state(one: Claim) -> str:
    if one.status is ClaimStatus.OPEN:
        return f"since {one.time.date()}"
    return f"{one.status} by {harmless(one.decided_by)}" + (f": {harmless(one.reason)}" if one.reason else "")


def _answer(workspace: Workspace, done: Claim, *, json_: bool) -> None:
    if json_:
        print_json(done)
        return
    click.echo(f"{done.status}: {_described(done, workspace.names())} of {harmless(done.worker)}")
