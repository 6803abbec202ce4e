"""How skills that may be one, or are, look in a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import tzinfo

from rich.markup import escape

from skillmatch.cli import show
from skillmatch.cli.show import many
from skillmatch.model import Merge, Skill
from skillmatch.workspace import Duplicate, MergeEffect, Told


def _called(skill: Skill) -> str:
    return f"[bold]{escape(skill.name)}[/] ({escape(skill.id)})"


def show_duplicates(found: Sequence[Duplicate]) -> None:
    """Print each pair with its reasons, and the commands that settle the first."""
    out = show.console()
    if not found:
        out.print("no two skills look like one")
        return
    for number, one in enumerate(found, start=1):
        out.print(f"{number:3}. {_called(one.skill)} may be {_called(one.into)}   [dim]{one.score:.2f}[/]")
        for reason in one.reasons:
            out.print(f"     {escape(reason)}")
        for reason in one.against:
            out.print(f"     [yellow]but[/] {escape(reason)}")
    pair = shlex.join((found[0].skill.id, found[0].into.id))
    out.print("\nThey are one:  " + escape(f"skillmatch skill merge {pair} --by YOU"), soft_wrap=True)
    out.print("They are two:  " + escape(f"skillmatch skill distinct {pair} --by YOU"), soft_wrap=True)


def show_effect(effect: MergeEffect, *, dry_run: bool) -> None:
    """Print what a merge or its undoing moved, or would move."""
    out, merge = show.console(), effect.merge
    skill, into = _called(effect.skill), _called(effect.into)
    if merge.undone:
        told = f"{skill} would be a skill of its own again, apart from {into}"
        done = f"{skill} is a skill of its own again, apart from {into}"
    else:
        told, done = f"{skill} would become {into}", f"{skill} is {into} now"
    out.print(told if dry_run else done)
    out.print(f"  {_counts(effect)} name{'s' if _total(effect) <= 1 else ''} {escape(effect.skill.name)}")
    if effect.dropped:
        was = "are back" if merge.undone else "say nothing new, or join the two, and do not count meanwhile"
        out.print(f"  {effect.dropped:,} of its links {was}")
    whom = "everybody, since families of skills change" if effect.everybody else many(effect.workers, "worker")
    if not effect.everybody and not effect.workers:
        whom = "nobody"
    out.print(f"  what is believed {'would be' if dry_run else 'was'} worked out anew for {whom}")
    if dry_run:
        out.print("dry run: nothing was changed")
    elif not merge.undone:
        out.print(f"take it back with: {escape(shlex.join(('skillmatch', 'skill', 'unmerge', merge.skill)))}")


def _total(effect: MergeEffect) -> int:
    return effect.facts + effect.jobs + effect.job_types + effect.causes + effect.links + effect.corrections


def _counts(effect: MergeEffect) -> str:
    facts = f"{many(effect.facts, 'fact')} of {many(effect.workers, 'worker')}" if effect.facts else ""
    rest = (
        many(count, what)
        for count, what in (
            (effect.jobs, "job"),
            (effect.job_types, "job type"),
            (effect.causes, "cause"),
            (effect.links, "link"),
            (effect.corrections, "correction"),
        )
        if count
    )
    return ", ".join(filter(None, (facts, *rest))) or "nothing"


def show_distinct(merge: Merge) -> None:
    """Print that two skills are two."""
    show.console().print(f"{escape(merge.skill)} and {escape(merge.into)} are two: they are not proposed any more")


def show_merges(found: Sequence[Told], zone: tzinfo) -> None:
    """Print a row for each merge on record."""
    out = show.console()
    if not found:
        out.print("no skills were merged; `skillmatch skill duplicates` lists pairs that may be one")
        return
    rows = show.table("skill", "", "into", "when", "by", "reason")
    for told in found:
        merge = told.merge
        state = "is not" if merge.undone else "is"
        when = f"{merge.time.astimezone(zone):%Y-%m-%d %H:%M}"
        rows.add_row(
            f"{escape(told.name)} ({escape(merge.skill)})",
            f"[yellow]{state}[/]" if merge.undone else f"[green]{state}[/]",
            f"{escape(told.into_name)} ({escape(merge.into)})",
            when,
            escape(merge.by),
            escape(merge.reason),
        )
    out.print(rows)
