"""How answers look in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from skillmatch.beliefs.evidence import Override
from skillmatch.explanation import Explanation
from skillmatch.matching.chance import in_words
from skillmatch.matching.ranking import Candidate, Ranking
from skillmatch.model import Report, Worker, rung
from skillmatch.workspace import JobView, Price, Proficiency, Profile, Recorded, Why, need_text

MOST_PROBLEMS = 50
MOST_TERMS = 6
BAR = 20


def console() -> Console:
    """Return the console of this process; made anew so that redirection is seen."""
    return Console(highlight=False, soft_wrap=False)


def table(*headings: str, right: Iterable[str] = ()) -> Table:
    """Return an empty table without lines; `right` names the headings of columns with numbers."""
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    numbers = set(right)
    for heading in headings:
        made.add_column(heading, justify="right" if heading in numbers else "left")
    return made


def indented(text: str, by: int) -> Padding:
    """Return text that stays behind a margin also where it wraps."""
    return Padding(text, (0, 0, 0, by), expand=False)


def many(count: int, noun: str) -> str:
    """Return so many of something.

    >>> many(1, "job"), many(1200, "job")
    ('1 job', '1,200 jobs')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def percent(chance: float) -> str:
    """Return a chance in whole percents, never 0 % or 100 %: nothing is certain.

    >>> percent(0.834), percent(0.9999)
    ('83 %', '>99 %')
    """
    if chance < 0.01:
        return "<1 %"
    return ">99 %" if chance > 0.99 else f"{chance * 100:.0f} %"


def chance_text(candidate: Candidate) -> str:
    """Return a chance in words, in percent, and with its interval."""
    interval = f"({candidate.low * 100:.0f}–{candidate.high * 100:.0f})"
    return f"{in_words(candidate.chance)}, {percent(candidate.chance)} {interval}"


def who(worker: Worker) -> str:
    """Return a worker's name and id."""
    return f"{escape(worker.name)} [dim]{escape(worker.id)}[/]"


def level_text(proficiency: Proficiency) -> str:
    """Return a level with its rung and interval."""
    return f"{proficiency.level:.1f} {rung(proficiency.level)} ({proficiency.low:.1f}–{proficiency.high:.1f})"


def override_text(override: Override) -> str:
    """Return the level a manager has set, who set it, when and why."""
    reason = f": {override.note}" if override.note else ""
    return f"set to level {override.level:g} by {override.rater} on {override.time.date()}{reason}"


def show_job(view: JobView, names: dict[str, str]) -> None:
    """Print a job's head: what it is, for whom, what it needs."""
    out, job = console(), view.job
    out.print(f"[bold]{escape(job.id)}[/] {escape(job.title)}")
    if job.text:
        out.print(indented(f"“{escape(job.text)}”", 2))
    if view.customer:
        phone = f", {view.customer.phone}" if view.customer.phone else ""
        due = f", due {job.due}" if job.due else ""
        out.print(indented(f"for {escape(view.customer.name)}{escape(phone)}{due}", 2))
    source = f" (from its type {view.type.name})" if view.inherited and view.type else ""
    needs = "; ".join(need_text(need, names) for need in view.needs) or "nothing on record"
    out.print(indented(f"needs {escape(needs + source)}", 2))


def show_ranking(ranking: Ranking, *, prices: Mapping[str, Price] | None = None) -> None:
    """Print candidates, best first, each with the terms of the score; then near matches, then others who are blocked.

    `prices` says behind a candidate which other job would miss her.
    """
    out = console()
    show_rows(out, ranking.candidates, {one.worker.id: _because(one, ranking, prices) for one in ranking.candidates})
    if not ranking.candidates:
        out.print("[bold]Nobody passes every hard rule.[/]")
    if ranking.near:
        out.print("\nNear matches: who cannot be sent, but lacks little")
        show_rows(out, ranking.near, {one.worker.id: one.blocked for one in ranking.near})
    stopped = ranking.total_workers - ranking.eligible
    if ranking.blocked:
        others = "Others" if ranking.near else "Workers"
        out.print(f"\n{others} who cannot be sent ({stopped:,} in all), first those whom the fewest rules stop")
        for candidate in ranking.blocked:
            out.print(indented(f"{who(candidate.worker)}: {escape('; '.join(candidate.blocked))}", 4))
    out.print(
        f"\n[dim]{ranking.eligible:,} of {ranking.total_workers:,} workers can be sent on {ranking.day}; "
        f"policy {escape(ranking.policy)}{f' version {ranking.policy_version}' if ranking.policy_version else ''}, "
        f"revision {ranking.revision}[/]"
    )
    if ranking.number:
        out.print(f"decision {ranking.number}: choose with `skillmatch assign {ranking.number} WORKER`")


