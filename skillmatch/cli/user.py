"""The commands of accounts: who may sign in to the pages. Passwords come from a prompt, never from an argument."""

from __future__ import annotations

from typing import Any

import click

from skillmatch.accounts import Account, Role
from skillmatch.cli.common import as_json, opened, plain, print_json
from skillmatch.settings import load_settings

role_option = click.option("--role", type=click.Choice([role.value for role in Role]), help="What she may see and do.")
worker_option = click.option("--worker", metavar="ID", help="Which worker she is.")
team_option = click.option(
    "--team", "teams", multiple=True, help="A team whose workers she sees; may be given again. Default: all."
)


@click.group()
def user() -> None:
    """Say who may sign in to the pages, and as what."""


@user.command()
@click.argument("name")
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), required=True, help="What she may see and do."
)
@click.option("--called", default="", help="Her name as people say it. Default: NAME.")
@worker_option
@team_option
@click.option("--password", "ask", is_flag=True, help="Ask for a password here instead of printing a link.")
@as_json
@click.pass_obj
def add(
    database: str,
    name: str,
    role: str,
    called: str,
    worker: str | None,
    teams: tuple[str, ...],
    ask: bool,
    json_: bool,
) -> None:
    """Add somebody who signs in as NAME, and print a one-time link with which she chooses a password."""
    with opened(database) as workspace:
        accounts = workspace.accounts
        password = asked_password() if ask else None
        account = accounts.add(name, role=Role(role), name=called, worker=worker, teams=teams, password=password)
        if ask:
            answer(account, json_=json_, said=f"{account.sign_in} is added and can sign in")
        else:
            answer(account, json_=json_, said=f"{account.sign_in} is added", link=link_of(accounts.invite(account.id)))


@user.command()
@click.argument("name")
@as_json
@click.pass_obj
def invite(database: str, name: str, json_: bool) -> None:
    """Print a new one-time link for NAME, for a lost password or link; the earlier one no longer works."""
    with opened(database) as workspace:
        account = workspace.accounts.named(name)
        link = link_of(workspace.accounts.invite(account.id))
    answer(account, json_=json_, said=f"a link for {account.sign_in}", link=link)


@user.command()
@click.argument("name")
@as_json
@click.pass_obj
def password(database: str, name: str, json_: bool) -> None:
    """Set the password of NAME from a prompt, and sign her out everywhere."""
    with opened(database) as workspace:
        account = workspace.accounts.named(name)
        account = workspace.accounts.set_password(account.id, asked_password())
    answer(account, json_=json_, said=f"the password of {account.sign_in} is set")


@user.command("list")
@as_json
@click.pass_obj
def list_(database: str, json_: bool) -> None:
    """List everybody who may sign in."""
    with opened(database) as workspace:
        found = workspace.accounts.all()
    if json_:
        print_json({"accounts": [record(one) for one in found]})
        return
    if not found:
        click.echo("nobody may sign in yet; add somebody with `skillmatch user add NAME --role administrator`")
    for one in found:
        click.echo(f"{one.sign_in:<20}  {one.role:<14} {described(one)}".rstrip())


@user.command()
@click.argument("name")
@role_option
@worker_option
@team_option
@click.option("--all-teams", is_flag=True, help="Let her see all workers again.")
@as_json
@click.pass_obj
def role(
    database: str,
    name: str,
    role: str | None,
    worker: str | None,
    teams: tuple[str, ...],
    all_teams: bool,
    json_: bool,
) -> None:
    """Change what NAME may see and do: her role, which worker she is, her teams. It holds at once."""
    with opened(database) as workspace:
        account = workspace.accounts.change(
            workspace.accounts.named(name).id,
            role=Role(role) if role else None,
            worker=worker,
            teams=() if all_teams else teams or None,
        )
    answer(account, json_=json_, said=f"{account.sign_in} is {account.role} {described(account)}".rstrip())


@user.command()
@click.argument("name")
@click.option("--undo", is_flag=True, help="Let her sign in again.")
@as_json
@click.pass_obj
def disable(database: str, name: str, undo: bool, json_: bool) -> None:
    """Let NAME sign in no more, and sign her out everywhere."""
    with opened(database) as workspace:
        id = workspace.accounts.named(name).id
        account = workspace.accounts.enable(id) if undo else workspace.accounts.disable(id)
    said = "can sign in again" if undo else "is disabled and signed out everywhere"
    answer(account, json_=json_, said=f"{account.sign_in} {said}")


@user.command()
@click.argument("name")
@as_json
@click.pass_obj
def revoke(database: str, name: str, json_: bool) -> None:
    """Sign NAME out everywhere; she can sign in again."""
    with opened(database) as workspace:
        account = workspace.accounts.revoke(workspace.accounts.named(name).id)
    answer(account, json_=json_, said=f"{account.sign_in} is signed out everywhere")


def asked_password() -> str:
    """Return a password that was typed twice, unseen."""
    return str(click.prompt("Password", hide_input=True, confirmation_prompt="The same once more", err=True))


def link_of(token: str) -> str:
    """Return the address of an invitation, where the settings say that pages are served."""
    settings = load_settings()
    name = settings.names[0] if settings.names else "127.0.0.1"
    if settings.https:
        return f"https://{name}/invitations/{token}"
    port = "" if ":" in name.rpartition("]")[2] else f":{settings.port}"
    return f"http://{name}{port}/invitations/{token}"


def described(account: Account) -> str:
    """Return what else there is to say of an account."""
    parts = [
        f"of {', '.join(account.teams)}" if account.teams else "",
        f"is worker {account.worker}" if account.worker else "",
        "" if account.has_password else "no password yet",
        "disabled" if account.disabled else "",
    ]
    return "; ".join(part for part in parts if part)


def record(account: Account) -> dict[str, Any]:
    """Return an account for programs."""
    return {name: value for name, value in plain(account).items() if name not in ("id", "epoch")}


def answer(account: Account, *, json_: bool, said: str, link: str | None = None) -> None:
    """Print what was done; a link is printed once and kept nowhere."""
    if json_:
        print_json({**record(account), **({"link": link} if link else {})})
        return
    click.echo(said)
    if link:
        click.echo(f"{link}\nIt works once, within 48 hours. Give it to the person and to nobody else.")
