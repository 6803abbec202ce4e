"""How a diagnosis looks in a terminal: causes as bars, the question worth asking, whom to send and why."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from rich.console import Console
from rich.markup import escape

from skillmatch.cli import show
from skillmatch.explanation import Explanation
from skillmatch.workspace import (
    OTHER,
    Diagnosis,
    DiagnosisAnswer,
    Likely,
    Prices,
    Prospect,
    Worth,
    beside_the_usual,
    how_often,
    in_parts,
    need_text,
    speaks_against,
    speaks_for,
)

LEAST_SHOWN = 0.005
"""Causes less likely than that are only counted."""
BAR = 24


def show_diagnosis(found: DiagnosisAnswer, names: Mapping[str, str]) -> None:
    """Print what may be behind a call and what follows from it."""
    out = show.console()
    for question, yes in found.answered:
        out.print(f"  asked: {escape(question.text)} [bold]{'yes' if yes else 'no'}[/] [dim]{escape(question.id)}[/]")
    if found.went_with is not None:
        out.print(f"  somebody went with [bold]{escape(found.went_with)}[/]: the needs above are those of this cause")
        out.print(f"  back to those of the job type with `skillmatch diagnose {shlex.quote(found.job.id)} --undo`")
    show_causes(out, found, names)
    for worth in found.questions[:1]:
        show_worth(out, worth, found)
    show_prospects(out, found)
    for note in found.notes:
        out.print(f"[yellow]note[/]: {escape(note)}")


def show_causes(out: Console, found: DiagnosisAnswer, names: Mapping[str, str]) -> None:
    """Print each cause with its probability, what speaks for and against it, and what it takes."""
    out.print("\nwhat may be behind it")
    shown = [one for one in found.diagnosis.likely if one.probability >= LEAST_SHOWN]
    for one in shown:
        bar = "█" * round(BAR * one.probability)
        out.print(f"{show.percent(one.probability):>6} [cyan]{bar}[/]{' ' if bar else ''}[bold]{escape(one.name)}[/]")
        for line in _about(one, found.diagnosis, names):
            out.print(show.indented(escape(line), 7))
    rest = len(found.diagnosis.likely) - len(shown)
    if rest:
        out.print(f"       and {show.many(rest, 'cause')} of less than 1 %")


def _about(one: Likely, diagnosis: Diagnosis, names: Mapping[str, str]) -> list[str]:
    """Return what speaks for a cause and what it takes, a line for each; nothing for the unknown one."""
    if one.cause == OTHER:
        return []
    reasons = [how_often(one, diagnosis.findings)]
    reasons += [f"for it: {', '.join(signs)}" for signs in [speaks_for(one)] if signs]
    reasons += [f"against it: {', '.join(signs)}" for signs in [speaks_against(one)] if signs]
    needs = "; ".join(need_text(need, names) for need in beside_the_usual(one, diagnosis))
    minutes = f"{one.minutes:.0f} minutes" if one.minutes is not None else ""
    takes = ", ".join(filter(None, (minutes, f"and beside the usual {needs}" if needs else "nothing beside the usual")))
    return ["; ".join(reasons), f"takes {takes}"]


def show_worth(out: Console, worth: Worth, found: DiagnosisAnswer) -> None:
    """Print a question with what its answers would change and save."""
    question, job = worth.question, shlex.quote(found.job.id)

    def name(worker: str) -> str:
        return escape(found.workers[worker].name if worker in found.workers else worker)

    out.print(f"\nask: [bold]{escape(question.text)}[/]")
    out.print(f"  if yes ({show.percent(worth.yes)}), send {name(worth.if_yes)}; if no, send {name(worth.if_no)}")
    separates = next((one.name for one in found.diagnosis.likely if one.cause == worth.separates), worth.separates)
    out.print(f"  it tells most about {escape(separates)} and saves {worth.saved:.1f} on average")
    out.print(f"  keep it with `skillmatch diagnose {job} --answer {escape(shlex.quote(question.id + '=yes'))}`")


def show_prospects(out: Console, found: DiagnosisAnswer) -> None:
    """Print whom to send, what that costs, and what others would have cost."""
    if not found.prospects:
        out.print(f"\n[bold]Nobody can be sent[/]: hard rules stop all {show.many(found.total_workers, 'worker')}.")
        return
    out.print("\nwhom to send, by what it costs on average")
    for rank, one in enumerate(found.prospects, start=1):
        out.print(
            f"{rank:>3} {show.who(one.worker)}  success {show.percent(one.success)}, "
            f"levels for {show.percent(one.coverage)} of what it may be, cost {one.cost:.1f}"
        )
        out.print(show.indented(escape(cost_text(one.explain_cost)), 4))
        for line in lacks_text(one, found):
            out.print(show.indented(f"[yellow]{escape(line)}[/]", 4))
    _compare(out, found, found.by_type, "by the fixed needs of the job type it would be")
    if found.by_ranking is not None and (not found.by_type or found.by_ranking.worker != found.by_type.worker):
        _compare(out, found, found.by_ranking, "first in the ranking is")
    out.print(
        f"\n[dim]{escape(prices_text(found.prices))}; policy {escape(found.policy)}, revision {found.revision}[/]"
    )


def _compare(out: Console, found: DiagnosisAnswer, other: Prospect | None, what: str) -> None:
    if other is None:
        return
    if other.worker == found.prospects[0].worker:
        out.print(f"{what} {show.who(other.worker)} too")
        return
    dearer = found.dearer(other)
    out.print(f"{what} {show.who(other.worker)}: {dearer.total:+.1f}, {escape(show.terms_text(in_parts(dearer)))}")


def cost_text(explanation: Explanation) -> str:
    """Return an expected cost in its three parts, and for which causes somebody would have to come again."""
    parts = ", ".join(f"{term.points:.1f} {term.label}" for term in in_parts(explanation).terms)
    again = sorted((term for term in explanation.terms if term.key.startswith("second:")), key=lambda t: -t.points)
    most = [f"{term.points:.1f} if {term.label.removeprefix('a second visit, ')}" for term in again[:2]]
    return f"{parts} ({', '.join(most)})" if most else parts


def lacks_text(one: Prospect, found: DiagnosisAnswer) -> list[str]:
    """Return under which of the shown causes she may not do what is needed, and why."""
    return [
        f"may not do it if it is {likely.name}: {'; '.join(one.lacks[likely.cause])}"
        for likely in found.diagnosis.likely
        if likely.cause in one.lacks and likely.probability >= LEAST_SHOWN
    ]


def prices_text(prices: Prices) -> str:
    """Return the prices that costs are reckoned with."""
    return (
        f"prices: {prices.visit:g} a visit, {prices.again:g} more for a second one, {prices.rate:g} an hour and "
        f"{prices.way:g} minutes of way where these are not known"
    )
