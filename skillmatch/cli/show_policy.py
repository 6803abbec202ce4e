"""How policies look in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from rich.markup import escape

from skillmatch.cli import show
from skillmatch.cli.show import BAR
from skillmatch.matching.policy import OPTIONAL_RULES, WEIGHTED
from skillmatch.workspace import Policy, PolicyComparison

NOTHING = "–"


def version_text(policy: Policy) -> str:
    """Return which version a policy is."""
    return f"version {policy.version}" if policy.version else "as shipped"


def show_policies(found: Sequence[Policy]) -> None:
    """Print a row for each policy, with what counts most."""
    rows = show.table("name", "", "full score", "counts most", right=("full score",))
    for one in found:
        most = sorted(one.weights.items(), key=lambda pair: -pair[1])[:4]
        weights = ", ".join(f"{key} {weight:g}" for key, weight in most if weight)
        rows.add_row(f"[bold]{escape(one.name)}[/]", version_text(one), f"{one.full_score:g}", weights)
    show.console().print(rows)


def show_policy(policy: Policy) -> None:
    """Print every setting under the name by which it is set."""
    out = show.console()
    out.print(f"[bold]{escape(policy.name)}[/] {escape(policy.label)}, {version_text(policy)}")
    out.print(f"\nweights, of {policy.full_score:g} points in all")
    weights = show.table("", "", "", right=())
    weights.show_header = False
    largest = max(policy.weights.values())
    for key in WEIGHTED:
        weight = policy.weight(key)
        weights.add_row(
            f"  {key}", f"{weight:g}" if weight else NOTHING, f"[green]{'█' * round(BAR * weight / largest)}[/]"
        )
    out.print(weights)
    out.print("\nlimits")
    limits = show.table("", "")
    limits.show_header = False
    for key, value in limit_values(policy).items():
        limits.add_row(f"  {key}", value)
    out.print(limits)
    out.print("\nrules that may be left out")
    for rule in OPTIONAL_RULES:
        out.print(f"  {rule}_rule {'off' if rule in policy.without else 'on'}")


def limit_values(policy: Policy) -> dict[str, str]:
    """Return the limits of a policy as people type them, by key."""
    values = {f.name: getattr(policy.limits, f.name) for f in fields(policy.limits)}
    return {key: "none" if value is None else f"{value:.10g}" for key, value in values.items()}


def settings_of(policy: Policy) -> dict[str, str]:
    """Return every setting of a policy as people type them, by key."""
    weights = {key: f"{policy.weight(key):.10g}" for key in WEIGHTED}
    rules = {f"{rule}_rule": "off" if rule in policy.without else "on" for rule in OPTIONAL_RULES}
    return {"label": policy.label, **weights, **limit_values(policy), **rules}


def show_changed(before: Policy, after: Policy) -> None:
    """Print which settings a change moved, and which version is in force."""
    out, old = show.console(), settings_of(before)
    moved = {key: (old[key], value) for key, value in settings_of(after).items() if old[key] != value}
    for key, (was, is_now) in moved.items():
        out.print(f"  {key}: {escape(was)} -> {escape(is_now)}")
    if not moved:
        out.print(f"{escape(after.name)} is so already: nothing was changed")
    else:
        out.print(f"{escape(after.name)} is in force as {version_text(after)}")


def show_versions(policy: Policy, versions: Sequence[tuple[Policy, str]]) -> None:
    """Print each version of a policy with its note and what it changed."""
    out = show.console()
    out.print(f"[bold]{escape(policy.name)}[/] {escape(policy.label)}, {version_text(policy)} in force")
    if not versions:
        out.print("no version was kept yet")
        return
    rows = show.table("version", "note", "changed against the one before", right=("version",))
    for number, (one, note) in enumerate(versions):
        old = settings_of(versions[number - 1][0]) if number else settings_of(one)
        moved = [f"{key} {old[key]} -> {value}" for key, value in settings_of(one).items() if old[key] != value]
        rows.add_row(str(one.version), escape(note), escape(", ".join(moved)) or NOTHING)
    out.print(rows)


def show_comparison(found: PolicyComparison, *, limit: int) -> None:
    """Print two policies side by side, and whose work would change most."""
    out = show.console()
    out.print(f"{show.many(found.jobs, 'job')} from {found.first} to {found.last}")
    out.print(f"in {found.different:,} of them these policies send different workers\n")
    if not found.jobs:
        out.print("nothing was done in these days: ask for more with --days")
        return
    names = [escape(side.policy) for side in found.sides]
    rows = show.table("", *names, right=names)
    ways = ("unknown" if side.travel is None else f"{side.travel:.0f} minutes" for side in found.sides)
    rows.add_row("chance of success, mean", *(f"{side.success * 100:.1f} %" for side in found.sides))
    rows.add_row("travel, mean", *ways)
    rows.add_row("spread of the load (Gini, 0 is even)", *(f"{side.load_spread:.2f}" for side in found.sides))
    rows.add_row("work on the busiest tenth", *(f"{side.top_share * 100:.0f} %" for side in found.sides))
    rows.add_row("jobs that nobody can do", *(f"{side.unfilled:,}" for side in found.sides))
    out.print(rows)
    if not found.moved[:limit]:
        return
    out.print("\nwhose work would change most, in jobs")
    people = show.table("worker", *names, "difference", right=(*names, "difference"))
    for id, name, under_one, under_other in found.moved[:limit]:
        people.add_row(
            f"{escape(name)} [dim]{escape(id)}[/]", str(under_one), str(under_other), f"{under_other - under_one:+d}"
        )
    out.print(people)
    if len(found.moved) > limit:
        out.print(f"[dim]and {len(found.moved) - limit:,} more; --limit shows them[/]")
