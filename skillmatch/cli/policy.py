"""The commands of policies: list, show, set, new, restore, compare."""

from __future__ import annotations

import click

from skillmatch.cli.common import as_json, opened, plain, print_json, progress_bar
from skillmatch.cli.show_policy import show_changed, show_comparison, show_policies, show_policy, show_versions
from skillmatch.errors import Invalid
from skillmatch.workspace import POLICIES

note_option = click.option("--note", default="", help="Why, for people.")


@click.group()
def policy() -> None:
    """Show and change what counts how much, and compare two policies on past jobs."""


@policy.command("list")
@as_json
@click.pass_obj
def list_(database: str, json_: bool) -> None:
    """List the policies: those that are shipped, then your own."""
    with opened(database) as workspace:
        found = workspace.policies()
    if json_:
        print_json({"policies": [plain(one) for one in found.values()]})
    else:
        show_policies(tuple(found.values()))


@policy.command()
@click.argument("name")
@click.option("--versions", is_flag=True, help="List its versions and why each was made.")
@as_json
@click.pass_obj
def show(database: str, name: str, versions: bool, json_: bool) -> None:
    """Show the weights, limits and rules of policy NAME, under the names by which they are set."""
    with opened(database) as workspace:
        found = workspace.policy(name)
        kept = workspace.policy_versions(name) if versions else ()
    if json_:
        record = plain(found)
        print_json({**record, "versions": [{**plain(one), "note": note} for one, note in kept]} if versions else record)
    elif versions:
        show_versions(found, kept)
    else:
        show_policy(found)


@policy.command("set")
@click.argument("name")
@click.argument("settings", metavar="KEY=VALUE...", nargs=-1, required=True)
@note_option
@as_json
@click.pass_obj
def set_(database: str, name: str, settings: tuple[str, ...], note: str, json_: bool) -> None:
    """Change settings of policy NAME, as in travel=12 or declined_rule=off, and keep it as the next version."""
    changes = read_settings(settings)
    with opened(database) as workspace:
        before = workspace.policy(name)
        after = workspace.change_policy(name, changes, note=note)
    if json_:
        print_json({**plain(after), "changed": after != before})
    else:
        show_changed(before, after)


@policy.command()
@click.argument("name")
@click.argument("settings", metavar="KEY=VALUE...", nargs=-1)
@click.option("--like", required=True, metavar="OTHER", help="The policy that the new one starts from.")
@note_option
@as_json
@click.pass_obj
def new(database: str, name: str, settings: tuple[str, ...], like: str, note: str, json_: bool) -> None:
    """Make a new policy NAME from another one, with some settings changed."""
    changes = read_settings(settings)
    with opened(database) as workspace:
        made = workspace.change_policy(name, changes, note=note or f"made like {like}", like=like)
    if json_:
        print_json(made)
    else:
        show_policy(made)


@policy.command()
@click.argument("name")
@as_json
@click.pass_obj
def restore(database: str, name: str, json_: bool) -> None:
    """Put the shipped policy NAME in force again as it is shipped."""
    with opened(database) as workspace:
        before = workspace.policy(name)
        if name not in POLICIES:
            raise Invalid(f"policy {name!r} is your own: only those that are shipped ({', '.join(POLICIES)}) come back")
        after = workspace.restore_policy(name)
    if json_:
        print_json(after)
    else:
        show_changed(before, after)


@policy.command()
@click.argument("a")
@click.argument("b")
@click.option("--days", type=int, default=30, show_default=True, help="How many days back.")
@click.option("--limit", type=click.IntRange(0, 100_000), default=10, show_default=True, help="How many workers.")
@as_json
@click.pass_obj
def compare(database: str, a: str, b: str, days: int, limit: int, json_: bool) -> None:
    """Replay the last days under policies A and B: success, travel, load, and whose work would change."""
    with opened(database) as workspace, progress_bar(quiet=json_) as progress:
        found = workspace.compare_policies(a, b, days=days, progress=progress)
    if json_:
        print_json(found)
    else:
        show_comparison(found, limit=limit)


def read_settings(texts: tuple[str, ...]) -> dict[str, str]:
    """Return settings by key from texts as in travel=12.

    Raises
    ------
    Invalid
        When one has no value, or one is given twice.
    """
    found: dict[str, str] = {}
    for text in texts:
        key, sign, value = text.partition("=")
        if not sign or not key.strip():
            raise Invalid(f"setting {text!r} cannot be read: expected a key and a value, such as travel=12")
        if key.strip() in found:
            raise Invalid(f"{key.strip()} is set twice: give it once")
        found[key.strip()] = value.strip()
    return found
