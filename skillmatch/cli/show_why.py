"""How the answers to "why not her?" look in a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape

from skillmatch.cli import show
from skillmatch.cli.common import plain
from skillmatch.explanation import Explanation
from skillmatch.matching.whynot import Advice, WhyNot

SMALL = 0.05
"""Points below which a difference is not told."""


def show_why_not(found: WhyNot) -> None:
    """Print what stops a worker or where she stands behind, then the smallest change, then the others."""
    out, own = show.console(), found.candidate
    standing = f"rank {own.rank}" if own.rank else "cannot be sent"
    out.print(f"{show.who(own.worker)}: {standing}, chance of success {show.chance_text(own)}, {own.score:.1f} points")
    if own.rank == 1:
        out.print("nobody is ahead: this is the first choice")
        return
    for reason in own.blocked:
        out.print(f"  [red]blocked[/]: {escape(reason)}")
    if not own.blocks and found.first is not None and found.difference is not None:
        ahead = found.difference.total
        out.print(f"behind {show.who(found.first.worker)} by {ahead:.1f} points\n")
        show_difference(out, found.first.explanation, own.explanation, heads=(found.first.worker.name, own.worker.name))
    show_advice(out, found)


def show_difference(out: Console, one: Explanation, other: Explanation, *, heads: tuple[str, str]) -> None:
    """Print two sums side by side, the terms in which they differ most first."""
    mine = {term.key: term.points for term in one.terms}
    theirs = {term.key: term.points for term in other.terms}
    terms = [term for term in (one - other).terms if abs(term.points) >= SMALL]
    names = [escape(head) for head in heads]
    rows = show.table("", *names, "ahead by", right=(*names, "ahead by"))
    for term in sorted(terms, key=lambda term: -term.points):
        points = (f"{side.get(term.key, 0.0):.1f}" for side in (mine, theirs))
        rows.add_row(escape(term.label), *points, f"{term.points:+.1f}")
    rows.add_row("[bold]in all[/]", f"{one.total:.1f}", f"{other.total:.1f}", f"{one.total - other.total:+.1f}")
    out.print(rows)


def show_advice(out: Console, found: WhyNot) -> None:
    """Print what would bring a worker in or up, the least effort first, and where she would stand."""
    way = "in" if found.candidate.blocks else "up"
    if not found.advice:
        out.print(f"\nno small change would bring {escape(found.candidate.worker.name)} {way}")
        return
    first, *others = found.advice
    out.print(f"\n[bold]smallest change[/]: {escape(str(first))} -> rank {first.rank}")
    for one in others:
        out.print(f"  or: {escape(str(one))} -> rank {one.rank}")


def advice_record(advice: Advice) -> dict[str, Any]:
    """Return advice as plain values, with its words."""
    changes = [{"kind": type(one).__name__.lower(), **plain(one), "text": one.describe()} for one in advice.changes]
    return {"text": str(advice), "rank": advice.rank, "score": advice.score, "changes": changes}
