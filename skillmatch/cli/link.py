"""`skillmatch link`: which skills a text may mean, and what people say of that."""

from __future__ import annotations

import sys
from typing import Any

import click
from rich.markup import escape

from skillmatch.cli import show
from skillmatch.cli.common import as_json, harmless, opened, plain, print_json, progress_bar
from skillmatch.errors import Invalid
from skillmatch.workspace import Linked, LinkedSkill, Workspace

MOST_BYTES = 16 * 1024 * 1024
"""So much of the standard input is taken in; of that the linker reads what it can and says how much."""
SHOWN = 120


@click.command()
@click.argument("text")
@click.option("--limit", type=click.IntRange(1, 1000), default=5, show_default=True, help="How many skills.")
@click.option("--accept", metavar="SKILL", help="Keep that these words mean SKILL (its id or name).")
@click.option("--reject", metavar="SKILL", help="Keep that these words do not mean SKILL (its id or name).")
@click.option("--by", default="", help="Who accepts or rejects.")
@click.option("--model", is_flag=True, help="Use the local model of language too. Default: $SKILLMATCH_MODEL.")
@as_json
@click.pass_obj
def link(
    database: str, text: str, limit: int, accept: str | None, reject: str | None, by: str, model: bool, json_: bool
) -> None:
    """Say which skills TEXT may mean and how sure that is; "-" reads it from the standard input."""
    if accept is not None and reject is not None:
        raise Invalid("both --accept and --reject were given: expected one of them, so say one after the other")
    said = _read() if text == "-" else text
    skill = accept if accept is not None else reject
    with opened(database, model=model) as workspace, progress_bar(quiet=json_) as progress:
        # First, so that names are embedded with a bar; what is asked of later is there then.
        before = workspace.link(said, limit=limit if skill is None else 1000, progress=progress)
        if skill is None:
            _show(said, before, json_=json_)
        else:
            _correct(workspace, said, skill, accepted=accept is not None, by=by, before=before, json_=json_)


def _read() -> str:
    return sys.stdin.buffer.read(MOST_BYTES).decode("utf-8", "replace")


def _show(text: str, found: Linked, *, json_: bool) -> None:
    if json_:
        print_json(found)
        return
    out = show.console()
    out.print(f"“{escape(_cut(text))}”")
    for link in found.links:
        name = f"[bold]{escape(harmless(link.name))}[/] [dim]{escape(harmless(link.skill))}[/]"
        out.print(f"{show.percent(link.confidence):>6}  {name}")
        out.print(show.indented(escape(_because(link)), 8))
    if found.links:
        out.print(f"{show.percent(found.none):>6}  no skill at all is meant")
    else:
        out.print("no skill is found in these words")
    if found.note:
        out.print(escape(harmless(found.note)))


def _because(link: LinkedSkill) -> str:
    """Return the words that led to a skill, and the name of it that they match."""
    words = ", ".join(f"“{harmless(word)}”" for word in link.words) or "near in meaning, without a word in common"
    via = "" if link.via == link.name else f", by its other name “{_cut(link.via)}”"
    return f"{words}{via}"


def _correct(
    workspace: Workspace, text: str, skill: str, *, accepted: bool, by: str, before: Linked, json_: bool
) -> None:
    kept = workspace.correct_link(text, skill, accepted=accepted, by=by)
    after = workspace.link(text, limit=1000)
    was, is_now = (_confidence(found, kept.skill) for found in (before, after))
    if json_:
        print_json({"correction": plain(kept), "before": was, "after": is_now})
        return
    name = harmless(workspace.names().get(kept.skill, kept.skill))
    out = show.console()
    verb = "mean" if accepted else "do not mean"
    out.print(
        f"kept: the words “{escape(_cut(kept.text))}” {verb} [bold]{escape(name)}[/] [dim]{escape(kept.skill)}[/]"
    )
    out.print(f"how sure the link is: {_sure(was)} before, {_sure(is_now)} now")


def _confidence(found: Linked, skill: str) -> float | None:
    return next((link.confidence for link in found.links if link.skill == skill), None)


def _sure(confidence: Any) -> str:
    return "not thought of" if confidence is None else show.percent(confidence)


def _cut(text: str) -> str:
    shown = harmless(text[: 2 * SHOWN])
    return shown if len(shown) <= SHOWN and len(text) <= 2 * SHOWN else shown[:SHOWN].rstrip() + "…"