def _because(candidate: Candidate, ranking: Ranking, prices: Mapping[str, Price] | None) -> list[str]:
    """Return the lines behind a candidate."""
    lines = [terms_text(candidate.explanation, most=MOST_TERMS)]
    price = (prices or {}).get(candidate.worker.id)
    if price is not None and price.job not in (None, ranking.job.id) and price.points >= 1.0:
        missed = f"the only one for job {price.job}" if price.only else f"job {price.job} would miss this worker"
        lines.append(f"{missed}: {many(round(price.points), 'point')}")
    return lines


def show_rows(out: Console, rows: Sequence[Candidate], lines: Mapping[str, Iterable[str]]) -> None:
    """Print workers with chance and score, and below each the lines by her id; aligned, whatever the width."""
    texts = [
        (f"{one.rank or ''!s:>3}", f"{one.worker.name} {one.worker.id}", chance_text(one), f"{one.score:.1f}")
        for one in rows
    ]
    names = max((cell_len(text[1]) for text in texts), default=0)
    chances = max((len(text[2]) for text in texts), default=0)
    for one, (rank, name, chance, score) in zip(rows, texts, strict=True):
        space = " " * (names - cell_len(name))
        out.print(f"{rank} [bold]{escape(one.worker.name)}[/] [dim]{escape(one.worker.id)}[/]{space}", end="  ")
        out.print(f"{chance:{chances}}  {score:>5} points")
        for line in lines[one.worker.id]:
            out.print(indented(escape(line), 4))


def terms_text(explanation: Explanation, *, most: int | None = None) -> str:
    """Return a sum in one line, the largest terms first; those worth nothing left out, beyond `most` added up."""
    told = sorted((term for term in explanation.terms if abs(term.points) >= 0.05), key=lambda term: -abs(term.points))
    few = told[:most]
    rest = sum(term.points for term in told[len(few) :])
    more = [f"{rest:+.1f} in {len(told) - len(few)} smaller ones"] if len(told) > len(few) else []
    return ", ".join([f"{term.points:+.1f} {term.label}" for term in few] + more)


def show_explanation(title: str, explanation: Explanation) -> None:
    """Print every term with a bar, and the sum."""
    out = console()
    rows = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    largest = max((abs(term.points) for term in explanation.terms), default=0.0) or 1.0
    for term in explanation.terms:
        bar = "█" * round(BAR * abs(term.points) / largest)
        style = "green" if term.points >= 0 else "red"
        points = term.points if abs(term.points) >= 0.005 else 0.0
        rows.add_row(f"{points:+.2f}", f"[{style}]{bar}[/]", escape(term.label), f"[dim]{escape(term.detail)}[/]")
    rows.add_row(f"{explanation.total:.2f}", "", f"[bold]{escape(explanation.unit)}[/]", "")
    out.print(rows)


def show_candidate(candidate: Candidate, names: Mapping[str, str] | None = None) -> None:
    """Print one worker for one job with all reasons; `names` has what people call each skill, by id."""
    out = console()
    standing = f"rank {candidate.rank}" if candidate.rank else "cannot be sent"
    out.print(f"[bold]{escape(candidate.worker.name)}[/]: {standing}, chance of success {chance_text(candidate)}")
    for reason in candidate.blocked:
        out.print(f"  [red]blocked[/]: {escape(reason)}")
    if candidate.way:
        way = "; ".join(need_text(need, names or {}) for need in candidate.way)
        out.print(f"  of the ways to meet its needs this one suits best: {escape(way)}")
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
    overridden = any(row.override for row in profile.skills)
    rows = table("skill", "level (80 % interval)", "evidence", "last used", *(["override"] if overridden else []))
    names = [row.skill.name for row in profile.skills]
    for row in profile.skills:
        name = row.skill.name if names.count(row.skill.name) == 1 else row.skill.id
        used = str(row.last_used.date()) if row.uses else "never"
        override = [escape(override_text(row.override)) if row.override else ""] if overridden else []
        rows.add_row(escape(name), level_text(row.proficiency), str(row.uses), used, *override)
    out.print(rows)
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
    rows = table("", "added", "changed", "unchanged", right=("added", "changed", "unchanged"))
    for kind in sorted(report.added.keys() | report.changed.keys() | report.unchanged.keys()):
        counts = (report.added, report.changed, report.unchanged)
        rows.add_row(kind, *(f"{count.get(kind, 0):,}" for count in counts))
    out.print(rows)
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
