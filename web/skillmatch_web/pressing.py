"""What presses, for the overview: each part is a block with how many there are and the first three of them.

A part is a function in `BLOCKS` that looks for itself and leads on; whoever adds a page with a queue adds one here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import url_for

from skillmatch.claims import ClaimStatus
from skillmatch.workspace import DisputeState, WorkerLoad
from skillmatch_web import evidence_words
from skillmatch_web.addresses import today, workspace
from skillmatch_web.claim_words import claimed
from skillmatch_web.languages import _, ngettext
from skillmatch_web.reading import zone
from skillmatch_web.sight import sight
from skillmatch_web.words import day, days_from, share

MOST_ROWS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that presses: what it is, a line about it, and the address that it leads to."""

    text: str
    detail: str
    address: str


@dataclass(frozen=True, slots=True)
class Pressing:
    """A block of the overview. `name` is part of no text; `all_clear` is said when there is nothing."""

    name: str
    title: str
    count: int
    rows: tuple[Row, ...]
    all_clear: str
    more: str = ""
    more_text: str = ""

    def cut(self) -> Pressing:
        """Return the block with as many rows as an overview has room for."""
        return replace(self, rows=self.rows[:MOST_ROWS])


def late() -> Pressing:
    """Return the open jobs whose promise is broken."""
    found = workspace().late_jobs(among=sight().jobs())
    rows = tuple(
        Row(
            job.title,
            days_from(job.due, today()) if job.due and job.due < today() else _("was to have begun by now"),
            url_for("job.show", job=job.id),
        )
        for job in found[:MOST_ROWS]
    )
    more = url_for("jobs.show", status="open")
    return Pressing("late", _("Late jobs"), len(found), rows, _("No open job is late."), more, _("All open jobs"))


def thin() -> Pressing:
    """Return what open jobs ask for that one or nobody can do."""
    found = [one for one in workspace().thin(teams=sight().teams) if one.count <= 1 and one.jobs]
    rows = tuple(
        Row(
            one.name,
            "; ".join(
                (
                    _("only %(name)s", name=one.able[0].worker.name) if one.able else _("nobody is sure enough"),
                    ngettext("%(num)s open job depends on it", "%(num)s open jobs depend on it", len(one.jobs)),
                )
            ),
            url_for("thin.show", search=one.name, which="all"),
        )
        for one in found[:MOST_ROWS]
    )
    clear = _("Whatever open jobs ask for, two or more can do.")
    return Pressing("thin", _("Thin skills"), len(found), rows, clear, url_for("thin.show"), _("Where we are thin"))


def overload() -> Pressing:
    """Return who has too much to do."""
    found = workspace().loads(teams=sight().teams, only_overloaded=True, limit=MOST_ROWS)
    rows = tuple(
        Row(
            row.worker.name,
            _how_much(row),
            url_for("worker.show", worker=row.worker.id),
        )
        for row in found.rows
    )
    more = url_for("load.show")
    return Pressing("load", _("Overload"), found.total, rows, _("Nobody has too much to do."), more, _("Load"))


def _how_much(row: WorkerLoad) -> str:
    """Return in words what is too much, the worst of it."""
    if row.too_long:
        return _("%(days)s days without a free one", days=row.run)
    if any(booked and not there for booked, there in zip(row.booked, row.there, strict=True)):
        return _("booked in a week in which she is not there")
    return _("%(share)s of a full load", share=share(max(row.filled, *map(row.week, range(len(row.booked))))))


def expiring() -> Pressing:
    """Return which certifications run out soon, or did so lately without being renewed."""
    found = workspace().running_out(teams=sight().teams)
    rows = []
    for one in found[:MOST_ROWS]:
        ends = one.certification.expires
        assert ends is not None
        when = _("ended on %(day)s", day=day(ends)) if ends < today() else _("ends on %(day)s", day=day(ends))
        rows.append(
            Row(f"{one.certification.type} – {one.worker.name}", when, url_for("worker.show", worker=one.worker.id))
        )
    clear = _("No certification ends within 60 days.")
    more = url_for("expiring.show")
    title = _("Expiring certifications")
    return Pressing("expiring", title, len(found), tuple(rows), clear, more, _("Certificates that run out"))


def approvals() -> Pressing:
    """Return what workers have handed in that waits for a decision, the oldest first."""
    people = workspace().people()
    waiting = [one for one in workspace().claims.all(ClaimStatus.OPEN) if sight().sees(people.get(one.worker))]
    waiting.sort(key=lambda one: one.time)
    rows = tuple(
        Row(
            f"{people[one.worker].name} – {claimed(one)}",
            _("since %(day)s", day=day(one.time.astimezone(zone()).date())),
            url_for("approvals.show", team=people[one.worker].team or None),
        )
        for one in waiting[:MOST_ROWS]
    )
    clear = _("Nothing waits to be approved.")
    more = url_for("approvals.show")
    return Pressing("approvals", _("To be approved"), len(waiting), rows, clear, more, _("Approvals"))


def disputes() -> Pressing:
    """Return what workers say is wrong and nobody has decided yet, the longest waiting first."""
    seen = None if sight().everybody else [worker.id for worker in sight().workers()[0]]
    found = workspace().disputes.page(states=(DisputeState.OPEN,), among=seen, limit=MOST_ROWS)
    rows = tuple(
        Row(f"{one.worker.name} – {evidence_words.said(one.fact)}", one.case.dispute.reason, url_for("disputes.show"))
        for one in found.rows
    )
    clear = _("Nobody says that something on record is wrong.")
    more = url_for("disputes.show")
    return Pressing("disputes", _("Disputes"), found.total, rows, clear, more, _("Disputes"))


BLOCKS: tuple[Callable[[], Pressing], ...] = (late, thin, overload, approvals, disputes, expiring)
"""The blocks of the overview, in the order in which they stand there."""
