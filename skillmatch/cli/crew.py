"""The command `crew`: who goes together to a job."""

from __future__ import annotations

from collections.abc import Mapping

import click
from rich.markup import escape

from skillmatch.cli import show
from skillmatch.cli.common import as_json, opened, policy_option, print_json
from skillmatch.cli.show_why import show_difference
from skillmatch.workspace import Crew, CrewAnswer, WhyNotInCrew


@click.command()
@click.argument("job")
@click.option("--size", type=int, help="How many go. Default: what the job or its type asks for.")
@click.option("--why-not", "outsider", metavar="WORKER", help="Why this worker is not in the best crew.")
@click.option("--limit", type=click.IntRange(1, 100), default=3, show_default=True, help="How many crews.")
@policy_option
@as_json
@click.pass_obj
def crew(database: str, job: str, size: int | None, outsider: str | None, limit: int, policy: str, json_: bool) -> None:
    """Put the best crews for JOB together, or say why there is none."""
    with opened(database) as workspace:
        names = {worker.id: worker.name for worker in workspace.workers()}
        if outsider is not None:
            asked = workspace.why_not_in_crew(job, outsider, size=size, policy=policy)
            print_json(asked) if json_ else show_outsider(asked, names)
            return
        found = workspace.crew(job, size=size, policy=policy, limit=limit)
    if json_:
        print_json(found)
    else:
        show_crews(found)


def show_crews(found: CrewAnswer) -> None:
    """Print the best crews with lead, who covers what and the terms of the score; or why there is none."""
    out = show.console()
    out.print(f"[bold]{escape(found.job.id)}[/] {escape(found.job.title)}: a crew of {found.size}")
    if not found.crews:
        out.print("[bold]no crew is possible[/]")
        for reason in found.impossible:
            out.print(show.indented(escape(reason), 2))
        return
    names = {id: worker.name for id, worker in found.workers.items()}
    for number, one in enumerate(found.crews, start=1):
        out.print(f"\n{number} {members_text(one, names)}: {one.score:.1f} points")
        for label, members in zip(found.needs, one.covered_by, strict=True):
            covering = ", ".join(names.get(id, id) for id in members) or "nobody surely enough"
            out.print(show.indented(f"{escape(label)}: {escape(covering)}", 2))
        if one.excess:
            spare = ", ".join(names.get(id, id) for id in one.excess)
            out.print(show.indented(f"any one could stay: {escape(spare)}", 2))
        if number > 1:
            out.print(show.indented(escape(show.terms_text(one.explanation)), 2))
            continue
        out.print(f"  {how_good(one)}\n")
        show.show_explanation("Score", one.explanation)


def members_text(crew: Crew, names: Mapping[str, str]) -> str:
    """Return who is in a crew, with ids, the lead first."""
    return ", ".join(
        f"[bold]{escape(names.get(id, id))}[/] [dim]{escape(id)}[/]{' (lead)' if id == crew.lead else ''}"
        for id in crew.members
    )


def how_good(crew: Crew) -> str:
    """Return how sure it is that no crew is better."""
    if crew.optimal:
        return "the best of all possible crews"
    if crew.gap_bound is None:
        return "not every crew was looked at"
    return f"no crew can be more than {crew.gap_bound:.1f} points better"


def show_outsider(found: WhyNotInCrew, names: Mapping[str, str]) -> None:
    """Print why a worker is not in the best crew, and the best crew with her."""
    out, her = show.console(), show.who(found.worker)
    if found.blocked:
        out.print(f"{her} may not go:")
        for reason in found.blocked:
            out.print(f"  [red]blocked[/]: {escape(reason)}")
    elif found.best is None:
        out.print(f"{her} is in no crew, since none is possible: `skillmatch crew` says why")
    elif found.worker.id in found.best.members:
        out.print(f"{her} is in the best crew: {members_text(found.best, names)}")
    elif found.with_her is None:
        out.print(f"{her}: no crew with this worker meets the hard rules")
    else:
        lost = found.best.score - found.with_her.score
        out.print(f"{her}: the best crew with this worker is {lost:.1f} points behind")
        out.print(f"  best: {members_text(found.best, names)}")
        out.print(f"  with: {members_text(found.with_her, names)}\n")
        show_difference(out, found.best.explanation, found.with_her.explanation, heads=("best", "with her"))
