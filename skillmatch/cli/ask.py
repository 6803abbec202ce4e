"""Commands that only read: jobs, rank, explain, worker, evaluate."""

from __future__ import annotations

import click
from rich.markup import escape

from skillmatch.cli import show
from skillmatch.cli.common import as_json, opened, print_json, progress_bar
from skillmatch.gaps.evaluation import Evaluation
from skillmatch.matching.policy import POLICIES
from skillmatch.model import JobStatus

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
@as_json
@click.pass_obj
def worker(database: str, id: str, last: int, json_: bool) -> None:
    """Show what is believed of worker ID, and why."""
    with opened(database) as workspace:
        profile = workspace.profile(id)
    if json_:
        print_json(profile)
    else:
        show.show_profile(profile, last=last)


@click.command()
@click.option("--policy", "policies", multiple=True, type=click.Choice(sorted(POLICIES)), help="Default: all of them.")
@as_json
@click.pass_obj
def evaluate(database: str, policies: tuple[str, ...], json_: bool) -> None:
    """Replay the history, predict first and learn afterwards, and score the last fifth beside baselines."""
    with opened(database) as workspace, progress_bar(quiet=json_) as progress:
        found = workspace.evaluate(policies=policies or tuple(POLICIES), progress=progress)
    if json_:
        print_json(found)
    else:
        show_evaluation(found)


def show_evaluation(found: Evaluation) -> None:
    """Print both protocols as tables."""
    from rich.table import Table

    out = show.console()
    if not found.outcomes:
        out.print("there are fewer than 10 finished jobs: nothing can be scored yet")
        return
    count = next(iter(found.outcomes.values())).count
    table = Table(title=f"A. Will it succeed? The last {count:,} outcomes", title_justify="left", box=None)
    for name in ("", "AUC", "log-loss", "Brier", "calibration error"):
        table.add_column(name, justify="right" if name else "left")
    for name, score in found.outcomes.items():
        table.add_row(name, *(f"{n:.4f}" for n in (score.auc, score.log_loss, score.brier, score.ece)))
    out.print(table)
    if not found.rankings:
        return
    count = next(iter(found.rankings.values())).count
    table = Table(title=f"\nB. Who will do it? The last {count:,} jobs", title_justify="left", box=None)
    for name in ("", "top 1", "top 3", "top 5", "top 10", "MRR"):
        table.add_column(name, justify="right" if name else "left")
    for name, ranks in found.rankings.items():
        table.add_row(name, *(f"{n:.4f}" for n in (ranks.top1, ranks.top3, ranks.top5, ranks.top10, ranks.mrr)))
    out.print(table)
    out.print(f"[dim]base rate and difficulties learned from the {found.trained_on:,} outcomes before[/]")


COMMANDS = (jobs, rank, explain, worker, evaluate)
