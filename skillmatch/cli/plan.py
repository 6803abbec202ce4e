"""The commands of the whole day: `plan` shows what to do, `plan apply` promises it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import FrameType

import click
from rich.console import Console

from skillmatch.cli.common import DefaultGroup, as_json, day_option, opened, plain, policy_option, print_json
from skillmatch.cli.plan_file import check_path, read_plan, write_plan
from skillmatch.cli.show_plan import show_applied, show_plan
from skillmatch.workspace import PlanPreview, Workspace


class _Plan(DefaultGroup):
    default = "make"


@click.group(cls=_Plan)
def plan() -> None:
    """Plan the open jobs of the coming days and promise the visits.

    `plan` alone is `plan make`, and takes its options: see `plan make --help`.
    """


@plan.command()
@day_option("--from", "first", help="The first day. Default: today.")
@click.option("--days", type=int, default=1, show_default=True, help="How many days.")
@policy_option
@click.option("--seconds", type=click.FloatRange(0.1, 86_400), default=10.0, show_default=True, help="Time to search.")
@click.option(
    "--rearrange", is_flag=True, help="Change what was promised where that is worth it; never what is locked."
)
@click.option("--job", "jobs", multiple=True, metavar="ID", help="Only this job; can be given several times.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="Keep the plan in a file for `plan apply`."
)
@click.option("--apply", "apply_", is_flag=True, help="Promise what is shown, after asking.")
@click.option("--yes", is_flag=True, help="With --apply: do not ask.")
@as_json
@click.pass_context
def make(
    ctx: click.Context,
    first: date | None,
    days: int,
    policy: str,
    seconds: float,
    rearrange: bool,
    jobs: tuple[str, ...],
    out: Path | None,
    apply_: bool,
    yes: bool,
    json_: bool,
) -> None:
    """Plan the open jobs of some days and show who does what when; nothing is changed unless --apply is given."""
    if json_ and apply_ and not yes:
        raise click.UsageError("--apply asks before it changes anything, which --json cannot: add --yes", ctx)
    if out is not None:
        check_path(out)
    with opened(ctx.obj) as workspace:
        with stoppable() as stop, progress_line(seconds, quiet=json_) as progress:
            found = workspace.plan(
                first=first,
                days=days,
                policy=policy,
                jobs=jobs or None,
                seconds=seconds,
                keep=not rearrange,
                progress=progress,
                stop=stop,
            )
            stopped = stop()
        if not json_:
            show_made(workspace, found, stopped=stopped)
        elif not apply_:
            print_json(found)
        if out is not None:
            write_plan(found, out)
        if out is not None and not apply_:
            click.echo(f"promise it with `skillmatch plan apply {out}`", err=json_)
        if apply_ and (yes or click.confirm("promise these visits?", err=True)):
            done = workspace.apply_plan(found)
            print_json({"plan": plain(found), "applied": plain(done)}) if json_ else show_applied(done)


def show_made(workspace: Workspace, found: PlanPreview, *, stopped: bool) -> None:
    """Print a plan, and whether the search was stopped before its time."""
    if stopped:
        click.echo("the search was stopped: this is the best so far", err=True)
    show_plan(found, {worker.id: worker.name for worker in workspace.workers()}, workspace.zone)


@plan.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--rest", is_flag=True, help="Apply what still fits when something has changed since.")
@as_json
@click.pass_obj
def apply(database: str, file: Path, rest: bool, json_: bool) -> None:
    """Promise the visits of the plan in FILE, all of them or none."""
    preview = read_plan(file)
    with opened(database) as workspace:
        done = workspace.apply_plan(preview, rest=rest)
    if json_:
        print_json(done)
    else:
        show_applied(done)


@contextmanager
def stoppable() -> Iterator[Callable[[], bool]]:
    """Give a function that says whether Ctrl-C was pressed; pressed again it ends the command as ever."""
    pressed = False
    before = signal.getsignal(signal.SIGINT)

    def press(_signal: int, _frame: FrameType | None) -> None:
        nonlocal pressed
        pressed = True
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, press)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def progress_line(seconds: float, *, quiet: bool) -> Iterator[Callable[[float, float, str], None]]:
    """Give a callback (seconds passed, points so far, what was done) that draws one line on stderr of a terminal."""
    console = Console(stderr=True, quiet=quiet)
    with console.status("drawing the problem; Ctrl-C stops") as status:

        def advance(passed: float, total: float, what: str) -> None:
            status.update(
                f"{passed:.0f} of {seconds:g} s, {total:,.1f} points: {what}; Ctrl-C stops with what there is"
            )

        yield advance
