"""How decisions look in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from rich.markup import escape

from skillmatch.cli import show
from skillmatch.cli.common import plain
from skillmatch.model import Job, Worker
from skillmatch.workspace import Assignment, Decision, DecisionReport, JobView, Replay, Share, Turnout

NOBODY = "–"


def clock(time: datetime, zone: tzinfo) -> str:
    """Return a time on the clock of the company."""
    return f"{time.astimezone(zone):%Y-%m-%d %H:%M}"


def person(id: str, names: Mapping[str, str]) -> str:
    """Return a worker's name and id."""
    return f"{escape(names.get(id, id))} [dim]{escape(id)}[/]"


def show_assignment(done: Assignment, view: JobView, workers: Mapping[str, Worker], zone: tzinfo) -> None:
    """Print who was promised when, what stands against it, and the numbers to call."""
    out, job = show.console(), view.job
    out.print(f"[bold]{escape(job.id)}[/] {escape(job.title)}")
    for booking in done.bookings:
        worker = workers.get(booking.worker, Worker(booking.worker, booking.worker))
        end = (booking.start + timedelta(minutes=booking.minutes)).astimezone(zone)
        lead = " leads" if booking.lead and len(done.bookings) > 1 else ""
        locked = ", locked" if booking.locked else ""
        phone = f", call {escape(worker.phone)}" if worker.phone else ", no phone number on record"
        out.print(f"  {show.who(worker)}{lead}: {clock(booking.start, zone)} to {end:%H:%M}{locked}{phone}")
    if view.customer is not None:
        phone = f"call {escape(view.customer.phone)}" if view.customer.phone else "no phone number on record"
        out.print(f"  customer {escape(view.customer.name)}: {phone}")
    for booking in done.called_off:
        who = workers[booking.worker].name if booking.worker in workers else booking.worker
        out.print(show.indented(f"[yellow]called off[/]: {escape(who)}, who was promised before", 2))
    for warning in done.warnings:
        out.print(show.indented(f"[yellow]warning[/]: {escape(warning)}", 2))
    out.print(f"[dim]decision {done.decision.number} {reason_text(done.decision)}[/]")


def reason_text(decision: Decision) -> str:
    """Return by whom and why a decision was made, as far as it is known."""
    by = f"by {decision.by}" if decision.by else ""
    return escape(": ".join(part for part in (by, decision.reason) if part))


def show_decisions(found: Sequence[Decision], names: Mapping[str, str], zone: tzinfo) -> None:
    """Print a row for each decision."""
    out = show.console()
    if not found:
        out.print("no decision was kept yet: `skillmatch rank JOB` keeps what it shows")
        return
    rows = show.table("number", "asked", "job", "ranked first", "chosen", right=("number",))
    for one in found:
        chosen = ", ".join(person(id, names) for id in one.chosen) or NOBODY
        if one.overridden:
            chosen += f" [yellow]instead[/]{f': {escape(one.reason)}' if one.reason else ''}"
        first = person(one.first, names) if one.first else "nobody"
        rows.add_row(str(one.number), clock(one.moment, zone), escape(one.job), first, chosen)
    out.print(rows)


def show_decision(found: Decision, job: Job, names: Mapping[str, str], zone: tzinfo) -> None:
    """Print what was shown, who was chosen and why."""
    out = show.console()
    out.print(f"decision {found.number}: [bold]{escape(job.id)}[/] {escape(job.title)}")
    out.print(f"asked {clock(found.moment, zone)} for {found.day}")
    rows = show.table("", "worker", "chance of success", "points", "", right=("points",))
    for one in found.shown:
        interval = f"{show.percent(one.chance)} ({one.low * 100:.0f}–{one.high * 100:.0f})"
        rank = "near" if one.rank is None else str(one.rank)
        rows.add_row(
            rank,
            person(one.worker, names),
            interval,
            f"{one.score:.1f}",
            "chosen" if one.worker in found.chosen else "",
        )
    out.print(rows)
    if found.chosen and found.decided:
        chosen = ", ".join(person(id, names) for id in found.chosen)
        out.print(f"chosen {clock(found.decided, zone)}: {chosen}")
        if found.by or found.reason:
            out.print(show.indented(reason_text(found), 2))
    else:
        out.print("nobody was chosen yet")
    out.print(
        f"[dim]policy {escape(found.policy)} version {found.policy_version}, parameters version "
        f"{found.params_version}, revision {found.revision}[/]"
    )


