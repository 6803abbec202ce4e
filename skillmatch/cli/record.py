"""`skillmatch record KIND`: one subcommand for each kind of evidence, made from its fields."""

from __future__ import annotations

import types
from dataclasses import MISSING, Field, fields
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import uuid4

import click

from skillmatch.beliefs.evidence import KINDS, Evidence
from skillmatch.beliefs.observation import Demand
from skillmatch.cli import show
from skillmatch.cli.common import opened, print_json
from skillmatch.errors import Invalid
from skillmatch.importers.draft import Unfit
from skillmatch.importers.needs import parse_used

DERIVED = frozenset({"demands", "job_type", "customer", "site", "estimate", "listed"})
"""Fields that the workspace fills in from the job."""
COMMON = frozenset({"id", "worker", "time", "source"})


@click.group()
def record() -> None:
    """Record the outcome of a job or any other evidence, and see what changes."""


def moment(text: str) -> datetime:
    """Return a time from ISO text; without a zone it is UTC.

    Raises
    ------
    Invalid
        When the text is no time.
    """
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(f"time {text!r} cannot be read: expected one such as 2026-03-01T08:30 (UTC)") from None
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def command_for(kind: type[Evidence]) -> click.Command:
    """Return the subcommand that records one kind of evidence."""
    hints = get_type_hints(kind)
    options: list[click.Parameter] = [
        click.Option(["--worker"], required=True, help="The worker it is about."),
        click.Option(["--time"], help="When it happened, ISO 8601 in UTC. Default: now."),
        click.Option(["--id"], help="Its own id, by which it can be corrected or retracted. Default: a new one."),
        click.Option(["--source"], default="command line", show_default=True, help="Where it comes from."),
        *(_option(f, hints[f.name]) for f in fields(kind) if f.name not in COMMON | DERIVED),
        click.Option(["--json", "json_"], is_flag=True, help="Print JSON for programs instead of text for people."),
    ]

    def run(worker: str, time: str | None, id: str | None, source: str, json_: bool, **values: Any) -> None:
        database: str = click.get_current_context().obj
        with opened(database) as workspace:
            when = moment(time) if time else workspace.now()
            for f in fields(kind):
                if isinstance(values.get(f.name), datetime):
                    values[f.name] = values[f.name].date()
            if "used" in values:
                values["used"] = _used(values["used"])
            fact = kind(id=id or uuid4().hex, worker=worker, time=when, source=source, **values)
            done = workspace.record(fact)
            names = workspace.names()
        if json_:
            print_json(done)
        else:
            show.show_recorded(done, names)

    doc = " ".join((kind.__doc__ or "").partition("\n\n")[0].split())
    return click.Command(kind.KIND.replace("_", "-"), params=options, callback=run, help=doc)


def _used(text: str | None) -> tuple[Demand, ...]:
    try:
        return parse_used(text or "")
    except Unfit as wrong:
        raise Invalid(f"--used {wrong.found}: expected {wrong.expected}") from None


def _option(f: Field[Any], hint: Any) -> click.Option:
    optional = f.default is not MISSING
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(arm for arm in get_args(hint) if arm is not type(None))
    if hint is bool:
        name = f.name.replace("_", "-")
        return click.Option([f"--{name}/--not-{name}", f.name], default=bool(f.default), show_default=True)
    kind: Any = str
    if isinstance(hint, type) and issubclass(hint, Enum):
        kind = click.Choice([member.value for member in hint])
    elif hint is float:
        kind = float
    elif hint is date:
        kind = click.DateTime(["%Y-%m-%d"])
    default = f.default if optional and f.default not in (None, ()) else None
    return click.Option([f"--{f.name.replace('_', '-')}", f.name], type=kind, required=not optional, default=default)


for _kind in KINDS.values():
    record.add_command(command_for(_kind))
