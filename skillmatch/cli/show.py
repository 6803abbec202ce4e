"""How answers look in a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from skillmatch.beliefs.evidence import Override
from skillmatch.explanation import Explanation
from skillmatch.matching.ranking import Candidate, Ranking
from skillmatch.model import CertificationRequirement, Need, Report, rung
from skillmatch.workspace import JobView, Proficiency, Profile, Recorded, Why

MOST_PROBLEMS = 50
BAR = 20


def console() -> Console:
    """Return the console of this process; made anew so that redirection is seen."""
    return Console(highlight=False, soft_wrap=False)


def percent(chance: float) -> str:
    """Return a chance in whole percents, never 0 % or 100 %: nothing is certain.

    >>> percent(0.834), percent(0.9999)
    ('83 %', '>99 %')
    """
    if chance < 0.01:
        return "<1 %"
    return ">99 %" if chance > 0.99 else f"{chance * 100:.0f} %"


def chance_text(candidate: Candidate) -> str:
    """Return a chance with its interval."""
    return f"{percent(candidate.chance)} ({candidate.low * 100:.0f}–{candidate.high * 100:.0f})"


def level_text(proficiency: Proficiency) -> str:
    """Return a level with its rung and interval."""
    return f"{proficiency.level:.1f} {rung(proficiency.level)} ({proficiency.low:.1f}–{proficiency.high:.1f})"


def override_text(override: Override) -> str:
    """Return the level a manager has set, who set it, when and why."""
    reason = f": {override.note}" if override.note else ""
    return f"set to level {override.level:g} by {override.rater} on {override.time.date()}{reason}"


def need_text(need: Need, names: dict[str, str]) -> str:
    """Return one requirement in words."""
    if isinstance(need, CertificationRequirement):
        return f"certification {need.type}"
    level = f" at level {need.level:g} ({rung(need.level)})" if need.level is not None else ""
    return names.get(need.skill, need.skill) + level + (", a must" if need.must else "")


def show_job(view: JobView, names: dict[str, str]) -> None:
    """Print a job's head: what it is, for whom, what it needs."""
    out, job = console(), view.job
    out.print(f"[bold]{escape(job.id)}[/] {escape(job.title)}")
    if job.text:
        out.print(f"  “{escape(job.text)}”")
    if view.customer:
        phone = f", {view.customer.phone}" if view.customer.phone else ""
        out.print(f"  for {escape(view.customer.name)}{escape(phone)}" + (f", due {job.due}" if job.due else ""))
    source = f" (from its type {view.type.name})" if view.inherited and view.type else ""
    needs = "; ".join(need_text(need, names) for need in view.needs) or "nothing on record"
    out.print(f"  needs {escape(needs + source)}")


