"""How a plan looks in a terminal: each worker's visits in order, what it changes, what is not done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta, tzinfo

from rich.markup import escape

from skillmatch.cli import show
from skillmatch.cli.show_decision import person
from skillmatch.workspace import Applied, PlannedVisit, PlanPreview

STYLES = {"new": "green", "kept": "dim", "moved": "yellow", "handed over": "yellow"}


def show_plan(found: PlanPreview, names: Mapping[str, str], zone: tzinfo) -> None:
    """Print the visits of each worker in order, then what is dropped and what is not done, then the total."""
    out = show.console()
    last = found.first + timedelta(days=found.days - 1)
    days = f"{found.first:%a %Y-%m-%d}" + (f" to {last:%a %Y-%m-%d}" if found.days > 1 else "")
    out.print(f"plan for {days}, policy {escape(found.policy)}")
    if found.visits:
        show_visits(found, names, zone)
    if found.dropped:
        out.print(f"\npromised and now left out: {escape(', '.join(found.dropped))}")
    for note in found.notes:
        out.print(f"[yellow]note[/]: {escape(note)}")
    if found.left_out:
        out.print("\nnot done")
        rows = show.table("job", "priority", "why", right=("priority",))
        for one in found.left_out:
            rows.add_row(f"[bold]{escape(one.job)}[/] {escape(one.title)}", str(one.priority), escape(one.reason))
        out.print(rows)
    counts = ", ".join(f"{count} {change}" for change, count in found.counts().items() if count)
    workers = len({worker for visit in found.visits for worker in visit.workers})
    done = f"{show.many(len(found.visits), 'job')} by {show.many(workers, 'worker')}" + (
        f" ({counts})" if counts else ""
    )
    out.print(f"\n{done}, {len(found.left_out)} not done, {len(found.dropped)} dropped")
    out.print(total_text(found))


def total_text(found: PlanPreview) -> str:
    """Return the points of a plan, and what no plan exceeds."""
    total = f"{found.total:,.1f} points after {found.seconds:.1f} seconds"
    if found.bound is None:
        return f"{total}; how many there could be is not known"
    if found.bound <= found.total + 0.05:
        return f"{total}; no plan has more"
    share = f" ({(found.bound - found.total) / found.bound:.1%} more)" if found.bound > 0.0 else ""
    return f"{total}; no plan has more than {found.bound:,.1f}{share}"


def show_visits(found: PlanPreview, names: Mapping[str, str], zone: tzinfo) -> None:
    """Print a row for each visit, by worker and time; a visit of several stands with each of them."""
    out = show.console()
    by_worker: dict[str, list[PlannedVisit]] = defaultdict(list)
    for visit in found.visits:
        for worker in visit.workers:
            by_worker[worker].append(visit)
    numbers = ("way", "points")
    rows = show.table("worker", "when", *numbers, "", "job", right=numbers)
    for worker in sorted(by_worker, key=lambda id: (names.get(id, id), id)):
        rows.add_section()
        label = person(worker, names)
        for visit in sorted(by_worker[worker], key=lambda one: one.start):
            rows.add_row(label, *visit_cells(visit, worker, names, zone, days=found.days))
            label = ""
    out.print(rows)


def visit_cells(
    visit: PlannedVisit, worker: str, names: Mapping[str, str], zone: tzinfo, *, days: int
) -> tuple[str, str, str, str, str]:
    """Return when, minutes on the way, points, what changes, and the job of one worker's visit."""
    start = visit.start.astimezone(zone)
    end = start + timedelta(minutes=visit.minutes)
    day = f"{start:%a %d} " if days > 1 else ""
    place = visit.workers.index(worker)
    way = f"{visit.travel[place]:.0f} min" if place < len(visit.travel) else ""
    others = ", ".join(names.get(id, id) for id in visit.workers if id != worker)
    title = f"[bold]{escape(visit.job)}[/] {escape(visit.title)}" + (
        f" [dim]with {escape(others)}[/]" if others else ""
    )
    change = f"[{STYLES[visit.change]}]{visit.change}[/]"
    return f"{day}{start:%H:%M}–{end:%H:%M}", way, f"{visit.points:.0f}" if place == 0 else "", change, title


def show_applied(done: Applied) -> None:
    """Print how many visits were booked, and what was left as it is."""
    out = show.console()
    booked, left = show.many(done.booked, "visit"), len(done.skipped)
    out.print(f"{booked} booked, {done.unchanged:,} stand as they were, {left:,} left out")
    for job, reason in done.skipped:
        out.print(show.indented(f"{escape(job)}: {escape(reason)}", 2))
