"""What several commands share: opening the workspace, the --json option, progress bars, plain JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, tzinfo
from math import isfinite
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from skillmatch.errors import Invalid, NotFound
from skillmatch.settings import load_settings
from skillmatch.workspace import DisputeEffect, LocalModel, Prices, Workspace

as_json = click.option("--json", "json_", is_flag=True, help="Print JSON for programs instead of text for people.")
YEARS = range(1970, 2201)
UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb]"
)
"""Characters that are not seen but obeyed or that cannot be printed: control, direction, without a width, halves."""
policy_option = click.option("--policy", default="balanced", show_default=True, help="What counts how much.")


class DefaultGroup(click.Group):
    """A group that runs one of its commands when none is named: `decisions` is `decisions list`."""

    default = ""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default command in front of options without one."""
        bare = not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names)
        return super().parse_args(ctx, [self.default, *args] if bare else args)


def day_option(*names: str, help: str) -> Callable[[Any], Any]:
    """Return an option that takes a day as in 2026-06-02."""
    return click.option(*names, metavar="DATE", callback=read_day, help=help)


def read_day(_context: click.Context, _option: click.Parameter, text: str | None) -> date | None:
    """Return the day that was given, or raise Invalid."""
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"day {text!r} cannot be read: expected one such as 2026-06-02") from None
    return _within_reach(day)


def _within_reach(day: date) -> date:
    """Return a day to which others can be added; raise Invalid for a slip of the finger such as the year 9999."""
    if day.year not in YEARS:
        raise Invalid(f"the year {day.year} was given: expected {YEARS[0]} to {YEARS[-1]}")
    return day


def time_on(text: str, day: date, zone: tzinfo) -> datetime:
    """Return the time, in UTC, that people write on the clock `zone`: 14:30 on a `day`, or with a day of its own.

    Raises
    ------
    Invalid
        When the text is no time.
    """
    try:
        if re.fullmatch(r"\d\d?:\d\d", text):
            text = f"{day}T{text.zfill(5)}"
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(f"time {text!r} cannot be read: expected one such as 14:30 or 2026-06-02T14:30") from None
    _within_reach(found.date())
    return (found.replace(tzinfo=zone) if found.tzinfo is None else found).astimezone(UTC)


@contextmanager
def opened(database: str, *, create: bool = False, model: bool = False) -> Iterator[Workspace]:
    """Open the workspace of a command; a file that is not there is an error unless the command may `create` it.

    With `model`, or where the settings say so, it links with the local model of language.
    """
    if not create and "://" not in database and not Path(database).exists():
        raise NotFound(
            f"there is no database {database!r}; make one with `skillmatch import PATH`, try `skillmatch demo`, "
            "or name one with --database"
        )
    with open_workspace(database, model=model) as workspace:
        yield workspace


def open_workspace(database: str, *, model: bool = False) -> Workspace:
    """Return the workspace of a database, with the clock, the prices and the local model of the environment."""
    settings = load_settings()
    wanted = LocalModel if model or settings.model else None
    prices = Prices(settings.price_visit, settings.price_again, settings.price_hour, settings.price_way)
    disputes = DisputeEffect(settings.disputes)
    workspace = Workspace.open(database, zone=settings.zone, prices=prices, model=wanted, disputes=disputes)
    workspace.private_webhooks = settings.webhook_private
    return workspace


def plain(value: Any) -> Any:
    """Return records as dicts, tuples as lists, days and times as ISO text: what JSON can hold."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not isfinite(value):
        return None  # JSON has no such numbers
    return value


def print_json(value: Any) -> None:
    """Print a record as JSON, in which what a terminal might obey is escaped."""
    text = json.dumps(plain(value), indent=2, ensure_ascii=False, default=str)
    click.echo(UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def harmless(text: str) -> str:
    r"""Return a text in one line without what a terminal might obey: control characters, marks of direction.

    >>> harmless("a\x1b[31mb \u202ec\nd")
    'a�[31mb �c d'
    """
    return UNSEEN.sub("�", " ".join(text.split()))


class _Rate(TextColumn):
    """How many a second."""

    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: Any) -> Any:
        speed = task.finished_speed or task.speed
        return f"{speed:,.0f}/s" if speed else ""


@contextmanager
def progress_bar(*, quiet: bool = False) -> Iterator[Callable[[str, int, int | None], None]]:
    """Give a callback (stage, done, total) that draws one bar a stage on stderr, with rate and time left."""
    console = Console(stderr=True, quiet=quiet)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(compact=True, elapsed_when_finished=True),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def advance(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                for task in bars.tasks:
                    bars.update(task.id, completed=task.total if task.total is not None else task.completed)
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield advance
        for task in bars.tasks:
            bars.update(task.id, completed=task.total if task.total is not None else task.completed)