def show_ranking(ranking: Ranking, *, reasons: bool = True) -> None:
    """Print candidates, best first, each with the terms of the score."""
    out = console()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name, justify in (("", "right"), ("worker", "left"), ("chance of success", "left"), ("score", "right")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    if reasons:
        table.add_column("because")
    for candidate in ranking.candidates:
        row = [
            str(candidate.rank),
            f"{escape(candidate.worker.name)} [dim]{escape(candidate.worker.id)}[/]",
            chance_text(candidate),
            f"{candidate.score:.1f}",
        ]
        table.add_row(*row, *([escape(terms_text(candidate.explanation))] if reasons else []))
    if ranking.candidates:
        out.print(table)
    else:
        out.print("[bold]Nobody passes every hard rule.[/]")
    if ranking.blocked:
        out.print(f"\nBlocked ({ranking.total_workers - ranking.eligible} in all), first those who lack least:")
        for candidate in ranking.blocked:
            out.print(f"  {escape(candidate.worker.name)}: {escape('; '.join(candidate.blocked))}")
    out.print(
        f"[dim]{ranking.eligible} of {ranking.total_workers} workers can be sent on {ranking.day}; "
        f"policy {ranking.policy}, revision {ranking.revision}[/]"
    )


def terms_text(explanation: Explanation) -> str:
    """Return a sum in one line, terms worth nothing left out."""
    return " ".join(f"{term.points:+.1f} {term.label}" for term in explanation.terms if abs(term.points) >= 0.05)


def show_explanation(title: str, explanation: Explanation) -> None:
    """Print every term with a bar, and the sum."""
    out = console()
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    largest = max((abs(term.points) for term in explanation.terms), default=0.0) or 1.0
    for term in explanation.terms:
        bar = "█" * round(BAR * abs(term.points) / largest)
        style = "green" if term.points >= 0 else "red"
        points = term.points if abs(term.points) >= 0.005 else 0.0
        table.add_row(f"{points:+.2f}", f"[{style}]{bar}[/]", escape(term.label), f"[dim]{escape(term.detail)}[/]")
    table.add_row(f"{explanation.total:.2f}", "", f"[bold]{escape(explanation.unit)}[/]", "")
    out.print(table)


def show_candidate(candidate: Candidate) -> None:
    """Print one worker for one job with all reasons."""
    out = console()
    standing = f"rank {candidate.rank}" if candidate.rank else "cannot be sent"
    out.print(f"[bold]{escape(candidate.worker.name)}[/]: {standing}, chance of success {chance_text(candidate)}")
    for reason in candidate.blocked:
        out.print(f"  [red]blocked[/]: {escape(reason)}")
    out.print()
    show_explanation("Score", candidate.explanation)
    out.print()
    show_explanation("Chance of success", candidate.chance_explanation)


def show_recorded(done: Recorded, names: dict[str, str]) -> None:
    """Print what a fact changed."""
    out = console()
    out.print(f"{done.status}: {escape(done.evidence.describe())} [dim]{escape(done.evidence.id)}[/]")
    if done.status == "unchanged":
        out.print("this fact was known already; nothing changed")
        return
    for change in done.changes:
        name = escape(names.get(change.skill, change.skill))
        out.print(f"  {name}: {level_text(change.before)} -> {level_text(change.after)}")


def show_profile(profile: Profile, *, last: int) -> None:
    """Print what is believed of a worker, and the newest facts with what each did."""
    out = console()
    person = profile.worker
    out.print(
        f"[bold]{escape(person.name)}[/] [dim]{escape(person.id)}[/] {escape(person.team)} {escape(person.phone)}"
    )
    out.print(f"in a skill without evidence: {level_text(profile.general)}, inferred from general ability\n")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("skill", "level (80 % interval)", "evidence", "last used"):
        table.add_column(name)
    overridden = any(row.override for row in profile.skills)
    if overridden:
        table.add_column("override")
    names = [row.skill.name for row in profile.skills]
    for row in profile.skills:
        name = row.skill.name if names.count(row.skill.name) == 1 else row.skill.id
        used = str(row.last_used.date()) if row.uses else "never"
        override = [escape(override_text(row.override)) if row.override else ""] if overridden else []
        table.add_row(escape(name), level_text(row.proficiency), str(row.uses), used, *override)
    out.print(table)
    for held in profile.certifications:
        out.print(f"certification {escape(held.type)} from {held.issued} until {held.expires or 'further notice'}")
    if profile.effects:
        out.print(f"\nwhy, the newest {min(last, len(profile.effects))} of {len(profile.effects)} effects:")
    for effect in profile.effects[-last:][::-1]:
        out.print(
            f"  {effect.evidence.time.date()} {escape(effect.skill)} "
            f"{effect.before.level:.2f} -> {effect.after.level:.2f}: "
            f"{escape(effect.evidence.describe())} [dim]({escape(effect.evidence.source)})[/]"
        )


def show_why(why: Why) -> None:
    """Print why a level in a skill is believed: what it rests on, and the sum."""
    out = console()
    out.print(
        f"[bold]{escape(why.worker.name)}[/] [dim]{escape(why.worker.id)}[/] in {escape(why.skill.name)}: "
        f"{level_text(why.proficiency)}"
    )
    out.print(escape(why.basis.describe()) + "\n")
    show_explanation("Where the level comes from", why.explanation)


def show_report(report: Report) -> None:
    """Print what an import did."""
    out = console()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("", "added", "changed", "unchanged"):
        table.add_column(name, justify="left" if not name else "right")
    for kind in sorted(report.added.keys() | report.changed.keys() | report.unchanged.keys()):
        counts = (report.added, report.changed, report.unchanged)
        table.add_row(kind, *(f"{count.get(kind, 0):,}" for count in counts))
    out.print(table)
    for note in report.notes:
        out.print(escape(note))
    show_problems(report)


def show_problems(report: object) -> None:
    """Print the first problems of a report on stderr, and how many more there are."""
    problems: Iterable[Any] = getattr(report, "problems", ())
    err = Console(stderr=True, highlight=False)
    kept = list(problems)
    for problem in kept[:MOST_PROBLEMS]:
        err.print(escape(str(problem)), soft_wrap=True)
    if len(kept) > MOST_PROBLEMS:
        err.print(f"... and {len(kept) - MOST_PROBLEMS} more")
