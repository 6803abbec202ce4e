"""Commands that ask about one job or worker: jobs, rank, explain, why-not, worker."""

from __future__ import annotations

from datetime import date
from typing import Any

import click
from rich.markup import escape

from skillmatch.cli import show
from skillmatch.cli.common import as_json, day_option, opened, plain, policy_option, print_json
from skillmatch.cli.show_why import advice_record, show_why_not
from skillmatch.errors import Invalid
from skillmatch.model import JobStatus
from skillmatch.workspace import Ranking, Why, Workspace


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
@day_option("--day", help="Ask for this day instead of the job's own; not kept as a decision.")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many candidates.")
@click.option("--no-keep", is_flag=True, help="Do not keep what is shown as a decision.")
@click.option("--prices", is_flag=True, help="Say which other open job would miss a candidate.")
@as_json
@click.pass_obj
def rank(
    database: str, job: str, policy: str, day: date | None, limit: int, no_keep: bool, prices: bool, json_: bool
) -> None:
    """Rank workers for JOB, best first, with reasons, and keep what is shown as a decision."""
    with opened(database) as workspace:
        if no_keep or day is not None:
            ranking = workspace.rank(job, policy=policy, limit=limit, day=coming(workspace, day))
        else:
            ranking = workspace.propose(job, policy=policy, limit=limit)
        found = workspace.prices(policy=policy, day=ranking.day, besides=job) if prices else {}
        if json_:
            print_json(ranking_record(ranking, found) if prices else ranking)
            return
        show.show_job(workspace.job(job), workspace.names())
        show.console().print()
        show.show_ranking(ranking, prices=found)


def coming(workspace: Workspace, day: date | None) -> date | None:
    """Return a day that is asked for; raise Invalid when it has passed."""
    today = workspace.now().astimezone(workspace.zone).date()
    if day is not None and day < today:
        raise Invalid(f"day {day} has passed: expected {today} or later")
    return day


def ranking_record(ranking: Ranking, prices: dict[str, Any]) -> dict[str, Any]:
    """Return a ranking as plain values, with the prices of its candidates."""
    shown = {one.worker.id: prices[one.worker.id] for one in ranking.candidates if one.worker.id in prices}
    return {**plain(ranking), "prices": plain(shown)}


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
        names = workspace.names()
    if json_:
        print_json(candidate)
    else:
        show.show_candidate(candidate, names)


@click.command("why-not")
@click.argument("job")
@click.argument("worker")
@policy_option
@as_json
@click.pass_obj
def why_not(database: str, job: str, worker: str, policy: str, json_: bool) -> None:
    """Say why WORKER is not the first choice for JOB, and the smallest change that would bring her in or up."""
    with opened(database) as workspace:
        found = workspace.why_not(job, worker, policy=policy)
    if json_:
        print_json({**plain(found), "advice": [advice_record(one) for one in found.advice]})
    else:
        show_why_not(found)


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


COMMANDS = (jobs, rank, explain, why_not, worker)
