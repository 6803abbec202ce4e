"""The commands of webhooks: which addresses are told what happens, and sending it."""

from __future__ import annotations

from threading import Event

import click

from skillmatch.cli.common import as_json, opened, print_json
from skillmatch.workspace import EVENTS, DeliveryRow, WebhookRow


@click.group()
def webhook() -> None:
    """Tell other programs what happens."""


@webhook.command()
@click.argument("url")
@click.option(
    "--event",
    "events",
    multiple=True,
    required=True,
    type=click.Choice(list(EVENTS)),
    help="What it is told of; may be given again.",
)
@as_json
@click.pass_obj
def add(database: str, url: str, events: tuple[str, ...], json_: bool) -> None:
    """Tell URL what happens, and print once the secret with which that is signed."""
    with opened(database) as workspace:
        row, secret = workspace.webhooks.add(url, events=events)
    if json_:
        print_json({"webhook": record(row), "secret": secret})
        return
    click.echo(f"webhook {row.id} is told of {', '.join(row.events)}; what is sent is signed with")
    click.echo(secret)
    click.echo(f"it is not shown again; try it out with `skillmatch webhook test {row.id}`")


@webhook.command("list")
@as_json
@click.pass_obj
def list_(database: str, json_: bool) -> None:
    """List the addresses that are told what happens."""
    with opened(database) as workspace:
        rows = workspace.webhooks.all()
    if json_:
        print_json({"webhooks": [record(row) for row in rows]})
        return
    if not rows:
        click.echo("there are no webhooks; add one with `skillmatch webhook add URL --event job.finished`")
    for row in rows:
        click.echo(f"{row.id}  {'active' if row.active else 'paused'}  {row.url}  {','.join(row.events)}")


@webhook.command()
@click.argument("id")
@click.option("--undo", is_flag=True, help="Let it go on.")
@as_json
@click.pass_obj
def pause(database: str, id: str, undo: bool, json_: bool) -> None:
    """Send nothing to the webhook with this ID until it goes on."""
    with opened(database) as workspace:
        row = workspace.webhooks.set_active(id, undo)
    _say(row, "goes on" if undo else "is paused", json_=json_)


@webhook.command()
@click.argument("id")
@click.option("--undo", is_flag=True, help="Bring it back.")
@as_json
@click.pass_obj
def remove(database: str, id: str, undo: bool, json_: bool) -> None:
    """Tell the webhook with this ID nothing any more."""
    with opened(database) as workspace:
        row = workspace.webhooks.back(id) if undo else workspace.webhooks.remove(id)
    _say(row, "is back" if undo else "is removed", json_=json_)


@webhook.command()
@click.argument("id")
@as_json
@click.pass_obj
def secret(database: str, id: str, json_: bool) -> None:
    """Draw a new secret for the webhook with this ID, and print it once; the old one signs nothing any more."""
    with opened(database) as workspace:
        drawn = workspace.webhooks.roll(id)
    if json_:
        print_json({"secret": drawn})
    else:
        click.echo(drawn)


@webhook.command()
@click.argument("id")
@as_json
@click.pass_obj
def test(database: str, id: str, json_: bool) -> None:
    """Send a message to the webhook with this ID now, and say what it answered."""
    with opened(database) as workspace:
        made = workspace.webhooks.test(id)
        found = workspace.courier.deliver_one(made.number) or workspace.webhooks.delivery(made.number)
    _deliveries((found,), json_=json_)


@webhook.command()
@click.argument("id")
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many, the newest first."
)
@as_json
@click.pass_obj
def deliveries(database: str, id: str, limit: int, json_: bool) -> None:
    """List what the webhook with this ID was told, and what it answered."""
    with opened(database) as workspace:
        rows = workspace.webhooks.deliveries(id, limit=limit)
    _deliveries(rows, json_=json_)


@webhook.command()
@click.argument("number", type=click.IntRange(1, 2**62))
@as_json
@click.pass_obj
def again(database: str, number: int, json_: bool) -> None:
    """Send the delivery with this NUMBER once more, under the same id of the event."""
    with opened(database) as workspace:
        made = workspace.webhooks.again(number)
        found = workspace.courier.deliver_one(made.number) or workspace.webhooks.delivery(made.number)
    _deliveries((found,), json_=json_)


@click.command()
@click.option("--once", is_flag=True, help="End when nothing is due; without it go on until Ctrl-C.")
@as_json
@click.pass_obj
def deliver(database: str, once: bool, json_: bool) -> None:
    """Send what webhooks are to be told, as `serve` does by itself."""
    with opened(database) as workspace:
        if not once:
            workspace.courier.run(Event())
            return
        workspace.courier.tend()
        rows = workspace.courier.deliver()
    if json_:
        print_json({"deliveries": [_delivery(row) for row in rows]})
    else:
        click.echo(f"{len(rows)} tried, {sum(row.delivered is not None for row in rows)} arrived")


def _say(row: WebhookRow, what: str, *, json_: bool) -> None:
    if json_:
        print_json({"webhook": record(row)})
    else:
        click.echo(f"webhook {row.id} ({row.url}) {what}")


def _deliveries(rows: tuple[DeliveryRow, ...], *, json_: bool) -> None:
    if json_:
        print_json({"deliveries": [_delivery(row) for row in rows]})
        return
    if not rows:
        click.echo("it was told nothing yet; try it out with `skillmatch webhook test ID`")
    for row in rows:
        state = "arrived" if row.delivered else f"next at {row.due:%Y-%m-%d %H:%M} UTC" if row.due else "given up"
        tried = f"{row.attempts} tried"
        click.echo(
            f"{row.number}  {row.created:%Y-%m-%d %H:%M}  {row.event:<20} {state}, {tried}  {row.error}".rstrip()
        )


def record(row: WebhookRow) -> dict[str, object]:
    """Return a webhook for programs to read, without its secret."""
    return {name: value for name, value in row._asdict().items() if name != "removed"}


def _delivery(row: DeliveryRow) -> dict[str, object]:
    return row._asdict()
