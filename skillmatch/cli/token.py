"""The commands of tokens: with which programs act for somebody. A secret is printed once and kept nowhere."""

from __future__ import annotations

import click

from skillmatch.cli.common import as_json, opened, print_json
from skillmatch.workspace import MOST_DAYS, SCOPES, USUAL_DAYS, TokenRow


@click.group()
def token() -> None:
    """Let programs use the API for somebody who may sign in."""


@token.command()
@click.argument("name")
@click.option("--for", "purpose", required=True, metavar="WORDS", help="What it is for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(list(SCOPES)),
    default=("read",),
    show_default=True,
    help="What it is good for; may be given again.",
)
@click.option(
    "--days", type=click.IntRange(1, MOST_DAYS), default=USUAL_DAYS, show_default=True, help="After so many it ends."
)
@as_json
@click.pass_obj
def add(database: str, name: str, purpose: str, scopes: tuple[str, ...], days: int, json_: bool) -> None:
    """Make a token that acts for NAME, and print its secret, once."""
    with opened(database) as workspace:
        account = workspace.accounts.named(name)
        row, secret = workspace.tokens.add(account.id, name=purpose, scopes=scopes, days=days)
    if json_:
        print_json({"token": record(row, account.sign_in), "secret": secret})
        return
    click.echo(f"a token for {account.sign_in}, good for {', '.join(row.scopes)} until {row.expires:%Y-%m-%d}:")
    click.echo(secret)
    click.echo("it is not shown again; end it with `skillmatch token revoke " + row.id + "`")


@token.command("list")
@click.argument("name", required=False)
@as_json
@click.pass_obj
def list_(database: str, name: str | None, json_: bool) -> None:
    """List the tokens that act for NAME, or all."""
    with opened(database) as workspace:
        names = {account.id: account.sign_in for account in workspace.accounts.all()}
        rows = workspace.tokens.all(workspace.accounts.named(name).id if name else None)
        holding = {row.id for row in rows if workspace.tokens.holds(row)}
    if json_:
        print_json({"tokens": [record(row, names[row.account]) for row in rows]})
        return
    if not rows:
        click.echo("there are no tokens; make one with `skillmatch token add NAME --for WORDS`")
    for row in rows:
        state = "holds" if row.id in holding else "revoked" if row.revoked else "has ended"
        used = f"last used {row.used:%Y-%m-%d}" if row.used else "not used yet"
        click.echo(f"{row.id}  {names[row.account]:<16} {state:<9} {used}  {','.join(row.scopes)}  {row.name}")


@token.command()
@click.argument("id")
@as_json
@click.pass_obj
def revoke(database: str, id: str, json_: bool) -> None:
    """End the token with this ID at once."""
    with opened(database) as workspace:
        row = workspace.tokens.revoke(id)
        sign_in = workspace.accounts.get(row.account).sign_in
    if json_:
        print_json({"token": record(row, sign_in)})
    else:
        click.echo(f"token {row.id} of {sign_in} ({row.name}) is revoked")


def record(row: TokenRow, sign_in: str) -> dict[str, object]:
    """Return a token for programs to read."""
    return {**row._asdict(), "account": sign_in}
