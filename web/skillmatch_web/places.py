"""What happened at a site or customer and what was left there, as far as whoever asks may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from skillmatch.model import Job, SiteNote, Worker
from skillmatch.workspace import JobOutcome, JobView, Past, Result, wrote
from skillmatch_web.addresses import workspace
from skillmatch_web.languages import N_
from skillmatch_web.sight import sight

KINDS = {"note": N_("Note for whoever comes next"), "suggestion": N_("Suggestion to the customer")}
NOTE_STATUSES = {"open": N_("open"), "done": N_("done"), "declined": N_("declined")}
SHORT_RESULTS = {
    Result.FIRST_TIME_FIX: N_("done at the first visit"),
    Result.WITH_HELP: N_("done with help"),
    Result.REWORK: N_("had to be done again"),
    Result.HANDED_ON: N_("handed on"),
    Result.FAILED: N_("not solved"),
}
"""Each result in so few words that several fit on a line."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody was there. `tells`: how it ended may be shown; `full`: all that is on record of it."""

    job: Job
    outcome: JobOutcome
    who: str
    asset: str
    tells: bool
    full: bool
    linked: bool


@dataclass(frozen=True, slots=True)
class Left:
    """A note with what its writer may be called; `own` when the reader wrote it and may still change it."""

    note: SiteNote
    by: str
    own: bool
    asset: str


def everybody() -> Mapping[str, Worker]:
    """Return all workers, by id."""
    return workspace().people()


def visits(rows: Iterable[Past], people: Mapping[str, Worker]) -> list[Visit]:
    """Return what may be shown of jobs that ended: to a worker, of her colleagues name and day alone."""
    jobs = sight().jobs()
    found = []
    for row in rows:
        worker = people.get(row.outcome.worker) or Worker(row.outcome.worker, row.outcome.worker)
        full = sight().sees(worker)
        asset = f"{row.asset.type} {row.asset.model}".strip() if row.asset else ""
        linked = jobs is None or row.job.id in jobs
        tells = full or sight().dispatches
        found.append(Visit(row.job, row.outcome, sight().called(worker), asset, tells, full, linked))
    return found


def notes(left: Iterable[SiteNote], people: Mapping[str, Worker], assets: Mapping[str, str]) -> list[Left]:
    """Return the notes that may be shown; `assets` says what equipment is called, by id."""
    found = []
    for note in left:
        worker = people.get(note.worker or "")
        if not sight().sees_note(note, worker):
            continue
        by = note.by if worker is None else sight().called(worker)
        own = note.status == "open" and wrote(sight().account, note)
        found.append(Left(note, by, own, assets.get(note.asset or "", note.asset or "")))
    return found


def around(view: JobView) -> tuple[list[Left], list[Visit]]:
    """Return what was left open at a job's site, and who was there last: what a job's page shows of it."""
    left, before = workspace().places.around(view)
    people = everybody()
    assets = {view.asset.id: called(view)} if view.asset else {}
    return notes((note for note in left if note.status == "open"), people, assets), visits(before, people)


def called(view: JobView) -> str:
    """Return what a job's equipment is called, "" where there is none."""
    return f"{view.asset.type} {view.asset.model}".strip() if view.asset else ""