def share_text(share: Share) -> str:
    """Return so many of so many, with the share in percent and its interval."""
    if share.value is None or share.interval is None:
        return f"none of {share.total}" if share.total else "none yet"
    low, high = share.interval
    return f"{share.count:,} of {share.total:,} ({share.value * 100:.0f} %, {low * 100:.0f}–{high * 100:.0f})"


def show_decisions_report(found: DecisionReport, since: date | None) -> None:
    """Print how often the first was taken, and how both groups turned out beside what was expected of them."""
    out = show.console()
    out.print(
        f"{show.many(found.shown, 'ranking')} shown{f' since {since}' if since else ''}, {found.decided:,} decided"
    )
    if not found.decided:
        return
    out.print(f"the first was taken in {share_text(found.taken)}\n")
    rows = show.table("", "decisions", "done well", "expected", "difference", right=("decisions", "expected"))
    for name, turnout in (("first taken", found.first), ("overridden", found.overridden)):
        rows.add_row(name, f"{turnout.decisions:,}", share_text(turnout.done_well), *expected_text(turnout))
    out.print(rows)
    if found.forgone is not None:
        out.print(f"where it was overridden, the first had a chance of {show.percent(found.forgone)} on average")
    if found.reasons:
        out.print("\nreasons for an override:")
        for reason, count in found.reasons:
            out.print(show.indented(f"{count:,} {escape(reason)}", 2))
    out.print("\n[dim]intervals hold in 95 % of cases[/]")
    out.print(f"[dim]{escape(found.caveat)}[/]")


def expected_text(turnout: Turnout) -> tuple[str, str]:
    """Return the share that was expected, and by how much it was exceeded, with its interval."""
    if turnout.expected is None or turnout.surplus is None:
        return NOBODY, NOBODY
    more, low, high = (100 * part for part in turnout.surplus)
    return show.percent(turnout.expected), f"{more:+.0f} points ({low:+.0f} to {high:+.0f})"


def report_record(found: DecisionReport) -> dict[str, Any]:
    """Return a report as plain values, with each share and its interval."""
    record: dict[str, Any] = plain(found)
    record["taken"] = _share_record(found.taken)
    record["first"]["done_well"] = _share_record(found.first.done_well)
    record["overridden"]["done_well"] = _share_record(found.overridden.done_well)
    return record


def _share_record(share: Share) -> dict[str, Any]:
    return {"count": share.count, "total": share.total, "share": share.value, "interval": plain(share.interval)}


def show_replay(found: Replay, names: Mapping[str, str]) -> None:
    """Print whether a decision comes out again to the bit, and each number that does not."""
    out, number = show.console(), found.decision.number
    shown = found.decision.shown
    if found.same:
        out.print(f"decision {number} comes out again, to the bit: {show.many(len(shown), 'row')}")
        return
    out.print(f"[red]decision {number} comes out otherwise[/] now, from the state it was made in:")
    after = {one.worker.id: one for one in (*found.ranking.candidates, *found.ranking.near)}
    before = {one.worker: one for one in shown}
    rows = show.table("worker", "", "then", "now", right=("then", "now"))
    for id in dict.fromkeys((*before, *after)):
        for name in ("rank", "score", "chance", "low", "high"):
            then, now = (_figure(side.get(id), name) for side in (before, after))
            if then != now:
                rows.add_row(person(id, names), name, then, now)
    out.print(rows)


def _figure(row: object, name: str) -> str:
    """Return a number to the last bit; "not shown" for a row that is not there, "near" for one without a rank."""
    if row is None:
        return "not shown"
    value = getattr(row, name)
    return "near" if value is None else repr(value)
