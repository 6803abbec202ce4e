"""Commands that only read: jobs, rank, explain, worker."""

from __future__ import annotations

import click
from rich.markup import escape

from skillmatch.cli import show
from skillmatch.cli.common import as_json, opened, print_json
from skillmatch.matching.policy import POLICIES
from skillmatch.model import JobStatus
from skillmatch.workspace import Why

policy_option = click.option(
    "--policy", type=click.Choice(sorted(POLICIES)), default="balanced", show_default=True, help="What counts how much."
)


@click.command()
@click.option("--search", default="", help="Words in the job's id, title, text or customer.")
@click.option("--all", "all_", is_flag=True, help="Finished and cancelled jobs too.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@as_json
@click.pass_obj
def jobs(database: str, search: str, all_: bool, limit: int, json_: bool) -> None:
    """List open jobs, the most urgent first."""
    with opened(database) as workspace:
        page = workspace.open_jobs(search=search, limit=limit, status=None if all_ else JobStatus.OPEN)
    if json_:
        print_json(page)
        return
    out = show.console()
    for job in page.jobs:
        due = f" due {job.due}" if job.due else ""
        out.print(f"[bold]{escape(job.id)}[/] priority {job.priority}{due} {escape(job.title)}")
    out.print(f"[dim]{len(page.jobs)} of {page.total} jobs[/]")


@click.command()
@click.argument("job")
@policy_option
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many candidates.")
@as_json
@click.pass_obj
def rank(database: str, job: str, policy: str, limit: int, json_: bool) -> None:
    """Rank workers for JOB, best first, with reasons."""
    with opened(database) as workspace:
        ranking = workspace.rank(job, policy=policy, limit=limit)
        if json_:
            print_json(ranking)
            return
        show.show_job(workspace.job(job), workspace.names())
        show.console().print()
        show.show_ranking(ranking)


@click.command()
@click.argument("job")
@click.argument("worker")
@policy_option
@as_json
@click.pass_obj
def explain(database: str, job: str, worker: str, policy: str, json_: bool) -> None:
    """Say why WORKER stands where she stands for JOB, or why she cannot be sent."""
    with opened(database) as workspace:
        candidate = workspace.explain(job, worker, policy=policy)
    if json_:
        print_json(candidate)
    else:
        show.show_candidate(candidate)


@click.command()
@click.argument("id")
@click.option("--last", type=click.IntRange(1, 100_000), default=15, show_default=True, help="How many facts to show.")
@click.option("--skill", help="Why her level in this skill is what it is: the facts that are worth most, adding up.")
@as_json
@click.pass_obj
def worker(database: str, id: str, last: int, skill: str | None, json_: bool) -> None:
    """Show what is believed of worker ID, and why."""
    with opened(database) as workspace:
        found = workspace.why(id, skill, most=last) if skill else workspace.profile(id)
    if json_:
        print_json(found)
    elif isinstance(found, Why):
        show.show_why(found)
    else:
        show.show_profile(found, last=last)


COMMANDS = (jobs, rank, explain, worker)
